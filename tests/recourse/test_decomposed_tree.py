"""The tree by the decomposed method: the same costs as one programme finds, and what it refuses."""

import random
from dataclasses import replace

import numpy as np
import pytest
from farmer import farm
from parks import GAP, Draft
from test_tree import sunny

from models.case import Future, FutureValue, Reserve, Uncertainty
from models.errors import CaseError
from models.inputs import resolve
from planner.clock import Clock
from planner.days import choose_days
from planner.futures.master import columns_of, make_leaves, merged, operations_of
from planner.futures.results import begin, plan_tree
from planner.futures.search import WholeTree
from planner.futures.tree import Tree
from planner.machine.stopping import Watch
from planner.planning.run import Options
from planner.planning.strategy import columns


def planned(park, method, compare=False, gap=GAP, **terms):
    return plan_tree(park.case(), Options(gap=gap, compare=compare, method=method), terms=Uncertainty(**terms))


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


def alike(seed: int) -> None:
    """Expected cost, cost of knowing and of the mean future's orders agree within the gaps; the bound is one of the other method."""
    gap = 1e-6
    whole, decomposed = planned(wild(seed), "whole", gap=gap), planned(wild(seed), "decomposed", gap=gap)
    assert (whole.status, decomposed.status) == ("optimal", "optimal")
    near = {"rel": 3 * gap, "abs": 1.0}
    assert decomposed.objective == pytest.approx(whole.objective, **near) and decomposed.bound <= whole.objective * (1 + gap) + 1
    assert decomposed.wait_and_see == pytest.approx(whole.wait_and_see, **near)
    assert decomposed.mean_cost is not None and decomposed.expected_optimum <= decomposed.mean_cost * (1 + gap) + 1


@pytest.mark.slow
def test_a_random_tree_costs_the_same_by_both_methods():
    alike(100)


def test_the_farmer_by_decomposition():
    """As in one programme: 170, 80 and 250 acres, and the value of knowing."""
    plan = planned(farm(), "decomposed")
    assert plan.status == "optimal" and plan.objective == pytest.approx(-108_390, rel=1e-5)
    assert plan.wait_and_see == pytest.approx(-115_405.5556, rel=1e-5) and plan.mean_cost == pytest.approx(-107_240, rel=1e-5)
    assert {o.item: o.build for o in plan.orders} == pytest.approx({"wheat": 170, "corn": 80, "beets": 250}, abs=0.1)


@pytest.mark.slow
def test_its_leaves_are_plans_that_the_ledger_approves_with_all_that_they_are_compared_with():
    """PV of a year where it is dear; the least cost, the reference and business as usual of each leaf are there too."""
    plan = planned(sunny({"dear": (0.25, 2.0), "cheap": (0.75, 0.5)}), "decomposed", compare=True)
    assert plan.costs == pytest.approx({"dear": 3_876_000, "cheap": 2_190_000})
    for name, run in plan.runs.items():
        assert run.target.system_cost == pytest.approx(plan.costs[name]) and set(run.plans) == {"target", "least-cost", "reference",
            "business-as-usual"}
    assert plan.runs["dear"].plans["reference"].system_cost == pytest.approx(876_000 + 3 * 1_752_000)


@pytest.mark.slow
def test_a_future_that_is_never_known_shares_all_orders_and_one_out_of_reach_is_named():
    """As in one programme: the mean of 1,752,000 and 438,000 is above 1,000,000; and where one future has half of the roof only, no
    emissions are out of reach."""
    assert planned(sunny({"dear": (0.5, 2.0), "cheap": (0.5, 0.5)}, year=None, last=2026), "decomposed").costs == pytest.approx(
        {"dear": 1_000_000, "cheap": 1_000_000})
    park = sunny({"open": (0.5, 1.0), "shut": (0.5, 1.0)})
    park.rows["emission_factors"] = [row.model_copy(update={"value": 0.5}) for row in park.rows["emission_factors"]]
    park.rule("net_ratio", "<=", 0.0)
    park.goal(2027)
    park.add(FutureValue(future="shut", changed="limits", name="pv", item="max_capacity", factor=0.5))
    plan = planned(park, "decomposed")
    assert (plan.status, plan.blocking) == ("infeasible", ("shut",))


