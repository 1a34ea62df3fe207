r"""All leaves as one matrix: each is a whole park, and a decision of a node is one column for all leaves of the node.

.. math::
    \min \sum_l p_l \, (c_l \cdot x_l + o_l) \quad l_l \le A_l x_l \le u_l, \quad x_{l,j} = x_{m,j} \text{ where }
    key(l, j) = key(m, j)

The last line is not a row: columns of one key are one column (non-anticipativity), and rows that are then the same are one row. The
key of a column is its name and

- of a decision of year y: the node of y on the path of the leaf;
- of what is operated in year y, and of what the decisions up to y make of the park: that node, and the futures on the path that
  are never known (`undated`), since these differ in operation from the first year on;
- of what the register calls of the leaf (what early retirement gives up, which unit is the largest): the leaf.

Which of these a column is stands in the register (`models/families.py`, `node`). Raises ValueError for a decision that it does not
know: were it the leaf's, each future would decide it as if known from the first year on.

A decision that one leaf of a node does not offer is 0 in all of them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel
from scipy import sparse

from models.case import Case, Limit, ProfileYear, Row
from models.dot import dot
from models.families import NODES, SIGNED
from models.inputs import Inputs, TypicalDays, resolve
from models.inputs.capacity import limit_of
from models.metrics import CUMULATED
from models.park import build_master, build_park
from planner.futures.paths import in_years, path_case
from planner.futures.tree import ROOT, SUBJECTS, SUPPLY_ITEMS, Tree
from planner.planning.strategy import columns
from planner.solve import INFINITY, Matrix, SharedYears, Template, compile_model, modelling

# --- leaf ------------------------------------------------------------------------------------------------------------------
# A leaf as a park of its own: its case, its inputs on the days that all leaves share, its model and matrix.

@dataclass(frozen=True)
class Leaf:
    """A leaf of the tree.

    name, probability
    case    the park of its path, as if it were known from the start
    inputs  of that park, on the typical days of all leaves
    model, matrix  of the whole park, or of its decisions alone where not `is_whole`
    """

    name: str
    probability: float
    case: Case
    inputs: Inputs
    model: ConcreteModel
    matrix: Matrix
    is_whole: bool = True


def make_leaves(case: Case, tree: Tree, base: float, days: TypicalDays | None, is_whole: bool = True) -> list[Leaf]:
    """The leaves, built and compiled; base emissions are those of the park's own tables."""
    found = []
    for name in tree.leaves:
        own = path_case(case, tree, name)
        inputs = resolve(own, own.goal, base, days)
        found.append(compiled(name, tree.probability(name), own, inputs, is_whole))
    return found


def compiled(name: str, probability: float, case: Case, inputs: Inputs, is_whole: bool = True) -> Leaf:
    """A leaf of these inputs; not `is_whole`: its decisions alone."""
    with modelling():
        model = build_park(inputs) if is_whole else build_master(inputs)
        return Leaf(name, probability, case, inputs, model, compile_model(model), is_whole)


# --- mean ------------------------------------------------------------------------------------------------------------------
# The mean future: every series that differs is the mean of those of the leaves, weighed with their probabilities.
#
# .. math::
# \bar v(y) = \sum_l p_l \, v_l(y)
#
# year by year; of a profile hour by hour.
#
# It is what who does not think of futures plans for. What its orders cost once a future has come is the EEV.

#: Numbers of a row that are averaged, by table; of all others it is `value`.
COLUMNS = {
    "certificates": ("price", "max_share"),
    "offsets": ("price", "max_volume"),
    "stages": ("limit",),
    "rules": ("limit",),
    "budget": ("capital",),
    "supplies": SUPPLY_ITEMS,
}
#: A column of profiles.csv that no person writes: a blank begins it.
MEAN = " mean of {} from {}"


