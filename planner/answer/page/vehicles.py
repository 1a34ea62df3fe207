"""Vehicles: what each group of chargers draws over a week, beside charging at once, and the sums of each year."""

from __future__ import annotations

import pandas as pd

from planner.answer.page.findings import highest
from planner.answer.page.frame import WIDE, figure, frame_of
from planner.answer.page.hours import draw_held
from planner.answer.page.markup import Markup, tag
from planner.answer.page.report import Report, Section, section
from planner.answer.page.styles import legend
from planner.answer.page.table import behind, number, scroll, table
from planner.answer.page.weeks import DAY, DrawnWeek, weeks_of
from planner.language.language import mark

#: Items of chargers.csv.
ITEMS = {"delivered": mark("charged into vehicles"), "peak": mark("highest hour")}
AS_PLANNED, AT_ONCE = mark("as planned"), mark("if charged at once")
HEIGHT = 220.0


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
    return section("vehicles", say("Vehicles"), tag("p", note, class_="note"), *pictures, _sums(report, rows))


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
    looks, names = {str(name): i for i, name in enumerate(shown.columns)}, week.day_names()
    title = say("{chargers} in {year}: a week of charging", chargers=group, year=year)
    at = frame_of(WIDE, HEIGHT, 0.0, float(shown.to_numpy().max()), len(shown), language)
    picture = draw_held(shown, at, names, looks, f"{title} [MW]", language, "MW", HEIGHT)
    rows = [[f"{names[i // DAY]} {i % DAY:02d}:00", *map(language.amount, row)] for i, row in enumerate(shown.to_numpy().tolist())]
    listed = behind(table([say("hour"), *map(str, shown.columns)], rows, 1, f"{title} [MW]"), say("Table: {title}", title=title))
    return figure(
        scroll(picture, title, "picture"),
        title,
        legend([(n, look, True) for n, look in looks.items()]),
        listed,
        class_="full",
        finding=highest(shown, "MW", language),
    )


def _is_of(name: str, group: str, groups: list[str]) -> bool:
    """True of the name of a row of the group: its own, or its own with a number behind it."""
    rest = name.removeprefix(f"{group} ")
    return name == group or (rest != name and rest.isdigit() and name not in groups)


def _sums(report: Report, rows: pd.DataFrame) -> Markup:
    """A row for each group and item, a column for each year."""
    language = report.language
    say, body = language.translate, list[list[object]]()
    for (group, item, unit), own in rows.groupby(["chargers", "item", "unit"], sort=False):
        values = own.groupby("year")["value"].sum().reindex(report.output.years, fill_value=0.0)
        label = f"{say(ITEMS[str(item)])} [{unit}]"
        body.append([str(group), label, *(number(v, language.amount(v)) for v in values.tolist())])
    title, head = say("What vehicles are charged with"), [say("chargers"), say("what"), *map(str, report.output.years)]
    return figure(table(head, body, 2, title, "by-year"), title, class_="full")
