"""Whole plans as tasks on the workers of a Dask cluster, as long as it answers.

A task contains everything its answer depends on, so where a worker is lost Dask repeats its tasks elsewhere. Dask keeps one copy of
the inputs only; where the worker that has it is lost, they are sent again, and what is missing is asked again. Returns the answers
by the number of the task. Raises Stopped once the watch in force is over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import uuid4

from planner.language.message import Message
from planner.language.words import BROKEN, NO_WORKERS, SILENT
from planner.machine.stopping import Stopped, in_force
from planner.solve.cluster import reach
from planner.solve.cluster.reach import LOOK, Lost, answer_of, client_of, gone
from planner.solve.cluster.tls import Tls

#: Attempts at a task whose worker, or its inputs with it, is lost.
TRIES = 5


class _Forgotten(Lost):
    """Tasks that were cancelled while workers are left: with the worker that had the inputs."""


class _Cluster:
    """Tasks on the workers."""

    def __init__(self, inputs: Any, address: str, tls: Tls | None) -> None:
        """`inputs` are what every task is given. Raises Lost where the cluster does not answer."""
        try:
            self.client = answer_of(lambda: client_of(address, tls), reach.REACH + LOOK)
            self.key = uuid4().hex
            self.sent, self.inputs = inputs, self._scattered(inputs)
        except OSError:
            raise Lost(SILENT) from None

    def _scattered(self, inputs: Any) -> Any:
        return answer_of(lambda: self.client.scatter(inputs, broadcast=True, hash=False), 2 * reach.PATIENCE)

    def ask(self, task: Callable[..., Any], asked: Mapping[int, tuple[Any, ...]]) -> dict[int, Any]:
        """The answers to all tasks.

        Raises Stopped once the watch in force is over, Lost with the answers that came where no more do, and what a task raised.
        """
        answers: dict[int, Any] = {}
        for attempt in range(1, TRIES + 1):
            futures: dict[int, Any] = {}
            try:
                self._done(task, {y: arguments for y, arguments in asked.items() if y not in answers}, futures)
                return answers | {y: future.result() for y, future in futures.items()}
            except Stopped:
                self._cancel(futures)
                raise
            except Lost as lost:
                answers |= {y: future.result() for y, future in futures.items() if future.status == "finished"}
                self._cancel(futures)
                if not (isinstance(lost, _Forgotten) and attempt < TRIES and self._sent_again()):
                    lost.answers = answers
                    client_of.cache_clear()
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _sent_again(self) -> bool:
        """Whether workers could be sent the inputs once more."""
        with suppress(Lost, OSError):
            self.inputs = self._scattered(self.sent)
            return True
        return False

    def _done(self, task: Callable[..., Any], asked: Mapping[int, tuple[Any, ...]], futures: dict[int, Any]) -> None:
        """Wait until every task was done, or has failed by its own error. Raises Lost where the cluster has failed."""
        from distributed import KilledWorker

        try:
            answer_of(lambda: self._submit(task, asked, futures))
            self._wait(list(futures.values()))
        except Lost:
            raise
        except Exception:
            raise self._lost() from None
        for future in futures.values():
            if future.status in ("cancelled", "lost"):
                raise self._lost()
            if isinstance(future.exception(), KilledWorker):
                raise Lost(BROKEN)

    def _lost(self) -> Lost:
        """How tasks came to be cancelled."""
        try:
            return _Forgotten(BROKEN) if answer_of(lambda: self.client.scheduler_info()["workers"]) else Lost(NO_WORKERS)
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
                if answer_of(lambda: self.client.scheduler_info()["workers"]):
                    seen = time.monotonic()
                elif time.monotonic() > seen + reach.PATIENCE:
                    raise Lost(NO_WORKERS)
                asked = time.monotonic()

    def _cancel(self, futures: Mapping[int, Any]) -> None:
        """Cancel what is not done, without waiting for it."""
        left = [future for future in futures.values() if not future.done()]
        threading.Thread(target=lambda: self.client.cancel(left), daemon=True, name="cluster").start()


class ClusterAsked:
    """Asks a cluster as long as it answers."""

    def __init__(self, inputs: Any, address: str, tls: Tls | None, say: Callable[[str], None]) -> None:
        self.address, self.say = address, say
        self.cluster: _Cluster | None = None
        if address not in gone:
            try:
                self.cluster = _Cluster(inputs, address, tls)
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
        gone.add(self.address)
        self.say(Message(lost.how, address=self.address))
