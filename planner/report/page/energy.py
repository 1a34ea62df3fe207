"""Energy of each year: where each carrier comes from and where it goes, and the flows of a chosen year."""

from __future__ import annotations

import pandas as pd

from planner.language.words import CARRIERS, named
from planner.report import series
from planner.report.page.bars import YearChart
from planner.report.page.flows import flow_years
from planner.report.page.markup import Markup, tag
from planner.report.page.report import Report, Section, section

#: What feeds a balance and what draws from it; stores and links only by what they lose.
GIVES, TAKES = ("import", "out"), ("in", "demand", "export")
#: Series of a side of a carrier's chart.
MOST = 7


def energy_section(report: Report) -> Section:
    """A chart for each carrier, and the flows as a Sankey diagram."""
    say = report.language.translate
    energy = report.output.target["energy"]
    charts = [_carrier(report, energy[energy["carrier"] == c], c) for c in report.carriers(energy)]
    note = tag("p", report.zones_note, class_="note") if report.zones_note else None
    return section("energy", say("Energy"), note, tag("div", *charts, class_="grid"), flow_years(report))


def _carrier(report: Report, rows: pd.DataFrame, carrier: str) -> Markup:
    """Supply above zero, use below; in each year they are the same."""
    say, language = report.language.translate, report.language
    size, unit = (1.0, "t") if carrier == "co2" else (1e3, "GWh")
    gives = report.over_years(rows[rows["flow"].isin(GIVES)], "name", most=MOST)
    drawn = rows[rows["flow"].isin(TAKES)]
    takes = report.over_years(drawn, "name", most=MOST)
    gives = gives.rename(columns={series.OTHER: say("other supply")})
    takes = takes.rename(columns={**{c: report.taken(c, drawn) for c in takes if c in gives}, series.OTHER: say("other use")})
    bars = pd.concat([gives, -takes], axis=1) / size
    lost = _lost(report, rows) / size
    if lost.abs().max() > 1e-6 * max(bars.abs().to_numpy().max(initial=0.0), 1e-9):
        bars[say("lost in stores and links")] = -lost
    title = say("Supply and use: {carrier}", carrier=named(language, CARRIERS, carrier))
    return report.chart(YearChart(title, unit, bars, half=True, height=330))


def _lost(report: Report, rows: pd.DataFrame) -> pd.Series:
    """What stores and links lose in each year."""
    signs = {"charge": 1.0, "sent": 1.0, "discharge": -1.0, "arrived": -1.0}
    own = rows[rows["flow"].isin(list(signs))]
    signed = own["value"] * own["flow"].map(signs).astype(float)  # of no rows, map gives a column of text
    return signed.groupby(own["year"]).sum().reindex(report.output.years, fill_value=0.0)
