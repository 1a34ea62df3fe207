"""Where a profile goes: a column of a park, with picture and report; whole or not at all, and never over another's."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from meters import text, week, write, year

ROOT = Path(__file__).parents[3]


@pytest.fixture
def meter(tmp_path, monkeypatch):
    """A folder with meter.csv of 2023 in MW, which begins on a Sunday; it is the working folder."""
    monkeypatch.chdir(tmp_path)
    return write(tmp_path / "meter.csv", text(year()))


@pytest.fixture
def park(tmp_path):
    """A park folder that says nothing but on which day it starts: a Wednesday."""
    folder = tmp_path / "park"
    folder.mkdir()
    write(folder / "park.toml", "first_weekday = 2\n")
    return folder


def test_what_is_recognised_is_shown_taken_when_asked_and_kept_for_the_next_file(plan, meter, park):
    """Without --take nothing is written; the dialect that was taken reads next month's file, whose heading names no unit."""
    import tomllib

    write(meter, text(year(), "time,load"))
    asked = plan("import", "meter", "meter.csv", "--park", "park", "--name", "hall")
    assert asked.code == 2 and 'lines of park/imports/meter-hall.toml that would answer, for example: unit = "kWh"' in asked.err
    args = ("import", "meter", "meter.csv", "--park", "park", "--name", "hall")
    shown = plan(*args, "--unit", "MW")
    assert shown.code == 0 and "Nothing is written yet" in shown.out and 'unit = "MW"' in shown.out and "highest hour 7.23 MW" in shown.out
    assert sorted(p.name for p in park.iterdir()) == ["park.toml"]
    assert plan(*args, "--unit", "MW", "--take").code == 0
    kept = tomllib.loads((park / "imports" / "meter-hall.toml").read_text())
    assert kept == {"column": "load", "unit": "MW"}
    again = plan(*args, "--take", "--replace")
    assert again.code == 0 and 'As park/imports/meter-hall.toml says: column = "load", unit = "MW"' in again.out
    (park / "imports" / "meter-hall.toml").write_text("units = 1\n")
    assert "key 'units': is none of column" in plan(*args, "--take", "--replace").err


def test_a_park_without_profiles_gets_them_on_its_own_calendar(plan, meter, park):
    done = plan("import", "meter", "meter.csv", "--take", "--park", "park", "--name", "machines")
    assert done.code == 0, done.err
    lines = (park / "profiles.csv").read_text().splitlines()
    assert lines[0] == "hour,machines" and len(lines) == 8761
    assert lines[1] == "0,3" and lines[24] == "23,3.23" and lines[25] == "24,4"  # Wednesday, and Thursday
    assert "starts on a Wednesday: first_weekday = 2 in park.toml" in done.out and "machines,electricity,2023," in done.out


def test_other_columns_stay_as_they_are_to_the_letter(plan, meter, park):
    before = "hour,sun\n" + "".join(f"{h},0.{h % 10}00\n" for h in range(8760))
    write(park / "profiles.csv", before)
    assert plan("import", "meter", "meter.csv", "--take", "--park", "park").code == 0
    after = (park / "profiles.csv").read_text()
    assert "\n".join(line.rpartition(",")[0] for line in after.splitlines()) + "\n" == before
    assert after.splitlines()[0] == "hour,sun,meter"


def test_a_column_is_not_overwritten_unless_asked(plan, meter, park):
    assert plan("import", "meter", "meter.csv", "--take", "--park", "park").code == 0
    before = (park / "profiles.csv").read_bytes()
    again = plan("import", "meter", "meter.csv", "--take", "--park", "park", "--times", "2")
    assert again.code == 2 and "has a column 'meter' already; choose another --name, or say --replace" in again.err
    assert (park / "profiles.csv").read_bytes() == before
    assert plan("import", "meter", "meter.csv", "--take", "--park", "park", "--times", "2", "--replace").code == 0
    assert (park / "profiles.csv").read_text().splitlines()[:2] == ["hour,meter", "0,6"]


def test_nothing_is_left_half_written(plan, meter, park, monkeypatch):
    """A write that fails at the last step leaves the table as it was, and no draft."""
    write(park / "profiles.csv", "hour,sun\n" + "".join(f"{h},0\n" for h in range(8760)))
    before = (park / "profiles.csv").read_bytes()
    def fails(*_):
        raise OSError(28, "No space left on device")
    monkeypatch.setattr(os, "replace", fails)
    done = plan("import", "meter", "meter.csv", "--take", "--park", "park")
    assert done.code == 2 and "cannot be written (No space left on device)" in done.err
    assert (park / "profiles.csv").read_bytes() == before
    assert sorted(p.name for p in park.iterdir()) == ["park.toml", "profiles.csv"]


