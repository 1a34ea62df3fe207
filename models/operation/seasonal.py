"""Seasonal storage on typical days: energy carried from day to day over the calendar.

Each calendar day repeats the charging of its typical day on top of what the day began with. The bounds are exact: what
a day began with enters every hour with a factor above 0, so only the fullest and the emptiest day of each typical day
can bind.
"""

from __future__ import annotations

import numpy as np
from pyomo.core import Block, NonNegativeReals, Reals

from models.components import rows, variables
from models.inputs import Inputs
from models.operation.links import Links
from models.operation.storage import flows_in, is_seasonal, present_stores


def add_seasonal_storage(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""The state at the start of every calendar day, and its bounds within the day.

    .. math::
        r_{s,t} = (1-\delta_s)\, r_{s,t^-} + \eta^+_s c_{s,t} - d_{s,t}/\eta^-_s, \qquad r = 0 \text{ before the day}
    .. math::
        S_{s,i+1} = (1-\delta_s)^{24} S_{s,i} + r_{s,\text{end of } j(i)}, \qquad S_{s,366} = S_{s,1}
    .. math::
        (1-\delta_s)^{h+1} \overline{S}_{s,j} + r_{s,t} \le E_s, \qquad
        (1-\delta_s)^{h+1} \underline{S}_{s,j} + r_{s,t} \ge \underline{\lambda}_s E_s, \qquad
        \underline{S}_{s,j(i)} \le S_{s,i} \le \overline{S}_{s,j(i)}

    for s in SEASONAL STORES, i calendar days, j(i) the typical day of i, t = (j, h) its hours. With an inflow r is at most what
    follows from it, see `storage`; what is spilled is so on each day of its kind. With an initial level
    :math:`S_{s,1} = \lambda_s E_s`.

    r  gained, held beyond what the day began with      MWh (s,t)     S  at_start               MWh (s,i)
    E  capacity, a link                                 MWh (s)       S̄, S̲  fullest, emptiest   MWh (s,j)
    λ, λ̲  initial, least level                          1   (s)
    """
    storage, of_day = inputs.storage, inputs.calendar.of_day
    stores = [s for s in present_stores(inputs, y) if is_seasonal(inputs, s)]
    snapshots, calendar = list(inputs.calendar.snapshots), range(len(of_day))
    typical = sorted(set(of_day.tolist()))
    kept = {s: np.power(1 - storage.standing_loss[s], np.arange(1, 25)).tolist() for s in stores}

    year.gained = variables(stores, snapshots, within=Reals, doc="energy held beyond what the day began with [MWh]")
    year.at_start = variables(stores, calendar, within=NonNegativeReals, doc="energy held as a calendar day begins [MWh]")
    year.fullest = variables(stores, typical, within=NonNegativeReals, doc="most that such a day begins with [MWh]")
    year.emptiest = variables(stores, typical, within=NonNegativeReals, doc="least that such a day begins with [MWh]")

    @rows(year, stores, snapshots, doc="what a day gains follows from the hour before [MWh]")
    def day_gain(year, s, t):
        before = (1 - storage.standing_loss[s]) * year.gained[s, t - 1] if t % 24 else 0.0
        gained = storage.charge_efficiency[s] * year.charge[s, t]
        found = before + gained - year.discharge[s, t] / storage.discharge_efficiency[s]
        if s in storage.inflow:
            return year.gained[s, t] - found <= flows_in(inputs, links, s, t)
        return year.gained[s, t] == found

    @rows(year, stores, calendar, doc="a calendar day begins as the day before it ended [MWh]")
    def calendar_chain(year, s, i):
        end = int(of_day[i]) * 24 + 23
        following = (i + 1) % len(of_day)
        return year.at_start[s, following] == kept[s][23] * year.at_start[s, i] + year.gained[s, end]

    @rows(year, stores, calendar, doc="the fullest day of its kind [MWh]")
    def fullest_day(year, s, i):
        return year.at_start[s, i] <= year.fullest[s, int(of_day[i])]

    @rows(year, stores, calendar, doc="the emptiest day of its kind [MWh]")
    def emptiest_day(year, s, i):
        return year.at_start[s, i] >= year.emptiest[s, int(of_day[i])]

    @rows(year, stores, snapshots, doc="no more is held than was built, on the fullest day [MWh]")
    def seasonal_held_limit(year, s, t):
        return kept[s][t % 24] * year.fullest[s, t // 24] + year.gained[s, t] <= links.capacity[s]

    @rows(year, stores, snapshots, doc="the energy held is at least 0 or the least level, on the emptiest day [MWh]")
    def seasonal_held_least(year, s, t):
        held = kept[s][t % 24] * year.emptiest[s, t // 24] + year.gained[s, t]
        return held >= storage.least[s] * links.capacity[s] if s in storage.least else held >= 0

    @rows(year, [(s, 0) for s in stores if s in storage.initial], doc="the year begins at the initial level [MWh]")
    def seasonal_start(year, s, i):
        return year.at_start[s, i] == storage.initial[s] * links.capacity[s]
