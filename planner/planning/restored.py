"""A saved plan found again by the decomposed method: what its tables say is held, and the rest is decided around it.

A question to a run begins from the run's own plan. Its tables have what is ordered, retired, started, planted, contracted and used,
and tariffs, not every decision.

1. The optimum of the master with all of that held, its integers rounded up (such as whether there is a unit at all), and a trial of
   what it gives: in most cases the plan.
2. Where that has slack or costs more (contracts of a run that was operated in every hour are those of all hours), contracts are
   free, and iterations with the whole numbers fixed decide them; slack that is left is removed (`slack_removal`).

Returns the trial; None where none costs as little as the plan did, within the gap. Raises SolverError where HiGHS gives no answer,
and Stopped once the watch in force is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel

from models.inputs import ANY, EXISTING, Inputs, TypicalDays
from models.inputs.boundary import scheme_key
from planner.plan import TARGET, Plan
from planner.planning.methods import DecomposedMethod
from planner.solve import BendersSession, Limits, Master, Trial, Years
from planner.tables.decisions import RETIRE, decisions_of
from planner.tables.output import Tables

#: An integer this much above a whole number is that number.
WHOLE = 1e-6


def restored(method: DecomposedMethod, tables: Tables, cost: float, gap: float) -> Trial | None:
    """The plan of these tables, whose system cost was `cost` (money) on the same typical days, to within the gap."""
    master = method.master
    places, values, contracts = _held(master, tables)
    search = BendersSession(master, method.searched, Limits(gap), method.task.say(TARGET))
    master.hold(places, values)
    try:
        found = _found(search, gap, cost + gap * abs(cost), contracts)
    finally:
        master.unfix()
        master.restore(places)
    return found


def is_of(said: Mapping[str, Any] | None, days: TypicalDays | None) -> bool:
    """True if the run was planned on as many typical days as these, none added by a repair, and tells cost and bound there."""
    if said is None or days is None or said.get("added") or said.get("raised"):
        return False
    return bool(said["count"] == days.count and said["bound"] is not None)


def plan_of(method: DecomposedMethod, trial: Trial, bound: float) -> Plan | None:
    """A trial as the plan of the method, whose best point it becomes; `bound` of its cost (money). A trial on segments is operated
    on full days first; None where these cannot be served with its whole numbers."""
    assert isinstance(method.years, Years)
    is_joined = method.searched is not method.years
    served = method.served_on_full_days(trial.point, Limits(method.task.gap)) if is_joined else trial
    if served is None:
        return None
    method.best = served.point
    if not is_joined:
        method.years.take(served.operation)
    method.master.matrix.load(served.point)
    method.model.year = {y: year.view() for y, year in method.years.years.items()}
    plan = method.task.as_plan(TARGET, "feasible", bound, method.model)
    return method.told_on_segments(plan, served.cost, bound) if is_joined else plan


def _found(search: BendersSession, gap: float, most: float, contracts: np.ndarray) -> Trial | None:
    """Decide what is not fixed.

    most       what the plan may cost   money
    contracts  columns that are free again once whole numbers are fixed
    """
    master, plan = search.master, search.overall
    master.solver.relax(True)
    answer = master.optimum()
    if answer.status != "optimal":
        return None
    master.fix(np.ceil(answer.values[master.integers] - WHOLE))
    answer = master.optimum()
    if answer.status != "optimal":
        return None
    phase = search.begin(answer.values, "known")
    if plan.cost > most and phase.incumbent is not None:
        master.restore(contracts)
        search.iterate(phase, gap / 2)
        if plan.cost > most and phase.point is not None:
            search.remove_slack(phase.point)
        if plan.cost > most:
            search.polish(phase)
    return plan.incumbent if plan.cost <= most else None


def _held(master: Master, tables: Tables) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns of what a plan orders, retires, starts, plants and contracts, and their values, 0 where it does not; of them the
    columns of contracts."""
    model, column = master.model, master.matrix.column
    found = {column[id(v)]: amount for v, amount in decided(model, master.inputs, tables) if id(v) in column}
    places = np.array(sorted(found), dtype=np.int32)
    values = np.clip([found[place] for place in places.tolist()], master.matrix.lower[places], master.matrix.upper[places])
    return places, values, np.array([column[id(v)] for v in model.contract.values() if id(v) in column], dtype=np.int32)


