"""A year of kept decisions, operated in all hours: what it costs, what is not served, which rule is missed.

A real park's year is operated month by month (`planner/solve/hours`), with what stores hold as months end decided too; a stylised
profile, whose rows stand for all hours, as one linear programme. What is bought, credits and certificates are decided anew; what
was contracted is kept, unless it is to be decided anew too. Where demand cannot be met the cost is that of what is served.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from pyomo.core import ConcreteModel

from models.inputs import Inputs
from models.inputs.calendar import HOURS_OF_YEAR
from planner.machine.resources import cores
from planner.planning.given import links_given
from planner.planning.restored import contracted
from planner.planning.verify import missed_rules
from planner.solve import CONTRACTED, Conditions, LinkValues, Operator, Year
from planner.tables.output import Tables

#: Power below this (MW) is served.
NOTHING = 1e-6


@dataclass(frozen=True)
class UnservedEnergy:
    """Of a carrier in a zone: energy (MWh), hours of the year, the most at once (MW), and energy by day of the year, from 0, where
    every hour was operated (MWh)."""

    energy: float
    hours: float
    worst: float
    by_day: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class OperatedYear:
    """cost      of what is served, not discounted   money
    unserved  (carrier, zone)
    missed    (stage, metric, sense) -> by how much   t, tce, MWh
    figures   figures of the account by name   t, MWh
    terms     the cost by (item, name)   money
    """

    cost: float
    unserved: Mapping[tuple[str, str], UnservedEnergy]
    missed: Mapping[tuple[str, str, str], float]
    figures: Mapping[str, float]
    terms: Mapping[tuple[str, str], float]


class Operates(Protocol):
    """Operates years of one park with decisions kept."""

    def year(self, model: ConcreteModel, tables: Tables, y: int, idle: str = "") -> OperatedYear:
        """The year with the decisions of a model, and the contracts of the tables; `idle`: an asset without its capacity."""


def operates(inputs: Inputs, holds_contracts: bool = True) -> Operates:
    """What operates the years of these inputs, which stand on every hour; `holds_contracts`: contracted capacity is kept."""
    return (InHours if len(inputs.calendar.weight) == HOURS_OF_YEAR else Stylised)(inputs, holds_contracts)


class InHours:
    """Every hour of a year, month by month; `holds_contracts`: contracted capacity is kept."""

    def __init__(self, inputs: Inputs, holds_contracts: bool = True) -> None:
        self.inputs, self.operator = inputs, Operator(inputs, cores(), prices_stores=True)
        self.holds_contracts = holds_contracts
        self.prices: Mapping[Any, float] = {}

    def year(self, model: ConcreteModel, tables: Tables, y: int, idle: str = "") -> OperatedYear:
        """The year with the decisions of a model, and the contracts of the tables; `idle`: an asset without its capacity."""
        links = _given(model, self.inputs, y, idle)
        if self.holds_contracts:
            links |= {(CONTRACTED, b): amount for b, amount in contracted(self.inputs, tables, y).items()}
        given = LinkValues(links, {})
        found = self.operator.operate(y, given, self.prices)
        if found.unserved or found.coupling_slack:  # solved to its gap all the same
            found = self.operator.operate(y, given, {}, Conditions(is_trial=True))
        self.prices = found.prices
        short: dict[tuple[str, str], list[tuple[int, float]]] = {}
        for row in found.unserved:
            if row.power > NOTHING:
                short.setdefault((row.carrier, row.zone), []).append((row.hour, row.power))
        told = {key: _unserved(own) for key, own in short.items()}
        missed, figures = _of_account(self.inputs, y, found.violations, found.account)
        return OperatedYear(sum(found.terms.values()), told, missed, figures, found.terms)


def _unserved(rows: list[tuple[int, float]]) -> UnservedEnergy:
    """What is not served in these hours: (hour of the year, MW)."""
    by_day: dict[int, float] = {}
    for hour, power in rows:
        by_day[hour // 24] = by_day.get(hour // 24, 0.0) + power
    powers = [power for _, power in rows]
    return UnservedEnergy(sum(powers), len(powers), max(powers), by_day)


class Stylised:
    """Rows, or typical days, that stand for all hours of a year; `holds_contracts`: contracted capacity is kept."""

    def __init__(self, inputs: Inputs, holds_contracts: bool = True) -> None:
        self.inputs, self.holds_contracts = inputs, holds_contracts

    def year(self, model: ConcreteModel, tables: Tables, y: int, idle: str = "") -> OperatedYear:
        """The year with the decisions of a model, and the contracts of the tables; `idle`: an asset without its capacity."""
        own, inputs = Year(self.inputs, y), self.inputs
        if self.holds_contracts:
            _hold(own, CONTRACTED, contracted(inputs, tables, y))
        given: dict[tuple[str, Any], float] = _given(model, inputs, y, idle)
        cut = own.cut(np.array([given[link] for link in own.links]))
        weight, short = inputs.calendar.weight, dict[tuple[str, str], list[tuple[float, float]]]()
        for (zone, carrier, t), power in own.unserved():
            short.setdefault((carrier, zone), []).append((power, float(weight[t])))
        told = {
            key: UnservedEnergy(sum(p * w for p, w in rows), sum(w for _, w in rows), max(p for p, _ in rows))
            for key, rows in short.items()
        }
        view = own.view()
        missed, figures = _of_account(inputs, y, own.broken_rules(), view)
        return OperatedYear(cut.cost - cut.penalty, told, missed, figures, view.cost_terms)


def _given(model: ConcreteModel, inputs: Inputs, y: int, idle: str) -> dict[tuple[str, str], float]:
    """What the decisions give a year, without the capacity of an asset that stands idle."""
    links = links_given(model, inputs, y)
    return links | {("capacity", idle): 0.0} if idle else links


def _hold(year: Year, family: str, amounts: Mapping[str, float]) -> None:
    """Hold columns of a family that is not hourly at amounts, from the next solve on."""
    own, place = year.reduced, year.joined.template.single[family]
    for name, amount in amounts.items():
        at = np.flatnonzero(own.columns == place[name]) if name in place else np.zeros(0, dtype=int)
        own.lower[at] = own.upper[at] = amount


def _of_account(
    inputs: Inputs, y: int, violations: Mapping[tuple[str, str, str], float], account: Any
) -> tuple[dict[tuple[str, str, str], float], dict[str, float]]:
    """Rules that are missed, by how much, and the figures of the account."""
    missed = {key: amount for key, (amount, _) in missed_rules(inputs, y, violations, account).items()}
    return missed, {str(name): float(figure.value) for name, figure in account.figure.items()}
