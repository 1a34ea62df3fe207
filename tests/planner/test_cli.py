"""The command line is a contract: files, columns, streams, exit codes, and what a fault looks like."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
import pytest

from models.errors import SolverError
from planner.answer import files
from planner.answer.files import ALWAYS, REMEDY_COLUMNS
from planner.command import run
from planner.command.options import RENAMED
from planner.plan import TARGET, Plan, Run
from planner.tables import place
from planner.tables.output import read_output

GOAL = ("--target", "zero-carbon", "--by", 2028, "--milestone", "low-carbon=2026")
#: The contract of design/architecture.md.
COLUMNS = {
    "investments": ["year", "technology", "build", "unit", "capital_cost", "works_from", "works_until", "committed", "currency",
        "embodied"],
    "capacity": ["year", "technology", "capacity", "unit"],
    "measures": ["year", "measure", "capital_cost", "works_until", "currency"],
    "emissions": ["year", "item", "value", "unit"],
    "costs": ["year", "item", "name", "value", "unit"],
    "system_cost": ["year", "item", "name", "value", "unit"],
    "stages": ["year", "stage", "metric", "value", "sense", "limit", "tolerance", "holds", "factors", "numerator", "denominator"],
}
FILES = {"summary.json", "investments.csv", "capacity.csv", "measures.csv", "offsets.csv", "energy.csv", "emissions.csv",
    "costs.csv", "system_cost.csv", "stages.csv", "dispatch.parquet", "run.json"}
ITEMS = {"scope1", "scope2_location", "scope2_market", "scope3", "gross", "avoidance", "removal_credits", "captured_removals",
    "restoration", "restoration_uptake", "net", "base"}
#: Rules that 1 MW of sun cannot meet, and that no single removal makes possible.
NET_TOO_LOW = (
    "standard,stage,order,metric,sense,limit\nladder,low-carbon,1,gross_ratio,<=,0.95\nladder,zero-carbon,3,net_ratio,<=,-0.1\n")
OUT_OF_REACH = """standard,stage,order,metric,sense,limit
ladder,low-carbon,1,gross_ratio,<=,0.95
ladder,zero-carbon,3,gross_ratio,<=,0.1
"""


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def unwrapped(text: str) -> str:
    """What was printed without the line ends that a narrow console puts in."""
    return " ".join(text.split())


def planned(plan, *more: object):
    """A run of the small park that must succeed."""
    said = plan("--park", "park", *GOAL, "--out", "out", *more)
    assert said.code == 0, said.err
    return said


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> dict[str, object]:
    """The run of the small park as it is, once it is made: `folder`, what it left, and `said`."""
    return {"folder": tmp_path_factory.mktemp("made") / "run"}


@pytest.fixture
def made(small, plan, tmp_path, kept):
    """A run of the small park as it is, made once and copied for each test; what it said."""
    if "said" not in kept:
        kept["said"] = planned(plan)
        shutil.copytree(tmp_path, kept["folder"])
    else:
        shutil.copytree(kept["folder"], tmp_path, dirs_exist_ok=True)
    return kept["said"]


def test_a_run_writes_the_files_columns_and_facts_of_the_contract(made, tmp_path) -> None:
    assert left_in(tmp_path / "out") >= FILES and left_in(tmp_path) == {"park", "out"}
    for name, columns in COLUMNS.items():
        assert [*pd.read_csv(tmp_path / "out" / f"{name}.csv").columns] == columns, name
    assert set(pd.read_csv(tmp_path / "out" / "emissions.csv")["item"]) >= ITEMS
    for name, tables in read_output(tmp_path / "out").plans.items():
        written = {f"{table}.csv" for table, rows in tables.items() if table in ALWAYS or not rows.empty} | {"datapackage.json", "dispatch.parquet"}
        folder = tmp_path / "out" / name
        assert left_in(folder) == written if name != "target" else left_in(folder.parent) >= written
    said = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert said["status"] == "optimal"
    assert (said["target"], said["by"], said["milestones"]) == ("zero-carbon", 2028, {"low-carbon": 2026})
    assert said["blocking"] == [] and said["bound"] <= said["system_cost"]
    assert said["gap"] == pytest.approx((said["system_cost"] - said["bound"]) / said["system_cost"], abs=1e-9)
    assert set(said["plans"]) == {"target", "least-cost", "reference", "business-as-usual"}
    assert {"status", "system_cost", "bound", "gap"} <= set(said["plans"]["reference"])
    costs = pd.read_csv(tmp_path / "out" / "system_cost.csv")["value"].sum()
    assert costs == pytest.approx(said["system_cost"], rel=1e-9)
    said = made
    assert "solving target" in said.err and "solving" not in said.out
    for words in ("Tiny [Park]", "zero-carbon by 2028", "Plan found", "above the least possible", "pv 0.9 MW", "least-cost", "reference"):
        assert words in said.out and (words not in said.err or words in ("least-cost", "reference"))


def test_the_goal_of_the_park_is_taken_where_none_is_asked_for(small, plan, tmp_path) -> None:
    small.write("goal.toml", 'target = "low-carbon"\nby = 2027\n')
    said = plan("--park", "park", "--json")
    assert said.code == 0 and json.loads(said.out)["target"] == "low-carbon"
    assert (tmp_path / "plan-park" / "summary.json").is_file()  # a folder named after the park


def test_json_prints_the_summary_and_nothing_else(small, plan, tmp_path) -> None:
    said = planned(plan, "--json", "--quiet")
    assert said.err == "" and json.loads(said.out) == json.loads((tmp_path / "out" / "summary.json").read_text())


def test_quiet_prints_one_line(small, plan, tmp_path) -> None:
    (tmp_path / "out").mkdir()  # an empty folder is filled
    said = planned(plan, "--quiet")
    assert said.err == "" and len(said.out.splitlines()) == 1
    assert said.out.startswith("zero-carbon by 2028: optimal, in all hours it costs 7.2 M CNY, at most ")


def test_a_goal_out_of_reach_ends_with_3_and_names_rule_year_and_amount(small, plan, tmp_path) -> None:
    small.write("stages.csv", OUT_OF_REACH)
    said = plan("--park", "park", *GOAL, "--out", "out")
    assert said.code == 3
    # 90 % of 8760 MWh (led), half of that from the sun: 3942 MWh at 0.5 t/MWh, where 438 t are allowed.
    assert "zero-carbon by 2028 cannot be met: 1,533 t too much in 2028 for gross emissions (gross_ratio)" in unwrapped(said.out)
    assert "Traceback" not in said.out + said.err
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert summary["status"] == "infeasible" and summary["system_cost"] is None
    (rule,) = summary["blocking"]
    assert (rule["stage"], rule["metric"], rule["year"], rule["unit"]) == ("zero-carbon", "gross_ratio", 2028, "t")
    assert rule["amount"] == pytest.approx(1533.0, rel=1e-6) and "investments.csv" not in left_in(tmp_path / "out")


def test_a_goal_out_of_reach_replaces_the_tables_of_an_older_run(small, made, plan, tmp_path) -> None:
    small.write("stages.csv", OUT_OF_REACH)
    said = plan("--park", "park", *GOAL, "--out", "out", "--json")
    assert said.code == 3 and json.loads(said.out)["blocking"]
    assert left_in(tmp_path / "out") == {"summary.json", "run.json", "explain.csv", "names.csv", "report.html", "datapackage.json"}


def test_the_ways_out_of_a_goal_out_of_reach_are_a_table(small, plan, tmp_path) -> None:
    """Half of the sun-lit hours' power and 2000 t of credits are left: more credits make up for the rest."""
    small.write("stages.csv", NET_TOO_LOW)
    said = plan("--park", "park", *GOAL, "--out", "out")
    assert said.code == 3
    table = pd.read_csv(tmp_path / "out" / "explain.csv")
    assert tuple(table.columns) == REMEDY_COLUMNS
    remedy = table.set_index(["table", "name", "parameter"]).loc[("offsets", "removals", "max_volume")]
    # 3942 t of power (led) less 1971 t (sun) leave 1971 t gross, and net must be 438 t below nothing.
    assert (remedy["now"], remedy["unit"], remedy["together"]) == (2000, "t/year", False)
    assert remedy["needed"] == pytest.approx(1971 + 438, rel=1e-5)
    known = table.dropna(subset=["system_cost"])
    assert (known["extra_cost"] > 0).all()
    assert "more credits of removals: 2,409 instead of 2,000 t/year; system cost" in unwrapped(said.out)


