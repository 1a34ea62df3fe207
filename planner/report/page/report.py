"""What every section is made from: the output, the language, the looks of series."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from planner.language.language import Language
from planner.output.output import Output
from planner.report import series
from planner.report.page.bars import YearChart, year_figure
from planner.report.page.markup import Markup, tag
from planner.report.page.styles import Styles

#: Most series of a chart.
MOST = 10


@dataclass(frozen=True)
class Report:
    """A page in the making."""

    output: Output
    language: Language
    styles: Styles = field(default_factory=Styles)

    @property
    def money(self) -> tuple[str, float]:
        """Unit in which money is shown, and how much it is."""
        return self.language.money_unit(self.output.currency, self.output.summary.get("system_cost"))

    def carriers(self, flows: pd.DataFrame) -> list[str]:
        """Carriers of a table of flows: electricity first, the others by how much of them flows, CO2 last."""
        sums = flows.groupby(flows["carrier"].astype(str))["value"].sum()
        return sorted(sums.index, key=lambda c: (c == "co2", c != "electricity", -sums[c]))

    @property
    def zones_note(self) -> str:
        """A sentence for pictures that add zones up; empty where there is one."""
        zones = self.output.target["energy"]["zone"].nunique()
        return self.language.translate("Zones are added up.") if zones > 1 else ""

    def taken(self, name: str, flows: pd.DataFrame) -> str:
        """What a series below zero is called where one above zero has its name."""
        say, kinds = self.language.translate, set(flows[flows["name"] == name]["flow"])
        if "charge" in kinds:
            return say("{name} (charging)", name=name)
        return say("{name} (export)", name=name) if "export" in kinds else say("{name} (use)", name=name)

    def chart(self, chart: YearChart) -> Markup:
        """A chart over the years; a sentence where it has nothing to show."""
        if chart.whole.empty or not chart.whole.fillna(0.0).abs().to_numpy().any():
            return Markup("")
        return year_figure(chart, self.styles, self.language)

    def over_years(self, rows: pd.DataFrame, column: str, value: str = "value", most: int = MOST) -> pd.DataFrame:
        """Sums by year and by a column, the largest first, over every year of the plan; the smallest as `other`."""
        if rows.empty:
            return pd.DataFrame(index=self.output.years)
        frame = series.over_years(rows, column, value).reindex(self.output.years, fill_value=0.0)
        return series.largest(frame, most)


@dataclass(frozen=True)
class Section:
    """A part of the page with its title and its anchor."""

    name: str
    title: str
    content: tuple[object, ...]


def section(name: str, title: str, *content: object) -> Section:
    """A section of the page; `name` is its anchor."""
    return Section(name, title, content)


def section_markup(part: Section) -> Markup:
    """The section as it stands in the page."""
    return tag(
        "section", tag("h2", part.title, id=f"{part.name}-title"), *part.content, id=part.name, aria_labelledby=f"{part.name}-title"
    )
