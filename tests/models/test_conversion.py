"""Converters: ports, availability, minimum load."""

import pytest
from parks import Draft, energy


def boiler(heat: float = 8760.0, profile: str = "", **fields) -> Draft:
    park = Draft()
    park.profile("half", [1.0] * 12 + [0.2] * 12)
    park.demand("warmth", "heat", heat, profile=profile)
    park.supply("gas", "gas", price=50.0)
    park.converter("boiler", {"gas": -1.25, "heat": 1.0}, existing=1.0, **fields)
    return park


def test_ports_carry_their_ratio_and_excess_is_never_free():
    assert boiler().cost() == pytest.approx(8760 * 1.25 * 50) and low_load(0.5, sink=False).try_to_solve().status == "infeasible"


def test_coupled_ports_run_together():
    # 2.5 gas give 1 heat and 0.8 power: the power saves 0.8 x 100 of the grid.
    park = Draft()
    park.demand("warmth", "heat")
    park.demand()
    park.supply()
    park.supply("gas", "gas", price=50.0)
    park.converter("chp", {"gas": -2.5, "heat": 1.0, "electricity": 0.8}, existing=1.0)
    assert park.cost() == pytest.approx(8760 * (2.5 * 50 + 0.2 * 100))


def test_no_more_runs_than_the_weather_allows():
    # Sun in 6 of 24 hours at half: 0.5 MW x 6 h of 2 MW, 1 MW x 6 h in all.
    park = Draft()
    park.demand()
    park.supply()
    park.profile("sun", [0.0] * 9 + [0.5] * 6 + [0.0] * 9)
    park.converter("roof", existing=2.0, profile="sun")
    plan = park.solve()
    assert energy(plan, "out", "roof") == pytest.approx(6 * 365) and plan.system_cost == pytest.approx(18 * 365 * 100)


def test_what_is_too_much_is_curtailed_and_not_paid():
    park = Draft()
    park.demand()
    park.supply()
    park.profile("sun", [0.0] * 12 + [1.0] * 12)
    park.converter("roof", existing=3.0, profile="sun")
    plan = park.solve()
    assert plan.system_cost == pytest.approx(12 * 365 * 100) and energy(plan, "curtailed", "roof") == pytest.approx(2 * 12 * 365)


def low_load(min_load: float, sink: bool = True) -> Draft:
    """Heat of 1 MW for 12 h and 0.2 MW for 12 h: 5256 MWh a year."""
    park = boiler(5256.0, "half", min_load=min_load)
    if sink:
        park.supply("dump", "heat", price=None, max_export=1.0)
    return park


def test_a_minimum_load_dumps_heat_or_has_the_plant_retired():
    assert low_load(0.0).cost() == pytest.approx(5256 * 1.25 * 50)
    assert low_load(0.5).cost() == pytest.approx(0.75 * 8760 * 1.25 * 50)
    plan = boiler(0.3 * 8760, min_load=0.5).solve()
    (row,) = plan.tables["capacity"].itertuples()
    assert row.capacity <= 0.6 + 1e-6 and plan.system_cost == pytest.approx(0.3 * 8760 * 1.25 * 50)
