r"""The capital cost at which a project would come in, estimated by reduced costs.

In the linear programme in which whole numbers are as planned, but those of the project relaxed, its columns are held at next to
nothing (at 0 what it would be used for has no price of its own). The first of them enters at the factor

.. math::
    \max_j \; 1 - d_j / B_j

of the capital cost. Where orders have a least size, or many go together, it is an estimate; `break_even` confirms it by plans.

d  reduced cost   money (column)     B  capital cost in the objective   money (column)

Returns factors. Raises SolverError where HiGHS gives no answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from pyomo.core import ConcreteModel

from models.inputs import Inputs, resolve
from models.investment.budget import capital_terms
from models.park import build_park
from planner.days import choose_days
from planner.finance.pieces import MEASURE, PLANTING, TECHNOLOGY
from planner.frontier.question import RunQuestion
from planner.planning.strategy import is_large
from planner.solve import Limits, Matrix, Solver, compile_model, rounding, solve_linear, solve_whole

#: Item of the objective that is the capital of each kind.
ITEMS = {TECHNOLOGY: "capital", MEASURE: "measures", PLANTING: "restoration"}
#: Share of the most of a column that is next to nothing.
LITTLE = 1e-4
Who = tuple[str, str]


def estimates(question: RunQuestion, projects: Sequence[Who]) -> dict[Who, float]:
    """(kind, name) -> factor, of the projects that the whole method plans; none of what is bought, of types that are not offered,
    nor of parks that are too large for one matrix."""
    count = question.options.days
    days = choose_days(question.case, question.case.park.typical_days if count is None else count)
    inputs = resolve(question.case, question.case.goal, question.output.summary["base_emissions"], days)
    own = [who for who in projects if who[0] in ITEMS]
    if not own or is_large(inputs):
        return {}
    model = build_park(inputs)
    matrix = compile_model(model)
    solver = Solver(matrix)
    plan = solve_whole(solver, Limits(gap=question.options.gap), rounding=rounding(matrix, model, inputs))
    if not plan.has_point:
        return {}
    solver.relax(True)
    found = {who: _estimate(solver, matrix, model, inputs, np.round(plan.values[matrix.integer]), *who) for who in own}
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


def entering(reduced: np.ndarray, money: np.ndarray) -> float:
    """The factor at which the first of the columns enters; 0 where none does."""
    paid = money > 0
    return float(np.max(1 - reduced[paid] / money[paid], initial=0.0))


def little_of(matrix: Matrix, places: np.ndarray) -> np.ndarray:
    """Next to nothing of some columns: a share of the most."""
    most = matrix.upper[places]
    return LITTLE * np.where(np.isfinite(most), most, 1.0)


def capital_columns(matrix: Matrix, model: ConcreteModel, inputs: Inputs, kind: str, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Columns that a project is paid for by, and what each costs in the objective (money): capital, or its annuity."""
    shares: Mapping[str, Mapping[tuple[str, int], float]] = {
        TECHNOLOGY: inputs.capacity.seen_share,
        MEASURE: inputs.measures.seen_share,
        PLANTING: inputs.restoration.seen_share,
    }
    found = {
        matrix.column[id(variable)]: inputs.finance.discount[y] * shares[kind][name, y] * money
        for y in inputs.years
        for item, k, (money, variable) in capital_terms(model, inputs, y)
        if (item, k) == (ITEMS[kind], name) and money and id(variable) in matrix.column
    }
    capacity, discount = inputs.capacity, inputs.finance.discount
    for (k, v), yearly in capacity.annuity.items() if kind == TECHNOLOGY else ():
        if k == name and (k, v) in model.build:
            place = matrix.column[id(model.build[k, v])]
            found[place] = found.get(place, 0.0) + yearly * sum(discount[y] for y in capacity.works[k, v])
    return np.array(list(found), dtype=np.int32), np.array(list(found.values()))


def own_integers(matrix: Matrix, inputs: Inputs, integers: np.ndarray, kind: str, name: str) -> np.ndarray:
    """True for the integers of a project, and of measures that exclude it."""
    names = {name}.union(*(group for group in inputs.measures.groups if kind == MEASURE and name in group))
    return of_names(matrix, integers, names)


def of_names(matrix: Matrix, integers: np.ndarray, names: Collection[str]) -> np.ndarray:
    """True for the integers of anything of these names."""
    indices = [matrix.columns[place].index() for place in integers.tolist()]
    return np.array([isinstance(index, tuple) and index[0] in names for index in indices], dtype=bool)
