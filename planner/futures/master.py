r"""The decisions of all leaves as one matrix, and the masters of the tree that stand on it.

.. math:: \min \sum_l p_l \, (c_l \cdot x_l + o_l) \quad l_l \le A_l x_l \le u_l, \quad x_{l,j} = x_{m,j} \text{ where }
    key(l, j) = key(m, j)

The last line is not a row: columns of one key are one column (non-anticipativity), and rows that are then the same are one row. The
key of a column is its name and

- of a decision of year y: the node of y on the path of the leaf;
- of what is operated in year y, and of what the decisions up to y make of the park: that node, and the futures on the path that
  are never known (`undated`), since these differ in operation from the first year on;
- of what the register calls of the leaf (what early retirement gives up, which unit is the largest): the leaf.

Which of these a column is stands in the register (`models/families.py`, `node`). Raises ValueError for a decision that it does not
know: were it the leaf's, each future would decide it as if known from the first year on. A decision that one leaf of a node does
not offer is 0 in all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel
from scipy import sparse

from models.case import Case, Uncertainty
from models.dot import dot
from models.families import NODES, OF_ORDERS, OF_RETIREMENTS, SIGNED
from models.inputs import Inputs, TypicalDays, resolve
from models.operation.cost import charges_of
from models.park import build_master
from planner.futures.paths import path_case
from planner.futures.tree import Tree
from planner.solve import (
    INFINITY,
    CutRows,
    KeptRow,
    Master,
    Matrix,
    OutageCuts,
    OutageDays,
    SharedYears,
    Template,
    Years,
    by_segments,
    compile_model,
    modelling,
    segments_of,
)

# --- leaf ------------------------------------------------------------------------------------------------------------------
# A leaf as a park: its case, its inputs on the days that all leaves share, its model and matrix.


@dataclass(frozen=True)
class Leaf:
    """A leaf of the tree.

    name, probability
    case    the park of its path, as if it were known from the start
    inputs  of that park, on the typical days of all leaves
    model, matrix  of its decisions
    """

    name: str
    probability: float
    case: Case
    inputs: Inputs
    model: ConcreteModel
    matrix: Matrix


def make_leaves(case: Case, tree: Tree, base: float, days: TypicalDays | None) -> list[Leaf]:
    """The leaves, built and compiled; base emissions are those of the park's own tables."""
    cases = {name: path_case(case, tree, name) for name in tree.leaves}
    inputs = {name: resolve(own, own.goal, base, days) for name, own in cases.items()}
    shared = contracts_shared(inputs.values()) if tree.has_undated else {}
    return [compiled(name, tree.probability(name), own, inputs[name], shared) for name, own in cases.items()]


def contracts_shared(leaves: Iterable[Inputs]) -> dict[tuple[str, int], float]:
    """Capacity that is contracted for all leaves alike, and the most that any of them may pull (MW)."""
    most: dict[tuple[str, int], float] = {}
    for inputs in leaves:
        for b, y in inputs.supplies.capacity_charge:
            most[b, y] = max(most.get((b, y), 0.0), charges_of(inputs, y).bound[b])
    return most


def compiled(name: str, probability: float, case: Case, inputs: Inputs, shared: Mapping[tuple[str, int], float]) -> Leaf:
    """A leaf that is this park; `shared`: see `Supplies.shared_contracts`."""
    inputs = replace(inputs, supplies=replace(inputs.supplies, shared_contracts=shared))
    with modelling():
        model = build_master(inputs)
        return Leaf(name, probability, case, inputs, model, compile_model(model))


# --- merged ----------------------------------------------------------------------------------------------------------------

Key = tuple[Hashable, ...]


