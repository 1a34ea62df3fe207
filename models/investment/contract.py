"""Contracts: how much is contracted for each year, and which supplies are used."""

from __future__ import annotations

from typing import Any

from pyomo.core import Binary, Block

from models.components import rows, variables
from models.dot import dot
from models.inputs import Inputs
from models.investment.scheme import in_force
from models.linear import weighted
from models.operation.cost import Terms


def add_contracts(model: Block, inputs: Inputs) -> None:
    r"""As-generated contracts of each year, and whether a supply with a yearly fee is used at all.

    .. math::
        0 \le c_{s,y} \le \overline{c}_s \qquad c_{s,y} \le \overline{c}_s u_{s,y}

    for s in AS-GENERATED CONTRACTS, y in YEARS in which they are offered; the second where u is a yes or no.

    c  contract   MW (s,y)     u  used   1 (s,y), where a fixed price or a least energy of a contract asks for it
    """
    contracts = inputs.contracts
    model.contract = variables(
        list(contracts.contracts), bounds=lambda _, s, y: (0, contracts.most[s]), doc="capacity of an as-generated contract [MW]"
    )
    model.used = variables(list(contracts.optional), within=Binary, doc="1 if a supply is used [1]")

    @rows(
        model,
        [key for key in contracts.contracts if key in contracts.optional],
        doc="what is contracted is used, and paid for [MW]",
    )
    def contract_where_used(model, s, y):
        return model.contract[s, y] <= contracts.most[s] * model.used[s, y]


def is_used(model: Block, inputs: Inputs, s: str, y: int) -> Any:
    """The variable, or the number, that is 1 if a supply is used in a year."""
    if (s, y) in model.used:
        return model.used[s, y]
    return in_force(model, inputs, s, y) if s in inputs.supplies.offered[y] else 0.0


def contract_cost(model: Block, inputs: Inputs, y: int) -> Terms:
    r"""What is paid for contracts whatever is imported: the share of what is generated that is taken, and yearly fees.

    .. math::
        \sum_s \theta_s c_s \sum_t w_t \pi_{s,t} \gamma_{s,t} + \sum_s F_s u_s

    θ  take   1 (s)     π  price   money/MWh (s,t)     γ  shape   1 (s,t)     F  fixed   money (s)
    """
    inputs = inputs.at(y)
    contracts, supplies, weight = inputs.contracts, inputs.supplies, inputs.calendar.weight
    terms: Terms = {}
    for s, when in contracts.contracts:
        price = dot(weight, supplies.hourly_price(s, y, "energy", len(weight)) * contracts.shape[s]) * contracts.take[s]
        if when == y and price:
            terms["contract", s] = weighted([(price, model.contract[s, y])])
    for (s, when), money in contracts.fixed.items():
        if when == y and money:
            terms["fixed", s] = weighted([(money, is_used(model, inputs, s, y))])
    return terms
