r"""Variable splitting at month ends (Lagrangian decomposition, Guignard and Kim, 1987): commitment and activity of plants, which
ramps and starts couple; and what stores hold, where that is priced and not decided.

A row of the first hour of month m may have columns x of the hour before, which is in the month before: commitment, the activity
that a ramp limits, the energy held. Each such column gets a copy in month m, and the two must be equal:

.. math:: T_{j,m} = x_{j,m-1} - \tilde{x}_{j,m} = 0

1. The rows of month m use the copy. A row of the last hour of a month all of whose hourly columns have a copy is repeated for the
   copies.
2. T is a yearly total like any other, free in the hours and fixed at 0 in the account: its dual is the price at which the two
   months agree.

A convex combination of columns satisfies T = 0 in the mean, which is enough since months are convex. Returns the matrix with copies
and totals, and where they are. Raises nothing.

x  column of the last hour of a month (j)     x̃  its copy in the next (j,m)     T  yearly total that couples the months (j,m)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from models.families import PRICED_AT_MONTH_END
from planner.solve.handover.matrix import Matrix
from planner.solve.handover.naming import COUPLED
from planner.solve.handover.reduced import NONE
from planner.solve.hours.repeated import AllHours


@dataclass(frozen=True)
class Copies:
    """Columns that have a copy in the next month.

    columns, copies   places of the column and of its copy
    months            month, from 0, of the copy
    """

    columns: np.ndarray
    copies: np.ndarray
    months: np.ndarray


def split_at_month_ends(year: AllHours, month: np.ndarray, further: Sequence[str] = ()) -> tuple[AllHours, Copies]:
    """The hours with copies at month ends, and the totals by which column and copy are equal.

    month    of each hour, from 0
    further  families that are priced besides `PRICED_AT_MONTH_END`
    """
    matrix, entries = year.matrix, year.matrix.by_rows().tocoo()
    names, hour_of_column, is_priced = _columns(year, (*PRICED_AT_MONTH_END, *further))
    here, there = year.hour_of_row[entries.row], hour_of_column[entries.col]
    crosses = is_priced[entries.col] & (here != NONE) & (month[here] != month[there])
    columns, first = np.unique(entries.col[crosses], return_index=True)
    if not len(columns):
        return year, Copies(columns, columns, columns)
    count, width = len(columns), len(matrix.columns)
    copies, totals = width + np.arange(count), width + count + np.arange(count)
    months = month[here[crosses][first]]
    col = entries.col.copy()
    col[crosses] = copies[np.searchsorted(columns, entries.col[crosses])]
    repeated = _repeated_rows(entries, year.hour_of_row, hour_of_column, columns)
    kept = np.isin(entries.row, repeated)
    of_copy = np.isin(entries.col[kept], columns)
    copied = entries.col[kept].copy()
    copied[of_copy] = copies[np.searchsorted(columns, copied[of_copy])]
    height = len(matrix.rows) + len(repeated)
    sums = height + np.arange(count)
    rows = np.concatenate([entries.row, len(matrix.rows) + np.searchsorted(repeated, entries.row[kept]), sums, sums, sums])
    cols = np.concatenate([col, copied, columns, copies, totals])
    ones = np.ones(count)
    data = np.concatenate([entries.data, entries.data[kept], ones, -ones, -ones])
    all_entries = sparse.csc_matrix((data, (rows, cols)), shape=(height + count, width + 2 * count))
    source = np.concatenate([np.arange(len(matrix.rows)), repeated, entries.row[crosses][first]])
    next_hour = {hour: (hour + 1) % len(month) for hour in set(hour_of_column[columns].tolist())}
    hour_of_row = np.concatenate(
        [year.hour_of_row, np.array([next_hour[h] for h in year.hour_of_row[repeated].tolist()], dtype=int), np.full(count, NONE)]
    )
    coupling = {(names[c], str(m)): place for c, m, place in zip(columns.tolist(), months.tolist(), totals.tolist(), strict=True)}
    with_copies = _with_copies(matrix, all_entries, np.concatenate([np.arange(width), columns, columns]), source, totals, count)
    found = replace(year, matrix=with_copies, single={**year.single, COUPLED: coupling}, hour_of_row=hour_of_row)
    return found, Copies(columns, copies, months)


def _columns(year: AllHours, priced: Sequence[str]) -> tuple[dict[int, str], np.ndarray, np.ndarray]:
    """Names of the columns of the priced families, the hour of every column, and which are of these families."""
    names: dict[int, str] = {}
    hour, is_priced = np.full(len(year.matrix.columns), NONE), np.zeros(len(year.matrix.columns), dtype=bool)
    for family, own in year.series.items():
        for index, places in own.items():
            there = np.flatnonzero(places != NONE)
            hour[places[there]] = there
            if family in priced:
                is_priced[places[there]] = True
                names |= {place: " ".join((family, *map(str, index))) for place in places[there].tolist()}
    return names, hour, is_priced


def _repeated_rows(
    entries: sparse.coo_matrix, hour_of_row: np.ndarray, hour_of_column: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """Rows of the last hour of a month whose hourly columns all have a copy; they hold for the copies, too."""
    is_end = np.isin(hour_of_row, np.unique(hour_of_column[columns]))
    hourly, mine = (np.zeros(len(hour_of_row), dtype=int) for _ in range(2))
    np.add.at(hourly, entries.row, (hour_of_column[entries.col] != NONE).astype(int))
    np.add.at(mine, entries.row, np.isin(entries.col, columns).astype(int))
    return np.flatnonzero(is_end & (hourly > 0) & (hourly == mine))


def _with_copies(
    of: Matrix, entries: sparse.csc_matrix, columns: np.ndarray, rows: np.ndarray, totals: np.ndarray, sums: int
) -> Matrix:
    """The matrix with these columns and rows; the last `sums` rows are equalities with right-hand side 0, totals are free."""
    entries.sort_indices()
    lower, upper = of.lower[columns], of.upper[columns]
    lower[totals], upper[totals] = -np.inf, np.inf
    row_lower, row_upper = of.row_lower[rows], of.row_upper[rows]
    row_lower[len(rows) - sums :] = row_upper[len(rows) - sums :] = 0.0
    return Matrix(
        columns=[of.columns[c] for c in columns.tolist()],
        rows=[of.rows[r] for r in rows.tolist()],
        cost=np.zeros(len(columns)),
        offset=of.offset,
        start=entries.indptr.astype(np.int32),
        index=entries.indices.astype(np.int32),
        value=entries.data,
        lower=lower,
        upper=upper,
        row_lower=row_lower,
        row_upper=row_upper,
        integer=np.zeros(len(columns), dtype=bool),
    )
