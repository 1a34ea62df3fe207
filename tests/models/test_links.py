"""Zones and the links between them."""

import pytest
from parks import Draft, built, energy

from models.case import Cost

YEAR = 876_000.0


def two_zones(link: dict | None = None, demand: str = "works", ends: tuple[str, str] = ("harbour", "works")) -> Draft:
    """A grid at 100 CNY/MWh in the harbour, a dear one at 300 in the works, 1 MW of demand."""
    found = Draft()
    found.demand(zone=demand)
    found.supply("grid", zone="harbour")
    found.supply("dear", price=300.0, zone="works")
    if link is not None:
        found.link("cable", *ends, **link)
    return found


def test_a_link_carries_from_zone_to_zone_less_its_loss():
    assert two_zones().cost() == pytest.approx(3 * YEAR) and two_zones(demand="harbour").cost() == pytest.approx(YEAR)
    assert two_zones({"existing": 1.0}).cost() == pytest.approx(YEAR)
    plan = two_zones({"existing": 2.0, "loss": 0.2}).solve()
    assert plan.system_cost == pytest.approx(YEAR / 0.8) and energy(plan, "sent", "cable") == pytest.approx(8760 / 0.8)
    assert energy(plan, "arrived", "cable") == pytest.approx(8760)
    assert two_zones({"existing": 0.5, "loss": 0.2}).cost() == pytest.approx(0.5 * YEAR + 0.6 * 3 * YEAR)
    assert two_zones({"existing": 1.0}, ends=("works", "harbour")).cost() == pytest.approx(YEAR)
    one_way = two_zones({"existing": 1.0, "both_ways": 0}, ends=("works", "harbour"))
    assert one_way.cost() == pytest.approx(3 * YEAR)


def test_a_link_is_built_by_its_length_between_a_least_size_and_a_most():
    plan = two_zones({"capital_cost": 500_000.0}).solve()
    assert built(plan, "cable") == pytest.approx({2026: 1.0}) and plan.system_cost == pytest.approx(YEAR + 500_000)
    assert two_zones({"capital_cost": 2_000_000.0}).cost() == pytest.approx(3 * YEAR)
    found = two_zones({"length": 5.0})
    found.add(Cost(type="cable", parameter="capital_cost", value=20_000.0, unit="CNY/MW/km"),
        Cost(type="cable", parameter="lifetime", value=1.0, unit="year"))
    assert found.cost() == pytest.approx(YEAR + 100_000)
    cable = {"capital_cost": 500_000.0, "max_capacity": 9.0}
    assert two_zones(cable | {"max_capacity": 0.4}).cost() == pytest.approx(0.4 * (YEAR + 500_000) + 0.6 * 3 * YEAR)
    # 3 MW for 1 MW needed: 1,500,000 < 1,752,000 saved; 4 MW do not pay.
    assert two_zones(cable | {"min_build": 3.0}).cost() == pytest.approx(YEAR + 1_500_000)
    assert two_zones(cable | {"min_build": 4.0}).cost() == pytest.approx(3 * YEAR)
    assert two_zones({"existing": 1.0, "variable_cost": 7.0}).cost() == pytest.approx(YEAR + 7 * 8760)


def test_a_pipe_takes_co2_to_the_zone_of_its_sink():
    # The air in the works, the store in the harbour; 876 t of a kiln are taken back.
    found = Draft(base_emissions=876.0)
    found.process("kiln", 876.0)
    found.supply("store", "co2", price=None, zone="harbour", max_export=1.0, prices={"export": -40.0})
    found.capture("fans", {"air": 1.0}, existing=1.0, zone="works")
    found.link("pipe", "works", "harbour", "co2", existing=0.1, variable_cost=3.0)
    found.rule("net_ratio", "<=", 0.0)
    assert found.cost() == pytest.approx(876 * 43)
    found.process("another", 1.0)
    assert found.try_to_solve().status == "infeasible"


def test_a_zone_that_nothing_reaches_cannot_be_served():
    found = Draft()
    found.demand(zone="island")
    found.supply("grid", zone="harbour")
    assert found.try_to_solve().status == "infeasible"
