"""The numbers of docs/trust.md that say how much the tests try are those of the tests."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import sys
from math import prod
from pathlib import Path
from types import ModuleType

import pytest

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "trust.md").read_text(encoding="utf-8")


def loaded(path: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A module of tests, as it stands."""
    monkeypatch.syspath_prepend(str((TESTS / path).parent))
    spec = importlib.util.spec_from_file_location(f"counted_{Path(path).stem}", TESTS / path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


def cases_of(module: ModuleType) -> int:
    """Tests of a module, each case of a parametrized one counted."""
    found = 0
    for name, test in inspect.getmembers(module, inspect.isfunction):
        if name.startswith("test_") and test.__module__ == module.__name__:
            marks = [m for m in getattr(test, "pytestmark", []) if m.name == "parametrize"]
            found += prod(len(m.args[1]) for m in marks)
    return found


def told(row: str) -> int:
    """The number of a row of the table of what is tried."""
    (number,) = re.findall(rf"^\| {re.escape(row)} \| ([\d,]+) \|", PAGE, re.MULTILINE)
    return int(number.replace(",", ""))


COUNTED = {
    "time limits, and work ended from outside": "planner/test_time_limit.py",
    "remedies, each with the least amount and its cost": "planner/test_remedies.py",
    "blocking rules": "planner/test_blocking.py",
    "contradictions seen without a solve": "planner/test_contradictions.py",
    "coefficients of very different size, and unbounded problems": "planner/test_numerics.py",
    "runs repeated from their run.json": "planner/test_rerun.py",
    "files of a million rows, of 20,000 names or faults, of 100 MB, cells of 40 MB, settings without end": "fuzz/test_large_files.py",
}


@pytest.mark.parametrize("row", COUNTED)
def test_the_cases_that_are_told_are_those_of_the_tests(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(row) == cases_of(loaded(COUNTED[row], monkeypatch))


def test_the_mutations_that_are_told_are_those_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    module = loaded("planner/ledger/test_mutations.py", monkeypatch)
    assert told("coefficients of the model changed, each caught by the ledger") == cases_of(module) - 1  # one is of the words
    assert len(module.MUTATIONS) > 12


def test_the_kills_and_interruptions_that_are_told_are_those_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    module = loaded("planner/test_stopping.py", monkeypatch)
    assert told("`kill -9` at moments of a run, most while it writes") == len(module.KILLS)
    assert told("Ctrl-C at each stage of a run") == cases_of(module) - 1


def test_the_spoilt_parks_that_are_told_are_those_of_the_tests() -> None:
    for row, path in (
        ("spoilt parks read and resolved", "fuzz/test_spoilt_parks.py"),
        ("spoilt parks planned through the command line", "fuzz/test_spoilt_plans.py"),
    ):
        tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
        (count,) = [
            node.value.args[0].left.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "max_examples"
        ]
        assert told(row) == count


def test_the_tries_from_outside_that_are_told_are_those_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    module = loaded("outside/test_outside.py", monkeypatch)
    row = "tries from outside: OUT in some state, streams, environment, signals, damaged outputs, little room"
    assert told(row) == module.TRIES
    assert told("tries with what others give: questions on damaged plans, workbooks, importers, bundles") == module.TRIES_OF_INPUTS
    assert told("an output written again and again among what others do in its place, up to 20 steps each") == module.EXAMPLES


def test_the_slips_that_are_told_are_those_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (loaded(f"planner/park/{name}.py", monkeypatch) for name in ("test_slips", "test_slips_of_data"))
    assert told("slips in what people take from bills, tariffs, meters and weather, each with an honest neighbour") == len(
        second.CASES
    )
    section = PAGE[PAGE.index("## Slips") : PAGE.index("## Hourly truth")]
    listed = [line.split(" | ")[0].removeprefix("| ") for line in section.splitlines() if line.startswith("| ")]
    assert set(listed) >= {*first.SLIPS, *second.CASES} and len(first.SLIPS) + len(second.CASES) == 57
    assert set(first.HONEST) == set(first.SLIPS)
    assert (
        f"| {len(first.SLIPS)} of {len(first.SLIPS)} | {len(first.HONEST) + 2} | 0 |" in section
        and f"| {len(second.CASES)} of {len(second.CASES)} | {len(second.CASES)} | 0 |" in section
    )
