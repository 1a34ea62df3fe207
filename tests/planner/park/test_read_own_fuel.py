"""Fuels that the park makes and buys, burnt where CO2 is captured: only where both are biogenic."""

import pytest


@pytest.fixture
def gas(park):
    """The small park, whose boiler burns gas under capture, with a digester that makes gas of manure."""
    park.add("technologies.csv", "digester,,1,,0,,,,")
    park.add("types.csv", "digester,converter,,")
    park.add("ports.csv", "digester,manure,in,2")
    park.add("ports.csv", "digester,gas,out,1")
    park.add("supplies.csv", "manure,manure,fuel,,,1,")
    park.add("prices.csv", "manure,energy,,1,CNY/MWh")
    lines = (park.folder / "emission_factors.csv").read_text().splitlines()
    lines = [f"{line},{'biogenic' if n == 0 else 0}" for n, line in enumerate(lines)]
    park.write("emission_factors.csv", "\n".join([*lines, "manure,,,0,t/MWh,1"]) + "\n")
    return park


def test_a_fuel_that_is_made_and_bought_is_captured_only_where_both_are_biogenic(gas):
    fault = ("captures.csv line 2: source 'boiler': burns gas, which 'digester' makes too; what is captured of either cannot be told apart "
        "unless both are biogenic; give what is made a name of its own, with a boiler that burns it")
    assert list(gas.complaints()) == [fault]
    factors = (gas.folder / "emission_factors.csv").read_text()
    gas.write("emission_factors.csv", "\n".join(line[:-1] + "1" if line.startswith("gas,") else line for line in factors.splitlines()) + "\n")
    assert {t.technology for t in gas.read().technologies} >= {"digester"}
    gas.write("emission_factors.csv", "\n".join(line[:-1] + "0" if line.startswith("manure,") else line for line in (gas.folder / "emission_factors.csv").read_text().splitlines()) + "\n")
    assert list(gas.complaints()) == [fault]


def test_without_capture_at_what_burns_it_nothing_need_be_said(gas):
    gas.edit("captures.csv", "capture,boiler,0.9\n", "")
    gas.read()


def test_a_supply_that_ends_before_it_begins_is_a_fault(park):
    lines = (park.folder / "supplies.csv").read_text().splitlines()
    ends = ["first_year,until_year", "2030,2029", ",", ","]
    park.write("supplies.csv", "\n".join(f"{line},{end}" for line, end in zip(lines, ends, strict=True)) + "\n")
    assert list(park.complaints()) == [
        "supplies.csv line 2: until_year = 2029: is before first_year 2030, which leaves no year; change one of them"]