def test_all_faults_are_told_at_once_and_nothing_is_written(small, plan, tmp_path) -> None:
    small.edit("technologies.csv", "technology,type,existing,max_capacity", "technology,type,existing,max_capcity")
    small.edit("profiles.csv", "23,0\n", "")
    small.edit("types.csv", "solar,converter,,1", "solar,converter,95,1")
    small.edit("offsets.csv", "removal,,300", "removal,,-300")
    small.edit("ports.csv", "solar,electricity", "solarpv,electricity")
    (small.folder / "savings.csv").unlink()
    (small.folder / "savings.csv").mkdir()
    said = plan("--park", "park", "--target", "zero-carbon", "--by", 2031, "--out", "out", "--gap", 5)
    assert said.code == 2 and said.out == ""
    for words in ("technologies.csv line 1: column 'max_capcity'", "did you mean 'max_capacity'?", "profiles.csv", "23",
        "types.csv line 2: charge_efficiency = 95", "write a share (0.95)", "offsets.csv line 2: price = -300", "is below 0",
        "solarpv", "2031", "--gap", "savings.csv: is a folder", "8 faults; nothing was written"):
        assert words in said.err, words
    assert "Traceback" not in said.err and left_in(tmp_path) == {"park"}


@pytest.mark.parametrize(("arguments", "words"), [
    (("--days", 3, "--hourly"), "--days, --hourly: contradict each other"),
    (("--days", -1), "--days -1: is not within 0 to 366"),
    (("--gap", 2), "--gap 2: is not within 0 to 1"),
    (("--time-limit", 4), "--time-limit 4: is not at least 5 seconds"),
    (("--time-limit", "1e300"), "--time-limit 1e+300: is above a year of seconds"),
    (("--time-limit", "nan"), "--time-limit nan: is not at least 5 seconds"),
    (("--milestone", "low-carbon"), "is not STAGE=YEAR"),
    (("--milestone", "low-carbon=²"), "is not STAGE=YEAR"),
    (("--milestone", "low-carbon=" + "1" * 5_000), "is not STAGE=YEAR"),
    (("--by", 1999), "--target zero-carbon --by 1999: is long before base_year 2025"),
    (("--costs", "offers.csv"), "offers.csv"),
    (("--frobnicate",), "No such option"),
    (("--out", "--quiet"), "Option '--out' requires an argument"),
    (("--language", "--no-verify"), "Option '--language' requires an argument"),
    (("--out", "frontier", "--gap", "--json"), "Option '--gap' requires an argument"),
    (("--by", "soon"), "Invalid value for '--by'"),
])
def test_a_wrong_option_ends_with_2(small, plan, tmp_path, arguments, words) -> None:
    said = plan("--park", "park", *GOAL, "--out", "out", *arguments)
    assert said.code == 2 and words in said.err and left_in(tmp_path) == {"park"}


