"""Frontiers: ranges, points that are saved and found again, the earliest deadline, the knee."""

import json

import pandas as pd
import pytest

from planner.park import GoalRequest, read_case
from planner.plan import TARGET
from planner.planning.run import Options, WarmStart, plan_park
from planner.questions import session as module
from planner.questions.change import BY
from planner.questions.frontier import curve, frontier, knee
from planner.questions.session import Point

WORDS = "frontier", "--park", "park", "--target", "zero-carbon", "--by", "2029..2030", "--out", "out", "--jobs", 1


@pytest.fixture
def slow(small):
    """0.3 MW of pv a year: 8,760 · 0.9 · 0.5 t less 1,314 MWh · 0.5 a year of building; half of 4,380 t is reached in the third."""
    small.edit("park.toml", "last_year = 2028", "last_year = 2031")
    small.edit("technologies.csv", "pv,solar,0,1,,sun", "pv,solar,0,1,0.3,sun")
    return small


def test_a_range_is_read_from_the_loosest_to_the_tightest():
    assert frontier("by", "2027..2030", 12).values == (2030, 2029, 2028, 2027)
    assert frontier("by", "2027..2039", 3).values == (2039, 2033, 2027)
    assert frontier("cap", "0..30000", 4).values == (30000, 20000, 10000, 0)
    assert frontier("budget", "2e6..1e6", 2).values == (2e6, 1e6) and frontier("cap", "0..5", 2).name(2.5) == "cap-2.5"


@pytest.mark.parametrize(("what", "text", "count"),
    [("by", "2027", 5), ("by", "0..30", 5), ("by", "2027.5..2030", 5), ("cap", "a..b", 5), ("cap", "0..9", 1)])
def test_what_is_no_range_is_said(what, text, count):
    with pytest.raises(ValueError, match=r"--"):
        frontier(what, text, count)


def test_interrupted_the_points_stay_and_the_same_command_goes_on_with_the_others(plan, slow, tmp_path, monkeypatch):
    asked, plan_point = [], module.plan_point
    def second_is_interrupted(point):
        asked.append(point.out.name)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return plan_point(point)
    monkeypatch.setattr(module, "plan_point", second_is_interrupted)
    said = plan(*WORDS)
    assert said.code == 130 and "the plans in out stay" in said.err and not (tmp_path / "out" / "frontier.csv").exists()
    assert plan(*WORDS).code == 0 and asked == ["by-2030", "by-2029", "by-2029"]
    assert pd.read_csv(tmp_path / "out" / "frontier.csv")["point"].tolist() == [2030, 2029]


@pytest.mark.parametrize(("given", "faults"), [
    (("--cap", "0..1e308"), ["--cap 0..1e308: 1e308: is too large; no figure of a park is above 1e12"]),
    (("--budget", "1..1e13", "--points", 1001),
     ["--budget 1..1e13: 1e13: is too large", "--points 1001: is not within 2 to 1000"]),
    (("--cap", "0..9", "--days", -7), ["--days -7: is not within 0 to 366 (0 = every hour)"]),
    (("--cap", "0..9", "--gap", "nan"), ["--gap nan: is not within 0 to 1"]),
    (("--cap", "0..9", "--jobs", -1, "--gap", 1, "--time-limit", 0),
     ["--gap 1: ", "--time-limit 0: ", "--jobs -1: is not within 0 to 1024"]),
    (("--cap", "a..b", "--days", 367), ["--days 367: ", "--cap a..b: is no range"]),
])
def test_options_are_checked_before_anything_is_planned_and_only_what_is_wrong_is_named(plan, small, tmp_path, given, faults):
    said = plan("frontier", "--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", *given)
    lines = said.err.splitlines()
    assert said.code == 2 and len(lines) == len(faults) + 1, said.err
    assert all(line.startswith(fault) for line, fault in zip(lines, faults, strict=False)), said.err
    assert not (tmp_path / "out").exists()


