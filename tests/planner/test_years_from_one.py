"""Years need not be those of the calendar: a case that counts 1, 2, 3 …, or that is of 1850, plans like the same of 2026."""

import csv
import re
import shutil
from pathlib import Path

import pytest

import planner

CASE = Path(__file__).parents[1] / "cases" / "a-pv-or-grid"
#: By hand, answer.md of the case: 10 MW of PV from its second year on.
COST = 80166822.12636673


def shifted(folder: Path, years: int) -> Path:
    """The case with every year so many earlier."""
    shutil.copytree(CASE, folder)
    for path in folder.glob("*.csv"):
        with path.open() as file:
            header, *rows = csv.reader(file)
        at = [i for i, name in enumerate(header) if name == "year"]
        moved = [[str(int(cell) - years) if i in at and cell else cell for i, cell in enumerate(row)] for row in rows]
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([header, *moved])
    for path in folder.glob("*.toml"):
        path.write_text(re.sub(r"= (20\d\d)$", lambda found: f"= {int(found[1]) - years}", path.read_text(), flags=re.MULTILINE))
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("years", [2024, 176])
def test_a_case_of_other_years_plans_as_it_does_and_is_read_again(tmp_path, plan, years):
    assert planner.read_park(shifted(tmp_path / "park", years)).warnings == planner.read_park(CASE).warnings
    assert plan("--park", tmp_path / "park", "--out", tmp_path / "out", "--gap", "1e-6", "--quiet").code == 0
    output = planner.read_output(tmp_path / "out")
    assert output.summary["plans"]["target"]["system_cost"] == pytest.approx(COST, rel=1e-6)
    orders = output.target["investments"]
    assert orders[["year", "technology", "build"]].values.tolist() == [[2027 - years, "roof-pv", 10.0]]
    assert plan("--rerun", tmp_path / "out" / "run.json", "--out", tmp_path / "again", "--quiet").code == 0


def test_years_before_the_first_are_none(small, plan):
    (small.folder / "park.toml").write_text((small.folder / "park.toml").read_text().replace("base_year = 2025", "base_year = 0"))
    ended = plan("check", small.folder)
    assert ended.code == 2 and "park.toml line 5: base_year = 0: is below 1; write a number of at least 1" in ended.err


def test_a_deadline_may_be_of_any_year_and_no_less(small, plan):
    ended = plan("frontier", "--park", small.folder, "--target", "zero-carbon", "--by", "0..3")
    assert ended.code == 2 and "--by 0..3: are no two calendar years" in ended.err
