"""A run of HiGHS in another thread, which the time limit of the whole run and Ctrl-C can end.

HiGHS does not look at its time limit everywhere. Where it does not stop when it is asked to, its thread is abandoned and the run of
the program goes on; an abandoned HiGHS object is never used again.

Threads are used again, since many runs are shorter than the start of a thread. But a thread is only used again for runs with the
same HiGHS option `threads`: HiGHS keeps a scheduler for each thread that calls it, and refuses a run with another number.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

from planner.machine.stopping import Watch

#: Runs that have not ended, the abandoned ones among them.
unfinished: set[RunningSolve] = set()
#: Idle threads. Key: the number of threads that HiGHS itself may use in their runs.
idle: dict[int, list[_Runner]] = {}


class _Runner(threading.Thread):
    """A thread that makes runs."""

    def __init__(self) -> None:
        super().__init__(daemon=True, name="HiGHS")
        self.orders: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.start()

    def run(self) -> None:
        """Make every run that is ordered."""
        while True:
            self.orders.get()()


class RunningSolve:
    """One run, in which HiGHS may use `threads` threads. `done` is set when it ends; `fault` is the exception it raised, if any."""

    def __init__(self, work: Callable[[], object], threads: int) -> None:
        self.done = threading.Event()
        self.fault: Exception | None = None
        self._work, self._idle = work, idle.setdefault(threads, [])
        unfinished.add(self)
        try:
            self._runner = self._idle.pop()
        except IndexError:
            self._runner = _Runner()
        self._runner.orders.put(self._make)

    def _make(self) -> None:
        try:
            self._work()
        except Exception as fault:  # raised again in the thread that waits
            self.fault = fault
        finally:
            unfinished.discard(self)
            self._idle.append(self._runner)
            self.done.set()

    def within(self, watch: Watch) -> bool:
        """Wait for the end; False once the watch is over."""
        while not self.done.wait(min(0.1, watch.left())):
            if watch.is_over():
                return False
        return True
