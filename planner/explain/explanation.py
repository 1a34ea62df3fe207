"""The explanation of an unreachable goal: which rules block it, and the remedies; a large park on a few typical days."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from models.case import Case, Goal
from models.errors import CaseError
from models.families import TABLES
from models.inputs import Inputs, resolve
from models.inputs.reserves import Outages
from models.park import build_park
from planner.clock import Clock
from planner.days import choose_days
from planner.explain.blocking import (
    least_loads_in_the_way,
    missing,
    say_blocking,
    say_hour,
    say_least_capacity,
    say_least_loads,
    say_metric,
    say_unexplained,
    say_unserved,
)
from planner.explain.elastic import Elastic, LimitAsRows, Try, find_blocking
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import LATER, STAGES, TOGETHER, listed, word
from planner.machine.resources import paused_garbage_collector
from planner.machine.stopping import Stopped
from planner.plan import Breach, Remedy, Run
from planner.solve import Coefficients, Matrix, compile_model, unbounded_direction

# --- remedies --------------------------------------------------------------------------------------------------------------
# Remedies of a goal that cannot be met: a later deadline, or more of one resource, each with what it then costs.

#: Of what is not enough alone: more of it would lessen what is missing, or would not.
HELPS, NO_HELP = mark("not enough alone"), mark("of no help")
#: Of a later deadline: it moves the milestones, too.
ALL_STAGES = mark("every stage {years} years later")
#: Less than this share of a limit is no need for more.
TRACE = 1e-6


@dataclass(frozen=True)
class Remedies:
    """What was found. `cost_without_goal` is what the costs of the ways compare with; `untried` limits for want of time."""

    remedies: tuple[Remedy, ...] = ()
    cost_without_goal: float | None = None
    untried: int = 0


class RemedySearch:
    """Asks the elastic park for one remedy after the other, until they are all tried or the time is over."""

    def __init__(self, elastic: Elastic, seconds: float | None, tell: Callable[[str], None] = lambda _: None) -> None:
        self.elastic, self.case, self.tell = elastic, elastic.case, tell
        self.end = None if seconds is None else time.perf_counter() + seconds
        self.resources = [i for i, limit in enumerate(elastic.limits) if not limit.is_rule]
        self.remedies: list[Remedy] = []
        #: What is missing with all limits as they are, and the cost without a goal; None before they are known.
        self.today: Try | None = None
        self.without: float | None = None
        #: Limits that are yet to be tried, and whether the deadline is.
        self.open: set[int] = set()
        self.deadline_open = False

    @property
    def has_begun(self) -> bool:
        """True once something is known of what was to be tried."""
        return self.today is not None or bool(self.open)

    def left(self) -> float | None:
        """Seconds left."""
        return None if self.end is None else max(0.5, self.end - time.perf_counter())

    def late(self) -> bool:
        """True if the time is over."""
        return self.end is not None and time.perf_counter() > self.end

    def run(self) -> Remedies:
        """All remedies: the deadline, and every resource; where none is enough, all resources together; last the rules.

        The deadline is what a person asks for first, and the time may end. A limit is not enough alone where all of them together
        are not: that is one solve.
        """
        elastic = self.elastic
        elastic.set_goal(None)
        self.without = elastic.cost(seconds=self.left())
        rules = [i for i in range(len(elastic.limits)) if elastic.limits[i].is_rule]
        if self.without is None:  # the demand cannot be met without a goal: of the rules, only lasting ones may be in the way
            rules = [i for i in rules if elastic.limits[i].table == "rules"]
        self.open, self.deadline_open = {*self.resources, *rules}, self.without is not None
        if self.without is not None:
            self.deadline()
        elastic.set_goal(self.case.goal)
        self.today = today = elastic.least(seconds=self.left())
        if today is not None and today.is_enough:  # on these days and years the goal can be met: nothing can be said
            self.remedies, self.open, self.deadline_open = [], set(), False
        if today is None or today.is_enough:
            return self.found()
        together = self.together(self.resources)
        if together is None or together.is_enough:
            self.alone(today, self.resources)
            self.budgets()
            if together is not None and not any(remedy.is_enough for remedy in self.remedies):
                self._keep(together, together=True)
        else:
            self._none_is_enough(today, self.resources)
        self.alone(today, rules)
        return self.found()

    def found(self) -> Remedies:
        """What is known so far."""
        untried = len(self.open) + self.deadline_open
        return Remedies(tuple(sorted(self.remedies, key=_order)), self.without, untried)

    def alone(self, today: Try, which: Iterable[int]) -> None:
        """Every limit by itself. One that some proof of what is missing does not need cannot be enough, and is not tried."""
        helps = set(today.helps)
        for i in which:
            found = None
            if i in helps:
                if self.late():
                    continue
                self.tell(_name(self.elastic.limits[i]))
                found = self.elastic.least([i], self.left())
                if found is None:
                    continue
            if found is not None and found.is_enough:
                self._keep(found, together=False)
                self.open.discard(i)
            else:
                self._none_is_enough(today, [i])
                helps &= found.helps if found is not None else helps

    def _none_is_enough(self, today: Try, which: Iterable[int]) -> None:
        """Note that none of these limits is enough alone."""
        for i in which:
            self.remedies.append(_not_enough(self.elastic.limits[i], HELPS if i in today.helps else NO_HELP))
            self.open.discard(i)

    def budgets(self) -> None:
        """Where no single year's budget is enough: the least more in all years."""
        own = [i for i in self.resources if self.elastic.limits[i].table == "budget"]
        enough = any(remedy.is_enough and remedy.table == "budget" for remedy in self.remedies)
        found = self.together(own) if len(own) > 1 and not enough else None
        if found is not None and found.is_enough:
            self._keep(found, together=True)

    def together(self, which: list[int]) -> Try | None:
        """Several limits at once; None where there are none or no time is left."""
        if self.late() or not which:
            return None
        self.tell(Message(TOGETHER))
        return self.elastic.least(which, self.left())

    def _keep(self, found: Try, together: bool) -> None:
        """The ways of a try that is enough, with the system cost at these amounts."""
        limits = self.elastic.limits
        more = {i: amount for i, amount in found.more.items() if not together or amount > TRACE * limits[i].scale}
        cost = self.elastic.cost(found.more, self.left())
        for i, amount in more.items():
            limit = limits[i]
            needed = limit.now + amount
            if limit.is_ratio and limit.unit != "1" and cost is not None:
                needed = self.elastic.reached(limit)
            elif limit.is_rule:
                needed = limit.now + (amount if limit.is_upper else -amount)
            unit = "1" if limit.is_ratio else limit.unit
            self.remedies.append(
                Remedy(limit.table, limit.name, limit.parameter, limit.year, limit.now, needed, unit, together, cost)
            )

    def deadline(self) -> None:
        """The earliest later year in which the target can be reached; else that of all stages moved alike."""
        goal = self.case.goal
        assert goal is not None
        later = [y for y in self.elastic.years if y > goal.by]
        moves: list[Callable[[int], Goal]] = [lambda y: goal.model_copy(update={"by": y})]
        if goal.milestones:
            moves.append(lambda y: _moved(goal, y - goal.by))
        for move in moves:
            year = self._earliest(later, move)
            if year is not None:
                self.elastic.set_goal(move(year))
                cost = self.elastic.cost(seconds=self.left())
                note = "" if move is moves[0] else Message(ALL_STAGES, years=year - goal.by)
                self.remedies.append(Remedy("goal", goal.target, "by", None, goal.by, year, "year", False, cost, note))
                self.deadline_open = False
                break
            if self.late():
                break
        else:
            self.remedies.append(Remedy("goal", goal.target, "by", None, goal.by, None, "year", note=HELPS))
            self.deadline_open = False
        self.elastic.set_goal(goal)

    def _earliest(self, years: list[int], move: Callable[[int], Goal]) -> int | None:
        """The first year that works; by halving, as a later deadline never asks for more."""
        low, high = 0, len(years)
        while low < high and not self.late():
            middle = (low + high) // 2 if high < len(years) else len(years) - 1
            self.tell(Message(LATER, year=years[middle]))
            self.elastic.set_goal(move(years[middle]))
            found = self.elastic.least(seconds=self.left())
            if found is not None and found.is_enough:
                high = middle
            else:
                low = middle + 1
        return years[high] if high < len(years) and low >= high else None


