"""Remedies of a goal that cannot be met: a later deadline, or more of one resource, each with what it then costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from models.case import Goal
from planner.explain.elastic import Elastic, Try
from planner.explain.limits import LimitAsRows
from planner.language.language import mark
from planner.language.message import Message
from planner.language.progress import LATER, TOGETHER
from planner.plan import Remedy

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
