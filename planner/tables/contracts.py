"""Contracts of a solved year: what they generate, deliver and cost; and the least and the most of those that cost nothing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from pyomo.core import ConcreteModel, value

from models.inputs import Inputs
from models.investment.contract import contract_cost, is_used
from models.metrics import SHARES
from models.operation.contract import generated_by_one, paid_energy
from models.operation.green_power import direct_green
from models.operation.solved import SolvedYear
from planner.tables.flows import hourly

#: Items of the costs of a year that are those of a contract.
PAID = ("energy", "contract", "fixed", "shortfall")


def contract_rows(
    model: ConcreteModel, year: SolvedYear, inputs: Inputs, y: int, currency: str
) -> list[tuple[str, str, float, str]]:
    """(supply, item, value, unit) of the year, of every supply offered in it that has a contract."""
    contracts, supplies = inputs.contracts, inputs.supplies
    names = [s for s in supplies.supplies if s in contracts.most or s in contracts.least_paid or (s, y) in contracts.fixed]
    costs = contract_cost(model, inputs, y) | year.cost_terms
    rows: list[tuple[str, str, float, str]] = []
    for s in (s for s in names if s in supplies.offered[y]):
        power, energy = ("t/h", "t") if supplies.carrier[s] == "co2" else ("MW", "MWh")
        taken = year.imported[s].value if s in supplies.importers else 0.0
        contracted = 0.0
        if s in contracts.most:
            contracted = model.contract[s, y].value
            generated = contracted * generated_by_one(inputs, s)
            rows += [(s, "contracted", contracted, power), (s, "generated", generated, energy)]
            rows += [(s, "curtailed", max(generated - taken, 0.0), energy)]
        if s in supplies.importers:
            paid = sum(a * v for a, v in paid_energy(inputs, s, contracted, taken))
            rows += [(s, "taken", taken, energy), (s, "paid_energy", paid, energy)]
        if s in year.shortfall:
            rows.append((s, "shortfall", year.shortfall[s].value, energy))
        if (s, y) in model.used:
            rows.append((s, "used", float(round(value(is_used(model, inputs, s, y)))), "1"))
        rows.append((s, "cost", sum(float(value(costs[item, s])) for item in PAID if (item, s) in costs), currency))
    return rows


def contract_least(model: ConcreteModel, inputs: Inputs) -> None:
    """Of contracts that cost nothing by themselves, contract what is imported and no more.

    Not where the energy that they generate counts in a rule of the year.
    """
    for s, y in inputs.contracts.contracts:
        if ("contract", s) not in contract_cost(model, inputs, y) and not counts_in_a_rule(inputs, s, y):
            contract = model.contract[s, y]
            contract.set_value(min(least_for(inputs, s, model.year[y]), contract.value), skip_validation=True)


def free_contracts(model: ConcreteModel, inputs: Inputs, y: int) -> dict[str, float]:
    """The most that can be contracted in a year (MW, t/h) of supplies whose contract costs nothing by itself and counts in no rule
    of any year: operations may take as much, and what they take is contracted afterwards."""
    paid = contract_cost(model, inputs, y)
    own = (s for s, when in inputs.contracts.contracts if when == y and ("contract", s) not in paid)
    free = (s for s in own if not any(counts_in_a_rule(inputs, s, when) for when in inputs.years))
    return {s: inputs.contracts.most[s] * float(value(is_used(model, inputs, s, y))) for s in free}


def contract_at_least(model: ConcreteModel, y: int, least: Mapping[str, float]) -> None:
    """Raise the contracts of a year that are below these amounts (MW, t/h)."""
    for s, amount in least.items():
        if amount > model.contract[s, y].value:
            model.contract[s, y].set_value(amount, skip_validation=True)


def least_for(inputs: Inputs, s: str, year: SolvedYear) -> float:
    """The least contract that gives what is imported in a year (MW, t/h)."""
    shape, imports = inputs.contracts.shape[s], hourly(year.imports, (s,), inputs.calendar.snapshots)
    return max(0.0, float(np.max(np.divide(imports, shape, out=np.zeros(len(shape)), where=shape > 0), initial=0.0)))


def counts_in_a_rule(inputs: Inputs, s: str, y: int) -> bool:
    """True if a rule of the year knows what a contract generates, whether it is imported or not."""
    return s in direct_green(inputs) and any(rule.metric in SHARES for rule in inputs.carbon.rules.get(y, ()))


def charge_rows(model: ConcreteModel, inputs: Inputs, y: int, b: str, figure: tuple) -> list[tuple]:
    """(year, supply, scheme, period, item, month, value, unit) of a charge; none under a scheme that is not in force."""
    key = inputs.supplies.bill_scheme.get(b)
    if key is not None and model.scheme[key, y].value < 0.5:
        return []
    return [
        (
            y,
            inputs.supplies.payer[b],
            "" if key is None else inputs.connections.scheme_in(key),
            inputs.supplies.period.get(b, ""),
            *figure,
        )
    ]
