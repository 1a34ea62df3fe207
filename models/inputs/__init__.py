"""Inputs: from what was said to the numbers that the equations need. No Pyomo, no pandas, no files.

Here, and only here, defaults are resolved, years interpolated, units fixed, money discounted, calendars weighted
and index sets made sparse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from models.case import Case, Goal
from models.inputs.boundary import Connections, Contracts, Supplies, resolve_connections, resolve_contracts, resolve_supplies
from models.inputs.calendar import Calendar, TypicalDays, make_calendar
from models.inputs.capacity import ANY, DECIDED, EXISTING, SIGNED, Capacity, assets_of, order_years, resolve_capacity
from models.inputs.carbon import Carbon, Offsets, RestorationProjects, Rule, resolve_carbon, resolve_offsets, resolve_restoration
from models.inputs.demand import (
    Demands,
    Flexibility,
    Measures,
    Responses,
    Vehicles,
    resolve_demands,
    resolve_flexibility,
    resolve_measures,
    resolve_responses,
    resolve_vehicles,
    year_bands,
)
from models.inputs.equipment import (
    Captures,
    Commitment,
    Conversion,
    Network,
    Storage,
    resolve_captures,
    resolve_commitment,
    resolve_conversion,
    resolve_network,
    resolve_storage,
)
from models.inputs.finance import CostTable, Finance, Standard, each_over_years, resolve_finance, resolve_standard
from models.inputs.reserves import Outages, Reserves, resolve_outages, resolve_reserves
from models.units import yearly_factor

__all__ = ["ANY", "DECIDED", "EXISTING", "SIGNED", "Calendar", "Inputs", "Rule", "TypicalDays", "resolve", "resolve_existing"]

#: What of each part profiles change, beside all of `flexibility`.
SHAPED = {
    "conversion": ("availability", "ports"),
    "storage": ("inflow_shape",),
    "captures": ("fuel_shape",),
    "supplies": ("shape", "highest", "factor_shape"),
    "contracts": ("shape",),
    "demands": ("shape",),
    "reserves": ("firm", "peaks", "derating"),
}


@dataclass(frozen=True)
class Products:
    """Products of tenants, and what is embodied in orders; nothing of a plan depends on them unless what is embodied counts.

    amount   what is made in a year                          t (tenant,product,y)
    part     share of the tenant's emissions that it bears   1 (tenant,product,y)
    process  whose a process is                              (q) -> tenant; absent = nobody's in particular
    embodied  emissions of making and building an order       t/capacity (k,v); absent = 0
    counts_embodied   True if these are emissions of scope 3 of the year of the order
    """

    amount: dict[tuple[str, str, int], float] = field(default_factory=dict)
    part: dict[tuple[str, str, int], float] = field(default_factory=dict)
    process: dict[str, str] = field(default_factory=dict)
    embodied: dict[tuple[str, int], float] = field(default_factory=dict)
    counts_embodied: bool = False


@dataclass(frozen=True)
class Inputs:
    """Everything that the two models read, one part a subject."""

    years: tuple[int, ...]
    calendar: Calendar
    finance: Finance
    capacity: Capacity
    conversion: Conversion
    storage: Storage
    network: Network
    captures: Captures
    commitment: Commitment
    supplies: Supplies
    connections: Connections
    contracts: Contracts
    demands: Demands
    measures: Measures
    offsets: Offsets
    restoration: RestorationProjects
    carbon: Carbon
    reserves: Reserves
    standard: Standard
    outages: Outages = field(default_factory=Outages)
    flexibility: Flexibility = field(default_factory=Flexibility)
    vehicles: Vehicles = field(default_factory=Vehicles)
    responses: Responses = field(default_factory=Responses)
    products: Products = field(default_factory=Products)
    columns: tuple[tuple[str, str], ...] = ()
    """Profiles that have the values of another column, and that column."""
    shapes: Mapping[int, Inputs] = field(default_factory=dict)
    """Inputs resolved with the profiles of each year, where these are not the same in all; above stand those of the first year."""

    def at(self, y: int) -> Inputs:
        """The inputs with the profiles of a year."""
        if y not in self.shapes:
            return self
        now = self.shapes[y]
        parts: dict[str, Any] = {
            part: replace(getattr(self, part), **{name: getattr(getattr(now, part), name) for name in names})
            for part, names in SHAPED.items()
        }
        return replace(self, shapes={}, columns=now.columns, flexibility=now.flexibility, **parts)

    def stated(self, y: int) -> dict[tuple[str, str], float]:
        """Links of a year that no decision changes: CO2 of processes (t/h) and what flows into stores (MW), by kind and name."""
        co2 = {("process", q): amount for (q, when), amount in self.captures.process_co2.items() if when == y}
        return co2 | {("inflow", s): amount for s, amount in self.storage.inflow.items()}

    def columns_of(self, y: int) -> tuple[tuple[str, str], ...]:
        """Profiles that have the values of another column in a year: equal for years whose hours differ in no profile."""
        return self.shapes[y].columns if y in self.shapes else self.columns


def resolve(case: Case, goal: Goal | None, base: float, days: TypicalDays | None = None) -> Inputs:
    """The inputs of a case under a goal.

    base is the gross emission (t) that ratios are of; days are the typical days, None for every hour of the profiles.
    """
    years = tuple(range(case.park.first_year, case.park.last_year + 1))
    return _resolve(case, years, goal, base, days, existing_only=False)


def resolve_existing(case: Case) -> Inputs:
    """The inputs of the existing park in its base year, in all hours of the profiles: nothing built, adopted, certified or offset.

    A supply that is offered only in other years stands still, and so does an as-generated contract that has no first_year.
    """
    inputs = _resolve(case, (case.park.base_year,), None, 1.0, None, existing_only=True)
    bare = case.model_copy(update={"measures": (), "savings": (), "offsets": (), "restoration": ()})
    years = inputs.years
    return replace(
        inputs,
        supplies=replace(inputs.supplies, certificates=()),
        measures=resolve_measures(bare, years),
        offsets=resolve_offsets(bare, years),
        restoration=resolve_restoration(bare, years),
    )


def _resolve(
    case: Case, years: Sequence[int], goal: Goal | None, base: float, days: TypicalDays | None, existing_only: bool
) -> Inputs:
    """Those of the first year's profiles, with the shapes of each year where profiles change."""
    by_columns: dict[tuple[tuple[str, str], ...], Inputs] = {}
    for y in years:
        columns = case.columns(y)
        if columns not in by_columns:
            own = {name: days.profiles[column] for name, column in columns if column in days.profiles} if days else {}
            of_year = replace(days, profiles={**days.profiles, **own}) if days and own else days
            now = _resolve_alike(case, case.in_year(y), years, goal, base, of_year, existing_only)
            by_columns[columns] = replace(now, columns=columns)
    first = by_columns[case.columns(years[0])]
    if not existing_only:
        first = replace(first, outages=resolve_outages(case, years, first.capacity))
    if len(by_columns) == 1:
        return first
    return replace(first, shapes={y: by_columns[case.columns(y)] for y in years})


