"""What is said beside an order of which a later stage makes no use. Heat of gas is cheap, no gas may be burnt from 2028 on."""

import pytest
from parks import Draft

from planner.answer.caveats import contradicted, told_in_one
from planner.language.language import ENGLISH
from planner.planning.run import Options, plan_park


def planned(last: int = 2032, limit: float = 0.0, **boiler):
    park = Draft(2026, last, base_emissions=9000.0)
    park.demand("warmth", "heat", mwh=8760.0)
    park.supply("gas", "gas", price=10.0, factor=0.2)
    park.supply("grid", price=100.0, factor=0.0)
    park.converter("boiler", {"heat": 1.0, "gas": -1.0}, capital_cost=5.0, lifetime=20, **boiler)
    park.converter("heater", {"heat": 1.0, "electricity": -1.0}, capital_cost=5.0, lifetime=20)
    park.rule("gross_ratio", "<=", limit)
    park.goal(2028)
    plan = plan_park(park.case(), Options(gap=1e-9, compare=False)).target
    assert plan.status == "optimal"
    return plan.tables


@pytest.mark.parametrize(("fields", "said"),
    [({}, "stands still from 2028 on (zero-carbon), good until 2045"),
     ({"fixed_cost": 2.0}, "retired in 2028 (zero-carbon), good until 2045")])
def test_an_order_of_which_a_later_stage_makes_no_use(fields, said):
    tables = planned(**fields)
    assert told_in_one(contradicted(tables), ENGLISH) == f"A later stage contradicts: boiler 2026 ({said})."


def test_nothing_is_said_where_the_stage_lets_it_run_or_its_life_ends():
    assert contradicted(planned(limit=1.0)) == []
    park = planned()
    assert [c.technology for c in contradicted(park)] == ["boiler"]  # and not the heater, ordered for the stage
    assert told_in_one([], ENGLISH) == ""
