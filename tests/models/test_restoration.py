"""Restoration: uptake by age, buffer, rate and area of planting, and what of it counts."""

import pytest
from parks import Draft, emitted, paid

from models.case import Uptake


def wood(tonnes: float = 160.0, inside: int = 1, **fields) -> Draft:
    """A hectare of age a takes up a tonnes (4 at most); the kiln's tonnes must be zero net in 2028. 1000 CNY/ha, three years of
    life: all is seen of what is planted in 2026, two thirds of 2027, a third of 2028."""
    found = Draft(2026, 2028, base_emissions=160.0)
    found.process("kiln", tonnes)
    found.restoration("wood", {0: 0.0, 4: 4.0}, **{"capital_cost": 1000.0, "lifetime": 3, "buffer": 0.2, "inside": inside} | fields)
    found.rule("net_ratio", "<=", 0.0)
    found.goal(2028)
    return found


def planted(plan) -> dict[int, float]:
    own = plan.tables["restoration"].query("item == 'planted' and value > 1e-6")
    return dict(zip(own["year"].tolist(), own["value"].tolist(), strict=True))


def counted(plan, year: int = 2028, item: str = "counted") -> float:
    own = plan.tables["restoration"]
    return float(own[(own["item"] == item) & (own["year"] == year)]["value"].sum())


def test_uptake_grows_with_age_less_the_buffer():
    plan = wood().solve()
    assert planted(plan) == pytest.approx({2026: 100.0}) and plan.system_cost == pytest.approx(100_000)
    assert emitted(plan, "net", 2028) == pytest.approx(0, abs=1e-6)
    assert planted(wood(buffer=0.0).solve()) == pytest.approx({2026: 80.0})
    assert counted(plan, 2026, "uptake") == pytest.approx(0) and counted(plan, 2027, "uptake") == pytest.approx(80)
    assert counted(plan, 2028, "uptake") == pytest.approx(160)
    found = wood()
    found.rows["uptake"].clear()
    found.add(Uptake(project="wood", age=1, value=3.0))
    # 3 t/ha at every age, 0 included: cheapest in 2028, where a third is seen.
    assert planted(found.solve()) == pytest.approx({2028: 160 / 2.4})


def test_planting_has_a_rate_an_area_and_upkeep():
    found = wood()
    found.rows["stages"].clear()
    assert found.cost() == pytest.approx(0)
    plan = wood(max_plant=80.0).solve()
    assert planted(plan) == pytest.approx({2026: 80.0, 2027: 40.0}) and plan.system_cost == pytest.approx(80_000 + 40_000 * 2 / 3)
    assert paid(plan, "restoration", 2027) == pytest.approx(40_000)
    assert planted(wood(max_plant=80.0, max_area=120.0).solve()) == pytest.approx({2026: 80.0, 2027: 40.0})
    assert wood(max_plant=80.0, max_area=110.0).try_to_solve().status == "infeasible"
    plan = wood(lifetime=2).solve()
    assert planted(plan) == pytest.approx({2027: 200.0}) and wood(fixed_cost=50.0).cost() == pytest.approx(100 * 1150)


def test_land_outside_counts_in_offset_ratio_and_land_inside_does_not():
    # Half of 160 t may be offset.
    outside, inside = wood(inside=0), wood(inside=1)
    for found in (outside, inside):
        found.rule("offset_ratio", "<=", 0.5)
    assert outside.try_to_solve().status == "infeasible" and inside.try_to_solve().status == "optimal"


def surplus(inside: int, *limits: float) -> float:
    """What is counted in 2028 of 160 t that were planted for nothing, of which the rules need 40 t."""
    found = wood(inside=inside)
    found.rows["stages"].clear()
    # Grown for 2027: 80 t needed then, 160 t taken up in 2028, when only 40 t are.
    found.rule("net_ratio", "<=", 0.5, stage="near-zero-carbon")
    found.rule("net_ratio", "<=", 0.75)
    for limit in limits:
        found.rule("offset_ratio", "<=", limit)
    found.goal(2028, near_zero_carbon=2027)
    plan = found.solve()
    assert counted(plan, item="uptake") == pytest.approx(160) and emitted(plan, "restoration_uptake", 2028) == pytest.approx(160)
    assert emitted(plan, "net", 2028) == pytest.approx(160 - counted(plan))
    return counted(plan)


def test_reported_is_the_most_that_the_rules_allow():
    assert surplus(1) == pytest.approx(160) and surplus(0) == pytest.approx(160)
    assert surplus(0, 0.5) == pytest.approx(80) and surplus(1, 0.5) == pytest.approx(160)


def test_credits_leave_less_room_for_land_outside():
    # Offsets of 0.5 x 160 t; 30 t of it are a removal that is for free and cannot be left out of net: 50 t of land.
    found = wood(tonnes=160.0, inside=0)
    found.rows["stages"].clear()
    found.offset("free", "removal", 0.0, 30.0)
    found.rule("offset_ratio", "<=", 0.5)
    found.rule("net_ratio", "<=", 0.5)
    plan = found.solve()
    used = emitted(plan, "removal_credits", 2028)
    assert used == pytest.approx(30) and counted(plan) == pytest.approx(50)
