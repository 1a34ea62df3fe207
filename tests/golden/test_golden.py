"""Each constraint family as text: a change of the mathematics shows as a change of these files.

After a change that is meant: UPDATE_GOLDEN=1 pytest tests/golden, and read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from families import families

FOLDER = Path(__file__).parent
ROWS = families()
COMMITTED = {path.stem for path in FOLDER.glob("*.txt")}

if os.environ.get("UPDATE_GOLDEN"):
    for name in COMMITTED - set(ROWS):
        (FOLDER / f"{name}.txt").unlink()
    for name, rows in ROWS.items():
        (FOLDER / f"{name}.txt").write_text(rows, encoding="utf-8")
    COMMITTED = set(ROWS)


def test_every_constraint_has_a_golden_file_and_every_golden_file_a_constraint():
    assert set(ROWS) == COMMITTED


def test_every_constraint_has_rows_in_the_golden_parks():
    assert [name for name, rows in ROWS.items() if not rows] == []


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_rows_are_those_committed(name):
    path = FOLDER / f"{name}.txt"
    assert path.exists(), "UPDATE_GOLDEN=1 writes it"
    assert ROWS[name] == path.read_text(encoding="utf-8")