@dataclass(frozen=True)
class Merged:
    """The matrix of the tree.

    matrix   columns and rows have no Pyomo objects; its cost is that of the expected cost
    places   by leaf: the place of each of its columns
    rows     by leaf: the place of each of its rows
    cost     by leaf: its system cost is cost · x + offset     money, by place
    keys     the key of each column
    """

    tree: Tree
    leaves: Sequence[Leaf]
    matrix: Matrix
    places: Mapping[str, np.ndarray]
    rows: Mapping[str, np.ndarray]
    cost: Mapping[str, np.ndarray]
    offset: Mapping[str, float]
    keys: Sequence[Key]

    @property
    def share(self) -> dict[str, float]:
        """Probability of each leaf."""
        return {leaf.name: leaf.probability for leaf in self.leaves}

    def costs(self, values: np.ndarray) -> dict[str, float]:
        """System cost of each leaf at a point."""
        count = len(self.keys)
        return {name: dot(own, values[:count]) + self.offset[name] for name, own in self.cost.items()}

    def named(self, values: np.ndarray, leaf: str) -> dict[Key, float]:
        """The decisions of a point on the path of a leaf, and what they make of the park, by what stands behind the node in their
        keys."""
        path = ((self.keys[i], float(values[i])) for i in self.places[leaf].tolist())
        return {key[-3:]: value for key, value in path if key[0] == "decision" or key[-2] is None}

    def point(self, named: Mapping[Key, float]) -> np.ndarray:
        """The point at which every node decides what is `named`."""
        return np.array([named.get(key[-3:], 0.0) for key in self.keys])

    def decided(self, node: str) -> list[int]:
        """Places of the decisions of a node."""
        return [i for i, key in enumerate(self.keys) if key[0] == "decision" and key[1] == node]


def merged(tree: Tree, leaves: Sequence[Leaf]) -> Merged:
    """The leaves as one matrix."""
    number: dict[Key, int] = {}
    places, offered = {}, dict[Key, set[str]]()
    for leaf in leaves:
        keys = [key_of(tree, leaf.name, variable) for variable in leaf.matrix.columns]
        places[leaf.name] = np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int32)
        for key in keys:
            if key[0] == "decision":
                offered.setdefault(key, set()).add(leaf.name)
    count = len(number)
    lower, upper, integer = np.full(count, -INFINITY), np.full(count, INFINITY), np.zeros(count, dtype=bool)
    expected, cost = np.zeros(count), {}
    for leaf in leaves:
        at, own = places[leaf.name], leaf.matrix
        np.maximum.at(lower, at, own.lower)
        np.minimum.at(upper, at, own.upper)
        integer[at] |= own.integer
        cost[leaf.name] = np.bincount(at, own.cost, count)
        expected += leaf.probability * cost[leaf.name]
    for key, names in offered.items():
        if not set(tree.leaves_of(str(key[1]))) <= names:
            upper[number[key]] = min(upper[number[key]], 0.0)
    a, of_leaf, row_lower, row_upper = _rows(leaves, places, count)
    matrix = Matrix(
        columns=list(range(count)),
        rows=list(range(a.shape[0])),
        cost=expected,
        offset=sum(leaf.probability * leaf.matrix.offset for leaf in leaves),
        start=a.indptr.astype(np.int32),
        index=a.indices.astype(np.int32),
        value=a.data.astype(float),
        lower=lower,
        upper=upper,
        row_lower=row_lower,
        row_upper=row_upper,
        integer=integer,
    )
    return Merged(tree, leaves, matrix, places, of_leaf, cost, {leaf.name: leaf.matrix.offset for leaf in leaves}, list(number))


def key_of(tree: Tree, leaf: str, variable: Any) -> Key:
    """What tells a column of a leaf from all others that are not the same."""
    family, block = variable.parent_component().local_name, variable.parent_block()
    index, path = variable.index(), block.index()
    if path is not None:  # the operation of a year, or of a stress day of it
        y = path[0] if isinstance(path, tuple) else path
        kind = "decision" if family in SIGNED else "operation"
    else:
        y = index[-1] if isinstance(index, tuple) else index
        kind = NODES.get(family, "")
    if not kind:
        raise ValueError(f"not in models/families.py: with which futures {family} is shared (node)")
    if kind == "leaf" or not isinstance(y, int) or not tree.first_year <= y <= tree.last_year:
        return "leaf", leaf, family, path, index
    node = tree.node(leaf, y)
    return (kind, node, family, path, index) if kind == "decision" else (kind, node, undated(tree, leaf), family, path, index)


