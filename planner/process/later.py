"""Functions and classes whose modules are imported when they are first called.

`plan --help` and `plan --version` work with nothing; Pyomo, pandas, pint and what else a run works with take a second and more.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from models.errors import PlanError
from planner.language.message import Message
from planner.process.room import is_out_of_memory

#: Modules that wait.
_waiting: set[str] = set()


class Missing(PlanError):
    """A package that is missing, or cannot be loaded on this machine."""

    def __init__(self, error: Exception) -> None:
        super().__init__(
            Message("parkzero cannot start ({kind}: {error}); is it installed whole?", kind=type(error).__name__, error=error)
        )


def later(module: str, name: str) -> Callable[..., Any]:
    """What calls a function or class of a module. Its call raises Missing where the module cannot be imported."""
    _waiting.add(module)

    def call(*arguments: Any, **named: Any) -> Any:
        return getattr(_imported(module), name)(*arguments, **named)

    return call


def now() -> None:
    """Import all that waits: for a process that is forked for each command. Raises Missing as a call does."""
    for module in sorted(_waiting):
        _imported(module)


def _imported(module: str) -> Any:
    try:
        found = import_module(module)
    except Exception as error:
        if is_out_of_memory(error):
            raise
        raise Missing(error) from error
    keep_words()
    return found


def keep_words() -> None:
    """Have pandas, once it is imported, keep words as Python's strings instead of Arrow's.

    The tables are read cell by cell, which takes Arrow's strings several times as long. Only a command does so: the pandas of a
    notebook is the notebook's.
    """
    if pandas := sys.modules.get("pandas"):
        pandas.options.mode.string_storage = "python"
