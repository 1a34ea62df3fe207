"""Why a goal cannot be met: which rules block it, or by how much and where it is broken.

Each rule gets a slack with a cost, and the least total breach is found. A rule whose single removal makes the goal
reachable must be part of every proof that it is out of reach, and the duals of the least breach are such a proof: so
the candidates are the rules that occur in all proofs seen, which soon are few or none.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel

from models.case import Goal
from models.dot import dot
from models.inputs import Inputs
from models.inputs.capacity import Capacity
from models.inputs.equipment import ALL_ZONES
from models.metrics import OF_RULES
from models.park import build_park
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import CARRIERS, STAGES, word
from planner.machine.stopping import Stopped
from planner.plan import Breach
from planner.solve import INFINITY, LARGE, Answer, Limits, Matrix, Solver, compile_model, solve_linear, solve_whole

Rule = tuple[int, str, str, str]

#: Stands for the stage of a reserve.
RESERVE = "reserve"
#: Stands for the sense of what must be served with something out.
OUT = "out"


class ElasticRules:
    """A park whose rules can be broken at a cost, and nothing else costs anything."""

    def __init__(self, matrix: Matrix, model: ConcreteModel, inputs: Inputs) -> None:
        self.rules, self.rows = rule_rows(matrix, model)
        held, rows = reserve_rows(matrix, model)
        self.rules, self.rows = [*self.rules, *held], np.concatenate([self.rows, rows])
        out, balances, owner = outage_rows(matrix, model)
        #: Rule of each row, and how a slack fills it.
        self.owner = np.concatenate([np.arange(len(self.rules)), len(self.rules) + owner]).astype(int)
        first = len(self.rows)
        self.rules, self.rows = [*self.rules, *out], np.concatenate([self.rows, balances])
        self.solver = Solver(matrix)
        self.solver.set_cost(np.zeros(len(matrix.cost)))
        self.solver.scale = 1.0
        peak = max([1e-3, *(inputs.demands.energy[u, y] * inputs.at(y).demands.shape[u].max() for u, y in inputs.demands.energy)])
        self.price = np.array([1.0 / (peak if rule[1] == RESERVE else inputs.carbon.base) for rule in self.rules])
        own = self.price[self.owner]
        self.slacks = np.concatenate(
            [self.solver.add_slacks(self.rows[:first], own[:first]), self.solver.add_columns(self.rows[first:], 1.0, own[first:])]
        )
        self.whole = bool(matrix.integer.any()) and len(matrix.columns) <= LARGE

    def solve(self, free: int | None = None, whole: bool = False) -> tuple[Answer, np.ndarray]:
        """The least breach of all rules, but that of number `free` costs nothing; and the breaches."""
        price = self.price.copy()
        if free is not None:
            price[free] = 0.0
        self.solver.set_costs_of(self.slacks, price[self.owner])
        self.solver.relax(not whole)
        answer = solve_whole(self.solver, Limits(gap=1e-4)) if whole else solve_linear(self.solver)
        breach = np.full(len(price), INFINITY)
        if answer.has_point:
            breach = np.bincount(self.owner, answer.values[self.slacks], len(price))
        if free is not None and answer.has_point:
            breach = breach.copy()
            breach[free] = 0.0
        return answer, breach

    def proof(self, answer: Answer) -> set[int]:
        """Rules that the proof of the breach needs: those with a dual."""
        if answer.row_duals is None:
            return set(range(len(self.rules)))
        return set(self.owner[np.abs(answer.row_duals[self.rows]) > 1e-9].tolist())


def rule_rows(matrix: Matrix, model: ConcreteModel) -> tuple[list[Rule], np.ndarray]:
    """All rules of the park (year, stage, metric, sense) and their rows."""
    rules, constraints = [], []
    for y in model.year:
        for index, constraint in model.year[y].stage_rule.items():
            rules.append((y, *index))
            constraints.append(constraint)
    return rules, matrix.rows_of(constraints)


def reserve_rows(matrix: Matrix, model: ConcreteModel) -> tuple[list[Rule], np.ndarray]:
    """Reserves of the park (year, RESERVE, carrier, >=) and their rows; a carrier of one zone is named with it."""
    held = {(y, RESERVE, _place(c, zone), ">="): row for (c, zone, y), row in model.reserve_limit.items()}
    return list(held), matrix.rows_of(held.values())


def outage_rows(matrix: Matrix, model: ConcreteModel) -> tuple[list[Rule], np.ndarray, np.ndarray]:
    """What must be served with something out: (year, RESERVE, what is out, OUT), the balances, and the rule of each of them."""
    found: dict[Rule, list] = {}
    for (y, _, name, *_), row in outage_balances(model).items():
        found.setdefault((y, RESERVE, name, OUT), []).append(row)
    rows = [matrix.rows_of(own) for own in found.values()]
    owner = np.repeat(np.arange(len(rows)), [len(own) for own in rows])
    return list(found), np.concatenate([np.zeros(0, dtype=np.int32), *rows]), owner


def outage_balances(model: ConcreteModel) -> dict[tuple, Any]:
    """Balances of the operations with a unit out, of a whole park: without them these ask for nothing."""
    blocks = getattr(model, "outage", {})
    return {(*key, *index): row for key in blocks for index, row in blocks[key].balance.items()}


def _place(carrier: str, zone: str) -> str:
    return carrier if zone in ("park", ALL_ZONES) else f"{carrier} ({zone})"


def find_blocking(
    matrix: Matrix, model: ConcreteModel, inputs: Inputs, seconds: float | None = None
) -> tuple[tuple[Breach, ...], tuple[Breach, ...]]:
    """Rules whose single removal makes the goal reachable, with the breach each would have; and the least total breach.

    Both are empty where the park cannot be served even without a goal. After `seconds`, or once the watch in force is
    over, no further rule is tried.
    """
    began = time.perf_counter()
    elastic = ElasticRules(matrix, model, inputs)
    if not elastic.rules:
        return (), ()
    answer, breach = elastic.solve()
    if not answer.has_point:
        return (), ()
    whole = elastic.whole and dot(breach, elastic.price) < 1e-7
    candidates = set(range(len(elastic.rules))) if whole else elastic.proof(answer)
    if elastic.whole:
        answer, breach = elastic.solve(whole=True)
        if not answer.has_point:
            return (), ()
    blocking: list[Breach] = []
    order = sorted(candidates, key=lambda i: -breach[i])
    with suppress(Stopped):
        while order and (seconds is None or time.perf_counter() - began < seconds):
            r = order.pop(0)
            freed, left = elastic.solve(free=r, whole=whole)
            holds = freed.has_point and dot(left, elastic.price) < 1e-7
            if holds and elastic.whole and not whole:
                sure, left = elastic.solve(free=r, whole=True)
                holds = sure.has_point and dot(left, elastic.price) < 1e-6
            if holds:
                blocking.append(_breach(elastic, r, _alone(elastic, r)))
            elif not whole and freed.has_point:
                proof = elastic.proof(freed)
                order = [i for i in order if i in proof]
    return tuple(blocking), tuple(_breach(elastic, i, float(b)) for i, b in enumerate(breach) if b > 1e-6)


def _alone(elastic: ElasticRules, r: int) -> float:
    """By how much rule r alone must be broken, the others holding."""
    solver = elastic.solver
    others = elastic.slacks[elastic.owner != r]
    solver.set_bounds(others, np.zeros(len(others)), np.zeros(len(others)))
    answer, breach = elastic.solve(whole=elastic.whole)
    solver.set_bounds(others, np.zeros(len(others)), np.full(len(others), INFINITY))
    return float(breach[r]) if answer.has_point else 0.0


def _breach(elastic: ElasticRules, i: int, amount: float) -> Breach:
    y, stage, metric, sense = elastic.rules[i]
    if sense == OUT:
        return Breach(stage, metric, y, amount, "MWh", is_outage=True, sense=">=")
    return Breach(stage, metric, y, amount, "MW" if stage == RESERVE else OF_RULES[metric].amount, sense=sense)


def missing(matrix: Matrix, model: ConcreteModel, years: Iterable[int]) -> tuple[list[tuple], list[tuple]]:
    """Where a park cannot be planned without any rule: demand that cannot be met, as (year, zone, carrier, snapshot, MW), and
    assets of which less can stand than must, as (name, year, missing); the largest first, both empty where that is not why.

    Every balance, and every least capacity, may be filled at a cost, and nothing else costs anything.
    """
    balances = {(y, *index): row for y in years for index, row in model.year[y].balance.items()}
    least = dict(model.capacity_least.items())
    freed = np.concatenate([of(matrix, model)[1] for of in (rule_rows, reserve_rows, outage_rows)])
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
    """Sentences that name the blocking rules, the years and by how much, those that break most first; `tried`: whether each rule
    was tried alone."""
    rules = sorted(blocking or breaches, key=lambda b: -b.amount)
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
