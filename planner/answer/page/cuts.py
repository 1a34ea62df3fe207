"""What cuts emissions: the difference of two plans shared out to the decisions that make it, without a remainder.

Each carrier is given the emissions that a MWh of it has in the reference of the year, traced from what is bought through
everything that converts it (an output's share of the input's emissions is its share of the energy that comes out). A
decision cuts the emissions of what it gives less those of what it takes. Since every balance is an equality, these add up
to the difference of net emissions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from planner.language.language import mark
from planner.tables.output import Tables
from planner.tables.tenants import SIGNS, Flow, Node, traced

#: Names of cuts that are none of a technology, store, link or supply.
SAVED, SOLD, CAPTURED, CERTIFIED, PROCESS, LESS = "saved", "sold", "captured", "certified", "process", "less"
EMBODIED = "embodied"
WORDS = {
    SAVED: mark("energy saved by measures"),
    SOLD: mark("energy sold or given away"),
    CAPTURED: mark("CO2 captured, less what its energy emits"),
    CERTIFIED: mark("green certificates"),
    PROCESS: mark("process emissions"),
    EMBODIED: mark("embodied in orders"),
    LESS: mark("less use of what the reference runs on"),
}


def cuts(plan: Tables, reference: Tables, accounting: str) -> pd.DataFrame:
    """Tonnes that each decision cuts against the reference: one row a year, one column a decision; below 0 where it adds.

    The sum of a row is the reference's net emissions less the plan's.
    """
    mine, theirs = _years_of(plan), _years_of(reference)
    rows = {y: _year(mine[y], theirs[y], accounting) for y in sorted(set(mine) & set(theirs))}
    found = pd.DataFrame.from_dict(rows, orient="index").fillna(0.0).sort_index()
    less = [name for name in _used_less(plan, reference) if name in found]
    if less:
        found[LESS] = found[less].sum(axis=1)
    return found.drop(columns=less)


def _used_less(plan: Tables, reference: Tables) -> list[str]:
    """Technologies, stores and supplies that give less in the plan than in the reference, over all years."""
    gives = ("out", "import", "discharge")
    mine, theirs = (t["energy"][t["energy"]["flow"].isin(gives)].groupby("name")["value"].sum() for t in (plan, reference))
    return [str(name) for name, energy in theirs.items() if mine.get(name, 0.0) < energy]


@dataclass(frozen=True)
class YearOfCuts:
    """A year of a plan: its flows, tonnes by (source, item), the items of emissions.csv, capture plants, and what it orders."""

    flows: list[Flow]
    sources: dict[tuple[str, str], float]
    items: dict[str, float]
    plants: frozenset[str]
    ordered: frozenset[str]


def _years_of(tables: Tables) -> dict[int, YearOfCuts]:
    """The tables of a plan, year by year."""
    plants, orders = frozenset(_capture_plants(tables)), tables["investments"]
    found = {
        int(y): YearOfCuts([], {}, {}, plants, frozenset(orders[orders["year"] == y]["technology"]))
        for y in dict.fromkeys(tables["emissions"]["year"])
    }
    energy = tables["energy"][tables["energy"]["carrier"] != "co2"]
    for r in energy.itertuples():
        found[r.year].flows.append(Flow((r.zone, r.carrier), r.flow, r.name, r.value))
    for r in tables["emission_sources"].itertuples():
        found[r.year].sources[r.name, r.item] = r.value
    for r in tables["emissions"].itertuples():
        found[r.year].items[r.item] = r.value
    return found


def _capture_plants(tables: Tables) -> Iterable[str]:
    """Technologies that give CO2."""
    rows = tables["energy"]
    return set(rows[(rows["carrier"] == "co2") & (rows["flow"] == "out")]["name"])


def _year(plan: YearOfCuts, reference: YearOfCuts, accounting: str) -> dict[str, float]:
    intensity = intensities(reference, plan, accounting)
    mine, theirs = (_worth(year, intensity, accounting) for year in (plan, reference))
    found = {name: mine.get(name, 0.0) - theirs.get(name, 0.0) for name in dict.fromkeys([*mine, *theirs])}
    return {name: value for name, value in found.items() if abs(value) > 1e-9}


def _emitted(year: YearOfCuts, accounting: str) -> dict[str, float]:
    """Tonnes of each source before capture and certificates."""
    items = ("scope1", f"scope2_{accounting}", "scope3")
    found: dict[str, float] = {}
    for (source, item), tonnes in year.sources.items():
        if item in items:
            found[source] = found.get(source, 0.0) + tonnes
    return found


def intensities(reference: YearOfCuts, plan: YearOfCuts, accounting: str) -> dict[Node, float]:
    """Emissions of a MWh of each carrier in each zone (t/MWh), as `traced` finds them."""
    theirs, mine = ({("import", name): tonnes for name, tonnes in _emitted(year, accounting).items()} for year in (reference, plan))
    return {node: float(each[0]) for node, each in traced(reference.flows, plan.flows, theirs, mine).items()}


def _worth(year: YearOfCuts, intensity: Mapping[Node, float], accounting: str) -> dict[str, float]:
    """Emissions that each decision saves at the given intensities; minus their sum is the net emissions of the plan."""
    worth: dict[str, float] = {}

    def add(name: str, value: float) -> None:
        worth[name] = worth.get(name, 0.0) + value

    bought = {f.name for f in year.flows if f.flow == "import"}
    for f in year.flows:
        if f.flow in SIGNS:
            own = {"export": SOLD, "demand": SAVED}.get(f.flow, CAPTURED if f.name in year.plants else f.name)
            add(own, SIGNS[f.flow] * f.value * intensity[f.node])
    for source, value in _emitted(year, accounting).items():
        add(source if source in bought else EMBODIED if source in year.ordered else PROCESS, -value)
    for (_, item), value in year.sources.items():
        if item.endswith("_captured"):
            add(CAPTURED, -value)
        elif item == "scope2_certified" and accounting == "market":
            add(CERTIFIED, -value)
    add(CAPTURED, year.items.get("captured_removals", 0.0))
    for item in ("restoration", "removal_credits", "avoidance"):
        add(item, year.items.get(item, 0.0))
    return worth
