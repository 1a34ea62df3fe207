"""costs.csv: what may be below 0, and what must bound it."""

import pytest

COSTS = """type,parameter,year,value,unit
gas-boiler,capital_cost,2025,500,CNY/kW
gas-boiler,lifetime,,20,year
battery,capital_cost,2025,1200,CNY/kWh
battery,lifetime,,12,year
scrubber,capital_cost,2025,9000000,CNY/(t/h)
scrubber,lifetime,,25,year
"""


def with_row(park, row, boiler="boiler,gas-boiler,5,,,,,,"):
    """The park with a row of costs, and another one of technologies."""
    lines = (park.folder / "technologies.csv").read_text().splitlines()
    park.write("technologies.csv", "\n".join(boiler if line.startswith("boiler,") else line for line in lines) + "\n")
    rows = [line for line in COSTS.splitlines() if not line.startswith(",".join(row.split(",")[:2]) + ",")]
    park.write("costs.csv", "\n".join([*rows, row]) + "\n")
    return park


@pytest.mark.parametrize("row",
    ["gas-boiler,capital_cost,,-50,CNY/kW", "gas-boiler,fixed_cost,,-5,CNY/kW/year", "gas-boiler,fixed_cost,,-2,%/year"])
def test_a_payment_for_capacity_needs_a_limit_of_it(park, row):
    value, unit = row.split(",")[3:]
    (found,) = with_row(park, row).complaints()
    assert found.endswith(
        f": value = {value} {unit}: is below 0, and nothing bounds how much of 'boiler' is ordered; give max_capacity, max_build or a site")
    for boiler in ("boiler,gas-boiler,5,8,,,,,", "boiler,gas-boiler,5,,2,,,,", "boiler,gas-boiler,5,,,,,roofs,0.1",
        "boiler,gas-boiler,5,5,0,,,,"):
        assert with_row(park, row, boiler).complaints() == (), boiler


def test_a_payment_for_an_order_needs_a_least_order_and_a_limit(park):
    (found,) = with_row(park, "gas-boiler,project_cost,,-9000,CNY", "boiler,gas-boiler,5,8,,,,,").complaints()
    assert found.endswith(
        "value = -9000 CNY: is below 0, and an order of 'boiler' of next to nothing would earn it; give min_build or unit_size")
    found = with_row(park, "gas-boiler,project_cost,,-9000,CNY", "boiler,gas-boiler,5,,,1,,,").complaints()
    assert any("is below 0, and nothing bounds how much of 'boiler' is ordered" in line for line in found)
    assert with_row(park, "gas-boiler,project_cost,,-9000,CNY", "boiler,gas-boiler,5,8,,1,,,").complaints() == ()


def test_a_premium_for_what_runs_needs_a_bound(park):
    """The heat is used or it is not made; where more of it can be thrown away than there is a limit for, it is not."""
    case = with_row(park, "gas-boiler,variable_cost,,-5,CNY/MWh").read()
    assert not [line for line in case.warnings if "variable_cost" in line]
    # A battery without a limit goes up and down as often as it likes.
    with_row(park, "battery,variable_cost,,-5,CNY/MWh")
    assert park.complaints() == ()
    park.write("technologies.csv", (park.folder / "technologies.csv").read_text().replace("battery,,0,10,", "battery,,0,,"))
    (found,) = park.complaints()
    assert found.endswith(
        "value = -5 CNY/MWh: is below 0, and nothing bounds what 'battery' does; give max_capacity, max_build or a site, or max_import or "
        "max_export of what it takes or gives")


@pytest.mark.parametrize("row",
    ["gas-boiler,retirement_cost,,-5,CNY/kW", "gas-boiler,grant,,-0.1,1", "gas-boiler,start_cost,,-1,CNY/MW"])
def test_the_others_stay_above_0(park, row):
    assert any("is below 0; write a cost as a positive number" in line for line in with_row(park, row).complaints())


def test_what_is_paid_to_the_whole_park_may_be_below_0(park):
    park.write("costs.csv", COSTS + "park,fixed_cost,,-100,CNY/year\n")
    assert park.complaints() == ()
