"""What a plan that is compared may not decide, as a change of bounds on the matrix: the variant that it is solved in.

Returns a `Variant`. Raises nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pyomo.core import ConcreteModel

from models.inputs import Inputs
from planner.explain.blocking import outage_balances
from planner.plan import BUSINESS, REFERENCE
from planner.planning.business import as_usual
from planner.solve import Matrix, Variant

#: What the reference plan may not buy.
NOT_IN_REFERENCE = ("credits", "certified")


def variant_of(name: str, matrix: Matrix, model: ConcreteModel, years: Any, inputs: Inputs) -> Variant:
    """The variant of the decisions (with `years`: of the whole park) that a plan is solved in.

    The reference and business as usual may not take some decisions; business as usual has its orders fixed.
    """
    if name not in (REFERENCE, BUSINESS):
        return Variant()
    dropped, barred = matrix.rows_of(not_asked_of_reference(model)), matrix.columns_of(not_in_reference(model, years, inputs))
    fixed, values = matrix.at(as_usual(model, inputs)) if name == BUSINESS else (barred[:0], np.zeros(0))
    return Variant(dropped, barred, fixed, values)


def not_asked_of_reference(model: ConcreteModel) -> list[Any]:
    """Rows that bind only the target and the least-cost plan: what must stand at least, in reserve, and how orders may grow."""
    own = (model.capacity_least, model.build_growth, model.reserve_limit)
    return [*(row for family in own for row in family.values()), *outage_balances(model).values()]


def not_in_reference(model: ConcreteModel, years: Any, inputs: Inputs) -> list[Any]:
    """Decisions that the reference may not take: no measures, offsets, certificates, restoration, new kinds; what is kept stays."""
    barred = [v for (k, _), v in model.build.items() if k not in inputs.capacity.in_reference]
    barred += [v for adoption, v in model.adopt.items() if adoption not in inputs.measures.kept]
    barred += [v for planting, v in model.plant.items() if planting not in inputs.restoration.planted]
    for y in years:
        barred += [v for name in NOT_IN_REFERENCE for v in getattr(years[y], name).values()]
    return barred
