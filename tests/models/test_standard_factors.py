"""Factors that a standard fixes: its rules are worked out with them, the inventory keeps the park's own."""

import pytest
from parks import Draft, emitted, energy, ratio

from models.case import ParkRule, StandardFactor
from planner.planning.base import base_emissions


def park(fixed: bool = True, by: float | None = None, **supply) -> Draft:
    """1 MW of grid at 0.5 t/MWh and 0.12 tce/MWh, sun that costs more; the standard fixes 0.8 t/MWh and 0.3 tce/MWh."""
    found = Draft(hours=24, base_emissions=8760.0)
    found.demand()
    found.supply(factor=0.5, tce_per_mwh=0.12, **supply)
    found.converter("pv", capital_cost=1_000_000.0, max_capacity=3.0, profile=found.profile("sun", [1.0]), green=1)
    if fixed:
        found.add(StandardFactor(standard="pencil", supply_kind="grid", carrier="electricity", factor=0.8, tce_per_mwh=0.3))
    if by is not None:
        found.rule("gross_ratio", "<=", by)
    return found


def test_rules_of_a_stage_have_the_factors_of_the_standard_and_the_inventory_the_parks():
    own, standard = park(False, 0.4).solve_twice(), park(True, 0.4).solve_twice()
    assert energy(own, "import", "grid") == pytest.approx(7008) and energy(standard, "import", "grid") == pytest.approx(4380)
    assert ratio(standard, "gross_ratio") == pytest.approx(0.4) and set(own.tables["stages"]["factors"]) == {"park"}
    assert set(standard.tables["stages"]["factors"]) == {"standard"}
    plan = park(True, 0.4).solve()
    assert emitted(plan, "gross") == pytest.approx(0.5 * 4380) and emitted(plan, "energy_use") == pytest.approx(0.12 * 8760)
    found = park(prices={"carbon": 10.0})
    found.add(ParkRule(rule="own", metric="gross_ratio", sense="<=", limit=0.4))
    plan = found.solve_twice()
    assert energy(plan, "import", "grid") == pytest.approx(7008)
    costs = plan.tables["costs"].query("item == 'carbon'")["value"].sum()
    assert costs == pytest.approx(10 * 0.5 * 7008)


def test_intensity_and_clean_share_are_of_the_standards_coal_equivalents():
    # Half of 8760 MWh is sun: energy use 0.3 x 8760, 0.8 x 4380 t: 1.333 t/tce. Own figures: 2.08 t/tce.
    found = park()
    found.rule("intensity", "<=", 0.4 / 0.3)
    found.rule("clean_share", ">=", 0.1)
    plan = found.solve_twice()
    assert energy(plan, "import", "grid") == pytest.approx(4380) and ratio(plan, "clean_share") == pytest.approx(0.5)


def test_a_row_by_fuel_goes_before_one_by_kind_and_green_supplies_keep_their_own():
    def counted(**supply):
        found = park(True, 0.9, **supply)
        found.add(StandardFactor(standard="pencil", fuel="special", factor=0.6))
        plan = found.solve()
        return ratio(plan, "gross_ratio") * 8760 / energy(plan, "import", "grid")
    assert counted() == pytest.approx(0.8) and counted(fuel="special") == pytest.approx(0.6)
    assert counted(green_share=1.0) == pytest.approx(0.5)


def test_certified_imports_count_nothing_with_the_standards_factor_either():
    found = park(True, 0.4)
    found.certificate(price=1.0, max_share=1.0)
    # 3504 t are allowed: 4380 MWh may stay uncertified.
    assert emitted(found.solve_twice(), "certified") == pytest.approx(4380)


def test_base_emissions_that_are_left_out_are_of_the_standard_for_its_rules():
    found = park(True, 0.5)
    found.park = found.park.model_copy(update={"base_emissions": None})
    base = base_emissions(found.case())
    assert base == pytest.approx(4380) and base.standard == pytest.approx(0.8 * 8760)
    target = found.run().plans["target"]
    assert energy(target, "import", "grid") == pytest.approx(4380)  # half of what it was, with either factor
    assert emitted(target, "base") == pytest.approx(4380)


def test_electricity_that_is_made_has_the_coal_equivalent_of_the_grid_first_by_name():
    # Of 8760 MWh 4380 come from the sun at 0.2 tce/MWh, those of `bulk`, which is dearer and brings nothing; `grid` has 0.12.
    two = park(False, 0.4999999)
    two.supply("bulk", price=1e6, tce_per_mwh=0.2)
    plan = two.solve()
    sun = 8760 - energy(plan, "import", "grid")
    assert emitted(plan, "energy_use") == pytest.approx(0.12 * (8760 - sun) + 0.2 * sun)
