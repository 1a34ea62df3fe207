"""Near-optimal plans: least and most of each group, what is sure and what is out, by hand."""

import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from one_megawatt import one_megawatt

from models.errors import CaseError
from planner.park import read_case
from planner.questions.space import read_groups

#: One year, 1 MW of electricity. The grid costs 500 CNY/MWh, hydro and wind less, by what the tests say.
PARK = one_megawatt("gross_ratio,<=,0") | {
    "technologies.csv": "technology,max_capacity\nhydro,2\nwind,2\ndiesel,2\n",
    "types.csv": "type,role\nhydro,converter\nwind,converter\ndiesel,converter\n",
    "ports.csv": "type,carrier,direction,ratio\nhydro,electricity,out,1\nwind,electricity,out,1\ndiesel,electricity,out,1\n",
    "costs.csv": "type,parameter,year,value,unit\n"
    + "".join(f"{t},{p},,{v},{u}\n" for t, cost in (("hydro", 100_000), ("wind", 104_000), ("diesel", 900_000))
        for p, v, u in (("capital_cost", cost, "CNY/MW"), ("lifetime", 1, "year"))),
}


def write(folder: Path, **tables: str) -> None:
    """The park with other tables."""
    folder.mkdir(exist_ok=True)
    for name, text in {**PARK, **{f"{name}.csv": text for name, text in tables.items()}}.items():
        (folder / name).write_text(text)


def asked(plan, tmp_path, *words: object, method: str = "auto") -> dict[str, pd.DataFrame]:
    """Plan the park, ask, and read the tables."""
    if not (tmp_path / "out").exists():
        said = plan.once("--park", "park", "--out", "out", "--gap", "1e-6", "--method", method, "--quiet")
        assert said.code == 0, said.err
    said = plan("alternatives", "out", *words)
    assert said.code == 0, said.err
    names = ("alternatives", "alternative_plans", "alternative_parts")
    return {
        name: pd.read_csv(tmp_path / "out" / f"{name}.csv", keep_default_na=False,
            na_values={"least_bound": "", "most_bound": "", "unlike": ""})
        for name in names
    }


def groups(tmp_path, *rows: str) -> Path:
    """A table of groups."""
    path = tmp_path / "groups.csv"
    path.write_text("\n".join(["group,name", *rows]))
    return path


@pytest.mark.slow
def test_least_and_most_of_each_group_within_two_per_cent(plan, tmp_path):
    """All must be clean: 1 MW of hydro costs 100,000. Of 2,000 more, half a MW may be wind, at 4,000 a MW more. Where that is not, 0.02
    MW more of hydro may stand idle; wind or oil in its place never lowers the sum of hydro and wind below 0.9975 MW."""
    write(tmp_path / "park")
    tables = asked(plan, tmp_path, "--groups", groups(tmp_path, "air,wind", "clean,hydro", "clean,wind"), "--plans", 1,
        method="whole")
    rows, plans = tables["alternatives"].set_index("group"), tables["alternative_plans"]
    assert rows["amount"].to_dict() == pytest.approx({"air": 0.0, "clean": 1.0}, abs=1e-6)
    assert rows["least"].to_dict() == pytest.approx({"air": 0.0, "clean": 0.9975}, abs=2e-3)
    assert rows["most"].to_dict() == pytest.approx({"air": 0.5, "clean": 1.02}, abs=5e-3)
    assert (rows["least_bound"] <= rows["least"] + 1e-9).all() and (rows["least"] - rows["least_bound"]).max() < 0.02
    assert (rows["most_bound"] >= rows["most"] - 1e-9).all() and (rows["most_bound"] - rows["most"]).max() < 0.02
    assert rows["verdict"].to_dict() == {"air": "open", "clean": "sure"}
    assert plans["plan"].tolist() == ["least-cost", "least-air", "most-air", "least-clean", "most-clean", "unlike-1"]
    assert plans["share"].between(-1e-6, 0.02 + 1e-6).all() and plans["unlike"].iloc[0] == 1
    assert all((tmp_path / "out-alternatives" / name / "summary.json").is_file() for name in plans["plan"])
    assert (plan("report", "out-alternatives/most-air").code == 0
        and (tmp_path / "out-alternatives" / "most-air" / "report.html").is_file())
    refused = plan("--rerun", "out-alternatives/most-air/run.json")
    assert refused.code == 2 and "was changed for a question" in refused.err


@pytest.mark.slow
def test_the_decomposed_method_finds_the_same(plan, tmp_path):
    write(tmp_path / "park")
    own = groups(tmp_path, "air,wind")
    tables = asked(plan, tmp_path, "--groups", own, "--plans", 0, method="decomposed")
    rows = tables["alternatives"].set_index("group")
    assert tables["alternative_plans"]["plan"].tolist() == ["least-cost", "most-air"], (
        "the least of air is what the least-cost plan has")
    assert rows["least_bound"]["air"] == pytest.approx(0.0, abs=1e-6)
    assert rows["most"]["air"] == pytest.approx(0.5, abs=5e-3) and rows["least"]["air"] == pytest.approx(0.0, abs=1e-6)
    assert 0 <= rows["most_bound"]["air"] - rows["most"]["air"] < 0.02