def decided(model: ConcreteModel, inputs: Inputs, tables: Tables) -> list[tuple[Any, float]]:
    """Variables of what a plan orders, retires, starts, plants and contracts, and of its tariffs, with their values; 0 where it
    does not."""
    known = _amounts(tables)
    ordered = {key: known.get(("build", *key), 0.0) for key in model.build}
    amounts = [(v, ordered[key]) for key, v in model.build.items()]
    amounts += [(v, float(ordered[key] > 0)) for key, v in model.is_built.items()]
    amounts += [(v, _retired(tables, *key)) for key, v in model.retire.items()]
    amounts += [(v, known.get((family.local_name, *key), 0.0)) for family in _plain(model) for key, v in family.items()]
    return amounts + _tariffs(model, inputs, tables)


def _plain(model: ConcreteModel) -> tuple[Any, ...]:
    return model.adopt, model.plant, model.contract, model.used


def _tariffs(model: ConcreteModel, inputs: Inputs, tables: Tables) -> list[tuple[Any, float]]:
    """Variables of the schemes in force, and of what is paid for contracted capacity, with their values."""
    connections, supplies = inputs.connections, inputs.supplies
    in_force = {(scheme_key(r.connection, r.scheme), int(r.year)) for r in tables["schemes"].itertuples()}
    rows = tables["connections"][(tables["connections"]["item"] == "contracted") & (tables["connections"]["value"] > 0)]
    paid = {(str(r.name), str(r.scheme), int(r.year)) for r in rows.itertuples(index=False)}
    found = [(v, float(key in in_force)) for key, v in model.scheme.items()]
    for (b, y), v in model.pays_capacity.items():
        key = supplies.bill_scheme.get(b)
        scheme = "" if key is None else connections.scheme_in(key)
        found.append((v, float((supplies.payer[b], scheme, y) in paid)))
    return found


def contracted(inputs: Inputs, tables: Tables, y: int) -> dict[str, float]:
    """Charge -> capacity that a plan pays for in a year, of the charges on contracted capacity (MW)."""
    supplies, rows = inputs.supplies, tables["connections"]
    own = rows[(rows["item"] == "contracted") & (rows["year"] == y)]
    paid = {(str(r.name), str(r.scheme)): float(r.value) for r in own.itertuples(index=False)}
    found = {}
    for b, of in supplies.charge_of.items():
        key = supplies.bill_scheme.get(b)
        if of == b:
            found[b] = paid.get((supplies.payer[b], "" if key is None else inputs.connections.scheme_in(key)), 0.0)
    return found


def _retired(tables: Tables, asset: str, cohort: int, year: int) -> float:
    """How much of a cohort a plan retires in a year."""
    rows = tables["retirements"]
    own = rows[(rows["technology"] == asset) & (rows["year"] == year)]
    is_own = own["ordered"] > 0 if cohort == ANY else own["ordered"] == (0 if cohort == EXISTING else cohort)
    return float(own[is_own]["retired"].sum())


def _amounts(tables: Tables) -> dict[tuple[str, str, int], float]:
    """(what, name, year) -> how much a plan orders, starts (1), plants or contracts, and whether it uses a supply (1)."""
    found: dict[tuple[str, str, int], float] = {}
    for r in decisions_of(tables).itertuples(index=False):
        if r.action != RETIRE and not r.signed:
            key = r.action, r.name, int(r.year)
            found[key] = found.get(key, 0.0) + float(r.value)
    for item, kind in (("contracted", "contract"), ("used", "used")):
        own = tables["contracts"][tables["contracts"]["item"] == item]
        found |= {(kind, str(r.supply), int(r.year)): float(r.value) for r in own.itertuples()}
    return found
