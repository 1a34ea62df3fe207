"""Where the program begins: the clock of a run starts before anything heavy is imported."""

from __future__ import annotations

import logging
import sys
import time


def main() -> None:
    """Run the command line."""
    began = time.perf_counter()
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
