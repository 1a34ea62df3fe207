"""Why a goal cannot be met, in sentences: the rules in the way, demand that cannot be served, loads that cannot be taken.

Each sentence is a message, a template with values, so that a page says it in another language.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.case import Goal
from models.metrics import OF_RULES
from planner.explain.blocking import RESERVE
from planner.explain.contradictions import Contradiction, say_hour
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import CARRIERS, STAGES, word
from planner.plan import Breach

#: How an explanation begins where no rule is at fault.
NO_PLAN = mark("demand cannot be met even without a goal:")
#: The goal that cannot be met, and the rule that is broken most.
CANNOT = mark("{stage} by {year} cannot be met")
TOO_MUCH = mark("{goal}: {amount} too much in {year} for {rule}.")
TOO_LITTLE = mark("{goal}: {amount} too little in {year} for {rule}.")
UNEXPLAINED = mark("{goal}; the time did not suffice to find out which rules block it.")
#: What the rules that are listed after it are.
ALONE = mark("Leaving out any one of these rules makes it possible:")
NONE_ALONE = mark("No single rule blocks it; the least total breach falls on:")
NEAREST = mark("A plan that comes near breaks:")
BROKEN = mark("  {year}  {rule}, broken by {amount}")
#: A rule: within a sentence, and in a list.
OF_STAGE, OF_RESERVE = mark("{metric} of {stage}"), mark("the reserve of {carrier}")
IN_STAGE, IN_RESERVE = mark("{stage}: {metric}"), mark("reserve: firm capacity of {carrier}")
OF_OUTAGE, OF_NOTHING_OUT = mark("the service with a unit of {name} out"), mark("the service on stress days")
METRIC = mark("{words} ({metric})")
#: Where demand cannot be met.
CONTRADICTORY = mark("The park cannot be planned even without a goal: its limits contradict each other.")
UNSERVED = mark(
    "demand cannot be met even without a goal: {power} {unit} of {carrier} are missing in {year}, {hour}; hours in all: {count}."
)
UNSERVED_IN_ZONE = mark(
    "demand cannot be met even without a goal: {power} {unit} of {carrier} are missing in {year}, {hour} (zone {zone}); "
    "hours in all: {count}."
)
#: Equipment that runs in every hour, and more than can be used.
LOAD = mark(
    "The park cannot be planned even without a goal: {names} runs in every hour at no less than this share of what stands, "
    "and no use is found for so much; with a min_load of 0 for it there is a plan. An order is not retired in the year "
    "in which it begins to work."
)
LOADS = mark(
    "The park cannot be planned even without a goal: {names} run in every hour at no less than this share of what stands, "
    "and no use is found for so much; with a min_load of 0 for them there is a plan. An order is not retired in the year "
    "in which it begins to work."
)
MIN_LOAD, BOTH = mark("{name} (min_load = {share})"), mark("{first} and {others}")
#: Said of a goal that a larger park, planned on typical days, cannot meet on them.
NOT_IN_HOURS = mark(
    "This was found on typical days ({count}); that no plan does so in all hours is not proven: --days 0 plans on every hour."
)
#: What was seen without a solve.
SEEN, LINE, MORE_YEARS = mark("Seen without a solve:"), mark("  {line}"), mark("  {line} And in {count} more years.")


def say_blocking(goal: Goal, blocking: Sequence[Breach], breaches: Sequence[Breach], tried: bool = True) -> tuple[str, ...]:
    """Sentences that name the blocking rules, the years and by how much; `tried`: whether each rule was tried alone."""
    worst = max(blocking or breaches, key=lambda b: b.amount)
    little = worst.stage == RESERVE or OF_RULES[worst.metric].sense == ">="
    head = Message(
        TOO_LITTLE if little else TOO_MUCH,
        goal=_cannot(goal),
        amount=_amount(worst),
        year=worst.year,
        rule=_rule(worst, OF_STAGE, OF_RESERVE),
    )
    listed = (Message(BROKEN, year=b.year, rule=_rule(b, IN_STAGE, IN_RESERVE), amount=_amount(b)) for b in blocking or breaches)
    return (head, Message(ALONE if blocking else NONE_ALONE if tried else NEAREST), *listed)


def say_metric(metric: str) -> Message:
    """What a metric is called in a sentence, with its name."""
    return Message(METRIC, words=Message(OF_RULES[metric].phrase), metric=metric)


def say_unexplained(goal: Goal) -> tuple[str, ...]:
    """A sentence for a goal whose blocking rules could not be found in time."""
    return (Message(UNEXPLAINED, goal=_cannot(goal)),)


def _cannot(goal: Goal) -> Message:
    return Message(CANNOT, stage=word(STAGES, goal.target), year=goal.by)


def _rule(breach: Breach, of_stage: str, of_reserve: str) -> Message:
    if breach.is_outage:
        return Message(OF_OUTAGE if breach.metric else OF_NOTHING_OUT, name=breach.metric)
    if breach.stage == RESERVE:
        return Message(of_reserve, carrier=word(CARRIERS, breach.metric))
    return Message(of_stage, metric=say_metric(breach.metric), stage=word(STAGES, breach.stage))


def _amount(breach: Breach) -> str:
    digits = 0 if breach.amount >= 100 else 1 if breach.amount >= 1 else 4
    return f"{breach.amount:,.{digits}f} {breach.unit}"


def say_unserved(missing: Sequence[tuple[int, str, str, int, float]], typical_days: int) -> tuple[str, ...]:
    """Sentences that say where demand cannot be met."""
    if not missing:
        return (Message(CONTRADICTORY),)
    y, zone, carrier, t, power = missing[0]
    return (
        Message(
            UNSERVED if zone == "park" else UNSERVED_IN_ZONE,
            power=f"{power:,.3g}",
            unit="t/h" if carrier == "co2" else "MW",
            carrier=word(CARRIERS, carrier),
            year=y,
            hour=say_hour(typical_days > 0, t),
            zone=zone,
            count=len(missing),
        ),
    )


def say_least_loads(loads: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    """A sentence that says whose min_load keeps the park from having a plan."""
    first, *others = (Message(MIN_LOAD, name=name, share=f"{share:g}") for name, share in loads)
    names = first
    for other in others:
        names = Message(BOTH, first=names, others=other)
    return (Message(LOADS if others else LOAD, names=names),)


def say_seen(seen: Sequence[Contradiction]) -> tuple[str, ...]:
    """Contradictions that were seen without a solve; one sentence for each kind, however many years it is of."""
    if not seen:
        return ()
    head = () if any(c.breach is None for c in seen) else (Message(SEEN),)
    kinds: dict[tuple, list[Contradiction]] = {}
    for c in seen:
        key = (c.text,) if c.breach is None else (c.breach.stage, c.breach.metric)
        kinds.setdefault(key, []).append(c)
    lines = (
        Message(MORE_YEARS, line=own[0].text, count=len(own) - 1) if len(own) > 1 else Message(LINE, line=own[0].text)
        for own in kinds.values()
    )
    return (*head, *lines)
