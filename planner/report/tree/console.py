"""A plan for several futures on the console: what to order now, what to wait for, and what it costs to be wrong."""

from __future__ import annotations

import math
from pathlib import Path

from rich.console import Console

from planner.language.language import Language
from planner.language.plain import plain
from planner.language.words import STAGES, STATUSES, named
from planner.report.tree.failing import failure_words, not_yet
from planner.report.tree.sureness import plan_title
from planner.report.tree.told import (
    EXPECTED,
    LEAST_REGRET,
    WrittenTree,
    amount,
    first_year,
    head_words,
    read_tree,
    sign_of,
    signs,
    waiting,
    weather_words,
)
from planner.report.tree.worth import is_nothing, worth_words

#: Orders of a list that are named; the rest is counted.
MOST = 8


def print_tree(folder: Path, console: Console, language: Language, quiet: bool = False) -> None:
    """The answer in some thirty lines; with `quiet` in one."""
    tree, say = read_tree(folder), language.translate
    stage = say("{stage} by {year}", stage=named(language, STAGES, tree.summary["target"]), year=tree.summary["by"])
    status = named(language, STATUSES, tree.summary["status"])
    if quiet:
        console.print(plain(say("{goal}: {status}; {out}", goal=stage, status=status, out=folder)), soft_wrap=True)
        return
    console.print(plain(say("{what}: {words}", what=tree.summary["park"], words=stage)) + f" ({plain(tree.summary['standard'])})")
    for line in _lines(tree, language):
        console.print(plain(line), soft_wrap=True)
    console.print(
        plain(
            say(
                "{folder}: report.html, futures.csv, commit.csv, regret.csv; of each future its own output in futures/",
                folder=folder,
            )
        ),
        soft_wrap=True,
    )


def _lines(tree: WrittenTree, language: Language) -> list[str]:
    say = language.translate
    if tree.block["expected_cost"] is None:
        return failure_words(tree, language)
    lines = [*not_yet(tree, language), *head_words(tree, language)]
    year, now = first_year(tree), tree.now.to_dict("records")
    soon, then = ([row for row in now if (int(row["year"]) <= year) is is_first] for is_first in (True, False))
    lines += [say("Commit now:"), *_orders(tree, soon, language)]
    if then:
        lines += [say("Then, in every future (may still be reviewed):"), *_orders(tree, then, language)]
    lines.append(say("Wait for:"))
    lines += ["  " + sign_of(tree, name, language) for name in signs(tree)]
    lines += _orders(tree, waiting(tree, language), language)
    if not tree.tables["regret"].empty:
        lines.append(say("What it costs to be wrong (more than had it been known):"))
        for plan in (p for p in (EXPECTED, LEAST_REGRET) if p in tree.regrets.index):
            own = tree.regrets.loc[plan]
            cells = [f"{name} {_regret(tree, float(v), language)}" for name, v in own.items()]
            lines.append("  " + say("{what}: {words}", what=plan_title(plan, language), words=say("; ").join(cells)))
    if weather := weather_words(tree, language):
        lines += [say("In all hours of each weather:"), *("  " + line for line in weather)]
    return lines + worth_words(tree, language)


def _regret(tree: WrittenTree, value: float, language: Language) -> str:
    if not math.isfinite(value):
        return language.translate("cannot be kept")
    return language.translate("nothing") if is_nothing(tree, value) else language.money(value, tree.currency)


def _orders(tree: WrittenTree, rows: list[dict[str, object]], language: Language) -> list[str]:
    say = language.translate
    if not rows:
        return ["  " + say("nothing")]
    shown = sorted(rows, key=lambda row: -float(str(row["capital_cost"])))[:MOST]
    lines = []
    for row in sorted(shown, key=lambda row: (str(row["year"]), str(row["item"]))):
        money = language.money(float(str(row["capital_cost"])), tree.currency)
        futures = f"  ({row['futures']})" if "futures" in row else ""
        lines.append(f"  {row['year']}  {row['item']} {amount(row, language)}".rstrip() + f"  {money}{futures}")
    if len(rows) > len(shown):
        lines.append("  " + say("and {count} more", count=len(rows) - len(shown)))
    return lines
