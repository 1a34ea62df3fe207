"""Every shared case is planned and every number of its expected.json is compared; no case is special."""

import csv
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner.park import read_case
from planner.plan import LEAST_COST, REFERENCE, Plan, Run
from planner.planning.run import Options, plan_park

CASES = {folder.parent.name: folder.parent for folder in sorted(Path(__file__).parent.glob("*/expected.json"))}
GAP = 1e-6
#: Relative tolerance of every number but the cost.
NUMBER = 1e-3
#: A build below this is none.
NOTHING = 1e-3
#: Items whose name in emissions.csv is another than in expected.json.
ITEMS = {"captured_removal": "captured_removals", "avoidance_credits": "avoidance", "energy_use_tce": "energy_use",
    "clean_energy_tce": "clean_energy", "direct_green_electricity": "direct_green"}
CASH = ("capital", "measures", "restoration")


def expected(name: str) -> dict[str, Any]:
    return json.loads((CASES[name] / "expected.json").read_text())


@cache
def planned(name: str) -> Run:
    return plan_park(read_case(CASES[name]), Options(gap=GAP))


def with_status(status: str) -> list[str]:
    return [name for name in CASES if expected(name)["status"] == status]


def near(value: float) -> Any:
    """About the value: within 1e-3 of it, or of 1 where it is smaller."""
    return pytest.approx(value, rel=NUMBER, abs=NUMBER)


def about_cost(cost: float, bound: float | None, tolerance: float) -> Callable[[float], bool]:
    """True for a cost no lower than the proven bound and no higher than the optimum, both within the tolerance."""
    lowest = cost if bound is None else min(cost, bound)
    return lambda found: lowest - tolerance * abs(lowest) <= found <= cost + (tolerance + GAP) * abs(cost)


def total(table: pd.DataFrame, value: str, **where: Any) -> float:
    """Sum of a column over the rows that are as said; 0 where there is none."""
    for column, wanted in where.items():
        table = table[table[column] == wanted]
    return float(table[value].sum())


@pytest.mark.parametrize("name", CASES)
def test_the_status_is_as_expected(name: str) -> None:
    assert planned(name).target.status == expected(name)["status"]


@pytest.mark.parametrize("name", with_status("optimal"))
def test_the_system_cost_is_as_expected(name: str) -> None:
    answer, plan = expected(name), planned(name).target
    assert plan.gap is not None and plan.gap <= GAP
    assert about_cost(answer["system_cost"], answer.get("bound"), answer["relative_tolerance"])(plan.system_cost)


@pytest.mark.parametrize("name", with_status("optimal"))
def test_the_base_emissions_are_as_expected(name: str) -> None:
    assert planned(name).base == near(expected(name)["base_emissions"])


@pytest.mark.parametrize("name", with_status("optimal"))
def test_the_plans_compared_cost_as_expected(name: str) -> None:
    answer, plans = expected(name), planned(name).plans
    assert set(answer["plans"]) == {LEAST_COST, REFERENCE}
    for kind, cost in answer["plans"].items():
        plan: Plan = plans[kind]
        if cost == "infeasible":
            assert plan.status == "infeasible", kind
        else:
            is_about = about_cost(cost, None, answer["relative_tolerance"])
            assert is_about(plan.system_cost), (kind, plan.system_cost, cost)


@pytest.mark.parametrize("name", with_status("optimal"))
def test_the_builds_are_as_expected(name: str) -> None:
    answer, table = expected(name), planned(name).target.tables["investments"]
    known = set()
    for e in answer["builds"]:
        known.add((e["year"], e["technology"]))
        assert total(table, "build", year=e["year"], technology=e["technology"]) == near(e["build"]), e
    if answer["builds_complete"]:
        found = {(r.year, r.technology) for r in table.itertuples() if r.build > NOTHING}
        assert found <= known


@pytest.mark.parametrize("name", with_status("optimal"))
def test_the_capacities_are_as_expected(name: str) -> None:
    table = planned(name).target.tables["capacity"]
    for e in expected(name)["capacity"]:
        assert total(table, "capacity", year=e["year"], technology=e["technology"]) == near(e["value"]), e


