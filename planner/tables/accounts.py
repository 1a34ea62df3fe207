"""Emissions and stages of a solved year, as they are reported."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from pyomo.core import ConcreteModel, value

from models.inputs import Inputs
from models.investment.builds import order
from models.linear import weighted
from models.metrics import CUMULATED, OF_RULES
from models.operation.capture import present_pairs
from models.operation.carbon import figure_of_rule
from models.operation.offsets import outside_projects
from models.operation.own_fuel import captured_of_carrier, own_carriers
from models.operation.solved import SolvedYear
from models.operation.supply import emitting_imports
from planner.tables.retirements import NOISE

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
    rows = [(item, year.figure[name].value, UNITS.get(item, "t")) for item, name in ITEMS.items()]
    rows += [
        ("certified", sum(v.value for v in year.certified.values()), "MWh"),
        ("restoration", sum(counted.values()), "t"),
        ("restoration_uptake", uptake, "t"),
        ("net", _net(year, counted), "t"),
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
        made = sum(captures.own_share[q, c, y] for c in own_carriers(inputs, q, y))
        taken[q] = taken.get(q, 0.0) + (1 - captures.removal_share[q, y] - made) * year.captured_total[k, q].value
    for q, tonnes in off_by_source(year, inputs, y):
        taken[q] += tonnes
    rows += [(q, f"scope{captures.process_scope.get(q, 1)}_captured", -tonnes) for q, tonnes in taken.items()]
    return [(source, item, tonnes, "t") for source, item, tonnes in rows]


def off_by_source(year: SolvedYear, inputs: Inputs, y: int) -> Iterator[tuple[str, float]]:
    """(source, tonnes) that capture takes off what was counted of bought fuels that are made in the park too."""
    share = inputs.captures.own_share
    for c in year.captured_bought:
        total = sum(a * v.value for a, v in captured_of_carrier(year, inputs, y, c))
        for k, q in present_pairs(inputs, y):
            if (q, c, y) in share and total > 0:
                yield q, year.captured_bought[c].value * share[q, c, y] * year.captured_total[k, q].value / total


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
