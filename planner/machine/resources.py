"""How many cores this process may use."""

from __future__ import annotations

import ctypes
import gc
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version

from planner import __version__


def cores() -> int:
    """Cores that this process may use, at least 1: fewer than the machine has where a batch system or `taskset` says so."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


# --- freed -----------------------------------------------------------------------------------------------------------------
# Memory: garbage is not collected while models are built; what is not used any more is given back to the system, which glibc does
# not do by itself.

#: Models of fewer snapshots of all years together take some megabytes, for which nobody waits.
FEW = 1000


def give_back(snapshots: int = FEW) -> None:
    """Collect what refers to itself in a circle, as Pyomo models do, and give the freed memory back; elsewhere than on glibc only
    the first. Takes a fifth of a second beside some hundred thousand Pyomo objects; so models of few `snapshots` are left to the
    garbage collector."""
    if snapshots < FEW:
        return
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def paused_garbage_collector() -> Iterator[None]:
    """Pause the garbage collector: building creates many small objects and frees none, so that collecting only costs time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


# --- versions --------------------------------------------------------------------------------------------------------------
# versions.

# --- versions --------------------------------------------------------------------------------------------------------------
# Versions of the planner and of everything that its numbers depend on.

#: Seed of HiGHS's random numbers; nothing else in a run is random.
SEED = 0
PACKAGES = ("pyomo", "highspy", "numpy", "pandas", "pydantic", "pint", "scipy")


def versions() -> dict[str, str]:
    """Name -> version: of the planner, of Python, and of the packages."""
    return {"parkzero": __version__, "python": platform.python_version(), **_of_packages()}


@cache
def _of_packages() -> dict[str, str]:
    return {name: version(name) for name in PACKAGES}
