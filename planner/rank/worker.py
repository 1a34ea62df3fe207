"""A process that plans changed cases, and how as many of them as there are cores share the work of a ranking.

A process is told what every plan begins from with its first order, then a figure and a factor with each.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from models.errors import SolverError
from planner.process.worker import Pool, ProcessEnded, Worker, answer_orders
from planner.rank.figures import AssumedFigure
from planner.rank.plan import Outcome, Ranking

Job = tuple[AssumedFigure, float]


def shared(ranking: Ranking, jobs: Sequence[Job], cores: int, begins: Callable[[int], None]) -> list[Outcome]:
    """The outcome of each job, found by as many processes as there are cores; `begins` is told the number of each.

    Raises SolverError where a process ends.
    """
    count = min(cores, len(jobs))

    def work(number: int) -> Outcome:
        with pool.free() as process:
            begins(number)
            return process.outcome(jobs[number])

    with Pool(lambda _: _Process(ranking), count) as pool, ThreadPoolExecutor(count or 1) as threads, pool.ended():
        try:
            return list(threads.map(work, range(len(jobs))))
        except ProcessEnded as error:
            raise SolverError.because("--rank: a process that planned ended ({error}); try --cores 1", error=error) from error


class _Process:
    """A process that plans changes of one case."""

    def __init__(self, ranking: Ranking) -> None:
        self.worker = Worker("planner.rank.worker", is_quiet=True)
        self.first: Ranking | None = ranking

    def outcome(self, job: Job) -> Outcome:
        """The outcome of a job. Raises ProcessEnded where the process ends."""
        if self.first is not None:
            self.worker.ask(self.first)
            self.first = None
        found: Outcome = self.worker.ask(job)
        return found

    def end(self) -> None:
        """End the process, whatever it does."""
        self.worker.end()


def main() -> None:
    """Plan what is asked for until nothing more is."""
    logging.getLogger("pyomo").setLevel(logging.CRITICAL)
    known: list[Ranking] = []

    def answer(order: Ranking | Job) -> Outcome | None:
        if isinstance(order, Ranking):
            known.append(order)
            return None
        return known[0].outcome(*order)

    answer_orders(answer)


if __name__ == "__main__":
    main()
