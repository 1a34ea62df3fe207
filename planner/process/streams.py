"""Standard streams that never end a run: what cannot be printed is replaced, what nobody reads any more is dropped.

A plan is worth more than the words about it. So a reader that goes away (`| head -1`), a full disk behind a stream, a
closed stream and a terminal of few characters change neither what is written nor the exit code.

What is raised where Python cannot pass it on: in a finalizer, or a callback of a weak reference.
"""

from __future__ import annotations

import _thread
import errno
import io
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TextIO

from models.errors import PlanError
from planner.language.message import Message
from planner.machine.stopping import Stopped

# --- exits -----------------------------------------------------------------------------------------------------------------
# Exit codes of the command line, which are a contract; 0 is a plan, or an answer.

#: What is given is wrong; the goal cannot be met; the solver, or the program, failed; stopped from outside.
WRONG, UNREACHABLE, FAILED, STOPPED = 2, 3, 4, 130


# --- streams ---------------------------------------------------------------------------------------------------------------


class Lenient(io.TextIOBase):
    """A text stream that gives up in silence.

    fault   why something was not written; None where everything was, or where the reader went away
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self.fault: OSError | None = None
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace" if stream is sys.stderr else "replace")

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """How characters are told."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    def write(self, text: str) -> int:
        """Write what can be written."""
        self._try(lambda stream: stream.write(text))
        return len(text)

    def flush(self) -> None:
        """Hand over what was kept."""
        self._try(lambda stream: stream.flush())

    def writable(self) -> bool:
        """True, whatever comes of it."""
        return True

    def isatty(self) -> bool:
        """True for a terminal."""
        return self._stream is not None and not self._stream.closed and self._stream.isatty()

    def fileno(self) -> int:
        """Number of the stream. Raises OSError where there is none."""
        if self._stream is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return self._stream.fileno()

    def _try(self, work: Callable[[TextIO], Any]) -> None:
        if self._stream is None:
            return
        try:
            work(self._stream)
        except OSError as error:
            self.fault = None if error.errno == errno.EPIPE else error
            self._stream = None
        except ValueError:  # closed from within
            self._stream = None


def secure() -> None:
    """Make the standard streams of this process lenient.

    A descriptor that is closed is opened on nothing: the next file that is opened would have its number, and what is
    said to the stream would stand in that file.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            null = os.open(os.devnull, os.O_RDWR)
            if null != number:
                os.dup2(null, number)
                os.close(null)
    sys.stdout, sys.stderr = Lenient(sys.stdout), Lenient(sys.stderr)


def last_word(text: str) -> None:
    """Say a line on stderr past all buffers: in a handler of a signal, or just before the process ends."""
    with suppress(OSError):  # nobody hears it
        os.write(2, text.encode(getattr(sys.stderr, "encoding", None) or "ascii", "backslashreplace"))


def close() -> None:
    """Hand over what is kept; where stdout was not taken whole for another reason than a reader that left, say so."""
    sys.stdout.flush()
    fault = getattr(sys.stdout, "fault", None)
    if fault is not None:
        print(f"what was printed is not whole: stdout cannot be written ({fault.strerror})", file=sys.stderr)
    sys.stderr.flush()


#: Seconds after which Ctrl-C is sent again: once this hook is left, which cannot pass it on either.
LATER = 0.01


def _interrupt_later() -> None:
    time.sleep(LATER)
    _thread.interrupt_main()


def hook(fault: sys.UnraisableHookArgs) -> None:
    """In place of `sys.unraisablehook`.

    Python prints such an exception and goes on. A watch that ended the work just there is nothing to print: it raises again.
    Ctrl-C is sent to the main thread again, as it would be lost here.
    """
    if fault.exc_type is KeyboardInterrupt:
        _thread.start_new_thread(_interrupt_later, ())  # not waited for: Ctrl-C might come meanwhile, and be lost
    elif fault.exc_type is not Stopped:
        sys.__unraisablehook__(fault)


# --- room ------------------------------------------------------------------------------------------------------------------
# The room that the system leaves a process: its address space, and what to say where memory ran out. Imports nothing large.

#: Least address space (bytes) in which the packages can be loaded and their threads started; below it they end without a word.
LEAST_SPACE = 1.6e9


class OutOfMemory(PlanError):
    """Memory ran out."""

    def __init__(self) -> None:
        super().__init__(
            Message(
                "memory ran out and nothing was written; plan on fewer typical days (--days), without all hours (--no-verify), "
                "or with "
                "fewer threads (taskset -c 0 plan …)"
            )
        )


def is_out_of_memory(error: BaseException) -> bool:
    """True of what Python, a library (std::bad_alloc becomes MemoryError) or the start of a thread raises without memory."""
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "can't start new thread" in str(error))


def space_limit() -> float | None:
    """Most address space of this process (bytes); None without a limit (`ulimit -v`)."""
    try:
        import resource
    except ImportError:  # not on every system
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else float(soft)


def too_small() -> str:
    """Why the program cannot start in the address space that it is left; empty where it can."""
    limit = space_limit()
    if limit is None or limit >= LEAST_SPACE:
        return ""
    needs, has = (f"{size / 1e9:.1f} GB" for size in (LEAST_SPACE, limit))
    return Message(
        "parkzero needs an address space of {needs}, and ulimit -v leaves it {has}; raise that limit", needs=needs, has=has
    )
