"""Efficiency measures: what they save and add, and what they require of each other.

Restoration: every project has an uptake.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.case import Demand, Measure, Restoration, Saving, Uptake
from planner.park import remarks
from planner.park.complaints import is_no
from planner.park.draft import Draft


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
