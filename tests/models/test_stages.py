"""Stages: each metric as a rule that binds, and goals that follow each other."""

import math

import pytest
from parks import Draft, emitted, ratio, standing

from planner.planning.run import Options, plan_park

YEAR = 876_000.0


def park(last: int = 2026, wind: bool = True, **grid) -> Draft:
    """1 MW, 4380 t from the grid, of a base of 4380 t, 0.1 tce/MWh; green wind at a million a MW and year."""
    found = Draft(2026, last)
    found.demand()
    found.supply(**{"factor": 0.5, "tce_per_mwh": 0.1} | grid)
    if wind:
        found.converter("wind", capital_cost=1_000_000.0, green=1)
    return found


def wind_for(metric: str, sense: str, limit: float, **grid) -> float:
    """MW of wind that the rule asks for; the rule binds."""
    found = park(**grid)
    assert found.cost() == pytest.approx(YEAR)
    found.rule(metric, sense, limit)
    plan = found.solve()
    assert ratio(plan, metric) == pytest.approx(limit) and plan.tables["stages"]["holds"].all()
    return standing(plan, "wind")[2026]


def test_ratios_of_emissions_and_intensity_bind():
    assert wind_for("gross_ratio", "<=", 0.25) == pytest.approx(0.75) and wind_for("net_ratio", "<=", 0.25) == pytest.approx(0.75)
    assert wind_for("intensity", "<=", 2.0) == pytest.approx(0.6)
    found = park()
    found.offset("free", "removal", 0.0)
    found.rule("intensity", "<=", 2.0)
    assert standing(found.solve(), "wind")[2026] == pytest.approx(0.6)


def test_shares_of_green_power_bind_and_know_no_green_grid():
    assert wind_for("clean_share", ">=", 0.5) == pytest.approx(0.5)
    assert wind_for("clean_share", ">=", 0.5, green_share=0.3) == pytest.approx(2 / 7)
    assert wind_for("direct_green_share", ">=", 0.5, green_share=0.3) == pytest.approx(0.5)
    assert wind_for("low_carbon_share", ">=", 0.5, green_share=0.3) == pytest.approx(0.5)


def test_certificates_and_green_contracts_are_low_carbon_once():
    """All 8760 MWh: of a green contract at 120, or of the grid at 100 with a certificate at 30; a certificate for the contract is
    free and makes no MWh of the grid low-carbon."""
    found = park(wind=False)
    found.supply("contract", price=120.0, green_share=1.0)
    found.certificate("gec", "grid", price=30.0)
    found.certificate("own", "contract", price=0.0)
    found.rule("low_carbon_share", ">=", 1.0)
    plan = found.solve()
    assert plan.system_cost == pytest.approx(8760 * 120) and ratio(plan, "low_carbon_share") == pytest.approx(1.0)
    found.rows["prices"] = [r.model_copy(update={"value": 140.0}) if r.supply == "contract" else r for r in found.rows["prices"]]
    plan = found.solve()
    assert plan.system_cost == pytest.approx(8760 * 130) and ratio(plan, "low_carbon_share") == pytest.approx(1.0)


def test_electricity_of_an_engine_is_not_low_carbon():
    # An engine of 0.4 MW runs on free gas, as long as 0.6 MW of wind are low-carbon; a share of 1 stops it.
    def found(limit: float) -> Draft:
        draft = park()
        draft.supply("gas", "gas", price=0.0)
        draft.converter("engine", {"gas": -2.0, "electricity": 1.0}, existing=0.4)
        draft.rule("low_carbon_share", ">=", limit)
        return draft
    assert standing(found(0.6).solve(), "wind")[2026] == pytest.approx(0.6)
    assert standing(found(1.0).solve(), "wind")[2026] == pytest.approx(1.0)


def test_electricity_of_other_converters_is_in_the_denominator():
    # An engine of 0.4 MW runs on free gas; half of 1 MW is to be green.
    found = park()
    found.supply("gas", "gas", price=0.0)
    found.converter("engine", {"gas": -2.0, "electricity": 1.0}, existing=0.4)
    found.rule("direct_green_share", ">=", 0.5)
    plan = found.solve()
    assert standing(plan, "wind")[2026] == pytest.approx(0.5) and emitted(plan, "electricity_used") == pytest.approx(8760)


def test_what_a_converter_draws_is_in_the_denominator():
    # A heat pump takes 1 MW more: half of 2 MW.
    found = park()
    found.demand("warmth", "heat", 3 * 8760)
    found.converter("pump", {"electricity": -1.0, "heat": 3.0}, existing=1.0)
    found.rule("direct_green_share", ">=", 0.5)
    assert standing(found.solve(), "wind")[2026] == pytest.approx(1.0)


