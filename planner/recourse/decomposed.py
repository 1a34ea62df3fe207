r"""The tree by the decomposed method: a master with the decisions of all nodes, and each operation by itself (multi-cut Benders).

.. math::
    \min \sum_l p_l\, c_l \cdot x + \sum_o w_o\, \theta_o \qquad w_o = \delta_y \sum_{l \in o} p_l, \qquad
    \theta_o \ge Q_o(\hat{x}) + q_o \cdot (x_o - \hat{x}_o)

for the operations o of a node, the futures on the path that are never known, and a year y. The master is that of each leaf
(`build_master`), merged as the whole programme is (`merged`): a decision of a node is one column. An operation is a year of the
decomposed method under a number of its own, so everything that searches there searches here, too. The cuts of an operation hold in
every search of the tree, of a leaf alone, and with decisions kept: each begins with the last of them. A search also begins with the
decisions of a plan that is known: the tree with those of a rough plan of its likeliest leaf, in each node; then a leaf alone with
those of its path in the plan of the tree, which are a plan of the leaf; with decisions kept those of the future that they are of.

Not so where capacity that is paid for monthly is contracted and futures are never known: it is one decision of several operations;
nor where a reserve holds by operation.

p  probability (l)     δ  discount (y)     Q, q  value and slope of an operation (o)     θ  its cost by the cuts   money (o)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from models.case import Case, Uncertainty
from models.inputs import Inputs
from planner.futures.tree import Tree
from planner.language.message import Message
from planner.machine.stopping import Stopped, in_force
from planner.plan import BINDS, BUSINESS, REFERENCE, TARGET
from planner.planning.variants import NOT_IN_REFERENCE
from planner.recourse.leaf import Leaf
from planner.recourse.merged import Key, Merged
from planner.recourse.programme import Found, fixed_within, risk, tree_variant
from planner.recourse.tree_master import RiskMaster, TreeMaster
from planner.recourse.years import BEGUN_WITH, EVERY, Operations, Place
from planner.solve import INFINITY, Bounds, Limits, Result, Variant, YearVariant, rounding, solve_decomposed


class TreeMethod:
    """Least expected costs of a tree, or of a leaf alone, by decomposition; and the least cvar or regret of a tree."""

    def __init__(self, found: Merged, operations: Operations) -> None:
        number: dict[int, int] = {}
        self.found, self.operations = found, operations
        self.places: dict[int, Place] = {}
        #: By leaf: its operations, and the discount of each.
        self.own: dict[str, dict[int, float]] = {leaf.name: {} for leaf in found.leaves}
        discount: dict[int, float] = {}
        for leaf in found.leaves:
            for y in leaf.inputs.years:
                own = operations.year[leaf.name, y]
                i = number.setdefault(id(own), len(number))
                self.places.setdefault(i, (leaf.name, y))
                self.own[leaf.name][i] = leaf.inputs.finance.discount[y]
                discount[i] = discount.get(i, 0.0) + leaf.probability * leaf.inputs.finance.discount[y]
        self.years = operations.years(self.places, discount)
        self.master = TreeMaster(found, self.places, self.years)

    def expected(
        self,
        limits: Limits,
        say: Callable[[str], None],
        name: str = TARGET,
        fixed: Mapping[int, float] | None = None,
        near: Mapping[Key, float] | None = None,
    ) -> Found:
        """The least expected cost of a plan; with some columns `fixed`. `near`: decisions of a like future to begin with."""
        variant = tree_variant(self.found, name)
        if fixed:
            own = fixed_within(self.found.matrix, fixed)
            if own is None:
                return Found("infeasible", np.zeros(0), {}, INFINITY, INFINITY)
            variant = replace(
                variant, fixed=np.concatenate([variant.fixed, own[0]]), values=np.concatenate([variant.values, own[1]])
            )
        self._turn_to(name)
        start = self.found.point(near) if near else None
        return self._found(self._solved(self.master, variant, limits, say, start))

    def least(
        self, terms: Uncertainty, best: Mapping[str, float], limits: Limits, say: Callable[[str], None], start: Found
    ) -> Found:
        """The least cvar or regret of the target plan, which is searched from a known one; `best`: C* by leaf. Among plans of least
        regret, within the gap, that of least expected cost."""
        share = {leaf.name: leaf.probability for leaf in self.found.leaves}
        found, result, shift = self._least(terms, best, limits, say, start)
        value = risk(terms, found.costs, share, best) if found.has_point else INFINITY
        if terms.objective == "regret" and found.has_point:
            cheaper, *_ = self._least(terms, best, limits, say, found, value)
            regret = risk(terms, cheaper.costs, share, best) if cheaper.has_point else INFINITY
            if regret - value <= limits.gap * abs(found.objective) and cheaper.objective < found.objective:
                found, value = replace(cheaper, status=found.status), regret
        return replace(found, objective=value, bound=min(result.bound - shift, value))

    def _least(
        self,
        terms: Uncertainty,
        best: Mapping[str, float],
        limits: Limits,
        say: Callable[[str], None],
        start: Found,
        most: float | None = None,
    ) -> tuple[Found, Result, float]:
        """One search of the risk; `most` and what the values of it have more than the risk as in `RiskMaster`."""
        expected, weights = self.master, self.years.discount
        self.master = master = RiskMaster(self.found, self.places, self.years, self.own, terms, best, limits.gap, most)
        self.years.discount = dict(master.cuts.discount)
        try:
            self._turn_to(TARGET, EVERY)
            point = start.values if start.has_point else None
            # the second search begins with a plan of least regret, which is no reason not to look further
            result = self._solved(master, tree_variant(self.found, TARGET), limits, say, point, is_enough=most is None)
        finally:
            self.master, self.years.discount = expected, weights
        return self._found(result), result, master.shift

    def _solved(
        self,
        master: TreeMaster,
        variant: Variant,
        limits: Limits,
        say: Callable[[str], None],
        start: np.ndarray | None = None,
        is_enough: bool = True,
    ) -> Result:
        """The search; what it has found so far where the time is over."""
        master.set_variant(variant)
        # what it begins with is kept and mended where that is within the gap: branch and bound is what takes longest
        enough = limits.gap if is_enough and start is not None else 0.0
        overall, limits = Bounds(), replace(limits, has_fewest=False, enough=enough)
        try:
            return in_force().guarded(
                lambda: solve_decomposed(
                    master, self.years, limits, say, start=start, rounding=self._near, overall=overall, known_plan=start
                )
            )
        except Stopped:
            return Result.stopped(overall)

    def _turn_to(self, name: str, cuts: int = BEGUN_WITH) -> None:
        """Let the operations be the variant of that plan, and begin with the last cuts of each that hold in it."""
        has_lasting = any(leaf.inputs.carbon.has_lasting for leaf in self.found.leaves)
        binds = "none" if BINDS[name] == "lasting" and not has_lasting else BINDS[name]
        variant = YearVariant(binds=binds, barred=NOT_IN_REFERENCE if name in (REFERENCE, BUSINESS) else ())
        self.years.set_variant(variant)
        self.master.cuts.release()
        self.master.cuts.drop_all()
        if variant == YearVariant():
            for i, known in self.years.found.items():
                for cut in list(known)[-cuts:]:
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
        values = {}
        for leaf in self.found.leaves:
            for y, (i, discount) in zip(leaf.inputs.years, self.own[leaf.name].items(), strict=True):
                costs[leaf.name] += discount * paid[i]
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


def whole_only(case: Case, tree: Tree, inputs: Inputs, recourse: str) -> Message | None:
    """Why a tree can only be planned as one programme; None where it need not be."""
    if recourse != "whole":
        return Message("recourse = {recourse}: is planned as one programme only", recourse=recourse)
    if any(row.operated for row in case.reserves):
        return Message("a reserve that holds by operation is planned as one programme only")
    has_undated = any(row.from_year is None for row in tree.rows)
    if has_undated and (inputs.supplies.capacity_charge or inputs.supplies.year_charge):
        return Message("contracted capacity in futures that are never known is planned as one programme only")
    return None
