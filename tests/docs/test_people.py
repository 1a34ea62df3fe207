"""What is told to those who work on the code is so: the map of the tests, the slow ones, the files to touch."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAP, _REST = (ROOT / "docs" / "tests.md").read_text(encoding="utf-8").split("## The slow ones")
SLOW = _REST.split("\n## ")[0]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_every_folder_of_tests_is_on_the_map() -> None:
    folders = {path.parent.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("test_*.py")} - {"tests"}
    told = set(re.findall(r"`(tests/[\w/]*)/", MAP))
    assert [f for f in sorted(folders) if f not in told] == []


def test_the_slow_tests_that_are_listed_are_those_that_are_marked() -> None:
    marked = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("*.py")
        if path not in (Path(__file__), ROOT / "tests" / "slowly.py")
        and re.search(r"mark\.slow|from slowly import .*(first|only)", path.read_text(encoding="utf-8"))
    }
    assert set(re.findall(r"^\| `(tests/\S+\.py)` \|", SLOW, re.MULTILINE)) == marked


def test_the_files_that_come_first_or_are_spread_are_there_and_share_nothing() -> None:
    tree = ast.parse((ROOT / "tests" / "conftest.py").read_text(encoding="utf-8"))
    told = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in ("FIRST", "SPREAD")
    }
    for file in (*told["FIRST"], *told["SPREAD"]):
        assert (ROOT / file).is_file(), file
    for file in told["SPREAD"]:
        assert "scope=" not in (ROOT / file).read_text(encoding="utf-8"), file


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:[\w.-]+/)+[\w.-]+)`", CONTRIBUTING))))
def test_every_file_that_is_to_be_touched_is_there(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize(
    ("heading", "word", "files"),
    [
        ("A technology", "heat-pump-steam", "data/catalogue/"),
        ("A column", "import_year", "models/"),
        ("A constraint", "expire_limit", "models/"),
        ("An output table", "budget", "planner/answer/"),
    ],
)
def test_the_example_of_each_change_stands_in_the_files_named(heading: str, word: str, files: str) -> None:
    section = CONTRIBUTING.split(f"## {heading}\n")[1].split("\n## ")[0]
    named = [path for path in re.findall(r"^\| `([\w./-]+)`", section, re.MULTILINE) if path.startswith(files) and "." in path]
    assert named
    for path in named:
        assert word in (ROOT / path).read_text(encoding="utf-8"), path
