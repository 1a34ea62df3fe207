"""Whole numbers of the decomposed method: what is proposed, what stays as it is, and what is too small to be placed."""

import os

import numpy as np
import pytest
from parks import Draft

from models.park import build_master
from planner.planning import strategy
from planner.planning.run import Options, plan_park
from planner.solve.benders import integer_phase
from planner.solve.benders.decomposed import DecomposedSearch
from planner.solve.benders.integer_phase import REPEATS, Neighbourhood, branch_and_bound
from planner.solve.benders.master import Master
from planner.solve.benders.slack_removal import SlackRemover
from planner.solve.benders.trials import Bounds, End, Phase, Trial, Trials
from planner.solve.handover.matrix import INFINITY, compile_model
from planner.solve.handover.solver import Answer
from planner.solve.rounding.rounding import rounding
from planner.solve.whole.whole import Limits
from planner.solve.year.subproblem import SlackCut
from planner.solve.year.years import Years


def growing(**fields) -> Draft:
    """Demand grows from 1 to 2 MW, beside one that only the grid serves; a plant that makes power for nothing."""
    park = Draft(2026, 2027)
    park.demand(mwh={2026: 8760.0, 2027: 17520.0})
    park.supply()
    park.demand("heating", carrier="heat", mwh=87600.0)
    park.supply("district", carrier="heat")
    park.converter("plant", **{"capital_cost": 10_000.0, "max_capacity": 5.0, "lifetime": 20, "min_build": 0.5} | fields)
    return park


@pytest.mark.parametrize(("size", "is_ordered"), [(1e-5, 0.0), (0.04, 0.0), (0.06, 1.0), (2.0, 1.0)])
def test_a_trace_of_an_order_is_rounded_away(size, is_ordered):
    """Without a least size an order below a hundredth of the largest possible one, 5 MW, is none."""
    inputs = growing(min_build=0.0, project_cost=1000.0).inputs()
    years = Years(inputs)
    master = Master(inputs, build_master(inputs), years)
    values = np.zeros(len(master.matrix.columns))
    values[master.matrix.column[id(master.model.build["plant", 2026])]] = size
    whole = np.zeros(len(values))
    whole[master.matrix.integer] = rounding(master.matrix, master.model, inputs)(values)
    assert whole[master.matrix.column[id(master.model.is_built["plant", 2026])]] == is_ordered
    assert whole[master.matrix.column[id(master.model.is_built["plant", 2027])]] == 0.0


def of_integers(master, integers) -> Answer:
    """An answer of branch and bound with these integers."""
    values = np.zeros(master.count)
    values[master.integers] = integers
    return Answer("optimal", values, 0.0, 0.0, 0.0)


def test_integers_of_what_is_not_ordered_stay():
    park = growing(unit_size=0.5)
    park.converter("other", capital_cost=9_000_000.0, max_capacity=5.0, min_build=0.5)
    inputs = park.inputs()
    model = build_master(inputs)
    matrix = compile_model(model)
    near = Neighbourhood(matrix, model, inputs)
    whose = [matrix.columns[i].index()[0] for i in np.flatnonzero(matrix.integer)]
    nothing = np.zeros(len(matrix.columns))
    assert near.still(nothing, None).all()
    point = nothing.copy()
    point[matrix.column[id(model.build["plant", 2027])]] = 1.0
    assert near.still(point, None).tolist() == [k != "plant" for k in whose]
    known = np.array([float(k == "other") for k in whose])
    assert not near.still(point, known).any()


def test_many_integers_are_searched_among_those_that_matter_and_give_the_same_plan(monkeypatch):
    few = plan_park(growing(unit_size=0.5).case(), Options(gap=1e-6, compare=False, method="decomposed")).target
    monkeypatch.setattr(integer_phase, "MANY", 0)
    many = plan_park(growing(unit_size=0.5).case(), Options(gap=1e-6, compare=False, method="decomposed")).target
    assert (few.status, many.status) == ("optimal", "optimal") and many.system_cost == pytest.approx(few.system_cost, rel=1e-6)


