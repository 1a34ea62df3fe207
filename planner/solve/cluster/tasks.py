"""Whole plans as tasks on the workers of a Dask cluster, as long as it answers.

A task contains everything its answer depends on, so where a worker is lost Dask repeats its tasks elsewhere. What all tasks share
is sent to each worker once. Returns the answers by the number of the task; what is missing, or has failed, is done by who asks.
Raises Stopped once the watch in force is over.
"""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from planner.language.message import Message
from planner.language.words import BROKEN, NO_WORKERS, SILENT, listed
from planner.machine.resources import versions
from planner.machine.stopping import in_force

# --- tls -------------------------------------------------------------------------------------------------------------------
# An encrypted connection to a Dask scheduler: the files that it needs, and what is wrong with them.
#
# Dask asks nobody who they are: whoever reaches a scheduler has it run what they send, and a scheduler has its clients read what
# it
# sends. With TLS both show a certificate of one authority.

ENCRYPTED = "tls://"
#: Options that name the files, in the order of `Tls`.
OPTIONS = ("--scheduler-ca", "--scheduler-cert", "--scheduler-key")


@dataclass(frozen=True)
class Tls:
    """Files in PEM: certificate of the authority that both sides are checked with, our own certificate, and its key."""

    authority: str
    certificate: str
    key: str

    def security(self) -> Any:
        """As Dask takes them. Raises ImportError without the extra."""
        from distributed.security import Security

        return Security(
            require_encryption=True, tls_ca_file=self.authority, tls_client_cert=self.certificate, tls_client_key=self.key
        )

    @classmethod
    def of(cls, address: str, files: tuple[Path | None, Path | None, Path | None]) -> tuple[Tls | None, list[str]]:
        """The files of an encrypted connection, None for an address without, and what is wrong with them, a sentence each."""
        given = [option for option, file in zip(OPTIONS, files, strict=True) if file is not None]
        if not address.startswith(ENCRYPTED):
            own: list[str] = [Message("{options}: are of --scheduler tls://HOST:PORT", options=", ".join(given))] if given else []
            return None, own
        authority, certificate, key = files
        if authority is None or certificate is None or key is None:
            missing = ", ".join(option for option in OPTIONS if option not in given)
            return None, [Message("--scheduler {address}: needs {options}, too", address=address, options=missing)]
        faults = list(_faults(authority, certificate, key))
        return None if faults else cls(*(str(file.absolute()) for file in (authority, certificate, key))), faults


def _faults(authority: Path, certificate: Path, key: Path) -> Iterator[str]:
    """Why a file is none that is needed."""
    missing = False
    for option, file in zip(OPTIONS, (authority, certificate, key), strict=True):
        if not file.is_file():
            missing = True
            yield Message("{option} {file}: is no file", option=option, file=file)
    if missing:
        return
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(authority)
    except (OSError, ValueError):
        yield Message("{option} {file}: holds no certificate in PEM", option=OPTIONS[0], file=authority)
    try:
        context.load_cert_chain(certificate, key, password=lambda: b"")  # a key with a password must not ask for it
    except (OSError, ValueError):
        yield Message(
            "--scheduler-cert {certificate}, --scheduler-key {key}: are no certificate in PEM and its key without a password",
            certificate=certificate,
            key=key,
        )


# --- reach -----------------------------------------------------------------------------------------------------------------
# Reaching a Dask scheduler: the connection, calls that must not hold the run, and whether its workers can be used.
#
# Raises Lost where the cluster does not answer, and Stopped once the watch in force is over.

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


# --- tasks -----------------------------------------------------------------------------------------------------------------

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
        client = answer_of(lambda: client_of(address, tls), REACH + LOOK)
        there = answer_of(lambda: client.scatter(shared, broadcast=True, hash=False), 2 * PATIENCE)
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
            elif time.monotonic() > seen + PATIENCE:
                raise Lost(NO_WORKERS)
            asked = time.monotonic()
