"""Trees by decomposition: the same costs as one programme of another solver call, and what is refused."""

import random
from dataclasses import replace

import numpy as np
import pytest
from parks import GAP, Draft
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from test_tree import sunny

from models.case import Future, FutureValue, Reserve, Uncertainty
from models.errors import CaseError
from models.inputs import resolve
from models.park import build_park
from planner.days import choose_days
from planner.futures.master import Leaf, make_leaves, merged, operations_of
from planner.futures.paths import path_case
from planner.futures.results import plan_tree
from planner.futures.search import single
from planner.futures.tree import Tree
from planner.planning.run import Options
from planner.solve import compile_model


def planned(park, compare=False, gap=GAP, **terms):
    return plan_tree(park.case(), Options(gap=gap, compare=compare), terms=Uncertainty(**terms))


def whole_leaf(case, name, probability):
    inputs = resolve(case, case.goal, case.park.base_emissions, None)
    model = build_park(inputs)
    return Leaf(name, probability, case, inputs, model, compile_model(model))


def least(leaves, tree, terms=None, best=None, most=None):
    """The tree as one programme, by SciPy: the least expected cost, cvar or regret (the least expected cost with a regret of at
    `most`). C_l is a row each: eta + z_l >= C_l, or R >= C_l - C*_l."""
    whole, is_cvar = merged(tree, leaves), terms is not None and terms.objective == "cvar"
    m, count = whole.matrix, len(leaves)
    share = np.array([leaf.probability for leaf in leaves])
    a = sparse.csc_matrix((m.value, m.index, m.start), shape=(len(m.rows), len(m.columns)))
    paid = -np.array([whole.cost[leaf.name] for leaf in leaves])
    side = np.hstack([np.ones((count, 1)), np.eye(count) * is_cvar])
    low = np.array([whole.offset[leaf.name] - (best or {}).get(leaf.name, 0.0) for leaf in leaves])
    rows = sparse.bmat([[a, None], [sparse.csr_matrix(paid), sparse.csr_matrix(side)]], format="csc")
    of_mean, of_risk = (1.0, np.zeros(count + 1))
    if is_cvar:
        of_mean, of_risk = 1 - terms.weight, terms.weight * np.array([1.0, *(share / terms.tail)])
    elif terms is not None and most is None:
        of_mean, of_risk = 0.0, np.eye(count + 1)[0]
    answer = milp(np.concatenate([of_mean * m.cost, of_risk]), options={"mip_rel_gap": 1e-9},
        integrality=np.concatenate([m.integer, np.zeros(count + 1)]),
        bounds=Bounds(np.concatenate([m.lower, [-np.inf], np.zeros(count)]),
            np.concatenate([m.upper, [np.inf if most is None else most], np.full(count, np.inf)])),
        constraints=LinearConstraint(rows, np.append(m.row_lower, low), np.append(m.row_upper, np.full(count, np.inf))))
    assert answer.status == 0, answer.message
    return answer.fun + of_mean * m.offset


def leaves_of(park):
    """The leaves of a park as whole parks, their tree, and the least cost of each alone."""
    case = park.case()
    tree = Tree.of(case.futures, case.park)
    leaves = [whole_leaf(path_case(case, tree, name), name, tree.probability(name)) for name in tree.leaves]
    best = {leaf.name: least(only.leaves, only.tree) for leaf in leaves if (only := single(leaf))}
    return leaves, tree, best


def wild(seed: int) -> Draft:
    """A random park of three years with whole units, a store, a measure and a rule, and a random tree of two or three leaves."""
    dice = random.Random(seed)
    park = Draft(2026, 2028, discount_rate=0.05)
    park.profile("load", [1.0 + 0.8 * (6 < t < 20) for t in range(24)])
    park.demand(mwh=dice.choice((8760.0, 17520.0)), profile="load")
    park.supply(price=dice.uniform(60, 140), factor=0.5)
    park.profile("sun", [max(0.0, 1 - abs(t - 12) / 6) for t in range(24)])
    park.converter("pv", capital_cost=dice.uniform(2e5, 9e5), lifetime=dice.choice((2, 3, 6)), max_capacity=6.0, profile="sun",
        unit_size=dice.choice((0.0, 0.5)))
    park.converter("engine", capital_cost=dice.uniform(4e5, 2e6), project_cost=dice.choice((0.0, 1e5)),
        lifetime=dice.choice((1, 4)), max_capacity=3.0)
    park.store(capital_cost=dice.uniform(2e4, 2e5), lifetime=4, max_capacity=8.0, charge_efficiency=0.95, discharge_efficiency=0.95,
        full_power_hours=4.0)
    park.measure("leds", {"power": dice.uniform(0.02, 0.1)}, capital_cost=dice.uniform(5e4, 3e5))
    park.rule("gross_ratio", "<=", dice.uniform(0.3, 0.9))
    park.goal(2028)
    year, names = dice.choice((None, 2027, 2028)), ["a", "b"]
    park.add(Future(future="a", from_year=year, probability=0.3), Future(future="b", from_year=year, probability=0.7))
    if year == 2027 and dice.random() < 0.5:
        park.add(Future(future="c", parent="b", from_year=2028, probability=0.5),
            Future(future="d", parent="b", from_year=2028, probability=0.5))
        names += ["c", "d"]
    for name in names:
        park.add(FutureValue(future=name, changed="prices", name="grid", item="energy", factor=dice.uniform(0.3, 3.0)))
        if dice.random() < 0.6:
            park.add(FutureValue(future=name, changed="demand", name="power", factor=dice.uniform(0.8, 1.3)))
        if dice.random() < 0.6:
            park.add(FutureValue(future=name, changed="costs", name="pv", item="capital_cost", factor=dice.uniform(0.4, 1.5)))
    return park