def test_faults_of_the_range_of_the_stage_and_of_the_park_are_told_together(plan, small, tmp_path):
    small.edit("prices.csv", "500", "dear")
    said = plan("frontier", "--park", "park", "--target", "zero", "--by", "2030..1999x", "--out", "out")
    assert said.code == 2 and len(said.err.splitlines()) == 5, said.err
    assert all(words in said.err for words in ("--by 2030..1999x: ", "stage 'zero': is no stage", "prices.csv line 2: ")), said.err
    assert not (tmp_path / "out").exists()


def test_the_knee_is_the_point_furthest_below_the_line_between_the_ends():
    """From (0, 0) to (10, 100): the line is at 50 half way. A cost of 10 there is 0.4 below it, one of 30 at 7 is 0.4 below 0.7 − 0.3."""
    assert knee([0, 5, 7, 10], [0, 10, 31, 100]) == 5 and knee([0, 5, 7, 10], [0, 10, 29, 100]) == 7
    assert knee([10, 5, 0], [0, 10, 100]) == 5
    assert knee([0, 5, 10], [0, 50, 100]) is None and knee([0, 5, 10], [100.0, 100.1, 100.2], noise=0.5) is None
    assert knee([0, 10], [0, 100]) is None


@pytest.mark.slow
def test_the_earliest_deadline_that_can_be_met_is_named(plan, slow, tmp_path):
    said = plan.once("frontier", "--park", "park", "--target", "zero-carbon", "--by", "2026..2030", "--out", "out", "--jobs", 1)
    assert said.code == 0, said.err
    assert "Earliest deadline that can be met, of those tried: 2028; 2027 cannot." in said.out
    rows = pd.read_csv(tmp_path / "out" / "frontier.csv").set_index("point")
    assert rows["status"].to_dict() == {2030: "optimal", 2029: "optimal", 2028: "optimal", 2027: "infeasible", 2026: "implied"}
    costs = rows["system_cost"].dropna()
    assert costs.is_monotonic_increasing and rows["step_cost"][2029] == pytest.approx(costs[2029] - costs[2030])
    assert not (tmp_path / "out" / "by-2026").exists() and "<svg" in (tmp_path / "out" / "frontier.html").read_text()


def test_a_point_has_the_plan_of_a_tighter_one_that_is_cheaper_and_the_bound_of_a_looser_one_that_is_higher(tmp_path):
    """By 2028 costs 110 and is a plan by 2029, too, for which 120 was found; by 2030 costs 95 at least, and so does by 2029."""
    points = []
    for by, cost, bound, verified in ((2030, 100.0, 95.0, False), (2029, 120.0, 90.0, False), (2028, 110.0, 100.0, False),
        (2027, 130.0, 125.0, True)):
        out = tmp_path / f"by-{by}"
        out.mkdir()
        said = {"status": "feasible", "system_cost": cost, "bound": None, "net_emissions_last_year": float(by),
            "verified": verified}
        (out / "summary.json").write_text(
            json.dumps({**said, "typical_days": {"count": 2, "cost": cost, "bound": bound, "gap": 0.1}}))
        (out / "costs.csv").write_text(f"year,item,name,value,unit\n2026,capital,pv,{cost / 2},CNY\n")
        points.append(Point(tmp_path, (), GoalRequest("zero-carbon", by), Options(), out))
    rows = curve(frontier(BY, "2027..2030", 4), points, [point.out for point in points]).rows.set_index("point")
    assert rows["system_cost"].tolist() == [100.0, 110.0, 110.0, 130.0]
    assert rows["folder"].tolist() == ["by-2030", "by-2028", "by-2028", "by-2027"]
    assert rows["capital"].tolist() == [50.0, 55.0, 55.0, 65.0] and rows["net_emissions_last_year"][2029] == 2028.0
    assert rows["bound"].tolist()[:3] == [95.0, 95.0, 100.0] and pd.isna(rows["bound"][2027]), (
        "a bound of days is none of all hours")
    assert rows["gap"].tolist()[:3] == pytest.approx([0.05, 15 / 110, 10 / 110])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["frontier.csv", "frontier.html"])
