"""Options of `plan` that cannot stand together are refused, each pair in a line of its own that names what was given."""

import pytest

GOAL = ("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out")


@pytest.mark.parametrize(("options", "words"), [
    (("--verify", "all"), ["not operated in every hour"]),
    (("--hourly",), ["--quick, --hourly: contradict each other"]),
    (("--days", 0), ["--quick, --days 0: contradict each other"]),
    (("--foresight", 1), ["--foresight, --quick: contradict each other"]),
])
def test_what_a_quick_run_does_not_do_is_refused_all_at_once(small, plan, tmp_path, options, words) -> None:
    said = plan(*GOAL, "--quick", *options)
    assert said.code == 2 and not (tmp_path / "out").exists()
    lines = said.err.strip().splitlines()
    assert len(lines) == len(words) + 1 and all(word in line for word, line in zip(words, lines, strict=False))


def test_only_options_that_were_given_are_named(small, plan) -> None:
    said = plan(*GOAL, "--foresight", 1, "--keep", "nothing")
    assert said.code == 2 and "--foresight, --keep: contradict" in said.err and "--quick" not in said.err
    said = plan(*GOAL, "--no-futures", "--objective", "cvar")
    assert said.code == 2 and "--no-futures, --objective: contradict" in said.err and "--futures and" not in said.err


@pytest.mark.parametrize("objective", ["expected", "cvar", "regret"])
def test_an_objective_of_a_park_without_futures_is_refused(small, plan, tmp_path, objective) -> None:
    said = plan(*GOAL, "--objective", objective)
    assert said.code == 2 and "--objective: chooses between plans for several futures, and there are none" in said.err
    assert not (tmp_path / "out").exists()
