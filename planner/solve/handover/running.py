"""HiGHS runs in a thread of its own: it can be asked to stop, and branch and bound reports its incumbent and its bound meanwhile.

HiGHS does not look at its time limit everywhere. Where it does not stop when it is asked to, its thread is abandoned and the run of
the program goes on; an abandoned HiGHS object is never used again.
"""

from __future__ import annotations

import threading
from typing import Any

import highspy
import numpy as np

from planner.solve.handover.matrix import INFINITY
from planner.solve.machine.stopping import Watch

#: Runs that have not ended, the abandoned ones among them.
unfinished: set[Run] = set()


class Run:
    """One run of HiGHS in its own thread; `done` is set at its end, `fault` is what it raised."""

    def __init__(self, highs: highspy.Highs) -> None:
        self.done = threading.Event()
        self.fault: Exception | None = None
        unfinished.add(self)
        self.thread = threading.Thread(target=self._run, args=(highs,), daemon=True, name="HiGHS")
        self.thread.start()

    def _run(self, highs: highspy.Highs) -> None:
        try:
            highs.run()
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


class Found:
    """The incumbent of branch and bound while it runs, its objective and the bound, in the scale of HiGHS."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.values: np.ndarray | None = None
        self.objective, self.bound = INFINITY, -INFINITY

    def tell(self, kind: int, _message: str, told: Any, asked: Any, _data: Any) -> None:
        """Called by HiGHS, from its own thread."""
        if kind in INTERRUPTS:
            asked.user_interrupt = True
            return
        self.bound = max(self.bound, told.mip_dual_bound)
        if kind == BETTER and told.objective_function_value < self.objective:
            self.values, self.objective = np.array(told.mip_solution), told.objective_function_value


#: Events for which HiGHS calls back.
KINDS = highspy.cb.HighsCallbackType
BETTER = int(KINDS.kCallbackMipImprovingSolution)
INTERRUPTS = {
    int(k): k for k in (KINDS.kCallbackSimplexInterrupt, KINDS.kCallbackIpmInterrupt, KINDS.kCallbackMipInterrupt)
}
