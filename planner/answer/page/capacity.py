"""What stands in each year: a chart a carrier, since a MW of electricity and a MW of heat are not the same; stores, capture
plants, and lines and pipes between zones apart."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.answer import series
from planner.answer.page.bars import YearChart
from planner.answer.page.markup import join, tag
from planner.answer.page.report import Report, Section, section
from planner.language.words import CARRIERS, named

#: Most series of a chart.
MOST = 14
#: Units of capacity, in the order in which they are shown.
UNITS = ("MW", "MWh", "t/h")


def capacity_section(report: Report) -> Section:
    """A chart for each carrier and kind of capacity; the first one over the whole width."""
    charts = [
        report.chart(YearChart(title, unit, frame, labels={series.OTHER: report.language.translate("other")}, half=i > 0))
        for i, (title, unit, frame) in enumerate(_charts(report))
    ]
    return section("capacity", report.language.translate("Capacity"), join(charts[:1]), tag("div", *charts[1:], class_="grid"))


def _charts(report: Report) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """(title, unit, capacity by technology) of each chart that has something to show."""
    rows, energy = report.output.target["capacity"], report.output.target["energy"]
    links = rows["technology"].isin(energy[energy["flow"].isin(["sent", "arrived"])]["name"])
    carriers = rows["technology"].map(lambda name: report.titles.carriers.get(name, ""))
    beside = _beside(rows.assign(carrier=carriers), energy)
    order = [*report.carriers(energy), *sorted(set(carriers))]
    for is_link in (False, True):
        for unit in dict.fromkeys([*UNITS, *rows["unit"]]):
            for carrier in dict.fromkeys(order):
                own = rows[(links == is_link) & (rows["unit"] == unit) & (carriers == carrier)]
                if unit == "MW" and not is_link:
                    own = pd.concat([own, beside[beside["carrier"] == carrier]])
                if len(own) and own["capacity"].max() > 1e-6:
                    yield _title(report, carrier, unit, is_link), unit, report.over_years(own, "technology", "capacity", most=MOST)


def _beside(rows: pd.DataFrame, energy: pd.DataFrame) -> pd.DataFrame:
    """Capacity in what a technology puts out beside the carrier that its capacity is of, as its flows stand to each other: a CHP
    makes steam too."""
    made = energy[energy["flow"] == "out"].groupby(["name", "carrier"], observed=True)["value"].sum()
    found = [rows.iloc[:0]]
    for (name, carrier), own in rows[rows["unit"] == "MW"].groupby(["technology", "carrier"], sort=False):
        out = made[made.index.get_level_values("name") == name].droplevel("name")
        first = float(out.get(carrier, 0.0))
        for other, value in out.drop(carrier, errors="ignore").items() if first > 0 else ():
            if other != "co2" and value > 0:
                found.append(own.assign(carrier=other, capacity=own["capacity"] * value / first))
    return pd.concat(found)


def _title(report: Report, carrier: str, unit: str, is_link: bool) -> str:
    say = report.language.translate
    if unit == "t/h":
        return say("CO2 pipes") if is_link else say("CO2 capture")
    name = named(report.language, CARRIERS, carrier)
    if is_link:
        return say("Lines and pipes: {carrier}", carrier=name) if carrier else say("Lines and pipes")
    if unit == "MWh":
        return say("Stores: {carrier}", carrier=name) if carrier else say("Stores")
    return say("Capacity: {carrier}", carrier=name) if carrier else say("Capacity")
