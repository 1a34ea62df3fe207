"""The plans that the target plan of a large park, or of one on every hour, is compared with, made at the same time as that.

They share no search with the target plan: they have a method of their own, on the typical days that the target plan begins with, or
on every hour.
Where there are a second core and memory for both, a thread makes them while the target plan is made, since much of a search (branch
and bound, building, reading) takes one core only. Elsewhere they are made after it. The plans are the same either way.

The least-cost plan is made last (`ORDER`): it takes longest, and ends with its hours, of which months are solved on all cores. So
no core is idle when the target plan is done.

They are not used where the target plan was repaired on other typical days: two costs would then differ by their days, too.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace

from models.case import Case
from models.inputs.calendar import HOURS_OF_YEAR
from planner.clock import Clock
from planner.language.message import Message
from planner.language.words import BESIDE
from planner.machine.resources import cores
from planner.plan import BUSINESS, LEAST_COST, REFERENCE, TARGET, Difference, OnDays, Plan, of_item
from planner.planning.repair_loop import RepairLoop
from planner.planning.strategy import available, is_large, plans_whole
from planner.planning.task import Task

#: In which order the plans are made.
ORDER = REFERENCE, BUSINESS, LEAST_COST
#: Memory that must be free for two plans at once (bytes).
ROOM = 5e9
#: Why work on what is not waited for is ended.
NOT_NEEDED = "no need"
#: Said of a plan to compare with that there was no time for.
NOT_REACHED = Message("not reached within the time")


def has_search_beside(case: Case, task: Task, method: str, is_warm: bool) -> bool:
    """True where the plans to compare with have a search of their own: in a large park, or on all hours of a year; not with a limit
    of time, which is better used by one plan after the other, nor where decisions of a like park are known (`is_warm`)."""
    large = is_large(task.inputs)
    if plans_whole(method, large) or task.clock.watch.limit is not None:
        return False
    return case.hours == HOURS_OF_YEAR if task.days is None else large and not is_warm


class Compared:
    """The plans that one target plan is compared with; what is still being made is ended with the context."""

    def __init__(self, case: Case, task: Task, verify: bool, base: float) -> None:
        self.case, self.task, self.verify, self.base = case, task, verify, base
        self.clock = Clock(self._tell, task.clock.watch.beside())
        self.plans: dict[str, Future[Plan]] = {name: Future() for name in ORDER}
        self.thread = threading.Thread(target=self._make, daemon=True, name="compared")
        self.loop: RepairLoop | None = None
        self.is_awaited = False

    def __enter__(self) -> Compared:
        """Begin with the plans where there are a second core and memory for it."""
        if cores() > 1 and available() > ROOM:
            self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def plan(self, name: str) -> Plan:
        """The plan of that name. Raises what making it raises."""
        self.is_awaited = True
        if self.thread.ident is None:
            self.thread.start()
        return self.plans[name].result()

    def end(self) -> None:
        """End what is still being made. Seconds and warnings of what was waited for go to the run; seconds of both add up."""
        self.clock.watch.end(NOT_NEEDED)
        clock = self.task.clock
        if self.is_awaited:
            clock.warnings += self.clock.warnings
            for name, seconds in self.clock.seconds.items():
                clock.note(name, seconds, 0.0)

    def _make(self) -> None:
        for name, future in self.plans.items():
            try:
                future.set_result(self._plan(name))
            except BaseException as fault:  # raised again where the plan is waited for
                future.set_exception(fault)

    def _plan(self, name: str) -> Plan:
        if self.clock.watch.is_over():
            return Plan(name, "failed", note=NOT_REACHED)
        if self.loop is None:
            task = replace(self.task, clock=self.clock)
            self.loop = RepairLoop(self.case, task, "decomposed", self.verify, self.base, chooses=False)
        return self.loop.plan(name)

    def _tell(self, step: str, text: str) -> None:
        """Tell what is done: as long as the target plan is made, only how far these plans are."""
        if self.is_awaited or (step in BESIDE and self.clock.watch.reason != NOT_NEEDED):
            self.task.clock.progress(step, text)


# --- relations -------------------------------------------------------------------------------------------------------------
# What the plans of a run say of one another.
#
# The least-cost plan has no rules to keep, so all others are plans for it, too. Where the least-cost plan keeps the rules
# of the goal by itself, it is a plan for the target: then no rule binds, and the two are one.
#
# And the sums that a board reads: what one plan costs more than another, and for each tonne that it emits less.


def related(plans: Mapping[str, Plan], gap: float, alike: bool = True) -> dict[str, Plan]:
    """The plans, each as cheap as any of the others that could stand in its place; `gap` is the relative gap asked for.

    `alike`: nothing is asked of the least-cost plan alone, and not of the reference, as a least capacity or rules.csv do.

    A least-cost plan that is infeasible beside a target plan is a contradiction: the target plan is one. Costs of typical days and
    of all hours are not compared, nor costs of other typical days. What is proven of the least-cost plan holds for the target, too;
    not the other way round.
    """
    found = dict(plans)
    least = found.get(LEAST_COST)
    if least is None or least.status == "failed":
        return found
    for name in (TARGET, REFERENCE, BUSINESS) if alike else (TARGET,):
        if name in found and _is_better(one := found[name].beside(least), found[LEAST_COST]):
            found[LEAST_COST] = _in_place_of(least, one, [least], gap)
    target, least = found[TARGET], found[LEAST_COST]
    if target.has_tables and least.has_tables and _are_of_one_time(target, least) and keeps_rules(least):
        one = least if _is_better(least, target) else target
        found[TARGET] = _in_place_of(target, one, [target, least], gap)
        found[LEAST_COST] = _in_place_of(least, one, [least], gap)
    return found


def keeps_rules(plan: Plan) -> bool:
    """True if the plan keeps all rules that the goal sets."""
    return bool(plan.tables["stages"]["holds"].astype(bool).all())


def _is_better(one: Plan, other: Plan) -> bool:
    """True if the one is cheaper, or there are no tables of the other."""
    if not one.has_tables:
        return False
    if not other.has_tables:
        return True
    assert one.system_cost is not None and other.system_cost is not None
    return _are_of_one_time(one, other) and one.system_cost < other.system_cost


def _are_of_one_time(one: Plan, other: Plan) -> bool:
    """True if both costs are of all hours, or of the same typical days."""
    if one.verified or other.verified:
        return one.verified and other.verified
    days = [plan.on_days.of if plan.on_days else None for plan in (one, other)]
    return days[0] == days[1]


def _in_place_of(own: Plan, other: Plan, proofs: Sequence[Plan], gap: float) -> Plan:
    """Another plan's answer, with the name and the seconds of this one, and the highest bound of those plans."""
    bound = max((plan.bound for plan in proofs if plan.bound is not None), default=-math.inf)
    taken = replace(other, name=own.name, seconds=own.seconds, on_days=_on_days(other.on_days, proofs))
    return taken.with_bound(bound, gap)


