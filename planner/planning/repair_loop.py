"""The repair loop: a plan is solved on typical days, checked by the ledger, operated in every hour, and repaired until it holds.

Repairs, see `RepairLoop._repair`:

- By days (`RepairedDays`): some are added, demand on them is raised, rules are tightened.
- Every hour is planned on, where that does not serve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from models.case import Case
from models.inputs import TypicalDays, resolve
from models.inputs.carbon import BudgetOverYears, Carbon, Rule
from models.metrics import OF_RULES
from planner.clock import BEGUN_HOURS
from planner.days import alone, choose_days, join_days, raise_demand
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import CHOSEN, EVERY_HOUR, FIRST, OF_PLAN, PLANS, stopped_by, word
from planner.ledger.ledger import check_plan
from planner.machine.resources import cores
from planner.machine.stopping import Stopped
from planner.plan import BUSINESS, HOLDS_WITHIN, TARGET, Plan
from planner.planning import strategy
from planner.planning.methods import Method, method_for
from planner.planning.task import Task
from planner.planning.variants import not_as_usual
from planner.planning.verify import Failure, Verifier
from planner.solve import LARGE, modelling

#: Where a tightened rule is violated again or met by no plan, the typical days are too few: so many times as many are chosen, at
#: most `MOST_DAYS`.
MORE_DAYS, MOST_DAYS = 3, 48
#: Days that are added in the first repairs at most, and in each after them.
JOINING, JOINING_LATER = (4, 6), 12
#: Demand that stays unserved on a day that was added is raised by this factor of what is unserved; a rule is tightened by this
#: factor of its violation. `AGAIN` where `MARGIN` was not enough: stores and other hours take up a part of it.
MARGIN, AGAIN = 1.2, 2.4
#: How far the orders of a plan can keep a rule is found by tightening it by this share of base emissions, so far that they miss it.
FAR = 1.0
#: (year, stage, metric) of a rule.
OfRule = tuple[int, str, str]


class RepairedDays:
    """The typical days of a case, and what repairs changed of them.

    chosen     typical days without those that were added; None: every hour is planned on
    joined     calendar days that were added
    raised     (profile, calendar day, hour) -> factor by which demand is raised there
    tightened  by how much a rule is tightened, in units of its limit
    """

    def __init__(self, case: Case, chosen: TypicalDays | None) -> None:
        self.case, self.chosen = case, chosen
        self.joined: list[int] = []
        self.raised: dict[tuple[str, int, int], float] = {}
        self.tightened: dict[OfRule, float] = {}

    def now(self) -> TypicalDays:
        """The typical days chosen, with the days added and the demand raised on them."""
        assert self.chosen is not None
        own = alone(self.chosen)
        days = join_days(self.chosen, self.case, [d for d in self.joined if d not in own])
        known = alone(days)
        return raise_demand(days, {(p, known[day], hour): f for (p, day, hour), f in self.raised.items() if day in known})

    def raise_unserved(self, failure: Failure, task: Task, is_again: bool) -> bool:
        """Raise demand in unserved hours of days that are typical days of their own; False where there is no such hour.

        task      on the typical days in use
        is_again  True where repairs before were not enough
        """
        days, demands = task.days, task.inputs.demands
        assert days is not None
        known, margin = alone(days), AGAIN if is_again else MARGIN
        found: dict[tuple[str, int, int], float] = {}
        profile = {d.demand: d.profile for d in self.case.demand if d.profile}
        for u in failure.unserved:
            day, hour = known.get(u.hour // 24), u.hour % 24
            if day is None or u.power <= 0:
                continue
            there = [d for d in profile if (demands.zone[d], demands.carrier[d]) == (u.zone, u.carrier)]
            shape = task.inputs.at(u.year).demands.shape
            power = sum(demands.energy[d, u.year] * float(shape[d][day * 24 + hour]) for d in there)
            for d in there if power > 0 else ():
                key = self.case.column(profile[d], u.year), u.hour // 24, hour
                found[key] = max(found.get(key, 1.0), 1.0 + margin * u.power / power)
        for key, factor in found.items():
            self.raised[key] = self.raised.get(key, 1.0) * factor
        return bool(found)

    def choose_more(self) -> int:
        """Choose more typical days, with no rule tightened; returns their number, 0 at the maximum."""
        assert self.chosen is not None
        count = min(MORE_DAYS * self.chosen.count, MOST_DAYS)
        more = choose_days(self.case, count) if count > self.chosen.count else None
        if more is None:
            return 0
        self.chosen, self.tightened = more, {}
        return count

    def tighten(self, failure: Failure, kept: Mapping[OfRule, float]) -> None:
        """Tighten the rules that are violated in all hours by their violation, with a margin. `kept`: how far each rule may be
        tightened before the present orders miss it on typical days. A limit within that would change operation, not orders."""
        for y, stage, metric, share in failure.broken:
            before = self.tightened.get((y, stage, metric), 0.0)
            least = max(before, kept.get((y, stage, metric), 0.0))
            self.tightened[y, stage, metric] = least + (AGAIN if before else MARGIN) * share


def tightened(carbon: Carbon, amounts: Mapping[tuple[int, str, str], float]) -> Carbon:
    """The rules with limits moved: (year, stage, metric) -> by how much."""

    def tighter(y: int, rule: Rule) -> Rule:
        by = amounts.get((y, rule.stage, rule.metric), 0.0)
        return replace(rule, limit=rule.limit - by if rule.sense == "<=" else rule.limit + by)

    def smaller(budget: BudgetOverYears) -> BudgetOverYears:
        own = (budget.rule.stage, budget.rule.metric)
        by = sum(share for (_, stage, metric), share in amounts.items() if (stage, metric) == own) * carbon.base
        return replace(budget, rule=replace(budget.rule, limit=max(budget.rule.limit - by, 0.0)))

    rules = {y: tuple(tighter(y, rule) for rule in own) for y, own in carbon.rules.items()}
    return replace(carbon, rules=rules, budgets=tuple(smaller(budget) for budget in carbon.budgets))


# --- repair loop -----------------------------------------------------------------------------------------------------------

#: Why there is no plan, though that is not proven.
ASKED_MORE = Message(mark("on the typical days there is none that also serves what repairs of another plan asked for"))

#: The cost on typical days and that in all hours are the same within this share; what is said where they are not.
TRUE_WITHIN = 5e-3
OFF = mark("the cost on the typical days ({count}) is {share} off that of all hours; more days (--days) tell more")


def cost_error(plan: Plan, asked: float) -> float | None:
    """By what share of the cost in all hours that on the typical days is off, where it is too far; else None.

    The cost in all hours is itself known to the gap of the hours, by which the two may differ more. So they may by what the search
    on typical days left open beyond the gap that was `asked`: days that tell the cost more exactly would not tell a better plan.
    """
    if not plan.verified or plan.on_days is None or plan.on_days.cost is None or plan.system_cost is None:
        return None
    off = (plan.on_days.cost - plan.system_cost) / max(abs(plan.system_cost), 1e-9)
    open_gap = max(plan.on_days.open_gap - asked, 0.0)
    return off if abs(off) > TRUE_WITHIN + (plan.hourly_gap or 0.0) + open_gap else None


#: What is told of a plan on typical days before its hours are operated; orders of its first year that are told, the dearest first.
TOLD, ORDERS = mark("after {seconds} s: {cost} M {currency}, within {gap} of the least on {count} typical days; first: {orders}"), 3


def told(plan: Plan, task: Task) -> Message:
    """What a plan on typical days costs there, how far above the bound that is, and what is ordered first."""
    days, orders = plan.on_days, plan.tables["investments"]
    assert days is not None and days.cost is not None
    first = orders[orders["year"] == orders["year"].min()].sort_values("capital_cost", ascending=False, kind="stable").head(ORDERS)
    names = [f"{row.year} {row.technology} {row.build:,.3g} {row.unit}" for row in first.itertuples()]
    return Message(
        TOLD,
        seconds=f"{task.clock.watch.elapsed():.0f}",
        cost=f"{days.cost / 1e6:,.1f}",
        currency=task.currency,
        gap="–" if days.gap is None else f"{days.gap:.2%}",
        count=days.count,
        orders=", ".join(names) or "–",
    )


class RepairLoop:
    r"""Makes the plans of a run: each holds in every hour, or carries a note that it does not.

    What repairs ask for leaves fewer decisions, so the bound of a repaired search is none of the days as they are. Told is the
    highest bound that was found on the same days before anything was asked for; none where there is none, or where demand was
    raised on them: the cost is then none of the days as they are.

    .. math:: B \le C^* \le C^*_r \le C

    C  cost found     C*, C*_r  least cost on these days, as they are and as repaired   money     B  bound that is told

    base          base emissions (t)
    task, method  on the typical days in use
    days          typical days and what repairs changed of them
    repairs       of the plan that is being made
    bounds        plan and days (`OnDays.of`) -> highest bound on these days as they are   money
    """

    def __init__(
        self,
        case: Case,
        task: Task,
        method: str,
        verify: bool,
        base: float,
        chooses: bool = True,
        start: np.ndarray | None = None,
        made: Method | None = None,
    ) -> None:
        """`chooses`: False where the number of typical days was asked for: then it stays. `made`: the method that makes the plans;
        else `start` is that of `method_for`."""
        self.case, self.task, self.asked = case, task, method
        self.base, self.verifies, self.chooses = base, verify, chooses
        self.repairs = self.operated = 0
        self.days = RepairedDays(case, None)
        self.bounds: dict[tuple[str, object], float] = {}
        self.verifier: Verifier | None = None
        self._stand_on(made or method_for(case, task, method, start=start))

    @property
    def is_hourly(self) -> bool:
        """True if the plans are made on every hour, or on every row of a stylised profile: they hold as they are."""
        return self.task.days is None

    @property
    def day_count(self) -> int:
        """Number of typical days in use; 0 where every hour is planned."""
        return self.task.days.count if self.task.days else 0

    def plan(self, name: str) -> Plan:
        """The plan of that name, checked by the ledger. Where typical days misjudge the cost of the target plan, a small park is
        planned on every hour instead, and any other run says so."""
        plan, clock = self._planned_and_repaired(name), self.task.clock
        off = cost_error(plan, self.task.gap) if name == TARGET else None
        if off is None:
            return plan
        count, has_time = self.day_count, clock.watch.limit is None or clock.watch.left() > clock.watch.limit / 2
        is_small = strategy.columns(self.task.inputs) / count * 365 <= LARGE
        if is_small and self.chooses and has_time and self._turns_to_hours():
            on_hours = self._planned_and_repaired(TARGET)
            if on_hours.verified and (on_hours.system_cost or 0.0) <= (plan.system_cost or 0.0):
                return on_hours
            if on_hours.bound is not None:  # of all hours, and so of every plan
                plan = plan.with_bound(on_hours.bound, self.task.gap)
        clock.warn(Message(OFF, count=count, share=f"{off:+.1%}"))
        return plan

    def _planned_and_repaired(self, name: str) -> Plan:
        """The plan of that name on the typical days in use, repaired until it holds."""
        before: Plan | None = None
        failure, self.repairs = "", 0
        while True:
            plan = self._bound_as_stated(self.checked(self._solved(name)))
            if plan.status == "infeasible" and before is None:
                if not self.is_hourly and self._is_planned_on_hours() and self._turns_to_hours(begins=False):
                    continue
                if self.task.is_repaired(name):  # more is asked of it than the park asks
                    return replace(plan, status="failed", note=ASKED_MORE, proof=None)
            if before is not None and not plan.has_tables:
                if plan.status == "infeasible" and self.is_hourly:
                    return replace(plan, repairs=self.repairs)
                if plan.status == "infeasible" and self.task.clock.watch.in_time(self._retreat):
                    continue
                note = f"repairing it: {plan.note or 'there is no plan with what was missing made up for on the typical days'}"
                return replace(before, status="feasible", note=note, failure=failure)
            if not plan.has_tables or not self.verifies or self.is_hourly:
                return replace(plan, verified=plan.has_tables and self.is_hourly, repairs=self.repairs)
            if before is None and name == TARGET:
                self.task.clock.progress(FIRST, told(plan, self.task))
            if not self._has_room():
                note = "too little of the time was left to operate all hours"
                return replace(plan, status="feasible", note=note, repairs=self.repairs)
            before = plan
            try:
                held = self.task.clock.watch.guarded(lambda plan=plan: self._operated(plan))  # type: ignore[misc]
            except Stopped:
                note = f"stopped by {self.task.clock.watch.reason or 'the time limit'} before all hours were operated"
                return replace(plan, status="feasible", note=note, repairs=self.repairs)
            if isinstance(held, Plan):
                return held
            failure = str(held)

    def _solved(self, name: str) -> Plan:
        """The plan by the method in use; where it finds no target plan in time, the plan that it started from."""
        plan = self.method.plan(name)
        if name != TARGET or plan.status != "failed" or self.method.typical is None:
            return plan
        method, typical = self.method.typical
        self._stand_on(method)
        if not self.is_hourly:
            self.task.clock.warn(Message(BEGUN_HOURS, count=self.day_count))
        return replace(typical, note=typical.note or stopped_by(self.task.clock.watch.reason or "a limit"))

    def _stand_on(self, method: Method) -> None:
        """Use this method from now on, on its typical days."""
        self.method, self.task = method, method.task
        self.days.chosen = self.task.days

    def _bound_as_stated(self, plan: Plan) -> Plan:
        """The plan that the method found, with a bound on typical days that is one of these days as they are."""
        days = plan.on_days
        if days is None or days.cost is None:
            return plan
        of = plan.name, days.of
        known = self.bounds.get(of)
        if self.method.task.is_repaired(plan.name):
            return plan.proven_on_days(replace(days.with_bound(known), repaired_gap=days.gap))
        if days.bound is not None:
            self.bounds[of] = max(days.bound, days.bound if known is None else known)
        return plan

    def _operated(self, plan: Plan) -> Plan | Failure:
        """The plan operated in every hour; or why it does not hold, once it is repaired for the next try."""
        clock, task = self.task.clock, self.task
        if self.verifier is None:
            with clock.step("building hours"), modelling():
                self.verifier = Verifier(self.case, self.base, clock, cores())
        gap = plan.on_days.open_gap if plan.on_days else 0.0
        truth = self.verifier.verify(plan.name, self.method, task, plan.tables, self._has_room, gap)
        if truth.failure is None:
            cost = float(truth.tables["system_cost"]["value"].sum())
            held = replace(
                plan,
                tables=truth.tables,
                system_cost=cost,
                verified=True,
                repairs=self.repairs,
                hourly_gap=truth.gap,
                days=plan,
                units=truth.units,
            )
            self.operated += 1
            return self.checked(held)
        to_hours = plan.name == BUSINESS and self._is_planned_on_hours()  # there is nothing to decide otherwise
        if plan.name == BUSINESS and not (to_hours and self._turns_to_hours(begins=False)):
            return not_as_usual(task.inputs, str(truth.failure))
        clock.progress("repairing", Message(OF_PLAN, plan=word(PLANS, plan.name), text=str(truth.failure)))
        if not self.is_hourly:
            self._repair(truth.failure)
        self.repairs += 1
        return truth.failure

    def _is_planned_on_hours(self) -> bool:
        """True of a small park: what typical days cannot plan is planned on every hour."""
        return self.verifies and strategy.is_planned_on_hours(self.task.inputs)

    def _turns_to_hours(self, begins: bool = True) -> bool:
        """Plan on every hour from now on, where there is time to build that; `begins`: start from the last plan."""
        self.task.clock.progress("repairing", Message(EVERY_HOUR))
        return self.task.clock.watch.in_time(lambda: self._use(None, begins))

    def _has_room(self) -> bool:
        """True if the time limit leaves enough time to read, check and write every plan so far, and this one, in every hour."""
        watch, plans = self.task.clock.watch, self.operated + 1
        return watch.limit is None or watch.limit - watch.elapsed() > self.task.clock.of_hours(len(self.task.inputs.years) * plans)

    def checked(self, plan: Plan) -> Plan:
        """The plan, of which the ledger approves."""
        if plan.has_tables:
            with self.task.clock.step("checking", plan.name):
                check_plan(self.case, plan, self.base, HOLDS_WITHIN if plan.verified else self.method.within)
        return plan

    def _repair(self, failure: Failure) -> None:
        """Change what is asked of the next plan, so that it does not fail in the same way; every hour where no repair is left.

        Together: the worst days are added; demand unserved on a day that is there
        already is raised in those hours, since a typical day ends as it began, so that a store can do more on it than in the year;
        a rule that is violated in all hours is tightened by its violation, or more days are chosen where it was tightened before.
        """
        task, days = self.task, self.days
        assert task.days is not None and self.verifier is not None
        new = [d for d in failure.worst_days if d not in alone(task.days)]
        is_raised = days.raise_unserved(failure, task, self.repairs >= 2)
        if self.repairs >= strategy.REPAIRS or not (new or is_raised or failure.broken):
            self.task.clock.progress("repairing", Message(EVERY_HOUR))
            self._use(None)
            return
        days.joined += new[: (*JOINING, JOINING_LATER)[min(self.repairs, len(JOINING))]]
        is_again = any(rule[:3] in days.tightened for rule in failure.broken)
        if not (is_again and self._choose_more()):
            days.tighten(failure, self._kept(failure))
        self._use(days.now())

    def _kept(self, failure: Failure) -> dict[OfRule, float]:
        """How far each violated rule may be tightened before the orders of the last plan miss it on typical days (share of base
        emissions). Rules that are no share of base emissions are left out."""
        task = self.task
        stated, far = task.stated or task.inputs, {rule[:3]: FAR for rule in failure.broken if OF_RULES[rule[2]].of_base}
        missed = self.method.missed(replace(stated, carbon=tightened(stated.carbon, far)), {y for y, *_ in far})
        rules = {(y, r.stage, r.metric): r for y in missed for r in stated.carbon.rules[y]}
        return {of: FAR - missed[of[0]][rules[of].key] / stated.carbon.base_of(rules[of]) for of in far if of in rules}

    def _retreat(self) -> None:
        """More typical days, or every hour: the repaired problem on the typical days has no plan."""
        if self.days.tightened and self.repairs < strategy.REPAIRS and self._choose_more():
            self._use(self.days.now())
        else:
            self.task.clock.progress("repairing", Message(EVERY_HOUR))
            self._use(None, begins=False)  # the method has no plan to start from
        self.repairs += 1

    def _choose_more(self) -> bool:
        """Choose more typical days, with no rule tightened; False at the maximum."""
        if count := self.days.choose_more():
            self.task.clock.progress("repairing", Message(CHOSEN, count=count))
        return bool(count)

    def _use(self, days: TypicalDays | None, begins: bool = True) -> None:
        """Use these typical days from now on, with the tightened rules; None: every hour, by the faster method whatever was asked
        for."""
        with self.task.clock.step("resolving inputs"):
            inputs = stated = resolve(self.case, self.case.goal, self.base, days)
        if days is not None and self.days.tightened:
            inputs = replace(stated, carbon=tightened(stated.carbon, self.days.tightened))
        task = replace(self.task, inputs=inputs, days=days, stated=stated)
        asked = self.asked if days is not None else "auto"
        self.method, self.task = method_for(self.case, task, asked, self.method if begins else None), task
