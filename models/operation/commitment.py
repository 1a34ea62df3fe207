"""Commitment: plants run with a part of their capacity on, start and stop parts of it, and change within a ramp.

Linear: a part may be of any size, so that a plant of many like units is exact and a single unit is approximated.
"""

from __future__ import annotations

from typing import Any

from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import Inputs
from models.inputs.calendar import HOURS_OF_YEAR
from models.linear import weighted
from models.operation.capture import activity_terms, present_pairs
from models.operation.links import Links


def add_commitment(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""What is on in every hour, what starts and stops, and how fast the activity changes.

    .. math::
        \ell_k o_{k,t} \le a_{k,t} \le o_{k,t} \le C_k, \qquad o_{k,t} - o_{k,t^-} = u_{k,t} - v_{k,t}
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
    o  online     MW, t/h (k,t)     v  stop    MW, t/h (k,t)     ℓ  min_load   1   (k)
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

    @rows(year, plants, snapshots, doc="no more is on than stands [MW, t/h]")
    def online_limit(year, k, t):
        return year.online[k, t] <= links.capacity[k]

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
