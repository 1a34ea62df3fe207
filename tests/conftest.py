"""Puts the project before the folders of tests, some of which bear a package's name; and the pencil and random parks in reach.

Whatever the machine speaks, the tests speak English where none says otherwise. Each worker of pytest-xdist keeps to two cores, so that
many workers do not start as many threads each as the machine has cores; one core would never try two years at once.
"""

import os
import sys
from pathlib import Path

TESTS = Path(__file__).parent
sys.path[:0] = [str(TESTS.parent), str(TESTS / "models"), str(TESTS / "golden"), str(TESTS / "laws"), str(TESTS / "planner" / "page"), str(TESTS / "browser"), str(TESTS / "outside")]
os.environ["LANGUAGE"] = "en"

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    if hasattr(os, "sched_setaffinity"):
        number, cores = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")), sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[(number + i) % len(cores)] for i in range(2)})
os.environ.pop("COLUMNS", None)  # a worker may have been told how wide a terminal is
