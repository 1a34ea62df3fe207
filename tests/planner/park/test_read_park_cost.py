"""costs.csv, type park: what its rows must be, and that nothing else has the name."""

import pytest


def test_a_fixed_cost_of_the_park_is_read_without_a_warning(park):
    park.add("costs.csv", "park,fixed_cost,,2,MCNY/year")
    case = park.read()
    assert [c.value for c in case.costs if c.type == "park"] == [2.0] and not any("park" in warning for warning in case.warnings)


@pytest.mark.parametrize(("row", "fault"), [
    ("park,capital_cost,,2,CNY", "parameter 'capital_cost': type 'park' has a fixed_cost only, in money/year"),
    ("park,fixed_cost,,2,CNY/MW/year", "unit 'CNY/MW/year'"),
    ("park,fixed_cost,,2,%/year", "unit '%/year'"),
])
def test_anything_else_is_a_fault(park, row, fault):
    park.add("costs.csv", row)
    (said,) = park.complaints()
    assert said.startswith("costs.csv line 10: ") and fault in said


def test_no_technology_has_the_name(park):
    park.edit("technologies.csv", "boiler,gas-boiler", "boiler,park")
    assert any("type 'park': stands in costs.csv for the whole park" in said for said in park.complaints())
