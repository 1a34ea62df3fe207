"""What a park uses, pays and was billed, as it was read: figures and small pictures of its loads and tariffs, for its page."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

import numpy as np
import pandas as pd

from models.case import Case, Demand, Supply
from models.inputs.boundary import ranges
from models.inputs.calendar import DAYS_OF_MONTH
from models.inputs.finance import over_years
from models.units import factor, yearly_factor
from planner.answer.page.charts import drawing, figure, short
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, join, tag
from planner.answer.views import drawn
from planner.language.language import mark

# --- pixels ----------------------------------------------------------------------------------------------------------------
# PNG by a few lines of our own, for pictures of many small patches: no library that draws pixels is a dependency.

#: From little to much; told apart by everybody, in print too.
COLOURS = ("#f7fbff", "#deebf7", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#08519c", "#08306b")


def rgb(colour: str) -> tuple[int, ...]:
    """#08306b as three numbers."""
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def levels_of(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """The colour of each value, 0 for `low` and the last for `high`."""
    last = len(COLOURS) - 1
    return np.clip(((values - low) / ((high - low) or 1.0) * len(COLOURS)).astype(int), 0, last)


def png(width: int, height: int, kind: tuple[int, int], rows: Sequence[bytes], palette: bytes = b"") -> bytes:
    """A PNG file; `kind`: bits of a sample, and 2 for three colours a dot or 3 for places in a palette."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, *kind, 0, 0, 0))
    colours = chunk(b"PLTE", palette) if palette else b""
    dots = chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9))
    return b"\x89PNG\r\n\x1a\n" + head + colours + dots + chunk(b"IEND", b"")


def small_png(levels: np.ndarray) -> str:
    """A dot for each level of (rows, columns), half a byte each, as base64; -1 is a dot without colour's place: white."""
    rows, width = levels.shape
    places = np.where(levels < 0, len(COLOURS), levels).astype(np.uint8)
    if width % 2:
        places = np.hstack([places, np.zeros((rows, 1), dtype=np.uint8)])
    packed = (places[:, 0::2] << 4) | places[:, 1::2]
    palette = b"".join(bytes(rgb(c)) for c in (*COLOURS, "#ffffff"))
    return base64.b64encode(png(width, rows, (4, 3), [row.tobytes() for row in packed], palette)).decode()


# --- loads -----------------------------------------------------------------------------------------------------------------

#: Of a drawing: its width, room on the left, above and below, height of an hour.
WIDTH, LEFT, ABOVE, BELOW, HOUR = 370.0, 24.0, 18.0, 26.0, 5.0
#: Width of a colour of the scale.
KEY = 12
DAYS, MONTHS = 365, 12
KINDS_OF_DAYS = {
    2: mark("{name}: price by hour and month, workdays and weekends"),
    3: mark("{name}: price by hour and month, workdays, Saturdays and Sundays"),
}


def loads_section(report: Report) -> Section | None:
    """Tables of loads and bills, and a picture of each load and tariff; None for a run that does not tell of them."""
    say, found = report.language.translate, report.output.facts.get("loads")
    if not found or not found["demands"]:
        return None
    note = say("Demands as the park states them, before measures and before anything moves.")
    pictures = [_load(report, one) for one in found["demands"] if one["calendar"]]
    pictures += [_tariff(report, one) for one in found["tariffs"]]
    parts = [*drawn("loads", report), tag("div", *pictures, class_="grid"), *drawn("bills", report)]
    return section("loads", say("Loads, bills and tariffs"), tag("p", note, class_="note"), *parts)


def _load(report: Report, one: Mapping[str, Any]) -> Markup:
    """The calendar of a demand, and below it the working days on which little is used."""
    language, say = report.language, report.language.translate
    title = say("Hours of {name}, by month", name=report.titles.of(one["demand"]))
    finding = say(
        "{energy} MWh, at most {highest} MW", energy=language.number(one["energy"]), highest=language.amount(one["highest"])
    )
    starts = [0, *accumulate(DAYS_OF_MONTH)]
    labels = [((starts[m] + starts[m + 1]) / 2 / DAYS, str(m + 1)) for m in range(MONTHS)]
    ends = [f"{language.amount(one[side])} MW" for side in ("lowest", "highest")]
    days = say("Working days with little use: {days}", days=", ".join(one["quiet"])) if one["quiet"] else ""
    return figure(
        _drawn(one["calendar"], labels, ends, title), title, tag("p", days, class_="note") if days else None, finding=finding
    )


def _tariff(report: Report, one: Mapping[str, Any]) -> Markup:
    """The prices of a supply, workdays beside weekends."""
    language, say = report.language, report.language.translate
    title = say(KINDS_OF_DAYS[one["kinds"]], name=report.titles.of(one["supply"]))
    unit = f"{language.currency(report.output.currency)}/MWh"
    low, high = (language.amount(one[side]) for side in ("lowest", "highest"))
    finding = say("{lowest} to {highest} {unit}", lowest=low, highest=high, unit=unit)
    count, shown = one["kinds"], (1, 4, 7, 10)
    wide = count * (MONTHS + 1) - 1
    labels = [((part * (MONTHS + 1) + m - 0.5) / wide, str(m)) for part in range(count) for m in shown]
    return figure(_drawn(one["picture"], labels, [f"{low} {unit}", f"{high} {unit}"], title), title, finding=finding)


def _drawn(picture: str, labels: list[tuple[float, str]], ends: list[str], title: str) -> Markup:
    """The picture with months above (place from 0 to 1), hours on the left, and the scale below."""
    wide, high = WIDTH - LEFT, 24 * HOUR
    place = {"x": short(LEFT), "y": short(ABOVE), "width": short(wide), "height": short(high)}
    image = tag("image", href=f"data:image/png;base64,{picture}", preserveAspectRatio="none", class_="heat", **place)
    above = [tag("text", text, x=short(LEFT + at * wide), y=13, class_="t mid") for at, text in labels]
    hours = [tag("text", str(h), x=short(LEFT - 5), y=short(ABOVE + h * HOUR + 9), class_="t end") for h in (0, 6, 12, 18)]
    foot, left = ABOVE + high + 8, WIDTH / 2 - len(COLOURS) * KEY / 2
    keys = [tag("rect", x=short(left + n * KEY), y=short(foot), width=KEY, height=13, fill=c) for n, c in enumerate(COLOURS)]
    scale = [
        tag("text", ends[0], x=short(left - 6), y=short(foot + 11), class_="t end"),
        tag("g", *keys, class_="heat"),
        tag("text", ends[1], x=short(WIDTH - left + 6), y=short(foot + 11), class_="t"),
    ]
    return drawing(join([image, *above, *hours, *scale]), WIDTH, foot + BELOW - 8, title, "calendar")


# --- loads -----------------------------------------------------------------------------------------------------------------

#: A working day is quiet below this share of the median of so many working days around it; more than MOST_QUIET are no holidays.
QUIET, NEAR, MOST_QUIET = 0.6, 41, 60
#: Below this load factor it is the weather that leaves days quiet, and no holiday is told.
SEASONAL = 0.3
HOURS = 8760
#: Of more prices a profile is of a market and no tariff.
MOST_PRICES = 26
#: Most calendars, and most tariffs, that are drawn: the largest loads.
DRAWN, TARIFFS = 6, 3


def quiet_days(days: np.ndarray, dates: pd.DatetimeIndex) -> list[str]:
    """Working days on which little is used, as text: holidays and shutdowns that the meter shows. None is told where many are."""
    working = pd.Series(days, dates)[dates.day_of_week < 5]
    usual = working.rolling(NEAR, center=True, min_periods=NEAR // 2).median()
    quiet = working.index[working < QUIET * usual]
    if not len(quiet) or len(quiet) > MOST_QUIET:
        return []
    runs = [[quiet[0], quiet[0]]]
    for day in quiet[1:]:
        if (day - runs[-1][1]).days <= (3 if runs[-1][1].day_of_week == 4 else 1):
            runs[-1][1] = day
        else:
            runs.append([day, day])
    return [f"{a:%Y-%m-%d}" if a == b else f"{a:%Y-%m-%d} – {b:%m-%d}" for a, b in runs]


def hours_of(case: Case) -> dict[str, tuple[Demand, np.ndarray]]:
    """Each demand by name: its first row, and its power in the hours of that row's year (8760,) [MW]. A profile of some days is
    repeated."""
    found = dict[str, tuple[Demand, np.ndarray]]()
    for demand in case.demand:
        shape = np.resize(np.asarray(case.profiles[demand.profile], dtype=float), HOURS) if demand.profile else np.ones(HOURS)
        values = shape * demand.value * yearly_factor(demand.unit, "MWh") / shape.sum()
        found.setdefault(demand.demand, (demand, values))
    return found


def load_factor(values: np.ndarray) -> float:
    """Mean by highest; 0 of a load that is 0."""
    return float(values.mean() / values.max()) if values.max() > 0 else 0.0


def quiet_of(case: Case, values: np.ndarray) -> list[str]:
    """Month and day of the working days with little use, by the park's own calendar; none of what the weather leaves quiet."""
    if load_factor(values) < SEASONAL:
        return []
    start = next(date(y, 1, 1) for y in range(2001, 2029) if y % 4 and date(y, 1, 1).weekday() == case.park.first_weekday)
    dates = pd.DatetimeIndex([pd.Timestamp(start + timedelta(days=d)) for d in range(365)])
    return [text[5:].replace(f"{start.year}-", "") for text in quiet_days(values.reshape(365, 24).sum(axis=1), dates)]


def prices_of(case: Case, supply: Supply, item: str = "energy") -> np.ndarray | None:
    """Prices of the base year [money/MWh] by month, kind of day and hour; None without a price.

    (12, 2, 24) of workdays and weekends by the tariff, or, where the prices are a profile, (12, 3, 24) of workdays, Saturdays and
    Sundays, each the median of such hours.
    """
    rows = [p for p in case.prices if p.supply == supply.supply and p.item == item]
    if not rows or supply.carrier == "co2":
        return None
    points = [(p.year, p.value * factor(p.unit, "money/MWh", case.park.currency)) for p in rows]
    price = over_years(points, [case.park.base_year])[case.park.base_year]
    if rows[0].profile:
        return _of_profile(case, rows[0].profile) * price
    factors = np.ones((12, 2, 24))
    for row in reversed([r for r in case.tariff if (r.supply, r.item) == (supply.supply, item)]):
        months, hours = sorted(ranges(row.months, 1, 12)), sorted(ranges(row.hours, 0, 23))
        days = {"weekday": [0], "weekend": [1]}.get(row.days, [0, 1])
        factors[np.ix_([m - 1 for m in months], days, hours)] = row.factor
    return factors * price


def _of_profile(case: Case, profile: str) -> np.ndarray:
    """(12, 3, 24) medians of a profile."""
    days = np.resize(np.asarray(case.profiles[profile], dtype=float), HOURS).reshape(365, 24)
    months = np.repeat(np.arange(12), DAYS_OF_MONTH)
    kinds = np.clip((case.park.first_weekday + np.arange(365)) % 7 - 4, 0, 2)
    return np.array([[np.median(days[(months == m) & (kinds == k)], axis=0) for k in range(3)] for m in range(12)])


def has_tariff(case: Case, supply: Supply) -> bool:
    """True where its prices differ by hours, by a tariff or by a profile of few prices."""
    if any(row.supply == supply.supply and row.item == "energy" for row in case.tariff):
        return True
    prices = prices_of(case, supply) if any(p.supply == supply.supply and p.profile for p in case.prices) else None
    return prices is not None and 1 < len(np.unique(np.round(prices, 6))) <= MOST_PRICES


def loads_of(case: Case) -> dict[str, Any]:
    """For run.json: demands, bills and tariffs. Nothing of a park whose profiles are no calendar year."""
    if case.hours != HOURS or not any(demand.profile for demand in case.demand):
        return {}
    return {"demands": list(_loads_demands(case)), "bills": list(_loads_bills(case)), "tariffs": [*_tariffs(case)][:TARIFFS]}


def _loads_demands(case: Case) -> Iterator[dict[str, Any]]:
    """The largest first; the first ones of which the hours differ have a calendar, hours down and days across."""
    drawn = 0
    for name, (demand, values) in sorted(hours_of(case).items(), key=lambda item: -float(item[1][1].sum())):
        low, high = float(values.min()), float(values.max())
        is_drawn = bool(demand.profile) and high > low and drawn < DRAWN
        drawn += is_drawn
        calendar = small_png(levels_of(values.reshape(365, 24).T, low, high)) if is_drawn else ""
        yield {
            "demand": name,
            "carrier": demand.carrier,
            "year": demand.year,
            "energy": round(float(values.sum()), 3),
            "lowest": float(f"{low:.6g}"),
            "highest": float(f"{high:.6g}"),
            "load_factor": round(load_factor(values), 4),
            "quiet": quiet_of(case, values),
            "calendar": calendar,
        }


def _loads_bills(case: Case) -> Iterator[dict[str, Any]]:
    carriers = {s.supply: s.carrier for s in case.supplies}
    for bill in case.bills:
        energy = round(bill.value * yearly_factor(bill.unit, "MWh"), 3)
        yield {"supply": bill.supply, "carrier": carriers[bill.supply], "year": bill.year, "energy": energy, "cost": bill.cost}


def _tariffs(case: Case) -> Iterator[dict[str, Any]]:
    """Prices by hour (down) and month (across) of each kind of days, a blank column between."""
    for supply in case.supplies:
        prices = prices_of(case, supply) if has_tariff(case, supply) else None
        if prices is None:
            continue
        low, high = float(prices.min()), float(prices.max())
        levels, blank = levels_of(prices, low, high), np.full((24, 1), -1)
        parts = [part for kind in range(prices.shape[1]) for part in (blank, levels[:, kind].T)]
        ends = {"lowest": float(f"{low:.6g}"), "highest": float(f"{high:.6g}")}
        yield {"supply": supply.supply, **ends, "kinds": prices.shape[1], "picture": small_png(np.hstack(parts[1:]))}