@pytest.mark.slow
def test_a_random_tree_costs_what_one_programme_does():
    """Expected cost, and cost of knowing, agree within the gaps; the bound is one."""
    gap, (leaves, tree, best) = 1e-6, leaves_of(wild(100))
    plan, optimum, near = planned(wild(100), gap=gap), least(leaves, tree), {"rel": 3 * gap, "abs": 1.0}
    assert plan.status == "optimal" and plan.objective == pytest.approx(optimum, **near)
    assert plan.bound <= optimum * (1 + gap) + 1
    assert plan.wait_and_see == pytest.approx(sum(leaf.probability * best[leaf.name] for leaf in leaves), **near)
    assert plan.mean_cost is not None and plan.expected_optimum <= plan.mean_cost * (1 + gap) + 1


@pytest.mark.slow
def test_its_leaves_are_plans_that_the_ledger_approves_with_all_that_they_are_compared_with():
    """PV of a year where it is dear; the least cost, the reference and business as usual of each leaf are there too."""
    plan = planned(sunny({"dear": (0.25, 2.0), "cheap": (0.75, 0.5)}), compare=True)
    assert plan.costs == pytest.approx({"dear": 3_876_000, "cheap": 2_190_000})
    for name, run in plan.runs.items():
        assert run.target.system_cost == pytest.approx(plan.costs[name]) and set(run.plans) == {"target", "least-cost", "reference",
            "business-as-usual"}
    assert plan.runs["dear"].plans["reference"].system_cost == pytest.approx(876_000 + 3 * 1_752_000)


def test_what_is_not_planned_is_refused_by_its_reason():
    park = sunny({"dear": (0.5, 2.0), "cheap": (0.5, 0.5)}, year=None)
    with pytest.raises(CaseError, match="--method whole: a plan for several futures is made year by year"):
        plan_tree(park.case(), Options(method="whole"))


def test_every_future_is_served_with_any_one_unit_out():
    """1 MW of heat, and from 2027 on 2 MW in one future of a quarter: boilers of 1 MW, one more than is needed. Two for 2026, a third
    in the future that needs it; without the reserve one, and a second there."""
    def orders(operated):
        park = Draft(2026, 2028, discount_rate=0.0)
        park.demand("warmth", "heat", mwh=8760.0)
        park.supply("gas", "gas", price=10.0)
        park.converter("boiler", {"heat": 1.0, "gas": -1.0}, capital_cost=1e5, unit_size=1.0, lifetime=9, max_capacity=5.0)
        for name, share, times in (("more", 0.25, 2.0), ("same", 0.75, 1.0)):
            park.add(Future(future=name, from_year=2027, probability=share),
                FutureValue(future=name, changed="demand", name="warmth", factor=times))
        park.add(*([Reserve(carrier="heat", largest_out=1, operated=1)] if operated else []))
        return {(o.node, o.year): o.build for o in planned(park).orders}
    assert orders(True) == pytest.approx({("", 2026): 2.0, ("more", 2027): 1.0})
    assert orders(False) == pytest.approx({("", 2026): 1.0, ("more", 2027): 1.0})


@pytest.mark.parametrize("charge", [1_000.0, 20_000.0])
def test_what_is_contracted_for_weather_that_is_never_known_is_one_decision(charge):
    """By the month's peaks or by a contract, with a battery: as one programme has it."""
    park = Draft(2026, 2027, discount_rate=0.05)
    for name, shape in (("shape", [0.8, 1.2, 1.5, 0.7]), ("other", [0.8, 1.6, 1.3, 0.7])):
        park.profile(name, shape)
    park.demand(profile="shape")
    park.supply(price=100.0, prices={"capacity_charge": charge, "demand_charge": 8_000.0})
    park.store(capital_cost=2e4, max_capacity=2.0, lifetime=10)
    for name, factor in (("low", 0.8), ("high", 1.3)):
        park.add(Future(future=name, from_year=None), FutureValue(future=name, changed="demand", name="power", factor=factor))
    park.add(FutureValue(future="low", changed="profiles", name="shape", value="other", year=2026))
    leaves, tree, _ = leaves_of(park)
    plan = planned(park, gap=1e-6)
    assert plan.status == "optimal" and plan.objective == pytest.approx(least(leaves, tree), rel=3e-6)