def _moved(goal: Goal, years: int) -> Goal:
    """All stages later by as many years."""
    return Goal(target=goal.target, by=goal.by + years, milestones={s: y + years for s, y in goal.milestones.items()})


def _not_enough(limit: LimitAsRows, note: str) -> Remedy:
    unit = "1" if limit.is_ratio else limit.unit
    return Remedy(limit.table, limit.name, limit.parameter, limit.year, limit.now, None, unit, note=note)


def _name(limit: LimitAsRows) -> str:
    return " ".join(str(part) for part in (limit.table, limit.name, limit.parameter, limit.year) if part not in ("", None))


def _order(remedy: Remedy) -> tuple:
    """Alone before together, rules last, the cheapest first; what is not enough at the end."""
    cost = float("inf") if remedy.system_cost is None else remedy.system_cost
    where = (remedy.table, remedy.name, remedy.parameter, remedy.year or 0)
    return (not remedy.is_enough, remedy.note == NO_HELP, remedy.together, remedy.table in ("stages", "rules"), cost, *where)


# --- remedy words ----------------------------------------------------------------------------------------------------------
# The remedies of a goal that cannot be met, in sentences: what would have to change, how far, and what it costs then.
#
# Each sentence is a message, a template with values, so that a page says it in another language.

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
ENOUGH_TOGETHER = mark("Enough together:")
#: A remedy: what changes, how far, and what the park costs then.
CHANGE, CHANGE_FROM = mark("{limit}: {needed} instead of {now}"), mark("{limit} from {year}: {needed} instead of {now}")
WITH_NOTE, WITH_COST = mark("{change} ({note})"), mark("  {change}; {cost}")
COST, COST_AND_MORE = mark("system cost {cost} {currency}"), mark("system cost {cost} {currency}, {more} more than without a goal")
COST_AND_LESS = mark("system cost {cost} {currency}, {less} less than without a goal")
NO_COST = mark("cost not computed in the time")
MILLIONS = mark("{amount} M")
COST_OF = mark("System cost is that of the park; what the change itself costs (land, a new line) comes on top.")
#: What is not enough, and what was not tried.
NOT_ENOUGH = mark("Not enough alone, however much: {limits}.")
NOT_ENOUGH_AND_MORE = mark("Not enough alone, however much: {limits} and {count} more (explain.csv).")
UNTRIED = mark("Limits that the time did not suffice to try: {count}.")
#: Names of limits that are listed in one sentence.
LISTED = 8


