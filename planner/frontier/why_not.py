r"""Why not: the capital cost at which a project that is offered and not chosen would come in.

A plan that has the project, whose other cost is R and whose capital in the objective is K at today's capital cost, costs R + f K
with f times it. At the break-even of this plan it costs what the plan without the project does:

.. math::
    f = (C - R) / K

The plans are found one after the other, each at one per cent above the break-even of the one before (Dinkelbach's method), until
none there gains: so the answer is confirmed by a plan on either side, to one per cent.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pandas as pd

from models.inputs.assets import assets_of
from models.inputs.costs import CostTable
from planner.finance.pieces import MEASURE, PLANTING, TECHNOLOGY
from planner.frontier.changes import CAPITAL
from planner.frontier.question import Answer, Question
from planner.language.language import mark
from planner.output.schema import TABLES

#: Share of its capital cost at which a project is next to free; and the share by which a break-even is confirmed.
NEARLY_FREE, WITHIN = 1e-3, 0.01
#: Plans that a break-even may take.
MOST = 12
#: Gain below this share of the system cost is noise.
NOISE = 1e-9
NOT_FREE = mark("does not come in even where it is next to free")
NOT_SURE = mark("not confirmed to one per cent: the gap of the plans is too wide")
BY_A_HAIR = mark("would come in as it is: it was left out within the gap")
UNPLANNED = mark("no plan was found with it")


@dataclass(frozen=True)
class BreakEven:
    """factor  of the capital cost at which it comes in; None: at none. `confirmed`: to WITHIN."""

    factor: float | None
    confirmed: bool
    note: str = ""


def why_not(question: Question) -> pd.DataFrame:
    """why_not.csv: a row for each technology, link, measure and land that is offered and not chosen, the nearest first."""
    costs = _offered(question)
    with question.pool as pool, ThreadPoolExecutor(pool.jobs) as threads, pool.ended():
        base = question.answer()
        found = dict(zip(costs, threads.map(lambda who: break_even(question, who, base), costs), strict=True))
    rows = []
    for who, (now, unit) in costs.items():
        own = found[who]
        needed = None if own.factor is None else own.factor * now
        rows.append((*who, now, needed, own.factor, unit, own.confirmed, own.note))
    table = pd.DataFrame(rows, columns=list(TABLES["why_not"].names))
    order = table["factor"].astype(float).fillna(-1.0)
    return table.loc[order.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _offered(question: Question) -> dict[tuple[str, str], tuple[float, str]]:
    """(kind, name) -> capital cost of the first year in which it may be ordered, and its unit; of what is not chosen."""
    case, built = question.case, question.built()
    years = tuple(range(case.park.first_year, case.park.last_year + 1))
    table, currency = CostTable(case.costs, years, case.park.currency), case.park.currency
    found: dict[tuple[str, str], tuple[float, str]] = {}
    for asset in assets_of(case):
        capital = table.series(asset.type, "capital_cost", f"money/({asset.per})", asset.length)
        when = [y for y in years if asset.allowed(y) and case.park.may_order(y)]
        has_room = getattr(asset.row, "max_capacity", None) != 0 and getattr(asset.row, "max_build", None) != 0
        if capital and when and has_room and capital[when[0]] > 0:
            found[TECHNOLOGY, asset.name] = (
                capital[when[0]],
                f"{currency}/({asset.per})" if "/" in asset.per else f"{currency}/{asset.per}",
            )
    found |= {(MEASURE, m.measure): (m.capital_cost, currency) for m in case.measures if m.capital_cost > 0}
    found |= {(PLANTING, p.project): (p.capital_cost, f"{currency}/ha") for p in case.restoration if p.capital_cost > 0}
    return {who: cost for who, cost in found.items() if who not in built}


def break_even(question: Question, who: tuple[str, str], base: Answer) -> BreakEven:
    """The factor of its capital cost at which a project, (kind, name), comes in."""
    assert base.cost is not None
    best, capital, noise = base.cost, 0.0, NOISE * abs(base.cost)

    def at(factor: float) -> Answer:
        return question.answer((CAPITAL, *who, f"{factor:.6g}"))

    tried: float = NEARLY_FREE
    factor: float | None = None
    for _ in range(MOST):
        plan = at(tried)
        if plan.cost is None:
            return BreakEven(factor, False, UNPLANNED)
        paid = plan.paid_for(*who)
        if paid <= noise:
            best = min(best, plan.cost)
        if paid <= noise or best - plan.cost <= noise:
            if factor is None:
                return BreakEven(None, True, NOT_FREE)
            sure = plan.bound is not None and best - plan.bound <= WITHIN * tried * capital
            return BreakEven(factor, sure, "" if sure else NOT_SURE)
        capital = paid / tried
        factor = (best - (plan.cost - paid)) / capital
        if factor >= 1.0:
            return BreakEven(factor, False, BY_A_HAIR)
        tried = (1 + WITHIN) * factor
    return BreakEven(factor, False, NOT_SURE)
