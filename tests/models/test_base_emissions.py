"""Base emissions left out: the least-cost operation of what exists, with the numbers of the base year."""

import numpy as np
import pytest
from parks import Draft

from models.errors import CaseError
from planner.planning.base import base_emissions
from planner.planning.run import Options, plan_park


def park(**grid) -> Draft:
    """Demand doubles from the base year 2025 to 2026, the grid's factor halves."""
    found = Draft(base_emissions=None)
    found.demand(mwh={2025: 8760.0, 2026: 2 * 8760.0})
    found.supply(**{"factor": {2025: 0.6, 2026: 0.3}} | grid)
    return found


def test_base_emissions_are_those_given_or_of_the_base_year():
    assert park().run().base == pytest.approx(8760 * 0.6)
    found = park()
    found.park = found.park.model_copy(update={"base_emissions": 1234.0})
    assert found.run().base == 1234.0
    found = park()
    found.converter("hydro", existing=0.5, existing_until=2025)
    assert found.run().base == pytest.approx(0.5 * 8760 * 0.6)
    found = park()
    found.process("kiln", {2025: 100.0, 2026: 900.0})
    assert found.run().base == pytest.approx(8760 * 0.6 + 100)


def test_nothing_is_built_adopted_certified_or_offset():
    found = park()
    found.converter("wind", capital_cost=1.0, lifetime=20)
    found.measure("lights", {"power": 0.5})
    found.certificate(price=0.0)
    found.offset("free", "removal", 0.0)
    assert found.run().base == pytest.approx(8760 * 0.6)


def test_the_least_cost_operation_of_the_base_year_counts():
    found = park()
    found.supply("clean", price=101.0, factor=0.0)
    assert found.run().base == pytest.approx(8760 * 0.6)
    found = park(prices={"demand_charge": 500.0, "capacity_charge": 400.0})
    assert found.run().base == pytest.approx(8760 * 0.6)
    # 8760 MWh at 0.6/7 t/MWh: 750.857142857142857… t.
    assert float(base_emissions(park(factor=0.6 / 7).case())) == 750.857142857


def test_an_existing_park_that_cannot_serve_is_an_error_that_names_the_hour_and_asks_for_the_figure():
    found = park(max_import=1.5)
    found.profile("evening", [0.5] * 18 + [2.5] + [0.5] * 5)
    found.rows["demand"].clear()
    found.demand(mwh=365 * (23 * 0.5 + 2.5), profile="evening")
    with pytest.raises(CaseError) as caught:
        found.run()
    (complaint,) = caught.value.complaints
    assert "base_emissions" in complaint and "2025" in complaint and "hour 18" in complaint and "1 MW of electricity" in complaint
    assert complaint.endswith("give the figure")


def test_an_existing_park_that_makes_too_much_is_an_error_that_names_the_hour_and_the_least_load():
    """2 MW of boiler run at half load at least; only 0.4 MW of heat are used in the first hours."""
    found = park()
    found.demand("warmth", "heat", mwh=365 * (12 * 0.4 + 12 * 1.5), profile=found.profile("day", [0.4] * 12 + [1.5] * 12))
    found.supply("gas", "gas", price=40.0, factor=0.2)
    found.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=2.0, min_load=0.5)
    with pytest.raises(CaseError) as caught:
        found.run()
    (complaint,) = caught.value.complaints
    assert complaint.startswith("park.toml: base_emissions: is left out, and what exists cannot be operated in 2025")
    assert "no use is found for 0.6 MW of heat in park, hour" in complaint and "boiler (min_load = 0.5)" in complaint
    assert complaint.endswith("give the figure")


def test_a_base_of_nothing_is_an_error():
    found = Draft(base_emissions=None)
    found.demand()
    found.supply(factor=0.0)
    with pytest.raises(CaseError, match="emits nothing in 2025"):
        found.run()


def test_a_supply_that_is_offered_only_later_or_ended_does_not_exist_in_the_base_year():
    """A green contract at half the price: all of the base year's power, if it were offered then."""
    found = park()
    found.supply("contract", price=50.0, factor=0.0, first_year=2026)
    assert found.run().base == pytest.approx(8760 * 0.6)
    found = park()
    found.supply("contract", price=50.0, factor=0.0)
    with pytest.raises(CaseError, match="emits nothing in 2025"):
        found.run()
    found = park()
    found.supply("old", price=50.0, factor=0.9, until_year=2024)
    assert found.run().base == pytest.approx(8760 * 0.6)


