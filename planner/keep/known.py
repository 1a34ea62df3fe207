r"""A park of which only the years until one are known: what its tables say of later years is held as in that year.

.. math::
    v(y) = v(\min(y, k))

for prices, costs, demand, emission factors, certificates, credits, emissions of processes and profiles. What the park itself has
resolved (goal, rules, budget, limits, what stands and what is signed) is known from the start, and so is how long things last.

v  a figure     k  last year that is known
"""

from __future__ import annotations

from typing import Any

from models.case import Case, Row
from planner.futures.series import in_years

#: Tables that are known for some years only.
TABLES = ("prices", "costs", "demand", "emission_factors", "certificates", "offsets", "process_emissions")
#: A parameter of costs that is known.
LASTS = "lifetime"


def known_until(case: Case, year: int) -> Case:
    """The case in which nothing is known of the years after one."""
    update: dict[str, Any] = {name: _held(case, name, year) for name in TABLES}
    update["profile_years"] = tuple(row for row in case.profile_years if row.year <= year)
    return case.model_copy(update=update)


def _held(case: Case, table: str, year: int) -> tuple[Row, ...]:
    series: dict[tuple[Any, ...], list[Any]] = {}
    for row in getattr(case, table):
        series.setdefault(tuple(getattr(row, c) for c in row.key if c != "year"), []).append(row)
    return tuple(row for rows in series.values() for row in _until(rows, year, case.park.currency))


def _until(rows: list[Any], year: int, currency: str) -> list[Any]:
    """The rows of a series until a year, and what it has in that year."""
    if all(row.year is None or row.year <= year for row in rows) or getattr(rows[0], "parameter", "") == LASTS:
        return rows
    return [*(row for row in rows if row.year is not None and row.year < year), in_years(rows, [year], currency)[year]]