def mean_case(case: Case, leaves: Sequence[Leaf], days: TypicalDays | None) -> tuple[Case, TypicalDays | None]:
    """The park of the mean future, and the typical days with its profiles."""
    found: dict[str, Any] = {"futures": (), "future_values": ()}
    for table in SUBJECTS:
        found[table] = tuple(_mean_table(case, leaves, table))
    found["limits"] = tuple(_mean_limits(case, leaves))
    rows, columns = _mean_profiles(case, leaves)
    found["profile_years"] = tuple(rows)
    found["profiles"] = {**case.profiles, **{name: _mixed(case.profiles, parts) for name, parts in columns.items()}}
    if days is not None:
        own = {
            name: _mixed(days.profiles, parts)
            for name, parts in columns.items()
            if all(column in days.profiles for column, _ in parts)
        }
        days = replace(days, profiles={**days.profiles, **own})
    return case.model_copy(update=found), days


def _mixed(profiles: Any, parts: Sequence[tuple[str, float]]) -> np.ndarray:
    return np.sum([share * np.asarray(profiles[column], dtype=float) for column, share in parts], axis=0)


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in row.key if column != "year")


def _mean_table(case: Case, leaves: Sequence[Leaf], table: str) -> list[Row]:
    """The rows of a table, those of series that differ year by year."""
    made: list[Row] = []
    done: set[tuple[Any, ...]] = set()
    own = [{} for _ in leaves]  # type: list[dict[tuple[Any, ...], list[Any]]]
    for by_key, leaf in zip(own, leaves, strict=True):
        for row in getattr(leaf.case, table):
            by_key.setdefault(_key(row), []).append(row)
    for row in getattr(case, table):
        key = _key(row)
        if key not in done:
            done.add(key)
            made += _mean_series(case, [by_key[key] for by_key in own], [leaf.probability for leaf in leaves], table)
    return made


def _mean_series(case: Case, series: Sequence[list[Any]], shares: Sequence[float], table: str) -> list[Row]:
    first = series[0]
    if all(rows == first for rows in series):
        return first
    columns = [c for c in COLUMNS.get(table, ("value",)) if getattr(first[0], c) is not None]
    kind = type(first[0])
    if table == "budget" or not kind.is_yearly() or getattr(first[0], "metric", "") in CUMULATED:
        return [
            row.model_copy(update={c: sum(p * getattr(o[i], c) for p, o in zip(shares, series, strict=True)) for c in columns})
            for i, row in enumerate(first)
        ]
    begins = min([case.park.base_year, case.park.first_year, *(r.year for rows in series for r in rows if r.year is not None)])
    years = list(range(begins, case.park.last_year + 1))
    own = [_stepped(rows, years) if kind.is_step else in_years(rows, years, case.park.currency) for rows in series]
    return [
        own[0][y].model_copy(
            update={"year": y, **{c: sum(p * getattr(rows[y], c) for p, rows in zip(shares, own, strict=True)) for c in columns}}
        )
        for y in years
        if all(y in rows for rows in own)
    ]


def _stepped(rows: Sequence[Any], years: Sequence[int]) -> dict[int, Any]:
    """The row that holds in each year, of those that hold from their year on."""
    ordered = sorted(rows, key=lambda row: row.year or 0)
    begun = {y: [row for row in ordered if (row.year or y) <= y] for y in years}
    return {y: found[-1] for y, found in begun.items() if found}


