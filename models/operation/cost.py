"""Cost of operating a year, in money of that year (not discounted)."""

from __future__ import annotations

from typing import Any

from pyomo.environ import Block

from models.inputs import Inputs
from models.inputs.supply import ALL_SCOPE_1
from models.linear import weighted

#: (item, name) -> expression in money.
Terms = dict[tuple[str, str], Any]


def hourly_cost(year: Block, inputs: Inputs, y: int) -> Terms:
    r"""What is paid in the year for energy, for connections and for running equipment.

    .. math::
        \sum_{s,t} w_t (\pi_{s,t} m_{s,t} - \pi^x_{s,t} x_{s,t}) + \sum_{s,b} n_b\, \pi^p_s\, p_{s,b}
        + 12 \sum_s \pi^K_s K_s + \sum_{k,t} w_t\, \nu_k\, a_{k,t}

    π  price        money/MWh (s,t)     n  times a billing month is paid   1 (b)
    K  contracted   MW (s)              ν  variable_cost                   money/MWh (k)
    """
    return _boundary(year, inputs, y) | _equipment(year, inputs, y)


def account_cost(year: Block, inputs: Inputs, y: int) -> Terms:
    r"""What is paid in the year for emissions, certificates and credits.

    .. math::
        \sum_s \pi^{CO2}_s E_s + \sum_c \pi_c g_c + \sum_o \pi_o o_o

    E  emissions as the accounting counts them   t (s)     g  certified   MWh (c)     o  credits   t (o)
    """
    terms, supplies = _carbon(year, inputs, y), inputs.supplies
    for c in year.certified:
        terms["certificates", c] = weighted([(supplies.certificate_price[c, y], year.certified[c])])
    for o in year.credits:
        terms["offsets", o] = weighted([(inputs.offsets.price[o, y], year.credits[o])])
    return terms


def _boundary(year: Block, inputs: Inputs, y: int) -> Terms:
    supplies, snapshots = inputs.supplies, inputs.calendar.snapshots
    weight = inputs.calendar.weight
    terms: Terms = {}
    for s in supplies.importers:
        price = (weight * supplies.hourly_price(s, y, "energy", len(weight))).tolist()
        terms["energy", s] = weighted((price[t], year.imports[s, t]) for t in snapshots)
    for s in supplies.exporters:
        price = (-weight * supplies.hourly_price(s, y, "export", len(weight))).tolist()
        terms["export", s] = weighted((price[t], year.exports[s, t]) for t in snapshots)
    for s in dict.fromkeys(s for s, _ in year.peak):
        charge = supplies.demand_charge[s, y]
        months = enumerate(inputs.calendar.billing)
        terms["demand_charge", s] = weighted((times * charge, year.peak[s, b]) for b, (times, _) in months)
    for s in year.contracted:
        terms["capacity_charge", s] = weighted([(12 * supplies.capacity_charge[s, y], year.contracted[s])])
    return terms


def _equipment(year: Block, inputs: Inputs, y: int) -> Terms:
    weight = inputs.calendar.weight.tolist()
    families = (
        (inputs.conversion.variable_cost, year.activity, lambda k, *_: k),
        (inputs.storage.variable_cost, year.discharge, lambda s, *_: s),
        (inputs.captures.variable_cost, year.captured, lambda k, *_: k),
        (inputs.network.variable_cost, year.flow, lambda link, *_: link),
    )
    found: dict[str, list[tuple[float, Any]]] = {}
    for cost, variable, name in families:
        if not cost:
            continue
        for index in variable:
            k = name(*index)
            if (k, y) in cost:
                found.setdefault(k, []).append((weight[index[-1]] * cost[k, y], variable[index]))
    return {("variable_cost", k): weighted(terms) for k, terms in found.items()}


def _carbon(year: Block, inputs: Inputs, y: int) -> Terms:
    supplies = inputs.supplies
    market = inputs.carbon.accounting == "market"
    factor = supplies.market if market else supplies.location
    terms: Terms = {}
    for (s, when), price in supplies.carbon_price.items():
        if when != y:
            continue
        if s == ALL_SCOPE_1:
            terms["carbon", s] = weighted([(price, year.figure["scope1"])])
        elif s in supplies.importers:
            emitted = [(factor[s, y], year.imported[s])]
            if market and supplies.scope[s] == 2:
                emitted += [(-factor[s, y], year.certified[c]) for c in year.certified if supplies.certificate_supply[c] == s]
            terms["carbon", s] = weighted((price * a, v) for a, v in emitted)
    return terms
