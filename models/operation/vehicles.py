"""Vehicles: how much of what they ask for is charged in each hour, between as early and as late as they can be.

The vehicles of a row of sessions.csv are one band. That is exact: they are alike, and no two sessions of a row overlap, since a
stay is a day at most. On typical days a row is the mean of its days. Nothing flows back from a vehicle.
"""

from __future__ import annotations

from pyomo.core import Block, NonNegativeReals

from models.components import rows, variables
from models.inputs import Inputs
from models.linear import weighted
from models.operation.links import Links


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
