r"""A tariff as rows of prices.csv and tariff.csv, or, where holidays have prices of their own, as an hourly profile.

.. math::
    p_h = \tfrac{1}{2} (p_{2h} + p_{2h+1}) \qquad \bar p = \text{the price of most hours} \qquad f_h = p_h / \bar p
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from planner.profiles.shapes import days_off
from planner.tariffs.read import Tariff

DAYS_OF_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
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
