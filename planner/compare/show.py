"""The comparison for a person, as lines of parts: in the terminal one table, a column a run, and beside two runs the difference."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
from rich.table import Table

from planner.answer.caveats import gap_columns
from planner.answer.summary import day_count
from planner.compare.comparison import Comparison
from planner.compare.run import largest_cost
from planner.language.language import ENGLISH, NONE, Language
from planner.language.words import COSTS, EMISSIONS, METRICS, STAGES, STATUSES, named, plain, told_days

#: Builds of a share of the largest smaller than this are not shown; the CSV has them.
SMALL = 0.01
#: Rows of builds that are shown at most.
MOST = 30


@dataclass(frozen=True)
class Line:
    """A row: its label, what it says of each run (a number or text), and how a number is written."""

    label: str
    values: list[Any]
    form: Callable[[float], str] = str
    difference: bool = True

    def shown(self) -> list[str]:
        """What is said of each run, as it is read."""
        return [NONE if self.is_none(v) else v if isinstance(v, str) else self.form(v) for v in self.values]

    @staticmethod
    def is_none(value: Any) -> bool:
        """True where nothing is said of a run."""
        return value is None or (isinstance(value, float) and math.isnan(value))


def comparison_table(comparison: Comparison, language: Language = ENGLISH) -> Table:
    """Facts, cost, capital by year, builds, emissions and stages of the runs side by side."""
    say = language.translate
    two = len(comparison.runs) == 2
    table = Table(box=None, padding=(0, 1), header_style="dim", show_edge=False)
    table.add_column("", overflow="fold")
    for run in comparison.runs:
        table.add_column(plain(run.label), justify="right", overflow="fold")
    if two:
        table.add_column(say("difference"), justify="right", overflow="fold")
    blank = [""] * (len(comparison.runs) + two)
    for title, rows in parts(comparison, language).values():
        if rows:
            table.add_row(f"[bold]{plain(title)}[/]", *blank)
        for line in rows:
            table.add_row(plain(line.label), *map(plain, line.shown()), *([_difference(line)] if two else []))
    return table


def parts(comparison: Comparison, language: Language) -> dict[str, tuple[str, list[Line]]]:
    """Name of each part -> its title, and its lines."""
    say = language.translate
    unit, _ = _money(comparison, language)
    of = {
        "runs": (say("Runs"), "", _facts),
        "costs": (say("System cost"), unit, _costs),
        "capital": (say("Capital by year"), unit, _capital),
        "builds": (say("What is done, in all years"), "", _builds),
        "emissions": (say("Emissions"), "t", _emissions),
        "stages": (say("Stages"), "", _stages),
    }
    return {
        name: (say("{what}, {unit}", what=title, unit=own) if own else title, list(lines(comparison, language)))
        for name, (title, own, lines) in of.items()
    }


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


def _difference(line: Line) -> str:
    """Second less first, of two numbers that can be compared."""
    if not line.difference or not all(isinstance(v, float) and not math.isnan(v) for v in line.values):
        return ""
    amount = line.values[1] - line.values[0]
    text = line.form(amount)
    return f"+{text}" if amount > 0 and text != line.form(0.0) else text
