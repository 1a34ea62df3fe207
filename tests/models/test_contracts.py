"""Contracts: deliver as generated, take or pay, a least energy of the year, a yearly fee."""

import numpy as np
import pytest
from parks import Draft, emitted, energy, paid

from planner.days import choose_days
from planner.planning.base import base_emissions
from planner.planning.run import Options, plan_park

#: Sun in half of the hours, nothing at night.
SUN = [0.0] * 12 + [1.0] * 12


def told(plan, item: str, supply: str = "sun", year: int = 2026) -> float:
    """A figure of contracts.csv; 0 where it is not listed."""
    own = plan.tables["contracts"]
    return float(own[(own["item"] == item) & (own["supply"] == supply) & (own["year"] == year)]["value"].sum())


def park(price: float = 60.0, last: int = 2026, **contract) -> Draft:
    """A demand of 1 MW, a grid at 100 and, if anything is said of it, a contract for power of the sun."""
    found = Draft(2026, last, hours=24)
    found.profile("sun", SUN)
    found.demand()
    found.supply(factor=0.5)
    if contract:
        found.supply("sun", price=price, **{"profile": "sun", "contract_max": 8.0, "green_share": 1.0, **contract})
    return found


def test_a_contract_delivers_when_its_plant_generates_and_at_no_other_hour():
    # 1 MW of sun is contracted: 4380 MWh at 60 by day, the grid by night. At midnight nothing comes of the contract.
    plan = park(take=1.0).solve_twice()
    assert plan.system_cost == pytest.approx(4380 * (60 + 100)) and told(plan, "contracted") == pytest.approx(1.0)
    dispatch = plan.tables["dispatch"].query("name == 'sun' and flow == 'import'").set_index("hour")["value"]
    assert dispatch[0] == pytest.approx(0) and dispatch[12] == pytest.approx(1)
    assert park().solve_twice().system_cost == pytest.approx(876_000)


def test_what_is_generated_is_paid_even_where_it_is_not_used():
    # By day 1 MW in 6 hours and 2 MW in 6: a second MW would be used half of the time, at 60 a MWh made and 120 a MWh used: no.
    # At 40 a second MW pays: 80 a MWh used, and a quarter of all that is generated is curtailed.
    def plan(price: float, **more):
        found = Draft(hours=24)
        found.profile("sun", SUN)
        found.profile("use", [0.0] * 12 + [1.0] * 6 + [2.0] * 6)
        found.demand(mwh=365 * 18.0, profile="use")
        found.supply(price=100.0)
        found.supply("sun", price=price, profile="sun", contract_max=8.0, **more)
        return found.solve_twice()
    assert told(plan(60.0), "contracted") == pytest.approx(1.0)
    two = plan(40.0)
    assert told(two, "contracted") == pytest.approx(2.0) and told(two, "curtailed") == pytest.approx(365 * 6)
    assert two.system_cost == pytest.approx(365 * 24 * 40)
    # Half of it taken: a second MW costs 60 / 2 for what is made and 60 / 2 for what is used, 90 a MWh used.
    half = plan(60.0, take=0.5)
    assert told(half, "contracted") == pytest.approx(2.0) and told(half, "paid_energy") == pytest.approx(365 * (12 + 9))
    assert half.system_cost == pytest.approx(365 * (12 + 9) * 60) and told(half, "cost") == pytest.approx(half.system_cost)


def test_what_is_generated_and_not_used_is_sold_or_stored():
    # Two MW by day at 40 and a store for 12 MWh: no grid at all. Without the store the second MW would be of no use.
    found = park(40.0, take=1.0)
    found.store(existing=12.0, full_power_hours=1.0)
    plan = found.solve_twice()
    assert told(plan, "contracted") == pytest.approx(2.0) and energy(plan, "import", "grid") == pytest.approx(0)
    sold = park(40.0, take=1.0)
    sold.supply("sale", price=None, prices={"export": 50.0}, max_export=0.5)
    assert told(sold.solve_twice(), "contracted") == pytest.approx(1.5)


