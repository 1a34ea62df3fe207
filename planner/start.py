"""Where the program begins: the clock of a run starts before anything heavy is imported."""

from __future__ import annotations

import logging
import os
import sys
import time
import warnings

from planner.process import streams
from planner.process.streams import FAILED, STOPPED, WRONG, OutOfMemory, is_out_of_memory, too_small

#: Seconds after which a thread that waits may take its turn in Python. HiGHS works in threads of its own, several at a time; one
#: that has an answer waits for another that is in Python, by default for 5 ms.
TURN = 2e-4


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
    """Run the command line; Ctrl-C at any moment is a sentence and an exit code."""
    try:
        _run()
    except KeyboardInterrupt:
        _end("stopped; nothing was written", STOPPED)


def _run() -> None:
    began = time.perf_counter() - _running_for()
    sys.unraisablehook = streams.hook
    sys.setswitchinterval(TURN)
    streams.secure()
    if why := too_small():
        _end(why, FAILED)
    if sys.flags.optimize > 1:
        _end("PYTHONOPTIMIZE=2 (python -OO) takes away docstrings that Pyomo works with; set it to 1 or leave it out", WRONG)
    warnings.simplefilter("ignore")  # of packages, for developers; PYTHONWARNINGS=error would make faults of them
    try:
        from planner.command import cli
        from planner.process.terminal import leave
    except Exception as error:  # a package that is missing, or cannot be loaded on this machine
        if is_out_of_memory(error):
            _end(str(OutOfMemory()), FAILED)
        _end(f"parkzero cannot start ({type(error).__name__}: {error}); is it installed whole?", FAILED)
    logging.getLogger("pyomo").setLevel(logging.CRITICAL)  # Pyomo prints what it also raises
    code = FAILED
    try:
        cli.main(began)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else FAILED
    except KeyboardInterrupt:  # once more, while the first was being answered
        code = STOPPED
    finally:
        leave(code)


def _end(line: str, code: int) -> None:
    print(line, file=sys.stderr)
    streams.close()
    os._exit(code)