def test_the_profiles_of_one_day_are_repeated_beside_those_of_a_year(plan, meter, park):
    write(park / "profiles.csv", "hour,sun\n" + "".join(f"{h},{h / 10}\n" for h in range(24)))
    done = plan("import", "meter", "meter.csv", "--take", "--park", "park", "--name", "machines")
    assert done.code == 0, done.err
    header, *lines = (park / "profiles.csv").read_text().splitlines()
    assert header == "hour,sun,machines" and len(lines) == 8760
    assert [line.split(",")[:2] for line in lines[24:27]] == [["24", "0.0"], ["25", "0.1"], ["26", "0.2"]]
    assert lines[8759].startswith("8759,2.3,")


@pytest.mark.parametrize(("content", "words"), [
    ("hour,sun\n0,1\n1\n", "line 3: has another number of cells"),
    ("sun\n1\n", "has no column 'hour'"),
    ("hour,sun\n" + "".join(f"{h},1\n" for h in range(48)), "has 48 hours and is of a stylised park"),
])
def test_a_table_that_is_wrong_is_not_touched(plan, meter, park, content, words):
    write(park / "profiles.csv", content)
    done = plan("import", "meter", "meter.csv", "--take", "--park", "park")
    assert done.code == 2 and words in done.err and (park / "profiles.csv").read_text() == content


@pytest.mark.parametrize(("options", "words"),
    [(("--park", "nowhere"), "nowhere: is no park folder"), (("--name", "=1"), "--name '=1'"), (("--name", "hour"), "--name hour"),
     (("--first-weekday", 7), "--first-weekday 7: is not 0"),
     (("--first-weekday", 3), "the park says 2, and all its profiles share one calendar"),
     (("--order", "dym"), "--order dym: is none of"), (("--stamp", "middle"), "--stamp middle"),
     (("--times", 0), "--times 0: is not above 0"), (("--language", "fr"), "--language fr")])
def test_a_wrong_option_is_a_fault_and_nothing_is_written(plan, meter, park, tmp_path, options, words):
    done = plan("import", "meter", "meter.csv", "--park", "park", *options)
    assert done.code == 2, done.out
    assert words in done.err and sorted(p.name for p in tmp_path.rglob("*")) == ["meter.csv", "park", "park.toml"]


def test_a_profile_has_its_picture_and_report_beside_it(plan, meter, park):
    write(meter, text(year(minutes=15)))
    done = plan("import", "meter", "meter.csv", "--park", "park", "--name", "a [b]", "--take")
    assert done.code == 0, done.err
    report = json.loads((park / "profiles" / "a [b].json").read_text())
    assert report["first_weekday"] == 2 and report["first_day"] == "Wednesday"
    assert report["peak_ratio"] == 1.0 and len(report["peaks_mw"]) == 12 and report["demand_row"]["unit"] == "MWh"
    assert report["energy_mwh"] == pytest.approx(sum(week(t) for t, _ in year()))
    drawn = ElementTree.parse(park / "profiles" / "a [b].svg").getroot()
    assert len(list(drawn.iter("{http://www.w3.org/2000/svg}polyline"))) == 4 and "a [b]" in done.out


def test_a_profile_of_another_calendar_is_told(plan, meter, park):
    assert plan("import", "meter", "meter.csv", "--take", "--park", "park", "--name", "one").code == 0
    write(park / "park.toml", "first_weekday = 4\n")
    done = plan("import", "meter", "meter.csv", "--take", "--park", "park", "--name", "two")
    assert done.code == 0 and "profile one was made for another first_weekday" in done.err and "profile two" not in done.err


def test_a_real_park_is_checked_and_planned_with_the_new_column(plan, small, meter):
    """The pictures and reports in the folder are no tables of the park, and the new column is a profile like any other."""
    small.write("profiles.csv", "hour,sun\n" + "".join(f"{h},{1 if 6 <= h % 24 < 18 else 0}\n" for h in range(8760)))
    done = plan("import", "meter", str(meter), "--take", "--park", str(small.folder), "--name", "machines")
    assert done.code == 0, done.err
    row = done.out.splitlines()[
        -1 - sum(line.endswith((".svg", ".json", ".csv")) for line in done.out.splitlines()[-4:])
    ].strip()
    small.write("demand.csv", f"demand,carrier,year,value,unit,profile\n{row}\n")
    assert plan("check", str(small.folder)).code == 0


def test_asking_for_help_reads_no_heavy_library():
    code = "import sys; import planner.importers.commands; print([m for m in ('pvlib', 'python_calamine', 'demandlib', 'planner.importers.meters', 'planner.importers.write') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
