"""Types of the catalogue that a park does not offer: tried with a workbook, too; what is not tried is told with the reason."""

import csv
import tomllib
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from models.errors import CaseError
from planner.language.message import Message
from planner.park import GoalRequest, read_case
from planner.park.remarks import PLACE, PLACED
from planner.questions.change import offered
from planner.questions.not_chosen import NEEDS_POWER, NEEDS_PROFILE, NEEDS_SOURCE, NO_ZONE, types_not_offered


def as_book(folder: Path, book: Path) -> None:
    """The tables of a folder as the sheets of a workbook."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for path in sorted(folder.iterdir()):
        sheet = made.create_sheet(path.stem)
        if path.suffix == ".toml":
            rows = [["key", "value"], *map(list, tomllib.loads(path.read_text()).items())]
        else:
            rows = list(csv.reader(path.read_text().splitlines()))
        for row in rows:
            sheet.append(row)
    made.save(book)


@pytest.fixture
def book(small, tmp_path) -> Path:
    """The small park, of electricity only, as a workbook."""
    small.write("goal.toml", 'target = "zero-carbon"\nby = 2028\n')
    as_book(small.folder, tmp_path / "park.xlsx")
    return tmp_path / "park.xlsx"


def test_a_park_in_a_workbook_is_offered_a_type_as_one_in_a_folder_is(small, book):
    """Of 8,760 MWh a year the mean is 1 MW: 4 times 24 hours of it are the most of a store."""
    for park in (small.folder, book):
        case = read_case(park)
        assert types_not_offered(case)[""] == ["battery"]
        found = {t.technology: t for t in offered(park, (), GoalRequest(None, None, ()), case, "battery").technologies}
        assert set(found) == {"pv", "battery"} and found["battery"].max_capacity == pytest.approx(96.0)


def test_what_is_not_tried_has_its_reason(small):
    """Power from sun, wind and water needs a profile; capture by steam is of no park without steam."""
    found = types_not_offered(read_case(small.folder))
    assert set(found) == {"", NEEDS_PROFILE, NEEDS_POWER} and found[NEEDS_POWER] == ["battery-packs"]
    assert "battery-inverter" not in found[NEEDS_PROFILE]
    assert {"solar-ground", "wind-onshore", "hydro-run-of-river"} <= set(found[NEEDS_PROFILE])
    small.edit("demand.csv", "machines,electricity,,8760,MWh,\n", "machines,electricity,,8760,MWh,\ndryer,steam,,1,MWh,\n")
    small.edit("supplies.csv", "grid,electricity,grid,2,2\n", "grid,electricity,grid,2,2\nsteam,steam,fuel,,1\n")
    small.edit("prices.csv", "grid,energy,,500,CNY/MWh\n", "grid,energy,,500,CNY/MWh\nsteam,energy,,500,CNY/MWh\n")
    small.edit("emission_factors.csv", "grid,,,0.5,t/MWh\n", "grid,,,0.5,t/MWh\nsteam,,,0.2,t/MWh\n")
    case = read_case(small.folder)
    assert types_not_offered(case)[NEEDS_SOURCE] == ["capture-amine-steam"]
    assert "electric-boiler-steam" in types_not_offered(case)[""] and NO_ZONE not in types_not_offered(case)
    elsewhere = [d.model_copy(update={"zone": "works"}) if d.carrier == "steam" else d for d in case.demand]
    supplies = [s.model_copy(update={"zone": "works"}) if s.carrier == "steam" else s for s in case.supplies]
    apart = case.model_copy(update={"demand": tuple(elsewhere), "supplies": tuple(supplies)})
    assert "electric-boiler-steam" in types_not_offered(apart)[NO_ZONE] and "electric-boiler-steam" not in types_not_offered(apart)[""]


@pytest.mark.slow
def test_the_command_tries_types_of_the_catalogue_with_a_workbook_and_tells_of_the_others(plan, book, tmp_path):
    assert plan.once("--park", book.name, "--out", "out", "--quiet").code == 0
    said = plan("explain", "--not-chosen", "out", "--catalogue", "--jobs", 1)
    assert said.code == 0, said.err
    rows = pd.read_csv(tmp_path / "out" / "why_not.csv")
    assert rows[rows["kind"] == "type"]["name"].tolist() == ["battery"]
    assert "not tried: solar-rooftop, solar-ground, " in said.err and "each needs a profile of sun, wind or water" in said.err
    assert "not tried" not in plan("explain", "--not-chosen", "out", "--jobs", 1).err


@pytest.mark.slow
def test_that_there_is_nothing_to_try_and_why_one_cannot_be_had_is_told(plan, book, tmp_path, monkeypatch):
    """The row that is at fault is of a copy of the park, which nobody can see, and is not named."""
    def refused(*_) -> None:
        raise CaseError([Message(PLACED, place=Message(PLACE, file="technologies.csv", line=3), words="no room for it")])
    assert plan.once("--park", book.name, "--out", "out", "--quiet").code == 0
    monkeypatch.setattr("planner.questions.not_chosen.types_not_offered", lambda case: {"": ["electric-boiler"]})
    monkeypatch.setattr("planner.questions.not_chosen.offered", refused)
    said = plan("explain", "--not-chosen", "out", "--catalogue", "--jobs", 1)
    assert said.code == 0, said.err
    assert "not tried: electric-boiler: the park as it is cannot have it: no room for it\n" in said.err
    assert "catalogue: nothing is left to try: the park offers all other types whose carriers it has" in said.err
