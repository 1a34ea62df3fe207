"""Cost of the decisions, in money of each year (not discounted), and the system cost."""

from __future__ import annotations

from collections.abc import Mapping

from pyomo.environ import Block

from models.inputs import Inputs
from models.inputs.finance import OF_PARK
from models.investment.budget import capital_terms, committed_capital
from models.investment.contract import contract_cost
from models.investment.scheme import connection_cost
from models.linear import weighted
from models.operation.cost import Terms


def ownership_cost(model: Block, inputs: Inputs, y: int) -> Terms:
    """Cost of capacity, measures, restored land, contracts, connections and the park as a whole in a year, and of retirement."""
    capacity, measures, restoration = inputs.capacity, inputs.measures, inputs.restoration
    terms: Terms = {}
    for k in capacity.present[y]:
        if capacity.fixed_cost.get((k, y)):
            terms["fixed_cost", k] = weighted([(capacity.fixed_cost[k, y], model.capacity[k, y])])
    for m in measures.measures:
        if measures.fixed_cost[m]:
            terms["measure_cost", m] = weighted([(measures.fixed_cost[m], model.in_force[m, y])])
    for p in restoration.projects:
        if restoration.fixed_cost[p]:
            terms["restoration_cost", p] = weighted([(restoration.fixed_cost[p], model.area[p, y])])
    for k in dict.fromkeys(own for own, _, z in capacity.retirements if z == y and (own, y) in capacity.retirement_cost):
        price = capacity.retirement_cost[k, y]
        terms["retirement_cost", k] = weighted(
            (price, model.retire[r]) for r in capacity.retirements if (r[0], r[2]) == (k, y)
        )
    if inputs.finance.park_cost.get(y):
        terms["fixed_cost", OF_PARK] = inputs.finance.park_cost[y]
    return terms | contract_cost(model, inputs, y) | connection_cost(model, inputs, y)


def capital_cost(model: Block, inputs: Inputs, y: int, *, seen: bool) -> Terms:
    r"""Capital of the orders of a year: as paid (cash), or the share :math:`\varphi` of it that the horizon bears."""
    share = {"capital": inputs.capacity.seen_share, "measures": inputs.measures.seen_share,
             "restoration": inputs.restoration.seen_share}  # fmt: skip
    found: dict[tuple[str, str], list] = {}
    for item, name, (money, variable) in capital_terms(model, inputs, y):
        borne = share[item][name, y] if seen else 1.0
        found.setdefault((item, name), []).append((borne * money, variable))
    for k, money in committed_capital(inputs, y).items():
        borne = inputs.capacity.seen_share[k, y] if seen else 1.0
        found.setdefault(("capital", k), []).append((borne * money, 1.0))
    return {key: weighted(terms) for key, terms in found.items()}


def system_cost(model: Block, inputs: Inputs, operating: Mapping[int, Terms]) -> dict[int, Terms]:
    r"""Terms of the objective, discounted.

    .. math::
        \min \sum_y \delta_y \Big[ \sum_{k} \varphi (1-g) (\kappa b + \pi z) + \sum_k (f C + d \rho) \\
        + \text{measures} + \text{restoration} + \text{operating cost} + F \Big]

    F  park_cost  money (y)     d  retirement_cost   money/capacity (k,y)     ρ  retired early in the year   capacity (k,y)

    δ  discount   1 (y)     φ  seen_share   1 (k,v)     f  fixed_cost   money/capacity/year (k,y)
    """
    return {y: system_cost_of_year(model, inputs, y, operating[y]) for y in inputs.years}


def system_cost_of_year(model: Block, inputs: Inputs, y: int, operating: Terms) -> Terms:
    """The year's terms of the objective, discounted."""
    terms = capital_cost(model, inputs, y, seen=True) | ownership_cost(model, inputs, y) | operating
    return {key: inputs.finance.discount[y] * expression for key, expression in terms.items()}
