"""A process that plans changed cases, and how as many of them as there are cores share the work of a ranking.

A process is told the case and the number of days with its first order, then a figure and a factor with each.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Empty, SimpleQueue

from models.case import Case
from models.errors import SolverError
from planner.process.worker import ProcessEnded, Worker, answer_orders
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
    workers = [Worker("planner.rank.worker", is_quiet=True) for _ in range(min(cores, len(jobs)))]

    def work(worker: Worker) -> None:
        """Have a process do one job after the other until none waits. Outcomes go into `found`."""
        worker.ask((case, days))
        while True:
            try:
                number = waiting.get_nowait()
            except Empty:
                return
            begins(number)
            found[number] = worker.ask(jobs[number])

    try:
        with ThreadPoolExecutor(len(workers) or 1) as threads:
            list(threads.map(work, workers))
    except ProcessEnded as error:
        raise SolverError.because("--rank: a process that planned ended ({error}); try --cores 1", error=error) from error
    finally:
        for worker in workers:
            worker.end()
    return [found[number] for number in range(len(jobs))]


def main() -> None:
    """Plan what is asked for until nothing more is."""
    logging.getLogger("pyomo").setLevel(logging.CRITICAL)
    known: list[tuple[Case, int]] = []

    def answer(order: tuple[Case, int] | Job) -> Outcome | None:
        first, second = order
        if isinstance(first, Case):
            known.append((first, int(second)))
            return None
        case, days = known[0]
        return outcome(changed(case, first, second), days)

    answer_orders(answer)


if __name__ == "__main__":
    main()
