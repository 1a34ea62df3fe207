"""Capacities and connections far from what could ever be used, most often kW for MW; and energy that cannot come.

Full-load hours of a technology: of a plant that has any, the least below the most, and within what its profile allows.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from models.case import (
    Budget,
    Committed,
    Connection,
    Cost,
    EquipmentType,
    Limit,
    Link,
    Row,
    Site,
    Supply,
    Technology,
    said_of_orders,
)
from models.inputs.capacity import Asset, asset_of, limit_of
from models.inputs.finance import CostTable, whole_years
from models.units import UnitError
from planner.language.language import mark
from planner.park import remarks
from planner.park.draft import Draft, name_of
from planner.park.goal import Use

# From where on a figure cannot be, or can hardly be, what was meant: where honest parks do not come near, and the slip surely is.
#: So many times what can ever be used nobody builds; kW for MW is 1000 times.
CAPACITY_TO_USE = 30.0
#: So many times what can ever be used nobody connects; a connection may be that of a district.
IMPORT_TO_USE = 100.0
#: A roof or field that takes so many times what can ever be used; m2 for ha is 10,000 times.
SITE_TO_USE = 100.0
#: Hours of all that can ever be used that a store holds: a month, a seasonal one two years. kWh for MWh is 1000 times.
STORE_HOURS, SEASONAL_HOURS = 730.0, 17_520.0

#: A size: where it stands, its column, and what it is.
Size = tuple[Row, str, float | None]
#: Capacity columns of technologies.csv, links.csv and connections.csv, in the order in which one is told.
SIZES = ("existing", "max_capacity", "max_build", "min_build", "unit_size", "existing_unit")


def check_capacities(draft: Draft) -> None:
    """Warn of sizes that do not go with what can be used."""
    with_sales, own = Use(draft), Use(draft, is_sold=False)
    stated: dict[str, list[Size]] = defaultdict(list)
    for limit in draft.rows(Limit):
        stated[limit.technology].append((limit, "value", limit.value))
    for order in draft.rows(Committed):
        stated[order.technology].append((order, "build", order.build))
    for row in draft.rows(Technology):
        kind, ports = draft.types.get(row.type_name), draft.ports.get(row.type_name, [])
        if kind is None or kind.role == "capture":
            continue
        if kind.role == "store":
            use, unit = max((with_sales.of(port.carrier) for port in ports), default=0.0), "kWh"
            most = (SEASONAL_HOURS if kind.seasonal else STORE_HOURS) * use
        else:
            outs = [with_sales.of(p.carrier) / p.ratio for p in ports if p.direction == "out" and p.carrier != "co2"]
            use, unit = max(outs, default=0.0), "kW"
            most = CAPACITY_TO_USE * use
        _tell_first([*_stated(row, SIZES), *stated[row.technology]], row.technology, most, use, unit, draft)
    for link in draft.rows(Link):
        use = with_sales.of(link.carrier)
        _tell_first([*_stated(link, SIZES), *stated[link.link]], link.link, IMPORT_TO_USE * use, use, "kW", draft)
    for connection in draft.rows(Connection):
        use = own.of(connection.carrier)
        sizes = _stated(connection, ("max_import", *SIZES))
        _tell_first(sizes, connection.connection, IMPORT_TO_USE * use, use, "kW", draft)
    for supply in draft.rows(Supply):
        use = own.of(supply.carrier) if supply.carrier != "co2" else 0.0
        _tell_first(_stated(supply, ("max_import", "contract_max")), supply.supply, IMPORT_TO_USE * use, use, "kW", draft)
        _tell_first(_stated(supply, ("min_year",)), supply.supply, 8760 * use, use, "kWh", draft)
        _check_least(supply, draft)
    _check_sites(with_sales, draft)


def _stated(row: Technology | Link | Connection | Supply, columns: Sequence[str]) -> list[Size]:
    return [(row, column, getattr(row, column, None)) for column in columns]


def _tell_first(sizes: Sequence[Size], name: str, most: float, use: float, unit: str, draft: Draft) -> None:
    """Tell the first size that is above `most`."""
    for row, column, value in sizes:
        if 0 < most < np.inf and value and value > most:
            words: dict[str, object] = {"column": column, "size": value, "use": f"{use:.3g}", "unit": unit, "smaller": value / 1000}
            draft.warn(row, remarks.TOO_LARGE, name=repr(name), **words)
            return


def _check_least(supply: Supply, draft: Draft) -> None:
    """Energy to be bought in a year that is more than can come."""
    if not supply.min_year:
        return
    connections = {row.connection: row for row in draft.rows(Connection)}
    most = [("max_import_year", supply.max_import_year)]
    if supply.max_import is not None:
        most.append(("max_import · 8760 h", supply.max_import * 8760))
    shape = draft.profiles.series.get(supply.profile) if supply.profile else None
    if supply.contract_max is not None and shape is not None and len(shape):
        most.append(("contract_max · profile", supply.contract_max * float(shape.mean()) * 8760))
    connection = connections.get(supply.connection)
    if connection is not None and connection.max_import is not None:
        most.append((f"{connection.connection} max_import · 8760 h", connection.max_import * 8760))
    limits = [(value, name) for name, value in most if value is not None]
    if limits and supply.min_year > min(limits)[0] * (1 + 1e-9):
        value, name = min(limits)
        draft.warn(supply, remarks.MIN_YEAR_ABOVE, most=f"{value:,.0f}", by=name)


def _check_sites(uses: Use, draft: Draft) -> None:
    """A site that takes far more than can ever be used."""
    for site in draft.rows(Site):
        takes = []
        for row in draft.rows(Technology):
            kind = draft.types.get(row.type_name)
            if row.site == site.site and row.area > 0 and kind is not None and kind.role == "converter":
                outs = [p for p in draft.ports.get(row.type_name, []) if p.direction == "out"]
                use = max((uses.of(p.carrier) / p.ratio for p in outs), default=0.0)
                takes.append((site.area / row.area, use, row.technology))
        if takes and all(0 < SITE_TO_USE * use < fits for fits, use, _ in takes):
            fits, use, name = min(takes)
            words = {"fits": f"{fits:.4g}", "technology": repr(name), "use": f"{use:.3g}", "smaller": site.area / 10_000}
            draft.warn(site, remarks.SITE_TOO_LARGE, **words)


def check_least_builds(draft: Draft) -> None:
    """Warn of least sizes and units that are more than may stand or be ordered, so that no order is possible."""
    sites = {site.site: site.area for site in draft.rows(Site)}
    by_year: dict[tuple[str, str], float] = {}
    for limit in draft.rows(Limit):
        by_year[limit.technology, limit.item] = max(limit.value, by_year.get((limit.technology, limit.item), 0.0))
    for row in draft.rows(Technology):
        if not draft.may_be_built(row):
            continue
        kind = draft.types.get(row.type_name)
        most = [(column, by_year.get((row.technology, column), getattr(row, column))) for column in ("max_capacity", "max_build")]
        limits = [(column, value) for column, value in most if value]
        if row.site in sites and row.area > 0:
            limits.append(("site", sites[row.site] / row.area))
        for column in ("min_build", "unit_size"):
            _tell_least(row, column, said_of_orders(row, kind, column), limits, draft)
    links: list[Link | Connection] = [*draft.rows(Link), *(c for c in draft.rows(Connection) if c.type)]
    for link in links:
        name = link.link if isinstance(link, Link) else ""
        most = [(column, by_year.get((name, column), getattr(link, column, None))) for column in ("max_capacity", "max_build")]
        limits = [(column, value) for column, value in most if value]
        _tell_least(link, "min_build", link.min_build, limits, draft)


def _tell_least(row: Row, column: str, least: float, limits: list[tuple[str, float]], draft: Draft) -> None:
    most = min((value for _, value in limits), default=math.inf)
    if least > most * (1 + 1e-9):
        draft.warn(row, remarks.ABOVE_MOST, column=column, least=float(least), most=float(most))


# --- committed -------------------------------------------------------------------------------------------------------------
# Signed orders: what they are of, what they cost, and that they alone keep within the limits of the park.
#
# limits.csv: what stands only falls.


def check_committed(draft: Draft) -> None:
    """Signed orders alone keep within limit and budget."""
    assets = _assets(draft)
    right = not draft.faulty & {order.origin for order in draft.rows(Committed)}
    for order in draft.rows(Committed):
        right = right and order.technology in assets
    if right and draft.park is not None and draft.is_sure(Committed) and draft.is_sure(Cost):
        _check_sums(draft, assets)


def _assets(draft: Draft) -> dict[str, Asset]:
    """Technologies and links by name, those whose type is understood."""
    found = {t.technology: asset_of(t, draft.types[t.type_name]) for t in draft.rows(Technology) if t.type_name in draft.types}
    if not draft.knows_names(EquipmentType):
        return found
    return found | {link.link: asset_of(link, draft.types.get(link.type_name)) for link in draft.rows(Link)}


def _check_sums(draft: Draft, assets: dict[str, Asset]) -> None:
    """What signed orders come to in each year, of capacity and of money."""
    assert draft.park is not None
    years = range(draft.park.first_year, draft.park.last_year + 1)
    orders = draft.rows(Committed)
    try:
        table = CostTable(draft.rows(Cost), years, draft.currency)
        for name in dict.fromkeys(order.technology for order in orders):
            asset, own = assets[name], [order for order in orders if order.technology == name]
            lifetime, lead = table.lifetime(asset.type), asset.lead_time
            limits = [limit for limit in draft.rows(Limit) if limit.technology == name]
            for y, most in limit_of(limits, "max_capacity", asset.row.max_capacity, years).items():
                works = math.fsum(o.build for o in own if o.year + lead <= y < o.year + lead + whole_years(lifetime))
                if works > most * (1 + 1e-9):
                    words = mark("{technology}: its signed orders come to {works} in {y}, above max_capacity {most}")
                    draft.fault(own[-1], words, works=works, y=y, most=most)
                    break
        for budget in draft.rows(Budget):
            paid = math.fsum(_paid(o, assets[o.technology], table) for o in orders if o.year == budget.year)
            if budget.year in years and paid > budget.capital * (1 + 1e-9):
                words = mark("capital = {capital}: is below the {paid} that signed orders of that year cost")
                draft.fault(budget, words, paid=f"{paid:,.0f}")
    except UnitError:
        return


def _paid(order: Committed, asset: Asset, table: CostTable) -> float:
    if order.capital_cost is not None:
        return order.build * order.capital_cost
    capital = table.series(asset.type, "capital_cost", f"money/({asset.per})", asset.length)
    return order.build * capital.get(order.year, 0.0)


def check_limits(draft: Draft) -> None:
    """Check what stands by limits.csv."""
    assets: list[Technology | Link] = [*draft.rows(Technology), *draft.rows(Link)]
    rows = {name_of(row): row for row in assets}
    named: dict[str, list[Limit]] = {}
    for limit in draft.rows(Limit):
        named.setdefault(limit.technology, []).append(limit)
    for name, limits in named.items():
        if name in rows and draft.is_sure(Limit, name):
            _check_falls(rows[name], limits, draft)


def _check_falls(row: Technology | Link, limits: list[Limit], draft: Draft) -> None:
    """What stands may only fall, by whole units where it stands in units."""
    kind = draft.types.get(row.type_name)
    unit = said_of_orders(row, kind, "existing_unit") if kind or row.existing_unit is not None else 0.0
    before = row.existing
    for limit in sorted((x for x in limits if x.item == "existing"), key=lambda x: x.year or 0):
        fallen = before - limit.value
        if fallen < 0:
            draft.fault(limit, "value = {value}: is above the {before} that stood before; existing may only fall", before=before)
        elif unit and limit.value > 0 and abs(fallen / unit - round(fallen / unit)) > 1e-6:
            words = mark("value = {value}: is {fallen} below {before}, no whole number of units of {unit} (existing_unit)")
            draft.fault(limit, words, fallen=fallen, before=before, unit=float(unit))
        before = limit.value
