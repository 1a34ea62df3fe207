r"""The mirror of `why-not`: the capital cost, or the price, at which an order of the plan is no longer part of a least-cost plan.

With :math:`C_{-k}` the least cost without project k, K its capital in the objective of the plan, and P, :math:`P_{-k}` what the
plan and the plan without k pay at a price,

.. math::
    f_k \ge 1 + \frac{C_{-k} - C}{K} \qquad g_k \approx 1 - \frac{C_{-k} - C}{P_{-k} - P}

f  factor of the capital cost of k: up to it the plan as it is costs no more than any without k. A plan with less of k may stay
   longer: of a park that one matrix holds, plans at one per cent above are made until k is in none (`break_even`)
g  factor of a price, both plans as they are operated: an estimate. The nearest price of each project is confirmed by a plan on
   either side, one per cent away, of a park that one matrix holds
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pandas as pd

from models.inputs import resolve
from planner.days import choose_days
from planner.frontier.break_even import WITHIN, break_even
from planner.frontier.changes import CAPITAL, DROP
from planner.frontier.purchases import ITEMS, prices_of
from planner.frontier.question import QuestionAnswer, RunQuestion
from planner.frontier.why_not import offered_costs
from planner.frontier.worth import NEEDED, NO_ANSWER
from planner.language.language import mark
from planner.planning.strategy import is_large
from planner.tables.schema import TABLES

#: A price at which an order goes out is told up to this factor.
FAR = 5.0
#: Money below this share of the system cost is noise.
NOISE = 1e-9
STAYS = mark("up to this capital cost the plan as it is costs no more than any without it")
ESTIMATE = mark("estimate: both plans as they are operated now")
BY_A_HAIR = mark("a plan without it costs as much within the gap")
Who = tuple[str, str]


@dataclass(frozen=True)
class Turn:
    """Where a project goes out: `by` CAPITAL or a price, (kind, name); the factor; whether plans on either side confirm it."""

    by: Who
    factor: float | None
    confirmed: bool
    note: str = ""


def watch(question: RunQuestion) -> pd.DataFrame:
    """watch.csv: a row for each project and what it may go out by, the nearest first."""
    built, costs, prices = question.built(), offered_costs(question.case), prices_of(question.case)
    small = not _is_large(question)
    with question.pool as pool, ThreadPoolExecutor(pool.jobs) as threads, pool.ended():
        base = question.answer()
        own = dict(zip(built, threads.map(lambda who: _turns(question, who, base, list(prices), small), built), strict=True))
    rows = []
    for who, (without, turns) in own.items():
        worth = None if without.cost is None or base.cost is None else without.cost - base.cost
        for turn in turns:
            now, unit = costs.get(who, (None, "1")) if turn.by[0] == CAPITAL else prices[turn.by]
            value = None if turn.factor is None or now is None else turn.factor * now
            rows.append((*who, *turn.by, now, value, turn.factor, unit, worth, turn.confirmed, turn.note, question.output.currency))
    table = pd.DataFrame(rows, columns=list(TABLES["watch"].names))
    near = (table["factor"].astype(float) - 1).abs().fillna(float("inf"))
    return table.loc[near.sort_values(kind="stable").index].reset_index(drop=True)


def _is_large(question: RunQuestion) -> bool:
    count = question.options.days
    days = choose_days(question.case, question.case.park.typical_days if count is None else count)
    return is_large(resolve(question.case, question.case.goal, question.output.summary["base_emissions"], days))


def _turns(
    question: RunQuestion, who: Who, base: QuestionAnswer, prices: list[Who], small: bool
) -> tuple[QuestionAnswer, list[Turn]]:
    """The plan without a project, and where it goes out: by its capital cost, then by prices."""
    without = question.answer((DROP, *who))
    if without.cost is None or base.cost is None:
        note = NEEDED if without.status == "infeasible" else NO_ANSWER
        return without, [Turn((CAPITAL, ""), None, without.status == "infeasible", note)]
    less, paid = without.cost - base.cost, base.paid_for(*who)
    found = [_by_capital(question, who, without, less, paid, small)] if paid > NOISE * abs(base.cost) else []
    near = sorted(_by_prices(base, without, less, prices), key=lambda turn: abs((turn.factor or 0.0) - 1))
    if near and small:
        near[0] = _confirmed(question, who, near[0], base)
    return without, found + near


def _by_capital(question: RunQuestion, who: Who, without: QuestionAnswer, less: float, paid: float, small: bool) -> Turn:
    least = 1.0 + max(less, 0.0) / paid
    if not small:
        return Turn((CAPITAL, ""), least, False, STAYS)

    def at(factor: float) -> QuestionAnswer:
        return question.answer((CAPITAL, *who, f"{factor:.6g}"))

    begin = (1 + WITHIN) * least
    found = break_even(at, who, without, begin=begin)
    if found.factor is None:  # it is in no plan there
        above, cost = at(begin), without.cost or 0.0
        sure = above.bound is not None and cost - above.bound <= WITHIN * begin * paid
        return Turn((CAPITAL, ""), least, sure, "" if less > NOISE * abs(cost) else BY_A_HAIR)
    return Turn((CAPITAL, ""), found.factor, found.confirmed, found.note)


def _by_prices(base: QuestionAnswer, without: QuestionAnswer, less: float, prices: list[Who]) -> Iterator[Turn]:
    for price in prices:
        apart = without.paid_for(*price) - base.paid_for(*price)
        if price[0] in ITEMS and abs(apart) > NOISE * abs(base.cost or 0.0):
            factor = 1.0 - max(less, 0.0) / apart
            if 0.0 < factor <= FAR:
                yield Turn(price, factor, False, ESTIMATE)


def _confirmed(question: RunQuestion, who: Who, turn: Turn, base: QuestionAnswer) -> Turn:
    """The turn, where the project is in the plan one per cent nearer to the price of now, and in none one per cent beyond."""
    assert turn.factor is not None
    step = WITHIN if turn.factor >= 1 else -WITHIN
    inside, beyond = (question.answer((CAPITAL, *turn.by, f"{turn.factor * (1 + s):.6g}")) for s in (-step, step))
    noise = NOISE * abs(base.cost or 0.0)
    if inside.is_planned and beyond.is_planned and inside.paid_for(*who) > noise >= beyond.paid_for(*who):
        return Turn(turn.by, turn.factor, True)
    return turn
