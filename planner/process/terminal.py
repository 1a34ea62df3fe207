"""Where a command speaks: results to stdout, the rest to stderr."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import typer
from rich.console import Console

from models.errors import CaseError, PlanError
from planner.language.message import Message
from planner.language.words import COLUMNS, plain
from planner.machine.stopping import CTRL_C, Stopped, Watch, watched
from planner.process.streams import close, is_out_of_memory, last_word

if TYPE_CHECKING:
    from planner.language.language import Language


stderr = Console(stderr=True, highlight=False)
stdout = Console(highlight=False, soft_wrap=False)
if not stdout.is_terminal and "COLUMNS" not in os.environ:
    stdout.width = COLUMNS  # a file has no width of its own


def tell(text: str, console: Console = stderr) -> None:
    """Print a text as one line, a Message in the language of the command line."""
    console.print(plain(asked_language().tell(text)), soft_wrap=True)


def warn_of_changed(changed: Sequence[str]) -> None:
    """Warn of files of a run that are no longer what it wrote."""
    for line in changed:
        tell(Message("warning: {warning}", warning=line))


def asked_language() -> Language:
    """The language of the command line, or of the environment; English where that is none of ours."""
    from planner.language.language import ENGLISH, choose_language

    try:
        return choose_language(given_language(sys.argv[1:]))
    except CaseError:
        return ENGLISH


def given_language(words: Sequence[str]) -> str | None:
    """The language that the words of a command line ask for, whatever else is wrong with them; None where they ask for none."""
    found = None
    for word, after in zip(words, [*words[1:], ""], strict=True):
        name, sign, value = word.partition("=")
        if name == "--language":
            found = value if sign else after
    return found


# --- later -----------------------------------------------------------------------------------------------------------------
# Functions and classes whose modules are imported when they are first called.
#
# `plan --help` and `plan --version` work with nothing; Pyomo, pandas, pint and what else a run works with take a second and more.

# --- options ---------------------------------------------------------------------------------------------------------------
# Which options were given; and what is wrong with those that several commands have, the same words for the same fault.

#: Most processes that are asked for at once.
MOST_JOBS = 1024
#: Most points of a curve: each is a plan of its own.
MOST_POINTS = 1000


def given_options(context: typer.Context) -> dict[str, str]:
    """The options of a command that were given, after it or before it (`pass_on`): as they are written, and the name of their
    parameter."""
    written = {}
    for param in context.command.params:
        source = context.get_parameter_source(param.name or "")
        if getattr(source, "name", "") in ("COMMANDLINE", "DEFAULT_MAP") and param.param_type_name == "option":
            words: Collection[str] = param.secondary_opts if context.params[param.name] is False else param.opts
            written[next(iter(words or param.opts))] = param.name
    return written


def days_faults(days: int | None) -> list[str]:
    """`--days` of a plan: None as the park says."""
    if days is None or 0 <= days <= 366:
        return []
    return [Message("--days {days}: is not within 0 to 366 (0 = every hour)", days=days)]


def gap_faults(gap: float | None) -> list[str]:
    """`--gap`: None as the run has it."""
    if gap is None or 0 <= gap < 1:
        return []
    return [Message("--gap {gap}: is not within 0 to 1; write a share (0.001)", gap=f"{gap:g}")]


def jobs_faults(jobs: int) -> list[str]:
    """`--jobs`: 0 is as many as there are cores."""
    if 0 <= jobs <= MOST_JOBS:
        return []
    return [Message("--jobs {jobs}: is not within 0 to {most}", jobs=jobs, most=MOST_JOBS)]


def dearest_faults(count: int | None) -> list[str]:
    """`--dearest` of `plan explain --rules`."""
    if count is None or count >= 0:
        return []
    return [Message("--dearest {count}: is below 0; 0 tells prices alone", count=count)]


def points_faults(points: int) -> list[str]:
    """`--points` of a curve, both ends among them."""
    if 2 <= points <= MOST_POINTS:
        return []
    return [Message("--points {points}: is not within 2 to {most}; a curve has two ends", points=points, most=MOST_POINTS)]


# --- later -----------------------------------------------------------------------------------------------------------------

#: Modules that wait.
_waiting: set[str] = set()


class Missing(PlanError):
    """A package that is missing, or cannot be loaded on this machine."""

    def __init__(self, error: Exception) -> None:
        super().__init__(
            Message("parkzero cannot start ({kind}: {error}); is it installed whole?", kind=type(error).__name__, error=error)
        )


def later(module: str, name: str) -> Callable[..., Any]:
    """What calls a function or class of a module. Its call raises Missing where the module cannot be imported."""
    _waiting.add(module)

    def call(*arguments: Any, **named: Any) -> Any:
        return getattr(_imported(module), name)(*arguments, **named)

    return call


def now() -> None:
    """Import all that waits: for a process that is forked for each command. Raises Missing as a call does."""
    for module in sorted(_waiting):
        _imported(module)


def _imported(module: str) -> Any:
    try:
        found = import_module(module)
    except Exception as error:
        if is_out_of_memory(error):
            raise
        raise Missing(error) from error
    keep_words()
    return found


def keep_words() -> None:
    """Have pandas, once it is imported, keep words as Python's strings instead of Arrow's.

    The tables are read cell by cell, which takes Arrow's strings several times as long. Only a command does so: the pandas of a
    notebook is the notebook's.
    """
    if pandas := sys.modules.get("pandas"):
        pandas.options.mode.string_storage = "python"


# --- ending ----------------------------------------------------------------------------------------------------------------
# How a run ends early, as the command line sees it: Ctrl-C, the last resort at the time limit, and leaving the program.

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
