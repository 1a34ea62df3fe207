"""The carbon price: on a supply, on all of scope 1, with free allowances, net of certificates and capture."""

import pytest
from parks import Draft, paid

GAS = 8760 * 50.0


def boiler(free: float = 0.0, **prices: float) -> Draft:
    """1752 t of scope 1 from gas, 248 t from a kiln."""
    found = Draft(carbon_free_share=free)
    found.demand("warmth", "heat")
    found.supply("gas", "gas", price=50.0, factor=0.2, prices=prices)
    found.converter("boiler", {"gas": -1.0, "heat": 1.0}, existing=1.0)
    found.process("kiln", 248.0)
    return found


def test_a_carbon_price_of_a_supply_and_of_scope_1_add_less_allowances():
    assert boiler().cost() == pytest.approx(GAS) and boiler(carbon=30.0).cost() == pytest.approx(GAS + 1752 * 30)
    found = boiler()
    found.price("*", "carbon", 30.0, "CNY/t")
    assert found.cost() == pytest.approx(GAS + 2000 * 30)
    found = boiler(carbon=10.0)
    found.price("*", "carbon", 30.0, "CNY/t")
    plan = found.solve()
    assert paid(plan, "carbon") == pytest.approx(1752 * 10 + 2000 * 30)
    found = boiler(free=0.9, carbon=10.0)
    found.price("*", "carbon", 30.0, "CNY/t")
    assert found.cost() == pytest.approx(GAS + 0.1 * (1752 * 10 + 2000 * 30))


def test_a_price_on_scope_1_is_paid_after_capture():
    # 0.18 t/h of capacity stand and cost nothing: 1576.8 t less.
    found = boiler()
    found.price("*", "carbon", 30.0, "CNY/t")
    found.capture("scrubber", {"boiler": 0.9}, existing=0.18)
    found.supply("store", "co2", price=None, max_export=1.0)
    assert found.cost() == pytest.approx(GAS + (2000 - 1576.8) * 30)


def test_scope_2_pays_on_the_basis_of_the_accounting():
    def found(accounting: str) -> Draft:
        park = Draft(accounting=accounting)
        park.demand()
        park.supply(factor={"market": 0.8, "location": 0.5}, prices={"carbon": 10.0})
        return park
    assert found("market").cost() == pytest.approx(876_000 + 8760 * 0.8 * 10)
    assert found("location").cost() == pytest.approx(876_000 + 8760 * 0.5 * 10)


def test_certificates_save_the_carbon_price_on_the_market_basis():
    # 0.8 t/MWh x 10 = 8 CNY/MWh against a certificate at 5, for half of the imports.
    def found(accounting: str) -> Draft:
        park = Draft(accounting=accounting)
        park.demand()
        park.supply(factor=0.8, prices={"carbon": 10.0})
        park.certificate(price=5.0, max_share=0.5)
        return park
    assert found("market").cost() == pytest.approx(876_000 + 4380 * 5 + 4380 * 8)
    assert found("location").cost() == pytest.approx(876_000 + 8760 * 8)
