"""What it costs to be wrong: the first decisions of a plan kept, whichever future comes."""

from __future__ import annotations

from collections.abc import Mapping

from planner.futures.tree import ROOT
from planner.recourse.candidates import Candidates
from planner.recourse.orders import SAME
from planner.recourse.programme import Found
from planner.recourse.result import EXPECTED, LEAST_REGRET, FirstOrder, Regret
from planner.recourse.search import Search

#: Families of decisions that are orders of equipment and of measures.
ORDERED = ("build", "adopt")
#: What each plan orders before the first branching, by name of the plan.
FirstOrders = dict[str, list[FirstOrder]]


def regret_table(search: Search, made: Candidates) -> tuple[list[Regret], FirstOrders]:
    """Rows of regret.csv: the plan of least expected cost, that of least regret, and the first decisions of each leaf's own; and
    the first orders of each of them. What was minimised is the plan itself."""
    plans = {EXPECTED: made.expected.costs, LEAST_REGRET: made.least_regret.costs} | dict(made.costs)
    first = {EXPECTED: _first_orders(search, _decided(search, made.expected))}
    first |= {name: _first_orders(search, fixed) for name, fixed in made.kept.items()}
    first[LEAST_REGRET] = _first_orders(search, _decided(search, made.least_regret))
    return [Regret(plan, name, cost, made.known[name]) for plan, costs in plans.items() for name, cost in costs.items()], first


def _decided(search: Search, found: Found) -> dict[int, float]:
    """The decisions before the first branching."""
    return {i: float(found.values[i]) for i in search.found.decided([ROOT]).tolist()}


def _first_orders(search: Search, values: Mapping[int, float]) -> list[FirstOrder]:
    """Equipment and measures among decisions, by year."""
    found = []
    for i, value in values.items():
        family, index = search.found.keys[i][2], search.found.keys[i][4]
        if family in ORDERED and value > SAME:
            assert isinstance(index, tuple)
            found.append(FirstOrder(int(index[-1]), str(index[0]), value))
    return sorted(found)
