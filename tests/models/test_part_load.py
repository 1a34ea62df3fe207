"""Part load: what a plant takes of what is on and as it starts, beside what goes with its activity; each by hand, with and without."""

import pytest
from parks import Draft, energy

from models.case import Reserve
from planner.planning.run import Options, plan_park

#: Heat of 1 MW for half a day, and of 0.2 MW for the other half: 14.4 MWh a day.
HALVES = [1.0] * 12 + [0.2] * 12
DAY = 365


def heat(no_load: float = 0.0, per_start: float = 0.0, shape=HALVES, **fields) -> Draft:
    """A boiler of 1 MW on gas of 50 CNY/MWh; steam at 90 can be bought as well."""
    park = Draft()
    park.demand("warmth", "heat", mwh=sum(shape) * 365, profile=park.profile("shape", shape))
    park.supply("gas", "gas", price=50.0, factor=0.2)
    park.supply("steam", "heat", price=90.0)
    park.converter("boiler", {"gas": -1.0, "heat": 1.0}, **({"existing": 1.0} | fields))
    more = {"no_load": no_load, "per_start": per_start}
    park.rows["ports"] = [p.model_copy(update=more) if p.direction == "in" else p for p in park.rows["ports"]]
    return park


def test_what_is_on_takes_its_input_at_no_load():
    # As much is on as runs, since a part may be: 10 % more gas.
    assert heat().cost() == pytest.approx(14.4 * DAY * 50)
    plan = heat(0.1).solve_twice()
    assert plan.system_cost == pytest.approx(14.4 * 1.1 * DAY * 50)
    assert energy(plan, "in", "boiler") == pytest.approx(14.4 * 1.1 * DAY)


def test_what_starts_takes_its_input_then():
    # A start of 0.8 MW each morning with 2 MWh of gas a MW is 80 CNY; to idle at night takes 12 h x 0.8 MW x 0.1 = 0.96 MWh, 48 CNY,
    # which is less. With 1 MWh a MW the start of 40 CNY is less.
    running = 14.4 * 1.1 * 50
    assert heat(0.1, 2.0).cost() == pytest.approx(DAY * (running + 48))
    plan = heat(0.1, 1.0).solve_twice()
    assert plan.system_cost == pytest.approx(DAY * (running + 40))
    assert energy(plan, "in", "boiler") == pytest.approx(DAY * (14.4 * 1.1 + 0.8))


def test_no_more_starts_than_is_on_where_a_price_pays_for_it():
    # Gas of -10 CNY/MWh: the boiler stops and starts 1 MW in every hour, 1 + 2 MWh of gas; one of 0 MW starts nothing, and steam costs.
    def cost(existing: float) -> float:
        park = heat(per_start=2.0, shape=[1.0] * 24, existing=existing)
        park.rows["prices"] = [p.model_copy(update={"value": -10.0}) if p.supply == "gas" else p for p in park.rows["prices"]]
        park.rows["supplies"] = [s.model_copy(update={"max_import": 9.0}) for s in park.rows["supplies"]]
        return park.solve_twice().system_cost
    assert cost(1.0) == pytest.approx(-24 * DAY * 30) and cost(0.0) == pytest.approx(24 * DAY * 90)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_an_operation_with_a_unit_out_takes_gas_for_full_load(method):
    # A flat 0.5 MW of heat, and gas of 0.52 MW at most: it takes 0.5 MW, and with 10 % at no load 0.55 MW, which nothing brings.
    def status(no_load: float) -> str:
        park = heat(no_load, shape=[0.5] * 24, existing=2.0, existing_unit=1.0)
        park.rows["supplies"] = [
            s.model_copy(update={"max_import": 0.52 if s.supply == "gas" else 0.0}) for s in park.rows["supplies"]]
        park.add(Reserve(carrier="heat", largest_out=1, operated=1))
        return plan_park(park.case(), Options(gap=1e-9, method=method, compare=False)).target.status
    assert status(0.0) == "optimal" and status(0.1) == "infeasible"
