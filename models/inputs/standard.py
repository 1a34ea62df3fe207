"""Factors of the standard: what the rules of its stages are worked out with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.case import Case, StandardFactor, Supply
from models.inputs.finance import over_years


@dataclass(frozen=True)
class Standard:
    """The factors that the park's standard fixes; what it does not is the park's own.

    applies          True if the standard fixes any
    factor           of what is bought                              t/MWh (s,basis,y); absent = the park's own
    tce              coal equivalent                                tce/MWh (s,y); absent = the park's own
    tce_electricity  that of the grid supply of it that is first by name   tce/MWh (y); absent = the park's own
    """

    applies: bool
    factor: dict[tuple[str, str, int], float]
    tce: dict[tuple[str, int], float]
    tce_electricity: dict[int, float]


def resolve_standard(case: Case, years: Sequence[int]) -> Standard:
    """The factors that the park's standard fixes for each of its supplies."""
    rows = [r for r in case.standards if r.standard == case.park.standard]
    factor: dict[tuple[str, str, int], float] = {}
    tce: dict[tuple[str, int], float] = {}
    for s in case.supplies:
        own = rows_of(rows, s)
        for basis in ("location", "market"):
            stated = [r for r in own if r.basis == basis] or [r for r in own if not r.basis]
            points = [(r.year, r.factor) for r in stated if r.factor is not None]
            factor |= {(s.supply, basis, y): value for y, value in (over_years(points, years) if points else {}).items()}
        points = list(dict.fromkeys((r.year, r.tce_per_mwh) for r in own if r.tce_per_mwh is not None))
        tce |= {(s.supply, y): value for y, value in (over_years(points, years) if points else {}).items()}
    first = case.first_grid.supply if case.first_grid else ""
    electricity = {y: tce[first, y] for y in years if (first, y) in tce}
    return Standard(bool(rows), factor, tce, electricity)


def rows_of(rows: Sequence[StandardFactor], s: Supply) -> list[StandardFactor]:
    """The rows that a supply is worked out with: those of its fuel, else those of its kind and carrier where it is not green."""
    by_fuel = [r for r in rows if r.fuel and r.fuel == s.fuel]
    by_kind = [r for r in rows if not r.fuel and (r.supply_kind, r.carrier) == (s.kind, s.carrier) and s.green_share != 1]
    return by_fuel or by_kind
