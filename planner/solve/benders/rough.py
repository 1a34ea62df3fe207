"""A rough plan, soon: whole numbers without slack, of a few years first, then of all. No bound is known of it.

1. Linear phase to the gap `ROUGH`, integers relaxed, with a few years solved and the others guessed (`year.few`).
2. All guessed cuts are dropped, and the point is projected on decisions that need no slack in any year (`first_plan`): branch and
   bound looks for whole numbers with at least that capacity.

Returns nothing: the plan is that of the bounds given, if there is one. Raises SolverError where HiGHS gives no answer, and Stopped
once the watch in force is over; a plan found before is then kept.
"""

from __future__ import annotations

from typing import cast

from planner.solve.benders.bounds import Bounds
from planner.solve.benders.decomposed import DecomposedSearch
from planner.solve.benders.first_plan import make_first_plan
from planner.solve.benders.master import Master
from planner.solve.benders.trials import Trials
from planner.solve.rounding.rounding import Rounding
from planner.solve.whole.whole import Limits, Say
from planner.solve.year.few import FewYears
from planner.solve.year.subproblem import YearSet
from planner.solve.year.years import Years

#: Gap of the linear phase. Half of it was measured to take half as long again, and the plan to cost 1 % less.
ROUGH = 0.05


def find_rough_plan(master: Master, years: Years, limits: Limits, say: Say, rounding: Rounding, plan: Bounds) -> None:
    """Make a first plan, `plan`, and leave master and years as if nothing had been solved. It may not succeed."""
    solved = cast(YearSet, FewYears(master.inputs, years))  # what it does not say itself, the years do
    few = DecomposedSearch(Trials(master, solved, limits, say, Bounds(), False), rounding)
    few.linear.gap = ROUGH
    try:
        point = few.linear.run(None).point
        master.cuts.drop_all()
        if point is not None:
            every = DecomposedSearch(Trials(master, years, limits, say, plan, True), rounding)
            make_first_plan(every.trials, master.within(point), rounding, every.local)
    finally:
        master.unfix()
        master.solver.relax(False)
        master.cuts.drop_all()
