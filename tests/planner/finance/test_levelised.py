"""Levelised costs of a MWh by carrier, worked out by hand."""

import pytest
from parks import Draft

from planner.finance.levelised import levelised


def costs(park: Draft) -> dict[str, float]:
    years = range(park.park.first_year, park.park.last_year + 1)
    discount = {y: (1 + park.park.discount_rate) ** -(y - years[0]) for y in years}
    return levelised(park.case(), park.solve().tables, discount).cost(discount)


def test_electricity_costs_what_is_paid_for_the_mix_and_stores_carry_their_losses():
    """Three quarters from the grid at 100, a quarter from hydro for 876 CNY of capital and 438 of fixed cost a year and no more: in
    one year of a life of one, 6570 · 100 + 1314 over 8,760 MWh."""
    park = Draft()
    park.demand(mwh=8760.0)
    park.supply("grid", price=100.0, prices={"demand_charge": 10.0})
    park.converter("hydro", {"electricity": 1.0}, capital_cost=3504.0, fixed_cost=1752.0, lifetime=1, max_capacity=0.25)
    assert costs(park) == pytest.approx({"electricity": (657000.0 + 0.75 * 10 * 12 + 876.0 + 438.0) / 8760})
    # All power comes at 100 in odd hours; a store of 0.8 gives it in even ones: (8760/2 + 8760/2/0.8) · 100 over 8,760 MWh.
    park = Draft()
    sun = park.profile("sun", [0.0, 1.0])
    park.demand(mwh=8760.0)
    park.supply("fuel", "fuel", price=100.0)
    park.converter("engine", {"fuel": -1.0, "electricity": 1.0}, existing=10.0, profile=sun)
    park.store(existing=10.0, charge_efficiency=0.8)
    assert costs(park) == pytest.approx({"electricity": 100 * (0.5 + 0.5 / 0.8)})
    # 1.5 MWh of gas at 20 make 0.5 of power and 1 of heat: 30 over 1.5 MWh, 20 each; the grid gives the rest of the power at 80.
    park = Draft()
    park.demand("power", mwh=8760.0)
    park.demand("warmth", "heat", mwh=8760.0)
    park.supply("gas", "gas", price=20.0)
    park.supply("grid", price=80.0)
    park.converter("chp", {"gas": -1.5, "electricity": 0.5, "heat": 1.0}, existing=1.0)
    assert costs(park) == pytest.approx({"heat": 20.0, "electricity": 0.5 * 20 + 0.5 * 80})


def test_capital_is_borne_by_the_years_in_which_an_order_works():
    """Two years of a life of four, at 10 %: what the horizon bears of 1,000 is 1000 · A(2)/A(4), a level payment of 1000/A(4)."""
    park = Draft(2026, 2027, discount_rate=0.1)
    park.demand(mwh=8760.0)
    park.supply("grid", price=1e5, max_import=0.5)
    park.converter("hydro", {"electricity": 1.0}, capital_cost=1000.0, lifetime=4, max_capacity=1.0)
    annuity = sum(1.1**-i for i in range(4))
    assert costs(park) == pytest.approx({"electricity": 1000.0 / annuity / 8760})
    # A plant of four years for 300,000 serves one year and is scrapped: all of it is paid for 8,760 MWh, and 40,000 for the year.
    park = Draft(2026, 2028)
    park.demand(mwh={2026: 8760.0, 2027: 0.0})
    park.supply()
    park.converter("plant", capital_cost=300_000.0, lifetime=4, fixed_cost=40_000.0)
    assert costs(park) == pytest.approx({"electricity": 340_000 / 8760})


def test_a_contract_and_what_supplies_share_are_in_the_cost_of_their_carrier():
    """Half of the hours by a contract of 1 MW at 60 with a fee of 1,000 a year, the rest from the grid at 100."""
    park = Draft()
    park.profile("sun", [0.0] * 12 + [1.0] * 12)
    park.demand()
    park.supply()
    park.supply("sun", price=60.0, profile="sun", contract_max=8.0, take=1.0, prices={"fixed": 1000.0})
    assert costs(park) == pytest.approx({"electricity": (4380 * 160 + 1000.0) / 8760})


def test_a_connection_is_borne_by_what_comes_over_it():
    """1 MW of connection at 5,000 CNY/MW for a year, and energy at 100."""
    park = Draft()
    park.demand()
    park.supply(connection="gate")
    park.connection("gate", capital_cost=5000.0, lifetime=1, max_capacity=3.0)
    assert costs(park) == pytest.approx({"electricity": 100 + 5000.0 / 8760})
    # 5,000 CNY a year of a connection, and energy at 100.
    park = Draft()
    park.demand()
    park.supply(connection="gate")
    park.connection("gate")
    park.price("gate", "fixed", 5000.0, "CNY/year")
    assert costs(park) == pytest.approx({"electricity": 100 + 5000.0 / 8760})
