"""A table that was changed after the run is told of by whatever reads it, and is nothing that others may sign."""

import pytest

RUN = ("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out")
WORDS = "warning: investments.csv: was changed after the run; what stands there now is told"
FUTURES = "future,parent,from_year,probability\nnow,,2026,1\nhigh,now,2027,0.5\nlow,now,2027,0.5\n"
VALUES = "future,table,name,item,year,factor\nhigh,prices,grid,energy,,1.2\nlow,prices,grid,energy,,0.8\n"


@pytest.fixture
def changed(plan, small, tmp_path):
    """A run whose orders were edited."""
    assert plan.once(*RUN).code == 0
    path = tmp_path / "out" / "investments.csv"
    text = path.read_text()
    assert ",2026," in text
    path.write_text(text.replace(",2026,", ",2027,"))
    (tmp_path / "futures.csv").write_text(FUTURES)
    (tmp_path / "future_values.csv").write_text(VALUES)


@pytest.mark.slow
def test_whatever_reads_a_changed_table_warns(plan, changed):
    """One command of each way of reading an output."""
    for words in (("what-if", "out", "--futures", "futures.csv", "--jobs", 1), ("explain", "--rules", "out", "--jobs", 1),
        ("alternatives", "out", "--plans", 1), ("export", "out", "--format", "iamc"),
        (*RUN[:-2], "--keep", "out", "--from", 2027, "--out", "kept")):
        said = plan(*words)
        assert WORDS in " ".join(said.err.split()), (words, said.err)


def test_what_others_sign_is_refused(plan, changed, tmp_path):
    said = plan("report", "--form", "cn-910", "out")
    assert said.code == 2 and not (tmp_path / "out" / "application-cn-910.docx").exists()
    assert said.err.splitlines() == ["out/investments.csv: was changed after the run; plan the park again first", "1 fault"]


@pytest.mark.slow
def test_a_question_leaves_what_the_run_wrote(plan, small, tmp_path):
    """The page and the run made again find no table changed, and the page has the row of demand."""
    assert plan.once(*RUN).code == 0
    swings = (tmp_path / "out" / "swings.csv").read_bytes()
    assert plan("what-if", "out", "--jobs", 1).code == 0 and (tmp_path / "out" / "swings.csv").read_bytes() == swings
    assert "all demand" in (tmp_path / "out" / "report.html").read_text()
    assert "sensitivity.csv" in (tmp_path / "out" / "datapackage.json").read_text()
    assert "was changed" not in plan("report", "out").err and plan("--rerun", "out/run.json", "--out", "again").code == 0