def _on_days(days: OnDays | None, proofs: Sequence[Plan]) -> OnDays | None:
    """Cost on typical days, and the highest bound of those plans on the same days."""
    if days is None or days.cost is None:
        return days
    known = [plan.on_days.bound for plan in proofs if plan.on_days is not None and plan.on_days.of == days.of]
    return days.with_bound(max((b for b in known if b is not None), default=None))


#: Emissions that differ by less (t) are the same.
SAME = 1e-6


def goal_cost(plans: Mapping[str, Plan], discount: Mapping[int, float]) -> Difference | None:
    """What the goal costs: the target plan against the least-cost one; None where either is missing."""
    target, other = plans.get(TARGET), plans.get(LEAST_COST)
    if target is None or other is None or not target.has_tables or not other.has_tables:
        return None
    return difference(target.beside(other), other, discount)


def abatement(plans: Mapping[str, Plan], against: str, discount: Mapping[int, float]) -> dict[str, Difference]:
    """Every plan against the one that it is compared with."""
    other = plans.get(against)
    if other is None or not other.has_tables:
        return {}
    return {
        name: difference(plan.beside(other), other, discount) for name, plan in plans.items() if name != against and plan.has_tables
    }


def saved(plans: Mapping[str, Plan]) -> dict[str, float]:
    """By what the target plan costs less than each other one (money), both in all hours or on the same typical days."""
    found = {name: (plan.system_cost, plans[TARGET].beside(plan).system_cost) for name, plan in plans.items() if name != TARGET}
    return {name: other - own for name, (other, own) in found.items() if other is not None and own is not None}


def difference(plan: Plan, other: Plan, discount: Mapping[int, float]) -> Difference:
    r"""Difference of system cost, and by tonne of net emissions: discounted like money, and as they are.

    .. math:: \frac{C - C'}{\sum_y \delta_y (n'_y - n_y)} \qquad \frac{C - C'}{\sum_y (n'_y - n_y)}

    C  system cost   money      n  net emissions   t (y)      δ  discount factor   1 (y)      ' of the other plan

    A sum that is not above 0 has no cost of a tonne.
    """
    assert plan.system_cost is not None and other.system_cost is not None
    money = plan.system_cost - other.system_cost
    net, others = (of_item(p.tables["emissions"], "net").set_index("year")["value"] for p in (plan, other))
    avoided = others - net
    discounted = float((avoided * avoided.index.map(discount)).sum())
    return Difference(money, _each(money, discounted), _each(money, float(avoided.sum())))


def _each(money: float, tonnes: float) -> float | None:
    return money / tonnes if tonnes > SAME else None
