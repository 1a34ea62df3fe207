"""profiles.csv."""

import pytest

FAULTS = [
    (
        [("profiles.csv", "0,0,1\n", "0,0,1\n0,0,1\n")],
        ["profiles.csv line 3: hour = 0: is given twice; hour 1 is expected here"],
    ),
    (
        [("profiles.csv", "5,0,2\n", "")],
        ["profiles.csv line 7: hour 5: is missing; every hour is needed, and hour 6 stands here"],
    ),
    (
        [("profiles.csv", "23,0,2\n", "")],
        ["profiles.csv: 23 hours; 8760 hourly values are needed (for a stylised park another whole number of days)"],
    ),
    (
        [("profiles.csv", "0,0,1\n1,0,2", "1,0,1\n2,0,2")],
        ["profiles.csv line 2: hour = 1: is the first one; the hours start at 0"],
    ),
    (
        [("profiles.csv", "7,0.5,2", "7,,2")],
        ["profiles.csv: sun: 23 values; 24 hourly values are needed, the first one missing is in line 9"],
    ),
    (
        [("profiles.csv", "7,0.5,2", "7,1.5,2")],
        ["profiles.csv line 9: sun = 1.5: is above 1; an availability is a share of the capacity, from 0 to 1"],
    ),
    (
        [("profiles.csv", "7,0.5,2", "7,-0.5,-2")],
        [
            "profiles.csv line 9: sun = -0.5: is below 0; an availability is a share of the capacity, from 0 to 1",
            "profiles.csv line 9: day = -2: is below 0; the shape of a demand is of positive numbers",
        ],
    ),
    (
        [("profiles.csv", "7,0.5,2", "7,x,2")],
        [
            "profiles.csv line 9: sun = 'x': is no number; write digits with a decimal point, or leave the cell blank where it may be"
        ],
    ),
    (
        [("profiles.csv", "hour,sun,day", "hour,sun,sun")],
        ["profiles.csv line 1: column 'sun': is there twice; remove one"],
    ),
    (
        [("profiles.csv", "hour,sun,day", "h,sun,day")],
        ["profiles.csv line 1: column 'hour': is missing; number the rows 0, 1, 2 … in it"],
    ),
]


@pytest.mark.parametrize(("edits", "lines"), FAULTS)
def test_every_fault_of_a_profile_is_said_and_nothing_else(park, edits, lines):
    for file, old, new in edits:
        park.edit(file, old, new)
    assert list(park.complaints()) == lines
