"""The first page of a plan for several futures: what to order now, what to wait for, and what it costs to be wrong."""

from __future__ import annotations

import math
from pathlib import Path
from urllib.parse import quote

from planner.language.language import ENGLISH, NONE, Language, mark
from planner.language.words import STAGES, STATUSES, named
from planner.output.single import write_file
from planner.report.page.markup import Markup, tag
from planner.report.page.page import NAME, document
from planner.report.page.report import Section, section
from planner.report.page.table import number, table
from planner.report.tree.told import (
    EXPECTED,
    LEAST_REGRET,
    WrittenTree,
    amount,
    decisive,
    figures_of,
    head_words,
    ranges,
    read_tree,
    weather_words,
    worth_words,
)

#: What stands above the tables.
PAID = mark(
    "What is paid more than if the future had been known from the start; everything after the first orders is decided anew."
)
BETWEEN = mark(
    "Between these probabilities the first orders of the least expected cost stay the best of the plans in the table above; the "
    "other futures keep their proportions."
)


def make_tree_page(folder: Path, language: Language = ENGLISH) -> str:
    """The page as the text of one HTML file, from the files of the folder."""
    tree, say = read_tree(folder), language.translate
    subject = say("{stage} by {year}", stage=named(language, STAGES, tree.summary["target"]), year=tree.summary["by"])
    if tree.block["expected_cost"] is None:
        sections = [_without_plan(tree, language), _futures(tree, language)]
    else:
        made = (
            _now(tree, language),
            _wait(tree, language),
            _wrong(tree, language),
            _sure(tree, language),
            _worth(tree, language),
            _weather(tree, language),
            _futures(tree, language),
        )
        sections = [part for part in made if part is not None]
    return document(f"{tree.summary['park']}: {subject}", str(tree.summary["park"]), subject, sections, language)


def write_tree_page(folder: Path, language: Language = ENGLISH) -> Path:
    """Write report.html of the folder anew from its tables. Raises CaseError where that cannot be done."""
    path = folder / NAME
    write_file(path, str(path), make_tree_page(folder, language), lambda _: True)
    return path


def _without_plan(tree: WrittenTree, language: Language) -> Section:
    say = language.translate
    names = say(", ").join(tree.summary["blocking"])
    status = named(language, STATUSES, tree.summary["status"])
    words = (
        say("The goal cannot be met in these futures, even if they were known from the start: {names}.", names=names)
        if names
        else say("no plan: {status}", status=status)
    )
    return section("answer", say("There is no plan for all futures"), tag("p", words))


def _orders(tree: WrittenTree, rows: list[dict[str, object]], language: Language, label: str, with_node: bool) -> Markup:
    say = language.translate
    head = [
        *([say("future")] if with_node else []),
        say("item"),
        say("year"),
        say("amount"),
        say("capital cost"),
        say("probability that it is ordered"),
    ]
    cells = [[*([row["node"]] if with_node else []), *_order(tree, row, language)] for row in rows]
    return table(head, cells, 4 if with_node else 3, label)


def _order(tree: WrittenTree, row: dict[str, object], language: Language) -> list[object]:
    """What is ordered, when, how much of it, for what money, and how likely it is."""
    money, share = float(str(row["capital_cost"])), float(str(row["share"]))
    shown = number(money, language.money(money, tree.currency))
    return [row["item"], str(row["year"]), amount(row, language), shown, language.percent(share, 0)]


def _now(tree: WrittenTree, language: Language) -> Section:
    """Orders that every future shares."""
    say, rows = language.translate, tree.now.to_dict("records")
    parts: list[object] = [tag("p", line) for line in head_words(tree, language)]
    if not rows:
        parts.append(tag("p", say("Nothing is ordered before it is known which future comes.")))
    else:
        parts.append(tag("p", say("These orders are the same whichever future comes.")))
        parts.append(_orders(tree, rows, language, say("Commit now"), with_node=False))
        dear = [leaf for leaf in tree.leaves if leaf["regret"] is not None]
        if dear:
            worst = max(dear, key=lambda leaf: leaf["regret"])
            parts.append(
                tag(
                    "p",
                    say(
                        "They fit worst if {future} comes: the plan then costs {money} more than had it been known.",
                        future=worst["name"],
                        money=language.money(worst["regret"], tree.currency),
                    ),
                )
            )
    return section("now", say("Commit now"), *parts)


