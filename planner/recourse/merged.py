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

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from models.dot import dot
from models.families import NODES, SIGNED
from planner.futures.tree import ROOT, Tree
from planner.recourse.leaf import Leaf
from planner.solve import INFINITY, Matrix

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
