"""A bundle that somebody sent: nothing in it runs, whatever is asked of it and wherever one stands."""

import pytest

GOAL = ("--park", "park", "--target", "zero-carbon", "--by", 2028)
#: A module that leaves a trace where it is imported.
TRAP = "import pathlib\npathlib.Path({trace!r}).write_text('ran')\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [("frontier", "--park", "park", "--target", "zero-carbon", "--by", "2027..2028", "--jobs", 2),
     ("what-if", "park", "--assumed", "--jobs", 1)],
    ids=["points in processes of their own", "figures in processes of their own"],
)
def test_no_module_of_the_folder_that_one_works_in_is_imported(small, plan, tmp_path, command):
    """Processes that a command starts looked for their modules here first: `planner`, `json`, `numpy` of the sender ran."""
    trace = tmp_path / "trace"
    trap = TRAP.format(trace=str(trace))
    for name in ("json.py", "numpy.py", "sitecustomize.py", "planner/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(trap)
    small.write(
        "technologies.csv", "technology,type,existing,max_capacity,max_build,profile\npv,solar-rooftop,0,1,,sun\n"
    )  # its costs are assumed
    for name in ("types.csv", "ports.csv", "costs.csv"):
        (small.folder / name).unlink()
    small.write("goal.toml", 'target = "zero-carbon"\nby = 2028\n')
    said = plan(*command)
    assert not trace.exists()
    assert said.code == 0, said.err


@pytest.mark.slow
@pytest.mark.parametrize("place", ["//host/share/park", "\\\\host\\share\\park", "\\/host/share"])
def test_a_place_on_another_machine_is_not_looked_at(small, plan, tmp_path, place):
    """Windows would sign in there with the name of whoever opens the bundle."""
    import json

    assert plan.once(*GOAL, "--out", "out", "--no-verify").code == 0
    facts = json.loads((tmp_path / "out" / "run.json").read_text())
    facts["options"]["park"] = place
    (tmp_path / "out" / "run.json").write_text(json.dumps(facts))
    for command in (("--rerun", "out/run.json"), ("export", "out", "--format", "iamc"), ("explain", "--projects", "out")):
        said = plan(*command)
        assert said.code == 2 and "on another machine; say where it is" in said.err


def test_only_tables_of_the_output_are_looked_at(small, plan, tmp_path):
    """`tables` of a run.json may name any file of the machine; whether that has changed is nobody's business."""
    import json

    assert plan.once(*GOAL, "--out", "out", "--no-verify").code == 0
    facts = json.loads((tmp_path / "out" / "run.json").read_text())
    secret = tmp_path / "secret.csv"
    secret.write_text("x")
    facts["tables"] |= {"../secret.csv": "0", str(secret): "0", "costs.csv": "0"}
    (tmp_path / "out" / "run.json").write_text(json.dumps(facts))
    said = plan("report", "out")
    assert said.code == 0, said.err
    assert "costs.csv: was changed after the run" in said.err and "secret" not in said.err
