"""Efficiency measures: what they save and add, what they require of each other, and savings for next to nothing.

Restoration: every project has an uptake.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models.case import Demand, Measure, Restoration, Saving, Uptake
from models.units import UnitError, yearly_factor
from planner.park import remarks
from planner.park.checks.thresholds import LARGE_SAVING
from planner.park.complaints import is_no
from planner.park.draft import Draft
from planner.park.ranges import shown


def check_measures(draft: Draft) -> None:
    """Check savings and the requirements between measures."""
    for saving in draft.rows(Saving):
        _check_saving(saving, draft)
    _check_adding(draft)
    _check_requirements(draft)
    if draft.is_sure(Saving):
        for measure in draft.rows(Measure):
            if measure.measure not in draft.names(Saving, "measure"):
                draft.warn(measure.origin, remarks.SAVES_NOTHING, measure=repr(measure.measure))


def _check_saving(saving: Saving, draft: Draft) -> None:
    draft.refer(saving.origin, ("measure", saving.measure), "measure", (Measure, "measure"))
    draft.refer(saving.origin, ("demand", saving.demand), "demand", (Demand, "demand"))
    if saving.adds:
        draft.refer(saving.origin, ("adds", saving.adds), "demand", (Demand, "demand"))
        if saving.adds == saving.demand:
            draft.fault(saving.origin, "adds {adds}: is the demand that is saved; name another one", adds=repr(saving.adds))
        if saving.adds_ratio is None:
            draft.fault(saving.origin, "adds_ratio: is blank; say how many MWh are added per MWh saved")
    elif saving.adds_ratio is not None:
        draft.fault(
            saving.origin,
            "adds_ratio = {adds_ratio}: adds to nothing; name the demand in adds",
            adds_ratio=f"{saving.adds_ratio:g}",
        )


def _check_adding(draft: Draft) -> None:
    """What is saved on one demand and added to another must not come back to the first."""
    grows: dict[str, set[str]] = {}
    for saving in draft.rows(Saving):
        if saving.adds and saving.adds != saving.demand:
            grows.setdefault(saving.demand, set()).add(saving.adds)
    for saving in draft.rows(Saving):
        if saving.adds and saving.adds != saving.demand and saving.demand in reached(saving.adds, grows):
            draft.fault(
                saving.origin,
                "adds {adds}: what is saved on {adds} is added to {demand} in turn; break the circle",
                adds=repr(saving.adds),
                demand=repr(saving.demand),
            )


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
            if other == name:
                draft.fault(measure.origin, "requires {other}: is the measure itself; remove it", other=repr(other))
            elif other not in names and draft.knows_names(Measure):
                draft.fault(measure.origin, is_no("requires", other, "measure", names - {name}))
        needed = reached(name, ways) - {name}
        if name in reached(name, ways) and name not in measure.required:
            draft.fault(
                measure.origin,
                "requires {requires}: these measures require {name} in turn; break the circle",
                requires=repr(measure.requires),
                name=repr(name),
            )
        _check_groups(measure, [measures[other] for other in sorted(needed) if other in measures], draft)


def _check_groups(measure: Measure, needed: list[Measure], draft: Draft) -> None:
    """At most one measure of a group is in force, so a measure cannot require two of one, its own included."""
    seen = {measure.group: measure.measure} if measure.group else {}
    for other in needed:
        if other.group and other.group in seen:
            draft.fault(
                measure.origin,
                "requires {requires}: {first} and {other} are of group {group}, of which one at most is in force; change the "
                "group or what is required",
                requires=repr(measure.requires),
                first=repr(other.measure),
                other=repr(seen[other.group]),
                group=repr(other.group),
            )
        elif other.group:
            seen[other.group] = other.measure


def costs_of_saving(draft: Draft) -> Iterator[tuple[Measure, float]]:
    """Measures that cost and save, and money by MWh saved in a year."""
    energy: dict[str, float] = {}
    for demand in draft.rows(Demand):
        try:
            energy.setdefault(demand.demand, demand.value * yearly_factor(demand.unit, "MWh"))
        except UnitError:
            continue
    saved: dict[str, float] = {}
    for saving in draft.rows(Saving):
        saved[saving.measure] = saved.get(saving.measure, 0.0) + saving.saving * energy.get(saving.demand, 0.0)
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
                row.origin,
                remarks.CHEAP_SAVING,
                saving=f"{row.saving:g}",
                measure=repr(measure.measure),
                value=f"{ratio:.3g} {draft.currency}",
                low=shown(found[1].low),
                high=shown(found[1].high),
                unit=f" {found[1].unit}",
                source=found[1].source,
                percent=f"{10 * row.saving:g}",
                share=f"{row.saving / 10:g}",
            )


def check_restoration(draft: Draft) -> None:
    """Check that projects and their uptake belong together."""
    with_uptake = draft.names(Uptake, "project")
    for project in draft.rows(Restoration):
        if project.project not in with_uptake and draft.knows_names(Uptake):
            draft.fault(
                project.origin, "project {project}: has no uptake; give it by age in uptake.csv", project=repr(project.project)
            )
    for row in draft.rows(Uptake):
        draft.refer(row.origin, ("project", row.project), "project", (Restoration, "project"))
