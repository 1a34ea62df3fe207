"""The remedies of a goal that cannot be met, in sentences: what would have to change, how far, and what it costs then.

Each sentence is a message, a template with values, so that a page says it in another language.
"""

from __future__ import annotations

import math

from planner.explain.remedies import HELPS, Remedies
from planner.explain.words import LINE, say_metric
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import STAGES, listed, word
from planner.plan import Remedy

#: Said where the time was over before the remedies were known.
NO_TIME_FOR_REMEDIES = mark("the time was over before remedies were found; a longer --time-limit finds them")
#: The same without a limit: what a person waits for is limited.
NO_REMEDIES_SOON = mark("no remedies were found in the time that is kept for them; try another year, or larger limits, yourself")
#: What a limit is called in a sentence, by table and parameter.
LIMITS = {
    ("supplies", "max_import"): mark("a larger connection for {name}"),
    ("supplies", "contract_max"): mark("a larger contract {name}"),
    ("supplies", "max_import_year"): mark("more {name} in a year"),
    ("supplies", "max_export"): mark("a larger outlet over {name}"),
    ("supplies", "max_export_year"): mark("more sent over {name} in a year"),
    ("technologies", "max_capacity"): mark("more {name}"),
    ("technologies", "max_build"): mark("faster building of {name}"),
    ("links", "max_capacity"): mark("a larger link {name}"),
    ("links", "max_build"): mark("faster building of {name}"),
    ("connections", "max_import"): mark("a larger connection {name}"),
    ("connections", "max_export"): mark("a larger outlet over {name}"),
    ("connections", "max_capacity"): mark("a larger connection {name}"),
    ("sites", "area"): mark("more room on {name}"),
    ("budget", "capital"): mark("a larger budget in {year}"),
    ("offsets", "max_volume"): mark("more credits of {name}"),
    ("restoration", "max_area"): mark("more land for {name}"),
    ("restoration", "max_plant"): mark("faster planting of {name}"),
    ("goal", "by"): mark("a later deadline for {name}"),
}
LOOSER = mark("a looser rule of {stage} on {metric}")
#: Tables of rules.
RULES = ("stages", "rules")
#: Heads of lists of remedies; `basis` is on what they were computed.
EACH_ALONE = mark("Remedies, each enough alone ({basis}):")
NONE_ALONE = mark("No single change is enough ({basis}).")
NONE_OF_TRIED = mark("No single change that was tried is enough ({basis}).")
TOGETHER, ENOUGH_TOGETHER = mark("  together:"), mark("Enough together:")
#: The same where each of them was tried alone.
ONLY_AS_WELL, ONLY_TOGETHER = mark("  together, none of them alone:"), mark("Enough together, none of them alone:")
#: A remedy: what changes, how far, and what the park costs then.
CHANGE, CHANGE_OF_ALL = mark("{limit}: {needed} instead of {now}"), mark("{limit}: {needed} instead of {now} ({note})")
CHANGE_FROM = mark("{limit} from {year}: {needed} instead of {now}")
WITH_COST = mark("  {change}; {cost}")
COST, COST_AND_MORE = mark("system cost {cost} {currency}"), mark("system cost {cost} {currency}, {more} more than without a goal")
COST_AND_LESS = mark("system cost {cost} {currency}, {less} less than without a goal")
NO_COST = mark("cost not computed in the time")
MILLIONS = mark("{amount} M")
COST_OF = mark("System cost is that of the park; what the change itself costs (land, a new line) comes on top.")
#: What is not enough, and what was not tried.
NOT_ENOUGH = mark("Not enough alone, however much: {limits}.")
NOT_ENOUGH_AND_MORE = mark("Not enough alone, however much: {limits} and {count} more (explain.csv).")
UNTRIED_ONE = mark("The time did not suffice to try 1 other limit.")
UNTRIED = mark("The time did not suffice to try {count} other limits.")
#: Names of limits that are listed in one sentence.
LISTED = 8