def _mean_limits(case: Case, leaves: Sequence[Leaf]) -> list[Row]:
    """Limits that differ as rows of limits.csv, year by year; the others as they are."""
    rows = {leaf.name: leaf.case.limits for leaf in leaves}
    if all(own == case.limits for own in rows.values()):
        return list(case.limits)
    columns = {row.technology: row for row in case.technologies} | {row.link: row for row in case.links}
    keys = dict.fromkeys((row.technology, row.item) for own in (case.limits, *rows.values()) for row in own)
    made: list[Row] = []
    for name, item in keys:
        own = {leaf: [r for r in found if (r.technology, r.item) == (name, item)] for leaf, found in rows.items()}
        before = [r for r in case.limits if (r.technology, r.item) == (name, item)]
        if all(found == before for found in own.values()):
            made += before
            continue
        years = range(min(case.park.base_year, case.park.first_year), case.park.last_year + 1)
        column = getattr(columns[name], item, None)
        values = [limit_of(own[leaf.name], item, column, years) for leaf in leaves]
        made += [
            Limit(technology=name, item=item, year=y, value=sum(p.probability * v[y] for p, v in zip(leaves, values, strict=True)))
            for y in years
            if y >= case.park.first_year and all(y in v for v in values)
        ]
    return made


def _mean_profiles(case: Case, leaves: Sequence[Leaf]) -> tuple[list[ProfileYear], dict[str, list[tuple[str, float]]]]:
    """Rows of profile_years.csv, and what the columns are made of that they name: columns of profiles.csv with their shares."""
    rows: list[ProfileYear] = []
    columns: dict[str, list[tuple[str, float]]] = {}
    names = dict.fromkeys(row.profile for leaf in leaves for row in leaf.case.profile_years)
    for name in names:
        before: list[tuple[str, float]] = []
        for y in range(min(case.park.base_year, case.park.first_year), case.park.last_year + 1):
            parts = [(leaf.case.column(name, y), leaf.probability) for leaf in leaves]
            if parts == before:
                continue
            before = parts
            if len({column for column, _ in parts}) == 1:
                rows.append(ProfileYear(profile=name, year=y, column=parts[0][0]))
            else:
                column = MEAN.format(name, y)
                columns[column] = parts
                rows.append(ProfileYear(profile=name, year=y, column=column))
    return rows, columns


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

    def decided(self, nodes: Sequence[str], skip: Sequence[str] = ()) -> np.ndarray:
        """Places of the decisions of some nodes."""
        own = [i for i, key in enumerate(self.keys) if key[0] == "decision" and key[1] in nodes and key[2] not in skip]
        return np.array(own, dtype=np.int32)


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
    expected, cost, offset = np.zeros(count), {}, {}
    for leaf in leaves:
        at, own = places[leaf.name], leaf.matrix
        np.maximum.at(lower, at, own.lower)
        np.minimum.at(upper, at, own.upper)
        integer[at] |= own.integer
        cost[leaf.name] = np.bincount(at, own.cost, count)
        expected += leaf.probability * cost[leaf.name]
        offset[leaf.name] = own.offset
    for key, names in offered.items():
        if not set(tree.leaves_of(str(key[1]))) <= names:
            upper[number[key]] = min(upper[number[key]], 0.0)
    total = sum(leaf.probability * leaf.matrix.offset for leaf in leaves)
    rows, matrix = _rows(leaves, places, count)
    matrix = _matrix(matrix, rows, expected, total, lower, upper, integer)
    return Merged(tree, leaves, matrix, places, rows.of_leaf, cost, offset, list(number))


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
    if kind == "decision":
        return kind, node, family, path, index
    return kind, node, undated(tree, leaf), family, path, index


def undated(tree: Tree, leaf: str) -> tuple[str, ...]:
    """The futures on a path that are never known."""
    return tuple(name for name in tree.path(leaf) if tree.row(name).from_year is None)


@dataclass(frozen=True)
class _Rows:
    """Rows of all leaves without those that are there already, and where each leaf's stand."""

    of_leaf: dict[str, np.ndarray]
    lower: np.ndarray
    upper: np.ndarray