def undated(tree: Tree, leaf: str) -> tuple[str, ...]:
    """The futures on a path that are never known."""
    return tuple(name for name in tree.path(leaf) if tree.row(name).from_year is None)


def _rows(leaves: Sequence[Leaf], places: Mapping[str, np.ndarray], count: int) -> tuple:
    """Rows of all leaves without those that are there already, where each leaf's stand, and their bounds."""
    known: dict[tuple[bytes, ...], int] = {}
    of_leaf: dict[str, np.ndarray] = {}
    parts: list[tuple[np.ndarray, np.ndarray]] = []
    bounds: list[tuple[float, float]] = []
    for leaf in leaves:
        own, at = leaf.matrix.by_rows(), places[leaf.name]
        found = np.zeros(own.shape[0], dtype=np.int32)
        for i, ends in enumerate(zip(leaf.matrix.row_lower.tolist(), leaf.matrix.row_upper.tolist(), strict=True)):
            where = slice(own.indptr[i], own.indptr[i + 1])
            order = np.argsort(at[own.indices[where]], kind="stable")
            columns, values = at[own.indices[where]][order], own.data[where][order]
            name = columns.tobytes(), values.tobytes(), np.array(ends).tobytes()
            if name not in known:
                known[name] = len(parts)
                parts.append((columns, values))
                bounds.append(ends)
            found[i] = known[name]
        of_leaf[leaf.name] = found
    start = np.cumsum([0, *(len(columns) for columns, _ in parts)])
    data = np.concatenate([np.zeros(0), *(values for _, values in parts)])
    index = np.concatenate([np.zeros(0, dtype=np.int32), *(columns for columns, _ in parts)])
    matrix = sparse.csr_matrix((data, index, start), shape=(len(parts), count)).tocsc()
    matrix.sort_indices()
    limits = np.array(bounds, dtype=float).reshape(-1, 2)
    return matrix, of_leaf, limits[:, 0].copy(), limits[:, 1].copy()


# --- operations ------------------------------------------------------------------------------------------------------------
# The operations of a tree: each (node, futures that are never known, year) once.

#: Leaf and year.
Place = tuple[str, int]
#: Hours of a day: as many segments are the hours themselves.
HOURS_OF_DAY = 24


@dataclass(frozen=True)
class Operations:
    """The operations of all leaves, other leaves of a node share them: on full days, and as they are searched. Those of a large
    park are searched on segments of their days."""

    full: SharedYears[Place]
    searched: SharedYears[Place]
    #: By leaf: the rows of operations with a unit out that any search found.
    outage_rows: dict[str, list[KeptRow]] = field(default_factory=dict)

    @property
    def on_segments(self) -> bool:
        """True where a plan that was searched is to be operated on full days."""
        return self.full is not self.searched


def operations_of(tree: Tree, leaves: Sequence[Leaf], a_day: int = HOURS_OF_DAY) -> Operations:
    """The operations of all leaves, searched on so many segments of a day."""

    def places() -> Iterator[tuple[Place, Hashable, Inputs, int]]:
        for leaf in leaves:
            for y in leaf.inputs.years:
                key = tree.node(leaf.name, y), undated(tree, leaf.name), y, tuple(leaf.inputs.capacity.present[y])
                yield (leaf.name, y), key, leaf.inputs, y

    full = SharedYears(places())
    if a_day >= HOURS_OF_DAY:
        return Operations(full, full)
    known: dict[Hashable, Callable[[Inputs, int], Template]] = {}

    def segmented(inputs: Inputs) -> Callable[[Inputs, int], Template]:
        """Leaves of the same profiles have the same segments, so that a cut of the one may hold in the other."""
        profiles = tuple(inputs.columns_of(y) for y in inputs.years)
        if profiles not in known:
            known[profiles] = by_segments(segments_of(inputs, a_day))
        return known[profiles]

    return Operations(full, SharedYears(places(), segmented))