@pytest.mark.parametrize("name", with_status("optimal"))
def test_the_measures_are_as_expected(name: str) -> None:
    answer, table = expected(name), planned(name).target.tables["measures"]
    known = {(e["year"], e["measure"]) for e in answer["measures"]}
    found = {(r.year, r.measure) for r in table.itertuples()}
    assert known <= found
    if answer["measures_complete"]:
        assert found == known


@pytest.mark.parametrize("name", with_status("optimal"))
def test_the_planting_is_as_expected(name: str) -> None:
    answer, table = expected(name), planned(name).target.tables["restoration"]
    planted = table[table["item"] == "planted"]
    for e in answer["planting"]:
        assert total(planted, "value", year=e["year"], project=e["project"]) == near(e["area"]), e
    if answer["builds_complete"]:
        found = {(r.year, r.project) for r in planted.itertuples() if r.value > NOTHING}
        assert found <= {(e["year"], e["project"]) for e in answer["planting"]}


@pytest.mark.parametrize("name", with_status("optimal"))
def test_the_emissions_are_as_expected(name: str) -> None:
    table = planned(name).target.tables["emissions"].set_index(["year", "item"])["value"]
    for e in expected(name)["emissions"]:
        assert table[e["year"], ITEMS.get(e["item"], e["item"])] == near(e["value"]), e


@pytest.mark.parametrize("name", with_status("optimal"))
def test_the_flows_are_as_expected(name: str) -> None:
    tables = planned(name).target.tables
    for e in expected(name)["flows"]:
        assert flow(CASES[name], tables, e) == near(e["value"]), e


def flow(case: Path, tables: Any, e: dict[str, Any]) -> float:
    """The figure of our tables for a flow of expected.json."""
    if e["kind"] == "peak":
        supply, month = e["name"].split("/")
        peaks = tables["connections"].query("item == 'peak'")
        return total(peaks[peaks["month"].astype(str).isin([month, "all"])], "value", year=e["year"], name=supply)
    if e["kind"] != "activity":
        return total(tables["energy"], "value", year=e["year"], flow=e["kind"], name=e["name"])
    port = first_port(case, e["name"])
    where = {"flow": port["direction"], "carrier": port["carrier"], "name": e["name"]}
    return total(tables["energy"], "value", year=e["year"], **where) / float(port["ratio"] or 1)


def first_port(case: Path, technology: str) -> dict[str, str]:
    """A port of the technology's type: what it carries, by its ratio, is the activity."""
    own = next(r for r in rows(case / "technologies.csv") if r["technology"] == technology)
    return next(r for r in rows(case / "ports.csv") if r["type"] == (own.get("type") or technology))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", with_status("optimal"))
def test_the_cash_spent_on_capital_is_as_expected(name: str) -> None:
    costs = planned(name).target.tables["costs"]
    capital = costs[costs["item"].isin(CASH)]
    for year, value in expected(name)["capital_cash"].items():
        assert total(capital, "value", year=int(year)) == near(value), year


@pytest.mark.parametrize("name", with_status("infeasible"))
def test_exactly_the_blocking_rules_are_named(name: str) -> None:
    answer, run = expected(name)["blocking"], planned(name)
    wanted = {(e["stage"], e["metric"], e["year"]) for e in answer["feasible_if_this_one_rule_is_dropped"]}
    assert {(b.stage, b.metric, b.year) for b in run.blocking} == wanted
    assert bool(run.blocking or run.breaches) == answer["feasible_without_rules"] and not run.target.has_tables


def test_every_key_of_the_answers_is_compared() -> None:
    compared = {"status", "system_cost", "bound", "gap", "relative_tolerance", "base_emissions", "plans", "builds",
        "builds_complete", "capacity", "measures", "measures_complete", "planting", "emissions", "flows", "capital_cash",
        "blocking", "not_unique"}
    assert {key for name in CASES for key in expected(name)} <= compared
