"""costs.csv: an annuity in place of a capital cost, and of which year a fixed cost is."""

import pytest
from tabled import cases_of

COSTS = """type,parameter,year,value,unit,basis
gas-boiler,annuity,2025,50,CNY/kW/year,
gas-boiler,fixed_cost,2025,8,CNY/kW/year,order
gas-boiler,fixed_cost,2030,6,CNY/kW/year,order
gas-boiler,lifetime,,20,year,
battery,capital_cost,2025,1200,CNY/kWh,
battery,lifetime,,12,year,
scrubber,capital_cost,2025,9000000,CNY/(t/h),
scrubber,lifetime,,25,year,
"""


def with_costs(park, *changes):
    text = COSTS
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    park.write("costs.csv", text)
    return park


def test_an_annuity_is_enough(park):
    case = with_costs(park).read()
    assert [(c.value, c.unit) for c in case.costs if c.parameter == "annuity"] == [(50.0, "CNY/kW/year")]
    assert [c.basis for c in case.costs if (c.type, c.parameter) == ("gas-boiler", "fixed_cost")] == ["order", "order"]


def test_it_takes_the_place_of_what_the_catalogue_has(park):
    with_costs(park,
        ("scrubber,lifetime",
         "solar-rooftop,annuity,,400,CNY/kW/year,\nsolar-rooftop,fixed_cost,,9,CNY/kW/year,\nscrubber,lifetime"))
    own = {c.parameter for c in park.read().costs if c.type == "solar-rooftop"}
    assert own >= {"annuity", "lifetime"} and "capital_cost" not in own


@pytest.mark.parametrize(("change", "line"), cases_of(__file__, "yearly costs"))
def test_what_does_not_fit_is_told(park, change, line):
    (found,) = with_costs(park, change).complaints()
    assert found.startswith(line)


