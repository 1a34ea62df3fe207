r"""Why not: the capital cost at which a project that is offered and not chosen would come in; the price, of what may be bought.

A plan that has the project, whose other cost is R and whose capital in the objective is K at today's capital cost, costs R + f K
with f times it; so does one that buys what it pays K for at today's price. At the break-even of this plan it costs what the plan
without the project does:

.. math::
    f = (C - R) / K

The plans are found one after the other, each at one per cent above the break-even of the one before (Dinkelbach's method), until
none there gains: so the answer is confirmed by a plan on either side, to one per cent.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace

import pandas as pd

from models.case import Case
from models.errors import CaseError
from models.inputs.assets import assets_of
from models.inputs.costs import CostTable
from planner.finance.pieces import MEASURE, PLANTING, TECHNOLOGY
from planner.frontier.changes import CAPITAL, OFFER
from planner.frontier.offers import offered, types_not_offered
from planner.frontier.purchases import bought, prices_of
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
NOT_OFFERED = mark("not offered; as it is it would lower the cost")
MAKES_REACHABLE = mark("not offered; with it the goal can be met")
NOT_ENOUGH = mark("not offered; with it alone the goal cannot be met")
#: Kind of a type of the catalogue that the park does not offer.
TYPE = "type"


@dataclass(frozen=True)
class BreakEven:
    """factor  of the capital cost at which it comes in; None: at none. `confirmed`: to WITHIN.

    gain  by how much the system cost is lower with it as it is (money); None where it does not come in
    """

    factor: float | None
    confirmed: bool
    note: str = ""
    gain: float | None = None


def why_not(question: Question, catalogue: bool = False) -> pd.DataFrame:
    """why_not.csv: a row for each technology, link, measure and land that is offered and not chosen, and for each supply,
    certificate and credit that is not bought, the nearest first.

    Where the goal cannot be met: of each type of the catalogue that is not offered, whether it can be with it.
    """
    if not question.output.has_plan:
        return _reachable(question)
    costs = offered_costs(question.case)
    chosen = {*question.built(), *bought(question.output.target["costs"])}
    costs = {who: cost for who, cost in (costs | prices_of(question.case)).items() if who not in chosen}
    costs |= _of_catalogue(question) if catalogue else {}
    with question.pool as pool, ThreadPoolExecutor(pool.jobs) as threads, pool.ended():
        base = question.answer()
        found = dict(zip(costs, threads.map(lambda who: _break_even(question, who, base), costs), strict=True))
    rows = []
    for who, (now, unit) in costs.items():
        own = found[who]
        needed = None if own.factor is None else own.factor * now
        rows.append((*who, now, needed, own.factor, unit, own.gain, own.confirmed, own.note, question.output.currency))
    table = pd.DataFrame(rows, columns=list(TABLES["why_not"].names))
    order = table["factor"].astype(float).fillna(-1.0)
    return table.loc[order.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _reachable(question: Question) -> pd.DataFrame:
    """Types of the catalogue with which a goal can be met that cannot be without, the cheapest plan first; then the others."""
    costs = _of_catalogue(question)
    with question.pool as pool, ThreadPoolExecutor(pool.jobs) as threads, pool.ended():
        found = dict(zip(costs, threads.map(lambda who: question.answer((OFFER, who[1], "1")), costs), strict=True))
    rows = []
    for who in sorted(costs, key=lambda who: float("inf") if (cost := found[who].cost) is None else cost):
        now, unit = costs[who]
        answer = found[who]
        note = MAKES_REACHABLE if answer.is_planned else NOT_ENOUGH if answer.status == "infeasible" else UNPLANNED
        known = answer.is_planned or answer.status == "infeasible"
        rows.append((*who, now, None, None, unit, None, known, note, question.output.currency))
    return pd.DataFrame(rows, columns=list(TABLES["why_not"].names))


def _of_catalogue(question: Question) -> dict[tuple[str, str], tuple[float, str]]:
    """The same of types of the catalogue that the park does not offer; what the park cannot have is left out."""
    found: dict[tuple[str, str], tuple[float, str]] = {}
    order = question.order
    for name in types_not_offered(question.case):
        with suppress(CaseError):
            case = offered(order.folder, order.costs, order.goal, question.case, name)
            if (TECHNOLOGY, name) in (costs := offered_costs(case)):
                found[TYPE, name] = costs[TECHNOLOGY, name]
    return found


def offered_costs(case: Case) -> dict[tuple[str, str], tuple[float, str]]:
    """(kind, name) -> capital cost of the first year in which it may be ordered, and its unit."""
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
    return found


def _break_even(question: Question, who: tuple[str, str], base: Answer) -> BreakEven:
    """The break-even of a project, (kind, name), or of a type of the catalogue, which may come in as it is."""
    kind, name = who
    if kind != TYPE:
        return break_even(lambda f: question.answer((CAPITAL, kind, name, f"{f:.6g}")), who, base)

    def at(factor: float) -> Answer:
        return question.answer((OFFER, name, f"{factor:.6g}"))

    assert base.cost is not None
    as_it_is = at(1.0)
    gain = 0.0 if as_it_is.cost is None else base.cost - as_it_is.cost
    if as_it_is.cost is None or gain <= NOISE * abs(base.cost) or not as_it_is.paid_for(TECHNOLOGY, name):
        return break_even(at, (TECHNOLOGY, name), base)
    return replace(break_even(at, (TECHNOLOGY, name), base, 1.0), note=NOT_OFFERED, gain=gain)


def break_even(at: Callable[[float], Answer], who: tuple[str, str], base: Answer, begin: float = NEARLY_FREE) -> BreakEven:
    """The factor of its capital cost or price at which a project, (kind, name), comes in; `at` plans at one, first at `begin`."""
    assert base.cost is not None
    best, capital, noise = base.cost, 0.0, NOISE * abs(base.cost)
    tried: float = begin
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
        if factor >= 1.0 > begin:
            return BreakEven(factor, False, BY_A_HAIR)
        tried = (1 + WITHIN) * factor
    return BreakEven(factor, False, NOT_SURE)
