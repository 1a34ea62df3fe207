"""The workbench started: its folder, its lock, a free port, and the address that one browser opens."""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from models.errors import CaseError
from planner.workbench import places as lock
from planner.workbench.bench import Bench, Sessions, password_of
from planner.workbench.guard import make_app
from planner.workbench.jobs import Jobs
from planner.workbench.places import Places

#: Where it is served when nothing else is asked for: to this machine alone.
HERE = "127.0.0.1"
#: Seconds between looks at the queue.
EVERY = 0.5


@dataclass(frozen=True)
class ServeOptions:
    """What was asked of `plan serve`. `port` 0: any that is free."""

    folder: Path
    port: int = 0
    host: str = HERE
    password_file: Path | None = None
    has_browser: bool = True
    language: str = "en"


def serve(asked: ServeOptions, tell: Callable[[str], None]) -> None:
    """Serve the folder until Ctrl-C. Raises CaseError where that cannot be."""
    folder = folder_of(asked.folder)
    is_open = check_host(asked)
    password = password_of(asked.password_file) if asked.password_file is not None else ""
    places = Places(folder)
    places.check_own()
    listening = _listening(asked)
    port = listening.getsockname()[1]
    other = lock.take(places.own())
    ended = threading.Event()
    try:
        bench = Bench(places, Sessions(port, password), asked.language, other, is_open)
        token = bench.sessions.token()
        address = f"http://{_written(asked.host)}:{port}/enter?token={token}"
        tell(address)
        if asked.has_browser:
            webbrowser.open(address)
        if other is None:  # the queue goes on while the workbench does; what works when it ends goes on without it
            threading.Thread(target=keep_going, args=(bench.jobs, ended), daemon=True, name="queue").start()
        run(bench, listening, asked.host)
    finally:
        ended.set()
        if other is None:
            lock.release(places.own())


def keep_going(jobs: Jobs, ended: threading.Event) -> None:
    """Look at the queue again and again, until the workbench ends."""
    while not ended.wait(EVERY):
        try:
            jobs.step()
        except OSError as error:  # a full disk, a folder that is gone: the next look may succeed
            print(f"parkzero: {error}", file=sys.stderr)


def run(bench: Bench, listening: socket.socket, host: str) -> None:
    """Answer requests until Ctrl-C."""
    port = listening.getsockname()[1]
    names = {f"{_written(host)}:{port}", *({f"localhost:{port}"} if host == HERE else ())}
    config = uvicorn.Config(
        make_app(bench, frozenset(names)),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
        limit_concurrency=100,
        ws="none",
    )
    with suppress(KeyboardInterrupt):  # which uvicorn tells on, once it has ended
        uvicorn.Server(config).run([listening])


def folder_of(folder: Path) -> Path:
    """The folder, as the system knows it. Raises CaseError where it is none, or is a park itself."""
    if not folder.is_dir():
        raise CaseError.because("{folder}: is no folder; name one that holds parks, or an empty one", folder=folder)
    if (folder / "park.toml").exists():
        raise CaseError.because(
            "{folder}: is a park itself; name the folder that holds it, {parent}", folder=folder, parent=folder.resolve().parent
        )
    if not os.access(folder, os.W_OK):
        raise CaseError.because("{folder}: cannot be written to; the workbench keeps its lock and its jobs there", folder=folder)
    return Path(os.path.realpath(folder))


def check_host(asked: ServeOptions) -> bool:
    """True where other machines can reach the address. Raises CaseError where that is asked for without a password, or the address
    is not one."""
    try:
        host = ipaddress.ip_address(asked.host)
    except ValueError:
        raise CaseError.because(
            "--host {host}: is no address; write that of this machine, e.g. 192.168.1.20", host=asked.host
        ) from None
    if host.is_unspecified:
        raise CaseError.because(
            "--host {host}: stands for every address; write the one under which this machine is opened", host=asked.host
        )
    if not host.is_loopback and asked.password_file is None:
        raise CaseError.because("--host {host}: can be reached by other machines; add --password-file FILE", host=asked.host)
    return not host.is_loopback


def _listening(asked: ServeOptions) -> socket.socket:
    family = socket.AF_INET6 if ":" in asked.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((asked.host, asked.port))
    except (OSError, OverflowError) as error:
        made.close()
        raise CaseError.because(
            "--host {host}, --port {port}: cannot be served ({error})",
            host=asked.host,
            port=asked.port,
            error=getattr(error, "strerror", None) or error,
        ) from error
    made.listen(100)
    return made


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host
