"""Early retirement: a decision that saves fixed cost, loads and room, and is never undone."""

from dataclasses import replace

import numpy as np
import pytest
from parks import Draft, built, standing
from slowly import first

from models.errors import LedgerError
from models.inputs import EXISTING
from models.park import build_park
from planner.ledger.ledger import check_plan
from planner.planning.run import Options, plan_park
from planner.solve.handover.matrix import compile_model
from planner.solve.handover.solver import Solver
from planner.solve.whole.whole import Limits, solve_whole
from planner.tables.accounts import plan_tables, retirements


def old_plant(demand, last: int = 2028, **fields) -> Draft:
    park = Draft(2026, last)
    park.demand(mwh=demand)
    park.supply()
    park.converter("old", **{"existing": 1.0} | fields)
    return park


def retired(plan) -> dict[int, float]:
    own = plan.tables["retirements"]
    return dict(zip(own["year"].tolist(), own["retired"].tolist(), strict=True))


def test_what_is_not_needed_is_retired_for_its_fixed_cost_and_for_good():
    plan = old_plant({2026: 8760.0, 2027: 0.0}, fixed_cost=100_000.0).solve()
    assert retired(plan) == pytest.approx({2027: 1.0})
    assert plan.system_cost == pytest.approx(100_000)  # kept to the end: 300,000
    park = old_plant({2026: 8760.0, 2027: 0.0})
    assert park.inputs().capacity.retirements == ()
    assert standing(park.solve(), "old") == pytest.approx({2026: 1.0, 2027: 1.0, 2028: 1.0})
    plan = old_plant({2026: 8760.0, 2027: 0.0, 2028: 8760.0}, fixed_cost=300_000.0).solve()
    assert plan.system_cost == pytest.approx(900_000) and retired(plan) == {}
    plan = old_plant(0.4 * 8760, last=2026, fixed_cost=1000.0).solve()
    assert retired(plan) == pytest.approx({2026: 0.6}) and plan.system_cost == pytest.approx(400)
    park = Draft(2026, 2028)
    park.demand(mwh={2026: 8760.0, 2027: 0.0})
    park.supply()
    park.converter("new", capital_cost=50_000.0, lifetime=3, fixed_cost=20_000.0)
    plan = park.solve()
    assert plan.system_cost == pytest.approx(70_000) and standing(plan, "new") == pytest.approx({2026: 1.0, 2027: 0.0, 2028: 0.0})


def test_retirement_frees_a_site():
    # The old plant, dear to run, fills the hectare: 90 CNY/MWh. The new one costs 300,000.
    def park(site: bool) -> Draft:
        place = {"site": "yard", "area": 1.0}
        found = old_plant(8760.0, last=2026, variable_cost=90.0, **place)
        found.converter("new", capital_cost=300_000.0, **place)
        found.site("yard", 1.0 if site else 9.0)
        return found
    plan = park(site=True).solve()
    assert retired(plan) == pytest.approx({2026: 1.0}) and plan.system_cost == pytest.approx(300_000)
    assert built(park(site=False).solve(), "new") == pytest.approx({2026: 1.0})


def test_among_equal_plans_the_one_that_retires_less_is_reported_and_none_is_offered_that_cannot_pay():
    park = old_plant({2026: 8760.0, 2028: 4380.0}, max_capacity=1.0)
    park.converter("idle", existing=1.0, max_capacity=1.0, variable_cost=10.0)
    assert retired(park.solve()) == {}
    for fields, offered in (({}, False), ({"variable_cost": 5.0}, False), ({"fixed_cost": 5.0}, True), ({"min_load": 0.1}, True),
        ({"max_capacity": 2.0}, True)):
        assert bool(old_plant(8760.0, **fields).inputs().capacity.retirements) is offered


def solved(inputs):
    model = build_park(inputs)
    matrix = compile_model(model)
    answer = solve_whole(Solver(matrix), Limits(gap=1e-9))
    matrix.load(answer.values)
    return model, answer.objective


