"""Functions and classes whose modules are imported when they are first called.

`plan --help` and `plan --version` work with nothing; Pyomo, pandas, pint and what else a run works with take a second and more.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection
from importlib import import_module
from typing import Any

import typer

from models.errors import PlanError
from planner.language.message import Message
from planner.process.streams import is_out_of_memory

# --- options ---------------------------------------------------------------------------------------------------------------
# Which options were given; and what is wrong with those that several commands have, the same words for the same fault.

#: Most processes that are asked for at once.
MOST_JOBS = 1024
#: Most points of a curve: each is a plan of its own.
MOST_POINTS = 1000


def given_options(context: typer.Context) -> dict[str, str]:
    """The options of a command that were given, after it or before it (`pass_on`): as they are written, and the name of their
    parameter."""
    written = {}
    for param in context.command.params:
        source = context.get_parameter_source(param.name or "")
        if getattr(source, "name", "") in ("COMMANDLINE", "DEFAULT_MAP") and param.param_type_name == "option":
            words: Collection[str] = param.secondary_opts if context.params[param.name] is False else param.opts
            written[next(iter(words or param.opts))] = param.name
    return written


def days_faults(days: int | None) -> list[str]:
    """`--days` of a plan: None as the park says."""
    if days is None or 0 <= days <= 366:
        return []
    return [Message("--days {days}: is not within 0 to 366 (0 = every hour)", days=days)]


def gap_faults(gap: float | None) -> list[str]:
    """`--gap`: None as the run has it."""
    if gap is None or 0 <= gap < 1:
        return []
    return [Message("--gap {gap}: is not within 0 to 1; write a share (0.001)", gap=f"{gap:g}")]


def jobs_faults(jobs: int) -> list[str]:
    """`--jobs`: 0 is as many as there are cores."""
    if 0 <= jobs <= MOST_JOBS:
        return []
    return [Message("--jobs {jobs}: is not within 0 to {most}", jobs=jobs, most=MOST_JOBS)]


def dearest_faults(count: int | None) -> list[str]:
    """`--dearest` of `plan explain --rules`."""
    if count is None or count >= 0:
        return []
    return [Message("--dearest {count}: is below 0; 0 tells prices alone", count=count)]


def points_faults(points: int) -> list[str]:
    """`--points` of a curve, both ends among them."""
    if 2 <= points <= MOST_POINTS:
        return []
    return [Message("--points {points}: is not within 2 to {most}; a curve has two ends", points=points, most=MOST_POINTS)]


# --- later -----------------------------------------------------------------------------------------------------------------

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
