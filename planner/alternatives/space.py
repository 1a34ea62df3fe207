r"""The near-optimal plans: all that keep every limit and rule and cost little more than the least that was found.

.. math::
    \min_x \; \sum_k w_k\, z_k(x) \qquad \text{subject to} \qquad C(x) \le (1 + \varepsilon)\, C^*, \quad x \in X

for weights w of what a plan has: those of one group are its least, those below 0 its most. So that what is not asked for is not
wasted, the objective also has a hundredth of the cost, which moves an extreme by no more than ε hundredths of its size.

z  amount in the year of the deadline   unit (k)     C  system cost   money     C*  least that was found   money
ε  within   1     w  weight   1/unit (k)             X  what limits and rules allow

Method: near-optimal extremes as F. Neumann and T. Brown, "The near-optimal feasible space of a renewable power system model"
(Electric Power Systems Research 190, 2021); modelling to generate alternatives as J. F. DeCarolis (Energy Economics 33, 2011).

Near-optimal plans by the whole method: one matrix with a row for the cost, and another objective.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from models.inputs import Inputs
from planner.alternatives.groups import Member
from planner.finance.pieces import MEASURE, TECHNOLOGY
from planner.plan import TARGET, Plan
from planner.planning.methods import WholeMethod
from planner.solve import INFINITY, Answer, Matrix, solve_linear

#: Share of the cost in the objective, and how near to its least an extreme is sought (share of its size).
OF_COST, NEAR = 1e-2, 5e-3
#: Members and their weights.
Weights = Mapping[Member, float]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Extreme:
    """A plan in which a weighted sum is the least that was found, and a number that it is not below.

    plan      None where none was found, or one that was found before is as good
    is_known  True where one that was found before is as good
    """

    plan: Plan | None
    bound: float
    is_known: bool = False


class Space(Protocol):
    """The near-optimal plans of a park.

    budget  most that a plan may cost (money)
    """

    budget: float

    def reach(self, weights: Weights) -> float | None:
        """A size that the sum does not exceed, roughly the largest that it has; None where it has no end."""

    def extreme(self, weights: Weights, size: float) -> Extreme:
        """The least of a weighted sum, sought to within `NEAR` times a size. Raises Stopped where the watch in force ends it."""


def budget_of(cost: float, within: float) -> float:
    """Most that a plan may cost."""
    return cost + within * abs(cost)


def columns_and_weights(model: Any, matrix: Matrix, inputs: Inputs, weights: Weights, year: int, count: int) -> np.ndarray:
    """The weighted sum as coefficients of so many columns of a matrix."""
    found = np.zeros(count)
    for member, weight in weights.items():
        own = [v for v in columns_of(model, inputs, member, year) if id(v) in matrix.column]
        np.add.at(found, matrix.columns_of(own), weight)
    return found


def cost_of(plan: Plan) -> float:
    """System cost on the days that it was planned on."""
    cost = plan.system_cost if plan.on_days is None else plan.on_days.cost
    assert cost is not None
    return cost


def columns_of(model: Any, inputs: Inputs, member: Member, year: int) -> list[Any]:
    """Variables whose sum is how much of a member there is in a year; none where there can be none."""
    if member.kind == TECHNOLOGY:
        return [model.capacity[member.name, year]] if (member.name, year) in model.capacity else []
    if member.kind == MEASURE:
        lasts = inputs.measures.lasts[member.name]
        return [v for (m, begun), v in model.adopt.items() if m == member.name and begun <= year < begun + lasts]
    return [model.area[member.name, year]] if (member.name, year) in model.area else []


#: How near to its least an extreme of whole numbers is sought: a share of what is near enough, as the cost is a small part of it.
WHOLE = 0.1


class WholeSpace:
    """The near-optimal plans of a matrix; see `Space`."""

    def __init__(self, method: WholeMethod, budget: float, year: int) -> None:
        self.method, self.budget, self.year = method, budget, year
        self.matrix, self.solver = method.matrix, method.solver
        self.unit = max(abs(self.budget), 1.0)
        places = np.flatnonzero(self.matrix.cost).astype(np.int32)
        most = (self.budget - self.matrix.offset) / self.unit
        self.solver.add_row(-INFINITY, most, places, self.matrix.cost[places] / self.unit)
        self.integers = np.flatnonzero(self.matrix.integer).astype(np.int32)

    def reach(self, weights: Weights) -> float | None:
        """The most of the sum with integers relaxed."""
        self._aim_at(weights, -1.0, 0.0)
        self.solver.relax(True)
        found = solve_linear(self.solver)
        self.solver.relax(False)
        return abs(found.objective) * self.solver.scale if found.status == "optimal" else None

    def extreme(self, weights: Weights, size: float) -> Extreme:
        """By branch and bound, and once more with whole numbers fixed, which leaves nothing of the cost to its tolerance."""
        self.solver.forget()
        self._aim_at(weights, 1.0 / size, OF_COST / self.unit)
        found = self.method.task.clock.watch.guarded(self._solved)
        if not found.has_point:
            return Extreme(None, -INFINITY)
        bound = (found.bound * self.solver.scale - OF_COST * (self.budget - self.matrix.offset) / self.unit) * size
        values = self._with_whole(found)
        self.matrix.load(values)
        return Extreme(self.method.task.as_plan(TARGET, "feasible", -INFINITY, self.method.model), bound)

    def _aim_at(self, weights: Weights, times: float, of_cost: float) -> None:
        """Minimise the sum and the cost, each times a number."""
        aim = columns_and_weights(self.method.model, self.matrix, self.method.inputs, weights, self.year, len(self.matrix.columns))
        self.solver.set_cost((times * aim + of_cost * self.matrix.cost) / self.solver.scale)

    def _solved(self) -> Answer:
        if not len(self.integers):
            return solve_linear(self.solver)
        self.solver.options(mip_rel_gap=0.0, mip_abs_gap=WHOLE * NEAR, solver="choose")
        return self.solver.decided()

    def _with_whole(self, found: Answer) -> np.ndarray:
        """The least with these whole numbers."""
        if not len(self.integers):
            return found.values
        whole = np.round(found.values[self.integers])
        self.solver.set_bounds(self.integers, whole, whole)
        self.solver.relax(True)
        answer = solve_linear(self.solver)
        self.solver.relax(False)
        self.solver.restore_columns(self.integers)
        return answer.values if answer.has_point else found.values
