"""Capacity: what may be ordered when, how long it works, and what it costs to own.

Technologies, links between zones and connections whose size is decided are alike here: all are assets with cohorts, one a
year of order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.case import Case, Connection, Link, Technology
from models.inputs.costs import CostTable
from models.inputs.finance import horizon_share, whole_years

#: The cohort of what stood before the horizon.
EXISTING = 0
#: Stands in a retirement for all orders of an asset whose orders may be of any size: those retire first that end first.
ANY = -1


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
    lumpy          orders that need a yes or no           tuple of (k,v)
    max_capacity   most that may stand                    capacity (k); absent = no limit
    retirements    early retirements offered              tuple of (k, cohort or ANY, year)
    capital_cost   full price before grants               money/capacity (k,v)
    project_cost   full price of an order of any size     money (k,v)
    own_share      1 - grant                              1 (k,v)
    seen_share     share that the horizon bears           1 (k,v)
    fixed_cost     of capacity in use                     money/capacity/year (k,y)
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
    lumpy: tuple[tuple[str, int], ...]
    max_capacity: dict[str, float]
    retirements: tuple[tuple[str, int, int], ...]
    capital_cost: dict[tuple[str, int], float]
    project_cost: dict[tuple[str, int], float]
    own_share: dict[tuple[str, int], float]
    seen_share: dict[tuple[str, int], float]
    fixed_cost: dict[tuple[str, int], float]
    retirement_cost: dict[tuple[str, int], float]
    site: dict[str, str]
    area: dict[str, float]
    site_area: dict[str, float]
    in_reference: frozenset[str]


@dataclass(frozen=True)
class _Asset:
    """What technologies, links and connections have in common."""

    name: str
    type: str
    per: str
    label: str
    lead_time: int
    row: Technology | Link | Connection
    length: float | None = None

    def allowed(self, year: int) -> bool:
        """True if the row lets it be ordered in that year."""
        row = self.row
        if not isinstance(row, Technology):
            return row.max_capacity is None or row.max_capacity > 0
        after = row.first_year is None or year >= row.first_year
        before = row.until_year is None or year <= row.until_year
        return after and before and row.max_build != 0 and row.max_capacity != 0


def _assets(case: Case) -> list[_Asset]:
    types = {t.type: t for t in case.types}
    per = {"converter": "MW", "store": "MWh", "capture": "t/h"}
    found = []
    for row in case.technologies:
        kind = types[row.type_name]
        unit = per[kind.role]
        found.append(_Asset(row.technology, row.type_name, unit, kind.capacity_unit or unit, kind.lead_time, row))
    for link in case.links:
        unit = "t/h" if link.carrier == "co2" else "MW"
        lead = types[link.type_name].lead_time if link.type_name in types else 0
        found.append(_Asset(link.link, link.type_name, unit, unit, lead, link, link.length or 0.0))
    for connection in case.connections:
        if connection.type:
            unit = "t/h" if connection.carrier == "co2" else "MW"
            lead = types[connection.type].lead_time if connection.type in types else 0
            found.append(_Asset(connection.connection, connection.type, unit, unit, lead, connection))
    return found


def resolve_capacity(case: Case, years: Sequence[int], existing_only: bool = False) -> Capacity:
    """Assets, offered builds and their costs. With `existing_only` nothing is built and what exists stands."""
    out = _Drafts()
    table = CostTable(case.costs, years, case.park.currency)
    for asset in _assets(case):
        _resolve_asset(asset, case, years, table, out, existing_only)
    out.site_area = {s.site: s.area for s in case.sites}
    working = {(k, y) for (k, _), own in out.works.items() for y in own} | set(out.existing)
    present = {y: tuple(k for k in out.assets if (k, y) in working) for y in years}
    return Capacity(
        assets=tuple(out.assets), label=out.label, present=present, existing=out.existing, builds=tuple(out.builds),
        committed=out.committed, committed_cost=out.committed_cost,
        works=out.works, lasts=out.lasts, build_max={kv: _build_max(kv[0], out) for kv in out.builds}, min_build=out.min_build,
        unit_size=out.unit_size, lumpy=tuple(out.lumpy), max_capacity=out.max_capacity,
        retirements=() if existing_only else tuple(_retirements(out, present)), capital_cost=out.capital_cost,
        project_cost=out.project_cost, own_share=out.own_share, seen_share=out.seen_share, fixed_cost=out.fixed_cost,
        retirement_cost=out.retirement_cost,
        site=out.site, area=out.area, site_area=out.site_area, in_reference=frozenset(out.in_reference),
    )  # fmt: skip


class _Drafts:
    """The dictionaries of Capacity while they are filled."""

    def __init__(self) -> None:
        self.assets: list[str] = []
        self.label: dict[str, str] = {}
        self.existing: dict[tuple[str, int], float] = {}
        self.builds: list[tuple[str, int]] = []
        self.committed: dict[tuple[str, int], float] = {}
        self.committed_cost: dict[tuple[str, int], float] = {}
        self.works: dict[tuple[str, int], tuple[int, ...]] = {}
        self.lasts: dict[tuple[str, int], tuple[int, int]] = {}
        self.min_build: dict[str, float] = {}
        self.max_build: dict[str, float] = {}
        self.unit_size: dict[str, float] = {}
        self.lumpy: list[tuple[str, int]] = []
        self.max_capacity: dict[str, float] = {}
        self.retiring: list[str] = []
        self.capital_cost: dict[tuple[str, int], float] = {}
        self.project_cost: dict[tuple[str, int], float] = {}
        self.own_share: dict[tuple[str, int], float] = {}
        self.seen_share: dict[tuple[str, int], float] = {}
        self.fixed_cost: dict[tuple[str, int], float] = {}
        self.retirement_cost: dict[tuple[str, int], float] = {}
        self.site: dict[str, str] = {}
        self.area: dict[str, float] = {}
        self.site_area: dict[str, float] = {}
        self.in_reference: set[str] = set()


def _resolve_asset(
    asset: _Asset, case: Case, years: Sequence[int], table: CostTable, out: _Drafts, existing_only: bool
) -> None:
    row, k = asset.row, asset.name
    out.assets.append(k)
    out.label[k] = asset.label
    _limits(asset, out)
    capital = table.series(asset.type, "capital_cost", f"money/({asset.per})", asset.length)
    for y, value in table.fixed_cost(asset.type, asset.per, capital, asset.length).items():
        out.fixed_cost[k, y] = value
    for y, value in table.series(asset.type, "retirement_cost", f"money/({asset.per})", asset.length).items():
        if value:
            out.retirement_cost[k, y] = value
    until = row.existing_until if isinstance(row, Technology) and row.existing_until is not None else max(years)
    stands = tuple(y for y in years if existing_only or y <= until) if row.existing > 0 else ()
    for y in stands:
        out.existing[k, y] = row.existing
    out.works[k, EXISTING] = stands
    if _retirement_can_pay(asset, case, years, out):
        out.retiring.append(k)
    lifetime = table.lifetime(asset.type)
    if existing_only:
        return
    _commit(asset, case, years, capital, lifetime, out)
    if not capital or not lifetime:
        return
    project = table.series(asset.type, "project_cost", "money")
    grant = table.series(asset.type, "grant", "1")
    for v in years:
        first_use = v + asset.lead_time
        works = tuple(y for y in years if first_use <= y < first_use + whole_years(lifetime))
        if not works or not asset.allowed(v) or not case.park.may_order(v):
            continue
        out.builds.append((k, v))
        out.works[k, v], out.lasts[k, v] = works, (first_use, first_use + whole_years(lifetime) - 1)
        out.capital_cost[k, v] = capital[v]
        out.project_cost[k, v] = project.get(v, 0.0)
        out.own_share[k, v] = 1 - grant.get(v, 0.0)
        out.seen_share[k, v] = horizon_share(case.park.discount_rate, lifetime, first_use, years[-1])
        if k in out.min_build or out.project_cost[k, v] > 0:
            out.lumpy.append((k, v))


def _commit(
    asset: _Asset, case: Case, years: Sequence[int], capital: dict[int, float], lifetime: float, out: _Drafts
) -> None:
    """Signed orders of a technology: when they work, what is paid for them, and the share of it that the horizon bears."""
    for row in case.committed:
        if row.technology != asset.name or not isinstance(asset.row, Technology):
            continue
        k, v, first_use = asset.name, row.year, row.year + asset.lead_time
        out.committed[k, v] = row.build
        out.lasts[k, v] = first_use, first_use + whole_years(lifetime) - 1
        out.works[k, v] = tuple(y for y in years if first_use <= y < first_use + whole_years(lifetime))
        price = row.capital_cost if row.capital_cost is not None else capital.get(v, 0.0)
        out.committed_cost[k, v] = price * row.build if v in years else 0.0
        if v in years:
            out.seen_share[k, v] = horizon_share(case.park.discount_rate, lifetime, first_use, years[-1])


def _limits(asset: _Asset, out: _Drafts) -> None:
    row, k = asset.row, asset.name
    if row.max_capacity is not None:
        out.max_capacity[k] = row.max_capacity
    if row.min_build > 0:
        out.min_build[k] = row.min_build
    reference = None
    if isinstance(row, Technology):
        reference = row.reference
        if row.max_build is not None:
            out.max_build[k] = row.max_build
        if row.unit_size is not None:
            out.unit_size[k] = row.unit_size
        if row.site and row.area > 0:
            out.site[k], out.area[k] = row.site, row.area
    if reference == 1 or (reference is None and row.existing > 0):
        out.in_reference.add(k)


def _retirement_can_pay(asset: _Asset, case: Case, years: Sequence[int], out: _Drafts) -> bool:
    """Retiring early is offered only where it can pay: a fixed cost, a minimum load, or a limit that it frees.

    Connections are not retired.
    """
    row, k = asset.row, asset.name
    if isinstance(row, Connection):
        return False
    costs = any(out.fixed_cost.get((k, y), 0.0) > 0 for y in years)
    loads = isinstance(row, Technology) and not row.profile and any(
        t.type == asset.type and t.role == "converter" and t.min_load > 0 for t in case.types
    )  # fmt: skip
    frees = k in out.site or (k in out.max_capacity and any(asset.allowed(y) for y in years))
    return costs or loads or frees


def _retirements(out: _Drafts, present: dict[int, tuple[str, ...]]) -> Iterator[tuple[str, int, int]]:
    """What may be retired when.

    Nothing that was ordered is retired in the year in which it begins to work; what stood before may be from the first year on.
    Where orders are of any size, it is never better to retire what would work longer: so it need not be said of which order.
    Orders of a least size, in units, with a project cost or a retirement cost are told apart. What stood before is told apart
    always: it may end after what is ordered.
    """
    by_order = {k for k, _ in out.lumpy} | {k for k, _ in out.retirement_cost} | set(out.unit_size)
    for k in out.retiring:
        yield from ((k, EXISTING, y) for y in out.works[k, EXISTING])
        orders = list(dict.fromkeys(v for own, v in [*out.builds, *out.committed] if own == k))
        if k in by_order:
            yield from ((k, v, y) for v in orders for y in out.works[k, v] if y > out.lasts[k, v][0])
        else:
            yield from ((k, ANY, y) for y in present if any(y in out.works[k, v] for v in orders))


def _build_max(k: str, out: _Drafts) -> float:
    site = out.site_area[out.site[k]] / out.area[k] if k in out.site else math.inf
    return min(out.max_build.get(k, math.inf), out.max_capacity.get(k, math.inf), site)
