"""What the hours of a year are given of a plan: the decisions of a solved model, and what stores hold as each month ends."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pyomo.core import ConcreteModel, value

from models.inputs import Inputs
from models.inputs.calendar import DAYS_OF_MONTH
from models.investment import links_of
from models.operation.equipment import present_stores
from models.operation.links import SolvedYear
from planner.solve import LinkValues
from planner.tables.flows import free_contracts


def given_of(model: ConcreteModel, inputs: Inputs, y: int) -> LinkValues:
    """Values of the linking variables of a year in a solved model; of contracts that cost nothing by themselves the most."""
    free = {("contract", s): most for s, most in free_contracts(model, inputs, y).items()}
    return LinkValues(links_given(model, inputs, y) | free, dict(held_at_month_ends(model.year[y], inputs, y)))


def links_given(model: ConcreteModel, inputs: Inputs, y: int) -> dict[tuple[str, str], float]:
    """(kind, name) -> what the decisions of a model give a year."""
    return {link: float(value(given)) for link, given in links_of(model, inputs, y).decided()} | inputs.stated(y)


def held_at_month_ends(year: SolvedYear, inputs: Inputs, y: int) -> Iterator[tuple[tuple[str, int], float]]:
    """(store, month from 0) and the energy that it holds at the end of the month, of a year on typical days.

    A seasonal store: the state of its calendar day; another: that at the end of its typical day.
    """
    of_day = inputs.calendar.of_day
    for s in present_stores(inputs, y):
        for month, days in enumerate(np.cumsum(DAYS_OF_MONTH).tolist()):
            if (s, 0) in year.at_start:
                yield (s, month), float(year.at_start[s, days % 365].value)
            else:
                yield (s, month), float(year.held[s, int(of_day[days - 1]) * 24 + 23].value)
