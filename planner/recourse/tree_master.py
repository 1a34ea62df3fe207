r"""The masters of a tree: the decisions of all nodes, a column θ for each operation, and where it is asked for the columns of risk.

.. math::
    C_l \ge c_l \cdot x + o_l + \sum_y \delta_y \theta_{o(l,y)} \qquad
    \text{cvar: } \min (1-w) \sum_l p_l C_l + w \Big(\eta + \tfrac{1}{\tau} \sum_l p_l z_l\Big), \quad z_l \ge C_l - \eta, z_l \ge 0
    \\
    \text{regret: } \min (1-\epsilon) \Big(\sum_l p_l C^*_l + R\Big) + \epsilon \sum_l p_l C_l, \quad R \ge C_l - C^*_l, \quad
    \text{then } \min \sum_l p_l C_l + w (R - R^*), \quad R \ge R^*

Both are linear in the costs of the leaves, so the cuts of an operation are those of the search for the least expected cost. What is
searched is never above what is asked for: the mean is no larger than cvar, and no larger than the least cost of all leaves with the
largest regret. So its bound is one. The small share ε of the expected cost chooses among plans of nearly the same regret, or cvar.

p  probability (l)   1     δ  discount (y)   1     θ  cost of an operation (o)   money     w, τ  weight and tail   1
C, C*  cost of a leaf, and its least, were it known   money     R  largest regret   money     ε  share of the expected cost   1
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from models.case import Uncertainty
from models.families import OF_ORDERS, OF_RETIREMENTS
from planner.recourse.merged import Merged
from planner.recourse.programme import cvar
from planner.recourse.years import Place
from planner.solve import INFINITY, Master, Years

#: ε is this share of the gap asked for, within these.
SHARE, LEAST, MOST = 0.1, 1e-6, 1e-2
#: w: a larger regret is taken only where it saves so many times as much of the expected cost.
DEARER = 100.0
#: Families of decisions that the search among whole numbers knows by name.
FAMILIES = ("build", "retire", "plant", *OF_ORDERS, *OF_RETIREMENTS)


class TreeMaster(Master):
    """The master of a tree; its years are the operations."""

    def __init__(self, found: Merged, places: Mapping[int, Place], years: Years) -> None:
        self.found, self.of = found, places
        self.leaf = {leaf.name: leaf for leaf in found.leaves}
        columns: list[Any] = [None] * len(found.keys)
        for leaf in reversed(found.leaves):  # of a shared column that of the first leaf
            for variable, place in zip(leaf.matrix.columns, found.places[leaf.name].tolist(), strict=True):
                columns[place] = variable
        matrix = replace(found.matrix, columns=columns, column={id(v): i for i, v in enumerate(columns)})
        families = SimpleNamespace(**{name: _family(found, columns, name) for name in FAMILIES})
        super().__init__(found.leaves[0].inputs, families, years, matrix, years.discount)

    def _place(self, kind: str, name: Any, y: int) -> int:
        leaf, year = self.of[y]
        own = self.leaf[leaf]
        index = (*name, year) if isinstance(name, tuple) else (name, year)
        place = own.matrix.column.get(id(getattr(own.model, kind)[index]))
        if place is None:
            raise KeyError(f"the master has no column for {kind} of {name} in {year}")
        return int(self.found.places[leaf][place])

    def _least(self, y: int) -> float:
        leaf, year = self.of[y]
        return self.least_of(self.leaf[leaf].inputs, year)


def _family(found: Merged, columns: list[Any], name: str) -> dict[tuple[Any, ...], Any]:
    """A family of all leaves: index without its year, and the place -> the variable that stands for the column."""
    family: dict[tuple[Any, ...], Any] = {}
    for leaf in found.leaves:
        for index, variable in getattr(leaf.model, name).items():
            place = leaf.matrix.column.get(id(variable))
            if place is not None:
                at = int(found.places[leaf.name][place])
                family[(*index[:-1], at)] = columns[at]
    return family


class RiskMaster(TreeMaster):
    """The master of cvar or regret.

    own    by leaf: its operations, and the discount of each
    best   C* by leaf (money); of regret
    shift  what the value of a plan has more than its regret (money)
    most   R*, the least regret that was found, where the least expected cost with it is searched; else None   money
    """

    def __init__(
        self,
        found: Merged,
        places: Mapping[int, Place],
        years: Years,
        own: Mapping[str, Mapping[int, float]],
        terms: Uncertainty,
        best: Mapping[str, float],
        gap: float,
        most: float | None = None,
    ) -> None:
        share = {leaf.name: leaf.probability for leaf in found.leaves}
        epsilon = min(max(SHARE * gap, LEAST), MOST)
        self.terms, self.best, self.share = terms, best, share
        self.is_regret = terms.objective == "regret"
        self.weight = 1.0 - epsilon if self.is_regret else min(terms.weight, 1.0 - epsilon)
        self.shift = sum(p * best[name] for name, p in share.items()) if self.is_regret else 0.0
        self.own, self.most, self.mean = own, most, 1.0 - self.weight
        if most is not None:
            self.mean, self.weight, self.shift = 1.0, DEARER, -most
        super().__init__(found, places, years)
        #: A cut counts for what its operation may weigh at most: as if its leaf were the only one.
        self.cuts.discount = {i: discount for operations in own.values() for i, discount in operations.items()}

    def _add_level(self, theta_costs: np.ndarray) -> None:
        """The columns of risk and their rows, and the row of the level set."""
        leaves, unit, scale = self.found.leaves, self.unit, self.solver.scale
        own = self.weight * (np.ones(1) if self.is_regret else np.array([1.0, *(p / self.terms.tail for p in self.share.values())]))
        offset = self.mean * self.compiled.offset + self.weight * self.shift
        self.compiled = self.matrix = replace(self.compiled, offset=offset)
        self.costs = np.concatenate([self.mean * np.concatenate([self.compiled.cost, theta_costs]), own * unit])
        self.all_columns = np.arange(len(self.costs), dtype=np.int32)
        self.level_row = np.array([self.solver.row_count() + len(leaves)], dtype=np.int32)
        for solver in self.solvers:
            risk = solver.add_free_columns(own * unit)
            solver.set_bounds(risk[1:], np.zeros(len(risk) - 1), np.full(len(risk) - 1, INFINITY))
            if self.most is not None:
                solver.set_bounds(risk[:1], np.array([scale * self.most]), np.array([INFINITY]))
            for i, leaf in enumerate(leaves):
                cost, paid = self.found.cost[leaf.name], np.flatnonzero(self.found.cost[leaf.name])
                places, weights = [self.theta[i] for i in self.own[leaf.name]], list(self.own[leaf.name].values())
                mine = risk[:1] if self.is_regret else risk[[0, 1 + i]]
                columns = np.concatenate([paid, places, mine]).astype(np.int32)
                values = np.concatenate([-scale * cost[paid], -np.array(weights), np.ones(len(mine))])
                least = self.found.offset[leaf.name] - (self.best[leaf.name] if self.is_regret else 0.0)
                solver.add_row(scale * least, INFINITY, columns, values)
            solver.add_row(-INFINITY, INFINITY, self.all_columns, self.costs * solver.scale)
            solver.set_cost(self.costs, offset)

    def system_cost(self, values: np.ndarray, cuts: dict[int, Any]) -> float:
        """What is minimised, at a point whose operations are solved (money)."""
        return self._value(values, {i: cut.cost for i, cut in cuts.items()})

    def _value(self, values: np.ndarray, paid: Mapping[int, float]) -> float:
        costs = self.found.costs(values)
        for name, operations in self.own.items():
            costs[name] += sum(discount * paid[i] for i, discount in operations.items())
        mean = sum(self.share[name] * cost for name, cost in costs.items())
        if self.is_regret:
            worst = max(cost - self.best[name] for name, cost in costs.items())
            worst = self.shift + (worst if self.most is None else max(worst, self.most))
        else:
            worst = cvar(costs, self.share, self.terms.tail)
        return self.mean * mean + self.weight * worst
