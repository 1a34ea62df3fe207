"""The comparison for a person: lines of parts, each part a view with a column a run; in the terminal beside two the difference."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Group
from rich.table import Table

from planner.answer import series
from planner.answer.caveats import gap_columns
from planner.answer.money import PER_TONNE, per_tonne
from planner.answer.page.report import Report
from planner.answer.summary import day_count
from planner.answer.views import ShownTable, View, drawn_table, shown
from planner.compare.comparison import Comparison
from planner.compare.run import largest_cost
from planner.language.language import ENGLISH, NONE, Language
from planner.language.words import COSTS, EMISSIONS, METRICS, STAGES, STATUSES, named, plain, told_days
from planner.plan import TARGET
from planner.tables.output import Output

#: Builds of a share of the largest smaller than this are not shown; the CSV has them.
SMALL = 0.01
#: Rows of builds that are shown at most.
MOST = 30


@dataclass(frozen=True)
class Line:
    """A row: its label, what it says of each run (a number or text), and how a number is written; `difference`: two can be
    subtracted."""

    label: str
    values: list[Any]
    form: Callable[[float], str] = str
    difference: bool = True

    def cells(self, heads: list[str]) -> Iterator[tuple[str, str, float | None, str]]:
        """(label, run, number, text) of each run, and beside two the second less the first, under these heads."""
        values = [None if isinstance(v, float) and math.isnan(v) else v for v in self.values]
        for head, value in zip(heads, values, strict=False):
            text = NONE if value is None else value if isinstance(value, str) else self.form(value)
            yield self.label, head, value if isinstance(value, float) else None, text
        if len(heads) > len(values):
            numbers = [v for v in values if isinstance(v, float)] if self.difference else []
            more = numbers[1] - numbers[0] if len(numbers) == 2 else 0.0
            text = self.form(more) if len(numbers) == 2 else ""
            yield self.label, heads[-1], None, f"+{text}" if more > 0 and text != self.form(0.0) else text


#: A table for each part, a column a run; its id is the class of tables whose texts are folded.
VIEW = View("figures beside", "comparison", "across", ["{part}", "{part}"], each="part", rows=["label:text:what"], series="run")


def told(comparison: Comparison, language: Language, details: bool = False) -> dict[str, pd.DataFrame]:
    """Name of each part -> its rows for `VIEW`. `details`: what a page has room for; else beside two runs their difference."""
    say, heads = language.translate, [run.label for run in comparison.runs]
    heads += [say("difference")] if len(heads) == 2 and not details else []
    unit, _ = _money(comparison, language)
    parts = {
        "runs": (say("Runs"), "", (_facts, _sums) if details else (_facts,)),
        "costs": (say("System cost"), unit, (_costs,)),
        "capital": (say("Capital by year"), unit, (_capital,)),
        "builds": (say("What is done, in all years"), "", (_builds,)),
        "emissions": (say("Emissions"), "t", (_emissions,)),
        "stages": (say("Stages"), "", (_stages,)),
    }
    found = {}
    for name, (title, own, made) in parts.items():
        part = say("{what}, {unit}", what=title, unit=own) if own else title
        rows = [(part, *cell) for lines in made for line in lines(comparison, language) for cell in line.cells(heads)]
        found[name] = pd.DataFrame(rows, columns=["part", "label", "run", "value", "text"])
    return found


def report_of(comparison: Comparison, rows: pd.DataFrame, language: Language) -> Report:
    """What views of the rows are drawn from."""
    output = Output(Path(), {"currency": comparison.runs[0].output.currency}, {}, {}, {"comparison": rows})
    return Report(output, language)


def comparison_table(comparison: Comparison, language: Language = ENGLISH) -> Group:
    """Facts, cost, capital by year, builds, emissions and stages of the runs side by side."""
    drawn: list[Table] = []
    for rows in told(comparison, language).values():
        for each in shown(VIEW, report_of(comparison, rows, language)):
            assert isinstance(each, ShownTable)
            table = drawn_table(each, language)
            table.title, table.title_justify, table.title_style = plain(each.title), "left", "bold"
            for column in table.columns:  # which hold texts, too
                column.no_wrap, column.overflow = False, "fold"
            drawn.append(table)
    return Group(*drawn)


def _money(comparison: Comparison, language: Language) -> tuple[str, float]:
    """Unit of money and its size; with several currencies the size alone, in the unit of each."""
    unit, size = language.money_unit(comparison.runs[0].output.currency, largest_cost(comparison.runs))
    if comparison.has_one_money:
        return unit, size
    return language.translate("millions of each run's money"), 1e6


def _facts(comparison: Comparison, language: Language) -> Iterator[Line]:
    say, runs = language.translate, comparison.runs
    said = [run.output.summary for run in runs]
    yield Line(say("park"), [s["park"] for s in said])
    if any(run.output.future for run in runs):
        yield Line(say("future"), [run.output.future or None for run in runs])
    yield Line(say("goal"), [say("{stage} by {year}", stage=named(language, STAGES, s["target"]), year=s["by"]) for s in said])
    yield Line(say("standard"), [s["standard"] for s in said])
    yield Line(say("status"), [named(language, STATUSES, s["status"]) for s in said])
    for head, gaps in gap_columns({run.label: run.output.summary for run in runs}).items():
        yield Line(say(head), list(gaps.values()), lambda v: language.percent(v, 3), difference=False)
    yield Line(say("years"), [run.horizon or None for run in runs])
    yield Line(say("planned on"), [told_days(language, day_count(s)) for s in said])
    yield Line(say("hour by hour"), [run.told_truth(language) for run in runs])
    yield Line(say("money"), [run.told_money(language) for run in runs])
    yield Line(say("discount rate"), [run.discount_rate for run in runs], lambda v: language.percent(v, 1), difference=False)
    base = say("{what}, {unit}", what=say("base emissions"), unit="t")
    yield Line(base, [float(s["base_emissions"]) for s in said], language.number)
    yield Line(say("data"), [str(run.output.facts["case_sha256"])[:8] for run in runs])


def _sums(comparison: Comparison, language: Language) -> Iterator[Line]:
    """What each run costs and, of one money, what it costs more than the first one, what is invested, and what its goal costs."""
    say, runs = language.translate, comparison.runs
    yield Line(say("system cost"), [language.money(run.cost, run.output.currency) for run in runs])
    if not comparison.has_one_money:
        return
    currency, first = runs[0].output.currency, runs[0].cost

    def money(value: float) -> str:
        return language.money(value, currency)

    if first is not None:
        more = [None, *(None if run.cost is None else run.cost - first for run in runs[1:])]
        yield Line(say("more than {run}", run=runs[0].label), more, money)
    capital = [float(series.capital(run.output.target).to_numpy().sum()) if run.output.has_plan else None for run in runs]
    yield Line(say("Invested"), capital, money)
    yield Line(say("The goal costs"), [(run.output.summary.get("goal_cost") or {}).get("money") for run in runs], money)
    tonnes = [per_tonne(run.output.summary["plans"].get(TARGET, {})) for run in runs]
    for head, each in zip(PER_TONNE, zip(*tonnes, strict=True), strict=True):
        if any(value is not None for value in each):
            yield Line(say(head, currency=language.currency(currency)), list(each), language.number)


def _costs(comparison: Comparison, language: Language) -> Iterator[Line]:
    _, size = _money(comparison, language)
    same = comparison.has_one_money and comparison.has_one_horizon and len({r.discount_rate for r in comparison.runs}) == 1

    def line(label: str, values: list[Any]) -> Line:
        return Line(label, values, lambda v: language.number(v / size, 1), difference=same)

    yield line(language.translate("all"), [run.cost for run in comparison.runs])
    table = comparison.tables["costs"].set_index("item")
    for item, values in _values(table, comparison):
        if max((abs(v) for v in values if not pd.isna(v)), default=0.0) >= 0.05 * size:
            yield line(named(language, COSTS, item), values)


def _capital(comparison: Comparison, language: Language) -> Iterator[Line]:
    _, size = _money(comparison, language)
    table = comparison.tables["capital"].groupby("year")[[r.label for r in comparison.runs]].sum(min_count=1)

    def line(label: str, values: list[float], same: bool) -> Line:
        return Line(label, values, lambda v: language.number(v / size, 1), same)

    same = comparison.has_one_money and comparison.has_one_horizon
    if len(table):
        yield line(language.translate("all"), table.sum(min_count=1).tolist(), same)
    for year, values in _values(table, comparison):
        if any(v > 0 for v in values):
            yield line(str(year), values, comparison.has_one_money)


def _builds(comparison: Comparison, language: Language) -> Iterator[Line]:
    """Sums over all years, the largest of each unit first; what is small beside them is only counted."""
    say, labels = language.translate, [run.label for run in comparison.runs]
    table = comparison.tables["builds"]
    sums = table.groupby(["action", "name", "unit"], sort=False)[labels].sum(min_count=1)
    largest = sums.max(axis=1)
    peak = largest.groupby(level=["action", "unit"]).transform("max")
    kept = sums[largest >= SMALL * peak]
    verbs = {"build": say("build"), "adopt": say("adopt"), "plant": say("plant"), "retire": say("retire")}
    for action, verb in verbs.items():
        own = kept[kept.index.get_level_values("action") == action]
        own = own.loc[own.max(axis=1).sort_values(ascending=False, kind="stable").index]
        for (_, name, unit), values in _values(own.head(MOST), comparison):
            if action == "adopt":
                yield Line(f"{verb} {name}", [_first_years(table, name, label) for label in labels])
            else:
                done = [0.0 if math.isnan(v) and run.output.has_plan else v for v, run in zip(values, comparison.runs, strict=True)]
                what = say("{what}, {unit}", what=f"{verb} {name}", unit=unit)
                yield Line(what, done, language.amount, comparison.has_one_horizon)
    left = len(sums) - sum(min(MOST, n) for n in kept.groupby(level="action").size())
    if left:
        yield Line(say("and {count} more", count=left), [""] * len(labels))


def _first_years(table: pd.DataFrame, measure: str, label: str) -> str | None:
    """Years in which a run adopts a measure."""
    own = table[(table["action"] == "adopt") & (table["name"] == measure) & table[label].notna()]
    return ", ".join(map(str, own["year"])) or None


def _emissions(comparison: Comparison, language: Language) -> Iterator[Line]:
    table = comparison.tables["emissions"]
    goals = {int(run.output.summary["by"]) for run in comparison.runs}
    years = sorted(set(table["year"]))
    for year in years:
        if len(years) > 10 and year not in {years[0], years[-1], *goals} and year % 5:
            continue
        own = table[table["year"] == year].set_index("item")
        for item in ("gross", "net"):
            for _, values in _values(own.loc[[item]], comparison):
                yield Line(f"{year} {named(language, EMISSIONS, item)}", values, language.number)


def _stages(comparison: Comparison, language: Language) -> Iterator[Line]:
    """From which year each stage holds in each run, and the rules that fail."""
    say = language.translate
    steps = [dict(run.output.steps) for run in comparison.runs]
    for stage in dict.fromkeys(stage for own in steps for stage in sorted(own, key=lambda s: own[s])):
        told: list[str | None] = []
        for run, own in zip(comparison.runs, steps, strict=True):
            if stage not in own:
                told.append(None)
                continue
            if not run.output.has_plan:
                told.append(f"{own[stage]}: {NONE}")
                continue
            rules = run.output.target["stages"]
            failed = rules[(rules["stage"] == stage) & ~rules["holds"].astype(bool)]["metric"].drop_duplicates()
            words = say(", ").join(named(language, METRICS, m) for m in failed)
            year = own[stage]
            told.append(say("{year}: FAILS ({rules})", year=year, rules=words) if words else say("{year}: holds", year=year))
        yield Line(named(language, STAGES, stage), told)


def _values(table: pd.DataFrame, comparison: Comparison) -> Iterator[tuple[Any, list[float]]]:
    """The index of each row, and its number of each run."""
    labels = [run.label for run in comparison.runs]
    yield from zip(table.index, table[labels].astype(float).to_numpy().tolist(), strict=True)
