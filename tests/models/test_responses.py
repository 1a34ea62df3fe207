"""Pay for demand that stands ready to be called off, by hand: 1 MW in every hour of the day but one, which has 2."""

import pytest
from parks import Draft, built, paid

from models.case import Reserve
from planner.plan import REFERENCE, TARGET, Plan

DAYS, ENERGY = 365, 25 * 365 * 100


def called(**fields) -> Draft:
    """A fifth may be offered at 900 a MW, 10 hours of calls at 30 a MWh that cost 80: 400 a MW in all."""
    park = Draft(base_emissions=1.0)
    park.demand("power", mwh=25.0 * DAYS, profile=park.profile("asked", [2.0 if h == 12 else 1.0 for h in range(24)]))
    park.profile("noon", [1.0 if h == 12 else 0.0 for h in range(24)])
    park.supply(price=100.0, factor=0.5)
    park.response("power", 0.2, **({"price": 900.0, "calls": 10.0, "call_price": 30.0, "call_cost": 80.0} | fields))
    return park


def told(plan: Plan, item: str) -> float:
    return float(plan.tables["responses"].query("item == @item")["value"].sum())


@pytest.mark.parametrize(
    ("fields", "offered", "each"),
    [
        ({}, 0.2, 400.0),  # of the least hour
        ({"profile": "noon"}, 0.4, 400.0),  # of the hour that counts
        ({"max_offer": 0.1}, 0.1, 400.0),
        ({"calls": 0.0}, 0.2, 900.0),
        ({"call_cost": 130.0}, 0.0, 0.0),  # 10 calls cost 1,000 more than they pay, for 900
    ],
)
def test_what_is_offered_is_there_in_every_hour_that_counts_and_pays(fields, offered, each):
    plan = called(**fields).solve_twice()
    assert plan.system_cost == pytest.approx(ENERGY - offered * each)
    assert [told(plan, "offered"), paid(plan, "response")] == pytest.approx([offered, -offered * each], abs=1e-6)
    assert told(plan, "received") - told(plan, "lost") == pytest.approx(offered * each, abs=1e-6)


def test_a_measure_leaves_less_to_offer_and_is_left_out_where_that_costs_more():
    # It halves energy and offer. Where a MW brings 5 million a year, its half of the offer is worth more than half of the energy.
    park = called()
    park.measure("led", {"power": 0.5})
    assert park.solve_twice().system_cost == pytest.approx(0.5 * (ENERGY - 0.2 * 400))
    park = called(price=5e6)
    park.measure("led", {"power": 0.5})
    plan = park.solve_twice()
    assert plan.system_cost == pytest.approx(ENERGY - 0.2 * (5e6 - 500)) and plan.tables["measures"].empty


def test_figures_are_interpolated_between_years_and_the_reference_offers_too():
    park = called(price={2026: 900.0, 2028: 1100.0})
    park.park = park.park.model_copy(update={"last_year": 2028, "base_emissions": None})
    run = park.run()
    for name in (REFERENCE, TARGET):
        assert [paid(run.plans[name], "response", y) for y in (2026, 2027, 2028)] == pytest.approx([-80, -100, -120])


def test_what_is_sold_to_the_grid_is_no_reserve_of_the_park():
    # A MW of boilers costs 1,000 a year, with the margin 1,600 for each MW that must be held in reserve.
    def boilers(price: float, firm: int) -> float:
        park = Draft(base_emissions=1.0)
        park.demand("warmth", "heat")
        park.supply("gas", "gas", price=10.0)
        park.converter("boiler", {"gas": -1.0, "heat": 1.0}, capital_cost=1000.0, lifetime=1, max_capacity=9.0)
        park.add(Reserve(carrier="heat", margin=0.6))
        park.response("warmth", 0.25, price, firm=firm)
        return built(park.solve_twice(), "boiler")[2026]
    assert boilers(1500.0, 0) == boilers(1700.0, 1) == pytest.approx(1.6) and boilers(1500.0, 1) == pytest.approx(1.6 * 0.75)
