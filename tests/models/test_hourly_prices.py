"""Prices and emission factors that differ from hour to hour: in money, in tonnes and in rules, on days and in all hours."""

from dataclasses import replace

import numpy as np
import pytest
from parks import GAP, Draft, emitted, energy, paid, ratio

import planner.planning.run
from models.errors import LedgerError
from models.inputs import resolve
from planner.planning.base import base_emissions
from planner.planning.run import Options, plan_park

#: A cheap (or clean) and a dear (or dirty) half of the day; their mean is 1.
HALVES = [0.2] * 12 + [1.8] * 12


def spot(profile: bool = True, factor=0.5, **fields) -> Draft:
    """1 MW of power at 100 CNY/MWh, or from an engine that burns gas of 150 a MWh made, without CO2."""
    park = Draft(**fields)
    park.demand()
    park.supply(factor=factor, max_import=5.0)
    park.supply("biogas", "gas", price=150.0)
    park.converter("engine", {"gas": -1.0, "electricity": 1.0}, existing=1.0)
    park.profile("spot", HALVES)
    if profile:
        park.by_the_hour("grid", "spot", item="energy")
    return park


def test_power_is_bought_and_sold_at_the_price_of_the_hour():
    assert spot(False).cost() == pytest.approx(8760 * 100)
    plan = spot().solve()  # at 20 half of the day, the engine at 150 in place of 180 the other half
    assert plan.system_cost == pytest.approx(4380 * 20 + 4380 * 150) and energy(plan, "import", "grid") == pytest.approx(4380)
    assert paid(plan, "energy") == pytest.approx(4380 * (20 + 150))
    park = spot()
    park.profile("spot", [-0.1] * 12 + [1.8] * 12)
    assert park.cost() == pytest.approx(365 * 12 * (150 - 10))
    park = Draft()
    park.demand(mwh=0.5 * 8760)
    park.supply(max_export=5.0, prices={"export": 100.0})
    park.profile("sun", [0.0, 1.0, 1.0, 0.0])
    park.profile("paid", [0.0, 0.4, 0.8, 0.0])
    park.by_the_hour("grid", "paid", item="export")
    park.converter("roof", existing=1.0, profile="sun")
    plan = park.solve()
    assert plan.system_cost == pytest.approx(365 * (12 * 0.5 * 100 - 6 * 0.5 * (40 + 80)))
    park = spot()
    park.tariff(1.5, hours="0-5")
    assert park.cost() == pytest.approx(365 * (6 * 0.3 * 100 + 6 * 20 + 12 * 150))


def test_a_typical_hour_has_the_mean_of_the_products_over_the_days_that_it_stands_for():
    # The two go together on weekends: the mean of the products is not the product of the means.
    park = spot(hours=8760)
    park.rows["technologies"] = []
    weekend = np.arange(8760) // 24 % 7 >= 5
    park.profile("spot", np.where(weekend, 3.0, 1.0))
    park.tariff(2.0, days="weekend")
    plan = park.solve_on_days([0] * 365)
    assert plan.system_cost == pytest.approx(100 * (weekend.sum() * 6 + (~weekend).sum()))


def mix(profile: bool = True, **fields) -> Draft:
    """Power from the grid, of which the rule allows 438 t, at 0.5 t/MWh, by day at 0.9 and at night at 0.1."""
    park = spot(False, factor={"location": 0.7, "market": 0.5}, **fields)
    if profile:
        park.by_the_hour("grid", "spot", basis="market")
    park.rule("gross_ratio", "<=", 0.1)
    return park


def test_factors_of_the_hour_count_in_rules_prices_and_the_base():
    assert mix(False).cost() == pytest.approx(876 * 100 + (8760 - 876) * 150)
    plan = mix().solve()
    assert plan.system_cost == pytest.approx(4380 * 100 + 4380 * 150) and emitted(plan, "scope2_market") == pytest.approx(438)
    assert emitted(plan, "scope2_location") == pytest.approx(0.7 * 4380) and ratio(plan, "gross_ratio") == pytest.approx(0.1)
    sources = plan.tables["emission_sources"].set_index(["name", "item"])["value"]
    assert sources["grid", "scope2_market"] == pytest.approx(438)
    park = spot(False, factor=0.5)
    park.by_the_hour("grid", "spot")
    park.rule("gross_ratio", "<=", 0.1)
    plan = park.solve()
    assert emitted(plan, "scope2_location") == pytest.approx(emitted(plan, "scope2_market")) == pytest.approx(438)
    park = mix()
    park.rows["stages"] = []
    park.price("grid", "carbon", 80.0, "CNY/t")
    plan = park.solve()
    assert plan.system_cost == pytest.approx(4380 * 108 + 4380 * 150) and paid(plan, "carbon") == pytest.approx(438 * 80)
    park = mix()
    park.profile("spot", [-0.2] * 12 + [1.8] * 12)
    plan = park.solve()  # -438 t at night leave room for 876 t, at 0.9 t/MWh, by day
    assert plan.system_cost == pytest.approx((4380 + 876 / 0.9) * 100 + (4380 - 876 / 0.9) * 150)
    park = mix(base_emissions=None)
    assert base_emissions(park.case()) == pytest.approx(4380)
    park.by_the_hour("grid", "spot", item="energy")  # now by night alone
    assert base_emissions(park.case()) == pytest.approx(438)


@pytest.mark.parametrize("make", [spot, mix])
def test_both_methods_find_the_same(make):
    costs = {method: plan_park(make().case(), Options(gap=GAP, compare=False, method=method)).target.system_cost
        for method in ("whole", "decomposed")}
    assert costs["decomposed"] == pytest.approx(costs["whole"], rel=1e-6)


@pytest.mark.slow
def test_a_plan_on_typical_days_is_operated_at_prices_and_factors_of_all_hours():
    park = mix(hours=8760)
    park.profile("spot", 1.0 + 0.8 * np.sin(np.arange(8760) / 24 * 2 * np.pi) + 0.1 * np.sin(np.arange(8760) / 500))
    park.by_the_hour("grid", "spot", item="energy")
    park.park = park.park.model_copy(update={"typical_days": 3})
    plan = plan_park(park.case(), Options(gap=1e-5, compare=False)).target
    # Price and factor go together: the cheapest hours are bought, as many as the rule allows.
    shape = np.sort(park.profiles["spot"])
    bought = int((np.cumsum(0.5 * shape) <= 438).sum())
    assert plan.verified and plan.system_cost == pytest.approx(100 * shape[:bought].sum() + 150 * (8760 - bought), rel=1e-3)
    assert ratio(plan, "gross_ratio") <= 0.1 + 1e-3


@pytest.mark.parametrize(("make", "field", "quantity"), [(spot, "shape", "costs.csv"), (mix, "factor_shape", "emissions.csv")])
def test_the_ledger_refuses_another_price_or_factor_in_an_hour(make, field, quantity, monkeypatch):
    def resolve_wrongly(*args):
        inputs = resolve(*args)
        wrong = {key: np.where(np.arange(24) == 3, 1.01, 1) * own for key, own in getattr(inputs.supplies, field).items()}
        return replace(inputs, supplies=replace(inputs.supplies, **{field: wrong}))
    monkeypatch.setattr(planner.planning.run, "resolve", resolve_wrongly)
    with pytest.raises(LedgerError) as caught:
        make().solve()
    assert quantity in {d.quantity for d in caught.value.disagreements}
