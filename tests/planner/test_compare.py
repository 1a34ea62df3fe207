"""Runs side by side: numbers that are those of each run, what cannot be compared, and faults in one line."""

import csv
import io
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from tabled import retell

from planner.compare import compare_outputs
from planner.compare.comparison import labels

GOAL = ("--target", "zero-carbon", "--by", 2028)


def on_days(count: int) -> dict:
    return {"bound": None, "gap": None, "typical_days": {"count": count, "cost": 1.0, "bound": 1.0, "gap": 0.0}}


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    """Where the runs are kept once they are planned; each test has a copy."""
    return tmp_path_factory.mktemp("runs") / "made"


@pytest.fixture
def runs(plan, small, tmp_path, kept) -> Path:
    """Three runs in tmp_path: `out`; `dear`, with grid power at twice the price; `never`, which cannot meet its goal."""
    if kept.exists():
        shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
        return tmp_path
    assert plan.once("--park", "park", *GOAL, "--out", "out").code == 0
    small.edit("prices.csv", "500", "1000")
    assert plan.once("--park", "park", *GOAL, "--out", "dear").code == 0
    small.edit("stages.csv", "ladder,zero-carbon,3,net_ratio,<=,0\n", "ladder,zero-carbon,3,gross_ratio,<=,0.1\n")
    small.edit("stages.csv", "ladder,zero-carbon,3,gross_ratio,<=,0.5\n", "ladder,zero-carbon,3,net_ratio,<=,0\n")
    assert plan.once("--park", "park", *GOAL, "--out", "never").code == 3
    shutil.copytree(tmp_path, kept)
    return tmp_path


def cells(text: str) -> dict[str, list[str]]:
    """Label -> cells of each row; what stands under several titles has the last one."""
    rows = [[c.strip() for c in line.split("  ") if c.strip()] for line in text.splitlines() if line.strip()]
    return {row[0]: row[1:] for row in rows}


def other_park(folder: Path, name: str, **changes: object) -> None:
    """A copy of an output whose summary says something else."""
    shutil.copytree(folder / "out", folder / name)
    retell(folder / name, {**json.loads((folder / name / "summary.json").read_text()), **changes})


@pytest.mark.slow
def test_three_runs_stand_side_by_side_in_a_hundred_columns(runs, plan):
    said = plan("compare", "out", "dear", "never")
    assert said.code == 0, said.err
    rows = cells(said.out)
    assert rows["status"] == ["optimal", "optimal", "infeasible"] and rows["goal"] == ["zero-carbon by 2028"] * 3
    costs = [json.loads((runs / n / "summary.json").read_text())["system_cost"] / 1e6 for n in ("out", "dear")]
    assert f"all{''.join(f'{c:.1f}' for c in costs)}–" in said.out.replace(" ", "")
    assert rows["build pv, MW"][0] != "0" and rows["build pv, MW"][2] == "–"
    assert rows["zero-carbon"] == ["2028: holds", "2028: holds", "2028: –"]
    assert "! never has no plan: nothing of it can be compared" in said.out and max(map(len, said.out.splitlines())) <= 100


@pytest.mark.slow
def test_two_runs_show_their_difference(runs, plan):
    rows = cells(plan("compare", "out", "dear").out)
    first, second, difference = rows["energy bought"]
    assert float(second) - float(first) == pytest.approx(float(difference), abs=0.11) and difference.startswith("+")
    gross = rows["2028 gross emissions"]
    assert [float(v.replace(",", "")) for v in gross[:2]] == [pytest.approx(e, abs=0.5)
        for e in (value(runs / n, "emissions", "item == 'gross' and year == 2028") for n in ("out", "dear"))]


def value(out: Path, table: str, query: str) -> float:
    return float(pd.read_csv(out / f"{table}.csv").query(query)["value"].sum())


