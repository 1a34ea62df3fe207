"""The end of a run fits in 30 lines of 100 columns, with --details in 40; progress is a display on a terminal and plain lines in a log."""

from __future__ import annotations

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

from planner.answer.console import COLUMNS, LINES, print_run, show_progress
from planner.answer.money import Decisions, brief, lines_of, what_to_do
from planner.answer.standing_words import Share, parts_of
from planner.clock import Clock
from planner.language.message import Message, from_json
from planner.language.words import NO_SMALLER, ON_DAYS, SOLVING, TRIAL, YEARS, Sign, put_into, step_of, stopped_by
from planner.machine.stopping import Watch
from planner.park import GoalRequest, read_case
from planner.plan import TARGET
from planner.planning.run import Options, plan_park

GOAL = ("--target", "zero-carbon", "--by", 2028)


def more(count: int) -> str:
    return f"and {count} more"


# --- brief ------------------------------------------------------------------------------------------------------------


def test_everything_is_named_where_there_is_room() -> None:
    years = {2026: Decisions(["pv 1 MW", "led"], 0, 5.0), 2027: Decisions(["battery 2 MWh"], 1, 1.0)}
    rows = brief(years, 60, 10, more)
    assert rows == [([2026], "pv 1 MW · led", 5.0), ([2027], "battery 2 MWh · and 1 more", 1.0)]


def test_lines_that_are_left_go_to_the_dearest_year() -> None:
    things = [f"thing-{i} 10 MW" for i in range(8)]
    years = {2026: Decisions(things, 0, 1.0), 2027: Decisions(things, 0, 9.0)}
    rows = brief(years, 40, 4, more)
    lengths = {of[0]: lines_of(text, 40) for of, text, _ in rows}
    assert lengths == {2026: 1, 2027: 3} and rows[0][1] == "thing-0 10 MW · and 7 more"
    assert rows[1][1].startswith("thing-0 10 MW · thing-1 10 MW")


def test_years_without_a_line_share_the_last_row_and_no_money_is_lost() -> None:
    years = {2026 + i: Decisions([f"thing-{i}"], 1, float(i)) for i in range(20)}
    rows = brief(years, 60, 7, more)
    assert len(rows) == 7 and [of for of, _, _ in rows[:6]] == [[y] for y in range(2040, 2046)]
    assert rows[6][:2] == ([*range(2026, 2040)], "and 28 more")
    assert sum(capital for _, _, capital in rows) == sum(y.capital for y in years.values())


@pytest.mark.parametrize("columns", [12, 30, 77])
@pytest.mark.parametrize("lines", [3, 8, 40])
def test_the_rows_never_take_more_lines_than_there_are(columns, lines) -> None:
    years = {2026 + i: Decisions([f"th{j} {i} MW" for j in range(i % 7 + 1)], i % 3, float(i % 5)) for i in range(20)}
    rows = brief(years, columns, lines, more)
    assert {y for of, _, _ in rows for y in of} == set(years)
    if columns > 30:
        assert sum(lines_of(text, columns) for _, text, _ in rows) <= lines


@pytest.mark.parametrize(("text", "columns"), [("a bb ccc dddd", 4), ("一二三 四五六", 5), ("abcdefghij k", 4), ("x", 1), ("", 3)])
def test_lines_are_counted_as_they_are_printed(text, columns) -> None:
    console = Console(width=columns, file=io.StringIO())
    printed = console.render_lines(console.render_str(text), console.options)
    assert lines_of(text, columns) == max(len(printed), 1)


def test_what_must_not_be_hidden_is_named_where_there_is_no_room_too() -> None:
    years = {
        2026 + i: Decisions(["retire boiler 9 MW", *[f"thing-{j} 10 MW" for j in range(9)]], 2, 9.0 - i, kept=i % 2)
        for i in range(6)
    }
    rows = {of[0]: text for of, text, _ in brief(years, 30, 3, more)}
    assert all("retire boiler 9 MW" in rows[y] for y in (2027, 2029, 2031))


