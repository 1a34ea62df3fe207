"""Charts over hours: what gives above zero, what takes below, and what stores hold."""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from planner.answer import series
from planner.answer.page.charts import DAY, YearChart, year_figure
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, highest, join, most_of, tag
from planner.answer.views import drawn
from planner.language.language import mark
from planner.language.words import CARRIERS, named

# --- weeks -----------------------------------------------------------------------------------------------------------------
# Which hours are shown: a week of summer, one of winter, and the scarcest one.

WEEK = 7
#: First day of the week of summer and of winter, counted from 1 January as 0: 15 July and 15 January.
SUMMER, WINTER = 195, 14


@dataclass(frozen=True)
class DrawnWeek:
    """Hours one after the other. `kind` is summer, winter, scarcest or all.

    snapshots   of the table of dispatch
    days        calendar days from 0 that they are of; empty where the profiles are no calendar
    """

    kind: str
    snapshots: tuple[int, ...]
    days: tuple[int, ...]

    def day_names(self) -> list[str]:
        """Month and day of each of its days, e.g. 07-15; a number where there is no calendar."""
        if not self.days:
            return [str(i + 1) for i in range(len(self.snapshots) // DAY)]
        return [(date(2025, 1, 1) + timedelta(days=d)).strftime("%m-%d") for d in self.days]


def weeks_of(typical: Sequence[int], flows: pd.DataFrame) -> list[DrawnWeek]:
    """The weeks that are shown of a year's dispatch.

    typical is the typical day of each calendar day, empty where every hour was planned. A stylised profile of no more
    than a week is shown whole.
    """
    count = int(flows["hour"].max()) + 1 if len(flows) else 0
    of_day = list(typical) if len(typical) else list(range(count // DAY))
    if not of_day:
        return []
    has_calendar = len(of_day) == 365
    if len(of_day) <= WEEK:
        return [_week("all", 0, of_day, False)]
    worst = _scarcest(of_day, flows)
    chosen = [("summer", SUMMER), ("winter", WINTER)] if has_calendar else []
    found = [_week(kind, first, of_day, True) for kind, first in chosen]
    return [*found, _week("scarcest", worst - WEEK // 2, of_day, has_calendar)]


def _week(kind: str, first: int, of_day: Sequence[int], has_calendar: bool) -> DrawnWeek:
    first = min(max(first, 0), max(len(of_day) - WEEK, 0))
    days = range(first, min(first + WEEK, len(of_day)))
    return DrawnWeek(kind, tuple(of_day[d] * DAY + h for d in days for h in range(DAY)), tuple(days) if has_calendar else ())


def _scarcest(of_day: Sequence[int], flows: pd.DataFrame) -> int:
    """The day on which the use of electricity is furthest above what sun, wind and water could give."""
    rows = flows[flows["carrier"] == "electricity"]
    free = set(rows[rows["flow"] == "curtailed"]["name"])
    use = rows[rows["flow"].isin(["demand", "in"])].groupby("hour")["value"].sum()
    given = rows[rows["flow"].isin(["out", "curtailed"]) & rows["name"].isin(free)].groupby("hour")["value"].sum()
    hours = np.zeros((max(of_day) + 1) * DAY)
    for sign, sums in ((1, use), (-1, given)):
        hours[sums.index.to_numpy()] += sign * sums.to_numpy()
    daily = hours.reshape(-1, DAY).sum(axis=1)
    return int(np.argmax([daily[d] for d in of_day]))


# --- vehicles --------------------------------------------------------------------------------------------------------------
# Vehicles: what each group of chargers draws over a week, beside charging at once, and the sums of each year.

AS_PLANNED, AT_ONCE = mark("as planned"), mark("if charged at once")


def vehicles_section(report: Report) -> Section | None:
    """A picture of a week for each group of chargers, and a table of all; None where no vehicles are charged."""
    rows, say, output = report.output.target["chargers"], report.language.translate, report.output
    if rows.empty:
        return None
    year = int(output.summary["by"])
    year = year if year in output.years else output.years[-1]
    flows, typical = report.dispatch(year), output.target["typical_days"]
    weeks = weeks_of(typical.sort_values("day")["typical_day"].astype(int).tolist(), flows) if len(flows) else []
    groups = list(dict.fromkeys(rows["chargers"].astype(str)))
    pictures = [_group(report, g, groups, flows, weeks[0], year) for g in groups] if weeks else []
    note = say("Vehicles have what they need by the time they leave; where waiting saves nothing, one of many ways is shown.")
    return section("vehicles", say("Vehicles"), tag("p", note, class_="note"), *pictures, *drawn("chargers", report))


def _group(report: Report, group: str, groups: list[str], flows: pd.DataFrame, week: DrawnWeek, year: int) -> Markup | None:
    """What a group draws over the week; nothing where it draws nothing then."""
    language = report.language
    say, hours = language.translate, list(week.snapshots)
    own = flows[flows["flow"].isin(["demand", "at_once"])]
    own = own[own["name"].isin([name for name in own["name"].unique() if _is_of(str(name), group, groups)])]
    shown = pd.DataFrame(
        {
            say(label): own[own["flow"] == flow].groupby("hour")["value"].sum().reindex(hours, fill_value=0.0).to_numpy()
            for flow, label in (("demand", AS_PLANNED), ("at_once", AT_ONCE))
            if (own["flow"] == flow).any()
        }
    )
    if shown.empty or shown.to_numpy().max() < 1e-6:
        return None
    title = say("{chargers} in {year}: a week of charging", chargers=group, year=year)
    return _lines(report, shown, title, "MW", week.day_names())


def hourly(shown: pd.DataFrame, days: Sequence[str]) -> pd.DataFrame:
    """Hours with the day and the hour of each as index."""
    return shown.set_axis([f"{days[i // DAY]} {i % DAY:02d}:00" for i in range(len(shown))])


def _lines(report: Report, shown: pd.DataFrame, title: str, unit: str, days: Sequence[str], note: str = "") -> Markup:
    """Loads over hours as lines."""
    finding = highest(shown, unit, report.language)
    chart = YearChart(title, unit, lines=hourly(shown, days), note=note, finding=finding, wide=True)
    return year_figure(chart, report.styles, report.language)


def _is_of(name: str, group: str, groups: list[str]) -> bool:
    """True of the name of a row of the group: its own, or its own with a number behind it."""
    rest = name.removeprefix(f"{group} ")
    return name == group or (rest != name and rest.isdigit() and name not in groups)


# --- flexibility -----------------------------------------------------------------------------------------------------------
# Demand that moves: the load as it was asked and as it is served, on the days with the highest hours, and what moved each year.

#: What each flow adds to the load as it was asked.
SIGNS = {"demand": 1.0, "asked": 1.0, "served": -1.0, "shed": 1.0}
AS_ASKED, AS_SERVED = mark("load as asked"), mark("load as served")
#: Days that are shown of a carrier at most.
MOST = 4


def flexibility_section(report: Report) -> Section | None:
    """A picture for each carrier and a table of all demands; None where no demand may move or be shed."""
    rows, say, output = report.output.target["flexibility"], report.language.translate, report.output
    offers = report.output.target["responses"]
    saving = report.output.alone["moving"]
    if rows.empty and offers.empty and saving.empty:
        return None
    year = int(output.summary["by"])
    year = year if year in output.years else output.years[-1]
    flows = report.dispatch(year)
    flows = flows[flows["flow"].isin(list(SIGNS))] if len(flows) else flows
    moving = flows[flows["flow"].isin(["served", "shed"])]["carrier"].unique().tolist() if len(flows) else []
    pictures = [_carrier(report, flows[flows["carrier"] == c], str(c), year) for c in moving]
    note = say("Demands are as measures leave them. Where moving costs nothing, what moved is one of many amounts of equal cost.")
    tables = [made for name in ("flexibility", "responses", "moving") for made in drawn(name, report)]
    told = [] if rows.empty else [tag("p", note, class_="note")]
    return section("flexibility", say("Demand that moves"), *told, *pictures, *tables)


def _carrier(report: Report, flows: pd.DataFrame, carrier: str, year: int) -> Markup:
    """The load of a carrier before and after, on the days with the highest hours."""
    language = report.language
    say = language.translate
    count = int(flows["hour"].max()) + 1
    served, asked = np.zeros(count), np.zeros(count)
    for flow, sign in SIGNS.items():
        own = flows[flows["flow"] == flow].groupby("hour")["value"].sum()
        asked[own.index.to_numpy()] += sign * own.to_numpy()
        served[own.index.to_numpy()] += own.to_numpy() if flow == "demand" else 0.0
    days = days_of(asked, served)
    hours = [d * DAY + h for d in days for h in range(DAY)]
    shown = pd.DataFrame({say(AS_ASKED): asked[hours], say(AS_SERVED): served[hours]})
    title = say("{carrier} in {year}: load before and after", carrier=named(language, CARRIERS, carrier), year=year)
    note, unit = say("The days with the highest hours of either."), "t/h" if carrier == "co2" else "MW"
    return _lines(report, shown, title, unit, _day_names(report, days, count), note)


def days_of(asked: np.ndarray, served: np.ndarray) -> Sequence[int]:
    """Days with the highest hours of the load before or after, in their order."""
    highest = np.maximum(asked, served).reshape(-1, DAY).max(axis=1)
    return sorted(np.argsort(-highest, kind="stable")[:MOST].tolist())


def _day_names(report: Report, days: Sequence[int], hours: int) -> list[str]:
    """Month and day of days of a year; else their number among the days, or typical days, that there are."""
    if len(report.output.target["typical_days"]):
        return [report.language.translate("typical day {day}", day=d + 1) for d in days]
    return DrawnWeek("all", tuple(range(len(days) * DAY)), tuple(days) if hours == 365 * DAY else ()).day_names()


# --- archive ---------------------------------------------------------------------------------------------------------------
# The hours of whole years, for the script of the page: every carrier's flows as compact arrays, as text that the script unpacks.
#
# A flow is a whole number of steps; the step of a carrier is 1, 2 or 5 times a power of ten of which its largest flow has 500 to
# 1,250. The numbers of a year stand one series after the other as unsigned 16-bit numbers, low bytes first, then high bytes,
# deflated
# (RFC 1950) and written in base64.

# --- dispatch series -------------------------------------------------------------------------------------------------------
# The flows of a carrier hour by hour as series: what gives above zero, what takes below.

#: Flows above and below zero.
GIVES, TAKES = ("import", "out", "discharge"), ("demand", "in", "charge", "export")
ARCHIVE_MOST = 8


def flows_over_hours(report: Report, hours: Sequence[int], flows: pd.DataFrame) -> pd.DataFrame:
    """Hours (rows) by series (columns) of a carrier, zones added up: what gives above zero, what takes below (MW, t/h)."""
    say = report.language.translate
    sides = []
    for kinds, sign, rest in ((GIVES, 1.0, say("other supply")), (TAKES, -1.0, say("other use"))):
        rows = flows[flows["flow"].isin(kinds)]
        if rows.empty:
            continue
        wide = series.largest(by_name(rows, hours), ARCHIVE_MOST)
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
    shown = (_archive_week(report, week, flows, year) for week in weeks)
    return section("dispatch", say("Dispatch"), tag("p", note, class_="note"), hour_archive(report), *shown)


def hour_section(report: Report) -> Section | None:
    """The scarcest week of electricity and the load duration of the year of the goal; hours.html has all weeks and carriers."""
    output, say = report.output, report.language.translate
    year = int(output.summary["by"]) if int(output.summary["by"]) in output.years else output.years[-1]
    flows, typical = report.dispatch(year), output.target["typical_days"]
    weeks = weeks_of(typical.sort_values("day")["typical_day"].astype(int).tolist(), flows)
    own = flows[flows["carrier"] == "electricity"] if len(flows) else flows
    if not weeks or own.empty:
        return None
    week = weeks[-1]
    shown = own[own["hour"].isin(set(week.snapshots))]
    link = tag("p", tag("a", say("Every week and every carrier, hour by hour"), href="hours.html"))
    return section(
        "hour", say("Hours"), _archive_carrier(report, week, shown, "electricity", year), _duration(report, own, year), link
    )


def _duration(report: Report, flows: pd.DataFrame, year: int) -> Markup:
    """How long which load lasts: what is used and what is bought, each from its highest hour down, at shares of the year."""
    language, say = report.language, report.language.translate
    typical = report.output.target["typical_days"]["typical_day"].astype(int).tolist()
    hours = [d * DAY + h for d in typical for h in range(DAY)] or list(range(int(flows["hour"].max()) + 1))
    kinds = {say("used"): ["demand", "in"], say("bought"): ["import"]}
    at = np.linspace(0, len(hours) - 1, 21).round().astype(int)
    curves = {
        words: np.sort(flows[flows["flow"].isin(own)].groupby("hour")["value"].sum().reindex(hours, fill_value=0.0).to_numpy())[
            ::-1
        ][at]
        for words, own in kinds.items()
    }
    shown = pd.DataFrame(curves, index=range(0, 101, 5))
    title, note = say("Load duration of electricity in {year}", year=year), say("From the highest hour down, in % of all hours.")
    chart = YearChart(title, "MW", lines=shown, note=note, finding=highest(shown, "MW", language), first="%")
    return year_figure(chart, report.styles, language)


def _archive_week(report: Report, week: DrawnWeek, flows: pd.DataFrame, year: int) -> Markup:
    shown = flows[flows["hour"].isin(set(week.snapshots))]
    return join(_archive_carrier(report, week, shown[shown["carrier"] == c], c, year) for c in report.carriers(shown))


def _archive_carrier(report: Report, week: DrawnWeek, flows: pd.DataFrame, carrier: str, year: int) -> Markup | None:
    language = report.language
    say, unit = language.translate, "t/h" if carrier == "co2" else "MW"
    shown = flows_over_hours(report, week.snapshots, flows)
    if shown.empty or shown.abs().to_numpy().max() < 1e-6:
        return None
    title = say("{week}, {year}: {carrier}", carrier=named(language, CARRIERS, carrier), week=say(KINDS[week.kind]), year=year)
    held, days = held_of_week(report, week, flows, year), week.day_names()
    finding = most_of(shown.clip(lower=0.0).sum(), "t" if carrier == "co2" else "MWh", language)
    charts = [YearChart(title, unit, bars=hourly(shown, days), finding=finding, wide=True)]
    if held.columns.size:
        charts.append(YearChart(say("held in stores, {title}", title=title), "MWh", lines=hourly(held, days), wide=True))
    return join(year_figure(chart, report.styles, language) for chart in charts)


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
