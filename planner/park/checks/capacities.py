"""Capacities and connections far from what could ever be used, most often kW for MW; and energy that cannot come.

Full-load hours of a technology: of a plant that has any, the least below the most, and within what its profile allows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from models.case import Committed, Connection, Limit, Link, Origin, Site, Supply, Technology, said_of_orders
from models.inputs.vehicles import CHARGER
from planner.park import remarks
from planner.park.checks.places import Place, uses_of
from planner.park.checks.thresholds import CAPACITY_TO_USE, IMPORT_TO_USE, SEASONAL_HOURS, SITE_TO_USE, STORE_HOURS
from planner.park.draft import Draft

#: A size: where it stands, its column, and what it is.
Size = tuple[Origin | None, str, float | None]
#: Capacity columns of technologies.csv and links.csv, in the order in which one is told.
SIZES = ("existing", "max_capacity", "max_build", "min_build", "unit_size", "existing_unit")


def check_capacities(draft: Draft, places: dict[tuple[str, str], Place]) -> None:
    """Warn of sizes that do not go with what can be used."""
    with_sales, own = uses_of(places, draft, is_sold=True), uses_of(places, draft, is_sold=False)
    stated: dict[str, list[Size]] = defaultdict(list)
    for limit in draft.rows(Limit):
        stated[limit.technology].append((limit.origin, "value", limit.value))
    for order in draft.rows(Committed):
        stated[order.technology].append((order.origin, "build", order.build))
    for row in draft.rows(Technology):
        _check_technology(row, stated[row.technology], with_sales, draft)
    for link in draft.rows(Link):
        sizes = [*((link.origin, *size) for size in _stated(link)), *stated[link.link]]
        _tell_first(sizes, repr(link.link), IMPORT_TO_USE * with_sales.get(link.carrier, 0.0), draft)
    for connection in draft.rows(Connection):
        sizes = [(connection.origin, *size) for size in (("max_import", connection.max_import), *_stated(connection))]
        _tell_first(sizes, repr(connection.connection), IMPORT_TO_USE * own.get(connection.carrier, 0.0), draft)
    for supply in draft.rows(Supply):
        _check_supply(supply, own.get(supply.carrier, 0.0), draft)
        _check_least(supply, draft)
    _check_sites(with_sales, draft)


def _stated(row: Technology | Link | Connection) -> list[tuple[str, float | None]]:
    return [(column, getattr(row, column, None)) for column in SIZES]


def _tell_first(sizes: Sequence[Size], name: str, most: float, draft: Draft) -> None:
    """Tell the first size that is above `most`, which is IMPORT_TO_USE times what can be used."""
    for origin, column, value in sizes:
        if most > 0 and value and value > most:
            draft.warn(
                origin,
                remarks.CONNECTION_TOO_LARGE,
                column=column,
                value=f"{value:g}",
                name=name,
                use=f"{most / IMPORT_TO_USE:.3g}",
                megawatts=f"{value / 1000:g}",
            )
            return


def _check_technology(row: Technology, stated: list[Size], uses: dict[str, float], draft: Draft) -> None:
    """Sizes of a technology, and what is stated of it by year and in signed orders; the first that is too large is told."""
    kind = draft.types.get(row.type_name)
    ports = [p for p in draft.ports.get(row.type_name, []) if p.direction == "out" and p.carrier != "co2"]
    if kind is None or kind.role == "capture":
        return
    if kind.role == "store":
        carriers = {p.carrier for p in draft.ports.get(row.type_name, [])}
        hours = SEASONAL_HOURS if kind.seasonal else STORE_HOURS
        use = max((uses.get(carrier, 0.0) for carrier in carriers), default=0.0)
        most, remark, unit = hours * use, remarks.STORE_TOO_LARGE, "MWh"
    else:
        use = max((uses.get(port.carrier, 0.0) / port.ratio for port in ports), default=0.0)
        most, remark, unit, hours = CAPACITY_TO_USE * use, remarks.CAPACITY_TOO_LARGE, "MW", 0.0
    if most <= 0 or not np.isfinite(most):
        return
    for origin, column, value in [*((row.origin, *size) for size in _stated(row)), *stated]:
        if value and value > most:
            draft.warn(
                origin,
                remark,
                column=column,
                value=f"{value:g}",
                technology=repr(row.technology),
                use=f"{use:.3g}",
                hours=f"{hours:,.0f}",
                smaller=f"{value / 1000:g} {unit}",
            )
            return


def _check_supply(supply: Supply, use: float, draft: Draft) -> None:
    """Most that can be bought in an hour and in a year, far above what can be used."""
    if supply.carrier == "co2" or use <= 0 or not np.isfinite(use):
        return
    for column, value in (("max_import", supply.max_import), ("contract_max", supply.contract_max)):
        if value and value > IMPORT_TO_USE * use:
            draft.warn(
                supply.origin,
                remarks.IMPORT_TOO_LARGE,
                column=column,
                value=f"{value:g}",
                supply=repr(supply.supply),
                use=f"{use:.3g}",
                megawatts=f"{value / 1000:g}",
            )
            return
    if supply.min_year and supply.min_year > 8760 * use:
        draft.warn(
            supply.origin,
            remarks.MIN_YEAR_UNUSED,
            value=f"{supply.min_year:g}",
            supply=repr(supply.supply),
            most=f"{8760 * use:,.0f}",
            smaller=f"{supply.min_year / 1000:g}",
        )


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
        draft.warn(
            supply.origin,
            remarks.MIN_YEAR_ABOVE,
            least=f"{supply.min_year:g}",
            supply=repr(supply.supply),
            most=f"{value:,.0f}",
            by=name,
        )


def _check_sites(uses: dict[str, float], draft: Draft) -> None:
    """A site that takes far more than can ever be used."""
    for site in draft.rows(Site):
        takes = []
        for row in draft.rows(Technology):
            kind = draft.types.get(row.type_name)
            if row.site == site.site and row.area > 0 and kind is not None and kind.role == "converter":
                outs = [p for p in draft.ports.get(row.type_name, []) if p.direction == "out"]
                use = max((uses.get(p.carrier, 0.0) / p.ratio for p in outs), default=0.0)
                takes.append((site.area / row.area, use, row.technology))
        if takes and all(0 < SITE_TO_USE * use < fits for fits, use, _ in takes):
            fits, use, name = min(takes)
            draft.warn(
                site.origin,
                remarks.SITE_TOO_LARGE,
                area=f"{site.area:g}",
                fits=f"{fits:.4g}",
                technology=repr(name),
                use=f"{use:.3g}",
                smaller=f"{site.area / 10_000:g}",
            )


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
            _tell_least(row.origin, column, said_of_orders(row, kind, column), limits, draft)
    links: list[Link | Connection] = [*draft.rows(Link), *(c for c in draft.rows(Connection) if c.type)]
    for link in links:
        name = link.link if isinstance(link, Link) else ""
        most = [(column, by_year.get((name, column), getattr(link, column, None))) for column in ("max_capacity", "max_build")]
        limits = [(column, value) for column, value in most if value]
        _tell_least(link.origin, "min_build", link.min_build, limits, draft)


def _tell_least(origin: Origin | None, column: str, least: float, limits: list[tuple[str, float]], draft: Draft) -> None:
    if limits and least > min(value for _, value in limits) * (1 + 1e-9):
        most = min(value for _, value in limits)
        draft.warn(origin, remarks.ABOVE_MOST, column=column, least=f"{least:g}", most=f"{most:g}")


#: Hours of a year.
YEAR = 8760


def check_full_load(draft: Draft) -> None:
    """Check min_hours and max_hours of each technology."""
    for row in draft.rows(Technology):
        kind = draft.types.get(row.type_name)
        if kind is not None and (row.min_hours or row.max_hours is not None):
            if kind.role == "capture" and row.min_hours:
                draft.fault(row.origin, "min_hours: is of converters only, since a capture plant needs what its sources give off")
            if kind.role in ("store", CHARGER):
                draft.fault(row.origin, "min_hours, max_hours: are of converters and capture plants only; leave them blank")
            committed = kind.ramp is not None or kind.commitment or (kind.type, "start_cost") in draft.costs
            always_on = kind.role == "converter" and not row.profile and not committed
            _check_range(row, kind.min_load if always_on else 0.0, YEAR if row.profile else (1 - kind.outage) * YEAR, draft)


def _check_range(row: Technology, min_load: float, can_run: float, draft: Draft) -> None:
    least, most = row.min_hours or 0.0, YEAR if row.max_hours is None else row.max_hours
    if least > most:
        draft.fault(row.origin, "min_hours = {least}: is above max_hours {most}", least=f"{least:g}", most=f"{most:g}")
    elif min_load * YEAR > most:
        draft.fault(
            row.origin,
            "max_hours = {most}: min_load {load} alone takes {hours} h; lower it, or write commitment = 1",
            most=f"{most:g}",
            load=f"{min_load:g}",
            hours=f"{min_load * YEAR:g}",
        )
    if least > can_run * (1 + 1e-9):
        draft.fault(row.origin, "min_hours = {least}: outage leaves {can} h; lower it", least=f"{least:g}", can=f"{can_run:,.0f}")
    for column in draft.columns_of(row.profile) if row.profile else ():
        can = draft.profiles.mean(column) * YEAR
        if least > can * (1 + 1e-9) and column in draft.profiles.series:
            draft.fault(
                row.origin,
                "min_hours = {least}: profile {column} gives {can} full-load hours; lower it",
                least=f"{least:g}",
                column=repr(column),
                can=f"{can:,.0f}",
            )
            return
