"""Supplies, their prices and factors, and certificates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.case import Bill, Certificate, Connection, EmissionFactor, Link, Price, Supply, TariffRow, Technology
from models.inputs.boundary import ranges
from models.inputs.calendar import months_of_hours
from models.inputs.finance import over_years
from models.units import UnitError, factor, names_year
from planner.language.language import mark
from planner.language.message import Message
from planner.park import remarks
from planner.park.checks.equipment import check_existing
from planner.park.checks.stages import CO2
from planner.park.draft import Draft

ALL_SCOPE_1 = "*"
#: What is paid for the size of a connection.
CHARGES = ("demand_charge", "capacity_charge")


def check_supplies(draft: Draft) -> None:
    """Check that what can be bought has a scope, a price and factors, and what prices and certificates are of."""
    for supply in draft.rows(Supply):
        _check_supply(supply, draft)
    for price in draft.rows(Price):
        _check_price(price, draft)
    scopes = {supply.supply: supply.scope for supply in draft.rows(Supply)}
    for row in draft.rows(EmissionFactor):
        if draft.refer(row.origin, ("supply", row.supply), "supply", (Supply, "supply")):
            _check_factor_profile(row, scopes.get(row.supply), draft)
    for bill in draft.rows(Bill):
        draft.refer(bill.origin, ("supply", bill.supply), "supply", (Supply, "supply"))
    for certificate in draft.rows(Certificate):
        if not draft.refer(certificate.origin, ("supply", certificate.supply), "supply", (Supply, "supply")):
            continue
        if scopes.get(certificate.supply, 2) != 2:
            draft.fault(
                certificate.origin,
                "supply {supply}: is not of scope 2; certificates green scope 2 only",
                supply=repr(certificate.supply),
            )


def _check_supply(supply: Supply, draft: Draft) -> None:
    if supply.first_year is not None and supply.until_year is not None and supply.until_year < supply.first_year:
        draft.fault(
            supply.origin,
            "until_year = {until_year}: is before first_year {first_year}; no year is left in which anything crosses the boundary",
            until_year=supply.until_year,
            first_year=supply.first_year,
        )
    _check_contract(supply, draft)
    if supply.kind == "sink":
        if not supply.max_export:
            draft.warn(supply.origin, remarks.CLOSED_SINK, supply=repr(supply.supply))
        if supply.max_import:
            draft.warn(supply.origin, remarks.SINK_IMPORTS, most=f"{supply.max_import:g}")
    if not supply.can_import or supply.carrier == CO2:
        return
    if supply.scope is None:
        draft.fault(supply.origin, "scope: is blank; what can be bought needs one (1: burnt here, 2: made elsewhere)")
    if draft.is_sure(Price, supply.supply) and not _prices(supply.supply, "energy", draft):
        draft.fault(
            supply.origin,
            "supply {supply}: has no energy price; give one in prices.csv, or write max_import = 0",
            supply=repr(supply.supply),
        )
    if draft.is_sure(EmissionFactor, supply.supply):
        _check_factors(supply, draft)


def _check_contract(supply: Supply, draft: Draft) -> None:
    """An as-generated contract has a profile and a size; what is of one, or of imports, stands nowhere else."""
    if bool(supply.profile) != (supply.contract_max is not None):
        given = f"profile {supply.profile!r}" if supply.profile else f"contract_max = {supply.contract_max:g}"
        lacking = "contract_max" if supply.profile else "profile"
        draft.fault(
            supply.origin, "{given}: is of an as-generated contract, which needs a {lacking} too", given=given, lacking=lacking
        )
    elif not supply.profile and "take" in supply.model_fields_set and supply.take != 1:
        draft.fault(
            supply.origin,
            "take = {take}: is of an as-generated contract only; it needs profile and contract_max",
            take=f"{supply.take:g}",
        )
    for column in ("profile", "contract_max", "min_year"):
        value = getattr(supply, column)
        if value and not supply.can_import:
            shown = f"{column} {value!r}" if column == "profile" else f"{column} = {value:g}"
            draft.fault(
                supply.origin,
                "{shown}: is of what is imported, and {supply} imports nothing; leave it blank",
                shown=shown,
                supply=repr(supply.supply),
            )


def _check_factors(supply: Supply, draft: Draft) -> None:
    """A supply that can be bought has a factor, for scope 2 on both bases."""
    bases = set(draft.bases.get(supply.supply, ()))
    advice = Message("give one in emission_factors.csv (0 to say zero), or name a fuel of the catalogue")
    if not bases:
        draft.fault(supply.origin, "supply {supply}: has no emission factor; {advice}", supply=repr(supply.supply), advice=advice)
    elif supply.scope == 2 and "" not in bases:
        for basis in sorted({"location", "market"} - bases):
            draft.fault(
                supply.origin,
                "supply {supply}: has no {basis} emission factor; {advice}",
                supply=repr(supply.supply),
                basis=basis,
                advice=advice,
            )


def _check_factor_profile(row: EmissionFactor, scope: int | None, draft: Draft) -> None:
    """Only what is bought with scope 2 has a factor of the hour, on the market basis only where no certificate greens it."""
    if not row.profile:
        return
    if scope == 1:
        draft.fault(
            row.origin,
            "profile {profile}: {supply} is of scope 1; only factors of scope 2 have a profile",
            profile=repr(row.profile),
            supply=repr(row.supply),
        )
    elif row.basis != "location" and any(c.supply == row.supply for c in draft.rows(Certificate)):
        draft.fault(
            row.origin,
            "profile {profile}: certificates green {supply} by the year, so its market factor has none; give the profile to a "
            "row of basis location only",
            profile=repr(row.profile),
            supply=repr(row.supply),
        )


def _prices(supply: str, item: str, draft: Draft) -> list[Price]:
    return [price for price in draft.rows(Price) if price.supply == supply and price.item == item]


def _check_price(price: Price, draft: Draft) -> None:
    if price.profile and price.item not in ("energy", "export"):
        draft.fault(
            price.origin,
            "profile {profile}: only items energy and export have one, not {item}",
            profile=repr(price.profile),
            item=price.item,
        )
    if price.supply == ALL_SCOPE_1:
        if price.item != "carbon":
            draft.fault(
                price.origin, "item {item}: supply '*' has a price of item carbon only; name the supply", item=repr(price.item)
            )
        return
    if price.supply in draft.names(Connection, "connection"):
        if price.item not in (*CHARGES, "fixed"):
            draft.fault(
                price.origin,
                "item {item}: {supply} is a connection, which has a demand_charge, a capacity_charge and a fixed price only; "
                "name a supply",
                item=repr(price.item),
                supply=repr(price.supply),
            )
        return
    if not draft.refer(price.origin, ("supply", price.supply), "supply", (Supply, "supply")):
        return
    for supply in draft.rows(Supply):
        if supply.supply == price.supply and not supply.can_import and price.item in CHARGES:
            draft.fault(
                price.origin,
                "item {item}: is paid on imports, and {supply} cannot import; remove it",
                item=repr(price.item),
                supply=repr(price.supply),
            )


# --- connections -----------------------------------------------------------------------------------------------------------
# Connections that supplies share: names, limits, and the supplies behind them.

#: What a connection with a type has, and no other.
_OF_A_TYPE = ("existing", "max_capacity", "min_build")


def check_connections(draft: Draft) -> None:
    """Check the connections, and that each supply is behind one of its own carrier and zone."""
    rows = {c.connection: c for c in draft.rows(Connection)}
    for supply in draft.rows(Supply):
        if supply.connection and draft.refer(
            supply.origin, ("connection", supply.connection), "connection", (Connection, "connection")
        ):
            _check_place(supply, rows.get(supply.connection), draft)
    for price in draft.rows(Price):
        if price.scheme and price.item not in CHARGES and not (price.item == "fixed" and price.supply in rows):
            draft.fault(
                price.origin,
                "scheme {scheme}: is of a demand_charge, a capacity_charge or the fixed price of a connection only; leave it blank",
                scheme=repr(price.scheme),
            )
    for connection in rows.values():
        _check_name(connection, draft)
        if connection.one_way and not connection.type and not (connection.max_import and connection.max_export):
            draft.fault(connection.origin, "one_way = 1: needs max_import and max_export, or a type")
        _check_size(connection, draft)
        _check_charges(connection, draft)
        _check_schemes(connection, draft)
    _check_lost_schemes(draft)


def _check_place(supply: Supply, connection: Connection | None, draft: Draft) -> None:
    for column in ("carrier", "zone") if connection else ():
        own, shared = getattr(supply, column), getattr(connection, column)
        if own != shared:
            draft.fault(
                supply.origin,
                "connection {connection}: has {column} {shared}, and the supply {own}; they are the same",
                connection=repr(supply.connection),
                column=column,
                shared=repr(shared),
                own=repr(own),
            )


def _check_name(connection: Connection, draft: Draft) -> None:
    for kind, column in ((Supply, "supply"), (Technology, "technology"), (Link, "link")):
        if connection.connection in draft.names(kind, column):
            draft.fault(
                connection.origin,
                "connection {connection}: is the name of a {column} too; rename one of them",
                connection=repr(connection.connection),
                column=column,
            )


def _check_size(connection: Connection, draft: Draft) -> None:
    if connection.type:
        if connection.max_import is not None:
            draft.fault(
                connection.origin,
                "max_import = {max_import}: stands beside a type, whose capacity is the limit; leave one of them blank",
                max_import=f"{connection.max_import:g}",
            )
        check_existing(connection, draft)
        return
    for column in _OF_A_TYPE:
        value = getattr(connection, column)
        if value:
            draft.fault(
                connection.origin,
                "{column} = {value}: is of a connection with a type only; name one, or give max_import",
                column=column,
                value=f"{value:g}",
            )


def _check_charges(connection: Connection, draft: Draft) -> None:
    """A charge is paid on imports."""
    behind = [s for s in draft.rows(Supply) if s.connection == connection.connection]
    if any(s.can_import for s in behind) or not draft.is_sure(Supply):
        return
    for price in draft.rows(Price):
        if price.supply == connection.connection and price.item in CHARGES:
            draft.fault(
                price.origin,
                "item {item}: is paid on imports, and no supply behind {supply} imports; remove it",
                item=repr(price.item),
                supply=repr(price.supply),
            )


def _check_schemes(connection: Connection, draft: Draft) -> None:
    """A connection with schemes has a limit: what is not in force is closed."""
    behind = [s for s in draft.rows(Supply) if s.connection == connection.connection]
    payers = {connection.connection, *(s.supply for s in behind)}
    named = [s.scheme for s in behind] + [p.scheme for p in draft.rows(Price) if p.supply in payers]
    limit = connection.max_capacity if connection.type else connection.max_import
    if any(named) and limit is None:
        lacking = "max_capacity" if connection.type else "max_import"
        draft.fault(connection.origin, "{lacking}: is blank; a connection with schemes needs a limit", lacking=lacking)


def _check_lost_schemes(draft: Draft) -> None:
    """A scheme is of a connection."""
    at = {s.supply: s.connection for s in draft.rows(Supply)}
    for supply in draft.rows(Supply):
        if supply.scheme and not supply.connection:
            draft.fault(
                supply.origin,
                "scheme {scheme}: is of a connection, and the supply is behind none; name one",
                scheme=repr(supply.scheme),
            )
    for price in draft.rows(Price):
        if price.scheme and price.supply in at and not at[price.supply]:
            draft.fault(
                price.origin,
                "scheme {scheme}: is of a connection, and {supply} is behind none; name one",
                scheme=repr(price.scheme),
                supply=repr(price.supply),
            )


# --- tariff ----------------------------------------------------------------------------------------------------------------
# Tariffs, and prices at which buying to sell would pay.
#
# Periods and ratchets of demand charges: hours with a name, the same in all rows, and nothing that would not be billed.

_LIMITS = {"months": (1, 12, "1-3;12"), "hours": (0, 23, "8-11;17-21")}


def check_tariff(draft: Draft) -> None:
    """Check the supplies and ranges of the tariff, and warn of an export price above an import price."""
    is_right = True
    for row in draft.rows(TariffRow):
        is_right &= draft.refer(row.origin, ("supply", row.supply), "supply", (Supply, "supply"))
        for column, (first, last, example) in _LIMITS.items():
            text = getattr(row, column)
            try:
                ranges(text, first, last)
            except ValueError:
                is_right = False
                draft.fault(
                    row.origin,
                    "{column} {text}: is no list of ranges within {first}-{last}; write it as {example}",
                    column=column,
                    text=repr(text),
                    first=first,
                    last=last,
                    example=example,
                )
    if is_right and draft.park is not None and draft.is_sure(Supply):
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
            draft.warn(row.origin, remarks.SWAPPED, supply=repr(supply), **given)
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
                draft.warn(
                    out.origin,
                    remarks.BUY_TO_SELL,
                    supply=repr(out.supply),
                    price=f"{price[hour]:g}",
                    other=repr(into),
                    cheapest=f"{cheapest[hour]:g}",
                    year=year,
                    currency=draft.currency,
                )


def _tariff_prices(supplies: list[Supply], item: str, draft: Draft) -> dict[int, dict[str, np.ndarray]]:
    """The price in each kind of hour, by year and supply."""
    found: dict[int, dict[str, np.ndarray]] = {}
    for supply in supplies:
        factors: dict[tuple[str, ...], np.ndarray] = {}
        named = dict.fromkeys(p.profile for p in draft.rows(Price) if (p.supply, p.item) == (supply.supply, item) and p.profile)
        for year, price in _by_year(supply, item, draft).items():
            columns = tuple(draft.column(name, year) for name in named)
            if columns not in factors:
                factors[columns] = _factors(supply.supply, item, draft, columns)
            found.setdefault(year, {})[supply.supply] = price * factors[columns]
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


def _factors(supply: str, item: str, draft: Draft, columns: Sequence[str]) -> np.ndarray:
    """The factor of a price in every hour of a weekday and of a weekend day of every month, one after the other.

    Where any price has a profile, the factor of each hour of the profiles; `columns`: those of its own.
    """
    factors = np.ones((12, 2, 24))
    rows = [row for row in draft.rows(TariffRow) if (row.supply, row.item) == (supply, item)]
    for row in reversed(rows):  # the first row that holds wins
        months, hours = ranges(row.months, 1, 12), ranges(row.hours, 0, 23)
        days = {"weekday": [0], "weekend": [1]}.get(row.days, [0, 1])
        factors[np.ix_([m - 1 for m in sorted(months)], days, sorted(hours))] = row.factor
    if not any(price.profile for price in draft.rows(Price)):
        return factors.ravel()
    assert draft.park is not None
    clock = np.arange(draft.profiles.hours)
    weekend = ((clock // 24 + draft.park.first_weekday) % 7 >= 5).astype(int)
    found = factors[months_of_hours(len(clock)) - 1, weekend, clock % 24]
    for name in set(columns) & set(draft.profiles.series):
        found = found * draft.profiles.series[name]
    return found


#: Columns of the hours of a period.
PERIOD = ("months", "days", "hours")
_LIMITS_OF_PERIODS = {"months": (1, 12), "hours": (0, 23)}


def check_periods(draft: Draft) -> None:
    """Check the period and the ratchet of each price."""
    known: dict[tuple[str, str], Price] = {}
    for row in draft.rows(Price):
        stated = [column for column in (*PERIOD, "period", "ratchet") if getattr(row, column)]
        if stated and row.item != "demand_charge":
            draft.fault(row.origin, "{column}: is of a demand_charge only; leave it blank", column=stated[0])
        elif row.period or any(getattr(row, column) for column in PERIOD):
            _check_period(row, known.setdefault((row.supply, row.period), row), draft)
        if row.ratchet and _is_yearly(row, draft):
            draft.fault(row.origin, "ratchet: is of a charge by the month; one by the year is on the highest of all months already")


def _check_period(row: Price, first: Price, draft: Draft) -> None:
    if not row.period:
        draft.fault(row.origin, "period: is blank; name the hours that months, days and hours tell of")
    elif not any(getattr(row, column) for column in PERIOD):
        words = mark("period {period}: has no hours; write months, days or hours, or leave it blank")
        draft.fault(row.origin, words, period=repr(row.period))
    for column, (least, most) in _LIMITS_OF_PERIODS.items():
        try:
            ranges(getattr(row, column), least, most)
        except ValueError:
            words = mark("{column} {text}: is no list of ranges within {first}-{last}; write it as {example}")
            example = "1-3;12" if column == "months" else "8-11;17-21"
            draft.fault(row.origin, words, column=column, text=repr(getattr(row, column)), first=least, last=most, example=example)
    if row.period and row.scheme != first.scheme and any(getattr(row, column) != getattr(first, column) for column in PERIOD):
        words = mark("period {period}: has other hours under scheme {scheme}")
        draft.fault(row.origin, words, period=repr(row.period), scheme=repr(first.scheme))


def _is_yearly(row: Price, draft: Draft) -> bool:
    try:
        return names_year(row.unit, draft.currency)
    except UnitError:
        return False
