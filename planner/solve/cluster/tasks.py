"""Whole plans as tasks on the workers of a Dask cluster, as long as it answers.

A task contains everything its answer depends on, so where a worker is lost Dask repeats its tasks elsewhere. What all tasks share
is sent to each worker once. Returns the answers by the number of the task; what is missing, or has failed, is done by who asks.
Raises Stopped once the watch in force is over.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from planner.language.message import Message
from planner.language.words import BROKEN, NO_WORKERS, SILENT
from planner.machine.stopping import in_force
from planner.solve.cluster import reach
from planner.solve.cluster.reach import LOOK, Lost, answer_of, client_of
from planner.solve.cluster.tls import Tls

#: Attempts at a task whose worker is lost.
TRIES = 5


def cluster_answers(
    task: Callable[..., Any],
    shared: Any,
    asked: Mapping[int, tuple[Any, ...]],
    cluster: tuple[str, Tls | None],
    say: Callable[[str], None],
) -> dict[int, Any]:
    """The answers of `task(shared, *arguments)` from the workers of a cluster (address, encryption), by number; where some are
    missing, `say` is told why."""
    address, tls = cluster
    futures: dict[int, Any] = {}
    try:
        client = answer_of(lambda: client_of(address, tls), reach.REACH + LOOK)
        there = answer_of(lambda: client.scatter(shared, broadcast=True, hash=False), 2 * reach.PATIENCE)
        for i, arguments in asked.items():
            futures[i] = client.submit(task, there, *arguments, pure=False, retries=TRIES)
        _wait(client, list(futures.values()))
        if any(future.status != "finished" for future in futures.values()):
            raise Lost(BROKEN)
    except (Lost, OSError) as lost:
        client_of.cache_clear()
        say(Message(lost.how if isinstance(lost, Lost) else SILENT, address=address))
    finally:
        left = [future for future in futures.values() if not future.done()]
        if left:  # without waiting for it
            threading.Thread(target=lambda: client.cancel(left), daemon=True, name="cluster").start()
    return {i: future.result() for i, future in futures.items() if future.status == "finished"}


def _wait(client: Any, left: list[Any]) -> None:
    """Until all are done, as long as there is a worker to do them. Raises Lost where there is none."""
    from distributed import wait

    seen = asked = time.monotonic()
    while left:
        in_force().check()
        with suppress(TimeoutError), client.as_current():
            wait(left, timeout=LOOK)
        left = [future for future in left if not future.done()]
        if time.monotonic() > asked + 4 * LOOK:
            if answer_of(lambda: client.scheduler_info()["workers"]):
                seen = time.monotonic()
            elif time.monotonic() > seen + reach.PATIENCE:
                raise Lost(NO_WORKERS)
            asked = time.monotonic()