@pytest.mark.parametrize(("capacity_charge", "grid"), [(10_000.0, 1.5), (30_000.0, 1.0)])
def test_the_base_year_pays_the_cheaper_basis(capacity_charge, grid):
    """1 MW, and 2 MW half of the time; an engine serves the upper half of the peak at 150 instead of 100 CNY/MWh. By the demand
    charge, 100,000 a MW and month, the grid's second MW costs 1.2 million a year and the engine 4380 h x 50 = 219,000. By the
    contract it costs 12 x 10,000 = 120,000, so that the grid gives all; or 360,000, so that the engine runs, and the contract for 1
    MW, 360,000, is still cheaper than the demand charge for it."""
    found = Draft(base_emissions=None)
    found.demand(mwh=1.5 * 8760, profile=found.profile("day", [1.0] * 12 + [2.0] * 12))
    found.supply(factor=0.6, prices={"demand_charge": 100_000.0, "capacity_charge": capacity_charge}, max_import=5.0)
    found.supply("gas", "gas", price=150.0, factor=0.2)
    found.converter("engine", {"electricity": 1.0, "gas": -1.0}, existing=1.0)
    assert found.run().base == pytest.approx(8760 * (0.6 * grid + 0.2 * (1.5 - grid)))


def test_many_connections_that_choose_are_no_trial_of_all_ways():
    """Twelve grids in twelve zones; each contract is the cheaper one. 2 to the 12 programmes would be tried."""
    found = Draft(base_emissions=None)
    for n in range(12):
        found.demand(f"power {n}", zone=f"z{n}")
        found.supply(f"grid {n}", zone=f"z{n}", factor=0.1, prices={"demand_charge": 500.0, "capacity_charge": 400.0},
            max_import=2.0)
    assert base_emissions(found.case()) == pytest.approx(12 * 876)


def test_among_operations_of_equal_cost_the_one_that_emits_least_counts():
    """Both grids cost 100: the clean one gives its 0.4 MW, the others are the dirty one's."""
    found = Draft(base_emissions=None)
    found.demand()
    found.supply("dirty", factor=0.9)
    found.supply("clean", factor=0.0, max_import=0.4)
    assert found.run().base == pytest.approx(0.6 * 8760 * 0.9)


@pytest.mark.slow
def test_the_number_of_typical_days_does_not_move_the_base():
    """A plant gives up to 1.5 MW of 1 MW that is needed, by a profile of every hour: typical days know only means of it."""
    found = Draft(base_emissions=None, hours=8760)
    hours = np.arange(8760)
    wind = found.profile("wind", 0.5 + 0.5 * np.sin(hours * 0.0137) * np.cos(hours * 1.31))
    found.demand()
    found.supply(factor=0.6)
    found.converter("wind", existing=1.5, profile=wind)
    needed = np.maximum(0.0, 1.0 - 1.5 * found.profiles["wind"]).sum()
    bases = {plan_park(found.case(), Options(days=days, compare=False, verify=False)).base for days in (1, 3)}
    assert len(bases) == 1 and bases.pop() == pytest.approx(needed * 0.6)
    assert base_emissions(found.case()) == pytest.approx(needed * 0.6)


def test_two_ways_of_charging_are_solved_one_from_the_basis_of_the_other_or_by_an_interior_point(monkeypatch):
    """The same base where the simplex method is given no iteration at all, and where it is given what it needs."""
    def emissions() -> float:
        found = park(prices={"demand_charge": 500.0, "capacity_charge": 400.0}, max_import=5.0)
        return base_emissions(found.case())
    with_simplex = emissions()
    monkeypatch.setattr("planner.planning.base.WARM", 0.0)
    monkeypatch.setattr("planner.planning.base.COLD", 0.0)
    assert emissions() == with_simplex == pytest.approx(8760 * 0.6)


def test_the_base_year_has_no_orders_in_which_anything_is_embodied():
    found = park()
    found.park = found.park.model_copy(update={"count_embodied": True})
    found.converter("pv", capital_cost=1e5, lifetime=20, embodied=100.0, max_capacity=1.0, profile=found.profile("sun", [0.0, 1.0]))
    run = found.run()
    assert run.base == pytest.approx(8760 * 0.6) and run.target.status == "optimal"
