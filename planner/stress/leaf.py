r"""A run in one future: its decisions kept, every year operated, and what that costs and misses.

.. math::
    C_l = c_l \cdot \hat{x} + \sum_y \delta_y\, Q_{l,y}(\hat{x})

C  system cost in the future l   money     x̂  decisions of the run     c  their discounted cost in l     δ  discount (y)
Q  least cost of operating a year in l with them, of what is served   money (y)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from models.case import Case
from models.inputs import Inputs, resolve
from models.metrics import OF_RULES
from planner.output.output import Tables
from planner.plan import HOLDS_WITHIN
from planner.stress.kept import KeptOrders, keep_orders
from planner.stress.operated import OperatedYear, operates

#: Figures that credits lower.
WITH_CREDITS = "net"


@dataclass(frozen=True)
class Stressed:
    """A run in a future.

    kept    its decisions there;  years  operated, none where they cannot be kept
    over    what is beyond a budget over years: (rule, metric) -> by how much   t
    least   the least cost of the future, known from the start; None: not asked for, or not found   money
    """

    future: str
    probability: float
    inputs: Inputs
    kept: KeptOrders
    years: Mapping[int, OperatedYear] = field(default_factory=dict)
    over: Mapping[tuple[str, str], float] = field(default_factory=dict)
    least: float | None = None

    @property
    def cost(self) -> float | None:
        """System cost (money); None where the decisions cannot be kept."""
        if self.kept.cost is None:
            return None
        discount = self.inputs.finance.discount
        return self.kept.cost + sum(discount[y] * own.cost for y, own in self.years.items())

    @property
    def holds(self) -> bool:
        """True if the decisions can be kept, all demand is met and no rule is missed."""
        is_served = not any(own.unserved or own.missed for own in self.years.values())
        return self.kept.cost is not None and is_served and not self.over

    def credits(self, y: int, metric: str) -> tuple[str, float] | None:
        """The cheapest credit of a year that lowers what the metric counts, and its price (money/t); None where there is none."""
        offsets = self.inputs.offsets
        known = [(offsets.price[o, y], o) for o in offsets.offsets if (o, y) in offsets.price]
        if not known or WITH_CREDITS not in OF_RULES[metric].numerator:
            return None
        price, name = min(known)
        return name, price


def stress(case: Case, future: str, probability: float, base: float, tables: Tables) -> Stressed:
    """The plan of these tables in the park of a future, whose base emissions are those of the park's own tables (t)."""
    inputs = resolve(case, case.goal, base, None)
    kept = keep_orders(inputs, tables)
    if kept.cost is None:
        return Stressed(future, probability, inputs, kept)
    operator = operates(inputs)
    years = {y: operator.year(kept.model, tables, y) for y in reversed(inputs.years)}
    years = {y: years[y] for y in inputs.years}
    return Stressed(future, probability, inputs, kept, years, dict(_over_budgets(inputs, years)))


def _over_budgets(inputs: Inputs, years: Mapping[int, OperatedYear]) -> Iterator[tuple[tuple[str, str], float]]:
    for budget in inputs.carbon.budgets:
        rule = budget.rule
        figure = OF_RULES[rule.metric].numerator
        own = [max(year.figures[figure], 0.0) for y, year in years.items() if y >= budget.first]
        over = sum(own) - rule.limit
        if over > HOLDS_WITHIN * inputs.carbon.base * len(own):
            yield (rule.stage, rule.metric), over