@pytest.mark.slow
def test_among_plans_of_least_regret_that_of_least_expected_cost_is_taken():
    """Two futures decide the regret of the sun that is ordered before they part; what the other two cost is of no weight in it."""
    dice = np.random.default_rng(4)
    park = Draft(2026, 2028)
    park.profile("load", list(dice.uniform(0.4, 1.6, 24)))
    park.profile("sun", [max(0.0, 1 - abs(t - 12) / 6) for t in range(24)])
    park.demand(profile="load")
    park.supply(price=100.0)
    sun, tank, wind = 5e5 * dice.uniform(0.5, 1), 1e4 * dice.uniform(1, 4), 8e5 * dice.uniform(0.95, 1.3)
    park.converter("pv", capital_cost=sun, lifetime=3, max_capacity=6.0, profile="sun", until_year=2026)
    losses = {"standing_loss": 0.01, "charge_efficiency": 0.9}
    park.store(capital_cost=tank, lifetime=1, max_capacity=20.0, full_power_hours=3.0, **losses)
    park.converter("wind", capital_cost=wind, lifetime=1, max_capacity=3.0, first_year=2027)
    for name, times in (("dear", 3.0), ("cheap", 0.1), ("mid", 1.2), ("low", 0.6)):
        park.add(Future(future=name, from_year=2027, probability=0.25))
        park.add(FutureValue(future=name, changed="prices", name="grid", item="energy", factor=times))
    leaves, tree, best = leaves_of(park)
    regret = least(leaves, tree, terms := Uncertainty(objective="regret"), best)
    expected = least(leaves, tree, terms, best, most=regret + 1e-3)
    plan = planned(park, gap=1e-6, objective="regret")
    assert plan.objective == pytest.approx(regret, abs=3e-6 * expected) and plan.expected_cost == pytest.approx(expected, rel=3e-6)


@pytest.mark.slow
def test_risk_of_a_random_tree_is_that_of_one_programme():
    """Least regret and cvar agree within the gaps, and the bound is one."""
    gap, (leaves, tree, best) = 1e-5, leaves_of(wild(201))
    for asked in ({"objective": "regret"}, {"objective": "cvar", "weight": 0.7, "tail": 0.5}):
        terms, plan = Uncertainty(**asked), planned(wild(201), gap=gap, **asked)
        optimum = least(leaves, tree, terms, best if terms.objective == "regret" else None)
        near = 3 * gap * abs(plan.expected_cost) + 1.0
        assert plan.status == "optimal" and abs(plan.objective - optimum) <= near and plan.bound <= optimum + near, asked


def test_a_large_tree_is_searched_on_segments_and_its_plan_serves_full_days(monkeypatch):
    """Half of the hours of two days as segments: the plan costs what its leaves do on full days, at least what is the least there, and
    little more. A cut of one future holds in the other, whose hours are the same at other prices."""
    monkeypatch.setattr("planner.futures.results.is_large", lambda _: True)
    park = Draft(2026, 2028, hours=8760, discount_rate=0.0)
    park.profile("load", [1.0 + 0.5 * (6 < t % 24 < 20) for t in range(8760)])
    park.profile("sun", [max(0.0, 1 - abs(t % 24 - 12) / 6) * (0.5 + 0.5 * (2000 < t < 7000)) for t in range(8760)])
    park.demand(mwh=8760.0, profile="load")
    park.supply(price=100.0)
    park.converter("pv", capital_cost=5e5, lifetime=2, max_capacity=6.0, profile="sun", unit_size=0.5)
    park.store(capital_cost=2e4, lifetime=2, max_capacity=8.0, full_power_hours=4.0)
    for name, times in (("dear", 2.0), ("cheap", 0.5)):
        park.add(Future(future=name, from_year=2027), FutureValue(future=name, changed="prices", name="grid", item="energy",
            factor=times))
    options = Options(gap=1e-5, compare=False, days=2, verify=False)
    whole, parts = (plan_tree(park.case(), replace(options, segments=n)) for n in (24, 12))
    assert {name: run.target.system_cost for name, run in parts.runs.items()} == pytest.approx(parts.costs)
    assert 0.999 * whole.expected_cost <= parts.expected_cost <= 1.02 * whole.expected_cost and parts.evpi >= -1
    case = park.case()
    leaves = make_leaves(case, tree := Tree.of(case.futures, case.park), 1.0, choose_days(case, 2))
    assert len({id(year.joined.template.matrix) for year in operations_of(tree, leaves, 12).searched.year.values()}) == 1
