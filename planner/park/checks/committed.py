"""Signed orders: what they are of, what they cost, and that they alone keep within the limits of the park.

limits.csv: limits by year are of a technology or link, contradict neither each other nor what stands, which only falls.
"""

from __future__ import annotations

import math

from models.case import Budget, Committed, Cost, EquipmentType, Limit, Link, Technology, said_of_orders
from models.inputs.assets import Asset, asset_of
from models.inputs.costs import CostTable
from models.inputs.finance import whole_years
from models.inputs.limits import limit_of
from models.units import UnitError
from planner.park.draft import Draft, name_of


def check_committed(draft: Draft) -> None:
    """Signed orders are of a technology or link that has a lifetime and a price; alone they keep within limit and budget."""
    assets = _assets(draft)
    right = True
    for order in draft.rows(Committed):
        right &= draft.refer(order.origin, ("technology", order.technology), "technology or link", *ORDERED)
        asset = assets.get(order.technology)
        if asset is None or draft.park is None or not draft.is_sure(Cost, asset.type):
            right = False
            continue
        is_paid = order.capital_cost is None and order.year >= draft.park.first_year
        is_leased = (asset.type, "annuity") in draft.costs
        if is_leased and order.capital_cost is not None:
            right = False
            draft.fault(
                order.origin,
                "capital_cost = {cost}: type {type} has an annuity, which the order pays; leave one of them out",
                cost=f"{order.capital_cost:g}",
                type=repr(asset.type),
            )
        for parameter in ("lifetime", "capital_cost") if is_paid and not is_leased else ("lifetime",):
            if (asset.type, parameter) not in draft.costs:
                right = False
                draft.fault(
                    order.origin,
                    "type {type}: has no {parameter}, which an order needs; give it in costs.csv",
                    type=repr(asset.type),
                    parameter=parameter,
                )
        if order.year > draft.park.last_year:
            draft.fault(
                order.origin,
                "year = {year}: is after last_year {last_year}; no plan knows of it",
                year=order.year,
                last_year=draft.park.last_year,
            )
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
                    draft.fault(
                        own[-1].origin,
                        "{name}: its signed orders come to {works} in {y}, above max_capacity {most}",
                        name=repr(name),
                        works=f"{works:g}",
                        y=y,
                        most=f"{most:g}",
                    )
                    break
        for budget in draft.rows(Budget):
            paid = math.fsum(_paid(o, assets[o.technology], table) for o in orders if o.year == budget.year)
            if budget.year in years and paid > budget.capital * (1 + 1e-9):
                draft.fault(
                    budget.origin,
                    "capital = {capital}: is below the {paid} that signed orders of that year cost",
                    capital=f"{budget.capital:g}",
                    paid=f"{paid:,.0f}",
                )
    except UnitError:
        return


def _paid(order: Committed, asset: Asset, table: CostTable) -> float:
    if order.capital_cost is not None:
        return order.build * order.capital_cost
    capital = table.series(asset.type, "capital_cost", f"money/({asset.per})", asset.length)
    return order.build * capital.get(order.year, 0.0)


#: Tables of what may be limited by year and signed, and the columns of their names.
ORDERED = ((Technology, "technology"), (Link, "link"))


def check_limits(draft: Draft) -> None:
    """Check the rows of limits.csv."""
    assets: list[Technology | Link] = [*draft.rows(Technology), *draft.rows(Link)]
    rows = {name_of(row): row for row in assets}
    named: dict[str, list[Limit]] = {}
    for limit in draft.rows(Limit):
        if draft.refer(limit.origin, ("technology", limit.technology), "technology or link", *ORDERED):
            named.setdefault(limit.technology, []).append(limit)
    for name, limits in named.items():
        if name in rows and draft.is_sure(Limit, name):
            _check_falls(rows[name], limits, draft)
            _check_least(rows[name], limits, draft)


def _check_falls(row: Technology | Link, limits: list[Limit], draft: Draft) -> None:
    """What stands may only fall, by whole units where it stands in units."""
    kind = draft.types.get(row.type_name)
    unit = said_of_orders(row, kind, "existing_unit") if kind or row.existing_unit is not None else 0.0
    before = row.existing
    for limit in sorted((x for x in limits if x.item == "existing"), key=lambda x: x.year or 0):
        fallen = before - limit.value
        if fallen < 0:
            draft.fault(
                limit.origin,
                "value = {value}: is above the {before} that stood before; existing may only fall",
                value=f"{limit.value:g}",
                before=f"{before:g}",
            )
        elif unit and limit.value > 0 and abs(fallen / unit - round(fallen / unit)) > 1e-6:
            draft.fault(
                limit.origin,
                "value = {value}: is {fallen} below {before}, no whole number of units of {unit} (existing_unit)",
                value=f"{limit.value:g}",
                fallen=f"{fallen:g}",
                before=f"{before:g}",
                unit=f"{unit:g}",
            )
        before = limit.value


def _check_least(row: Technology | Link, limits: list[Limit], draft: Draft) -> None:
    """No more must stand than may."""
    if draft.park is None:
        return
    years = range(draft.park.first_year, draft.park.last_year + 1)
    most = limit_of(limits, "max_capacity", row.max_capacity, years)
    for y, least in limit_of(limits, "min_capacity", None, years).items():
        if least > most.get(y, least) * (1 + 1e-9):
            own = next(x for x in reversed(limits) if x.item == "min_capacity")
            draft.fault(
                own.origin,
                "min_capacity: is {least} in {y}, above max_capacity {most}; lower it or raise that",
                least=f"{least:g}",
                y=y,
                most=f"{most[y]:g}",
            )
            return
