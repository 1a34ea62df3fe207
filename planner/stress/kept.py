r"""The decisions of a run in another future: fixed in the master of that future, whose rows then say whether they can be kept.

.. math::
    x_j = \hat{x}_j \text{ for what is ordered, retired, adopted, planted, contracted, used, in force}; \qquad
    A x \le b \text{ of the future}

What follows from them (capacities, uptake, demand after measures) is decided by the rows. Of a budget of CO2 over years each year
gets what the run itself used of it, scaled to the whole budget.

x  decisions     x̂  those of the run's tables     A, b  rows of the future's own master
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pyomo.core import ConcreteModel

from models.inputs import Inputs
from models.metrics import OF_RULES
from models.park import build_master
from planner.output.output import Tables
from planner.planning.restored import decided
from planner.solve import Limits, Solver, compile_model, modelling, solve_whole

#: What is above a limit by this share of it is within it.
WITHIN = 1e-6


@dataclass(frozen=True)
class KeptOrders:
    """The decisions in the model of the future, and what they cost.

    cost   discounted cost of the decisions; None where they cannot be kept   money
    over   what cannot be kept by itself: (what, name, year), how much is decided, and the most that this future allows
    """

    model: ConcreteModel
    cost: float | None
    over: tuple[tuple[tuple[str, str, int], float, float], ...] = ()


def keep_orders(inputs: Inputs, tables: Tables) -> KeptOrders:
    """The decisions of the tables of a plan in the park of these inputs. Raises SolverError where HiGHS gives no answer."""
    with modelling():
        model = build_master(inputs)
        matrix = compile_model(model)
    amounts = {matrix.column[id(v)]: (v, amount) for v, amount in decided(model, inputs, tables) if id(v) in matrix.column}
    places = np.array(sorted(amounts), dtype=np.int32)
    values = np.array([amounts[place][1] for place in places.tolist()])
    inside = np.clip(values, matrix.lower[places], matrix.upper[places])
    over = []
    for i in np.flatnonzero(np.abs(values - inside) > WITHIN * np.maximum(1.0, np.abs(values))).tolist():
        variable, amount = amounts[int(places[i])]
        name, *_, y = variable.index()
        over.append(((variable.parent_component().local_name, str(name), int(y)), float(amount), float(inside[i])))
    if over:
        return KeptOrders(model, None, tuple(over))
    solver = Solver(matrix)
    solver.set_bounds(places, inside, inside)
    answer = solve_whole(solver, Limits(gap=0.0))
    if not answer.has_point:
        return KeptOrders(model, None)
    matrix.load(answer.values)
    _share_budgets(model, inputs, tables)
    return KeptOrders(model, float(matrix.cost @ answer.values) + matrix.offset)


def _share_budgets(model: ConcreteModel, inputs: Inputs, tables: Tables) -> None:
    """What each year may use of a budget over years, in the proportions in which the run used it."""
    emissions = tables["emissions"]
    for budget in inputs.carbon.budgets:
        figure = OF_RULES[budget.rule.metric].numerator
        own = emissions[(emissions["item"] == figure) & (emissions["year"] >= budget.first)]
        used = {int(y): max(float(v), 0.0) for y, v in zip(own["year"], own["value"], strict=True)}
        total, limit = sum(used.values()), max(budget.rule.limit, 0.0)
        for (name, y), variable in model.allowance.items():
            if name == budget.rule.allowance:
                variable.set_value(limit * used.get(y, 0.0) / total if total else limit / len(inputs.years), skip_validation=True)
