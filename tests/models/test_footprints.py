"""Footprints of tenants and products: by hand, and adding up to what the park emits; emissions embodied in orders beside."""

import pytest
from parks import Draft, emitted

from planner.ledger.ledger import check_plan
from planner.plan import Plan
from planner.planning.run import Options, plan_park

HOURS = 8760.0


def told(plan: Plan, year: int = 2026) -> dict[tuple[str, str, str], float]:
    """(tenant, product, item) -> what footprints.csv says of a year."""
    rows = plan.tables["footprints"].query("year == @year")
    return dict(zip(zip(rows["tenant"], rows["product"], rows["item"], strict=True), rows["value"], strict=True))


def works_and_bakery() -> Draft:
    """1 MW of grid each, 0.5 t/MWh by the location and 0.4 by the market, of which certificates green half; a kiln of the works."""
    park = Draft(base_emissions=1e4)
    park.demand("mills", tenant="works")
    park.demand("ovens", tenant="bakery")
    park.supply(price=100.0, factor={"location": 0.5, "market": 0.4})
    park.certificate(price=0.0, max_share=0.5)
    park.process("kiln", 1000.0, tenant="works")
    park.rule("gross_ratio", "<=", 0.45040)  # 1,000 and 3,504 t of 10,000: half of the certificates
    return park


def test_emissions_by_location_know_no_certificate():
    """Two grids of 4,380 t by location and the kiln; a credit of 3,504 t is taken off on either basis."""
    park = works_and_bakery()
    park.offset("credits", "removal", 1.0, max_volume=3504.0)
    park.rule("net_ratio", "<=", 0.1)
    plan = park.solve_twice()
    assert [emitted(plan, item) for item in ("gross", "net")] == pytest.approx([4504, 1000])
    assert [emitted(plan, item) for item in ("gross_location", "net_location")] == pytest.approx([9760, 6256])


def test_a_product_bears_its_part_of_what_its_tenant_does():
    park = works_and_bakery()
    park.product("cement", 6.0, "works", unit="kt")
    park.product("lime", 2000.0, "works")
    park.product("bread", 100.0, "bakery", share=0.25)
    own = told(park.solve_twice())
    # The grid is 4,380 t each by the location, and 3,504 by the market, of which half is green.
    assert [own["works", "", item] for item in ("scope1", "scope2_location", "scope2_market")] == pytest.approx([1000, 4380, 1752])
    assert [own["bakery", "", item] for item in ("scope1", "scope2_location", "certificates")] == pytest.approx([0, 4380, 1752])
    assert [own["works", p, "scope1"] for p in ("cement", "lime")] == pytest.approx([750, 250])
    assert own["works", "cement", "specific_scope1"] == own["works", "lime", "specific_scope1"] == pytest.approx(0.125)
    assert own["works", "cement", "specific_scope2_market"] == pytest.approx(0.75 * 1752 / 6000)
    assert own["bakery", "bread", "specific_scope2_location"] == pytest.approx(0.25 * 4380 / 100)


def test_without_tenants_a_product_bears_what_the_park_emits_and_none_of_nothing():
    park = Draft(2026, 2027)
    park.demand()
    park.supply(price=100.0, factor=0.5)
    park.product("glass", {2026: 0.0, 2027: 4380.0})
    plan = park.solve_twice()
    assert told(plan)["", "glass", "scope2_market"] == pytest.approx(4380)
    assert ("", "glass", "specific_scope2_market") not in told(plan)
    assert told(plan, 2027)["", "glass", "specific_scope2_market"] == pytest.approx(1.0) and plan.tables["tenants"].empty


def test_what_is_captured_goes_with_what_is_made_of_the_fuel_and_with_the_process():
    # The boiler's heat is all of the hotel: 8,760 MWh of gas at 0.2 t. Half of that and of the kiln is captured, and must be.
    park = Draft(base_emissions=2752.0)
    park.demand("rooms", "heat", tenant="hotel")
    park.demand("tools", tenant="works")
    park.supply(price=1.0)
    park.supply("gas", "gas", price=20.0, factor=0.2)
    park.supply("well", "co2", price=None, max_export=1.0)
    park.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=1.0)
    park.process("kiln", 1000.0, capturable=1, tenant="works")
    park.capture("scrubber", {"boiler": 0.5, "kiln": 0.5}, existing=1.0)
    park.rule("gross_ratio", "<=", 0.5)
    own = told(park.solve_twice())
    assert [own["hotel", "", item] for item in ("scope1", "captured")] == pytest.approx([876, 876])
    assert [own["works", "", item] for item in ("scope1", "captured")] == pytest.approx([500, 500])


def test_an_order_is_told_with_what_is_embodied_in_it_and_no_rule_counts_it():
    park = Draft(2026, 2027, base_emissions=4380.0)
    park.demand()
    park.supply(price=100.0, factor=0.5)
    park.converter("wind", capital_cost=10.0, lifetime=2, green=1, embodied={2026: 300.0, 2027: 100.0})
    park.rule("gross_ratio", "<=", 0.0)
    plan = park.solve_twice()
    row = plan.tables["investments"].iloc[0]
    assert (row["year"], row["embodied"]) == (2026, pytest.approx(300.0 * row["build"])) and row["embodied"] > 0


def counting(method: str, **park) -> Plan:
    """1 MW bought at 0.5 t/MWh, 4,380 t a year, of which half may be left from 2026 on; hydro of 300 t/MW is dear."""
    draft = Draft(base_emissions=4380.0, last=2027, **park)
    draft.demand()
    draft.supply(price=100.0, factor=0.5)
    draft.converter("hydro", max_capacity=1.0, capital_cost=2e8, lifetime=20, lead_time=0, embodied=300.0)
    draft.rule("gross_ratio", "<=", 0.5)
    draft.goal(2026)
    case = draft.case()
    plan = plan_park(case, Options(gap=1e-6, compare=False, method=method)).target
    check_plan(case, plan, 4380.0)
    return plan


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_what_is_embodied_counts_in_the_year_of_the_order_where_the_park_says_so(method):
    """b MW cut 4,380 b and cost 300 b t in 2026: 4,080 b = 2,190. In 2027 4,380 b are cut, and nothing is ordered."""
    without = counting(method)
    assert float(without.tables["investments"]["build"].sum()) == pytest.approx(0.5, rel=1e-4)
    plan = counting(method, count_embodied=True)
    (row,) = plan.tables["investments"].itertuples()
    assert (row.year, row.build, row.embodied) == (2026, pytest.approx(2190 / 4080, rel=1e-4), pytest.approx(300 * 2190 / 4080, rel=1e-4))
    tonnes = plan.tables["emissions"].set_index(["year", "item"])["value"]
    assert [tonnes[2026, "scope3"], tonnes[2026, "gross"]] == pytest.approx([300 * row.build, 2190], rel=1e-4)
    assert [tonnes[2027, "scope3"], tonnes[2027, "gross"]] == pytest.approx([0, 4380 * (1 - row.build)], rel=1e-4, abs=1e-3)
    sources = plan.tables["emission_sources"].query("name == 'hydro'")
    assert sources[["year", "item", "value"]].values.tolist() == [[2026, "scope3", pytest.approx(300 * row.build)]]