# --- masters ---------------------------------------------------------------------------------------------------------------
# The decisions of all nodes, a column θ for each operation, and where it is asked for the columns of risk.
#
# .. math::
#     C_l \ge c_l \cdot x + o_l + \sum_y \delta_y \theta_{o(l,y)} \qquad
#     \text{cvar: } \min (1-w) \sum_l p_l C_l + w \Big(\eta + \tfrac{1}{\tau} \sum_l p_l z_l\Big), \quad z_l \ge C_l - \eta,
#     z_l \ge 0 \\
#     \text{regret: } \min (1-\epsilon) \Big(\sum_l p_l C^*_l + R\Big) + \epsilon \sum_l p_l C_l, \quad R \ge C_l - C^*_l, \quad
#     \text{then } \min \sum_l p_l C_l + w (R - R^*), \quad R \ge R^*
#
# Both are linear in the costs of the leaves, so the cuts of an operation are those of the search for the least expected cost. What
# is searched is never above what is asked for: the mean is no larger than cvar, and no larger than the least cost of all leaves
# with the largest regret. So the bound of the search is also one of what is asked for. The small share ε of the expected cost
# chooses among plans of nearly the same regret, or cvar.
#
# p  probability (l)   1     δ  discount (y)   1     θ  cost of an operation (o)   money     w, τ  weight and tail   1
# C, C*  cost of a leaf, and its least, were it known   money     R  largest regret   money     ε  share of the expected cost   1

#: ε is this share of the gap asked for, within these.
SHARE, LEAST, MOST = 0.1, 1e-6, 1e-2
#: w: a larger regret is accepted only if the expected cost falls by more than this many times as much.
DEARER = 100.0
#: Families of decisions that the search among whole numbers knows by name.
FAMILIES = ("build", "retire", "plant", *OF_ORDERS, *OF_RETIREMENTS)


class TreeMaster(Master):
    """The master of a tree; its years are the operations."""

    def __init__(self, tree: Merged, places: Mapping[int, Place], years: Years, outage_rows: dict[str, list[KeptRow]]) -> None:
        self.tree, self.of = tree, places
        self.leaf = {leaf.name: leaf for leaf in tree.leaves}
        columns: list[Any] = [None] * len(tree.keys)
        for leaf in reversed(tree.leaves):  # of a shared column that of the first leaf
            for variable, place in zip(leaf.matrix.columns, tree.places[leaf.name].tolist(), strict=True):
                columns[place] = variable
        matrix = replace(tree.matrix, columns=columns, column={id(v): i for i, v in enumerate(columns)})
        families = SimpleNamespace(**{name: _family(tree, columns, name) for name in FAMILIES})
        super().__init__(tree.leaves[0].inputs, families, years, matrix, years.discount)
        for i, cuts in years.found.items():
            self.cuts.know(self.accounts.of[i].year, cuts)
        self.outages: Any = TreeOutages(tree, self.of.values(), self.cuts, outage_rows)

    def _place(self, kind: str, name: Any, y: int) -> int:
        leaf, year = self.of[y]
        index = (*name, year) if isinstance(name, tuple) else (name, year)
        place = self.leaf[leaf].matrix.column.get(id(getattr(self.leaf[leaf].model, kind)[index]))
        if place is None:
            raise KeyError(f"the master has no column for {kind} of {name} in {year}")
        return int(self.tree.places[leaf][place])

    def _least(self, y: int) -> float:
        leaf, year = self.of[y]
        return self.least_of(self.leaf[leaf].inputs, year)