def test_the_tables_hold_the_numbers_of_each_run(runs):
    comparison = compare_outputs([runs / "out", runs / "dear", runs / "never"])
    tables = comparison.tables
    for run in ("out", "dear"):
        facts = tables["runs"].set_index("item")[run]
        assert tables["costs"][run].sum() == pytest.approx(facts["system_cost"], rel=1e-9)
        assert facts["discount_rate"] == pytest.approx(0.06)
        capital = value(runs / run, "costs", "item in ('capital', 'measures', 'restoration')")
        assert tables["capital"][run].sum() == pytest.approx(capital)
        net = tables["emissions"].query("item == 'net' and year == 2027")[run].item()
        assert net == pytest.approx(value(runs / run, "emissions", "item == 'net' and year == 2027"), abs=1e-9)
        built = pd.read_csv(runs / run / "investments.csv")["build"].sum()
        assert tables["builds"].query("action == 'build'")[run].sum() == pytest.approx(built)
    for name, table in tables.items():
        assert list(table.columns[-3:]) == ["out", "dear", "never"]
        if name != "runs":
            assert table["never"].isna().all()
    assert tables["stages"].query("what == 'holds'")["out"].eq(1).all()


def test_csv_is_one_table_on_stdout_and_the_rest_on_stderr(runs, plan):
    said = plan("compare", "out", "dear", "--csv")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert {r["table"] for r in rows} == {"runs", "costs", "capital", "builds", "emissions", "stages"}
    (energy,) = [r for r in rows if (r["table"], r["item"]) == ("costs", "energy")]
    assert float(energy["dear"]) > float(energy["out"]) > 0 and energy["unit"] == "CNY of 2025"
    assert plan("compare", "out", "never", "--csv").err.startswith("never has no plan")


@pytest.mark.slow
def test_out_is_a_folder_of_tables_and_never_overwrites_others(runs, plan):
    said = plan("compare", "out", "dear", "--out", "both")
    assert said.code == 0 and "both: runs.csv" in said.out
    assert {p.name for p in (runs / "both").iterdir()} == {"compare.html",
        *(f"{n}.csv" for n in ("runs", "costs", "capital", "builds", "emissions", "stages"))}
    assert pd.read_csv(runs / "both" / "capital.csv")["dear"].sum() > 0
    assert plan("compare", "out", "dear", "--out", "both").code == 0
    before = (runs / "out" / "costs.csv").read_bytes()
    for place, fault in (("out", "holds files of others"), ("no/where", "does not exist"), ("out/costs.csv", "is a file")):
        said = plan("compare", "out", "dear", "--out", place)
        assert (said.code, said.out) == (2, "") and fault in said.err
    assert (runs / "out" / "costs.csv").read_bytes() == before


def test_what_cannot_be_compared_is_said_and_has_no_difference(runs, plan):
    other_park(runs, "euros", park="Another", currency="EUR", base_emissions=5000.0, standard="eu-city", **on_days(8))
    said = plan("compare", "out", "euros")
    for part in ("parks are different", "Money is not the same", "out: CNY of 2025; euros: EUR of 2025", "standards are different",
        "Base emissions are different", "days that were planned on are different"):
        assert part in " ".join(said.out.split()), part
    rows = cells(said.out)
    assert len(rows["energy bought"]) == 2  # no difference of two currencies
    assert len(rows["2028 net emissions"]) == 3 and "millions of each run's money" in said.out


@pytest.mark.slow
def test_runs_of_other_years_are_compared_where_both_have_the_year(runs, plan, small):
    small.edit("park.toml", "last_year = 2028", "last_year = 2029")
    small.edit("stages.csv", "gross_ratio,<=,0.1", "gross_ratio,<=,0.5")
    assert plan.once("--park", "park", *GOAL, "--out", "longer").code == 0
    said = plan("compare", "dear", "longer")
    assert "The horizons are different" in said.out
    rows = cells(said.out)
    assert rows["years"] == ["2026–2028", "2026–2029"]
    assert rows["2029 net emissions"][0] == "–" and len(rows["2029 net emissions"]) == 2 and len(rows["energy bought"]) == 2


