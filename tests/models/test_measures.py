"""Efficiency measures: exact products, groups, requirements, electrification, expiry."""

import pytest
from parks import Draft, adopted, energy, paid

from models.case import Orders

YEAR = 876_000.0


def park(last: int = 2026, **fields) -> Draft:
    found = Draft(2026, last, **fields)
    found.demand()
    found.supply()
    return found


def left(plan, year: int = 2026, name: str = "power") -> float:
    return energy(plan, "demand", name, year)


def test_a_measure_saves_its_share_where_it_pays():
    found = park()
    assert found.cost() == pytest.approx(YEAR)
    found.measure("lights", {"power": 0.25}, 10_000.0)
    assert found.cost() == pytest.approx(0.75 * YEAR + 10_000)
    found = park()
    found.measure("lights", {"power": 0.25}, 220_000.0)  # saves 219,000
    assert adopted(found.solve()) == []
    found = park(2027)
    found.measure("lights", {"power": 0.1}, 1000.0, lifetime=5, first_year=2027)
    assert adopted(found.solve()) == [(2027, "lights")]
    found = park(2027)
    found.measure("lights", {"power": 0.1}, 1000.0, lifetime=2, fixed_cost=500.0)
    assert found.cost() == pytest.approx(2 * 0.9 * YEAR + 1000 + 2 * 500)
    found = park()
    found.measure("simpler", {}, 1000.0, fixed_cost=-1500.0)
    assert found.cost() == pytest.approx(YEAR - 500)


def test_savings_multiply_exactly():
    found = park()
    for name in ("a", "b", "c"):
        found.measure(name, {"power": 0.5}, 1000.0)
    plan = found.solve()
    assert left(plan) == pytest.approx(8760 / 8) and plan.system_cost == pytest.approx(YEAR / 8 + 3000)
    found = park()
    found.measure("a", {"power": 0.5}, 1000.0)
    found.measure("b", {"power": 0.3}, 1e6)
    found.measure("c", {"power": 0.4}, 1000.0)
    assert left(found.solve()) == pytest.approx(8760 * 0.5 * 0.6)


@pytest.mark.parametrize("first", ["vent", "halved"])
def test_a_saving_below_zero_adds(first):
    # The ventilation, which the halving requires, uses 20 % more: 8760 x 0.5 x 1.2 in either order.
    found = park()
    for name in (first, "vent" if first == "halved" else "halved"):
        if name == "vent":
            found.measure("vent", {"power": -0.2})
        else:
            found.measure("halved", {"power": 0.5}, requires="vent")
    assert left(found.solve()) == pytest.approx(8760 * 0.5 * 1.2)


def test_one_measure_of_a_group_at_most():
    def found(group: str) -> Draft:
        draft = park()
        draft.measure("half", {"power": 0.5}, 1000.0, group=group)
        draft.measure("third", {"power": 0.3}, 1000.0, group=group)
        return draft
    assert adopted(found("drive").solve()) == [(2026, "half")] and adopted(found("").solve()) == [(2026, "half"), (2026, "third")]


def test_a_measure_comes_with_all_that_it_requires():
    def found(requires: str, meter: float = 50_000.0) -> Draft:
        draft = park()
        draft.measure("meter", {}, meter)
        draft.measure("control", {"power": 0.1}, 1000.0, requires=requires)
        return draft
    assert found("").cost() == pytest.approx(0.9 * YEAR + 1000) and found("meter").cost() == pytest.approx(0.9 * YEAR + 51_000)
    assert found("meter", 87_000.0).cost() == pytest.approx(YEAR)
    found = park()
    found.measure("a", {}, 10_000.0)
    found.measure("b", {}, 20_000.0)
    found.measure("c", {"power": 0.5}, requires="a; b")
    assert found.cost() == pytest.approx(0.5 * YEAR + 30_000)


def heated(*order: str) -> Draft:
    """Heat of 8760 MWh at 80 CNY/MWh beside the power; measures in the order given."""
    found = park()
    found.demand("warmth", "heat")
    found.supply("steam", "heat", price=80.0)
    rows = {"insulation": lambda: found.measure("insulation", {"warmth": 0.5}, 1000.0),
        "pump": lambda: found.measure("pump", {"warmth": 0.5}, 1000.0, adds="power", adds_ratio=0.3)}
    for name in order:
        rows[name]()
    return found


def test_what_is_saved_adds_to_another_demand_after_its_own_measures():
    plan = heated("pump").solve()
    assert left(plan, name="warmth") == pytest.approx(4380) and left(plan) == pytest.approx(8760 + 1314)
    assert plan.system_cost == pytest.approx(4380 * 80 + 10_074 * 100 + 1000)
    assert left(heated("insulation", "pump").solve()) == pytest.approx(8760 + 657)
    assert left(heated("pump", "insulation").solve()) == pytest.approx(8760 + 1314)
    found = heated("pump")
    found.measure("lights", {"power": 0.5})
    assert left(found.solve()) == pytest.approx(4380 + 1314)


def test_an_expired_measure_is_adopted_again_where_it_pays():
    found = park(2028)
    found.measure("lights", {"power": 0.1}, 40_000.0, lifetime=2)
    plan = found.solve()
    assert [left(plan, y) for y in (2026, 2027, 2028)] == pytest.approx([0.9 * 8760] * 3) and adopted(plan)[0] == (2026, "lights")
    assert len(adopted(plan)) == 2 and sum(paid(plan, "measures", y) for y in (2026, 2027, 2028)) == pytest.approx(80_000)
    assert plan.system_cost == pytest.approx(3 * 0.9 * YEAR + 40_000 + 20_000)
    found = Draft(2026, 2028)
    found.demand(mwh={2026: 8760.0, 2027: 8760.0, 2028: 4380.0})
    found.supply()
    found.measure("lights", {"power": 0.1}, 100_000.0, lifetime=2)
    plan = found.solve()
    assert adopted(plan) == [(2026, "lights")] and [left(plan, y) for y in (2026, 2027, 2028)] == pytest.approx([7884, 7884, 4380])


def test_a_measure_with_a_lead_time_is_paid_first_and_saves_later():
    """Paid in 2026, in force in 2027 and 2028: all of its life, so the horizon bears all of it; one of 2028 would never work."""
    for lead, saved, share in ((0, 2, 1.0), (1, 2, 1.0), (2, 1, 0.5)):
        found = park(2028)
        found.measure("lights", {"power": 0.1}, 60_000.0, lifetime=2, lead_time=lead, first_year=2026)
        found.park = found.park.model_copy(update={"orders": Orders(years=(2026,))})
        plan = found.solve_twice()
        assert plan.system_cost == pytest.approx(3 * YEAR - saved * 87_600 + 60_000 * share) and adopted(plan) == [(2026, "lights")]
        assert [left(plan, y) < 8000 for y in (2026, 2027, 2028)] == [lead <= i < lead + 2 for i in range(3)]
    found = park(2027)
    found.measure("base", {"power": 0.1}, lead_time=1)
    found.measure("more", {"power": 0.5}, requires="base")
    assert [left(found.solve(), y) for y in (2026, 2027)] == pytest.approx([8760, 0.45 * 8760])
    found = park(2027)
    found.measure("soon", {"power": 0.2}, group="one", lifetime=1)
    found.measure("late", {"power": 0.3}, group="one", lead_time=1)
    plan = found.solve()
    assert [left(plan, y) for y in (2026, 2027)] == pytest.approx([0.8 * 8760, 0.7 * 8760])
    assert set(adopted(plan)) == {(2026, "soon"), (2026, "late")}
