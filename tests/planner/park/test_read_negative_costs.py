"""costs.csv: what may be below 0, and what must bound it."""


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


