r"""What the plan costs beside the others, in words: the cost of the goal first; each is named for what it is.

Between which amounts the cost of the goal lies, by what is proven of the plan and of the cheapest one without the goal.

.. math:: \max(0, B - C') \;\le\; C^* - C'^* \;\le\; C - B'

Each least cost C* is between the bound B and the cost C of the plan that was found. The goal only adds rules, so it costs at least
nothing. Costs and bounds are of the same hours in both plans: of all hours where both have a bound there, else of typical days, the
same ones as they are: what repairs asked of a plan on these days is no bound of others.

Returns the range, None where a bound is missing. Raises nothing.

C  cost of the plan     B  its lower bound     C*  least cost there is   money     ' of the plan without the goal
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from planner.language.language import Language, mark
from planner.language.words import told_days
from planner.plan import BUSINESS, LEAST_COST, REFERENCE, TARGET

#: Plan -> what it is, beside its name.
MEANING = {
    LEAST_COST: mark("the same park without the goal"),
    REFERENCE: mark("today's kinds of equipment, optimised; no measures, certificates, credits or planting"),
    BUSINESS: mark("today's equipment renewed kind for kind, nothing new"),
}
#: The same in few words, where a plan is named first.
IN_SHORT = {
    LEAST_COST: mark("the same park without the goal"),
    REFERENCE: mark("today's kinds of equipment at least cost"),
    BUSINESS: mark("today's equipment renewed, nothing new"),
}
#: Headings of the cost of a tonne against the plan that a run compares with.
PER_TONNE = (mark("abatement, {currency} a discounted t"), mark("abatement, {currency} a t"))


def per_tonne(facts: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Cost of a tonne of a plan of summary.json against the plan that is compared with: discounted, and not."""
    found = facts.get("abatement_cost") or {}
    return found.get("per_tonne_discounted"), found.get("per_tonne_undiscounted")


def told_costs(language: Language, summary: Mapping[str, Any], has_range: bool = True) -> Iterator[str]:
    """A sentence for the cost of the goal, and one for each other plan that there is. `summary` is that of summary.json.

    has_range  as in `told_goal`
    """
    say, currency = language.translate, summary["currency"]
    costs = {name: facts["system_cost"] for name, facts in summary["plans"].items() if facts["system_cost"] is not None}
    if TARGET not in costs:
        return
    if summary["goal_cost"] is not None:
        yield told_goal(language, summary, has_range)
    for name, words in ((REFERENCE, say(MEANING[REFERENCE])), (BUSINESS, say(MEANING[BUSINESS]))):
        if name not in costs:
            continue
        more = costs[TARGET] - costs[name]
        values = {"money": language.money(abs(more), currency), "plan": words}
        if more > 0:
            yield say("It costs {money} more than {plan}.", **values)
        else:
            yield say("It costs {money} less than {plan}.", **values)


def told_goal(language: Language, summary: Mapping[str, Any], has_range: bool = True) -> str:
    """What the goal costs, what that is for a tonne, and (`has_range`) between which amounts it is proven to lie: the same words on
    console, page and in the workbook. `summary` is that of summary.json, with a cost of the goal."""
    currency = summary["currency"]
    told = _goal(language, summary["goal_cost"], currency), told_between(language, summary, currency) if has_range else ""
    return language.sentences(*(words for words in told if words))


def told_meaning(language: Language) -> str:
    """What the plans to compare with are, in a line."""
    return language.translate("reference: today's kinds of equipment, optimised; business as usual: today's renewed kind for kind")


def told_between(language: Language, summary: Mapping[str, Any], currency: str) -> str:
    """Between which amounts the cost of the goal lies; nothing where they read alike, or the goal costs nothing."""
    found = goal_range(summary)
    if found is None or summary["goal_cost"]["money"] <= 0 or found["most"] <= 0:
        return ""
    low, high = (language.money(found[key], currency) for key in ("least", "most"))
    if low == high:
        return ""
    if found["typical_days"]:
        days = told_days(language, found["typical_days"])
        there = language.money(found["cost"], currency)
        words = mark("On {days} it costs {there}, proven to lie between {low} and {high}.")
        return language.translate(words, days=days, there=there, low=low, high=high)
    return language.translate("In all hours it is proven to cost between {low} and {high}.", low=low, high=high)


def _goal(language: Language, found: Mapping[str, Any], currency: str) -> str:
    say, money = language.translate, found["money"]
    if money <= 0:
        return say("The goal costs nothing: the least-cost plan without it is no cheaper, within what is proven.")
    values = {"money": language.money(money, currency), "currency": language.currency(currency)}
    if found["per_tonne_discounted"] is None or found["per_tonne_undiscounted"] is None:
        return say("The goal costs {money} more than the least cost without it.", **values)
    each = {key: language.number(found[f"per_tonne_{key}"]) for key in ("discounted", "undiscounted")}
    return say(
        "The goal costs {money} more than the least cost without it: {discounted} {currency} a discounted tonne, {undiscounted} an "
        "undiscounted one.",
        **values,
        **each,
    )


def goal_range(facts: Mapping[str, Any]) -> dict[str, Any] | None:
    """The range of `summary.json`: the typical days that it is of (0: all hours), what the plans found differ by, the least and the
    most, and the gap of either plan."""
    other = facts["plans"].get(LEAST_COST)
    if facts["goal_cost"] is None or other is None:
        return None
    pair = facts, other
    days, cost, bound, gap = 0, *_all(pair, "system_cost", "bound", "gap")
    if None in bound:
        own = [plan["typical_days"] or {"count": 0} for plan in pair]
        days = own[0]["count"]
        if not days or len({(plan["count"], *(plan.get("added") or ())) for plan in own}) > 1:
            return None
        cost, bound, gap = _all(own, "cost", "bound", "gap")
    if None in (*cost, *bound):
        return None
    low, high = max(bound[0] - cost[1], 0.0), max(cost[0] - bound[1], 0.0)
    return {"typical_days": days, "cost": cost[0] - cost[1], "least": low, "most": high, "gap": gap[0], "gap_without_goal": gap[1]}


def _all(pair: tuple[Mapping[str, Any], ...] | list[Any], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(plan.get(key) for plan in pair) for key in keys]
