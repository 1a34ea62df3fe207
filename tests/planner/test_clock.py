"""What is kept of a time limit is what reading and writing take: the processor time of the start is the measure, at the pace of now."""

import pytest

from planner import clock as clocks
from planner.clock import CAUTION, FIRST_READING, WRITING, YEAR, Clock
from planner.machine.stopping import LEAST_KEPT, MOST_KEPT, Watch


@pytest.fixture
def clock() -> Clock:
    """The program's start took 2 s of processor time, in 2 s."""
    found = Clock(lambda *_: None, Watch(100.0))
    found.start = found._last = found._last_worked = 2.0
    return found


def kept(clock: Clock, plans: int) -> float:
    clock.keep_time(plans)
    return clock.watch.kept - LEAST_KEPT


def test_with_a_core_of_its_own_little_more_is_kept_than_reading_and_writing_took(clock) -> None:
    """On the example park they took 3.3 s of it, 1.6 times what the start takes."""
    assert kept(clock, 0) == pytest.approx(CAUTION * (FIRST_READING + WRITING) * 2.0) and 3.3 < kept(clock, 0) < 1.3 * 3.3


def test_what_reading_took_so_far_counts_for_the_next_plan(clock) -> None:
    clock.note("reading results", 0.2, 0.2)
    clock.note("checking", 1.0, 1.0)
    assert kept(clock, 2) == pytest.approx(CAUTION * (1.2 / 2 + WRITING * 2.0))


def test_beside_other_work_more_is_kept_at_the_pace_of_the_last_steps(clock) -> None:
    """Half of what each step weighs is that of the one before it: (2/2 + 3) s for (2/2 + 1) s of work."""
    clock.note("building", 3.0, 1.0)
    assert clock.pace == pytest.approx(2.0) and kept(clock, 0) == pytest.approx(2.0 * CAUTION * (FIRST_READING + WRITING) * 2.0)
    for _ in range(10):
        clock.note("building", 1.0, 1.0)
    assert clock.pace == pytest.approx(1.0, abs=0.01)


def test_a_step_in_which_other_threads_work_says_nothing_of_the_pace(clock) -> None:
    clock.note("solving target", 60.0, 1.0)
    assert clock.pace == 1.0


def test_never_more_is_kept_than_a_share_of_the_limit(clock) -> None:
    clock.note("building", 1000.0, 1.0)
    clock.keep_time(0)
    assert clock.watch.kept == pytest.approx(MOST_KEPT * 100.0)


def test_hours_take_so_much_a_year(clock) -> None:
    assert clock.of_hours(20) - clock.of_hours(0) == pytest.approx(CAUTION * YEAR * 20 * 2.0)


def test_the_pace_of_a_start_that_waited_counts_at_first(monkeypatch) -> None:
    """A start of 8 s, of which 2 were processor time: reading and writing take four times as long, too."""
    monkeypatch.setattr(clocks.time, "process_time", lambda: 2.0)
    watch = Watch(100.0)
    watch.began -= 8.0
    late = Clock(lambda *_: None, watch)
    assert late.start == 2.0 and late.pace == pytest.approx(4.0, abs=0.1)