@pytest.mark.slow
def test_whole_orders_are_respected_and_what_no_plan_may_have_is_out(plan, tmp_path):
    """Wind in pieces of 0.4 MW: one fits beside 0.6 MW of hydro within 2 %, half a MW does not. A piece of oil is far too dear."""
    write(tmp_path / "park", types="type,role,unit_size\nhydro,converter,\nwind,converter,0.4\ndiesel,converter,1\n")
    own = groups(tmp_path, "air,wind", "oil,diesel")
    tables = asked(plan, tmp_path, "--groups", own, "--plans", 0, method="whole")
    rows = tables["alternatives"].set_index("group")
    assert rows["most"].to_dict() == pytest.approx({"air": 0.4, "oil": 0.0}, abs=1e-6)
    assert rows["verdict"].to_dict() == {"air": "open", "oil": "out"}
    verdicts = tables["alternative_parts"].set_index("name")["verdict"]
    assert verdicts.to_dict() == {"hydro": "in all found", "wind": "open", "diesel": "out"}


@pytest.mark.slow
@pytest.mark.parametrize("many", [False, True])
def test_the_decomposed_method_respects_whole_orders_where_they_are_few_and_where_they_are_many(plan, tmp_path, monkeypatch, many):
    """The same pieces of wind. Where whole numbers are many, they are sought from those of a plan found before."""
    if many:
        monkeypatch.setattr("planner.solve.benders.decomposed.MOST_SEARCHED", 0)
    write(tmp_path / "park", types="type,role,unit_size\nhydro,converter,\nwind,converter,0.4\ndiesel,converter,1\n")
    own = groups(tmp_path, "air,wind", "clean,hydro", "clean,wind")
    tables = asked(plan, tmp_path, "--groups", own, "--plans", 0, method="decomposed")
    rows, plans = tables["alternatives"].set_index("group"), tables["alternative_plans"]
    assert rows["most"]["air"] == pytest.approx(0.4, abs=1e-6) and rows["least"]["air"] == pytest.approx(0.0, abs=1e-6)
    assert 0.4 - 1e-6 <= rows["most_bound"]["air"] <= 0.52
    assert rows["least_bound"]["clean"] <= rows["least"]["clean"] <= 1.0 + 1e-6 and rows["most"]["clean"] >= 1.0 - 1e-6
    assert plans["share"].between(-1e-6, 0.02 + 1e-6).all()


@pytest.mark.slow
def test_plans_are_not_made_twice_and_another_share_is_another_search(plan, tmp_path):
    write(tmp_path / "park")
    words = "--plans", 0, "--groups", groups(tmp_path, "air,wind")
    first = asked(plan, tmp_path, *words)
    told = plan("alternatives", "out", *words, "--language", "zh")
    assert told.code == 0 and told.err == "" and "还有哪些方案可行" in (tmp_path / "out" / "report.html").read_text()
    folder = tmp_path / "out-alternatives"
    before = (folder / "least-air" / "run.json").stat().st_mtime_ns
    shutil.rmtree(folder / "most-air")
    said = plan("alternatives", "out", *words)
    assert "least-air (1 of 2): is there already" in said.err and "most-air (2 of 2): feasible" in said.err
    assert asked(plan, tmp_path, *words)["alternatives"].equals(first["alternatives"])
    assert (folder / "least-air" / "run.json").stat().st_mtime_ns == before
    wider = asked(plan, tmp_path, *words, "--within", "0.04")
    assert wider["alternatives"]["most"][0] == pytest.approx(2 * first["alternatives"]["most"][0], abs=0.01)


def test_what_is_wrong_with_groups_is_said(tmp_path):
    write(tmp_path / "park")
    case = read_case(tmp_path / "park")
    for text, fault in (("group,name\nair,wnd\n", "line 2: name 'wnd': is no technology, link, measure or planting"),
        ("group,name\n", "has no rows"), ("group\nair\n", "has the columns group"), ("group,name\nair,\n", "has a blank cell")):
        (tmp_path / "groups.csv").write_text(text)
        with pytest.raises(CaseError, match=re.escape(fault)):
            read_groups(tmp_path / "groups.csv", case)


def test_what_is_wrong_with_the_options_is_said_at_once(plan, tmp_path):
    said = plan("alternatives", "nowhere", "--within", "two", "--plans", -1, "--gap", 2)
    assert said.code == 2 and all(t in said.err for t in ("--within two", "--plans -1", "--gap 2"))
