"""Files of results: text stays text in a spreadsheet, numbers stay exact, JSON stays JSON."""

import json

import pandas as pd
import pytest
from slowly import first

from models.errors import CaseError
from planner.answer.files import ALWAYS
from planner.park import read_case
from planner.tables.output import read_output
from planner.tables.schema import COLUMNS, TABLES


@pytest.fixture
def written(small, written_once, tmp_path):
    """Plans the park as it stands; gives run and output folder."""
    small.write("goal.toml", 'target = "zero-carbon"\nby = 2028\n')
    return lambda: (written_once(small.folder, tmp_path / "out"), tmp_path / "out")


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-pv", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_a_name_that_a_spreadsheet_would_compute_is_refused(small, name) -> None:
    """So that every table reads back exactly, in a program and in a spreadsheet."""
    small.edit("technologies.csv", "pv,solar", f"{name},solar")
    small.edit("park.toml", "Tiny [Park]", name)
    with pytest.raises(CaseError) as refused:
        read_case(small.folder)
    first = name[0]
    said = f"begins with '{first}', which a spreadsheet takes for a formula; begin it with a letter or a digit"
    assert f"technologies.csv line 2: technology {name!r}: {said}" in refused.value.complaints
    assert f"park.toml line 1: name {name!r}: {said}" in refused.value.complaints


@pytest.mark.parametrize("name",
    ["a\nb", "a\rb", "a\x1b[31mb", "a\u202eb", "a\u2028b", "a\u200bb", "a\ufeffb", "a\u3164b", "x" * 101])
def test_a_name_that_no_line_can_show_is_refused(small, name) -> None:
    small.edit("demand.csv", "machines", f'"{name}"')
    with pytest.raises(CaseError) as refused:
        read_case(small.folder)
    said = "has 101 characters" if len(name) > 100 else "holds a line break or a character that cannot be seen; remove it"
    (line,) = [c for c in refused.value.complaints if c.startswith("demand.csv line")]
    assert said in line and line.isprintable()


def test_remarks_that_look_like_formulas_are_text_in_a_spreadsheet(tmp_path) -> None:
    """Sources of a catalogue may begin as they like; a figure below 0 stays one."""
    from planner.answer.files import write_csv

    cells = ["=1+1", "+49 30", "-0.5", "-1e-05", "@x", "\tx", "plain", ""]
    write_csv(pd.DataFrame({"source": cells, "value": range(len(cells))}), tmp_path / "t.csv")
    found = pd.read_csv(tmp_path / "t.csv", dtype=str, keep_default_na=False)["source"].tolist()
    assert found == ["'=1+1", "'+49 30", "-0.5", "-1e-05", "'@x", "'\tx", "plain", ""]


@pytest.mark.slow
@pytest.mark.parametrize("name", first(3, ["../../x", "<b>x</b>", "日本　語", "CON", "a/b", "'quoted", "[bold]x[/]"]))
def test_odd_names_stay_as_they_are_and_make_no_files_of_their_own(small, written, tmp_path, name) -> None:
    _, out = written()
    usual = {p.relative_to(tmp_path) for p in tmp_path.rglob("*")}
    small.edit("technologies.csv", "pv,solar", f"{name},solar")
    _, out = written()
    assert set(pd.read_csv(out / "investments.csv")["technology"]) == {name}
    assert {p.relative_to(tmp_path) for p in tmp_path.rglob("*")} == usual


def test_text_and_commas_and_quotes_come_back_as_they_were(small, written) -> None:
    small.edit("technologies.csv", "pv,solar", '"roof, ""south"" [1]",solar')
    _, out = written()
    assert set(pd.read_csv(out / "investments.csv")["technology"]) == {'roof, "south" [1]'}


def test_numbers_are_written_with_twelve_figures(written) -> None:
    run, out = written()
    for name in COLUMNS:
        if name == "dispatch":
            continue
        whole = TABLES[name].written(run.target.tables[name])
        is_there = (out / f"{name}.csv").exists()
        assert is_there is (name in ALWAYS or not whole.empty), "a table without a row is written only where it is looked for first"
        if whole.empty:
            assert read_output(out).target[name].empty
            continue
        table = pd.read_csv(out / f"{name}.csv")
        assert len(table) == len(whole)
        for column in table.select_dtypes("number"):
            known = whole[column].astype(float)
            assert table[column].to_numpy() == pytest.approx(known.to_numpy(), rel=1e-11, abs=1e-11, nan_ok=True)
    _, out = written()
    assert tuple(pd.read_parquet(out / "dispatch.parquet").columns) == COLUMNS["dispatch"]


def test_json_has_no_number_that_is_none(small, written) -> None:
    """Standard JSON knows no NaN and no Infinity."""
    def refuse(word: str) -> None:
        raise AssertionError(word)
    small.edit("demand.csv", "8760", "0")
    small.write("savings.csv", "measure,demand,saving\n")
    _, out = written()
    for name in ("summary.json", "run.json"):
        json.loads((out / name).read_text(), parse_constant=refuse)


def test_every_figure_of_the_catalogue_is_in_the_assumptions(small, written) -> None:
    small.edit("technologies.csv", "pv,solar", "pv,solar-rooftop")
    run, out = written()
    assumed = pd.read_csv(out / "assumptions.csv", dtype=str, keep_default_na=False)
    costs = assumed[(assumed["table"] == "costs") & (assumed["name"] == "solar-rooftop")]
    assert {"capital_cost", "lifetime"} <= set(costs["parameter"]) and (costs["source"] != "").all() and run.target.has_tables