def test_large_orders_are_decided_first_and_bound_the_master(monkeypatch):
    """A plant in units of 3 MW for a demand of 1 and then 2 MW, beside one of any size that costs more: relaxed, 2 MW of the plant."""
    park = growing(unit_size=3.0, min_build=0.0, max_capacity=6.0)
    park.converter("small", capital_cost=11_000.0, max_capacity=5.0, lifetime=20, min_build=0.1)
    inputs = park.inputs()
    years = Years(inputs)
    master = Master(inputs, build_master(inputs), years)
    trials = Trials(master, years, Limits(gap=1e-6), lambda _: None, Bounds(), wants_plan=True)
    master.solver.relax(True)
    for whole in (np.zeros, np.ones):
        master.fix(whole(len(master.integers)))
        trials.evaluate(master.optimum().values)
    master.unfix()
    for _ in range(6):
        trials.evaluate(master.optimum().values)
    relaxed = master.optimum()
    trials.overall.bound = relaxed.value
    integer = DecomposedSearch(trials, rounding(master.matrix, master.model, inputs)).integer
    monkeypatch.setattr(integer_phase, "LARGE_ORDER", 20_000.0 / relaxed.value)
    integer.large = integer._large()
    assert set(integer.near.asset[integer.large]) == {"plant"}
    phase = Phase(bound=relaxed.value)
    integers = integer._proposed(phase).values[master.integers]
    assert np.abs(integers - np.round(integers))[integer.large].max() < 1e-9
    every = branch_and_bound(master, None, 0.0, 10.0)
    assert relaxed.value < trials.overall.bound <= every.objective * (1 + 1e-9)
    integer._by_size(phase, np.round(integers), INFINITY)
    best = plan_park(park.case(), Options(gap=1e-6, compare=False, method="whole")).target.system_cost
    assert trials.overall.cost == pytest.approx(best, rel=2e-3) and trials.overall.bound <= best


def test_large_orders_that_leave_too_little_for_whole_small_ones_change(monkeypatch):
    """4 MW are required: one plant of 3 MW and half of a small one of 2 MW, of which there may be only 1.5 MW; whole, two plants."""
    park = growing(unit_size=3.0, min_build=0.0, max_capacity=6.0)
    park.converter("small", capital_cost=5_000.0, max_capacity=5.0, lifetime=20, min_build=2.0)
    inputs = park.inputs()
    years = Years(inputs)
    master = Master(inputs, build_master(inputs), years)
    trials = Trials(master, years, Limits(gap=1e-6), lambda _: None, Bounds(), wants_plan=True)
    links = years.years[2026].links
    sums = [(np.array([-1.0 if name in ("plant", "small") else 0.0 for _, name in links]), 4.0)]
    sums += [(np.array([1.0 if name == "small" else 0.0 for _, name in links]), -1.5)]
    nothing = np.zeros(len(links))
    master.cuts.add_feasibility((2026, SlackCut(nothing, value, slope, 0.0, value)) for slope, value in sums)
    master.solver.relax(True)
    for _ in range(6):
        trials.evaluate(master.optimum().values)
    trials.overall.bound = master.optimum().value
    integer = DecomposedSearch(trials, rounding(master.matrix, master.model, inputs)).integer
    monkeypatch.setattr(integer_phase, "LARGE_ORDER", 25_000.0 / trials.overall.bound)
    integer.large = integer._large()
    decided = branch_and_bound(master, None, 0.0, 10.0, relaxed=~integer.large).values
    units = np.searchsorted(master.integers, [master.matrix.column[id(master.model.units["plant", v])] for v in (2026, 2027)])
    known = np.round(decided[master.integers])
    assert known[units].sum() == pytest.approx(1.0)
    answer = integer._others(known, decided)  # the large ones leave no room where they stay
    assert answer.values[master.integers][units].sum() == pytest.approx(2.0)


def beside_a_grid_of(power: float) -> Draft:
    """1 MW of demand, a grid of that power (MW), and a plant that may be ordered."""
    park = Draft(2026, 2027)
    park.demand(mwh=8760.0)
    park.supply(max_import=power)
    park.converter("plant", capital_cost=10_000.0, max_capacity=5.0, lifetime=20, min_build=0.5)
    return park


@pytest.mark.parametrize(("imported", "most"), [(0.5, 0), (0.5, 200), (5.0, 0)])
def test_whole_numbers_that_cannot_do_without_slack_give_way_to_others(monkeypatch, imported, most):
    """Without an order a grid of 0.5 MW leaves 0.5 MW unserved, of 5 MW none; nothing is ordered at first."""
    monkeypatch.setattr(integer_phase, "MANY", most)
    inputs = beside_a_grid_of(imported).inputs()
    years, said = Years(inputs), []
    master = Master(inputs, build_master(inputs), years)
    trials = Trials(master, years, Limits(gap=1e-6), said.append, Bounds(), wants_plan=True)
    master.solver.relax(True)
    search = DecomposedSearch(trials, rounding(master.matrix, master.model, inputs))
    nothing = Phase()
    master.fix(np.zeros(len(master.integers)))
    trials.evaluate(master.optimum().values, nothing)
    master.unfix()
    assert nothing.incumbent.has_slack == (imported == 0.5)
    SlackRemover(trials).polish(nothing)
    assert (trials.overall.incumbent is None) == (imported == 0.5)
    trials.forbid_slack()
    found = search._whole(nothing)
    assert trials.overall.incumbent is not None and not trials.overall.incumbent.has_slack
    assert imported > 0.5 or trials.overall.point[master.orders].sum() > 0.49
    assert found.incumbent is not None and not found.incumbent.has_slack


