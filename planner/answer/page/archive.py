"""The hours of whole years, for the script of the page: every carrier's flows as compact arrays, as text that the script unpacks.

A flow is a whole number of steps; the step of a carrier is 1, 2 or 5 times a power of ten of which its largest flow has 500 to
1,250. A series that is near a multiple of another one (what a boiler burns and gives, or the same flow in the year of the goal)
is packed as what it differs from that multiple, rounded. Differences are counted 0, -1, 1, -2, 2 ... as 0, 1, 2, 3, 4 ...

The numbers of a year stand one series after the other as unsigned 16-bit numbers, low bytes first, then high bytes, deflated
(RFC 1950) and written in base64.
"""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from planner.answer import series
from planner.answer.page.charts import figure
from planner.answer.page.hours import DAY, DrawnWeek, draw_flows, draw_held, frames_of, weeks_of
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, join, legend, most_of, scroll, tabs, tag
from planner.language.language import mark
from planner.language.words import CARRIERS, named

# --- dispatch series -------------------------------------------------------------------------------------------------------
# The flows of a carrier hour by hour as series: what gives above zero, what takes below.

#: Flows above and below zero.
GIVES, TAKES = ("import", "out", "discharge"), ("demand", "in", "charge", "export")
MOST = 8


def flows_over_hours(report: Report, hours: Sequence[int], flows: pd.DataFrame) -> pd.DataFrame:
    """Hours (rows) by series (columns) of a carrier, zones added up: what gives above zero, what takes below (MW, t/h)."""
    say = report.language.translate
    sides = []
    for kinds, sign, rest in ((GIVES, 1.0, say("other supply")), (TAKES, -1.0, say("other use"))):
        rows = flows[flows["flow"].isin(kinds)]
        if rows.empty:
            continue
        wide = series.largest(by_name(rows, hours), MOST)
        sides.append((sign * wide).rename(columns={series.OTHER: rest}))
    if len(sides) == 2:
        sides[1] = sides[1].rename(columns={c: report.taken(c, flows) for c in sides[1] if c in sides[0]})
    whole = pd.concat([s.reset_index(drop=True) for s in sides], axis=1) if sides else pd.DataFrame()
    sent, arrived = (flows[flows["flow"] == flow] for flow in ("sent", "arrived"))
    if len(sent) and len(whole):
        left = (by_name(arrived, hours).sum(axis=1) - by_name(sent, hours).sum(axis=1)).to_numpy()
        if np.abs(left).max() > 1e-6:
            whole[say("lost in links")] = left
    return whole


def by_name(rows: pd.DataFrame, hours: Sequence[int]) -> pd.DataFrame:
    """Hours (rows, in the order given) by name (columns): sums of `value`, 0 where there is none."""
    codes, names = pd.factorize(rows["name"], sort=True)
    at = rows["hour"].to_numpy(dtype=np.int64)
    count = int(max(at.max(initial=0), max(hours, default=0))) + 1
    sums = np.bincount(codes * count + at, weights=rows["value"].to_numpy(dtype=float), minlength=len(names) * count)
    return pd.DataFrame(sums.reshape(len(names), count).T[list(hours)], columns=[str(name) for name in names])


# --- archive ---------------------------------------------------------------------------------------------------------------

#: Bytes that the hours of all years may take in a page.
ROOM = 2_600_000
#: Below this a flow is nothing (MW).
NOTHING = 1e-6
#: Least steps of the largest flow of a carrier.
STEPS = 500
#: Series that are tried as the one that another is like.
TRIED = 3
#: Digits of the multiple.
DIGITS = 4


@dataclass(frozen=True)
class PackedYear:
    """A year as the page holds it.

    said     carriers, and how many hours
    columns  numbers of each series as they are packed   (hours)
    numbers  numbers of each series, of which other years are multiples   steps (hours)
    """

    said: dict[str, Any]
    columns: list[np.ndarray]
    numbers: list[np.ndarray]

    def text(self) -> str:
        """What the script of the page reads."""
        return json.dumps({**self.said, "data": _as_text(self.columns)}, ensure_ascii=False, separators=(",", ":"))


def hour_archive(report: Report) -> Markup | None:
    """A box of the page with the hours of as many years as there is room for; the script makes pictures of any week of them.

    The year of the goal comes first, since other years are told by what they differ from it, then the first and the last one,
    then those of the stages, then the rest in order. None where the hours were not kept or are those of typical days.
    """
    output, room = report.output, ROOM
    if len(output.target["typical_days"]):
        return None
    boxes: dict[int, Markup] = {}
    first = [int(output.summary["by"]), output.years[0], output.years[-1], *(y for _, y in output.steps)]
    for year, text in _texts(report, _by_worth(output.years, first)):
        if len(text) > room:
            break
        room -= len(text)
        boxes[year] = tag("div", text, data_year=year)
    if not boxes:
        return None
    say = report.language.translate
    return tag(
        "div",
        *(boxes[year] for year in sorted(boxes)),
        id="archive",
        hidden=True,
        data_by=next(iter(boxes)),
        data_title=say("Any week of a year, hour by hour"),
        data_year=say("Year"),
        data_week=say("Week"),
    )