def test_exports_are_taken_from_green_power_first_and_lower_energy_use():
    def found(limit: float) -> Draft:
        draft = park(wind=False, prices={"export": 200.0}, max_export=0.2)
        draft.converter("wind", existing=0.5, green=1)
        draft.rule("direct_green_share", ">=", limit)
        return draft
    assert found(0.0).cost() == pytest.approx(8760 * (0.7 * 100 - 0.2 * 200))
    assert found(0.4).cost() == pytest.approx(8760 * (0.6 * 100 - 0.1 * 200))
    found = park(wind=False, prices={"export": 200.0}, max_export=0.2)
    found.converter("wind", existing=0.5, green=1)
    plan = found.solve()
    assert emitted(plan, "energy_use") == pytest.approx(0.1 * 8760 * (0.7 - 0.2 + 0.5))
    assert emitted(plan, "clean_energy") == pytest.approx(0.1 * 8760 * (0.5 - 0.2))


def test_what_is_bought_to_count_binds_by_its_share():
    found = park()
    found.certificate(price=5.0)
    found.rule("gross_ratio", "<=", 0.0)
    assert found.cost() == pytest.approx(YEAR + 8760 * 5)
    found.rule("certificate_share", "<=", 0.3)
    plan = found.solve()
    assert ratio(plan, "certificate_share") == pytest.approx(0.3) and plan.system_cost == pytest.approx(0.3 * 8760 * 105 + 700_000)
    found = park(wind=False)
    found.offset("a", "avoidance", 1.0)
    found.offset("r", "removal", 9.0)
    found.rule("net_ratio", "<=", 0.0)
    found.rule("avoidance_ratio", "<=", 0.1)
    assert ratio(found.solve(), "avoidance_ratio") == pytest.approx(0.1)
    found = park()
    found.offset("r", "removal", 9.0)
    found.rule("net_ratio", "<=", 0.0)
    found.rule("offset_ratio", "<=", 0.2)
    plan = found.solve()
    assert ratio(plan, "offset_ratio") == pytest.approx(0.2) and standing(plan, "wind")[2026] == pytest.approx(0.8)


def test_a_stage_replaces_the_one_before_it_and_holds_from_its_year():
    found = park(last=2030)
    found.rule("gross_ratio", "<=", 0.25, stage="low-carbon")
    found.rule("gross_ratio", "<=", 0.5, stage="zero-carbon")
    found.goal(2029, low_carbon=2027)
    assert standing(found.solve(), "wind") == pytest.approx({2026: 0, 2027: 0.75, 2028: 0.75, 2029: 0.5, 2030: 0.5})
    found = park(last=2027)
    found.rule("direct_green_share", ">=", 0.9, stage="low-carbon")
    found.rule("gross_ratio", "<=", 0.5, stage="zero-carbon")
    found.goal(2027, low_carbon=2026)
    assert standing(found.solve(), "wind") == pytest.approx({2026: 0.9, 2027: 0.5})
    found = park(last=2027)
    found.rule("gross_ratio", "<=", 0.5)
    found.goal(2020)
    assert standing(found.solve(), "wind") == pytest.approx({2026: 0.5, 2027: 0.5})
    found = park()
    found.rule("gross_ratio", "<=", 0.5)
    found.rows["stages"] = [found.rows["stages"][0].model_copy(update={"standard": "another"})]
    assert found.cost() == pytest.approx(YEAR)
    found = park(last=2028)
    found.rule("gross_ratio", "<=", 0.0)
    found.goal(2028)
    assert standing(found.solve(), "wind") == pytest.approx({2026: 0, 2027: 0, 2028: 1})


def test_process_emissions_of_every_scope_are_gross():
    found = park(wind=False)
    found.process("kiln", 100.0)
    found.process("quarry", {2025: 0.0, 2027: 40.0}, scope=3)
    plan = found.solve()
    assert emitted(plan, "scope1") == pytest.approx(100) and emitted(plan, "scope3") == pytest.approx(20)
    assert emitted(plan, "gross") == pytest.approx(4500)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_a_year_without_any_demand_has_a_plan_and_no_share_of_it(method):
    """Nothing is used in 2026, so nothing can be divided by; 2027 uses 1 MW, all of it from a clean grid."""
    park = Draft(2026, 2027)
    park.demand(mwh={2026: 0.0, 2027: 8760.0})
    park.supply(green_share=1.0, tce_per_mwh=0.1, max_import=2.0)
    for metric, sense, limit in (("intensity", "<=", 1.0), ("clean_share", ">=", 0.9), ("certificate_share", "<=", 0.5)):
        park.rule(metric, sense, limit)
    run = plan_park(park.case(), Options(gap=1e-9, method=method))
    assert {plan.status for plan in run.plans.values()} == {"optimal"} and run.target.system_cost == pytest.approx(876_000)
    for metric, of_2027 in (("intensity", 0.0), ("clean_share", 1.0), ("certificate_share", 0.0)):
        assert math.isnan(ratio(run.target, metric, 2026)) and ratio(run.target, metric, 2027) == pytest.approx(of_2027)
    assert run.target.tables["stages"]["holds"].all()