# --- the end of a run -------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("language", first(1, ["en", "zh"]))
def test_a_run_of_twenty_years_ends_in_thirty_lines_of_a_hundred_columns(twenty_years, language) -> None:
    said = twenty_years(language)
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert len(lines) <= LINES == 30 and max(map(cell_len, lines)) <= COLUMNS == 100
    for words in ("Tiny [Park]", "2026", "2045", "zero-carbon" if language == "en" else "零碳", "pv-on-a-roof"):
        assert words in said.out
    assert ("more" if language == "en" else "另有") in said.out


def test_what_is_proven_of_the_cost_of_the_goal_gives_way_to_decisions(small, monkeypatch) -> None:
    """In as many lines as the rest takes with four of decisions the range is left out; in more, and with details, it is told."""
    between = {"typical_days": 0, "cost": 5.0, "least": 4e5, "most": 6e5, "gaps": (0.1, 0.1)}
    monkeypatch.setattr("planner.answer.money.goal_range", lambda facts: between)
    case = read_case(small.folder, [], GoalRequest("zero-carbon", 2028, ()))
    run = plan_park(case, Options(gap=1e-6))

    def lines(most: int, details: bool = False) -> list[str]:
        monkeypatch.setattr("planner.answer.console.LINES", most)
        text = io.StringIO()
        print_run(run, case, Console(file=text, width=COLUMNS), None, details=details)
        return text.getvalue().splitlines()

    long = lines(LINES)
    head = next(n for n, line in enumerate(long) if line.startswith("What to do"))
    rest = head + len(long) - next(n for n, line in enumerate(long) if line.startswith("How emissions fall"))
    assert "proven to cost between" in " ".join(long) and "proven to cost between" in " ".join(lines(rest + 6))
    short = lines(rest + 5)
    assert "proven to cost between" not in " ".join(short) and "The goal costs" in " ".join(short) and len(short) <= rest + 5
    assert "proven to cost between" in " ".join(lines(rest + 5, details=True))


def test_details_have_what_the_lines_leave_out(small, plan) -> None:
    """The thirty lines name neither the gap of each plan nor the cost of a tonne; --details does."""
    short = plan("--park", "park", *GOAL, "--out", "out")
    long = plan("--park", "park", *GOAL, "--out", "out", "--details")
    for words in ("gap in all hours", "abatement", "reference: today's kinds of equipment"):
        assert words not in short.out and words.split()[0] in long.out
    assert short.out.rstrip().endswith("--details tells more") and "--details" not in long.out
    assert short.out.splitlines()[1].startswith("Plan found: 7.2 M CNY in all hours; proven within ")


def test_every_capital_is_in_the_rows(twenty_years) -> None:
    said = twenty_years("en")
    section = said.out.split("What to do in each year")[1].split("How emissions fall")[0]
    printed = sum(float(m) for m in re.findall(r" (\d+\.\d) *$", section, re.MULTILINE))
    whole = float(re.search(r"target +[\d.,]+ +([\d.,]+)", said.out).group(1))
    assert printed == pytest.approx(whole, abs=1.05)  # each row is rounded to 0.1


def test_an_explanation_of_many_lines_is_cut_to_a_page(small, plan) -> None:
    small.edit("park.toml", "last_year = 2028", "last_year = 2080")
    small.write("stages.csv", "standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,gross_ratio,<=,0.01\n")
    said = plan("--park", "park", "--target", "zero-carbon", "--by", 2026, "--out", "out")
    assert said.code == 3 and len(said.out.splitlines()) <= LINES and "summary.json" in said.out.splitlines()[-1]


def test_an_explanation_is_in_the_language_of_who_reads_it(small, plan) -> None:
    small.write("stages.csv", "standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,gross_ratio,<=,0.01\n")
    said = plan("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--language", "zh")
    english, chinese = "Leaving out any one of these rules makes it possible:", "去掉下列任一规则即可实现："
    assert said.code == 3 and chinese in said.out and english not in said.out
    page = small.folder.parent / "out" / "report.html"
    assert chinese in page.read_text(encoding="utf-8") and plan("report", "out", "--language", "en").code == 0
    assert english in page.read_text(encoding="utf-8")


# --- progress ---------------------------------------------------------------------------------------------------------


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


