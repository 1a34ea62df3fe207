"""The ledger: its table of contents.

From the case and the result tables alone, without the mathematics of `models`, every number of a plan is worked out a
second time and compared. A disagreement is a fault of the program, and ends the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from models.case import Case
from planner.ledger.capacity import check_as_usual, check_capacity, given_up
from planner.ledger.carbon import check_carbon_balance, check_emissions, check_sources, emissions_of, of_standard
from planner.ledger.connections import (
    check_certificates,
    check_changes,
    check_charges,
    check_contracts,
    check_credits,
    check_limits,
    check_schemes,
    check_supplies,
)
from planner.ledger.equipment import (
    check_captures,
    check_chargers,
    check_commitment,
    check_converters,
    check_flexibility,
    check_links,
    check_sinks,
    check_stores,
)
from planner.ledger.figures import Book, Builds, Figures
from planner.ledger.flows import (
    LedgerHours,
    LedgerYear,
    check_balances,
    check_demands,
    check_measures,
    check_places,
    check_planting,
    check_totals,
    energy_after_measures,
    flows_of,
    hours_in,
    hours_of,
    in_force,
)
from planner.ledger.money import check_capital_columns, check_costs, check_tenants, decisions_cash, operating_cash
from planner.ledger.outages import check_outage_weeks, check_outages, check_reserves, check_responses, check_whole_units
from planner.ledger.stages import check_budgets, check_rules, check_stages
from planner.plan import BUSINESS, LEAST_COST, REFERENCE, TARGET, ByYear, Plan

#: Tables of the decisions, read whole; the others are read year by year.
DECISION_TABLES = ("investments", "retirements", "capacity", "reserves", "responses", "schemes", "measures", "restoration")


class Ledger:
    """The books of one plan.

    Give the decisions once, then one year's operation at a time: the tables of a year may be dropped before the next.

    case       what was stated
    plan       name of the plan: which rules bind, what may be done
    base       emissions that the ratios are of (t)
    decisions  tables investments, retirements, capacity, reserves, responses, schemes, measures, restoration, of all years
    tolerance  share of what a metric divides by within which a rule holds
    """

    def __init__(self, case: Case, plan: str, base: float, decisions: Mapping[str, pd.DataFrame], tolerance: float = 0.0) -> None:
        self.tolerance = tolerance
        self.figures, self.plan, self.base, self.decisions = Figures(case), plan, base, decisions
        self.book, self.builds = Book(), Builds(decisions)

    def check_decisions(self) -> None:
        """Capacity, measures, planting and the money beside them, and the base emissions where they are stated."""
        in_reference = self.plan in (REFERENCE, BUSINESS)
        check_capacity(self.book, self.figures, self.decisions, self.plan)
        if self.plan == BUSINESS:
            check_as_usual(self.book, self.figures, self.decisions)
        check_measures(self.book, self.figures, self.decisions, in_reference)
        check_planting(self.book, self.figures, self.decisions, in_reference)
        check_reserves(self.book, self.figures, self.decisions, self.plan)
        check_responses(self.book, self.figures, self.decisions)
        check_capital_columns(self.book, self.figures, self.decisions)
        stated = self.figures.park.base_emissions
        if stated is not None:
            self.book.equal("base emissions (t)", None, "the park", self.base, stated)

    def check_year(self, y: int, tables: Mapping[str, pd.DataFrame], hours: LedgerHours) -> LedgerYear:
        """The operation of a year: flows, equipment, boundary, carbon, stages and money; returns what the checks read of it.

        tables hold the year's rows of all tables, dispatch over the snapshots that `hours` has.
        """
        in_reference = self.plan in (REFERENCE, BUSINESS)
        year = self.open(y, tables, hours)
        check_places(year)
        check_balances(year)
        check_totals(year)
        check_demands(year)
        check_flexibility(year)
        check_chargers(year)
        check_converters(year)
        check_commitment(year)
        check_stores(year)
        check_captures(year)
        check_sinks(year)
        check_links(year)
        check_supplies(year)
        check_limits(year)
        check_schemes(year)
        check_contracts(year)
        check_charges(year)
        check_certificates(year, in_reference)
        check_credits(year, in_reference)
        found = emissions_of(year, self.base)
        check_emissions(year, found)
        check_sources(year)
        check_carbon_balance(year, found)
        of_rules = of_standard(year, found, getattr(self.base, "standard", self.base))
        check_stages(year, of_rules, self.plan == TARGET, self.tolerance)
        check_rules(year, found, self.plan in (TARGET, LEAST_COST), self.tolerance)
        check_tenants(year)
        cash = decisions_cash(self.figures, self.decisions, self.builds, y) | operating_cash(year, found["scope1"])
        check_costs(year, cash, given_up(self.figures, self.decisions, y), self.builds)
        return year

    def open(self, y: int, tables: Mapping[str, pd.DataFrame], hours: LedgerHours) -> LedgerYear:
        """All that the checks of a year read."""
        hours = hours_in(hours, self.figures.case, y)
        capacity = tables["capacity"]
        return LedgerYear(
            self.book,
            self.figures,
            hours,
            y,
            tables,
            flows=flows_of(self.book, hours, y, tables["dispatch"]),
            capacity=dict(zip(capacity["technology"], capacity["capacity"].tolist(), strict=True)),
            demand=energy_after_measures(self.figures, in_force(self.figures, self.decisions, y), y),
        )

    def close(self) -> None:
        """Raise LedgerError where anything disagreed."""
        self.book.close(self.plan)


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """The same with texts as Python has them: read cell by cell, as here, those of Arrow take many times as long."""
    if table.empty:
        return table
    texts = {name for name, kind in table.dtypes.items() if isinstance(kind, pd.StringDtype) and kind.storage == "pyarrow"}
    if not texts:
        return table
    return pd.DataFrame({name: own.to_numpy(object) if name in texts else own.array for name, own in table.items()}, copy=False)


class OfYear(Mapping[str, pd.DataFrame]):
    """The rows of a year, of all tables that have a year; cut out once a check asks for them, for many have no row.

    `dispatch`: the hours of the year, where they are none of the tables.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], y: int, dispatch: pd.DataFrame | None = None) -> None:
        self._whole, self._y = {name: table for name, table in tables.items() if "year" in table}, y
        self._cut = {} if dispatch is None else {"dispatch": dispatch}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._cut:
            self._cut[name] = _rows_of(self._whole[name], self._y)
        return self._cut[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._whole, **self._cut})

    def __len__(self) -> int:
        return len({**self._whole, **self._cut})


