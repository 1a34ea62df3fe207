"""Why not: the capital cost at which a project that is offered and not chosen would come in; the price, of what may be bought.

Each is estimated by reduced costs first. Then it is confirmed: in a park that the whole method plans, by plans made anew
(`break_even`); in a large one beside the plan, whose other whole numbers stay (`beside_answers`).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pandas as pd

from models.case import Case
from models.errors import CaseError
from models.inputs.assets import assets_of
from models.inputs.costs import CostTable
from planner.finance.pieces import MEASURE, PLANTING, TECHNOLOGY
from planner.frontier.beside_answers import beside
from planner.frontier.break_even import NOISE, UNPLANNED, BreakEven, break_even
from planner.frontier.changes import CAPITAL, OFFER
from planner.frontier.estimates import estimates
from planner.frontier.offers import offered, types_left_out, types_not_offered
from planner.frontier.purchases import bought, prices_of
from planner.frontier.question import QuestionAnswer, RunQuestion
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import listed
from planner.park.remarks import PLACED
from planner.tables.schema import TABLES

NOT_OFFERED = mark("not offered; as it is it would lower the cost")
MAKES_REACHABLE = mark("not offered; with it the goal can be met")
NOT_ENOUGH = mark("not offered; with it alone the goal cannot be met")
#: What is told of types of the catalogue that are not tried.
NOT_TRIED, NONE_TO_TRY = mark("not tried"), mark("nothing is left to try: the park offers all other types whose carriers it has")
REFUSED, NO_COST = mark("{type}: the park as it is cannot have it: {words}"), mark("{type}: its capital cost is not known")
CATALOGUE = mark("catalogue")
#: Kind of a type of the catalogue that the park does not offer.
TYPE = "type"


def why_not(question: RunQuestion, catalogue: bool = False) -> pd.DataFrame:
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
    found = beside(question, [who for who in costs if who[0] != TYPE])
    found |= _anew(question, [who for who in costs if who not in found])
    rows = []
    for who, (now, unit) in costs.items():
        own = found[who]
        needed = None if own.factor is None else own.factor * now
        factors = now, needed, own.factor, own.estimate
        rows.append((*who, *factors, unit, own.gain, own.confirmed, own.note, question.output.currency))
    table = pd.DataFrame(rows, columns=list(TABLES["why_not"].names))
    order = table["factor"].astype(float).fillna(-1.0)
    return table.loc[order.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _anew(question: RunQuestion, projects: Sequence[tuple[str, str]]) -> dict[tuple[str, str], BreakEven]:
    """The break-even of each by plans of the whole park."""
    if not projects:
        return {}
    guess = estimates(question, projects)
    with question.pool as pool, ThreadPoolExecutor(pool.jobs) as threads, pool.ended():
        base = question.answer()
        return dict(zip(projects, threads.map(lambda who: _break_even(question, who, base, guess.get(who)), projects), strict=True))


def _reachable(question: RunQuestion) -> pd.DataFrame:
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
        rows.append((*who, now, None, None, None, unit, None, known, note, question.output.currency))
    return pd.DataFrame(rows, columns=list(TABLES["why_not"].names))


def _of_catalogue(question: RunQuestion) -> dict[tuple[str, str], tuple[float, str]]:
    """The same of types of the catalogue that the park does not offer; what the park cannot have is left out, and told of."""
    found: dict[tuple[str, str], tuple[float, str]] = {}
    order, left_out = question.order, []
    for name in types_not_offered(question.case):
        try:
            case = offered(order.folder, order.costs, order.goal, question.case, name)
        except CaseError as error:
            left_out.append(Message(REFUSED, type=name, words=_without_place(error.complaints[0])))
            continue
        if (TECHNOLOGY, name) in (costs := offered_costs(case)):
            found[TYPE, name] = costs[TECHNOLOGY, name]
        else:
            left_out.append(Message(NO_COST, type=name))
    left_out += [Message(reason, types=listed(types)) for reason, types in types_left_out(question.case).items()]
    for words in left_out:
        question.told(Message(NOT_TRIED), words)
    if not found:
        question.told(Message(CATALOGUE), Message(NONE_TO_TRY))
    return found


def _without_place(line: str) -> str:
    """A complaint without its line: that is one of a copy, which the user never sees."""
    return line.values["words"] if isinstance(line, Message) and line.template == PLACED else line


def offered_costs(case: Case) -> dict[tuple[str, str], tuple[float, str]]:
    """(kind, name) -> capital cost of the first year in which it may be ordered, or the annuity, and its unit."""
    years = tuple(range(case.park.first_year, case.park.last_year + 1))
    table, currency = CostTable(case.costs, years, case.park.currency), case.park.currency
    found: dict[tuple[str, str], tuple[float, str]] = {}
    for asset in assets_of(case):
        capital = table.series(asset.type, "capital_cost", f"money/({asset.per})", asset.length)
        yearly = "" if capital else "/year"
        capital = capital or table.series(asset.type, "annuity", f"money/({asset.per})/year", asset.length)
        when = [y for y in years if asset.allowed(y) and case.park.may_order(y)]
        has_room = getattr(asset.row, "max_capacity", None) != 0 and getattr(asset.row, "max_build", None) != 0
        if capital and when and has_room and capital[when[0]] > 0:
            found[TECHNOLOGY, asset.name] = (
                capital[when[0]],
                (f"{currency}/({asset.per})" if "/" in asset.per else f"{currency}/{asset.per}") + yearly,
            )
    found |= {(MEASURE, m.measure): (m.capital_cost, currency) for m in case.measures if m.capital_cost > 0}
    found |= {(PLANTING, p.project): (p.capital_cost, f"{currency}/ha") for p in case.restoration if p.capital_cost > 0}
    return found


def _break_even(question: RunQuestion, who: tuple[str, str], base: QuestionAnswer, guess: float | None) -> BreakEven:
    """The break-even of a project, (kind, name), or of a type of the catalogue, which may come in at today's cost.

    `guess`: an estimate of it, from reduced costs.
    """
    kind, name = who
    if kind != TYPE:
        return break_even(lambda f: question.answer((CAPITAL, kind, name, f"{f:.6g}")), who, base, estimate=guess)

    def at(factor: float) -> QuestionAnswer:
        return question.answer((OFFER, name, f"{factor:.6g}"))

    assert base.cost is not None
    as_it_is = at(1.0)
    gain = 0.0 if as_it_is.cost is None else base.cost - as_it_is.cost
    if as_it_is.cost is None or gain <= NOISE * abs(base.cost) or not as_it_is.paid_for(TECHNOLOGY, name):
        return break_even(at, (TECHNOLOGY, name), base)
    return replace(break_even(at, (TECHNOLOGY, name), base, 1.0), note=NOT_OFFERED, gain=gain)