def say_remedies(found: Remedies, currency: str, basis: str) -> tuple[str, ...]:
    """Sentences that name the remedies with amounts and costs; `basis` says what they were computed on."""
    lines: list[str] = []
    enough = [w for w in found.remedies if w.is_enough]
    alone = [w for w in enough if not w.together]
    if alone:
        lines.append(Message(EACH_ALONE, basis=basis))
        lines += [Message(WITH_COST, change=_change(w), cost=_cost(w.system_cost, found, currency)) for w in alone]
    elif found.remedies:
        lines.append(Message(NONE_OF_TRIED if found.untried else NONE_ALONE, basis=basis))
    tried = {_where(w) for w in found.remedies if not w.is_enough}
    said = set()
    for cost in dict.fromkeys(w.system_cost for w in enough if w.together):
        own = [w for w in enough if w.together and w.system_cost == cost]
        if {*map(_where, own)} <= tried:
            lines.append(Message(ONLY_AS_WELL if alone else ONLY_TOGETHER))
            said |= {*map(_where, own)}
        else:
            lines.append(Message(TOGETHER if alone else ENOUGH_TOGETHER))
        lines += [Message(LINE, line=_change(w)) for w in own]
        lines.append(Message(LINE, line=_cost(cost, found, currency)))
    if enough:
        lines.append(Message(COST_OF))
    # What was said not to be enough alone beside what it is enough with is not said again: it would read as a contradiction.
    weak = [_limit(w) for w in found.remedies if w.note == HELPS and w.table not in RULES and _where(w) not in said]
    if weak:
        words = NOT_ENOUGH_AND_MORE if len(weak) > LISTED else NOT_ENOUGH
        lines.append(Message(words, limits=listed(weak[:LISTED]), count=len(weak) - LISTED))
    if found.untried:
        lines.append(Message(UNTRIED if found.untried > 1 else UNTRIED_ONE, count=found.untried))
    return tuple(lines)


def _change(remedy: Remedy) -> Message:
    assert remedy.needed is not None
    limit = _limit(remedy)
    if remedy.table == "goal":
        years = {"needed": f"{remedy.needed:.0f}", "now": f"{remedy.now:.0f}"}
        return Message(CHANGE_OF_ALL if remedy.note else CHANGE, limit=limit, note=remedy.note, **years)
    if remedy.table in RULES:
        amounts = {"needed": figure(remedy.needed, remedy.needed > remedy.now), "now": f"{remedy.now:g}"}
        return Message(CHANGE if remedy.year is None else CHANGE_FROM, limit=limit, year=remedy.year, **amounts)
    return Message(CHANGE, limit=limit, needed=figure(remedy.needed), now=f"{remedy.now:,.10g} {remedy.unit}")


def _where(remedy: Remedy) -> tuple[str, str, str, int | None]:
    """Where the park states what would have to change."""
    return remedy.table, remedy.name, remedy.parameter, remedy.year


def _limit(remedy: Remedy) -> Message:
    name = word(STAGES, remedy.name)
    if remedy.table in RULES:
        return Message(LOOSER, stage=name, metric=say_metric(remedy.parameter))
    return Message(LIMITS[remedy.table, remedy.parameter], name=name if remedy.table == "goal" else remedy.name, year=remedy.year)


def _cost(cost: float | None, found: Remedies, currency: str) -> Message:
    if cost is None:
        return Message(NO_COST)
    without = found.cost_without_goal
    if without is None:
        return Message(COST, cost=_money(cost), currency=currency)
    if round(cost - without) < 0:  # looser limits can save more than the goal costs
        return Message(COST_AND_LESS, cost=_money(cost), currency=currency, less=_money(without - cost))
    return Message(COST_AND_MORE, cost=_money(cost), currency=currency, more=_money(max(cost - without, 0.0)))


def _money(money: float) -> str:
    """An amount in millions, or as it is where it is small."""
    return Message(MILLIONS, amount=f"{money / 1e6:,.1f}") if abs(money) >= 1e5 else f"{money:,.0f}"


def figure(value: float, up: bool = True) -> str:
    """Four significant figures, rounded to the side on which it is enough."""
    if value == 0:
        return "0"
    digits = 3 - math.floor(math.log10(abs(value)))
    step = 10.0**-digits
    round_off = math.ceil if up else math.floor
    rounded = round_off(value / step + (-1e-4 if up else 1e-4)) * step
    text = f"{rounded:,.{max(0, digits)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
