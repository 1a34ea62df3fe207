"""Damaged outputs: `report`, `compare`, `export` and `--rerun` say which file it is and what is wrong with it, with exit code 2."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import damaging
import pytest
from damaging import ANY, CSV, JSON, PARQUET, VALUES, Damage, having, without
from good_folder import make_good

from models.errors import CaseError
from planner.tables.output import read_output
from planner.tables.schema import DISPATCH, OF_PLANS, OF_RUNS

#: Commands on an output, each with what it is a reader of.
COMMANDS: dict[str, tuple[str, ...]] = {"report": ("report", "out"), "compare": ("compare", "out", "good"),
    "iamc": ("export", "out", "--format", "iamc"), "pypsa": ("export", "out", "--format", "pypsa")}
RERUN = ("--rerun", "out/run.json", "--out", "again", "--quiet")

pytestmark = pytest.mark.xdist_group("damaged")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the small park and a whole output of it."""
    folder = tmp_path_factory.mktemp("damaged")
    make_good(folder)
    return folder


@pytest.fixture
def damaged(good: Path, plan, tmp_path: Path) -> Callable[[str, Damage], Path]:
    """Copies the output to `out` in the folder of the test and damages a file of it; gives the file."""
    for name in ("park", "good"):
        (tmp_path / name).symlink_to(good / name)
    def damage(file: str, how: Damage) -> Path:
        shutil.copytree(good / "good", tmp_path / "out")
        how(tmp_path / "out" / file)
        return tmp_path / "out" / file
    return damage


def refused(plan, commands, file: str) -> None:
    """The commands all refuse the same file."""
    said = [plan(*COMMANDS[c]) if c in COMMANDS else plan(*RERUN) for c in commands]
    for one in said:
        assert one.code == 2, (one.out[-300:], one.err)
        assert f"out/{file}: " in one.err or "out: is no output of a run" in one.err, one.err


FILES = ("summary.json", "run.json", "costs.csv", "stages.csv", "reference/energy.csv", "dispatch.parquet")


@pytest.mark.parametrize("file", FILES)
def test_whatever_stands_in_the_place_of_a_file_is_refused(damaged, plan, tmp_path, file) -> None:
    """One of the commands in turn: they have one reader."""
    for number, (name, how) in enumerate(ANY.items()):
        if name == "one byte less" and file.endswith((".json", ".csv")):
            continue  # only the end of the last line
        if name == "another file of the run" and file == "stages.csv":
            continue
        damaged(file, how)
        readers = ("iamc", "pypsa") if file == "dispatch.parquet" else tuple(COMMANDS)
        refused(plan, [readers[number % len(readers)], *["rerun"] * (file == "run.json")], file)
        shutil.rmtree(tmp_path / "out")


@pytest.mark.parametrize("name", sorted(set(JSON) - {"a key twice"}))
def test_json_that_no_run_writes_is_refused(damaged, plan, name) -> None:
    damaged("run.json", JSON[name])
    refused(plan, ["report", "compare", "rerun"], "run.json")


def test_a_summary_that_was_changed_is_refused(damaged, plan) -> None:
    file = damaged("summary.json", having(1.0, "system_cost"))
    said = plan("report", "out")
    assert said.code == 2 and f"{file.name}: was changed after the run; plan the park again" in said.err


@pytest.mark.parametrize("file", ["emissions.csv", "energy.csv"])
def test_a_table_that_no_run_writes_is_refused(damaged, plan, tmp_path, file) -> None:
    for name, how in CSV.items():
        damaged(file, how)
        if name in ("an item that is none", "the order of rows", "only a header", "a year lost"):
            codes = {c: plan(*COMMANDS[c]) for c in ("report", "iamc")}
            assert all(s.code in (0, 2) and "mistake" not in s.err for s in codes.values()), (file, name, codes)
        else:
            refused(plan, ["compare"], file)
        shutil.rmtree(tmp_path / "out")


def test_flows_that_no_run_writes_are_refused(damaged, plan, tmp_path) -> None:
    for name, how in PARQUET.items():
        damaged("dispatch.parquet", how)
        said = {c: plan(*COMMANDS[c]) for c in ("report", "pypsa")}
        for c, one in said.items():
            assert one.code in (0, 2) and "mistake" not in one.err, (name, c, one.err)
            assert one.code == 0 or "out/dispatch.parquet: " in one.err, (name, c, one.err)
        if name in ("no rows", "a column lost", "texts for numbers", "numbers for texts", "numbers that are none", "another year",
            "a year lost"):
            assert said["pypsa"].code == 2, name
        shutil.rmtree(tmp_path / "out")


#: One of so many keys is tried; the fuzzer tries the others. No multiple of the numbers of commands and values, so that all of both come.
PARTS = 7


def keys_of(found: object, names: tuple[str, ...] = ()):
    """Every key of a JSON file, with those above it."""
    if isinstance(found, dict):
        for name, below in found.items():
            yield (*names, name)
            yield from keys_of(below, (*names, name))


@pytest.mark.parametrize("part", [0, 3])
def test_a_key_that_is_lost_or_odd_ends_in_words_or_is_not_needed(good, damaged, plan, tmp_path, part) -> None:
    """In turn, a value and a command for each key."""
    commands = [*COMMANDS.values(), RERUN]
    found = keys_of(json.loads((good / "good" / "run.json").read_text()))
    numbered = [*enumerate(n for n in found if len(n) == 1 or n[0] == "options")][part::PARTS]
    assert numbered
    for number, names in numbered:
        for how in (without(*names), having(VALUES[number % len(VALUES)], *names)):
            damaged("run.json", how)
            said = plan(*commands[number % len(commands)] if names[0] == "options" else commands[number % 4])
            assert said.code in (0, 2, 3), (names, said.err)
            assert "mistake" not in said.err, (names, said.err)
            shutil.rmtree(tmp_path / "out")
            shutil.rmtree(tmp_path / "again", ignore_errors=True)


def test_every_fault_of_every_file_is_said_at_once(damaged, tmp_path) -> None:
    damaged("costs.csv", damaging.content(b""))
    (tmp_path / "out" / "energy.csv").unlink()
    (tmp_path / "out" / "reference" / "stages.csv").write_text("year\n2026\n")
    with pytest.raises(CaseError) as error:
        read_output(tmp_path / "out")
    assert [c.removeprefix(f"{tmp_path}/out/") for c in error.value.complaints] == ["energy.csv: is missing", "costs.csv: is empty",
        "reference/stages.csv: has no column 'stage'; was it changed after the run?"]


def test_what_is_written_is_what_the_schema_says(good) -> None:
    output = read_output(good / "good", needs_dispatch=True)
    for tables in output.plans.values():
        assert {name: tuple(table.columns) for name, table in tables.items()} == {
            t.name: t.names for t in OF_PLANS if t is not DISPATCH}
    assert tuple(output.assumptions.columns) == OF_RUNS[0].names
