"""The park in plain Pyomo as a textbook writes it: indexed variables, rules with sums, one capacity a technology and year.

Solved with `appsi_highs`, Pyomo's own way to HiGHS.
"""

from __future__ import annotations

import time
from typing import Any

from pyomo.environ import (
    Binary,
    ConcreteModel,
    Constraint,
    NonNegativeIntegers,
    NonNegativeReals,
    Objective,
    Reals,
    SolverFactory,
    Var,
    quicksum,
)

from benchmarks.measure import Measured
from benchmarks.peers.shared import GAP, Algorithm, cap, capital, existing, factor, largest_import, orders, refuse
from models.inputs import Inputs


def solve(inputs: Inputs, algorithm: Algorithm, measured: Measured, gap: float = GAP) -> None:
    """Build, solve, and note what it took."""
    refuse(inputs)
    began = time.perf_counter()
    model = build(inputs)
    measured.build = time.perf_counter() - began
    solver = SolverFactory("appsi_highs")
    solver.highs_options = {**algorithm.options, "mip_rel_gap": gap}
    solver.config.load_solution = False
    result = solver.solve(model, load_solutions=False)
    measured.objective = float(result["Problem"][0]["Upper bound"])
    measured.bound = float(result["Problem"][0]["Lower bound"])


def build(inputs: Inputs) -> ConcreteModel:
    """The whole park."""
    m = ConcreteModel()
    _decisions(m, inputs)
    _measures(m, inputs)
    _operation(m, inputs)
    _balances(m, inputs)
    _carbon(m, inputs)
    _cost(m, inputs)
    return m


def _decisions(m: ConcreteModel, inputs: Inputs) -> None:
    c = inputs.capacity
    m.build = Var(c.builds, bounds=lambda m, k, v: (0, c.build_max[k, v] if c.build_max[k, v] < 1e9 else None))
    m.capacity = Var(c.assets, inputs.years, within=NonNegativeReals)
    m.units = Var([kv for kv in c.builds if kv[0] in c.unit_size], within=NonNegativeIntegers)
    m.capacity_sum = Constraint(
        c.assets,
        inputs.years,
        rule=lambda m, k, y: m.capacity[k, y] == existing(inputs, k, y) + quicksum(m.build[k, v] for v in orders(inputs, k, y)),
    )
    m.whole = Constraint(list(m.units), rule=lambda m, k, v: m.build[k, v] == c.unit_size[k] * m.units[k, v])


def _measures(m: ConcreteModel, inputs: Inputs) -> None:
    """Energy left of each demand: savings multiply, each product with its four inequalities."""
    measures, energy = inputs.measures, inputs.demands.energy
    steps = [(u, i, y) for u, own in measures.steps.items() for i in range(len(own)) for y in inputs.years]
    m.adopt = Var(measures.adoptions, within=Binary)
    m.in_force = Var(measures.measures, inputs.years, bounds=(0, 1))
    m.cut = Var(steps, within=NonNegativeReals)
    m.energy = Var(inputs.demands.demands, inputs.years, within=Reals)
    started = {
        (a, y): [(b, v) for b, v in measures.adoptions if b == a and y in measures.in_force[b, v]]
        for a in measures.measures
        for y in inputs.years
    }
    m.in_force_sum = Constraint(list(started), rule=lambda m, a, y: m.in_force[a, y] == quicksum(m.adopt[b] for b in started[a, y]))

    def left(u: str, i: int, y: int) -> Any:
        return 1 - quicksum(measures.steps[u][j].saving * m.cut[u, j, y] for j in range(i))

    m.cut_on = Constraint(steps, rule=lambda m, u, i, y: m.cut[u, i, y] <= m.in_force[measures.steps[u][i].measure, y])
    m.cut_left = Constraint(steps, rule=lambda m, u, i, y: m.cut[u, i, y] <= left(u, i, y))
    m.cut_least = Constraint(
        steps, rule=lambda m, u, i, y: m.cut[u, i, y] >= left(u, i, y) - 1 + m.in_force[measures.steps[u][i].measure, y]
    )
    m.one_of_group = Constraint(
        range(len(measures.groups)), inputs.years, rule=lambda m, g, y: quicksum(m.in_force[a, y] for a in measures.groups[g]) <= 1
    )
    m.with_required = Constraint(measures.requires, inputs.years, rule=lambda m, a, b, y: m.in_force[a, y] <= m.in_force[b, y])
    m.energy_sum = Constraint(
        inputs.demands.demands,
        inputs.years,
        rule=lambda m, u, y: (
            m.energy[u, y]
            == energy[u, y] * left(u, len(measures.steps.get(u, ())), y)
            + quicksum(
                s.adds_ratio * s.saving * energy[w, y] * m.cut[w, i, y]
                for w, own in measures.steps.items()
                for i, s in enumerate(own)
                if s.adds == u
            )
        ),
    )


