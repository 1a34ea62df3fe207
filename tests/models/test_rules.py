"""Rules of rules.csv: shares of what green plants could generate, budgets over years, and which plans they bind."""

import pytest
from parks import GAP, Draft, emitted, energy

from models.case import ParkRule
from planner.plan import LEAST_COST, REFERENCE, TARGET
from planner.planning.run import Options, plan_park

#: Sun in half of the hours.
SUN = [0.0] * 12 + [1.0] * 12


def asks(found: Draft, metric: str, sense: str, limit: float, year: int | None = None, rule: str = "law") -> Draft:
    """The park with a rule more."""
    found.add(ParkRule(rule=rule, metric=metric, sense=sense, limit=limit, year=year))
    return found


def told(plan, metric: str, year: int = 2026) -> float:
    """Value of a rule."""
    own = plan.tables["rules"]
    (value,) = own[(own["metric"] == metric) & (own["year"] == year)]["value"]
    return float(value)


def sunny(existing: float = 2.0, sale: float = 50.0, last: int = 2026) -> Draft:
    """1 MW of use, 2 MW of sun by day that cost nothing, a grid at 100 that buys at 50, and no store."""
    found = Draft(2026, last, hours=24)
    found.profile("sun", SUN)
    found.demand()
    found.supply(price=100.0, max_export=5.0, prices={"export": sale}, factor=0.5)
    found.converter("pv", existing=existing, profile="sun", green=1)
    return found


def test_exports_and_curtailment_are_shares_of_what_could_be_generated():
    free = sunny().solve()
    assert energy(free, "export", "grid") == pytest.approx(4380)
    plan = asks(sunny(), "export_share", "<=", 0.2).solve_twice()
    assert energy(plan, "export", "grid") == pytest.approx(0.2 * 8760) and told(plan, "export_share") == pytest.approx(0.2)
    assert plan.system_cost == pytest.approx(438_000 - 0.2 * 8760 * 50)
    plan = asks(sunny(sale=-10.0), "curtailed_share", "<=", 0.3).solve_twice()
    assert energy(plan, "export", "grid") == pytest.approx(0.2 * 8760)
    assert sunny(sale=-10.0).solve().system_cost == pytest.approx(438_000)
    found = asks(sunny(1.0), "export_share", "<=", 0.2)
    found.supply("farm", price=40.0, profile="sun", contract_max=4.0, take=0.0, green_share=1.0, direct=1)
    plan = found.solve_twice()
    assert energy(plan, "export", "grid") == pytest.approx(0.2 * (1.0 + 4.0) * 4380)


def test_self_use_takes_exports_and_curtailment_off():
    # 1 MW of sun is used, of n MW built 1 / n: with 0.8 no more than 1.25 MW are built where a MW earns 219,000 a year by sales.
    def plan(limit: float | None):
        found = Draft(hours=24)
        found.profile("sun", SUN)
        found.demand()
        found.supply(price=100.0, max_export=5.0, prices={"export": 50.0})
        found.converter("pv", capital_cost=200_000.0, max_capacity=3.0, profile="sun", green=1)
        return (found if limit is None else asks(found, "self_use_share", ">=", limit)).solve_twice()
    def standing(own):
        return float(own.tables["capacity"].query("technology == 'pv'")["capacity"].sum())
    assert standing(plan(None)) == pytest.approx(3.0) and standing(plan(0.8)) == pytest.approx(1.25)


def test_own_supply_counts_direct_green_contracts_and_no_others():
    # Own supply of half the use is asked for: a contract at 150 by day does it, if it comes by its own line.
    def plan(direct: int):
        found = Draft(hours=24)
        found.profile("sun", SUN)
        found.demand()
        found.supply(price=100.0)
        found.supply("farm", price=150.0, profile="sun", contract_max=2.0, green_share=1.0, direct=direct)
        return found
    own = asks(plan(1), "own_supply_share", ">=", 0.5).solve_twice()
    assert energy(own, "import", "farm") == pytest.approx(4380) and told(own, "own_supply_share") == pytest.approx(0.5)
    found = plan(1)
    found.rule("own_supply_share", ">=", 0.5)
    staged = found.solve_twice()  # as a rule of a stage it is the same
    assert staged.system_cost == pytest.approx(own.system_cost) and energy(staged, "import", "farm") == pytest.approx(4380)
    assert asks(plan(0), "own_supply_share", ">=", 0.5).try_to_solve().status == "infeasible"


