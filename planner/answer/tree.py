r"""A plan for several futures as page and in the terminal, from the files of its folder alone.

Its parts and what they say stand in `tree.toml`, their tables and charts in `views.toml`; here is what they are filled with.

What a search leaves open, in money, is told: below that no difference between two plans means anything,

.. math::
    0 \le C_{q,l} - C^*_l \le C_{q,l} - B_l

C_{q,l}  cost that was found of plan q in future l     C*_l  least cost of l, found to be at most the `least_cost` of futures.csv
B_l  its bound, `least_cost_bound` there                (all money)
"""

from __future__ import annotations

import json
import math
import string
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from rich.console import Console

from models.errors import CaseError
from planner.answer.caveats import aside_of, aside_words, told_share
from planner.answer.facts import FACTS
from planner.answer.money import COSTS_HELD
from planner.answer.page.page import NAME, document
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import explained, join, tag
from planner.answer.purchase import Titles, titles_in
from planner.answer.standing_words import titled, told_standing
from planner.answer.views import ShownTable, drawn, drawn_table, in_language, shown, views
from planner.explain.blocking import NOT_IN_HOURS
from planner.futures.tree import EVERY
from planner.language.language import ENGLISH, NONE, Language, mark
from planner.language.message import from_json
from planner.language.words import CARRIERS, METRICS, STAGES, STATUSES, ZONES, named, plain, told_days
from planner.machine.stopping import CTRL_C, TIME_LIMIT
from planner.tables.output import Output
from planner.tables.place import LEAVES, is_tree, write_file
from planner.tables.schema import TABLES

#: Stands in commit.csv for what is ordered before anything is known.
NOW = "now"
#: Plans of regret.csv that are no future's own.
EXPECTED, LEAST_REGRET = "expected", "least regret"
#: Shares of the expected cost below which a value is nothing, and below which what bounds leave open is not told.
NOTHING, LITTLE = 1e-6, 1e-5
#: What is open of a value is told from this share of it on.
OPEN = 0.05
#: Most rows of a table of the terminal.
MOST = 8

# --- read ------------------------------------------------------------------------------------------------------------------


class StayingRange(NamedTuple):
    """The probabilities of a future at which the plan of least expected cost stays the best of those in regret.csv, and the plans
    that are better below and above; None where there is none."""

    low: float = 0.0
    high: float = 1.0
    below: str | None = None
    above: str | None = None


