"""Tenants: green power of the hour in which each uses it, and shares of costs and emissions that add up to the park's."""

import pytest
from parks import Draft

from models.case import Cost
from planner.plan import Plan

DAY, NIGHT = [0.0] * 12 + [1.0] * 12, [1.0] * 12 + [0.0] * 12
HALF = 4380.0


def two_shifts(sun: float = 1.0) -> Draft:
    """A works of 1 MW by day and a bakery of 1 MW by night; sun by day, a grid at 100 with 0.5 t/MWh."""
    park = Draft()
    park.profile("day", DAY)
    park.profile("night", NIGHT)
    park.demand("works", mwh=HALF, profile="day", tenant="works")
    park.demand("ovens", mwh=HALF, profile="night", tenant="bakery")
    park.supply(price=100.0, factor=0.5)
    if sun:
        park.converter("pv", existing=sun, profile="day", green=1)
    return park


def told(plan: Plan) -> dict[tuple[str, str], float]:
    """(tenant, item) -> what tenants.csv says of the year."""
    return plan.tables["tenants"].groupby(["tenant", "item"])["value"].sum().to_dict()


def test_sun_stores_and_contracts_are_of_who_uses_them():
    own = told(two_shifts().solve_twice())
    assert own["works", "green_own"] == pytest.approx(HALF) and own["bakery", "green_own"] == pytest.approx(0.0)
    # The grid's 438,000 and 2,190 t: a MWh of electricity is the year's mean, whoever uses it.
    assert [own[who, "cost"] for who in ("works", "bakery")] == pytest.approx([219_000, 219_000])
    assert [own[who, "gross"] for who in ("works", "bakery")] == pytest.approx([1095, 1095])
    park = two_shifts(2.0)
    park.store(existing=12.0, full_power_hours=12.0)
    own = told(park.solve_twice())
    assert own["bakery", "green_stored"] == pytest.approx(HALF) and own["bakery", "green_own"] == pytest.approx(0.0)
    assert own["works", "green_own"] == pytest.approx(HALF) and own["works", "cost"] == pytest.approx(0.0)
    park = two_shifts(0.0)
    park.supply("farm", price=10.0, profile="day", contract_max=0.25, green_share=1, direct=1)
    park.supply("ridge", price=10.0, profile="night", contract_max=0.5, green_share=1)
    own = told(park.solve_twice())
    assert own["works", "green_direct"] == pytest.approx(0.25 * HALF)
    assert own["bakery", "green_contract"] == pytest.approx(0.5 * HALF)
    assert own["works", "green_contract"] == own["bakery", "green_direct"] == pytest.approx(0.0)
    park = Draft()
    park.demand()
    park.supply(price=100.0)
    assert park.solve().tables["tenants"].empty


def test_heat_bears_what_its_electricity_costs_and_the_park_is_shared_by_energy():
    # 8,760 MWh of heat at 2 out of 1, and as much electricity: 4,380 and 8,760 MWh of grid at 100 and 0.5 t/MWh.
    park = Draft()
    park.demand("rooms", "heat", mwh=8760.0, tenant="hotel")
    park.demand("tools", mwh=8760.0)
    park.supply(price=100.0, factor=0.5)
    park.converter("heat-pump", {"electricity": -1.0, "heat": 2.0}, existing=1.0, variable_cost=1.0)
    park.add(Cost(type="park", parameter="fixed_cost", value=1000.0, unit="CNY/year"))
    plan = park.solve_twice()
    own, run = told(plan), float(plan.tables["costs"].query("item == 'variable_cost'")["value"].sum())
    assert run > 0 and own["hotel", "cost"] == pytest.approx(438_000 + run + 500)
    assert own["", "cost"] == pytest.approx(876_000 + 500)
    assert [own["hotel", "gross"], own["", "gross"]] == pytest.approx([2190, 4380])
    assert [own["hotel", "electricity"], own["", "electricity"]] == pytest.approx([0, 13_140])


def test_shares_add_up_to_what_the_park_pays_and_emits():
    park = two_shifts(0.5)
    park.converter("engine", {"gas": -2.0, "electricity": 1.0, "heat": 0.8}, existing=1.0, capital_cost=100.0, lifetime=1)
    park.demand("rooms", "heat", mwh=4000.0, tenant="bakery")
    park.supply("gas", "gas", price=20.0, factor=0.2)
    park.supply("vent", "heat", price=None, max_export=1.0)
    park.process("kiln", 90.0)
    plan = park.solve_twice()
    own, costs = plan.tables["tenants"].groupby("item")["value"].sum(), plan.tables["costs"]
    is_capital = costs["item"] == "capital"
    assert own["cost"] == pytest.approx(costs[~is_capital]["value"].sum())
    assert own["capital"] == pytest.approx(costs[is_capital]["value"].sum())
    emitted = dict(zip(plan.tables["emissions"]["item"], plan.tables["emissions"]["value"], strict=True))
    assert (own["gross"], own["net"]) == pytest.approx((emitted["gross"], emitted["net"]))
    assert own["energy_used"] == pytest.approx(2 * HALF + 4000)


def test_the_fixed_price_of_a_connection_is_of_those_who_use_what_comes_over_it():
    park = Draft()
    park.connection("line")
    park.price("line", "fixed", 5000.0, "CNY/year")
    park.demand("works", tenant="works")
    park.demand("rooms", "heat", mwh=4000.0, tenant="bakery")
    park.supply(price=100.0, connection="line")
    park.supply("network", "heat", price=20.0)
    rows = park.solve_twice().tables["tenants"].query("item == 'cost'").set_index("tenant")["value"]
    assert rows["works"] == pytest.approx(8760 * 100 + 5000) and rows["bakery"] == pytest.approx(4000 * 20)


def test_months_of_typical_days_are_those_of_the_calendar():
    # The sun shines on the first 31 days alone.
    park = Draft(hours=8760)
    park.profile("sun", [1.0])
    park.demand("works", tenant="works")
    park.supply(price=100.0)
    park.converter("pv", existing=1.0, profile="sun", green=1)
    rows = park.solve_on_days([0] * 31 + [1] * 334, sun=[1.0] * 24 + [0.0] * 24).tables["tenants"]
    own = rows[(rows["tenant"] == "works") & (rows["item"] == "green_own")].set_index("month")["value"]
    assert own["1"] == pytest.approx(744) and own.drop("1").abs().max() == pytest.approx(0.0) and len(own) == 12


def test_a_tenant_of_a_process_alone_counts_as_one():
    """Half of the power is green in its hour, whoever uses it."""
    park = Draft()
    park.supply()
    park.demand()
    park.converter("pv", existing=0.5, green=1)
    park.process("kiln", 100.0, tenant="works")
    plan = park.solve_twice()
    matched = plan.tables["dispatch"].query("flow == 'matched'")["value"]
    assert len(matched) == 24 and matched.tolist() == pytest.approx([0.5] * 24)