def test_another_s_file_is_not_overwritten_and_one_of_ours_is(plan, slow, tmp_path, name):
    file = tmp_path / "out" / name
    file.parent.mkdir()
    file.write_text("mine")
    said = plan(*WORDS)
    assert said.code == 2 and f"--out out: holds files of others ({name})" in said.err
    assert file.read_text() == "mine" and [p.name for p in file.parent.iterdir()] == [name], "nothing was planned"
    file.unlink()
    assert plan.once(*WORDS).code == 0
    made = file.read_text()
    file.write_text(made.replace("zero", "none"))
    assert plan(*WORDS).code == 0 and file.read_text() == made


@pytest.mark.slow
def test_a_point_ends_at_its_limit_of_time(plan, slow, tmp_path):
    assert plan(*WORDS, "--time-limit", 60).code == 0
    assert json.loads((tmp_path / "out" / "by-2029" / "run.json").read_text())["options"]["time_limit"] == 60
    refused = plan(*WORDS, "--time-limit", 0)
    assert refused.code == 2 and "--time-limit 0" in refused.err


@pytest.mark.slow
def test_a_park_with_futures_is_warned_that_they_are_not_planned(plan, slow):
    assert "futures" not in plan(*WORDS).err
    slow.write("futures.csv", "future,from_year,probability\ndear,2028,0.3\ncheap,2028,0.7\n")
    slow.write("future_values.csv", "future,table,name,item,factor\ndear,prices,grid,energy,4\n")
    said = plan(*WORDS)
    assert said.code == 0 and said.err.count("warning: the futures of the park are not planned here") == 1


@pytest.mark.slow
def test_a_point_is_the_run_that_the_command_plan_makes(plan, slow, tmp_path):
    assert plan.once(*WORDS).code == 0
    assert plan("--park", "park", "--target", "zero-carbon", "--by", 2029, "--out", "one", "--quiet").code == 0
    costs = [json.loads((tmp_path / place / "summary.json").read_text())["system_cost"] for place in ("out/by-2029", "one")]
    assert costs[0] == pytest.approx(costs[1], rel=1e-6)
    assert plan("--rerun", "out/by-2029/run.json", "--quiet").code == 0


@pytest.mark.slow
def test_any_two_points_are_compared_and_all_of_a_frontier_at_once(plan, slow, tmp_path):
    assert plan.once(*WORDS, "--by", "2026..2030").code == 0
    two = plan("compare", "out/by-2030", "out/by-2028", "--out", "both")
    assert two.code == 0, two.err
    assert "<svg" in (tmp_path / "both" / "compare.html").read_text()
    runs = pd.read_csv(tmp_path / "both" / "runs.csv").set_index("item")
    assert runs.loc["by", ["by-2030", "by-2028"]].tolist() == ["2030", "2028"]
    said = plan("compare", "out", "--csv")
    assert said.code == 0, said.err
    assert said.out.splitlines()[0].endswith("by-2028,by-2029,by-2030"), "2027 cannot be met"


@pytest.mark.slow
def test_what_is_there_already_is_not_planned_again_and_a_changed_park_is(plan, slow, monkeypatch):
    assert plan.once(*WORDS).code == 0
    planned = []
    real = module.plan_point
    monkeypatch.setattr(module, "plan_point", lambda point: planned.append(point.goal.by) or real(point))
    said = plan(*WORDS)
    assert said.code == 0 and planned == [] and "by-2030: optimal, is there already" in said.err
    slow.edit("prices.csv", "500", "510")
    assert plan(*WORDS).code == 0 and planned == [2030, 2029]


