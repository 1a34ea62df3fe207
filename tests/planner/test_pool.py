"""A pool of processes: each does one thing at a time, and what fails ends all of them."""

import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import pytest

from planner.process.worker import Pool


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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process has another parent once its own is gone on POSIX only")
def test_a_process_ends_once_the_one_that_asks_is_killed(tmp_path):
    """It is busy for a minute when its parent is killed, which can say nothing any more."""
    busy = "import os, time\nfrom planner.process import worker\n"
    busy += "worker.answer_orders(lambda order: (open(order, 'w').write(str(os.getpid())), time.sleep(60)))\n"
    (tmp_path / "busy.py").write_text(busy)
    asking = f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\nfrom planner.process.worker import Worker\n"
    asking += f"Worker('busy').ask({str(tmp_path / 'number')!r})\n"
    parent = subprocess.Popen([sys.executable, "-c", asking])
    number = tmp_path / "number"
    until = time.monotonic() + 30
    while not (number.exists() and number.read_text()) and time.monotonic() < until:
        time.sleep(0.1)
    parent.kill()
    parent.wait()
    while (alive := _is_alive(int(number.read_text()))) and time.monotonic() < until:
        time.sleep(0.1)
    assert not alive


def _is_alive(number: int) -> bool:
    """True if there is a process of that number that has not ended."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{number}/stat")
    return not stat.exists() or ") Z" not in stat.read_text()
