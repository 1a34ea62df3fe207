"""The error of the cost on typical days, against that in all hours, and how many days make it small.

A plan that was operated in all hours shows the error of its typical days. Where it is too large, its decisions are operated, as
they are, on more days, until these cost what all hours cost; the plan is then made anew on them.

Days that cost more than the hours (by `cost_error`) promise nothing that is not kept: a large park, whose search takes minutes, is
not planned anew for them, and the run says so.

That days and hours cost the same does not say that the plan is good: errors cancel. So a small park is planned on as many days as
one matrix takes in seconds, on every hour where that takes all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel, value

from models.case import Case
from models.inputs import Inputs, TypicalDays, resolve
from models.investment.cost import system_cost_of_year
from planner.days import choose_days
from planner.language.language import mark
from planner.language.message import Message
from planner.language.progress import DAYS_COST
from planner.plan import Plan
from planner.planning.given import given_of
from planner.solve import LARGE, Years

#: The cost on typical days and that in all hours are the same within this share.
TRUE_WITHIN = 5e-3
#: Numbers of days that are tried, as multiples of those of now; none is above MOST.
TIMES, MOST = (1.5, 2.0, 3.0, 4.0, 6.0), 48
#: Said of a run whose days are too far off: as asked for, without time to plan again, after planning again.
ASKED_ONE = mark("one typical day, as asked for, is {share} off what all hours cost; more days tell more")
ASKED = mark("{days} typical days, as asked for, are {share} off what all hours cost; more days tell more")
NO_TIME = mark("{days} typical days are {share} off what all hours cost; there was no time to plan again on more")
STILL = mark("{days} typical days are {share} off what all hours cost")
DEARER = mark("{days} typical days cost {share} more than all hours: the plan costs less than they say")


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


def say_cost_error(message: str, plan: Plan, off: float) -> str:
    """One of the sentences above, filled in."""
    assert plan.on_days is not None
    if message == ASKED and plan.on_days.count == 1:
        return Message(ASKED_ONE, share=f"{abs(off):.1%}")
    return Message(message, days=plan.on_days.count, share=f"{abs(off):.1%}")


def days_in_one_matrix(columns_of_day: float) -> int | None:
    """How many days one matrix takes, on which a small park is planned at once, 365 for every hour; None where it takes no more
    than `MOST`.

    columns_of_day  columns of the whole matrix that a typical day takes
    """
    affordable = int(LARGE // columns_of_day)
    return None if affordable <= MOST else min(affordable, 365)


def exceeds_one_matrix(columns_of_day: float) -> bool:
    """True of a park of which one matrix takes no more than `MOST` typical days: planning it anew on more takes minutes."""
    return days_in_one_matrix(columns_of_day) is None


def is_dearer(off: float, columns_of_day: float) -> bool:
    """True if typical days cost more than all hours, in a park that is too large for one matrix: it is not planned on more days."""
    return off > 0 and exceeds_one_matrix(columns_of_day)


def days_of_true_cost(
    case: Case, count: int, model: ConcreteModel, inputs: Inputs, cost: float, say: Callable[[str], None]
) -> TypicalDays | None:
    """The fewest typical days, of those tried, on which the decisions that stand in a model cost what they cost in all hours.

    Where none do, those that come nearest; None where more days cannot be chosen.

    count, model, inputs  typical days of now, the model that was solved on them and what it was built from
    cost                  system cost of its decisions in all hours
    """
    nearest: tuple[float, TypicalDays] | None = None
    given = {y: given_of(model, inputs, y).links for y in inputs.years}
    decided = sum(float(value(e)) for y in inputs.years for e in system_cost_of_year(model, inputs, y, {}).values())
    for number in dict.fromkeys(min(int(np.ceil(times * count)), MOST) for times in TIMES):
        days = choose_days(case, number) if number > count else None
        if days is None:
            continue
        there = decided + _operated(resolve(case, case.goal, inputs.carbon.both_bases, days), given)
        off = (there - cost) / max(abs(cost), 1e-9)
        say(Message(DAYS_COST, count=days.count, cost=f"{there:,.0f}", share=f"{off:+.2%}"))
        if abs(off) <= TRUE_WITHIN:
            return days
        if nearest is None or abs(off) < nearest[0]:
            nearest = abs(off), days
    return None if nearest is None else nearest[1]


def _operated(inputs: Inputs, given: Mapping[int, Mapping[Any, float]]) -> float:
    """Discounted operating cost of all years with their links given, without what is paid for what is missing."""
    years = Years(inputs)
    points = {y: np.array([given[y][link] for link in year.links], dtype=float) for y, year in years.years.items()}
    cuts = years.cuts(points)
    return sum(inputs.finance.discount[y] * (cut.cost - cut.penalty) for y, cut in cuts.items())
