r"""Prices of limits by year, of a park in one matrix: duals of the linear programme in which whole numbers are as in the plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel
from pyomo.core.expr import identify_variables

from models.errors import SolverError
from models.inputs import Inputs
from planner.explain.elastic import LimitAsRows
from planner.solve import Limits, Matrix, Solver, compile_model, rounding, solve_linear, solve_whole

#: A limit is dear by what this much more of it would save. A rule counts as if that were a hundredth of the base emissions: its
#: number may be 0.
MORE, OF_RULES, RULES = 0.1, 0.1, ("stages", "rules")
#: Saving below this share of the system cost is noise.
NOISE = 1e-7


@dataclass(frozen=True)
class Tried:
    """A plan: its cost, and a lower bound of the least cost (money); None: there is no plan, no bound."""

    cost: float | None
    bound: float | None


@dataclass(frozen=True)
class LimitPrices:
    """What is found of limits, the dearest first.

    prices  of each limit by year: what one unit more would save   discounted money (y)
    base    the plan as it is;  tried  the plan without each of the first of them
    note    said of those that were tried
    reserves  the plan without each reserve that holds, in the order of `reserve_limits`; they have no price
    """

    limits: Sequence[LimitAsRows]
    prices: Sequence[Mapping[int, float]]
    base: Tried
    tried: Sequence[Tried]
    note: str = ""
    reserves: Sequence[Tried] = ()


def dearest(limits: Sequence[LimitAsRows], prices: Sequence[Mapping[int, float]], cost: float) -> list[int]:
    """The limits whose prices are more than noise beside the system cost (money), the dearest first."""
    saving = [
        MORE * limit.scale * sum(own.values()) * (OF_RULES if limit.table in RULES else 1.0)
        for limit, own in zip(limits, prices, strict=True)
    ]
    return sorted((i for i in range(len(limits)) if saving[i] > NOISE * abs(cost)), key=lambda i: -saving[i])


def prices(model: ConcreteModel, limits: Sequence[LimitAsRows], inputs: Inputs, gap: float) -> list[dict[int, float]]:
    """Of each limit: year -> what one unit more would save (discounted money). Raises SolverError where there is no plan."""
    matrix = compile_model(model)
    orders = matrix.rows_of({id(row): row for limit in limits for row, _ in limit.orders}.values())
    duals = _duals(matrix, model, inputs, gap, orders)
    found: list[dict[int, float]] = []
    for limit in limits:
        own: dict[int, float] = defaultdict(float)
        for row, loosens in limit.rows:
            place = matrix.row.get(id(row))
            if place is not None and duals[place]:
                own[year_of(row, inputs.years)] += abs(float(duals[place])) * loosens
        found.append({y: price for y, price in own.items() if price > 0})
    return found


def _duals(matrix: Matrix, model: ConcreteModel, inputs: Inputs, gap: float, orders: np.ndarray) -> np.ndarray:
    """Duals of the rows with whole numbers as in the best plan within the gap; 0 where a row does not bind.

    `orders`: rows that say a limit again for an order that is made, and that there is none where it is not: they have no part in a
    price.
    """
    solver = Solver(matrix)
    plan = solve_whole(solver, Limits(gap=gap), rounding=rounding(matrix, model, inputs))
    if not plan.has_point:
        raise SolverError.because("no plan was found by which limits could be priced")
    places = np.flatnonzero(matrix.integer).astype(np.int32)
    whole = np.round(plan.values[places])
    solver.set_bounds(places, whole, whole)
    solver.free_rows(orders)
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
        block = component.parent_block().index()
        parts = (*(block if isinstance(block, tuple) else (block,)), *(index if isinstance(index, tuple) else (index,)))
        year = next((p for p in parts if p in years), None) if component is not row or parts[0] in years else None
        if year is not None:
            return int(year)
    raise ValueError(f"{row.name}: is of no year")
