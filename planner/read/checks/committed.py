"""Signed orders: what they are of, what they cost, and that they alone keep within the limits of the park."""

from __future__ import annotations

import math

from models.case import Budget, Committed, Cost, EquipmentType, Limit, Link, Technology
from models.inputs.assets import Asset, asset_of
from models.inputs.costs import CostTable
from models.inputs.finance import whole_years
from models.inputs.limits import limit_of
from models.units import UnitError
from planner.read.checks.limits import ORDERED
from planner.read.draft import Draft


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