def say_remedies(found: Remedies, currency: str, basis: str) -> tuple[str, ...]:
    """Sentences that name the remedies with amounts and costs; `basis` says what they were computed on."""
    lines: list[str] = []
    enough = [w for w in found.remedies if w.is_enough]
    together = [w for w in enough if w.together]
    if len(together) < len(enough):
        lines.append(Message(EACH_ALONE, basis=basis))
    elif found.remedies:
        lines.append(Message(NONE_OF_TRIED if found.untried else NONE_ALONE, basis=basis))
    for remedy in enough:
        if remedy.together and remedy is together[0]:
            lines.append(Message(ENOUGH_TOGETHER))
        lines.append(Message(WITH_COST, change=_change(remedy), cost=_cost(remedy.system_cost, found, currency)))
    if enough:
        lines.append(Message(COST_OF))
    # What is enough with others is not said not to be enough alone: it would read as a contradiction.
    said = {*map(_where, together)}
    weak = [_limit(w) for w in found.remedies if w.note == HELPS and w.table not in RULES and _where(w) not in said]
    if weak:
        words = NOT_ENOUGH_AND_MORE if len(weak) > LISTED else NOT_ENOUGH
        lines.append(Message(words, limits=listed(weak[:LISTED]), count=len(weak) - LISTED))
    if found.untried:
        lines.append(Message(UNTRIED, count=found.untried))
    return tuple(lines)


