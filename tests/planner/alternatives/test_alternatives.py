"""Near-optimal plans: least and most of each group, what is sure and what is out, by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

#: One year, 1 MW of electricity. The grid costs 500 CNY/MWh, hydro and wind less, by what the tests say.
PARK = {
    "park.toml": """name = "Alternatives Park"
currency = "CNY"
price_year = 2025
discount_rate = 0.06
base_year = 2025
base_emissions = 4380.0
first_year = 2026
last_year = 2026
standard = "ladder"
""",
    "goal.toml": 'target = "zero-carbon"\nby = 2026\n',
    "stages.csv": "standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,gross_ratio,<=,0\n",
    "demand.csv": "demand,carrier,year,value,unit\nmachines,electricity,,8760,MWh\n",
    "supplies.csv": "supply,carrier,kind,max_import,scope\ngrid,electricity,grid,2,2\n",
    "prices.csv": "supply,item,year,value,unit\ngrid,energy,,500,CNY/MWh\n",
    "emission_factors.csv": "supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\n",
    "technologies.csv": "technology,max_capacity\nhydro,2\nwind,2\ndiesel,2\n",
    "types.csv": "type,role\nhydro,converter\nwind,converter\ndiesel,converter\n",
    "ports.csv": "type,carrier,direction,ratio\nhydro,electricity,out,1\nwind,electricity,out,1\ndiesel,electricity,out,1\n",
    "costs.csv": "type,parameter,year,value,unit\n"
    + "".join(f"{t},{p},,{v},{u}\n" for t, cost in (("hydro", 100_000), ("wind", 104_000), ("diesel", 900_000))
              for p, v, u in (("capital_cost", cost, "CNY/MW"), ("lifetime", 1, "year"))),
}  # fmt: skip


def write(folder: Path, **tables: str) -> None:
    """The park with other tables."""
    folder.mkdir(exist_ok=True)
    for name, text in {**PARK, **{f"{name}.csv": text for name, text in tables.items()}}.items():
        (folder / name).write_text(text)


def asked(plan, tmp_path, *words: object, method: str = "auto") -> dict[str, pd.DataFrame]:
    """Plan the park, ask, and read the tables."""
    if not (tmp_path / "out").exists():
        said = plan("--park", "park", "--out", "out", "--gap", "1e-6", "--method", method, "--quiet")
        assert said.code == 0, said.err
    said = plan("alternatives", "out", *words)
    assert said.code == 0, said.err
    names = ("alternatives", "alternative_plans", "alternative_parts")
    return {name: pd.read_csv(tmp_path / "out" / f"{name}.csv", keep_default_na=False, na_values={"least_bound": "", "most_bound": ""}) for name in names}


def groups(tmp_path, *rows: str) -> Path:
    """A table of groups; left out: four."""
    path = tmp_path / "groups.csv"
    path.write_text("\n".join(["group,name", *(rows or ("falls,hydro", "air,wind", "oil,diesel", "clean,hydro", "clean,wind"))]))
    return path


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_least_and_most_of_each_group_within_two_per_cent(plan, tmp_path, method):
    """All must be clean: 1 MW of hydro costs 100,000. Of 2,000 more, half a MW may be wind, at 4,000 a MW more; a MW of oil costs
    800,000 more, so at most 2.5 kW. Instead of more wind, hydro for 2,000 more stands idle: 1.02 MW in all."""
    write(tmp_path / "park")
    rows = asked(plan, tmp_path, "--groups", groups(tmp_path), "--plans", 0, method=method)["alternatives"].set_index("group")
    assert rows["amount"].to_dict() == pytest.approx({"falls": 1.0, "air": 0.0, "oil": 0.0, "clean": 1.0}, abs=1e-6)
    assert rows["least"].to_dict() == pytest.approx({"falls": 0.5, "air": 0.0, "oil": 0.0, "clean": 0.9975}, abs=0.01)
    assert rows["most"].to_dict() == pytest.approx({"falls": 1.02, "air": 0.5, "oil": 0.0025, "clean": 1.02}, abs=0.01)
    assert (rows["least_bound"] <= rows["least"] + 1e-9).all() and (rows["most_bound"] >= rows["most"] - 1e-9).all()
    assert (rows["least"] - rows["least_bound"]).max() < 0.02 and (rows["most_bound"] - rows["most"]).max() < 0.02
    assert rows["verdict"].to_dict() == {"falls": "sure", "air": "open", "oil": "open", "clean": "sure"}


def test_every_plan_that_is_kept_costs_no_more_and_is_a_run(plan, tmp_path):
    write(tmp_path / "park")
    tables = asked(plan, tmp_path, "--groups", groups(tmp_path, "air,wind"), "--plans", 2)
    plans = tables["alternative_plans"]
    assert plans["plan"].tolist()[0] == "least-cost" and {"unlike-1", "unlike-2", "most-air", "least-air"} <= set(plans["plan"])
    assert plans["share"].between(-1e-6, 0.02 + 1e-6).all()
    assert plans["unlike"].iloc[0] == "1" or float(plans["unlike"].iloc[0]) == 1
    for name in plans["plan"]:
        assert (tmp_path / "out-alternatives" / name / "report.html").is_file()
    refused = plan("--rerun", "out-alternatives/most-air/run.json")
    assert refused.code == 2 and "was changed for a question" in refused.err


def test_whole_orders_are_respected(plan, tmp_path):
    """Wind in pieces of 0.4 MW: one fits beside 0.6 MW of hydro within 2 %, half a MW does not."""
    write(tmp_path / "park", types="type,role,unit_size\nhydro,converter,\nwind,converter,0.4\ndiesel,converter,\n")
    own = groups(tmp_path, "air,wind")
    rows = asked(plan, tmp_path, "--groups", own, "--plans", 0, method="whole")["alternatives"].set_index("group")
    assert rows["most"]["air"] == pytest.approx(0.4, abs=1e-6)


def test_what_no_plan_within_the_budget_may_have_is_out(plan, tmp_path):
    """Diesel that may only be had in one piece of a MW is dearer than all that is allowed."""
    write(tmp_path / "park", types="type,role,unit_size\nhydro,converter,\nwind,converter,\ndiesel,converter,1\n")
    own = groups(tmp_path, "oil,diesel", "falls,hydro")
    tables = asked(plan, tmp_path, "--groups", own, "--plans", 0, method="whole")
    assert tables["alternatives"].set_index("group")["verdict"]["oil"] == "out"
    assert tables["alternative_parts"].set_index("name")["verdict"].to_dict() == {
        "hydro": "sure", "wind": "in none found", "diesel": "out",
    }  # fmt: skip


def test_plans_are_not_made_twice_and_another_share_is_another_search(plan, tmp_path):
    write(tmp_path / "park")
    first = asked(plan, tmp_path, "--plans", 0, "--groups", groups(tmp_path, "air,wind"))
    told = plan("alternatives", "out", "--plans", 0, "--groups", groups(tmp_path, "air,wind"), "--language", "zh")
    assert told.code == 0 and told.err == ""
    assert "还有哪些方案可行" in (tmp_path / "out" / "report.html").read_text()
    wider = asked(plan, tmp_path, "--plans", 0, "--groups", groups(tmp_path, "air,wind"), "--within", "0.04")
    assert float(wider["alternatives"]["most"].max()) >= float(first["alternatives"]["most"].max())
    lost = tmp_path / "out-alternatives" / "most-air"
    before = [path.stat().st_mtime_ns for path in sorted((tmp_path / "out-alternatives").glob("least*/run.json"))]
    (lost / "summary.json").unlink()
    asked(plan, tmp_path, "--plans", 0, "--groups", groups(tmp_path, "air,wind"), "--within", "0.04")
    assert (lost / "summary.json").is_file()
    assert before == [path.stat().st_mtime_ns for path in sorted((tmp_path / "out-alternatives").glob("least*/run.json"))]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("group,name\nair,wnd\n", "is no technology, link, measure or planting"),
        ("group,name\n", "has no rows"),
        ("group\nair\n", "has the columns group"),
        ("group,name\nair,\n", "has a blank cell"),
    ],
)
def test_what_is_wrong_with_groups_is_said(plan, tmp_path, text, fault):
    write(tmp_path / "park")
    assert plan("--park", "park", "--out", "out", "--quiet").code == 0
    (tmp_path / "groups.csv").write_text(text)
    said = plan("alternatives", "out", "--groups", "groups.csv")
    assert said.code == 2 and fault in said.err
    assert not (tmp_path / "out-alternatives").exists()


def test_what_is_wrong_with_the_options_is_said_at_once(plan, tmp_path):
    said = plan("alternatives", "nowhere", "--within", "two", "--plans", -1, "--gap", 2)
    assert said.code == 2 and all(t in said.err for t in ("--within two", "--plans -1", "--gap 2"))
