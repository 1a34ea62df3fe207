"""Dispatch: hour by hour, by carrier, of a week of summer, a week of winter and the scarcest week."""

from __future__ import annotations

import numpy as np
import pandas as pd

from planner.answer.page.archive import hour_archive
from planner.answer.page.dispatch_series import flows_over_hours
from planner.answer.page.findings import most_of
from planner.answer.page.frame import figure
from planner.answer.page.hours import draw_flows, draw_held, frames_of
from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.report import Report, Section, section
from planner.answer.page.styles import legend
from planner.answer.page.table import behind, scroll, table
from planner.answer.page.tabs import tabs
from planner.answer.page.weeks import DAY, DrawnWeek, weeks_of
from planner.language.language import mark
from planner.language.words import CARRIERS, named

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
    held.columns = [say("{name}, held", name=name) + " [MWh]" for name in held.columns]
    listed = _table(report, week, pd.concat([shown, held], axis=1), f"{title} [{unit}]")
    finding = most_of(shown.clip(lower=0.0).sum(), "t" if carrier == "co2" else "MWh", language)
    below = behind(listed, say("Table: {title}", title=title))
    return figure(box, title, legend(entries), below, class_="full", finding=finding)


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


def _table(report: Report, week: DrawnWeek, frame: pd.DataFrame, title: str) -> Markup:
    days = week.day_names()
    rows = [
        [f"{days[i // DAY]} {i % DAY:02d}:00", *map(report.language.amount, row)]
        for i, row in enumerate(frame.to_numpy(dtype=float).tolist())
    ]
    return table([report.language.translate("hour"), *map(str, frame.columns)], rows, 1, title)
