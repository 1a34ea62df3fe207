"""The room that the system leaves a process: its address space, and what to say where memory ran out. Imports nothing large."""

from __future__ import annotations

from models.errors import PlanError
from planner.language.message import Message

#: Least address space (bytes) in which the packages can be loaded and their threads started; below it they end without a word.
LEAST_SPACE = 1.6e9


class OutOfMemory(PlanError):
    """Memory ran out."""

    def __init__(self) -> None:
        super().__init__(
            Message(
                "memory ran out and nothing was written; plan on fewer typical days (--days), without all hours (--no-verify), "
                "or with "
                "fewer threads (taskset -c 0 plan …)"
            )
        )


def is_out_of_memory(error: BaseException) -> bool:
    """True of what Python, a library (std::bad_alloc becomes MemoryError) or the start of a thread raises without memory."""
    return isinstance(error, MemoryError) or (isinstance(error, RuntimeError) and "can't start new thread" in str(error))


def space_limit() -> float | None:
    """Most address space of this process (bytes); None without a limit (`ulimit -v`)."""
    try:
        import resource
    except ImportError:  # not on every system
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else float(soft)


def too_small() -> str:
    """Why the program cannot start in the address space that it is left; empty where it can."""
    limit = space_limit()
    if limit is None or limit >= LEAST_SPACE:
        return ""
    needs, has = (f"{size / 1e9:.1f} GB" for size in (LEAST_SPACE, limit))
    return Message(
        "parkzero needs an address space of {needs}, and ulimit -v leaves it {has}; raise that limit", needs=needs, has=has
    )