def test_only_what_is_imported_emits_and_counts():
    assert emitted(park(take=1.0).solve(), "scope2_market") == pytest.approx(0.5 * 4380)


def test_a_contract_that_costs_nothing_by_itself_is_no_larger_than_needed():
    # With take 0 only what is imported is paid: 8 MW would cost no more than 1.
    plan = park(take=0.0).solve_twice()
    assert told(plan, "contracted") == pytest.approx(1.0) and told(plan, "curtailed") == pytest.approx(0.0)
    assert paid(plan, "energy") == pytest.approx(4380 * 160)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_a_contract_that_costs_nothing_by_itself_is_as_large_as_all_hours_need(method):
    """1 MW on average, 4 at most: one typical day is flatter. It is contracted once all hours were operated, without a repair."""
    load = np.full(8760, 1.0)
    load[4000:4004] = 4.0
    found = Draft(2026, hours=8760)
    found.demand("warmth", "heat", mwh=8760.0, profile=found.profile("load", load / load.mean()))
    found.supply("waste", "heat", price=50.0, profile=found.profile("flat", np.ones(8760)), contract_max=5.0, take=0.0)
    plan = plan_park(found.case(), Options(days=1, compare=False, method=method)).target
    assert plan.verified and plan.repairs == 0 and plan.system_cost == pytest.approx(8760 * 50)
    assert told(plan, "contracted", "waste") == pytest.approx(4 / load.mean())


def test_a_plan_within_a_wide_gap_operates_its_years_with_all_of_a_contract_that_costs_nothing_by_itself():
    plan = plan_park(park(take=0.0, price=99.0).case(), Options(gap=0.5, compare=False, method="decomposed")).target
    assert plan.system_cost == pytest.approx(4380 * (99 + 100)) and told(plan, "contracted") == pytest.approx(1.0)


def test_a_tariff_of_a_contract_holds_for_what_is_generated():
    found = park(60.0, take=1.0)
    found.tariff(1.5, "sun", hours="12-17")
    assert found.solve_twice().system_cost == pytest.approx(4380 * (75 + 100))


def test_what_falls_short_of_the_least_energy_of_the_year_is_paid():
    # A supply at 150 that must be paid for 2000 MWh: buying them costs 100 less each than paying for both.
    def plan(**more):
        found = Draft(hours=24)
        found.demand()
        found.supply(price=100.0)
        found.supply("steam-line", price=150.0, max_import=0.1, **more)
        return found.solve_twice()
    assert plan().system_cost == pytest.approx(876_000)
    short = plan(min_year=2000.0)
    assert energy(short, "import", "steam-line") == pytest.approx(876)
    assert told(short, "shortfall", "steam-line") == pytest.approx(2000 - 876)
    assert short.system_cost == pytest.approx(876_000 + 876 * 50 + (2000 - 876) * 150)


def test_a_contract_with_a_least_energy_is_made_or_not():
    # 0.2 MW of sun at 120 instead of 100 would cost 20 a MWh; none is used: nothing is due. Where the grid costs 130 the contract
    # pays, and with 0.2 MW, 876 MWh, of 1000 the rest is due too.
    def plan(grid: float):
        found = Draft(hours=24)
        found.profile("sun", SUN)
        found.demand()
        found.supply(price=grid)
        found.supply("sun", price=120.0, profile="sun", contract_max=0.2, min_year=1000.0)
        return found.solve_twice()
    assert told(plan(100.0), "used") == pytest.approx(0) and plan(100.0).system_cost == pytest.approx(876_000)
    assert told(plan(130.0), "used") == pytest.approx(0)  # 876 x 130 is less than 1000 x 120
    both = plan(150.0)
    assert told(both, "used") == pytest.approx(1) and both.system_cost == pytest.approx((8760 - 876) * 150 + 1000 * 120)


