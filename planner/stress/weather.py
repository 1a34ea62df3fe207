r"""A tree whose futures are years of weather: planned on typical days, then operated in all hours of each, and mended.

1. The plan is made on the typical days.
2. Each future is operated in all hours with its decisions (`stress`).
3. The seven days in a row of the future and year that leave most energy unserved join the typical days, in all futures; where only
   rules are missed, twice as many typical days are chosen. Back to 1, `ROUNDS` times at most. Where that search ends without a
   plan, as where the time is over, the plan before it is given, with what it misses.

Futures that are known from a year on are not weather: they are planned on the typical days, and `plan what-if --in-futures`
operates a plan in
them. The cost of the tree stays that of the typical days; that of all hours stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from threadpoolctl import threadpool_limits

from models.case import Case, Uncertainty
from models.inputs import TypicalDays
from models.inputs.calendar import HOURS_OF_YEAR
from planner.clock import Clock, Progress
from planner.days import alone, choose_days, join_days
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import OPERATING, step_of
from planner.machine.stopping import Stopped, Watch, watched
from planner.plan import TARGET, Run
from planner.planning.run import Options
from planner.recourse.result import InAllHours, TreePlan, Week
from planner.recourse.run import plan_tree
from planner.stress.leaf import Stressed, stress

#: Times that a plan which does not hold is made again.
ROUNDS = 4
#: Days that join together, and days of the year.
WEEK, YEAR = 7, 365
#: Most typical days that are chosen where a rule is missed.
MOST_DAYS = 48
AGAIN = mark("{words}; its seven days join the typical days, and the plan is made again")
KEPT = mark("the search on more days ended without a plan: this is the one before it, which does not hold in all hours")
MORE = mark("{future}: a rule is missed in all hours; planned again on {count} typical days")


def is_weather(case: Case, options: Options) -> bool:
    """True where a plan is to be operated in all hours of futures that are never known."""
    return options.verify and case.hours == HOURS_OF_YEAR and any(row.from_year is None for row in case.futures)


def plan_weather(case: Case, options: Options, progress: Progress, watch: Watch, terms: Uncertainty) -> TreePlan:
    """The plan of a tree with futures that are never known, which holds in all hours of each where one is found."""
    count = case.park.typical_days if options.days is None else options.days
    chosen, joined, warnings = choose_days(case, count), list[int](), list[str]()
    before: TreePlan | None = None
    for turn in range(ROUNDS + 1):
        days = None if chosen is None else _joined(chosen, case, joined)
        plan = plan_tree(case, options, progress, watch, terms, days=days)
        if before is not None and plan.status == "failed":
            kept = replace(before, ended=plan.ended, time_limit=plan.time_limit)
            return replace(kept, warnings=(*warnings, *before.warnings, Message(KEPT)))
        if days is None or chosen is None or not plan.runs or watch.is_over():
            return replace(plan, warnings=(*warnings, *plan.warnings))
        try:
            hours, joining = _operated(plan, Clock(progress, watch))
        except Stopped:
            note = Message("the time was over before the plan was operated in all hours of each weather")
            return replace(plan, warnings=(*warnings, *plan.warnings, note))
        runs = {own.future: _said(plan.runs[own.future], own) for own in hours}
        before = plan = replace(plan, in_all_hours=hours, runs=runs)
        failing = next((own for own in hours if not own.holds), None)
        if failing is None or turn == ROUNDS:
            break
        more = choose_days(case, 2 * chosen.count) if joining is None and 2 * chosen.count <= MOST_DAYS else None
        if joining is not None:
            joined += [day for day in joining.days if day not in joined]
            warnings.append(Message(AGAIN, words=joining.told()))
        elif more is not None:
            chosen = more
            warnings.append(Message(MORE, future=failing.future, count=more.count))
        else:
            break
    return replace(plan, warnings=(*warnings, *plan.warnings))


def _joined(days: TypicalDays, case: Case, joined: list[int]) -> TypicalDays:
    own = alone(days)
    return join_days(days, case, [day for day in joined if day not in own]) if joined else days


def _operated(plan: TreePlan, clock: Clock) -> tuple[tuple[InAllHours, ...], Week | None]:
    """The plan in all hours of each leaf, and the week that breaks it most."""
    found, worst = [], None
    with watched(clock.watch), threadpool_limits(1, user_api="blas"):
        for name, run in plan.runs.items():
            with clock.step(step_of(OPERATING, name)):
                own = stress(plan.leaf_cases[name], name, plan.probability[name], run.base, run.target.tables)
            weeks = tuple(_weeks(own))
            found.append(InAllHours(name, own.cost, own.holds, weeks, tuple(_missed(own))))
            hardest = max(weeks, key=lambda week: week.energy, default=None)
            if hardest is not None and (worst is None or hardest.energy > worst.energy):
                worst = hardest
    return tuple(found), worst


def _said(run: Run, own: InAllHours) -> Run:
    """The run of a leaf, whose target plan says what came of it in all hours."""
    target = replace(run.target, failure=own.failure, operated=own.cost if own.holds else None)
    return replace(run, plans={**run.plans, TARGET: target})


def _weeks(own: Stressed) -> Iterator[Week]:
    """Of each year and carrier with unserved energy, the seven days in a row with most of it."""
    for y, year in own.years.items():
        for (carrier, zone), short in year.unserved.items():
            by_day = [short.by_day.get(day, 0.0) for day in range(YEAR)]
            first = max(range(YEAR - WEEK + 1), key=lambda day: sum(by_day[day : day + WEEK]))
            yield Week(own.future, y, carrier, zone, first, short.energy)


def _missed(own: Stressed) -> Iterator[tuple[int, str, str, float]]:
    for y, year in own.years.items():
        for (stage, metric, _), amount in year.missed.items():
            yield y, stage, metric, amount
    for (stage, metric), amount in own.over.items():
        yield own.inputs.years[-1], stage, metric, amount
