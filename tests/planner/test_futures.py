"""`plan` of a park with futures: what it writes, says and refuses."""

import json

import highspy
import pandas as pd
import pytest

from planner.answer.tree import make_tree_page, read_tree
from planner.export.load import load_run
from planner.language.language import Language
from planner.language.message import Message, as_json, from_json
from planner.tables.output import read_output

GOAL = ("--target", "low-carbon", "--by", "2028")
TREE = "future,from_year,probability\ndear,2028,0.3\ncheap,2028,0.7\n"
VALUES = "future,table,name,item,factor\ndear,prices,grid,energy,4\ncheap,prices,grid,energy,0.5\n"


@pytest.fixture
def forked(small):
    """The small park with two prices of power from 2028 on."""
    small.write("futures.csv", TREE)
    small.write("future_values.csv", VALUES)
    return small


def test_the_tree_is_told_before_it_is_planned(forked, plan):
    said = plan("check", "park")
    assert "2 futures, told apart from 2028 on; orders before are shared" in said.out
    assert "  dear, 30 %, from 2028: prices grid energy × 4" in said.out


@pytest.mark.slow
def test_a_plan_for_two_futures_is_written_and_told(forked, plan, tmp_path):
    said = plan("--park", "park", *GOAL, "--out", "out", "--gap", "1e-7", "--language", "zh")
    assert said.code == 0, said.err
    assert "今天要定：" in said.out and "2,000 CNY/MWh" in said.out and "高于 1,250" in said.out.replace("\n", "")
    out = tmp_path / "out"
    summary = json.loads((out / "summary.json").read_text())
    block = summary["futures"]
    costs = {leaf["name"]: leaf["cost"] for leaf in block["leaves"]}
    assert (
        summary["system_cost"] == pytest.approx(0.3 * costs["dear"] + 0.7 * costs["cheap"]) == pytest.approx(block["expected_cost"])
    )
    assert block["gap"] <= 1e-6 and block["wait_and_see"] <= block["bound"] * (1 + 1e-6) and block["vss"] >= -1
    commit = pd.read_csv(out / "commit.csv", keep_default_na=False)
    assert {"led"} <= set(commit[commit["when"] == "now"]["item"]) and set(commit["when"]) <= {"now", "2028"}
    assert set(pd.read_csv(out / "regret.csv")["plan"]) == {"expected", "least regret", "dear", "cheap"}
    of_leaf = read_output(out / "futures" / "dear")
    assert (of_leaf.summary["system_cost"] == pytest.approx(costs["dear"])
        and of_leaf.summary["plans"]["reference"]["status"] == "feasible")
    span = read_tree(out).ranges()["dear"]
    assert 0 <= span.low <= 0.3 <= span.high <= 1
    page = (out / "report.html").read_text()
    assert "现在就定" in page and "判断错误的代价" in page and 'href="futures/dear/report.html"' in page
    assert plan("report", "out", "--language", "en").code == 0
    page = (out / "report.html").read_text()
    assert page == make_tree_page(out, Language("en"))
    assert [str(from_json(text)) for text in summary["messages"]["warnings"]] == summary["warnings"]
    summary["messages"] = {"warnings": [as_json(Message("{folder}: is there already; name a new folder", folder="f"))]}
    (out / "summary.json").write_text(json.dumps(summary))
    assert "f: is there already" in make_tree_page(out, Language("en")) and "f：已存在" in make_tree_page(out, Language("zh"))
    for title in ("Commit now", "Wait for", "What it costs to be wrong", "How sure must one be", "What knowing is worth"):
        assert title in page
    assert "Goal: low-carbon by 2028" in page and "Order this year (2026)" in page and "<td>500 CNY/MWh</td>" in page
    assert block["evpi_range"][0] <= block["evpi"] <= block["evpi_range"][1] and block["business_as_usual"] > 0
    own = pd.read_csv(out / "futures.csv", keep_default_na=False).set_index(["future", "item"])["value"]
    assert [own["", f"vss_{end}"] for end in ("least", "most")] == pytest.approx(block["vss_range"], abs=1e-3)
    assert own["", "evpi_least"] <= own["", "evpi"] <= own["", "evpi_most"] and own["", "expected_cost"] == pytest.approx(summary["system_cost"])
    assert set(block["first_orders"]) == {"expected", "least regret", "dear", "cheap"}
    assert "led" in {order["item"] for order in block["first_orders"]["expected"]}
    assert "多种情景之一 dear 的路径" in (out / "futures" / "dear" / "report.html").read_text()
    leaf = load_run(out / "futures" / "dear").case
    assert {p.value for p in leaf.prices if p.supply == "grid" and p.year == 2028} == {2000.0} and not leaf.futures
    for command in (("export", "out/futures/dear", "--format", "iamc"), ("report", "--form", "cn-910", "out/futures/dear", "--anyway")):
        said = plan(*command)
        assert said.code == 0, said.err
    for command in (("export", "out", "--format", "mps"), ("export", "out/futures/dear", "--format", "mps")):
        said = plan(*command)
        assert said.code == 0, said.err
    columns = {name: columns_of(out / "mps" / f"{name}.mps") for name in costs}
    both = set(columns["dear"]) & set(columns["cheap"])
    assert {name.split(".")[0] for name in both} == {"now"} and any(name.startswith("now.build[") for name in both)
    assert {name.split(".")[0] for name in set(columns["dear"]) - both} == {"dear"}
    for name in costs:
        assert optimum_of(out / "mps" / f"{name}.mps") == pytest.approx(block_least(out, name), rel=1e-6)
    assert optimum_of(out / "futures" / "dear" / "plan.mps") == pytest.approx(block_least(out, "dear"), rel=1e-6)
    assert "is of one future, dear" in plan("--rerun", "out/futures/dear/run.json").err
    used_by_other_commands(plan, tmp_path)
    goes_on(plan, tmp_path, summary)


