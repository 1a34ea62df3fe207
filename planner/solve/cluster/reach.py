"""Reaching a Dask scheduler: the connection, calls that must not hold the run, and whether its workers can be used.

Raises Lost where the cluster does not answer, and Stopped once the watch in force is over.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache
from typing import Any, TypeVar

from planner.language.message import Message
from planner.language.words import SILENT, listed
from planner.machine.resources import versions
from planner.machine.stopping import in_force
from planner.solve.cluster.tls import Tls

#: Seconds to reach the scheduler, and between looks at the watch.
REACH, LOOK = 10.0, 0.5
#: Seconds that a scheduler may be silent, or be without workers (a worker that died is started again by its nanny).
PATIENCE = 15.0
T = TypeVar("T")


class Lost(Exception):
    """The cluster does not answer any more: how it was lost."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


@lru_cache(maxsize=1)
def client_of(address: str, tls: Tls | None) -> Any:
    """The connection to a scheduler. Raises OSError where none answers, ImportError without the extra."""
    from distributed import Client

    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what is lost is said here, in a line
    return Client(address, timeout=REACH, set_as_default=False, security=None if tls is None else tls.security())


def unusable(address: str, tls: Tls | None = None) -> str:
    """Why tasks cannot be done there; empty where they can: workers answer, and have the versions of this machine."""
    said = f"--scheduler {address}: "
    try:
        client = answer_of(lambda: client_of(address, tls), REACH + LOOK)
        workers = answer_of(lambda: client.scheduler_info()["workers"])
    except ImportError:
        return Message("{said}needs the extra: pip install parkzero[cluster]", said=said)
    except Exception:  # a wrong address, or another program that listens there: any error
        return Message(
            "{said}no scheduler answers there within {reach} s; start one with: dask scheduler", said=said, reach=f"{REACH:.0f}"
        )
    if not workers:
        return Message("{said}it has no workers; start some with: dask worker {address}", said=said, address=address)
    try:
        told = answer_of(lambda: client.run(dependencies, on_error="return"))
    except Lost:
        return Message("{said}a worker does not answer within {patience} s", said=said, patience=f"{PATIENCE:.0f}")
    except Exception as error:  # a worker without parkzero cannot read what it is to do
        return Message(
            "{said}its workers cannot work for parkzero ({kind}: {error}); install it there",
            said=said,
            kind=type(error).__name__,
            error=error,
        )
    here = dependencies()
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
                "{said}worker {worker} has {other}; install the same versions there", said=said, worker=worker, other=listed(other)
            )
    return ""


def dependencies() -> dict[str, str]:
    """Versions of what the numbers depend on; of Python without its last digit."""
    return {name: own.rpartition(".")[0] if name == "python" else own for name, own in versions().items()}


def answer_of(work: Callable[[], T], seconds: float | None = None) -> T:
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