def _wait(tree: WrittenTree, language: Language) -> Section:
    """Orders of the nodes after a branching, and the sign that tells which one has come."""
    say, rows = language.translate, tree.later.to_dict("records")
    parts: list[object] = []
    for name, row in tree.summary["differs"].items():
        if row["from_year"] is not None:
            parts.append(
                tag(
                    "li",
                    say(
                        "{future}, known in {year}: watch {figures}",
                        future=name,
                        year=row["from_year"],
                        figures=figures_of(tree, name, language),
                    ),
                )
            )
    signs = tag("ul", *parts) if parts else tag("p", say("Which future comes is never known, so there is nothing to wait for."))
    return section("wait", say("Wait for"), signs, _orders(tree, rows, language, say("Wait for"), with_node=True) if rows else None)


def _wrong(tree: WrittenTree, language: Language) -> Section | None:
    """Plan by future: what each costs more than the least."""
    if tree.tables["regret"].empty:
        return None
    say = language.translate
    titles = {EXPECTED: say("least expected cost"), LEAST_REGRET: say("least regret")}
    futures = list(tree.regrets.columns)
    rows = []
    for plan, own in tree.regrets.iterrows():
        cells = [
            number(float(v), language.money(float(v), tree.currency)) if math.isfinite(float(v)) else say("cannot be kept")
            for v in own
        ]
        rows.append([titles.get(str(plan), say("as if {future} came", future=plan)), *cells])
    head = [say("first orders of the plan for"), *(say("if {future} comes", future=name) for name in futures)]
    parts: list[object] = [tag("p", say(PAID)), table(head, rows, 1, say("What it costs to be wrong"))]
    if (two := decisive(tree)) is not None:
        parts.append(tag("p", say("The largest regret is decided between {first} and {second}.", first=two[0], second=two[1])))
    return section("wrong", say("What it costs to be wrong"), *parts)


def _sure(tree: WrittenTree, language: Language) -> Section | None:
    """How far each probability may move."""
    found = ranges(tree)
    if not found:
        return None
    say = language.translate
    share = {leaf["name"]: float(leaf["probability"]) for leaf in tree.leaves}
    rows = [
        [name, language.percent(share[name], 0), language.percent(low, 0), language.percent(high, 0)]
        for name, (low, high) in found.items()
    ]
    words = say(BETWEEN)
    head = [say("future"), say("probability"), say("from"), say("to")]
    return section("sure", say("How sure must one be"), tag("p", words), table(head, rows, 1, say("How sure must one be")))


def _worth(tree: WrittenTree, language: Language) -> Section:
    return section("worth", language.translate("What knowing is worth"), *(tag("p", line) for line in worth_words(tree, language)))


def _weather(tree: WrittenTree, language: Language) -> Section | None:
    """The plan in all hours of each year of weather."""
    lines = weather_words(tree, language)
    if not lines:
        return None
    return section("weather", language.translate("In all hours of each weather"), tag("ul", *(tag("li", line) for line in lines)))


def _futures(tree: WrittenTree, language: Language) -> Section:
    """Each future with its own report."""
    say = language.translate
    rows = []
    for leaf in tree.leaves:
        name = leaf["name"]
        link = tag("a", name, href=f"futures/{quote(name)}/report.html")
        cost = NONE if leaf["cost"] is None else number(leaf["cost"], language.money(leaf["cost"], tree.currency))
        net = NONE if leaf["net"] is None else number(leaf["net"], language.amount(leaf["net"]))
        is_there = (tree.folder / "futures" / name).is_dir()
        rows.append(
            [link if is_there else name, figures_of(tree, name, language), language.percent(leaf["probability"], 1), cost, net]
        )
    head = [
        say("future"),
        say("what differs"),
        say("probability"),
        say("system cost"),
        say("net emissions in {year} [t]", year=tree.summary["by"]),
    ]
    warnings = [tag("li", line) for line in tree.summary["warnings"]]
    return section(
        "futures", say("The futures"), table(head, rows, 2, say("The futures")), tag("ul", *warnings) if warnings else None
    )