class TreeOutages:
    """The operations with a unit out of all leaves, those of a node once, as `OutageCuts` are of one park; they bind while `holds`.

    known  by leaf: the rows found by any search, which hold in every other of the same park
    """

    def __init__(self, tree: Merged, places: Collection[Place], cuts: CutRows, known: dict[str, list[KeptRow]]) -> None:
        self.cuts, self.known, self._holds = cuts, known, True
        self.of: dict[str, OutageCuts] = {}
        for leaf in tree.leaves:
            at = tree.places[leaf.name].tolist()
            matrix: Any = SimpleNamespace(column={i: at[place] for i, place in leaf.matrix.column.items()})
            self.of[leaf.name] = own = OutageCuts(leaf.inputs, leaf.model, matrix, cuts, partial(_days_of, leaf))
            own.all = [key for key in own.all if (leaf.name, key[0]) in places]
            own.price = {y: leaf.probability * price for y, price in own.price.items()}
        self.recall()

    @property
    def holds(self) -> bool:
        """True while they bind."""
        return self._holds

    @holds.setter
    def holds(self, holds: bool) -> None:
        self._holds = holds
        for own in self.of.values():
            own.holds = holds

    def recall(self) -> None:
        """Rows that are known become rows where the master violates them."""
        for name, own in self.of.items():
            for row in self.known.get(name, ()):
                self.cuts.add_row(own.row_of(row, row.of[0]), is_violated=False)

    def add_rows_at(self, point: np.ndarray) -> Any:
        """What is unserved at a point, in the worst leaf and in all; the rows of it go to the master."""
        found = {name: own.add_rows_at(point) for name, own in self.of.items()}
        for name, short in found.items():
            self.known.setdefault(name, []).extend(short.rows)
        each, rows = [*found.values()], tuple(row for short in found.values() for row in short.rows)
        total, penalty = sum(short.total for short in each), sum(short.penalty for short in each)
        return replace(each[0], most=max(short.most for short in each), total=total, penalty=penalty, rows=rows)


def _days_of(leaf: Leaf, _: Inputs | None = None) -> OutageDays:
    """The stress days of a leaf, made once."""
    if not hasattr(leaf.model, "outage_days"):
        leaf.model.outage_days = OutageDays(leaf.inputs)
    days: OutageDays = leaf.model.outage_days
    return days


def _family(tree: Merged, columns: list[Any], name: str) -> dict[tuple[Any, ...], Any]:
    """A family of all leaves: index without its year, and the place -> the variable that stands for the column."""
    family: dict[tuple[Any, ...], Any] = {}
    for leaf in tree.leaves:
        for index, variable in getattr(leaf.model, name).items():
            place = leaf.matrix.column.get(id(variable))
            if place is not None:
                at = int(tree.places[leaf.name][place])
                family[(*index[:-1], at)] = columns[at]
    return family


