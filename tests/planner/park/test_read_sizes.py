"""Sizes of orders and limits by year: what they must be, what the type says, and the bound that is taken where none is stated."""

import pandas as pd
import pytest
from tabled import cases_of

from planner.language.language import Language
from planner.plan import Plan
from planner.planning.run import assumed_bounds_reached

HEADER = "technology,year,item,value\n"


def with_columns(park, columns: str, roof: str, boiler: str = "") -> None:
    """technologies.csv with further columns, filled for the roof and the boiler."""
    lines = (park.folder / "technologies.csv").read_text().splitlines()
    blank = "," * columns.count(",")
    filled = {"roof": roof, "boiler": boiler or blank}
    out = [f"{lines[0]},{columns}", *(f"{line},{filled.get(line.split(',')[0], blank)}" for line in lines[1:])]
    park.write("technologies.csv", "\n".join(out) + "\n")


def of_catalogue(park, columns: str, values: str) -> None:
    """The catalogue's solar-rooftop with further columns, and a roof of the park without a site."""
    lines = (park.catalogue / "types.csv").read_text().splitlines()
    (park.catalogue / "types.csv").write_text(
        "\n".join([f"{lines[0]},{columns}", f"{lines[1]},{values}", lines[2] + "," * (columns.count(",") + 1)]) + "\n")
    park.edit("technologies.csv", "roof,solar-rooftop,0,,,,sun,roofs,1", "roof,solar-rooftop,0,,,,sun,,")


def test_an_empty_cell_is_left_to_the_type_and_zero_is_a_figure(park):
    with_columns(park, "unit_size,order_spacing,partial_retirement,existing_unit,keep", "0,,,,", ",3,0,2.5,1")
    roof, boiler = (technology_of(park.read(), name) for name in ("roof", "boiler"))
    assert (roof.unit_size, roof.order_spacing, roof.partial_retirement) == (0.0, None, None)
    assert (boiler.unit_size, boiler.order_spacing, boiler.partial_retirement, boiler.existing_unit, boiler.keep) == (None, 3, 0,
        2.5, 1.0)


def technology_of(case, name: str):
    (found,) = (t for t in case.technologies if t.technology == name)
    return found


def bounds(case) -> dict[str, float]:
    """The bounds that were taken."""
    return {a.name: float(a.value) for a in case.assumptions if a.parameter == "max_build"}


def test_what_the_park_asks_for_takes_a_bound_where_its_use_is_known(park):
    """Halls take 4000 MWh in 8760 h: four times 0.457 MW. Of electricity 1.37 MW are demanded, 5 MW sold, and 0.1 of 3 t/h of CO2 taken
    for capture: four times 24 hours of 6.67 MW. What leaves with the CO2 is four times 3 t/h."""
    with_columns(park, "order_spacing", "", "3")
    assert bounds(park.read()) == {}
    park.edit("technologies.csv", "boiler,gas-boiler,5,8", "boiler,gas-boiler,5,")
    case = park.read()
    assert bounds(case) == {"boiler": 1.9} and case.technologies[1].max_build == 1.9
    park.write("limits.csv", HEADER + "boiler,2030,min_capacity,4\n")
    assert bounds(park.read()) == {"boiler": 8.0}
    park.write("limits.csv", HEADER + "boiler,2030,max_build,4\n")
    assert bounds(park.read()) == {}
    park.edit("technologies.csv", "battery,,0,10,,,,", "battery,,0,,,2,,")
    park.edit("technologies.csv", "capture,scrubber,0,2,,,", "capture,scrubber,0,,,0.1,")
    assert bounds(park.read()) == {"battery": 650.0, "capture": 12.0}


def test_a_project_cost_of_the_park_takes_one_too(park):
    """Of electricity 6.67 MW are of use, of which solar gives 11 / 24 x 0.5."""
    park.add("costs.csv", "solar-rooftop,project_cost,,30,CNY")
    park.edit("technologies.csv", "sun,roofs,1", "sun,,")
    share = float(park.read().profiles["sun"].mean())
    assert bounds(park.read())["roof"] == pytest.approx(4 * (9000 / 8760 * 4 / 3 + 5.3) / share, rel=0.1)


def test_a_least_size_of_a_type_of_the_park_takes_one_too(park):
    types = "type,role,charge_efficiency,min_build\ngas-boiler,converter,,2\nbattery,store,0.95,\nscrubber,capture,,\n"
    park.write("types.csv", types)
    park.edit("technologies.csv", "boiler,gas-boiler,5,8", "boiler,gas-boiler,5,")
    assert bounds(park.read()) == {"boiler": 20.0}


