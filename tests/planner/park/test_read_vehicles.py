"""sessions.csv and chargers.csv: every fault of times, energies, powers and names is told, all at once."""

import pytest
from tabled import cases_of

CHARGERS = "chargers,efficiency,max_power,flexible,year,fleet\n"
SESSIONS = "chargers,day,arrive,leave,energy,unit,power,number\n"
DEPOT, NIGHT = "depot,0.9,,,,", "depot,weekday,18:30,06:00,180,kWh,0.05,12"


def with_vehicles(park, chargers=(DEPOT,), sessions=(NIGHT,)):
    park.write("chargers.csv", CHARGERS + "".join(row + "\n" for row in chargers))
    park.write("sessions.csv", SESSIONS + "".join(row + "\n" for row in sessions))
    return park


def test_rows_are_read_with_what_they_leave_open(park):
    case = with_vehicles(park, ["depot,,,,,"], ["depot,,22,3,0.2,,0.05,"]).read()
    (group,), (row,) = case.chargers, case.sessions
    assert (group.zone, group.carrier, group.efficiency, group.flexible, group.fleet) == ("park", "electricity", 0.92, 1, 1.0)
    assert (row.day, row.unit, row.number) == ("", "MWh", 1.0)
    assert not [str(w) for w in case.warnings if "chargers" in str(w) or "sessions" in str(w)]


def test_headings_may_name_other_units(park):
    park = with_vehicles(park)
    park.write("sessions.csv", "chargers,day,arrive,leave,energy [kWh],power [kW]\ndepot,all,20:00,05:00,180,50\n")
    (row,) = park.read().sessions
    assert (row.energy, row.unit, row.power) == (180.0, "kWh", 0.05)


@pytest.mark.parametrize(("row", "words"), cases_of(__file__, "vehicles"))
def test_a_session_that_cannot_be_is_told(park, row, words):
    found = with_vehicles(park, sessions=[NIGHT, row]).complaints()
    assert any(line.startswith("sessions.csv line 3: ") and words in line for line in found), found


@pytest.mark.parametrize(("chargers", "words"), [
    ([DEPOT, "dock,,,,,"], "chargers.csv line 3: chargers 'dock': have no session in sessions.csv"),
    (["depot,1.2,,,,"], "chargers.csv line 2: efficiency = 1.2: "),
    (["depot,0.9,0.5,0,,"], "chargers.csv line 2: max_power = 0.5: charged at once, the vehicles draw 0.6 MW; raise it"),
    (["depot,0.9,,,2026,1", "depot,0.8,,,2030,2"], "chargers.csv line 3: efficiency = 0.8: differs from 0.9 in line 2"),
    (["depot,0.9,,,2026,1", "depot,0.9,,,2026,2"], "chargers.csv line 3: chargers 'depot' of 2026: is there already"),
])
def test_a_group_that_cannot_be_is_told(park, chargers, words):
    found = with_vehicles(park, chargers).complaints()
    assert any(line.startswith(words) for line in found), found


def test_names_are_told_apart(park):
    found = with_vehicles(park, ["machines,,,,,", "boiler,,,,,"],
        ["machines,all,08:00,12:00,0.1,,0.05,1", "boiler,all,08:00,12:00,0.1,,0.05,1"]).complaints()
    assert any("chargers 'machines': a demand or another group has that name, too" in line for line in found), found
    assert any("chargers 'boiler': are a technology of another role" in line for line in found), found


def test_a_technology_of_chargers_goes_with_its_group(park):
    park = with_vehicles(park, ["depot,0.9,2,,,"])
    park.edit("technologies.csv", "battery,", "depot,plug,0,5,,,,,\npost,plug,0,5,,,,,\nbattery,")
    park.edit("types.csv", "battery,", "plug,charger,,\nbattery,")
    park.edit("costs.csv", "battery,lifetime",
        "plug,capital_cost,,400,CNY/kW\nplug,lifetime,,10,year\nplug,variable_cost,,1,CNY/MWh\nbattery,lifetime")
    found = park.complaints()
    assert any("chargers.csv line 2: max_power = 2: technology 'depot' limits these chargers" in line for line in found), found
    assert any("technology 'post': is of the role charger, and no group of chargers.csv has its name" in line for line in found), (
        found)
    assert any("type 'plug': is of the role charger, which has no variable_cost" in line for line in found), found
