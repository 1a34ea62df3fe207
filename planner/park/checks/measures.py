"""Efficiency measures: what they save and add, and what they require of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.case import Measure, Saving
from planner.park.complaints import is_no
from planner.park.draft import Draft, grouped


def check_measures(draft: Draft) -> None:
    """What is saved on one demand and added to another does not come back to it, and what a measure requires can be in force."""
    adding = [saving for saving in draft.rows(Saving) if saving.adds and saving.adds != saving.demand]
    grows = grouped((saving.demand, saving.adds) for saving in adding)
    for saving in adding:
        if saving.demand in reached(saving.adds, grows):
            draft.fault(saving, "adds {adds}: what is saved on {adds} is added to {demand} in turn; break the circle")
    measures = {measure.measure: measure for measure in draft.rows(Measure)}
    names, ways = draft.names(Measure, "measure"), {name: own.required for name, own in measures.items()}
    for name, measure in measures.items():
        for other in measure.required if draft.knows_names(Measure) else ():
            if other not in names:
                draft.fault(measure, is_no("requires", other, "measure", names - {name}))
        needed = reached(name, ways)
        if name in needed and name not in measure.required:
            draft.fault(measure, "requires {requires}: these measures require {measure} in turn; break the circle")
        together = [measures[own] for own in (name, *sorted(needed - {name})) if own in measures and measures[own].group]
        for one, *others in grouped((own.group, own.measure) for own in together).values():
            if others:
                draft.fault(
                    measure,
                    "requires {requires}: {first} and {other} are of group {group}, of which one at most is in force; change the "
                    "group or what is required",
                    first=repr(others[0]),
                    other=repr(one),
                    group=repr(measures[one].group),
                )


def reached(start: str, ways: Mapping[str, Iterable[str]]) -> set[str]:
    """Everything that can be reached from a name, the name itself only over a circle."""
    found: set[str] = set()
    ahead = list(ways.get(start, ()))
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += ways.get(name, ())
    return found
