r"""Result tables: from the values of a solved model to tidy tables (index columns, value, unit).

Footprints: what each tenant and each of its products bears of the park's emissions in a year, and that per tonne of product.

.. math::
    e_{n,p,i} = \pi_{n,p}\, e_{n,i}, \qquad \varepsilon_{n,p,i} = e_{n,p,i} / a_{n,p}

e  emissions of tenant and item, see `tenants`   t (n,i)     π  part of the product   1 (n,p)     a  amount   t (n,p)

From gate to gate: what energy and processes of the park emit; no raw material, no transport; embodied emissions of equipment
only where the park counts them, shared as what belongs to nobody is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from pyomo.core import ConcreteModel, value

from models.inputs import Inputs, TypicalDays
from models.investment import links_of
from models.investment.cost import capital_cost, ownership_cost, system_cost_of_year
from models.operation.own_fuel import take_off_what_was_bought
from models.operation.solved import SolvedYear
from planner.tables.accounts import budget_rows, embodied_of, emission_rows, factors_of, rule_rows, source_rows
from planner.tables.contracts import charge_rows, contract_rows
from planner.tables.dispatch import Dispatch, Tables
from planner.tables.flexibility import charger_rows, flexibility_rows, response_rows
from planner.tables.flows import STATES, DispatchFlow, flows_of_year
from planner.tables.matching import matched_flows
from planner.tables.reserves import reserve_rows
from planner.tables.retirements import NOISE, retirements
from planner.tables.schema import COLUMNS
from planner.tables.tenants import Borne, borne_by_tenants, tenant_rows

#: Below this, a number is written 0.
ZERO = 1e-9


def plan_tables(
    model: ConcreteModel,
    inputs: Inputs,
    currency: str,
    days: TypicalDays | None = None,
    operation: Mapping[int, SolvedYear] | None = None,
    tolerance: float = 0.0,
) -> Tables:
    """All tables of a solved park, on the typical days that it was planned on.

    operation  years that were operated apart from the model, with the inputs given here
    tolerance  within which a rule holds, in the unit of its limit; at least that of the solver
    """
    rows: dict[str, list] = {name: [] for name in COLUMNS}
    _decisions(model, inputs, rows, currency)
    dispatch = Dispatch(inputs.calendar.weight)
    for y in inputs.years:
        year, own = (operation or model.year)[y], inputs.at(y)
        take_off_what_was_bought(year, own, y)
        flows = flows_of_year(year, own, y, links_of(model, own, y)) + matched_flows(year, own, y)
        matched = next((inputs.calendar.total(f.values) for f in flows if f.flow == "matched"), None)
        rows["energy"] += _energy(flows, own, y)
        dispatch.add(y, flows)
        _yearly(model, year, own, y, rows, tolerance, currency, matched)
        _costs(model, year, own, y, currency, rows)
        rows["flexibility"] += flexibility_rows(flows, own, y, currency)
        rows["chargers"] += [(y, *row) for row in charger_rows(flows, own)]
        borne = borne_by_tenants(own, y, rows)
        rows["tenants"] += tenant_rows(flows, own, y, borne, currency)
        rows["footprints"] += [(y, *row) for row in footprint_rows(borne, own, y)]
    rows["rules"] += budget_rows(rows["emissions"], inputs, tolerance)
    rows["budget"] += [(y, money, currency) for y, money in sorted(inputs.finance.budget.items())]
    if days is not None:
        _typical_days(days, rows)
    tables = {name: pd.DataFrame(own, columns=list(COLUMNS[name])) if own else _empty(name).copy() for name, own in rows.items()}
    for table in (own for own in tables.values() if len(own)):
        for column, kind in table.dtypes.items():
            if kind.kind == "f":
                numbers = table[column].to_numpy()
                table[column] = np.where(np.abs(numbers) <= ZERO, 0.0, numbers)  # what is no number stays none
    return Tables(tables, dispatch)


@cache
def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame([], columns=list(COLUMNS[name]))


def _decisions(model: ConcreteModel, inputs: Inputs, rows: dict[str, list], currency: str) -> None:
    capacity, measures, restoration = inputs.capacity, inputs.measures, inputs.restoration
    paid = {y: {k: _number(e) for k, e in capital_cost(model, inputs, y, seen=False).items()} for y in inputs.years}
    for (k, v), size in sorted(capacity.committed.items(), key=lambda order: order[0][1]):
        built = size * inputs.products.embodied.get((k, v), 0.0)
        signed = (v, k, size, capacity.label[k], capacity.committed_cost[k, v], *capacity.lasts[k, v], 1, currency, built)
        rows["investments"].append(signed)
    for y in inputs.years:
        for k in capacity.assets:
            if (k, y) in model.build and model.build[k, y].value > NOISE:
                money = paid[y].get(("capital", k), 0.0) - capacity.committed_cost.get((k, y), 0.0)
                built = model.build[k, y].value * inputs.products.embodied.get((k, y), 0.0)
                row = (y, k, model.build[k, y].value, capacity.label[k], money, *capacity.lasts[k, y], 0, currency, built)
                rows["investments"].append(row)
            if k in capacity.present[y]:
                rows["capacity"].append((y, k, model.capacity[k, y].value, capacity.label[k]))
        for m in measures.measures:
            if (m, y) in model.adopt and model.adopt[m, y].value > 0.5:
                rows["measures"].append((y, m, paid[y].get(("measures", m), 0.0), y + measures.lasts[m] - 1, currency))
        for p in restoration.projects:
            grown = sum(restoration.uptake[p, v, y] * model.plant[p, v].value for v in inputs.years if y in restoration.kept[p, v])
            rows["restoration"] += [
                (y, p, "planted", model.plant[p, y].value, "ha"),
                (y, p, "kept_up", model.area[p, y].value, "ha"),
                (y, p, "uptake", grown, "t"),
            ]
    gone = retirements(model, inputs)
    rows["retirements"] += [(z, k, v, size, capacity.label[k]) for z, k, v, size in gone]
    rows["reserves"] += reserve_rows(model, inputs, gone)
    rows["responses"] += response_rows(model, inputs, currency)


def _yearly(
    model: ConcreteModel,
    year: SolvedYear,
    inputs: Inputs,
    y: int,
    rows: dict[str, list],
    tolerance: float,
    currency: str,
    matched: float | None,
) -> None:
    offsets, supplies = inputs.offsets, inputs.supplies
    for o in offsets.offsets:
        bought = year.credits[o].value
        rows["offsets"].append((y, o, offsets.kind[o], bought, "t", bought * offsets.price[o, y], currency))
    for c in year.certified:
        used = year.certified[c].value
        cost = used * supplies.certificate_price[c, y]
        rows["certificates"].append((y, c, supplies.certificate_supply[c], used, "MWh", cost, currency))
    for b, i in year.peak:
        month = i + 1 if len(inputs.calendar.billing) == 12 else "all"
        paid = year.peak[b, i].value
        if b in supplies.ratchet:
            paid += supplies.ratchet[b] * year.contracted[supplies.ratchet_of[b]].value
        rows["connections"] += charge_rows(model, inputs, y, b, ("peak", month, paid, "MW"))
    for b in (b for b in year.contracted if b not in supplies.ratchet_of.values()):
        item = "contracted" if inputs.supplies.charge_of[b] == b else "peak"
        rows["connections"] += charge_rows(model, inputs, y, b, (item, "all", year.contracted[b].value, "MW"))
    for c, names in inputs.connections.schemes.items():
        keys = zip(names, inputs.connections.keys(c), strict=True)
        rows["schemes"] += [(y, c, name) for name, key in keys if model.scheme[key, y].value > 0.5]
    rows["contracts"] += [(y, *row) for row in contract_rows(model, year, inputs, y, currency)]
    for s, day in year.at_start:
        rows["seasonal"].append((y, s, day + 1, year.at_start[s, day].value, "MWh"))
    figures, counted = emission_rows(model, year, inputs, y)
    rows["emissions"] += [(y, item, number, unit) for item, number, unit in figures]
    rows["emission_sources"] += [(y, *row) for row in source_rows(year, inputs, y, embodied_of(model, inputs, y))]
    rows["restoration"] += [(y, p, "counted", tonnes, "t") for p, tonnes in counted.items()]
    for *row, above, below in rule_rows(year, inputs, y, counted, tolerance):
        rows["stages"].append((*row, factors_of(inputs), above, below))
    rows["rules"] += [tuple(row[:-2]) for row in rule_rows(year, inputs, y, counted, tolerance, lasting=True, matched=matched)]


def _typical_days(days: TypicalDays, rows: dict[str, list]) -> None:
    rows["typical_days"] += [(day, int(d)) for day, d in enumerate(days.of_day, 1)]
    rows["planned_days"] += [(day, int(d), int(days.drawn[d]) + 1) for day, d in enumerate(days.of_day, 1)]
    for name, values in days.profiles.items():
        for table in ("profiles", "planned_profiles"):
            rows[table] += [(hour, name, v) for hour, v in enumerate(values.tolist())]


def _costs(model: ConcreteModel, year: SolvedYear, inputs: Inputs, y: int, currency: str, rows: dict[str, list]) -> None:
    cash = capital_cost(model, inputs, y, seen=False) | ownership_cost(model, inputs, y) | year.cost_terms
    seen = system_cost_of_year(model, inputs, y, year.cost_terms)
    for name, terms in (("costs", cash), ("system_cost", seen)):
        rows[name] += [(y, item, who, _number(e), currency) for (item, who), e in terms.items()]


def _energy(flows: list[DispatchFlow], inputs: Inputs, y: int) -> list[tuple]:
    total = inputs.calendar.total
    return [
        (y, f.zone, f.carrier, f.flow, f.name, total(f.values), "t" if f.carrier == "co2" else "MWh")
        for f in flows
        if f.flow not in STATES
    ]


def _number(expression: Any) -> float:
    return float(value(expression))


#: Items of a tenant and of a product (t).
ITEMS = ("scope1", "scope2_location", "scope2_market", "scope3", "captured", "certificates")
#: Of them those that are told per tonne of product: specific emissions.
SPECIFIC = ("scope1", "scope2_location", "scope2_market")


def footprint_rows(borne: Mapping[str, Borne], inputs: Inputs, y: int) -> Iterator[tuple[str, str, str, float, str]]:
    """(tenant, product, item, value, unit) of a year; a product of which nothing is made has no specific emissions."""
    products = inputs.products
    for who, own in borne.items():
        yield from ((who, "", item, own[item], "t") for item in ITEMS)
    for (who, product, z), amount in products.amount.items():
        if z != y:
            continue
        part = products.part[who, product, y]
        yield who, product, "amount", amount, "t"
        yield from ((who, product, item, part * borne[who][item], "t") for item in ITEMS)
        if amount > 0:
            yield from ((who, product, f"specific_{item}", part * borne[who][item] / amount, "t/t") for item in SPECIFIC)
