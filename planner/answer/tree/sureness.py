"""How sure one must be of each probability: where another plan takes over, what it orders otherwise, and what being wrong costs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planner.answer.tree.told import EXPECTED, LEAST_REGRET, WrittenTree
from planner.language.language import Language, mark

#: An end within this of the stated probability is a close call.
CLOSE = 0.05
#: Amounts that differ by less, as a share, are the same order.
SAME = 0.005
#: Items of a list that are named.
MOST = 5
CALL = mark("Close call: with {future} at {share} or more, the first orders of “{plan}” are better; at present it is {own}.")
CALL_BELOW = mark("Close call: with {future} at {share} or less, the first orders of “{plan}” are better; at present it is {own}.")
ALWAYS = mark(
    "However likely you hold each future, order the same: no other plan of the table above costs less, whichever is the likelier."
)
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
