"""Repairs of a plan that does not hold in all hours: by its typical days, or by cuts of the hours.

By days: some are added, demand on them is raised, rules are tightened.

By cuts: feasibility cuts of the hours left unserved, required of every plan of the search. The cheapest point near
the plan at which every month is served is found (`point_that_serves`), and the search goes on from it. It keeps its days and all
its cuts, so it does not begin anew.

The cuts take what stores hold at month ends from the plan, and leave out types that the plan has in no year. So they say nothing of
other plans: each of the plans that are compared has its own, and the bound on typical days is one of plans that satisfy them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from models.case import Case
from models.inputs import TypicalDays
from models.inputs.carbon import BudgetOverYears, Carbon, Rule
from planner.days import alone, choose_days, join_days, raise_demand
from planner.plan import Plan
from planner.planning.given import given_of
from planner.planning.methods import DecomposedMethod, Method
from planner.planning.strategy import ENOUGH_FACTOR
from planner.planning.task import Task
from planner.planning.verify import Failure
from planner.solve import Operator, point_that_serves

#: The typical days are too few where a tightened rule is violated again or met by no plan; unless the park exceeds one matrix also
#: where what a rule bounds differs between days and hours by more than `COARSE_RULE` of its limit. Then `MORE_DAYS` times as many
#: are chosen, at most `MOST_DAYS`.
COARSE_RULE, MORE_DAYS, MOST_DAYS = 0.005, 3, 48
#: Days that are added in each repair at most.
JOINING = (4, 6, 12, 12, 12, 12, 12)
#: Demand that stays unserved on a day that was added is raised by this factor of what is unserved; a rule is tightened by this
#: factor of its violation. `AGAIN` where `MARGIN` was not enough: stores and other hours take up a part of it.
MARGIN, AGAIN = 1.2, 2.4
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

    def is_coarse(self, plan: Plan, failure: Failure, exceeds_one_matrix: bool) -> bool:
        """True if a violated rule was violated before, or, unless the park exceeds one matrix, if days and hours differ much in
        what it bounds.

        The difference is the violation in all hours plus the slack that the rule had on the typical days. A search of such a park
        on three times the days takes far more than three times as long, so that its rules are tightened first.
        """
        spare = slack_of_rules(plan)
        apart = (rule for rule in failure.broken if rule[3] + spare.get(rule[:3], 0.0) > COARSE_RULE)
        return any(rule[:3] in self.tightened for rule in failure.broken) or (not exceeds_one_matrix and any(apart))

    def tighten(self, failure: Failure) -> None:
        """Tighten the rules that are violated in all hours by their violation, with a margin."""
        for y, stage, metric, share in failure.broken:
            before = self.tightened.get((y, stage, metric), 0.0)
            self.tightened[y, stage, metric] = before + (AGAIN if before else MARGIN) * share


def is_repaired(method: Method, name: str) -> bool:
    """True where more is asked of the plan of that name than the case asks: by its task, or by cuts of hours."""
    if isinstance(method, DecomposedMethod) and name == method.turned and method.master.cuts.hour_cuts:
        return True
    return method.task.is_repaired(name)


class BoundsAsStated:
    r"""Bounds of plans on typical days as they are, of which no repair asked anything.

    .. math:: B \le C^* \le C^*_r \le C

    What repairs ask for leaves fewer decisions, so the bound of a repaired search is none of C*. Told is B, the highest bound that
    was found on the same days before anything was asked for; none where there is none, or where demand was raised on them: C is
    then no cost of the days as they are.

    C  cost found     C*, C*_r  least cost on these days, as they are and as repaired   money
    """

    def __init__(self) -> None:
        #: By name of the plan and its days (`OnDays.of`).
        self.highest: dict[tuple[str, object], float] = {}

    def told(self, plan: Plan, method: Method) -> Plan:
        """The plan that the method found, with a bound on typical days that is one of these days as they are."""
        days = plan.on_days
        if days is None or days.cost is None:
            return plan
        of = plan.name, days.of
        known = self.highest.get(of)
        if not is_repaired(method, plan.name):
            if days.bound is not None:
                self.highest[of] = days.bound if known is None else max(known, days.bound)
            return plan
        return plan.proven_on_days(replace(days.with_bound(known), repaired_gap=days.gap))


def slack_of_rules(plan: Plan) -> dict[tuple[int, str, str], float]:
    """(year, stage or rule, metric) -> how far a plan is from the limit, of the rules of stages and of rules.csv."""
    found: dict[tuple[int, str, str], float] = {}
    for table, name in (("stages", "stage"), ("rules", "rule")):
        rows = plan.tables[table]
        slacks = (rows["limit"] - rows["value"]).abs()
        for y, own, metric, slack in zip(rows["year"], rows[name], rows["metric"], slacks, strict=True):
            found[y, own, metric] = max(found.get((y, own, metric), 0.0), slack)
    return found


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


def require_served(method: Method, operator: Operator, task: Task) -> bool:
    """Require that the next plan of a method serves the hours that its last plan left unserved; it begins from the point found.

    False where the method does not plan by years, no month is found that is not served, or no decision serves them all: nothing is
    required then.
    """
    if not isinstance(method, DecomposedMethod):
        return False
    assert method.best is not None
    given, before = {y: given_of(method.model, task.inputs, y) for y in task.inputs.years}, len(method.master.cuts.hour_cuts)
    say = partial(task.clock.progress, "repairing")
    point = point_that_serves(method.master, method.years, operator, given, method.best, say)
    if point is None:
        method.master.cuts.release()
        return False
    if len(method.master.cuts.hour_cuts) == before:
        return False
    method.best, method.known_bound = point, method.bound
    method.enough = ENOUGH_FACTOR * method.reached if method.reached > task.gap else 0.0
    return True
