"""The hours of whole years, for the script of the page: every carrier's flows as compact arrays, as text that the script unpacks.

A flow is a whole number of steps; the step of a carrier is 1, 2 or 5 times a power of ten of which its largest flow has 500 to
1,250. The numbers of a year stand one series after the other as unsigned 16-bit numbers, low bytes first, then high bytes, deflated
(RFC 1950) and written in base64.
"""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Iterator, Sequence

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

#: Below this a flow is nothing (MW).
NOTHING = 1e-6
#: Least steps of the largest flow of a carrier.
STEPS = 500


def hour_archive(report: Report) -> Markup | None:
    """A box of the page with the hours of the first year, of that of the goal and of the last; the script draws any week of them.
    None where the hours were not kept, are those of typical days, or no more than a week, which the page shows whole."""
    output = report.output
    if len(output.target["typical_days"]):
        return None
    boxes: list[Markup] = []
    by = int(output.summary["by"])
    for year in sorted({output.years[0], by if by in output.years else output.years[-1], output.years[-1]}):
        flows = report.dispatch(year)
        if flows.empty or int(flows["hour"].max()) + 1 < 24 * 8:
            return None
        boxes.append(tag("div", packed(report, flows), data_year=year))
    say = report.language.translate
    return tag(
        "div",
        *boxes,
        id="archive",
        hidden=True,
        data_by=by,
        data_title=say("Any week of a year, hour by hour"),
        data_year=say("Year"),
        data_week=say("Week"),
    )


def packed(report: Report, flows: pd.DataFrame) -> str:
    """A year as the script reads it: its carriers with unit, step and series, its hours, and all numbers. A series is its name, its
    look, and 1 above zero or -1 below."""
    carriers, numbers, hours = [], list[np.ndarray](), range(int(flows["hour"].max()) + 1)
    for carrier in report.carriers(flows):
        frame = flows_over_hours(report, hours, flows[flows["carrier"] == carrier])
        frame = frame[[c for c in frame if frame[c].abs().max() > NOTHING]]
        if frame.empty or not len(frame.columns):
            continue
        step = step_of(float(frame.abs().to_numpy().max()))
        looks = report.styles.of([str(c) for c in frame.columns])
        sides = [*_sides(frame)]
        numbers += [np.round(values / step).astype(np.int64) for _, _, values in sides]
        unit = "t/h" if carrier == "co2" else "MW"
        series_ = [[name, looks[name], sign] for name, sign, _ in sides]
        carriers.append({"name": named(report.language, CARRIERS, carrier), "unit": unit, "step": step, "series": series_})
    said = {"carriers": carriers, "hours": len(hours), "data": _as_text(numbers)}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _sides(frame: pd.DataFrame) -> Iterator[tuple[str, int, np.ndarray]]:
    """Each series with its sign and its size; one that is above and below zero counts on both sides."""
    for name in frame.columns:
        values = frame[name].to_numpy(dtype=float)
        for sign in (1, -1):
            own = np.clip(sign * values, 0.0, None)
            if own.max(initial=0.0) > NOTHING:
                yield str(name), sign, own


def step_of(largest: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten of which `largest` has at least STEPS."""
    power = 10.0 ** math.floor(math.log10(largest / STEPS) + 1e-9)
    return float(f"{max(m * power for m in (1, 2, 5) if m * power * STEPS <= largest * (1 + 1e-9)):.0e}")


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
