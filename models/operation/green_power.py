"""Green power of a year: what converters make, what green plants could generate, what is low-carbon."""

from __future__ import annotations

from typing import Any

import numpy as np
from pyomo.core import Block, NonNegativeReals, Reals

from models.inputs import Inputs
from models.linear import rows, variables, weighted
from models.operation.equipment import is_seasonal, present_arcs, present_stores
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
    }


def own_power(year: Block, inputs: Inputs) -> dict[str, Sum]:
    r"""Electricity of plants without emissions that is used, contracted or certified; and what of it comes by the park's own lines.

    .. math::
        low = G - X_e + \sum_{s: \kappa_s = 1} M_s + \sum_{c: \kappa_{s(c)} < 1} g_c, \qquad
        own = G - X_e + \sum_{d} M_d

    for s, s(c) in SUPPLIES of electricity, d in DIRECT GREEN CONTRACTS; certificates for a supply that is all green count once.

    G  electricity of green technologies   MWh     X, M  exported, imported   MWh     κ  green_share   1 (s)
    g  certified                           MWh (c)
    """
    supplies = inputs.supplies
    green = {s for s in supplies.supplies if supplies.carrier[s] == "electricity" and supplies.green_share[s] == 1}
    bought = [(1.0, year.imported[s]) for s in supplies.importers if s in green]
    twice = [(-1.0, year.certified[c]) for c in year.certified if supplies.certificate_supply[c] in green]
    both = [(1.0, year.figure[name]) for name in ("direct_green", "certified_electricity")]
    direct = [(1.0, year.imported[s]) for s in direct_green(inputs) if s in supplies.importers]
    return {"low_carbon": ([*both, *bought, *twice], 0.0), "own_supply": ([both[0], *direct], 0.0)}


def direct_green(inputs: Inputs) -> list[str]:
    """As-generated contracts of green electricity that come by a line of their own."""
    return [s for s in green_contracts(inputs) if s in inputs.contracts.direct]


def converted_groups(inputs: Inputs) -> dict[str, set[str]]:
    """Converters whose electricity is summed over the year, by the name of the sum; `varying` where a rule asks for it."""
    conversion = inputs.conversion
    groups = {"all": set(conversion.converters), "green": set(conversion.green)}
    if inputs.carbon.counts_available:
        out = {k for k in conversion.converters for port in conversion.ports[k] if port.carrier == "electricity" and port.ratio > 0}
        groups["varying"] = set(conversion.green & conversion.by_profile & out)
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


# --- matching, where a rule asks for it --------------------------------------------------------------------------------------

ELECTRICITY = "electricity"
#: Sums over the year: what is matched, and what is used.
SUMS = ("matched", "use")


