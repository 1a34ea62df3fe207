"""The strategy of a run: its table of contents, and the thresholds that decide what is done.

The order itself is code: `run._planned` and `run._compare`, `methods.method_for`, `RepairLoop._repair` for which repair follows
which. Thresholds of one step alone stand beside it: of repairs and of the error of typical days in `repair_loop`. Shares
of the time stand in `task` (of each plan) and in `solve.benders.decomposed`. A plan for several futures has
an order of its own, `planner.futures.results`.

====  =====================================================  ==========================  =========================================
step  what is done                                           decided by                  done by
====  =====================================================  ==========================  =========================================
1     typical days: as many as asked for, fewer where the    `days_in_time`              `planner.days`
      time is short
2     base emissions that the park does not state            always                      `base_of`, on all hours of the base year
3     the plans to compare with, beside the target plan      `has_search_beside`         `compared`
4     the method: whole, or by years; on every hour from a   `plans_whole`, `is_large`   `methods`
      plan on typical days
5     the target plan, of a large park on segments of its    the gap asked for           `planner.solve`, `planner.ledger`
      typical days, then operated on full days
6     all hours of all years, its decisions kept             `Options.verify`            `verify`
7     repair where that fails, and 5 again: days added,      `REPAIRS`                   `repair_loop`
      tightened rules; every hour
8     a small park whose days misjudge the cost: every hour  `cost_error`                `repair_loop`
9     the other plans, as 5 to 7                             `Options.compare`           `repair_loop`, `compared`
====  =====================================================  ==========================  =========================================

Where the goal cannot be met, 5 ends the run with what is in the way (`planner.explain`). Where the time is over, the best plan so
far is given with its gap. How the method by years searches has a table of its own, in `planner.solve.benders.decomposed`.

Returns yes or no, and numbers. Raises nothing.
"""

from __future__ import annotations

import math
import os
from contextlib import suppress
from pathlib import Path

from models.errors import CaseError
from models.inputs import Inputs
from models.inputs.calendar import HOURS_OF_YEAR
from planner.language.message import Message
from planner.process.streams import space_limit
from planner.solve import LARGE

#: A park is large, too, where it has more columns than the first and more yes-or-no orders than the second.
MIXED_COLUMNS, MIXED_ORDERS = 4_000, 80
#: Columns of the whole matrix for which one second of the time limit is assumed to be enough.
COLUMNS_A_SECOND = 2_000
#: A shorter time limit takes no more typical days away.
LEAST_DAYS = 2
#: Typical days, and gap, of the plan that one on every hour begins from.
BEGIN_DAYS, BEGIN_GAP = 12, 2e-3
#: A plan that a search begins with is not searched further where its gap is at most this factor of the one that the search before
#: ended with, though a narrower one was asked for: a day more changes little of what whole numbers cost.
ENOUGH_FACTOR = 1.1
#: Repairs of a plan on typical days, after which every hour is planned.
REPAIRS = 7
#: Where all hours of all years have no more columns than this, what typical days cannot be planned on is planned on every hour.
HOURLY_COLUMNS = 200_000


def columns(inputs: Inputs) -> int:
    """About how many columns the whole matrix would have."""
    things = sum(len(inputs.capacity.present[y]) + len(inputs.supplies.supplies) for y in inputs.years)
    return things * len(inputs.calendar.weight)


def outage_columns(inputs: Inputs) -> int:
    """About how many columns the operations of days with a unit out would have in it, besides."""
    outages = inputs.outages
    operations = {y: len(days) * len(outages.out[y]) for y, days in outages.days.items()}
    return sum(24 * count * (len(inputs.capacity.present[y]) + len(inputs.supplies.supplies)) for y, count in operations.items())


def is_large(inputs: Inputs) -> bool:
    """True where the decomposed method is faster: the whole matrix would have more than some 20,000 columns, those of days with a
    unit out among them, or some thousands and a yes or no for many orders."""
    return columns(inputs) + outage_columns(inputs) > LARGE or has_many_orders(inputs)


def has_many_orders(inputs: Inputs) -> bool:
    """True where the whole matrix would have some thousands of columns and a yes or no for many orders: branch and bound of the
    whole is slow then, of a park alone and, the more so, of a tree."""
    return columns(inputs) > MIXED_COLUMNS and len(inputs.capacity.lumpy) > MIXED_ORDERS


def plans_whole(asked: str, large: bool) -> bool:
    """True if the whole method plans: it was asked for, or none was and the park is small."""
    return asked == "whole" or (asked == "auto" and not large)


def days_in_time(count: int, columns: int, seconds: float | None) -> int:
    """How many of so many typical days, whose matrix has so many columns, can be planned on within the seconds; None: no limit."""
    most = math.inf if seconds is None else seconds * COLUMNS_A_SECOND * count / columns
    return count if count <= most else min(count, max(LEAST_DAYS, int(most)))


def is_planned_on_hours(inputs: Inputs) -> bool:
    """True if a park that cannot be planned on its typical days is small enough to be planned on every hour, before it is said that
    it cannot be planned: a store that carries energy from day to day can do more in a year than on days that end as they began."""
    return columns(inputs) * HOURS_OF_YEAR <= HOURLY_COLUMNS * len(inputs.calendar.weight)


# --- memory ----------------------------------------------------------------------------------------------------------------
# Memory: what a run needs at least, what there is, and one line of advice where it does not suffice.

#: Least bytes that a column of the whole matrix takes, in Pyomo and HiGHS together, and one of a year by itself; those of a park
#: without columns. Measured with 20 years on 36 days (380,000 columns, 0.7 GB decomposed, 2.0 GB in one matrix) and 5 on 12.
WHOLE_COLUMN, YEAR_COLUMN, START = 4500.0, 900.0, 3e8
#: The last of a tree of futures, whose base emissions are found first, from a year of all hours.
TREE_START = 6.5e8
#: Hours of one year that the months share.
MEMORY_HOURS_OF_YEAR = 8760


def check_memory(inputs: Inputs, columns: int, is_whole: bool, is_tree: bool = False) -> None:
    """Raise CaseError where a run cannot fit, before anything is built. `columns`: about those of the whole matrix;
    `is_tree`: of all futures together.

    A year on every hour stands there once for all years, so the decomposed method needs the columns of one.
    """
    hours, years = len(inputs.calendar.weight), len(inputs.years)
    alike = years if hours >= MEMORY_HOURS_OF_YEAR else 1
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
    if hours >= MEMORY_HOURS_OF_YEAR:
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