def _change(remedy: Remedy) -> Message:
    """What would have to change, from what it is to what is needed, which is rounded to the side on which it is enough."""
    assert remedy.needed is not None
    needed, now = figure(remedy.needed, remedy.needed > remedy.now), f"{remedy.now:,.10g} {remedy.unit}"
    if remedy.table == "goal":
        needed, now = f"{remedy.needed:.0f}", f"{remedy.now:.0f}"
    elif remedy.table in RULES:
        now = f"{remedy.now:g}"
    is_step = remedy.table in RULES and remedy.year is not None
    change = Message(CHANGE_FROM if is_step else CHANGE, limit=_limit(remedy), year=remedy.year, needed=needed, now=now)
    return Message(WITH_NOTE, change=change, note=remedy.note) if remedy.note else change


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


# --- explanation -----------------------------------------------------------------------------------------------------------

# --- numbers ---------------------------------------------------------------------------------------------------------------
# What a park's author can do about numbers: coefficients of very different size, and a supply that makes it unbounded.
#
# Variables and rows of a model in the words of a park's author: the table, the name in it, and what is counted there.

#: What is said of numbers that lie too far apart.
SPAN = mark(
    "the coefficients of the model span {span}, and above {widest} a solver may lose digits: from {least} to {most}; no figure "
    "need be wrong, and every plan is worked out once more by the ledger"
)
#: Kinds of equipment that are named in one sentence.
NAMED = 3


def span_warnings(found: Coefficients, matrices: Mapping[int, Matrix], inputs: Inputs) -> tuple[str, ...]:
    """A sentence where the numbers of the matrix lie too far apart: which two, and of what."""
    if not found.is_wide or found.least is None or found.most is None:
        return ()

    def of(place: tuple[int, int, int]) -> str:
        key, row, column = place
        matrix = matrices[key]
        return f"{say_component(matrix.columns[column], inputs, key)}; in {say_component(matrix.rows[row], inputs, key)}"

    least, most = (f"{size:.1e} ({of(place)})" for size, place in zip(found.matrix, (found.least, found.most), strict=True))
    return (Message(SPAN, span=f"{found.span:.0e}", widest=f"{found.widest:.0e}", least=least, most=most),)


def earners(inputs: Inputs) -> tuple[tuple[str, int, int], ...]:
    """Supplies without any limit, of their own or shared, whose price is below 0 in some hour: (s, y, the cheapest hour)."""
    supplies, hours = inputs.supplies, len(inputs.calendar.weight)
    found = []
    for s in supplies.importers:
        shared = inputs.connections.import_max.get(inputs.connections.of(s))
        if s in inputs.contracts.most or s in supplies.import_max or s in supplies.import_year_max or shared is not None:
            continue
        for y in (y for y in inputs.years if s in supplies.offered[y]):
            price = inputs.at(y).supplies.hourly_price(s, y, "energy", hours)
            if price.min() < 0:
                found.append((s, y, int(np.argmin(price))))
    return tuple(found)


def refuse_unbounded(case: Case, inputs: Inputs) -> None:
    """Raise CaseError where buying at a price below 0 pays for any amount of equipment that uses it up.

    Only then is the least cost not finite: every other price is at least 0, every export has a limit, and so has what a cost
    below 0 is paid for, or an emission factor below 0 earns. The goal's rules are left out, because the least-cost plan knows none.
    """
    found = earners(inputs)
    if not found:
        return
    inputs = replace(inputs, carbon=replace(inputs.carbon, rules={}))
    with paused_garbage_collector():
        model = build_park(inputs)  # kept: the columns know it only weakly
        matrix = compile_model(model)
    away = unbounded_direction(matrix)
    if away is None:
        return

    def most(variables: Iterable[tuple[str, Any]]) -> dict[str, float]:
        """By name the furthest that one of its variables goes; the furthest first."""
        steps: dict[str, float] = {}
        for name, variable in variables:
            step = float(away[matrix.column[id(variable)]])
            if step > 0:
                steps[name] = max(steps.get(name, 0.0), step)
        return dict(sorted(steps.items(), key=lambda item: -item[1]))

    bought = most((s, v) for y in inputs.years for (s, _), v in model.year[y].imports.items())
    built = most((k, v) for (k, _), v in model.build.items())
    s = max((s for s, _, _ in found), key=lambda s: bought.get(s, 0.0))
    y, t = next((y, t) for name, y, t in found if name == s)
    price = float(inputs.at(y).supplies.hourly_price(s, y, "energy", len(inputs.calendar.weight))[t])
    per, hour = "t" if inputs.supplies.carrier[s] == "co2" else "MWh", say_hour(inputs.calendar.has_typical_days, t)
    used = ", ".join(list(built)[:NAMED])
    origin = next((str(row.origin) for row in case.supplies if row.supply == s and row.origin), "supplies.csv")
    raise CaseError(
        [
            f"{origin}: {s}: has no limit and a price of {price:,.4g} {case.park.currency}/{per} in {y}, {hour}; "
            f"any amount of {used} that uses it up pays for itself, so the problem is unbounded; give max_import"
        ]
    )


