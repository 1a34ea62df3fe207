"""Figures that do not fit together: a peak above what can be supplied, a roof smaller than what stands on it, a tariff row that
no hour reaches, a number that is ten times its neighbour's. Each is a slip of the pen far more often than it is meant."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

import numpy as np

from models.case import Budget, Cost, Demand, Link, Price, Row, Site, Supply, TariffRow, Technology
from models.inputs.supply import ranges
from models.units import UnitError, factor, yearly_factor
from planner.read import remarks
from planner.read.draft import Draft, link_may_be_built

#: So many times a peak nobody builds or connects, and so small a share of what stands ready nobody uses.
FAR_ABOVE, FAR_ABOVE_IMPORT, FAR_BELOW = 30.0, 100.0, 0.003
#: A figure of a series that is so many times its neighbour.
JUMP = 8.0
#: A budget of a year below this share of a year's energy bill buys nothing.
TOKEN = 1e-3


def check_sizes(draft: Draft) -> None:
    """Warn of what does not fit together."""
    _check_sites(draft)
    _check_tariff(draft)
    for kind in (Demand, Price, Cost):
        _check_jumps(draft, kind)
    if draft.is_sure(Demand) and draft.is_sure(Technology) and draft.is_sure(Supply) and draft.profiles.is_read:
        _check_places(draft)
        _check_budget(draft)


def _check_sites(draft: Draft) -> None:
    taken: dict[str, float] = defaultdict(float)
    for row in draft.rows(Technology):
        if row.site:
            taken[row.site] += row.area * row.existing
    for site in draft.rows(Site):
        if taken[site.site] > site.area * (1 + 1e-9):
            draft.warn(
                site.origin, remarks.SITE_TOO_SMALL, site=repr(site.site), area=f"{site.area:g}", taken=f"{taken[site.site]:g}"
            )


def _check_tariff(draft: Draft) -> None:
    """Rows of a tariff whose hours are all those of rows before."""
    met: dict[tuple[str, str], np.ndarray] = {}
    for row in draft.rows(TariffRow):
        try:
            months, hours = ranges(row.months, 1, 12), ranges(row.hours, 0, 23)
        except ValueError:
            continue
        days = {"weekday": [0], "weekend": [1]}.get(row.days, [0, 1])
        own = np.zeros((12, 2, 24), dtype=bool)
        own[np.ix_([m - 1 for m in sorted(months)], days, sorted(hours))] = True
        before = met.setdefault((row.supply, row.item), np.zeros((12, 2, 24), dtype=bool))
        if not (own & ~before).any():
            draft.warn(row.origin, remarks.NO_HOUR, factor=f"{row.factor:g}")
        before |= own


def _check_jumps(draft: Draft, kind: type[Row]) -> None:
    """A figure of the park's own that is many times the one of the year before."""
    series: dict[tuple[str, ...], list[tuple[int, float, Row]]] = defaultdict(list)
    for row in draft.rows(kind):
        year, unit, value = (getattr(row, name) for name in ("year", "unit", "value"))
        if year is not None and row.origin is not None and not row.origin.catalogue and value > 0:
            series[(*(str(getattr(row, key)) for key in kind.key), unit)].append((year, value, row))
    for key, points in series.items():
        for (_, first, _), (year, second, row) in pairwise(sorted(points, key=lambda p: p[0])):
            if not 1 / JUMP < second / first < JUMP:
                draft.warn(
                    row.origin, remarks.JUMP, what=" ".join(key[:-1]), value=f"{second:g}", year=year, before=f"{first:g}"
                )  # fmt: skip
                break


class _Place:
    """A carrier in a zone [MW]: its demand by year (MW by hour), the most that can be made and bought of it, what stands ready,
    what serves it today, what can take it, and what can leave."""

    def __init__(self) -> None:
        self.demand: dict[int, np.ndarray] = {}
        self.most = self.standing = self.today = self.takers = self.out = 0.0
        self.rows: list[Demand] = []

    @property
    def peak(self) -> tuple[float, int]:
        """(highest hour of all years, its year)."""
        return max(((float(series.max()), -year) for year, series in self.demand.items()), default=(0.0, 0))


def _check_places(draft: Draft) -> None:
    places = _places(draft)
    for (zone, carrier), place in places.items():
        peak, year = place.peak
        if not place.rows or peak <= 0:
            continue
        where = place.rows[0].origin
        said = carrier if zone == "park" else f"{carrier} in {zone}"
        if peak > place.most * (1 + 1e-6):
            draft.warn(where, remarks.PEAK_TOO_HIGH, carrier=said, peak=f"{peak:.4g}", year=-year, most=f"{place.most:.4g}")
        elif (first := float(place.demand[min(place.demand)].max())) > place.today * (1 + 1e-6):
            draft.warn(where, remarks.PEAK_TODAY, carrier=said, peak=f"{first:.4g}", most=f"{place.today:.4g}")
        used = float(np.mean([series.mean() for series in place.demand.values()])) + place.takers + place.out
        if used < FAR_BELOW * place.standing:
            draft.warn(where, remarks.USED_TOO_LITTLE, carrier=said, mean=f"{used:.3g}", ready=f"{place.standing:.4g}")
    _check_capacities(draft, places)


