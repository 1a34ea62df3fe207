"""Fixed cost of capacity in use: of the year in which it is paid, or of the year of the order for all its life."""

from __future__ import annotations

from collections.abc import Sequence

from models.case import Case
from models.inputs.assets import Asset
from models.inputs.costs import CostTable
from models.inputs.retirement import EXISTING


def order_years(asset: Asset, case: Case, years: Sequence[int]) -> list[int]:
    """Years of orders: all of the horizon, and those of what was signed before."""
    return sorted({*years, *(c.year for c in case.committed if c.technology == asset.name)})


def fixed_costs(asset: Asset, case: Case, table: CostTable) -> dict[tuple[str, int], float]:
    """Money per capacity and year by the year in which it is paid, (k,y), or by that of the order, (k,v); v = EXISTING too."""
    k = asset.name
    if not table.is_by_order(asset.type):
        return {(k, y): value for y, value in table.fixed_cost(asset.type, asset.per, asset.length).items()}
    first, ordered = case.park.first_year, order_years(asset, case, table.years)
    found = table.fixed_cost(asset.type, asset.per, asset.length, {first, *ordered})
    return {(k, v): found[v] for v in ordered} | {(k, EXISTING): found[first]}
