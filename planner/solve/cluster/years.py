"""The year sets of the decomposed method on a Dask cluster: optimality cuts, and years in every hour, are solved by its workers.
Least slacks and cuts without slack on typical days are solved on this machine.

1. Inputs are scattered to the workers once for each solve.
2. Each year's subproblem is a task, sent to the same worker each time all years are asked; a worker keeps the HiGHS object and
   basis of its years (warm start).
3. A task contains everything its answer depends on, so where a worker is lost Dask repeats its tasks elsewhere.
4. Where the cluster is lost, the years are solved on this machine from then on, and one line says so.

Returns cuts and operations. Raises Stopped once the watch in force is over, and SolverError where HiGHS gives no answer.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import lru_cache
from typing import Any, TypeVar
from uuid import uuid4

import numpy as np

from models.inputs import Inputs
from planner.language.losses import BROKEN, NO_WORKERS, SILENT
from planner.language.message import Message
from planner.language.words import listed
from planner.solve.hours.months import LinkValues
from planner.solve.hours.operation import Operation
from planner.solve.hours.operator import Conditions, Operator
from planner.solve.hours.years import HourlyYears
from planner.solve.machine.cores import cores
from planner.solve.machine.stopping import Stopped, in_force
from planner.solve.machine.versions import versions
from planner.solve.year.subproblem import Cut, YearVariant
from planner.solve.year.template import Template, Templates, Total
from planner.solve.year.year import Year
from planner.solve.year.years import Years

#: Seconds to reach the scheduler, and between looks at the watch.
REACH, LOOK = 10.0, 0.5
#: Seconds that a scheduler may be silent, or be without workers (a worker that died is started again by its nanny).
PATIENCE = 15.0
#: Attempts at a task whose worker is lost.
TRIES = 5
T = TypeVar("T")


class Lost(Exception):
    """The cluster does not answer any more: how it was lost, and the answers that had come."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how
        self.answers: dict[int, Any] = {}


@lru_cache(maxsize=1)
def client_of(address: str) -> Any:
    """The connection to a scheduler. Raises OSError where none answers, ImportError without the extra."""
    from distributed import Client

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what is lost is said here, in a line
    return Client(address, timeout=REACH, set_as_default=False)


def unusable(address: str) -> str:
    """Why the years cannot be solved there; empty where they can: workers answer, and have the versions of this machine."""
    said = f"--scheduler {address}: "
    try:
        client = _told(lambda: client_of(address), REACH + LOOK)
        workers = _told(lambda: client.scheduler_info()["workers"])
    except ImportError:
        return Message("{said}needs the extra: pip install parkzero[cluster]", said=said)
    except Exception:  # a wrong address, or another program that listens there: any error
        return Message(
            "{said}no scheduler answers there within {reach} s; start one with: dask scheduler", said=said, reach=f"{REACH:.0f}"
        )
    if not workers:
        return Message("{said}it has no workers; start some with: dask worker {address}", said=said, address=address)
    try:
        told = _told(lambda: client.run(_versions, on_error="return"))
    except Lost:
        return Message("{said}a worker does not answer within {patience} s", said=said, patience=f"{PATIENCE:.0f}")
    except Exception as error:  # a worker without parkzero cannot read what it is to do
        return Message(
            "{said}its workers cannot work for parkzero ({kind}: {error}); install it there",
            said=said,
            kind=type(error).__name__,
            error=error,
        )
    here = _versions()
    for worker, there in sorted(told.items()):
        if isinstance(there, BaseException):
            return Message(
                "{said}worker {worker} cannot work for parkzero ({there}); install it there", said=said, worker=worker, there=there
            )
        other = [
            Message("{name} {found} instead of {own}", name=name, found=there.get(name) or Message("missing"), own=own)
            for name, own in here.items()
            if there.get(name) != own
        ]
        if other:
            return Message(
                "{said}worker {worker} has {other}; install the same versions there",
                said=said,
                worker=worker,
                other=listed(other),
            )
    _gone.discard(address)
    return ""