def _rows(leaves: Sequence[Leaf], places: Mapping[str, np.ndarray], count: int) -> tuple[_Rows, sparse.csc_matrix]:
    known: dict[tuple[bytes, ...], int] = {}
    of_leaf: dict[str, np.ndarray] = {}
    parts: list[tuple[np.ndarray, np.ndarray]] = []
    lower: list[float] = []
    upper: list[float] = []
    for leaf in leaves:
        own, at = leaf.matrix.by_rows(), places[leaf.name]
        found = np.zeros(own.shape[0], dtype=np.int32)
        for i in range(own.shape[0]):
            where = slice(own.indptr[i], own.indptr[i + 1])
            columns, values = at[own.indices[where]], own.data[where]
            order = np.argsort(columns, kind="stable")
            columns, values = columns[order], values[order]
            ends = leaf.matrix.row_lower[i], leaf.matrix.row_upper[i]
            name = columns.tobytes(), values.tobytes(), np.array(ends).tobytes()
            if name not in known:
                known[name] = len(parts)
                parts.append((columns, values))
                lower.append(ends[0])
                upper.append(ends[1])
            found[i] = known[name]
        of_leaf[leaf.name] = found
    start = np.concatenate([[0], np.cumsum([len(columns) for columns, _ in parts])])
    none = np.zeros(0)
    data = np.concatenate([none, *(values for _, values in parts)])
    index = np.concatenate([none.astype(np.int32), *(columns for columns, _ in parts)])
    matrix = sparse.csr_matrix((data, index, start), shape=(len(parts), count)).tocsc()
    return _Rows(of_leaf, np.array(lower), np.array(upper)), matrix


def _matrix(
    a: sparse.csc_matrix, rows: _Rows, cost: np.ndarray, offset: float, lower: np.ndarray, upper: np.ndarray, integer: np.ndarray
) -> Matrix:
    a.sort_indices()
    return Matrix(
        columns=list(range(a.shape[1])),
        rows=list(range(a.shape[0])),
        cost=cost,
        offset=offset,
        start=a.indptr.astype(np.int32),
        index=a.indices.astype(np.int32),
        value=a.data.astype(float),
        lower=lower,
        upper=upper,
        row_lower=rows.lower,
        row_upper=rows.upper,
        integer=integer,
    )


def after_branching(found: Merged) -> np.ndarray:
    """Places of whole numbers that are decided after the first branching."""
    later = []
    for i in np.flatnonzero(found.matrix.integer).tolist():
        key = found.keys[i]
        if key[0] == "leaf":
            index = key[4]
            y = index[-1] if isinstance(index, tuple) else index
            is_late = not isinstance(y, int) or found.tree.node(str(key[1]), y) != ROOT
        else:
            is_late = key[1] != ROOT
        if is_late:
            later.append(i)
    return np.array(later, dtype=np.int32)


# --- years -----------------------------------------------------------------------------------------------------------------
# The operations of a tree: each (node, futures that are never known, year) once.

#: Leaf and year.
Place = tuple[str, int]
#: The operations of all leaves: other leaves of a node share them.
Operations = SharedYears[Place]
#: Cuts of an operation that a new search begins with, the last ones.
BEGUN_WITH = 8
#: More than are kept.
EVERY = 10_000


def operations_of(tree: Tree, leaves: Sequence[Leaf]) -> Operations:
    """The operations of all leaves."""

    def places() -> Iterator[tuple[Place, Hashable, Inputs, int]]:
        for leaf in leaves:
            for y in leaf.inputs.years:
                key = tree.node(leaf.name, y), undated(tree, leaf.name), y, tuple(leaf.inputs.capacity.present[y])
                yield (leaf.name, y), key, leaf.inputs, y

    return SharedYears(places())


def columns_of(tree: Tree, inputs: Inputs, enough: int) -> float:
    """About how many columns the tree has as one programme: those of a year's hours for each operation. Where a first count, which
    has fewer, is above `enough`, that one."""
    count = len({(tree.node(leaf, y), undated(tree, leaf), y) for leaf in tree.leaves for y in inputs.years})
    least = columns(inputs) / len(inputs.years) * count
    if least > enough:
        return least
    with modelling():
        return len(Template(inputs, inputs.years[-1]).matrix.columns) * count
