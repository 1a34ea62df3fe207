"""Processes of our own that answer one order after the other: `Worker` starts one and asks it, `answer_orders` is what it does.

Orders and answers are pickled: both ends are this program, and nobody else can write into their pipes. What a library prints in the
process goes to its stderr. They import what this process imports, and nothing from the folder that one works in: Python looks there
first where it is asked for a module (`-m`), so a file `json.py` in a bundle that somebody sent would run.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from threading import Thread
from typing import Any

#: Seconds after which a process looks again whether the one that started it is still there.
WATCHED = 1.0


def command_of(module: str) -> list[str]:
    """What starts a module of ours."""
    return [sys.executable, "-P", "-m", module]


def environment(**more: str) -> dict[str, str]:
    """The environment of this process, with the folders that it imports from."""
    paths = os.pathsep.join(os.path.abspath(path) for path in sys.path)
    return {**os.environ, "PYTHONPATH": paths, **more}


class ProcessEnded(Exception):
    """The process ended before it had answered."""


class Worker:
    """A process that answers one order after the other until it is ended."""

    def __init__(self, answer: str, is_quiet: bool = False, variables: Mapping[str, str] | None = None) -> None:
        """answer     `module:function` of ours, which answers an order
        is_quiet   what it would print goes nowhere
        variables  of its environment
        """
        self.process = subprocess.Popen(
            [*command_of("planner.process.answering"), answer],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if is_quiet else None,
            env=environment(**(variables or {})),
            start_new_session=True,  # Ctrl-C is for the program, which ends this process
        )

    def ask(self, order: object) -> Any:
        """Send an order and give its answer. Raises ProcessEnded where the process ends before it answers."""
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            pickle.dump(order, self.process.stdin)
            self.process.stdin.flush()
            return pickle.load(self.process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            raise ProcessEnded(str(error) or type(error).__name__) from error

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):  # of an order that was not taken any more
                    pipe.close()


def answer_orders(answer: Callable[[Any], object]) -> None:
    """Answer each order that comes in, until no more do, somebody stops the program, or the process that asks is gone."""
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        with os.fdopen(os.dup(1), "wb") as answers:
            os.dup2(2, 1)
            while True:
                try:
                    order = pickle.load(sys.stdin.buffer)
                except EOFError:
                    return
                pickle.dump(answer(order), answers)
                answers.flush()
    except KeyboardInterrupt:
        sys.exit(130)


def _end_with(parent: int) -> None:
    """End this process once its parent is gone, whatever it does: a parent that is killed cannot say so."""
    while os.getppid() == parent:
        time.sleep(WATCHED)
    os._exit(1)
