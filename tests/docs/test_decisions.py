"""The decision records: each has a number of its own, its four parts, and a line in the index."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
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