def _texts(report: Report, years: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Each year and the text that holds its hours, as differences to the first year. A year is compressed while the next one is
    read. Nothing where the profile has no more than a week, which the page shows whole."""
    base, waiting = list[np.ndarray](), deque[tuple[int, Future[str]]]()
    with ThreadPoolExecutor(1) as beside:
        for year in years:
            flows = report.dispatch(year)
            if flows.empty or int(flows["hour"].max()) + 1 < 24 * 8:
                return
            found = packed(report, flows, base)
            base = base or found.numbers
            waiting.append((year, beside.submit(found.text)))
            if len(waiting) > 1:
                before, text = waiting.popleft()
                yield before, text.result()
        for year, text in waiting:
            yield year, text.result()


def _by_worth(years: Iterable[int], first: Iterable[int]) -> list[int]:
    known = list(years)
    return [*dict.fromkeys(y for y in (*first, *known) if y in known)]


def packed(report: Report, flows: pd.DataFrame, base: Sequence[np.ndarray] = ()) -> PackedYear:
    """A year: its carriers with unit, step and series, its hours, and all numbers.

    A series is its name, its look, 1 above zero or -1 below, and, where it is told by another one, which that is and the
    multiple of it: from 0 on a series of the same year, from -1 down one of the base year (`base`: its numbers).
    """
    carriers, columns, numbers, hours = [], list[np.ndarray](), list[np.ndarray](), range(int(flows["hour"].max()) + 1)
    known, parts = [Alike.of(own) for own in base if len(own) == len(hours)], list[Alike]()
    for carrier in report.carriers(flows):
        frame = flows_over_hours(report, hours, flows[flows["carrier"] == carrier])
        frame = frame[[c for c in frame if frame[c].abs().max() > NOTHING]]
        if frame.empty or not len(frame.columns):
            continue
        step = step_of(float(frame.abs().to_numpy().max()))
        looks = report.styles.of([str(c) for c in frame.columns])
        series = list[list[Any]]()
        for name, sign, values in _sides(frame):
            steps = np.round(values / step).astype(np.int64)
            found = _like_others(steps, [*parts, *known])
            series.append([name, looks[name], sign])
            if found.like is not None:
                series[-1] += [found.like if found.like < len(numbers) else len(numbers) - 1 - found.like, found.times]
            columns.append(found.numbers)
            numbers.append(steps)
            parts.append(Alike.of(steps))
        title = named(report.language, CARRIERS, carrier)
        carriers.append({"name": title, "unit": "t/h" if carrier == "co2" else "MW", "step": step, "series": series})
    return PackedYear({"carriers": carriers, "hours": len(hours)}, columns, numbers)


def _sides(frame: pd.DataFrame) -> Iterator[tuple[str, int, np.ndarray]]:
    """Each series with its sign and its size; one that is above and below zero counts on both sides."""
    for name in frame.columns:
        values = frame[name].to_numpy(dtype=float)
        for sign in (1, -1):
            own = np.clip(sign * values, 0.0, None)
            if own.max(initial=0.0) > NOTHING:
                yield str(name), sign, own


class Packed(NamedTuple):
    """A series as it is packed: numbers (hours), and of which other series it is what multiple; None of none."""

    numbers: np.ndarray
    like: int | None
    times: float | None


class Alike(NamedTuple):
    """A series that others may be like: its steps (hours), the same as floats, and the sum of their squares, worked out once.

    Of whole numbers sums of products are exact, in whatever order they are added.
    """

    numbers: np.ndarray
    floats: np.ndarray
    square: float

    @classmethod
    def of(cls, numbers: np.ndarray) -> Alike:
        """With what is worked out of it."""
        floats = numbers.astype(float)
        return cls(numbers, floats, float(floats @ floats))


def step_of(largest: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten of which `largest` has at least STEPS."""
    power = 10.0 ** math.floor(math.log10(largest / STEPS) + 1e-9)
    return float(f"{max(m * power for m in (1, 2, 5) if m * power * STEPS <= largest * (1 + 1e-9)):.0e}")


def _like_others(numbers: np.ndarray, others: Sequence[Alike]) -> Packed:
    """The series (steps) as what is left of a multiple of one of the others, where that takes less room."""
    best, least = Packed(numbers, None, None), _bits(numbers)
    if not others:
        return best
    own = numbers.astype(float)
    products, squares = np.array([other.floats @ own for other in others]), np.array([other.square for other in others])
    explained = np.divide(products**2, squares, out=np.zeros(len(others)), where=squares > 0)
    for i in np.argsort(-explained, kind="stable")[:TRIED].tolist():
        if explained[i] <= 0:
            break
        times = round(float(products[i] / squares[i]), DIGITS)
        left = numbers - _multiple(others[i].numbers, times)
        counted = np.where(left >= 0, 2 * left, -2 * left - 1)
        bits = _bits(counted)
        if bits < least:
            best, least = Packed(counted, i, times), bits
    return best


def _multiple(numbers: np.ndarray, times: float) -> np.ndarray:
    """A multiple in whole steps, halves upwards, as the script has it."""
    return np.floor(times * numbers + 0.5).astype(np.int64)


def _bits(numbers: np.ndarray) -> float:
    """Room that numbers take, by how often each occurs (their entropy)."""
    counts = np.bincount(numbers)
    shares = counts[counts > 0] / len(numbers)
    return float(-(shares * np.log2(shares)).sum())


def _as_text(columns: Sequence[np.ndarray]) -> str:
    """Numbers of all series as base64."""
    numbers = np.concatenate([np.zeros(0, dtype=np.int64), *columns]).astype("<u2")
    planes = np.concatenate([numbers & np.uint16(0xFF), numbers >> np.uint16(8)]).astype(np.uint8)
    return base64.b64encode(zlib.compress(planes.tobytes(), 9)).decode()


# --- dispatch --------------------------------------------------------------------------------------------------------------
# Dispatch: hour by hour, by carrier, of a week of summer, a week of winter and the scarcest week.

KINDS = {
    "summer": mark("A week of summer"),
    "winter": mark("A week of winter"),
    "scarcest": mark("The scarcest week"),
    "all": mark("Every hour of the profiles"),
}


def dispatch_section(report: Report) -> Section:
    """The weeks of the year of the goal as tabs, each with a picture of every carrier."""
    say, output = report.language.translate, report.output
    year = int(output.summary["by"])
    year = year if year in output.years else output.years[-1]
    flows = report.dispatch(year)
    typical = output.target["typical_days"]
    weeks = weeks_of(typical.sort_values("day")["typical_day"].astype(int).tolist(), flows)
    if not weeks:
        return section("dispatch", say("Dispatch"), tag("p", say("The hourly flows were not kept.")))
    note = report.language.sentences(
        say("Dispatch in {year}. Above zero what gives, below what takes; the two are the same in every hour.", year=year),
        report.zones_note,
        say("The weeks are put together from the typical days that stand for their days.") if len(typical) else "",
        say("The scarcest week is around the day on which sun, wind and water fall furthest short of what is used."),
    )
    flows = flows[flows["hour"].isin({h for week in weeks for h in week.snapshots})]  # all hours of a year are many
    panels = [(say(KINDS[week.kind]), _week(report, week, flows, year)) for week in weeks]
    shown = tabs("weeks", say("Week that is shown"), panels)
    return section("dispatch", say("Dispatch"), tag("p", note, class_="note"), shown, hour_archive(report))


def _week(report: Report, week: DrawnWeek, flows: pd.DataFrame, year: int) -> Markup:
    shown = flows[flows["hour"].isin(set(week.snapshots))]
    return join(_carrier(report, week, shown[shown["carrier"] == c], c, year) for c in report.carriers(shown))


def _carrier(report: Report, week: DrawnWeek, flows: pd.DataFrame, carrier: str, year: int) -> Markup | None:
    language = report.language
    say, unit = language.translate, "t/h" if carrier == "co2" else "MW"
    shown = flows_over_hours(report, week.snapshots, flows)
    if shown.empty or shown.abs().to_numpy().max() < 1e-6:
        return None
    looks = report.styles.of([str(c) for c in shown.columns])
    title = say("{week}, {year}: {carrier}", carrier=named(language, CARRIERS, carrier), week=say(KINDS[week.kind]), year=year)
    days = week.day_names()
    held = held_of_week(report, week, flows, year)
    upper, lower = frames_of(shown, held, language)
    pictures = [draw_flows(shown, upper, days, looks, unit, f"{title} [{unit}]", language)]
    entries = [(name, look, False) for name, look in report.styles.named(looks).items()]
    lines = {str(name): i for i, name in enumerate(held.columns)}
    if lines:
        pictures.append(draw_held(held, lower, days, lines, say("held in stores, {title}", title=title), language))
        entries += [(say("{name}, held", name=name), look, True) for name, look in lines.items()]
    box = scroll(join(pictures), title, "picture")
    finding = most_of(shown.clip(lower=0.0).sum(), "t" if carrier == "co2" else "MWh", language)
    return figure(box, title, legend(entries), class_="full", finding=finding)


def held_of_week(report: Report, week: DrawnWeek, flows: pd.DataFrame, year: int) -> pd.DataFrame:
    """What each store holds at the end of each hour (MWh). On typical days a seasonal store goes on from day to day."""
    rows = flows[flows["flow"] == "held"]
    if rows.empty:
        return pd.DataFrame(index=range(len(week.snapshots)))
    wide = rows.pivot_table(index="hour", columns="name", values="value", aggfunc="sum", observed=True)
    held = wide.loc[list(week.snapshots)].reset_index(drop=True).rename(columns=str).rename_axis(columns=None)
    seasonal = report.output.target["seasonal"]
    seasonal = seasonal[seasonal["year"] == year]
    for store, own in seasonal.groupby("technology"):
        if store in held and week.days:
            start = own.set_index("day")["held"]
            held[store] += np.repeat([start.get(d + 1, 0.0) for d in week.days], DAY)
    return held[[c for c in held if held[c].abs().max() > 1e-6]]
