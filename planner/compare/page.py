"""compare.html: runs side by side, their charts laid over each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from planner.answer import series
from planner.answer.money import yearly
from planner.answer.page.charts import YearChart, year_figure
from planner.answer.page.page import document
from planner.answer.page.report import Section, section
from planner.answer.page.table import Markup, Styles, join, tag
from planner.answer.purchase import titles_of
from planner.answer.views import View, drawn
from planner.compare.comparison import Comparison
from planner.compare.run import ComparedRun, largest_cost
from planner.compare.show import VIEW, report_of, told
from planner.language.language import ENGLISH, Language

#: Technologies of a unit whose capacity is laid over each other, those first that differ most.
MOST = 6
#: Sizes that differ by less than this share are the same order.
SAME = 0.01
NAME = "compare.html"
#: Orders of a year that differ between runs.
CHANGES = View(
    "changes",
    "comparison",
    "across",
    ["What changes in the orders", "订货的变化"],
    rows=["year:year", "what:text", "unit:text"],
    series="run",
)


def comparison_page(comparison: Comparison, language: Language = ENGLISH) -> str:
    """The page of a comparison, as the text of one HTML file."""
    say = language.translate
    kinds: dict[str, str] = {}
    for run in comparison.runs:
        kinds |= titles_of(run.output, language).kinds
    page = _Page(comparison.called(language), language, Styles(kinds))
    sections = [
        section("runs", say("Runs"), page.notes(), page.table("runs")),
        section("emissions", say("Emissions"), page.emissions()),
        section("money", say("Costs"), page.money()),
        section("builds", say("Capacity"), page.capacity(), page.builds()),
        section("stages", say("Stages"), page.table("stages")),
    ]
    names = say(", ").join(run.label for run in comparison.runs)
    shown: list[Section] = [s for s in sections if any(s.content)]
    return document(say("Comparison: {runs}", runs=names), say("Comparison"), names, shown, language)


class _Page:
    """The parts of the page."""

    def __init__(self, comparison: Comparison, language: Language, styles: Styles) -> None:
        self.comparison, self.language, self.styles = comparison, language, styles
        self.runs = comparison.runs
        self.parts = told(comparison, language, details=True)
        self.planned = [run for run in self.runs if run.output.has_plan]

    def notes(self) -> Markup | None:
        """What cannot be compared."""
        found = self.comparison.notes(self.language)
        if not found:
            return None
        title = self.language.translate("What cannot be compared, or only with care")
        return tag("div", tag("h3", title), tag("ul", *(tag("li", note) for note in found)), class_="warning")

    def table(self, name: str) -> Markup:
        """A part as a table, a column a run."""
        return join(drawn(VIEW, report_of(self.comparison, self.parts[name], self.language)))

    def _chart(self, title: str, unit: str, of: Callable[[ComparedRun], pd.Series], grouped: bool = False) -> Markup:
        """One line (or bar) a run over all years that any of them has."""
        frame = pd.DataFrame({run.label: of(run) for run in self.planned}).sort_index()
        if frame.empty or not frame.fillna(0.0).abs().to_numpy().any():
            return Markup("")
        own = {"bars": frame.fillna(0.0), "grouped": True} if grouped else {"lines": frame}
        return year_figure(YearChart(title, unit, **own), self.styles, self.language)

    def emissions(self) -> Markup:
        """Net and gross emissions; of several parks as a share of the base too."""
        say = self.language.translate

        def item(name: str) -> Callable[[ComparedRun], pd.Series]:
            return lambda run: series.over_years(run.output.target["emissions"], "item")[name]

        def share(run: ComparedRun) -> pd.Series:
            return item("net")(run) / float(run.output.summary["base_emissions"]) * 100

        charts = [
            self._chart(say("Net emissions"), "t CO2e", item("net")),
            self._chart(say("Gross emissions"), "t CO2e", item("gross")),
            self._chart(say("Net emissions of base"), "%", share),
        ]
        return join(charts)

    def money(self) -> Markup:
        """Capital and cost of each year, and the system cost by kind; nothing where money is not the same."""
        say = self.language.translate
        if not self.comparison.has_one_money:
            return tag("p", say("The runs are not in the same money; their costs are in the report of each."))
        unit, size = self.language.money_unit(self.runs[0].output.currency, largest_cost(self.runs))

        def capital(run: ComparedRun) -> pd.Series:
            return series.capital(run.output.target).sum(axis=1) / size

        charts = [
            self._chart(say("Capital by year"), unit, capital, grouped=True),
            self._chart(say("Capital, added up"), unit, lambda run: capital(run).cumsum()),
            self._chart(say("All that is paid in the year"), unit, lambda run: yearly(run.output.target) / size),
        ]
        return join([*charts, self.table("costs")])

    def capacity(self) -> Markup:
        """Technologies whose capacity differs most, each unit for itself."""
        return join(self._capacities())

    def _capacities(self) -> Iterator[Markup]:
        tables = {run.label: run.output.target["capacity"] for run in self.planned}
        for unit in dict.fromkeys(u for t in tables.values() for u in t["unit"]):
            frames = {
                label: t[t["unit"] == unit].pivot_table(index="year", columns="technology", values="capacity", aggfunc="sum")
                for label, t in tables.items()
            }
            names = dict.fromkeys(str(k) for f in frames.values() for k in f)
            spread = {k: self._spread(frames, k) for k in names}
            for k in sorted((k for k in names if spread[k] > 1e-6), key=lambda k: -spread[k])[:MOST]:
                own = {label: f.get(k, pd.Series(0.0, index=f.index)) for label, f in frames.items()}
                yield self._chart(k, unit, lambda run, own=own: own[run.label])  # type: ignore[misc]

    def _spread(self, frames: dict[str, pd.DataFrame], technology: str) -> float:
        """The largest difference between two runs in a year that both have."""
        frame = pd.DataFrame(
            {label: f[technology] if technology in f else pd.Series(0.0, index=f.index) for label, f in frames.items()}
        )
        if len(frames) == 1:
            return float(frame.max().max())
        return float((frame.max(axis=1) - frame.min(axis=1)).where(frame.count(axis=1) > 1, 0.0).max())

    def builds(self) -> Markup | None:
        """What is done over all years, and the decisions of a year that differ between runs, by year."""
        say, labels = self.language.translate, [run.label for run in self.planned]
        frame = self.comparison.tables["builds"]
        if frame.empty:
            return None
        sizes = frame[labels].fillna(0.0)
        differs = (sizes.max(axis=1) - sizes.min(axis=1)) > SAME * sizes.max(axis=1)
        title = say("What changes in the orders")
        if len(labels) < 2 or not differs.any():
            return join([self.table("builds"), tag("h3", title), tag("p", say("Nothing: every year has the same orders."))])
        verbs = {"build": say("build"), "adopt": say("adopt"), "plant": say("plant"), "retire": say("retire")}
        own = frame.assign(**sizes)[differs].sort_values(["year", "action", "name"], kind="stable")
        own = own.assign(what=own["action"].map(verbs) + " " + own["name"], unit=own["unit"].replace("1", say("times")))
        rows = own.melt(["year", "what", "unit"], labels, "run")
        rows["text"] = rows["value"].map(self.language.amount)
        return join([self.table("builds"), *drawn(CHANGES, report_of(self.comparison, rows, self.language))])
