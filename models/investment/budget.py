"""Budget: the money that may be spent on capital in a year, in cash, with grants taken off."""

from __future__ import annotations

from typing import Any

from pyomo.core import Block

from models.components import rows
from models.inputs import Inputs
from models.linear import weighted


def add_budget(model: Block, inputs: Inputs) -> None:
    r"""Capital of a year within its budget; a year without a row has no limit.

    Each row is divided by the largest price in it, or by the budget where that is less: money beside MW would span more
    than all the rest of the matrix.

    .. math::
        \sum_k (1 - g_{k,y}) (\kappa_{k,y} b_{k,y} + \pi_{k,y} z_{k,y}) + \sum_m \kappa_m x_{m,y} + \sum_p \kappa_p h_{p,y} \le B_y

    for y in years with a budget. What is paid for signed orders is taken off it. An order with a capital cost below 0 counts 0.

    κ  capital_cost   money/capacity, money, money/ha     π  project_cost   money (k,v)     g  grant   1 (k,v)
    B  budget         money (y)
    """
    budget = inputs.finance.budget
    earns = inputs.capacity.earns
    prices = {
        y: [term for item, k, term in capital_terms(model, inputs, y) if term[0] and not (item == "capital" and earns(k, y))]
        for y in budget
    }
    limited = [y for y in budget if prices[y]]

    @rows(model, limited, doc="capital spent within the budget, by the largest price [1]")
    def budget_limit(model, y):
        size = min(max(abs(price) for price, _ in prices[y]), budget[y]) or 1.0
        left = budget[y] - spent_on_signed(inputs, y)
        return weighted((price / size, variable) for price, variable in prices[y]) <= max(left, 0.0) / size


def committed_capital(inputs: Inputs, y: int) -> dict[str, float]:
    """What is paid in a year for signed orders, by technology (money)."""
    return {k: money for (k, v), money in inputs.capacity.committed_cost.items() if v == y and money}


def spent_on_signed(inputs: Inputs, y: int) -> float:
    """What signed orders of a year take off its budget (money)."""
    return sum(max(money, 0.0) for money in committed_capital(inputs, y).values())


def capital_terms(model: Block, inputs: Inputs, y: int) -> list[tuple[str, str, tuple[float, Any]]]:
    """Capital paid in a year, grants taken off: (item, name, (money per unit, variable)); without signed orders."""
    capacity, measures, restoration = inputs.capacity, inputs.measures, inputs.restoration
    terms: list[tuple[str, str, tuple[float, Any]]] = []
    for k, v in capacity.builds:
        if v != y:
            continue
        own = capacity.own_share[k, v]
        terms.append(("capital", k, (own * capacity.capital_cost[k, v], model.build[k, v])))
        if (k, v) in model.is_built and capacity.project_cost[k, v]:
            terms.append(("capital", k, (own * capacity.project_cost[k, v], model.is_built[k, v])))
    terms += [("measures", m, (measures.capital_cost[m], model.adopt[m, v])) for m, v in measures.adoptions if v == y]
    terms += [("restoration", p, (restoration.capital_cost[p], model.plant[p, y])) for p in restoration.projects]
    return terms
