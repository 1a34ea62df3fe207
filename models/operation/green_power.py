"""Green power of a year: what converters make, what green plants could generate, what is low-carbon."""

from __future__ import annotations

from typing import Any

from pyomo.core import Block, Reals

from models.components import rows, variables
from models.inputs import Inputs
from models.linear import weighted
from models.operation.links import Links

Sum = tuple[list[tuple[float, Any]], float]


def available(year: Block, inputs: Inputs, y: int, links: Links) -> dict[str, Sum]:
    r"""What green plants could generate, and what becomes of it.

    .. math::
        available = \sum_{k} C_k \sum_t w_t \alpha_{k,t} r_{k,e,t} + \sum_s c_s \sum_t w_t \gamma_{s,t}, \quad
        generated = G_{varying} + \sum_s M_s, \quad exported = X_e

    for k in GREEN TECHNOLOGIES with a profile and electricity going out, s in DIRECT GREEN CONTRACTS.

    C  capacity, a link   MW (k)     α  availability   1 (k,t)     c  contract, a link   MW (s)     γ  shape   1 (s,t)
    """
    supplies, conversion, calendar = inputs.supplies, inputs.conversion, inputs.calendar
    present = set(inputs.capacity.present[y])
    could = [
        (calendar.total(conversion.availability[k] * conversion.net(k, "electricity", out_only=True)), links.capacity[k])
        for k in converted_groups(inputs)["varying"]
        if k in present
    ]
    direct = [s for s in direct_green(inputs) if s in links.contract]
    could += [(calendar.total(inputs.contracts.shape[s]), links.contract[s]) for s in direct]
    imported = [(1.0, year.imported[s]) for s in direct]
    exported = [(1.0, year.exported[s]) for s in supplies.exporters if supplies.carrier[s] == "electricity"]
    return {
        "available": (could, 0.0),
        "generated": ([(1.0, year.converted["varying"]), *imported], 0.0),
        "exported": (exported, 0.0),
        "self_used": ([(1.0, year.figure["generated"]), (-1.0, year.figure["exported"])], 0.0),
        "curtailed": ([(1.0, year.figure["available"]), (-1.0, year.figure["generated"])], 0.0),
        "own_supply": ([(1.0, year.figure["direct_green"]), *imported], 0.0),
    }


def low_carbon(year: Block, inputs: Inputs) -> dict[str, Sum]:
    r"""Electricity of plants without emissions that is used, contracted or certified.

    .. math::
        low = G - X_e + \sum_{s: \kappa_s = 1} M_s + \sum_{c: \kappa_{s(c)} < 1} g_c

    for s, s(c) in SUPPLIES of electricity; certificates for a supply that is all green count once.

    G  electricity of green technologies   MWh     X, M  exported, imported   MWh     κ  green_share   1 (s)
    g  certified                           MWh (c)
    """
    supplies = inputs.supplies
    green = {s for s in supplies.supplies if supplies.carrier[s] == "electricity" and supplies.green_share[s] == 1}
    bought = [(1.0, year.imported[s]) for s in supplies.importers if s in green]
    twice = [(-1.0, year.certified[c]) for c in year.certified if supplies.certificate_supply[c] in green]
    both = [(1.0, year.figure[name]) for name in ("direct_green", "certified_electricity")]
    return {"low_carbon": ([*both, *bought, *twice], 0.0)}


def direct_green(inputs: Inputs) -> list[str]:
    """As-generated contracts of green electricity that come by a line of their own."""
    supplies, contracts = inputs.supplies, inputs.contracts
    return [
        s for s in contracts.most if s in contracts.direct and supplies.carrier[s] == "electricity" and supplies.green_share[s] == 1
    ]


def converted_groups(inputs: Inputs) -> dict[str, set[str]]:
    """Converters whose electricity is summed over the year, by the name of the sum; `varying` where a rule asks for it."""
    conversion = inputs.conversion
    groups = {"all": set(conversion.converters), "green": set(conversion.green)}
    if inputs.carbon.counts_available:
        out = {k for k in conversion.converters for port in conversion.ports[k] if port.carrier == "electricity" and port.ratio > 0}
        groups["varying"] = {k for k in conversion.green if k in conversion.availability and k in out}
    return groups


def add_converted_electricity(year: Block, inputs: Inputs) -> None:
    r"""Electricity that converters make in the year: all of it, and that of green technologies.

    .. math::
        G_n = \sum_{k \in n} \sum_t w_t\, r_{k,e,t}\, a_{k,t}

    for n in (all, green).

    G  converted   MWh (n)     r  ratio of the electricity port   MWh/MWh (k,t)     a  activity   MW (k,t)
    """
    conversion, weight = inputs.conversion, inputs.calendar.weight
    made = {k: (weight * conversion.net(k, "electricity", out_only=True)).tolist() for k in conversion.converters}
    groups = converted_groups(inputs)

    year.converted = variables(list(groups), within=Reals, doc="electricity of converters [MWh]")

    @rows(year, list(groups), doc="electricity that converters make in the year [MWh]")
    def converted_total(year, group):
        hourly = [(made[k][t], year.activity[k, t]) for k, t in year.activity if k in groups[group]]
        return weighted([*hourly, (-1.0, year.converted[group])]) == 0
