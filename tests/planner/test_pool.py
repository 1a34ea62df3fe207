"""A pool of processes: each does one thing at a time, and what fails ends all of them."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from planner.process.pool import Pool


class Standing:
    """A process that stands still until it is ended."""

    def __init__(self, number: int) -> None:
        self.number, self.ended, self.busy = number, Event(), 0

    def end(self) -> None:
        """End it."""
        self.ended.set()


def test_processes_start_as_a_pool_is_entered_and_end_as_it_is_left():
    pool = Pool(Standing, 3)
    assert pool.members == []
    with pool:
        started = list(pool.members)
        assert [own.number for own in started] == [0, 1, 2] and not any(own.ended.is_set() for own in started)
    assert all(own.ended.is_set() for own in started)


def test_a_process_is_given_to_one_thread_at_a_time():
    """Two at once, as the barrier needs; never one process twice."""
    together, asked = Barrier(2, timeout=20), Counter()

    def use(_: int) -> None:
        with pool.free() as process:
            process.busy += 1
            assert process.busy == 1
            together.wait()
            asked[process.number] += 1
            process.busy -= 1

    with Pool(Standing, 2) as pool, ThreadPoolExecutor(4) as threads:
        list(threads.map(use, range(8)))
    assert sum(asked.values()) == 8 and set(asked) == {0, 1}


def test_what_fails_ends_the_processes_that_others_wait_for():
    """The second thread waits for a process that would never answer; the first one fails."""

    def use(number: int) -> None:
        with pool.free() as process:
            if number == 0:
                raise ValueError("fails")
            assert process.ended.wait(20)

    with pytest.raises(ValueError, match="fails"), Pool(Standing, 2) as pool, ThreadPoolExecutor(2) as threads, pool.ended():
        list(threads.map(use, range(2)))
    assert all(own.ended.is_set() for own in pool.members)
