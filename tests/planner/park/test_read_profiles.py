"""profiles.csv."""

import pytest

#: A column of profiles in ports.csv, in which nothing stands yet.
PORTS = [
    ("ports.csv", "ratio\n", "ratio,profile\n"),
    *[("ports.csv", f"{row}\n", f"{row},\n")
        for row in ("gas,in,1.1", "heat,out,1", "battery,electricity,in,1", "scrubber,electricity,in,0.1", "co2,out,1")],
]
FAULTS = [
    ([("profiles.csv", "0,0,1\n", "0,0,1\n0,0,1\n")], ["profiles.csv line 3: hour = 0: hour 1 is expected here; the rows are numbered 0, 1, 2 … without a gap"]),
    ([("profiles.csv", "5,0,2\n", "")], ["profiles.csv line 7: hour = 6: hour 5 is expected here; the rows are numbered 0, 1, 2 … without a gap"]),
    ([("profiles.csv", "23,0,2\n", "")],
     ["profiles.csv: 23 hours; 8760 hourly values are needed (for a stylised park another whole number of days)"]),
    ([("profiles.csv", "0,0,1\n1,0,2", "1,0,1\n2,0,2")], ["profiles.csv line 2: hour = 1: hour 0 is expected here; the rows are numbered 0, 1, 2 … without a gap"]),
    ([("profiles.csv", "7,0.5,2", "7,,2")],
     ["profiles.csv: sun: 23 values; 24 hourly values are needed, the first one missing is in line 9"]),
    ([("profiles.csv", "7,0.5,2", "7,1.5,2")],
     ["profiles.csv line 9: sun = 1.5: is above 1; an availability is a share of the capacity, from 0 to 1"]),
    ([("profiles.csv", "7,0.5,2", "7,-0.5,-2")],
     ["profiles.csv line 9: sun = -0.5: is below 0; an availability is a share of the capacity, from 0 to 1",
      "profiles.csv line 9: day = -2: is below 0; the shape of a demand is of positive numbers"]),
    ([("profiles.csv", "7,0.5,2", "7,x,2")],
     ["profiles.csv line 9: sun = 'x': is no number; write digits with a decimal point, or leave the cell blank where it may be"
     ]),
    ([("profiles.csv", "hour,sun,day", "hour,sun,sun")], ["profiles.csv line 1: column 'sun': is there twice; remove one"]),
    ([("profiles.csv", "hour,sun,day", "h,sun,day")],
     ["profiles.csv line 1: column 'hour': is missing; number the rows 0, 1, 2 … in it"]),
    ([*PORTS, ("ports.csv", "gas,in,1.1,", "gas,in,1.1,dai")],
     ["ports.csv line 2: profile 'dai': is no profile of profiles.csv; did you mean 'day'?"]),
    (
        [*PORTS, ("ports.csv", "gas,in,1.1,", "gas,in,1.1,part"),
         *[("profiles.csv", f"\n{hour},", f"\n{hour},{-0.5 if hour == 3 else 1},") for hour in range(24)],
         ("profiles.csv", "hour,", "hour,part,")],
        ["profiles.csv line 5: part = -0.5: is below 0; a port flows one way: what multiplies its ratio is 0 or above"],
    ),
    (
        [*PORTS, ("ports.csv", "battery,electricity,in,1,", "battery,electricity,in,1,day"),
         ("ports.csv", "scrubber,electricity,in,0.1,", "scrubber,electricity,in,0.1,day")],
        ["ports.csv line 4: profile 'day': is of converters only; leave it blank",
         "ports.csv line 5: profile 'day': is of converters only; leave it blank"],
    ),
    (
        [
            *PORTS,
            ("ports.csv", "gas-boiler,gas,in,1.1,", "gas-boiler,oil,in,0.1,\ngas-boiler,gas,in,1.1,day"),
            ("supplies.csv", "gas,gas,fuel,,,1,\n", "gas,gas,fuel,,,1,\noil,oil,fuel,,,1,natural-gas\n"),
            ("prices.csv", "gas,energy,", "oil,energy,2025,300,CNY/MWh\ngas,energy,"),
        ],
        ["captures.csv line 2: source 'boiler': burns fuels at ports of different profiles (none, 'day'); whose CO2 is captured "
         "cannot be told apart; give these ports one profile"],
    ),
]


@pytest.mark.parametrize(("edits", "lines"), FAULTS)
def test_every_fault_of_a_profile_is_said_and_nothing_else(park, edits, lines):
    for file, old, new in edits:
        park.edit(file, old, new)
    assert list(park.complaints()) == lines
