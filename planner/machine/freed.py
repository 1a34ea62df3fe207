"""Memory: garbage is not collected while models are built; what is not used any more is given back to the system, which glibc does
not do by itself."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

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
