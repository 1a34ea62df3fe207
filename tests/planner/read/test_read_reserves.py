"""reserves.csv: what a reserve must name."""

import pytest

HEADER = "carrier,zone,year,margin,largest_out\n"


def test_reserves_are_read(park):
    park.write("reserves.csv", HEADER + "heat,,,0.1,\nheat,,2030,,1\nheat,*,,,1\n")
    assert [(r.carrier, r.zone, r.year, r.margin, r.largest_out) for r in park.read().reserves] == [
        ("heat", "park", None, 0.1, 0), ("heat", "park", 2030, 0.0, 1), ("heat", "*", None, 0.0, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("haet,,,,1", "reserves.csv line 2: carrier 'haet': is no carrier of the park; did you mean 'heat'?"),
        ("heat,town,,,1", "reserves.csv line 2: zone 'town': is no zone; write 'park'; `*` stands for all of them"),
        ("heat,,,-0.1,1", "reserves.csv line 2: margin = -0.1: is below 0; write a number of at least 0"),
        ("heat,,,15,1", "reserves.csv line 2: margin = 15: is above 2; write a share (0.15), not a percentage"),
        ("heat,,,,2", "reserves.csv line 2: largest_out = 2: is above 1; write 0 or 1"),
        ("heat,,,,1\nheat,,,0.1,", "reserves.csv line 3: carrier 'heat', zone 'park': is there already, in line 2; keep one row"),
    ],
)
def test_what_is_wrong_with_a_reserve_is_said(park, row, fault):
    park.write("reserves.csv", HEADER + row + "\n")
    assert park.complaints() == (fault,)


def test_firm_is_a_share(park):
    park.write("types.csv", "type,role,charge_efficiency,firm\ngas-boiler,converter,,95\nbattery,store,0.95,\nscrubber,capture,,\n")
    assert park.complaints() == ("types.csv line 2: firm = 95: is above 1; write a share (0.95), not a percentage",)


def test_a_largest_unit_that_the_park_does_not_state_is_warned_of(park):
    """The boiler stands with 5 MW, in units of 1.4 as far as its type says."""
    lines = (park.folder / "types.csv").read_text().splitlines()
    found = [f"{line},{'existing_unit' if i == 0 else 1.4 if line.startswith('gas-boiler') else ''}" for i, line in enumerate(lines)]
    park.write("types.csv", "\n".join(found) + "\n")
    park.write("reserves.csv", HEADER + "heat,,,0.1,\n")
    assert [w for w in park.read().warnings if "existing_unit" in w] == []
    park.write("reserves.csv", HEADER + "heat,,,,1\n")
    (said,) = [w for w in park.read().warnings if "existing_unit" in w]
    assert said.startswith("technologies.csv line 3: technology 'boiler': states no existing_unit, so a reserve of heat with the")
    assert "takes 1.4 MW" in said
