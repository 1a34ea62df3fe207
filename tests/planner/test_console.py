"""The end of a run fits in 30 lines of 100 columns; progress is a display on a terminal and plain lines in a log."""

import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.cells import cell_len
from rich.console import Console
from slowly import first

from planner.answer.console import COLUMNS, LINES, Share, parts_of, print_run, show_progress
from planner.answer.money import Decisions, what_to_do
from planner.clock import Clock
from planner.language.message import Message, from_json
from planner.language.words import NO_SMALLER, ON_DAYS, SOLVING, TRIAL, YEARS, Sign, put_into, step_of, stopped_by
from planner.machine.stopping import Watch
from planner.park import GoalRequest, read_case
from planner.plan import TARGET
from planner.planning.run import Options, plan_park

GOAL = ("--target", "zero-carbon", "--by", 2028)


@pytest.fixture
def long(small):
    """The small park over twenty years, with twelve measures and as many suns, so that every year has something to do."""
    small.edit("park.toml", "last_year = 2028", "last_year = 2045")
    names = [f"pv-on-a-roof-with-a-name-{i}" for i in range(12)]
    rows = "".join(f"{n},solar,0,0.08,0.01,sun\n" for n in names)
    small.write("technologies.csv", "technology,type,existing,max_capacity,max_build,profile\n" + rows)
    small.write("measures.csv",
        "measure,capital_cost,fixed_cost,lifetime\n" + "".join(f"led-{i},{9000 + i},0,3\n" for i in range(12)))
    small.write("savings.csv", "measure,demand,saving\n" + "".join(f"led-{i},machines,0.01\n" for i in range(12)))
    small.edit("costs.csv", "5000,CNY/kW", "1000,CNY/kW")
    small.edit("offsets.csv", "300,2000", "300,")
    small.edit("stages.csv", "gross_ratio,<=,0.5", "gross_ratio,<=,0.94")
    return small


@pytest.fixture(scope="module")
def said_once() -> dict[str, Any]:
    """Language -> what the run of twenty years said, once it is made."""
    return {}


@pytest.fixture
def twenty_years(long, plan, said_once):
    """Runs the park of twenty years in a language, once; gives what was said."""
    def run(language: str) -> Any:
        if language not in said_once:
            said_once[language] = plan("--park", "park", *GOAL, "--out", "out", "--gap", 0.01, "--language", language)
        return said_once[language]
    return run


@pytest.mark.slow
@pytest.mark.parametrize("language", first(1, ["en", "zh"]))
def test_a_run_of_twenty_years_ends_in_thirty_lines_of_a_hundred_columns(twenty_years, language) -> None:
    said = twenty_years(language)
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert len(lines) <= LINES == 30 and max(map(cell_len, lines)) <= COLUMNS == 100
    for words in ("Tiny [Park]", "2026", "2045", "zero-carbon" if language == "en" else "零碳", "pv-on-a-roof"):
        assert words in said.out
    assert ("more" if language == "en" else "另有") in said.out
    assert ("Approve the orders of 2026 now" if language == "en" else "现在应批准 2026 年的订货") in said.out
    assert ("not ordered" if language == "en" else "尚非订货") in said.out.replace("\n", " ").replace("  ", " ")


@pytest.mark.slow
def test_details_have_what_the_lines_leave_out(small, plan) -> None:
    """The thirty lines name neither the gap of each plan nor the cost of a tonne; --details does."""
    short = plan("--park", "park", *GOAL, "--out", "out")
    long = plan("--park", "park", *GOAL, "--out", "out", "--details")
    for words in ("gap in all hours", "abatement", "today's kinds of equipment, optimised"):
        assert words not in short.out and words.split()[0] in long.out
    assert short.out.rstrip().endswith("--details tells more") and "--details" not in long.out
    assert short.out.splitlines()[1].startswith("Plan found: in all hours it costs 7.2 M CNY, at most ")


@pytest.mark.slow
def test_every_capital_is_in_the_rows(twenty_years) -> None:
    said = twenty_years("en")
    section = said.out.split("What to do in each year")[1].split("How emissions fall")[0]
    printed = sum(float(m) for m in re.findall(r" (\d+\.\d) *$", section, re.MULTILINE))
    whole = float(re.search(r"target +[\d.,]+ +([\d.,]+)", said.out).group(1))
    assert printed == pytest.approx(whole, abs=1.05)  # each row is rounded to 0.1


