"""Memory: what a run needs at least, what there is, and one line of advice where it does not suffice."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from models.errors import CaseError
from models.inputs import Inputs
from planner.language.message import Message
from planner.process.streams import space_limit

#: Least bytes that a column of the whole matrix takes, in Pyomo and HiGHS together, and one of a year by itself; those of a park
#: without columns. Measured with 20 years on 36 days (380,000 columns, 0.7 GB decomposed, 2.0 GB in one matrix) and 5 on 12.
WHOLE_COLUMN, YEAR_COLUMN, START = 4500.0, 900.0, 3e8
#: The last of a tree of futures, whose base emissions are found first, from a year of all hours.
TREE_START = 6.5e8
#: Hours of one year that the months share.
HOURS_OF_YEAR = 8760


def check_memory(inputs: Inputs, columns: int, is_whole: bool, is_tree: bool = False) -> None:
    """Raise CaseError where a run cannot fit, before anything is built. `columns`: about those of the whole matrix;
    `is_tree`: of all futures together.

    A year on every hour stands there once for all years, so the decomposed method needs the columns of one.
    """
    hours, years = len(inputs.calendar.weight), len(inputs.years)
    alike = years if hours >= HOURS_OF_YEAR else 1
    start = TREE_START if is_tree and hours > 24 else START
    needed = start + columns * (WHOLE_COLUMN if is_whole else YEAR_COLUMN / alike)
    free = available()
    if needed <= free:
        return
    days = _told_days(hours)
    fewer = Message(", or with fewer futures") if is_tree else Message(", or in a shorter horizon (last_year)")
    other = Message(", or year by year (--method decomposed)") if is_whole else fewer
    raise CaseError.because(
        "memory: {years} years on {days} need at least {needed} GB, and {free} GB are free; plan on fewer typical days "
        "(--days){other}",
        years=years,
        days=days,
        needed=f"{needed / 1e9:.1f}",
        free=f"{free / 1e9:.1f}",
        other=other,
    )


def _told_days(hours: int) -> Message:
    if hours >= HOURS_OF_YEAR:
        return Message("every hour")
    return Message("{count} typical days", count=hours // 24) if hours >= 48 else Message("1 typical day")


def available() -> float:
    """Bytes that this process may still take; infinite where nothing says it."""
    free = _free_of_machine()
    limit = space_limit()
    if limit is not None:
        with suppress(OSError, ValueError, IndexError):
            free = min(free, limit - int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE"))
    with suppress(OSError, ValueError):
        most, now = (Path("/sys/fs/cgroup", name).read_text().strip() for name in ("memory.max", "memory.current"))
        free = min(free, float(most) - float(now)) if most != "max" else free
    return max(0.0, free)


def _free_of_machine() -> float:
    with suppress(OSError, ValueError):
        lines = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
        return 1024.0 * sum(float(lines[name].split()[0]) for name in ("MemAvailable", "SwapFree") if name in lines)
    return float("inf")