@pytest.mark.slow
def test_a_cap_is_the_only_rule_and_a_point_of_it_is_no_run_of_the_park(plan, small, tmp_path):
    """With no cap that binds the plan is the least-cost one; a cap of 0 binds, and half of gross emissions is no rule any more."""
    said = plan("frontier", "--park", "park", "--target", "zero-carbon", "--by", 2027, "--cap", "0..4000", "--points", 3, "--out",
        "out", "--jobs", 1)
    assert said.code == 0, said.err
    assert plan("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "one", "--quiet").code == 0
    rows = pd.read_csv(tmp_path / "out" / "frontier.csv").set_index("point")
    least = json.loads((tmp_path / "one" / "summary.json").read_text())["plans"]["least-cost"]["system_cost"]
    assert rows["system_cost"][4000] == pytest.approx(least, rel=1e-6)
    assert rows["net_emissions_last_year"][0] == pytest.approx(0.0, abs=1e-3)
    rules = pd.read_csv(tmp_path / "out" / "cap-0" / "stages.csv")
    assert set(rules["metric"]) == {"net_ratio"}
    again = plan("--rerun", "out/cap-0/run.json")
    assert again.code == 2 and "is of a park that was changed" in again.err


def test_budgets_hold_in_every_year_and_too_small_ones_cannot_meet_the_goal(plan, small, tmp_path):
    """Half of 4,380 t needs 0.4 MW of pv and more beside the measure: 2 M CNY at 5 M a MW, in the three years to 2028."""
    said = plan("frontier", "--park", "park", "--target", "zero-carbon", "--by", 2028, "--budget", "1e5..5e6", "--points", 2,
        "--out", "out", "--jobs", 1)
    assert said.code == 0, said.err
    rows = pd.read_csv(tmp_path / "out" / "frontier.csv").set_index("point")
    assert rows["status"].to_dict() == {5e6: "optimal", 1e5: "infeasible"} and "0.1 M CNY cannot" in said.out


def test_a_process_that_finds_a_fault_ends_the_command_with_its_sentence(plan, slow):
    said = plan("frontier", "--park", "park", "--target", "zero-carbon", "--by", "2028..2045", "--out", "out", "--points", 2)
    assert said.code == 2 and "2045" in said.err


@pytest.mark.parametrize(("words", "fault"), [
    (["--by", "2028"], "is no range"),
    (["--by", "2028..2030", "--cap", "0..5"], "is no year; beside --cap"),
    (["--by", "2028", "--cap", "0..5", "--budget", "1..2"], "one is varied at a time"),
    (["--by", "2028..2030", "--out", "park"], "holds"),
    (["--by", "2028..2030", "--jobs", "-1"], "--jobs -1"),
])
def test_what_is_wrong_with_the_command_is_said(plan, slow, words, fault):
    said = plan("frontier", "--park", "park", "--target", "zero-carbon", *words)
    assert said.code == 2 and fault in said.err


def test_a_goal_that_no_point_meets_ends_with_exit_code_3(plan, slow):
    said = plan("frontier", "--park", "park", "--target", "zero-carbon", "--by", "2026..2027", "--out", "out", "--jobs", 1)
    assert said.code == 3 and "No point can be met." in said.out


@pytest.mark.slow
def test_the_decomposed_method_begins_where_the_last_point_ended(slow):
    """It finds the same cost, in no more iterations than from nothing; decisions of another park are left alone."""
    options, warm = Options(method="decomposed", compare=False, gap=1e-4), WarmStart()
    costs, counts = {}, {}
    for name, by, given in (("first", 2030, warm), ("warm", 2029, warm), ("cold", 2029, WarmStart())):
        told: list[str] = []
        case = read_case(slow.folder, (), GoalRequest("zero-carbon", by, ()))
        run = plan_park(case, options, lambda step, detail, told=told: told.append(step), warm=given)
        costs[name], counts[name] = run.plans[TARGET].system_cost, told.count("solving target")
    assert warm.best is not None and costs["warm"] == pytest.approx(costs["cold"], rel=2e-4) and counts["warm"] <= counts["cold"]
    slow.edit("park.toml", "last_year = 2031", "last_year = 2030")
    case = read_case(slow.folder, (), GoalRequest("zero-carbon", 2029, ()))
    assert plan_park(case, options, warm=warm).plans[TARGET].status == "optimal"
