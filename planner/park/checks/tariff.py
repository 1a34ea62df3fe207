"""Tariffs, and prices at which buying to sell would pay.

Periods and ratchets of demand charges: hours with a name, the same in all rows, and nothing that would not be billed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.case import Price, Supply, TariffRow
from models.inputs.calendar import months_of_hours
from models.inputs.finance import over_years
from models.inputs.tariff import ranges
from models.units import UnitError, factor, names_year
from planner.language.language import mark
from planner.park import remarks
from planner.park.draft import Draft

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
    paid, received = _prices(buying, "energy", draft), _prices(selling, "export", draft)
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


def _prices(supplies: list[Supply], item: str, draft: Draft) -> dict[int, dict[str, np.ndarray]]:
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
