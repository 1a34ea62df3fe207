"""Capacity: what may be ordered when, how long it works, and what it costs to own.

Technologies, links between zones and connections whose size is decided are alike here: all are assets with cohorts, one a
year of order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.case import Case, Connection, Technology
from models.inputs.assets import Asset, assets_of
from models.inputs.costs import CostTable
from models.inputs.firm import counted_in_units
from models.inputs.fixed import fixed_costs, order_years
from models.inputs.limits import AssetLimits, limits_of
from models.inputs.orders import CapacityDrafts, commit_orders, offer_orders
from models.inputs.retirement import ANY, EXISTING, Part, Pieces, can_pay, given_up, offered, paid_for_units, values_beyond

__all__ = ["ANY", "EXISTING", "Capacity", "resolve_capacity"]


@dataclass(frozen=True)
class Capacity:
    """Assets k, their builds by year of order v, and the years y in which they work.

    assets         names of technologies, links and connections with a type
    label          capacity unit for reports              (k)
    present        assets that can have capacity          (y) -> tuple of k
    existing       capacity that stood before             capacity (k,y); absent = 0
    builds         offered orders                         tuple of (k,v)
    committed      orders that are signed                 capacity (k,v); v may lie before the horizon
    committed_cost all that is paid for a signed order    money (k,v); 0 before the horizon
    works          years in which a cohort works          (k,v) -> tuple of y; v = EXISTING too
    lasts          first and last year in which an order works, offered or signed, outside the horizon too   (k,v) -> (year, year)
    build_max      most that one order can be             capacity (k,v); may be inf
    min_build      least size of an order                 capacity (k); absent = 0
    unit_size      orders are multiples of it             capacity (k); absent = any size
    spacing        least years between orders             year (k); absent = any
    growth         most of an order by that of the year before: factor, and what is always allowed   1, capacity (k)
    lumpy          orders that need a yes or no           tuple of (k,v)
    max_capacity   most that may stand                    capacity (k,y); absent = no limit
    min_capacity   least that must stand                  capacity (k,y); absent = 0
    pieces         in what pieces is retired early        see Pieces
    given_up       value beyond the horizon that is lost with a unit retired   money/capacity (k,v, DECIDED or SIGNED)
    retirements    early retirements offered              tuple of (k, cohort or ANY, year)
    capital_cost   full price before grants               money/capacity (k,v)
    project_cost   full price of an order of any size     money (k,v)
    own_share      1 - grant                              1 (k,v)
    seen_share     share that the horizon bears           1 (k,v)
    fixed_cost     of capacity in use                     money/capacity/year (k,y)
    fixed_by_order  the same where it is that of the year of the order    money/capacity/year (k,v); v = EXISTING too
    annuity        paid for an order in each year of its life, retired or not    money/capacity/year (k,v); absent = 0
    retirement_cost  of what is retired early             money/capacity (k,y); absent = 0
    site, area     site and area used                     (k); ha/capacity (k)
    site_area      area of each site                      ha (site)
    in_reference   may be built in the reference plan     set of k
    """

    assets: tuple[str, ...]
    label: dict[str, str]
    present: dict[int, tuple[str, ...]]
    existing: dict[tuple[str, int], float]
    builds: tuple[tuple[str, int], ...]
    committed: dict[tuple[str, int], float]
    committed_cost: dict[tuple[str, int], float]
    works: dict[tuple[str, int], tuple[int, ...]]
    lasts: dict[tuple[str, int], tuple[int, int]]
    build_max: dict[tuple[str, int], float]
    min_build: dict[str, float]
    unit_size: dict[str, float]
    spacing: dict[str, int]
    growth: dict[str, tuple[float, float]]
    lumpy: tuple[tuple[str, int], ...]
    max_capacity: dict[tuple[str, int], float]
    min_capacity: dict[tuple[str, int], float]
    pieces: Pieces
    given_up: dict[Part, float]
    retirements: tuple[tuple[str, int, int], ...]
    capital_cost: dict[tuple[str, int], float]
    project_cost: dict[tuple[str, int], float]
    own_share: dict[tuple[str, int], float]
    seen_share: dict[tuple[str, int], float]
    fixed_cost: dict[tuple[str, int], float]
    fixed_by_order: dict[tuple[str, int], float]
    annuity: dict[tuple[str, int], float]
    retirement_cost: dict[tuple[str, int], float]
    site: dict[str, str]
    area: dict[str, float]
    site_area: dict[str, float]
    in_reference: frozenset[str]

    def earns(self, k: str, v: int) -> bool:
        """True if an order has a capital cost below 0."""
        return self.capital_cost.get((k, v), 0.0) < 0

    def falls(self, k: str) -> tuple[tuple[int, float], ...]:
        """Years in which less stands of what stood before than in the year before, and by how much (capacity)."""
        works = self.works.get((k, EXISTING), ())
        changes = [(y, self.existing[k, y - 1] - self.existing[k, y]) for y in works[1:]]
        return tuple((y, fallen) for y, fallen in changes if fallen > 0)


def resolve_capacity(case: Case, years: Sequence[int], existing_only: bool = False) -> Capacity:
    """Assets, offered builds and their costs. With `existing_only` nothing is built and what exists stands."""
    out = CapacityDrafts()
    table = CostTable(case.costs, years, case.park.currency)
    out.site_area = {s.site: s.area for s in case.sites}
    out.counted = frozenset() if existing_only else counted_in_units(case)
    for asset in assets_of(case):
        _resolve_asset(asset, case, years, table, out, existing_only)
    working = {(k, y) for (k, _), own in out.works.items() for y in own} | set(out.existing)
    present = {y: tuple(k for k in out.assets if (k, y) in working) for y in years}
    growth = {t.technology: (t.max_growth, t.growth_base) for t in case.technologies if t.max_growth is not None}
    begins = {kv: out.lasts[kv][0] for kv in dict.fromkeys([*out.builds, *out.committed])}
    retirements = () if existing_only else tuple(offered(out.retiring, out.apart, out.works, begins, present, out.earning))
    paid = paid_for_units(out.capital_cost, out.own_share, out.committed_cost, out.committed)
    lost = given_up(values_beyond(paid, out.seen_share, out.lasts, retirements, years[-1]))
    return Capacity(
        assets=tuple(out.assets),
        label=out.label,
        present=present,
        existing=out.existing,
        builds=tuple(out.builds),
        committed=out.committed,
        committed_cost=out.committed_cost,
        works=out.works,
        lasts=out.lasts,
        build_max=out.build_max,
        min_build=out.min_build,
        unit_size=out.unit_size,
        spacing=out.spacing,
        growth=growth,
        lumpy=tuple(out.lumpy),
        max_capacity=out.max_capacity,
        min_capacity={} if existing_only else out.min_capacity,
        pieces=Pieces(out.keep, out.existing_unit, frozenset(out.whole_orders), frozenset(out.whole_units)),
        given_up=lost,
        retirements=retirements,
        capital_cost=out.capital_cost,
        project_cost=out.project_cost,
        own_share=out.own_share,
        seen_share=out.seen_share,
        fixed_cost=out.fixed_cost,
        fixed_by_order=out.fixed_by_order,
        annuity=out.annuity,
        retirement_cost=out.retirement_cost,
        site=out.site,
        area=out.area,
        site_area=out.site_area,
        in_reference=frozenset(out.in_reference),
    )


def _resolve_asset(
    asset: Asset, case: Case, years: Sequence[int], table: CostTable, out: CapacityDrafts, existing_only: bool
) -> None:
    k = asset.name
    out.assets.append(k)
    out.label[k] = asset.label
    limits = limits_of(asset, case, years, existing_only)
    _limits(asset, limits, out, existing_only)
    _sizes(asset, out)
    capital = table.series(asset.type, "capital_cost", f"money/({asset.per})", asset.length)
    fixed = fixed_costs(asset, case, table)
    (out.fixed_by_order if table.is_by_order(asset.type) else out.fixed_cost).update(fixed)
    if table.is_by_order(asset.type):
        out.apart.add(k)
    retiring = table.series(asset.type, "retirement_cost", f"money/({asset.per})", asset.length)
    out.retirement_cost |= {(k, y): value for y, value in retiring.items() if value}
    pays = any(price > 0 for (own, _), price in (*out.fixed_cost.items(), *out.fixed_by_order.items()) if own == k)
    if can_pay(asset, limits, case, years, saves=pays, frees_area=k in out.site) or k in out.counted:
        out.retiring.append(k)
    if k in out.counted and k not in out.unit_size:
        out.apart.add(k)
    lifetime = table.lifetime(asset.type)
    if existing_only:
        return
    commit_orders(asset, case, years, capital, lifetime, out)
    annuity = table.series(asset.type, "annuity", f"money/({asset.per})/year", asset.length, order_years(asset, case, years))
    if (capital or annuity) and lifetime:
        offer_orders(asset, limits, case, years, table, capital, lifetime, out)
    out.annuity |= {(k, v): money for v, money in annuity.items() if money and (k, v) in out.lasts}
    signed = k in out.whole_units and any(own == k for own, _ in out.committed)
    if signed or any(own == k for own, _ in out.earning) or any((k, y) in out.retirement_cost for y in years):
        out.apart.add(k)


def _limits(asset: Asset, limits: AssetLimits, out: CapacityDrafts, existing_only: bool) -> None:
    """What stands and may stand, on what area, and whether the reference plan may order it."""
    row, k = asset.row, asset.name
    out.existing |= {(k, y): size for y, size in limits.existing.items()}
    out.works[k, EXISTING] = tuple(limits.existing)
    if not existing_only:
        out.max_capacity |= {(k, y): most for y, most in limits.max_capacity.items()}
        out.min_capacity |= {(k, y): least for y, least in limits.min_capacity.items()}
    reference = None
    if isinstance(row, Technology):
        reference = row.reference
        if row.site and row.area > 0:
            out.site[k], out.area[k] = row.site, row.area
    if not isinstance(row, Connection):
        out.keep |= {(k, y): min(row.keep, size) for y, size in limits.existing.items() if row.keep > 0}
    if reference == 1 or (reference is None and (row.existing > 0 or asset.is_charger)):
        out.in_reference.add(k)


def _sizes(asset: Asset, out: CapacityDrafts) -> None:
    """Sizes of orders and of retirements."""
    k = asset.name
    for column, sizes in (("min_build", out.min_build), ("unit_size", out.unit_size), ("existing_unit", out.existing_unit)):
        if asset.of_orders(column) > 0:
            sizes[k] = asset.of_orders(column)
    if asset.of_orders("order_spacing") > 0:
        out.spacing[k] = int(asset.of_orders("order_spacing"))
    if not asset.of_orders("partial_retirement"):
        (out.whole_units if k in out.unit_size else out.whole_orders).add(k)
    if k in out.whole_orders:
        out.apart.add(k)
