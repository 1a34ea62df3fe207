"""A run of HiGHS in a thread of its own, which the time limit of the whole run and Ctrl-C can end.

HiGHS does not look at its time limit everywhere. Where it does not stop when it is asked to, its thread is abandoned and the run of
the program goes on; an abandoned HiGHS object is never used again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from planner.solve.machine.stopping import Watch

#: Runs that have not ended, the abandoned ones among them.
unfinished: set[Run] = set()


class Run:
    """One run in its own thread; `done` is set at its end, `fault` is what it raised."""

    def __init__(self, work: Callable[[], object]) -> None:
        self.done = threading.Event()
        self.fault: Exception | None = None
        unfinished.add(self)
        self.thread = threading.Thread(target=self._run, args=(work,), daemon=True, name="HiGHS")
        self.thread.start()

    def _run(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as fault:  # raised again in the thread that waits
            self.fault = fault
        finally:
            unfinished.discard(self)
            self.done.set()

    def within(self, watch: Watch) -> bool:
        """Wait for the end; False once the watch is over."""
        while not self.done.wait(min(0.1, watch.left())):
            if watch.is_over():
                return False
        return True
