r"""A tariff put into a park.

A tariff as rows of prices.csv and tariff.csv, or, where holidays have prices of their own, as an hourly profile.

.. math::
    p_h = \tfrac{1}{2} (p_{2h} + p_{2h+1}) \qquad \bar p = \text{the price of most hours} \qquad f_h = p_h / \bar p
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from models.case import Case
from models.inputs.calendar import DAYS_OF_MONTH
from planner.language.language import Language
from planner.profiles.profile import Profile
from planner.profiles.rows import check_rows, csv_text, put_rows, table_of
from planner.profiles.shapes import days_off
from planner.profiles.told import Told
from planner.profiles.write import check_park, put, write_into
from planner.tariffs.read import Tariff

PRICES, TARIFF = "prices.csv", "tariff.csv"
PRICE_KEY, TARIFF_KEY = ("supply", "item"), ("supply", "item")


def write_tariff(
    tariff: Tariff, case: Case, park: Path, supply: str, year: int, holidays: str, file: Path, replace: bool, language: Language
) -> list[Path]:
    """Rows of prices.csv and tariff.csv in place of those of the supply; gives the files.

    With holidays, or with Saturdays that are no Sundays, the prices are a profile of prices.csv, `tariff-SUPPLY`, and tariff.csv
    has no row of the supply. Raises CaseError, before anything is written, where the park has other prices of it.
    """
    prices, currency, source = hourly_prices(tariff), case.park.currency, f"tariff {file.name}"
    is_profile = tariff.knows_saturdays or (tariff.knows_holidays and holidays != "none")
    name = f"tariff-{supply}" if is_profile else ""
    base = {"supply": supply, "year": year, "source": source}
    rows: list[dict[str, object]] = [
        {
            **base,
            "item": "energy",
            "value": f"{usual_price(prices):.8g}",
            "unit": f"{currency}/MWh",
            **({"profile": name} if name else {}),
        }
    ]
    for item, (value, unit) in tariff.charges.items():
        rows.append({**base, "item": item, "value": f"{value:.8g}", "unit": unit.replace("money", currency)})
    hours = [] if name else tariff_rows(prices, supply)
    check_rows(park / PRICES, PRICE_KEY, rows, replace)
    check_rows(park / TARIFF, TARIFF_KEY, [{"supply": supply, "item": "energy"}], replace)
    files: list[Path] = []
    if name:
        check_park(park, [name], replace)
        values = profile_of(prices, year, holidays, case.park.first_weekday)
        files = write_into(park, [Profile(name, np.asarray(values), "1", Told(), case.park.first_weekday)], replace, language)
    files.append(put_rows(park / PRICES, PRICE_KEY, rows, replace))
    return [*files, _hours(park / TARIFF, supply, hours)]


def _hours(path: Path, supply: str, rows: list[dict[str, object]]) -> Path:
    """tariff.csv with these rows of the supply's energy in place of its own."""
    if rows:
        return put_rows(path, TARIFF_KEY, rows, replace=True)
    columns, there = table_of(path)
    kept = [row for row in there if (row.get("supply"), row.get("item") or "energy") != (supply, "energy")]
    put(path, csv_text(columns or ["supply", "item", "months", "days", "hours", "factor"], kept))
    return path


HOURS = 8760


def hourly_prices(tariff: Tariff) -> np.ndarray:
    """(12, days, 24) of hours: the mean of two half hours."""
    return tariff.prices.reshape(12, -1, 24, 2).mean(axis=3)


def usual_price(prices: np.ndarray) -> float:
    """The price of most hours of workdays."""
    values, counts = np.unique(np.round(prices[:, 0], 9), return_counts=True)
    return float(values[counts.argmax()])


def tariff_rows(prices: np.ndarray, supply: str) -> list[dict[str, object]]:
    """Rows of tariff.csv of (12, 2 or more, 24) prices, as few as months and days of one pattern allow."""
    base = usual_price(prices)
    rows: list[dict[str, object]] = []
    patterns: dict[bytes, list[int]] = {}
    for month in range(12):
        patterns.setdefault(np.round(prices[month, :2], 9).tobytes(), []).append(month + 1)
    for months in patterns.values():
        own = prices[months[0] - 1]
        same = np.allclose(own[0], own[1])
        for days, kind in (("all", 0),) if same else (("weekday", 0), ("weekend", 1)):
            for price in dict.fromkeys(np.round(own[kind], 9).tolist()):
                if abs(price - base) > 1e-9 * max(abs(base), 1.0):
                    at = np.flatnonzero(np.abs(own[kind] - price) < 1e-6).tolist()
                    hours = "" if len(at) == 24 else ranged(at)
                    text = "" if len(months) == 12 else ranged(months)
                    rows.append(
                        {
                            "supply": supply,
                            "item": "energy",
                            "months": text,
                            "days": days,
                            "hours": hours,
                            "factor": f"{price / base:.6g}",
                        }
                    )
    return rows


def ranged(numbers: Sequence[int]) -> str:
    """`8-11;17-21` of numbers in order."""
    found: list[list[int]] = []
    for n in numbers:
        if found and n == found[-1][1] + 1:
            found[-1][1] = n
        else:
            found.append([n, n])
    return ";".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def profile_of(prices: np.ndarray, year: int, holidays: str, first_weekday: int) -> np.ndarray:
    """(8760,) prices of the hours of a year by the usual one, Saturdays and holidays as such; each day is that of the park's
    calendar."""
    off = days_off(year, holidays)
    values = np.empty(HOURS)
    day = 0
    for month, count in enumerate(DAYS_OF_MONTH):
        for n in range(count):
            weekday = (first_weekday + day) % 7
            when = date(year, month + 1, n + 1)
            shift = (weekday - when.weekday() + 3) % 7 - 3  # the calendar's day lies so many days beside the date
            is_off = off.get(when + timedelta(days=shift))
            kind = 2 if is_off else 0 if is_off is False or weekday < 5 else 3 if weekday == 5 else 1
            values[day * 24 : day * 24 + 24] = prices[month, kind]
            day += 1
    return values / usual_price(prices)
