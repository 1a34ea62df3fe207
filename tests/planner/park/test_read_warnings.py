"""What is allowed and yet looks wrong."""

import shutil

import pytest
from tabled import cases_of

from planner.examples import data_folder


@pytest.mark.parametrize(("file", "old", "new", "line"), cases_of(__file__, "warnings"))
def test_what_looks_wrong_is_a_warning(park, file, old, new, line):
    park.edit(file, old, new)
    found = [w for w in park.read().warnings if not w.startswith("catalogue")]
    assert found == ([line] if line else [])


def test_a_park_without_demand_is_a_warning(park):
    for file in ("demand.csv", "measures.csv", "savings.csv"):
        (park.folder / file).unlink()
    assert "demand.csv: states no demand, so nothing has to be supplied" in park.read().warnings


def test_a_least_load_of_a_technology_with_a_profile_is_a_warning(park):
    park.edit("types.csv", "gas-boiler,converter,,", "gas-boiler,converter,,0.3")
    park.edit("technologies.csv", "boiler,gas-boiler,5,8,,,,,", "boiler,gas-boiler,5,8,,,sun,,")
    assert park.read().warnings[-1] == ("technologies.csv line 3: min_load = 0.3: does not hold for 'boiler', which has a profile")


def test_an_export_tariff_in_other_hours_than_the_cheap_import_is_no_warning(park):
    park.edit("tariff.csv", "8-11;17-21,1.5", "0-7,0.25")
    park.add("tariff.csv", "grid,export,6-8;12-2,weekday,0-7,0.5")
    assert [w for w in park.read().warnings if not w.startswith("catalogue")] == []


def test_a_warning_about_the_park_as_a_whole_names_the_line_of_its_key(park):
    shutil.copy(data_folder() / "catalogue" / "ranges.csv", park.catalogue)
    park.edit("park.toml", "discount_rate = 0.06", "discount_rate = 0.5")
    (found,) = (w for w in park.read().warnings if "discount_rate" in w)
    assert found.startswith("park.toml line 4: discount_rate")
