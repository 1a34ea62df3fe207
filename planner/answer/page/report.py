"""What every section of a page is made from: the output, the language, titles, and the looks of series."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from planner.answer import series
from planner.answer.page.charts import YearChart, year_figure
from planner.answer.page.table import Markup, Styles, tag
from planner.answer.purchase import Titles
from planner.language.language import Language, mark
from planner.language.words import PLANS, named
from planner.tables.facts import read_dispatch
from planner.tables.output import OF_CARRIERS, Output

#: Most series of a chart.
MOST = 10
#: Kind of what no table names.
WORDS = {
    mark("fossil CO2 captured"): "capture",
    mark("CO2 of biomass or air captured"): "capture",
    mark("CO2 captured, less what its energy emits"): "capture",
    mark("green certificates"): "certificate",
    mark("restored land"): "land",
    mark("credits"): "credit",
    mark("removal credits"): "credit",
    mark("avoidance credits"): "credit",
    mark("energy saved by measures"): "measure",
    mark("energy sold or given away"): "demand",
    mark("gross, location basis"): "other",
    mark("net emissions"): "other",
    mark("process emissions"): "other",
    mark("less use of what the reference runs on"): "other",
    mark("other"): "other",
    mark("other supply"): "other",
    mark("other use"): "other",
}


@dataclass(frozen=True)
class Report:
    """A page in the making."""

    output: Output
    language: Language
    titles: Titles = field(default_factory=lambda: Titles({}, {}, {}, {}))
    styles: Styles = field(init=False)

    def __post_init__(self) -> None:
        words = {self.language.translate(word): kind for word, kind in WORDS.items()}
        object.__setattr__(self, "styles", Styles({**self.titles.kinds, **words, **OF_CARRIERS, series.OTHER: "other"}))

    def dispatch(self, year: int) -> pd.DataFrame:
        """The hourly flows of a year, with titles for names; empty where they were not kept."""
        return self.titles.table(read_dispatch(self.output.folder, year))

    @property
    def money(self) -> tuple[str, float]:
        """Unit in which money is shown, and how much it is."""
        return self.language.money_unit(self.output.currency, self.output.summary.get("system_cost"))

    def plan_name(self, plan: str) -> str:
        """What a plan is called."""
        return named(self.language, PLANS, plan)

    def carriers(self, flows: pd.DataFrame) -> list[str]:
        """Carriers of a table of flows: electricity first, the others by how much of them flows, CO2 last."""
        sums = flows.groupby("carrier", observed=True)["value"].sum()
        return sorted(sums.index, key=lambda c: (c == "co2", c != "electricity", -sums[c]))

    @property
    def zones_note(self) -> str:
        """A sentence for pictures that add zones up; empty where there is one."""
        zones = self.output.target["energy"]["zone"].nunique()
        return self.language.translate("Zones are added up.") if zones > 1 else ""

    def taken(self, name: str, flows: pd.DataFrame) -> str:
        """What a series below zero is called where one above zero has its name."""
        say, flow = self.language.translate, set(flows[flows["name"] == name]["flow"])
        words = mark("{name} (export)") if "export" in flow else mark("{name} (use)")
        title = say(mark("{name} (charging)") if "charge" in flow else words, name=name)
        self.styles.like(title, name)
        return title

    def chart(self, chart: YearChart) -> Markup:
        """A chart over the years; none of nothing, of one value in all years, or of two bars that mirror each other."""
        shown = chart.whole.fillna(0.0).abs()
        shown = shown.loc[:, shown.any()].round(6)
        alike = len(shown.T.drop_duplicates()) == 1 and chart.bars.columns.size == chart.whole.columns.size
        is_one = (shown != 0).to_numpy().sum() <= 1 or (shown.shape[1] == 1 and shown.iloc[:, 0].nunique() == 1)
        if is_one or (alike and shown.shape[1] > 1):
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
        "section",
        tag("h2", part.title, id=f"{part.name}-title"),
        tag("div", *part.content, class_="grid"),
        id=part.name,
        aria_labelledby=f"{part.name}-title",
    )
