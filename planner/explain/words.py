"""Why a goal cannot be met, in sentences: the rules in the way, demand that cannot be served, loads that cannot be taken.

Each sentence is a message, a template with values, so that a page says it in another language.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.case import Goal
from models.inputs.capacity import Capacity
from models.metrics import OF_RULES
from planner.explain.blocking import RESERVE
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import CARRIERS, STAGES, word
from planner.plan import Breach

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
#: More of an asset must stand than can.
LEAST = mark(
    "{name}: {least} {unit} must stand in {year} (min_capacity of limits.csv), and what stands and all that can "
    "be ordered and paid for until then is {most} {unit}."
)
#: Which hour a snapshot is.
HOUR_OF_DAY, HOUR_OF_PROFILES = mark("hour {hour} of typical day {day}"), mark("hour {hour} of the profiles")
#: A line of a list.
LINE = mark("  {line}")


def say_blocking(goal: Goal, blocking: Sequence[Breach], breaches: Sequence[Breach], tried: bool = True) -> tuple[str, ...]:
    """Sentences that name the blocking rules, the years and by how much; `tried`: whether each rule was tried alone."""
    worst = max(blocking or breaches, key=lambda b: b.amount)
    head = Message(
        TOO_LITTLE if worst.sense == ">=" else TOO_MUCH,
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


def say_least_capacity(short: Sequence[tuple[str, int, float]], capacity: Capacity) -> tuple[str, ...]:
    """A sentence for each asset (name, year, missing) of which less can stand than must, of its first such year."""
    sentences: dict[str, str] = {}
    for name, y, missing in sorted(short, key=lambda place: place[1]):
        least, unit = capacity.min_capacity[name, y], capacity.label[name]
        words = Message(LEAST, name=name, least=f"{least:,.4g}", unit=unit, year=y, most=f"{least - missing:,.4g}")
        sentences.setdefault(name, words)
    return tuple(sentences.values())


def say_hour(on_typical_days: bool, t: int) -> Message:
    """Which hour a snapshot is."""
    return Message(HOUR_OF_DAY, hour=t % 24, day=t // 24 + 1) if on_typical_days else Message(HOUR_OF_PROFILES, hour=t)