def _operation(m: ConcreteModel, inputs: Inputs) -> None:
    conversion, storage, supplies = inputs.conversion, inputs.storage, inputs.supplies
    years, hours, before = inputs.years, inputs.calendar.snapshots, inputs.calendar.before
    stores = storage.stores
    m.activity = Var(conversion.converters, years, hours, within=NonNegativeReals)
    m.charge = Var(stores, years, hours, within=NonNegativeReals)
    m.discharge = Var(stores, years, hours, within=NonNegativeReals)
    m.held = Var(stores, years, hours, within=NonNegativeReals)
    m.imports = Var(supplies.importers, years, hours, bounds=lambda m, s, y, t: (0, largest_import(inputs, s)))
    m.exports = Var(supplies.exporters, years, hours, bounds=lambda m, s, y, t: (0, supplies.export_max[s]))

    def most(k: str, t: int) -> float:
        return float(conversion.availability[k][t]) if k in conversion.availability else 1.0

    m.activity_limit = Constraint(
        conversion.converters, years, hours, rule=lambda m, k, y, t: m.activity[k, y, t] <= most(k, t) * m.capacity[k, y]
    )
    m.store_balance = Constraint(
        stores,
        years,
        hours,
        rule=lambda m, s, y, t: (
            m.held[s, y, t]
            == (1 - storage.standing_loss[s]) * m.held[s, y, int(before[t])]
            + storage.charge_efficiency[s] * m.charge[s, y, t]
            - m.discharge[s, y, t] / storage.discharge_efficiency[s]
        ),
    )
    m.held_limit = Constraint(stores, years, hours, rule=lambda m, s, y, t: m.held[s, y, t] <= m.capacity[s, y])
    m.store_power = Constraint(
        stores,
        years,
        hours,
        rule=lambda m, s, y, t: m.charge[s, y, t] + m.discharge[s, y, t] <= m.capacity[s, y] / storage.full_power_hours[s],
    )


def _balances(m: ConcreteModel, inputs: Inputs) -> None:
    conversion, storage, supplies, demands = inputs.conversion, inputs.storage, inputs.supplies, inputs.demands
    carriers = list(dict.fromkeys([*demands.carrier.values(), *supplies.carrier.values()]))

    ports = {c: [(k, p.ratio) for k, own in conversion.ports.items() for p in own if p.carrier == c] for c in carriers}

    def balance(m: ConcreteModel, carrier: str, y: int, t: int) -> Any:
        made = quicksum(ratio * m.activity[k, y, t] for k, ratio in ports[carrier])
        stored = quicksum(m.discharge[s, y, t] - m.charge[s, y, t] for s in storage.stores if storage.carrier[s] == carrier)
        bought = quicksum(m.imports[s, y, t] for s in supplies.importers if supplies.carrier[s] == carrier)
        sold = quicksum(m.exports[s, y, t] for s in supplies.exporters if supplies.carrier[s] == carrier)
        used = quicksum(float(demands.shape[u][t]) * m.energy[u, y] for u in demands.demands if demands.carrier[u] == carrier)
        return made + stored + bought == sold + used

    m.balance = Constraint(carriers, inputs.years, inputs.calendar.snapshots, rule=balance)


def _carbon(m: ConcreteModel, inputs: Inputs) -> None:
    offsets, weight, hours = inputs.offsets, inputs.calendar.weight, inputs.calendar.snapshots
    m.credits = Var(offsets.offsets, inputs.years, bounds=lambda m, o, y: (0, offsets.volume_max.get((o, y))))
    m.cap = Constraint(
        [y for y in inputs.years if cap(inputs, y) is not None],
        rule=lambda m, y: (
            quicksum(factor(inputs, s, y) * float(weight[t]) * m.imports[s, y, t] for s in inputs.supplies.importers for t in hours)
            - quicksum(m.credits[o, y] for o in offsets.offsets)
            <= cap(inputs, y)
        ),
    )


def _cost(m: ConcreteModel, inputs: Inputs) -> None:
    conversion, storage, supplies, offsets = inputs.conversion, inputs.storage, inputs.supplies, inputs.offsets
    weight, hours, discount, measures = inputs.calendar.weight, inputs.calendar.snapshots, inputs.finance.discount, inputs.measures

    def operating(y: int) -> Any:
        running = [(conversion.variable_cost.get((k, y)), m.activity, k) for k in conversion.converters]
        running += [(storage.variable_cost.get((s, y)), m.discharge, s) for s in storage.stores]
        price = {s: supplies.hourly_price(s, y, "energy", len(weight)) for s in supplies.importers}
        paid = {s: supplies.hourly_price(s, y, "export", len(weight)) for s in supplies.exporters}
        return (
            quicksum(float(weight[t]) * cost * var[k, y, t] for cost, var, k in running if cost for t in hours)
            + quicksum(float(weight[t] * price[s][t]) * m.imports[s, y, t] for s in price for t in hours)
            - quicksum(float(weight[t] * paid[s][t]) * m.exports[s, y, t] for s in paid for t in hours)
            + quicksum(offsets.price[o, y] * m.credits[o, y] for o in offsets.offsets)
            + quicksum(measures.fixed_cost[a] * m.in_force[a, y] for a in measures.measures)
        )

    m.cost = Objective(
        expr=(
            quicksum(capital(inputs, k, v) * m.build[k, v] for k, v in inputs.capacity.builds)
            + quicksum(
                discount[v] * measures.seen_share[a, v] * measures.capital_cost[a] * m.adopt[a, v] for a, v in measures.adoptions
            )
            + quicksum(discount[y] * operating(y) for y in inputs.years)
        )
    )
