"""Why not: the capital cost at which a project that is offered and not chosen would come in; the price, of what may be bought.

Each is estimated by reduced costs first. Then it is confirmed by plans (`break_even`): made anew, or in a large park beside the
plan, whose other whole numbers stay (`beside`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from pyomo.core import ConcreteModel

from models.case import Case
from models.errors import CaseError
from models.inputs import Inputs
from models.inputs.capacity import assets_of
from models.inputs.finance import CostTable, over_years
from models.park import build_park
from planner.finance.pieces import CERTIFICATE, CREDIT, MEASURE, PLANTING, SUPPLY, TECHNOLOGY
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import listed
from planner.park.catalogue import read_catalogue
from planner.park.complaints import Complaints
from planner.park.remarks import PLACED
from planner.planning.strategy import is_large
from planner.questions.beside import (
    CAPITAL_OF,
    Beside,
    QuestionAnswer,
    Who,
    best_of,
    capital_columns,
    entering,
    little_of,
    own_integers,
)
from planner.questions.change import CAPITAL, OFFER, carriers_of, offered, years_of, zone_with
from planner.questions.change import ITEMS as PURCHASES
from planner.questions.session import RunSession
from planner.solve import Matrix, Solver, solve_linear
from planner.tables.schema import TABLES

# --- break even ------------------------------------------------------------------------------------------------------------
# The capital cost at which a project would come in, or the price at which something would be bought: the break-even.
#
# A plan that has the project, whose other cost is R and whose capital in the objective is K at today's capital cost, costs R + f K
# with f times it; so does one that buys what it pays K for at today's price. At the break-even of this plan it costs what the plan
# without the project does:
#
# .. math::
# f = (C - R) / K
#
# The plans are found one after the other, each at one per cent above the break-even of the one before (Dinkelbach's method), until
# none there gains: so the answer is confirmed by a plan on either side, to one per cent. The first is made at one per cent below an
# estimate, where there is one; and where nothing comes in there, next to free.

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
NEVER = mark("does not come in beside the plan even where it is next to free")


@dataclass(frozen=True)
class BreakEven:
    """factor  of the capital cost at which it comes in; None: at none. `confirmed`: to WITHIN.

    gain  by how much the system cost is lower with it as it is (money); None where it does not come in
    estimate  of the factor, by reduced costs; None: at none, or not estimated
    """

    factor: float | None
    confirmed: bool
    note: str = ""
    gain: float | None = None
    estimate: float | None = None


def break_even(
    at: Callable[[float], QuestionAnswer], who: Who, base: QuestionAnswer, begin: float = NEARLY_FREE, estimate: float | None = None
) -> BreakEven:
    """The factor of its capital cost or price at which a project, (kind, name), comes in.

    `at` makes the plan at a factor. The first factor is a little below the estimate; without an estimate it is `begin`.
    """
    found = _found(at, who, base, begin, begin if estimate is None else min(max(begin, (1 - WITHIN) * estimate), 1 - WITHIN))
    return replace(found, estimate=estimate)


def _found(at: Callable[[float], QuestionAnswer], who: Who, base: QuestionAnswer, begin: float, first: float) -> BreakEven:
    assert base.cost is not None
    best, capital, noise = base.cost, 0.0, NOISE * abs(base.cost)
    tried: float = max(begin, first)
    factor: float | None = None
    for _ in range(MOST):
        plan = at(tried)
        if plan.cost is None:
            return BreakEven(factor, False, UNPLANNED)
        paid = plan.paid_for(*who)
        if paid <= noise:
            best = min(best, plan.cost)
        if paid <= noise or best - plan.cost <= noise:
            if factor is None and tried > begin:  # the estimate is too high
                tried = begin
                continue
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


# --- offers ---
# What a park may have: projects and their capital cost, what is bought and its price, types of the catalogue not offered.

#: Why a type is not tried.
NEEDS_POWER = mark("{types}: each has its power from a type of its own, which is ordered apart; offer both in technologies.csv")
NEEDS_PROFILE = mark("{types}: each needs a profile of sun, wind or water, which only the park knows; offer it in technologies.csv")
NEEDS_SOURCE = mark("{types}: each needs a source of CO2, which only the park knows; offer it in technologies.csv and captures.csv")
NO_ZONE = mark("{types}: no zone has all that it takes and gives")


def types_not_offered(case: Case) -> dict[str, list[str]]:
    """Why they are not tried, "" where they are -> the converters, stores and captures of the catalogue whose carriers the park has
    and of which it offers none. What needs a profile of weather, or a source of CO2, is not tried: only the park knows them."""
    catalogue = read_catalogue(None, Complaints())
    offered = {t.type_name for t in case.technologies} | {t.technology for t in case.technologies}
    there = set().union(*carriers_of(case).values())
    found: dict[str, list[str]] = {}
    for row in catalogue.rows("types"):
        name, role = row.get("type"), row.get("role")
        ports = catalogue.rows("ports", type=name)
        carriers = {port.get("carrier") for port in ports}
        if role == "converter" and not ports:
            continue  # the power of stores, of no use by itself
        if name in offered or role not in ("converter", "store", "capture") or not carriers - {"co2"} <= there:
            continue
        if role == "capture":
            reason = NEEDS_SOURCE
        elif role == "converter" and not any(port.get("direction") == "in" for port in ports):
            reason = NEEDS_PROFILE
        elif row.get("power_type"):
            reason = NEEDS_POWER
        else:
            reason = "" if zone_with(case, carriers) else NO_ZONE
        found.setdefault(reason, []).append(name)
    return found


def prices_of(case: Case) -> dict[tuple[str, str], tuple[float, str]]:
    """(kind, name) -> price in the first year in which it may be bought, and its unit; what costs nothing is left out."""
    years = tuple(years_of(case))
    currency = case.park.currency
    found = {}
    for supply in case.supplies:
        when = [y for y in years if supply.is_offered(y)]
        rows = [p for p in case.prices if (p.supply, p.item) == (supply.supply, "energy")]
        if supply.can_import and when and rows:
            found[SUPPLY, supply.supply] = over_years([(p.year, p.value) for p in rows], when)[when[0]], rows[0].unit
    for kind, key, table, unit in (
        (CERTIFICATE, "certificate", case.certificates, f"{currency}/MWh"),
        (CREDIT, "offset", case.offsets, f"{currency}/t"),
    ):
        for name in dict.fromkeys(getattr(row, key) for row in table):
            points = [(row.year, row.price) for row in table if getattr(row, key) == name]
            found[kind, name] = over_years(points, years)[years[0]], unit
    return {who: price for who, price in found.items() if price[0] > 0}


def bought(costs: pd.DataFrame) -> set[tuple[str, str]]:
    """(kind, name) of what a plan pays for, of costs.csv."""
    paid = costs.groupby(["item", "name"])["value"].apply(lambda money: money.abs().max())
    return {
        (kind, str(name)) for kind, items in PURCHASES.items() for (item, name), most in paid.items() if item in items and most > 0
    }


# --- why not ---------------------------------------------------------------------------------------------------------------

NOT_OFFERED = mark("not offered; as it is it would lower the cost")
MAKES_REACHABLE = mark("not offered; with it the goal can be met")
NOT_ENOUGH = mark("not offered; with it alone the goal cannot be met")
#: What is told of types of the catalogue that are not tried.
NOT_TRIED, NONE_TO_TRY = mark("not tried"), mark("nothing is left to try: the park offers all other types whose carriers it has")
REFUSED, NO_COST = mark("{type}: the park as it is cannot have it: {words}"), mark("{type}: its capital cost is not known")
CATALOGUE = mark("catalogue")
#: Kind of a type of the catalogue that the park does not offer.
TYPE = "type"


def why_not(question: RunSession, catalogue: bool = False) -> pd.DataFrame:
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
    found = _break_evens(question, list(costs))
    rows = []
    for who, (now, unit) in costs.items():
        own = found[who]
        needed = None if own.factor is None else own.factor * now
        factors = now, needed, own.factor, own.estimate
        rows.append((*who, *factors, unit, own.gain, own.confirmed, own.note, question.output.currency))
    table = pd.DataFrame(rows, columns=list(TABLES["why_not"].names))
    order = table["factor"].astype(float).fillna(-1.0)
    return table.loc[order.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _break_evens(question: RunSession, projects: Sequence[Who]) -> dict[Who, BreakEven]:
    """The break-even of each."""
    with question.at_once() as each:
        guess = {} if question.is_beside else estimates(question, projects)
        base = question.answer(is_local=True) if projects else None
        return {} if base is None else each(lambda who: _break_even(question, who, base, guess.get(who)), projects)


def _reachable(question: RunSession) -> pd.DataFrame:
    """Types of the catalogue with which a goal can be met that cannot be without, the cheapest plan first; then the others."""
    costs = _of_catalogue(question)
    with question.at_once() as each:
        found = each(lambda who: question.answer((OFFER, who[1], "1")), costs)
    rows = []
    for who in sorted(costs, key=lambda who: float("inf") if (cost := found[who].cost) is None else cost):
        now, unit = costs[who]
        answer = found[who]
        note = MAKES_REACHABLE if answer.is_planned else NOT_ENOUGH if answer.status == "infeasible" else UNPLANNED
        known = answer.is_planned or answer.status == "infeasible"
        rows.append((*who, now, None, None, None, unit, None, known, note, question.output.currency))
    return pd.DataFrame(rows, columns=list(TABLES["why_not"].names))


def _of_catalogue(question: RunSession) -> dict[tuple[str, str], tuple[float, str]]:
    """The same of types of the catalogue that the park does not offer; what the park cannot have is left out, and told of."""
    found: dict[tuple[str, str], tuple[float, str]] = {}
    order, left_out = question.order, []
    types = types_not_offered(question.case)
    for name in types.pop("", []):
        try:
            case = offered(order.folder, order.costs, order.goal, question.case, name)
        except CaseError as error:
            left_out.append(Message(REFUSED, type=name, words=_without_place(error.complaints[0])))
            continue
        if (TECHNOLOGY, name) in (costs := offered_costs(case)):
            found[TYPE, name] = costs[TECHNOLOGY, name]
        else:
            left_out.append(Message(NO_COST, type=name))
    left_out += [Message(reason, types=listed(names)) for reason, names in types.items()]
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
    years = tuple(years_of(case))
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


def _break_even(question: RunSession, who: Who, base: QuestionAnswer, guess: float | None) -> BreakEven:
    """The break-even of a project, (kind, name), or of a type of the catalogue, which may come in at today's cost.

    `guess`: an estimate of it, from reduced costs.
    """
    kind, name = who
    if kind != TYPE:
        if base.note and kind in CAPITAL_OF:
            factor = question.beside(f"estimate {kind} {name}", name, Beside.estimate, kind, name)
            guess = factor if factor > NEARLY_FREE else None
        found = break_even(lambda f: question.answer((CAPITAL, kind, name, f"{f:.6g}"), is_local=True), who, base, estimate=guess)
        return replace(found, note={NOT_FREE: NEVER, "": base.note}.get(found.note, found.note)) if base.note else found

    def at(factor: float) -> QuestionAnswer:
        return question.answer((OFFER, name, f"{factor:.6g}"))

    base = question.answer()
    assert base.cost is not None
    as_it_is = at(1.0)
    gain = 0.0 if as_it_is.cost is None else base.cost - as_it_is.cost
    if as_it_is.cost is None or gain <= NOISE * abs(base.cost) or not as_it_is.paid_for(TECHNOLOGY, name):
        return break_even(at, (TECHNOLOGY, name), base)
    return replace(break_even(at, (TECHNOLOGY, name), base, 1.0), note=NOT_OFFERED, gain=gain)


# --- estimates ---


def estimates(question: RunSession, projects: Sequence[Who]) -> dict[Who, float]:
    """(kind, name) -> factor, of the projects that the whole method plans; none of what is bought, of types that are not offered,
    nor of parks that are too large for one matrix."""
    inputs = question.inputs
    own = [who for who in projects if who[0] in CAPITAL_OF]
    if not own or is_large(inputs):
        return {}
    model = build_park(inputs)
    if (best := best_of(model, inputs, question.options.gap)) is None:
        return {}
    matrix, solver, whole = best
    found = {who: _estimate(solver, matrix, model, inputs, whole, *who) for who in own}
    return {who: factor for who, factor in found.items() if factor is not None}


def _estimate(
    solver: Solver, matrix: Matrix, model: ConcreteModel, inputs: Inputs, whole: np.ndarray, kind: str, name: str
) -> float | None:
    integers = np.flatnonzero(matrix.integer).astype(np.int32)
    held = ~own_integers(matrix, inputs, integers, kind, name)
    solver.restore_columns(integers)
    solver.set_bounds(integers[held], whole[held], whole[held])
    places, money = capital_columns(matrix, model, inputs, kind, name)
    little = little_of(matrix, places)
    solver.set_bounds(places, little, little)
    solver.forget()
    answer = solve_linear(solver)
    solver.restore_columns(places)
    return None if answer.column_duals is None else entering(answer.column_duals[places], money)
