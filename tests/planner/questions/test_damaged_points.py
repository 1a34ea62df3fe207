"""A damaged plan or answer beside a run is made anew, and that is said: it neither ends a command nor stands in its way for good."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from test_questions import two_plants

#: Ways to damage a file.
DAMAGES = {"no keys": lambda path: path.write_text("{}"),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "empty": lambda path: path.write_bytes(b""), "missing": lambda path: path.unlink(),
    "noise": lambda path: path.write_bytes(bytes(range(256)))}
SAID = "was damaged and is made anew"
#: Command, the folder beside the run, and the table that comes of it.
COMMANDS = {"worth": ("-questions", "worth"), "limits": ("-questions", "limit_costs"), "why-not": ("-questions", "why_not"),
    "alternatives": ("-alternatives", "alternatives")}


#: How a question is called.
CALLED = {"worth": ("explain", "--projects"), "limits": ("explain", "--rules"), "why-not": ("explain", "--not-chosen"),
    "watch": ("explain", "--signs"), "abatement": ("frontier", "--abatement"), "sensitivity": ("what-if",)}


@pytest.fixture
def asked(plan, tmp_path, monkeypatch):
    """Plans the park of two plants; gives a function that asks, and what asks for the first time: once for all tests."""
    two_plants(tmp_path / "park")
    assert plan.once("--park", "park", "--out", "out", "--gap", "1e-6", "--quiet").code == 0
    def ask(command: str, plan=plan):
        words = (*CALLED.get(command, (command,)), "out", *(() if command == "alternatives" else ("--jobs", 1)))
        if command == "alternatives":
            words = (*words, "--plans", 1)
        return plan(*words)
    def first(command: str):
        said = ask(command, plan.once)
        monkeypatch.setattr("planner.answer.page.page.write_page", lambda *_: None)  # answers on the page: test_questions.py
        return said
    ask.first = first
    return ask


@pytest.mark.parametrize(("command", "how"),
    [("worth", "half"), ("worth", "missing"), *((command, "no keys") for command in COMMANDS if command != "worth")])
def test_a_damaged_point_is_made_anew(asked, tmp_path, command, how):
    """Whichever of its files it is; the answer is the one that it was."""
    assert asked.first(command).code == 0
    beside, name = COMMANDS[command]
    table = pd.read_csv(tmp_path / "out" / f"{name}.csv")
    folder = tmp_path / f"out{beside}"
    points = sorted(path for path in folder.iterdir() if path.is_dir())
    for files in (("summary.json", "system_cost.csv"), ("run.json", "capacity.csv")):
        for point, file in zip(points, files, strict=False):
            DAMAGES[how](point / file)
        said = asked(command)
        assert said.code == 0, said.err
        assert said.err.count(SAID) == min(len(points), len(files))
        pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "out" / f"{name}.csv"), table, rtol=1e-6)
    assert SAID not in asked(command).err, "once"


@pytest.mark.parametrize(("file", "how"),
    [("costs.csv", "empty"), ("run.json", "noise"), ("system_cost.csv", "missing")])
def test_a_damaged_point_of_a_frontier_is_made_anew(small, plan, tmp_path, how, file):
    words = ("frontier", "--park", "park", "--target", "zero-carbon", "--by", "2027..2028", "--jobs", 1, "--out", "f")
    assert plan.once(*words).code == 0
    table = (tmp_path / "f" / "frontier.csv").read_text()
    DAMAGES[how](tmp_path / "f" / "by-2028" / file)
    said = plan(*words)
    assert said.code == 0, said.err
    assert f"by-2028: {SAID}" in said.err and "by-2027: optimal, is there already" in said.err
    assert (tmp_path / "f" / "frontier.csv").read_text() == table


def test_what_others_put_beside_a_damaged_point_stays(small, plan, tmp_path):
    """Then the command says so in a line: it deletes nothing that it did not write."""
    words = ("frontier", "--park", "park", "--target", "zero-carbon", "--by", "2027..2028", "--jobs", 1, "--out", "f")
    assert plan.once(*words).code == 0
    point = tmp_path / "f" / "by-2028"
    (point / "run.json").write_text("{}")
    (point / "notes.txt").write_text("mine")
    said = plan(*words)
    assert said.code == 2 and "by-2028: holds files of others" in said.err
    assert (point / "notes.txt").read_text() == "mine" and (point / "costs.csv").is_file()
    assert not list((tmp_path / "f").glob("*.new"))


def test_a_point_of_a_park_as_it_was_is_none_of_the_curve(small, plan, tmp_path):
    """By 2027 could be met with 9,999 t of credits a year and not with 2: the plan that stands there is of another park."""
    small.edit("offsets.csv", "2000", "9999")
    words = ("frontier", "--park", "park", "--target", "zero-carbon", "--by", "2027..2028", "--jobs", 1, "--out", "f")
    assert plan(*words).code == 0
    small.edit("offsets.csv", "9999", "2")
    said = plan(*words)
    assert said.code == 3, said.err
    rows = pd.read_csv(tmp_path / "f" / "frontier.csv").set_index("point")
    assert rows["status"].to_dict() == {2028: "infeasible", 2027: "implied"}


@pytest.mark.parametrize("how", [*DAMAGES, "another number"])
def test_damaged_answers_beside_a_plan_are_found_anew(tmp_path, how):
    """The file of what was found beside the plan of a large park: `{}`, half of it, or one digit of it changed."""
    from planner.questions import session as kept

    path, said = tmp_path / "beside.json", []

    def tell(*words: str) -> None:
        said.append(": ".join(words))

    kept.write_kept(path, {"of": {"gap": 1e-3}, "found": [["technology", "pv", {"factor": 0.5, 3: None}]]})
    assert kept.read_kept(path, tell)["found"] == [["technology", "pv", {"factor": 0.5, "3": None}]] and said == []
    if how == "another number":
        path.write_text(path.read_text().replace("0.5", "0.6"))
    else:
        DAMAGES[how](path)
    assert kept.read_kept(path, tell) == {} and said == ([] if how == "missing" else [f"beside.json: {SAID}"])


@pytest.mark.parametrize("text", ["{}", '{"of": 1', '{"of": {}, "found": {"least-cost": 3}}'])
def test_a_damaged_list_of_near_optimal_plans_is_made_anew(asked, tmp_path, text):
    assert asked.first("alternatives").code == 0
    table = pd.read_csv(tmp_path / "out" / "alternatives.csv")
    found = tmp_path / "out-alternatives" / "found.json"
    before = json.loads(found.read_text())
    found.write_text(text)
    said = asked("alternatives")
    assert said.code == 0, said.err
    assert f"found.json: {SAID}" in said.err
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "out" / "alternatives.csv"), table, rtol=1e-6)
    assert json.loads(found.read_text())["found"].keys() == before["found"].keys()


@pytest.mark.parametrize(("folder", "out"), [("out", "."), ("out/least-cost", "..")])
def test_a_run_may_be_asked_from_within_its_folder(asked, plan, tmp_path, monkeypatch, folder, out):
    """`plan worth .` has no name to put -questions behind; it is that of the folder."""
    monkeypatch.chdir(tmp_path / folder)
    said = plan("explain", "--projects", out, "--jobs", 1)
    assert said.code == 0, said.err
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith("-questions")] == ["out-questions"]
    assert not list(tmp_path.rglob("..*"))


def test_a_point_that_is_no_folder_is_said(asked, tmp_path):
    assert asked.first("worth").code == 0
    point = next(path for path in Path(tmp_path / "out-questions").iterdir() if path.is_dir())
    shutil.rmtree(point)
    point.write_text("mine")
    said = asked("worth")
    assert said.code == 2 and "is a file; name a folder" in said.err and point.read_text() == "mine"