class RiskMaster(TreeMaster):
    """The master of cvar or regret.

    of_leaf  by leaf: its operations, and the discount of each
    best   C* by leaf (money); of regret
    shift  what the value of a plan has more than its regret (money)
    most   R*, the least regret that is known, where the least expected cost with it is searched; else None   money
    """

    def __init__(
        self,
        tree: Merged,
        places: Mapping[int, Place],
        years: Years,
        outage_rows: dict[str, list[KeptRow]],
        of_leaf: Mapping[str, Mapping[int, float]],
        terms: Uncertainty,
        best: Mapping[str, float],
        gap: float,
        most: float | None = None,
    ) -> None:
        epsilon = min(max(SHARE * gap, LEAST), MOST)
        self.terms, self.best, self.share = terms, best, tree.share
        self.is_regret = terms.objective == "regret"
        self.weight = 1.0 - epsilon if self.is_regret else min(terms.weight, 1.0 - epsilon)
        self.shift = sum(p * best[name] for name, p in self.share.items()) if self.is_regret else 0.0
        self.of_leaf, self.most, self.mean = of_leaf, most, 1.0 - self.weight
        if most is not None:
            self.mean, self.weight, self.shift = 1.0, DEARER, -most
        super().__init__(tree, places, years, outage_rows)
        #: A cut counts for what its operation may weigh at most: as if its leaf were the only one.
        self.cuts.discount = {i: discount for operations in of_leaf.values() for i, discount in operations.items()}

    def _add_level(self) -> None:
        """The columns of risk and their rows, and the row of the level set."""
        leaves, unit, scale = self.tree.leaves, self.unit, self.solver.scale
        tail = () if self.is_regret else (p / self.terms.tail for p in self.share.values())
        paid = self.weight * np.array([1.0, *tail])
        offset = self.mean * self.compiled.offset + self.weight * self.shift
        self.compiled = self.matrix = replace(self.compiled, offset=offset)
        base, self.costs = len(self.costs), np.concatenate([self.mean * self.costs, paid * unit])
        self.all_columns = np.arange(len(self.costs), dtype=np.int32)
        self.level_row = np.array([self.solver.row_count() + len(leaves)], dtype=np.int32)
        risk = self.solver.add_free_columns(paid * unit)
        self.solver.set_bounds(risk[1:], np.zeros(len(risk) - 1), np.full(len(risk) - 1, INFINITY))
        if self.most is not None:
            self.solver.set_bounds(risk[:1], np.array([scale * self.most]), np.array([INFINITY]))
        for i, leaf in enumerate(leaves):
            cost = self.accounts.costs(base, self.of_leaf[leaf.name])
            cost[: len(self.tree.cost[leaf.name])] += self.tree.cost[leaf.name]
            for operation, weight in self.of_leaf[leaf.name].items():
                cost[self.theta[operation]] += weight * unit
            places, mine = np.flatnonzero(cost), risk[:1] if self.is_regret else risk[[0, 1 + i]]
            values = np.concatenate([-scale * cost[places], np.ones(len(mine))])
            least = self.tree.offset[leaf.name] - (self.best[leaf.name] if self.is_regret else 0.0)
            self.solver.add_row(scale * least, INFINITY, np.concatenate([places, mine]).astype(np.int32), values)
        self.solver.add_row(-INFINITY, INFINITY, self.all_columns, self.costs * self.solver.scale)
        self.solver.set_cost(self.costs, offset)

    def system_cost(self, values: np.ndarray, cuts: dict[int, Any]) -> float:
        """What is minimised, at a point whose operations are solved (money)."""
        costs = self.tree.costs(values)
        for name, operations in self.of_leaf.items():
            costs[name] += sum(discount * cuts[i].cost for i, discount in operations.items())
        mean = sum(self.share[name] * cost for name, cost in costs.items())
        if self.is_regret:
            worst = max(cost - self.best[name] for name, cost in costs.items())
            worst = self.shift + (worst if self.most is None else max(worst, self.most))
        else:
            worst = cvar(costs, self.share, self.terms.tail)
        return self.mean * mean + self.weight * worst


def risk(terms: Uncertainty, costs: Mapping[str, float], probability: Mapping[str, float], best: Mapping[str, float]) -> float:
    """The objective of known costs (money)."""
    mean = sum(probability[name] * cost for name, cost in costs.items())
    if terms.objective == "expected":
        return mean
    if terms.objective == "regret":
        return max(costs[name] - best[name] for name in costs)
    return (1 - terms.weight) * mean + terms.weight * cvar(costs, probability, terms.tail)


def cvar(costs: Mapping[str, float], probability: Mapping[str, float], tail: float) -> float:
    """Mean cost of the worst share of the leaves (money)."""
    left, total = tail, 0.0
    for name in sorted(costs, key=lambda name: -costs[name]):
        share = min(probability[name], left)
        total += share * costs[name]
        left -= share
    return total / (tail - max(left, 0.0))
