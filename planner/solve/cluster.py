"""Years on a Dask cluster: the same calls as on this machine, made by the cluster's workers.

A worker keeps the programmes of the years that it has solved, so that the next trial finds them warm. A task says all that its
answer depends on; where a worker is lost, Dask gives its tasks to another, which builds the year anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any
from uuid import uuid4

import numpy as np

from models.inputs import Inputs
from planner.solve.hourly import HourlyYears
from planner.solve.operation import Operated, Operator
from planner.solve.stopping import Stopped, in_force
from planner.solve.template import Template, Templates, Total
from planner.solve.windows import Given
from planner.solve.years import Cut, Terms, Year, Years

#: Seconds to reach the scheduler, and between looks at the watch.
REACH, LOOK = 10.0, 0.5
#: Attempts at a task whose worker is lost.
TRIES = 5


@lru_cache(maxsize=1)
def client_of(address: str) -> Any:
    """The connection to a scheduler. Raises OSError where none answers, ImportError without the extra."""
    from distributed import Client

    return Client(address, timeout=REACH, set_as_default=False)


def unreachable(address: str) -> str:
    """Why the years cannot be solved there; empty where they can."""
    try:
        client = client_of(address)
    except ImportError:
        return f"--scheduler {address}: needs the extra: pip install parkzero[cluster]"
    except (OSError, ValueError):
        return f"--scheduler {address}: no scheduler answers there within {REACH:.0f} s; start one with: dask scheduler"
    if not client.scheduler_info()["workers"]:
        return f"--scheduler {address}: it has no workers; start some with: dask worker {address}"
    return ""


class _Cluster:
    """Tasks of one solve on the workers, each year's on the worker that has it, as long as that one lives."""

    def __init__(self, inputs: Inputs, address: str) -> None:
        self.client = client_of(address)
        self.key = uuid4().hex
        self.inputs = self.client.scatter(inputs, broadcast=True, hash=False)

    def ask(self, task: Callable[..., Any], asked: Mapping[int, tuple[Any, ...]]) -> dict[int, Any]:
        """The answers to all years' tasks. Raises Stopped once the watch in force is over, and what a task raised."""
        from distributed import wait

        workers = sorted(self.client.scheduler_info()["workers"])
        futures = {}
        for i, (y, arguments) in enumerate(asked.items()):
            own = [workers[i % len(workers)]] if workers else None
            futures[y] = self.client.submit(
                task, self.inputs, self.key, y, *arguments, pure=False, retries=TRIES, workers=own, allow_other_workers=True
            )
        left = list(futures.values())
        try:
            with self.client.as_current():
                while left:
                    in_force().check()
                    with suppress(TimeoutError):
                        wait(left, timeout=LOOK)
                    left = [f for f in left if not f.done()]
        except Stopped:
            self.client.cancel(list(futures.values()))
            raise
        return {y: future.result() for y, future in futures.items()}


class ClusterYears(Years):
    """Years on typical days whose cuts are made by the workers; they stand here, too, to be read."""

    def __init__(self, inputs: Inputs, address: str) -> None:
        super().__init__(inputs)
        self.cluster = _Cluster(inputs, address)

    def cuts(self, points: Mapping[int, np.ndarray]) -> dict[int, Cut]:
        """The cut of every year at its part of a trial point. Raises SolverError where HiGHS gives no answer."""
        answers = self.cluster.ask(_cut, {y: (point, self.terms) for y, point in points.items()})
        self.take({y: values for y, (_, values) in answers.items()})
        return {y: cut for y, (cut, _) in answers.items()}


class ClusterHourlyYears(HourlyYears):
    """Years in every hour, operated by the workers."""

    def __init__(self, inputs: Inputs, model: Any, address: str, prices: Mapping[int, Mapping[Total, float]]) -> None:
        super().__init__(inputs, model, 1, prices)
        self.cluster = _Cluster(inputs, address)

    def operate(self, given: Mapping[int, Given], only_missing: bool = False) -> dict[int, Operated]:
        """All years, each by a worker. Raises SolverError where HiGHS gives no answer."""
        how = self._how(only_missing)
        return self.cluster.ask(_operated, {y: (own, self.years[y].prices, how) for y, own in given.items()})


# --- what a worker does -----------------------------------------------------------------------------------------------

_lock = threading.Lock()
_known: dict[tuple[str, int], Year] = {}
_templates: dict[str, Templates[Template]] = {}
_operators: dict[str, Operator] = {}


def _cut(inputs: Inputs, key: str, y: int, point: np.ndarray, terms: Terms) -> tuple[Cut, np.ndarray]:
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
        year.stand_under(terms)
        return year.cut(point), year.values


def _operated(
    inputs: Inputs, key: str, y: int, given: Given, prices: Mapping[Total, float], how: Mapping[str, Any]
) -> Operated:
    """A year in every hour."""
    with _lock:
        if key not in _operators:
            _operators.clear()
            _operators[key] = Operator(inputs, 1)
        return _operators[key].operate(y, given, prices, to_the_end=True, **how)
