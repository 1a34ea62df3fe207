"""reserves.csv: what a reserve must name."""

import pytest
from tabled import cases_of

HEADER = "carrier,zone,year,margin,largest_out\n"


def test_reserves_are_read(park):
    park.write("reserves.csv", HEADER + "heat,,,0.1,\nheat,,2030,,1\nheat,*,,,1\n")
    assert [(r.carrier, r.zone, r.year, r.margin, r.largest_out) for r in park.read().reserves] == [("heat", "*", None, 0.0, 1),
        ("heat", "park", None, 0.1, 0), ("heat", "park", 2030, 0.0, 1)]


@pytest.mark.parametrize(("row", "fault"), cases_of(__file__, "reserves"))
def test_what_is_wrong_with_a_reserve_is_said(park, row, fault):
    park.write("reserves.csv", HEADER + row + "\n")
    assert park.complaints() == (fault,)


def test_a_largest_unit_that_the_park_does_not_state_is_warned_of(park):
    """The boiler stands with 5 MW, in units of 1.4 as far as its type says."""
    lines = (park.folder / "types.csv").read_text().splitlines()
    found = [f"{line},{'existing_unit' if i == 0 else 1.4 if line.startswith('gas-boiler') else ''}" for i, line in enumerate(lines)
    ]
    park.write("types.csv", "\n".join(found) + "\n")
    park.write("reserves.csv", HEADER + "heat,,,0.1,\n")
    assert [w for w in park.read().warnings if "existing_unit" in w] == []
    park.write("reserves.csv", HEADER + "heat,,,,1\n")
    (said,) = [w for w in park.read().warnings if "existing_unit" in w]
    assert said.startswith("technologies.csv line 3: technology 'boiler': states no existing_unit, so a reserve of heat with the")
    assert "takes 1.4 MW" in said


def with_unit_size(park, size: str) -> None:
    """technologies.csv with a unit_size of the boiler."""
    lines = (park.folder / "technologies.csv").read_text().splitlines()
    filled = [f"{line},{'unit_size' if i == 0 else size if line.startswith('boiler') else ''}" for i, line in enumerate(lines)]
    park.write("technologies.csv", "\n".join(filled) + "\n")


def test_what_a_reserve_by_operation_lacks_is_said(park):
    """It is operated with a unit out, and the boiler, which may be ordered, has none."""
    park.write("reserves.csv", "carrier,largest_out,operated\nheat,0,1\n")
    largest, unit = park.complaints()
    assert largest == "reserves.csv line 2: operated = 1: needs largest_out = 1, since it is operated with a unit out"
    assert unit.startswith(
        "technologies.csv line 3: technology 'boiler': may be out where a reserve is operated and may be ordered in")
    park.write("reserves.csv", "carrier,largest_out,operated\nheat,1,1\n")
    with_unit_size(park, "1.5")
    assert park.read().reserves[0].operated == 1


def test_a_reserve_by_operation_that_no_order_can_meet_yet_is_warned_of(park):
    with_unit_size(park, "1.5")
    lines = (park.folder / "types.csv").read_text().splitlines()
    lines = [f"{line},{'lead_time' if i == 0 else 2 if line.startswith('gas-boiler') else ''}" for i, line in enumerate(lines)]
    park.write("types.csv", "\n".join(lines) + "\n")
    first = park.read().park.first_year
    park.write("reserves.csv", f"carrier,year,largest_out,operated\nheat,{first},1,1\n")
    (said,) = [w for w in park.read().warnings if "operated" in w]
    assert f"holds from {first + 2} on" in said
