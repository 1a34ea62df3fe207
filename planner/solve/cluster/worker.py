"""What a worker does: cuts of a year on typical days, and the operation of a year in every hour.

A worker keeps the HiGHS object and basis of its years (warm start), and knows the years of one solve.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

import numpy as np

from models.inputs import Inputs
from planner.solve.hours.months import LinkValues
from planner.solve.hours.operation import Operation
from planner.solve.hours.operator import Conditions, Operator
from planner.solve.year.subproblem import Cut, YearVariant
from planner.solve.year.template import Template, Templates, Total
from planner.solve.year.year import Year

#: Operations of several inputs by number: of each the inputs and the year.
Programmes = Mapping[int, tuple[Inputs, int]]
_lock = threading.Lock()
_known: dict[tuple[str, int], Year] = {}
_templates: dict[tuple[str, int], Templates[Template]] = {}
_operators: dict[str, Operator] = {}


def cut(inputs: Inputs, key: str, y: int, point: np.ndarray, variant: YearVariant) -> tuple[Cut, np.ndarray]:
    """The cut of a year, and the values of all its columns."""
    return _cut(inputs, key, y, y, point, variant)


def cut_of(programmes: Programmes, key: str, i: int, point: np.ndarray, variant: YearVariant) -> tuple[Cut, np.ndarray]:
    """The same of an operation among those of several inputs."""
    inputs, y = programmes[i]
    return _cut(inputs, key, i, y, point, variant)


def _cut(inputs: Inputs, key: str, i: int, y: int, point: np.ndarray, variant: YearVariant) -> tuple[Cut, np.ndarray]:
    """A worker knows the years of one solve."""
    with _lock:
        for other in [k for k in _known if k[0] != key]:
            del _known[other]
        for before in [k for k in _templates if k[0] != key]:
            del _templates[before]
        if (key, id(inputs)) not in _templates:
            _templates[key, id(inputs)] = Templates(inputs, Template)
        if (key, i) not in _known:
            _known[key, i] = Year(inputs, y, _templates[key, id(inputs)].of(y))
        year = _known[key, i]
        year.set_variant(variant)
        return year.cut(point), year.values


def operated(
    inputs: Inputs, key: str, y: int, linking: LinkValues, prices: Mapping[Total, float], conditions: Conditions
) -> Operation:
    """A year in every hour."""
    with _lock:
        if key not in _operators:
            _operators.clear()
            _operators[key] = Operator(inputs, 1, prices_stores=True)
        return _operators[key].operate(y, linking, prices, conditions)
