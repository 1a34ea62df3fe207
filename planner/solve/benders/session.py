"""A session of the decomposed method, for questions about a plan: trials and phases of one master, whose cuts stay.

Who asks gives a master, its years (the oracle: value and slope of the cost of a point), an incumbent, and limits. It asks for
single trials, for iterations, or for some whole numbers with all others fixed. Every cut that a trial finds stays in the master,
so each question begins with what those before it have found.

Returns trials, phases with their bounds, and answers of branch and bound. Raises SolverError where HiGHS gives no answer, and
Stopped once the watch in force is over.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.solve.benders.bounds import Bounds, End, Phase, Trial
from planner.solve.benders.branch_and_bound import branch_and_bound
from planner.solve.benders.integer_phase import MOST_SEARCHED
from planner.solve.benders.iterations import Iterations
from planner.solve.benders.master import Master
from planner.solve.benders.neighbourhood import Neighbourhood
from planner.solve.benders.slack_removal import SlackRemover
from planner.solve.benders.trials import Trials
from planner.solve.handover.answer import Answer
from planner.solve.handover.matrix import INFINITY
from planner.solve.whole.whole import Limits, Say
from planner.solve.year.subproblem import YearSet


class BendersSession:
    """One master and its years, and the best plan that their trials have found.

    overall  bounds of all trials: its incumbent is the best plan so far
    """

    def __init__(
        self, master: Master, years: YearSet, limits: Limits, say: Say = lambda _: None, incumbent: Trial | None = None
    ) -> None:
        """`incumbent`: the best plan so far."""
        self.trials = Trials(master, years, limits, say, Bounds(incumbent), wants_plan=True)
        self.master, self.overall = master, self.trials.overall

    @property
    def neighbourhood_only(self) -> bool:
        """True where there are too many integers to search all of them."""
        return len(self.master.integers) > MOST_SEARCHED

    @cached_property
    def neighbourhood(self) -> Neighbourhood:
        """Which integers stay as they are in a search of some."""
        return Neighbourhood(self.master.matrix, self.master.model, self.master.inputs)

    def forbid_slack(self) -> None:
        """From now on a point with slack is no candidate, and is cut off."""
        self.trials.forbids_slack = True

    def scale_penalty(self, factor: float) -> None:
        """Multiply the penalty of slack."""
        self.trials.scale_penalty(factor)

    def evaluate(self, point: np.ndarray) -> Trial:
        """The trial at a point; its cuts go to the master."""
        return self.trials.evaluate(point)

    def begin(self, point: np.ndarray, name: str = "") -> Phase:
        """A phase whose first incumbent is the trial at a point; the log has a line of it where it has a name."""
        phase = Phase()
        self.trials.evaluate(point, phase)
        if name:
            self.trials.log(phase, name, bound_is_global=False)
        return phase

    def go_on(self) -> Phase:
        """A phase whose first incumbent is the best plan so far."""
        return Phase(self.overall.incumbent)

    def iterate(self, phase: Phase, gap: float, *, cutoff: float = INFINITY) -> bool:
        """Iterate with whole numbers as they are held; True where the phase ends within the gap.

        cutoff  the phase ends where its lower bound is above this   money
        """
        Iterations(self.trials).run(phase, gap, "whole", cutoff=cutoff, bound_is_global=False)
        return phase.end is End.GAP

    def whole_numbers(
        self, start: np.ndarray | None, gap: float, seconds: float, fixed: np.ndarray | None = None, nodes: int = 1
    ) -> Answer:
        """The least-cost whole numbers by the cuts so far (`branch_and_bound`)."""
        return branch_and_bound(self.master, start, gap, seconds, fixed, nodes)

    def polish(self, phase: Phase) -> None:
        """Remove the slack of the incumbent of a phase, its whole numbers fixed, then try optima of the master with
        these."""
        SlackRemover(self.trials).polish(phase)

    def remove_slack(self, point: np.ndarray) -> None:
        """Seek the cheapest point without slack near a point, with whole numbers as they are held."""
        SlackRemover(self.trials).remove_slack(point)
