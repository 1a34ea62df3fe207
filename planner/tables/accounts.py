"""Emissions and stages of a solved year, as they are reported."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from pyomo.core import ConcreteModel, value

from models.inputs import ANY, EXISTING, Inputs, TypicalDays
from models.inputs.capacity import Part
from models.investment import links_of
from models.investment.capacity import order, ordered_of, standing
from models.investment.cost import capital_cost, ownership_cost, system_cost_of_year
from models.investment.reserve import demand_of, needed
from models.linear import weighted
from models.metrics import CUMULATED, OF_RULES
from models.operation.boundary import emitting_imports
from models.operation.carbon import figure_of_rule, outside_projects
from models.operation.equipment import present_pairs
from models.operation.links import SolvedYear
from planner.tables.flows import (
    STATES,
    Dispatch,
    DispatchFlow,
    Tables,
    charge_rows,
    charger_rows,
    contract_rows,
    flexibility_rows,
    flows_of_year,
    response_rows,
)
from planner.tables.schema import COLUMNS
from planner.tables.tenants import Borne, borne_by_tenants, matched_flows, tenant_rows

# --- retirements -----------------------------------------------------------------------------------------------------------
# What a plan retires, of which order and when, and the value beyond the horizon that goes with it.

#: Below this, a quantity is noise of the solver and is not listed; little by little is much.
NOISE = 1e-6

#: Year, asset, year of the order (0 of what stood before), capacity.
Retirement = tuple[int, str, int, float]


def retirements(model: ConcreteModel, inputs: Inputs) -> list[Retirement]:
    """All that is retired early, by year; what the model gives up of the value beyond the horizon is then of just that."""
    pooled = dict.fromkeys(k for k, cohort, _ in inputs.capacity.retirements if cohort == ANY)
    found = sorted([*_of_orders(model, inputs), *(own for k in pooled for own in _of_pool(model, inputs, k))])
    _give_up(model, inputs, found)
    return found


def _of_orders(model: ConcreteModel, inputs: Inputs) -> Iterator[Retirement]:
    """Of assets whose orders are told apart. What is too little is listed with what is retired of the same order later."""
    little: dict[tuple[str, int], float] = {}
    for k, cohort, z in sorted(inputs.capacity.retirements):
        if cohort == ANY:
            continue
        retired = little.pop((k, cohort), 0.0) + model.retire[k, cohort, z].value
        if retired > NOISE:
            yield z, k, cohort, retired
        else:
            little[k, cohort] = retired


def _of_pool(model: ConcreteModel, inputs: Inputs, k: str) -> Iterator[Retirement]:
    """Of an asset whose orders are not: what works less in a year than is left alive, of the orders with the least value beyond the
    horizon, of those the first to end.
    """
    capacity = inputs.capacity
    sizes = {v: value(weighted(order(model, inputs, k, v))) for own, v in capacity.lasts if own == k}
    works = {v: capacity.works[k, v] for v in sizes if capacity.works[k, v]}
    left: dict[int, float] = {}
    for y in (y for own, cohort, y in capacity.retirements if (own, cohort) == (k, ANY)):
        left = {v: size for v, size in left.items() if y in works[v]} | {v: sizes[v] for v in works if works[v][0] == y}
        working = model.ordered[k, y] if (k, y) in model.ordered else model.capacity[k, y]
        over = sum(left.values()) - working.value
        old = {v: sizes[v] - size for v, size in left.items() if capacity.lasts[k, v][0] < y}
        for v, retired in _taken(model, inputs, k, old, over) if over > NOISE else ():
            if retired > NOISE:
                left[v] -= retired
                yield y, k, v, retired


def _taken(model: ConcreteModel, inputs: Inputs, k: str, gone: Mapping[int, float], amount: float) -> Iterator[tuple[int, float]]:
    """How much of an amount is taken of each order, of which so much is gone already."""
    pieces = [(loss, v, size) for v, less in gone.items() for loss, size in _left(model, inputs, k, v, less)]
    taken: dict[int, float] = {}
    for _, v, size in sorted(pieces, key=lambda piece: piece[:2]):
        taken[v] = taken.get(v, 0.0) + min(size, amount)
        amount -= min(size, amount)
    yield from sorted(taken.items())


def _left(model: ConcreteModel, inputs: Inputs, k: str, v: int, gone: float) -> Iterator[tuple[float, float]]:
    """The parts of an order: value beyond the horizon of a unit, and how much is left, once what has the least value is gone."""
    counted = [(loss, ordered_of(model, inputs, [part])) for loss, part in _parts(inputs, k, v)]
    for loss, ordered in counted or [(0.0, order(model, inputs, k, v))]:
        size = float(value(weighted(ordered)))
        yield loss, max(size - gone, 0.0)
        gone = max(gone - size, 0.0)


def _parts(inputs: Inputs, k: str, v: int) -> list[tuple[float, Part]]:
    """Parts of an order that are counted, those with the least value first."""
    return sorted((loss, part) for part, loss in inputs.capacity.given_up.items() if part[:2] == (k, v))


def _give_up(model: ConcreteModel, inputs: Inputs, retired: list[Retirement]) -> None:
    """Set what is given up of each order to what is listed: a point of the search may have more, and orders that are not listed."""
    total: dict[tuple[str, int], float] = {}
    for _, k, v, size in retired:
        total[k, v] = total.get((k, v), 0.0) + size
    for k, v in dict.fromkeys(part[:2] for part in inputs.capacity.given_up):
        gone = total.get((k, v), 0.0)
        for _, part in _parts(inputs, k, v):
            size = min(gone, float(value(weighted(ordered_of(model, inputs, [part])))))
            model.given_up[part].set_value(size)
            gone -= size


# --- accounts --------------------------------------------------------------------------------------------------------------

#: Item of emissions.csv -> figure of the model.
ITEMS = {
    "scope1": "scope1",
    "scope2_location": "scope2_location",
    "scope2_market": "scope2_market",
    "scope3": "scope3",
    "gross": "gross",
    "avoidance": "avoidance",
    "removal_credits": "removal_credits",
    "captured_fossil": "captured_fossil",
    "captured_removals": "captured_removals",
    "energy_use": "energy_use",
    "clean_energy": "clean_energy",
    "electricity_used": "electricity_used",
    "direct_green": "direct_green",
}
#: Within this share of a limit, or in its own unit where that is more, a rule holds that was solved exactly.
EXACT = 1e-6
UNITS = {"energy_use": "tce", "clean_energy": "tce", "electricity_used": "MWh", "direct_green": "MWh"}


def counted_restoration(model: ConcreteModel, year: SolvedYear, inputs: Inputs, y: int) -> tuple[dict[str, float], float]:
    """The most of each project's uptake that the year's rules allow to be counted, and the whole uptake (t).

    The optimum may count less where more is of no use; what is reported is the most. Only `offset_ratio` limits it,
    and only outside the park; a rule that asks for *at least* some net emissions leaves the optimum's own number.
    """
    restoration = inputs.restoration
    grown = {
        p: sum(restoration.uptake[p, v, y] * model.plant[p, v].value for v in inputs.years if y in restoration.kept[p, v])
        for p in restoration.projects
    }
    rules = inputs.carbon.rules.get(y, ())
    chosen = {p: year.counted[p].value for p in restoration.projects}
    if any(r.sense == ">=" and r.metric in ("net_ratio", "offset_ratio") for r in rules):
        return chosen, sum(grown.values())
    counted = {p: max(grown[p], 0.0) for p in restoration.projects}
    outside = outside_projects(inputs)
    limits = [r.limit * inputs.carbon.base_of(r) for r in rules if r.metric == "offset_ratio"]
    room = min(limits, default=math.inf) - year.figure["avoidance"].value - year.figure["removal_credits"].value
    for p in outside:
        counted[p] = max(chosen[p], min(counted[p], max(room, 0.0)))
        room -= counted[p]
    return counted, sum(grown.values())


def emission_rows(
    model: ConcreteModel, year: SolvedYear, inputs: Inputs, y: int
) -> tuple[list[tuple[str, float, str]], dict[str, float]]:
    """(item, value, unit) of the year, and the restoration counted by project."""
    counted, uptake = counted_restoration(model, year, inputs, y)
    gross, location = (sum(year.figure[n].value for n in names) for names in (("gross",), ("scope1", "scope2_location", "scope3")))
    net = _net(year, counted)
    rows = [(item, year.figure[name].value, UNITS.get(item, "t")) for item, name in ITEMS.items()]
    rows += [
        ("certified", sum(v.value for v in year.certified.values()), "MWh"),
        ("restoration", sum(counted.values()), "t"),
        ("restoration_uptake", uptake, "t"),
        ("net", net, "t"),
        ("gross_location", location, "t"),
        ("net_location", net + location - gross, "t"),
        ("base", inputs.carbon.base, "t"),
    ]
    return rows, counted


def embodied_of(model: ConcreteModel, inputs: Inputs, y: int) -> dict[str, float]:
    """Tonnes embodied in the orders of a year, by what is ordered; none where the park does not count them."""
    if not inputs.products.counts_embodied:
        return {}
    sizes = {k: value(weighted(order(model, inputs, k, y))) for k, v in inputs.products.embodied if v == y}
    return {k: size * each for k, size in sizes.items() if size > NOISE and (each := inputs.products.embodied[k, y])}


def source_rows(year: SolvedYear, inputs: Inputs, y: int, embodied: Mapping[str, float]) -> list[tuple[str, str, float, str]]:
    """(source, item, value, unit): where the tonnes of the year come from, and what capture and certificates take off; `embodied`
    in orders counts to scope 3 (t).

    The rows of a scope add up to its item of the table of emissions: scope1 + scope1_captured, scope2_location,
    scope2_market + scope2_certified, scope3 + scope3_captured.
    """
    supplies, carbon, captures = inputs.supplies, inputs.carbon, inputs.captures
    own = supplies.market if carbon.accounting == "market" else supplies.location
    rows = []
    for s in supplies.importers:
        bought = year.imported[s].value
        if supplies.scope.get(s) == 1:
            rows.append((s, "scope1", bought * own[s, y]))
        elif supplies.scope.get(s) == 2:
            for basis, factor in (("location", supplies.location), ("market", supplies.market)):
                rows.append((s, f"scope2_{basis}", emitting_imports(year, inputs, s, basis).value * factor[s, y]))
    for c in year.certified:
        s = supplies.certificate_supply[c]
        if supplies.scope.get(s) == 2:
            rows.append((c, "scope2_certified", -year.certified[c].value * supplies.market[s, y]))
    rows += [(q, f"scope{scope}", tonnes) for (q, scope, z), tonnes in carbon.process_of.items() if z == y]
    rows += [(k, "scope3", tonnes) for k, tonnes in embodied.items()]
    taken: dict[str, float] = {}
    for k, q in present_pairs(inputs, y):
        taken[q] = taken.get(q, 0.0) + (1 - captures.removal_share[q, y]) * year.captured_total[k, q].value
    rows += [(q, f"scope{captures.process_scope.get(q, 1)}_captured", -tonnes) for q, tonnes in taken.items()]
    return [(source, item, tonnes, "t") for source, item, tonnes in rows]


def rule_rows(
    year: SolvedYear,
    inputs: Inputs,
    y: int,
    counted: dict[str, float],
    tolerance: float = 0.0,
    lasting: bool = False,
    matched: float | None = None,
) -> list[tuple]:
    """(year, stage, metric, value, sense, limit, tolerance, holds, numerator, denominator) of every rule of the stage in force, or
    of those of rules.csv, which are `lasting`; budgets over years are apart. `matched` is the most that green power covers of the
    hours' use (MWh).

    It holds within `tolerance`, in the unit of the limit; at least EXACT is told, that of the solver.
    """
    figure = {name: variable.value for name, variable in year.figure.items()}
    figure["net"] = _net(year, counted)
    if inputs.standard.applies:
        figure["standard_net"] = figure["net"] + figure["standard_gross"] - figure["gross"]
    if matched is not None:
        figure["matched"] = matched
    credits = figure["avoidance"] + figure["removal_credits"]
    figure["offset_volume"] = credits + sum(counted[p] for p in outside_projects(inputs))
    rows = []
    for rule in inputs.carbon.rules.get(y, ()):
        if rule.lasting != lasting or rule.metric in CUMULATED:
            continue
        figure["base"] = inputs.carbon.base_of(rule)
        above, below = (figure[figure_of_rule(inputs, name, lasting)] for name in OF_RULES[rule.metric].ratio)
        slack = (rule.limit * below - above) * (1 if rule.sense == "<=" else -1)
        noise = 1e-6 * max(1.0, abs(above), abs(rule.limit * below), inputs.carbon.base * 1e-3)
        within = max(tolerance, EXACT * max(1.0, abs(rule.limit)))
        holds = slack >= -max(noise, within * abs(below))
        ratio = above / below if abs(below) > 1e-9 else math.nan
        rows.append((y, rule.stage, rule.metric, ratio, rule.sense, rule.limit, within, holds, above, below))
    return rows


def factors_of(inputs: Inputs) -> str:
    """Whose factors the rules of stages are worked out with."""
    return "standard" if inputs.standard.applies else "park"


def budget_rows(emissions: Iterable[tuple], inputs: Inputs, tolerance: float = 0.0) -> list[tuple]:
    """(year, rule, metric, value, sense, limit, tolerance, holds) of every budget over years, by its first year.

    emissions  rows (year, item, value, unit) of all years
    """
    by_year = {(item, y): value for y, item, value, _ in emissions}
    rows = []
    for budget in inputs.carbon.budgets:
        rule, years = budget.rule, [y for y in inputs.years if y >= budget.first]
        total = sum(max(by_year[CUMULATED[rule.metric].numerator, y], 0.0) for y in years)
        within = max(tolerance * inputs.carbon.base * len(years), EXACT * max(1.0, abs(rule.limit)))
        holds = total <= rule.limit + max(within, 1e-6 * inputs.carbon.base * 1e-3 * len(years))
        rows.append((budget.first, budget.name, rule.metric, total, rule.sense, rule.limit, within, holds))
    return rows


def _net(year: SolvedYear, counted: dict[str, float]) -> float:
    taken = sum(year.figure[n].value for n in ("avoidance", "removal_credits", "captured_removals"))
    return year.figure["gross"].value - taken - sum(counted.values())


# --- reserves --------------------------------------------------------------------------------------------------------------
# What is held in reserve: firm capacity, the highest demand, the largest unit and what they require.


#: Hours of which not more of the required is left than this share beside the tightest are as tight.
ALIKE = 1e-6


def reserve_rows(model: ConcreteModel, inputs: Inputs, gone: Sequence[Retirement]) -> Iterator[tuple]:
    """Rows of reserves.csv (year, carrier, zone, item, value, unit); `gone` is all that is retired early."""
    reserves = inputs.reserves
    for carrier, zone, y in sorted(reserves.margin, key=lambda place: place[2]):
        place, firm = (carrier, zone, y), inputs.at(y).reserves.firm[carrier, zone]
        stands = {k: share for k, share in firm.items() if (k, y) in model.capacity}
        imports = reserves.imports[place]
        for index, most in reserves.over.items():
            if index[:3] == place:
                imports += min(most, *_firm_over(model, inputs, y, index))
        unit = {k: share * max(units_of(model, inputs, gone, k, y), default=0.0) for k, share in stands.items()}
        here = inputs.at(y).reserves
        found = []
        for hour, left in zip(here.peaks[carrier, zone] or ({},), here.derating[carrier, zone] or ({},), strict=True):
            given = imports + math.fsum(a * left.get(k, 1.0) * model.capacity[k, y].value for k, a in stands.items())
            asked = math.fsum(a * needed(inputs, u, y) * value(demand_of(model, inputs, u, y)) for u, a in hour.items())
            asked += math.fsum(model.offer[r, y].value for r in inputs.responses.firm_of(hour))
            largest = max((left.get(k, 1.0) * size for k, size in unit.items()), default=0.0)
            required = (1 + reserves.margin[place]) * asked + (largest if place in reserves.largest_out else 0.0)
            found.append({"firm": given, "demand": asked, "largest_unit": largest, "required": required})
        items = tightest(found)
        yield from ((y, carrier, zone, item, amount, "MW") for item, amount in items.items())


def tightest(hours: Sequence[dict[str, float]]) -> dict[str, float]:
    """Of hours of a reserve the one in which least is left; of like ones that of the highest demand."""
    least = min(hour["firm"] - hour["required"] for hour in hours)
    near = [hour for hour in hours if hour["firm"] - hour["required"] <= least + ALIKE * (1.0 + hour["required"])]
    return max(near, key=lambda hour: hour["demand"])


def _firm_over(model: ConcreteModel, inputs: Inputs, y: int, index: tuple[str, str, int, str]) -> Iterator[float]:
    """Limits of the firm imports over a connection (MW): its capacity, and the scheme in force."""
    connection = index[3]
    if connection in inputs.connections.sized:
        yield model.capacity[connection, y].value if (connection, y) in model.capacity else 0.0
    if index in inputs.reserves.under:
        yield math.fsum(most * round(model.scheme[key, y].value) for key, most in inputs.reserves.under[index].items())


def units_of(model: ConcreteModel, inputs: Inputs, gone: Sequence[Retirement], k: str, y: int) -> Iterator[float]:
    """Size of each unit of an asset that stands in a year."""
    capacity = inputs.capacity
    stood = value(weighted(standing(model, inputs, k, y)))
    if (k, y) in capacity.existing:
        yield from _stood(model, inputs, k, y, stood)
    orders = [v for own, v in capacity.lasts if own == k and y in capacity.works[k, v]]
    if k in capacity.unit_size:
        works = model.capacity[k, y].value - stood
        placed = (v for v in orders if value(weighted(order(model, inputs, k, v))) > NOISE)
        newest = max((capacity.lasting(k, v, y) for v in placed), default=1.0)
        yield newest * capacity.unit_size[k] if works > NOISE * (1 + len(orders)) else 0.0
        return
    for v in orders:
        lost = math.fsum(size for z, own, ordered, size in gone if (own, ordered) == (k, v) and z <= y)
        sizes = [float(a * value(b)) for a, b in order(model, inputs, k, v)] or [0.0]
        left = max(*(size - lost for size in sizes), (math.fsum(sizes) - lost) / len(sizes))  # of the larger first
        yield capacity.lasting(k, v, y) * left


def _stood(model: ConcreteModel, inputs: Inputs, k: str, y: int, stood: float) -> Iterator[float]:
    """What is left of what stood: its units and the rest beside them, or all of it where it has no units."""
    pieces, capacity = inputs.capacity.pieces, inputs.capacity
    if k not in pieces.existing_unit:
        yield stood
        return
    _, rest = pieces.units_of(k, capacity.existing[k, capacity.works[k, EXISTING][0]])
    if any(q.value > 0.5 for (own, z), q in model.retire_rest.items() if own == k and z <= y):
        rest = 0.0
    yield rest
    yield pieces.existing_unit[k] if stood - rest > 10 * NOISE else 0.0


# --- tables ----------------------------------------------------------------------------------------------------------------
# Result tables: from the values of a solved model to tidy tables (index columns, value, unit).
#
# Footprints: what each tenant and each of its products bears of the park's emissions in a year, and that per tonne of product.
#
# .. math::
# e_{n,p,i} = \pi_{n,p}\, e_{n,i}, \qquad \varepsilon_{n,p,i} = e_{n,p,i} / a_{n,p}
#
# e  emissions of tenant and item, see `tenants`   t (n,i)     π  part of the product   1 (n,p)     a  amount   t (n,p)
#
# From gate to gate: what energy and processes of the park emit; no raw material, no transport; embodied emissions of equipment
# only where the park counts them, shared as what belongs to nobody is.

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
TENANT_ITEMS = ("scope1", "scope2_location", "scope2_market", "scope3", "captured", "certificates")
#: Of them those that are told per tonne of product: specific emissions.
SPECIFIC = ("scope1", "scope2_location", "scope2_market")


def footprint_rows(borne: Mapping[str, Borne], inputs: Inputs, y: int) -> Iterator[tuple[str, str, str, float, str]]:
    """(tenant, product, item, value, unit) of a year; a product of which nothing is made has no specific emissions."""
    products = inputs.products
    for who, own in borne.items():
        yield from ((who, "", item, own[item], "t") for item in TENANT_ITEMS)
    for (who, product, z), amount in products.amount.items():
        if z != y:
            continue
        part = products.part[who, product, y]
        yield who, product, "amount", amount, "t"
        yield from ((who, product, item, part * borne[who][item], "t") for item in TENANT_ITEMS)
        if amount > 0:
            yield from ((who, product, f"specific_{item}", part * borne[who][item] / amount, "t/t") for item in SPECIFIC)
