"""The same case, options and versions give the same tables; `--rerun` repeats a run and says what is another one now."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

METHODS = ("whole", "decomposed")
#: Plans by either method, in one process.
TWICE = f"""
import sys
from planner.command.cli import main
words = sys.argv[1:]
for method in {METHODS}:
    sys.argv = ["plan", *words[:-1], words[-1] + "-" + method, "--method", method]
    try:
        main()
    except SystemExit as end:
        assert not end.code, end.code
needless = sys.modules.keys() & ("pyomo.environ", "scipy.stats", "scipy.optimize", "scipy.cluster")
assert not needless, needless
"""
GOAL = ("--park", "park", "--target", "zero-carbon", "--by", 2028)


def assert_same_tables(old: Path, new: Path) -> None:
    """Every number to 1e-6 of itself, every text exactly."""
    names = sorted(p.relative_to(old) for p in [*old.rglob("*.csv"), *old.rglob("*.parquet")])
    assert len(names) > 30
    for name in names:
        read = pd.read_csv if name.suffix == ".csv" else pd.read_parquet
        pd.testing.assert_frame_equal(read(old / name), read(new / name), rtol=1e-6, atol=1e-9)


def test_the_same_park_gives_the_same_tables_whatever_the_order_of_sets(small, tmp_path) -> None:
    """By either method; the order of Python's sets is another one in every process. And none of them waits for what no plan of a few
    days needs: it takes longer to import than such a plan."""
    small.edit("technologies.csv", "pv,solar,0,1,,sun", "pv,solar,0,1,,sun\npv-b,solar,0,1,,sun\npv-c,solar,0.1,1,,sun")
    for seed in ("1", "2"):
        subprocess.run([sys.executable, "-c", TWICE, *map(str, GOAL), "--quiet", "--out", f"out{seed}"], cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True, timeout=900)
    for method in METHODS:
        assert_same_tables(tmp_path / f"out1-{method}", tmp_path / f"out2-{method}")


def test_a_run_is_repeated(small, plan, tmp_path) -> None:
    small.write("offers.csv", "type,parameter,year,value,unit\nsolar,capital_cost,,4000,CNY/kW\n")
    (small.folder / "offers.csv").rename(tmp_path / "offers.csv")
    plan.once(*GOAL, "--milestone", "low-carbon=2026", "--costs", "offers.csv", "--gap", 1e-5, "--method", "decomposed",
        "--no-verify", "--out", "out")
    said = plan("--rerun", "out/run.json")
    assert said.code == 0 and "out-again: the same as out: " in said.err
    assert_same_tables(tmp_path / "out", tmp_path / "out-again")
    first, second = (json.loads((tmp_path / out / "run.json").read_text()) for out in ("out", "out-again"))
    for facts in (first, second):
        del facts["seconds"]
    assert first == second and first["options"]["verify"] is False and first["seeds"] == {"highs": 0}
    assert {"highspy", "pyomo", "scipy", "python", "parkzero"} <= set(first["versions"])
    assert {"park.toml", "--costs 1: offers.csv", "catalogue/types.csv"} <= set(first["files"])


def test_a_park_that_has_changed_is_not_planned_again(small, plan, tmp_path) -> None:
    plan.once(*GOAL, "--out", "out")
    small.edit("costs.csv", "5000", "5001")
    small.write("budget.csv", "year,capital\n2027,1000\n")
    said = plan("--rerun", "out/run.json")
    assert said.code == 2
    line = "park: has changed since out/run.json was written (budget.csv, costs.csv); plan it anew instead of again"
    assert said.err.splitlines()[0] == line and not (tmp_path / "out-again").exists()


def test_other_versions_are_a_warning(small, plan, tmp_path) -> None:
    plan.once(*GOAL, "--out", "out")
    facts = json.loads((tmp_path / "out" / "run.json").read_text())
    here = facts["versions"]["highspy"]
    facts["versions"]["highspy"] = "1.0.0"
    (tmp_path / "out" / "run.json").write_text(json.dumps(facts))
    said = plan("--rerun", "out/run.json", "--out", "new")
    assert said.code == 0 and f"warning: out/run.json: was made with highspy 1.0.0, {here} is here; numbers may differ" in said.err


def test_a_run_moved_together_with_its_park_is_repeated(small, plan, tmp_path, monkeypatch) -> None:
    """And nothing of it says where on the machine it stood."""
    plan(*GOAL, "--out", "out")
    assert str(tmp_path) not in (tmp_path / "out" / "run.json").read_text()
    (tmp_path / "elsewhere" / "far").mkdir(parents=True)
    for name in ("park", "out"):
        shutil.move(tmp_path / name, tmp_path / "elsewhere" / name)
    monkeypatch.chdir(tmp_path / "elsewhere" / "far")
    assert plan("--rerun", tmp_path / "elsewhere" / "out" / "run.json", "--out", "new", "--quiet").code == 0


def test_a_park_that_is_gone_is_said(small, plan, tmp_path) -> None:
    plan.once(*GOAL, "--out", "out")
    shutil.rmtree(small.folder)
    said = plan("--rerun", "out/run.json")
    assert said.code == 2 and said.err.startswith("the park is not at ")


@pytest.mark.parametrize(("text", "line"),
    [("{", "is no JSON"), ("[" * 100_000, "is no JSON"), ("[]", "is no run.json of ours"), ("{}", "has no 'options'"),
     ('{"options": null}', "options: should be"), ('{"options": {"by": 1, "days": "x"}}', "options.days: should be a valid integer"),
     (None, "cannot be read")])
def test_what_is_no_run_is_said(plan, tmp_path, text, line) -> None:
    if text is not None:
        (tmp_path / "run.json").write_text(text)
    said = plan("--rerun", "run.json")
    assert said.code == 2 and said.err.startswith("--rerun run.json: ") and line in said.err
    assert not re.search(r"Traceback|object is|subscriptable|unpack|NoneType|attribute", said.err), "words of Python"


def test_options_beside_rerun_are_refused(small, plan) -> None:
    plan.once(*GOAL, "--out", "out")
    said = plan("--rerun", "out/run.json", "--gap", 0.1, "--time-limit", 9, "--out", "new")
    assert said.code == 2 and said.err.startswith("--rerun: repeats a run as it was; leave out --gap, --time-limit")


def test_a_run_repeated_into_its_own_folder_is_compared_with_what_stood_there(small, plan, tmp_path) -> None:
    """The cost of the earlier run is spoilt, so that the two are not the same."""
    plan.once(*GOAL, "--out", "out")
    assert "out: the same as what stood in out before: " in plan("--rerun", "out/run.json", "--out", "out").err
    file = tmp_path / "out" / "summary.json"
    facts = json.loads(file.read_text())
    now = facts["system_cost"]
    file.write_text(json.dumps(facts | {"system_cost": now * (1 + 1e-5)}))
    said = plan("--rerun", "out/run.json", "--out", tmp_path / "out").err
    assert f"out: another system_cost than what stood in out before: {now}, then " in said
