"""Supplies, their prices and factors, the connections that they share, and prices at which buying to sell would pay."""

from __future__ import annotations

import numpy as np

from models.case import Certificate, Connection, EmissionFactor, Price, Supply, TariffRow
from models.inputs.finance import over_years
from models.units import UnitError, factor
from planner.language.language import mark
from planner.language.message import Message
from planner.park import remarks
from planner.park.draft import HOURS, Draft
from planner.park.rules import CHARGES, CO2, PERIOD


def check_supplies(draft: Draft) -> None:
    """Check that what can be bought has a price and factors, what those are of, and the connections."""
    supplies = {supply.supply: supply for supply in draft.rows(Supply)}
    certified = draft.names(Certificate, "supply")
    for supply in draft.rows(Supply):
        if supply.can_import and supply.carrier != CO2:
            _check_bought(supply, draft)
    for row in draft.rows(EmissionFactor):
        scope = supplies[row.supply].scope if row.supply in supplies else None
        if row.profile and scope == 1:
            draft.fault(row, "profile {profile}: {supply} is of scope 1; only factors of scope 2 have a profile")
        elif row.profile and scope is not None and row.basis != "location" and row.supply in certified:
            draft.fault(
                row,
                "profile {profile}: certificates green {supply} by the year, so its market factor has none; give the profile to a "
                "row of basis location only",
            )
    for certificate in draft.rows(Certificate):
        if certificate.supply in supplies and supplies[certificate.supply].scope not in (2, None):
            draft.fault(certificate, "supply {supply}: is not of scope 2; certificates green scope 2 only")
    _check_prices(supplies, draft)
    connections = {c.connection: c for c in draft.rows(Connection)}
    for supply in draft.rows(Supply):
        shared = connections.get(supply.connection)
        for column in ("carrier", "zone") if shared else ():
            own, theirs = getattr(supply, column), getattr(shared, column)
            if own != theirs:
                words = mark("connection {connection}: has {column} {shared}, and the supply {own}; they are the same")
                draft.fault(supply, words, column=column, shared=repr(theirs), own=repr(own))
    for connection in connections.values():
        _check_connection(connection, draft)


def _check_bought(supply: Supply, draft: Draft) -> None:
    """What can be bought has a price and a factor, for scope 2 on both bases."""
    is_priced = any(price.supply == supply.supply and price.item == "energy" for price in draft.rows(Price))
    if draft.is_sure(Price, supply.supply) and not is_priced:
        draft.fault(supply, "supply {supply}: has no energy price; give one in prices.csv, or write max_import = 0")
    if not draft.is_sure(EmissionFactor, supply.supply):
        return
    bases = set(draft.bases.get(supply.supply, ()))
    advice = Message("give one in emission_factors.csv (0 to say zero), or name a fuel of the catalogue")
    if not bases:
        draft.fault(supply, "supply {supply}: has no emission factor; {advice}", advice=advice)
    elif supply.scope == 2 and "" not in bases:
        for basis in sorted({"location", "market"} - bases):
            draft.fault(supply, "supply {supply}: has no {basis} emission factor; {advice}", basis=basis, advice=advice)


def _check_prices(supplies: dict[str, Supply], draft: Draft) -> None:
    """Charges are paid on imports, a scheme is of a connection, and a period has the same hours under each."""
    known: dict[tuple[str, str], Price] = {}
    for price in draft.rows(Price):
        payers = [s for s in supplies.values() if price.supply in (s.supply, s.connection)]
        is_sure = price.supply in supplies or (price.supply in draft.names(Connection, "connection") and draft.is_sure(Supply))
        if price.item in CHARGES and is_sure and not any(s.can_import for s in payers):
            draft.fault(price, "item {item}: is paid on imports, and nothing is imported over {supply}; remove it")
        if price.scheme and price.supply in supplies and not supplies[price.supply].connection:
            draft.fault(price, "scheme {scheme}: is of a connection, and {supply} is behind none; name one")
        if price.period and price.item == "demand_charge":
            first = known.setdefault((price.supply, price.period), price)
            if price.scheme != first.scheme and any(getattr(price, column) != getattr(first, column) for column in PERIOD):
                draft.fault(price, "period {period}: has other hours under scheme {other}", other=repr(first.scheme))


def _check_connection(connection: Connection, draft: Draft) -> None:
    """One with schemes has a limit: what is not in force is closed."""
    behind = [s for s in draft.rows(Supply) if s.connection == connection.connection]
    payers = {connection.connection, *(s.supply for s in behind)}
    named = [s.scheme for s in behind] + [p.scheme for p in draft.rows(Price) if p.supply in payers]
    lacking = "max_capacity" if connection.type else "max_import"
    if any(named) and getattr(connection, lacking) is None:
        draft.fault(connection, "{lacking}: is blank; a connection with schemes needs a limit", lacking=lacking)


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
