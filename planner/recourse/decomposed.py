r"""The tree by the decomposed method: a master with the decisions of all nodes, and each operation by itself (multi-cut Benders).

.. math::
    \min \sum_l p_l\, c_l \cdot x + \sum_o w_o\, \theta_o \qquad w_o = \delta_y \sum_{l \in o} p_l, \qquad
    \theta_o \ge Q_o(\hat{x}) + q_o \cdot (x_o - \hat{x}_o)

for the operations o of a node, the futures on the path that are never known, and a year y. The master is that of each leaf
(`build_master`), merged as the whole programme is (`merged`): a decision of a node is one column. An operation is a year of the
decomposed method under a number of its own, so everything that searches there searches here, too. The cuts of an operation hold in
every search of the tree, of a leaf alone, and with decisions kept: each begins with the last of them.

Not so where capacity that is paid for monthly is contracted and futures are never known: it is one decision of several operations;
nor where a reserve holds by operation.

p  probability (l)     δ  discount (y)     Q, q  value and slope of an operation (o)     θ  its cost by the cuts   money (o)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from models.case import Case
from models.inputs import Inputs
from planner.futures.tree import Tree
from planner.language.message import Message
from planner.machine.stopping import Stopped, in_force
from planner.plan import BINDS, BUSINESS, REFERENCE, TARGET
from planner.planning.variants import NOT_IN_REFERENCE
from planner.recourse.leaf import Leaf
from planner.recourse.merged import Merged
from planner.recourse.programme import Found, fixed_within, tree_variant
from planner.recourse.years import BEGUN_WITH, Operations, Place
from planner.solve import INFINITY, Bounds, Limits, Master, Result, Years, YearVariant, rounding, solve_decomposed

#: Families of decisions that the search among whole numbers knows by name.
FAMILIES = (
    "build", "retire", "plant", "is_built", "units", "is_retired", "retire_units", "retire_existing", "retire_rest",
)  # fmt: skip


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


class TreeMethod:
    """Least expected costs of a tree, or of a leaf alone, by decomposition."""

    def __init__(self, found: Merged, operations: Operations) -> None:
        tree, number = found.tree, dict[int, int]()
        self.found, self.operations = found, operations
        self.places: dict[int, Place] = {}
        discount: dict[int, float] = {}
        for leaf in found.leaves:
            for y in leaf.inputs.years:
                own = operations.year[leaf.name, y]
                i = number.setdefault(id(own), len(number))
                self.places.setdefault(i, (leaf.name, y))
                discount[i] = discount.get(i, 0.0) + leaf.probability * leaf.inputs.finance.discount[y]
        assert tree.leaves
        self.years = operations.years(self.places, discount)
        self.master = TreeMaster(found, self.places, self.years)

    def expected(
        self, limits: Limits, say: Callable[[str], None], name: str = TARGET, fixed: Mapping[int, float] | None = None
    ) -> Found:
        """The least expected cost of a plan; with some columns `fixed`."""
        variant = tree_variant(self.found, name)
        if fixed:
            own = fixed_within(self.found.matrix, fixed)
            if own is None:
                return Found("infeasible", np.zeros(0), {}, INFINITY, INFINITY)
            variant = replace(
                variant, fixed=np.concatenate([variant.fixed, own[0]]), values=np.concatenate([variant.values, own[1]])
            )
        self._turn_to(name)
        self.master.set_variant(variant)
        plan = Bounds()
        try:
            result = in_force().guarded(
                lambda: solve_decomposed(
                    self.master, self.years, replace(limits, has_fewest=False), say, rounding=self._near, plan=plan
                )
            )
        except Stopped:
            result = Result.stopped(plan)
        return self._found(result)

    def _turn_to(self, name: str) -> None:
        """Let the operations be the variant of that plan, and begin with the cuts that hold in it."""
        has_lasting = any(leaf.inputs.carbon.has_lasting for leaf in self.found.leaves)
        binds = "none" if BINDS[name] == "lasting" and not has_lasting else BINDS[name]
        variant = YearVariant(binds=binds, barred=NOT_IN_REFERENCE if name in (REFERENCE, BUSINESS) else ())
        self.years.set_variant(variant)
        self.master.cuts.release()
        self.master.cuts.drop_all()
        if variant == YearVariant():
            for i, cuts in self.years.found.items():
                for cut in list(cuts)[-BEGUN_WITH:]:
                    self.master.cuts.add({i: cut})

    def _near(self, values: np.ndarray) -> np.ndarray:
        """Whole numbers near a point, leaf by leaf; those of a shared decision are of the first leaf."""
        whole = np.round(values[: len(self.found.keys)])
        for leaf in reversed(self.found.leaves):
            at = self.found.places[leaf.name]
            own = rounding(leaf.matrix, leaf.model, leaf.inputs)(values[at])
            whole[at[leaf.matrix.integer]] = own
        return whole[self.master.compiled.integer]

    def _found(self, result: Result) -> Found:
        if result.incumbent is None or result.status in ("infeasible", "failed"):
            status = "infeasible" if result.status == "infeasible" else "failed"
            return Found(status, np.zeros(0), {}, INFINITY, result.bound)
        operation = dict(result.incumbent.operation)
        self.years.take(operation)
        paid = {i: sum(year.view().cost_terms.values()) for i, year in self.years.years.items()}
        costs = self.found.costs(result.incumbent.point)
        number = {id(year): i for i, year in self.years.years.items()}
        values = {}
        for leaf in self.found.leaves:
            for y in leaf.inputs.years:
                i = number[id(self.operations.year[leaf.name, y])]
                costs[leaf.name] += leaf.inputs.finance.discount[y] * paid[i]
                values[leaf.name, y] = operation[i]
        expected = sum(leaf.probability * costs[leaf.name] for leaf in self.found.leaves)
        return Found(result.status, result.incumbent.point, costs, expected, min(result.bound, expected), values)


def stand(operations: Operations, leaf: Leaf, found: Found) -> None:
    """Let the model of a leaf have the years of a plan as the output reads them."""
    leaf.model.year = {}
    for y in leaf.inputs.years:
        year = operations.year[leaf.name, y]
        year.values = found.operation[leaf.name, y]
        leaf.model.year[y] = year.view()


def whole_only(case: Case, tree: Tree, inputs: Inputs, objective: str, recourse: str) -> Message | None:
    """Why a tree can only be planned as one programme; None where it need not be."""
    if objective != "expected":
        return Message("objective = {objective}: is planned as one programme only", objective=objective)
    if recourse != "whole":
        return Message("recourse = {recourse}: is planned as one programme only", recourse=recourse)
    if any(row.operated for row in case.reserves):
        return Message("a reserve that holds by operation is planned as one programme only")
    has_undated = any(row.from_year is None for row in tree.rows)
    if has_undated and (inputs.supplies.capacity_charge or inputs.supplies.year_charge):
        return Message("contracted capacity in futures that are never known is planned as one programme only")
    return None
