"""How a plan is operated with something out, on each stress day of each year."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel, value

from models.inputs import Inputs
from models.inputs.reserves import Outages, day_inputs
from models.operation.links import Links
from planner.machine.stopping import Watch
from planner.planning.given import links_given
from planner.solve import OutageDay, OutageDays
from planner.tables.accounts import Retirement, retirements, units_of
from planner.tables.flows import contract_at_least, flows_of_year, free_contracts

#: Power below this share of the peak is noise of the solver.
NOTHING = 1e-6
#: Flows of a day, by (flow, name, zone, carrier).
Flows = Mapping[tuple[str, str, str, str], np.ndarray]


def with_units_out(model: ConcreteModel, inputs: Inputs) -> dict[tuple[int, int, str], Flows]:
    """The operation of every year, stress day and outage of the plan that stands in a model; outages that one operation covers
    share it (`planner/solve/year/outages.py`)."""
    days, gone = days_of(model, inputs), retirements(model, inputs)
    found: dict[tuple[int, int, str], Flows] = {}
    with days.ended_by(Watch()):  # a plan that is found is read to its end
        for y, own in inputs.outages.days.items():
            lost = _lost(model, inputs, gone, inputs.outages.out[y], y)
            for d in own:
                operated = _Operated(model, inputs, days, y, d)
                for name in lost:
                    found[y, d, name] = operated.flows(lost[name])
    return found


def outage_rows(model: ConcreteModel, inputs: Inputs, watch: Watch) -> tuple[list[tuple], dict[tuple[int, int, str], Flows]]:
    """Rows of outages.csv: the weeks of the stress days, in each year in which a capacity changes, with each unit out; and how
    these are operated. Raises Stopped once the watch is over."""
    stands = {y: {k: round(value(model.capacity[k, y]), 6) for k in inputs.capacity.present[y]} for y in inputs.years}
    known = inputs.outages.weeks
    weeks = inputs.outages.of_weeks([y for y in known if y - 1 not in known or stands[y] != stands[y - 1]])
    return short_rows(model, inputs, weeks, watch=watch)


def short_rows(
    model: ConcreteModel,
    inputs: Inputs,
    weeks: Outages,
    done: Callable[[int], None] = lambda _: None,
    watch: Watch | None = None,
) -> tuple[list[tuple], dict[tuple[int, int, str], Flows]]:
    """What is short of each operation of these weeks, or months, with each unit out; and how they are operated. `done` is told each
    year that is; the `watch`, or the one in force, ends it."""
    gone = retirements(model, inputs)
    days, rows = OutageDays(replace(inputs, outages=weeks)), []
    operated: dict[tuple[int, int, str], Flows] = {}
    with days.ended_by(watch):
        for y, firsts in weeks.days.items():
            lost = _lost(model, inputs, gone, weeks.out[y], y)
            for d in firsts:
                own = _Operated(model, inputs, days, y, d)
                for name, sizes in lost.items():
                    operated[y, d, name] = flows = own.flows(sizes, tells_short=True)
                    nothing = np.zeros(len(next(iter(flows.values()))))
                    short = np.sum([nothing, *(v for (flow, *_), v in flows.items() if flow == "unserved")], axis=0)
                    short = np.where(short > NOTHING * own.day.peak, short, 0.0)
                    label = inputs.capacity.label.get(next(iter(sizes)), "MW")
                    hours, energy, worst = int((short > 0).sum()), float(short.sum()), float(short.max(initial=0.0))
                    rows.append((y, name, math.fsum(sizes.values()), label, d + 1, len(short) // 24, hours, energy, worst))
            done(y)
    return rows, operated


class _Operated:
    """Operations of the same hours of a year: one that serves all covers every outage that leaves what it needs.

    Where the contract of a supply costs nothing by itself and more of it serves more, the model's contract is raised to what the
    operation needs of it.
    """

    def __init__(self, model: ConcreteModel, inputs: Inputs, days: OutageDays, y: int, d: int) -> None:
        self.model, self.inputs, self.day, self.everything, self.y, self.d = model, inputs, days.days[y, d], days.everything, y, d
        self.free = {("contract", s): most for s, most in free_contracts(model, inputs, y).items()}
        self.known: list[tuple[np.ndarray, Flows]] = []

    def flows(self, lost: Mapping[str, float], tells_short: bool = False) -> Flows:
        """The flows with this lost of each technology; with `tells_short` what is unserved, too.

        What a profile gives and nobody takes is a flow of what stands, so an operation with such a technology out is its own.
        """
        given, is_alike = given_links(self.model, self.inputs, self.y, lost), not self._by_profile & lost.keys()
        amounts = self.day.amounts(given)
        if is_alike:
            for needed, flows in self.known:
                if self.day.covers(needed, amounts):
                    return flows
        amounts = self._operate(given, amounts)
        found = _flows(self.day, self.everything, self.y, self.d, given)
        found = {**found, **self.day.short_by_place()} if tells_short else found
        if is_alike and self.day.is_served():
            self.known.append((self.day.needed(amounts), found))
        return found

    @property
    def _by_profile(self) -> Set[str]:
        return self.everything.conversion.by_profile

    def _operate(self, given: Mapping[tuple[str, str], float], amounts: np.ndarray) -> np.ndarray:
        """Solve the day; returns the amounts with which it was solved."""
        day, short = self.day, self.day.unserved(amounts)
        if day.is_served() or not self.free:
            return amounts
        most = day.amounts({**given, **self.free})
        if day.unserved(most).value >= short.value - NOTHING * day.peak:
            day.unserved(amounts)
            return amounts
        needed = dict(zip(day.links, day.needed(most).tolist(), strict=True))
        contract_at_least(self.model, self.y, {s: needed.get((kind, s), 0.0) for kind, s in self.free})
        return most


def _lost(
    model: ConcreteModel, inputs: Inputs, gone: list[Retirement], outages: Mapping[str, tuple[str, ...]], y: int
) -> dict[str, dict[str, float]]:
    """What each outage of a year takes of each technology (MW, MWh); those that take something first, since they cover more."""
    found = {name: {k: lost_of(model, inputs, gone, k, y) for k in out} for name, out in outages.items()}
    return dict(sorted(found.items(), key=lambda item: not any(item[1].values())))


def days_of(model: ConcreteModel, inputs: Inputs) -> OutageDays:
    """The stress days of a model, made once."""
    if not hasattr(model, "outage_days"):
        model.outage_days = OutageDays(inputs)
    return model.outage_days


def lost_of(model: ConcreteModel, inputs: Inputs, gone: list[Retirement], k: str, y: int) -> float:
    """What is out with the largest unit of a technology that stands in a year (MW, MWh)."""
    lines = inputs.connections
    if k in lines.unit:
        return min(lines.unit[k], model.capacity[k, y].value) if k in lines.sized else lines.of_outages("loss")[k]
    return max(units_of(model, inputs, gone, k, y), default=0.0)


def given_links(model: ConcreteModel, inputs: Inputs, y: int, lost: Mapping[str, float]) -> dict[tuple[str, Any], float]:
    """What a plan gives the links of a day with something lost."""
    given: dict[tuple[str, Any], float] = dict(links_given(model, inputs, y))
    stands = {k: given["capacity", k] for k in inputs.capacity.present[y]} | inputs.connections.of_outages("capacity")
    return given | {("capacity", k): max(0.0, size - lost.get(k, 0.0)) for k, size in stands.items()}


def _flows(day: OutageDay, inputs: Inputs, y: int, d: int, given: Mapping[tuple[str, Any], float]) -> Flows:
    own = day_inputs(inputs, y, d)
    links = Links(
        capacity={k: given.get(("capacity", k), 0.0) for k in own.capacity.present[y]},
        demand={u: given["demand", u] for u in own.demands.demands},
    )
    flows = flows_of_year(day.view(), own, y, links)
    return {(f.flow, f.name, f.zone, f.carrier): f.values for f in flows}