def test_a_retirement_and_a_large_order_are_never_hidden() -> None:
    """Capital 1000 + 9 + 11 + 0.5: above a hundredth of it, 10.2, are the plant and the tank. The boiler of 2 MW is more than a
    thousandth of the 12 MW that stand; the chip of 0.001 MW is not."""
    order = {"unit": "MW", "works_from": 2026, "committed": 0}
    costs = {"plant": (2026, 1000.0), "lamp": (2026, 9.0), "tank": (2027, 11.0), "pump": (2027, 0.5)}
    tables = {
        "costs": pd.DataFrame([(y, "capital", n, c) for n, (y, c) in costs.items()], columns=["year", "item", "name", "value"]),
        "investments": pd.DataFrame(
            [{"technology": n, "year": y, "build": 1.0, "capital_cost": c, **order} for n, (y, c) in costs.items()]),
        "measures": pd.DataFrame(columns=["year", "measure", "capital_cost"]),
        "restoration": pd.DataFrame(columns=["year", "project", "item", "value"]).astype({"value": float}),
        "capacity": pd.DataFrame([(2026, "boiler", 12.0, "MW"), (2026, "chip", 0.001, "MW")],
            columns=["year", "technology", "capacity", "unit"]),
        "retirements": pd.DataFrame([(2027, "boiler", 0, 2.0, "MW"), (2027, "chip", 0, 0.001, "MW")],
            columns=["year", "technology", "ordered", "retired", "unit"]),
    }
    found = what_to_do(tables)
    assert found[2026] == Decisions(["plant 1 MW"], 1, 1009.0, kept=1)
    assert found[2027] == Decisions(["tank 1 MW", "retire boiler 2 MW", "pump 1 MW"], 0, 11.5, kept=2)


def test_in_short_measures_land_and_what_is_retired_of_a_year_are_one_decision_each() -> None:
    """Capital 1000: the plant, two measures of 30 together, 5 ha of two projects for 4, two things retired."""
    costs = [(2026, "capital", "plant", 966.0), (2026, "measures", "led", 20.0), (2026, "measures", "fans", 10.0),
        (2026, "restoration", "wood", 4.0)]
    order = {"technology": "plant", "year": 2026, "build": 3.0, "unit": "MW", "capital_cost": 966.0, "works_from": 2028,
        "committed": 0}
    tables = {
        "costs": pd.DataFrame(costs, columns=["year", "item", "name", "value"]),
        "investments": pd.DataFrame([order]),
        "measures": pd.DataFrame([(2026, "led", 20.0), (2026, "fans", 10.0)], columns=["year", "measure", "capital_cost"]),
        "restoration": pd.DataFrame([(2026, "wood", "planted", 3.0), (2026, "fen", "planted", 2.0)],
            columns=["year", "project", "item", "value"]),
        "capacity": pd.DataFrame([(2026, "boiler", 4.0, "MW"), (2026, "chp", 8.0, "MW")],
            columns=["year", "technology", "capacity", "unit"]),
        "retirements": pd.DataFrame([(2026, "boiler", 0, 2.0, "MW"), (2026, "chp", 0, 5.0, "MW")],
            columns=["year", "technology", "ordered", "retired", "unit"]),
    }
    assert what_to_do(tables, short=True)[2026].named == ["plant 3 MW", "2 measures", "retire chp 5 MW and 1 more",
        "plant 2 projects 5 ha"]
    assert "plant 3 MW (from 2028)" in what_to_do(tables)[2026].named


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


@pytest.mark.parametrize(("language", "title"), [("en", "Roofs of the south"), ("zh", "南区屋顶")])
def test_things_are_called_by_their_titles_in_both_languages(small, plan, language, title):
    text = (small.folder / "technologies.csv").read_text(encoding="utf-8").splitlines()
    named = [f"{text[0]},title_en,title_zh",
        *(line + (",Roofs of the south,南区屋顶" if line.startswith("pv,") else ",,") for line in text[1:])]
    small.write("technologies.csv", "\n".join(named) + "\n")
    said = plan("--park", small.folder, "--target", "zero-carbon", "--by", 2028, "--out", "out", "--language", language)
    assert said.code == 0 and f"{title} " in said.out and " pv " not in said.out


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
