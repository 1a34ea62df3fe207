"""Ending work from outside: the time limit of a run, and Ctrl-C.

HiGHS does not look at its own time limit everywhere (not inside presolve), and building a model knows none. So a watch
stands outside. It raises `Stopped` in the thread that works; whoever catches it goes on with the best that is known.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

#: Seconds that HiGHS has to obey once it is asked to stop.
GRACE = 0.5
#: Seconds kept for ending in good order, whatever the size of the park; and most that is kept, as a share of the limit.
LEAST_KEPT, MOST_KEPT = 1.5, 0.4
#: Why a watch ended its work.
TIME_LIMIT, CTRL_C = "the time limit", "Ctrl-C"

T = TypeVar("T")


class Stopped(BaseException):
    """Work was ended from outside. No `Exception`: nothing on the way may take it for a fault of its own."""


class Watch:
    """When the work of a run must end.

    limit   seconds that the whole run may take, None = no limit
    began   when it began, as time.perf_counter tells it
    kept    seconds of the limit that are kept for reading results and writing
    reason  why the work was ended, '' while it goes on; once ended it stays so
    """

    def __init__(self, limit: float | None = None, began: float | None = None, over: Watch | None = None) -> None:
        """`over`: another watch; once that is over, this one is, too."""
        self.limit, self.over = limit, over
        self.began = time.perf_counter() if began is None else began
        self.kept = 0.0
        self.keep(0.0)
        self.reason = ""
        self._most = float("inf")

    def keep(self, seconds: float) -> None:
        """Keep so many seconds of the limit, beside those that are always kept."""
        self.kept = 0.0 if self.limit is None else min(LEAST_KEPT + seconds, MOST_KEPT * self.limit)

    def elapsed(self) -> float:
        """Seconds since the run began."""
        return time.perf_counter() - self.began

    def left(self) -> float:
        """Seconds that work may still take; infinite without a limit."""
        if self.over is not None and self.over.is_over():
            self.end(self.over.reason or TIME_LIMIT)
        if self.reason:
            return 0.0
        end = float("inf") if self.limit is None else self.began + self.limit - self.kept
        return max(0.0, min(end, self._most) - time.perf_counter())

    def beside(self) -> Watch:
        """A watch for other work at the same time: over once this one is, and it may be ended by itself."""
        return Watch(self.limit, self.began, over=self)

    def is_over(self) -> bool:
        """True once work must end."""
        return self.left() <= 0.0

    def end(self, reason: str) -> None:
        """End the work now; may be called from a signal handler or another thread."""
        self.reason = self.reason or reason

    def check(self) -> None:
        """Raise Stopped once work must end."""
        if self.is_over():
            raise Stopped

    def in_time(self, work: Callable[[], object]) -> bool:
        """Do the work; False where this watch ends it."""
        try:
            self.guarded(work)
        except Stopped:
            return False
        return True

    def guarded(self, work: Callable[[], T], most: float | None = None) -> T:
        """Do the work and give what it gives; `most`: seconds that this piece of work may take, whatever else is left.

        Raises Stopped, wherever the work is, once it must end.
        """
        self._most = float("inf") if most is None else time.perf_counter() + most
        guard = _Guard(self)
        try:
            try:
                self.check()
                guard.open()
                return work()
            finally:
                guard.close()
        except Stopped as stopped:
            global _ended
            _ended = stopped
            guard.close()  # again: what is raised from outside may strike in the line that closes
            if time.perf_counter() < self._most:
                self.end(TIME_LIMIT)
            raise
        finally:
            self._most = float("inf")


class _Guard:
    """A thread that raises Stopped in the one that opened it; a little late, so that HiGHS is asked to stop first."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.worker = threading.get_ident()
        self.closed = threading.Event()
        self.lock = threading.Lock()

    def open(self) -> None:
        threading.Thread(target=self._stand, daemon=True, name="watch").start()

    def close(self) -> None:
        self.closed.set()
        with self.lock:
            _raise_in(self.worker, None)

    def _stand(self) -> None:
        while not self.closed.wait(min(self.watch.left(), 0.1)):
            if self.watch.is_over() and not self.closed.wait(2 * GRACE):
                with self.lock:
                    if not self.closed.is_set():
                        _raise_in(self.worker, Stopped)
                self.closed.wait(2 * GRACE)  # raised again then: it can get lost in a finalizer


def _raise_in(thread: int, kind: type[BaseException] | None) -> None:
    """Raise in another thread at its next step in Python; None takes back what it has not met yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(kind) if kind else None)


_in_force = Watch()
#: The last exception raised, which keeps alive what was being built: freeing that would take seconds that are not left.
_ended: Stopped | None = None


def in_force() -> Watch:
    """The watch of the run that goes on; one without limit where there is none."""
    return _in_force


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Make a watch the one in force, for all threads: a process plans one park at a time."""
    global _in_force
    before, _in_force = _in_force, watch
    try:
        yield
    finally:
        _in_force = before
