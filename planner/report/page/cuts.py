"""What cuts emissions: the difference of two plans shared out to the decisions that make it, without a remainder.

Each carrier is given the emissions that a MWh of it has in the reference of the year, traced from what is bought through
everything that converts it (an output's share of the input's emissions is its share of the energy that comes out). A
decision cuts the emissions of what it gives less those of what it takes. Since every balance is an equality, these add up
to the difference of net emissions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.language.language import mark

Tables = Mapping[str, pd.DataFrame]
#: (zone, carrier)
Node = tuple[str, str]

#: Energy of a node, a number, and energy of other nodes: the first times its emissions are the number and the others' together.
Equation = tuple[float, float, dict[Node, float]]
#: Energy below this is noise (MWh).
SMALL = 1e-6

#: Names of cuts that are none of a technology, store, link or supply.
SAVED, SOLD, CAPTURED, CERTIFIED, PROCESS, LESS = "saved", "sold", "captured", "certified", "process", "less"
WORDS = {
    SAVED: mark("energy saved by measures"),
    SOLD: mark("energy sold or given away"),
    CAPTURED: mark("CO2 captured"),
    CERTIFIED: mark("green certificates"),
    PROCESS: mark("process emissions"),
    LESS: mark("less use of what the reference runs on"),
}


def cuts(plan: Tables, reference: Tables, accounting: str) -> pd.DataFrame:
    """Tonnes that each decision cuts against the reference: one row a year, one column a decision; below 0 where it adds.

    The sum of a row is the reference's net emissions less the plan's.
    """
    mine, theirs = _years_of(plan), _years_of(reference)
    rows = {y: _year(mine[y], theirs[y], accounting) for y in sorted(set(mine) & set(theirs))}
    found = pd.DataFrame.from_dict(rows, orient="index").fillna(0.0)
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
class Flow:
    """A row of energy.csv of a year (MWh); CO2 is no energy and is left out."""

    node: Node
    flow: str
    name: str
    value: float


@dataclass(frozen=True)
class Year:
    """A year of a plan: its flows, tonnes by (source, item), and the items of emissions.csv."""

    flows: list[Flow]
    sources: dict[tuple[str, str], float]
    items: dict[str, float]
    plants: frozenset[str]


def _years_of(tables: Tables) -> dict[int, Year]:
    """The tables of a plan, year by year."""
    found = {int(y): Year([], {}, {}, frozenset(_capture_plants(tables))) for y in dict.fromkeys(tables["emissions"]["year"])}
    energy = tables["energy"][tables["energy"]["carrier"] != "co2"]
    for r in energy.itertuples():
        found[r.year].flows.append(Flow((r.zone, r.carrier), r.flow, r.name, r.value))
    for r in tables["emission_sources"].itertuples():
        found[r.year].sources[r.source, r.item] = r.value
    for r in tables["emissions"].itertuples():
        found[r.year].items[r.item] = r.value
    return found


def _capture_plants(tables: Tables) -> Iterable[str]:
    """Technologies that give CO2."""
    rows = tables["energy"]
    return set(rows[(rows["carrier"] == "co2") & (rows["flow"] == "out")]["name"])


def _year(plan: Year, reference: Year, accounting: str) -> dict[str, float]:
    intensity = intensities(reference, plan, accounting)
    mine, theirs = (_worth(year, intensity, accounting) for year in (plan, reference))
    found = {name: mine.get(name, 0.0) - theirs.get(name, 0.0) for name in dict.fromkeys([*mine, *theirs])}
    return {name: value for name, value in found.items() if abs(value) > 1e-9}


def _emitted(year: Year, accounting: str) -> dict[str, float]:
    """Tonnes of each source before capture and certificates."""
    items = ("scope1", f"scope2_{accounting}", "scope3")
    found: dict[str, float] = {}
    for (source, item), tonnes in year.sources.items():
        if item in items:
            found[source] = found.get(source, 0.0) + tonnes
    return found


def intensities(reference: Year, plan: Year, accounting: str) -> dict[Node, float]:
    """Emissions of a MWh of each carrier in each zone (t/MWh).

    Of the reference. Where that has none of it: what is bought for it in the plan; where nothing is, what its use replaces.
    """
    nodes = sorted({f.node for year in (reference, plan) for f in year.flows})
    place = {node: i for i, node in enumerate(nodes)}
    matrix, right = np.zeros((len(nodes), len(nodes))), np.zeros(len(nodes))
    theirs, mine, used = _equations(reference, accounting), _equations(plan, accounting), _uses(plan)
    bought = {f.node for f in plan.flows if f.flow == "import" and f.value > SMALL}
    for node, i in place.items():
        choices = [theirs, mine, used] if node in bought else [theirs, used, mine]
        given, constant, drawn = next((e[node] for e in choices if node in e and e[node][0] > SMALL), (1.0, 0.0, {}))
        matrix[i, i] += given
        right[i] = constant
        for source, energy in drawn.items():
            matrix[i, place[source]] -= energy
    solved = np.linalg.lstsq(matrix, right, rcond=None)[0]
    return {node: float(solved[i]) for node, i in place.items()}


def _by_name(year: Year) -> dict[tuple[str, str], list[Flow]]:
    """(flow, name) -> its rows."""
    found: dict[tuple[str, str], list[Flow]] = {}
    for f in year.flows:
        found.setdefault((f.flow, f.name), []).append(f)
    return found


def _uses(year: Year) -> dict[Node, Equation]:
    """node -> (energy drawn from it, 0, energy given to other nodes for it)."""
    by = _by_name(year)
    found: dict[Node, Equation] = {}
    for (flow, name), own in by.items():
        if flow not in ("in", "sent"):
            continue
        gives = by.get(("out" if flow == "in" else "arrived", name), [])
        total = sum(f.value for f in own)
        for f in own:
            if f.value <= 0:
                continue
            drawn, _, given = found.setdefault(f.node, (0.0, 0.0, {}))
            for g in gives:
                if g.node != f.node:
                    given[g.node] = given.get(g.node, 0.0) + g.value * (f.value / total if flow == "in" else 1.0)
            found[f.node] = (drawn + f.value, 0.0, given)
    return found


def _equations(year: Year, accounting: str) -> dict[Node, Equation]:
    """node -> (energy that comes, tonnes of what is bought, energy drawn from other nodes for it)."""
    tonnes = _emitted(year, accounting)
    found: dict[Node, Equation] = {}

    def add(node: Node, energy: float, constant: float, drawn: Iterable[tuple[Node, float]]) -> None:
        came, fixed, sources = found.get(node, (0.0, 0.0, {}))
        for source, value in drawn:
            sources[source] = sources.get(source, 0.0) + value
        found[node] = came + energy, fixed + constant, sources

    by = _by_name(year)
    for (flow, name), own in by.items():
        into, total = by.get(("in", name), []), sum(f.value for f in own)
        for f in own:
            if flow == "import":
                add(f.node, f.value, tonnes.get(name, 0.0), ())
            elif flow == "out" and f.value > 0:
                add(f.node, f.value, 0.0, [(i.node, i.value * f.value / total) for i in into])
            elif flow == "arrived":
                add(f.node, f.value, 0.0, [(g.node, g.value) for g in by.get(("sent", name), []) if g.node != f.node])
    return found


#: Flow -> whether it feeds its balance or draws from it.
SIGNS = {"out": 1, "in": -1, "discharge": 1, "charge": -1, "arrived": 1, "sent": -1, "import": 1, "export": -1, "demand": -1}


def _worth(year: Year, intensity: Mapping[Node, float], accounting: str) -> dict[str, float]:
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
        add(source if source in bought else PROCESS, -value)
    for (_, item), value in year.sources.items():
        if item.endswith("_captured"):
            add(CAPTURED, -value)
        elif item == "scope2_certified" and accounting == "market":
            add(CERTIFIED, -value)
    add(CAPTURED, year.items.get("captured_removals", 0.0))
    for item in ("restoration", "removal_credits", "avoidance"):
        add(item, year.items.get(item, 0.0))
    return worth