def _rows_of(table: pd.DataFrame, y: int) -> pd.DataFrame:
    """The rows of a year; without a copy where the years are whole numbers that stand in order."""
    if table.empty:
        return table
    years = table["year"].to_numpy()
    if years.dtype.kind not in "iu" or (years[1:] < years[:-1]).any():
        return table[table["year"] == y]
    first, last = (np.searchsorted(years, years.dtype.type(y), side) for side in ("left", "right"))
    return table.iloc[first:last]


def check_plan(case: Case, plan: Plan, base: float, tolerance: float = 0.0, shares_contracts: bool = False) -> None:
    """Every number of a plan that has tables, worked out again. Raises LedgerError where one disagrees.

    A rule holds within the `tolerance`, a share of what its metric divides by. `shares_contracts`: it is contracted for other
    futures too, so that this one may need less.
    """
    dispatch_of = plan.tables.dispatch_of if isinstance(plan.tables, ByYear) else None
    whole = {name: plain(plan.tables[name]) for name in plan.tables if name != "dispatch" or dispatch_of is None}
    ledger = Ledger(case, plan.name, base, {name: whole[name] for name in DECISION_TABLES}, tolerance)
    ledger.figures.shares_contracts = shares_contracts
    ledger.check_decisions()
    hours = hours_of(case, whole)
    for y in ledger.figures.years:
        year = ledger.check_year(y, OfYear(whole, y, None if dispatch_of is None else dispatch_of(y)), hours)
        if y in plan.units:
            check_whole_units(year, ledger.builds, plan.units[y].parts)
        if plan.name in (TARGET, LEAST_COST):
            check_outages(year, ledger.builds, plan.outages)
            check_outage_weeks(year, ledger.builds, plan.outage_weeks)
    check_changes(ledger.book, ledger.figures, whole["schemes"])
    check_budgets(ledger.book, ledger.figures, whole, base, plan.name in (TARGET, LEAST_COST), tolerance)
    terms = float(whole["system_cost"]["value"].sum())
    assert plan.system_cost is not None
    ledger.book.equal("system cost", None, "the plan", plan.system_cost, terms)
    ledger.close()