def test_a_yearly_fee_is_paid_where_the_supply_is_used():
    # The fee of 100,000 is worth 40 a MWh less on 4380 MWh (175,200), and not on a tenth of them.
    def plan(most: float, **more):
        found = park(60.0, take=1.0, **({"contract_max": most} | more))
        found.price("sun", "fixed", 100_000.0, "CNY/year")
        return found.solve_twice()
    assert told(plan(0.1), "used") == pytest.approx(0) and plan(0.1).system_cost == pytest.approx(876_000)
    assert plan(8.0).system_cost == pytest.approx(4380 * 160 + 100_000) and paid(plan(8.0), "fixed") == pytest.approx(100_000)


def test_a_yearly_fee_of_a_supply_without_contract_stands_before_all_imports_and_exports():
    # Selling 0.5 MW for 30 earns 131,400 a year; the line costs 100,000, or 140,000.
    def plan(fee: float):
        found = Draft()
        found.demand(mwh=0.0)
        found.supply("line", price=100.0, max_import=1.0, max_export=0.5, prices={"export": 30.0})
        found.price("line", "fixed", fee, "CNY/year")
        found.converter("pv", existing=1.0, profile=found.profile("sun", [1.0]))
        return found.solve_twice()
    assert plan(100_000.0).system_cost == pytest.approx(100_000 - 4380 * 30) and plan(140_000.0).system_cost == pytest.approx(0)


def test_the_fee_of_a_supply_without_any_limit_is_paid_every_year():
    found = park(last=2027)
    found.price("grid", "fixed", 1000.0, "CNY/year")
    assert found.solve_twice().system_cost == pytest.approx(2 * (876_000 + 1000))


def test_contracts_are_decided_each_year():
    found = park({2026: 60.0, 2027: 120.0}, 2027, take=1.0)
    plan = found.solve_twice()
    assert told(plan, "contracted", year=2026) == pytest.approx(1.0) and told(plan, "contracted", year=2027) == pytest.approx(0.0)


def test_the_reference_plan_contracts_too():
    run = park(take=1.0).run()
    assert told(run.plans["reference"], "contracted") == pytest.approx(1.0)


def test_the_base_year_has_an_as_generated_contract_only_where_it_had_begun():
    # 1 MW of grid at 0.5 t/MWh: 4380 t; with the contract half of it.
    def base(**contract):
        found = park(take=1.0, **contract)
        found.park = found.park.model_copy(update={"base_emissions": None})
        return base_emissions(found.case())
    assert base() == pytest.approx(4380) and base(first_year=2026) == pytest.approx(4380)
    assert base(first_year=2024) == pytest.approx(2190)


def test_the_base_year_pays_a_yearly_fee_only_where_it_pays():
    def base(fee: float):
        found = park(take=1.0, first_year=2024)
        found.price("sun", "fixed", fee, "CNY/year")
        found.park = found.park.model_copy(update={"base_emissions": None})
        return base_emissions(found.case())
    assert base(100_000.0) == pytest.approx(2190) and base(200_000.0) == pytest.approx(4380)


def test_on_typical_days_a_contract_delivers_what_its_profile_has_on_each():
    # The wind blows on one of two typical days: 182 of 365 days bring 1 MW, the others nothing.
    park = Draft(hours=8760)
    park.profile("wind", [1.0])
    park.demand()
    park.supply(price=100.0)
    park.supply("farm", price=10.0, profile="wind", contract_max=1.0)
    plan = park.solve_on_days([0] * 182 + [1] * 183, wind=[1.0] * 24 + [0.0] * 24)
    assert energy(plan, "import", "farm") == pytest.approx(182 * 24) and energy(plan, "import", "grid") == pytest.approx(183 * 24)


def test_a_contracts_profile_is_among_those_of_typical_days():
    park = Draft(hours=8760)
    park.profile("wind", np.sin(np.arange(8760)) ** 2)
    park.demand()
    park.supply(price=100.0)
    park.supply("farm", price=10.0, profile="wind", contract_max=1.0)
    days = choose_days(park.case(), 3)
    assert days is not None
    plan = park.solve_on_days(days.of_day.tolist(), **days.profiles)
    assert energy(plan, "import", "farm") == pytest.approx(float(park.profiles["wind"].sum()), rel=1e-6)
