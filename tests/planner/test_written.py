"""Tables of an output that were changed after the run are told to be."""

import json

import pytest

WANTED = ("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out", "--no-verify")
CHANGED = "was changed after the run; what stands there now is told"


@pytest.mark.slow
def test_a_table_that_was_changed_is_named_where_it_is_told_of(small, plan, tmp_path) -> None:
    plan.once(*WANTED)
    assert CHANGED not in plan("report", "out").err
    costs = tmp_path / "out" / "least-cost" / "costs.csv"
    costs.write_text(costs.read_text(encoding="utf-8").replace("2026,", "2027,", 1), encoding="utf-8")
    (tmp_path / "out" / "dispatch.parquet").unlink()
    said = plan("report", "out")
    assert said.code == 0
    told = [line for line in said.err.splitlines() if CHANGED in line]
    assert told == [f"warning: least-cost/costs.csv: {CHANGED}"]
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert f"least-cost/costs.csv: {CHANGED}" in page
    assert "least-cost/costs.csv：运行后被改动" in plan("report", "out", "--language", "zh").err
    assert f"least-cost/costs.csv: {CHANGED}" in plan("compare", "out", "out").out


def test_what_was_added_is_not_asked_about_and_an_output_of_another_format_is_refused_in_a_line(small, plan, tmp_path) -> None:
    plan.once(*WANTED)
    facts = tmp_path / "out" / "run.json"
    said = json.loads(facts.read_text(encoding="utf-8"))
    assert {"summary.json", "costs.csv", "dispatch.parquet", "reference/costs.csv"} <= set(said["tables"])
    (tmp_path / "out" / "remarks.csv").write_text("mine\n", encoding="utf-8")
    assert CHANGED not in plan("report", "out").err
    facts.write_text(json.dumps(said | {"format": 0, "parkzero": "0.9"}), encoding="utf-8")
    for words in (("report", "out"), ("compare", "out", "out"), ("--rerun", "out/run.json"), ("explain", "--projects", "out")):
        assert plan(*words).err.splitlines()[0] == "out: was made by version 0.9; plan it again", words