@pytest.mark.parametrize(("imported", "forbidden"), [(0.5, True), (0.5, False), (5.0, True)])
def test_whole_numbers_that_are_dear_for_their_slack_are_left_at_once(monkeypatch, imported, forbidden):
    """Without an order a grid of 0.5 MW leaves 0.5 MW unserved: no other trial without an order is made, and one is ordered."""
    monkeypatch.setattr(integer_phase, "MANY", 0)
    inputs = beside_a_grid_of(imported).inputs()
    years = Years(inputs)
    master = Master(inputs, build_master(inputs), years)
    trials = Trials(master, years, Limits(gap=1e-6), lambda _: None, Bounds(), wants_plan=True)
    master.solver.relax(True)
    integer, nothing = (DecomposedSearch(trials, rounding(master.matrix, master.model, inputs)).integer,
        np.zeros(len(master.integers)))
    phase = Phase()
    integer.solve_fixed(phase, nothing, INFINITY, 1e-6, 1.0 if forbidden else INFINITY)
    needs_slack = imported == 0.5
    assert (phase.incumbent is None) == (needs_slack and forbidden) and (trials.overall.incumbent is None) == needs_slack
    assert trials.most_with_slack == INFINITY
    master.fix(nothing)
    assert (master.optimum().status != "optimal") == (needs_slack and forbidden)
    master.unfix()
    if phase.incumbent is None:
        found = integer._proposed(phase).values[master.integers]
        assert found.sum() > 0.5
        integer.solve_fixed(phase, np.round(found), INFINITY, 1e-6)
        assert trials.overall.point[master.orders].sum() > 0.49


@pytest.mark.parametrize(("before", "factor"), [(1.0, 5.0), (20.0, 20.0)])
def test_slack_costs_more_with_whole_numbers_fixed(before, factor):
    """Without an order a grid of 0.5 MW leaves 0.5 MW unserved. The penalty of that is raised, and is what it was afterwards."""
    inputs = beside_a_grid_of(0.5).inputs()
    years = Years(inputs)
    master = Master(inputs, build_master(inputs), years)
    trials = Trials(master, years, Limits(gap=1e-6), lambda _: None, Bounds(), wants_plan=True)
    trials.scale_penalty(before)
    master.solver.relax(True)
    integer, nothing = (DecomposedSearch(trials, rounding(master.matrix, master.model, inputs)).integer,
        np.zeros(len(master.integers)))
    phase = Phase()
    integer.solve_fixed(phase, nothing, INFINITY, 1e-6)
    assert trials.penalty_factor == years.variant.penalty_factor == before
    after = trials.evaluate(phase.point)
    assert after.penalty > 0 and phase.incumbent.penalty / after.penalty == pytest.approx(factor / before)
    assert phase.cost - after.cost == pytest.approx(phase.incumbent.penalty - after.penalty)


@pytest.mark.parametrize(("cost", "is_large"), [(60_000.0, True), (300.0, False)])
def test_a_measure_that_costs_much_is_decided_with_the_large_orders(monkeypatch, cost, is_large):
    park = growing()
    park.measure("envelope", {"heating": 0.1}, capital_cost=cost, lifetime=20)
    inputs = park.inputs()
    years = Years(inputs)
    master = Master(inputs, build_master(inputs), years)
    trials = Trials(master, years, Limits(gap=1e-6), lambda _: None, Bounds(), wants_plan=True)
    trials.overall.bound = 1e6
    integer = DecomposedSearch(trials, None).integer
    monkeypatch.setattr(integer_phase, "LARGE_ORDER", 2e-3)
    integer.large = integer._large()
    adoptions = np.isin(master.integers, master.matrix.columns_of(master.model.adopt.values()))
    assert adoptions.sum() == 2 and (integer.large[adoptions] == is_large).all()


@pytest.mark.parametrize(("most", "gap"), [(800, 0.05), (0, integer_phase.STEP_GAP)])
def test_steps_of_a_search_with_very_many_integers_are_no_coarser_for_a_wide_gap(monkeypatch, most, gap):
    """The wide gap ends the search sooner, on the path of a narrow one."""
    monkeypatch.setattr(integer_phase, "MOST_SEARCHED", most)
    inputs = growing().inputs()
    years = Years(inputs)
    master = Master(inputs, build_master(inputs), years)

    def search(gap, rounds=rounding):
        trials = Trials(master, years, Limits(gap=gap), lambda _: None, Bounds(), wants_plan=True)
        return DecomposedSearch(trials, rounds and rounds(master.matrix, master.model, inputs))

    wide = search(0.05)
    assert wide.gap == 0.05 and wide.integer.gap == gap and search(1e-5).integer.gap == 1e-5
    assert search(0.05, None).integer.gap == 0.05 and wide.solve(None).gap <= 0.05
