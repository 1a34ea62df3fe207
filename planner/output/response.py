"""What stands ready to be called off in a year, and what that brings: the rows of responses.csv."""

from __future__ import annotations

from collections.abc import Iterator

from pyomo.core import ConcreteModel, value

from models.inputs import Inputs
from models.investment.reserve import demand_of

OFFERED, POSSIBLE, CALLED, RECEIVED, LOST = "offered", "possible", "called", "received", "lost"


def response_rows(model: ConcreteModel, inputs: Inputs, currency: str) -> Iterator[tuple[int, str, str, float, str]]:
    """Year, response, item, value and unit, of every contract and year."""
    responses = inputs.responses
    for r, y in sorted(responses.least, key=lambda key: key[1]):
        offered = model.offer[r, y].value
        possible = responses.least[r, y] * value(demand_of(model, inputs, responses.demand[r], y))
        called = responses.calls[r, y] * offered
        yield y, r, OFFERED, offered, "MW"
        yield y, r, POSSIBLE, min(possible, responses.most.get((r, y), possible)), "MW"
        yield y, r, CALLED, called, "MWh"
        yield y, r, RECEIVED, responses.price[r, y] * offered + responses.call_price[r, y] * called, currency
        yield y, r, LOST, responses.call_cost[r, y] * called, currency
