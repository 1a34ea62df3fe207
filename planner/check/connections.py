"""Connections: what supplies share, and the peaks and contracts that are paid for."""

from __future__ import annotations

import math

import numpy as np

from planner.check.flows import Year


def behind(year: Year, payer: str) -> list[str]:
    """Importing supplies that a charge in this name is on: a supply alone, or all behind a connection."""
    return [s.supply for s in year.figures.case.supplies if s.can_import and payer in (s.supply, s.connection)]


def payers(year: Year) -> list[str]:
    """Supplies that import, and connections."""
    importing = [s.supply for s in year.figures.case.supplies if s.can_import]
    return importing + [c.connection for c in year.figures.case.connections]


def together(year: Year, flow: str, names: list[str]) -> np.ndarray:
    """A flow of several supplies in every hour."""
    return np.sum([np.zeros(year.hours.count), *(year.flow(flow, s) for s in names)], axis=0)


def check_limits(year: Year) -> None:
    """The supplies behind a connection stay within its limits, or within its capacity."""
    for c in year.figures.case.connections:
        names = [s.supply for s in year.figures.case.supplies if s.connection == c.connection]
        capacity = year.capacity.get(c.connection, 0.0) if c.type else math.inf
        for flow, stated in (("import", c.max_import), ("export", c.max_export)):
            most = min(capacity, math.inf if stated is None else stated)
            label = f"{flow} within the limit of the connection"
            year.book.at_most_hours(label, year.y, c.connection, together(year, flow, names), most)


def check_charges(year: Year) -> None:
    """A paid peak is the highest import of its month; a contract covers every import; where both are given, one is paid."""
    peaks, contracts = paid_peaks(year), paid_contracts(year)
    for name in payers(year):
        imports = together(year, "import", behind(year, name))
        by_peak = bool(year.figures.price(name, "demand_charge"))
        by_contract = bool(year.figures.price(name, "capacity_charge"))
        contracted, largest = contracts.get(name, 0.0), float(imports.max(initial=0.0))
        pays_contract = by_contract and (not by_peak or contracted > 1e-6 * max(largest, 1.0))
        if pays_contract:
            _at_least_and_no_more_than_needed(year, "contracted capacity", name, contracted, largest, "capacity_charge")
        for month in year.hours.months if by_peak else ():
            highest = 0.0 if pays_contract else float(imports[month.snapshots].max(initial=0.0))
            label = f"{name}, month {month.label}"
            _at_least_and_no_more_than_needed(
                year, "paid peak", label, peaks.get((name, month.label), 0.0), highest, "demand_charge"
            )


def _at_least_and_no_more_than_needed(
    year: Year, quantity: str, label: str, said: float, needed: float, item: str
) -> None:
    """What is paid for is what is used; where it costs nothing it may be more."""
    if year.figures.price(label.split(", month ")[0], item).get(year.y, 0.0) > 0:
        year.book.equal(quantity, year.y, label, said, needed)
    else:
        year.book.at_least(quantity, year.y, label, said, needed)


def paid_peaks(year: Year) -> dict[tuple[str, str], float]:
    """Peaks of connections.csv by (supply, month)."""
    rows = year.tables["connections"]
    rows = rows[rows["item"] == "peak"]
    return dict(zip(zip(rows["supply"], rows["month"].astype(str), strict=True), rows["value"].tolist(), strict=True))


def paid_contracts(year: Year) -> dict[str, float]:
    """Contracted capacities of connections.csv by supply."""
    rows = year.tables["connections"]
    rows = rows[rows["item"] == "contracted"]
    return dict(zip(rows["supply"], rows["value"].tolist(), strict=True))