@pytest.mark.slow
@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_two_runs_and_one_core_give_the_same_tables_where_plans_cost_the_same(monkeypatch, method):
    """Three plants that cost the same, in units, for a demand that grows."""
    park = Draft(2026, 2029)
    park.demand("heat", "heat", mwh={2026: 8760.0, 2028: 17520.0, 2029: 26280.0})
    park.supply("fuel", "fuel", price=1.0)
    for name in ("one", "other", "third"):
        costs = {"capital_cost": 1000.0, "fixed_cost": 10.0, "lifetime": 10}
        park.converter(name, {"heat": 1.0, "fuel": -1.0}, unit_size=0.5, order_spacing=2, max_capacity=5.0, **costs)
    case, options = park.case(), Options(gap=1e-6, method=method, compare=False)
    first, again = (plan_park(case, options).target.tables for _ in range(2))
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    alone = plan_park(case, options).target.tables
    for name, table in first.items():
        assert table.equals(again[name]) and table.equals(alone[name])


def test_many_orders_to_say_yes_or_no_to_make_a_park_large(monkeypatch):
    inputs = growing().inputs()
    assert not strategy.is_large(inputs)
    monkeypatch.setattr(strategy, "MIXED_COLUMNS", 100)
    assert not strategy.is_large(inputs)
    monkeypatch.setattr(strategy, "MIXED_ORDERS", 1)
    assert strategy.is_large(inputs) and not strategy.is_large(growing(min_build=0.0).inputs())


def test_an_assignment_with_minus_zeros_is_the_same_one(monkeypatch):
    inputs = growing().inputs()
    years = Years(inputs)
    trials = Trials(Master(inputs, build_master(inputs), years), years, Limits(gap=1e-3), lambda _: None, Bounds(), wants_plan=True)
    integer, zeros = DecomposedSearch(trials, rounding(trials.master.matrix, trials.master.model, inputs)).integer, np.zeros(2)
    solved: list[np.ndarray] = []
    proposals = iter([zeros, -zeros] * 5)
    monkeypatch.setattr(integer, "_proposed", lambda _: of_integers(trials.master, next(proposals)))
    monkeypatch.setattr(integer, "solve_fixed", lambda _, assignment, *__: solved.append(assignment))
    point = np.zeros(trials.master.count)
    assert integer.run(Phase(Trial(point, 1.0), 0.5)).end is End.STALLED and len(solved) == REPEATS


def planted(limit: float) -> tuple[Trials, Master]:
    """A plan that plants 0.01 ha in each of four years, 1 t/ha, beside 4,380 t of the grid of which some share is allowed."""
    park = Draft(2026, 2029, base_emissions=4380.0)
    park.demand()
    park.supply(factor=0.5)
    park.converter("plant", capital_cost=10_000.0, lifetime=20, max_capacity=5.0, min_build=0.5)
    park.restoration("forest", {0: 1.0}, capital_cost=20_000.0, max_plant=10.0)
    park.rule("net_ratio", "<=", limit)
    inputs = park.inputs()
    years = Years(inputs)
    master = Master(inputs, build_master(inputs), years)
    trials = Trials(master, years, Limits(gap=1e-3), lambda _: None, Bounds(), wants_plan=True)
    master.solver.relax(True)
    master.fix(np.zeros(len(master.integers)))
    master.hold(master.plantings, np.full(len(master.plantings), 0.01))
    for _ in range(3):
        trials.evaluate(master.optimum().values)
    master.restore(master.plantings)
    master.unfix()
    assert trials.overall.point[master.plantings] == pytest.approx([0.01] * 4)
    return trials, master


def test_small_plantings_that_nothing_asks_for_are_left_out():
    trials, master = planted(1.0)
    before = trials.overall.cost
    SlackRemover(trials).tidy()
    assert trials.overall.point[master.plantings].tolist() == [0.0] * 4 and trials.overall.cost < before


def test_small_plantings_that_a_rule_asks_for_stay():
    trials, master = planted(1.0 - 0.01 / 4380)
    SlackRemover(trials).tidy()
    assert trials.overall.point[master.plantings].sum() >= 0.01 * (1 - 1e-6) and not trials.overall.incumbent.has_slack
