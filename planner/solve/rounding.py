"""Whole numbers near a relaxed point: a guess that is then fixed and proven against the relaxed bound."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from pyomo.environ import ConcreteModel

from models.inputs import Inputs
from planner.solve.highs import Matrix

#: From the values of all columns to whole numbers for the integer ones.
Rounding = Callable[[np.ndarray], np.ndarray]

#: An order worth less than this share of the most that may be ordered is rounded away, where no least size is given.
CRUMB = 0.01


def rounding(matrix: Matrix, model: ConcreteModel, inputs: Inputs) -> Rounding:
    """Nearest whole numbers; a yes to an order follows the size of the order, not the fraction of the yes.

    A relaxed yes is only build / most, however much is built.
    """
    capacity = inputs.capacity
    lumps = []
    for (k, v), is_built in model.is_built.items():
        least = capacity.min_build.get(k, 0.0) or 2 * CRUMB * capacity.build_max[k, v]
        lumps.append((matrix.column[id(is_built)], matrix.column[id(model.build[k, v])], least / 2))

    def near(values: np.ndarray) -> np.ndarray:
        whole = np.round(values[: len(matrix.columns)])
        for is_built, build, least in lumps:
            whole[is_built] = 1.0 if values[build] >= least else 0.0
        return whole[matrix.integer]

    return near
