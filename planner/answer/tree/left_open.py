r"""What a search leaves open, in money: below that no difference between two plans can be told.

.. math::
    0 \le C_{q,l} - C^*_l \le C_{q,l} - B_l

C_{q,l}  cost that was found of plan q in future l     C*_l  least cost of l, found to be at most the `least_cost` of futures.csv
B_l  its bound, `least_cost_bound` there                (all money)
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from planner.answer.tree.facts import EXPECTED, LEAST_REGRET, WrittenTree
from planner.futures.tree import EVERY
from planner.language.language import NONE, Language, mark
from planner.tables.place import LEAVES
from planner.tables.schema import TABLES

# --- titled ----------------------------------------------------------------------------------------------------------------
# A plan for several futures with titles in place of names: of the futures, and of what is ordered.


def titled(tree: WrittenTree, language: Language) -> WrittenTree:
    """The output with titles for names, where they have any. Two of one title keep their names behind it; `folder` of a leaf is
    the name of its folder."""
    futures = _unlike({name: _title(row, language) or name for name, row in tree.summary["differs"].items()})
    plans = {name: title for name, title in futures.items() if title not in (EXPECTED, LEAST_REGRET)}
    items, types = _titles(tree, language)
    block = dict(tree.block)
    block["leaves"] = [{**leaf, "name": plans.get(leaf["name"], leaf["name"]), "folder": leaf["name"]} for leaf in block["leaves"]]
    block["first_orders"] = {
        plans.get(plan, plan): [{**row, "item": items.get(row["item"], row["item"])} for row in rows]
        for plan, rows in block.get("first_orders", {}).items()
    }
    differs = {
        plans.get(name, name): {
            **row,
            "parent": plans.get(row["parent"], row["parent"]),
            "figures": [{**f, "title": items.get(f.get("name", ""), types.get(f.get("name", ""), ""))} for f in row["figures"]],
        }
        for name, row in tree.summary["differs"].items()
    }
    hours = [{**own, "future": plans.get(own["future"], own["future"])} for own in tree.summary.get("in_all_hours", [])]
    named = {key: [plans.get(n, n) for n in tree.summary.get(key, [])] for key in ("blocking", "alone_failed", "assumed")}
    summary = {**tree.summary, **named, "futures": block, "differs": differs, "in_all_hours": hours}
    columns: Mapping[str, Mapping[str, str]] = {"future": plans, "plan": plans, "node": plans, "item": items}
    tables = {
        name: _renamed(table, columns if name == "commit" else {**columns, "item": {}}) for name, table in tree.tables.items()
    }
    return replace(tree, summary=summary, tables=tables)


def _title(row: Mapping[str, Any], language: Language) -> str:
    return str(row.get("title_zh" if language.code == "zh" else "title_en") or row.get("title") or "")


def _unlike(titles: Mapping[str, str]) -> dict[str, str]:
    """Titles of which no two are the same."""
    count = Counter(titles.values())
    return {name: title if count[title] == 1 else f"{title} ({name})" for name, title in titles.items()}


def _titles(tree: WrittenTree, language: Language) -> tuple[dict[str, str], dict[str, str]]:
    """Titles by name and by type, from what the outputs of the futures wrote; of a type that several share its first one's."""
    column = "title_zh" if language.code == "zh" else "title_en"
    names: dict[str, str] = {}
    types: dict[str, str] = {}
    for leaf in tree.leaves:
        path = tree.folder / LEAVES / leaf["name"] / TABLES["names"].file
        if path.is_file():
            table = pd.read_csv(path, keep_default_na=False, dtype=str)
            for row in table.to_dict("records"):
                names.setdefault(row["name"], row[column] or row["name"])
                types.setdefault(row["type"], row[column] or row["type"])
    return _unlike(names), types


