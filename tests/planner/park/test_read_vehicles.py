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


