"""A file that a person names by --to is never one that a run or a park needs."""

import pytest

RUN = ("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out")
ASKED = (("export", "out", "--format", "mps"), ("export", "out", "--format", "iamc"))
#: Files that are there, and one that a question to the run writes.
THEIRS = ("out/summary.json", "out/plan.xlsx", "out/least-cost/costs.csv", "out/worth.csv", "park/park.toml", "park/demand.csv")


@pytest.mark.slow
def test_no_file_of_a_run_or_a_park_is_written_over(plan, small, tmp_path):
    assert plan.once(*RUN).code == 0
    before = {name: (tmp_path / name).read_bytes() for name in THEIRS if name != "out/worth.csv"}
    for words in ASKED:
        for name in THEIRS:
            said = plan.once(*words, "--to", name)
            assert said.code == 2 and f"--to {name}: is a file" in said.err, (words, name, said.err)
            assert said.err.splitlines()[1:] == ["1 fault"]
    assert {name: (tmp_path / name).read_bytes() for name in before} == before and not (tmp_path / "out/worth.csv").exists()


@pytest.mark.slow
@pytest.mark.parametrize("words", ASKED)
def test_what_a_command_wrote_itself_it_writes_again(plan, small, words):
    assert plan.once(*RUN).code == 0
    own = {"mps": "out/plan.mps", "iamc": "out/iamc.csv"}[words[-1]]
    for more in ((), (), ("--to", own), ("--to", "elsewhere"), ("--to", "elsewhere")):
        assert plan.once(*words, *more).code == 0
    for others in ASKED:
        if others != words:
            said = plan.once(*others, "--to", own)
            assert said.code == 2 and "none that was made here" in said.err
