"""Connections: what supplies share, and the peaks and contracts that are paid for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from models.case import Supply
from models.errors import Message
from planner.ledger.figures import ELECTRICITY, Book, Figures, lines
from planner.ledger.flows import LedgerYear, in_period


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
            if flow == "import" and not c.type:
                most = min(most, year.capacity.get(c.connection, math.inf))  # with a unit out
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


# --- boundary --------------------------------------------------------------------------------------------------------------
# Boundary: what is bought and sold stays within its limits; certificates and credits are what they must be.


def check_supplies(year: LedgerYear) -> None:
    """Hourly and yearly limits of imports and exports; nothing in a year in which a supply is not offered."""
    for s in year.figures.case.supplies:
        offered = s.is_offered(year.y)
        no_import, no_export = (math.inf if can and offered else 0.0 for can in (s.can_import, s.can_export))
        limits = (("import", s.max_import, s.max_import_year, no_import), ("export", s.max_export, s.max_export_year, no_export))
        for flow, hourly, yearly, otherwise in limits:
            values = year.flow(flow, s.supply)
            most = otherwise if hourly is None else min(hourly, otherwise)
            total = year.hours.total(values)
            year.book.at_most_hours(Message("{flow} within max_{flow}", flow=flow), year.y, s.supply, values, most)
            year.book.at_most(
                Message("{flow} within max_{flow}_year", flow=flow), year.y, s.supply, total, math.inf if yearly is None else yearly
            )


def certified(year: LedgerYear) -> dict[str, float]:
    """Imports of each supply that certificates green (MWh)."""
    found: dict[str, float] = {}
    for r in lines(year.tables["certificates"]):
        found[r.supply] = found.get(r.supply, 0.0) + r.value
    return found


def check_certificates(year: LedgerYear, in_reference: bool) -> None:
    """Each certificate is of its supply and within its share of the year's imports; none is certified twice."""
    known = certificate_figures(year.figures)
    for r in lines(year.tables["certificates"]):
        supply, _, share = known[r.certificate]
        if r.supply != supply:
            year.book.equal(Message("certified imports of {supply}", supply=r.supply), year.y, r.certificate, r.value, 0.0)
        most = 0.0 if in_reference else share[year.y] * year.total("import", [supply])
        year.book.at_most("certified energy (MWh)", year.y, r.certificate, r.value, most, year.total("import", [supply]))
        year.book.at_least("certified energy (MWh)", year.y, r.certificate, r.value, 0.0)
    for supply, energy in certified(year).items():
        year.book.at_most("certified of the imports (MWh)", year.y, supply, energy, year.total("import", [supply]))


def certificate_figures(figures: Figures) -> dict[str, tuple[str, dict[int, float], dict[int, float]]]:
    """Supply, price and largest share of each certificate."""
    names = dict.fromkeys(c.certificate for c in figures.case.certificates)
    rows = {n: [c for c in figures.case.certificates if c.certificate == n] for n in names}
    return {
        n: (own[0].supply, figures.series((c.year, c.price) for c in own), figures.series((c.year, c.max_share) for c in own))
        for n, own in rows.items()
    }


def check_credits(year: LedgerYear, in_reference: bool) -> None:
    """Credits of each kind within the volume of the year."""
    known = credit_figures(year.figures)
    for r in lines(year.tables["offsets"]):
        kind, _, volume = known[r.offset]
        if r.kind != kind:
            year.book.equal(Message("credits of kind {kind}", kind=r.kind), year.y, r.offset, r.value, 0.0)
        most = 0.0 if in_reference else volume.get(year.y, math.inf)
        year.book.at_most("credits within max_volume (t)", year.y, r.offset, r.value, most)
        year.book.at_least("credits (t)", year.y, r.offset, r.value, 0.0)


def credit_figures(figures: Figures) -> dict[str, tuple[str, dict[int, float], dict[int, float]]]:
    """Kind, price and largest volume of each credit; no volume where none is stated."""
    names = dict.fromkeys(o.offset for o in figures.case.offsets)
    rows = {n: [o for o in figures.case.offsets if o.offset == n] for n in names}
    return {
        n: (
            own[0].kind,
            figures.series((o.year, o.price) for o in own),
            figures.series((o.year, o.max_volume) for o in own if o.max_volume is not None),
        )
        for n, own in rows.items()
    }


# --- contracts -------------------------------------------------------------------------------------------------------------
# Contracts: what is generated, imported, paid for and short of the least energy of the year.


def has_import_limit(year: LedgerYear, s: Supply) -> bool:
    """True if imports have a limit: their own, that of a contract, or that of the connection."""
    shared = [c for c in year.figures.case.connections if c.connection == s.connection]
    by_connection = [c.max_capacity if c.type else c.max_import for c in shared]
    return not s.can_import or s.is_as_generated or any(m is not None for m in (s.max_import, *by_connection))


def use_is_decided(year: LedgerYear, s: Supply) -> bool:
    """True if the use of a supply in the year is a yes or no."""
    asks = bool(year.figures.price(s.supply, "fixed")) or (s.min_year is not None and s.is_as_generated)
    return asks and s.is_offered(year.y) and has_import_limit(year, s)


def used(year: LedgerYear, s: Supply) -> float:
    """1 if the supply is used in the year, as the plan says where it is a decision."""
    if not s.is_offered(year.y) or not in_scheme(year, s):
        return 0.0
    return year.said("contracts", "supply", "item").get((s.supply, "used"), 0.0) if use_is_decided(year, s) else 1.0


