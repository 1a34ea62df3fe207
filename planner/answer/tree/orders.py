"""What a plan for several futures orders: today, later in every future, and what waits until it is known which has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from planner.answer.tree.told import WrittenTree, amount, first_year
from planner.language.language import NONE, Language, mark

TODAY = mark("To decide today: orders of {year}, {money}.")
NOT_TODAY = mark("Not today: {money} for {years}, the same in every future; the next decision is due by the beginning of {next}.")
#: Orders of one decision, by the future in which they are placed.
ByFuture = dict[str, dict[str, Any]]


def of_today(tree: WrittenTree) -> list[dict[str, Any]]:
    """Orders of the first year, which every future shares."""
    return [row for row in tree.now.to_dict("records") if int(row["year"]) <= first_year(tree)]


def in_every_future(tree: WrittenTree, language: Language) -> list[dict[str, Any]]:
    """Orders of later years that every future places alike: before it is known which comes, and those after that do not depend on
    it."""
    shared = [row for row in tree.now.to_dict("records") if int(row["year"]) > first_year(tree)]
    return shared + [next(iter(own.values())) for own in _decisions(tree).values() if _is_alike(tree, own, language)]


def waiting(tree: WrittenTree, language: Language) -> dict[tuple[int, str], ByFuture]:
    """Decisions that turn out otherwise from future to future, by year and item."""
    return {key: own for key, own in _decisions(tree).items() if not _is_alike(tree, own, language)}


def _decisions(tree: WrittenTree) -> dict[tuple[int, str], ByFuture]:
    """Orders after a branching, by year and item; what a future orders, all that branch from it order."""
    found: dict[tuple[int, str], ByFuture] = {}
    for row in tree.later.to_dict("records"):
        own = found.setdefault((int(row["year"]), str(row["item"])), {})
        own.update({leaf["name"]: row for leaf in tree.leaves if _is_below(tree, leaf["name"], row["node"])})
    return found


def _is_below(tree: WrittenTree, leaf: str, node: str) -> bool:
    """True if the path to a leaf leads through a node."""
    differs, name = tree.summary["differs"], leaf
    while name and name != node:
        name = differs[name]["parent"] if name in differs else ""
    return bool(name)


def _is_alike(tree: WrittenTree, own: ByFuture, language: Language) -> bool:
    """True if every future places the order, of one size for the same money as they are shown."""
    return len(own) == len(tree.leaves) and len({ordered(tree, row, language) for row in own.values()}) == 1


def ordered(tree: WrittenTree, row: Mapping[str, Any] | None, language: Language) -> str:
    """Size and money of an order: `2 MW, 1.5 M CNY`; of a measure its money alone, and of no order a dash."""
    if row is None:
        return NONE
    size, money = amount(row, language), capital(tree, row, language)
    if size and money != NONE:
        return language.translate("{amount}, {money}", amount=size, money=money)
    return size or (money if money != NONE else language.translate("yes"))


def capital(tree: WrittenTree, row: Mapping[str, Any], language: Language) -> str:
    """The capital cost of an order, a dash where it has none."""
    money = float(row["capital_cost"])
    return language.money(money, tree.currency) if money else NONE


def paid(rows: Iterable[Mapping[str, Any]]) -> float:
    """The capital cost of orders together (money)."""
    return sum(float(row["capital_cost"]) for row in rows)


def years_of(rows: list[dict[str, Any]]) -> str:
    """The years of orders: `2027–2029`."""
    years = [int(row["year"]) for row in rows]
    return str(years[0]) if min(years) == max(years) else f"{min(years)}–{max(years)}"


def today_words(tree: WrittenTree, language: Language) -> list[str]:
    """What is to be decided today, and what is not, in money, and when the next decision is due."""
    say, today, later = language.translate, of_today(tree), in_every_future(tree, language)
    if not today and not later:
        return [say("Nothing is ordered before it is known which future comes.")]
    lines = [say(TODAY, year=first_year(tree), money=language.money(paid(today), tree.currency))]
    others = [int(row["year"]) for row in tree.orders.to_dict("records") if int(row["year"]) > first_year(tree)]
    if later:
        shown = language.money(paid(later), tree.currency)
        lines.append(say(NOT_TODAY, money=shown, years=years_of(later), next=min(others)))
    return lines
