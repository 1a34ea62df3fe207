"""Products and processes of tenants: what is made in a year, and who bears which part; and what is embodied in equipment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.case import Case
from models.inputs.assets import assets_of
from models.inputs.costs import CostTable
from models.inputs.finance import over_years
from models.inputs.fixed import order_years
from models.units import yearly_factor


@dataclass(frozen=True)
class Products:
    """Products of tenants, and what is embodied in orders; nothing of a plan depends on them unless what is embodied counts.

    amount   what is made in a year                          t (tenant,product,y)
    part     share of the tenant's emissions that it bears   1 (tenant,product,y)
    process  whose a process is                              (q) -> tenant; absent = nobody's in particular
    embodied  emissions of making and building an order       t/capacity (k,v); absent = 0
    counts_embodied   True if these are emissions of scope 3 of the year of the order
    """

    amount: dict[tuple[str, str, int], float] = field(default_factory=dict)
    part: dict[tuple[str, str, int], float] = field(default_factory=dict)
    process: dict[str, str] = field(default_factory=dict)
    embodied: dict[tuple[str, int], float] = field(default_factory=dict)
    counts_embodied: bool = False


def resolve_products(case: Case, years: Sequence[int], existing_only: bool = False) -> Products:
    """Amounts of every year; products without a share share by amount, or alike where nothing is made."""
    points: dict[tuple[str, str], list[tuple[int | None, float]]] = {}
    for row in case.products:
        points.setdefault((row.tenant, row.product), []).append((row.year, row.amount * yearly_factor(row.unit, "t")))
    amount = {(*name, y): value for name, series in points.items() for y, value in over_years(series, years).items()}
    share = {(row.tenant, row.product): row.share for row in case.products if row.share is not None}
    part = {}
    for (who, product, y), value in amount.items():
        own = [v for (other, _, z), v in amount.items() if (other, z) == (who, y)]
        by_amount = value / sum(own) if sum(own) > 0 else 1 / len(own)
        part[who, product, y] = share.get((who, product), by_amount)
    process = {row.source: row.tenant for row in case.process_emissions if row.tenant}
    return Products(amount, part, process, _embodied(case, years), case.park.count_embodied and not existing_only)


def _embodied(case: Case, years: Sequence[int]) -> dict[tuple[str, int], float]:
    """What is embodied in an order of each asset and year."""
    table = CostTable(case.costs, years, case.park.currency)
    found: dict[tuple[str, int], float] = {}
    for asset in assets_of(case):
        tonnes = table.series(asset.type, "embodied", f"t/({asset.per})", asset.length, order_years(asset, case, years))
        found |= {(asset.name, v): value for v, value in tonnes.items()}
    return found
