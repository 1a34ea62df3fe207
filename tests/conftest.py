"""Puts the project before the folders of tests, some of which bear a package's name; and the pencil and random parks in reach.

Whatever the machine speaks, the tests speak English where none says otherwise. Each worker of pytest-xdist keeps to two cores, so that
many workers do not start as many threads each as the machine has cores; one core would never try two years at once.

A file stays with one worker, and the files that take longest come first: one that is begun last would keep a worker alone at the end.
"""

import gc
import os
import sys
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
# As in a command; else a test would find Arrow's words, which take longer, until a command has run in its worker.
pd.options.mode.string_storage = "python"

if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    if hasattr(os, "sched_setaffinity"):
        number, cores = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw")), sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[(number + i) % len(cores)] for i in range(2)})
os.environ.pop("COLUMNS", None)  # a worker may have been told how wide a terminal is

#: The files that take longest, the longest first.
FIRST = (
    "tests/browser/test_report_page.py",
    "tests/browser/test_script.py",
    "tests/models/test_hourly_truth.py",
    "tests/models/test_commitment_hours.py",
    "tests/laws/test_contract_parks.py",
    "tests/planner/test_damaged.py",
    "tests/rebuilt/test_rebuilt.py",
    "tests/planner/frontier/test_questions.py",
    "tests/planner/frontier/test_frontier.py",
    "tests/planner/test_decomposed.py",
    "tests/planner/test_rerun.py",
    "tests/planner/test_stopping.py",
    "tests/models/test_enumerated_orders.py",
    "tests/planner/frontier/test_damaged_points.py",
    "tests/planner/test_cluster.py",
    "tests/laws/test_methods.py",
    "tests/planner/test_cli.py",
    "tests/fuzz/test_spoilt_plans.py",
    "tests/planner/profiles/test_meter_times.py",
    "tests/planner/test_console.py",
    "tests/models/test_link_orders.py",
    "tests/laws/test_laws.py",
    "tests/laws/test_link_parks.py",
    "tests/models/test_retirement.py",
    "tests/planner/test_repeated.py",
    "tests/planner/profiles/test_recognised.py",
    "tests/planner/ledger/test_tampering.py",
    "tests/laws/test_full_parks.py",
    "tests/planner/page/test_page.py",
    "tests/laws/test_yearly_parks.py",
    "tests/models/test_hourly_matching.py",
    "tests/fuzz/test_spoilt_parks.py",
    "tests/serve/test_runs.py",
    "tests/planner/test_remedies.py",
    "tests/planner/park/test_book.py",
    "tests/planner/profiles/test_weather_files.py",
    "tests/planner/finance/test_finance_workbook.py",
    "tests/planner/rank/test_rank.py",
    "tests/planner/profiles/test_meter_files.py",
    "tests/fuzz/test_large_files.py",
    "tests/planner/test_days.py",
    "tests/planner/test_time_limit.py",
    "tests/planner/test_workbook.py",
    "tests/planner/ledger/test_mutations.py",
    "tests/planner/test_files.py",
    "tests/planner/export/test_export_pypsa.py",
    "tests/planner/test_compare.py",
)
#: Folders that stay with one worker: their files share what takes long to make.
TOGETHER = ("tests/browser/",)
#: Files whose tests share nothing that is planned once: each test goes to whichever worker is free.
SPREAD = (
    "tests/models/test_hourly_truth.py",
    "tests/models/test_commitment_hours.py",
    "tests/laws/test_methods.py",
    "tests/laws/test_contract_parks.py",
    "tests/planner/frontier/test_questions.py",
)


def pytest_configure(config: pytest.Config) -> None:
    """All tests make all random tries, the quick ones a fifth of them; PARKZERO_FUZZ says otherwise."""
    os.environ.setdefault("PARKZERO_FUZZ", "0.2" if config.getoption("markexpr") == "not slow" else "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first."""
    place = {file: number for number, file in enumerate(FIRST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(FIRST)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What stands once all tests are known stays to the end: the garbage collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)  # what a run leaves behind in circles is little beside what it makes and drops


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Files, or tests of files that may be spread, as what workers are given one of."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Spread(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return nodeid if file in SPREAD else next((folder for folder in TOGETHER if file.startswith(folder)), file)

    return Spread(config, log)
