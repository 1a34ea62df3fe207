"""What stands in each year, by unit; lines and pipes between zones apart."""

from __future__ import annotations

from planner.report import series
from planner.report.page.bars import YearChart
from planner.report.page.markup import Markup, join, tag
from planner.report.page.report import Report, Section, section


def capacity_section(report: Report) -> Section:
    """A chart for each unit in which capacity is measured."""
    say = report.language.translate
    titles = {"MW": say("Capacity"), "MWh": say("Stores"), "t/h": say("CO2 capture")}
    between = {"MW": say("Lines and pipes"), "t/h": say("CO2 pipes")}
    rows, energy = report.output.target["capacity"], report.output.target["energy"]
    links = rows["technology"].isin(energy[energy["flow"].isin(["sent", "arrived"])]["name"])
    groups = [
        (names.get(unit, unit), unit, own[own["unit"] == unit])
        for names, own in ((titles, rows[~links]), (between, rows[links])) for unit in dict.fromkeys(own["unit"])
    ]  # fmt: skip
    charts: list[Markup] = []
    for title, unit, own in groups:
        frame = report.over_years(own, "technology", "capacity", most=14)
        chart = YearChart(title, unit, frame, labels={series.OTHER: say("other")}, half=bool(charts))
        charts.append(report.chart(chart))
    return section("capacity", say("Capacity"), join(charts[:1]), tag("div", *charts[1:], class_="grid"))
