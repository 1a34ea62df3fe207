"""`plan check`: plants and links as an engineer reads them. Heat: 1 MW all year."""

import pytest
from parks import Draft

from models.case import Bill
from models.case.technology import Carrier
from planner.answer.check import BILL, DEMAND, HIGH, LARGE, LONG, LOSSY, LOW, PROFILE, SHORT, plants


def heated(existing: float = 2.0, fuel: float = 1.1, billed: float | None = None, **boiler) -> Draft:
    park = Draft(2026, 2027, base_year=2025)
    park.demand("warmth", "heat", mwh=8760.0)
    park.supply("gas", "gas", price=0.0)
    park.converter("boiler", {"heat": 1.0, "gas": -fuel}, **{"existing": existing, "capital_cost": 1.0} | boiler)
    if billed is not None:
        park.add(Bill(supply="gas", year=2025, value=billed))
    return park


def of_boiler(park: Draft):
    return next(p for p in plants(park.case()) if p.name == "boiler")


def test_hours_by_the_demand_that_nothing_else_serves():
    """8760 MWh by 2 MW; with another boiler beside it nothing is known."""
    park = heated()
    assert (of_boiler(park).hours, of_boiler(park).known) == (pytest.approx(4380), DEMAND)
    assert of_boiler(park).efficiency == pytest.approx(1 / 1.1)
    park.converter("other", {"heat": 1.0, "gas": -1.0}, existing=1.0)
    assert (of_boiler(park).hours, of_boiler(park).known) == (None, "")


@pytest.mark.parametrize(("billed", "hours", "odd"), [(11000.0, 5000, ""), (22000.0, 10000, LONG), (110.0, 50, SHORT)])
def test_hours_by_the_bill_of_what_nothing_else_burns(billed, hours, odd):
    plant = of_boiler(heated(billed=billed))
    assert (plant.hours, plant.known, plant.odd) == (pytest.approx(hours), BILL, odd)


@pytest.mark.parametrize(("fuel", "odd"), [(1.1, ""), (2.0, LOW), (0.8, HIGH)])
def test_efficiencies_that_are_odd(fuel, odd):
    assert of_boiler(heated(fuel=fuel)).odd == odd and (of_boiler(heated(existing=0.0, fuel=fuel)).odd == odd if odd else True)


def test_waste_heat_that_comes_off_is_no_output():
    """A boiler that gives 1 of heat and 0.3 of waste heat for 1.1 of gas makes 91 % of it, not 118 %."""
    park = heated()
    park.converter("other", {"heat": 1.0, "waste-heat": 0.3, "gas": -1.1}, existing=1.0, capital_cost=1.0)
    assert next(p for p in plants(park.case()) if p.name == "other").efficiency == pytest.approx(1 / 1.1)


def test_profiles_links_levels_and_sizes():
    """Half a day of sun is 4380 h; a pipe that loses a third and an offer of 200 times the mean power are odd."""
    park = heated(existing=0.0, max_capacity=200.0)
    park.converter("collector", {"heat": 1.0}, existing=1.0, profile=park.profile("sun", [0.0, 1.0] * 12))
    park.link("pipe", "park", "town", "heat", loss=0.35, existing=1.0)
    park.demand("halls", "heat", mwh=10.0, zone="town")
    park.add(Carrier(carrier="heat", temperature=80.0))
    found = {p.name: p for p in plants(park.case())}
    assert (found["collector"].hours, found["collector"].known, found["collector"].levels) == (pytest.approx(4380), PROFILE, "80")
    assert (found["pipe"].efficiency, found["pipe"].odd) == (pytest.approx(0.65), LOSSY)
    assert (found["boiler"].stands, found["boiler"].odd) == (0.0, LARGE)