@pytest.mark.slow
def test_an_explanation_of_many_lines_is_cut_to_a_page(small, plan) -> None:
    small.edit("park.toml", "last_year = 2028", "last_year = 2080")
    small.write("stages.csv", "standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,gross_ratio,<=,0.01\n")
    said = plan("--park", "park", "--target", "zero-carbon", "--by", 2026, "--out", "out")
    assert said.code == 3 and len(said.out.splitlines()) <= LINES and "summary.json" in said.out.splitlines()[-1]
    assert said.out.splitlines()[2].startswith(("Remedies", "No single change"))  # before the rules that break


def tell(progress) -> None:
    """What a run tells, as the decomposed method words it."""
    clock = Clock(progress, Watch())
    with clock.step("building"):
        pass
    with clock.step("solving target"):
        progress("solving target", Sign("linear 3: bound 560,000,000, best 570,000,000, 3.2 s", 0.5, 0.01754))


def test_a_log_has_plain_lines_and_a_quiet_one_none() -> None:
    log = io.StringIO()
    with show_progress(Console(file=log)) as progress:
        tell(progress)
    assert log.getvalue().splitlines() == ["building", "solving target",
        "solving target linear 3: bound 560,000,000, best 570,000,000, 3.2 s · 19 % done, about 10 s left, gap 1.754%"]
    log = io.StringIO()
    with show_progress(Console(file=log), quiet=True) as progress:
        tell(progress)
    assert log.getvalue() == ""


def test_a_log_has_a_line_for_each_phase_and_not_for_each_trial() -> None:
    """40 trials of two phases, and 20 years: four lines. A warning is told whenever there is one."""
    log = io.StringIO()
    def trial(name: str, count: int) -> Sign:
        told = Message(TRIAL, phase=Message(name), count=count, bound="1", best="2", seconds="3")
        return put_into(ON_DAYS, Sign(told, 0.5, 0.01), count=12)
    with show_progress(Console(file=log)) as progress:
        for i in range(40):
            progress("solving target", trial("relaxed" if i < 30 else "whole", i))
            progress("solving reference", trial("relaxed", i))  # beside it
        for i in range(20):
            progress("operating target in every hour", Sign(Message(YEARS, count=i, years=20, text=f"year {i}"), i / 20))
        progress("warning", "one")
        progress("warning", "another")
    lines = log.getvalue().splitlines()
    assert [line.split(":")[0] for line in lines[:4]] == ["solving target on 12 typical days",
        "solving reference on 12 typical days", "solving target on 12 typical days", "operating target in every hour 0 of 20 years"]
    assert lines[4:] == ["warning one", "warning another"]


def test_a_terminal_shows_one_line_with_share_time_bound_best_and_gap_and_is_clean_again() -> None:
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=140)
    with show_progress(console) as progress:
        tell(progress)
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen.getvalue())
    assert re.search(
        r"0:00:0\d 19 % done, about 10 s left, gap 1.754% · solving target linear 3: bound 560,000,000, best 570,000,000, 3.2 s",
        shown)
    assert "building" not in shown.split("\r")[-2]
    assert screen.getvalue().count("\x1b[2K") > 0  # the line is taken away


def test_the_line_is_one_however_much_is_told_and_a_first_plan_stays_above_it() -> None:
    screen = io.StringIO()
    with show_progress(Console(file=screen, force_terminal=True, width=80, height=40)) as progress:
        for i in range(30):
            progress(f"stage {i}", f"[bold]{i}[/] " + "long " * 40)
        progress("a first plan", "after 12 s")
        progress.display.refresh()
        drawn = screen.getvalue()
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", drawn)
    assert "a first plan after 12 s" in shown.splitlines()
    assert "0 % done · stage 29 [bold]29[/] long" in shown.splitlines()[-1].split("\r")[-1]
    assert len(shown.splitlines()[-1].split("\r")[-1].rstrip()) <= 80 and "\x1b[1A" not in drawn  # never up by a line


def test_the_share_never_falls_and_the_gap_of_a_search_only_falls() -> None:
    """Weights 8, 30, 32 and so on: half of a solve is 8 + 15 of 120 parts. A repair solves within the share that there was."""
    seconds = iter([0.0, 21.0, 36.0, 36.0, 61.0, 61.0])
    share = Share(parts_of(is_verified=True), lambda: next(seconds))
    told = []
    for step, sign in (("solving target", Sign("whole 1", 0.5, 0.02)), ("solving target", Sign("whole 2", 0.4, 0.03)),
        ("solving on a few days", Sign("linear 1")), ("operating target in every hour", Sign("10 of 10 years", 1.0)),
        ("solving target", Sign("relaxed 1", 0.1))):
        share.take(step, sign)
        told.append(share.told())
    assert told == ["19 % done, about 90 s left, gap 2.000%", "19 % done, about 3 min left, gap 2.000%",
        "19 % done, about 3 min left", "58 % done, about 40 s left", "58 % done, about 40 s left"]


