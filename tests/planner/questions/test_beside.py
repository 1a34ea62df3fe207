"""Questions to a run that the decomposed method has planned: its plan is found again from its tables, and projects come in beside it."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from planner.answer.files import write_run
from planner.clock import Clock
from planner.language.language import Language
from planner.machine.stopping import Watch, watched
from planner.park import GoalRequest, read_case
from planner.planning.methods import DecomposedMethod
from planner.planning.rerun import RunOrder
from planner.planning.run import Options, plan_park
from planner.questions.beside import can_open, found_again, task_of
from planner.questions.session import RunSession
from planner.solve import Trial
from tests.planner.conftest import SMALL

#: Plants of the sun of which the second is dearer, and the third comes in pieces of 0.25 MW and is dearer still; a measure that does not
#: pay; cheap credits, and dear ones. Three kinds of days.
PARK = {
    **SMALL,
    "park.toml": SMALL["park.toml"] + "typical_days = 2\n",
    "technologies.csv": "technology,type,existing,max_capacity,profile\npv,solar,0,1,sun\ndear,mirror,0,1,sun\nblocks,pieces,0,1,sun\n",
    "types.csv": "type,role,green,unit_size\nsolar,converter,1,\nmirror,converter,1,\npieces,converter,1,0.25\n",
    "ports.csv": "type,carrier,direction,ratio\n" + "".join(f"{t},electricity,out,1\n" for t in ("solar", "mirror", "pieces")),
    "costs.csv": "type,parameter,year,value,unit\n"
    + "".join(f"{t},capital_cost,,{cost},CNY/kW\n{t},lifetime,,20,year\n"
        for t, cost in (("solar", 5000), ("mirror", 8000), ("pieces", 10000))),
    "measures.csv": SMALL["measures.csv"] + "pumps,90000000,0,10\n",
    "savings.csv": SMALL["savings.csv"] + "pumps,machines,0.05\n",
    "offsets.csv": "offset,kind,year,price,max_volume\nremovals,removal,,3,200000\nair,removal,,900,2000\n",
    "profiles.csv": "hour,sun\n" + "".join(f"{h},{(0.4 + h // 24 % 3 / 10) * (6 <= h % 24 < 18):g}\n" for h in range(8760)),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> Path:
    """The park, and a run of it by each method, in a folder."""
    folder = tmp_path_factory.mktemp("beside")
    (folder / "park").mkdir()
    for name, text in PARK.items():
        (folder / "park" / name).write_text(text)
    goal = GoalRequest("zero-carbon", 2028, ())
    case = read_case(folder / "park", (), goal)
    for method in ("whole", "decomposed"):
        options = Options(gap=1e-6, compare=False, verify=False, method=method)
        facts = RunOrder(folder / "park", (), goal, options, folder / method).facts()
        write_run(plan_park(case, options), case, folder / method, facts, Language("en"), has_report=False)
    return folder


@pytest.fixture
def folder(runs, tmp_path) -> Path:
    """A copy of them, where `plan` works."""
    shutil.copytree(runs, tmp_path, dirs_exist_ok=True)
    return tmp_path


def asked(plan, folder: Path, run: str) -> pd.DataFrame:
    """why_not.csv of a run."""
    said = plan("explain", "--not-chosen", run, "--jobs", 1)
    assert said.code == 0, said.err
    return pd.read_csv(folder / run / "why_not.csv", keep_default_na=False, na_values={"factor": "", "estimate": ""}).set_index(
        "name")


@pytest.mark.slow
def test_projects_come_in_beside_the_plan(folder, plan, monkeypatch):
    """Pieces at 10,000 a kW come in at the cost of the dear plants, 8,000, and credits at the price of the cheap ones. What was found is
    kept: it is not sought again."""
    rows = asked(plan, folder, "decomposed")
    assert rows["factor"]["blocks"] == pytest.approx(0.8, rel=0.01) and rows["estimate"]["blocks"] == pytest.approx(0.8, rel=0.01)
    assert rows["factor"]["air"] == pytest.approx(3 / 900, rel=0.02)
    assert rows["confirmed"].all() and rows["note"].str.startswith("beside the plan").all()
    assert {*rows.index} == {"air", "blocks", "pumps"}
    monkeypatch.setattr("planner.questions.beside.open_beside", lambda *_: pytest.fail("sought twice"))
    assert asked(plan, folder, "decomposed")["factor"].tolist() == rows["factor"].tolist()


@pytest.mark.slow
def test_beside_the_plan_is_found_what_plans_made_anew_find(folder, plan):
    anew, near = (asked(plan, folder, run) for run in ("whole", "decomposed"))
    assert sorted(near.index) == sorted(anew.index)
    assert near["factor"].to_dict() == pytest.approx(anew["factor"].to_dict(), rel=0.02)
    projects = near.index != "air"
    assert near["estimate"][projects].to_dict() == pytest.approx(anew["estimate"][projects].to_dict(), rel=0.05)
    assert near["estimate"][projects].to_dict() == pytest.approx(near["factor"][projects].to_dict(), rel=0.1)
    assert anew["confirmed"].all() and (anew["note"] == "").all()


@pytest.mark.slow
def test_a_project_is_worth_beside_the_plan_what_plans_made_anew_say(folder, plan, monkeypatch):
    """Pieces that stand in are fractions beside the plan, so that a project is worth a little less there. Signs are told of the same
    plans, and none is made anew."""
    anew, near = {}, {}
    for run, found in (("whole", anew), ("decomposed", near)):
        said = plan("explain", "--projects", run, "--jobs", 1)
        assert said.code == 0, said.err
        for row in pd.read_csv(folder / run / "worth.csv").itertuples():
            found[row.name] = row.worth
    assert near == pytest.approx(anew, rel=0.25) and all(near[name] <= 1.01 * worth for name, worth in anew.items())
    rows = pd.read_csv(folder / "decomposed" / "worth.csv")
    assert rows["note"].str.contains("beside the plan|cannot be met").all()
    monkeypatch.setattr("planner.questions.beside.open_beside", lambda *_: pytest.fail("sought twice"))
    said = plan("explain", "--signs", "decomposed", "--jobs", 1)
    assert said.code == 0, said.err
    assert {*pd.read_csv(folder / "decomposed" / "watch.csv")["name"]} == {*near}


def again(folder: Path) -> tuple[RunSession, Trial | None]:
    """The plan of a run, found again."""
    clock = Clock(lambda *_: None, Watch(None))
    with watched(clock.watch):
        question = RunSession(folder / "decomposed", None, 1, lambda *_: None)
        assert can_open(question.output, question.options, question.inputs)
        return question, found_again(question.output, DecomposedMethod(task_of(question.case, question.options, clock)))


def test_the_plan_of_a_run_is_found_again_from_its_tables(folder):
    question, found = again(folder)
    said = question.output.summary["typical_days"]
    assert found is not None and found.cost == pytest.approx(said["cost"], rel=1e-6) and not found.has_slack


def test_a_plan_that_costs_more_than_the_run_says_is_not_the_run_s(folder):
    """The plants of the sun are taken out of its tables: with what is left the goal is missed."""
    path = folder / "decomposed" / "investments.csv"
    rows = pd.read_csv(path)
    assert {"pv", "dear"} & {*rows["technology"]}
    rows[:0].to_csv(path, index=False)
    assert again(folder)[1] is None


@pytest.mark.slow
def test_alternatives_begin_from_the_run_s_own_plan(folder, plan, monkeypatch):
    """Nothing is planned from nothing, and the least-cost plan has the cost and the bound of the run."""
    monkeypatch.setattr("planner.planning.repair_loop.RepairLoop.plan", lambda *_: pytest.fail("planned anew"))
    (folder / "groups.csv").write_text("group,name\npieces,blocks\n")
    said = plan("alternatives", "decomposed", "--groups", "groups.csv", "--plans", 0)
    assert said.code == 0, said.err
    least, run = (json.loads((folder / name / "summary.json").read_text())["typical_days"]
        for name in ("decomposed-alternatives/least-cost", "decomposed"))
    assert [least["cost"], least["bound"]] == pytest.approx([run["cost"], run["bound"]], rel=1e-6)
    row = pd.read_csv(folder / "decomposed" / "alternatives.csv").iloc[0]
    assert (row["least"], row["least_bound"]) == pytest.approx((0.0, 0.0), abs=1e-6) and row["most"] <= row["most_bound"]
