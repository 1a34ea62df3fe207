"""Capacity: what may be ordered when, how long it works, and what it costs to own.

Technologies, links between zones and connections whose size is decided are alike here: all are assets with cohorts, one a
year of order.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from models.case import Case, Connection, EquipmentType, Limit, Link, Technology, said_of_orders
from models.inputs.equipment import counted_in_units, is_committed
from models.inputs.finance import CostTable, horizon_share, over_years, whole_years

# --- assets ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asset:
    """What technologies, links and connections have in common."""

    name: str
    type: str
    per: str
    label: str
    lead_time: int
    row: Technology | Link | Connection
    kind: EquipmentType | None = None
    length: float | None = None

    @property
    def is_charger(self) -> bool:
        """True of chargers, which come with their vehicles."""
        return self.kind is not None and self.kind.role == "charger"

    @property
    def in_reference(self) -> bool:
        """True if the reference plan may order it."""
        row = self.row
        stated = row.reference if isinstance(row, Technology) else None
        return row.existing > 0 or self.is_charger if stated is None else stated == 1

    def of_orders(self, column: str) -> float:
        """What it says of its orders, or else its type; a column of ORDER_COLUMNS."""
        return said_of_orders(self.row, self.kind, column)

    def allowed(self, year: int) -> bool:
        """True if it may be ordered in that year, whatever the limits on its size."""
        row = self.row
        if not isinstance(row, Technology):
            return True
        return (row.first_year or year) <= year <= (row.until_year or year)


def assets_of(case: Case) -> list[Asset]:
    """Technologies, links and connections that may grow, in the order of their tables."""
    types = {t.type: t for t in case.types}
    rows: list[Technology | Link | Connection] = [*case.technologies, *case.links, *(c for c in case.connections if c.type)]
    return [asset_of(row, types.get(row.type_name)) for row in rows]


def asset_of(row: Technology | Link | Connection, kind: EquipmentType | None) -> Asset:
    """A row as an asset; `kind` is its type, which a technology has always."""
    if isinstance(row, Technology):
        assert kind is not None, row.technology
        unit = {"converter": "MW", "store": "MWh", "capture": "t/h", "charger": "MW"}[kind.role]
        return Asset(row.technology, kind.type, unit, kind.capacity_unit or unit, kind.lead_time, row, kind)
    unit, lead = "t/h" if row.carrier == "co2" else "MW", kind.lead_time if kind else 0
    if isinstance(row, Link):
        return Asset(row.link, row.type_name, unit, unit, lead, row, length=row.length or 0.0)
    return Asset(row.connection, row.type, unit, unit, lead, row)


# --- limits ------------------------------------------------------------------------------------------------------------------

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


# --- early retirement --------------------------------------------------------------------------------------------------------

#: The cohort of what stood before the horizon.
EXISTING = 0
#: Stands in a retirement for all orders of an asset that are not told apart: those retire first that end first.
ANY = -1
#: Less than this share of a unit is no rest.
NO_REST = 1e-9


@dataclass(frozen=True)
class Pieces:
    """In what pieces is retired what stood, and what was ordered.

    keep           what stood and may not be retired                               capacity (k,y); absent = 0
    existing_unit  what stood is retired in these units, and one of the rest       capacity (k); absent = any part
    whole_orders   assets whose orders are retired whole or not at all             set of k
    whole_units    assets whose signed orders are retired in whole units           set of k
    """

    keep: dict[tuple[str, int], float] = field(default_factory=dict)
    existing_unit: dict[str, float] = field(default_factory=dict)
    whole_orders: set[str] = field(default_factory=set)
    whole_units: set[str] = field(default_factory=set)

    def units_of(self, k: str, existing: float) -> tuple[int, float]:
        """Units of what stood, and the rest that is no unit."""
        unit = self.existing_unit[k]
        count = math.floor(existing / unit + NO_REST)
        rest = existing - count * unit
        return count, rest if rest > NO_REST * unit else 0.0


def offered(out: Capacity, retiring: Iterable[str], apart: Container[str]) -> Iterator[tuple[str, int, int]]:
    """What may be retired when: (asset, cohort or ANY, year).

    retiring  assets for which it can pay     apart  those of them whose orders are told apart

    Nothing that was ordered is retired in the year in which it begins to work, nor an order with a capital cost below 0; what stood
    before may be from the first year on. Where orders are retired in any part, and retirement costs nothing, it is never better to
    retire what would work longer: so it need not be said of which order; what is given up beyond the horizon is counted apart, see
    `add_given_up`. What stood before is told apart always: it may end after what is ordered.
    """
    for k in retiring:
        yield from ((k, EXISTING, y) for y in out.works[k, EXISTING])
        orders = [v for own, v in dict.fromkeys([*out.build_max, *out.committed]) if own == k]
        if k in apart:
            lasting = [v for v in orders if not out.earns(k, v)]
            yield from ((k, v, y) for v in lasting for y in out.works[k, v] if y > out.lasts[k, v][0])
        else:
            yield from ((k, ANY, y) for y in out.present if any(y in out.works[k, v] for v in orders))


def can_pay(asset: Asset, limits: AssetLimits, case: Case, years: Sequence[int], *, saves: bool, frees_area: bool) -> bool:
    """Retiring early is offered only where it can pay: it `saves` a fixed cost, ends a minimum load, or frees a limit, an area or
    what falls.

    Connections are not retired. What retirement costs, such as the value beyond the horizon, makes it pay nowhere else.
    """
    row = asset.row
    if isinstance(row, Connection):
        return False
    loads = (
        isinstance(row, Technology)
        and not row.profile
        and any(
            t.type == asset.type and t.role == "converter" and t.min_load > 0 and not is_committed(case, row, t) for t in case.types
        )
    )
    most = limits.max_capacity
    falls = any(most[y] < most.get(y - 1, most[y]) for y in most)
    frees = frees_area or falls or (bool(most) and any(asset.allowed(y) and limits.may_order(y) for y in years))
    return saves or loads or frees


#: Parts of an order: what the plan decides, and what was signed before.
DECIDED, SIGNED = "decided", "signed"
#: An asset, the year of an order, and DECIDED or SIGNED.
Part = tuple[str, int, str]


def given_up(out: Capacity, retirements: Iterable[tuple[str, int, int]], last: int) -> dict[Part, float]:
    r"""Parts of orders to keep count of, with the value beyond the horizon of a unit of each, :math:`(1 - \varphi) \max(\kappa, 0)`
    (money/capacity): of orders that may be retired and else work to the last year; parts without a value beside parts with one.

    κ  paid for a unit, grants taken off   money/capacity     φ  seen_share   1 (k,v); absent = all of it
    """
    paid = {(k, v, DECIDED): out.own_share[k, v] * price for (k, v), price in out.capital_cost.items()}
    paid |= {(k, v, SIGNED): out.committed_cost[k, v] / size for (k, v), size in out.committed.items() if size}
    retired = {(k, cohort) for k, cohort, _ in retirements}
    values: dict[Part, float] = {}
    for (k, v, part), price in paid.items():
        first, until = out.lasts[k, v]
        if first < last <= until and ((k, ANY) in retired or (k, v) in retired):
            values[k, v, part] = (1 - out.seen_share.get((k, v), 1.0)) * max(price, 0.0)
    counted = {part[:2] for part, value in values.items() if value > 0}
    return {part: value for part, value in values.items() if part[:2] in counted}


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


# --- orders ------------------------------------------------------------------------------------------------------------------


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
    fade           share of an order that is lost with each year of its work      1/year (k); absent = 0
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

    assets: tuple[str, ...] = ()
    label: dict[str, str] = field(default_factory=dict)
    present: dict[int, tuple[str, ...]] = field(default_factory=dict)
    existing: dict[tuple[str, int], float] = field(default_factory=dict)
    builds: tuple[tuple[str, int], ...] = ()
    committed: dict[tuple[str, int], float] = field(default_factory=dict)
    committed_cost: dict[tuple[str, int], float] = field(default_factory=dict)
    works: dict[tuple[str, int], tuple[int, ...]] = field(default_factory=dict)
    lasts: dict[tuple[str, int], tuple[int, int]] = field(default_factory=dict)
    build_max: dict[tuple[str, int], float] = field(default_factory=dict)
    min_build: dict[str, float] = field(default_factory=dict)
    unit_size: dict[str, float] = field(default_factory=dict)
    spacing: dict[str, int] = field(default_factory=dict)
    fade: dict[str, float] = field(default_factory=dict)
    growth: dict[str, tuple[float, float]] = field(default_factory=dict)
    lumpy: tuple[tuple[str, int], ...] = ()
    max_capacity: dict[tuple[str, int], float] = field(default_factory=dict)
    min_capacity: dict[tuple[str, int], float] = field(default_factory=dict)
    pieces: Pieces = field(default_factory=Pieces)
    given_up: dict[Part, float] = field(default_factory=dict)
    retirements: tuple[tuple[str, int, int], ...] = ()
    capital_cost: dict[tuple[str, int], float] = field(default_factory=dict)
    project_cost: dict[tuple[str, int], float] = field(default_factory=dict)
    own_share: dict[tuple[str, int], float] = field(default_factory=dict)
    seen_share: dict[tuple[str, int], float] = field(default_factory=dict)
    fixed_cost: dict[tuple[str, int], float] = field(default_factory=dict)
    fixed_by_order: dict[tuple[str, int], float] = field(default_factory=dict)
    annuity: dict[tuple[str, int], float] = field(default_factory=dict)
    retirement_cost: dict[tuple[str, int], float] = field(default_factory=dict)
    site: dict[str, str] = field(default_factory=dict)
    area: dict[str, float] = field(default_factory=dict)
    site_area: dict[str, float] = field(default_factory=dict)
    in_reference: frozenset[str] = frozenset()

    def earns(self, k: str, v: int) -> bool:
        """True if an order has a capital cost below 0."""
        return min(self.capital_cost.get((k, v), 0.0), self.committed_cost.get((k, v), 0.0)) < 0

    def lasting(self, k: str, v: int, y: int) -> float:
        """Share of an order that is left in a year by its wear."""
        return max(0.0, 1.0 - self.fade[k] * (y - self.lasts[k, v][0])) if k in self.fade and v != EXISTING else 1.0

    def falls(self, k: str) -> tuple[tuple[int, float], ...]:
        """Years in which less stands of what stood before than in the year before, and by how much (capacity)."""
        works = self.works.get((k, EXISTING), ())
        changes = [(y, self.existing[k, y - 1] - self.existing[k, y]) for y in works[1:]]
        return tuple((y, fallen) for y, fallen in changes if fallen > 0)


def offer_orders(
    asset: Asset,
    limits: AssetLimits,
    case: Case,
    years: Sequence[int],
    table: CostTable,
    capital: dict[int, float],
    lifetime: float,
    out: Capacity,
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
        out.build_max[k, v] = min(most, site)
        out.works[k, v], out.lasts[k, v] = works, (first_use, first_use + whole_years(lifetime) - 1)
        out.capital_cost[k, v] = capital.get(v, 0.0)
        out.project_cost[k, v] = project.get(v, 0.0)
        out.own_share[k, v] = 1 - grant.get(v, 0.0)
        out.seen_share[k, v] = horizon_share(case.park.discount_rate, lifetime, first_use, years[-1])


def commit_orders(
    asset: Asset, case: Case, years: Sequence[int], capital: dict[int, float], lifetime: float, out: Capacity
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
        if v in years:
            out.seen_share[k, v] = horizon_share(case.park.discount_rate, lifetime, first_use, years[-1])


#: Where more early retirements of orders that are told apart are offered, a yes or no each, what the plan itself orders is kept to
#: the end of its life.
EARLY = 300


def resolve_capacity(case: Case, years: Sequence[int], existing_only: bool = False) -> Capacity:
    """Assets, offered builds and their costs. With `existing_only` nothing is built and what exists stands."""
    assets, table = assets_of(case), CostTable(case.costs, years, case.park.currency)
    out = Capacity(
        label={asset.name: asset.label for asset in assets},
        fade={t.technology: t.fade for t in case.technologies if t.fade},
        growth={t.technology: (t.max_growth, t.growth_base) for t in case.technologies if t.max_growth is not None},
        site_area={s.site: s.area for s in case.sites},
        in_reference=frozenset(asset.name for asset in assets if asset.in_reference),
    )
    counted = frozenset() if existing_only else counted_in_units(case)
    paying = []
    for asset in assets:
        if _resolve_asset(asset, case, years, table, out, existing_only) or asset.name in counted:
            paying.append(asset.name)
    working = {(k, y) for (k, _), own in out.works.items() for y in own} | set(out.existing)
    out.present.update({y: tuple(k for k in out.label if (k, y) in working) for y in years})
    earning = {k for k, v in (*out.build_max, *out.committed) if out.earns(k, v)}
    apart = {asset.name for asset in assets if table.is_by_order(asset.type)} | out.pieces.whole_orders | earning | set(out.fade)
    apart |= (counted - out.unit_size.keys()) | {k for k, y in out.retirement_cost if y in years}
    apart |= out.pieces.whole_units & {k for k, _ in out.committed}
    retirements = () if existing_only else tuple(offered(out, paying, apart))
    own = [r for r in retirements if r[1] not in (EXISTING, ANY) and r[:2] not in out.committed]
    if not (len(own) <= EARLY if case.park.orders.early_retirement is None else case.park.orders.early_retirement):
        retirements = tuple(r for r in retirements if r[1] == EXISTING or r[:2] in out.committed)
    return replace(
        out,
        assets=tuple(out.label),
        builds=tuple(out.build_max),
        lumpy=tuple(
            (k, v) for k, v in out.build_max if k in out.min_build or out.project_cost[k, v] != 0 or out.spacing.get(k, 0) > 1
        ),
        retirements=retirements,
        given_up=given_up(out, retirements, years[-1]),
    )


def _resolve_asset(asset: Asset, case: Case, years: Sequence[int], table: CostTable, out: Capacity, existing_only: bool) -> bool:
    """Put what is said of an asset into `out`; True if it can pay to retire it early."""
    row, k = asset.row, asset.name
    limits = limits_of(asset, case, years, existing_only)
    out.existing.update({(k, y): size for y, size in limits.existing.items()})
    out.works[k, EXISTING] = tuple(limits.existing)
    if isinstance(row, Technology) and row.site and row.area > 0:
        out.site[k], out.area[k] = row.site, row.area
    if not isinstance(row, Connection) and row.keep > 0:
        out.pieces.keep.update({(k, y): min(row.keep, size) for y, size in limits.existing.items()})
    for column, sizes in (("min_build", out.min_build), ("unit_size", out.unit_size), ("existing_unit", out.pieces.existing_unit)):
        if asset.of_orders(column) > 0:
            sizes[k] = asset.of_orders(column)
    if asset.of_orders("order_spacing") > 0:
        out.spacing[k] = int(asset.of_orders("order_spacing"))
    if not asset.of_orders("partial_retirement"):
        (out.pieces.whole_units if k in out.unit_size else out.pieces.whole_orders).add(k)
    capital = table.series(asset.type, "capital_cost", f"money/({asset.per})", asset.length)
    fixed = fixed_costs(asset, case, table)
    (out.fixed_by_order if table.is_by_order(asset.type) else out.fixed_cost).update(fixed)
    retiring = table.series(asset.type, "retirement_cost", f"money/({asset.per})", asset.length)
    out.retirement_cost.update({(k, y): value for y, value in retiring.items() if value})
    saves = any(price > 0 for price in fixed.values())
    if not existing_only:
        out.max_capacity.update({(k, y): most for y, most in limits.max_capacity.items()})
        out.min_capacity.update({(k, y): least for y, least in limits.min_capacity.items()})
        lifetime = table.lifetime(asset.type)
        commit_orders(asset, case, years, capital, lifetime, out)
        annuity = table.series(asset.type, "annuity", f"money/({asset.per})/year", asset.length, order_years(asset, case, years))
        if (capital or annuity) and lifetime:
            offer_orders(asset, limits, case, years, table, capital, lifetime, out)
        out.annuity.update({(k, v): money for v, money in annuity.items() if money and (k, v) in out.lasts})
    return can_pay(asset, limits, case, years, saves=saves, frees_area=k in out.site)
