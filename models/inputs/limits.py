"""Limits on assets by year: what may stand, must stand, may be ordered, and what of today's capacity still stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.case import Case, Limit
from models.inputs.assets import Asset
from models.inputs.finance import over_years

#: Limits that are interpolated between their years, and those that hold until the next row.
INTERPOLATED, STEPS = ("max_capacity", "max_build"), ("existing", "min_capacity")


@dataclass(frozen=True)
class AssetLimits:
    """Limits of one asset in the years asked for: the rows of limits.csv in place of its own columns.

    existing       what stood before and still stands          capacity (y); absent = 0
    max_capacity   most that may stand                         capacity (y); absent = no limit
    max_build      most that may be ordered                    capacity (y); absent = no limit
    min_capacity   least that must stand                       capacity (y); absent = 0
    """

    existing: dict[int, float]
    max_capacity: dict[int, float]
    max_build: dict[int, float]
    min_capacity: dict[int, float]

    def may_order(self, year: int) -> bool:
        """True if the limits leave room for an order of some size in that year."""
        return self.max_build.get(year, 1.0) > 0 and self.max_capacity.get(year, 1.0) > 0


def limits_of(asset: Asset, case: Case, years: Sequence[int], existing_only: bool) -> AssetLimits:
    """The limits of an asset; with `existing_only` the last year of what stands does not count."""
    row = asset.row
    rows = [limit for limit in case.limits if limit.technology == asset.name]
    until = None if existing_only else getattr(row, "existing_until", None)
    found = {item: limit_of(rows, item, getattr(row, item, None), years) for item in (*INTERPOLATED, *STEPS)}
    found["existing"] = {y: size for y, size in found["existing"].items() if size > 0 and (until is None or y <= until)}
    return AssetLimits(**found)


def limit_of(rows: Sequence[Limit], item: str, column: float | None, years: Sequence[int]) -> dict[int, float]:
    """A limit in each year, by the rows of one technology or link in limits.csv, else by its column; absent = none."""
    own = sorted((-1 if r.year is None else r.year, r.value) for r in rows if r.item == item)
    if own and item in INTERPOLATED:
        return over_years([(r.year, r.value) for r in rows if r.item == item], years)
    found = {y: next((value for at, value in reversed(own) if at <= y), column) for y in years}
    return {y: value for y, value in found.items() if value is not None}
