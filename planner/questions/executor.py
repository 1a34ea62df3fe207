"""Whole tasks, as many at once as there are processes: the plans of a frontier, of questions to a run, of assumed figures.

A task is a function of this project with its arguments; both can be pickled. `executor` gives a `concurrent.futures.Executor`: with
one job they are done here, as they are handed in, else each in a process that keeps to a core of its own. What ends the block by an
exception, Ctrl-C too, ends the processes first, so that nobody waits for them.

What a task raises for the user (`PlanError`) is raised where its result is asked for; SolverError, where its process ended.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import local
from typing import Any

from models.errors import PlanError, SolverError
from planner.process.worker import ProcessEnded, Worker

#: Environment variable with the number of the core, among those that this process may use, that it keeps to.
CORE = "PARKZERO_CORE"
#: The cores that this process may use.
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]


@contextmanager
def executor(jobs: int) -> Iterator[Here | Processes]:
    """So many tasks at once, as long as the block lasts."""
    with Here() if jobs <= 1 else Processes(jobs) as tasks:
        try:
            yield tasks
        except BaseException:
            tasks.end()
            raise


class Here(Executor):
    """One task after the other in this process, each done as it is handed in."""

    def submit(self, task: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """The task, which is done."""
        done: Future[Any] = Future()
        try:
            done.set_result(task(*arguments, **named))
        except PlanError as error:
            done.set_exception(error)
        return done

    def end(self) -> None:
        """Nothing: what was handed in is done."""


class Processes(ThreadPoolExecutor):
    """Each task in the process of one of so many threads."""

    def __init__(self, jobs: int) -> None:
        super().__init__(jobs, initializer=self._begin)
        self._here, self._workers, self._cores = local(), list[Worker](), list(range(jobs))

    def _begin(self) -> None:
        self._here.worker = Worker("planner.questions.executor:answered", variables={CORE: str(self._cores.pop())})
        self._workers.append(self._here.worker)

    def submit(self, task: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """The task, once a process is free."""
        return super().submit(self._asked, partial(task, **named), arguments)

    def _asked(self, task: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        try:
            answer = self._here.worker.ask((task, arguments))
        except ProcessEnded as error:
            raise SolverError.because("a process that planned ended ({error}); the plans before it stay", error=error) from error
        if isinstance(answer, Refused):
            raise answer.error
        return answer

    def end(self) -> None:
        """End all processes, whatever they do."""
        self.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.end()

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.end()


@dataclass(frozen=True)
class Refused:
    """What a task raised for the user."""

    error: PlanError


def answered(order: tuple[Callable[..., Any], tuple[Any, ...]]) -> Any:
    """What a task of another process gives, on the core that is this one's."""
    if hasattr(os, "sched_setaffinity") and CORE in os.environ:
        os.sched_setaffinity(0, {CORES[int(os.environ[CORE]) % len(CORES)]})
    task, arguments = order
    try:
        return task(*arguments)
    except PlanError as error:
        return Refused(error)
