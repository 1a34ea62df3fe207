r"""Segments of typical days: hours of one day that follow one another and are alike share one value of each flow.

.. math:: z = C \bar z, \qquad \bar A = P A C, \quad \bar c = C^T c

1. Hours are joined to segments by Ward's method within each day, cheapest join of all days first (`segments_of`; Pineda and
   Morales, "Chronological time-period clustering for optimal capacity expansion planning with storage", 2018), by what differs
   from hour to hour: availability, demand, prices, factors.
2. C: a flow is constant within a segment; what a store holds is linear from the end of the segment before to its own end.
3. P: rows of the hours of a segment are added up; of rows that bound what is held, that of the last hour stands, since a line
   lies between its ends.

Ramps and starts are those from segment to segment. The programme is no relaxation and no restriction of that of the hours: a plan
found on it is operated on full days afterwards. Returns a template. Raises nothing that `Template` does not.

z  operation of the hours     A, c  rows and costs     P  which rows are added up     C  hours of a column
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
from pyomo.core import ConcreteModel
from scipy import sparse

from models.families import ALL
from models.inputs import Inputs
from models.operation.cost import unit_costs
from models.park import build_hours
from planner.solve.handover.matrix import NONE, Matrix, Named, name_model, rows_by_name
from planner.solve.year.template import Template

#: Hourly variables that are the state at the end of an hour, and that one of them which begins each day at 0.
STATES, OF_THE_DAY = ("held", "gained", "ahead", "behind", "green_held"), "gained"
#: Families of rows of each hour, and those of them that tie an hour to the one before.
ROWS = {family.name: family.ties for family in ALL if family.is_row and family.each == "hour"}
#: No day is cut into fewer segments.
FEWEST = 2


def segments_of(inputs: Inputs, a_day: int) -> np.ndarray:
    """Segment of each snapshot, `a_day` of them on average of all days (hours,)."""
    weight = np.asarray(inputs.calendar.weight, dtype=float)
    hours, series = len(weight), [*_series(inputs, weight)]
    scaled = [(own - own.min()) / np.ptp(own) for own in series if np.ptp(own) > 1e-12]
    return _joined(np.array(scaled).T.reshape(hours, len(scaled)), a_day * hours // 24)


def _series(inputs: Inputs, weight: np.ndarray) -> Iterable[np.ndarray]:
    """What differs from hour to hour: in the first year what plants can give and demand, in the first and the last year prices."""
    first, ones = inputs.at(inputs.years[0]), np.ones(len(weight))
    for own in (first.conversion.availability, first.demands.shape, first.contracts.shape):
        yield from (np.asarray(values) * ones for values in own.values())
    for y in (inputs.years[0], inputs.years[-1]):
        for costs in unit_costs(inputs.at(y), y).values():
            yield from (np.asarray(own) / weight for own in costs.values() if np.shape(own) == weight.shape)


def _joined(features: np.ndarray, count: int) -> np.ndarray:
    """Hours joined by Ward's method, neighbours of one day only, until so many segments are left."""
    hours = len(features)
    mean, size, left = features.copy(), np.ones(hours), hours
    after = {i: i + 1 for i in range(hours - 1) if (i + 1) % 24}
    before = {j: i for i, j in after.items()}
    of_day, version = np.full(hours // 24, 24), np.zeros(hours, dtype=int)

    def offer(a: int, b: int) -> tuple[float, int, int, int, int]:
        loss = size[a] * size[b] / (size[a] + size[b]) * float(((mean[a] - mean[b]) ** 2).sum())
        return loss, a, b, version[a], version[b]

    heap = [offer(a, b) for a, b in after.items()]
    heapq.heapify(heap)
    while left > count and heap:
        _, a, b, *seen = heapq.heappop(heap)
        if after.get(a) != b or seen != [version[a], version[b]] or of_day[a // 24] <= FEWEST:
            continue
        mean[a] = (mean[a] * size[a] + mean[b] * size[b]) / (size[a] + size[b])
        size[a] += size[b]
        version[a] += 1
        of_day[a // 24] -= 1
        left -= 1
        del after[a]
        if b in after:
            after[a] = after.pop(b)
            before[after[a]] = a
            heapq.heappush(heap, offer(a, after[a]))
        if a in before and after.get(before[a]) == a:
            heapq.heappush(heap, offer(before[a], a))
        size[b] = 0
    return np.cumsum(size > 0) - 1


class SegmentedTemplate(Template):
    """The hours of a year joined to segments. `segment`: of each hour (hours,); None: the hours themselves."""

    def __init__(self, inputs: Inputs, y: int, segment: np.ndarray | None, model: ConcreteModel | None = None) -> None:
        """`model`: in place of `build_hours`."""
        inputs = inputs.at(y)
        named = name_model(build_hours(inputs, y) if model is None else model, len(inputs.calendar.weight))
        super().__init__(inputs, y, named if segment is None else joined_to(named, segment, np.asarray(inputs.calendar.before)))


def joined_to(named: Named, segment: np.ndarray, before: np.ndarray) -> Named:
    """The matrix of the hours with hours joined to segments, and its names: each hour of a segment has the column of it."""
    starts = np.flatnonzero(np.diff(segment, prepend=-1))
    ends = np.append(starts[1:] - 1, len(segment) - 1)
    columns, series, single, first = _columns(named, starts, ends, before)
    adding, balances = _rows(named, segment, starts, ends, columns)
    old = named.matrix
    matrix = (adding @ old.by_rows() @ columns).tocsc()
    matrix.eliminate_zeros()
    matrix.sort_indices()
    last = adding.indices[adding.indptr[:-1]]
    own = Matrix(
        columns=[old.columns[i] for i in first],
        rows=[old.rows[i] for i in last],
        cost=columns.T @ old.cost,
        offset=old.offset,
        start=matrix.indptr.astype(np.int32),
        index=matrix.indices.astype(np.int32),
        value=matrix.data,
        lower=_mean(columns, old.lower),
        upper=_mean(columns, old.upper),
        row_lower=_sum(adding, old.row_lower),
        row_upper=_sum(adding, old.row_upper),
        integer=np.zeros(columns.shape[1], dtype=bool),
    )
    rows = np.array(list(balances.values()), dtype=named.balance_rows.dtype)
    return replace(named, matrix=own, series=series, single=single, balances=list(balances), balance_rows=rows)


def _columns(named: Named, starts: np.ndarray, ends: np.ndarray, before: np.ndarray) -> tuple:
    """C (columns, joined columns); the places of the joined ones by name; and a column of the hours for each of them."""
    entries: list[tuple[int, int, float]] = []
    first: list[int] = []
    series: dict[str, dict[tuple, np.ndarray]] = {}
    is_hourly = np.zeros(len(named.matrix.columns), dtype=bool)

    def new(column: int) -> int:
        first.append(column)
        return len(first) - 1

    for family, of_family in named.series.items():
        series[family] = {}
        for index, places in of_family.items():
            is_hourly[places[places != NONE]] = True
            joined = series[family][index] = np.full(len(places), NONE)
            if family in STATES:
                for end in ends[places[ends] != NONE].tolist():
                    joined[end] = new(places[end])
                for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
                    begun = NONE if family == OF_THE_DAY and start % 24 == 0 else joined[before[start]]
                    for t in range(start, end + 1):
                        share = (t - start + 1) / (end - start + 1)
                        parts = [(joined[end], share), (begun, 1 - share)] if places[t] != NONE else []
                        entries += [(places[t], at, by) for at, by in parts if at != NONE and by > 0]
                continue
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
                there = places[start : end + 1]
                if (there != NONE).any():
                    joined[start : end + 1] = np.where(there != NONE, at := new(there[there != NONE][0]), NONE)
                    entries += [(column, at, 1.0) for column in there[there != NONE].tolist()]
    place = {column: new(column) for column in np.flatnonzero(~is_hourly).tolist()}
    entries += [(column, at, 1.0) for column, at in place.items()]
    single = {f: {i: place.get(p, NONE) for i, p in own.items()} for f, own in named.single.items()}
    rows, columns, values = zip(*entries, strict=True)
    shape = len(named.matrix.columns), len(first)
    return sparse.csr_matrix((values, (rows, columns)), shape=shape), series, single, first


def _rows(named: Named, segment: np.ndarray, starts: np.ndarray, ends: np.ndarray, columns: sparse.csr_matrix) -> tuple:
    """P (joined rows, rows), and the row of each balance. Rows that the year itself does not have are added up where they have the
    same joined columns."""
    matrix, is_end = named.matrix, np.isin(np.arange(len(segment)), ends)
    is_state, is_flow = np.zeros(len(matrix.columns)), np.zeros(len(matrix.columns))
    for family, own in named.series.items():
        for places in own.values():
            (is_state if family in STATES else is_flow)[places[places != NONE]] = 1.0
    size = abs(matrix.by_rows())
    has_state, has_flow = size @ is_state > 0, size @ is_flow > 0
    groups: dict[tuple, list[int]] = {}
    for family, of_family in rows_by_name(named).items():
        for index, row in of_family.items():
            if family not in ROWS or not (has_state[row] or has_flow[row]):  # of no hour, such as of a month's peak
                groups[family, index] = [row]
            elif ROWS[family] == "hours" or has_flow[row] or is_end[index[-1]]:
                groups.setdefault((family, index[:-1], segment[index[-1]]), []).append(row)
    others = np.setdiff1d(np.arange(len(matrix.rows)), [row for own in rows_by_name(named).values() for row in own.values()])
    joined = matrix.by_rows()[others] @ columns
    for row, begin, end in zip(others.tolist(), joined.indptr, joined.indptr[1:], strict=False):
        groups.setdefault(("", tuple(sorted(joined.indices[begin:end]))), []).append(row)
    balances = {(*key[1], int(starts[key[2]])): at for at, key in enumerate(groups) if key[0] == "balance"}
    at = np.repeat(np.arange(len(groups)), [len(own) for own in groups.values()])
    rows = np.array([row for own in groups.values() for row in own])
    return sparse.csr_matrix((np.ones(len(rows)), (at, rows)), shape=(len(groups), len(matrix.rows))), balances


def _mean(columns: sparse.csr_matrix, bound: np.ndarray) -> np.ndarray:
    """Bounds of the joined columns: the mean of those of the hours; none where an hour has none."""
    return _sum(columns.T.tocsr(), bound) / np.maximum(np.asarray(columns.sum(axis=0)).ravel(), 1e-12)


def _sum(adding: sparse.csr_matrix, bound: np.ndarray) -> np.ndarray:
    is_none = ~np.isfinite(bound)
    ends = adding @ np.where(is_none, 0.0, bound)
    none = (abs(adding) @ is_none.astype(float)) > 0
    return np.where(none, np.sign(bound[is_none][0]) * np.inf if is_none.any() else 0.0, ends)


def by_segments(segment: np.ndarray) -> Callable[[Inputs, int], Template]:
    """How to make the template of each structure with these segments."""
    return lambda own, y: SegmentedTemplate(own, y, segment)
