"""Fuels that the park makes and buys, burnt where CO2 is captured: what makes them must be said to be biogenic or not."""

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


def gasifier(park, carrier: str) -> None:
    """One more maker of gas."""
    park.add("technologies.csv", "gasifier,,1,,0,,,,")
    park.add("types.csv", "gasifier,converter,,")
    park.add("ports.csv", f"gasifier,{carrier},in,2")
    park.add("ports.csv", "gasifier,gas,out,1")


def test_a_maker_whose_input_is_biogenic_is_clear(gas):
    assert {t.technology for t in gas.read().technologies} >= {"digester"}


def test_a_maker_of_which_nothing_is_said_is_refused(gas):
    gasifier(gas, "electricity")
    assert list(gas.complaints()) == [
        "captures.csv line 2: source 'boiler': burns gas, which the park makes too; nothing says whether what 'gasifier' makes is "
        "biogenic; give what goes in a supply of scope 1 with an emission factor, biogenic 1 or 0"]


def test_makers_of_both_kinds_are_refused(gas):
    gasifier(gas, "coal")
    gas.add("supplies.csv", "coal,coal,fuel,,,1,")
    gas.add("prices.csv", "coal,energy,,1,CNY/MWh")
    gas.add("emission_factors.csv", "coal,,,0.34,t/MWh,0")
    assert list(gas.complaints()) == [
        "captures.csv line 2: source 'boiler': burns gas, which the park makes too ('digester', 'gasifier'), of biomass and of "
        "something else; what is captured of it cannot be told apart; let them make carriers of different names"]


def test_without_capture_at_what_burns_it_nothing_need_be_said(gas):
    gasifier(gas, "electricity")
    gas.edit("captures.csv", "capture,boiler,0.9\n", "")
    gas.read()


def test_a_supply_that_ends_before_it_begins_is_a_fault(park):
    lines = (park.folder / "supplies.csv").read_text().splitlines()
    ends = ["first_year,until_year", "2030,2029", ",", ","]
    park.write("supplies.csv", "\n".join(f"{line},{end}" for line, end in zip(lines, ends, strict=True)) + "\n")
    assert list(park.complaints()) == [
        "supplies.csv line 2: until_year = 2029: is before first_year 2030, which leaves no year; change one of them"]
