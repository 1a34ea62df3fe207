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
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

import numpy as np

from models.case import Case, Future, Uncertainty
from models.families import OF_ORDERS, OF_RETIREMENTS
from models.inputs import Inputs, TypicalDays
from planner.clock import Clock
from planner.futures.tree import Tree
from planner.language.message import Message
from planner.language.words import SOLVING, step_of
from planner.machine.stopping import Stopped, in_force
from planner.plan import BINDS, BUSINESS, REFERENCE, TARGET
from planner.planning.run import Options
from planner.planning.variants import NOT_IN_REFERENCE
from planner.recourse.merged import BEGUN_WITH, EVERY, Key, Leaf, Merged, Operations, Place, merged
from planner.recourse.programme import Found, cvar, expected, fixed_within, least, risk, tree_variant
from planner.solve import INFINITY, Bounds, Limits, Master, Result, Variant, Years, YearVariant, rounding, solve_decomposed

# --- tree master -----------------------------------------------------------------------------------------------------------
# The masters of a tree: the decisions of all nodes, a column θ for each operation, and where it is asked for the columns of risk.
#
# .. math::
# C_l \ge c_l \cdot x + o_l + \sum_y \delta_y \theta_{o(l,y)} \qquad
# \text{cvar: } \min (1-w) \sum_l p_l C_l + w \Big(\eta + \tfrac{1}{\tau} \sum_l p_l z_l\Big), \quad z_l \ge C_l - \eta, z_l \ge 0
# \\
# \text{regret: } \min (1-\epsilon) \Big(\sum_l p_l C^*_l + R\Big) + \epsilon \sum_l p_l C_l, \quad R \ge C_l - C^*_l, \quad
# \text{then } \min \sum_l p_l C_l + w (R - R^*), \quad R \ge R^*
#
# Both are linear in the costs of the leaves, so the cuts of an operation are those of the search for the least expected cost.
# What is
# searched is never above what is asked for: the mean is no larger than cvar, and no larger than the least cost of all leaves with
# the
# largest regret. So its bound is one. The small share ε of the expected cost chooses among plans of nearly the same regret, or
# cvar.
#
# p  probability (l)   1     δ  discount (y)   1     θ  cost of an operation (o)   money     w, τ  weight and tail   1
# C, C*  cost of a leaf, and its least, were it known   money     R  largest regret   money     ε  share of the expected cost   1

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

    def _add_level(self) -> None:
        """The columns of risk and their rows, and the row of the level set."""
        leaves, unit, scale = self.found.leaves, self.unit, self.solver.scale
        own = self.weight * (np.ones(1) if self.is_regret else np.array([1.0, *(p / self.terms.tail for p in self.share.values())]))
        offset = self.mean * self.compiled.offset + self.weight * self.shift
        self.compiled = self.matrix = replace(self.compiled, offset=offset)
        base, self.costs = len(self.costs), np.concatenate([self.mean * self.costs, own * unit])
        self.all_columns = np.arange(len(self.costs), dtype=np.int32)
        self.level_row = np.array([self.solver.row_count() + len(leaves)], dtype=np.int32)
        for solver in self.solvers:
            risk = solver.add_free_columns(own * unit)
            solver.set_bounds(risk[1:], np.zeros(len(risk) - 1), np.full(len(risk) - 1, INFINITY))
            if self.most is not None:
                solver.set_bounds(risk[:1], np.array([scale * self.most]), np.array([INFINITY]))
            for i, leaf in enumerate(leaves):
                cost = self.accounts.costs(base, self.own[leaf.name])
                cost[: len(self.found.cost[leaf.name])] += self.found.cost[leaf.name]
                for operation, weight in self.own[leaf.name].items():
                    cost[self.theta[operation]] += weight * unit
                paid, mine = np.flatnonzero(cost), risk[:1] if self.is_regret else risk[[0, 1 + i]]
                columns = np.concatenate([paid, mine]).astype(np.int32)
                values = np.concatenate([-scale * cost[paid], np.ones(len(mine))])
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


# --- decomposed ------------------------------------------------------------------------------------------------------------

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
        self.master.accounts.set_variant(variant)
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


# --- search ----------------------------------------------------------------------------------------------------------------
# What a tree is planned with: its leaves and their programme, and the plan of each leaf alone.

#: Share of the time that the plans of the leaves alone may take, and the first of them where the tree is decomposed.
ALONE, FIRST = 0.4, 0.15
#: Gap of a plan that is only to begin with.
ROUGH = 0.05


