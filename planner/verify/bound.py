r"""What is proven: that the programme of the file has the plan of the file as a point, and no point that costs less than the bound.

.. math:: \min c \cdot x + c_0 \qquad r \le A x \le R \qquad l \le x \le u \qquad x_i \in \mathbb{Z}

Whole numbers are split by a tree (:math:`x_i \le k` or :math:`x_i \ge k + 1`), each of whose leaves has multipliers of the rows, y.
Whatever these are, no point of the leaf costs less than

.. math:: c_0 + \sum_i \min(y_i r_i, y_i R_i) + \sum_j \min(d_j l_j, d_j u_j) \qquad d = c - A^\top y

and no point of the programme less than the least of the leaves. Multipliers that would need a bound which is not there count as 0.
Columns without a bound have those that rows imply, and where these are none `cap`: the bound is one of all plans without a quantity
above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from planner.language.message import Message
from planner.verify.certificate import Finding, PlanCertificate, same

#: Tolerance of rows, bounds and whole numbers, relative to the sum of the absolute terms.
MISSED = 1e-6
#: How often bounds are looked for in the rows.
PASSES = 6
#: Arrays of the programme.
ARRAYS = ("cost", "start", "index", "value", "lower", "upper", "row_lower", "row_upper", "integer", "point", "multipliers", "tree")


@dataclass(frozen=True)
class Programme:
    """The numbers of a programme: columns (j), rows (i), nonzeros by column; the tree's nodes are (column, split, left, right) or
    (-1, place of the multipliers, -1, -1)."""

    arrays: Mapping[str, np.ndarray]
    offset: float
    cap: float

    def __getattr__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    @property
    def column(self) -> np.ndarray:
        """Column of each nonzero."""
        return np.repeat(np.arange(len(self.cost)), np.diff(self.start))

    def is_sound(self) -> bool:
        """True if all arrays fit together."""
        n, m, nodes = len(self.cost), len(self.row_lower), self.tree
        sizes = all(len(self.arrays[a]) == n for a in ("lower", "upper", "integer", "point")) and len(self.row_upper) == m
        places = len(self.start) == n + 1 and self.start[0] == 0 and self.start[-1] == len(self.value) == len(self.index)
        inside = sizes and places and (np.diff(self.start) >= 0).all() and (self.index >= 0).all() and (self.index < m).all()
        return bool(
            inside
            and self.multipliers.ndim == 2
            and self.multipliers.shape[1] == m
            and nodes.ndim == 2
            and nodes.shape[1] == 4
            and len(nodes)
            and not any(np.isnan(self.arrays[a].astype(float)).any() for a in ARRAYS)
        )

    def misses(self) -> float:
        """The most by which the point misses a row, a bound or a whole number, as a share of what is added up there."""
        terms = self.value * self.point[self.column]
        added = np.bincount(self.index, terms, len(self.row_lower))
        size = np.maximum(np.bincount(self.index, np.abs(terms), len(self.row_lower)), 1.0)
        rows = np.maximum(self.row_lower - added, added - self.row_upper) / size
        own = np.maximum(self.lower - self.point, self.point - self.upper) / np.maximum(np.abs(self.point), 1.0)
        whole = np.where(self.integer, np.abs(self.point - np.round(self.point)), 0.0)
        return float(max(rows.max(initial=0.0), own.max(initial=0.0), whole.max(initial=0.0)))

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Bounds of the columns with those that rows imply."""
        lower, upper, column = self.lower.astype(float).copy(), self.upper.astype(float).copy(), self.column
        ahead, m = self.value > 0, len(self.row_lower)
        for _ in range(PASSES):
            for side, sign in ((self.row_upper, 1.0), (-self.row_lower, -1.0)):
                # of each row sign · a x ≤ side: what the other columns come to at least
                low = np.where(ahead == (sign > 0), lower[column], upper[column]) * self.value * sign
                is_open = ~np.isfinite(low)
                known, opens = np.bincount(self.index, np.where(is_open, 0.0, low), m), np.bincount(self.index, is_open, m)
                alone = np.isfinite(side)[self.index] & (opens[self.index] - is_open == 0)
                rest = side[self.index] - (known[self.index] - np.where(is_open, 0.0, low))
                with np.errstate(invalid="ignore", divide="ignore"):
                    limit = rest / (self.value * sign)
                alone &= np.isfinite(limit)
                limit, slack = np.where(alone, limit, 0.0), 1e-9 * (np.where(alone, np.abs(limit), 0.0) + 1.0)
                rises, falls = alone & (self.value * sign > 0), alone & (self.value * sign < 0)
                np.minimum.at(upper, column[rises], (limit + slack)[rises])
                np.maximum.at(lower, column[falls], (limit - slack)[falls])
        return lower, upper

    def least(self, y: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> tuple[float, float]:
        """What no point between the bounds costs less than, by multipliers of the rows; and how much of it rests on `cap`."""
        y = np.where(((y > 0) & ~np.isfinite(self.row_lower)) | ((y < 0) & ~np.isfinite(self.row_upper)), 0.0, y)
        rows = np.where(y > 0, self.row_lower, np.where(y < 0, self.row_upper, 0.0))
        d = self.cost - np.bincount(self.column, self.value * y[self.index], len(self.cost))
        at = np.where(d > 0, lower, np.where(d < 0, upper, 0.0))
        far = ~np.isfinite(at)
        rests = float(np.abs(d[far]).sum()) * self.cap
        return self.offset + float(y @ rows) + float(d[~far] @ at[~far]) - rests, rests


def check_bound(own: PlanCertificate) -> Iterator[Finding]:
    """The point and the bound of the programme of the file."""
    said = own.told.get("programme")
    if said is None:
        words = Message("bound: no programme in the file; a bound of the run ({gap}) is believed", gap=own.told["gap_told"])
        yield Finding(words)
        return
    if any(name not in own.arrays for name in ARRAYS):
        yield Finding(Message("bound: an array of the programme is missing"), True)
        return
    programme = Programme(own.arrays, float(said["offset"]), float(said["cap"]))
    if not programme.is_sound():
        yield Finding(Message("bound: the arrays of the programme do not fit together"), True)
        return
    cost = programme.offset + float(programme.cost @ programme.point)
    yield from _point(own, programme, cost)
    lower, upper = programme.bounds()
    found = list(leaves(programme, 0, lower, upper, 0))
    bound, rests = min(found) if found else (-np.inf, 0.0)
    told, size = float(said["bound"]), abs(float(said["cost"]))
    if not found or bound < told - 1e-7 * size:
        words = Message("bound: the multipliers prove {bound}, {told} is told", bound=f"{bound:,.2f}", told=f"{told:,.2f}")
        yield Finding(words, True)
        return
    words = Message(
        "bound: no plan of the programme ({rows} rows, {columns} columns) costs less than {bound}: the plan is within {gap} of the "
        "least, by {leaves} sets of multipliers; {rests} of it rest on quantities below {cap}",
        rows=f"{len(programme.row_lower):,}",
        columns=f"{len(programme.cost):,}",
        bound=f"{bound:,.2f}",
        leaves=len(found),
        gap=f"{max((cost - bound) / max(abs(cost), 1e-9), 0.0):.2%}",
        rests=f"{rests:,.2f}",
        cap=f"{programme.cap:,.0f}",
    )
    yield Finding(words)


def _point(own: PlanCertificate, programme: Programme, cost: float) -> Iterator[Finding]:
    """The plan as a point of the programme: it keeps every row, costs what is told, and orders what the tables say."""
    said, missed = float(own.told["programme"]["cost"]), programme.misses()
    if missed > MISSED:
        yield Finding(Message("bound: the plan misses a row of the programme by {share} of it", share=f"{missed:.1e}"), True)
    if not same(cost, said, 1.0):
        words = Message("bound: the plan costs {cost} in the programme, {told} is told", cost=f"{cost:,.2f}", told=f"{said:,.2f}")
        yield Finding(words, True)
    orders: dict[tuple[str, str], float] = {}
    for r in own.tables["investments"]:
        if r["committed"] != "1":
            orders[r["technology"], r["year"]] = orders.get((r["technology"], r["year"]), 0.0) + float(r["build"])
    names = own.told["programme"]["orders"]
    known = {(k, str(y)): float(programme.point[j]) for k, y, j in names}
    keys = sorted({*known, *orders})
    wrong = [f"{k[0]} {k[1]}" for k in keys if not same(known.get(k, 0.0), orders.get(k, 0.0), 10.0)]
    if wrong:
        words = Message("bound: {count} orders are others than in the tables, first {first}", count=len(wrong), first=wrong[0])
        yield Finding(words, True)


def leaves(programme: Programme, node: int, lower: np.ndarray, upper: np.ndarray, depth: int) -> Iterator[tuple[float, float]]:
    """The bound of each leaf below a node, and what of it rests on `cap`; nothing is left out between the branches of a node."""
    column, split, left, right = (int(v) for v in programme.tree[node])
    if column < 0:
        yield programme.least(programme.multipliers[split], lower, upper)
        return
    if not programme.integer[column] or depth > len(programme.tree) or min(left, right) <= node:
        yield -np.inf, 0.0
        return
    below, above = upper.copy(), lower.copy()
    below[column], above[column] = min(upper[column], split), max(lower[column], split + 1)
    for child, low, high in ((left, lower, below), (right, above, upper)):
        if low[column] <= high[column]:
            yield from leaves(programme, child, low, high, depth + 1)
