"""Where the program begins: the clock of a run starts before anything heavy is imported."""

from __future__ import annotations

import logging
import os
import sys
import time


def _running_for() -> float:
    """Seconds since the process was started: Python's own start is part of what a user waits for. 0 where it is not known."""
    try:
        with open("/proc/self/stat", encoding="utf-8", errors="replace") as stat:
            ticks = float(stat.read().rpartition(")")[2].split()[19])
        since = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError, ValueError, IndexError):
        return 0.0
    return since if 0.0 <= since < 60.0 else 0.0


def main() -> None:
    """Run the command line."""
    began = time.perf_counter() - _running_for()
    try:
        from planner import cli
        from planner.ending import leave, say_unraisable
    except KeyboardInterrupt:
        print("stopped; nothing was written", file=sys.stderr)
        sys.exit(130)
    logging.getLogger("pyomo").setLevel(logging.CRITICAL)  # Pyomo prints what it also raises
    sys.unraisablehook = say_unraisable
    try:
        cli.main(began)
    except SystemExit as end:
        leave(end.code if isinstance(end.code, int) else int(end.code is not None))
