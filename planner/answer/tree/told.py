"""A plan for several futures in words: from its files alone, for the page and the console."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from models.errors import CaseError
from planner.answer.saving import COSTS
from planner.answer.standing_words import titled
from planner.answer.tree.facts import NOW
from planner.language.language import Language, mark
from planner.language.message import from_json
from planner.language.words import CARRIERS, METRICS, STAGES, ZONES, named
from planner.tables.place import is_tree
from planner.tables.schema import TABLES

#: The plan whose first orders are judged.
EXPECTED, LEAST_REGRET = "expected", "least regret"
#: What was minimised, and what is proven of it.
MEAN = mark("The least expected cost of all {count} futures: {cost}; proven within {gap}.")
REGRET = mark(
    "The least regret: in no future does the plan cost more than {regret} above the least; proven within {gap} of the expected "
    "cost, {cost}."
)
WORST = mark(
    "The least of expected cost and of the mean of the worst {tail} of futures, the latter with weight {weight}: {value}; proven "
    "within {gap}; expected cost {cost}."
)
SAVED = mark("Going on as today would cost {usual} on average of the futures: the plan saves {money} ({share}).")
DEARER = mark("Going on as today would cost {usual} on average of the futures: the plan costs {money} ({share}) more.")
ASSUMED = mark("Nobody stated the probabilities of these futures; equal shares are assumed: {names}.")
HOLDS = mark("all demand is met and every rule is kept in all hours; system cost {cost}")


@dataclass(frozen=True)
class WrittenTree:
    """What was written."""

    folder: Path
    summary: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    @property
    def block(self) -> Mapping[str, Any]:
        """The block `futures`."""
        return dict(self.summary["futures"])

    @property
    def warnings(self) -> list[str]:
        """The warnings of the run, as they can be told in another language."""
        return [from_json(text) for text in self.summary.get("messages", self.summary)["warnings"]]

    @property
    def leaves(self) -> list[dict[str, Any]]:
        """The futures that none branches from."""
        return list(self.block["leaves"])

    @property
    def currency(self) -> str:
        """The park's currency."""
        return str(self.summary["currency"])

    @cached_property
    def orders(self) -> pd.DataFrame:
        """commit.csv, what costs most first."""
        table: pd.DataFrame = self.tables["commit"]
        return table.sort_values(["year", "capital_cost"], ascending=[True, False])

    @property
    def now(self) -> pd.DataFrame:
        """What all futures share."""
        return self.orders[self.orders["when"] == NOW]

    @property
    def later(self) -> pd.DataFrame:
        """What waits until it is known which future has come."""
        return self.orders[self.orders["when"] != NOW]

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Cost of each plan in each future: a row a plan; missing where it cannot be kept."""
        table = self.tables["regret"]
        return table.pivot(index="plan", columns="future", values="cost").reindex(
            list(dict.fromkeys(table["plan"])), columns=list(dict.fromkeys(table["future"]))
        )

    @cached_property
    def regrets(self) -> pd.DataFrame:
        """What each plan costs more than the least of each future."""
        least = self.tables["regret"].drop_duplicates("future").set_index("future")["least_cost"]
        return self.costs - least.reindex(self.costs.columns)


def read_tree(folder: Path) -> WrittenTree:
    """Read an output back. Raises CaseError where it is none."""
    if not is_tree(folder):
        raise CaseError.because("{folder}: is no plan for several futures", folder=folder)
    tables = {
        name: pd.read_csv(
            folder / TABLES[name].file,
            keep_default_na=False,
            na_values={"cost": [""], "regret": [""]},
            dtype={"when": str, "node": str, "future": str, "plan": str},
        )
        for name in ("futures", "commit", "regret")
    }
    return WrittenTree(folder, json.loads((folder / "summary.json").read_text(encoding="utf-8")), tables)


def amount(order: Mapping[str, Any], language: Language) -> str:
    """How much is ordered; of a measure nothing but that it is."""
    return "" if order["unit"] == "1" else f"{language.amount(float(order['build']))} {order['unit']}"


def head_words(tree: WrittenTree, language: Language) -> list[str]:
    """What was minimised, and what is proven of it; of what the cost is, and how far it is below going on as today."""
    say, block = language.translate, tree.block
    money = language.money(block["gap"] * abs(block["expected_cost"]), tree.currency)
    gap = say("{what} ({more})", what=language.percent(block["gap"], 2), more=money)
    cost, value = (language.money(block[name], tree.currency) for name in ("expected_cost", "value"))
    if block["objective"] == "expected":
        lines = [say(MEAN, count=len(tree.leaves), cost=cost, gap=gap)]
    elif block["objective"] == "regret":
        lines = [say(REGRET, regret=value, gap=gap, cost=cost)]
    else:
        tail = language.percent(block["tail"], 0)
        lines = [say(WORST, tail=tail, weight=f"{block['weight']:g}", value=value, gap=gap, cost=cost)]
    lines += _usual_words(tree, language)
    if count := tree.summary["typical_days"]:
        lines.append(say("Costs are on one typical day.") if count == 1 else say("Costs are on {count} typical days.", count=count))
    return lines


def _usual_words(tree: WrittenTree, language: Language) -> list[str]:
    """What going on as today would cost, and how much more or less the plan does."""
    usual, cost = tree.block.get("business_as_usual"), tree.block["expected_cost"]
    if usual is None:
        return []
    words = SAVED if usual > cost else DEARER
    shown = [language.money(amount, tree.currency) for amount in (usual, abs(usual - cost))]
    return [language.translate(words, usual=shown[0], money=shown[1], share=language.percent(abs(usual - cost) / abs(usual), 0))]


def cost_words(tree: WrittenTree, language: Language) -> str:
    """Which years and kinds of cost the system cost holds; nothing for an output that does not state its years."""
    own = tree.summary
    if "last_year" not in own or "discount_rate" not in own:
        return ""
    return language.translate(
        COSTS,
        price_year=own["price_year"],
        first=own["first_year"],
        last=own["last_year"],
        rate=language.percent(own["discount_rate"], 1),
    )


def net_in(tree: WrittenTree, future: str, year: int) -> float | None:
    """Net emissions of a future in a year (t); None where they were not told."""
    table = tree.tables["futures"]
    own = table[(table["future"] == future) & (table["item"] == f"net_emissions_{year}")]["value"]
    return None if own.empty else float(own.iloc[0])


def standard_title(tree: WrittenTree, language: Language) -> str:
    """What the standard of the goal is called."""
    standing = tree.summary.get("standing")
    return titled(language, standing) if standing else str(tree.summary["standard"])


def probability_words(tree: WrittenTree, language: Language) -> str:
    """Who set the probabilities."""
    if assumed := tree.summary.get("assumed", []):
        return language.translate(ASSUMED, names=language.translate(", ").join(assumed))
    return language.translate("The probabilities are those that the park states.")


def first_year(tree: WrittenTree) -> int:
    """First year of the plan; of an output that does not state it, of its orders."""
    return int(tree.summary.get("first_year") or (tree.now["year"].min() if len(tree.now) else 0))


def decisive(tree: WrittenTree) -> tuple[str, str] | None:
    """The plan and the future of the largest regret of the plan of least regret: the two that decide it."""
    if LEAST_REGRET not in tree.regrets.index:
        return None
    own = tree.regrets.loc[LEAST_REGRET].dropna()
    if len(own) < 2 or not math.isfinite(float(own.max())):
        return None
    first, second = own.sort_values(ascending=False).index[:2]
    return str(first), str(second)


def weather_words(tree: WrittenTree, language: Language) -> list[str]:
    """The plan in all hours of each year of weather: a line each."""
    say, lines = language.translate, []
    for own in tree.summary.get("in_all_hours", []):
        words = [
            say(
                "{energy} MWh of {carrier} in {zone} cannot be had in {year}, most in the week from day {day}",
                energy=language.amount(w["energy"]),
                carrier=named(language, CARRIERS, w["carrier"]),
                zone=named(language, ZONES, w["zone"]),
                year=w["year"],
                day=w["first_day"],
            )
            for w in own["unserved"]
        ]
        words += [
            say(
                "{metric} of {stage} is missed in {year} by {amount}",
                metric=named(language, METRICS, m["metric"]),
                stage=named(language, STAGES, m["stage"]),
                year=m["year"],
                amount=language.amount(m["amount"]),
            )
            for m in own["missed"]
        ]
        if own["cost"] is None:
            words.append(say("its decisions cannot be kept"))
        if own["holds"]:
            words.append(say(HOLDS, cost=language.money(own["cost"], tree.currency)))
        lines.append(say("{what}: {words}", what=own["future"], words=say("; ").join(words)))
    return lines
