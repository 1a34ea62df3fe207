"""A plan for several futures on the console: what to order now, what to wait for, and what it costs to be wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from planner.answer.caveats import aside_words
from planner.answer.tree.left_open import conclusion, left_open_words, look_words, regret_words, sign_words, signs, worth_words
from planner.answer.tree.sureness import plan_title
from planner.answer.tree.titled import titled
from planner.answer.tree.told import (
    EXPECTED,
    LEAST_REGRET,
    WrittenTree,
    checked_words,
    failure_words,
    head_words,
    in_every_future,
    not_yet,
    of_today,
    ordered,
    read_tree,
    standard_title,
    today_words,
    waiting,
    weather_words,
)
from planner.language.language import Language
from planner.language.words import STAGES, STATUSES, named, plain

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