def say_unbounded(matrix: Matrix, inputs: Inputs) -> str:
    """The variable that earns most in an unbounded direction, in words."""
    away = unbounded_direction(matrix)
    if away is None:
        return "HiGHS says so, and no direction is found"
    return say_component(matrix.columns[int(np.argmin(matrix.cost * away))], inputs)


def say_component(component: Any, inputs: Inputs, y: int = 0) -> str:
    """`technologies.csv pv, 2030: capacity that works`; `y` is the year of a model that is of one year."""
    parent, block = component.parent_component(), component.parent_block()
    index = component.index()
    parts = index if isinstance(index, tuple) else (index,)
    year = y or (block.index() if block.index() in inputs.years else next((p for p in parts if p in inputs.years), 0))
    names = [p for p in parts if isinstance(p, str)]
    table = TABLES[parent.local_name]
    if table == "technologies" and names[0] in {link for link, _ in inputs.network.arcs}:
        table = "links"
    if table in ("technologies", "supplies") and names[0] in inputs.connections.connections:
        table = "connections"
    of = " ".join([f"{table}.csv"] * bool(table) + (names[:1] if table not in ("", "stages") else names))
    when = f", {year}" if year else ""
    return f"{of or 'the park'}{when}: {parent.doc.rpartition(' [')[0]}"


# --- explanation -----------------------------------------------------------------------------------------------------------

#: Seconds that blocking rules, and then the remedies, may take: a person waits for them. Work that does not look at the time is
#: ended after so many times as many.
BLOCKING_SECONDS, WAYS_SECONDS, ENDED_AFTER = 10.0, 20.0, 1.25
#: Typical days on which a large park is explained.
DAYS = 2
#: Years after the deadline that are operated where not all are.
AFTER = (0, 1, 2, 4, 8)
#: On what the remedies were computed.
ON_HOURS, ON_ONE_DAY, ON_DAYS = mark("on every hour"), mark("on 1 typical day"), mark("on {count} typical days")
OF_YEARS, OF_ALL_YEARS = mark("{days} of {years}"), mark("{days} of all years")
AS_FRACTIONS = mark("{basis}, whole numbers as fractions")


def explain(case: Case, clock: Clock, inputs: Inputs, broken: tuple[Breach, ...], run: Run, large: bool) -> Run:
    """The run with its reasons: what is in the way in a sentence, the remedies, and the rules that break.

    `broken` are the rules that the solve itself had to break, where it knows them.
    """
    return Explanation(case, clock, inputs, broken, run, large).made()


