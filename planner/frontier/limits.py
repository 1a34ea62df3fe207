r"""What each rule and limit costs: shadow prices by year, and the true cost of the dearest by planning without them.

The price of a limit in a year is the dual of its rows there, in the linear programme in which whole numbers are as in the plan:

.. math::
    p_{l,y} = -\sum_{r \in l,y} a_r\, \pi_r

a  by how much one unit more of the limit loosens a row   1 (r)     π  dual of the row   money (r)

Each limit stands in the model once, whatever other rows could say the same, so no price is split.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd
from pyomo.core import ConcreteModel
from pyomo.core.expr import identify_variables

from models.errors import SolverError
from models.inputs import Inputs, resolve
from models.metrics import METRICS
from planner.days import choose_days
from planner.explain.elastic import build_elastic
from planner.explain.limits import Limit
from planner.frontier.changes import LIFT, Change
from planner.frontier.question import Answer, Question
from planner.language.language import mark
from planner.output.schema import TABLES
from planner.solve.handover.linear import solve_linear
from planner.solve.handover.matrix import Matrix, compile_model
from planner.solve.handover.solver import Solver
from planner.solve.rounding.rounding import rounding
from planner.solve.whole.whole import Limits, solve_whole

#: So many limits are tried to be done without: those of which a tenth more would save most at their price.
DEAREST, MORE = 10, 0.1
#: A rule counts as if a tenth more were a hundredth of the base emissions: its number may be 0.
OF_RULES, RULES = 0.1, ("stages", "rules")
#: Saving below this share of the system cost is noise.
NOISE = 1e-7
NO_PLAN = mark("no plan was found without it")


def limit_costs(question: Question) -> pd.DataFrame:
    """limit_costs.csv: a row for each limit and year with a price, the dearest limits first."""
    inputs = _inputs(question)
    model, limits = build_elastic(inputs, question.case, inputs.years)
    known = {(one.table, one.name, one.parameter) for one in limits}
    limits += [one for one in lasting(model, inputs) if (one.table, one.name, one.parameter) not in known]
    found = prices(model, limits, inputs, question.options.gap)
    saving = {
        i: MORE * limits[i].scale * sum(own.values()) * (OF_RULES if limits[i].table in RULES else 1.0) for i, own in found.items()
    }
    least = NOISE * abs(question.output.summary["system_cost"])
    order = sorted((i for i in found if saving[i] > least), key=lambda i: -saving[i])
    with question.pool as pool, ThreadPoolExecutor(pool.jobs) as threads, pool.ended():
        base = question.answer()
        tried = dict(zip(order, threads.map(lambda i: question.answer(lift(limits[i])), order[:DEAREST]), strict=False))
    rows = []
    for i in order:
        limit = limits[i]
        where = limit.table, limit.name, limit.parameter
        unit = question.output.currency if limit.table == "budget" else limit.unit
        for y, price in sorted(found[i].items()):
            note = _note(limit, price, inputs, tried.get(i))
            rows.append((*where, y, limit.now, unit, price, *_saved(base, tried.get(i)), note, question.output.currency))
    return pd.DataFrame(rows, columns=list(TABLES["limit_costs"].names))


def lasting(model: ConcreteModel, inputs: Inputs) -> list[Limit]:
    """The rules of rules.csv, which hold whatever the goal; budgets over years are left out."""
    base = inputs.carbon.base
    found = []
    for key, rule in {r.key: r for own in inputs.carbon.rules.values() for r in own if r.lasting}.items():
        of_base = METRICS[rule.metric].of_base
        unit, loosens = ("1", base) if of_base else (METRICS[rule.metric].amount, 1.0)
        rows = tuple((model.year[y].stage_rule[key], loosens) for y in model.year if key in model.year[y].stage_rule)
        if rows:
            scale = 1.0 if of_base else base
            found.append(Limit("rules", rule.stage, rule.metric, None, rule.limit, unit, scale, rows, rule.sense == "<="))
    return found


def lift(limit: Limit) -> Change:
    """The change that does without a limit."""
    return LIFT, limit.table, limit.name, limit.parameter, "" if limit.year is None else str(limit.year)


def _inputs(question: Question) -> Inputs:
    """The inputs of the plan, on its typical days."""
    count = question.options.days
    days = choose_days(question.case, question.case.park.typical_days if count is None else count)
    return resolve(question.case, question.case.goal, question.output.summary["base_emissions"], days)


def prices(model: ConcreteModel, limits: list[Limit], inputs: Inputs, gap: float) -> dict[int, dict[int, float]]:
    """Number of a limit -> year -> what one unit more would save (discounted money). Raises SolverError where there is no plan."""
    matrix = compile_model(model)
    duals = _duals(matrix, model, inputs, gap)
    found: dict[int, dict[int, float]] = {}
    for i, limit in enumerate(limits):
        own: dict[int, float] = defaultdict(float)
        for row, loosens in limit.rows:
            place = matrix.row.get(id(row))
            if place is not None and duals[place]:
                own[year_of(row, inputs.years)] += abs(float(duals[place])) * loosens
        found[i] = {y: price for y, price in own.items() if price > 0}
    return {i: own for i, own in found.items() if own}


def _duals(matrix: Matrix, model: ConcreteModel, inputs: Inputs, gap: float) -> np.ndarray:
    """Duals of the rows with whole numbers as in the best plan within the gap; 0 where a row does not bind."""
    solver = Solver(matrix)
    plan = solve_whole(solver, Limits(gap=gap), rounding=rounding(matrix, model, inputs))
    if not plan.has_point:
        raise SolverError.because("no plan was found by which limits could be priced")
    places = np.flatnonzero(matrix.integer).astype(np.int32)
    whole = np.round(plan.values[places])
    solver.set_bounds(places, whole, whole)
    solver.relax(True)
    solver.forget()
    answer = solve_linear(solver)
    if answer.row_duals is None:
        raise SolverError.because("the linear programme by which limits are priced has no duals")
    largest = float(np.abs(answer.row_duals).max(initial=0.0))
    return np.where(np.abs(answer.row_duals) > 1e-9 * largest, answer.row_duals, 0.0)


def year_of(row: Any, years: tuple[int, ...]) -> int:
    """The year of a row: that of its block, else of the variable that it bounds. Raises ValueError where it has no year."""
    for component in (row, *identify_variables(row.body)):
        index = component.index()
        parts = (component.parent_block().index(), *(index if isinstance(index, tuple) else (index,)))
        year = next((p for p in parts if p in years), None) if component is not row or parts[0] in years else None
        if year is not None:
            return int(year)
    raise ValueError(f"{row.name}: is of no year")


def _saved(base: Answer, without: Answer | None) -> tuple[float | None, float | None, float | None]:
    """What the plan costs less without a limit, at least and at most."""
    if without is None or without.cost is None or base.cost is None:
        return None, None, None
    least = None if base.bound is None else base.bound - without.cost
    most = None if without.bound is None else base.cost - without.bound
    return base.cost - without.cost, least, most


def _note(limit: Limit, price: float, inputs: Inputs, without: Answer | None) -> str:
    if without is not None and without.cost is None:
        return NO_PLAN
    return f"{price / inputs.carbon.base:.6g} money/t" if limit.table in RULES and limit.unit == "1" else ""
