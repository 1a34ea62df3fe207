"""Factors of a standard: the figures of its rules, worked out with them."""

from __future__ import annotations

from collections.abc import Mapping

from models.case import Case, StandardFactor, Supply
from planner.ledger.boundary import certified
from planner.ledger.carbon import bought, counted_imports, factor
from planner.ledger.equipment import electricity_made
from planner.ledger.figures import ELECTRICITY, Figures
from planner.ledger.flows import LedgerYear


def applies(case: Case) -> bool:
    """True if the park's standard fixes factors of its own."""
    return any(r.standard == case.park.standard for r in case.standards)


def _rows(case: Case, s: Supply) -> list[StandardFactor]:
    """The rows of a supply: of its fuel, or, unless it is all green, of its kind and carrier."""
    own = [r for r in case.standards if r.standard == case.park.standard]
    named = [r for r in own if r.fuel and r.fuel == s.fuel]
    alike = [r for r in own if not r.fuel and r.supply_kind == s.kind and r.carrier == s.carrier]
    return named or ([] if s.green_share == 1 else alike)


def _factor(figures: Figures, s: Supply, basis: str, y: int) -> float | None:
    rows = _rows(figures.case, s)
    rows = [r for r in rows if r.basis == basis] or [r for r in rows if r.basis == ""]
    return figures.series((r.year, r.factor) for r in rows if r.factor is not None).get(y)


def _tce(figures: Figures, s: Supply, y: int) -> float:
    rows = [r for r in _rows(figures.case, s) if r.tce_per_mwh is not None]
    own = s.tce_per_mwh or 0.0
    return figures.series((r.year, r.tce_per_mwh or 0.0) for r in rows).get(y, own)


def gross_of(year: LedgerYear, gross: float) -> float:
    """Gross emissions (t) with the factors of the standard, from those with the park's own."""
    figures, basis, green = year.figures, year.figures.park.accounting, certified(year)
    for scope in (1, 2):
        for name, energy in bought(year, scope).items():
            given = _factor(figures, figures.supplies[name], basis, year.y)
            if given is None:
                continue
            own = energy * factor(year, name, basis) if scope == 1 else counted_imports(year, name, basis)
            not_counted = green.get(name, 0.0) if scope == 2 and basis == "market" else 0.0
            gross += given * (energy - not_counted) - (own - not_counted * factor(year, name, basis))
    return gross


def of_standard(year: LedgerYear, found: Mapping[str, float], base: float) -> dict[str, float]:
    """The figures of the year with the factors of the standard; as they are where it fixes none."""
    if not applies(year.figures.case):
        return dict(found)
    figures, y = year.figures, year.y
    gross = gross_of(year, found["gross"])
    grids = [s for s in figures.case.supplies if s.kind == "grid" and s.carrier == ELECTRICITY]
    tce = _tce(figures, grids[0], y) if grids else 0.0
    green = electricity_made(year, green_only=True)
    use, clean = green * tce, green * tce
    for s in figures.case.supplies:
        imports, exports = year.total("import", [s.supply]), year.total("export", [s.supply])
        use += _tce(figures, s, y) * (imports - exports)
        clean += _tce(figures, s, y) * (s.green_share or 0.0) * imports
        clean -= tce * exports if s.carrier == ELECTRICITY else 0.0
    more = {"gross": gross, "net": found["net"] + gross - found["gross"], "energy_use": use, "clean_energy": clean}
    return {**found, **more, "base": base}
