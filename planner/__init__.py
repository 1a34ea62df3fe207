"""The application: what a person touches. Reads a park, chooses typical days, solves, reports.

In Python: `planner.read_park`, `planner.plan_park`, `planner.read_output`, `planner.Options` and `planner.Run`, see docs/python.md.
They are imported once they are asked for: a command that needs none of them starts sooner.
"""

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.interface import Options, Run, plan_park, read_output, read_park

__all__ = ["Options", "Run", "plan_park", "read_output", "read_park"]

try:
    __version__ = version("parkzero")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0"


def __getattr__(name: str) -> Any:
    """What a notebook asks for, imported now."""
    if name in __all__:
        return getattr(import_module("planner.interface"), name)
    raise AttributeError(f"module 'planner' has no attribute {name!r}")


def __dir__() -> list[str]:
    """What there is, for completion in a notebook."""
    return sorted([*globals(), *__all__])
