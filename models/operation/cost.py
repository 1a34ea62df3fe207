"""Cost of operating a year, in money of that year (not discounted)."""

from __future__ import annotations

from typing import Any

import numpy as np
from pyomo.core import Block

from models.families import ITEMS
from models.inputs import Inputs
from models.inputs.boundary import ALL_SCOPE_1
from models.linear import weighted
from models.operation.boundary import emitting_imports

#: (item, name) -> expression in money.
Terms = dict[tuple[str, str], Any]


def hourly_cost(year: Block, inputs: Inputs, y: int) -> Terms:
    r"""What is paid in the year for energy, for connections and for running equipment.

    .. math::
        \sum_{s,t} w_t (\pi_{s,t} m_{s,t} - \pi^x_{s,t} x_{s,t}) + \sum_{s,b} n_b\, \pi^p_s\, p_{s,b}
        + 12 \sum_s \pi^K_s K_s + \sum_{k,t} w_t (\nu_k\, a_{k,t} + \sigma_k\, u_{k,t})
        + \sum_{u,t} w_t (\pi^m_u m_{u,t} + \pi^x_u x_{u,t})

    π  price        money/MWh (s,t)     n  times a billing month is paid   1 (b)
    Of an as-generated contract π is paid for the share 1 - take alone: the rest is paid with the contract.

    A charge on the highest import of the year is paid on a K of its own.

    K  contracted   MW (s)              ν  variable_cost                   money/MWh (k)
    u  start        MW, t/h (k,t)       σ  start_cost                      money/capacity (k)
    m  moved        MW (u,t)            x  shed, of demands                MW (u,t)
    """
    found: dict[tuple[str, str], list[tuple[float, Any]]] = {}
    for family, costs in unit_costs(inputs, y).items():
        numbers = {name: cost.tolist() for name, cost in costs.items()}
        for index, variable in getattr(year, family).items():
            name, last = index if isinstance(index, str) else index[0], 0 if isinstance(index, str) else index[-1]
            if name in numbers:
                found.setdefault(item_of(inputs, family, name), []).append((numbers[name][last], variable))
    return {key: weighted(terms) for key, terms in found.items()}


def item_of(inputs: Inputs, family: str, name: str) -> tuple[str, str]:
    """Item and name that a cost of the hours stands under: a charge under a scheme has the name of its supply or connection, one on
    the highest import of the year is a demand charge."""
    supplies = inputs.supplies
    is_of_year = family == "contracted" and supplies.charge_of[name] != name
    return ITEMS["peak" if is_of_year else family], supplies.payer.get(name, name)


def account_cost(year: Block, inputs: Inputs, y: int) -> Terms:
    r"""What is paid in the year for emissions, certificates and credits.

    .. math::
        \sum_s \pi^{CO2}_s E_s + \sum_c \pi_c g_c + \sum_o \pi_o o_o + \sum_s \pi_s f_s

    E  emissions as the accounting counts them   t (s)     g  certified   MWh (c)     o  credits   t (o)
    f  shortfall   MWh (s), at the energy price of the year, without tariff and profile
    """
    terms, supplies = _carbon(year, inputs, y), inputs.supplies
    for c in year.certified:
        terms["certificates", c] = weighted([(supplies.certificate_price[c, y], year.certified[c])])
    for s in year.shortfall:
        terms["shortfall", s] = weighted([(supplies.price.get((s, y), 0.0), year.shortfall[s])])
    for o in year.credits:
        terms["offsets", o] = weighted([(inputs.offsets.price[o, y], year.credits[o])])
    return terms


def unit_costs(inputs: Inputs, y: int) -> dict[str, dict[str, np.ndarray]]:
    """What one more of each variable of the hours costs in the year: family -> name -> money, by the last index.

    That is the snapshot; of `peak` the billing month; `contracted` has none.
    """
    inputs = inputs.at(y)
    supplies, weight, paid_share = inputs.supplies, inputs.calendar.weight, inputs.contracts.paid_share
    times = np.array([times for times, _ in inputs.calendar.billing])
    of_hours = {
        "activity": inputs.conversion.variable_cost,
        "discharge": inputs.storage.variable_cost,
        "captured": inputs.captures.variable_cost,
        "flow": inputs.network.variable_cost,
        "start": inputs.commitment.start_cost,
        "moved": inputs.flexibility.cost,
        "shed": inputs.flexibility.shed_price,
    }
    return {
        "imports": {s: paid_share(s) * weight * supplies.hourly_price(s, y, "energy", len(weight)) for s in supplies.importers},
        "exports": {s: -weight * supplies.hourly_price(s, y, "export", len(weight)) for s in supplies.exporters},
        "peak": {s: times * charge for (s, when), charge in supplies.demand_charge.items() if when == y},
        "contracted": {s: np.array([12 * charge]) for (s, when), charge in supplies.capacity_charge.items() if when == y}
        | {s: np.array([charge]) for (s, when), charge in supplies.year_charge.items() if when == y},
        **{family: {k: weight * cost for (k, when), cost in own.items() if when == y} for family, own in of_hours.items()},
    }


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
            emitted = [(factor[s, y], emitting_imports(year, inputs, s, inputs.carbon.accounting))]
            if market and supplies.scope[s] == 2:
                emitted += [(-factor[s, y], year.certified[c]) for c in year.certified if supplies.certificate_supply[c] == s]
            terms["carbon", s] = weighted((price * a, v) for a, v in emitted)
    return terms
