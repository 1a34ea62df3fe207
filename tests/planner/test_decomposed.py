"""The two methods give one answer: decomposed = whole within their gaps, on every shared case and on typical days."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from parks import Draft
from random_parks import random_park
from slowly import first

from models.park import build_master
from planner.park import read_case
from planner.planning import strategy
from planner.planning.run import Options, plan_park
from planner.solve.benders.decomposed import solve_decomposed
from planner.solve.benders.master import Master
from planner.solve.rounding.rounding import rounding
from planner.solve.whole.whole import Limits
from planner.solve.year.years import Years

CASES = sorted(p.parent for p in (Path(__file__).parents[1] / "cases").glob("*/park.toml"))
GAP = 1e-4


@pytest.mark.slow
@pytest.mark.parametrize("folder", first(7, CASES), ids=lambda p: p.name)
def test_decomposed_and_whole_agree_on_every_case(folder: Path) -> None:
    case = read_case(folder)
    plans = {m: plan_park(case, Options(gap=GAP, method=m)).plans for m in ("whole", "decomposed")}
    assert plans["whole"].keys() == plans["decomposed"].keys()
    for name, whole in plans["whole"].items():
        other = plans["decomposed"][name]
        assert whole.has_tables == other.has_tables, (name, whole.status, other.status)
        if not whole.has_tables:
            assert (whole.status, other.status) == ("infeasible", "infeasible")
            continue
        assert other.gap <= GAP and other.bound <= whole.system_cost * (1 + 1e-7)
        assert other.system_cost == pytest.approx(whole.system_cost, rel=2 * GAP)


@pytest.mark.slow
def test_the_bound_of_the_decomposed_method_is_no_higher_than_the_optimum(tmp_path: Path) -> None:
    case = read_case(next(p for p in CASES if p.name.startswith("f-")))
    optimum = plan_park(case, Options(gap=1e-9, method="whole", compare=False)).target.system_cost
    for gap in (1e-2, 1e-3, 1e-5):
        plan = plan_park(case, replace(Options(gap=gap, compare=False), method="decomposed")).target
        assert plan.bound <= optimum * (1 + 1e-9) and plan.system_cost >= optimum * (1 - 1e-9) and plan.gap <= gap


@pytest.mark.slow
@pytest.mark.parametrize("seed", first(1, [3, 17, 40]))
def test_where_a_solve_begins_does_not_change_where_it_ends(seed: int) -> None:
    """It stays near its best point: from nothing built, and from the most of everything, it must come far."""
    inputs = random_park(seed).inputs()
    costs = []
    for share in (None, 0.0, 1.0):
        years = Years(inputs)
        master = Master(inputs, build_master(inputs), years)
        start = None
        if share is not None:
            ordered = share * np.minimum(master.matrix.upper[master.orders], 10.0)
            master.solver.set_bounds(master.orders, ordered, master.matrix.upper[master.orders] if share else ordered)
            start = master.optimum().values
            master.solver.restore_columns(master.orders)
        near = rounding(master.matrix, master.model, inputs)
        state = solve_decomposed(master, years, Limits(GAP), lambda _: None, start, near)
        assert state.status == "optimal" and state.gap <= GAP
        costs.append(state.cost)
    assert costs[1] == pytest.approx(costs[0], rel=2 * GAP) and costs[2] == pytest.approx(costs[0], rel=2 * GAP)


def test_a_yes_to_an_order_that_is_not_made_is_not_paid_for() -> None:
    """Found by the ledger: a plan within its gap paid a project cost for nothing."""
    plan = plan_park(random_park(201).case(), Options(gap=1e-3, compare=False, method="decomposed")).target
    ordered = set(plan.tables["investments"].query("technology == 'heat-pump'")["year"])
    paid = plan.tables["costs"].query("item == 'capital' and name == 'heat-pump' and value > 0")
    assert set(paid["year"]) <= ordered


def test_a_large_park_is_planned_alike_in_whatever_order_its_rows_stand(monkeypatch):
    """Three plants of equal cost; the rows of every table once more from the last to the first."""
    monkeypatch.setattr(strategy, "LARGE", 0)
    park = Draft(last=2027)
    park.demand(mwh=30_000.0)
    park.supply("grid", price=100.0, factor=0.5)
    for name in ("a", "b", "c"):
        park.converter(name, capital_cost=1e6, max_capacity=2.0, unit_size=0.5)
    park.rule("net_ratio", "<=", 0.6)
    case = park.case()
    turned = {name: rows[::-1] for name in ("technologies", "types", "ports", "costs") if (rows := getattr(case, name))}
    one, other = (plan_park(c, Options(compare=False)).target for c in (case, case.model_copy(update=turned)))
    assert one.system_cost == other.system_cost and one.tables["investments"].equals(other.tables["investments"])
    assert case.in_order() == case.model_copy(update=turned).in_order()
