"""The first page of a plan for several futures: what to order now, what to wait for, and what it costs to be wrong."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.console import Console

from planner.answer.caveats import aside_of, aside_words
from planner.answer.files import write_csv, write_into, write_json
from planner.answer.page.page import NAME, document
from planner.answer.page.report import Section, section
from planner.answer.page.table import Markup, number, table, tag
from planner.answer.tree.facts import (
    EXPECTED,
    LEAST_REGRET,
    WrittenTree,
    amount,
    capital,
    checked_words,
    cost_words,
    decisive,
    failure_words,
    first_year,
    goal_words,
    head_words,
    in_every_future,
    net_in,
    not_yet,
    of_today,
    ordered,
    paid,
    probability_words,
    read_tree,
    standard_title,
    today_words,
    tree_summary,
    tree_tables,
    waiting,
    weather_words,
    years_of,
)
from planner.answer.tree.left_open import (
    ALWAYS,
    NEARER,
    StayingRange,
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
    sign_words,
    signs,
    signs_of,
    titled,
    worth_words,
)
from planner.futures.results import TreePlan
from planner.language.language import ENGLISH, NONE, Language, mark
from planner.language.words import STAGES, STATUSES, named, plain
from planner.tables.place import LEAVES, TREE, write_file, writing
from planner.tables.schema import TABLES

# --- console ---------------------------------------------------------------------------------------------------------------
# A plan for several futures on the console: what to order now, what to wait for, and what it costs to be wrong.

#: Orders of a list that are named; the rest is counted.
MOST = 8


def print_tree(folder: Path, console: Console, language: Language, quiet: bool = False) -> None:
    """The answer in some thirty lines; with `quiet` in one."""
    tree, say = titled(read_tree(folder), language), language.translate
    stage = say("{stage} by {year}", stage=named(language, STAGES, tree.summary["target"]), year=tree.summary["by"])
    status = named(language, STATUSES, tree.summary["status"])
    if quiet:
        if tree.block["gap"] is not None:
            status = say("{status}, {proof}", status=status, proof=checked_words(tree, language))
        console.print(plain(say("{goal}: {status}; {out}", goal=stage, status=status, out=folder)), soft_wrap=True)
        return
    console.print(
        plain(
            say(
                "{what}: {words}",
                what=tree.summary["park"],
                words=say("{what} ({more})", what=stage, more=standard_title(tree, language)),
            )
        )
    )
    for line in _lines(tree, language):
        console.print(plain(line), soft_wrap=True)
    console.print(plain(_files(tree, folder, language)), soft_wrap=True)


def _files(tree: WrittenTree, folder: Path, language: Language) -> str:
    """What was written; a future without a plan has no output of its own."""
    say = language.translate
    if tree.block["expected_cost"] is None:
        return say("{folder}: report.html, summary.json", folder=folder)
    return say(
        "{folder}: report.html, futures.csv, commit.csv, regret.csv; of each future its own output in futures/", folder=folder
    )


def _lines(tree: WrittenTree, language: Language) -> list[str]:
    say = language.translate
    if tree.block["expected_cost"] is None:
        return failure_words(tree, language)
    top = [*not_yet(tree, language), conclusion(tree, language), *aside_words(tree.warnings, language), *head_words(tree, language)]
    lines = [line for line in top if line]
    today, *later = today_words(tree, language)
    lines += [today, *_orders(tree, of_today(tree), language)]
    for line in later:
        lines += [line, *_orders(tree, in_every_future(tree, language), language)]
    lines.append(say("Wait for:"))
    lines += ["  " + say("{words}.", words=sign_words(tree, name, language)) for name in signs(tree)]
    lines += ["  " + look_words(tree, language)] if signs(tree) else []
    lines += _waiting(tree, language)
    if not tree.tables["regret"].empty:
        lines.append(say("What it costs to be wrong (more than had it been known):"))
        for plan in (p for p in (EXPECTED, LEAST_REGRET) if p in tree.regrets.index):
            own = tree.regrets.loc[plan]
            cells = [f"{name} {regret_words(tree, str(name), float(v), language)}" for name, v in own.items()]
            lines.append("  " + say("{what}: {words}", what=plan_title(plan, language), words=say("; ").join(cells)))
        lines += ["  " + line for line in left_open_words(tree, language)]
    if weather := weather_words(tree, language):
        lines += [say("In all hours of each weather:"), *("  " + line for line in weather)]
    return lines + worth_words(tree, language)


def _orders(tree: WrittenTree, rows: Sequence[dict[str, Any]], language: Language) -> list[str]:
    say = language.translate
    shown = sorted(rows, key=lambda row: -float(row["capital_cost"]))[:MOST]
    lines = [
        f"  {row['year']}  {row['item']}  {ordered(tree, row, language)}"
        for row in sorted(shown, key=lambda row: (row["year"], -float(row["capital_cost"])))
    ]
    return [*lines, "  " + say("and {count} more", count=len(rows) - len(shown))] if len(rows) > len(shown) else lines


def _waiting(tree: WrittenTree, language: Language) -> list[str]:
    """A line for each decision that turns out otherwise from future to future."""
    say, rows = language.translate, waiting(tree, language)
    if not rows:
        return ["  " + say("Nothing: no future has orders of its own.")]
    lines = []
    for (year, item), own in list(rows.items())[:MOST]:
        cells = [
            say("{what}: {words}", what=leaf["name"], words=ordered(tree, own.get(leaf["name"]), language)) for leaf in tree.leaves
        ]
        lines.append(f"  {year}  {item}  {say('; ').join(cells)}")
    return [*lines, "  " + say("and {count} more", count=len(rows) - MOST)] if len(rows) > MOST else lines


# --- page ------------------------------------------------------------------------------------------------------------------

#: What stands above the tables.
PAID = mark(
    "What is paid more than if the future had been known from the start; everything after the first orders is decided anew."
)
BETWEEN = mark(
    "Between these probabilities the first orders of the least expected cost stay the best of the plans in the table above; the "
    "other futures keep their proportions."
)
FULL_PRICE = mark("Sums of orders are full prices as they are paid, not discounted, in prices of {price_year}.")
NO_CAPITAL = mark("{dash}: not in the sum; planting, and what is paid by the year, are in the costs of each future's report.")


def make_tree_page(folder: Path, language: Language = ENGLISH) -> str:
    """The page as the text of one HTML file, from the files of the folder."""
    return tree_page(read_tree(folder), language)


def tree_page(tree: WrittenTree, language: Language) -> str:
    """The page as the text of one HTML file."""
    tree, say = titled(tree, language), language.translate
    subject = say("{stage} by {year}", stage=named(language, STAGES, tree.summary["target"]), year=tree.summary["by"])
    if tree.block["expected_cost"] is None:
        sections = [_without_plan(tree, language), _futures(tree, language)]
    else:
        made = (
            _now(tree, language, subject),
            _wait(tree, language),
            wrong_section(tree, language),
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


def _page_orders(tree: WrittenTree, rows: Sequence[Mapping[str, Any]], language: Language, label: str) -> list[Markup]:
    """A table of orders: name, year (where years differ), amount and money; the last row is the sum."""
    say, total = language.translate, paid(rows)
    is_one = len({row["year"] for row in rows}) == 1
    years = [] if is_one else [say("year")]
    shown = [
        [
            row["item"],
            *([] if is_one else [str(row["year"])]),
            amount(row, language),
            number(float(row["capital_cost"]), capital(tree, row, language)),
        ]
        for row in rows
    ]
    sums = [[say("total"), *("" for _ in years), "", number(total, language.money(total, tree.currency))]] if len(rows) > 1 else []
    parts = [table([say("item"), *years, say("amount"), say("capital cost")], shown, 1 + len(years), label, total=sums)]
    if any(not float(row["capital_cost"]) for row in rows):
        parts.append(tag("p", say(NO_CAPITAL, dash=NONE)))
    return parts


def _now(tree: WrittenTree, language: Language, stage: str) -> Section:
    """What speaks against ordering, what follows, the goal and its cost, and the orders that every future shares."""
    say = language.translate
    parts: list[object] = [tag("p", tag("strong", line)) for line in not_yet(tree, language)]
    parts += [tag("p", tag("strong", line)) for line in (conclusion(tree, language), *today_words(tree, language)) if line]
    parts += [tag("p", line) for line in (*goal_words(tree, language, stage), *aside_words(tree.warnings, language))]
    parts += [tag("p", line) for line in (*head_words(tree, language), cost_words(tree, language)) if line]
    soon, later = of_today(tree), in_every_future(tree, language)
    words = say("Order this year ({year})", year=first_year(tree))
    parts += [tag("h3", words), *(_page_orders(tree, soon, language, words) if soon else [tag("p", say("nothing"))])]
    if later:
        words = say("Not today, in every future the same ({years}; may still be reviewed)", years=years_of(later))
        parts += [tag("h3", words), *_page_orders(tree, later, language, words)]
    if soon or later:
        parts.append(tag("p", say(FULL_PRICE, price_year=tree.summary.get("price_year", NONE))))
    dear = [leaf for leaf in tree.leaves if leaf["regret"] is not None]
    worst = max(dear, key=lambda leaf: leaf["regret"], default=None)
    if worst is not None and is_told(tree, worst["regret"]):
        money = language.money(worst["regret"], tree.currency)
        said = mark("They fit worst if {future} comes: the plan then costs {money} more than had it been known.")
        parts.append(tag("p", say(said, future=worst["name"], money=money)))
    return section("now", say("Commit now"), *parts)


def _wait(tree: WrittenTree, language: Language) -> Section:
    """The signs that tell which future has come, and what is ordered otherwise from future to future."""
    say, rows, found = language.translate, waiting(tree, language), signs(tree)
    if not found:
        words = say("Nothing: which future comes is never known, so there is nothing to wait for.")
        return section("wait", say("Wait for"), tag("p", words))
    parts: list[object] = []
    if rows:
        names = [leaf["name"] for leaf in tree.leaves]
        body = [
            [item, str(year), *(ordered(tree, own.get(name), language) for name in names)] for (year, item), own in rows.items()
        ]
        parts.append(table([say("item"), say("year"), *names], body, 2, say("Wait for"), "plans"))
        parts.append(tag("p", say("{dash}: not ordered in that future.", dash=NONE)))
    else:
        parts.append(tag("p", say("Nothing: no future has orders of its own.")))
    return section("wait", say("Wait for"), *parts, *_signs(tree, found, language))


def _signs(tree: WrittenTree, names: Sequence[str], language: Language) -> list[Markup]:
    """The figures to watch of every future, with their levels; of a future without any that there is none."""
    say, first = language.translate, first_year(tree)
    rows = [
        [name, sign.what, sign.today, str(tree.summary["differs"][name]["from_year"]), sign.stated, sign.here, sign.nearer]
        for name in names
        for sign in signs_of(tree, name, language)
    ]
    head = [
        say("future"),
        say("what to watch"),
        say("in {year}", year=first),
        say("known in"),
        say("then, as stated"),
        say("then, in this future"),
        say("the nearer one"),
    ]
    bare = [sign_words(tree, name, language) for name in names if not tree.summary["differs"][name]["figures"]]
    shown = (
        [tag("h3", say("Signs to watch")), table(head, rows, 2, say("Signs to watch"), "plans"), tag("p", say(NEARER))]
        if rows
        else []
    )
    return [*shown, *(tag("p", say("{words}.", words=line)) for line in bare), tag("p", look_words(tree, language))]


def wrong_section(tree: WrittenTree, language: Language) -> Section | None:
    """Plan by future: what each costs more than the least; where a plan cannot be kept it is no choice."""
    if tree.tables["regret"].empty:
        return None
    say = language.translate
    futures = list(tree.regrets.columns)
    rows = [
        [plan_title(str(plan), language), *(_regret(tree, str(name), float(v), language) for name, v in own.items())]
        for plan, own in tree.regrets.iterrows()
    ]
    head = [say("first orders of the plan for"), *(say("if {future} comes", future=name) for name in futures)]
    parts: list[object] = [tag("p", say(PAID)), table(head, rows, 1, say("What it costs to be wrong"))]
    parts += [tag("p", line) for line in (*left_open_words(tree, language), *not_kept(tree, language))]
    if (two := decisive(tree)) is not None and is_told(tree, float(tree.regrets.loc[LEAST_REGRET].max())):
        parts.append(tag("p", say("The largest regret is decided between {first} and {second}.", first=two[0], second=two[1])))
    return section("wrong", say("What it costs to be wrong"), *parts)


def _regret(tree: WrittenTree, future: str, value: float, language: Language) -> object:
    shown = regret_words(tree, future, value, language)
    return number(value, shown) if math.isfinite(value) else shown


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
    say, summary = language.translate, tree.summary
    years = list(dict.fromkeys((int(summary["by"]), int(summary.get("last_year", summary["by"])))))
    has_usual = any(leaf.get("business_as_usual") is not None for leaf in tree.leaves)
    head = [say("future"), say("what differs"), say("probability"), say("system cost")]
    head += [say("saved against going on as today")] if has_usual else []
    head += [say("net emissions in {year} [t]", year=year) for year in years]
    parts = [
        tag("p", probability_words(tree, language)),
        table(head, _leaves(tree, years, has_usual, language), 2, say("The futures")),
    ]
    warnings = [tag("li", language.tell(text)) for text in tree.warnings if aside_of(text) is None]
    return section("futures", say("The futures"), *parts, tag("ul", *warnings) if warnings else None)


def _leaves(tree: WrittenTree, years: Sequence[int], has_usual: bool, language: Language) -> Iterator[list[object]]:
    """Of each future: its page, what differs, how likely it is, cost, what is saved, and net emissions by year."""
    for leaf in tree.leaves:
        name, folder, cost = leaf["name"], leaf["folder"], leaf["cost"]
        is_there = (tree.folder / LEAVES / folder).is_dir()
        link = tag("a", name, href=f"futures/{quote(folder)}/report.html") if is_there else name
        row: list[object] = [
            link,
            figures_of(tree, name, language),
            language.percent(leaf["probability"], 1),
            _money(tree, cost, language),
        ]
        if has_usual:
            usual = leaf.get("business_as_usual")
            row.append(_money(tree, None if usual is None or cost is None else usual - cost, language))
        net = [leaf["net"] if year == tree.summary["by"] else net_in(tree, name, year) for year in years]
        yield row + [NONE if value is None else number(value, language.amount(value)) for value in net]


def _money(tree: WrittenTree, value: float | None, language: Language) -> object:
    return NONE if value is None else number(value, language.money(value, tree.currency))


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
