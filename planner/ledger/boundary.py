"""Boundary: what is bought and sold stays within its limits; certificates and credits are what they must be."""

from __future__ import annotations

import math

from models.message import Message
from planner.ledger.figures import Figures
from planner.ledger.flows import LedgerYear
from planner.ledger.orders import lines


def check_supplies(year: LedgerYear) -> None:
    """Hourly and yearly limits of imports and exports; nothing in a year in which a supply is not offered."""
    for s in year.figures.case.supplies:
        offered = (s.first_year or year.y) <= year.y <= (s.until_year or year.y)
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
