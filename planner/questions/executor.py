"""Whole tasks, as many at once as there are processes or workers: the plans of a frontier, of questions, of assumed figures.

A task is a function of this project with its arguments; both can be pickled. `executor` gives a `concurrent.futures.Executor`: with
one job they are done here, as they are handed in, else each in a process that keeps to a core of its own, or on a worker of a Dask
cluster. What ends the block by an exception, Ctrl-C too, ends the processes first, so that nobody waits for them.

The tasks of a cluster are done in the folder of who asks, which all its workers must see. Dask does those of a worker that is lost
on another one; where the scheduler, or the last worker, is lost, the question ends: what was answered is kept, and the same
command goes on. Dask asks nobody who they are; an encrypted connection (tls://) has its certificates from Dask's own
configuration (distributed.comm.tls).

What a task raises for the user (`PlanError`) is raised where its result is asked for; SolverError, where its process ended.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Lock, Thread, local
from typing import Any, TypeVar

from models.errors import CaseError, PlanError, SolverError
from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import listed
from planner.machine.resources import versions
from planner.process.worker import ProcessEnded, Worker

T = TypeVar("T")

#: Environment variable with the number of the core, among those that this process may use, that it keeps to.
CORE = "PARKZERO_CORE"
#: The cores that this process may use.
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
#: Of a cluster: seconds to reach the scheduler; between looks at its workers; without any, before a question is given up.
REACH, LOOK, PATIENCE = 10.0, 2.0, 30.0
#: Attempts at a task whose worker is lost.
TRIES = 5
#: A process of a worker does one task at a time: it holds what the one before has found.
_one = Lock()


@contextmanager
def executor(jobs: int, scheduler: str = "") -> Iterator[Here | Processes | Cluster]:
    """So many tasks at once, as long as the block lasts; with the address of a Dask scheduler on its workers."""
    with Cluster(scheduler) if scheduler else Here() if jobs <= 1 else Processes(jobs) as tasks:
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

    def shared(self, value: T) -> T:
        """What many tasks are given: itself."""
        return value

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

    def shared(self, value: T) -> T:
        """What many tasks are given: itself, sent with each."""
        return value

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


# --- cluster ----------------------------------------------------------------------------------------------------------------


class Cluster(ThreadPoolExecutor):
    """Each task on a worker, one a worker at a time. Raises CaseError where nobody can work there."""

    def __init__(self, address: str) -> None:
        """address  of the scheduler, `tcp://HOST:PORT`."""
        self.address, self.client = address, _connected(address)
        super().__init__(len(self._workers()))

    def submit(self, task: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """The task, once a worker is free."""
        return super().submit(self._asked, partial(task, **named), arguments)

    def shared(self, value: object) -> Any:
        """What many tasks are given, sent to each worker once."""
        return self.client.scatter(value, broadcast=True, hash=False)

    def _asked(self, task: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        asked = self.client.submit(alone, os.getcwd(), task, *arguments, pure=False, retries=TRIES)
        seen = time.monotonic()
        while True:
            try:
                answer = asked.result(timeout=LOOK)
                break
            except TimeoutError:
                seen = time.monotonic() if self._workers() else seen
                if time.monotonic() > seen + PATIENCE:
                    raise self._lost(Message("all its workers are gone")) from None
            except Exception as error:  # of Dask, its connection, or the task: any
                raise self._lost(f"{type(error).__name__}: {error}") from error
        if isinstance(answer, Refused):
            raise answer.error
        return answer

    def _workers(self) -> dict[str, Any]:
        """Those that the scheduler knows; none where it does not answer."""
        try:
            return dict(self.client.scheduler_info()["workers"])
        except Exception:  # of a connection that is gone: any
            return {}

    def _lost(self, how: Message | str) -> SolverError:
        text = mark("the cluster at {address} broke off ({how}); what was answered stays, and the same command goes on")
        return SolverError.because(text, address=self.address, how=how)

    def end(self) -> None:
        """Take back what was not answered, without waiting for it."""
        self.shutdown(wait=False, cancel_futures=True)
        self.client.close(timeout=LOOK)

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.end()


def alone(folder: str, task: Callable[..., Any], *arguments: Any) -> Any:
    """A task of a worker, in the folder of who asks; what it raises for the user as a value."""
    with _one, chdir(folder):
        return answered((task, arguments))


def _connected(address: str) -> Any:
    said = f"--scheduler {address}: "
    try:
        from distributed import Client
    except ImportError:
        raise CaseError.because("{said}needs the extra: pip install parkzero[cluster]", said=said) from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what is lost is said here, in a line
    reached = Future[Any]()

    def reach() -> None:
        try:
            reached.set_result(Client(address, timeout=REACH, set_as_default=False))
        except Exception as error:  # a wrong address, or another program that listens there: any
            reached.set_exception(error)

    Thread(target=reach, daemon=True).start()  # Dask itself waits for ever for a listener that never speaks
    try:
        client = reached.result(timeout=2 * REACH)
    except Exception:
        text = mark("{said}no scheduler answers there within {reach} s; start one with: dask scheduler")
        raise CaseError.because(text, said=said, reach=f"{REACH:.0f}") from None
    if faults := list(_faults(client, said, address)):
        client.close()
        raise CaseError(faults)
    return client


def _faults(client: Any, said: str, address: str) -> Iterator[Message]:
    """Why its workers cannot work: there are none, or they do not see this folder or have other versions."""
    here, folder = dependencies(), os.getcwd()
    if not client.scheduler_info()["workers"]:
        yield Message("{said}it has no workers; start some with: dask worker {address}", said=said, address=address)
    seen = client.run(os.path.isdir, folder, on_error="return")
    for worker, there in sorted(client.run(dependencies, on_error="return").items()):
        of = {"said": said, "worker": worker}
        if isinstance(there, BaseException):  # a worker without parkzero cannot read what it is to do
            yield Message("{said}worker {worker} cannot work for parkzero ({there}); install it there", **of, there=there)
        elif others := [
            Message("{name} {found} instead of {own}", name=name, found=there.get(name) or Message("missing"), own=own)
            for name, own in here.items()
            if there.get(name) != own
        ]:
            yield Message("{said}worker {worker} has {other}; install the same versions there", **of, other=listed(others))
        elif seen.get(worker) is not True:
            yield Message("{said}worker {worker} does not see {folder}; share it at the same path", **of, folder=folder)


def dependencies() -> dict[str, str]:
    """Versions of what the numbers depend on; of Python without its last digit."""
    return {name: own.rpartition(".")[0] if name == "python" else own for name, own in versions().items()}
