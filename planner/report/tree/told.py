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
from planner.futures.figures import EVERY
from planner.language.language import Language, mark
from planner.output.kinds import is_tree
from planner.output.schema import TABLES
from planner.report.tree.facts import NOW

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
#: What a figure of a table and item is called; of all others the words of the table stand.
CALLED = {
    ("prices", "energy"): mark("price of {name}"),
    ("costs", "capital_cost"): mark("capital cost of {name}"),
    ("costs", "project_cost"): mark("project cost of {name}"),
    ("costs", "fixed_cost"): mark("fixed cost of {name}"),
    ("costs", "variable_cost"): mark("running cost of {name}"),
}
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


def figures_of(tree: WrittenTree, name: str, language: Language) -> str:
    """What differs in a future, in words: `price of gas × 1.5`."""
    own = tree.summary["differs"].get(name, {"figures": []})["figures"]
    say = language.translate
    if not own:
        return say("nothing differs")
    return say("; ").join(
        f"{_called(figure, language)} " + ", ".join(_change(change, language) for change in figure["changes"]) for figure in own
    )


def _called(figure: Mapping[str, Any], language: Language) -> str:
    """What a figure is called."""
    words = CALLED.get((figure.get("table", ""), figure.get("item", "")))
    return str(figure["figure"]) if words is None or figure["name"] == EVERY else language.translate(words, name=figure["name"])


def sign_of(tree: WrittenTree, name: str, language: Language) -> str:
    """The sign that tells that a future has come: what to watch, each with its level then and at present, and when to look."""
    say, row = language.translate, tree.summary["differs"][name]
    year, figures = row["from_year"], row["figures"]
    if not figures:
        words = say("{future}, known in {year}: none of the signs of the others is seen", future=name, year=year)
    else:
        told = say("; ").join(_watched(figure, language) for figure in figures)
        words = say("{future}, known in {year}: watch {figures}", future=name, year=year, figures=told)
    return say("{sign}. Look by the beginning of {year}, before its orders are placed.", sign=words, year=year)


def _watched(figure: Mapping[str, Any], language: Language) -> str:
    """A figure that differs: by how much, and if it has a unit of its own its level then and at present."""
    say = language.translate
    words = f"{_called(figure, language)} " + ", ".join(_change(change, language) for change in figure["changes"])
    own = figure.get("level")
    if not own:
        return words
    more = say(
        "{then} {unit} in {year}, where it is {value} {unit} in {first}",
        then=language.amount(own["then"]),
        value=language.amount(own["value"]),
        unit=own["unit"],
        year=own["year"],
        first=own["first_year"],
    )
    return say("{what} ({more})", what=words, more=more)


def _change(change: Mapping[str, Any], language: Language) -> str:
    number = f"× {change['factor']:g}" if change["factor"] is not None else f"= {change['value']} {change['unit']}".rstrip()
    return number if change["year"] is None else language.translate("{number} in {year}", number=number, year=change["year"])


def amount(order: Mapping[str, Any], language: Language) -> str:
    """How much is ordered; of a measure nothing but that it is."""
    return "" if order["unit"] == "1" else f"{language.amount(float(order['build']))} {order['unit']}"


def waiting(tree: WrittenTree, language: Language) -> list[dict[str, Any]]:
    """What waits until it is known which future has come, each order once: with `futures` in which it is placed, and the `share` of
    all of them together."""
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in tree.later.to_dict("records"):
        money = language.money(float(row["capital_cost"]), tree.currency)
        key = row["year"], row["item"], amount(row, language), money
        if key in found:
            found[key]["futures"].append(row["node"])
            found[key]["share"] += row["share"]
        else:
            found[key] = {**row, "futures": [row["node"]]}
    return [{**row, "futures": language.translate(", ").join(map(str, row["futures"]))} for row in found.values()]


def head_words(tree: WrittenTree, language: Language) -> list[str]:
    """What was minimised, and what is proven of it."""
    say, block = language.translate, tree.block
    cost, gap = language.money(block["expected_cost"], tree.currency), language.percent(block["gap"], 2)
    value = language.money(block["value"], tree.currency)
    if block["objective"] == "expected":
        lines = [say(MEAN, count=len(tree.leaves), cost=cost, gap=gap)]
    elif block["objective"] == "regret":
        lines = [say(REGRET, regret=value, gap=gap, cost=cost)]
    else:
        tail = language.percent(block["tail"], 0)
        lines = [say(WORST, tail=tail, weight=f"{block['weight']:g}", value=value, gap=gap, cost=cost)]
    if tree.summary["typical_days"]:
        count = tree.summary["typical_days"]
        lines.append(say("Costs are on one typical day.") if count == 1 else say("Costs are on {count} typical days.", count=count))
    return lines


def signs(tree: WrittenTree) -> list[str]:
    """Futures that are known from a year on."""
    return [name for name, row in tree.summary["differs"].items() if row["from_year"] is not None]


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
                carrier=w["carrier"],
                zone=w["zone"],
                year=w["year"],
                day=w["first_day"],
            )
            for w in own["unserved"]
        ]
        words += [
            say(
                "{metric} of {stage} is missed in {year} by {amount}",
                metric=m["metric"],
                stage=m["stage"],
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
