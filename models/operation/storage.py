"""Storage: what each store holds at the end of every hour.

A typical day ends as it began; in hourly mode the year does. Nothing is lost at rest beyond the standing loss; wear is
not modelled. A seasonal store on typical days carries energy over the calendar instead: see `seasonal`.
"""

from __future__ import annotations

from pyomo.environ import Block, NonNegativeReals, Var

from models.inputs import Inputs
from models.linear import weighted
from models.operation.links import Links


def add_storage(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""Charging, discharging and the energy held of every store in one year.

    .. math::
        e_{s,t} = (1-\delta_s)\, e_{s,t^-} + \eta^+_s c_{s,t} - d_{s,t}/\eta^-_s
        \qquad e_{s,t} \le E_s \qquad c_{s,t} + d_{s,t} \le E_s / h_s

    for s in STORES, t in SNAPSHOTS; t^- is the hour before t in its own day, or in the year.

    e  held       MWh (s,t)     E  capacity, a link       MWh (s)     δ   standing_loss         1/h (s)
    c  charge     MW  (s,t)     h  full_power_hours       h   (s)     η⁺  charge_efficiency     1   (s)
    d  discharge  MW  (s,t)                                           η⁻  discharge_efficiency  1   (s)
    """
    storage, snapshots = inputs.storage, list(inputs.calendar.snapshots)
    before = inputs.calendar.before.tolist()
    stores = present_stores(inputs, y)
    chained = [s for s in stores if not is_seasonal(inputs, s)]

    year.charge = Var(stores, snapshots, within=NonNegativeReals, doc="power drawn to charge [MW]")
    year.discharge = Var(stores, snapshots, within=NonNegativeReals, doc="power delivered [MW]")
    year.held = Var(chained, snapshots, within=NonNegativeReals, doc="energy held at the end of the hour [MWh]")

    @year.Constraint(chained, snapshots, doc="what is held follows from the hour before [MWh]")
    def storage_balance(year, s, t):
        kept, gained = 1 - storage.standing_loss[s], storage.charge_efficiency[s]
        spent = 1 / storage.discharge_efficiency[s]
        came = weighted([(kept, year.held[s, before[t]]), (gained, year.charge[s, t]), (-spent, year.discharge[s, t])])
        return year.held[s, t] == came

    @year.Constraint(chained, snapshots, doc="no more is held than was built [MWh]")
    def held_limit(year, s, t):
        return year.held[s, t] <= links.capacity[s]

    @year.Constraint(stores, snapshots, doc="charging and discharging share one converter [MW]")
    def storage_power_limit(year, s, t):
        return year.charge[s, t] + year.discharge[s, t] <= links.capacity[s] / storage.full_power_hours[s]


def present_stores(inputs: Inputs, y: int) -> list[str]:
    """Stores that can have capacity in the year."""
    present = set(inputs.capacity.present[y])
    return [s for s in inputs.storage.stores if s in present]


def is_seasonal(inputs: Inputs, s: str) -> bool:
    """True if the store is chained over the calendar: only where days stand for others."""
    return inputs.calendar.has_typical_days and s in inputs.storage.seasonal