def test_what_is_taken_on_the_way_to_a_use_is_used_too(park):
    """Heat is made of hydrogen, 5 MWh for one, and hydrogen of electricity, 4 for one: 20 times 0.457 MW more than 6.67 MW of it.
    Four times 24 hours of 15.8 MW are 1517 MWh, the next number of two digits 1600."""
    park.add("technologies.csv", "burner,burner,0,9,,,,,")
    park.add("technologies.csv", "splitter,splitter,0,9,,,,,")
    park.add("types.csv", "burner,converter,,")
    park.add("types.csv", "splitter,converter,,")
    for row in ("burner,hydrogen,in,5", "burner,heat,out,1", "splitter,electricity,in,4", "splitter,hydrogen,out,1"):
        park.add("ports.csv", row)
    for kind in ("burner", "splitter"):
        park.add("costs.csv", f"{kind},capital_cost,2025,500,CNY/kW")
        park.add("costs.csv", f"{kind},lifetime,,20,year")
    park.edit("technologies.csv", "battery,,0,10,,,,", "battery,,0,,,2,,")
    assert bounds(park.read())["battery"] == 1600.0


@pytest.mark.parametrize(("columns", "values"), [("min_build", "0.1"), ("order_spacing", "3"), ("partial_retirement", "0")])
def test_where_the_catalogue_alone_asks_a_bound_is_taken_and_named(park, columns, values):
    """Machines take up to 4/3 of 9000 MWh / 8760 h, halls 4000 MWh / 8760 h, 5 MW are sold: 6.83 MW, of which solar gives 11 / 24 x 0.5."""
    of_catalogue(park, columns, values)
    case = park.read()
    bound = technology_of(case, "roof").max_build
    assert bound == pytest.approx(4 * 6.8265 / (11 / 48), rel=0.01)
    (named,) = [a for a in case.assumptions if (a.table, a.parameter) == ("technologies", "max_build")]
    assert (named.name, float(named.value), named.unit) == ("roof", bound, "MW")
    assert [t.max_build for t in case.technologies if t.technology != "roof"] == [None, None, None]


def test_without_need_no_bound_is_taken(park):
    of_catalogue(park, "min_build", "")
    assert park.read().technologies[0].max_build is None


def test_a_figure_of_the_type_is_no_assumption_where_the_technology_says_its_own(park):
    of_catalogue(park, "min_build", "0.1")
    with_columns(park, "keep", "0")
    assert ("types", "min_build") in {(a.table, a.parameter) for a in park.read().assumptions}
    park.edit("technologies.csv", "roof,solar-rooftop,0,,,,sun,,,0", "roof,solar-rooftop,0,,,0,sun,,,0")
    assert ("types", "min_build") not in {(a.table, a.parameter) for a in park.read().assumptions}


def test_limits_by_year_are_read(park):
    park.write("limits.csv", HEADER + "boiler,2027,existing,3\nboiler,,max_build,2\n")
    assert [(x.technology, x.year, x.item, x.value) for x in park.read().limits] == [("boiler", 2027, "existing", 3.0),
        ("boiler", None, "max_build", 2.0)]


@pytest.mark.parametrize(("rows", "faults"), cases_of(__file__, "sizes"))
def test_what_is_wrong_with_a_limit_is_said(park, rows, faults):
    park.write("limits.csv", HEADER + rows + "\n")
    assert park.complaints() == faults


@pytest.mark.parametrize(("value", "unit", "warned"), [("4", 0.0, True), ("3", None, False), ("0", None, False)])
def test_units_that_only_the_catalogue_says_are_left_out_where_what_stands_falls_otherwise(park, value, unit, warned):
    of_catalogue(park, "existing_unit", "2")
    park.edit("technologies.csv", "roof,solar-rooftop,0,", "roof,solar-rooftop,5,")
    park.write("limits.csv", HEADER + f"roof,2027,existing,{value}\n")
    case = park.read()
    (roof,) = (t for t in case.technologies if t.technology == "roof")
    assert roof.existing_unit == unit and any("by no whole number of units of 2" in text for text in case.warnings) == warned


def test_an_order_as_large_as_a_bound_that_was_taken_is_warned_of(park):
    of_catalogue(park, "min_build", "0.1")
    case = park.read()
    most = technology_of(case, "roof").max_build
    columns = ["year", "technology", "build", "committed"]
    for build, said in ((most, 1), (most / 2, 0)):
        orders = pd.DataFrame([(2027, "roof", build, 0), (2027, "boiler", 1e9, 0)], columns=columns)
        warned = list(assumed_bounds_reached(case, Plan("target", "optimal", 1.0, tables={"investments": orders})))
        assert len(warned) == said and all("roof: an order in 2027" in text for text in warned)
        assert all("roof 在 2027 年的订货量" in Language("zh").tell(text) for text in warned)
