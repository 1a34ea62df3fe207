"""Which name is meant by one that is none: what is a slip of the pen or says the same, and nothing where nothing is near."""

import csv

import pytest

from planner.examples import data_folder
from planner.park.complaints import nearest


def names(table: str, column: str) -> list[str]:
    """What stands in a column of the catalogue."""
    with (data_folder() / "catalogue" / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [row[column] for row in csv.DictReader(file)]


@pytest.mark.parametrize(("word", "near"),
    [("biomass", "biomass-wood"), ("biogass", "biogas"), ("diesl", "diesel"), ("gas", "natural-gas"),
     ("Natural Gas", "natural-gas"), ("oil", None), ("electricity", None)])
def test_the_fuel_that_is_meant(word, near):
    """`biomass` has more letters of `biogas` than of `biomass-wood`, and is the second."""
    assert nearest(word, names("emission_factors", "supply")) == near


@pytest.mark.parametrize(("word", "near"),
    [("solarpv", "solar-rooftop"), ("Solar-Roof", "solar-rooftop"), ("heatpump", "heat-pump-air"), ("lithium-battery", "battery"),
     ("absorption-chiller", "chiller-absorption"), ("electrolyzer", "electrolyser"), ("chp", "gas-chp"), ("batery", "battery"),
     ("air-compressor", None), ("gas-turbine", None), ("coal-boiler", "coal-boiler"), ("ev-charger", None), ("geothermal", None),
     ("ice-storage", None), ("transformer", None), ("nuclear", None), ("pv", None), ("", None), ("-", None)])
def test_the_type_that_is_meant(word, near):
    """`air-compressor` shares letters with `direct-air-capture` and is no kind of it."""
    assert nearest(word, names("types", "type")) == near
