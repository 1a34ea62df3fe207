"""Demand: what moves, what is shed by agreement, and vehicles that are charged.

A typical day serves all that is asked on it; in hourly mode the year does. What moves is as good later or earlier, within its
hours; nothing is lost by moving. What is shed is not made up for.
"""

from __future__ import annotations

from pyomo.core import Block, NonNegativeReals, Reals

from models.inputs import Inputs
from models.inputs.calendar import HOURS_OF_YEAR
from models.linear import rows, variables, weighted
from models.operation.links import Links


def add_shifting(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""The movable part of a demand: asked in one hour, served in it or at most h hours before or after, first come first served.

    .. math::
        a_{u,t} = \sigma_u \pi_{u,t} D_u, \qquad q_{u,t} = q_{u,t^-} + v_{u,t} - a_{u,t}
    .. math::
        -\sum_{\tau = t-h_u+1}^{t} a_{u,\tau} \le q_{u,t} \le \sum_{\tau = t+1}^{t+h_u} a_{u,\tau}, \qquad
        v_{u,t} \le \rho_u \max_\tau a_{u,\tau}, \qquad m_{u,t} \ge v_{u,t} - a_{u,t}

    for u with a share that moves, t in SNAPSHOTS; t^- is the hour before t in its own day, or in the year, and hours before the
    first are the last ones. With A what is asked and S what is served up to and with an hour, q is S - A, and the bounds are
    :math:`A_{t-h} \le S_t \le A_{t+h}`: every way to serve all that is asked.

    v  served, of the movable part   MW (u,t)     D  demand, a link          MWh (u)     ρ  shift_power   1 (u), where it is stated
    q  ahead, below 0: still owed    MWh (u,t)    σ  shift_share             1 (u)       h  shift_hours   h (u)
    m  moved, where it costs         MW (u,t)     π  shape                   1/h (u,t)   a  asked         MW (u,t)
    """
    flexibility, snapshots = inputs.flexibility, list(inputs.calendar.snapshots)
    before, movable = inputs.calendar.before.tolist(), flexibility.movable(y)
    share = {u: flexibility.share[u, y] for u in movable}
    shapes = (inputs.demands.shape, flexibility.owed, flexibility.ahead)
    asked, owed, early = ({u: (share[u] * shape[u]).tolist() for u in movable} for shape in shapes)

    year.served = variables(movable, snapshots, within=NonNegativeReals, doc="movable demand that is served [MW]")
    year.ahead = variables(movable, snapshots, within=Reals, doc="served before it is asked, below 0 still owed [MWh]")
    year.moved = variables(
        [u for u in movable if (u, y) in flexibility.cost],
        snapshots,
        within=NonNegativeReals,
        doc="served in another hour than asked [MW]",
    )

    @rows(year, movable, snapshots, doc="what is ahead follows from the hour before [MWh]")
    def ahead_step(year, u, t):
        came = [(1.0, year.ahead[u, before[t]]), (1.0, year.served[u, t]), (-asked[u][t], links.demand[u])]
        return weighted([*came, (-1.0, year.ahead[u, t])]) == 0

    @rows(year, movable, snapshots, doc="no demand is served later than it may come [MWh]")
    def owed_limit(year, u, t):
        return weighted([(1.0, year.ahead[u, t]), (owed[u][t], links.demand[u])]) >= 0

    @rows(year, movable, snapshots, doc="no demand is served earlier than it may come [MWh]")
    def ahead_limit(year, u, t):
        return weighted([(1.0, year.ahead[u, t]), (-early[u][t], links.demand[u])]) <= 0

    @rows(year, [u for u in movable if (u, y) in flexibility.power], snapshots, doc="power of the movable part [MW]")
    def served_limit(year, u, t):
        """No more is served than the movable part can take (MW, u, t)."""
        most = flexibility.power[u, y] * share[u] * flexibility.highest[u]
        return weighted([(1.0, year.served[u, t]), (-most, links.demand[u])]) <= 0

    @rows(year, list(dict.fromkeys(u for u, _ in year.moved)), snapshots, doc="what is served beyond what is asked moved [MW]")
    def moved_least(year, u, t):
        return weighted([(1.0, year.moved[u, t]), (-1.0, year.served[u, t]), (asked[u][t], links.demand[u])]) >= 0


def add_shedding(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""What goes unserved by agreement, up to a share of each hour.

    .. math::
        x_{u,t} \le \zeta_u \pi_{u,t} D_u \qquad X_u = \sum_t w_t x_{u,t}

    for u with a share that may be shed, t in SNAPSHOTS.

    x  shed   MW (u,t)     ζ  shed_share   1 (u)     X  shed_energy   MWh (u), where its hours are limited     D  demand   MWh (u)
    """
    flexibility, snapshots = inputs.flexibility, list(inputs.calendar.snapshots)
    sheddable, weight = flexibility.sheddable(y), inputs.calendar.weight.tolist()
    most = {u: (flexibility.shed_share[u, y] * inputs.demands.shape[u]).tolist() for u in sheddable}
    year.shed = variables(sheddable, snapshots, within=NonNegativeReals, doc="demand that goes unserved by agreement [MW]")
    year.shed_energy = variables(limited_shedding(inputs, y), within=NonNegativeReals, doc="demand shed in the year [MWh]")

    @rows(year, sheddable, snapshots, doc="no more is shed than is agreed [MW]")
    def shed_limit(year, u, t):
        return weighted([(1.0, year.shed[u, t]), (-most[u][t], links.demand[u])]) <= 0

    @rows(year, limited_shedding(inputs, y), doc="demand shed in the year is the sum over its hours [MWh]")
    def shed_total(year, u):
        return weighted([*((weight[t], year.shed[u, t]) for t in snapshots), (-1.0, year.shed_energy[u])]) == 0


def add_shed_hours(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""No more is shed in the year than the agreed hours of the agreed share of the mean demand.

    .. math::
        X_u \le H_u \zeta_u D_u / 8760

    X  shed_energy   MWh (u)     H  shed_hours   h (u)     ζ  shed_share   1 (u)     D  demand, a link   MWh (u)
    """
    flexibility = inputs.flexibility

    @rows(year, limited_shedding(inputs, y), doc="no more is shed in the year than is agreed [MWh]")
    def shed_hours_limit(year, u):
        most = flexibility.shed_hours[u, y] * flexibility.shed_share[u, y] / HOURS_OF_YEAR
        return weighted([(1.0, year.shed_energy[u]), (-most, links.demand[u])]) <= 0


def limited_shedding(inputs: Inputs, y: int) -> list[str]:
    """End uses of which no more than some hours may be shed in the year."""
    return [u for u in inputs.flexibility.sheddable(y) if (u, y) in inputs.flexibility.shed_hours]


# --- vehicles ----------------------------------------------------------------------------------------------------------------
# The vehicles of a row of sessions.csv are one band. That is exact: they are alike, and no two sessions of a row overlap, since a
# stay is a day at most. On typical days a row is the mean of its days. Nothing flows back from a vehicle.


def add_vehicles(year: Block, inputs: Inputs, y: int, links: Links) -> None:
    r"""What vehicles are charged with in each hour, and how far that is behind charging them at once.

    .. math::
        b_{r,t} = b_{r,t^-} + a_{r,t} D_r - c_{r,t} \qquad 0 \le b_{r,t} \le \rho_{r,t} D_r \qquad
        0 \le c_{r,t} \le p_{r,t} D_r \qquad \sum_{r \in g} c_{r,t} = d_{g,t} \le C_g

    for r in rows of sessions.csv whose charging is decided, t in the hours in which vehicles of it are there; t^- is the hour
    before t in its own day, or in the year, and b is 0 where nobody is there. With E^early and E^late, what has been drawn
    where each is charged as early and as late as it can be, a is the step of E^early and ρ is E^early - E^late, so that 0 ≤ b ≤
    ρ says E^late ≤ Σ c ≤ E^early. The last row is of groups g with a limit: their max_power, or their capacity. Everything is
    counted where it is drawn: energy in the vehicle / efficiency.

    A row of 4 MWh from 18 to 22 o'clock at 2 MW: a is 2, 2, 0, 0 MW, and ρ is 2, 4, 2, 0 MWh: as late as it can be, it is charged
    in the last two hours.

    c  charging   MW  (r,t)      a  at once, its shape   1/h (r,t)     D  drawn in the year, a link   MWh (r)
    b  behind     MWh (r,t)      ρ  room    1   (r,t)                  p  power  1/h (r,t)
    d  drawn      MW  (g,t)      C  max_power, or capacity, a link   MW (g)
    """
    vehicles, snapshots = inputs.vehicles, list(inputs.calendar.snapshots)
    before = inputs.calendar.before.tolist()
    hours = [(r, t) for r in vehicles.rows for t in vehicles.there(r)]
    groups = list(vehicles.limited)
    built = [g for g in groups if g not in vehicles.max_power]
    asked, power, room = (
        {r: values[r].tolist() for r in vehicles.rows} for values in (inputs.demands.shape, vehicles.power, vehicles.room)
    )

    year.charging = variables(hours, within=NonNegativeReals, doc="power that vehicles are charged with [MW]")
    year.behind = variables(hours, within=NonNegativeReals, doc="energy by which charging is behind charging at once [MWh]")
    year.drawn = variables(
        groups,
        snapshots,
        within=NonNegativeReals,
        bounds=lambda _, g, t: (0, vehicles.max_power.get(g)),
        doc="power of a group of chargers with a limit [MW]",
    )

    @rows(year, hours, doc="what charging is behind follows from the hour before [MWh]")
    def charging_step(year, r, t):
        was = [(1.0, year.behind[r, before[t]])] if (r, before[t]) in year.behind else []
        gone = [(-1.0, year.charging[r, t]), (-1.0, year.behind[r, t])]
        return weighted([*was, (asked[r][t], links.demand[r]), *gone]) == 0

    @rows(year, hours, doc="no more is charged than those who are there can draw [MW]")
    def charging_limit(year, r, t):
        return weighted([(1.0, year.charging[r, t]), (-power[r][t], links.demand[r])]) <= 0

    @rows(year, hours, doc="no vehicle is charged later than it can be to leave in time [MWh]")
    def behind_limit(year, r, t):
        return weighted([(1.0, year.behind[r, t]), (-room[r][t], links.demand[r])]) <= 0

    @rows(year, built, snapshots, doc="a group draws no more than its chargers can [MW]")
    def drawn_limit(year, g, t):
        stands = links.capacity[g] if g in inputs.capacity.present[y] else 0.0
        return weighted([(1.0, year.drawn[g, t]), (-1.0, stands)]) <= 0


def place_of(inputs: Inputs, r: str) -> tuple[str, str]:
    """Zone and carrier of the balance that a row draws from: its group's own, where that has a limit."""
    zone, group = inputs.demands.zone[r], inputs.vehicles.group[r]
    return (zone, group) if group in inputs.vehicles.limited else (zone, inputs.demands.carrier[r])
