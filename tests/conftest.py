"""Puts the project before the folders of tests, some of which bear a package's name; and the pencil and random parks in reach.

Whatever the machine speaks, the tests speak English where none says otherwise. Each worker of pytest-xdist keeps to two cores, so that
many workers do not start as many threads each as the machine has cores; one core would never try two years at once.
"""

import gc
import os
import sys
import tempfile
from pathlib import Path

import pandas as pd
import pytest

TESTS = Path(__file__).parent
sys.path[:0] = [
    str(TESTS.parent),
    str(TESTS),
    str(TESTS / "models"),
    str(TESTS / "golden"),
    str(TESTS / "laws"),
    str(TESTS / "planner" / "page"),
    str(TESTS / "browser"),
    str(TESTS / "outside"),
]
os.environ["LANGUAGE"] = "en"
# Where nothing compiled is to be written beside the files, it is kept elsewhere: else each process that a test starts compiles Pyomo,
# pandas and ours anew, which takes 3 s, and each run of the tests all of their asserts, 12 s a worker.
if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
    place = Path(tempfile.gettempdir(), f"parkzero-compiled-{getattr(os, 'getuid', int)()}")
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(place)
    sys.dont_write_bytecode = False
# As in a command; else a test would find Arrow's words, which take longer, until a command has run in its worker.
pd.options.mode.string_storage = "python"

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    if hasattr(os, "sched_setaffinity"):
        number, cores = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")), sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[(number + i) % len(cores)] for i in range(2)})
os.environ.pop("COLUMNS", None)  # a worker may have been told how wide a terminal is

#: Files and folders that wait for `-m slow`: they only try once more, at length or in other processes, what quick tests try. A test that
#: takes more than a second of a core is marked and waits too, but for laws, cases, mutations and what is rebuilt.
SLOW = (
    "tests/browser/",  # the scripts and pages, whose contents tests/planner/page and tests/serve read without a browser
    "tests/outside/",
    "tests/fuzz/",
    "tests/planner/test_cluster.py",
    "tests/planner/test_damaged.py",
    "tests/planner/questions/test_damaged_points.py",
    "tests/planner/test_stopping.py",
    "tests/planner/test_time_limit.py",
    "tests/planner/test_rerun.py",
    "tests/planner/test_repeated.py",
    "tests/planner/test_memory.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """All tests make all random tries, the quick ones a fifth of them; PARKZERO_FUZZ says otherwise."""
    os.environ.setdefault("PARKZERO_FUZZ", "0.2" if config.getoption("markexpr") == "not slow" else "1")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Marks what waits, before `-m` chooses."""
    if item.nodeid.startswith(SLOW):
        item.add_marker(pytest.mark.slow)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What stands once all tests are known stays to the end: the garbage collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # what a run leaves behind in circles is little beside what it makes and drops
