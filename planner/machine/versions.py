"""Versions of the planner and of everything that its numbers depend on."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version

from planner import __version__

#: Seed of HiGHS's random numbers; nothing else in a run is random.
SEED = 0
PACKAGES = ("pyomo", "highspy", "numpy", "pandas", "pydantic", "pint", "scipy")


def versions() -> dict[str, str]:
    """Name -> version: of the planner, of Python, and of the packages."""
    return {"parkzero": __version__, "python": platform.python_version(), **_of_packages()}


@cache
def _of_packages() -> dict[str, str]:
    return {name: version(name) for name in PACKAGES}
