"""A tree: pencil parks, the farmer of the literature, and what is shared until a future is known."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from farmer import farm
from parks import GAP, Draft, built

from models.case import Future, FutureValue, Limit, Uncertainty
from planner.futures.master import risk
from planner.futures.results import EXPECTED, LEAST_REGRET, orders_of, plan_tree
from planner.futures.search import Found, Search
from planner.futures.tree import Tree
from planner.machine.stopping import Watch
from planner.plan import TARGET
from planner.planning.run import Options

QUICK = Options(gap=GAP, compare=False)


def planned(park, **terms):
    return plan_tree(park.case(), QUICK, terms=Uncertainty(**terms))


def test_a_future_of_demand_keeps_what_may_be_shed_in_each_year():
    """A half, a quarter and nothing of 1 MW may be shed for 50 in place of 100: 2,628,000 less 438,000 · 0.75, known or not."""
    park = Draft(2026, 2028, discount_rate=0.0)
    for year, share in ((2026, 0.5), (2028, 0.0)):
        park.demand(mwh={year: 8760.0}, shed_share=share, shed_price=50.0)
    park.supply(price=100.0)
    park.add(Future(future="same", from_year=2027), Future(future="none", from_year=2027))
    park.add(FutureValue(future="same", changed="demand", name="power", factor=1.0))
    assert planned(park).expected_cost == pytest.approx(2_299_500)


def sunny(prices, year=2027, last=2029, **pv):
    """1 MW from a grid at 100 CNY/MWh, 876,000 CNY a year; each future has its own price from a year on. PV in every hour."""
    park = Draft(2026, last, discount_rate=0.0)
    park.demand()
    park.supply(price=100.0)
    park.converter("pv", **({"capital_cost": 1_000_000.0, "lifetime": 1, "max_capacity": 1.0} | pv))
    for name, (share, times) in prices.items():
        park.add(Future(future=name, from_year=year, probability=share))
        park.add(FutureValue(future=name, changed="prices", name="grid", item="energy", factor=times))
    return park


def test_orders_before_and_after_the_branching():
    """PV of a year costs 1,000,000: more than 876,000, less than the 1,752,000 of a dear year. 2026 costs 876,000 anyway, then three
    years cost 1,000,000 each if it is dear, and 438,000 if it is cheap. Nothing is gained by knowing."""
    plan = planned(sunny({"dear": (0.25, 2.0), "cheap": (0.75, 0.5)}))
    assert plan.costs == pytest.approx({"dear": 3_876_000, "cheap": 2_190_000})
    assert plan.objective == pytest.approx(0.25 * 3_876_000 + 0.75 * 2_190_000) == pytest.approx(plan.bound)
    assert plan.status == "optimal" and plan.evpi == pytest.approx(0, abs=1) and plan.largest_regret == pytest.approx(0, abs=1)
    assert {(o.node, o.year, o.item): (o.build, o.share) for o in plan.orders} == {
        ("dear", y, "pv"): (1.0, 0.25) for y in (2027, 2028, 2029)}
    # PV can be ordered in 2026 only and lasts: 2,000,000 against three years of 100, 300 or 10 CNY/MWh. Dear: 876 + 2·2,628 = 6,132
    # without it; cheap: 876 + 2·87.6 = 1,051.2. With equal shares 3,591.6 is above 2,000: it is built, which cheap regrets.
    park = sunny({"dear": (0.5, 3.0), "cheap": (0.5, 0.1)}, last=2028, capital_cost=2_000_000.0, lifetime=3, until_year=2026)
    plan = planned(park)
    assert plan.costs == pytest.approx({"dear": 2_000_000, "cheap": 2_000_000})
    assert plan.best == pytest.approx({"dear": 2_000_000, "cheap": 1_051_200})
    assert plan.evpi == pytest.approx(0.5 * (2_000_000 - 1_051_200)) and plan.largest_regret == pytest.approx(948_800)
    assert [(o.node, o.year, o.item, o.share) for o in plan.orders] == [("", 2026, "pv", 1.0)]
    regrets = {(r.plan, r.future): r.regret for r in plan.regrets}
    assert regrets["cheap", "dear"] == pytest.approx(6_132_000 - 2_000_000) and regrets["cheap", "cheap"] == pytest.approx(0, abs=1)
    # As above, but regret: x of PV costs cheap 948,800·x more than the least, and dear 4,132,000·(1 − x).
    park = sunny({"dear": (0.5, 3.0), "cheap": (0.5, 0.1)}, last=2028, capital_cost=2_000_000.0, lifetime=3, until_year=2026)
    plan, x = planned(park, objective="regret"), 4_132_000 / (4_132_000 + 948_800)
    assert plan.objective == pytest.approx(948_800 * x, rel=1e-6) and plan.status == "optimal"
    assert [o.build for o in plan.orders] == pytest.approx([x], rel=1e-6) and plan.expected_optimum == pytest.approx(2_000_000)
    # Undated, so that PV is ordered for both: of each year 1,000,000 against the mean of 1,752,000 and 438,000, 1,095,000.
    plan = planned(sunny({"dear": (0.5, 2.0), "cheap": (0.5, 0.5)}, year=None, last=2026))
    assert plan.costs == pytest.approx({"dear": 1_000_000, "cheap": 1_000_000})
    assert plan.evpi == pytest.approx(1_000_000 - 0.5 * (1_000_000 + 438_000))
    assert plan.vss == pytest.approx(0, abs=1)  # the mean future is 1.25 times, in which PV pays as well


def test_capacity_is_contracted_for_the_highest_peak_of_futures_that_are_never_known():
    """1 MW or 1.2 MW, 12,000 CNY a year for each MW contracted: 1.2 MW are paid for in both, which the ledger approves of."""
    park = Draft(2026, 2026, discount_rate=0.0)
    park.demand()
    park.supply(price=100.0, prices={"capacity_charge": 1_000.0})
    park.add(Future(future="low", from_year=None), Future(future="high", from_year=None))
    park.add(FutureValue(future="high", changed="demand", name="power", factor=1.2))
    plan = plan_tree(park.case(), Options(gap=GAP))
    assert plan.costs == pytest.approx({"low": 876_000 + 14_400, "high": 1.2 * 876_000 + 14_400})


def test_what_one_future_does_not_offer_or_cannot_reach():
    park = sunny({"dear": (0.5, 3.0), "cheap": (0.5, 0.1)}, last=2028, capital_cost=2_000_000.0, lifetime=3, until_year=2026)
    park.rows["futures"] = [row.model_copy(update={"from_year": None}) for row in park.rows["futures"]]
    park.add(Limit(technology="pv", item="max_build", value=1.0),
        FutureValue(future="cheap", changed="limits", name="pv", item="max_build", factor=0.0))
    assert planned(park).orders == []
    # No emissions from 2027 on: with a factor of 0.5 t/MWh only PV meets it, which one future does not have.
    park = sunny({"open": (0.5, 1.0), "shut": (0.5, 1.0)})
    park.rows["emission_factors"] = [row.model_copy(update={"value": 0.5}) for row in park.rows["emission_factors"]]
    park.rule("net_ratio", "<=", 0.0)
    park.goal(2027)
    park.add(FutureValue(future="shut", changed="limits", name="pv", item="max_capacity", factor=0.5))
    plan = planned(park)
    assert (plan.status, plan.blocking) == ("infeasible", ("shut",))


@pytest.mark.parametrize("children", [1, 2])
def test_one_child_and_twins_are_the_deterministic_plan(children):
    park = sunny({}, capital_cost={2026: 1_000_000.0, 2029: 700_000.0})
    alone = park.solve()
    park.add(*(Future(future=f"child {i}", from_year=2028) for i in range(children)))
    plan = planned(park)
    assert plan.expected_cost == pytest.approx(alone.system_cost) and plan.evpi == pytest.approx(0, abs=1) == pytest.approx(
        plan.vss, abs=1)
    assert [built(run.target, "pv") for run in plan.runs.values()] == [built(alone, "pv")] * children


@pytest.mark.parametrize(("terms", "value", "acres"), [
    ({}, -108_390, (170, 80, 250)),
    ({"objective": "regret"}, 7_511.8577, (134.618, 100, 265.382)),
    ({"objective": "cvar", "weight": 1.0, "tail": 1 / 3}, -59_950, (100, 25, 375)),
    ({"objective": "cvar", "weight": 1.0, "tail": 2 / 3}, -87_150, None),
])
def test_the_farmer(terms, value, acres):
    """Birge and Louveaux, Introduction to Stochastic Programming, 1.1; costs are minus profits."""
    plan = planned(farm(), **terms)
    assert (plan.status == "optimal" and plan.objective == pytest.approx(value, rel=1e-6)
        and plan.bound == pytest.approx(value, rel=1e-6))
    if acres is not None:
        assert {o.item: o.build for o in plan.orders} == pytest.approx(dict(zip(("wheat", "corn", "beets"), acres, strict=True)),
            rel=1e-4)
    assert plan.wait_and_see == pytest.approx(-115_405.5556) and plan.evpi == pytest.approx(7_015.5556)
    assert plan.mean_cost == pytest.approx(-107_240) and plan.vss == pytest.approx(1_150)
    assert plan.vss_range == pytest.approx((1_150, 1_150), abs=1.0)
    within = replace(plan, mean_bound=-107_500.0, expected_bound=-108_500.0)
    assert within.vss_range == pytest.approx((108_390 - 107_500, 108_500 - 107_240))
    largest = {name: max(r.regret for r in plan.regrets if r.plan == name) for name in (EXPECTED, LEAST_REGRET)}
    assert largest[LEAST_REGRET] == pytest.approx(7_511.8577, rel=1e-5) and largest[EXPECTED] == pytest.approx(11_130, rel=1e-5)


def test_orders_of_the_mean_future_that_cannot_be_kept_make_vss_infinite():
    """The mean of half and all of the roof is 0.75 MW, more than the half that one future has: the order cannot be kept there."""
    park = sunny({"small": (0.5, 3.0), "large": (0.5, 3.0)}, year=None, last=2026, capital_cost=100_000.0)
    park.add(FutureValue(future="small", changed="limits", name="pv", item="max_capacity", factor=0.5))
    plan = planned(park)
    assert plan.mean_cost == math.inf and {o.build for o in plan.orders} == {0.5}


def test_a_time_that_is_over_ends_with_what_was_found():
    """With no time there is no plan, and no traceback; where it ends after the plan, what it costs to be wrong is not told."""
    park = sunny({"dear": (0.5, 3.0), "cheap": (0.5, 0.1)})
    assert plan_tree(park.case(), QUICK, watch=Watch(0.0)).status == "failed"
    watch = Watch()
    told = lambda step, _: watch.end("the time limit") if str(step).startswith("looking") else None  # noqa: E731
    plan = plan_tree(park.case(), QUICK, told, watch)
    assert plan.costs and plan.evpi is None and plan.regrets == () and "time was over" in str(plan.warnings[-1])


def test_the_mean_of_the_leaves_own_bounds_is_a_bound_of_the_tree(monkeypatch):
    """PV for good pays in dear years and not in cheap ones: known from the start 2,000,000 and 1,051,200, on average 1,525,600. The
    search for the tree proves nothing."""
    park = sunny({"dear": (0.5, 3.0), "cheap": (0.5, 0.1)}, last=2028, capital_cost=2_000_000.0, lifetime=3, until_year=2026)
    search_for = Search.search
    monkeypatch.setattr(Search, "search", lambda self, *given, **more: replace(search_for(self, *given, **more), bound=-math.inf))
    plan = plan_tree(park.case(), QUICK)
    assert plan.bound == pytest.approx(1_525_600) and plan.objective == pytest.approx(2_000_000)
    assert plan.gap == pytest.approx(474_400 / 2_000_000, rel=1e-5)


def test_what_is_paid_for_planting_stands_beside_what_is_planted():
    """80 ha for 1.8 M are planted in 2026, and kept up after it; nothing is paid for what was planted before."""
    rows = [(2026, "forest", "planted", 80.0, "ha"), (2026, "forest", "kept_up", 80.0, "ha"),
        (2027, "forest", "kept_up", 80.0, "ha")]
    paid = [(2026, "restoration", "forest", 1.8e6, "CNY"), (2026, "restoration_cost", "forest", 7.2e4, "CNY")]
    tables = {"restoration": pd.DataFrame(rows, columns=["year", "project", "item", "value", "unit"]),
        "costs": pd.DataFrame(paid, columns=["year", "item", "name", "value", "unit"])}
    run = SimpleNamespace(target=SimpleNamespace(tables=tables))
    case = SimpleNamespace(kept=SimpleNamespace(measures=(), planting=()))
    tree = Tree((Future(future="only", probability=1.0),), 2026, 2027)
    assert [(o.year, o.item, o.build, o.capital_cost) for o in orders_of(tree, {"only": run}, case)] == [
        (2026, "forest", 80.0, 1.8e6)]


def test_an_order_has_the_probability_of_its_own_node():
    """PV of a year pays from 2026 on where power is dear for certain, and again in the dear years after: what is ordered in 2027 is
    ordered in one future of a quarter, though PV is ordered in 2026 in all."""
    plan = planned(sunny({"dear": (0.25, 2.0), "cheap": (0.75, 0.5)}, last=2027, capital_cost=800_000.0))
    assert {(o.node, o.year): o.share for o in plan.orders} == {("", 2026): 1.0, ("dear", 2027): 0.25}


@pytest.mark.parametrize("objective", ["expected", "regret"])
def test_least_regret_is_never_above_that_of_another_plan(objective, monkeypatch):
    """A search for the least regret that is stopped without PV, which costs dear 4,132,000 more; the plan of least expected
    cost builds it, which costs cheap 948,800 more, and is shown."""
    park = sunny({"dear": (0.5, 3.0), "cheap": (0.5, 0.1)}, last=2028, capital_cost=2_000_000.0, lifetime=3, until_year=2026)
    def stopped(search, terms, best, optimum):
        return search.search(TARGET, search.kept_orders(search.best["cheap"]))
    monkeypatch.setattr(Search, "least", stopped)
    plan = planned(park, objective=objective)
    largest = {name: max(r.regret for r in plan.regrets if r.plan == name) for name in (EXPECTED, LEAST_REGRET, "dear", "cheap")}
    assert largest["cheap"] == pytest.approx(4_132_000) and largest[LEAST_REGRET] == min(largest.values()) == pytest.approx(948_800)
    assert plan.largest_regret == pytest.approx(948_800)


def test_orders_that_cannot_be_kept_in_one_future_cost_what_they_cost_in_the_others():
    """All of the roof pays in the future that has it, 100,000 against 2,628,000; half of the roof is all that the other has: 50,000
    and half of the power."""
    park = sunny({"small": (0.5, 3.0), "large": (0.5, 3.0)}, year=None, last=2026, capital_cost=100_000.0)
    park.add(FutureValue(future="small", changed="limits", name="pv", item="max_capacity", factor=0.5))
    costs = {(r.plan, r.future): r.cost for r in planned(park).regrets}
    assert costs["large", "small"] == math.inf and costs["large", "large"] == pytest.approx(100_000)
    assert costs["small", "small"] == costs["small", "large"] == pytest.approx(50_000 + 1_314_000)


def short_of_its_best(first, left):
    """A search for the tree that is stopped at the first orders of a future, with a bound of 1,900,000; of those that keep orders
    only the ones `left` end with a plan: of the leaves, of the mean future."""
    search_for = Search.search
    def search(self, name, fixed=None, near=None):
        if fixed is None:
            leaf = next(leaf for leaf in self.leaves if leaf.name == first)
            own = self.alone(self.method.alone(leaf), self.limits)
            return replace(search_for(self, name, self.kept_orders(own)), bound=1_900_000.0)
        is_of_leaf = any(near is own.named for own in self.best.values())
        if ("leaves" if is_of_leaf else "mean") not in left:
            return Found("failed", np.zeros(0), {}, math.inf, -math.inf)
        return search_for(self, name, fixed, near)
    return search


@pytest.mark.parametrize(("objective", "first", "left", "value"),
    [("expected", "cheap", "mean", 2_000_000), ("expected", "dear", "leaves and mean", 2_000_000),
     ("expected", "cheap", "", 3_591_600), ("cvar", "cheap", "leaves", 2_000_000), ("expected", "cheap", "leaves", 2_000_000),
     ("regret", "cheap", "mean", 948_800)])
def test_the_plan_is_the_best_of_all_that_were_made(objective, first, left, value, monkeypatch):
    """The search for the tree is stopped without PV, which costs 6,132,000 or 1,051,200, on average 3,591,600. PV, which the plan for
    dear alone orders and that for the mean future, costs 2,000,000 in both, 948,800 above the least of cheap."""
    park = sunny({"dear": (0.5, 3.0), "cheap": (0.5, 0.1)}, last=2028, capital_cost=2_000_000.0, lifetime=3, until_year=2026)
    monkeypatch.setattr(Search, "search", short_of_its_best(first, left))
    monkeypatch.setattr(Search, "least", lambda self, terms, best, optimum: optimum)
    terms = Uncertainty(objective=objective, weight=1.0, tail=0.5)
    plan = plan_tree(park.case(), QUICK, terms=terms)
    assert plan.objective == pytest.approx(value) and plan.bound == pytest.approx(min(1_900_000, value))
    assert plan.gap == pytest.approx((plan.objective - plan.bound) / plan.expected_cost)
    assert [o.item for o in plan.orders] == ["pv"] * (value < 3_000_000)
    assert {name: run.target.system_cost for name, run in plan.runs.items()} == pytest.approx(plan.costs)
    assert sum(plan.probability[r.future] * r.cost for r in plan.regrets if r.plan == EXPECTED) == pytest.approx(
        plan.expected_optimum)
    costs = {p: {r.future: r.cost for r in plan.regrets if r.plan == p} for p in dict.fromkeys(r.plan for r in plan.regrets)}
    assert {EXPECTED, LEAST_REGRET} <= set(costs) and plan.expected_cost == pytest.approx(plan.expected_optimum)
    assert all(risk(terms, own, plan.probability, plan.best) >= plan.objective - 1 for own in costs.values())
    assert plan.vss is None if "mean" not in left else plan.vss == pytest.approx(0, abs=1)
    assert [bool(plan.first_orders[name]) for name in (EXPECTED, "dear", "cheap")] == [value < 3_000_000, True, False]
