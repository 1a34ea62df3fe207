"""Each constraint family as text: a change of the mathematics shows as a change of these files.

After a change that is meant: UPDATE_GOLDEN=1 pytest tests/golden, and read the difference.
"""

import os
from functools import cache
from pathlib import Path

import pytest
from families import families

FOLDER = Path(__file__).parent
COMMITTED = {path.stem for path in FOLDER.glob("*.txt")}


@cache
def made() -> dict[str, str]:
    """The rows of every constraint, made by the first test that asks."""
    return families()


if os.environ.get("UPDATE_GOLDEN"):
    for name in COMMITTED - set(made()):
        (FOLDER / f"{name}.txt").unlink()
    for name, rows in made().items():
        (FOLDER / f"{name}.txt").write_text(rows, encoding="utf-8")
    COMMITTED = set(made())


def test_every_constraint_has_a_golden_file_and_every_golden_file_a_constraint():
    assert set(made()) == COMMITTED, "UPDATE_GOLDEN=1 writes them"


def test_every_constraint_has_rows_in_the_golden_parks():
    assert [name for name, rows in made().items() if not rows] == []


@pytest.mark.parametrize("name", sorted(COMMITTED))
def test_the_rows_are_those_committed(name):
    assert made()[name] == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