@pytest.mark.parametrize("project_cost", [0.0, 1.0], ids=["of any size", "with a project cost"])
def test_what_is_retired_little_by_little_is_listed(project_cost):
    """Found by the ledger: 8 of 10 years retire 8e-7 of each order, too little to be listed alone."""
    park = old_plant(8760.0, last=2035, fixed_cost=1.0)
    park.converter("new", capital_cost=1.0, fixed_cost=1.0, lifetime=10, max_capacity=1.0, project_cost=project_cost)
    inputs = park.inputs()
    model, _ = solved(inputs)
    for v in inputs.years:
        model.build["new", v].value = 1e-5
        model.capacity["new", v].value = sum(1e-5 - 8e-7 * (v - order) for order in range(2026, v + 1))
        for z in (z for k, cohort, z in inputs.capacity.retirements if (k, cohort) == ("new", v)):
            model.retire["new", v, z].value = 8e-7
    tables = plan_tables(model, inputs, "CNY")
    orders = tables["investments"].query("technology == 'new'")["build"].sum()
    gone = tables["retirements"].query("technology == 'new'")["retired"].sum()
    assert orders == pytest.approx(1e-4) and gone == pytest.approx(45 * 8e-7, abs=10 * 1e-6) and gone > 30 * 8e-7


def told_apart(inputs):
    """The same park with a retirement for each pair of an order and a year after that in which it begins to work."""
    capacity = inputs.capacity
    by_order = [(k, v, y) for (k, v), works in capacity.works.items() for y in (works if v == EXISTING else works[1:])]
    return replace(inputs, capacity=replace(capacity, retirements=tuple(by_order)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", first(3, range(12)))
def test_orders_that_are_retired_in_any_part_need_not_be_told_apart(seed):
    """Of any size, in units, or none or at least a least size. Costs and demands at random, what stood before ending before or after what is ordered: the optimum is the same."""
    draw = np.random.default_rng(seed)
    park = Draft(2026, 2033)
    years = range(2026, 2034)
    park.demand(mwh={y: 8760.0 * float(draw.uniform(0, 2)) * float(draw.random() < 0.6) for y in years})
    park.supply(price=float(draw.uniform(10, 100)))
    for name, sizes in (("one", {}), ("two", {}), ("units", {"unit_size": 0.4, "partial_retirement": 0}), ("least", {"min_build": 0.5})):
        until = {"existing_until": int(draw.integers(2027, 2034))} if draw.random() < 0.7 else {}
        park.converter(name, existing=float(draw.uniform(0, 1.5)), capital_cost=float(draw.uniform(1e5, 1e6)), max_build=0.8,
            lifetime=int(draw.integers(1, 7)), fixed_cost=float(draw.uniform(0, 4e5)), variable_cost=float(draw.uniform(0, 30)),
            max_capacity=float(draw.uniform(0.8, 3)), lead_time=int(draw.integers(0, 2)), **until, **sizes)
    inputs = park.inputs()
    model, cost = solved(inputs)
    assert cost == pytest.approx(solved(told_apart(inputs))[1], rel=1e-7)
    gone, capacity = retirements(model, inputs), inputs.capacity
    for y in years:
        for k in capacity.present[y]:
            alive = {v: model.build[k, v].value for own, v in capacity.builds if own == k and y in capacity.works[k, v]}
            alive |= {EXISTING: capacity.existing[k, y]} if (k, y) in capacity.existing else {}
            for v in alive:
                alive[v] -= sum(size for z, own, order, size in gone if (own, order) == (k, v) and z <= y)
            assert min(alive.values()) >= -1e-6 and sum(alive.values()) == pytest.approx(model.capacity[k, y].value, abs=1e-5)


def test_what_stood_before_does_not_come_back_once_it_is_retired():
    """1 MW that stands to the end, orders that work a year. Nothing is needed in 2027 and 2028. Retired in 2027: 300,000 in 2026,
    and 100,000 + 300,000 in each of five years = 2.3 million. Kept: 8 x 300,000 = 2.4 million."""
    park = Draft(2026, 2033)
    park.demand(mwh={2026: 8760.0, 2027: 0.0, 2028: 0.0, 2029: 8760.0})
    park.supply()
    park.converter("plant", existing=1.0, capital_cost=100_000.0, fixed_cost=300_000.0, lifetime=1)
    assert park.solve().system_cost == pytest.approx(2_300_000)


def test_what_ends_sooner_is_retired_first():
    """1 MW until 2027 and 1 MW ordered for ten years; from 2027 on one of them is enough."""
    park = Draft(2026, 2029)
    park.demand(mwh={2026: 2 * 8760.0, 2027: 8760.0})
    park.supply()
    park.converter("plant", existing=1.0, existing_until=2027, capital_cost=1000.0, fixed_cost=10_000.0, lifetime=10)
    plan = park.solve()
    own = plan.tables["retirements"]
    assert [(r.year, r.ordered) for r in own.itertuples()] == [(2027, EXISTING)] and own["retired"].tolist() == pytest.approx([1.0])
    assert standing(plan, "plant") == pytest.approx({2026: 2.0, 2027: 1.0, 2028: 1.0, 2029: 1.0})


@pytest.mark.parametrize("kind", [{"unit_size": 2.0}, {"min_build": 2.0, "max_capacity": 9.0}], ids=["units", "least size"])
def test_an_order_is_not_retired_in_the_year_in_which_it_begins_to_work(kind):
    """1 MW is needed in 2026 and 2027, from the grid 876,000 a year; no less than 2 MW of the plant can be ordered. They cost
    200,000, 2 x 30,000 in 2026, and 30,000 in 2027, when half of them is retired. Were it retired at once, 30,000 less."""
    park = Draft(2026, 2027)
    park.demand()
    park.supply()
    park.converter("plant", capital_cost=100_000.0, lifetime=2, fixed_cost=30_000.0, **kind)
    plan = park.solve()
    assert plan.system_cost == pytest.approx(200_000 + 60_000 + 30_000) and retired(plan) == pytest.approx({2027: 1.0})


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_an_order_of_any_size_that_is_forced_is_kept_for_a_year(method):
    """2 MW are needed in 2028 alone, and may be ordered in 2026 alone, to work from 2027 on: so they are kept in 2027."""
    park = Draft(2026, 2028)
    park.demand(mwh={2026: 0.0, 2027: 0.0, 2028: 17520.0})
    park.supply(max_import=1.0)
    park.converter("plant", capital_cost=1000.0, lifetime=3, fixed_cost=30_000.0, lead_time=1, until_year=2026)
    case = park.case()
    plan = plan_park(case, Options(gap=1e-9, method=method, compare=False)).target
    # 1 MW of the plant for 2028 (the other from the grid, 876,000), or 2 MW and none from the grid.
    assert built(plan, "plant") == pytest.approx({2026: 2.0}) and retired(plan) == {}
    # 2 of 3 years are within the horizon; fixed cost of 2 MW in 2027 and 2028.
    assert plan.system_cost == pytest.approx(2000 * 2 / 3 + 4 * 30_000)


def test_the_retirement_of_a_new_order_is_no_column_that_pays():
    """An order of any size, fixed at 2 MW where 1 MW is needed: 2 + 2 x 10,000 in 2026, 10,000 in 2027."""
    park = Draft(2026, 2027)
    park.demand(mwh={2026: 8760.0, 2027: 8760.0})
    park.supply()
    park.converter("plant", capital_cost=1.0, lifetime=2, fixed_cost=10_000.0)
    inputs = park.inputs()
    model = build_park(inputs)
    matrix = compile_model(model)
    solver = Solver(matrix)
    order, gone = (matrix.columns_of([v]) for v in (model.build["plant", 2026], model.retire["plant", -1, 2026]))
    solver.set_bounds(order, np.array([2.0]), np.array([2.0]))
    answer = solve_whole(solver, Limits(gap=1e-9))
    assert answer.values[gone] == pytest.approx([0.0]) and answer.objective == pytest.approx(2 + 20_000 + 10_000)


def test_a_link_retires_as_a_technology_does():
    """1 MW of a cable is needed in 2026 alone; 4 MW stand. 3 MW go at once and the rest in 2027: 1 x 50,000 instead of 8."""
    park = Draft(2026, 2027)
    park.demand(zone="works", mwh={2026: 8760.0, 2027: 0.0})
    park.supply("grid", zone="harbour")
    park.link("cable", "harbour", "works", existing=4.0, fixed_cost=50_000.0)
    plan = park.solve()
    assert retired(plan) == pytest.approx({2026: 3.0, 2027: 1.0}) and plan.system_cost == pytest.approx(876_000 + 50_000)


def test_what_stands_of_a_link_is_retired_in_whole_lines():
    """Two lines of 2 MW; 1 MW is needed in 2026: one goes at once, the other in 2027: 2 x 50,000."""
    park = Draft(2026, 2027)
    park.demand(zone="works", mwh={2026: 8760.0, 2027: 0.0})
    park.supply("grid", zone="harbour")
    park.link("cable", "harbour", "works", existing=4.0, existing_unit=2.0, fixed_cost=50_000.0)
    plan = park.solve_twice()
    assert retired(plan) == pytest.approx({2026: 2.0, 2027: 2.0}) and plan.system_cost == pytest.approx(876_000 + 100_000)


@pytest.mark.parametrize(("partial", "left", "cost"), [(1, {2027: 1.0}, 150_000.0), (0, {}, 200_000.0)])
def test_an_order_of_a_link_is_retired_in_part_or_not_at_all(partial, left, cost):
    """2 MW are needed in 2026 and 1 MW from then on, at 50,000 a MW and year; nothing else serves the works."""
    park = Draft(2026, 2027)
    park.demand(zone="works", mwh={2026: 2 * 8760.0, 2027: 8760.0})
    park.supply("grid", zone="harbour")
    park.link("cable", "harbour", "works", capital_cost=200_000.0, lifetime=2, fixed_cost=50_000.0, max_capacity=9.0,
        partial_retirement=partial)
    plan = park.solve_twice()
    assert retired(plan) == pytest.approx(left) and plan.system_cost == pytest.approx(3 * 876_000 + 400_000 + cost)


def test_a_least_load_above_what_can_be_used_is_named_where_there_is_no_plan():
    """Units of 10 MW that run at half of it, for 2 MW of heat: an order stands whole in its first year."""
    park = Draft(2026, 2027)
    park.demand("heat", "heat", mwh=2 * 8760.0)
    park.supply("gas", "gas")
    park.converter("boiler", {"heat": 1.0, "gas": -1.0}, min_load=0.5, unit_size=10.0, max_capacity=20.0, capital_cost=1.0,
        lifetime=20, fixed_cost=1.0)
    park.rule("gross_ratio", "<=", 1.0)
    run = park.run()
    assert run.target.status == "infeasible" and "boiler (min_load = 0.5)" in run.explanation[0]
    assert "with a min_load of 0 there is a plan" in run.explanation[0]


def test_the_ledger_refuses_a_retirement_in_the_year_in_which_an_order_begins_to_work():
    park = Draft(2026, 2028)
    park.demand(mwh={2026: 0.0, 2027: 8760.0, 2028: 0.0})
    park.supply()
    park.converter("plant", capital_cost=1000.0, lifetime=3, fixed_cost=10_000.0)
    plan, case = park.solve(), park.case()
    tables = dict(plan.tables)
    assert retired(plan) == pytest.approx({2028: 1.0})
    tables["retirements"] = tables["retirements"].assign(year=2027)
    with pytest.raises(LedgerError, match="begins to work"):
        check_plan(case, replace(plan, tables=tables), 4380.0)
