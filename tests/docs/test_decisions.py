"""The decision records: each has a number of its own, its four parts, and a line in the index."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "decisions"
ROOMS = ("benchmarks", "data", "docs", "models", "planner", "tests")
FILES = [path.as_posix() for room in ROOMS for path in (ROOT / room).rglob("*.py")]
RECORDS = sorted(path.name for path in FOLDER.glob("[0-9]*.md"))


def test_every_decision_is_numbered_listed_and_says_context_decision_measurement_and_consequence():
    listed = re.findall(r"^\| \[(\d{3})\]\((\S+)\) \| (.+) \|$", (FOLDER / "index.md").read_text(encoding="utf-8"), re.M)
    assert [name for _, name, _ in listed] == RECORDS
    numbers = [int(number) for number, _, _ in listed]
    assert numbers == sorted({*numbers}) and len(numbers) > 100
    for number, name, subject in listed:
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert text.startswith(f"# {number} {subject}\n") and name.startswith(number), name
        assert re.findall(r"^## (.+)$", text, re.M) == ["Context", "Decision", "Measurement", "Consequence"], name
        assert all(part.strip() for part in re.split(r"^#+ .+$", text, flags=re.M)[2:]), name


def gone(text: str) -> list[str]:
    """Paths of files of Python, whole or their last parts, that a record names and that are not there.

    A record that another one has replaced says what was: its paths may be gone.
    """
    if re.search(r"^Replaced by \[\d{3}\]", text, re.M):
        return []
    paths = dict.fromkeys(re.findall(r"(?<![\w./-])[\w-]+(?:/[\w-]+)+\.py\b", text))
    return [path for path in paths if not any(file.endswith(f"/{path}") for file in FILES)]


def test_records_name_files_that_are_there():
    found = {name: gone((FOLDER / name).read_text(encoding="utf-8")) for name in RECORDS}
    assert {name: paths for name, paths in found.items() if paths} == {}


def test_a_path_that_is_gone_is_seen_unless_the_record_is_replaced():
    text = (
        "It stands in `planner/plan.py`, `solve/benders/master.py`, `planner/gone.py` and `solve/gone.py`; a tour.py is no path.\n"
    )
    assert gone(text) == ["planner/gone.py", "solve/gone.py"]
    assert gone(f"{text}\nReplaced by [003](003-level-set.md).\n") == []
