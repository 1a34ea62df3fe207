"""The plans that the target plan of a large park, or of one on every hour, is compared with, made at the same time as that.

They share no search with the target plan: they have a method of their own, on the typical days that the target plan begins with, or
on every hour.
Where there are a second core and memory for both, a thread makes them while the target plan is made, since much of a search (branch
and bound, building, reading) takes one core only. Elsewhere they are made after it. The plans are the same either way.

The least-cost plan is made last (`ORDER`): it takes longest, and ends with its hours, of which months are solved on all cores. So
no core is idle when the target plan is done.

They are not used where the target plan was repaired on other typical days: two costs would then differ by their days, too.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace

from models.case import Case
from planner.clock import Clock
from planner.language.message import Message
from planner.language.words import BESIDE
from planner.machine.resources import cores
from planner.plan import BUSINESS, LEAST_COST, REFERENCE, Plan
from planner.planning.beginning import method_beside
from planner.planning.memory import available
from planner.planning.repair_loop import RepairLoop
from planner.planning.task import Task

#: In which order the plans are made.
ORDER = REFERENCE, BUSINESS, LEAST_COST
#: Memory that must be free for two plans at once (bytes).
ROOM = 5e9
#: Why work on what is not waited for is ended.
NOT_NEEDED = "no need"
#: Said of a plan to compare with that there was no time for.
NOT_REACHED = Message("not reached within the time")


class Compared:
    """The plans that one target plan is compared with."""

    def __init__(self, case: Case, task: Task, verify: bool, base: float) -> None:
        self.case, self.task, self.verify, self.base = case, task, verify, base
        self.clock = Clock(self._tell, task.clock.watch.beside())
        self.plans: dict[str, Future[Plan]] = {name: Future() for name in ORDER}
        self.thread = threading.Thread(target=self._make, daemon=True, name="compared")
        self.loop: RepairLoop | None = None
        self.is_awaited = False

    def begin(self) -> None:
        """Begin with the plans where there are a second core and memory for it; nothing happens once they are begun."""
        if self.thread.ident is None and cores() > 1 and available() > ROOM:
            self.thread.start()

    def plan(self, name: str) -> Plan:
        """The plan of that name. Raises what making it raises."""
        self.is_awaited = True
        if self.thread.ident is None:
            self.thread.start()
        return self.plans[name].result()

    def end(self) -> None:
        """End what is still being made. Seconds and warnings of what was waited for go to the run; seconds of both add up."""
        self.clock.watch.end(NOT_NEEDED)
        clock = self.task.clock
        if self.is_awaited:
            clock.warnings += self.clock.warnings
            for name, seconds in self.clock.seconds.items():
                clock.note(name, seconds, 0.0)

    def _make(self) -> None:
        for name, future in self.plans.items():
            try:
                future.set_result(self._plan(name))
            except BaseException as fault:  # raised again where the plan is waited for
                future.set_exception(fault)

    def _plan(self, name: str) -> Plan:
        if self.clock.watch.is_over():
            return Plan(name, "failed", note=NOT_REACHED)
        if self.loop is None:
            task = replace(self.task, clock=self.clock)
            made = method_beside(self.case, task)
            self.loop = RepairLoop(self.case, task, "decomposed", self.verify, self.base, chooses=False, made=made)
        return self.loop.plan(name)

    def _tell(self, step: str, text: str) -> None:
        """Tell what is done: as long as the target plan is made, only how far these plans are."""
        if self.is_awaited or (step in BESIDE and self.clock.watch.reason != NOT_NEEDED):
            self.task.clock.progress(step, text)


@contextmanager
def compared(case: Case, task: Task, verify: bool, base: float) -> Iterator[Compared]:
    """The plans to compare with, while the target plan is made; what is still being made is ended with the context."""
    others = Compared(case, task, verify, base)
    try:
        yield others
    finally:
        others.end()
