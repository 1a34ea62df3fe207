"""Hourly truth: a plan made on typical days, operated over all hours of every year with its decisions fixed.

What is decided within a year (credits, certificates, how much uptake is counted) is decided again with the hours. Whether
demand is met and the stage holds is judged here; the tables of the plan become the hourly ones.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from models.case import Case, Goal
from models.inputs import Inputs, resolve
from models.metrics import ALLOWANCE, OF_RULES
from models.operation.carbon import figure_of_rule
from planner.clock import Clock
from planner.language.message import Message
from planner.language.words import OPERATED, OPERATING, UNSERVED, YEARS, Sign, step_of
from planner.machine.resources import give_back
from planner.machine.stopping import Stopped
from planner.plan import BINDS, BUSINESS, HOLDS_WITHIN, REFERENCE, WholeUnits
from planner.planning.given import given_of, levels_of, with_whole_units
from planner.planning.methods import Method
from planner.planning.task import Task
from planner.solve import Conditions, Operation, Operator, Total, Unserved, modelling
from planner.tables.accounts import COLUMNS, plan_tables
from planner.tables.flows import contract_at_least, free_contracts, hourly, least_for

# --- verify ----------------------------------------------------------------------------------------------------------------

#: After this many years with unserved demand no other is operated: the plan must be repaired anyway.
MOST_FAILED = 3
#: A day is hard, too, with this share of the unserved energy of the hardest.
HARD = 0.5
#: The operation of a year is within this share of the gap of the decisions, or within `Operator.precise`.
FINER = 0.1
#: A difference below this share of the number is one of rounding.
ROUNDING = 1e-9
#: Held by the plan whose months are in memory: two cores operate two plans at once no faster than one after the other.
_MONTHS = threading.Lock()
#: Tables whose yearly numbers are compared: columns that name a number, besides the year.
COMPARED = {"energy": ("flow", "name"), "emissions": ("item", ""), "costs": ("item", "name"), "system_cost": ("item", "name")}


@dataclass(frozen=True)
class Failure:
    """Why a plan does not hold in every hour.

    unserved    unserved demand, the largest first
    broken      (year, stage, metric) and the violation of the rule as a share of its denominator
    exceeded    (year, total) beyond the limit of its year, and by how much
    worst_days  days of the year, from 0, that a repair should add, the worst first
    """

    unserved: tuple[Unserved, ...]
    broken: tuple[tuple[int, str, str, float], ...]
    worst_days: tuple[int, ...]
    exceeded: tuple[tuple[int, str, float], ...] = ()

    def __str__(self) -> str:
        parts = []
        if self.unserved:
            u = self.unserved[0]
            years = ", ".join(str(y) for y in sorted({u.year for u in self.unserved}))
            day = f"day {u.hour // 24 + 1}, hour {u.hour % 24}"
            parts.append(f"{u.power:.3g} MW of {u.carrier} in {u.zone} cannot be had in {u.year} on {day} (years: {years})")
        for y, stage, metric, share in self.broken[:2]:
            parts.append(f"{metric} of {stage} is missed by {share:.2%} in {y}")
        for y, total, amount in self.exceeded[:2]:
            parts.append(f"{total} goes beyond its yearly limit by {amount:.3g} in {y}")
        return "; ".join(parts)


@dataclass(frozen=True)
class Truth:
    """All years of a plan in every hour: its tables, or why it does not hold.

    gap       largest relative gap between the cost of a year and its lower bound
    units     years that are operated with whole units
    """

    tables: Mapping[str, pd.DataFrame]
    gap: float = 0.0
    failure: Failure | None = None
    units: Mapping[int, WholeUnits] = field(default_factory=dict)


class Verifier:
    """Operates the plans of one case over all hours."""

    def __init__(self, case: Case, base: float, clock: Clock, workers: int) -> None:
        self.case, self.clock = case, clock
        self.inputs = resolve(case, case.goal, base, None)
        self.operator = Operator(self.inputs, workers)
        self.failed: list[int] = []

    def verify(
        self,
        name: str,
        method: Method,
        task: Task,
        typical: Mapping[str, pd.DataFrame],
        has_room: Callable[[], bool],
        gap: float = 0.0,
    ) -> Truth:
        """Operate the plan in the method's model in every hour; `typical`: its tables on typical days, `gap`: that of its search
        there, of which the years are operated to `FINER`, if that is more than the `Operator.precise` of the hours.

        The months of a year stand there once: plans that are made side by side are operated one after the other.

        Raises Stopped where the watch in force ends it, or where too little time is left to read and write the hours.
        """
        with _MONTHS:
            try:
                return self._verified(name, method, task, typical, has_room, gap)
            finally:
                self.operator.free_solvers()
                give_back()

    def _verified(
        self, name: str, method: Method, task: Task, typical: Mapping[str, pd.DataFrame], has_room: Callable[[], bool], gap: float
    ) -> Truth:
        years: dict[int, Operation] = {}
        failed = 0
        with self.clock.step(step_of(OPERATING, name)):
            given = {y: given_of(method.model, task.inputs, y) for y in self.inputs.years}
            self.operator.leave_out_absent(given.values())
            self.operator.gap = max(Operator.precise, FINER * gap)
            left = self._order()
            while left:
                y = left.pop(0)
                levels = levels_of(method.model, self.inputs, y)
                conditions = Conditions(BINDS[name], may_buy=name not in (REFERENCE, BUSINESS), levels=levels)
                years[y] = self.operator.operate(y, given[y], self._first_prices(y, years, method), conditions)
                failed += bool(years[y].unserved or years[y].coupling_slack)
                if years[y].unserved or years[y].coupling_slack or self._broken(name, y, years[y]):
                    self.failed = [y, *(z for z in self.failed if z != y)]
                    left = unlike_first(left, self.case.goal, self.inputs.years[0])
                count, of = len(years), len(self.inputs.years)
                told = Message(YEARS, count=count, years=of, text=say(y, years[y]))
                self.clock.progress(step_of(OPERATING, name), Sign(told, count / of))
                if failed >= MOST_FAILED:
                    break
                if not has_room():
                    raise Stopped
        failure = self._failure(name, years)
        if failure is not None:
            return Truth({}, failure=failure)
        self.operator.free_solvers()
        with self.clock.step("reading hours", name), modelling():
            views = {y: self.operator.view(y, years[y]) for y in self.inputs.years}
            for y, view in views.items():
                free = free_contracts(method.model, self.inputs, y)
                contract_at_least(method.model, y, {s: least_for(self.inputs, s, view) for s in free})
            tables = plan_tables(method.model, self.inputs, task.currency, operation=views, tolerance=HOLDS_WITHIN)
            tables["hourly"] = differences(typical, tables)
            tables |= {name: typical[name] for name in ("planned_days", "planned_profiles", "outages")}
        return Truth(tables, max(year.gap for year in years.values()), units=with_whole_units(self.inputs, years))

    def _first_prices(self, y: int, years: Mapping[int, Operation], method: Method) -> Mapping[Total, float]:
        """Prices that the column generation of a year starts from: those of the nearest year with rules of the same names that was
        served; where there is none, the duals of its typical days."""

        def rules(z: int) -> list[tuple[str, str, str]]:
            return [rule.key for rule in self.inputs.carbon.rules.get(z, ())]

        like = [z for z in reversed([*years]) if not years[z].unserved and rules(z) == rules(y)]
        return years[min(like, key=lambda z: abs(z - y))].prices if like else method.prices([y]).get(y, {})

    def _order(self) -> list[int]:
        """Years that failed before first; then from the last year back, each with the basis of the year after, whose park is nearly
        the same. See `unlike_first` for the order after a failure."""
        return list(dict.fromkeys([*self.failed, *reversed(self.inputs.years)]))

    def _broken(self, name: str, y: int, year: Operation) -> list[tuple[int, str, str, float]]:
        """Rules violated by more than `HOLDS_WITHIN`."""
        if BINDS[name] == "none" or year.unserved or year.coupling_slack:
            return []
        lasting = self.inputs.carbon.lasting(y)
        return [
            (y, key[0], key[1], share)
            for key, (_, share) in missed_rules(self.inputs, y, year.violations, year.account).items()
            if BINDS[name] != "lasting" or key in lasting
        ]

    def _failure(self, name: str, years: Mapping[int, Operation]) -> Failure | None:
        unserved = sorted((u for year in years.values() for u in year.unserved), key=lambda u: -abs(u.power))
        broken = sorted((b for y, year in years.items() for b in self._broken(name, y, year)), key=lambda b: -b[3])
        if BINDS[name] != "none" and set(years) == set(self.inputs.years) and not unserved:
            broken += self._over_budget(years)
        # A year with unserved demand is not solved to its gap, so its totals mean nothing.
        served = {y: year for y, year in years.items() if not year.unserved}
        exceeded = [
            (y, " ".join((kind, *index)), by) for y, year in served.items() for (kind, index), by in year.coupling_slack.items()
        ]
        if not unserved and not broken and not exceeded:
            return None
        days = worst_days(unserved) or self._dirtiest_days(years, {b[0] for b in broken} | {e[0] for e in exceeded})
        return Failure(tuple(unserved), tuple(broken), tuple(days), tuple(exceeded))

    def _over_budget(self, years: Mapping[int, Operation]) -> list[tuple[int, str, str, float]]:
        """Budgets over years violated by more than `HOLDS_WITHIN`, with the year that exceeds its allowance most."""
        found, base = [], self.inputs.carbon.base
        for budget in self.inputs.carbon.budgets:
            figure = OF_RULES[budget.rule.metric].numerator
            own = {y: max(float(years[y].account.figure[figure].value), 0.0) for y in years if y >= budget.first}
            over = sum(own.values()) - budget.rule.limit
            if over > HOLDS_WITHIN * base * len(own):
                worst = max(own, key=lambda y: years[y].violations.get(budget.rule.key, 0.0))
                found.append((worst, budget.rule.stage, budget.rule.metric, over / max(base, 1e-9)))
        return found

    def _dirtiest_days(self, years: Mapping[int, Operation], broken: set[int]) -> list[int]:
        """Days on which imports emit most, in years with violated rules."""
        supplies, total = self.inputs.supplies, np.zeros(365)
        for y in sorted(broken):
            view = self.operator.view(y, years[y])
            for s in supplies.importers:
                factor = self.inputs.at(y).supplies.hourly_factor(s, y, self.inputs.carbon.accounting, 8760)
                total += (factor * hourly(view.imports, (s,), range(8760))).reshape(365, 24).sum(axis=1)
        return np.argsort(-total)[:2].tolist()


def missed_rules(
    inputs: Inputs, y: int, violations: Mapping[tuple[str, str, str], float], account: Any
) -> dict[tuple[str, str, str], tuple[float, float]]:
    """(stage, metric, sense) of a year's rules that are violated by more than `HOLDS_WITHIN` -> by how much, and as a share of
    what the metric divides by; of budgets over years their sum counts, which is no rule of a year."""
    found, lasting = {}, inputs.carbon.lasting(y)
    for key, amount in violations.items():
        below = OF_RULES[key[1]].denominator
        if below == ALLOWANCE:
            continue
        is_lasting = key in lasting
        below = figure_of_rule(inputs, below, is_lasting)
        base = inputs.carbon.base if is_lasting else inputs.carbon.stage_base
        size = max(abs(base if below == "base" else float(account.figure[below].value)), 1e-9)
        if amount > HOLDS_WITHIN * size:
            found[key] = amount, amount / size
    return found


def unlike_first(left: Sequence[int], goal: Goal | None, first: int) -> list[int]:
    """The years that are left after a failure: the deadline and the first year first, whose parks differ most, so that a repair is
    not made for the hours of one park."""
    return sorted(left, key=lambda y: y not in (goal.by if goal else None, first))


def say(y: int, year: Operation) -> str:
    """The result of a year, for the log."""
    if year.unserved:
        return Message(UNSERVED, year=y, seconds=f"{year.seconds:.1f}")
    gap = f"{max(year.gap, 0.0):.3%}"
    return Message(OPERATED, year=y, cost=f"{year.cost:,.0f}", gap=gap, rounds=year.rounds, seconds=f"{year.seconds:.1f}")


def worst_days(unserved: Sequence[Unserved]) -> list[int]:
    """Of each carrier and zone the day with most unserved energy and that with most unserved power, the worst first; then the other
    days with at least `HARD` of the most energy.

    A cold spell empties a store over several days. The worst of them alone would be served, and the next one would not be.
    """
    energy: dict[tuple[str, str], np.ndarray] = {}
    power: dict[tuple[str, str], np.ndarray] = {}
    for u in unserved:
        place, day = (u.zone, u.carrier), u.hour // 24
        energy.setdefault(place, np.zeros(365))[day] += abs(u.power)
        highest = power.setdefault(place, np.zeros(365))
        highest[day] = max(highest[day], abs(u.power))
    order = sorted(energy, key=lambda place: -energy[place].sum())
    worst = [int(series[place].argmax()) for series in (energy, power) for place in order]
    hard = [(own[day] / own.max(), int(day)) for own in energy.values() for day in np.flatnonzero(own >= HARD * own.max())]
    return list(dict.fromkeys(worst + [day for _, day in sorted(hard, key=lambda item: (-item[0], item[1]))]))


def differences(typical: Mapping[str, pd.DataFrame], hourly: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Each yearly number on typical days and in all hours."""
    found = []
    for table, (item, name) in COMPARED.items():
        parts = []
        for tables in (typical, hourly):
            rows = tables[table]
            keys = {"year": rows["year"], "table": table, "item": rows[item], "name": rows[name] if name else ""}
            own = pd.DataFrame({**keys, "unit": rows["unit"], "value": rows["value"]})
            parts.append(own.groupby(["year", "table", "item", "name", "unit"], sort=False)["value"].sum())
        both = pd.concat(parts, axis=1, keys=["typical_days", "hourly"]).fillna(0.0).reset_index()
        both["difference"] = both["hourly"] - both["typical_days"]
        both.loc[both["difference"].abs() <= ROUNDING * both["hourly"].abs(), "difference"] = 0.0
        found.append(both[(both["typical_days"] != 0) | (both["hourly"] != 0)])
    return pd.concat(found, ignore_index=True)[list(COLUMNS["hourly"])]
