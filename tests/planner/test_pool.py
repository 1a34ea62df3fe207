"""Whole tasks in processes: each keeps to a core, what fails ends all of them, and a process ends with the one that asks."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.errors import CaseError
from planner.machine.resources import cores
from planner.park import read_case
from planner.questions.executor import executor


def test_each_task_has_a_core_and_what_it_refuses_is_told(tmp_path):
    with executor(2) as tasks:
        asked = [tasks.submit(cores) for _ in range(4)]
        assert [own.result() for own in asked] == [1 if hasattr(os, "sched_setaffinity") else cores()] * 4
        if hasattr(os, "getsid"):
            assert tasks.submit(os.getsid, 0).result() != os.getsid(0), "what a terminal sends with Ctrl-C reaches a process that plans"
        with pytest.raises(CaseError) as told:
            tasks.submit(read_case, tmp_path / "none").result()
    with pytest.raises(CaseError) as here, executor(1) as tasks:
        tasks.submit(read_case, tmp_path / "none").result()
    assert told.value.complaints == here.value.complaints and str(told.value) == str(here.value)


def test_what_fails_ends_the_tasks_that_others_wait_for():
    """The first task would sleep for a minute."""
    began = time.monotonic()
    with pytest.raises(TypeError), executor(2) as tasks:
        tasks.submit(time.sleep, 60), tasks.submit()
    assert time.monotonic() < began + 30


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
