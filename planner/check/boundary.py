"""Boundary: what is bought and sold stays within its limits; peaks, contracts, certificates and credits are what they must be."""

from __future__ import annotations

import math

from planner.check.figures import Figures
from planner.check.flows import Year


def check_supplies(year: Year) -> None:
    """Hourly and yearly limits of imports and exports; nothing in a year in which a supply is not offered."""
    for s in year.figures.case.supplies:
        offered = (s.first_year or year.y) <= year.y <= (s.until_year or year.y)
        no_import, no_export = (math.inf if can and offered else 0.0 for can in (s.can_import, s.can_export))
        limits = (
            ("import", s.max_import, s.max_import_year, no_import), ("export", s.max_export, s.max_export_year, no_export),
        )  # fmt: skip
        for flow, hourly, yearly, otherwise in limits:
            values = year.flow(flow, s.supply)
            most = otherwise if hourly is None else min(hourly, otherwise)
            total = year.hours.total(values)
            year.book.at_most_hours(f"{flow} within max_{flow}", year.y, s.supply, values, most)
            year.book.at_most(
                f"{flow} within max_{flow}_year", year.y, s.supply, total, math.inf if yearly is None else yearly
            )


def check_connections(year: Year) -> None:
    """A paid peak is the highest import of its month; a contract covers every import; where both are given, one is paid."""
    peaks, contracts = paid_peaks(year), paid_contracts(year)
    for s in year.figures.case.supplies:
        if not s.can_import:
            continue
        imports, name = year.flow("import", s.supply), s.supply
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


def certified(year: Year) -> dict[str, float]:
    """Imports of each supply that certificates green (MWh)."""
    rows = year.tables["certificates"]
    return rows.groupby("supply")["value"].sum().to_dict()


def check_certificates(year: Year, in_reference: bool) -> None:
    """Each certificate is of its supply and within its share of the year's imports; none is certified twice."""
    known = certificate_figures(year.figures)
    for r in year.tables["certificates"].itertuples():
        supply, _, share = known[r.certificate]
        if r.supply != supply:
            year.book.equal(f"certified imports of {r.supply}", year.y, r.certificate, r.value, 0.0)
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
        n: (
            own[0].supply, figures.series((c.year, c.price) for c in own), figures.series((c.year, c.max_share) for c in own),
        )
        for n, own in rows.items()
    }  # fmt: skip


def check_credits(year: Year, in_reference: bool) -> None:
    """Credits of each kind within the volume of the year."""
    known = credit_figures(year.figures)
    for r in year.tables["offsets"].itertuples():
        kind, _, volume = known[r.offset]
        if r.kind != kind:
            year.book.equal(f"credits of kind {r.kind}", year.y, r.offset, r.value, 0.0)
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