def test_a_link_to_nothing_is_told_and_not_taken_for_a_file_that_is_absent(small, plan, tmp_path) -> None:
    for name in ("goal.toml", "profiles.csv", "budget.csv", "park.toml"):
        (small.folder / name).unlink(missing_ok=True)
        (small.folder / name).symlink_to("nowhere")
        assert f"{name}: is a link to nothing" in plan("check", "park").err
    (tmp_path / "other").symlink_to("nowhere")
    assert "other: is a link to nothing" in plan("check", "other").err
    (tmp_path / "loop").symlink_to("loop")
    assert plan("check", "loop").code == 2


@pytest.mark.parametrize("name", ["x" * 300, "x/" * 3_000])
def test_a_name_that_no_file_can_have_is_told(small, plan, name) -> None:
    for arguments in (("check", name), ("--park", name, *GOAL), ("--park", "park", *GOAL, "--out", name), ("new", name),
        ("report", name), ("compare", name, name), ("--park", "park", *GOAL, "--costs", name), ("--rerun", name),
        ("export", name, "--format", "iamc")):
        said = plan(*arguments)
        assert said.code == 2, (arguments[0], said.err)
        assert "mistake" not in said.err


def test_a_park_or_goal_or_example_that_is_not_there_is_told(small, plan) -> None:
    said = plan("--park", "park")
    assert said.code == 2 and "--target, --by: are missing" in said.err
    said = plan("--park", "nowhere", *GOAL)
    assert said.code == 2 and "nowhere: is missing" in said.err
    said = plan("new", "mine", "--from", "steelwork")
    assert said.code == 2 and "did you mean 'steelworks'?" in said.err