def _resolve_alike(
    whole: Case, case: Case, years: Sequence[int], goal: Goal | None, base: float, days: TypicalDays | None, existing_only: bool
) -> Inputs:
    """The inputs of a case whose profiles change no more; `whole`: with those of all years."""
    years = tuple(years)
    calendar = make_calendar(case.hours, days)
    profiles: Mapping[str, np.ndarray] = days.profiles if days else case.profiles
    bands = year_bands(case, days)
    demands = resolve_demands(case, years, calendar, profiles, bands)
    return Inputs(
        years=years,
        calendar=calendar,
        finance=resolve_finance(case, years),
        capacity=resolve_capacity(whole, years, existing_only),
        conversion=resolve_conversion(case, years, profiles),
        storage=resolve_storage(case, years, calendar, profiles),
        network=resolve_network(case, years),
        captures=resolve_captures(case, years, profiles),
        commitment=resolve_commitment(case, years),
        supplies=resolve_supplies(case, years, days, existing_only),
        connections=resolve_connections(case, years),
        contracts=resolve_contracts(case, years, days, existing_only),
        demands=demands,
        vehicles=resolve_vehicles(case, bands, years),
        products=resolve_products(case, years, existing_only),
        measures=resolve_measures(case, years),
        offsets=resolve_offsets(case, years),
        restoration=resolve_restoration(case, years),
        reserves=resolve_reserves(case, years, existing_only),
        carbon=resolve_carbon(case.model_copy(update={"rules": ()}) if existing_only else case, years, goal, base),
        standard=resolve_standard(case, years),
        responses=Responses() if existing_only else resolve_responses(whole, years),
        flexibility=Flexibility() if existing_only else resolve_flexibility(case, years, calendar, demands.shape),
    )


def resolve_products(case: Case, years: Sequence[int], existing_only: bool = False) -> Products:
    """Amounts of every year; products without a share share by amount, or alike where nothing is made."""
    stated = (((row.tenant, row.product), row.year, row.amount * yearly_factor(row.unit, "t")) for row in case.products)
    amount = each_over_years(stated, years)
    share = {(row.tenant, row.product): row.share for row in case.products if row.share is not None}
    part = {}
    for (who, product, y), value in amount.items():
        own = [v for (other, _, z), v in amount.items() if (other, z) == (who, y)]
        by_amount = value / sum(own) if sum(own) > 0 else 1 / len(own)
        part[who, product, y] = share.get((who, product), by_amount)
    process = {row.source: row.tenant for row in case.process_emissions if row.tenant}
    return Products(amount, part, process, _embodied(case, years), case.park.count_embodied and not existing_only)


def _embodied(case: Case, years: Sequence[int]) -> dict[tuple[str, int], float]:
    """What is embodied in an order of each asset and year."""
    table = CostTable(case.costs, years, case.park.currency)
    found: dict[tuple[str, int], float] = {}
    for asset in assets_of(case):
        tonnes = table.series(asset.type, "embodied", f"t/({asset.per})", asset.length, order_years(asset, case, years))
        found |= {(asset.name, v): value for v, value in tonnes.items()}
    return found
