"""What the hours of a year are given of a plan: the decisions of a solved model, and what stores hold as each month ends."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from pyomo.core import ConcreteModel, value

from models.inputs import Inputs
from models.inputs.calendar import DAYS_OF_MONTH
from models.investment import links_of
from models.investment.capacity import standing
from models.linear import weighted
from models.operation.equipment import present_stores
from models.operation.links import SolvedYear
from planner.plan import WholeUnits
from planner.solve import LinkValues, Operation
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


# --- whole units -----------------------------------------------------------------------------------------------------------
# The units of committed plants: what may be on of each where units are whole.

#: A unit below this share of the others is none.
NO_UNIT = 1e-6


def levels_of(model: ConcreteModel, inputs: Inputs, y: int) -> dict[str, np.ndarray]:
    r"""Of each committed plant that stands in units in a year, what may be on of it in each hour (MW, t/h; level, hours).

    .. math:: \mathcal{L}_{k,t} = \{\, \delta_{k,t} \textstyle\sum_{i \in I} u_{k,i} \;:\; I \subseteq \text{UNITS}_k \,\}

    u  size of a unit   MW, t/h (k,i)     δ  derating   1 (k,t)
    """
    found, hours = {}, np.ones(len(inputs.calendar.weight))
    for k in inputs.commitment.plants:
        sums = {0.0}
        for unit in _units(model, inputs, k, y):
            sums |= {round(s + unit, 9) for s in sums}
        if len(sums) > 1:
            found[k] = np.array(sorted(sums))[:, None] * inputs.conversion.availability.get(k, hours)
    return found


def with_whole_units(inputs: Inputs, years: Mapping[int, Operation]) -> dict[int, WholeUnits]:
    """What whole units cost in each year that is operated with them."""
    discount = inputs.finance.discount
    return {y: WholeUnits(discount[y] * own.units_cost, own.parts) for y, own in years.items() if own.units_cost is not None}


def _units(model: ConcreteModel, inputs: Inputs, k: str, y: int) -> Iterator[float]:
    """Sizes of the units of a plant: of what stood, of what was ordered, the rest of each; none where orders are no units."""
    capacity = inputs.capacity
    if k not in capacity.present[y]:
        return
    stood = value(weighted(standing(model, inputs, k, y)))
    ordered, size = model.capacity[k, y].value - stood, capacity.unit_size.get(k, 0.0)
    pieces = capacity.pieces.existing_unit
    if not size and (k not in pieces or ordered > NO_UNIT):
        return
    for amount, unit in ((stood, pieces.get(k, size)), (ordered, size)):
        count = math.floor(amount / unit + NO_UNIT) if unit else 0
        yield from [unit] * count
        if amount - count * unit > NO_UNIT * max(unit, 1.0):
            yield amount - count * unit