@dataclass(frozen=True)
class WrittenTree:
    """What was written, and the language in which it is told."""

    folder: Path
    summary: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    language: Language = ENGLISH

    @property
    def block(self) -> dict[str, Any]:
        """The block `futures`."""
        return dict(self.summary["futures"])

    @property
    def leaves(self) -> list[dict[str, Any]]:
        """The futures that none branches from."""
        return list(self.block["leaves"])

    @property
    def shares(self) -> dict[str, float]:
        """Probability of each leaf."""
        return {leaf["name"]: float(leaf["probability"]) for leaf in self.leaves}

    @cached_property
    def orders(self) -> pd.DataFrame:
        """commit.csv, what costs most first."""
        return self.tables["commit"].sort_values(["year", "capital_cost"], ascending=[True, False])

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Cost of each plan (rows) in each future (columns); missing where it cannot be kept."""
        table = self.tables["regret"]
        plans, futures = (list(dict.fromkeys(table[c])) for c in ("plan", "future"))
        return table.pivot(index="plan", columns="future", values="cost").reindex(plans, columns=futures)

    @cached_property
    def regrets(self) -> pd.DataFrame:
        """What each plan costs more than the least of each future."""
        least = self.tables["regret"].drop_duplicates("future").set_index("future")["least_cost"]
        return self.costs - least.reindex(self.costs.columns)

    @property
    def known(self) -> dict[str, int]:
        """Futures that are known from a year on, and that year."""
        return {name: int(row["from_year"]) for name, row in self.summary["differs"].items() if row["from_year"] is not None}

    @property
    def first_year(self) -> int:
        """First year of the plan."""
        return int(self.summary["first_year"])

    # titles: two of one title keep their names behind it

    @cached_property
    def futures(self) -> dict[str, str]:
        """Titles of the futures."""
        key = "title_zh" if self.language.code == "zh" else "title_en"
        return _unlike({n: str(row.get(key) or row.get("title") or n) for n, row in self.summary["differs"].items()})

    @cached_property
    def items(self) -> dict[str, str]:
        """Titles of what is ordered and of types, from what the outputs of the futures wrote."""
        words: dict[str, str] = {}
        types: dict[str, str] = {}
        for leaf in self.leaves:
            path = self.folder / LEAVES / leaf["name"] / TABLES["names"].file
            if path.is_file():
                own = titles_in(pd.read_csv(path, keep_default_na=False, dtype=str), self.language)
                words, types = {**own.words, **words}, {**{name: title for title, name in own.types.items()}, **types}
        return {**types, **words}

    def future(self, name: str) -> str:
        """Title of a future."""
        return self.futures.get(name, name)

    def plan(self, name: str) -> str:
        """What a plan of regret.csv is called."""
        words = {EXPECTED: mark("least expected cost"), LEAST_REGRET: mark("least regret")}.get(name)
        say = self.language.translate
        return say(words) if words else say("for one future alone: {future}", future=self.future(name))

    def money(self, value: float) -> str:
        """An amount of money."""
        return self.language.money(value, str(self.summary["currency"]))

    # what a search leaves open

    def is_nothing(self, money: float) -> bool:
        """True for an amount that is below what can be told from none."""
        return money < NOTHING * abs(self.block["expected_cost"])

    def open_in(self, future: str) -> float:
        """By how much the least cost of a future may be below what was found (money); 0 where that is too little to be told."""
        table = self.tables["futures"]
        own = table[table["future"] == future].set_index("item")["value"]
        if not {"least_cost", "least_cost_bound"} <= set(own.index):
            return 0.0
        return self._enough(float(own["least_cost"]) - float(own["least_cost_bound"]))

    @property
    def left_open(self) -> float:
        """Money below which two plans cannot be told apart: the most that the gaps of the plan and of single futures leave open."""
        of_plan = float(self.block["gap"] or 0.0) * abs(float(self.block["expected_cost"]))
        return max([self._enough(of_plan), *map(self.open_in, self.shares)])

    def _enough(self, money: float) -> float:
        return money if money > LITTLE * abs(float(self.block["expected_cost"])) else 0.0

    def is_told(self, money: float) -> bool:
        """True for a difference that is more than nothing and than what the search leaves open."""
        return not self.is_nothing(money) and money > self.left_open

    def ranges(self) -> dict[str, StayingRange]:
        r"""By future: the probabilities at which the plan of least expected cost stays the best of those in regret.csv.

        .. math::
            p\, C_{e,l} + (1-p) \sum_{m \neq l} \frac{p_m}{1-p_l} C_{e,m} \;\le\;
            p\, C_{q,l} + (1-p) \sum_{m \neq l} \frac{p_m}{1-p_l} C_{q,m}

        for every plan q: where the probability of l is another, the others keep their proportions. Exact over these plans: a plan
        that is not among them may be better earlier.
        """
        found = {}
        for name, own in self.shares.items() if EXPECTED in self.costs.index else ():
            if own >= 1.0:
                continue
            span = StayingRange()
            for plan, less in (self.costs.loc[EXPECTED] - self.costs).drop(EXPECTED).dropna().iterrows():
                others = sum(p * float(less[m]) for m, p in self.shares.items() if m != name) / (1 - own)
                slope = float(less[name]) - others
                if abs(slope) < 1e-9 * max(1.0, abs(others)):
                    continue
                turn = -others / slope
                if slope < 0 and turn > span.low:
                    span = span._replace(low=min(turn, own), below=str(plan))
                elif slope > 0 and turn < span.high:
                    span = span._replace(high=max(turn, own), above=str(plan))
            found[name] = span
        return found

    # orders

    @cached_property
    def decided(self) -> pd.DataFrame:
        """Every order of every future by year, item and future: its `size`, `text` and `capital_cost`; `is_now`: before anything is
        known; `is_alike`: every future places it, as it is shown."""
        differs, paths = self.summary["differs"], {}
        for leaf in self.shares:
            paths[leaf], name = [""], leaf
            while name:
                paths[leaf].append(name)
                name = differs[name]["parent"] if name in differs else ""
        made = [
            (
                int(row["year"]),
                row["item"],
                leaf,
                self._size(row),
                self.ordered(row),
                float(row["capital_cost"]),
                row["when"] == NOW,
            )
            for row in self.orders.to_dict("records")
            for leaf, path in paths.items()
            if row["node"] in path
        ]
        found = pd.DataFrame(made, columns=["year", "item", "future", "size", "text", "capital_cost", "is_now"])
        texts = found.groupby(["year", "item"])["text"]
        return found.assign(is_alike=(texts.transform("nunique") == 1) & (texts.transform("size") == len(paths)))

    @property
    def shared(self) -> pd.DataFrame:
        """What every future orders alike, once."""
        return (
            self.decided[self.decided["is_alike"]]
            .drop_duplicates(["year", "item"])
            .sort_values("is_now", ascending=False, kind="stable")
        )

    def ordered(self, row: Mapping[str, Any]) -> str:
        """Size and money of an order: `2 MW, 1.5 M CNY`; of a measure its money alone."""
        parts = [self._size(row), self.money(row["capital_cost"]) if row["capital_cost"] else ""]
        return self.language.translate(", ").join(filter(None, parts)) or self.language.translate("yes")

    def _size(self, order: Mapping[str, Any]) -> str:
        return "" if order["unit"] == "1" else f"{self.language.amount(float(order['build']))} {order['unit']}"


def _unlike(titles: Mapping[str, str]) -> dict[str, str]:
    """Titles of which no two are the same."""
    count = Counter(titles.values())
    return {name: title if count[title] == 1 else f"{title} ({name})" for name, title in titles.items()}


def read_tree(folder: Path, language: Language = ENGLISH) -> WrittenTree:
    """Read an output back. Raises CaseError where it is none."""
    if not is_tree(folder):
        raise CaseError.because("{folder}: is no plan for several futures", folder=folder)
    empty, text = {"cost": [""], "regret": [""]}, dict.fromkeys(("when", "node", "future", "plan"), str)
    tables = {
        name: pd.read_csv(folder / TABLES[name].file, keep_default_na=False, na_values=empty, dtype=text)
        for name in ("futures", "commit", "regret")
    }
    return WrittenTree(folder, json.loads((folder / "summary.json").read_text(encoding="utf-8")), tables, language)


# --- facts -----------------------------------------------------------------------------------------------------------------
# Rows of the views.


@dataclass(frozen=True)
class TreeReport(Report):
    """The page of a plan for several futures in the making."""

    tree: WrittenTree = field(kw_only=True)


class _TreeOutput(Output):
    """The output as views read it: every year of the horizon, and no plan of its own."""

    @property
    def years(self) -> list[int]:
        return list(range(self.summary["first_year"], self.summary["last_year"] + 1))


def _report(tree: WrittenTree) -> TreeReport:
    output = _TreeOutput(tree.folder, tree.summary, {}, {}, tree.tables)
    return TreeReport(output, tree.language, Titles(tree.futures, {}, {}, {}), tree=tree)


def _fact(make: Callable[[WrittenTree], pd.DataFrame]) -> Callable[[WrittenTree], pd.DataFrame]:
    """Rows of a tree that a view may name as its table."""

    def of(report: Report) -> pd.DataFrame:
        assert isinstance(report, TreeReport)
        return make(report.tree)

    FACTS[make.__name__] = of
    return make


def _orders(tree: WrittenTree, rows: pd.DataFrame) -> pd.DataFrame:
    items, years = rows["item"].map(lambda name: tree.items.get(name, name)), rows["year"].astype(str)
    return pd.DataFrame(
        {"item": items, "year": years, "amount": rows["size"], "capital_cost": rows["capital_cost"].replace(0.0, np.nan)}
    )


@_fact
def orders_now(tree: WrittenTree) -> pd.DataFrame:
    """Orders of this year, which every future shares."""
    return _orders(tree, tree.shared[tree.shared["year"] <= tree.first_year])


@_fact
def orders_in_every_future(tree: WrittenTree) -> pd.DataFrame:
    """Orders of later years that every future places alike: before it is known which comes, and those that do not depend on it."""
    return _orders(tree, tree.shared[tree.shared["year"] > tree.first_year])


@_fact
def orders_by_future(tree: WrittenTree) -> pd.DataFrame:
    """Decisions that turn out otherwise from future to future."""
    rows, leaves = tree.decided[~tree.decided["is_alike"]], list(tree.shares)
    by = rows.set_index(["year", "item", "future"])["text"]
    each = [(y, item, leaf) for y, item in dict.fromkeys(zip(rows["year"], rows["item"], strict=True)) for leaf in leaves]
    made = [(tree.items.get(i, i), str(y), tree.future(leaf), None, by.get((y, i, leaf), NONE)) for y, i, leaf in each]
    return pd.DataFrame(made, columns=["item", "year", "future", "value", "text"])


@_fact
def first_orders(tree: WrittenTree) -> pd.DataFrame:
    """What the plans of regret.csv order before the first branching, where they do not all order the same."""
    plans, made = tree.block.get("first_orders", {}), list[tuple[Any, ...]]()
    amounts = {plan: {(row["year"], row["item"]): float(row["amount"]) for row in rows} for plan, rows in plans.items()}
    for year, item in sorted({key for own in amounts.values() for key in own}):
        told = {plan: tree.language.amount(own.get((year, item))) for plan, own in amounts.items()}
        if len(set(told.values())) > 1:
            name = tree.items.get(item, item)
            made += [(name, str(year), tree.plan(p), amounts[p].get((year, item)), text) for p, text in told.items()]
    return pd.DataFrame(made, columns=["item", "year", "plan", "value", "text"])


@_fact
def net_by_future(tree: WrittenTree) -> pd.DataFrame:
    """Net emissions of each future by year (t)."""
    rows = tree.tables["futures"]
    rows = rows[rows["item"].str.startswith("net_emissions_")]
    year = rows["item"].str.removeprefix("net_emissions_").astype(int)
    return rows.assign(year=year, series=rows["future"].map(tree.future))[["year", "series", "value", "unit"]]


@_fact
def signs_to_watch(tree: WrittenTree) -> pd.DataFrame:
    """The figures to watch of every future: at present, then as stated and in that future, and from where on it is the nearer."""
    say, amount = tree.language.translate, tree.language.amount
    made = []
    for name, year in tree.known.items():
        for figure in tree.summary["differs"][name]["figures"]:
            level, here = figure.get("level") or {}, _changes(figure, tree.language)
            told = {
                key: f"{amount(level[key])} {level['unit']}" for key in ("value", "stated", "then") if level.get(key) is not None
            }
            nearer, stated = NONE, level.get("stated")
            if stated is not None and stated != level["then"]:
                middle = f"{amount((stated + level['then']) / 2)} {level['unit']}"
                nearer = say("above {value}", value=middle) if level["then"] > stated else say("below {value}", value=middle)
            if level:
                here = told["then"] if stated is not None else say("{what} ({more})", what=told["then"], more=here)
            known = told.get("value", NONE), str(year), told.get("stated", NONE)
            made.append((tree.future(name), _called(tree, figure), *known, here, nearer))
    return pd.DataFrame(made, columns=["future", "what", "today", "known", "stated", "here", "nearer"])


def _called(tree: WrittenTree, figure: Mapping[str, Any]) -> str:
    """What a figure is called."""
    key = f"{figure.get('table', '')} {figure.get('item', '')}".strip()
    if (words := _texts()["called"].get(key)) is None or (figure["name"] == EVERY and key != "prices carbon"):
        return str(figure["figure"])
    return in_language(words, tree.language, name=tree.items.get(figure["name"], figure["name"]))


def _changes(figure: Mapping[str, Any], language: Language) -> str:
    """What a future makes of a figure: `× 1.5 in 2028`."""
    told = []
    for change in figure["changes"]:
        number = f"× {change['factor']:g}" if change["factor"] is not None else f"= {change['value']} {change['unit']}".rstrip()
        in_year = change["year"] is not None
        told.append(language.translate("{number} in {year}", number=number, year=change["year"]) if in_year else number)
    return language.translate(", ").join(told)


@_fact
def regrets_by_future(tree: WrittenTree) -> pd.DataFrame:
    """What the first orders of each plan cost more than the least, in each future: what was found, and the most that it can be by
    the bound."""
    made = [
        (tree.plan(str(plan)), tree.future(str(future)), float(value), regret_words(tree, str(future), float(value)))
        for plan, own in tree.regrets.iterrows()
        for future, value in own.items()
    ]
    return pd.DataFrame(made, columns=["plan", "future", "value", "text"])


def regret_words(tree: WrittenTree, future: str, money: float) -> str:
    """A regret in words."""
    say, left = tree.language.translate, tree.open_in(future)
    if not math.isfinite(money):
        return say("cannot be kept")
    amount = say("nothing") if tree.is_nothing(money) else tree.money(money)
    if not left:
        return amount
    most = tree.money(max(money, 0.0) + left)
    return say("{amount}, at most {most}", amount=amount, most=most) if tree.is_told(money) else say("at most {most}", most=most)


@_fact
def sureness(tree: WrittenTree) -> pd.DataFrame:
    """How far each probability may move before other first orders are better, and which; nothing where none ever is."""
    found, none = tree.ranges(), tree.language.translate("none, at any probability")
    made = [
        (tree.future(name), tree.shares[name], own.low, own.high, *(tree.plan(p) if p else none for p in (own.below, own.above)))
        for name, own in found.items()
        if any(span.below or span.above for span in found.values())
    ]
    return pd.DataFrame(made, columns=["future", "probability", "low", "high", "below", "above"])


@_fact
def weather_in_all_hours(tree: WrittenTree) -> pd.DataFrame:
    """What is short or missed where a leaf is operated in all hours; a row of its own where nothing is."""
    language, say, made = tree.language, tree.language.translate, list[tuple[Any, ...]]()
    for own in tree.summary.get("in_all_hours", []):
        rows: list[tuple[Any, ...]] = []
        for w in own["unserved"]:
            values = {"carrier": named(language, CARRIERS, w["carrier"]), "zone": named(language, ZONES, w["zone"])}
            what = say("{carrier} in {zone} that cannot be had [MWh]", **values)
            rows.append((what, str(w["year"]), w["energy"], say("most in the week from day {day}", day=w["first_day"])))
        for m in own["missed"]:
            values = {"metric": named(language, METRICS, m["metric"]), "stage": named(language, STAGES, m["stage"])}
            rows.append((say("{metric} of {stage}: missed by", **values), str(m["year"]), m["amount"], ""))
        if own["cost"] is None:
            rows.append((say("its decisions cannot be kept"), "", None, ""))
        if own["holds"]:
            cost = say("system cost {cost}", cost=tree.money(own["cost"]))
            rows.append((say("all demand is met and every rule is kept"), "", None, cost))
        made += [(tree.future(own["future"]), *row) for row in rows]
    return pd.DataFrame(made, columns=["future", "what", "year", "value", "note"]).astype({"value": float})


@_fact
def leaves(tree: WrittenTree) -> pd.DataFrame:
    """Each future: what differs, how likely it is, cost, what is saved, and net emissions in the year of the goal and the last."""
    say, made = tree.language.translate, []
    last, net = int(tree.summary.get("last_year", tree.summary["by"])), net_by_future(tree).set_index(["series", "year"])["value"]
    for leaf in tree.leaves:
        name, cost, usual = leaf["name"], leaf["cost"], leaf.get("business_as_usual")
        figures = tree.summary["differs"].get(name, {"figures": []})["figures"]
        differs = say("; ").join(f"{_called(tree, f)} {_changes(f, tree.language)}" for f in figures) or say("nothing differs")
        saved = None if usual is None or cost is None else usual - cost
        net_last = net.get((tree.future(name), last)) if last != int(tree.summary["by"]) else None
        made.append((name, differs, leaf["probability"], cost, saved, leaf["net"], net_last))
    numbers = ["probability", "cost", "saved", "net", "net_last"]
    return pd.DataFrame(made, columns=["future", "differs", *numbers]).astype(dict.fromkeys(numbers, float))


# --- lines -----------------------------------------------------------------------------------------------------------------
# What the lines of tree.toml are filled with.


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads(files("planner.answer").joinpath("tree.toml").read_text(encoding="utf-8"))


class _Filled(string.Formatter):
    """Words with values in their places, each written as its format says."""

    def __init__(self, tree: WrittenTree) -> None:
        self.tree = tree

    def format_field(self, value: Any, format_spec: str) -> str:
        name, _, decimals = format_spec.partition(".")
        language = self.tree.language
        write: dict[str, Callable[[Any], str]] = {
            "money": self.tree.money,
            "percent": lambda share: language.percent(share, int(decimals)),
            "amount": language.amount,
            "names": lambda names: language.translate(", ").join(map(str, names)),
        }
        return write.get(name, str)(value)


def lines_of(tree: WrittenTree, part: str, is_more: bool | None = None) -> list[str]:
    """What a part says; of it only what stands behind a click, or only the rest."""
    made, filled = values_of(tree), _Filled(tree)
    own = next(p for p in _texts()["part"] if p["id"] == part)
    found = []
    for line in own.get("line", ()):
        if is_more not in (None, line.get("more", False)) or not all(made.get(name) for name in line.get("when", ())):
            continue
        words = line["words"][tree.language.code == "zh"]
        names = {name for _, name, _, _ in string.Formatter().parse(words) if name}
        for each in made.get(line["each"], ()) if "each" in line else ({},):
            values = {**made, **each}
            if all(values.get(name) not in (None, "", []) for name in names):
                found.append(filled.vformat(words, (), values))
    return found


def values_of(tree: WrittenTree) -> dict[str, Any]:
    """What lines may name; a field that does not hold of this plan has no value."""
    summary, block, language = tree.summary, tree.block, tree.language
    warnings = [from_json(text) for text in summary.get("messages", summary)["warnings"]]
    assumed = [tree.future(name) for name in summary.get("assumed", [])]
    of_all = {
        "assumed": assumed,
        "is_stated": not assumed,
        "warnings": [{"text": language.tell(text)} for text in warnings if aside_of(text) is None],
        "aside": [{"text": text} for text in aside_words(warnings, language)],
        "count": len(tree.leaves),
        "cost": block["expected_cost"],
    }
    if block["expected_cost"] is None:
        return {**of_all, **_of_failure(tree)}
    held = {"first": summary["first_year"], "last": summary["last_year"], "price_year": summary["price_year"]}
    changes = [bool(span.below or span.above) for span in tree.ranges().values()]
    return {
        **of_all,
        **_of_orders(tree),
        **_of_hours(tree),
        **_of_regrets(tree),
        "stage": _stage(tree),
        "standard": _standard(tree),
        "standing": told_standing(language, summary),
        "days": told_days(language, summary["typical_days"]) if summary["typical_days"] else None,
        "costs_held": language.translate(COSTS_HELD, rate=language.percent(summary["discount_rate"], 1), **held),
        "price_year": summary["price_year"],
        "is_always_best": bool(changes) and not any(changes),
        "is_best_between": any(changes),
        f"is_{block['objective']}": True,
        "value": block["value"],
        "gap": block["gap"] * abs(block["expected_cost"]),
        **{key: block.get(key) for key in ("tail", "weight")},
        **_against_usual(block),
        "evpi": _within(tree, "evpi") if block["evpi"] is not None else None,
        "vss": _within(tree, "vss") if block.get("mean_plan_can_be_kept") else None,
        "is_mean_stuck": block.get("mean_plan_can_be_kept") is False,
    }


def _of_failure(tree: WrittenTree) -> dict[str, Any]:
    """Why there is no plan."""
    summary, ended = tree.summary, tree.summary["ended"]
    is_infeasible, limit = bool(summary["blocking"]) or summary["status"] == "infeasible", summary["time_limit"]
    is_timed = not is_infeasible and ended == TIME_LIMIT and limit is not None
    days = summary["typical_days"]
    return {
        "blocking": [tree.future(name) for name in summary["blocking"]],
        "is_infeasible": is_infeasible,
        "is_proven": is_infeasible and not summary["blocking"],
        "not_in_hours": tree.language.translate(NOT_IN_HOURS, count=days) if days else None,
        "seconds": limit if is_timed else None,
        "was_ended": bool(ended) and not is_infeasible,
        "was_stopped": not is_infeasible and not is_timed and ended in (TIME_LIMIT, CTRL_C),
        "has_failed": not is_infeasible and not ended,
        "untried": [tree.future(name) for name in summary["alone_failed"] if not is_infeasible],
    }


def _of_orders(tree: WrittenTree) -> dict[str, Any]:
    """What is to be decided today, what is not, when the next decision is due, and when to look for signs."""
    rows, known, years = tree.shared, tree.known, tree.decided["year"]
    today, later = rows[rows["year"] <= tree.first_year], rows[rows["year"] > tree.first_year]
    return {
        "first": tree.first_year,
        "has_no_orders": rows.empty,
        "today": None if rows.empty else float(today["capital_cost"].sum()),
        "later": None if later.empty else float(later["capital_cost"].sum()),
        "later_years": "–".join(dict.fromkeys(map(str, (later["year"].min(), later["year"].max())))),
        "next": None if later.empty else int(years[years > tree.first_year].min()),
        "is_never_known": not known,
        "is_all_alike": bool(tree.decided["is_alike"].all()),
        "unseen": [{"future": tree.future(n), "year": y} for n, y in known.items() if not tree.summary["differs"][n]["figures"]],
        "look": sorted(set(known.values())),
    }


def _of_hours(tree: WrittenTree) -> dict[str, Any]:
    """Whether the plan was operated in all hours, and where it reaches the goal."""
    hours, days = tree.summary.get("in_all_hours", []), tree.summary["typical_days"]
    failing = [own["future"] for own in hours if not own["holds"]]
    is_unchecked, is_weather = bool(days) and not hours, len(tree.known) < len(tree.summary["differs"])
    return {
        "failing": [tree.future(name) for name in failing],
        "reached_in": [tree.future(name) for name in tree.shares if name not in failing] if failing else [],
        "is_reached_on_days": is_unchecked,
        "is_reached": not failing and not is_unchecked,
        "is_weather_unchecked": is_unchecked and is_weather,
        "unchecked_days": days if is_unchecked and not is_weather else None,
    }


def _of_regrets(tree: WrittenTree) -> dict[str, Any]:
    """What the plan costs more in the worst future, which plans cannot be kept, and what cannot be told apart."""
    regrets = tree.regrets
    found: dict[str, Any] = {"open": tree.left_open or None, "stuck": [], "no_choice": []}
    for plan, own in tree.costs.iterrows():
        if names := [tree.future(str(name)) for name, cost in own.items() if not math.isfinite(float(cost))]:
            kind = "no_choice" if (tree.orders["when"] == NOW).all() else "stuck"
            found[kind].append({"plan": tree.plan(str(plan)), "names": names})
    worst = max((x for x in tree.leaves if x["regret"] is not None), key=lambda x: x["regret"], default=None)
    if worst is not None and tree.is_told(worst["regret"]):
        found |= {"worst": tree.future(worst["name"]), "worst_regret": worst["regret"]}
    if not tree.known or not (tree.orders["when"] == NOW).any() or EXPECTED not in regrets.index:
        return found
    own = regrets.loc[EXPECTED]
    if all(math.isfinite(v) and not tree.is_told(float(v)) for v in own):
        most = max(max(float(v), 0.0) + tree.open_in(str(name)) for name, v in own.items())
        found["is_the_same"] = tree.is_nothing(most)
        if not found["is_the_same"]:
            found |= {"most": most, "most_share": most / abs(float(tree.block["expected_cost"]))}
    return found


def _against_usual(block: Mapping[str, Any]) -> dict[str, Any]:
    """What going on as today would cost, and how much more or less the plan does."""
    usual, cost = block.get("business_as_usual"), block["expected_cost"]
    if usual is None:
        return {}
    key = "saved" if usual > cost else "dearer"
    return {"usual": usual, key: abs(usual - cost), "usual_share": abs(usual - cost) / abs(usual)}


def _within(tree: WrittenTree, name: str) -> str:
    """A value, or that it is nothing, with what the bounds leave of it."""
    say, value = tree.language.translate, float(tree.block[name])
    least, most = (float(end) for end in tree.block.get(f"{name}_range") or (value, value))
    is_open = most - least > max(OPEN * abs(value), LITTLE * abs(tree.block["expected_cost"]))
    shown = {key: tree.money(number) for key, number in (("money", value), ("least", least), ("most", most))}
    if tree.is_nothing(value):
        return say("nothing as far as was found, at most {most}", most=shown["most"]) if is_open else say("nothing")
    return say("about {money}, between {least} and {most}", **shown) if is_open else shown["money"]


# --- page and terminal -----------------------------------------------------------------------------------------------------


def _stage(tree: WrittenTree) -> str:
    stage = named(tree.language, STAGES, tree.summary["target"])
    return tree.language.translate("{stage} by {year}", stage=stage, year=tree.summary["by"])


def _standard(tree: WrittenTree) -> str:
    """What the standard of the goal is called."""
    standing = tree.summary.get("standing")
    return titled(tree.language, standing) if standing else str(tree.summary["standard"])


def _parts(tree: WrittenTree) -> Sequence[Mapping[str, Any]]:
    without = "failure" if tree.block["expected_cost"] is None else "plan"
    return [part for part in _texts()["part"] if part.get("of", "plan") in (without, "both")]


def tree_part(tree: WrittenTree, name: str) -> Section | None:
    """A part of the page; None where it has nothing to say."""
    report, part = _report(tree), next(p for p in _texts()["part"] if p["id"] == name)
    lines, more = (lines_of(tree, name, is_more) for is_more in (False, True))
    made = [
        *([tag("div", *(tag("p", line) for line in lines), class_="full")] if lines else []),
        *(markup for view in part.get("views", ()) for markup in drawn(view, report)),
        *([explained(join(tag("span", line + " ") for line in more), tree.language)] if more else []),
    ]
    return section(name, in_language(part["title"], tree.language), *made) if made else None


def tree_page(tree: WrittenTree) -> str:
    """The page as the text of one HTML file."""
    park, subject = str(tree.summary["park"]), _stage(tree)
    sections = [made for part in _parts(tree) if (made := tree_part(tree, part["id"])) is not None]
    return document(f"{park}: {subject}", park, subject, sections, tree.language)


def make_tree_page(folder: Path, language: Language = ENGLISH) -> str:
    """The page from the files of the folder. Raises CaseError where it is no such output."""
    return tree_page(read_tree(folder, language))


def write_tree_page(folder: Path, language: Language = ENGLISH) -> Path:
    """Write report.html of the folder anew from its tables. Raises CaseError where that cannot be done."""
    path = folder / NAME
    write_file(path, str(path), make_tree_page(folder, language), lambda _: True)
    return path


def print_tree(folder: Path, console: Console, language: Language, quiet: bool = False) -> None:
    """The answer in some lines and tables; with `quiet` in one line."""
    tree, say = read_tree(folder, language), language.translate
    values = values_of(tree)
    if quiet:
        status = named(language, STATUSES, tree.summary["status"])
        if tree.block["gap"] is not None:
            status = say("{status}, {proof}", status=status, proof=_proof(tree, values))
        console.print(plain(say("{goal}: {status}; {out}", goal=_stage(tree), status=status, out=folder)), soft_wrap=True)
        return
    goal = say("{what} ({more})", what=_stage(tree), more=_standard(tree))
    console.print(plain(say("{what}: {words}", what=tree.summary["park"], words=goal)), soft_wrap=True)
    report = _report(tree)
    for part in _parts(tree):
        told = lines_of(tree, part["id"])
        tables = [each for view in part.get("views", ()) for each in shown(views()[view], report) if isinstance(each, ShownTable)]
        if part.get("is_on_page_only") or not (told or tables):
            continue
        console.print(plain(in_language(part["title"], language)), style="bold")
        for line in told:
            console.print(plain(line), soft_wrap=True)
        for table in tables:
            console.print(drawn_table(replace(table, rows=table.rows[:MOST]), language))
            if len(table.rows) > MOST:
                console.print(say("and {count} more", count=len(table.rows) - MOST))
    words = mark("{folder}: report.html, futures.csv, commit.csv, regret.csv; of each future its own output in futures/")
    all_files = words if tree.block["expected_cost"] is not None else mark("{folder}: report.html, summary.json")
    console.print(plain(say(all_files, folder=folder)), soft_wrap=True)


def _proof(tree: WrittenTree, values: Mapping[str, Any]) -> str:
    """What is proven of the plan and on which hours, and whether it was operated in all of them, as a clause."""
    say, gap = tree.language.translate, told_share(tree.language, tree.block["gap"])
    if not values["days"]:
        return say("proven within {gap} in all hours", gap=gap)
    truth = say("holds in all hours of each future") if values["is_reached"] else say("not operated in all hours")
    if values["failing"]:
        names = say(", ").join(values["failing"])
        truth = say("in all hours demand is not met or a rule is missed in {names}", names=names)
    return say("; ").join([say("proven within {gap} on {days}", gap=gap, days=values["days"]), truth])