def test_rules_hold_until_the_next_one_and_bind_target_and_least_cost():
    found = asks(asks(sunny(last=2028), "export_share", "<=", 0.2), "export_share", "<=", 0.1, 2028)
    plan = found.solve_twice()
    assert [energy(plan, "export", "grid", y) for y in (2026, 2027, 2028)] == pytest.approx([1752, 1752, 876])
    run = asks(sunny(), "export_share", "<=", 0.2).run()
    sold = {name: energy(run.plans[name], "export", "grid") for name in (TARGET, LEAST_COST, REFERENCE)}
    assert sold == {TARGET: pytest.approx(1752), LEAST_COST: pytest.approx(1752), REFERENCE: pytest.approx(4380)}
    assert not run.plans[REFERENCE].tables["rules"]["holds"].any()
    run = asks(sunny(0.0), "own_supply_share", ">=", 0.5).run()
    assert run.plans[TARGET].status == "infeasible" and {(b.stage, b.metric) for b in run.blocking} == {("law", "own_supply_share")}


def test_a_metric_of_stages_may_be_bounded_whatever_the_goal():
    # 4380 t of grid; half of the base of 4380 is allowed: credits do not help gross, sun at 100 more does.
    found = Draft(hours=24)
    found.profile("sun", SUN)
    found.demand()
    found.supply(price=100.0, factor=0.5)
    found.supply("dear", price=200.0, factor=0.0)
    plan = asks(found, "gross_ratio", "<=", 0.5).solve_twice()
    assert emitted(plan, "gross") == pytest.approx(2190) and told(plan, "gross_ratio") == pytest.approx(0.5)
    assert plan.tables["stages"].empty


def budgeted(limit: float, metric: str = "cumulated_gross", year: int | None = None) -> Draft:
    """A MW of use over three years from a grid at 0.5 t/MWh, or from a clean supply that is dearer by 10, 20 and 30."""
    found = Draft(2026, 2028, hours=24)
    found.demand()
    found.supply(price=100.0, factor=0.5)
    found.supply("clean", price={2026: 110.0, 2027: 120.0, 2028: 130.0})
    return asks(found, metric, "<=", limit, year)


def test_a_budget_over_years_is_spent_where_it_is_worth_most_and_may_begin_later():
    plan = budgeted(6570.0).solve_twice()
    assert [emitted(plan, "gross", y) for y in (2026, 2027, 2028)] == pytest.approx([0, 2190, 4380])
    assert plan.system_cost == pytest.approx(3 * 876_000 + 8760 * 10 + 4380 * 20)
    assert told(plan, "cumulated_gross") == pytest.approx(6570)
    found = asks(budgeted(6570.0), "cumulated_gross", "<=", 2190.0, 2027)
    plan = found.solve_twice()
    # From 2027 on half a year of the grid, in 2028; in 2026 a whole one.
    assert [emitted(plan, "gross", y) for y in (2026, 2027, 2028)] == pytest.approx([4380, 0, 2190])
    assert told(plan, "cumulated_gross", 2027) == pytest.approx(2190)
    found = budgeted(0.0, "cumulated_net")
    found.restoration("wood", {0: 5380.0}, max_area=1.0, capital_cost=10.0, lifetime=1)
    assert found.solve_twice().system_cost == pytest.approx(3 * 876_000 + 3 * 4380 / 5380 * 10)


def test_a_year_below_0_leaves_no_more_to_the_others():
    # 2026 must take up 876 t more than it emits; 2027 and 2028 still have 4380 t between them. A hectare takes up 5380 t.
    found = asks(asks(budgeted(4380.0, "cumulated_net"), "net_ratio", "<=", -0.2, 2026), "net_ratio", "<=", 9.0, 2027)
    found.restoration("wood", {0: 5380.0}, max_area=1.0, capital_cost=50_000.0, lifetime=1)
    plan = found.solve_twice()
    assert plan.system_cost == pytest.approx(3 * 876_000 + (5256 + 4380) / 5380 * 50_000, rel=1e-5)
    assert emitted(plan, "net") == pytest.approx(-876, rel=1e-4) and told(plan, "cumulated_net") == pytest.approx(4380, rel=1e-3)


def test_nothing_may_be_emitted_and_the_hours_are_a_hair_short():
    """Hydro of 1 MW serves 1 MW, and the grid's 0.5703 t/MWh may not be emitted: 0 t. The decomposed method leaves some 1e-8 MW in
    each hour to the grid, within what the solver lets pass: 1e-4 t of the year, which are no disagreement and break no rule."""
    park = Draft()
    park.demand()
    park.supply(price=500.0, max_import=10.0, factor=0.5703)
    park.converter("hydro", {"electricity": 1.0}, max_capacity=1.0, capital_cost=1000.0, lifetime=1)
    park.rule("gross_ratio", "<=", 0.0)
    plan = plan_park(park.case(), Options(gap=GAP, compare=False, method="decomposed")).target
    assert plan.system_cost == pytest.approx(1000.0, abs=0.2)
    (row,) = plan.tables["stages"].itertuples()
    assert row.holds and row.value == pytest.approx(0.0, abs=1e-6)
