"""Orders of an asset: those that may be made and those that are signed, when they work and what they cost."""

from __future__ import annotations

import math
from collections.abc import Sequence

from models.case import Case
from models.inputs.assets import Asset
from models.inputs.costs import CostTable
from models.inputs.finance import horizon_share, whole_years
from models.inputs.limits import AssetLimits


class CapacityDrafts:
    """The dictionaries of Capacity while they are filled; `retiring`, `apart` and `earning` as `offered` takes them."""

    def __init__(self) -> None:
        self.assets: list[str] = []
        self.label: dict[str, str] = {}
        self.existing: dict[tuple[str, int], float] = {}
        self.builds: list[tuple[str, int]] = []
        self.committed: dict[tuple[str, int], float] = {}
        self.committed_cost: dict[tuple[str, int], float] = {}
        self.works: dict[tuple[str, int], tuple[int, ...]] = {}
        self.lasts: dict[tuple[str, int], tuple[int, int]] = {}
        self.build_max: dict[tuple[str, int], float] = {}
        self.min_build: dict[str, float] = {}
        self.unit_size: dict[str, float] = {}
        self.spacing: dict[str, int] = {}
        self.lumpy: list[tuple[str, int]] = []
        self.max_capacity: dict[tuple[str, int], float] = {}
        self.min_capacity: dict[tuple[str, int], float] = {}
        self.keep: dict[tuple[str, int], float] = {}
        self.existing_unit: dict[str, float] = {}
        self.whole_orders: set[str] = set()
        self.whole_units: set[str] = set()
        self.retiring: list[str] = []
        self.counted: frozenset[str] = frozenset()
        self.apart: set[str] = set()
        self.earning: set[tuple[str, int]] = set()
        self.capital_cost: dict[tuple[str, int], float] = {}
        self.project_cost: dict[tuple[str, int], float] = {}
        self.own_share: dict[tuple[str, int], float] = {}
        self.seen_share: dict[tuple[str, int], float] = {}
        self.fixed_cost: dict[tuple[str, int], float] = {}
        self.fixed_by_order: dict[tuple[str, int], float] = {}
        self.annuity: dict[tuple[str, int], float] = {}
        self.retirement_cost: dict[tuple[str, int], float] = {}
        self.site: dict[str, str] = {}
        self.area: dict[str, float] = {}
        self.site_area: dict[str, float] = {}
        self.in_reference: set[str] = set()


def offer_orders(
    asset: Asset,
    limits: AssetLimits,
    case: Case,
    years: Sequence[int],
    table: CostTable,
    capital: dict[int, float],
    lifetime: float,
    out: CapacityDrafts,
) -> None:
    """The orders that may be made of an asset, when they work and what they cost."""
    k = asset.name
    project = table.series(asset.type, "project_cost", "money")
    if min(project.values(), default=0.0) < 0 and k in out.unit_size:
        out.min_build.setdefault(k, out.unit_size[k])  # an order is at least one unit, so that none of nothing earns
    grant = table.series(asset.type, "grant", "1")
    spacing = out.spacing.get(k, 0)
    signed = [v for own, v in out.committed if own == k]
    site = out.site_area[out.site[k]] / out.area[k] if k in out.site else math.inf
    for v in years:
        first_use = v + asset.lead_time
        works = tuple(y for y in years if first_use <= y < first_use + whole_years(lifetime))
        near = any(abs(v - w) < spacing for w in signed)
        if not works or near or not asset.allowed(v) or not case.park.may_order(v):
            continue
        most = min(limits.max_build.get(v, math.inf), limits.max_capacity.get(works[0], math.inf))
        if most <= 0:
            continue
        out.builds.append((k, v))
        out.build_max[k, v] = min(most, site)
        out.works[k, v], out.lasts[k, v] = works, (first_use, first_use + whole_years(lifetime) - 1)
        out.capital_cost[k, v] = capital.get(v, 0.0)
        out.project_cost[k, v] = project.get(v, 0.0)
        out.own_share[k, v] = 1 - grant.get(v, 0.0)
        out.seen_share[k, v] = horizon_share(case.park.discount_rate, lifetime, first_use, years[-1])
        if out.capital_cost[k, v] < 0:
            out.earning.add((k, v))
        is_lump = k in out.min_build or out.project_cost[k, v] != 0
        if is_lump or spacing > 1:
            out.lumpy.append((k, v))


def commit_orders(
    asset: Asset, case: Case, years: Sequence[int], capital: dict[int, float], lifetime: float, out: CapacityDrafts
) -> None:
    """Signed orders of an asset: when they work, what is paid for them, and the share of it that the horizon bears."""
    for row in case.committed:
        if row.technology != asset.name:
            continue
        k, v, first_use = asset.name, row.year, row.year + asset.lead_time
        out.committed[k, v] = row.build
        out.lasts[k, v] = first_use, first_use + whole_years(lifetime) - 1
        out.works[k, v] = tuple(y for y in years if first_use <= y < first_use + whole_years(lifetime))
        price = row.capital_cost if row.capital_cost is not None else capital.get(v, 0.0)
        out.committed_cost[k, v] = price * row.build if v in years else 0.0
        if out.committed_cost[k, v] < 0:
            out.earning.add((k, v))
        if v in years:
            out.seen_share[k, v] = horizon_share(case.park.discount_rate, lifetime, first_use, years[-1])
