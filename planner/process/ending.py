"""How a run ends early, as the command line sees it: Ctrl-C, the last resort at the time limit, and leaving the program."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn, TypeVar

from models.errors import PlanError
from planner.language.message import Message
from planner.machine.stopping import CTRL_C, Stopped, Watch, watched
from planner.process.streams import close, last_word
from planner.process.terminal import asked_language

#: By how much a run may pass its time limit before it is ended whatever it does.
LATEST = 1.07
#: Seconds that the last word may take.
PATIENCE = 0.5

T = TypeVar("T")


class Interrupted(PlanError):
    """The user stopped the run before it had anything to give."""

    exit_code = 130

    def __init__(self) -> None:
        super().__init__(Message("stopped; nothing was written"))


@contextmanager
def ended_by_hand(watch: Watch) -> Iterator[None]:
    """Ctrl-C ends the work of a run, which goes on with the best plan so far; once more, it raises Interrupted."""
    pressed = False
    said = asked_language().tell(Message("stopping with the best plan so far; Ctrl-C once more stops at once"))

    def handle(*_: object) -> None:
        """Ctrl-C: end the work once, then the run. Raises KeyboardInterrupt at the second."""
        nonlocal pressed
        if pressed:
            raise KeyboardInterrupt
        pressed = True
        watch.end(CTRL_C)
        last_word(f"\n{said}\n")

    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears of signals
        return
    before = signal.signal(signal.SIGINT, handle)
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted from None
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def ended_at_last(watch: Watch, is_program: bool) -> Iterator[None]:
    """End the program soon after its time limit, if nothing else has: where a library does not return.

    Only where the process `is_program`, with no other work in it.
    """
    if watch.limit is None or not is_program:
        yield
        return
    done = threading.Event()
    threading.Thread(target=_end_at_last, args=(watch, watch.limit, done), daemon=True, name="last resort").start()
    try:
        yield
    finally:
        done.set()


def _end_at_last(watch: Watch, limit: float, done: threading.Event) -> None:
    if not done.wait(max(0.0, LATEST * limit - watch.elapsed())):
        words = Message("failed: the run did not end within {seconds} s; nothing was written", seconds=f"{limit:g}")
        said = f"{asked_language().tell(words)}\n"
        speaker = threading.Thread(target=last_word, args=(said,), daemon=True)  # a full pipe would keep it for ever
        speaker.start()
        speaker.join(PATIENCE)
        os._exit(PlanError.exit_code)


def within(watch: Watch, work: Callable[[], T], what: str) -> T:
    """Do work that gives nothing before it is done. Raises PlanError where the time is over before."""
    try:
        with watched(watch):
            return watch.guarded(work)
    except Stopped:
        if watch.reason == CTRL_C:
            raise Interrupted from None
        raise PlanError.because(
            "failed: no plan was found in {seconds} s, {what} took them; nothing was written", seconds=f"{watch.limit:g}", what=what
        ) from None


def leave(code: int) -> NoReturn:
    """End the program at once.

    HiGHS may still be at work in a thread, which the usual way would wait for or crash on; and freeing a large model takes
    seconds of a run that has none left.
    """
    try:
        with suppress(Exception):
            close()
    finally:  # Ctrl-C just here, too
        os._exit(code)
