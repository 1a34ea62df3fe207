"""Decisions that another dominates are left out of the search of a plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pyomo.core import ConcreteModel

from models.inputs import Inputs
from models.investment.scheme import dominated_schemes
from planner.solve.handover.matrix import Matrix


def without_dominated(inputs: Inputs, model: ConcreteModel, matrix: Matrix) -> Matrix:
    """The matrix of a master in which a dominated tariff scheme (`dominated_schemes`) is never in force, unless it is held already.

    Not for a tree of futures: what dominates in one future may not do so in another that shares the decision.
    """
    dominated = dominated_schemes(inputs.supplies, inputs.connections, inputs.years)
    places = matrix.columns_of(v for (key, _), v in model.scheme.items() if key in dominated)
    upper = matrix.upper.copy()
    upper[places] = np.maximum(matrix.lower[places], 0.0)
    return replace(matrix, upper=upper)
