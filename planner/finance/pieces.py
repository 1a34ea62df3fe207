"""Pieces: the difference of two plans in money, shared out to projects without a remainder.

What a project costs more than in the other plan is its own. The energy that it gives or takes is counted at what a MWh of that
carrier costs in the other plan in that year: energy bought and the carbon price on it, traced through everything that converts it.
Connection charges, and what depends on the hour in which energy is bought, stay with the supply. Every balance is an equality, so
the pieces of a year add up to the difference of what the two plans pay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from models.case import Case
from models.inputs.demand import resolve_measures, yearly_energy
from planner.plan import CAPITAL_ITEMS
from planner.tables.output import Tables
from planner.tables.tenants import SIGNS, Flow, Node, traced

#: What a figure of the pieces can be changed by: (item, name, year), of costs.csv.
Key = tuple[str, str, int]

#: Kinds of projects, and of what else there is.
TECHNOLOGY, MEASURE, PLANTING = PROJECTS = "technology", "measure", "planting"
SUPPLY, CERTIFICATE, CREDIT, OTHER = "supply", "certificate", "credit", "other"
#: Item of costs.csv -> kind of what it is paid for; what is not listed is OTHER.
KINDS = {
    "capital": TECHNOLOGY,
    "fixed_cost": TECHNOLOGY,
    "variable_cost": TECHNOLOGY,
    "start_cost": TECHNOLOGY,
    "retirement_cost": TECHNOLOGY,
    "annuity": TECHNOLOGY,
    "measures": MEASURE,
    "measure_cost": MEASURE,
    "restoration": PLANTING,
    "restoration_cost": PLANTING,
    "energy": SUPPLY,
    "contract": SUPPLY,
    "shortfall": SUPPLY,
    "fixed": SUPPLY,
    "export": SUPPLY,
    "demand_charge": SUPPLY,
    "capacity_charge": SUPPLY,
    "carbon": SUPPLY,
    "certificates": CERTIFICATE,
    "offsets": CREDIT,
}
#: Item of system_cost.csv of the value beyond the horizon that retirement gives up, and item of the capital that had it.
GIVEN_UP, OF_CAPITAL = "value_given_up", "capital"
#: Items that what a MWh costs is made of.
OF_ENERGY = ("energy", "contract", "carbon")
#: Money below this is noise.
NOISE = 1e-6
#: Whom the carbon price on all of scope 1 is of.
ALL = "*"


@dataclass(frozen=True)
class Piece:
    """Money of a year that a plan is better by than another one, real.

    year      in which it is paid
    kind, name  of what: a project, a supply …
    part      `capital`, `operating`
    amount    money; below 0 where the plan is worse
    beyond    of capital, the value in years after the horizon, less what retirement gives up: money of that year, above 0 for what
              the plan has more
    of_plan   of capital, what the plan itself pays: what a grant is given for and a loan is of
    waits     of capital, years from its payment until what is bought works
    key       what it changes in proportion to: a price or a capital cost; None where neither is stated
    """

    year: int
    kind: str
    name: str
    part: str
    amount: float
    key: Key | None
    beyond: float = 0.0
    of_plan: float = 0.0
    waits: int = 0


@dataclass(frozen=True)
class Books:
    """What one plan pays, and its flows.

    money    (year, item, name) -> money; the price on all of scope 1 is shared out to what emits
    beyond   the same of capital -> value in years after the horizon, less what retirement gives up; money of the year of payment
    flows    year -> MWh, and t of co2
    waits    (year, name) of an order -> years until it works
    """

    money: dict[tuple[int, str, str], float]
    beyond: dict[tuple[int, str, str], float]
    flows: dict[int, list[Flow]]
    waits: dict[tuple[int, str], int]


def books(tables: Tables, discount: Mapping[int, float]) -> Books:
    """The books of a plan from its tables."""
    money = {(int(r.year), r.item, r.name): float(r.value) for r in tables["costs"].itertuples(index=False)}
    seen = {(int(r.year), r.item, r.name): float(r.value) for r in tables["system_cost"].itertuples(index=False)}
    lost = {(y, OF_CAPITAL, name): value for (y, item, name), value in seen.items() if item == GIVEN_UP}
    beyond = {k: m - (seen.get(k, 0.0) + lost.get(k, 0.0)) / discount[k[0]] for k, m in money.items() if k[1] in CAPITAL_ITEMS}
    flows: dict[int, list[Flow]] = {int(y): [] for y in tables["emissions"]["year"]}
    for r in tables["energy"].itertuples(index=False):
        if r.flow in SIGNS:
            flows[int(r.year)].append(Flow((r.zone, r.carrier), r.flow, r.name, float(r.value)))
    orders = tables["investments"].itertuples(index=False)
    waits = {(int(r.year), str(r.technology)): max(int(r.works_from - r.year), 0) for r in orders}
    return Books(_without_all(money, tables, flows), beyond, flows, waits)


def _without_all(
    money: dict[tuple[int, str, str], float], tables: Tables, flows: Mapping[int, list[Flow]]
) -> dict[tuple[int, str, str], float]:
    """The money with the carbon price on all of scope 1 shared out: fuels and processes bear what they emit, capture plants gain
    what is captured, by the CO2 that each gives."""
    rows = tables["emission_sources"]
    found = {key: value for key, value in money.items() if key[1:] != ("carbon", ALL)}
    for (y, item, name), value in money.items():
        if (item, name) != ("carbon", ALL) or not value:
            continue
        own = rows[(rows["year"] == y) & rows["item"].isin(("scope1", "scope1_captured"))]
        each = value / float(own["value"].sum())
        for r in own.itertuples(index=False):
            for who, share in [(r.name, 1.0)] if r.item == "scope1" else _capturers(flows[y]):
                found[y, "carbon", who] = found.get((y, "carbon", who), 0.0) + each * float(r.value) * share
    return found


def _capturers(flows: list[Flow]) -> list[tuple[str, float]]:
    """Capture plants and their shares of the CO2 captured in a year."""
    given = [(f.name, f.value) for f in flows if f.node[1] == "co2" and f.flow == "out"]
    total = sum(value for _, value in given) or 1.0
    return [(name, value / total) for name, value in given]


def pieces(case: Case, plan: Tables, other: Tables, discount: Mapping[int, float]) -> list[Piece]:
    """All pieces of a plan against another one of the same park."""
    mine, theirs = books(plan, discount), books(other, discount)
    shares = Saved(case, plan, other, sorted(mine.flows))
    names = {f.name for own in (mine, theirs) for flows in own.flows.values() for f in flows if f.flow in ("in", "out")}
    found = [*_paid(mine, theirs, names)]
    for y in mine.flows:
        found += _energy(y, mine, theirs, shares.of_year(y))
    return [p for p in found if max(abs(p.amount), abs(p.beyond), abs(p.of_plan)) > NOISE]


def _paid(mine: Books, theirs: Books, technologies: set[str]) -> Iterator[Piece]:
    """What each plan pays less than the other, item by item."""
    for key in dict.fromkeys([*mine.money, *theirs.money]):
        y, item, name = key
        kind = TECHNOLOGY if item == "carbon" and name in technologies else KINDS.get(item, OTHER)
        own, others = mine.money.get(key, 0.0), theirs.money.get(key, 0.0)
        if item in CAPITAL_ITEMS:
            beyond = mine.beyond.get(key, 0.0) - theirs.beyond.get(key, 0.0)
            yield Piece(y, kind, name, "capital", others - own, (item, name, y), beyond, own, mine.waits.get((y, name), 0))
        else:
            changes = item == "carbon" or kind in (SUPPLY, CERTIFICATE, CREDIT)
            yield Piece(y, kind, name, "operating", others - own, (item, name, y) if changes else None)


def _energy(y: int, mine: Books, theirs: Books, saved: Mapping[str, Mapping[str, float]]) -> Iterator[Piece]:
    """What the energy of each project is worth in a year, a piece for each price that it depends on."""
    worth, keys = _worth_of_carriers(y, mine, theirs)
    more: dict[tuple[str, str], dict[Node, float]] = defaultdict(lambda: defaultdict(float))
    for own, sign in ((mine, 1.0), (theirs, -1.0)):
        for f in own.flows[y]:
            if f.flow == "demand":
                more[OTHER, f.name][f.node] -= sign * f.value
                of_measures = saved.get(f.name, {}) if own is mine else {}  # none saves of what vehicles draw
                for measure, energy in of_measures.items():
                    more[MEASURE, measure][f.node] += energy
                    more[OTHER, f.name][f.node] -= energy
            else:
                kind = SUPPLY if f.flow in ("import", "export") else TECHNOLOGY
                more[kind, f.name][f.node] += sign * SIGNS[f.flow] * f.value
    for (kind, name), energies in more.items():
        total = sum((energy * worth[node] for node, energy in energies.items()), np.zeros(len(keys)))
        for (item, of), amount in zip(keys, total.tolist(), strict=True):
            yield Piece(y, kind, name, "operating", amount, (item, of, y))


def _worth_of_carriers(y: int, mine: Books, theirs: Books) -> tuple[dict[Node, np.ndarray], list[tuple[str, str]]]:
    """What a MWh of each node is worth, a number for each (item, name) that is paid for energy; a tonne of CO2 what is paid to
    those that take it away."""
    gone = [f for own in (mine, theirs) for f in own.flows[y] if f.node[1] == "co2"]
    sinks = {f.name for f in gone if f.flow == "export"}
    paid_for = {k for own in (theirs, mine) for k in own.money if k[0] == y}
    keys = sorted(k[1:] for k in paid_for if k[1] in OF_ENERGY or (k[1] == "export" and k[2] in sinks))

    def amounts(own: Books) -> dict[tuple[str, str], np.ndarray]:
        found: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.zeros(len(keys)))
        for place, (item, name) in enumerate(keys):
            found["import", name][place] = own.money.get((y, item, name), 0.0) if item in OF_ENERGY else 0.0
        return found

    energy = [[f for f in own.flows[y] if f.node[1] != "co2"] for own in (theirs, mine)]
    worth = traced(energy[0], energy[1], amounts(theirs), amounts(mine), len(keys))
    stored = sum(f.value for f in mine.flows[y] if f.node[1] == "co2" and f.flow == "export")
    paid = [mine.money.get((y, *key), 0.0) if key[1] in sinks and key[0] == "export" else 0.0 for key in keys]
    each = -np.array(paid) / stored if stored > NOISE else np.zeros(len(keys))
    return worth | {f.node: each for f in gone}, keys


class Saved:
    """What measures save of each demand, in the plan and in the other one."""

    def __init__(self, case: Case, plan: Tables, other: Tables, years: list[int]) -> None:
        self.measures = resolve_measures(case, years)
        self.energy = yearly_energy(case, years)
        self.demands = list(dict.fromkeys(row.demand for row in case.demand))
        self.plans = ((plan["measures"], 1.0), (other["measures"], -1.0))

    def of_year(self, y: int) -> dict[str, dict[str, float]]:
        """Demand -> measure -> MWh that it saves more in the plan than in the other one.

        Each measure saves its share of what those before it leave, in the order of the rows; what it adds to another demand is
        its own.
        """
        more: dict[str, dict[str, float]] = {u: defaultdict(float) for u in self.demands}
        for rows, sign in self.plans:
            force = {r.measure for r in rows.itertuples(index=False) if y in self.measures.in_force[r.measure, int(r.year)]}
            for u, steps in self.measures.steps.items():
                left = self.energy.get((u, y), 0.0)
                for step in [step for step in steps if step.measure in force]:
                    saved = left * step.saving
                    left -= saved
                    more[u][step.measure] += sign * saved
                    if step.adds:
                        more[step.adds][step.measure] -= sign * saved * step.adds_ratio
        return more