def used_by_other_commands(plan, tmp_path) -> None:
    """What is made of a leaf says of which future it is; where one run is needed a tree's own folder is refused, with what to name."""
    said = plan("compare", "out", "--out", "cmp")
    assert said.code == 0 and "cheap" in said.out and "The futures are different" in said.out + said.err
    assert "<td>dear</td>" in (tmp_path / "cmp" / "compare.html").read_text()
    assert pd.read_csv(tmp_path / "cmp" / "runs.csv").set_index("item").loc["future", ["cheap", "dear"]].tolist() == ["cheap", "dear"]
    assert "one future of several, dear" in plan("report", "--form", "cn-910", "out/futures/dear", "--anyway").out
    assert "low-carbon by 2028, dear" in (tmp_path / "out" / "futures" / "dear" / "iamc.csv").read_text()
    for command in (("export", "out", "--format", "iamc"), ("explain", "--projects", "out"), ("--park", "park", *GOAL, "--keep", "out", "--from", "2027")):
        said = plan(*command)
        assert said.code == 2 and "name the folder of one of them (out/futures/cheap, out/futures/dear)" in said.err, said.err
    assert "with --no-futures for a run of its own tables" in plan("explain", "--signs", "out/futures/dear").err


def columns_of(path) -> list[str]:
    """Names of the columns of an MPS file, each once."""
    text = path.read_text().split("COLUMNS")[1].split("RHS")[0]
    return list(dict.fromkeys(line.split()[0] for line in text.strip().splitlines() if "MARKER" not in line))


def optimum_of(path) -> float:
    """What an independent reading of the file gives."""
    solver = highspy.Highs()
    solver.silent()
    assert solver.readModel(str(path)) == highspy.HighsStatus.kOk
    solver.setOptionValue("mip_rel_gap", 1e-8)
    solver.run()
    return solver.getInfo().objective_function_value


def block_least(out, name: str) -> float:
    table = pd.read_csv(out / "futures.csv")
    return float(table[(table["future"] == name) & (table["item"] == "least_cost")]["value"].iloc[0])


def goes_on(plan, tmp_path, first) -> None:
    """From 2027 on both futures are open still; from 2028 on it is a plan of one, at the dear price, with what was built before."""
    said = plan("--park", "park", *GOAL, "--keep", "out/futures/dear", "--from", "2027", "--out", "open", "--gap", "1e-6")
    assert said.code == 0 and "which future comes is still open" in said.err, said.err
    then = json.loads((tmp_path / "open" / "summary.json").read_text())
    assert then["system_cost"] == pytest.approx(first["system_cost"], rel=1e-5)
    said = plan("--park", "park", *GOAL, "--keep", "out/futures/dear", "--from", "2028", "--out", "dear", "--gap", "1e-6")
    assert said.code == 0 and "dear has come: its figures hold" in said.err, said.err
    own = read_output(tmp_path / "dear")
    cost = next(leaf["cost"] for leaf in first["futures"]["leaves"] if leaf["name"] == "dear")
    assert own.summary["system_cost"] == pytest.approx(cost, rel=1e-5) and own.facts["options"]["from"] == 2028
    said = plan("--park", "park", *GOAL, "--keep", "dear", "--from", "2028", "--out", "again")
    assert said.code == 2 and "is of none of the futures 'cheap', 'dear'" in said.err


@pytest.mark.slow
def test_another_tree_may_be_planned_and_none(forked, plan, tmp_path):
    (tmp_path / "tree.csv").write_text("future\nas it is\n")
    said = plan("--park", "park", *GOAL, "--out", "out", "--futures", "tree.csv", "--json", "--quiet")
    (leaf,) = json.loads(said.out)["futures"]["leaves"]
    assert leaf["name"] == "as it is" and json.loads(said.out)["system_cost"] == leaf["cost"]
    assert plan("--park", "park", *GOAL, "--out", "alone", "--no-futures", "--quiet").code == 0
    own = read_output(tmp_path / "alone")
    assert own.summary["system_cost"] == pytest.approx(leaf["cost"], rel=1e-3) and own.facts["options"]["has_futures"] is False


def test_what_does_not_go_with_futures_is_refused_at_once(forked, plan):
    said = plan("--park", "park", *GOAL, "--out", "out", "--quick")
    assert said.code == 2 and "--quick: not of a park with futures" in said.err
    said = plan("--park", "park", *GOAL, "--objective", "worst")
    assert said.code == 2 and "--objective worst: is none of expected, cvar, regret" in said.err
    assert plan("--park", "park", *GOAL, "--no-futures", "--objective", "cvar").code == 2


def test_a_future_in_which_the_goal_cannot_be_met_is_named(forked, plan, tmp_path):
    forked.write("future_values.csv", "future,table,name,item,factor\ndear,demand,machines,,4\n")
    said = plan("--park", "park", "--target", "zero-carbon", "--by", "2028", "--out", "out")
    assert said.code == 3 and "cannot be met in these futures, even if they were known from the start: dear" in said.out
    assert "of each future its own output" not in said.out and "out: report.html, summary.json" in said.out
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["blocking"] == ["dear"]
