"""Equipment: what converters, links, capture plants and stores do in every hour.

Every converter has one activity; each port carries a ratio of it, which may differ from hour to hour and is the same at part load.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pyomo.core import Block, NonNegativeReals, Reals

from models.inputs import Inputs
from models.inputs.calendar import HOURS_OF_YEAR
from models.linear import rows, variables, weighted
from models.operation.links import Given, Links


def add_conversion(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""Activity between the minimum load and what the capacity and the weather allow.

    .. math::
        \underline{\ell}_k \delta_{k,t} C_k \le a_{k,t} \le \alpha_{k,t} C_k

    for k in CONVERTERS, t in SNAPSHOTS in which k can run.

    a  activity       MW (k,t)     C  capacity, a link   MW (k)
    α  availability   1  (k,t)     ℓ  min_load           1  (k), without a profile only
    δ  derating       1  (k,t), then α without a profile
    """
    conversion, snapshots = inputs.conversion, inputs.calendar.snapshots
    present = set(inputs.capacity.present[y])
    converters = [k for k in conversion.converters if k in present]
    active = [(k, t) for k in converters for t in conversion.active(k, snapshots)]
    loaded = [(k, t) for k in converters if k in conversion.min_load for t in snapshots]
    most = {k: availability(inputs, k) for k in converters}

    year.activity = variables(active, within=NonNegativeReals, doc="activity of each converter [MW]")

    @rows(year, active, doc="no more activity than capacity and weather allow [MW]")
    def activity_limit(year, k, t):
        return year.activity[k, t] <= most[k][t] * links.capacity[k]

    @rows(year, loaded, doc="no less activity than the minimum load [MW]")
    def least_activity(year, k, t):
        return year.activity[k, t] >= conversion.min_load[k] * most[k][t] * links.capacity[k]


def availability(inputs: Inputs, k: str) -> list[float]:
    """Most activity per capacity in each hour."""
    given = inputs.conversion.availability.get(k)
    return [1.0] * len(inputs.calendar.snapshots) if given is None else given.tolist()


# --- networks ----------------------------------------------------------------------------------------------------------------
# Transport only: voltage, pressure and temperature are not modelled, nor is the time that heat takes.