@dataclass
class Search:
    """What a tree is planned with.

    days    typical days of all leaves; None: every hour
    base    base emissions, of the park's own tables   t
    best    by leaf: its plan alone
    operations, method   of all leaves, and what solves the tree with them; None: as one programme
    start   decisions for the search of the tree to begin with, whichever node they are of
    """

    case: Case
    terms: Uncertainty
    tree: Tree
    options: Options
    clock: Clock
    base: float
    days: TypicalDays | None
    leaves: list[Leaf]
    found: Merged
    best: dict[str, Found]
    operations: Operations | None = None
    method: TreeMethod | None = None
    start: Mapping[Key, float] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, float]:
        """Least cost of each leaf, were it known from the start (money); of those of which a plan was found in time."""
        return {name: found.costs[name] for name, found in self.best.items() if found.has_point}

    @property
    def is_known(self) -> bool:
        """True if every leaf has a plan of its own."""
        return len(self.known) == len(self.leaves)

    @property
    def limits(self) -> Limits:
        """Gap and seconds of a search."""
        return Limits(self.options.gap, self.clock.left(0.6))

    def say(self, name: str) -> Callable[[str], None]:
        """Tell how a plan's solve goes."""
        return lambda text: self.clock.progress(step_of(SOLVING, name), text)

    def stand(self, leaf: Leaf, found: Found) -> None:
        """Let the model of a leaf have the years of a plan, where they are solved by themselves."""
        if self.operations is not None:
            stand(self.operations, leaf, found)

    @property
    def likeliest(self) -> Leaf:
        """The leaf of the largest probability, the first of several."""
        return max(self.leaves, key=lambda leaf: leaf.probability)

    def find_start(self) -> None:
        """Plan the likeliest leaf alone, roughly; the search of the tree begins with these decisions."""
        leaf = self.likeliest
        with self.clock.step(step_of(SOLVING, leaf.name)):
            limits = Limits(max(ROUGH, self.options.gap), self.clock.left(FIRST))
            self.start = alone(leaf, limits, operations=self.operations, say=self.say(leaf.name)).named

    def solve_leaves(self, optimum: Found | None = None) -> None:
        """Find the plan of each leaf alone. It begins with the leaf's path in a plan of the tree, which is a plan of the leaf;
        where there is none, with the plan of the leaf before, which is one of other prices."""
        near: Mapping[Key, float] = self.start
        for i, leaf in enumerate(self.leaves):
            with self.clock.step(step_of(SOLVING, leaf.name)):
                limits = replace(self.limits, seconds=self.clock.left(ALONE / (len(self.leaves) - i)))
                if optimum is not None and optimum.has_point:
                    near = self.found.named(optimum.values, leaf.name)
                self.best[leaf.name] = alone(leaf, limits, operations=self.operations, near=near, say=self.say(leaf.name))
                near = self.best[leaf.name].named or near

    def search(self, name: str, fixed: Mapping[int, float] | None = None, near: Mapping[Key, float] | None = None) -> Found:
        """The least expected cost of a plan of that name; `near`: decisions to begin with, by default of `start`."""
        with self.clock.step(step_of(SOLVING, name)):
            if self.method is not None:
                near = self.start if near is None and name == TARGET else near
                return self.method.expected(self.limits, self.say(name), name, fixed, near)
            return expected(self.found, self.limits, name=name, fixed=fixed, relaxed=self.terms.recourse == "relaxed")

    def bounded(self, found: Found) -> Found:
        """The plan of least expected cost with the larger of two lower bounds: that of its search, and the expected value of the
        bounds of the leaves alone. The latter is one since WS ≤ SP."""
        if len(self.best) < len(self.leaves) or not found.has_point:
            return found
        mean = sum(leaf.probability * self.best[leaf.name].bound for leaf in self.leaves)
        return replace(
            found, bound=min(max(found.bound, mean), found.expected({leaf.name: leaf.probability for leaf in self.leaves}))
        )

    def least(self, terms: Uncertainty, best: Mapping[str, float], optimum: Found) -> Found:
        """The least cvar or regret; `best`: least cost of each leaf (money), `optimum`: the plan of least expected cost."""
        if self.method is not None:
            return self.method.least(terms, best, self.limits, self.say(TARGET), optimum)
        return least(self.found, terms, best, self.limits)


def alone(
    leaf: Leaf,
    limits: Limits,
    name: str = TARGET,
    operations: Operations | None = None,
    kept: Mapping[Key, float] | None = None,
    near: Mapping[Key, float] | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Found:
    """The plan of a leaf, were it known from the start; with its `operations` where years are solved by themselves.

    kept  values of decisions, by what stands behind the node in their keys
    near  decisions to begin with, by the same
    """
    tree = single(leaf)
    found = merged(tree, [replace(leaf, probability=1.0)])
    fixed = {i: kept[key[2:]] for i, key in enumerate(found.keys) if key[0] == "decision" and key[2:] in kept} if kept else None
    if operations is None:
        plan = expected(found, limits, name=name, fixed=fixed)
    else:
        plan = TreeMethod(found, operations).expected(limits, say, name, fixed, near)
    return replace(plan, named=found.named(plan.values, leaf.name)) if plan.has_point else plan


def single(leaf: Leaf) -> Tree:
    """A tree of one leaf."""
    park = leaf.case.park
    return Tree((Future(future=leaf.name, probability=1.0),), park.first_year, park.last_year)