@pytest.mark.parametrize(
    ("files", "out", "words"),
    [
        ({"out/thesis.txt": "mine"}, "out", "--out out: holds files of others"),
        ({"out/summary.json": "{}"}, "out", "--out out: holds files of others"),  # of another program
        ({"out": "mine"}, "out", "--out out: is a file"),
        ({}, "no/such/out", "does not exist"),
        ({}, "/proc/out", "cannot be written to"),
        ({}, "park", "--out park: holds files of others"),
    ],
)
def test_a_place_that_is_not_ours_is_refused_before_anything_is_solved(small, plan, tmp_path, files, out, words) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    said = plan("--park", "park", *GOAL, "--out", out)
    assert (said.code, words in said.err, "solving" in said.err) == (2, True, False), said.err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_fault_leaves_an_older_output_as_it_was(small, made, plan, tmp_path) -> None:
    before = {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir() if p.is_file()}
    small.edit("prices.csv", "500", "much")
    assert plan("--park", "park", *GOAL, "--out", "out").code == 2
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir() if p.is_file()} == before


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(("where", "what"), [(run, "plan_park"), (files, "_write_tables"), (files, "write_json")])
def test_an_interrupted_run_leaves_no_draft(small, plan, tmp_path, monkeypatch, where, what) -> None:
    monkeypatch.setattr(where, what, interrupted)
    said = plan("--park", "park", *GOAL, "--out", "out")
    assert said.code == 130 and "Traceback" not in said.err and left_in(tmp_path) == {"park"}


def test_an_interruption_while_moving_in_leaves_the_older_output(small, made, plan, tmp_path, monkeypatch) -> None:
    """Where two folders cannot be exchanged in one step."""
    monkeypatch.setattr(place, "exchanged", lambda *_: False)
    before = (tmp_path / "out" / "summary.json").read_text()
    rename = Path.rename
    def stop_at_the_new_one(path: Path, target: Path) -> Path:
        if target == tmp_path / "out" and path.name == "new":
            raise KeyboardInterrupt
        return rename(path, target)
    monkeypatch.setattr(Path, "rename", stop_at_the_new_one)
    small.edit("prices.csv", "500", "600")
    assert plan("--park", "park", *GOAL, "--out", "out").code == 130 and left_in(tmp_path) == {"park", "out"}
    assert (tmp_path / "out" / "summary.json").read_text() == before


@pytest.mark.slow
@pytest.mark.parametrize("at_once", [True, False])
def test_a_new_output_takes_the_place_of_the_older_one(small, made, plan, tmp_path, monkeypatch, at_once) -> None:
    before = (tmp_path / "out" / "summary.json").read_text()
    (tmp_path / "out" / "explain.csv").write_text("")
    at_once_here = place.exchanged
    if not at_once:
        monkeypatch.setattr(place, "exchanged", lambda *_: False)
    elif not at_once_here(*(Path(tempfile.mkdtemp(dir=tmp_path)) for _ in range(2))):
        pytest.skip("this system cannot exchange two folders in one step")
    for left in tmp_path.glob("tmp*"):
        left.rmdir()
    small.edit("prices.csv", "500", "600")
    assert plan("--park", "park", *GOAL, "--out", "out").code == 0 and left_in(tmp_path) == {"park", "out"}
    assert (tmp_path / "out" / "summary.json").read_text() != before and not (tmp_path / "out" / "explain.csv").exists()


