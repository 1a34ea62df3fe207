"""The order in which rows were typed decides nothing but in tariff.csv: a park whose other rows are shuffled is the same case."""

import csv
import random
import shutil
from pathlib import Path

import pytest

from models.case import Case
from models.inputs.boundary import hourly_factor
from planner.examples import examples
from planner.park import read_case

PARKS = Path(__file__).parents[3] / "data" / "parks"


def shuffled(folder: Path, seed: int, kept: tuple[str, ...] = ()) -> None:
    """Shuffle the rows of every table of a park, and the columns of its profiles."""
    chance = random.Random(seed)
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        if path.stem == "profiles":
            order = list(range(len(rows[0])))
            chance.shuffle(order)
            rows = [[row[i] for i in order] for row in rows]
        elif path.stem not in kept:
            rest = rows[1:]
            chance.shuffle(rest)
            rows = [rows[0], *rest]
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)


def said(case: Case) -> tuple[object, ...]:
    """What a case says, but for where it was read; the order of rows and profiles counts."""
    whole = case.model_dump(exclude={"files": True, "digest": True, "profiles": True, "assumptions": True, "warnings": True})
    for rows in whole.values():
        for row in rows if isinstance(rows, tuple) else ():
            row.pop("origin", None)
    return repr(whole), [(name, series.tobytes()) for name, series in case.profiles.items()]


@pytest.mark.parametrize(("name", "kept"), [("lakeside", ("measures", "tariff")), ("steelworks", ("tariff",))])
def test_a_park_whose_rows_are_shuffled_is_the_same_case(name, kept, tmp_path) -> None:
    """The light of lakeside adds to its heating, so its measures have an order."""
    assert name in examples()
    folder = shutil.copytree(PARKS / name, tmp_path / name)
    before = said(read_case(folder))
    shuffled(folder, 7, kept)
    assert said(read_case(folder)) == before


def test_measures_of_which_one_adds_keep_their_order(tmp_path) -> None:
    """What a measure adds to another demand is reckoned after the measures before it."""
    folder = shutil.copytree(PARKS / "lakeside", tmp_path / "park")
    measures, savings = folder / "measures.csv", folder / "savings.csv"
    with savings.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    demand = next(row["demand"] for row in csv.DictReader((folder / "demand.csv").open(encoding="utf-8"))
        if row["demand"] != rows[0]["demand"])
    columns = [*rows[0], *(name for name in ("adds", "adds_ratio") if name not in rows[0])]
    with savings.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows([{**rows[0], "adds": demand, "adds_ratio": "0.1"}, *rows[1:]])
    lines = measures.read_text(encoding="utf-8").splitlines()
    measures.write_text("\n".join([lines[0], *reversed(lines[1:])]) + "\n", encoding="utf-8")
    stated = [row["measure"] for row in csv.DictReader(measures.open(encoding="utf-8"))]
    read = [row.measure for row in read_case(folder).measures]
    assert read == stated != sorted(stated)


#: The evening at three times the price, and a row that says 1 of all hours.
EVENING, ALWAYS = "grid,energy,,,18-20,3\n", "grid,energy,,,,1\n"


@pytest.mark.parametrize(("rows", "mean"), [(EVENING + ALWAYS, 1.25), (ALWAYS + EVENING, 1.0)])
def test_of_a_tariff_the_first_row_that_fits_wins_and_a_row_that_it_hides_is_told(tmp_path, rows, mean) -> None:
    """(21 + 3 · 3) / 24 = 1.25; rows of another price between them say nothing."""
    folder = shutil.copytree(PARKS / "lakeside", tmp_path / "park")
    of_export = "grid,export,,weekend,,2\n"
    (folder / "tariff.csv").write_text("supply,item,months,days,hours,factor\n" + rows.replace("\n", "\n" + of_export, 1))
    case = read_case(folder)
    assert hourly_factor(case, "grid", "energy").mean() == pytest.approx(mean)
    hidden = "tariff.csv line 4: factor = 3: no hour comes to this row, since line 2 (factor 1) stands before it"
    assert any(w.startswith(hidden) for w in case.warnings) == (mean == 1.0)


def test_rows_of_a_tariff_that_hide_each_other_in_part_are_told(tmp_path) -> None:
    """Weekends against evenings: either may be meant to win. The more special row first, or the same factor, is no doubt."""
    folder = shutil.copytree(PARKS / "lakeside", tmp_path / "park")
    rows = "grid,energy,,weekend,,0.6\n", EVENING, "grid,energy,7-8,,18-20,3\n", ALWAYS
    (folder / "tariff.csv").write_text("supply,item,months,days,hours,factor\n" + "".join(rows))
    told = [w for w in read_case(folder).warnings if w.startswith("tariff.csv")]
    assert [w.split(" (factor")[0].split(" have")[0] for w in told] == [
        "tariff.csv line 3: factor = 3: does not hold in some of its hours, since line 2",
        "tariff.csv line 4: factor = 3: no hour comes to this row, since rows before it"]
