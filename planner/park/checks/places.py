"""What can be used, made and bought of each carrier in each zone, as far as the tables say."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from models.case import Demand, Link, Port, Site, Supply, Technology
from models.units import UnitError, yearly_factor
from planner.park.draft import Draft

#: Plants behind one another that are followed from a demand back: a chiller, its heat, the heat's gas.
STEPS = 4


class Place:
    """A carrier in a zone [MW]: its demand by year (MW by hour), the most that can be made and bought of it, what stands ready,
    what serves it today, what can take it, what can leave, and what vehicles draw charged at once."""

    def __init__(self) -> None:
        self.demand: dict[int, np.ndarray] = {}
        self.most = self.standing = self.today = self.takers = self.out = self.linked = self.charged = 0.0
        self.rows: list[Demand] = []

    @property
    def peak(self) -> tuple[float, int]:
        """(highest hour of all years, its year)."""
        return max(((float(series.max()), -year) for year, series in self.demand.items()), default=(0.0, 0))


def places_of(draft: Draft) -> dict[tuple[str, str], Place]:
    """The places by (zone, carrier)."""
    places: dict[tuple[str, str], Place] = defaultdict(Place)
    for demand in draft.rows(Demand):
        _add_demand(places[demand.zone, demand.carrier], demand, draft)
    for c in draft.charged:
        places[c.zone, c.carrier].charged += c.peak
    for supply in draft.rows(Supply):
        place = places[supply.zone, supply.carrier]
        if supply.can_import:
            place.most += np.inf if supply.max_import is None else supply.max_import
            place.standing += supply.max_import or 0.0
            place.today += np.inf if supply.max_import is None else supply.max_import
        place.out += supply.max_export or 0.0
    for row in draft.rows(Technology):
        _add_technology(places, row, draft)
    for link in draft.rows(Link):
        if draft.can_stand(link):
            for zone in (link.from_zone, link.to_zone):
                places[zone, link.carrier].most = places[zone, link.carrier].today = np.inf
                places[zone, link.carrier].linked = np.inf
    return places


def _add_demand(place: Place, demand: Demand, draft: Draft) -> None:
    energy = energy_of(demand)
    if energy is None:
        return
    when = demand.year or (draft.park.first_year if draft.park else 0)
    shape = draft.profiles.series.get(draft.column(demand.profile, when)) if demand.profile else None
    if shape is None or not len(shape) or shape.sum() <= 0:
        shape = np.ones(max(draft.profiles.hours, 1))
    year = demand.year or 0
    series = energy * shape / (shape.sum() * 8760 / len(shape))
    place.rows.append(demand)
    place.demand[year] = place.demand[year] + series if year in place.demand else series


def energy_of(demand: Demand) -> float | None:
    """MWh of a row of demand.csv; None where its unit cannot be read."""
    try:
        return demand.value * yearly_factor(demand.unit, "MWh")
    except UnitError:
        return None


def most_of(row: Technology, draft: Draft) -> float:
    """The most that can stand of a technology at one time; infinite where nothing limits it."""
    most = np.inf if row.max_capacity is None else row.max_capacity
    area = next((site.area for site in draft.rows(Site) if site.site == row.site), None) if row.site else None
    if area is not None and row.area > 0:
        most = min(most, area / row.area)
    return max(row.existing, most if draft.may_be_built(row) else 0.0)


def _add_technology(places: dict[tuple[str, str], Place], row: Technology, draft: Draft) -> None:
    kind = draft.types.get(row.type_name)
    if kind is None or not draft.can_stand(row):
        return
    most = most_of(row, draft)
    for port in draft.ports.get(row.type_name, []):
        place = places[row.zone, port.carrier]
        if kind.role == "store":
            power = [t for t in draft.rows(Technology) if kind.power_type and (t.type_name, t.zone) == (kind.power_type, row.zone)]
            place.most += sum(most_of(t, draft) for t in power) if kind.power_type else most / kind.full_power_hours
            place.today += sum(t.existing for t in power) if kind.power_type else row.existing / kind.full_power_hours
        elif port.direction == "out":
            place.most += most * port.ratio
            place.standing += row.existing * port.ratio
            place.today += row.existing * port.ratio
        else:
            place.takers += most * port.ratio


def uses_of(places: dict[tuple[str, str], Place], draft: Draft, is_sold: bool) -> dict[str, float]:
    """MW that can ever be used of each carrier at one time, in all zones: its highest demand, what plants take of it, and, where
    `is_sold`, what can be sold. A plant without a limit takes as much as serves what can be used of what it makes."""
    own: dict[str, float] = defaultdict(float)
    for (_, carrier), place in places.items():
        own[carrier] += place.peak[0] + place.charged
    sold: dict[str, float] = defaultdict(float)
    for (_, carrier), place in places.items():
        sold[carrier] += place.out
    plants = [
        (most_of(row, draft), ports)
        for row in draft.rows(Technology)
        if (kind := draft.types.get(row.type_name))
        and kind.role != "store"
        and draft.can_stand(row)
        and (ports := draft.ports.get(row.type_name, []))
    ]
    uses = {carrier: own[carrier] + sold[carrier] for carrier in {*own, *sold}}
    for _ in range(STEPS):
        taken: dict[str, float] = defaultdict(float)
        for most, ports in plants:
            activity = min(most, _served(ports, uses))
            for port in ports:
                if port.direction == "in":
                    taken[port.carrier] += activity * port.ratio
        uses = {carrier: own[carrier] + sold[carrier] + taken[carrier] for carrier in {*uses, *taken}}
    return {carrier: use - (0.0 if is_sold else sold[carrier]) for carrier, use in uses.items()}


def _served(ports: list[Port], uses: dict[str, float]) -> float:
    """Activity that serves all that can be used of what a plant makes; CO2 is made in any amount."""
    outs = [port for port in ports if port.direction == "out"]
    if any(port.carrier == "co2" for port in outs):
        return float("inf")
    return max((uses.get(port.carrier, 0.0) / port.ratio for port in outs), default=float("inf"))