@pytest.mark.slow
def test_a_difference_that_is_not_proven_is_said(runs, plan):
    cost = json.loads((runs / "out" / "summary.json").read_text())["system_cost"]
    other_park(runs, "near", system_cost=cost * 1.001, gap=0.002)
    other_park(runs, "far", system_cost=cost * 1.01, gap=0.002)
    assert "out and near differ in cost by less than what is not proven of them" in " ".join(
        plan("compare", "out", "near").out.split())
    assert "not proven" not in plan("compare", "out", "far").out
    days = {"count": 8, "cost": 1.0, "bound": 1.0, "gap": 0.0}
    other_park(runs, "days", system_cost=1.0, bound=None, gap=None, typical_days=days, verified=True)
    told = " ".join(plan("compare", "out", "days").out.split())
    assert "days: least cost on 8 typical days to 0.00%; in all hours it costs" in told
    assert "how far above the least possible is not proven" in told
    assert "out and days differ in cost by less than what is not proven of them: which is cheaper is not known" in told


def test_chinese(runs, plan):
    said = plan("compare", "out", "never", "--language", "zh")
    for words in ("差值", "系统成本（万元）", "全部年份的行动", "never 没有可行方案"):
        assert words in said.out
    assert plan("compare", "out", "dear", "--language", "fr").code == 2
    assert cells(plan("compare", "out", "dear", "--language", "zh").out)["零碳"] == ["2028 年起：满足"] * 2


@pytest.mark.slow
def test_whether_costs_are_of_every_hour_is_laid_side_by_side(runs, plan):
    for name, facts in (("proven", on_days(1) | {"verified": True}), ("days", on_days(4) | {"verified": False})):
        other_park(runs, name, **facts)
    told = plan("compare", "proven", "days")
    assert cells(told.out)["hour by hour"] == ["verified", "unverified"]
    assert cells(told.out)["planned on"] == ["one typical day", "4 typical days"]
    words = " ".join(told.out.split())
    assert "Costs and emissions are told from other hours" in words and "(proven: every hour; days: typical days)" in words
    assert "from other hours" not in plan("compare", "out", "proven").out
    facts = compare_outputs([runs / "proven", runs / "days"]).tables["runs"].set_index("item").loc["verified"]
    assert [facts["proven"], facts["days"]] == [True, False]


def test_a_plan_within_a_run_is_compared_with_it(runs, plan):
    comparison = compare_outputs([runs / "out", runs / "out" / "least-cost"])
    said = json.loads((runs / "out" / "summary.json").read_text())
    assert [run.cost for run in comparison.runs] == [said["system_cost"], said["plans"]["least-cost"]["system_cost"]]
    whole = comparison.tables["costs"][["out", "least-cost"]].sum()
    assert whole["least-cost"] == pytest.approx(value(runs / "out" / "least-cost", "system_cost", "year > 0")) != whole["out"]
    assert plan("compare", "out", "out/least-cost", "--out", "both").code == 0
    assert "out/never-made: is no output" in plan("compare", "out", "out/never-made").err


def test_faults_are_said_all_at_once(plan, small, runs):
    said = plan("compare", "park", "nowhere")
    assert said.code == 2 and "park: is no output of a run" in said.err and "nowhere: is no output of a run" in said.err
    said = plan("compare", "out")
    assert said.code == 2 and "needs two output folders or more" in said.err
    (runs / "dear" / "emissions.csv").write_text("year,item\n2026,x,3,4,5\n")
    said = plan("compare", "out", "dear")
    assert said.code == 2 and "Traceback" not in said.err and "dear" in said.err


def test_labels_tell_folders_of_one_name_apart():
    assert labels([Path("/a/out"), Path("/b/out"), Path("/c/other")]) == ["a/out", "b/out", "other"]
    assert labels([Path("/a/x/out"), Path("/b/x/out")]) == ["a/x/out", "b/x/out"]
    assert labels([Path("/a/out"), Path("/a/out")]) == ["out", "out (2)"]
