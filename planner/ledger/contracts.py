"""Contracts: what is generated, imported, paid for and short of the least energy of the year."""

from __future__ import annotations

import math

from models.case import Supply
from models.message import Message
from planner.ledger.connections import in_scheme
from planner.ledger.flows import LedgerYear


def is_offered(s: Supply, y: int) -> bool:
    """True if a supply imports or exports in the year."""
    return (s.first_year or y) <= y <= (s.until_year or y)


def is_generating(s: Supply) -> bool:
    """True of an as-generated contract."""
    return bool(s.profile) and s.contract_max is not None


def has_import_limit(year: LedgerYear, s: Supply) -> bool:
    """True if imports have a limit: their own, that of a contract, or that of the connection."""
    shared = [c for c in year.figures.case.connections if c.connection == s.connection]
    by_connection = [c.max_capacity if c.type else c.max_import for c in shared]
    return not s.can_import or is_generating(s) or any(m is not None for m in (s.max_import, *by_connection))


def use_is_decided(year: LedgerYear, s: Supply) -> bool:
    """True if the use of a supply in the year is a yes or no."""
    asks = bool(year.figures.price(s.supply, "fixed")) or (s.min_year is not None and is_generating(s))
    return asks and is_offered(s, year.y) and has_import_limit(year, s)


def used(year: LedgerYear, s: Supply) -> float:
    """1 if the supply is used in the year, as the plan says where it is a decision."""
    if not is_offered(s, year.y) or not in_scheme(year, s):
        return 0.0
    return year.said("contracts", "supply", "item").get((s.supply, "used"), 0.0) if use_is_decided(year, s) else 1.0


def contracted(year: LedgerYear, s: Supply) -> float:
    """What is contracted of an as-generated contract (MW)."""
    return year.said("contracts", "supply", "item").get((s.supply, "contracted"), 0.0)


def paid_energy(year: LedgerYear, s: Supply) -> float:
    """Energy that is paid for in the year (MWh)."""
    imported = year.total("import", [s.supply])
    if not is_generating(s):
        return imported
    generated = contracted(year, s) * year.hours.total(year.hours.profile(s.profile))
    return s.take * generated + (1 - s.take) * imported


def check_contracts(year: LedgerYear) -> None:
    """Every figure of contracts.csv, and that nothing is imported that is not generated, or of what is not used."""
    found: dict[tuple[str, str], float] = {}
    for s in year.figures.case.supplies:
        is_listed = is_generating(s) or s.min_year or year.figures.price(s.supply, "fixed")
        if not is_listed or not is_offered(s, year.y):
            continue
        imported, name = year.total("import", [s.supply]), s.supply
        if is_generating(s):
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
