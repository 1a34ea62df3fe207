"""Cost of the decisions, in money of each year (not discounted), the budget, and the system cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyomo.core import Block

from models.inputs import Inputs
from models.inputs.finance import OF_PARK
from models.investment.boundary import connection_cost, contract_cost
from models.investment.capacity import left_of, order
from models.investment.reserve import response_cost
from models.linear import Sum, rows, weighted
from models.operation.cost import Terms


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
        left = budget[y] - sum(max(money, 0.0) for money in committed_capital(inputs, y).values())
        return weighted((price / size, variable) for price, variable in prices[y]) <= max(left, 0.0) / size


def committed_capital(inputs: Inputs, y: int) -> dict[str, float]:
    """What is paid in a year for signed orders, by technology (money)."""
    return {k: money for (k, v), money in inputs.capacity.committed_cost.items() if v == y and money}


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


def ownership_cost(model: Block, inputs: Inputs, y: int) -> Terms:
    """Cost of capacity, measures, restored land, contracts, connections and the park as a whole in a year, and of retirement."""
    capacity, measures, restoration = inputs.capacity, inputs.measures, inputs.restoration
    terms: Terms = {}
    for k in capacity.present[y]:
        if capacity.fixed_cost.get((k, y)):
            terms["fixed_cost", k] = weighted([(capacity.fixed_cost[k, y], model.capacity[k, y])])
    terms |= _paid_by_order(model, inputs, y)
    for m in measures.measures:
        if measures.fixed_cost[m]:
            terms["measure_cost", m] = weighted([(measures.fixed_cost[m], model.in_force[m, y])])
    for p in restoration.projects:
        if restoration.fixed_cost[p]:
            terms["restoration_cost", p] = weighted([(restoration.fixed_cost[p], model.area[p, y])])
    for k in dict.fromkeys(own for own, _, z in capacity.retirements if z == y and (own, y) in capacity.retirement_cost):
        price = capacity.retirement_cost[k, y]
        terms["retirement_cost", k] = weighted((price, model.retire[r]) for r in capacity.retirements if (r[0], r[2]) == (k, y))
    if inputs.finance.park_cost.get(y):
        terms["fixed_cost", OF_PARK] = inputs.finance.park_cost[y]
    return terms | contract_cost(model, inputs, y) | connection_cost(model, inputs, y) | response_cost(model, inputs, y)


def _paid_by_order(model: Block, inputs: Inputs, y: int) -> Terms:
    r"""What is paid in a year for each order by itself.

    .. math::
        \sum_v f_{k,v} \Big(b_{k,v} - \sum_{z \le y} \rho_{k,v,z}\Big) \qquad \sum_v a_{k,v} b_{k,v}

    for the orders v that work in y: the fixed cost, where it is that of the year of the order, of what is left of it (of what stood
    before too); the annuity of all of it, retired or not.

    f  fixed_by_order   money/capacity/year (k,v)     a  annuity   money/capacity/year (k,v)
    """
    capacity = inputs.capacity
    fixed: dict[str, Sum] = {}
    for (k, v), price in capacity.fixed_by_order.items():
        if price and y in capacity.works.get((k, v), ()):
            fixed.setdefault(k, []).extend((price * a, term) for a, term in left_of(model, inputs, k, v, y))
    annuity: dict[str, Sum] = {}
    for (k, v), price in capacity.annuity.items():
        if y in capacity.works[k, v]:
            annuity.setdefault(k, []).extend((price * a, term) for a, term in order(model, inputs, k, v))
    found = {("fixed_cost", k): weighted(terms) for k, terms in fixed.items()}
    return found | {("annuity", k): weighted(terms) for k, terms in annuity.items()}


def capital_cost(model: Block, inputs: Inputs, y: int, *, seen: bool) -> Terms:
    r"""Capital of the orders of a year: as paid (cash), or the share :math:`\varphi` of it that the horizon bears, with the value
    beyond the horizon of what is retired early.
    """
    share = {
        "capital": inputs.capacity.seen_share,
        "measures": inputs.measures.seen_share,
        "restoration": inputs.restoration.seen_share,
    }
    found: dict[tuple[str, str], list] = {}
    for item, name, (money, variable) in capital_terms(model, inputs, y):
        borne = share[item][name, y] if seen else 1.0
        found.setdefault((item, name), []).append((borne * money, variable))
    for k, money in committed_capital(inputs, y).items():
        borne = inputs.capacity.seen_share[k, y] if seen else 1.0
        found.setdefault(("capital", k), []).append((borne * money, 1.0))
    for (k, v, part), value in inputs.capacity.given_up.items() if seen else ():
        if v == y and value > 0:
            found.setdefault(("value_given_up", k), []).append((value, model.given_up[k, v, part]))
    return {key: weighted(terms) for key, terms in found.items()}


def system_cost(model: Block, inputs: Inputs, operating: Mapping[int, Terms]) -> dict[int, Terms]:
    r"""Terms of the objective, discounted.

    .. math::
        \min \sum_y \delta_y \Big[ \sum_{k} \varphi (1-g) (\kappa b + \pi z) + \sum_k (1-\varphi) (1-g) \max(\kappa, 0) \, r
        + \sum_k (f C + d \rho) + \sum_k a b \\
        + \text{measures} + \text{restoration} + \text{operating cost} + F \Big]

    What is given up by early retirement is of the year of the order, and nothing in cash. Of a signed order it is of all that was
    paid for it.

    a  annuity   money/capacity/year (k,v), of each order b in the years of its life

    F  park_cost  money (y)     d  retirement_cost   money/capacity (k,y)     ρ  retired early in the year   capacity (k,y)
    δ  discount   1 (y)     φ  seen_share   1 (k,v)     f  fixed_cost   money/capacity/year (k,y)     r  given_up   capacity (k,v)
    """
    return {y: system_cost_of_year(model, inputs, y, operating[y]) for y in inputs.years}


def system_cost_of_year(model: Block, inputs: Inputs, y: int, operating: Terms) -> Terms:
    """The year's terms of the objective, discounted."""
    terms = capital_cost(model, inputs, y, seen=True) | ownership_cost(model, inputs, y) | operating
    return {key: inputs.finance.discount[y] * expression for key, expression in terms.items()}