class Explanation:
    """What an unreachable goal is explained with: one elastic park, of a large one on few typical days and in chosen years."""

    def __init__(self, case: Case, clock: Clock, inputs: Inputs, broken: tuple[Breach, ...], run: Run, large: bool) -> None:
        assert case.goal is not None
        self.case, self.clock, self.inputs, self.broken, self.run, self.large = case, clock, inputs, broken, run, large
        self.goal, self.typical_days = case.goal, run.typical_days
        self.search: RemedySearch | None = None

    @cached_property
    def elastic(self) -> Elastic:
        """The park whose limits can be loosened."""
        if not self.large:
            return Elastic(self.inputs, self.case)
        small = self.inputs
        if not 0 < self.typical_days <= DAYS and (days := choose_days(self.case, DAYS)) is not None:
            small, self.typical_days = resolve(self.case, self.goal, self.run.base, days), days.count
        years = {*chosen_years(self.case, self.inputs.years), *(b.year for b in self.broken if len(self.broken_years) == 1)}
        return Elastic(replace(small, outages=Outages()), self.case, sorted(years))

    @property
    def broken_years(self) -> set[int]:
        """Years in which the solve itself had to break rules."""
        return {b.year for b in self.broken}

    def made(self) -> Run:
        """The run with its reasons."""
        watch, broken = self.clock.watch, self.broken
        with self.clock.step("explaining"), paused_garbage_collector():
            try:
                run = watch.guarded(self._blocked, ENDED_AFTER * BLOCKING_SECONDS)
            except Stopped:
                words = say_blocking(self.goal, (), broken, tried=False) if broken else say_unexplained(self.goal)
                run = replace(self.run, breaches=broken, explanation=words)
        with suppress(Stopped), self.clock.step("looking for remedies"), paused_garbage_collector():
            watch.guarded(self._seek, ENDED_AFTER * WAYS_SECONDS)
        first, *rest = run.explanation
        if self.search is None or not self.search.has_begun:
            no_remedies = NO_TIME_FOR_REMEDIES if watch.limit is not None else NO_REMEDIES_SOON
            return replace(run, explanation=(first, Message(no_remedies), *rest))
        found = self.search.found()
        ways = say_remedies(found, run.currency, self._basis())
        return replace(run, remedies=found.remedies, cost_without_goal=found.cost_without_goal, explanation=(first, *ways, *rest))

    def _blocked(self) -> Run:
        """The run with what blocks; no rule is tried alone where the nearest plan of a large park breaks rules of several years."""
        run, broken = self.run, self.broken
        if self.large and len(self.broken_years) > 1:
            return replace(run, breaches=broken, explanation=say_blocking(self.goal, (), broken, tried=False))
        elastic = self.elastic
        blocking, breaches = find_blocking(elastic, min(self.clock.left(0.5) or BLOCKING_SECONDS, BLOCKING_SECONDS))
        breaches = broken if self.large and broken else breaches
        if blocking or breaches:
            return replace(run, blocking=blocking, breaches=breaches, explanation=say_blocking(self.goal, blocking, breaches))
        unserved, least = missing(elastic.matrix, elastic.model, elastic.years)
        loads = [] if unserved or least else least_loads_in_the_way(elastic.inputs)
        text = say_unserved(unserved, self.typical_days) if unserved or not (loads or least) else ()
        text = (*text, *say_least_capacity(least, elastic.inputs.capacity), *(say_least_loads(loads) if loads else ()))
        return replace(run, explanation=text)

    def _seek(self) -> None:
        """Look for remedies: what is found is told where the search is ended."""
        watch = self.clock.watch
        since, elastic = watch.elapsed(), self.elastic
        left = WAYS_SECONDS - (watch.elapsed() - since)  # building it took some
        seconds = min(self.clock.left() or left, left)
        self.search = RemedySearch(elastic, seconds, lambda text: self.clock.progress("looking for remedies", text))
        self.search.run()

    def _basis(self) -> str:
        """On what the remedies were computed."""
        elastic, count = self.elastic, self.typical_days
        days = Message(ON_HOURS if not count else ON_ONE_DAY if count == 1 else ON_DAYS, count=count)
        basis = Message(OF_ALL_YEARS, days=days)
        if len(elastic.years) < len(elastic.inputs.years):
            basis = Message(OF_YEARS, days=days, years=listed(list(map(str, elastic.years))))
        return Message(AS_FRACTIONS, basis=basis) if elastic.matrix.integer.any() and not elastic.exact else basis


def chosen_years(case: Case, years: Sequence[int]) -> tuple[int, ...]:
    """Years that stand for all: the first and the last, those of the stages, and some after the deadline."""
    goal = case.goal
    assert goal is not None
    wanted = {years[0], years[-1], *(since for _, since in goal.steps), *(goal.by + n for n in AFTER)}
    return tuple(y for y in years if y in wanted)