def _told(work: Callable[[], T], seconds: float | None = None) -> T:
    """What a call to the cluster returns, made in a thread of its own: one that does not return must not hold the run.

    Raises Lost after so many seconds (by default PATIENCE), Stopped once the watch in force is over, and what the call raised.
    """
    answer: Future[T] = Future()
    done = threading.Event()

    def call() -> None:
        """Do the work; its result, or what it raised, is read by who waits."""
        try:
            answer.set_result(work())
        except BaseException as error:  # it is raised where the answer is read
            answer.set_exception(error)
        done.set()

    threading.Thread(target=call, daemon=True, name="cluster").start()
    end = time.monotonic() + (PATIENCE if seconds is None else seconds)
    while not done.wait(LOOK):
        in_force().check()
        if time.monotonic() > end:
            raise Lost(SILENT)
    return answer.result()


class _Cluster:
    """Tasks of one solve on the workers, each year's on the worker that has it, as long as that one lives."""

    def __init__(self, inputs: Inputs, address: str) -> None:
        """Raises Lost where the cluster does not answer."""
        try:
            self.client = _told(lambda: client_of(address), REACH + LOOK)
            self.key = uuid4().hex
            self.inputs = _told(lambda: self.client.scatter(inputs, broadcast=True, hash=False), 2 * PATIENCE)
        except OSError:
            raise Lost(SILENT) from None

    def ask(self, task: Callable[..., Any], asked: Mapping[int, tuple[Any, ...]]) -> dict[int, Any]:
        """The answers to all years' tasks.

        Raises Stopped once the watch in force is over, Lost with the answers that came where no more do, and what a task raised.
        """
        futures: dict[int, Any] = {}
        try:
            self._done(task, asked, futures)
            return {y: future.result() for y, future in futures.items()}
        except Stopped:
            self._cancel(futures)
            raise
        except Lost as lost:
            lost.answers = {y: future.result() for y, future in futures.items() if future.status == "finished"}
            self._cancel(futures)
            client_of.cache_clear()
            raise

    def _done(self, task: Callable[..., Any], asked: Mapping[int, tuple[Any, ...]], futures: dict[int, Any]) -> None:
        """Wait until every task was done, or has failed by its own error. Raises Lost where the cluster has failed."""
        from distributed import KilledWorker

        try:
            _told(lambda: self._submit(task, asked, futures))
            self._wait(list(futures.values()))
        except Lost:
            raise
        except Exception:
            raise self._lost() from None
        for future in futures.values():
            if future.status in ("cancelled", "lost") or isinstance(future.exception(), KilledWorker):
                raise self._lost()

    def _lost(self) -> Lost:
        """How tasks came to be cancelled: what was scattered goes with the last worker that had it."""
        try:
            return Lost(BROKEN if _told(lambda: self.client.scheduler_info()["workers"]) else NO_WORKERS)
        except Exception:
            return Lost(SILENT)

    def _submit(self, task: Callable[..., Any], asked: Mapping[int, tuple[Any, ...]], futures: dict[int, Any]) -> None:
        workers = sorted(self.client.scheduler_info()["workers"])
        for i, (y, arguments) in enumerate(asked.items()):
            own = [workers[i % len(workers)]] if workers else None
            futures[y] = self.client.submit(
                task, self.inputs, self.key, y, *arguments, pure=False, retries=TRIES, workers=own, allow_other_workers=True
            )

    def _wait(self, left: list[Any]) -> None:
        """Until all are done, as long as there is a worker to do them."""
        from distributed import wait

        seen = asked = time.monotonic()
        while left:
            in_force().check()
            with suppress(TimeoutError), self.client.as_current():
                wait(left, timeout=LOOK)
            left = [future for future in left if not future.done()]
            if time.monotonic() > asked + 4 * LOOK:
                if _told(lambda: self.client.scheduler_info()["workers"]):
                    seen = time.monotonic()
                elif time.monotonic() > seen + PATIENCE:
                    raise Lost(NO_WORKERS)
                asked = time.monotonic()

    def _cancel(self, futures: Mapping[int, Any]) -> None:
        """Cancel what is not done, without waiting for it."""
        left = [future for future in futures.values() if not future.done()]
        threading.Thread(target=lambda: self.client.cancel(left), daemon=True, name="cluster").start()


