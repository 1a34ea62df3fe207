"""What stands in each year, by unit."""

from __future__ import annotations

from planner.report import series
from planner.report.page.bars import YearChart
from planner.report.page.markup import join, tag
from planner.report.page.report import Report, Section, section


def capacity_section(report: Report) -> Section:
    """A chart for each unit in which capacity is measured."""
    say = report.language.translate
    titles = {"MW": say("Capacity"), "MWh": say("Stores"), "t/h": say("CO2 capture")}
    rows = report.output.target["capacity"]
    charts = []
    for unit in dict.fromkeys(rows["unit"]):
        frame = report.over_years(rows[rows["unit"] == unit], "technology", "capacity", most=14)
        chart = YearChart(titles.get(unit, unit), unit, frame, labels={series.OTHER: say("other")}, half=unit != "MW")
        charts.append(report.chart(chart))
    return section("capacity", say("Capacity"), join(charts[:1]), tag("div", *charts[1:], class_="grid"))