def test_a_solver_without_an_answer_ends_with_4(small, plan, tmp_path, monkeypatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise SolverError("HiGHS stopped with status 'failed'")
    monkeypatch.setattr(run, "plan_park", fails)
    said = plan("--park", "park", *GOAL, "--out", "out")
    assert said.code == 4 and said.err.splitlines()[-1] == "HiGHS stopped with status 'failed'" and left_in(tmp_path) == {"park"}


def test_a_run_that_stops_without_a_plan_ends_with_4(small, plan, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(run, "plan_park", lambda *_, **__: Run({TARGET: Plan(TARGET, "failed")}, 4380.0, "CNY", 0))
    assert plan("--park", "park", *GOAL, "--out", "out").code == 4
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["status"] == "failed"


def test_a_mistake_of_ours_is_a_sentence_and_a_log(small, plan, tmp_path, monkeypatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")
    monkeypatch.setattr(run, "plan_park", breaks)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    said = plan("--park", "park", *GOAL, "--out", "out")
    assert said.code == 4 and "a mistake in parkzero (ZeroDivisionError: oh); please report it with" in said.err
    assert "Traceback" not in said.err
    (log,) = tmp_path.glob("plan-*.log")
    assert "ZeroDivisionError: oh" in log.read_text()


def test_new_makes_a_park_that_check_finds_right(plan, tmp_path) -> None:
    said = plan("new", "mine", "--from", "steelworks")
    assert said.code == 0 and "park.toml" in left_in(tmp_path / "mine")
    said = plan("check", "mine")
    assert said.code == 0 and "mine: nothing wrong" in said.out
    assert "by-capacity" not in said.out  # a choice between two charges, of which either may pay
    plan("new", "lake")
    assert "feeder: by-capacity: never costs less than another scheme of the connection" in plan("check", "lake").out
    assert "Values assumed, by table and grade" in said.out and "assumed costs.csv" not in said.out and said.err == ""
    said = plan("check", "mine", "--all")
    assert said.out.count("assumed costs.csv") > 50


@pytest.mark.parametrize("options", [(), ("--blank",), ("--from", "steelworks")])
def test_new_makes_no_folder_with_the_name_of_a_workbook(plan, tmp_path, options) -> None:
    said = plan("new", "mine.xlsx", *options)
    assert said.code == 2 and "mine.xlsx: is the name of a workbook; add --excel" in said.err
    assert not (tmp_path / "mine.xlsx").exists()
    assert plan("new", "mine.xlsx", "--excel").code == 0 and (tmp_path / "mine.xlsx").is_file()


def test_an_option_before_a_subcommand_is_taken_where_that_has_it(small, plan, tmp_path) -> None:
    """After the subcommand it wins."""
    (tmp_path / "offers.csv").write_text("type,parameter,year,value,unit\nsolar,retirement_cost,,-4000,CNY/kW\n")
    assert plan("--costs", "offers.csv", "check", "park").err.startswith("offers.csv line 2: value = -4000 CNY/kW: is below 0")
    assert plan("--language", "fr", "report", "x").err.startswith("--language fr: is none of en, zh")
    assert not plan("--language", "fr", "report", "x", "--language", "zh").err.startswith("--language")


@pytest.mark.parametrize(("words", "said"), [
    (("--gap", 0.1, "--no-verify", "report", "x"), "--no-verify, --gap: `plan report` has no such option; it has --anyway, --details, --finance, --form, --language, --park, --to"),
    (("--quiet", "catalogue"), "--quiet: `plan catalogue` has no such option; it has --language"),
    (("--park", "park", "check", "park"),
     "--park: `plan check` has no such option; it has --all, --baseline, --costs, --datapackage, --drawing, --futures, --language, "
     "--out, --replace",),
    (("--out", "x", "report", "x"), "--out: `plan report` has no such option; it has --anyway, --details, --finance, --form, --language, --park, --to"),
    (("--json", "compare", "x", "y"), "--json: `plan compare` has no such option; it has --csv, --language, --out"),
])
def test_an_option_before_a_subcommand_that_has_none_such_is_refused(plan, words, said) -> None:
    """It would be ignored."""
    answer = plan(*words)
    assert (answer.code, answer.err.splitlines()[0]) == (2, said)


def test_check_reads_cost_tables_laid_over_the_park(small, plan, tmp_path) -> None:
    rows = "type,parameter,year,value,unit\nsolarr,capital_cost,,4000,CNY/kW\n"
    (tmp_path / "offers.csv").write_text(rows)
    said = plan("check", "park", "--costs", "offers.csv")
    assert said.code == 0
    assert "warning: offers.csv line 2: type 'solarr': no technology or link of the park is of this type" in said.out
    (tmp_path / "offers.csv").write_text(rows.replace("solarr,capital_cost,,4000", "solar,retirement_cost,,-4000"))
    said = plan("check", "park", "--costs", "offers.csv")
    assert said.code == 2 and said.err.startswith("offers.csv line 2: value = -4000 CNY/kW: is below 0")


def test_check_counts_what_was_assumed_and_says_every_warning(small, plan) -> None:
    small.edit("technologies.csv", "pv,solar", "pv,solar-rooftop")
    said = plan("check", "park", "--all")
    every = [line for line in said.out.splitlines() if line.startswith("assumed ")]
    assert len(every) > 5
    brief = plan("check", "park")
    assert brief.code == 0 and len(brief.out.splitlines()) < len(every)
    rows = [line.split() for line in brief.out.splitlines()]
    heads = next(row for row in rows if row[:1] == ["table"])
    for table in ("costs.csv", "types.csv"):
        row = next(r for r in rows if r[:1] == [table])
        assert row[-2] == str(sum(line.startswith(f"assumed {table}: ") for line in every)), row
    assert heads[-2:] == ["all", "names"]
    warnings = [line for line in said.out.splitlines() if line.startswith("warning: ")]
    assert warnings == [line for line in brief.out.splitlines() if line.startswith("warning: ")]


def test_help_and_version_end_with_0(plan) -> None:
    assert "--target" in plan().out and "--target" in plan("--help").out and plan("--version").out.startswith("parkzero ")


def script() -> str:
    return str(Path(sys.executable).parent / "plan")


@pytest.mark.slow
def test_the_console_script_gives_results_streams_and_exit_code(small, tmp_path) -> None:
    small.write("stages.csv", OUT_OF_REACH)
    command = [script(), "--park", "park", *map(str, GOAL), "--out", "out"]
    env = {**os.environ, "PYTHONWARNINGS": "default"}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=900, env=env, check=False)
    assert done.returncode == 3 and "cannot be met" in done.stdout and "solving target" in done.stderr
    assert "Traceback" not in done.stderr and "Warning" not in done.stderr and left_in(tmp_path) == {"park", "out"}


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_command_of_before_answers_with_what_it_is_now(plan, old, new) -> None:
    said = plan("--language", "en", *old.split(), "x")
    assert (said.code, said.out, said.err) == (2, "", f"plan {old} is now plan {new}\n")


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["check", "--help"], ["catalogue", "battery"]], ids=" ".join)
def test_what_needs_no_plan_imports_nothing_that_plans(words, tmp_path) -> None:
    """They take long to import, and nobody who asks for help waits for them."""
    code = f"""
import sys
from planner.command import cli
sys.argv = ["plan", *{words}]
try:
    cli.main()
except SystemExit as end:
    assert not end.code
print(*sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    imported = set(done.stdout.splitlines()[-1].split())
    assert "planner.command.cli" in imported
    assert imported.isdisjoint({"pint", "pyomo", "pandas", "numpy", "scipy", "highspy", "distributed"})


def test_a_package_that_is_missing_is_said_in_one_line(small, tmp_path) -> None:
    code = "import sys; sys.modules['pandas'] = None; from planner.start import main; main()"
    command = [sys.executable, "-c", code, "--park", "park", *map(str, GOAL), "--out", "out"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 4 and done.stderr.startswith("parkzero cannot start (") and len(done.stderr.splitlines()) == 1


def test_a_pipe_that_closes_is_no_fault(tmp_path) -> None:
    command = f"{script()} catalogue | head -n 1"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, timeout=900, check=False)
    assert len(done.stdout.splitlines()) == 1 and done.stderr == ""


def test_check_draws_the_park_into_a_file_of_its_own(small, plan, tmp_path):
    from xml.etree import ElementTree

    assert plan("check", "park", "--drawing", "park.svg").code == 0
    texts = [text.text for text in ElementTree.parse(tmp_path / "park.svg").getroot().iter("{http://www.w3.org/2000/svg}text")]
    assert "electricity" in texts
    assert "--drawing: park: is a folder" in plan("check", "park", "--drawing", "park").err
