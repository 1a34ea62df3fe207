"""One sentence that says what is proven of a plan's cost, for every place that tells of it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from planner.answer.summary import Facts, day_count, is_of_all_hours
from planner.language.language import Language, mark
from planner.language.words import told_days


def told_proof(language: Language, facts: Facts, currency: str) -> str:
    """What is proven of a plan's cost and what is not, as a clause without a full stop.

    `facts` are those of the plan in summary.json; it must have a cost. Of a chain of plans what not knowing costs, too.
    """
    chain = filter(None, [told_chain_cost(language, facts, currency)])
    return language.translate("; ").join([*_on_days(language, facts), _in_all_hours(language, facts, currency), *chain])


def proof_sentence(language: Language, facts: Facts, currency: str) -> str:
    """The same as a sentence of its own."""
    clause = told_proof(language, facts, currency)
    return language.translate("{sentence}.", sentence=clause[:1].upper() + clause[1:])


def told_found(language: Language, facts: Facts, currency: str) -> str:
    """What the plan costs, on which hours, and within which share of the least possible that is proven, in a line."""
    say, days, gap = language.translate, day_count(facts), facts["gap"]
    known = is_of_all_hours(facts)
    values = {"cost": language.money(facts["system_cost"], currency), "days": told_days(language, days)}
    cost = say("{cost} in all hours", **values) if known else say("{cost} on {days}, not known in all hours", **values)
    if known and gap is not None:
        return say("; ").join([cost, say("proven within {gap} in all hours", gap=told_share(language, gap))])
    gap, repaired = (facts["typical_days"].get(key) if days else None for key in ("gap", "repaired_gap"))
    if gap is None and repaired is not None:
        words = mark("within {gap} of the least cost on {days} as repaired; not proven how near that is to the least possible")
        return say("; ").join([cost, say(words, gap=told_share(language, repaired), days=values["days"])])
    if gap is None:
        return say("; ").join([cost, say("not proven how near that is to the least possible")])
    values["gap"] = told_share(language, gap)
    within = say("within {gap} of the least cost on {days}, which in all hours is not proven", **values)
    return say("; ").join([cost, within])


def _on_days(language: Language, facts: Facts) -> list[str]:
    """What was found on typical days; nothing where there are none."""
    if not day_count(facts):
        return []
    found = facts["typical_days"]
    values = {"days": told_days(language, day_count(facts)), "gap": told_share(language, found["gap"])}
    if found["gap"] is None and found.get("repaired_gap") is not None:
        values["gap"] = told_share(language, found["repaired_gap"])
        words = mark("least cost on {days} as repaired to {gap}, how far above the least cost there without repairs is not known")
        return [language.translate(words, **values)]
    if found["gap"] is None:
        return [language.translate("planned on {days}, how far above the least cost there is not known", **values)]
    return [language.translate("least cost on {days} to {gap}", **values)]


def _in_all_hours(language: Language, facts: Facts, currency: str) -> str:
    say, cost, bound = language.translate, facts["system_cost"], facts["bound"]
    values = {"cost": language.money(cost, currency)}
    if not is_of_all_hours(facts):
        return say("it costs {cost} on these days, what it costs in all hours is not known", **values)
    if bound is None:
        return say("in all hours it costs {cost}; how far above the least possible is not proven", **values)
    if bound <= 0:
        above = language.money(cost - bound, currency)
        return say("in all hours it costs {cost}, at most {above} above the least possible", above=above, **values)
    above = told_share(language, (cost - bound) / bound)
    return say("in all hours it costs {cost}, at most {above} above the least possible", above=above, **values)


def told_chain_cost(language: Language, facts: Facts, currency: str) -> str:
    """That a plan is a chain of plans which know some years ahead only, and what not knowing costs it, as a clause; empty of any
    other plan. `facts` are those of summary.json."""
    found = facts.get("foresight")
    if not found or found["more"] is None:
        return ""
    return language.translate(
        "a chain of plans, years known ahead {count}; not knowing the others costs {money}",
        count=found["years"],
        money=language.money(max(found["more"], 0.0), currency),
    )


def told_share(language: Language, share: float | None) -> str:
    """A share of which `at most` is said: rounded up to hundredths of a per cent."""
    return language.percent(None if share is None else math.ceil(1e4 * share - 1e-6) / 1e4, 2)


def gap_columns(plans: Mapping[str, Facts]) -> dict[str, dict[str, float | None]]:
    """Heading -> plan -> gap, of those that any plan has: that on typical days, and that in all hours."""
    found = {
        mark("gap on typical days"): {name: (facts["typical_days"] or {}).get("gap") for name, facts in plans.items()},
        mark("gap in all hours"): {name: facts["gap"] for name, facts in plans.items()},
    }
    return {words: own for words, own in found.items() if any(gap is not None for gap in own.values())}