def test_the_share_of_plans_side_by_side_is_that_of_both() -> None:
    """Weights 8, 30, 32 of the target plan and 18, 12, 5 of the others, of 120: what is done of one ends nothing of the other."""
    seconds = iter([0.0, *[36.0] * 9])
    share = Share(parts_of(is_verified=True), lambda: next(seconds))
    told = []
    for step, sign in (("solving target", Sign("whole 1", 0.5, 0.02)), ("solving least-cost", Sign("known 1", 0.0, 0.5)),
        ("solving target", Sign("whole 2", 0.5, 0.03)), ("operating least-cost in every hour", Sign("5 of 10 years", 0.5)),
        ("operating target in every hour", Sign("10 of 10 years", 1.0)), ("solving reference", Sign("whole 1", 0.0)),
        ("writing", "")):
        share.take(step, sign)
        told.append((int(100 * share.done), share.gap))
    assert told == [(19, 0.02), (19, 0.5), (19, 0.02), (100 * (23 + 24) // 120, None), (100 * (70 + 24) // 120, None),
        (100 * (70 + 30) // 120, None), (100 * 114 // 120, None)]


def test_plans_to_compare_with_come_in_any_order_and_a_repair_ends_nothing() -> None:
    """Of 120 parts: reference 5 and 4, business as usual 1, least-cost 18 and 12. What has not begun is not done."""
    share = Share(parts_of(is_verified=True))
    told = []
    for step, done in (("solving reference", 0.0), ("operating reference in every hour", 0.5), ("solving reference", 0.0),
        ("solving business-as-usual", 0.0), ("solving least-cost", 0.5), ("operating least-cost in every hour", 0.5)):
        share.take(step, Sign("", done))
        told.append(120 * share.done)
    assert told == pytest.approx([0, 5 + 2, 5 + 2, 9, 9 + 1 + 9, 9 + 1 + 18 + 6])


def test_a_plan_that_is_checked_is_solved_where_it_is_not_operated() -> None:
    share = Share(parts_of(is_verified=False))
    share.take("solving target", "whole 1")
    share.take("checking", "target")
    share.take("solving least-cost", "whole 1")
    assert share.done == pytest.approx(38 / 68)


def test_a_contract_stands_first_and_what_is_small_is_counted() -> None:
    """A lamp of 9 is less than a hundredth of 1,009. The boiler of 2 MW is more than a thousandth of the 12 MW that stand; the chip
    of 0.001 MW is not. A contract is named once, in its first year."""
    order = {"unit": "MW", "works_from": 2026, "committed": 0}
    costs = {"plant": (2026, 1000.0), "lamp": (2026, 9.0), "tank": (2027, 11.0), "pump": (2027, 0.5)}
    tables = {
        "costs": pd.DataFrame([(y, "capital", n, c) for n, (y, c) in costs.items()], columns=["year", "item", "name", "value"]),
        "investments": pd.DataFrame(
            [{"technology": n, "year": y, "build": 1.0, "capital_cost": c, **order} for n, (y, c) in costs.items()]),
        "contracts": pd.DataFrame([(y, "wind", "contracted", 3.0, "MW") for y in (2026, 2027)],
            columns=["year", "supply", "item", "value", "unit"]),
        "measures": pd.DataFrame(columns=["year", "measure", "capital_cost"]),
        "restoration": pd.DataFrame(columns=["year", "project", "item", "value"]).astype({"value": float}),
        "capacity": pd.DataFrame([(2026, "boiler", 12.0, "MW"), (2026, "chip", 0.001, "MW")],
            columns=["year", "technology", "capacity", "unit"]),
        "retirements": pd.DataFrame([(2027, "boiler", 0, 2.0, "MW"), (2027, "chip", 0, 0.001, "MW")],
            columns=["year", "technology", "ordered", "retired", "unit"]),
    }
    found = what_to_do(tables)
    assert found[2026] == Decisions(["contract wind 3 MW", "plant 1 MW"], 1, 1009.0)
    assert found[2027] == Decisions(["tank 1 MW", "pump 1 MW", "retire boiler 2 MW"], 0, 11.5)


@pytest.mark.parametrize(("facts", "words"), [
    ({"verified": True}, "holds in every hour"),
    ({"verified": True, "repairs": 1}, "holds in every hour after one repair"),
    ({"verified": True, "repairs": 2}, "holds in every hour after 2 repairs"),
    ({"verified": False}, "unverified: not shown to hold in every hour"),
    ({"verified": False, "status": "feasible", "failure": "1 MW of heat"}, "does not hold in every hour, see summary.json"),
    ({"status": "feasible", "note": stopped_by(NO_SMALLER)}, "Plan found (the search ended above the gap asked for): "),
    ({"status": "feasible", "note": stopped_by("the time limit")}, "Plan found (stopped at a limit): "),
])
def test_the_first_lines_say_whether_the_plan_holds(small, facts, words) -> None:
    case = read_case(small.folder, goal=GoalRequest("zero-carbon", 2028, ()))
    run = plan_park(case, Options(gap=1e-6, compare=False))
    told = replace(run, plans={TARGET: replace(run.target, **facts)})
    console = Console(width=COLUMNS, file=io.StringIO())
    print_run(told, case, console, None)
    text = " ".join(console.file.getvalue().split())
    assert words in text and ("stopped at a limit" in text) == ("stopped at a limit" in words)


def test_a_rule_that_holds_only_within_its_tolerance_is_said_to_be_so(small) -> None:
    """0.21500016 is no more than 0.215 and a thousandth; that the rule holds is never said without it."""
    case = read_case(small.folder, goal=GoalRequest("zero-carbon", 2028, ()))
    run = plan_park(case, Options(gap=1e-6, compare=False))
    stages = run.target.tables["stages"].assign(limit=0.215, sense="<=", value=0.2, tolerance=1e-3)
    texts = []
    for value in (0.2, 0.21500016):
        own = stages.assign(value=[value, *stages["value"].iloc[1:]])
        told = replace(run, plans={TARGET: replace(run.target, tables={**run.target.tables, "stages": own})})
        console = Console(width=COLUMNS, file=io.StringIO())
        print_run(told, case, console, None)
        texts.append(console.file.getvalue())
    count = (stages["year"] == stages["year"].iloc[0]).sum()
    assert " hold, " not in texts[0] and f"{count} hold, 1 within 0.001" in texts[1]


def test_a_rule_beyond_stages_that_does_not_hold_is_never_left_out(small) -> None:
    case = read_case(small.folder, goal=GoalRequest("zero-carbon", 2028, ()))
    run = plan_park(case, Options(gap=1e-6, compare=False))
    row = {"year": 2028, "rule": "direct", "metric": "self_use_share", "value": 0.5, "sense": ">=", "limit": 0.6, "tolerance": 1e-3}
    for holds in (True, False):
        tables = {**run.target.tables, "rules": pd.DataFrame([{**row, "holds": holds}])}
        console = Console(width=COLUMNS, file=io.StringIO())
        print_run(replace(run, plans={TARGET: replace(run.target, tables=tables)}), case, console, None)
        assert ("rules beyond stages: direct self_use_share 2028 do not hold" in console.file.getvalue()) is not holds


def test_the_last_sign_of_a_run_stands_in_a_file_for_another_program(tmp_path: Path) -> None:
    """Half of solving the target plan, which has 30 parts of a run, after the 8 before it."""
    file, step = tmp_path / "p.json", step_of(SOLVING, "target")
    with show_progress(Console(file=io.StringIO()), quiet=True, file=file) as progress:
        progress("choosing typical days", "")
        progress(step, Sign(Message("removing slack, {turn}: {slack} is left", turn=1, slack=2), done=0.5, gap=0.02))
        told = json.loads(file.read_text())
        assert from_json(told["step"]) == step and from_json(told["detail"]) == "removing slack, 1: 2 is left"
        assert told["gap"] == 0.02 and told["done"] == pytest.approx(23 / sum(parts_of(True).values()))
        progress(step, Sign("the same step, at once", done=0.6))
        assert json.loads(file.read_text()) == told  # twice a second at most
        progress("writing", "out")
        assert json.loads(file.read_text())["step"] == "writing"
    assert [path.name for path in tmp_path.iterdir()] == ["p.json"]
    with show_progress(Console(file=io.StringIO()), file=tmp_path / "gone" / "p.json") as progress:
        progress("writing", "out")  # nobody can be told, and the run goes on
