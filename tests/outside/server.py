"""Processes of `plan` that cost no start: a process that has imported the program forks one for each command.

    echo '{"arguments": ["--version"], "folder": "/tmp"}' | python tests/outside/server.py

Each line of stdin is a command as JSON, each line of stdout its answer: {"code": 0, "seconds": 0.1}. A code below 0 is the
signal that ended it. What a process of its own needs to show is where it meets the world: streams, signals, environment.
"""

import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import resource
import signal
import sys
import time
from typing import Any

#: Seconds after which a command is ended, and counted as one that hangs. It takes one or two of processor time; beside thirty other
#: processes on two cores three of a thousand had not had these after 60.
HANGS = 300.0


def child(command: dict[str, Any]) -> None:
    """The forked process: takes on streams, folder, environment and limits, then is `plan`."""
    for name, kind in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        _open(kind, command.get(name, "null"))
    os.umask(command.get("umask", 0o022))
    # A shell that starts this in the background, or nohup, has these ignored, and what is ignored is inherited.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    for name, value in command.get("environment", {}).items():
        os.environ[name] = value
    for name, most in command.get("limits", {}).items():
        resource.setrlimit(getattr(resource, name), (most, most))
    os.chdir(command["folder"])
    if command.get("remove_folder"):
        os.rmdir(command["folder"])
    encoding = command.get("encoding", "utf-8")
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(io.FileIO(number, "w", closefd=False), encoding, "strict") if command.get(name) != "closed" else None
        for number, name in ((1, "stdout"), (2, "stderr"))
    )  # type: ignore[assignment]
    sys.argv = ["plan", *command["arguments"]]
    from planner import start
    from planner.process import terminal

    start._running_for = lambda: 0.0  # type: ignore[assignment]
    for console in (terminal.stdout, terminal.stderr):
        console._file = None
    start.main()


def _open(number: int, kind: str) -> None:
    """Put on a descriptor what `kind` names: null, full, closed, broken (a pipe without a reader), or a file."""
    if kind == "closed":
        with contextlib.suppress(OSError):
            os.close(number)
        return
    if kind == "broken":
        read, write = os.pipe()
        os.close(read)
        os.dup2(write, number)
        return
    path = {"null": os.devnull, "full": "/dev/full"}.get(kind, kind)
    flags = os.O_RDONLY if number == 0 else os.O_WRONLY | (os.O_CREAT | os.O_TRUNC if path == kind else 0)
    os.dup2(os.open(path, flags, 0o644), number)


def answer(command: dict[str, Any]) -> dict[str, Any]:
    """Fork, send the signals that are asked for, wait."""
    began = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        try:
            child(command)
        except KeyboardInterrupt:  # before the program began
            os._exit(130)
        finally:
            os._exit(99)
    signals = sorted(command.get("signals", []))  # (after seconds, number)
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        elapsed = time.perf_counter() - began
        if done:
            return {"code": os.waitstatus_to_exitcode(status), "seconds": elapsed}
        while signals and signals[0][0] <= elapsed:
            os.kill(pid, signals.pop(0)[1])
        if elapsed > HANGS:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return {"code": None, "seconds": elapsed}
        time.sleep(0.002)


def main() -> None:
    """Answer commands until stdin ends."""
    import planner
    from planner.command import cli
    from planner.process import terminal as later

    later.now()
    for module in pkgutil.walk_packages(planner.__path__, "planner."):  # what a command imports when it runs
        importlib.import_module(module.name)
    importlib.import_module("pvlib.iotools")
    cli._command(tuple(cli.COMMANDS))
    gc.freeze()
    words = os.fdopen(os.dup(1), "w")
    for line in os.fdopen(os.dup(0)):
        words.write(json.dumps(answer(json.loads(line))) + "\n")
        words.flush()


if __name__ == "__main__":
    main()