def test_what_needs_one_programme_is_refused_by_its_reason():
    park = sunny({"dear": (0.5, 2.0), "cheap": (0.5, 0.5)}, year=None)
    park.rows["prices"] += [row.model_copy(update={"item": "capacity_charge", "unit": "CNY/MW/month"})
        for row in park.rows["prices"][:1]]
    with pytest.raises(CaseError, match="decomposed: contracted capacity in futures that are never known"):
        planned(park, "decomposed")


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_every_future_is_served_with_any_one_unit_out(method):
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
        return {(o.node, o.year): o.build for o in planned(park, method).orders}
    assert orders(True) == pytest.approx({("", 2026): 2.0, ("more", 2027): 1.0})
    assert orders(False) == pytest.approx({("", 2026): 1.0, ("more", 2027): 1.0})


def test_auto_counts_the_columns_of_the_whole_programme(monkeypatch):
    """Those of a year's hours for each operation, of which there is one in 2026 and six after it, and not one for each thing and
    hour: a store has three. Decomposed where there are more than many."""
    park = sunny({"dear": (0.5, 2.0), "cheap": (0.5, 0.5)})
    park.store(capital_cost=1e5, max_capacity=1.0)
    case = park.case()
    tree, inputs = Tree.of(case.futures, case.park), resolve(case, case.goal, 1.0, None)
    counted, found = columns_of(tree, inputs, 10**9), len(merged(tree, make_leaves(case, tree, 1.0, None)).keys)
    assert 0.8 * found <= counted <= found and columns(inputs) / 4 * 7 < 0.65 * counted
    for most, is_whole in ((counted - 1, False), (counted, True)):
        monkeypatch.setattr("planner.futures.results.MANY", most)
        search = begin(case, Uncertainty(), Options(gap=GAP), Clock(lambda *_: None, Watch(None)))
        assert isinstance(search.method, WholeTree) is is_whole
    monkeypatch.setattr("planner.planning.strategy.MIXED_COLUMNS", 0)  # few columns, and many a yes or no
    monkeypatch.setattr("planner.planning.strategy.MIXED_ORDERS", -1)
    assert begin(case, Uncertainty(), Options(gap=GAP), Clock(lambda *_: None, Watch(None))).method.operations


@pytest.mark.slow
@pytest.mark.parametrize(("terms", "value"),
    [({"objective": "regret"}, 7_511.8577), ({"objective": "cvar", "weight": 1.0, "tail": 1 / 3}, -59_950),
     ({"objective": "cvar", "weight": 1.0, "tail": 2 / 3}, -87_150)])
def test_the_farmers_risk_by_decomposition(terms, value):
    """What is searched is a millionth of the expected cost beside the risk, so the bound is that much below."""
    plan = planned(farm(), "decomposed", gap=1e-5, **terms)
    assert (
        plan.status == "optimal" and plan.objective == pytest.approx(value, abs=1.2) and value - 1.2 <= plan.bound <= value + 0.01)


def risks_alike(seed: int) -> None:
    """Least regret and cvar agree within the gaps, and each bound is one of the other method."""
    gap = 1e-5
    for terms in ({"objective": "regret"}, {"objective": "cvar", "weight": 0.7, "tail": 0.5}):
        whole, decomposed = planned(wild(seed), "whole", gap=gap, **terms), planned(wild(seed), "decomposed", gap=gap, **terms)
        assert (whole.status, decomposed.status) == ("optimal", "optimal"), seed
        near = 3 * gap * abs(whole.expected_cost) + 1.0
        assert abs(decomposed.objective - whole.objective) <= near, (seed, terms)
        assert decomposed.bound <= whole.objective + near and whole.bound <= decomposed.objective + near, (seed, terms)


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
    whole, decomposed = (planned(park, method, gap=1e-6, objective="regret") for method in ("whole", "decomposed"))
    assert decomposed.objective == pytest.approx(whole.objective, abs=3e-6 * whole.expected_cost)
    assert decomposed.expected_cost == pytest.approx(whole.expected_cost, rel=3e-6)


@pytest.mark.slow
def test_risk_of_a_random_tree_is_the_same_by_both_methods():
    risks_alike(201)


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
    whole, parts = (plan_tree(park.case(), replace(options, method=m, segments=12)) for m in ("whole", "decomposed"))
    assert {name: run.target.system_cost for name, run in parts.runs.items()} == pytest.approx(parts.costs)
    assert 0.999 * whole.expected_cost <= parts.expected_cost <= 1.02 * whole.expected_cost and parts.evpi >= -1
    case = park.case()
    leaves = make_leaves(case, tree := Tree.of(case.futures, case.park), 1.0, choose_days(case, 2), is_whole=False)
    assert len({id(year.joined.template.matrix) for year in operations_of(tree, leaves, 12).searched.year.values()}) == 1