def _check_capacities(draft: Draft, places: dict[tuple[str, str], _Place]) -> None:
    """Capacities and connections many times what they could ever serve."""
    for row in draft.rows(Technology):
        outs = [p for p in draft.ports.get(row.type_name, []) if p.direction == "out" and p.carrier != "co2"]
        kind = draft.types.get(row.type_name)
        if kind is None or kind.role != "converter" or not outs:
            continue
        use = max(_use(places, port.carrier) / port.ratio for port in outs)
        for column in ("existing", "max_capacity"):
            value = getattr(row, column)
            if use > 0 and value and value > FAR_ABOVE * use:
                draft.warn(
                    row.origin, remarks.CAPACITY_TOO_LARGE, column=column, value=f"{value:g}", technology=repr(row.technology),
                    use=f"{use:.3g}",
                )  # fmt: skip
                break
    for supply in draft.rows(Supply):
        use = _use(places, supply.carrier)
        if supply.max_import and use > 0 and supply.max_import > FAR_ABOVE_IMPORT * use:
            draft.warn(
                supply.origin, remarks.IMPORT_TOO_LARGE, value=f"{supply.max_import:g}", supply=repr(supply.supply),
                use=f"{use:.3g}",
            )  # fmt: skip


def _use(places: dict[tuple[str, str], _Place], carrier: str) -> float:
    """All that can be used of a carrier at one time, in all zones."""
    return sum(place.peak[0] + place.takers + place.out for (_, c), place in places.items() if c == carrier)


def _places(draft: Draft) -> dict[tuple[str, str], _Place]:
    places: dict[tuple[str, str], _Place] = defaultdict(_Place)
    for demand in draft.rows(Demand):
        _add_demand(places[demand.zone, demand.carrier], demand, draft)
    for supply in draft.rows(Supply):
        place = places[supply.zone, supply.carrier]
        if supply.can_import:
            place.most += np.inf if supply.max_import is None else supply.max_import
            place.standing += supply.max_import or 0.0
            place.today += np.inf if supply.max_import is None else supply.max_import
        place.out += supply.max_export or 0.0
    sites = {site.site: site.area for site in draft.rows(Site)}
    for row in draft.rows(Technology):
        _add_technology(places, row, sites, draft)
    for link in draft.rows(Link):
        if link.existing > 0 or link_may_be_built(link):
            for zone in (link.from_zone, link.to_zone):
                places[zone, link.carrier].most = places[zone, link.carrier].today = np.inf
                places[zone, link.carrier].out = np.inf
    return places


def _add_demand(place: _Place, demand: Demand, draft: Draft) -> None:
    try:
        energy = demand.value * yearly_factor(demand.unit, "MWh")
    except UnitError:
        return
    shape = draft.profiles.series.get(demand.profile) if demand.profile else None
    if shape is None or not len(shape) or shape.sum() <= 0:
        shape = np.ones(max(draft.profiles.hours, 1))
    year = demand.year or 0
    series = energy * shape / (shape.sum() * 8760 / len(shape))
    place.rows.append(demand)
    place.demand[year] = place.demand[year] + series if year in place.demand else series


def _add_technology(places: dict[tuple[str, str], _Place], row: Technology, sites: dict[str, float], draft: Draft) -> None:
    kind = draft.types.get(row.type_name)
    if kind is None or not draft.can_stand(row):
        return
    most = np.inf if row.max_capacity is None else row.max_capacity
    if row.site and row.area > 0 and row.site in sites:
        most = min(most, sites[row.site] / row.area)
    most = max(row.existing, most if draft.may_be_built(row) else 0.0)
    for port in draft.ports.get(row.type_name, []):
        place = places[row.zone, port.carrier]
        if kind.role == "store":
            place.most += most / kind.full_power_hours
            place.today += row.existing / kind.full_power_hours
        elif port.direction == "out":
            place.most += most * port.ratio
            place.standing += row.existing * port.ratio
            place.today += row.existing * port.ratio
        else:
            place.takers += most * port.ratio


def _check_budget(draft: Draft) -> None:
    """A budget that is next to nothing beside a year's energy bill."""
    carriers = {s.supply: s.carrier for s in draft.rows(Supply)}
    prices: dict[str, float] = {}
    for price in draft.rows(Price):
        if price.item == "energy" and carriers.get(price.supply, "co2") != "co2" and draft.currency:
            try:
                value = price.value * factor(price.unit, "money/MWh", draft.currency)
            except UnitError:
                return
            carrier = carriers[price.supply]
            prices[carrier] = min(prices.get(carrier, np.inf), value)
    energy: dict[str, tuple[str, float]] = {}
    for demand in draft.rows(Demand):
        try:
            energy.setdefault(demand.demand, (demand.carrier, demand.value * yearly_factor(demand.unit, "MWh")))
        except UnitError:
            return
    bill = sum(amount * prices.get(carrier, 0.0) for carrier, amount in energy.values())
    for row in draft.rows(Budget):
        if 0 < row.capital < TOKEN * bill:
            draft.warn(row.origin, remarks.TOKEN_BUDGET, capital=f"{row.capital:g}", bill=f"{bill:.3g}", currency=draft.currency)
            return