def add_network(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""The flow sent along each arc.

    .. math::
        0 \le f_{a,t} \le C_{l(a)}

    for a in ARCS, t in SNAPSHOTS; the one capacity holds for each direction.

    f  flow   MW (a,t)     C  capacity, a link   MW (l)
    """
    arcs, snapshots = present_arcs(inputs, y), list(inputs.calendar.snapshots)

    year.flow = variables(arcs, snapshots, within=NonNegativeReals, doc="power sent along an arc [MW]")

    @rows(year, arcs, snapshots, doc="no more is sent than the link can carry [MW]")
    def flow_limit(year, name, zone, t):
        return year.flow[name, zone, t] <= links.capacity[name]


def present_arcs(inputs: Inputs, y: int) -> list[tuple[str, str]]:
    """Arcs of links that can have capacity in the year."""
    present = set(inputs.capacity.present[y])
    return [a for a in inputs.network.arcs if a[0] in present]


# --- capture -----------------------------------------------------------------------------------------------------------------
# All that is captured leaves through the co2 balance and is stored; leaks of transport and storage are not modelled.


def add_capture(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""CO2 captured of each source, within the plant's capacity and the source's flow.

    .. math::
        \sum_q c_{k,q,t} \le C_k \qquad \sum_k c_{k,q,t} / \rho_{k,q} \le F_{q,t} \qquad
        \Gamma_{k,q} = \sum_t w_t c_{k,q,t}

    for k in CAPTURE PLANTS, q in SOURCES, t in SNAPSHOTS. The flow F of a technology is its activity times the CO2 of
    its fuel in that hour, that of a process is even over the year, the air has no limit.

    c  captured         t/h (k,q,t)     C  capacity, a link   t/h (k)       F  flow of CO2   t/h (q,t)
    Γ  captured_total   t   (k,q)       ρ  rate               1   (k,q)
    """
    captures, snapshots = inputs.captures, list(inputs.calendar.snapshots)
    weight = inputs.calendar.weight.tolist()
    pairs = present_pairs(inputs, y)
    plants = list(dict.fromkeys(k for k, _ in pairs))
    bounded = list(dict.fromkeys(q for _, q in pairs if (q, y) in captures.fuel_co2 or (q, y) in captures.process_co2))
    co2 = {q: np.broadcast_to(captures.co2(q, y), len(snapshots)).tolist() for q in bounded if (q, y) in captures.fuel_co2}
    of_plant = {k: [q for p, q in pairs if p == k] for k in plants}

    year.captured = variables(pairs, snapshots, within=NonNegativeReals, doc="CO2 captured of a source [t/h]")
    year.captured_total = variables(pairs, within=NonNegativeReals, doc="CO2 captured of a source in the year [t]")

    @rows(year, plants, snapshots, doc="no more is captured than the plant can take [t/h]")
    def capture_limit(year, k, t):
        return weighted((1.0, year.captured[k, q, t]) for q in of_plant[k]) <= links.capacity[k]

    @rows(year, bounded, snapshots, doc="no more is captured than the source gives off [t/h]")
    def source_limit(year, q, t):
        """What is captured over the capture rate ≤ CO2 of the process, or of the fuels burnt (t/h, source, t)."""
        taken = [(1 / captures.rate[k, p], year.captured[k, p, t]) for k, p in pairs if p == q]
        if (q, y) in captures.process_co2:
            return weighted(taken) <= (links.process[q] if q in links.process else captures.process_co2[q, y])
        burnt = [(-co2[q][t] * a, v) for a, v in activity_terms(year, inputs, y, q, t)]
        return weighted(taken + burnt) <= 0

    @rows(year, pairs, doc="CO2 captured in the year [t]")
    def capture_total(year, k, q):
        hourly = [(weight[t], year.captured[k, q, t]) for t in snapshots]
        return weighted([*hourly, (-1.0, year.captured_total[k, q])]) == 0


def present_pairs(inputs: Inputs, y: int) -> list[tuple[str, str]]:
    """Plants and sources that can both be there in the year."""
    captures, present = inputs.captures, set(inputs.capacity.present[y])
    return [(k, q) for k, q in captures.pairs if k in present and (q in present or (q, y) not in captures.fuel_co2)]


def activity_terms(year: Block, inputs: Inputs, y: int, k: str, t: int) -> list[tuple[float, Any]]:
    """The activity of a converter or a capture plant in an hour, as terms of a sum."""
    if k in inputs.conversion.zone:
        return [(1.0, year.activity[k, t])] if (k, t) in year.activity else []
    return [(1.0, year.captured[p, q, t]) for p, q in present_pairs(inputs, y) if p == k]


# --- commitment --------------------------------------------------------------------------------------------------------------
# Linear: a part may be of any size, so that a plant of many like units is exact and a single unit is approximated.


def add_commitment(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""What is on in every hour, what starts and stops, and how fast the activity changes.

    .. math::
        \ell_k o_{k,t} \le a_{k,t} \le o_{k,t} \le \delta_{k,t} C_k, \qquad o_{k,t} - o_{k,t^-} = u_{k,t} - v_{k,t}
    .. math::
        a_{k,t} - a_{k,t^-} \le \rho_k (o_{k,t} - u_{k,t}) + m_k u_{k,t} - \ell_k v_{k,t}
    .. math::
        a_{k,t^-} - a_{k,t} \le \rho_k (o_{k,t} - u_{k,t}) + m_k v_{k,t} - \ell_k u_{k,t}, \qquad m_k = \max(\ell_k, \rho_k)

    for k in COMMITTED PLANTS, t in SNAPSHOTS; t^- is the hour before t in its own day, or in the year. The last two rows stand
    where there is a ramp below 1; one of 1 or more holds nothing back that what is on does not. Starts stand where they cost
    something or there is a ramp, stops where there is a ramp; without them the step is :math:`o_{k,t} - o_{k,t^-} \le u_{k,t}`.
    No more starts than is on, and no more stops than was: :math:`u_{k,t} \le o_{k,t}` says both, since what stops is what starts
    beyond the step. It is a row where something flows in as a plant starts, which a price below 0 may pay for; elsewhere to start
    and stop more than the step asks for costs, and holds the ramp back. What flows in beside the activity, of what is on and as it
    starts, is in the balance. Of a capture plant a is all that it captures. After Carrión and Arroyo (2006), with fractions for the
    binaries.

    a  activity   MW, t/h (k,t)     u  start   MW, t/h (k,t)     ρ  ramp       1/h (k)     C  capacity, a link   MW, t/h (k)
    o  online     MW, t/h (k,t)     v  stop    MW, t/h (k,t)     ℓ  min_load   1   (k)     δ  derating   1 (k,t)
    """
    commitment, snapshots = inputs.commitment, list(inputs.calendar.snapshots)
    before = inputs.calendar.before.tolist()
    plants = [k for k in commitment.plants if k in inputs.capacity.present[y]]
    loaded = [k for k in plants if k in commitment.min_load]
    ramped = [k for k in plants if commitment.ramp.get(k, 1.0) < 1]
    starting = [k for k in plants if k in ramped or k in commitment.starting or k in {p for p, _ in commitment.start_cost}]

    year.online = variables(plants, snapshots, within=NonNegativeReals, doc="capacity that is on [MW, t/h]")
    year.start = variables(starting, snapshots, within=NonNegativeReals, doc="capacity that is started [MW, t/h]")
    year.stop = variables(ramped, snapshots, within=NonNegativeReals, doc="capacity that is stopped [MW, t/h]")

    def activity(k: str, t: int, sign: float = 1.0) -> list[tuple[float, Any]]:
        return [(sign * a, v) for a, v in activity_terms(year, inputs, y, k, t)]

    most = {k: availability(inputs, k) for k in plants}

    @rows(year, plants, snapshots, doc="no more is on than stands [MW, t/h]")
    def online_limit(year, k, t):
        return year.online[k, t] <= most[k][t] * links.capacity[k]

    @rows(year, plants, snapshots, doc="no more activity than what is on allows [MW, t/h]")
    def running_limit(year, k, t):
        return weighted([*activity(k, t), (-1.0, year.online[k, t])]) <= 0

    @rows(year, loaded, snapshots, doc="no less activity than the minimum load of what is on [MW, t/h]")
    def running_least(year, k, t):
        return weighted([*activity(k, t), (-commitment.min_load[k], year.online[k, t])]) >= 0

    @rows(year, starting, snapshots, doc="what is on follows from the hour before [MW, t/h]")
    def online_step(year, k, t):
        step = [(1.0, year.online[k, t]), (-1.0, year.online[k, before[t]]), (-1.0, year.start[k, t])]
        return weighted([*step, (1.0, year.stop[k, t])]) == 0 if k in ramped else weighted(step) <= 0

    @rows(year, [k for k in plants if k in commitment.starting], snapshots, doc="no more starts than is on [MW, t/h]")
    def start_limit(year, k, t):
        return weighted([(1.0, year.start[k, t]), (-1.0, year.online[k, t])]) <= 0

    def change(k: str, t: int, sign: float) -> Any:
        """What must be ≤ 0: the change of activity from the hour before in the direction `sign` (1 up, -1 down), less what ramps,
        starts and stops allow (MW or t/h).
        """
        ramp, least = commitment.ramp[k], commitment.min_load.get(k, 0.0)
        begun, ended = (year.start, year.stop) if sign > 0 else (year.stop, year.start)
        allowed = [(-ramp, year.online[k, t]), (ramp, year.start[k, t])]
        moved = [(-max(least, ramp), begun[k, t]), (least, ended[k, t])]
        return weighted([*activity(k, t, sign), *activity(k, before[t], -sign), *allowed, *moved])

    @rows(year, ramped, snapshots, doc="no faster up than what is on and what starts allow [MW, t/h]")
    def ramp_up(year, k, t):
        return change(k, t, 1.0) <= 0

    @rows(year, ramped, snapshots, doc="no faster down than what is on and what stops allow [MW, t/h]")
    def ramp_down(year, k, t):
        return change(k, t, -1.0) <= 0


def add_work(year: Block, inputs: Inputs, y: int) -> None:
    r"""What outages hold back, summed over the year: what is on of a committed plant, the activity of any other.

    .. math::
        A_k = \sum_t w_t o_{k,t} \qquad \text{or} \qquad A_k = \sum_t w_t a_{k,t}

    for k in PLANTS with an outage; of a capture plant that is not committed the sums by source tell it, `captured_total`.

    A  worked   MWh, t (k)     o  online   MW, t/h (k,t)     a  activity   MW (k,t)     w  weight   h (t)
    """
    weight, snapshots = inputs.calendar.weight.tolist(), list(inputs.calendar.snapshots)
    plants, committed = working(inputs, y), set(inputs.commitment.plants)
    year.worked = variables(plants, within=NonNegativeReals, doc="what is on, or the activity, of the year [MWh, t]")

    @rows(year, plants, doc="what is on, or the activity, of the year [MWh, t]")
    def worked_total(year, k):
        hourly = year.online if k in committed else year.activity
        return weighted([*((weight[t], hourly[k, t]) for t in snapshots), (-1.0, year.worked[k])]) == 0


def working(inputs: Inputs, y: int) -> list[str]:
    """Plants that can stand in the year and have an outage: converters, and capture plants that are committed."""
    summed = {*inputs.conversion.zone, *inputs.commitment.plants}
    return [k for k in inputs.commitment.outage if k in summed and k in inputs.capacity.present[y]]


def add_unavailability(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""A plant is on no longer in the year than the hours in which it is available allow.

    .. math::
        A_k \le (1 - \omega_k)\, 8760\, C_k

    for k in PLANTS with an outage. When a plant is not available is the plan's choice: the row is that of a stop in the hours
    in which it is worth least, and of any smaller plant all year. What is on and idles is not out for revision: of a committed
    plant all that is on counts, of any other its activity.

    A  worked, of a capture plant that is not committed captured_total   MWh, t (k)
    C  capacity, a link   MW, t/h (k)     ω  outage   1 (k)
    """
    outage, pairs = inputs.commitment.outage, present_pairs(inputs, y)
    plants = [k for k in outage if k in inputs.capacity.present[y]]

    @rows(year, plants, doc="no more work than the hours in which it is available allow [MWh, t]")
    def outage_limit(year, k):
        done = [(1.0, year.worked[k])] if k in year.worked else [(1.0, year.captured_total[p, q]) for p, q in pairs if p == k]
        return weighted(done) <= (1 - outage[k]) * HOURS_OF_YEAR * links.capacity[k]


def add_run(year: Block, inputs: Inputs, y: int) -> None:
    r"""What a converter whose full-load hours are bounded does in the year, and what a store of so many cycles gives off.

    .. math::
        R_k = \sum_t w_t a_{k,t}, \qquad R_s = \sum_t w_t d_{s,t}

    for k in CONVERTERS with min_hours or max_hours, s in STORES with max_cycles; of a capture plant the sums by source tell it,
    `captured_total`.

    R  ran   MWh (k,s)     a  activity   MW (k,t)     d  discharge   MW (s,t)     w  weight   h (t)
    """
    weight, stores = inputs.calendar.weight.tolist(), inputs.storage.cycles
    plants = running(inputs, y)
    year.ran = variables(plants, within=NonNegativeReals, doc="activity, or discharge, of the year [MWh]")

    @rows(year, plants, doc="activity, or discharge, of the year [MWh]")
    def ran_total(year, k):
        hourly = year.discharge if k in stores else year.activity
        active = inputs.calendar.snapshots if k in stores else inputs.conversion.active(k, inputs.calendar.snapshots)
        return weighted([*((weight[t], hourly[k, t]) for t in active), (-1.0, year.ran[k])]) == 0


def running(inputs: Inputs, y: int) -> list[str]:
    """Converters and stores that can stand in the year and whose full-load hours, or cycles, are bounded."""
    hours, own = inputs.commitment, {*inputs.conversion.zone, *inputs.storage.cycles}
    bounded = dict.fromkeys([*hours.min_hours, *hours.max_hours, *inputs.storage.cycles])
    return [k for k in bounded if k in own and k in inputs.capacity.present[y]]


def add_full_load_hours(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""What a plant does in the year lies between its least and its most full-load hours, what a store gives off within its cycles.

    .. math::
        \underline{h}_k\, C_k \le R_k \le \overline{h}_k\, C_k, \qquad R_s \le n_s C_s

    for k in PLANTS and s in STORES with such a bound. As an annual utilisation factor with a lower and an upper bound: what does
    not stand need not run, so the rows hold in every plan. A least in MWh a year is that of the capacity that must stand,
    `min_capacity`.

    R  ran, of a capture plant captured_total   MWh, t (k)     n  max_cycles             1 (s)
    C  capacity, a link   MW, t/h, MWh (k,s)                   h  min_hours, max_hours   h (k)
    """
    commitment, pairs = inputs.commitment, present_pairs(inputs, y)
    standing = set(year.ran) | {k for k, _ in pairs}

    def done(k: str) -> list[tuple[float, Any]]:
        return [(1.0, year.ran[k])] if k in year.ran else [(1.0, year.captured_total[p, q]) for p, q in pairs if p == k]

    @rows(year, [k for k in commitment.min_hours if k in standing], doc="no fewer full-load hours [MWh, t]")
    def hours_least(year, k):
        return weighted([*done(k), (-commitment.min_hours[k], links.capacity[k])]) >= 0

    @rows(year, [k for k in commitment.max_hours if k in standing], doc="no more full-load hours [MWh, t]")
    def hours_most(year, k):
        return weighted([*done(k), (-commitment.max_hours[k], links.capacity[k])]) <= 0

    @rows(year, [s for s in inputs.storage.cycles if s in standing], doc="no more cycles [MWh]")
    def cycles_most(year, s):
        return weighted([(1.0, year.ran[s]), (-inputs.storage.cycles[s], links.capacity[s])]) <= 0


# --- storage -----------------------------------------------------------------------------------------------------------------
# A typical day ends as it began; in hourly mode the year does. Nothing is lost at rest beyond the standing loss; wear is not
# modelled. What flows in of itself is held or spilled. A seasonal store on typical days carries energy over the calendar instead.


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


# --- seasonal storage --------------------------------------------------------------------------------------------------------
# Each calendar day repeats the charging of its typical day on top of what the day began with. The bounds are exact: what a day
# began with enters every hour with a factor above 0, so only the fullest and the emptiest day of each typical day can bind.


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
