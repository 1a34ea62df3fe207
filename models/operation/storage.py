"""Storage: what each store holds at the end of every hour.

A typical day ends as it began; in hourly mode the year does. Nothing is lost at rest beyond the standing loss; wear is
not modelled. What flows in of itself is held or spilled. A seasonal store on typical days carries energy over the
calendar instead: see `seasonal`.
"""

from __future__ import annotations

from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import Inputs
from models.linear import weighted
from models.operation.links import Given, Links


def add_storage(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""Charging, discharging and the energy held of every store in one year.

    .. math::
        e_{s,t} = (1-\delta_s)\, e_{s,t^-} + \eta^+_s c_{s,t} - d_{s,t}/\eta^-_s
        \qquad \underline{\lambda}_s E_s \le e_{s,t} \le E_s \qquad c_{s,t} + d_{s,t} \le E_s / h_s

    for s in STORES, t in SNAPSHOTS; t^- is the hour before t in its own day, or in the year. With an inflow

    .. math::
        e_{s,t} \le (1-\delta_s)\, e_{s,t^-} + \eta^+_s c_{s,t} - d_{s,t}/\eta^-_s + i_{s,t}

    and what is missing to equality is spilled. Where the power of stores is ordered apart, for each group g of stores with the
    same power :math:`\sum_{s \in g} (c_{s,t} + d_{s,t}) \le \sum_k C_k`. With an initial level
    :math:`e_{s,t} = \lambda_s E_s` in the last hour of the year, or of each typical day.

    e  held       MWh (s,t)     E  capacity, a link       MWh (s)     δ   standing_loss         1/h (s)
    c  charge     MW  (s,t)     h  full_power_hours       h   (s)     η⁺  charge_efficiency     1   (s)
    d  discharge  MW  (s,t)     C  capacity of power, a link  MW (k)  η⁻  discharge_efficiency  1   (s)
    i  inflow     MW  (s,t)     λ, λ̲  initial, least level  1 (s)
    """
    storage, snapshots = inputs.storage, list(inputs.calendar.snapshots)
    before = inputs.calendar.before.tolist()
    stores = present_stores(inputs, y)
    chained = [s for s in stores if not is_seasonal(inputs, s)]

    year.charge = variables(stores, snapshots, within=NonNegativeReals, doc="power drawn to charge [MW]")
    year.discharge = variables(stores, snapshots, within=NonNegativeReals, doc="power delivered [MW]")
    year.held = variables(chained, snapshots, within=NonNegativeReals, doc="energy held at the end of the hour [MWh]")

    @rows(year, chained, snapshots, doc="what is held follows from the hour before [MWh]")
    def storage_balance(year, s, t):
        kept, gained = 1 - storage.standing_loss[s], storage.charge_efficiency[s]
        spent = 1 / storage.discharge_efficiency[s]
        came = [(kept, year.held[s, before[t]]), (gained, year.charge[s, t]), (-spent, year.discharge[s, t])]
        if s in storage.inflow:
            return weighted([(1.0, year.held[s, t]), *((-a, v) for a, v in came)]) <= flows_in(inputs, links, s, t)
        return year.held[s, t] == weighted(came)

    @rows(year, chained, snapshots, doc="no more is held than was built [MWh]")
    def held_limit(year, s, t):
        return year.held[s, t] <= (storage.usable[s] * links.capacity[s] if s in storage.usable else links.capacity[s])

    @rows(year, [s for s in chained if s in storage.least], snapshots, doc="no less is held than the least level [MWh]")
    def held_least(year, s, t):
        return year.held[s, t] >= storage.least[s] * links.capacity[s]

    last = [t for t in snapshots if t == snapshots[-1] or before[t + 1] != t]

    begun = [s for s in chained if s in storage.initial]

    @rows(year, begun, last, doc="the year, or a typical day, ends at the initial level [MWh]")
    def held_at_end(year, s, t):
        return year.held[s, t] == storage.initial[s] * links.capacity[s]

    alone = [s for s in stores if s not in storage.power]

    @rows(year, alone, snapshots, doc="charging and discharging share one converter [MW]")
    def storage_power_limit(year, s, t):
        return year.charge[s, t] + year.discharge[s, t] <= links.capacity[s] / storage.full_power_hours[s]

    shared = {own: [s for s in stores if storage.power.get(s) == own] for own in dict.fromkeys(storage.power.values())}
    powered = {own[0]: (own, [k for k in power if k in links.capacity]) for power, own in shared.items() if own}

    @rows(year, list(powered), snapshots, doc="charging and discharging share the power that stands [MW]")
    def shared_power_limit(year, s, t):
        own, power = powered[s]
        used = [(1.0, v[other, t]) for other in own for v in (year.charge, year.discharge)]
        return weighted([*used, *((-1.0, links.capacity[k]) for k in power)]) <= 0


def flows_in(inputs: Inputs, links: Links, s: str, t: int) -> Given:
    """What flows into a store in an hour (MW)."""
    storage = inputs.storage
    return float(storage.inflow_shape[s][t]) * (links.inflow[s] if s in links.inflow else storage.inflow[s])


def present_stores(inputs: Inputs, y: int) -> list[str]:
    """Stores that can have capacity in the year."""
    present = set(inputs.capacity.present[y])
    return [s for s in inputs.storage.stores if s in present]


def is_seasonal(inputs: Inputs, s: str) -> bool:
    """True if the store is chained over the calendar: only where days stand for others."""
    return inputs.calendar.has_typical_days and s in inputs.storage.seasonal
