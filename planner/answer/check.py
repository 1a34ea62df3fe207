"""What `plan check` says of a park without a fault: warnings, what was assumed, by table and grade or in full, what
stands and may stand, and the tree of futures."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.table import Table

from models.case import Assumption, Case, FutureValue
from models.inputs.connection import resolve_connections
from models.inputs.supply import resolve_supplies
from models.investment.scheme import dominated_schemes
from planner.answer.caveats import peaks, told_parameter, told_unit
from planner.answer.plants import Plant, plants
from planner.futures.tree import ROOT, Tree, groups, told
from planner.language.language import ENGLISH, Language, mark
from planner.language.words import plain

#: Stands where a value has no grade.
UNGRADED = mark("no grade")
#: How good a value is, as heads of a table.
GRADES = mark("seen"), mark("derived"), mark("general knowledge")


def print_check(case: Case, folder: Path, console: Console, everything: bool = False, language: Language = ENGLISH) -> None:
    """Warnings, assumptions (counted; with `everything` one line each) and the size of the park."""
    say = language.translate
    for warning in case.warnings:
        console.print(plain(say("warning: {warning}", warning=language.tell(warning))), soft_wrap=True)
    if everything:
        for assumption in case.assumptions:
            console.print(plain(_line(assumption, language)), soft_wrap=True)
    elif case.assumptions:
        console.print(_counts(case.assumptions, language))
        console.print(plain(say("plan check {folder} --all: every value with its source", folder=folder)), soft_wrap=True)
    if case.demand:
        console.print(_peaks(case, language))
    if own := plants(case):
        console.print(_plants(own, language))
    for key in sorted(_dominated(case)):
        text = say("{scheme}: never costs less than another scheme of the connection, so no plan needs it", scheme=key)
        console.print(plain(text), soft_wrap=True)
    for line in _futures(case, language):
        console.print(plain(line), soft_wrap=True)
    text = say(
        "{folder}: nothing wrong ({technologies} technologies, {measures} measures, {supplies} supplies; {values} values assumed)",
        folder=folder,
        technologies=len(case.technologies),
        measures=len(case.measures),
        supplies=len(case.supplies),
        values=len(case.assumptions),
    )
    console.print(plain(text), soft_wrap=True)


def _dominated(case: Case) -> set[str]:
    """Schemes that another dominates, each with its connection; none is told of a park with
    futures, which may change the charges."""
    if case.futures or not any(p.scheme for p in case.prices):
        return set()
    years = range(case.park.first_year, case.park.last_year + 1)
    return dominated_schemes(resolve_supplies(case, years, None), resolve_connections(case, years), years)


def _line(a: Assumption, language: Language) -> str:
    year = "" if a.year is None else f" {a.year}"
    parameter, unit = told_parameter(language, a.parameter), told_unit(language, a.unit)
    said = f"{a.table}.csv: {a.name} {parameter}{year} = {a.value} {unit}".rstrip()
    say = language.translate
    source, grade = a.source or say("no source"), say(a.grade or UNGRADED)
    return say("assumed {value} ({source}; {grade})", value=said, source=source, grade=grade)


def _counts(assumptions: tuple[Assumption, ...], language: Language) -> Table:
    """Values assumed: a row a table, a column a grade."""
    say = language.translate
    grades = list(dict.fromkeys(a.grade or UNGRADED for a in assumptions))
    counts = Counter((a.table, a.grade or UNGRADED) for a in assumptions)
    table = Table(
        title=say("Values assumed, by table and grade"),
        title_justify="left",
        title_style="bold",
        box=None,
        padding=(0, 1),
        header_style="dim",
    )
    table.add_column(say("table"))
    for grade in (*grades, "all"):
        table.add_column(plain(say(grade)), justify="right")
    table.add_column(say("names"))
    for name in dict.fromkeys(a.table for a in assumptions):
        own = [counts[name, grade] for grade in grades]
        names = list(dict.fromkeys(a.name for a in assumptions if a.table == name))
        table.add_row(f"{name}.csv", *(str(n) if n else "–" for n in own), str(sum(own)), plain(_some(names, language)))
    return table


def _peaks(case: Case, language: Language) -> Table:
    """Capacity against the highest demand of each carrier; what is odd is marked."""
    say = language.translate
    title = say("Capacity that can be counted on against the highest hour, MW")
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1), header_style="dim")
    table.add_column(say("carrier"))
    heads = (str(case.park.first_year), str(case.park.last_year), say("stands"), say("imports"), say("may stand"))
    for head in heads:
        table.add_column(head, justify="right")
    table.add_column("")
    for peak in peaks(case):
        name = peak.carrier if peak.temperature is None else f"{peak.carrier}, {peak.temperature:g} °C"
        amounts = (peak.first, peak.last, peak.firm, peak.imports, peak.offered)
        shown = [say("any") if math.isinf(a) else f"{a:,.3g}" if a < 1000 else f"{a:,.0f}" for a in amounts]
        table.add_row(plain(name), *shown, say(peak.odd) if peak.odd else "")
    return table


def _plants(own: list[Plant], language: Language) -> Table:
    """What stands, its efficiency and its full-load hours; what is odd is marked."""
    say = language.translate
    title = say("Plants and links: efficiency, full-load hours of the base year, temperatures in and out")
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1), header_style="dim")
    table.add_column(say("name"))
    for head in (say("stands"), say("efficiency"), say("hours")):
        table.add_column(head, justify="right")
    for head in (say("known from"), "°C", ""):
        table.add_column(head)
    for plant in own:
        share = _efficiency(plant.efficiency, language)
        hours = "" if plant.hours is None else f"{plant.hours:,.0f}"
        known, odd = (say(words) if words else "" for words in (plant.known, plant.odd))
        table.add_row(plain(plant.name), f"{plant.stands:,.3g}", share, hours, known, plant.levels, odd)
    return table


def _efficiency(share: float | None, language: Language) -> str:
    """As a share, or as a coefficient of performance."""
    return "" if share is None else f"{share:.2f}" if share > 1.2 else language.percent(share)


def _some(names: list[str], language: Language, shown: int = 2) -> str:
    """The first names, and how many more there are."""
    first = language.translate(", ").join(names[:shown])
    more = len(names) - shown
    return language.translate("{names} and {count} more", names=first, count=more) if more > 0 else first


def _futures(case: Case, language: Language) -> list[str]:
    """A line a future, below that it branches from; none where the park states no futures."""
    if not case.futures:
        return []
    tree, say = Tree.of(case.futures, case.park), language.translate
    first, branches = case.park.first_year, tree.branches_in
    if branches is None:
        head = say("{count} futures; which one comes is never known, so all orders are shared", count=len(tree.leaves))
    elif branches == first:
        head = say(
            "{count} futures, told apart from {year} on, the first year: nothing is ordered before",
            count=len(tree.leaves),
            year=branches,
        )
    else:
        head = say("{count} futures, told apart from {year} on; orders before are shared", count=len(tree.leaves), year=branches)
    return [head, *_below(case, tree, ROOT, language)]


def _below(case: Case, tree: Tree, parent: str, language: Language) -> list[str]:
    lines: list[str] = []
    for name in tree.children(parent):
        lines += [_future(case, tree, name, language), *_below(case, tree, name, language)]
    return lines


def _future(case: Case, tree: Tree, name: str, language: Language) -> str:
    """`  dear gas, 40 %, from 2030: prices gas energy × 1.5`."""
    say, row = language.translate, tree.row(name)
    share = f"{100 * tree.probability(name):.3g} %"
    likely = say("{share} (assumed)", share=share) if name in tree.assumed else share
    when = say("never known") if row.from_year is None else say("from {year}", year=row.from_year)
    figures = [_figure(group, language) for group in groups(case.future_values, name)]
    what = say("; ").join(figures) if figures else say("nothing differs")
    return "  " * len(tree.path(name)) + say("{future}, {share}, {when}: {what}", future=name, share=likely, when=when, what=what)


def _figure(group: list[FutureValue], language: Language) -> str:
    """A figure and what it becomes, the first and the last year of it."""
    ends = [group[0], *group[-1:]] if len(group) > 1 else group
    return f"{told(group[0])} " + ", ".join(_becomes(row, language) for row in ends)


def _becomes(row: FutureValue, language: Language) -> str:
    number = f"× {row.factor:g}" if row.factor is not None else f"= {row.value} {row.unit}".rstrip()
    return number if row.year is None else language.translate("{number} in {year}", number=number, year=row.year)
