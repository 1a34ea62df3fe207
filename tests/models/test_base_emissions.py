"""Base emissions left out: the least-cost operation of what exists, with the numbers of the base year."""

import pytest
from parks import Draft

from models.errors import CaseError


def park(**grid) -> Draft:
    """Demand doubles from the base year 2025 to 2026, the grid's factor halves."""
    found = Draft(base_emissions=None)
    found.demand(mwh={2025: 8760.0, 2026: 2 * 8760.0})
    found.supply(**{"factor": {2025: 0.6, 2026: 0.3}} | grid)
    return found


def test_base_emissions_are_of_the_base_year():
    assert park().run().base == pytest.approx(8760 * 0.6)


def test_a_figure_given_is_the_figure_taken():
    found = park()
    found.park = found.park.model_copy(update={"base_emissions": 1234.0})
    assert found.run().base == 1234.0


def test_what_exists_serves_the_base_year_even_if_it_is_gone_before_the_horizon():
    found = park()
    found.converter("hydro", existing=0.5, existing_until=2025)
    assert found.run().base == pytest.approx(0.5 * 8760 * 0.6)


def test_nothing_is_built_adopted_certified_or_offset():
    found = park()
    found.converter("wind", capital_cost=1.0, lifetime=20)
    found.measure("lights", {"power": 0.5})
    found.certificate(price=0.0)
    found.offset("free", "removal", 0.0)
    assert found.run().base == pytest.approx(8760 * 0.6)


def test_the_least_cost_and_not_the_least_emission_is_taken():
    found = park()
    found.supply("clean", price=101.0, factor=0.0)
    assert found.run().base == pytest.approx(8760 * 0.6)


def test_a_demand_charge_is_seen_and_a_choice_of_basis_is_not_needed():
    found = park(prices={"demand_charge": 500.0, "capacity_charge": 400.0})
    assert found.run().base == pytest.approx(8760 * 0.6)


def test_process_emissions_are_of_the_base_year_too():
    found = park()
    found.process("kiln", {2025: 100.0, 2026: 900.0})
    assert found.run().base == pytest.approx(8760 * 0.6 + 100)


def test_an_existing_park_that_cannot_serve_is_an_error_that_names_the_hour_and_asks_for_the_figure():
    found = park(max_import=1.5)
    found.profile("evening", [0.5] * 18 + [2.5] + [0.5] * 5)
    found.rows["demand"].clear()
    found.demand(mwh=365 * (23 * 0.5 + 2.5), profile="evening")
    with pytest.raises(CaseError) as caught:
        found.run()
    (complaint,) = caught.value.complaints
    assert "base_emissions" in complaint
    assert "2025" in complaint
    assert "hour 18" in complaint
    assert "1 MW of electricity" in complaint
    assert complaint.endswith("give the figure")


def test_a_base_of_nothing_is_an_error():
    found = Draft(base_emissions=None)
    found.demand()
    found.supply(factor=0.0)
    with pytest.raises(CaseError, match="emits nothing in 2025"):
        found.run()
