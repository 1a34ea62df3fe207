"""A process that plans changed cases: `python -m planner.rank.worker`, told by the process that started it.

It reads a case and a number of days, then (figure, factor) after (figure, factor), pickled, from stdin, and answers each on what
was its stdout; whatever else would print goes nowhere.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue

from models.case import Case
from models.errors import SolverError
from planner.process.child import command_of, environment
from planner.rank.figures import AssumedFigure, changed
from planner.rank.plan import Outcome, outcome

Job = tuple[AssumedFigure, float]


def shared(case: Case, jobs: Sequence[Job], days: int, cores: int, begins: Callable[[int], None]) -> list[Outcome]:
    """The outcome of each job, found by as many processes as there are cores; `begins` is told the number of each.

    Raises SolverError where a process ends.
    """
    waiting: SimpleQueue[int] = SimpleQueue()
    for number in range(len(jobs)):
        waiting.put(number)
    found: dict[int, Outcome] = {}
    begun = [_started(case, days) for _ in range(min(cores, len(jobs)))]

    def work(process: subprocess.Popen[bytes]) -> None:
        """Give a process one job after the other until none waits; the outcomes go into `found`.

        Raises EOFError, OSError or UnpicklingError where the process ends.
        """
        assert process.stdin is not None and process.stdout is not None
        while True:
            try:
                number = waiting.get_nowait()
            except Empty:
                return
            begins(number)
            pickle.dump(jobs[number], process.stdin)
            process.stdin.flush()
            found[number] = pickle.load(process.stdout)

    try:
        with ThreadPoolExecutor(len(begun) or 1) as threads:
            list(threads.map(work, begun))
    except (EOFError, OSError, pickle.UnpicklingError) as error:
        raise SolverError.because(
            "--rank: a process that planned ended ({error}); try --cores 1", error=error or type(error).__name__
        ) from error
    finally:
        for process in begun:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None and not pipe.closed:
                    pipe.close()
    return [found[number] for number in range(len(jobs))]


def _started(case: Case, days: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        command_of("planner.rank.worker"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment(),
    )
    assert process.stdin is not None
    pickle.dump((case, days), process.stdin)
    process.stdin.flush()
    return process


def main() -> None:
    """Plan what stdin asks for until it ends."""
    logging.getLogger("pyomo").setLevel(logging.CRITICAL)
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        case, days = pickle.load(sys.stdin.buffer)
        while True:
            try:
                figure, factor = pickle.load(sys.stdin.buffer)
            except EOFError:
                return
            pickle.dump(outcome(changed(case, figure, factor), days), answers)
            answers.flush()


if __name__ == "__main__":
    main()