def add_matching(year: Block, inputs: Inputs, y: int) -> None:
    r"""Green power that is used in the hour in which it is there, in all zones together.

    .. math::
        M_t \le D_t, \qquad M_t + \sum_s c^g_{s,t} \le G_t + \sum_s d^g_{s,t}, \qquad
        D_t = \sum_k r_{k,t} a_{k,t} + m_t - x_t + \sum_s (d_{s,t} - c_{s,t}) - \sum_a \lambda_a f_{a,t}
    .. math::
        e^g_{s,t} = (1-\delta_s)\, e^g_{s,t^-} + \eta^+_s c^g_{s,t} - d^g_{s,t}/\eta^-_s, \qquad
        c^g \le c, \quad d^g \le d, \quad e^g \le e

    for s in STORES of electricity, k with an out port of it, t in SNAPSHOTS. Use D is, by the balance, demand and what flows into
    equipment. G is electricity of green technologies and imports of green contracts: as-generated ones with a green share of 1.
    Exports take nothing off. A seasonal store on typical days holds no green part.

    M  matched   MW (t)     D  use   MW (t)     e, c, d  held, charge, discharge   MWh, MW (s,t); with g their green part
    """
    snapshots, conversion = list(inputs.calendar.snapshots), inputs.conversion
    before, storage = inputs.calendar.before.tolist(), inputs.storage
    places = [ELECTRICITY] if inputs.carbon.matches_hours else []
    stores = green_stores(inputs, y) if places else []
    year.matched = variables(places, snapshots, within=NonNegativeReals, doc="use covered by green power of the hour [MW]")
    year.green_charge = variables(stores, snapshots, within=NonNegativeReals, doc="green power drawn to charge [MW]")
    year.green_discharge = variables(stores, snapshots, within=NonNegativeReals, doc="green power delivered [MW]")
    year.green_held = variables(stores, snapshots, within=NonNegativeReals, doc="green energy held at the end of the hour [MWh]")
    net = {k: conversion.net(k, ELECTRICITY, out_only=True) for k in conversion.converters}
    made = {k: np.broadcast_to(ratio, len(snapshots)).tolist() for k, ratio in net.items()}
    makers = {t: [k for k in made if (k, t) in year.activity and made[k][t]] for t in snapshots} if places else {}
    green = [s for s in green_contracts(inputs) if s in inputs.supplies.importers]
    others = _others(year, inputs, y) if places else []

    @rows(year, places, snapshots, doc="no more is matched than is used [MW]")
    def matched_limit(year, place, t):
        out = [(-made[k][t], year.activity[k, t]) for k in makers[t]]
        return weighted([(1.0, year.matched[place, t]), *out, *((-a, v[*index, t]) for a, v, index in others)]) <= 0

    @rows(year, places, snapshots, doc="what is matched is green power of the hour, or of a store [MW]")
    def green_limit(year, place, t):
        out = [(-made[k][t], year.activity[k, t]) for k in makers[t] if k in conversion.green]
        kept = [(a, v[s, t]) for s in stores for a, v in ((1.0, year.green_charge), (-1.0, year.green_discharge))]
        return weighted([(1.0, year.matched[place, t]), *out, *kept, *((-1.0, year.imports[s, t]) for s in green)]) <= 0

    @rows(year, stores, snapshots, doc="the green part that is held follows from the hour before [MWh]")
    def green_step(year, s, t):
        came = [(storage.standing_loss[s] - 1, year.green_held[s, before[t]])]
        came += [(-storage.charge_efficiency[s], year.green_charge[s, t])]
        gone = (1 / storage.discharge_efficiency[s], year.green_discharge[s, t])
        return weighted([(1.0, year.green_held[s, t]), *came, gone]) == 0

    @rows(year, stores, snapshots, doc="no more green power is charged than is charged [MW]")
    def green_charge_limit(year, s, t):
        return year.green_charge[s, t] <= year.charge[s, t]

    @rows(year, stores, snapshots, doc="no more green power is delivered than is delivered [MW]")
    def green_discharge_limit(year, s, t):
        return year.green_discharge[s, t] <= year.discharge[s, t]

    @rows(year, stores, snapshots, doc="no more green energy is held than is held [MWh]")
    def green_held_limit(year, s, t):
        return year.green_held[s, t] <= year.held[s, t]

    weight = inputs.calendar.weight.tolist()
    year.matching = variables(matching_sums(inputs), within=Reals, doc="electricity that is matched, and used [MWh]")

    @rows(year, matching_sums(inputs), doc="electricity of the year that is matched, or used [MWh]")
    def matching_total(year, name):
        """The sum over the year of what is matched in each hour, or of what is used (MWh, name)."""
        if name == "matched":
            hourly = [(weight[t], year.matched[ELECTRICITY, t]) for t in snapshots]
        else:
            hourly = [(weight[t] * made[k][t], year.activity[k, t]) for t in snapshots for k in makers[t]]
            hourly += [(weight[t] * a, v[*index, t]) for t in snapshots for a, v, index in others]
        return weighted([*hourly, (-1.0, year.matching[name])]) == 0


def matching_sums(inputs: Inputs) -> list[str]:
    """Names of the sums over the year; none where no rule asks for them."""
    return list(SUMS) if inputs.carbon.matches_hours else []


def green_stores(inputs: Inputs, y: int) -> list[str]:
    """Stores of electricity whose green part is followed."""
    return [s for s in present_stores(inputs, y) if inputs.storage.carrier[s] == ELECTRICITY and not is_seasonal(inputs, s)]


def green_contracts(inputs: Inputs) -> list[str]:
    """As-generated contracts of electricity that is all green."""
    supplies = inputs.supplies
    return [s for s in inputs.contracts.most if supplies.carrier[s] == ELECTRICITY and supplies.green_share[s] == 1]


def _others(year: Block, inputs: Inputs, y: int) -> list[tuple[float, Any, tuple]]:
    """What else gives electricity, less what takes it and is no use: factor, variable and index before the hour."""
    supplies, network = inputs.supplies, inputs.network
    electric = {s for s in supplies.supplies if supplies.carrier[s] == ELECTRICITY}
    found: list[tuple[float, Any, tuple]] = [(1.0, year.imports, (s,)) for s in supplies.importers if s in electric]
    found += [(-1.0, year.exports, (s,)) for s in supplies.exporters if s in electric]
    for s in (s for s in present_stores(inputs, y) if inputs.storage.carrier[s] == ELECTRICITY):
        found += [(1.0, year.discharge, (s,)), (-1.0, year.charge, (s,))]
    arcs = [a for a in present_arcs(inputs, y) if network.carrier[a] == ELECTRICITY and network.delivered[a] < 1]
    found += [(network.delivered[a] - 1, year.flow, a) for a in arcs]
    for k, q in year.captured_total:
        ratio = sum(p.ratio for p in inputs.captures.ports[k] if p.carrier == ELECTRICITY and p.ratio > 0)
        found += [(ratio, year.captured, (k, q))] if ratio else []
    return found
