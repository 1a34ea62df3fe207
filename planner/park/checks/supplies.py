"""Supplies, their prices and factors, the connections that they share, and prices at which buying to sell would pay."""

from __future__ import annotations

import numpy as np

from models.case import Price, Supply, TariffRow
from models.inputs.finance import over_years
from models.units import UnitError, factor
from planner.park import remarks
from planner.park.draft import HOURS, Draft

# --- tariff ----------------------------------------------------------------------------------------------------------------
# Prices at which buying to sell would pay.


def check_tariff(draft: Draft) -> None:
    """Warn of an export price above an import price."""
    rows = draft.rows(TariffRow)
    if draft.park is not None and draft.is_sure(Supply) and not draft.faulty & {row.origin for row in rows}:
        _warn_of_arbitrage(draft, _warn_of_swapped(draft))


def _warn_of_swapped(draft: Draft) -> set[str]:
    """The supplies whose export price is above their energy price, of the figures that are stated first."""
    first: dict[tuple[str, str], tuple[float, Price]] = {}
    for row in draft.rows(Price):
        if row.item in ("energy", "export"):
            try:
                value = row.value * factor(row.unit, "money/MWh", draft.currency) * draft.profiles.mean(row.profile)
            except UnitError:
                continue
            first.setdefault((row.supply, row.item), (value, row))
    swapped = set()
    for (supply, item), (value, row) in first.items():
        energy, other = first.get((supply, "energy"), (0.0, row))
        if item == "export" and value > energy > 0:
            swapped.add(supply)
            given = {"value": f"{row.value:g} {row.unit}", "energy": f"{other.value:g} {other.unit}"}
            draft.warn(row, remarks.SWAPPED, **given)
    return swapped


def _warn_of_arbitrage(draft: Draft, swapped: set[str]) -> None:
    """An export price above an import price of the same carrier in the same zone, in some hour of some year."""
    places: dict[tuple[str, str], list[Supply]] = {}
    for supply in draft.rows(Supply):
        places.setdefault((supply.carrier, supply.zone), []).append(supply)
    for here in places.values():
        buying, selling = [s for s in here if s.can_import], [s for s in here if s.can_export]
        if buying and selling:
            _warn_in_place(buying, [s for s in selling if s.supply not in swapped], draft)


def _warn_in_place(buying: list[Supply], selling: list[Supply], draft: Draft) -> None:
    """Each supply that is sold to, against the cheapest that is bought from, in the first year in which it pays."""
    paid, received = _tariff_prices(buying, "energy", draft), _tariff_prices(selling, "export", draft)
    warned: set[str] = set()
    for year in sorted(set(paid) & set(received)):
        names = list(paid[year])
        hourly = np.array([paid[year][name] for name in names])
        cheapest = hourly.min(axis=0)
        for out in selling:
            if out.supply in warned or out.supply not in received[year]:
                continue
            price = received[year][out.supply]
            hour = int(np.argmax(price - cheapest))
            if price[hour] > cheapest[hour] + 1e-9:
                warned.add(out.supply)
                into = names[int(np.argmin(hourly[:, hour]))]
                words = {"price": float(price[hour]), "cheapest": float(cheapest[hour]), "year": year, "currency": draft.currency}
                draft.warn(out, remarks.BUY_TO_SELL, other=repr(into), **words)


def _tariff_prices(supplies: list[Supply], item: str, draft: Draft) -> dict[int, dict[str, np.ndarray]]:
    """The price in each hour, by year and supply."""
    found: dict[int, dict[str, np.ndarray]] = {}
    hours = draft.profiles.hours if any(price.profile for price in draft.rows(Price)) else HOURS
    for supply in supplies:
        factors = draft.tariff(supply.supply, item, hours)
        named = dict.fromkeys(p.profile for p in draft.rows(Price) if (p.supply, p.item) == (supply.supply, item) and p.profile)
        for year, price in _by_year(supply, item, draft).items():
            hourly = price * factors
            for column in {draft.column(name, year) for name in named} & set(draft.profiles.series):
                hourly = hourly * draft.profiles.series[column]
            found.setdefault(year, {})[supply.supply] = hourly
    return found


def _by_year(supply: Supply, item: str, draft: Draft) -> dict[int, float]:
    """The price in each year of the horizon; none where a unit cannot be read."""
    assert draft.park is not None
    to = "money/t" if supply.carrier == "co2" else "money/MWh"
    rows = [price for price in draft.rows(Price) if price.supply == supply.supply and price.item == item]
    try:
        points = [(price.year, price.value * factor(price.unit, to, draft.currency)) for price in rows]
    except UnitError:
        return {}
    years = range(draft.park.first_year, draft.park.last_year + 1)
    return {y: price for y, price in over_years(points, years).items() if supply.is_offered(y)} if points else {}
