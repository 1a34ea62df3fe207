"""Hours as rows: the flows of a week by carrier, what stores hold, load duration, charging, demand that moves; and the hours of
whole years for the script of the page.

A row of a fact here is an hour (`place`: its day and hour) of a series (`series`, `value` in `unit`) of the chart of a `title`; a
bar is stacked, a line is drawn.
"""

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
from planner.answer.facts import Told, fact, told
from planner.answer.page.charts import DAY
from planner.answer.page.report import Report
from planner.answer.page.table import Markup, tag
from planner.language.language import mark
from planner.language.words import CARRIERS, named

WEEK = 7
#: First day of the week of summer and of winter, counted from 1 January as 0: 15 July and 15 January.
SUMMER, WINTER = 195, 14
KINDS = {
    "summer": mark("A week of summer"),
    "winter": mark("A week of winter"),
    "scarcest": mark("The scarcest week"),
    "all": mark("Every hour of the profiles"),
}
#: Flows of a carrier above and below zero, and how many series are named on each side.
GIVES, TAKES = ("import", "out", "discharge"), ("demand", "in", "charge", "export")
MOST = 8
#: Below this a flow is nothing (MW).
NOTHING = 1e-6


# --- weeks -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DrawnWeek:
    """Hours one after the other. `kind` is summer, winter, scarcest or all.

    snapshots   of the table of dispatch
    days        calendar days from 0 that they are of; empty where the profiles are no calendar
    """

    kind: str
    snapshots: tuple[int, ...]
    days: tuple[int, ...]

    def places(self) -> list[str]:
        """Day and hour of each, e.g. 07-15 08:00; the number of the day where there is no calendar."""
        days = [day_name(d) for d in self.days] or [str(i + 1) for i in range(len(self.snapshots) // DAY)]
        return [f"{days[i // DAY]} {i % DAY:02d}:00" for i in range(len(self.snapshots))]


def day_name(day: int) -> str:
    """Month and day of a day of the year, from 0."""
    return (date(2025, 1, 1) + timedelta(days=day)).strftime("%m-%d")


def year_of(report: Report) -> int:
    """The year whose hours are drawn: that of the goal, else the last."""
    by = int(report.output.summary["by"])
    return by if by in report.output.years else report.output.years[-1]


def typical_of(report: Report) -> list[int]:
    """The typical day of each calendar day; empty where every hour was planned."""
    return [int(d) for d in report.output.target["typical_days"].sort_values("day")["typical_day"]]


def days_of_year(typical: Sequence[int], flows: pd.DataFrame) -> list[int]:
    """The day of the table of dispatch of each day of the year."""
    return list(typical) or list(range((int(flows["hour"].max()) + 1 if len(flows) else 0) // DAY))


def weeks_of(typical: Sequence[int], flows: pd.DataFrame) -> list[DrawnWeek]:
    """The weeks that are shown of a year's dispatch: of summer and of winter where there is a calendar, and the scarcest. A profile
    of no more than a week is shown whole."""
    of_day = days_of_year(typical, flows)
    if not of_day:
        return []
    if len(of_day) <= WEEK:
        return [_week("all", 0, of_day, False)]
    worst, has_calendar = int(np.argmax(scarcity(of_day, flows).reshape(-1, DAY).sum(axis=1))), len(of_day) == 365
    chosen = [("summer", SUMMER), ("winter", WINTER)] if has_calendar else []
    return [_week(kind, first, of_day, has_calendar) for kind, first in [*chosen, ("scarcest", worst - WEEK // 2)]]


def _week(kind: str, first: int, of_day: Sequence[int], has_calendar: bool) -> DrawnWeek:
    first = min(max(first, 0), max(len(of_day) - WEEK, 0))
    days = range(first, min(first + WEEK, len(of_day)))
    return DrawnWeek(kind, tuple(of_day[d] * DAY + h for d in days for h in range(DAY)), tuple(days) if has_calendar else ())


def scarcity(of_day: Sequence[int], flows: pd.DataFrame) -> np.ndarray:
    """By how much the use of electricity is above what sun, wind and water could give, in every hour of the year (MW)."""
    use, given = used_and_given(flows)
    hours = np.zeros((max(of_day) + 1) * DAY)
    hours[use.index.to_numpy()] += use.to_numpy()
    hours[given.index.to_numpy()] -= given.to_numpy()
    return np.concatenate([hours[d * DAY : (d + 1) * DAY] for d in of_day])


def used_and_given(flows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Use of electricity by hour, and what sun, wind and water could give (MW)."""
    rows = flows[flows["carrier"] == "electricity"]
    free = set(rows[rows["flow"] == "curtailed"]["name"])
    could = rows[rows["flow"].isin(["out", "curtailed"]) & rows["name"].isin(free)]
    return tuple(own.groupby("hour")["value"].sum() for own in (rows[rows["flow"].isin(["demand", "in"])], could))


def as_hours(frame: pd.DataFrame, places: Sequence[str], title: str, unit: str, drawn: str = "line") -> pd.DataFrame:
    """A frame whose rows are hours and whose columns are series as rows."""
    return frame.assign(place=list(places)).melt("place", var_name="series").assign(title=title, unit=unit, drawn=drawn)


def put_together(made: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All rows; none of nothing."""
    return pd.concat(made) if made else pd.DataFrame()


# --- flows of a week -------------------------------------------------------------------------------------------------------


def flows_over_hours(report: Report, hours: Sequence[int], flows: pd.DataFrame) -> pd.DataFrame:
    """Hours (rows) by series (columns) of a carrier, zones added up: what gives above zero, what takes below (MW, t/h)."""
    say, sides = report.language.translate, []
    for kinds, sign, rest in ((GIVES, 1.0, say("other supply")), (TAKES, -1.0, say("other use"))):
        rows = flows[flows["flow"].isin(kinds)]
        if len(rows):
            sides.append((sign * series.largest(by_name(rows, hours), MOST)).rename(columns={series.OTHER: rest}))
    if len(sides) == 2:
        sides[1] = sides[1].rename(columns={c: report.taken(c, flows) for c in sides[1] if c in sides[0]})
    whole = pd.concat([s.reset_index(drop=True) for s in sides], axis=1) if sides else pd.DataFrame()
    sent, arrived = (flows[flows["flow"] == flow] for flow in ("sent", "arrived"))
    if len(sent) and len(whole):
        left = (by_name(arrived, hours).sum(axis=1) - by_name(sent, hours).sum(axis=1)).to_numpy()
        if np.abs(left).max() > NOTHING:
            whole[say("lost in links")] = left
    return whole


def by_name(rows: pd.DataFrame, hours: Sequence[int]) -> pd.DataFrame:
    """Hours (rows, in the order given) by name (columns): sums of `value`, 0 where there is none."""
    codes, names = pd.factorize(rows["name"], sort=True)
    at = rows["hour"].to_numpy(dtype=np.int64)
    count = int(max(at.max(initial=0), max(hours, default=0))) + 1
    sums = np.bincount(codes * count + at, weights=rows["value"].to_numpy(dtype=float), minlength=len(names) * count)
    return pd.DataFrame(sums.reshape(len(names), count).T[list(hours)], columns=[str(name) for name in names])


def held_of_week(report: Report, week: DrawnWeek, flows: pd.DataFrame, year: int) -> pd.DataFrame:
    """What each store holds at the end of each hour (MWh). On typical days a seasonal store goes on from day to day."""
    rows = flows[flows["flow"] == "held"]
    if rows.empty:
        return pd.DataFrame(index=range(len(week.snapshots)))
    held = by_name(rows, week.snapshots)
    seasonal = report.output.target["seasonal"]
    for store, own in seasonal[seasonal["year"] == year].groupby("technology"):
        if store in held and week.days:
            start = own.set_index("day")["held"]
            held[store] += np.repeat([start.get(d + 1, 0.0) for d in week.days], DAY)
    return held[[c for c in held if held[c].abs().max() > NOTHING]]


def _of_week(report: Report, week: DrawnWeek, flows: pd.DataFrame, carrier: str, year: int) -> Iterator[pd.DataFrame]:
    """The flows of a carrier over a week, and what its stores hold."""
    say, own = report.language.translate, flows[flows["hour"].isin(set(week.snapshots)) & (flows["carrier"] == carrier)]
    shown = flows_over_hours(report, week.snapshots, own)
    if shown.empty or shown.abs().to_numpy().max() < NOTHING:
        return
    values = {"carrier": named(report.language, CARRIERS, carrier), "week": say(KINDS[week.kind]), "year": year}
    title, places = say("{week}, {year}: {carrier}", **values), week.places()
    yield as_hours(shown, places, title, "t/h" if carrier == "co2" else "MW", "bar")
    held = held_of_week(report, week, own, year)
    if held.columns.size:
        yield as_hours(held, places, say("held in stores, {title}", title=title), "MWh")


@fact
def hardest_week(report: Report) -> pd.DataFrame:
    """Electricity over the scarcest week of the year of the goal."""
    year = year_of(report)
    flows = report.dispatch(year)
    weeks = weeks_of(typical_of(report), flows)
    return put_together([*_of_week(report, weeks[-1], flows, "electricity", year)] if weeks else [])


@fact
def every_week(report: Report) -> pd.DataFrame:
    """Every carrier over a week of summer, one of winter and the scarcest of the year of the goal."""
    year = year_of(report)
    flows = report.dispatch(year)
    weeks = weeks_of(typical_of(report), flows)
    own = flows[flows["hour"].isin({h for week in weeks for h in week.snapshots})]  # all hours of a year are many
    return put_together([rows for week in weeks for c in report.carriers(own) for rows in _of_week(report, week, own, c, year)])


@told
def hardest_hour(report: Report) -> Iterator[Told]:
    """The hour in which electricity is scarcest: there use exceeds by most what sun, wind and water can give."""
    year = year_of(report)
    flows = report.dispatch(year)
    of_day = days_of_year(typical_of(report), flows)
    if not of_day or not (flows["carrier"] == "electricity").any():
        return
    worst = int(np.argmax(scarcity(of_day, flows)))
    day, hour = divmod(worst, DAY)
    use, given = (float(own.get(of_day[day] * DAY + hour, 0.0)) for own in used_and_given(flows))
    when = (
        f"{year}-{day_name(day)}" if len(of_day) == 365 else report.language.translate("{year}, day {day}", year=year, day=day + 1)
    )
    yield report.language.translate(
        "The hardest hour of electricity is {when}, {hour}:00: {use} MW are used, of which sun, wind and water could give {given} "
        "MW; the scarcest week is around the day on which they fall furthest short.",
        when=when,
        hour=hour,
        use=report.language.amount(use),
        given=report.language.amount(given),
    )


@told
def hours_note(report: Report) -> Iterator[Told]:
    """How pictures of hours are read, and of which days they are."""
    say = report.language.translate
    year = year_of(report)
    if report.dispatch(year).empty:
        yield say("The hourly flows were not kept.")
        return
    yield report.language.sentences(
        say("Dispatch in {year}. Above zero what gives, below what takes; the two are the same in every hour.", year=year),
        report.zones_note,
        say("The weeks are put together from the typical days that stand for their days.") if typical_of(report) else "",
    )


@fact
def duration(report: Report) -> pd.DataFrame:
    """How long which load of electricity lasts: used and bought, each from its highest hour down, at shares of the year (%)."""
    say, year = report.language.translate, year_of(report)
    flows = report.dispatch(year)
    flows = flows[flows["carrier"] == "electricity"] if len(flows) else flows
    hours = [d * DAY + h for d in days_of_year(typical_of(report), flows) for h in range(DAY)]
    if not hours:
        return pd.DataFrame()
    at, made = np.linspace(0, len(hours) - 1, 21).round().astype(int), []
    for words, kinds in ((say("used"), ["demand", "in"]), (say("bought"), ["import"])):
        load = flows[flows["flow"].isin(kinds)].groupby("hour")["value"].sum().reindex(hours, fill_value=0.0).to_numpy()
        made.append(pd.DataFrame({"year": range(0, 101, 5), "series": words, "value": np.sort(load)[::-1][at]}))
    return pd.concat(made).assign(unit="MW", of=year)


# --- vehicles and demand that moves ----------------------------------------------------------------------------------------


@fact
def charging(report: Report) -> pd.DataFrame:
    """What each group of chargers draws over a week, beside charging at once."""
    groups, say, year = list(dict.fromkeys(report.output.target["chargers"]["chargers"].astype(str))), report.language.translate, 0
    if not groups:
        return pd.DataFrame()
    year = year_of(report)
    flows, made = report.dispatch(year), []
    weeks = weeks_of(typical_of(report), flows)
    flows = flows[flows["flow"].isin(["demand", "at_once"])] if len(flows) else flows
    for group in groups if weeks else ():
        own = flows[flows["name"].isin([n for n in flows["name"].unique() if _is_of(str(n), group, groups)])]
        parts = {
            say(words): own[own["flow"] == flow]
            for words, flow in ((mark("as planned"), "demand"), (mark("if charged at once"), "at_once"))
        }
        shown = pd.DataFrame({words: by_name(rows, weeks[0].snapshots).sum(axis=1) for words, rows in parts.items() if len(rows)})
        if not shown.empty and shown.to_numpy().max() > NOTHING:
            title = say("{chargers} in {year}: a week of charging", chargers=group, year=year)
            made.append(as_hours(shown, weeks[0].places(), title, "MW"))
    return put_together(made)


def _is_of(name: str, group: str, groups: list[str]) -> bool:
    """True of the name of a row of the group: its own, or its own with a number behind it."""
    rest = name.removeprefix(f"{group} ")
    return name == group or (rest != name and rest.isdigit() and name not in groups)


#: What each flow adds to the load as it was asked; and how many days are shown of a carrier at most.
SIGNS, DAYS = {"demand": 1.0, "asked": 1.0, "served": -1.0, "shed": 1.0}, 4


@fact
def moved_load(report: Report) -> pd.DataFrame:
    """The load of each carrier before and after demand is moved or shed, on the days with the highest hours of either."""
    say, year, made = report.language.translate, year_of(report), []
    flows = report.dispatch(year)
    flows = flows[flows["flow"].isin(list(SIGNS))] if len(flows) else flows
    for carrier in flows[flows["flow"].isin(["served", "shed"])]["carrier"].unique().tolist() if len(flows) else ():
        own = flows[flows["carrier"] == carrier]
        count = int(own["hour"].max()) + 1
        served, asked = np.zeros(count), np.zeros(count)
        for flow, sign in SIGNS.items():
            load = own[own["flow"] == flow].groupby("hour")["value"].sum()
            asked[load.index.to_numpy()] += sign * load.to_numpy()
            served[load.index.to_numpy()] += load.to_numpy() if flow == "demand" else 0.0
        days = highest_days(asked, served)
        names = [
            say("typical day {day}", day=d + 1) if typical_of(report) else day_name(d) if count == 365 * DAY else str(d + 1)
            for d in days
        ]
        hours = [d * DAY + h for d in days for h in range(DAY)]
        shown = pd.DataFrame({say("load as asked"): asked[hours], say("load as served"): served[hours]})
        title = say("{carrier} in {year}: load before and after", carrier=named(report.language, CARRIERS, str(carrier)), year=year)
        places = [f"{names[i // DAY]} {i % DAY:02d}:00" for i in range(len(hours))]
        made.append(as_hours(shown, places, title, "t/h" if carrier == "co2" else "MW"))
    return put_together(made)


def highest_days(asked: np.ndarray, served: np.ndarray) -> Sequence[int]:
    """Days with the highest hours of the load before or after, in their order."""
    highest = np.maximum(asked, served).reshape(-1, DAY).max(axis=1)
    return sorted(np.argsort(-highest, kind="stable")[:DAYS].tolist())


# --- archive ---------------------------------------------------------------------------------------------------------------
# The hours of whole years, for the script of the page: every carrier's flows as compact arrays, as text that the script unpacks.
#
# A flow is a whole number of steps; the step of a carrier is a power of ten of which its largest flow has 500 to 5,000. The numbers
# of a year stand one series after the other as unsigned 16-bit numbers, low bytes first, then high bytes, deflated (RFC 1950) and
# written in base64.


def hour_archive(report: Report) -> Markup | None:
    """A box of the page with the hours of the first year, of that of the goal and of the last; the script draws any week of them.
    None where the hours were not kept, are those of typical days, or no more than a week, which the page shows whole."""
    output, say, boxes = report.output, report.language.translate, list[Markup]()
    for year in sorted({output.years[0], year_of(report), output.years[-1]}):
        flows = report.dispatch(year)
        if typical_of(report) or flows.empty or int(flows["hour"].max()) + 1 < DAY * (WEEK + 1):
            return None
        boxes.append(tag("div", packed(report, flows), data_year=year))
    words = {"data_title": say("Any week of a year, hour by hour"), "data_year": say("Year"), "data_week": say("Week")}
    return tag("div", *boxes, id="archive", hidden=True, data_by=output.summary["by"], **words)


def packed(report: Report, flows: pd.DataFrame) -> str:
    """A year as the script reads it: its carriers with unit, step and series, its hours, and all numbers. A series is its name, its
    look, and 1 above zero or -1 below."""
    carriers, numbers, hours = [], [np.zeros(0, dtype=np.int64)], range(int(flows["hour"].max()) + 1)
    for carrier in report.carriers(flows):
        frame = flows_over_hours(report, hours, flows[flows["carrier"] == carrier])
        sides = [(str(c), sign, (sign * frame[c]).clip(lower=0.0).to_numpy()) for c in frame for sign in (1, -1)]
        sides = [side for side in sides if side[2].max(initial=0.0) > NOTHING]
        if not sides:
            continue
        step, looks = step_of(max(float(own.max()) for *_, own in sides)), report.styles.of([name for name, *_ in sides])
        numbers += [np.round(own / step).astype(np.int64) for *_, own in sides]
        shown = [[name, looks[name], sign] for name, sign, _ in sides]
        unit = "t/h" if carrier == "co2" else "MW"
        carriers.append({"name": named(report.language, CARRIERS, carrier), "unit": unit, "step": step, "series": shown})
    steps = np.concatenate(numbers).astype("<u2")
    planes = np.concatenate([steps & np.uint16(0xFF), steps >> np.uint16(8)]).astype(np.uint8)
    data = base64.b64encode(zlib.compress(planes.tobytes(), 9)).decode()
    return json.dumps({"carriers": carriers, "hours": len(hours), "data": data}, ensure_ascii=False, separators=(",", ":"))


def step_of(largest: float) -> float:
    """The power of ten of which `largest` has 500 to 5,000."""
    return float(f"1e{math.floor(math.log10(largest / 500) + 1e-9)}")
