"""Levels: what stores must keep is lost in part, and some power must stand to make up for it."""

from __future__ import annotations

from pyomo.core import Block

from models.components import rows
from models.inputs import Inputs
from models.linear import weighted


def add_levels(model: Block, inputs: Inputs) -> None:
    r"""Power that keeps a level, for each group g of stores with the same power apart, in each year.

    .. math::
        \sum_{s \in g} \frac{\delta_s \lambda_s}{\eta^+_s} E_{s,y} \le \sum_{k} C_{k,y}

    λ is the greater of the least and the initial level. Held at it all year a store is charged with what it loses: where that is
    within the power, a year can be operated.

    E  capacity  MWh (s,y)     C  capacity of power  MW (k,y)     δ  standing_loss  1/h (s)     η⁺  charge_efficiency  1 (s)
    """
    storage, present = inputs.storage, inputs.capacity.present
    loses = {
        s: storage.standing_loss[s] * max(storage.least.get(s, 0.0), storage.initial.get(s, 0.0)) / storage.charge_efficiency[s]
        for s in storage.power
    }
    groups = {own: [s for s in loses if storage.power[s] == own and loses[s]] for own in dict.fromkeys(storage.power.values())}
    kept = {(own[0], y): (own, power) for power, own in groups.items() if own for y in inputs.years}

    @rows(model, [key for key in kept if set(kept[key][0]) & set(present[key[1]])], doc="power that makes up for losses [MW]")
    def level_power(model, s, y):
        own, power = kept[s, y]
        lost = [(loses[other], model.capacity[other, y]) for other in own if other in present[y]]
        return weighted([*lost, *((-1.0, model.capacity[k, y]) for k in power if k in present[y])]) <= 0
