"""Factors of standards: what each row is of, and where a park's own figures are others."""

from __future__ import annotations

from collections.abc import Iterable

from models.case import EmissionFactor, StandardFactor, Supply
from models.inputs.finance import over_years
from models.inputs.standard import rows_of
from models.units import UnitError, factor
from planner.read import remarks
from planner.read.draft import Draft


def check_standards(draft: Draft) -> None:
    """Each row names a fuel, or a kind and a carrier; a supply whose own figures differ from the standard's is told."""
    for row in draft.rows(StandardFactor):
        by_kind = bool(row.supply_kind) and bool(row.carrier)
        if bool(row.fuel) == by_kind or (row.fuel and (row.supply_kind or row.carrier)):
            draft.fault(row.origin, "fuel, supply_kind, carrier: a row names a fuel, or a supply_kind and a carrier")
        if row.factor is None and row.tce_per_mwh is None:
            draft.fault(row.origin, "factor, tce_per_mwh: are blank; a row gives at least one of them")
    if draft.park is None or not draft.is_sure(Supply) or not draft.is_sure(EmissionFactor):
        return
    rows = [r for r in draft.rows(StandardFactor) if r.standard == draft.park.standard]
    for supply in draft.rows(Supply) if rows else ():
        if supply.can_import:
            _tell(supply, rows_of(rows, supply), draft)


def _tell(supply: Supply, rows: list[StandardFactor], draft: Draft) -> None:
    """Say where the figures of a supply in the first year are others than the standard's."""
    assert draft.park is not None
    y, basis = draft.park.first_year, draft.park.accounting
    stated = [r for r in rows if r.basis == basis] or [r for r in rows if not r.basis]
    given = _in(y, ((r.year, r.factor) for r in stated if r.factor is not None))
    own = _own(supply, basis, y, draft)
    if given is not None and own is not None and abs(given - own) > 1e-9:
        draft.warn(
            supply.origin,
            remarks.OTHER_FACTOR,
            supply=repr(supply.supply),
            own=f"{own:.4g}",
            standard=draft.park.standard,
            factor=f"{given:.4g}",
            unit="t/MWh",
        )
    tce = _in(y, dict.fromkeys((r.year, r.tce_per_mwh) for r in rows if r.tce_per_mwh is not None))
    if tce is not None and supply.tce_per_mwh is not None and abs(tce - supply.tce_per_mwh) > 1e-9:
        draft.warn(
            supply.origin,
            remarks.OTHER_FACTOR,
            supply=repr(supply.supply),
            own=f"{supply.tce_per_mwh:.4g}",
            standard=draft.park.standard,
            factor=f"{tce:.4g}",
            unit="tce/MWh",
        )


def _own(supply: Supply, basis: str, y: int, draft: Draft) -> float | None:
    rows = [f for f in draft.rows(EmissionFactor) if f.supply == supply.supply]
    rows = [f for f in rows if f.basis == basis] or [f for f in rows if not f.basis] or rows
    try:
        return _in(y, ((f.year, 0.0 if f.biogenic else f.value * factor(f.unit, "t/MWh")) for f in rows))
    except UnitError:
        return None


def _in(y: int, points: Iterable[tuple[int | None, float]]) -> float | None:
    found = list(points)
    return over_years(found, [y])[y] if found else None