class _Asked:
    """Asks a cluster as long as it answers."""

    def __init__(self, inputs: Inputs, address: str, say: Callable[[str], None]) -> None:
        self.address, self.say = address, say
        self.cluster: _Cluster | None = None
        if address not in _gone:
            try:
                self.cluster = _Cluster(inputs, address)
            except Lost as lost:
                self._lose(lost)

    def ask(self, task: Callable[..., Any], asked: Mapping[int, tuple[Any, ...]]) -> dict[int, Any]:
        """The answers of the cluster: to all tasks, or, once it is lost, to those for which they came."""
        if self.cluster is None:
            return {}
        try:
            return self.cluster.ask(task, asked)
        except Lost as lost:
            self._lose(lost)
            return lost.answers

    def _lose(self, lost: Lost) -> None:
        self.cluster = None
        _gone.add(self.address)
        self.say(Message(lost.how, address=self.address))


#: Schedulers that were lost: what is built later in the run does not try them again.
_gone: set[str] = set()


class ClusterYears(Years):
    """The year set on typical days, solved by workers; the years are built on this machine, too, to be read and for when the
    cluster is lost.

    Cuts and bases of the workers are not kept for other searches (`year.known`): `found` and the years' `basis` stay empty here
    but for what this machine solved.
    """

    def __init__(self, inputs: Inputs, address: str, say: Callable[[str], None]) -> None:
        super().__init__(inputs)
        self.asked = _Asked(inputs, address, say)

    def cuts(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The cut of every year at its part of a trial point. Raises SolverError where HiGHS gives no answer."""
        answers = self.asked.ask(_cut, {y: (point, self.variant) for y, point in points.items()})
        self.take({y: values for y, (_, values) in answers.items()})
        found = {y: cut for y, (cut, _) in answers.items()}
        rest = {y: point for y, point in points.items() if y not in found}
        if rest:
            found |= super().cuts(rest)
        return {y: found[y] for y in points}


class ClusterHourlyYears(HourlyYears):
    """Years in every hour, operated by the workers."""

    def __init__(
        self, inputs: Inputs, model: Any, address: str, prices: Mapping[int, Mapping[Total, float]], say: Callable[[str], None]
    ) -> None:
        super().__init__(inputs, model, cores(), prices)
        self.asked = _Asked(inputs, address, say)

    def operate(self, linking: Mapping[int, LinkValues], phase_1: bool = False) -> dict[int, Operation]:
        """All years, each by a worker. Raises SolverError where HiGHS gives no answer."""
        conditions = self._conditions(phase_1)
        asked = {y: (own, self._first_prices(y, phase_1), conditions) for y, own in linking.items()}
        found = self.asked.ask(_operated, asked)
        rest = {y: own for y, own in linking.items() if y not in found}
        return found | super().operate(rest, phase_1) if rest else found


# --- what a worker does -----------------------------------------------------------------------------------------------

_lock = threading.Lock()
_known: dict[tuple[str, int], Year] = {}
_templates: dict[str, Templates[Template]] = {}
_operators: dict[str, Operator] = {}


def _versions() -> dict[str, str]:
    """Versions of what the numbers depend on; of Python without its last digit."""
    return {name: own.rpartition(".")[0] if name == "python" else own for name, own in versions().items()}


def _cut(inputs: Inputs, key: str, y: int, point: np.ndarray, variant: YearVariant) -> tuple[Cut, np.ndarray]:
    """The cut of a year, and the values of all its columns. A worker knows the years of one solve."""
    with _lock:
        for other in [k for k in _known if k[0] != key]:
            del _known[other]
        if key not in _templates:
            _templates.clear()
            _templates[key] = Templates(inputs, Template)
        if (key, y) not in _known:
            _known[key, y] = Year(inputs, y, _templates[key].of(y))
        year = _known[key, y]
        year.set_variant(variant)
        return year.cut(point), year.values


def _operated(
    inputs: Inputs, key: str, y: int, linking: LinkValues, prices: Mapping[Total, float], conditions: Conditions
) -> Operation:
    """A year in every hour."""
    with _lock:
        if key not in _operators:
            _operators.clear()
            _operators[key] = Operator(inputs, 1)
        return _operators[key].operate(y, linking, prices, conditions)
