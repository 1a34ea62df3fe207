"""A dyeing park as a person would state it, and single slips of the pen in its numbers, units and names: nearly all are said."""

from pathlib import Path

import pytest
from tabled import cases_of, park_of

from models.errors import CaseError
from planner.park import read_case

DAY = [0.5, 0.5, 0.5, 0.5, 0.5, 0.6, 0.8, 1, 1, 1, 1, 1, 0.9, 1, 1, 1, 1, 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.5]
SUN = [0, 0, 0, 0, 0, 0, 0.02, 0.1, 0.22, 0.32, 0.4, 0.44, 0.44, 0.4, 0.32, 0.22, 0.1, 0.02, 0, 0, 0, 0, 0, 0]
DYEING = park_of(__file__, "dyeing")
OFFER = "type,parameter,year,value,unit\nbattery,capital_cost,2026,860,CNY/kWh\n"

#: What slipped: file, what was meant, what was written.
SLIPS = dict(cases_of(__file__, "slips"))

#: In place of each slip, what a person may well mean: as odd as they come, the same in another unit, another name that there is.
HONEST = dict(cases_of(__file__, "slips, honest"))


@pytest.fixture
def dyeing(tmp_path: Path) -> Path:
    folder = tmp_path / "dyeing"
    folder.mkdir()
    for name, text in DYEING.items():
        (folder / name).write_text(text)
    (tmp_path / "offer.csv").write_text(OFFER)
    return folder


def said(folder: Path, offers: tuple[Path, ...] = ()) -> tuple[str, ...]:
    """Faults, or warnings beside that of the catalogue's currencies."""
    try:
        return tuple(w for w in read_case(folder, offers).warnings if not w.startswith("catalogue"))
    except CaseError as error:
        return error.complaints


def test_the_park_without_a_slip_has_nothing_to_say(dyeing):
    assert said(dyeing) == () and said(dyeing, (dyeing.parent / "offer.csv",)) == ()


@pytest.mark.parametrize("slip", SLIPS)
def test_an_honest_neighbour_of_a_slip_is_read_without_a_word(dyeing, slip):
    file, old, _ = SLIPS[slip]
    path = dyeing.parent / "offer.csv" if file == "offer" else dyeing / file
    path.write_text(path.read_text().replace(old, HONEST[slip], 1))
    assert said(dyeing, (path,) if file == "offer" else ()) == ()


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_said(dyeing, slip):
    file, old, new = SLIPS[slip]
    path = dyeing.parent / "offer.csv" if file == "offer" else dyeing / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    found = said(dyeing, (path,) if file == "offer" else ())
    assert found, slip
    where = "offer.csv" if file == "offer" else file
    assert any(line.split(":")[0].endswith(where) or where in line.split(":")[0] for line in found) or file in ("demand.csv",
        "supplies.csv", "profiles.csv"), found


def test_a_slip_is_said_with_the_range_and_its_source(dyeing):
    (dyeing / "costs.csv").write_text((dyeing / "costs.csv").read_text().replace("2950,CNY/kW", "2.95,CNY/kW"))
    line = said(dyeing)[0]
    assert line.startswith(
        "costs.csv line 2: solar-rooftop capital_cost = 2.95 CNY/kW: is below what is usual, 930 to 15,000 CNY/kW (")