def contracted(year: LedgerYear, s: Supply) -> float:
    """What is contracted of an as-generated contract (MW)."""
    return year.said("contracts", "supply", "item").get((s.supply, "contracted"), 0.0)


def paid_energy(year: LedgerYear, s: Supply) -> float:
    """Energy that is paid for in the year (MWh)."""
    imported = year.total("import", [s.supply])
    if not s.is_as_generated:
        return imported
    generated = contracted(year, s) * year.hours.total(year.hours.profile(s.profile))
    return s.take * generated + (1 - s.take) * imported


def check_contracts(year: LedgerYear) -> None:
    """Every figure of contracts.csv, and that nothing is imported that is not generated, or of what is not used."""
    found: dict[tuple[str, str], float] = {}
    for s in year.figures.case.supplies:
        is_listed = s.is_as_generated or s.min_year or year.figures.price(s.supply, "fixed")
        if not is_listed or not s.is_offered(year.y):
            continue
        imported, name = year.total("import", [s.supply]), s.supply
        if s.is_as_generated:
            size, shape = contracted(year, s), year.hours.profile(s.profile)
            most = (s.contract_max or 0.0) * used(year, s)
            year.book.at_most("contracted within contract_max", year.y, name, size, most)
            year.book.at_most_hours("imports within what is generated", year.y, name, year.flow("import", name), size * shape)
            found[name, "contracted"], found[name, "generated"] = size, size * year.hours.total(shape)
            found[name, "curtailed"] = max(found[name, "generated"] - imported, 0.0)
        for flow in ("import", "export") if not used(year, s) else ():
            year.book.at_most_hours(
                Message("{flow} of a supply that is not used", flow=flow), year.y, name, year.flow(flow, name), 0.0
            )
        if s.can_import:
            found[name, "taken"], found[name, "paid_energy"] = imported, paid_energy(year, s)
        if s.can_import and s.min_year:
            found[name, "shortfall"] = _shortfall(year, s)
        if use_is_decided(year, s):
            found[name, "used"] = used(year, s)
            year.book.equal("use that is a yes or no", year.y, name, found[name, "used"], round(found[name, "used"]))
        costs = year.said("costs", "item", "name")
        found[name, "cost"] = math.fsum(costs.get((item, name), 0.0) for item in ("energy", "contract", "fixed", "shortfall"))
    year.book.equal_items("contracts.csv", year.y, year.said("contracts", "supply", "item"), found)


def _shortfall(year: LedgerYear, s: Supply) -> float:
    """What is short of the least energy of the year; where it costs nothing, as the plan says, if that is no less."""
    short = max((s.min_year or 0.0) * used(year, s) - paid_energy(year, s), 0.0)
    said = year.said("contracts", "supply", "item").get((s.supply, "shortfall"), 0.0)
    is_free = not year.figures.price(s.supply, "energy").get(year.y, 0.0)
    return max(said, short) if is_free else short


# --- matching --------------------------------------------------------------------------------------------------------------
# Matching: what is told of green power in the hour of its use is there, within what is used, and held by stores as they hold.


def matched_of(year: LedgerYear) -> dict[str, float]:
    """Electricity that is used, and what green power covers of it (MWh); every hour is checked.

    Where no store runs, that is the most that can be; with stores the plan says how it is done, and it may be no more than told.
    """
    figures, book = year.figures, year.book
    use, green = (np.zeros(year.hours.count) for _ in range(2))
    for (flow, _, _, carrier), values in year.flows.items():
        if carrier == ELECTRICITY and flow in ("demand", "in"):
            use = use + values
    for k, kind in figures.of_role("converter").items():
        if kind.green:
            green = green + year.flow("out", k, ELECTRICITY)
    for supply in figures.case.supplies:
        if supply.is_as_generated and supply.green_share == 1 and supply.carrier == ELECTRICITY:
            green = green + year.flow("import", supply.supply)
    matched, runs = year.flow("matched", ELECTRICITY), False
    for s, kind in figures.of_role("store").items():
        own = {flow: year.flow(flow, s) for flow in ("charge", "discharge", "held")}
        part = {flow: year.flow(f"green_{flow}", s) for flow in own}
        if not part["charge"].any() and not part["discharge"].any():
            runs |= bool(own["charge"].any())
            continue
        runs = True
        for flow, values in part.items():
            book.at_most_hours(Message("green part of {flow}", flow=flow), year.y, s, values, own[flow])
        left = (1 - kind.standing_loss) * part["held"][year.hours.before]
        found = left + kind.charge_efficiency * part["charge"] - part["discharge"] / kind.discharge_efficiency
        book.equal_hours("green energy held (MWh)", year.y, s, part["held"], found, scale=year.capacity.get(s, 0.0))
        green = green + part["discharge"] - part["charge"]
    scale = float(use.max(initial=0.0))
    book.at_most_hours("matched within use", year.y, "all electricity", matched, use, scale=scale)
    book.at_most_hours("matched within green power", year.y, "all electricity", matched, green, scale=scale)
    if not runs:
        book.equal_hours("matched, the most", year.y, "all electricity", matched, np.minimum(use, green), scale=scale)
    return {"hourly_use": year.hours.total(use), "matched": year.hours.total(matched)}
