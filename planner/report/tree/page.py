"""The first page of a plan for several futures: what to order now, what to wait for, and what it costs to be wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from planner.language.language import ENGLISH, NONE, Language, mark
from planner.language.message import from_json
from planner.language.words import STAGES, named
from planner.output.drafts import write_file
from planner.report.page.markup import Markup, tag
from planner.report.page.page import NAME, document
from planner.report.page.report import Section, section
from planner.report.page.table import number, table
from planner.report.tree.failing import failure_words, goal_words, not_yet
from planner.report.tree.sureness import ALWAYS, StayingRange, close_calls, not_kept, plan_title, ranges
from planner.report.tree.told import (
    WrittenTree,
    amount,
    decisive,
    figures_of,
    first_year,
    head_words,
    read_tree,
    sign_of,
    signs,
    waiting,
    weather_words,
)
from planner.report.tree.worth import is_nothing, worth_words

#: What stands above the tables.
PAID = mark(
    "What is paid more than if the future had been known from the start; everything after the first orders is decided anew."
)
BETWEEN = mark(
    "Between these probabilities the first orders of the least expected cost stay the best of the plans in the table above; the "
    "other futures keep their proportions."
)
#: What the total of the orders is not, and what the park costs without a plan.
COUNTED = mark(
    "Of each capital cost the system cost counts, discounted, only the share of its life that lies within the years of the plan: "
    "the money that is paid for the orders is more."
)
USUAL = mark("Going on as today would cost {cost} on average of the futures.")


def make_tree_page(folder: Path, language: Language = ENGLISH) -> str:
    """The page as the text of one HTML file, from the files of the folder."""
    tree, say = read_tree(folder), language.translate
    subject = say("{stage} by {year}", stage=named(language, STAGES, tree.summary["target"]), year=tree.summary["by"])
    if tree.block["expected_cost"] is None:
        sections = [_without_plan(tree, language), _futures(tree, language)]
    else:
        made = (
            _now(tree, language, subject),
            _wait(tree, language),
            _wrong(tree, language),
            sure_section(tree, language),
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
    lines = failure_words(tree, language)
    return section("answer", language.translate("There is no plan for all futures"), *(tag("p", line) for line in lines))


def _orders(tree: WrittenTree, rows: Sequence[Mapping[str, object]], language: Language, label: str, with_futures: bool) -> Markup:
    say = language.translate
    head = [say("item"), say("year"), say("amount"), say("capital cost")]
    head += [say("futures"), say("probability that it is ordered")] if with_futures else []
    paid = sum(float(str(row["capital_cost"])) for row in rows)
    total = (
        [[say("total"), "", "", number(paid, language.money(paid, tree.currency))]] if len(rows) > 1 and not with_futures else []
    )
    return table(head, [_order(tree, row, language, with_futures) for row in rows], 3, label, total=total)


def _order(tree: WrittenTree, row: Mapping[str, object], language: Language, with_futures: bool) -> list[object]:
    """What is ordered, when, how much of it, for what money, and where it is not certain in which futures and how likely it is."""
    money = float(str(row["capital_cost"]))
    more = [row["futures"], language.percent(float(str(row["share"])), 0)] if with_futures else []
    return [row["item"], str(row["year"]), amount(row, language), number(money, language.money(money, tree.currency)), *more]


def _now(tree: WrittenTree, language: Language, stage: str) -> Section:
    """The goal, what speaks against ordering, and the orders that every future shares: those of the first year, and later ones."""
    say = language.translate
    parts: list[object] = [tag("p", tag("strong", line)) for line in not_yet(tree, language)]
    parts += [tag("p", line) for line in goal_words(tree, language, stage)]
    parts += [tag("p", line) for line in head_words(tree, language)]
    if (usual := tree.block.get("business_as_usual")) is not None:
        parts.append(tag("p", say(USUAL, cost=language.money(usual, tree.currency))))
    year, rows = first_year(tree), tree.now.to_dict("records")
    if not rows:
        parts.append(tag("p", say("Nothing is ordered before it is known which future comes.")))
        return section("now", say("Commit now"), *parts)
    soon, then = ([row for row in rows if (int(row["year"]) <= year) is is_first] for is_first in (True, False))
    words = say("Order this year ({year})", year=year)
    parts += [tag("h3", words), _orders(tree, soon, language, words, with_futures=False) if soon else tag("p", say("nothing"))]
    if then:
        years = [int(row["year"]) for row in then]
        span = str(years[0]) if min(years) == max(years) else f"{min(years)}–{max(years)}"
        words = say("Then, in every future ({years}; may still be reviewed)", years=span)
        parts += [tag("h3", words), _orders(tree, then, language, words, with_futures=False)]
    parts.append(tag("p", say(COUNTED)))
    dear = [leaf for leaf in tree.leaves if leaf["regret"] is not None]
    worst = max(dear, key=lambda leaf: leaf["regret"], default=None)
    if worst is not None and not is_nothing(tree, worst["regret"]):
        money = language.money(worst["regret"], tree.currency)
        words = mark("They fit worst if {future} comes: the plan then costs {money} more than had it been known.")
        parts.append(tag("p", say(words, future=worst["name"], money=money)))
    return section("now", say("Commit now"), *parts)


def _wait(tree: WrittenTree, language: Language) -> Section:
    """Orders of the nodes after a branching, and the sign that tells which one has come."""
    say, rows, found = language.translate, waiting(tree, language), signs(tree)
    if not found:
        words = say("Nothing: which future comes is never known, so there is nothing to wait for.")
        return section("wait", say("Wait for"), tag("p", words))
    lines = [tag("li", sign_of(tree, name, language)) for name in found]
    if not rows:
        return section("wait", say("Wait for"), tag("p", say("Nothing: no future has orders of its own.")), tag("ul", *lines))
    return section("wait", say("Wait for"), tag("ul", *lines), _orders(tree, rows, language, say("Wait for"), with_futures=True))


def _wrong(tree: WrittenTree, language: Language) -> Section | None:
    """Plan by future: what each costs more than the least; where a plan cannot be kept it is no choice."""
    if tree.tables["regret"].empty:
        return None
    say = language.translate
    futures = list(tree.regrets.columns)
    rows = [
        [plan_title(str(plan), language), *(_regret(tree, float(v), language) for v in own)]
        for plan, own in tree.regrets.iterrows()
    ]
    head = [say("first orders of the plan for"), *(say("if {future} comes", future=name) for name in futures)]
    parts: list[object] = [tag("p", say(PAID)), table(head, rows, 1, say("What it costs to be wrong"))]
    parts += [tag("p", line) for line in not_kept(tree, language)]
    if (two := decisive(tree)) is not None:
        parts.append(tag("p", say("The largest regret is decided between {first} and {second}.", first=two[0], second=two[1])))
    return section("wrong", say("What it costs to be wrong"), *parts)


def _regret(tree: WrittenTree, value: float, language: Language) -> object:
    if not math.isfinite(value):
        return language.translate("cannot be kept")
    return number(value, language.translate("nothing") if is_nothing(tree, value) else language.money(value, tree.currency))


def sure_section(tree: WrittenTree, language: Language) -> Section | None:
    """How far each probability may move, and what is ordered otherwise where one is near its end."""
    found = ranges(tree)
    if not found:
        return None
    say = language.translate
    if all(span.is_all for span in found.values()):
        return section("sure", say("How sure must one be"), tag("p", say(ALWAYS)))
    share = {leaf["name"]: float(leaf["probability"]) for leaf in tree.leaves}
    rows = [
        [name, *(language.percent(value, 0) for value in (share[name], span.low, span.high)), *_beyond(span, language)]
        for name, span in found.items()
    ]
    head = [say("future"), say("probability"), say("lower end"), say("upper end"), say("better below"), say("better above")]
    calls = [tag("p", language.sentences(*lines)) for lines in close_calls(tree, language)]
    shown = table(head, rows, 1, say("How sure must one be"))
    return section("sure", say("How sure must one be"), *calls, tag("p", say(BETWEEN)), shown)


def _beyond(span: StayingRange, language: Language) -> list[str]:
    """Which plan is better below the range and above it."""
    none = language.translate("none, at any probability")
    return [none if plan is None else plan_title(plan, language) for plan in (span.below, span.above)]


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
    said = tree.summary.get("messages", tree.summary)["warnings"]
    warnings = [tag("li", language.tell(from_json(text))) for text in said]
    return section(
        "futures", say("The futures"), table(head, rows, 2, say("The futures")), tag("ul", *warnings) if warnings else None
    )
