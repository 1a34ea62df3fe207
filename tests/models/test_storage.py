"""Stores: losses, power, standing loss, wear, and a chain that closes on itself."""

import pytest
from parks import Draft, energy

DAY, NIGHT = 100.0, 50.0


def tank(**fields) -> Draft:
    """1 MW of demand, 12 hours at 50 and 12 at 100 CNY/MWh; 12 MWh of store with 1 MW."""
    park = Draft()
    park.demand()
    park.supply()
    park.tariff(0.5, hours="0-11")
    if fields:
        park.store(**{"existing": 12.0, "full_power_hours": 12.0} | fields)
    return park


def per_day(park: Draft) -> float:
    return park.cost() / 365


def test_a_store_buys_by_night_for_the_day_where_its_losses_are_less():
    assert per_day(tank()) == pytest.approx(12 * NIGHT + 12 * DAY)
    assert per_day(tank(charge_efficiency=1.0)) == pytest.approx(24 * NIGHT)
    out = 12 * 0.9 * 0.8
    park = tank(charge_efficiency=0.9, discharge_efficiency=0.8)
    assert per_day(park) == pytest.approx(24 * NIGHT + (12 - out) * DAY)
    park = tank(charge_efficiency=0.7, discharge_efficiency=0.7)  # 50 / 0.49 > 100
    assert energy(park.solve(), "charge", "battery") == pytest.approx(0)
    assert per_day(tank(variable_cost=5.0)) == pytest.approx(24 * NIGHT + 12 * 5)
    assert per_day(tank(variable_cost=60.0)) == pytest.approx(12 * NIGHT + 12 * DAY)
    # 12 MWh in, 10.8 out.
    assert per_day(tank(variable_cost=5.0, charge_efficiency=0.9)) == pytest.approx(24 * NIGHT + 1.2 * DAY + 10.8 * 5)


def test_power_and_energy_of_a_store_are_bounded():
    assert per_day(tank(full_power_hours=24.0)) == pytest.approx(18 * NIGHT + 6 * DAY)
    assert per_day(tank(existing=3.0, full_power_hours=1.0)) == pytest.approx(15 * NIGHT + 9 * DAY)
    plan = tank(full_power_hours=24.0).solve()
    assert energy(plan, "charge", "battery") + energy(plan, "discharge", "battery") == pytest.approx(0.5 * 8760)


def test_a_standing_loss_takes_its_share_of_what_is_held():
    # One dear hour. Half of what is held is lost in an hour: 2 MWh in the hour before deliver 1.
    def park(**fields) -> Draft:
        found = Draft()
        found.demand()
        found.supply()
        found.tariff(1.0, hours="12")
        found.tariff(0.1)
        if fields:
            found.store(existing=50.0, **fields)
        return found
    assert per_day(park()) == pytest.approx(23 * 10 + 100) and per_day(park(standing_loss=0.0)) == pytest.approx(24 * 10)
    assert per_day(park(standing_loss=0.5)) == pytest.approx(25 * 10)


def test_the_chain_closes_from_the_last_hour_to_the_first():
    park = Draft()
    park.demand()
    park.supply()
    park.store(existing=12.0)
    assert park.cost() == pytest.approx(876_000)
    park.tariff(0.5, hours="12-23")
    park.store(existing=12.0)
    assert per_day(park) == pytest.approx(24 * NIGHT)
    park = Draft(hours=48, first_weekday=4)
    park.demand()
    park.supply()
    park.tariff(0.5, days="weekend")
    park.store(existing=24.0)
    assert park.cost() == pytest.approx(8760 * 50)


def test_a_typical_day_ends_as_it_began():
    # 2 MW of sun on 182 days and none on 183: within a day there is nothing to carry, and nothing goes beyond it.
    park = Draft(hours=8760)
    park.profile("sun", [1.0])
    park.demand()
    park.supply()
    park.converter("roof", existing=2.0, profile="sun")
    park.store(existing=24.0)
    plan = park.solve_on_days([0] * 182 + [1] * 183, sun=[1.0] * 24 + [0.0] * 24)
    assert energy(plan, "import", "grid") == pytest.approx(183 * 24)