def _renamed(table: pd.DataFrame, columns: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    changed = {name: table[name].map(lambda n, own=own: own.get(n, n)) for name, own in columns.items() if name in table and own}
    return table.assign(**changed) if changed else table


# --- sureness --------------------------------------------------------------------------------------------------------------
# How sure one must be of each probability: where another plan takes over, what it orders otherwise, and what being wrong costs.

#: An end within this of the stated probability is a close call.
CLOSE = 0.05
#: Amounts that differ by less, as a share, are the same order.
SAME = 0.005
#: Items of a list that are named.
MOST = 5
CALL = mark("Close call: with {future} at {share} or more, the first orders of “{plan}” are better; at present it is {own}.")
CALL_BELOW = mark("Close call: with {future} at {share} or less, the first orders of “{plan}” are better; at present it is {own}.")
STUCK = mark(
    "“{plan}”: with its first orders demand cannot be met, a rule is missed or a limit is passed if {names} comes, whatever is "
    "ordered afterwards."
)
NO_CHOICE = mark(
    "“{plan}”: with its orders demand cannot be met, a rule is missed or a limit is passed if {names} comes, and nothing can be "
    "ordered afterwards: this plan is no choice."
)


@dataclass(frozen=True)
class StayingRange:
    """The probabilities of a future at which the plan of least expected cost stays the best of those in regret.csv, and the plans
    that are better below and above; None where there is none."""

    low: float
    high: float
    below: str | None = None
    above: str | None = None

    @property
    def is_all(self) -> bool:
        """True if no probability changes the plan."""
        return self.below is None and self.above is None


def ranges(tree: WrittenTree) -> dict[str, StayingRange]:
    r"""By future: the probabilities at which the plan of least expected cost stays the best of those in regret.csv.

    .. math::
        p\, C_{e,l} + (1-p) \sum_{m \neq l} \frac{p_m}{1-p_l} C_{e,m} \;\le\;
        p\, C_{q,l} + (1-p) \sum_{m \neq l} \frac{p_m}{1-p_l} C_{q,m}

    for every plan q: where the probability of l is another, the others keep their proportions. Exact over these plans: a plan that
    is not among them may be better earlier.
    """
    shares = {leaf["name"]: float(leaf["probability"]) for leaf in tree.leaves}
    if EXPECTED not in tree.costs.index:
        return {}
    return {name: _range(tree, name, shares) for name, own in shares.items() if own < 1.0}


def _range(tree: WrittenTree, name: str, shares: Mapping[str, float]) -> StayingRange:
    own = shares[name]
    rest = {m: p / (1 - own) for m, p in shares.items() if m != name}
    low: tuple[float, str | None] = (0.0, None)
    high: tuple[float, str | None] = (1.0, None)
    for plan in tree.costs.index:
        less = tree.costs.loc[EXPECTED] - tree.costs.loc[plan]  # below 0 where the expected plan is better
        if plan == EXPECTED or less.isna().any():
            continue
        others = sum(p * float(less[m]) for m, p in rest.items())
        slope = float(less[name]) - others
        if abs(slope) < 1e-9 * max(1.0, abs(others)):
            continue
        turn = -others / slope
        if slope < 0 and turn > low[0]:
            low = (turn, str(plan))
        elif slope > 0 and turn < high[0]:
            high = (turn, str(plan))
    return StayingRange(min(low[0], own), max(high[0], own), low[1], high[1])


def plan_title(plan: str, language: Language) -> str:
    """What a plan of regret.csv is called."""
    say = language.translate
    titles = {EXPECTED: say("least expected cost"), LEAST_REGRET: say("least regret")}
    return titles.get(plan) or say("for one future alone: {future}", future=plan)


def close_calls(tree: WrittenTree, language: Language) -> Iterator[list[str]]:
    """Of each end within five points of the stated probability: where it is, what would be ordered otherwise, what being wrong
    costs."""
    say, shares = language.translate, {leaf["name"]: float(leaf["probability"]) for leaf in tree.leaves}
    told: set[str] = set()
    for name, span in ranges(tree).items():
        for end, plan, words in ((span.low, span.below, CALL_BELOW), (span.high, span.above, CALL)):
            if plan is None or abs(end - shares[name]) > CLOSE or plan in told:
                continue
            told.add(plan)
            title = plan_title(plan, language)
            call = say(words, future=name, share=language.percent(end, 0), plan=title, own=language.percent(shares[name], 0))
            yield [call, *otherwise(tree, plan, language), wrong_words(tree, plan, language)]


def otherwise(tree: WrittenTree, plan: str, language: Language) -> list[str]:
    """What a plan orders otherwise before the first branching; nothing where that was not kept."""
    say, first = language.translate, tree.block.get("first_orders", {})
    if plan not in first or EXPECTED not in first:
        return []
    here, there = (_amounts(first[name]) for name in (EXPECTED, plan))
    units = {str(row["item"]): "" if row["unit"] == "1" else str(row["unit"]) for row in tree.orders.to_dict("records")}
    parts = []
    for key in sorted({*here, *there}):
        one, other = here.get(key, 0.0), there.get(key, 0.0)
        if abs(one - other) <= SAME * max(one, other):
            continue
        unit = units.get(key[1], "")
        shown = [f"{language.amount(value)} {unit}".rstrip() for value in (other, one)]
        parts.append(say("{item} in {year}: {other} instead of {one}", item=key[1], year=key[0], other=shown[0], one=shown[1]))
    if not parts:
        return [say("It orders the same at first, and differs afterwards.")]
    more = [say("and {count} more", count=len(parts) - MOST)] if len(parts) > MOST else []
    return [say("Ordered otherwise: {orders}.", orders=say("; ").join([*parts[:MOST], *more]))]


def _amounts(rows: list[dict[str, Any]]) -> dict[tuple[int, str], float]:
    return {(int(row["year"]), str(row["item"])): float(row["amount"]) for row in rows}


def wrong_words(tree: WrittenTree, plan: str, language: Language) -> str:
    """The largest regret of this plan and of another."""
    say, texts = language.translate, []
    for name in (EXPECTED, plan):
        own = tree.regrets.loc[name]
        texts += [language.money(float(own.max()), tree.currency), str(own.idxmax())]
    return say(
        "Being wrong costs at most {money} with these orders (if {future} comes), {other} with those (if {then} comes).",
        money=texts[0],
        future=texts[1],
        other=texts[2],
        then=texts[3],
    )


def not_kept(tree: WrittenTree, language: Language) -> list[str]:
    """Plans of single futures whose first orders cannot be kept: in which future, and that such a plan is no choice."""
    say, lines = language.translate, []
    for plan, own in tree.costs.iterrows():
        stuck = [str(name) for name, cost in own.items() if not math.isfinite(float(cost))]
        if stuck:
            values = {"plan": plan_title(str(plan), language), "names": say(", ").join(stuck)}
            lines.append(say(NO_CHOICE if tree.later.empty else STUCK, **values))
    return lines


# --- worth -----------------------------------------------------------------------------------------------------------------
# What it is worth to know which future comes, and to have thought of futures, with what the bounds leave open.

#: What knowing is worth, and having thought of futures.
KNOWING = mark("To know now which future comes would be worth {amount} (EVPI): no study of it should cost more.")
THINKING = mark("To plan for the mean future and adapt later would cost {amount} more than this plan (VSS).")
SURE_STUCK = mark(
    "The first orders of a plan for the mean future cannot be kept in every future: whoever plans so is stuck in one of them."
)
MEANT = mark(
    "EVPI: expected value of perfect information. VSS: value of the stochastic solution, that is of a plan that knows of several "
    "futures."
)
#: Shares of the expected cost below which a value is nothing, and below which what bounds leave open is not told.
NONE_OF_IT, SURE_CLOSE = 1e-6, 1e-5
#: What is open is told from this share of the value on.
OPEN = 0.05


def worth_words(tree: WrittenTree, language: Language) -> list[str]:
    """The value of knowing, and of having thought of it."""
    say, block = language.translate, tree.block
    if block["evpi"] is None:
        return []
    lines, can_be_kept = [say(KNOWING, amount=_amount(tree, "evpi", language))], block["mean_plan_can_be_kept"]
    if can_be_kept is not None:
        lines.append(say(THINKING, amount=_amount(tree, "vss", language)) if can_be_kept else say(SURE_STUCK))
    return [*lines, say(MEANT)]


def is_nothing(tree: WrittenTree, money: float) -> bool:
    """True for an amount that is below what can be told from none."""
    return money < NONE_OF_IT * abs(tree.block["expected_cost"])


def _amount(tree: WrittenTree, name: str, language: Language) -> str:
    """A value, or that it is nothing, with what the bounds leave of it."""
    say, value = language.translate, float(tree.block[name])
    least, most = (float(end) for end in tree.block.get(f"{name}_range") or (value, value))
    is_open = most - least > max(OPEN * abs(value), SURE_CLOSE * abs(tree.block["expected_cost"]))
    shown = {end: language.money(number, tree.currency) for end, number in (("money", value), ("least", least), ("most", most))}
    if is_nothing(tree, value):
        return say("nothing as far as was found, at most {most}", most=shown["most"]) if is_open else say("nothing")
    return say("about {money}, between {least} and {most}", **shown) if is_open else shown["money"]


# --- signs -----------------------------------------------------------------------------------------------------------------
# The signs by which a future is known: what to watch, its level at present, as stated for then and in that future.

#: What a figure of a table and item is called; of all others the words of the table stand.
CALLED = {
    ("prices", "energy"): mark("price of {name}"),
    ("prices", "export"): mark("price of {name} when sold"),
    ("prices", "carbon"): mark("price of carbon"),
    ("prices", "demand_charge"): mark("demand charge of {name}"),
    ("prices", "capacity_charge"): mark("capacity charge of {name}"),
    ("costs", "capital_cost"): mark("capital cost of {name}"),
    ("costs", "project_cost"): mark("project cost of {name}"),
    ("costs", "fixed_cost"): mark("fixed cost of {name}"),
    ("costs", "variable_cost"): mark("running cost of {name}"),
    ("demand", ""): mark("demand of {name}"),
    ("emission_factors", ""): mark("emission factor of {name}"),
    ("emission_factors", "market"): mark("emission factor of {name} (market basis)"),
    ("emission_factors", "location"): mark("emission factor of {name} (location basis)"),
    ("certificates", "price"): mark("price of certificate {name}"),
    ("offsets", "price"): mark("price of credit {name}"),
    ("process_emissions", ""): mark("process emissions of {name}"),
}
#: Items of these have no name in them.
NAMELESS = (("prices", "carbon"),)


@dataclass(frozen=True)
class WatchedFigure:
    """A figure to watch, in words: at present, then as stated and in this future, and from where on this future is the nearer."""

    what: str
    today: str
    stated: str
    here: str
    nearer: str


def signs(tree: WrittenTree) -> list[str]:
    """Futures that are known from a year on."""
    return [name for name, row in tree.summary["differs"].items() if row["from_year"] is not None]


def signs_of(tree: WrittenTree, name: str, language: Language) -> list[WatchedFigure]:
    """What to watch of a future."""
    return [_sign(figure, language) for figure in tree.summary["differs"][name]["figures"]]


def _sign(figure: Mapping[str, Any], language: Language) -> WatchedFigure:
    own, change = figure.get("level"), _changes(figure, language)
    what = figure_title(figure, language)
    if not own:
        return WatchedFigure(what, NONE, NONE, change, NONE)
    say, unit, then, stated = language.translate, own["unit"], float(own["then"]), own.get("stated")
    shown = {key: f"{language.amount(own[key])} {unit}" for key in ("value", "then", "stated") if own.get(key) is not None}
    nearer = NONE
    if stated is not None and stated != then:
        middle = f"{language.amount((float(stated) + then) / 2)} {unit}"
        nearer = say("above {value}", value=middle) if then > stated else say("below {value}", value=middle)
    here = shown["then"] if stated is not None else say("{what} ({more})", what=shown["then"], more=change)
    return WatchedFigure(what, shown["value"], shown.get("stated", NONE), here, nearer)


def look_words(tree: WrittenTree, language: Language) -> str:
    """When to look for the signs."""
    years = sorted({int(tree.summary["differs"][name]["from_year"]) for name in signs(tree)})
    shown = language.translate(", ").join(map(str, years))
    return language.translate("Look by the beginning of {years}, before the orders of that year are placed.", years=shown)


def figures_of(tree: WrittenTree, name: str, language: Language) -> str:
    """What differs in a future, in words: `price of gas × 1.5`."""
    own = tree.summary["differs"].get(name, {"figures": []})["figures"]
    say = language.translate
    if not own:
        return say("nothing differs")
    return say("; ").join(f"{figure_title(figure, language)} {_changes(figure, language)}" for figure in own)


def figure_title(figure: Mapping[str, Any], language: Language) -> str:
    """What a figure is called."""
    key = figure.get("table", ""), figure.get("item", "")
    if (words := CALLED.get(key)) is None or (figure["name"] == EVERY and key not in NAMELESS):
        return str(figure["figure"])
    return language.translate(words, name=figure.get("title") or figure["name"])


def _changes(figure: Mapping[str, Any], language: Language) -> str:
    return language.translate(", ").join(_change(change, language) for change in figure["changes"])


def _change(change: Mapping[str, Any], language: Language) -> str:
    number = f"× {change['factor']:g}" if change["factor"] is not None else f"= {change['value']} {change['unit']}".rstrip()
    return number if change["year"] is None else language.translate("{number} in {year}", number=number, year=change["year"])


# --- left open -------------------------------------------------------------------------------------------------------------

#: The futures do not change what is ordered first.
SAME_ORDERS = mark(
    "The futures make no difference to today's orders: whichever comes, this plan costs no more than had it been known from the "
    "start."
)
SURE_SAME_FOUND = mark(
    "The futures make no difference to today's orders, as far as can be told: whichever comes, this plan costs at most {money} "
    "({share}) more than had it been known from the start."
)
APART = mark("Differences below {money} cannot be told apart: so much is left open by the search.")
ALL_ALIKE = mark(
    "Whatever was found to be more is below that: as far as can be told, none of these plans is better or worse than another."
)


def open_in(tree: WrittenTree, future: str) -> float:
    """By how much the least cost of a future may be below what was found (money); 0 where that is too little to be told."""
    table = tree.tables["futures"]
    own = table[table["future"] == future].set_index("item")["value"]
    if not {"least_cost", "least_cost_bound"} <= set(own.index):
        return 0.0
    money = float(own["least_cost"]) - float(own["least_cost_bound"])
    return money if money > _too_little(tree) else 0.0


def money_left_open(tree: WrittenTree) -> float:
    """Money below which two plans cannot be told apart: the most that the gaps of the plan and of single futures leave open."""
    of_plan = float(tree.block["gap"] or 0.0) * abs(float(tree.block["expected_cost"]))
    return max([of_plan if of_plan > _too_little(tree) else 0.0, *(open_in(tree, leaf["name"]) for leaf in tree.leaves)])


def _too_little(tree: WrittenTree) -> float:
    return SURE_CLOSE * abs(float(tree.block["expected_cost"]))


def is_told(tree: WrittenTree, money: float) -> bool:
    """True for a difference that is more than nothing and than what the search leaves open."""
    return not is_nothing(tree, money) and money > money_left_open(tree)


def regret_words(tree: WrittenTree, future: str, money: float, language: Language) -> str:
    """What a plan costs more in a future than had it been known: what was found, and the most that it can be by the bound."""
    say, left = language.translate, open_in(tree, future)
    if not math.isfinite(money):
        return say("cannot be kept")
    shown = say("nothing") if is_nothing(tree, money) else language.money(money, tree.currency)
    if not left:
        return shown
    most = language.money(max(money, 0.0) + left, tree.currency)
    return say("{amount}, at most {most}", amount=shown, most=most) if is_told(tree, money) else say("at most {most}", most=most)


def left_open_words(tree: WrittenTree, language: Language) -> list[str]:
    """Which differences between regrets mean nothing; none where all is proven."""
    if not (money := money_left_open(tree)):
        return []
    lines = [language.translate(APART, money=language.money(money, tree.currency))]
    told = [float(value) for value in tree.regrets.to_numpy().ravel()]
    is_alike = len(tree.regrets) > 1 and all(math.isfinite(value) and not is_told(tree, value) for value in told)
    return [*lines, language.translate(ALL_ALIKE)] if is_alike else lines


def conclusion(tree: WrittenTree, language: Language) -> str:
    """That the futures change nothing of the first orders, where no plan of regret.csv tells otherwise; else nothing."""
    if not signs(tree) or tree.now.empty or EXPECTED not in tree.regrets.index:
        return ""
    own = {str(name): float(value) for name, value in tree.regrets.loc[EXPECTED].items()}
    if any(not math.isfinite(value) or is_told(tree, value) for value in own.values()):
        return ""
    most = max(max(value, 0.0) + open_in(tree, name) for name, value in own.items())
    if is_nothing(tree, most):
        return language.translate(SAME_ORDERS)
    share = language.percent(most / abs(float(tree.block["expected_cost"])), 2)
    return language.translate(SURE_SAME_FOUND, money=language.money(most, tree.currency), share=share)
