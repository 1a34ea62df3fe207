"""Memory that does not suffice is said: before building where an estimate tells, else in one line of advice."""

import gc
import resource
import subprocess
import sys
import weakref

import pytest

from models.errors import CaseError
from models.inputs import resolve
from planner.examples import park_folder
from planner.machine.resources import give_back
from planner.park import GoalRequest, read_case
from planner.planning import strategy as memory
from planner.planning.strategy import check_memory
from planner.process.streams import LEAST_SPACE

GOAL = ("--park", "park", "--target", "zero-carbon", "--by", 2028)


@pytest.fixture
def inputs(small):
    """Three years of one day."""
    case = read_case(small.folder, goal=GoalRequest("zero-carbon", 2028))
    return resolve(case, case.goal, case.park.base_emissions)


def test_a_run_that_cannot_fit_is_refused_before_it_is_built(inputs, monkeypatch) -> None:
    """A million columns of one matrix take 4.5 GB beside the 0.3 GB of the program, of years by themselves 0.9 GB."""
    monkeypatch.setattr(memory, "available", lambda: 2e9)
    with pytest.raises(CaseError) as refused:
        check_memory(inputs, 1_000_000, is_whole=True)
    assert refused.value.complaints == ("memory: 3 years on 1 typical day need at least 4.8 GB, and 2.0 GB are free; "
        "plan on fewer typical days (--days), or year by year (--method decomposed)",)
    check_memory(inputs, 1_000_000, is_whole=False)
    monkeypatch.setattr(memory, "available", lambda: 1e9)
    with pytest.raises(CaseError, match=r"need at least 1\.2 GB, and 1\.0 GB are free"):
        check_memory(inputs, 1_000_000, is_whole=False)


def test_a_tree_of_futures_that_cannot_fit_may_have_fewer(inputs, monkeypatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 1e9)
    with pytest.raises(CaseError, match=r"need at least 1\.2 GB.*or with fewer futures"):
        check_memory(inputs, 1_000_000, is_whole=False, is_tree=True)


def test_a_run_asks_for_the_memory_first(small, plan, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(memory, "available", lambda: 1e6)
    monkeypatch.setattr("planner.planning.run.RepairLoop", None)
    said = plan(*GOAL, "--out", "out")
    assert said.code == 2 and "memory: 3 years on 1 typical day need at least 0.3 GB, and 0.0 GB are free" in said.err
    assert not (tmp_path / "out").exists()


def test_what_is_available_is_no_more_than_the_address_space_left(monkeypatch) -> None:
    monkeypatch.setattr(memory, "space_limit", lambda: None)
    all_of_it = memory.available()
    monkeypatch.setattr(memory, "space_limit", lambda: 1.0)
    assert memory.available() == 0.0 < all_of_it


def test_what_refers_to_itself_is_given_back() -> None:
    """As a Pyomo model does; the garbage collector may be off."""
    class Model:
        pass
    model = Model()
    model.block = model  # type: ignore[attr-defined]
    is_there = weakref.ref(model)
    gc.disable()
    try:
        del model
        assert is_there() is not None
        give_back()
        assert is_there() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("error", [MemoryError(), MemoryError("std::bad_alloc"), RuntimeError("can't start new thread")])
def test_memory_that_runs_out_ends_in_one_line_of_advice(small, plan, monkeypatch, tmp_path, error) -> None:
    def out(*_):
        raise error
    monkeypatch.setattr("planner.planning.run._resolved", out)
    said = plan(*GOAL, "--out", "out", "--quiet")
    assert said.code == 4 and said.err.startswith("memory ran out and nothing was written; plan on fewer typical days (--days)")
    assert len(said.err.splitlines()) == 1 and not (tmp_path / "out").exists()


def test_a_small_address_space_ends_with_a_sentence_at_once() -> None:
    """Libraries that cannot start their threads would hang, or end without a word."""
    small = int(LEAST_SPACE / 3)
    done = subprocess.run([sys.executable, "-c", "from planner.start import main; main()", "--park", str(park_folder())],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (small, small)), capture_output=True, text=True, timeout=900)
    assert done.returncode == 4
    assert done.stderr == "parkzero needs an address space of 1.6 GB, and ulimit -v leaves it 0.5 GB; raise that limit\n"
