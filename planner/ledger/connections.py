"""Connections: what supplies share, and the peaks and contracts that are paid for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from models.case import Supply
from models.message import Message
from planner.ledger.compare import Book
from planner.ledger.figures import Figures
from planner.ledger.flows import LedgerYear
from planner.ledger.hours import in_period


def behind(year: LedgerYear, payer: str) -> list[str]:
    """Importing supplies that a charge in this name is on: a supply alone, or all behind a connection."""
    return [s.supply for s in year.figures.case.supplies if s.can_import and payer in (s.supply, s.connection)]


def payers(year: LedgerYear) -> list[str]:
    """Supplies that import, and connections."""
    importing = [s.supply for s in year.figures.case.supplies if s.can_import]
    return importing + [c.connection for c in year.figures.case.connections]


def together(year: LedgerYear, flow: str, names: list[str]) -> np.ndarray:
    """A flow of several supplies in every hour."""
    return np.sum([np.zeros(year.hours.count), *(year.flow(flow, s) for s in names)], axis=0)


def check_limits(year: LedgerYear) -> None:
    """The supplies behind a connection stay within its limits, or within its capacity."""
    for c in year.figures.case.connections:
        names = [s.supply for s in year.figures.case.supplies if s.connection == c.connection]
        capacity = year.capacity.get(c.connection, 0.0) if c.type else math.inf
        for flow, stated in (("import", c.max_import), ("export", c.max_export)):
            most = min(capacity, math.inf if stated is None else stated)
            label = Message("{flow} within the limit of the connection", flow=flow)
            year.book.at_most_hours(label, year.y, c.connection, together(year, flow, names), most)
        if c.one_way:
            ways = {flow: together(year, flow, names) for flow in ("import", "export")}
            limits = {"import": capacity if c.type else c.max_import, "export": capacity if c.type else c.max_export}
            shares = np.sum([np.zeros(year.hours.count), *(v / limits[flow] for flow, v in ways.items() if limits[flow])], axis=0)
            year.book.at_most_hours("imports and exports that share a connection", year.y, c.connection, shares, 1.0)


def schemes_of(figures: Figures, connection: str) -> list[str]:
    """Schemes that supplies or charges of a connection name."""
    behind = [s for s in figures.case.supplies if s.connection == connection]
    payers = {connection, *(s.supply for s in behind)}
    named = [s.scheme for s in behind] + [p.scheme for p in figures.case.prices if p.supply in payers]
    return sorted({name for name in named if name})


def scheme_in_force(year: LedgerYear, connection: str) -> str:
    """The scheme that the plan says is in force at a connection; empty where it has none."""
    said = year.schemes.get(connection, [])
    return said[0] if len(said) == 1 else ""


def in_scheme(year: LedgerYear, s: Supply) -> bool:
    """True if a supply is sold under the scheme in force, or under each."""
    return not s.scheme or s.scheme == scheme_in_force(year, s.connection)


def check_schemes(year: LedgerYear) -> None:
    """One scheme of each connection that has any is in force, and supplies of the others stand still."""
    known = {c.connection: schemes_of(year.figures, c.connection) for c in year.figures.case.connections}
    for c in dict.fromkeys([*known, *year.schemes]):
        said = year.schemes.get(c, [])
        wanted = 1 if known.get(c) else 0
        right = len(said) == wanted and set(said) <= set(known.get(c, []))
        year.book.equal("schemes in force", year.y, c, float(len(said)) if right else -1.0, float(wanted), noise=0.0)
    for s in year.figures.case.supplies:
        for flow in ("import", "export") if not in_scheme(year, s) else ():
            year.book.at_most_hours(
                Message("{flow} under another scheme", flow=flow), year.y, s.supply, year.flow(flow, s.supply), 0.0
            )


def check_changes(book: Book, figures: Figures, schemes: pd.DataFrame) -> None:
    """Changes of scheme are years apart; the first choice is one."""
    for c in figures.case.connections:
        own = schemes[schemes["connection"] == c.connection].sort_values("year")
        names, years = own["scheme"].astype(str).tolist(), own["year"].astype(int).tolist()
        changes = [y for i, y in enumerate(years) if i == 0 or names[i] != names[i - 1]]
        for before, after in pairwise(changes):
            book.at_least("years between changes of scheme", after, c.connection, float(after - before), float(c.scheme_years))


def charges(year: LedgerYear) -> list[tuple[str, str, str]]:
    """Payers, schemes and periods for which they may be asked to pay in the year: under each scheme, and under that in force."""
    at = {s.supply: s.connection for s in year.figures.case.supplies}
    now = {name: scheme_in_force(year, at.get(name, name)) for name in payers(year)}
    found = [(name, scheme) for name, own in now.items() for scheme in dict.fromkeys(("", own))]
    named = {(p.supply, p.period): None for p in year.figures.case.prices if p.period}
    return [(*key, "") for key in found] + [(*key, period) for key in found for name, period in named if name == key[0]]


def check_charges(year: LedgerYear) -> None:
    """A paid peak is the highest import of its month; a contract covers every import; where both are given, one is paid."""
    peaks, contracts = paid_peaks(year), paid_contracts(year)
    for payer, scheme, period in charges(year):
        factor, name = peak_factor(year.figures, payer), " ".join(filter(None, (payer, scheme, period)))
        charge = year.figures.demand_charges(payer, scheme, period)
        imports = factor * together(year, "import", behind(year, payer))
        price = year.figures.price(payer, "demand_charge", scheme, period)
        fee = {} if period else year.figures.price(payer, "capacity_charge", scheme)
        contracted, largest = contracts.get((payer, scheme), 0.0), float(imports.max(initial=0.0))
        pays_contract = bool(fee) and (not price or contracted > 1e-6 * max(largest, 1.0))
        if pays_contract:
            of_others = year.figures.shares_contracts
            _no_more_than_needed(year, Message("contracted capacity"), name, contracted, largest, {} if of_others else fee)
        if not charge:
            continue
        billed = in_period(year.figures.case, charge[0], year.hours)
        highest = [0.0 if pays_contract else float(imports[own].max(initial=0.0)) for own in billed]
        if year.figures.has_yearly_charge(payer, scheme, period):
            said = peaks.get((payer, scheme, period, "all"), 0.0)
            _no_more_than_needed(year, Message("paid peak"), name, said, max(highest), price)
            continue
        for month, own in zip(year.hours.months, highest, strict=True):
            said = peaks.get((payer, scheme, period, month.label), 0.0)
            label = Message("{name}, month {month}", name=name, month=month.label)
            _no_more_than_needed(year, Message("paid peak"), label, said, max(own, charge[0].ratchet * max(highest)), price)


def peak_factor(figures: Figures, payer: str) -> float:
    """What the highest hour of a supply or connection is multiplied by where it is billed."""
    own = [s.peak_factor for s in figures.case.supplies if s.supply == payer]
    return (own + [c.peak_factor for c in figures.case.connections if c.connection == payer])[0]


def _no_more_than_needed(
    year: LedgerYear, quantity: str, label: str, said: float, needed: float, price: Mapping[int, float]
) -> None:
    """What is paid for is what is used; where it costs nothing it may be more."""
    if price.get(year.y, 0.0) > 0:
        year.book.equal(quantity, year.y, label, said, needed)
    else:
        year.book.at_least(quantity, year.y, label, said, needed)


def paid_peaks(year: LedgerYear) -> dict[tuple[str, str, str, str], float]:
    """Peaks of connections.csv by (payer, scheme, period, month)."""
    rows = year.tables["connections"]
    if rows.empty:
        return {}
    rows = rows[rows["item"] == "peak"]
    keys = (rows["name"].astype(str), _named(rows, "scheme"), _named(rows, "period"), rows["month"].astype(str))
    return dict(zip(zip(*keys, strict=True), rows["value"].tolist(), strict=True))


def paid_contracts(year: LedgerYear) -> dict[tuple[str, str], float]:
    """Contracted capacities of connections.csv by (payer, scheme)."""
    rows = year.tables["connections"]
    if rows.empty:
        return {}
    rows = rows[rows["item"] == "contracted"]
    return dict(zip(zip(rows["name"].astype(str), _named(rows, "scheme"), strict=True), rows["value"].tolist(), strict=True))


def _named(rows: pd.DataFrame, column: str) -> list[str]:
    return ["" if pd.isna(name) else str(name) for name in rows[column]]
