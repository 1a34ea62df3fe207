"""Efficiency measures: what they save and add, what they require of each other, and savings for next to nothing.

Restoration: every project has an uptake.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from models.case import (
    Demand,
    Link,
    Measure,
    Response,
    Saving,
    Site,
    Supply,
    Technology,
)
from planner.park import remarks
from planner.park.complaints import is_no
from planner.park.draft import Draft, energy_of
from planner.park.money import shown

#: A single measure that saves so much of a demand is a large one: it costs more a MWh than what is set right by hand.
LARGE_SAVING = 0.3


def check_measures(draft: Draft) -> None:
    """Check what measures add to each other's demands, and what they require of each other."""
    # what is saved on one demand and added to another must not come back to the first
    grows: dict[str, set[str]] = {}
    adding = [saving for saving in draft.rows(Saving) if saving.adds and saving.adds != saving.demand]
    for saving in adding:
        grows.setdefault(saving.demand, set()).add(saving.adds)
    for saving in adding:
        if saving.demand in reached(saving.adds, grows):
            draft.fault(saving, "adds {adds}: what is saved on {adds} is added to {demand} in turn; break the circle")
    _check_requirements(draft)


def reached(start: str, ways: Mapping[str, set[str]]) -> set[str]:
    """Everything that can be reached from a name, the name itself only over a circle."""
    found: set[str] = set()
    ahead = list(ways.get(start, ()))
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += ways.get(name, ())
    return found


def _check_requirements(draft: Draft) -> None:
    measures = {measure.measure: measure for measure in draft.rows(Measure)}
    ways = {name: set(measure.required) for name, measure in measures.items()}
    names = draft.names(Measure, "measure")
    for name, measure in measures.items():
        for other in measure.required:
            if other != name and other not in names and draft.knows_names(Measure):
                draft.fault(measure, is_no("requires", other, "measure", names - {name}))
        needed = reached(name, ways) - {name}
        if name in reached(name, ways) and name not in measure.required:
            draft.fault(measure, "requires {requires}: these measures require {measure} in turn; break the circle")
        _check_groups(measure, [measures[other] for other in sorted(needed) if other in measures], draft)


def _check_groups(measure: Measure, needed: list[Measure], draft: Draft) -> None:
    """At most one measure of a group is in force, so a measure cannot require two of one, its own included."""
    seen = {measure.group: measure.measure} if measure.group else {}
    for other in needed:
        if other.group and other.group in seen:
            draft.fault(
                measure,
                "requires {requires}: {first} and {other} are of group {group}, of which one at most is in force; change the "
                "group or what is required",
                first=repr(other.measure),
                other=repr(seen[other.group]),
                group=repr(other.group),
            )
        elif other.group:
            seen[other.group] = other.measure


def costs_of_saving(draft: Draft) -> Iterator[tuple[Measure, float]]:
    """Measures that cost and save, and money by MWh saved in a year."""
    saved: dict[str, float] = {}
    for saving in draft.rows(Saving):
        energy = draft.energy[saving.demand][0] if saving.demand in draft.energy else 0.0
        saved[saving.measure] = saved.get(saving.measure, 0.0) + saving.saving * energy
    for measure in draft.rows(Measure):
        if measure.capital_cost > 0 and saved.get(measure.measure, 0.0) > 0:
            yield measure, measure.capital_cost / saved[measure.measure]


def check_cheap_savings(draft: Draft) -> None:
    """A large saving for less money than one has ever been had for: 0.5 for 0.05."""
    for measure, ratio in costs_of_saving(draft):
        own = [row for row in draft.rows(Saving) if row.measure == measure.measure and not row.adds]
        row = max(own, key=lambda saving: saving.saving, default=None)
        if row is None or row.saving < LARGE_SAVING or draft.ranges.outside("savings", (), "saving", row.saving, "1", ""):
            continue
        found = draft.ranges.outside("measures", ("large",), "per_saved", ratio, f"{draft.currency}/MWh", draft.currency)
        if found is not None and found[0] < found[1].low:
            draft.warn(
                row,
                remarks.CHEAP_SAVING,
                value=f"{ratio:.3g} {draft.currency}",
                low=shown(found[1].low),
                high=shown(found[1].high),
                unit=f" {found[1].unit}",
                source=found[1].source,
                percent=10 * row.saving,
                share=row.saving / 10,
            )


# --- flexibility -----------------------------------------------------------------------------------------------------------
# Demand that may move or be shed: columns that go together.
#
# responses.csv: demands that there are, and no more of each than can be shed or moved at all.


def check_responses(draft: Draft) -> None:
    """Check what of each demand is offered."""
    rows = draft.rows(Response)
    for demand in dict.fromkeys(row.demand for row in rows):
        own = [row for row in rows if row.demand == demand]
        used = max((d.shift_share + d.shed_share for d in draft.rows(Demand) if d.demand == demand), default=0.0)
        highest = {row.response: 0.0 for row in own}
        for row in own:
            highest[row.response] = max(highest[row.response], row.share)
        total = used + sum(highest.values())
        if total > 1 + 1e-9:
            draft.fault(
                own[-1],
                "share: of demand {demand} {total} in all would move, be shed or be offered, with shift_share and shed_share; "
                "no more than 1 can",
                total=total,
            )


# --- shares ----------------------------------------------------------------------------------------------------------------
# Shares that cannot be: limits of stages and rules, reserves and ramps, most often percentages.
#
# products.csv: whose the products are, and shares of a tenant that are no more than all of it.


# --- places ----------------------------------------------------------------------------------------------------------------
# What can be used, made and bought of each carrier in each zone, as far as the tables say.


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
    year, series = demand.year or 0, draft.load(demand, energy)
    place.rows.append(demand)
    place.demand[year] = place.demand[year] + series if year in place.demand else series


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
