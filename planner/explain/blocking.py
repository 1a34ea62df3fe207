"""Why a goal cannot be met: the rules of a park and their rows, where demand cannot be served, and all of it in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel

from models.case import Goal
from models.inputs import Inputs
from models.inputs.capacity import Capacity
from models.inputs.equipment import ALL_ZONES
from models.metrics import OF_RULES
from models.park import build_park
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import CARRIERS, STAGES, listed, word
from planner.plan import Breach
from planner.solve import LARGE, Limits, Matrix, Solver, compile_model, solve_linear, solve_whole

Rule = tuple[int, str, str, str]

#: Stands for the stage of a reserve.
RESERVE = "reserve"
#: Stands for the sense of what must be served with something out.
OUT = "out"


def rule_rows(matrix: Matrix, model: ConcreteModel) -> tuple[list[Rule], np.ndarray]:
    """All rules of the park (year, stage, metric, sense) and their rows."""
    each = _stage_rules(model)
    return list(each), matrix.rows_of(each.values())


def _stage_rules(model: ConcreteModel) -> dict[Rule, Any]:
    return {(y, *index): row for y in model.year for index, row in model.year[y].stage_rule.items()}


def kept_rows(matrix: Matrix, model: ConcreteModel) -> tuple[list[Rule], np.ndarray, np.ndarray]:
    """What a park must keep beside its balances, the rows in which it stands, and which of them each row is of.

    Rules are (year, stage, metric, sense); reserves (year, RESERVE, carrier, >=), a carrier of one zone named with it; last what is
    to be served with something out, (year, RESERVE, what is out, OUT), which has a balance in every hour of a stress day.
    """
    each: dict[Rule, list] = {rule: [row] for rule, row in _stage_rules(model).items()}
    each |= {(y, RESERVE, _place(c, zone), ">="): [row] for (c, zone, y), row in model.reserve_limit.items()}
    for (y, _, name, *_), row in outage_balances(model).items():
        each.setdefault((y, RESERVE, name, OUT), []).append(row)
    rows = matrix.rows_of(row for own in each.values() for row in own)
    return list(each), rows, np.repeat(np.arange(len(each)), [len(own) for own in each.values()]).astype(int)


def outage_balances(model: ConcreteModel) -> dict[tuple, Any]:
    """Balances of the operations with a unit out, of a whole park: without them these ask for nothing."""
    blocks = getattr(model, "outage", {})
    return {(*key, *index): row for key in blocks for index, row in blocks[key].balance.items()}


def _place(carrier: str, zone: str) -> str:
    return carrier if zone in ("park", ALL_ZONES) else f"{carrier} ({zone})"


def missing(matrix: Matrix, model: ConcreteModel, years: Iterable[int]) -> tuple[list[tuple], list[tuple]]:
    """Where a park cannot be planned without any rule: demand that cannot be met, as (year, zone, carrier, snapshot, MW), and
    assets of which less can stand than must, as (name, year, missing); the largest first, both empty where that is not why.

    Every balance, and every least capacity, may be filled at a cost, and nothing else costs anything.
    """
    balances = {(y, *index): row for y in years for index, row in model.year[y].balance.items()}
    least = dict(model.capacity_least.items())
    freed = kept_rows(matrix, model)[1]
    found = filled(matrix, matrix.rows_of([*balances.values(), *least.values()]), [*balances, *least], freed=freed)
    return [own for own in found if own[:-1] in balances], [own for own in found if own[:-1] in least]


def filled(
    matrix: Matrix, rows: np.ndarray, places: list[tuple], sign: float = 1.0, freed: Sequence[int] | np.ndarray = ()
) -> list[tuple]:
    """The least that must be put into these balances, which stand for those places, for all rows to hold; the largest first.

    With a `sign` of -1 what must be taken out. Empty where that does not help. `freed`: rows that need not hold.
    """
    solver = Solver(matrix)
    solver.set_cost(np.zeros(len(matrix.cost)))
    solver.scale = 1.0
    solver.free_rows(np.array(freed, dtype=np.int32))
    solver.add_columns(rows, sign, np.ones(len(rows)))
    solver.relax(True)
    answer = solve_linear(solver)
    if not answer.has_point:
        return []
    amounts = answer.values[len(matrix.columns) :]
    found = [(*places[i], float(amounts[i])) for i in np.flatnonzero(amounts > 1e-6)]
    return sorted(found, key=lambda f: -f[-1])


def least_loads_in_the_way(inputs: Inputs) -> list[tuple[str, float]]:
    """Converters, with their min_load, that keep a park without a goal from having a plan; empty where it is not they.

    One that is in the way alone, else all where they are together. Every park without the load is solved with its whole
    numbers, so only a park is tried that is small enough for that.
    """
    loads = inputs.conversion.min_load

    def can_be_planned(kept: dict[str, float]) -> bool:
        """True if there is a plan without any rule where only these technologies have a least load (1, a share of what stands);
        False for a park of more than `LARGE` columns, which is not tried."""
        small = replace(inputs, conversion=replace(inputs.conversion, min_load=kept))
        model = build_park(small)
        matrix = compile_model(model)
        if len(matrix.columns) > LARGE:
            return False
        solver = Solver(matrix)
        solver.set_cost(np.zeros(len(matrix.cost)))
        solver.scale = 1.0
        solver.free_rows(rule_rows(matrix, model)[1])
        return solve_whole(solver, Limits()).has_point

    if not loads or not can_be_planned({}):
        return []
    alone = [k for k in loads if can_be_planned({other: share for other, share in loads.items() if other != k})]
    return [(k, loads[k]) for k in alone or loads]


# --- words -----------------------------------------------------------------------------------------------------------------
# Why a goal cannot be met, in sentences: the rules in the way, demand that cannot be served, loads that cannot be taken.
#
# Each sentence is a message, a template with values, so that a page says it in another language.

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
OTHERS = mark("  and {count} more (summary.json)")
#: Rules that are listed: those that break most.
LISTED = 5
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
LOADS = mark(
    "The park cannot be planned even without a goal: no use is found for what runs in every hour at no less than a share of what "
    "stands, {names}; with a min_load of 0 there is a plan. An order is not retired in the year in which it begins to work."
)
MIN_LOAD = mark("{name} (min_load = {share})")
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


def say_blocking(goal: Goal, blocking: Sequence[Breach], breaches: Sequence[Breach], tried: bool = True) -> tuple[str, ...]:
    """Sentences that name the blocking rules, the years and by how much, those that break most first; `tried`: whether each rule
    was tried alone."""
    rules = sorted(blocking or breaches, key=lambda b: worst_first(b.amount, b.year))
    worst = rules[0]
    head = Message(
        TOO_LITTLE if worst.sense == ">=" else TOO_MUCH,
        goal=_cannot(goal),
        amount=_amount(worst),
        year=worst.year,
        rule=_rule(worst, OF_STAGE, OF_RESERVE),
    )
    lines = [Message(BROKEN, year=b.year, rule=_rule(b, IN_STAGE, IN_RESERVE), amount=_amount(b)) for b in rules[:LISTED]]
    if len(rules) > LISTED:
        lines.append(Message(OTHERS, count=len(rules) - LISTED))
    return (head, Message(ALONE if blocking else NONE_ALONE if tried else NEAREST), *lines)


def worst_first(amount: float, year: int) -> tuple[float, int]:
    """By what broken rules are sorted: the amount, alike to four digits, then the year."""
    return -float(f"{amount:.4g}"), year


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
    return (Message(LOADS, names=listed([Message(MIN_LOAD, name=name, share=f"{share:g}") for name, share in loads])),)


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
