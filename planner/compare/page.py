"""compare.html: runs side by side, their charts laid over each other."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import pandas as pd

from planner.answer import series
from planner.answer.money import PER_TONNE, per_tonne, yearly
from planner.answer.page.charts import YearChart, year_figure
from planner.answer.page.page import document
from planner.answer.page.report import Section, section
from planner.answer.page.table import Markup, Styles, join, number, table, tag
from planner.answer.purchase import titles_of
from planner.compare.comparison import Comparison
from planner.compare.run import ComparedRun, largest_cost
from planner.compare.show import parts
from planner.language.language import ENGLISH, NONE, Language
from planner.plan import TARGET

#: Technologies of a unit whose capacity is laid over each other, those first that differ most.
MOST = 6
#: Sizes that differ by less than this share are the same order.
SAME = 0.01
NAME = "compare.html"


def comparison_page(comparison: Comparison, language: Language = ENGLISH) -> str:
    """The page of a comparison, as the text of one HTML file."""
    say = language.translate
    kinds: dict[str, str] = {}
    for run in comparison.runs:
        kinds |= titles_of(run.output, language).kinds
    page = _Page(comparison.called(language), language, Styles(kinds))
    sections = [
        section("runs", say("Runs"), page.notes(), page.lines("runs", "figures beside", more=page.sums())),
        section("emissions", say("Emissions"), page.emissions()),
        section("money", say("Costs"), page.money()),
        section("builds", say("Capacity"), page.capacity(), page.builds()),
        section("stages", say("Stages"), page.lines("stages", "figures beside")),
    ]
    names = say(", ").join(run.label for run in comparison.runs)
    shown: list[Section] = [s for s in sections if any(s.content)]
    return document(say("Comparison: {runs}", runs=names), say("Comparison"), names, shown, language)


class _Page:
    """The parts of the page."""

    def __init__(self, comparison: Comparison, language: Language, styles: Styles) -> None:
        self.comparison, self.language, self.styles = comparison, language, styles
        self.runs = comparison.runs
        self.parts = parts(comparison, language)
        self.planned = [run for run in self.runs if run.output.has_plan]

    def notes(self) -> Markup | None:
        """What cannot be compared."""
        found = self.comparison.notes(self.language)
        if not found:
            return None
        title = self.language.translate("What cannot be compared, or only with care")
        return tag("div", tag("h3", title), tag("ul", *(tag("li", note) for note in found)), class_="warning")

    def lines(self, name: str, class_: str = "", head: str = "what", more: Iterable[Sequence[object]] = ()) -> Markup | None:
        """A part as a table, a column a run, and more rows."""
        title, lines = self.parts[name]
        rows: list[list[object]] = [
            [line.label, *(number(v, t) if isinstance(v, float) else t for v, t in zip(line.values, line.shown(), strict=True))]
            for line in lines
        ]
        rows += [list(row) for row in more]
        labels = (run.label for run in self.runs)
        return table([self.language.translate(head), *labels], rows, 1, title, class_) if rows else None

    def sums(self) -> Iterator[list[object]]:
        """What is proven of each run, and, of one money, what it costs more than the first one, what is invested, and what its goal
        costs."""
        say, first = self.language.translate, self.runs[0].cost
        yield [say("what is proven"), *(run.told_proof(self.language) or NONE for run in self.runs)]
        yield [say("system cost"), *(number(r.cost, self.language.money(r.cost, r.output.currency)) for r in self.runs)]
        if not self.comparison.has_one_money:
            return

        def money(value: float | None, run: ComparedRun) -> Markup:
            return number(value, self.language.money(value, run.output.currency))

        if first is not None:
            more = [None if run.cost is None else run.cost - first for run in self.runs[1:]]
            told = (money(value, run) for value, run in zip(more, self.runs[1:], strict=True))
            yield [say("more than {run}", run=self.runs[0].label), NONE, *told]
        capital = [float(series.capital(run.output.target).to_numpy().sum()) if run in self.planned else None for run in self.runs]
        yield [say("Invested"), *(money(value, run) for value, run in zip(capital, self.runs, strict=True))]
        goal = [(run.output.summary.get("goal_cost") or {}).get("money") for run in self.runs]
        yield [say("The goal costs"), *(money(value, run) for value, run in zip(goal, self.runs, strict=True))]
        currency = self.language.currency(self.runs[0].output.currency)
        tonnes = [per_tonne(run.output.summary["plans"].get(TARGET, {})) for run in self.runs]
        for head, each in zip(PER_TONNE, zip(*tonnes, strict=True), strict=True):
            if any(value is not None for value in each):
                yield [say(head, currency=currency), *(number(value, self.language.number(value)) for value in each)]

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
        title, (every, *lines) = self.parts["costs"]
        self.parts["costs"] = title, [*lines, every]
        return join([*charts, tag("h3", title), self.lines("costs", head="item")])

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
        whole = join([tag("h3", self.parts["builds"][0]), self.lines("builds")])
        sizes = frame[labels].fillna(0.0)
        differs = (sizes.max(axis=1) - sizes.min(axis=1)) > SAME * sizes.max(axis=1)
        title = say("What changes in the orders")
        if len(labels) < 2 or not differs.any():
            return join([whole, tag("h3", title), tag("p", say("Nothing: every year has the same orders."))])
        verbs = {"build": say("build"), "adopt": say("adopt"), "plant": say("plant"), "retire": say("retire")}
        rows = [
            [
                str(int(r["year"])),
                f"{verbs[r['action']]} {r['name']}",
                say("times") if r["unit"] == "1" else r["unit"],
                *(number(v := 0.0 if math.isnan(r[label]) else r[label], self.language.amount(v)) for label in labels),
            ]
            for r in frame[differs].sort_values(["year", "action", "name"], kind="stable").to_dict("records")
        ]
        head = [say("year"), say("what"), say("unit"), *labels]
        return join([whole, tag("h3", title), table(head, rows, 3, title)])
