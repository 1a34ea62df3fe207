"""A plan for several futures in the terminal and as a page: the same parts, each a few lines and its views."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console

from planner.answer.caveats import aside_of, aside_words
from planner.answer.facts import fact
from planner.answer.files import write_csv, write_into, write_json
from planner.answer.page.page import NAME, document
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import tag
from planner.answer.purchase import Titles
from planner.answer.tree.facts import (
    LEAST_REGRET,
    WrittenTree,
    amount,
    checked_words,
    cost_words,
    decisive,
    failure_words,
    goal_words,
    head_words,
    in_every_future,
    net_in,
    not_yet,
    of_today,
    ordered,
    probability_words,
    read_tree,
    standard_title,
    today_words,
    tree_summary,
    tree_tables,
    waiting,
    weather_words,
)
from planner.answer.tree.left_open import (
    close_calls,
    conclusion,
    figures_of,
    is_told,
    left_open_words,
    look_words,
    not_kept,
    plan_title,
    ranges,
    regret_words,
    signs,
    signs_of,
    titled,
    worth_words,
)
from planner.answer.views import ShownTable, drawn, drawn_table, shown, views
from planner.futures.results import TreePlan
from planner.language.language import ENGLISH, NONE, Language, mark
from planner.language.words import STAGES, STATUSES, named, plain
from planner.tables.output import Output
from planner.tables.place import LEAVES, TREE, write_file, writing
from planner.tables.schema import TABLES

# --- facts -----------------------------------------------------------------------------------------------------------------
# Rows of the views of a plan for several futures.


def _report(tree: WrittenTree, language: Language) -> Report:
    """The output as views read it."""
    titles = Titles({leaf.get("folder", leaf["name"]): leaf["name"] for leaf in tree.leaves}, {}, {}, {})
    return Report(Output(tree.folder, tree.summary, {}, {}, tree.tables), language, titles)


def _tree(report: Report) -> WrittenTree:
    return WrittenTree(report.output.folder, report.output.summary, report.output.alone)


def _orders(rows: list[dict[str, Any]], language: Language) -> pd.DataFrame:
    made = [(row["item"], str(row["year"]), amount(row, language), float(row["capital_cost"]) or None) for row in rows]
    return pd.DataFrame(made, columns=["item", "year", "amount", "capital_cost"]).astype({"capital_cost": float})


@fact
def orders_now(report: Report) -> pd.DataFrame:
    """Orders of this year, which every future shares."""
    return _orders(of_today(_tree(report)), report.language)


@fact
def orders_in_every_future(report: Report) -> pd.DataFrame:
    """Orders of later years that every future places alike."""
    return _orders(in_every_future(_tree(report), report.language), report.language)


@fact
def orders_by_future(report: Report) -> pd.DataFrame:
    """Decisions that turn out otherwise from future to future."""
    tree, language = _tree(report), report.language
    made = [
        (item, str(year), leaf["name"], None, ordered(tree, own.get(leaf["name"]), language))
        for (year, item), own in waiting(tree, language).items()
        for leaf in tree.leaves
    ]
    return pd.DataFrame(made, columns=["item", "year", "future", "value", "text"])


@fact
def signs_to_watch(report: Report) -> pd.DataFrame:
    """The figures to watch of every future, with their levels."""
    tree = _tree(report)
    made = [
        (name, sign.what, sign.today, str(tree.summary["differs"][name]["from_year"]), sign.stated, sign.here, sign.nearer)
        for name in signs(tree)
        for sign in signs_of(tree, name, report.language)
    ]
    return pd.DataFrame(made, columns=["future", "what", "today", "known", "stated", "here", "nearer"])


@fact
def regrets_by_future(report: Report) -> pd.DataFrame:
    """What the first orders of each plan cost more than the least, in each future."""
    tree, language = _tree(report), report.language
    made = [
        (plan_title(str(plan), language), str(future), float(v), regret_words(tree, str(future), float(v), language))
        for plan, own in tree.regrets.iterrows()
        for future, v in own.items()
    ]
    return pd.DataFrame(made, columns=["plan", "future", "value", "text"])


@fact
def sureness(report: Report) -> pd.DataFrame:
    """How far each probability may move before other first orders are better, and which; nothing where none ever is."""
    tree, language = _tree(report), report.language
    found, share = ranges(tree), {leaf["name"]: float(leaf["probability"]) for leaf in tree.leaves}
    none = language.translate("none, at any probability")
    made = [
        (name, share[name], own.low, own.high, *(plan_title(p, language) if p else none for p in (own.below, own.above)))
        for name, own in found.items()
        if not all(span.is_all for span in found.values())
    ]
    return pd.DataFrame(made, columns=["future", "probability", "low", "high", "below", "above"])


@fact
def leaves(report: Report) -> pd.DataFrame:
    """Each future: what differs, how likely it is, cost, what is saved, and net emissions in the year of the goal and the last."""
    tree, made = _tree(report), []
    by, last = int(tree.summary["by"]), int(tree.summary.get("last_year", tree.summary["by"]))
    for leaf in tree.leaves:
        name, cost, usual = leaf["name"], leaf["cost"], leaf.get("business_as_usual")
        saved = None if usual is None or cost is None else usual - cost
        differs = figures_of(tree, name, report.language)
        net = leaf["net"], net_in(tree, name, last) if last != by else None
        made.append((leaf.get("folder", name), differs, leaf["probability"], cost, saved, *net))
    numbers = ["probability", "cost", "saved", "net", "net_last"]
    return pd.DataFrame(made, columns=["future", "differs", *numbers]).astype(dict.fromkeys(numbers, float))


# --- parts -----------------------------------------------------------------------------------------------------------------
# What each part says above its tables.

#: What is paid more, between which probabilities, and how sums are meant.
PAID = mark(
    "What is paid more than if the future had been known from the start; everything after the first orders is decided anew."
)
BETWEEN = mark(
    "Between these probabilities the first orders of the least expected cost stay the best of the plans in the table above; the "
    "other futures keep their proportions."
)
ALWAYS = mark(
    "However likely you hold each future, order the same: no other plan of the table above costs less, whichever is the likelier."
)
FULL_PRICE = mark("Sums of orders are full prices as they are paid, not discounted, in prices of {price_year}.")
NO_CAPITAL = mark("{dash}: not in the sum; planting, and what is paid by the year, are in the costs of each future's report.")


def _now(tree: WrittenTree, language: Language) -> Iterator[str]:
    """What speaks against ordering, what follows, the goal and its cost."""
    say = language.translate
    stage = say("{stage} by {year}", stage=named(language, STAGES, tree.summary["target"]), year=tree.summary["by"])
    yield from (*not_yet(tree, language), conclusion(tree, language), *today_words(tree, language))
    yield from (*head_words(tree, language), *goal_words(tree, language, stage), *aside_words(tree.warnings, language))
    yield cost_words(tree, language)
    yield say(FULL_PRICE, price_year=tree.summary.get("price_year", NONE)) + say(NO_CAPITAL, dash=NONE)
    dear = [leaf for leaf in tree.leaves if leaf["regret"] is not None]
    worst = max(dear, key=lambda leaf: leaf["regret"], default=None)
    if worst is not None and is_told(tree, worst["regret"]):
        said = mark("They fit worst if {future} comes: the plan then costs {money} more than had it been known.")
        yield say(said, future=worst["name"], money=language.money(worst["regret"], tree.currency))


def _wait(tree: WrittenTree, language: Language) -> Iterator[str]:
    """When to look for signs, and of which future there are none."""
    say, names = language.translate, signs(tree)
    if not names:
        yield say("Nothing: which future comes is never known, so there is nothing to wait for.")
        return
    if not waiting(tree, language):
        yield say("Nothing: no future has orders of its own.")
    for name in names:
        own = tree.summary["differs"][name]
        if not own["figures"]:
            words = mark("{future}, known in {year}: none of the signs of the others is seen")
            yield say("{words}.", words=say(words, future=name, year=own["from_year"]))
    yield look_words(tree, language)


def _wrong(tree: WrittenTree, language: Language) -> Iterator[str]:
    """How regrets are meant, and which differences mean nothing."""
    yield language.translate(PAID)
    yield from (*left_open_words(tree, language), *not_kept(tree, language))
    if (two := decisive(tree)) is not None and is_told(tree, float(tree.regrets.loc[LEAST_REGRET].max())):
        yield language.translate("The largest regret is decided between {first} and {second}.", first=two[0], second=two[1])


def _sure(tree: WrittenTree, language: Language) -> Iterator[str]:
    """What is ordered otherwise where a probability is near its end."""
    found = ranges(tree)
    if found and all(span.is_all for span in found.values()):
        yield language.translate(ALWAYS)
    elif found:
        yield from (language.sentences(*lines) for lines in close_calls(tree, language))
        yield language.translate(BETWEEN)


def _futures(tree: WrittenTree, language: Language) -> Iterator[str]:
    """Who set the probabilities, and the warnings of the run."""
    yield probability_words(tree, language)
    yield from (language.tell(text) for text in tree.warnings if aside_of(text) is None)


Lines = Callable[[WrittenTree, Language], Iterator[str] | list[str]]
#: Parts of page and terminal: name, title, what they say, their views.
PARTS: tuple[tuple[str, str, Lines, tuple[str, ...]], ...] = (
    ("now", mark("Commit now"), _now, ("orders_now", "orders_in_every_future")),
    ("wait", mark("Wait for"), _wait, ("orders_by_future", "signs_to_watch")),
    ("wrong", mark("What it costs to be wrong"), _wrong, ("regrets_by_future",)),
    ("sure", mark("How sure must one be"), _sure, ("sureness",)),
    ("worth", mark("What knowing is worth"), worth_words, ()),
    ("weather", mark("In all hours of each weather"), weather_words, ()),
    ("futures", mark("The futures"), _futures, ("leaves",)),
)
WITHOUT_PLAN: tuple[tuple[str, str, Lines, tuple[str, ...]], ...] = (
    ("answer", mark("There is no plan for all futures"), failure_words, ()),
    ("futures", mark("The futures"), _futures, ("leaves",)),
)
#: Most rows of a table of the terminal, and the parts that it leaves to the page.
MOST, ON_PAGE = 8, ("sure", "futures")


def _parts(tree: WrittenTree) -> tuple[tuple[str, str, Lines, tuple[str, ...]], ...]:
    return WITHOUT_PLAN if tree.block["expected_cost"] is None else PARTS


def print_tree(folder: Path, console: Console, language: Language, quiet: bool = False) -> None:
    """The answer in some lines and tables; with `quiet` in one line."""
    tree, say = titled(read_tree(folder), language), language.translate
    stage = say("{stage} by {year}", stage=named(language, STAGES, tree.summary["target"]), year=tree.summary["by"])
    status = named(language, STATUSES, tree.summary["status"])
    if quiet:
        if tree.block["gap"] is not None:
            status = say("{status}, {proof}", status=status, proof=checked_words(tree, language))
        console.print(plain(say("{goal}: {status}; {out}", goal=stage, status=status, out=folder)), soft_wrap=True)
        return
    goal = say("{what} ({more})", what=stage, more=standard_title(tree, language))
    console.print(plain(say("{what}: {words}", what=tree.summary["park"], words=goal)), soft_wrap=True)
    report = _report(tree, language)
    for name, title, lines, tables in _parts(tree):
        told = [line for line in lines(tree, language) if line]
        if name in ON_PAGE or not told:
            continue
        console.print(plain(say(title)), style="bold")
        for line in told:
            console.print(plain(line), soft_wrap=True)
        for view in tables:
            for each in shown(views()[view], report):
                assert isinstance(each, ShownTable)
                console.print(drawn_table(replace(each, rows=each.rows[:MOST]), language))
                if len(each.rows) > MOST:
                    console.print(say("and {count} more", count=len(each.rows) - MOST))
    words = mark("{folder}: report.html, futures.csv, commit.csv, regret.csv; of each future its own output in futures/")
    files = words if tree.block["expected_cost"] is not None else mark("{folder}: report.html, summary.json")
    console.print(plain(say(files, folder=folder)), soft_wrap=True)


# --- page ------------------------------------------------------------------------------------------------------------------


def make_tree_page(folder: Path, language: Language = ENGLISH) -> str:
    """The page as the text of one HTML file, from the files of the folder."""
    return tree_page(read_tree(folder), language)


def tree_page(tree: WrittenTree, language: Language) -> str:
    """The page as the text of one HTML file."""
    tree, say = titled(tree, language), language.translate
    subject = say("{stage} by {year}", stage=named(language, STAGES, tree.summary["target"]), year=tree.summary["by"])
    sections = [made for part in _parts(tree) if (made := tree_part(tree, language, part[0])) is not None]
    return document(f"{tree.summary['park']}: {subject}", str(tree.summary["park"]), subject, sections, language)


def tree_part(tree: WrittenTree, language: Language, name: str) -> Section | None:
    """A part of the page; None where it has nothing to say."""
    report = _report(tree, language)
    _, title, lines, tables = next(part for part in _parts(tree) if part[0] == name)
    told = [tag("p", line) for line in lines(tree, language) if line]
    made = [*told, *(markup for view in tables for markup in drawn(view, report))]
    return section(name, language.translate(title), *made) if made else None


def write_tree_page(folder: Path, language: Language = ENGLISH) -> Path:
    """Write report.html of the folder anew from its tables. Raises CaseError where that cannot be done."""
    path = folder / NAME
    write_file(path, str(path), make_tree_page(folder, language), lambda _: True)
    return path


# --- write -----------------------------------------------------------------------------------------------------------------
# The output folder of a plan for several futures: tables, summary and first page, and below `futures` the output of each.


def write_tree(plan: TreePlan, out: Path, options: Callable[[Path], Mapping[str, Any]], language: Language = ENGLISH) -> Path:
    """Write all of it; gives where it stands. Raises CaseError where nothing can be written.

    options  of the run, as run.json of an output in that place has them
    """
    mistakes: list[Exception] = []
    with writing(out, TREE) as (new, moved):
        (new / LEAVES).mkdir()
        for name, run in plan.runs.items():
            (new / LEAVES / name).mkdir()
            told = {**options(out / LEAVES / name), "future": name}
            mistake = write_into(run, plan.leaf_cases[name], new / LEAVES / name, told, language)
            mistakes += [mistake] if mistake is not None else []
        for name, table in tree_tables(plan).items():
            write_csv(table, new / TABLES[name].file)
        write_json(tree_summary(plan), new / "summary.json")
        (new / NAME).write_text(make_tree_page(new, language), encoding="utf-8")
    if mistakes:
        raise mistakes[0]
    return moved.place
