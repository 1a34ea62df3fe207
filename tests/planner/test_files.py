"""Files of results: text stays text in a spreadsheet, numbers stay exact, JSON stays JSON."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from planner.read import read_case
from planner.report.files import write_run
from planner.report.tables import COLUMNS
from planner.run import Options, plan_park


@pytest.fixture
def written(small, tmp_path):
    """Plans the park as it stands and gives its output folder."""

    def write(goal: str = 'target = "zero-carbon"\nby = 2028\n'):
        small.write("goal.toml", goal)
        case = read_case(small.folder)
        run = plan_park(case, Options(gap=1e-6))
        write_run(run, case, tmp_path / "out", {"gap": 1e-6})
        return run, tmp_path / "out"

    return write


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-pv", "@SUM(A1)"])
def test_a_name_that_a_spreadsheet_would_compute_is_text(small, written, name) -> None:
    small.edit("technologies.csv", "pv,solar", f"{name},solar")
    small.edit("measures.csv", "led", "=led")
    small.edit("savings.csv", "led", "=led")
    _, out = written()
    assert set(pd.read_csv(out / "investments.csv")["technology"]) == {f"'{name}"}
    assert set(pd.read_csv(out / "measures.csv")["measure"]) == {"'=led"}
    for path in [*out.glob("*.csv"), *out.glob("*/*.csv")]:
        for row in pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records"):
            for column, cell in row.items():
                is_number = cell.lstrip("-").replace(".", "").replace("e-", "").replace("e+", "").isdigit()
                assert is_number or cell[:1] not in "=+-@\t\r" or not cell, (path.name, column, cell)


def test_text_and_commas_and_quotes_come_back_as_they_were(small, written) -> None:
    small.edit("technologies.csv", "pv,solar", '"roof, ""south"" [1]",solar')
    _, out = written()
    assert set(pd.read_csv(out / "investments.csv")["technology"]) == {'roof, "south" [1]'}


def test_names_in_other_scripts_come_back_as_they_were(small, written) -> None:
    small.edit("technologies.csv", "pv,solar", "屋顶光伏,solar")
    run, out = written()
    assert set(pd.read_csv(out / "investments.csv")["technology"]) == {"屋顶光伏"}
    assert "屋顶光伏" in (out / "investments.csv").read_bytes().decode("utf-8")
    assert run.target.status == "optimal"


def test_numbers_are_written_with_twelve_figures(written) -> None:
    run, out = written()
    for name in COLUMNS:
        if name == "dispatch":
            continue
        table = pd.read_csv(out / f"{name}.csv")
        assert len(table) == len(run.target.tables[name])
        for column in table.select_dtypes("number"):
            known = run.target.tables[name][column].astype(float)
            assert table[column].to_numpy() == pytest.approx(known.to_numpy(), rel=1e-11, abs=1e-11, nan_ok=True)


def test_dispatch_has_the_columns_that_are_documented(written) -> None:
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
    assert {"capital_cost", "lifetime"} <= set(costs["parameter"])
    assert (costs["source"] != "").all()
    assert run.target.has_tables
