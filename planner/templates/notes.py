"""What columns mean in the language of who fills them in: the notes of a workbook, with how to begin, and the sheets of a browser.

English is the source; `notes_zh.po` has every column of every table, `notes_de.po` those of a blank workbook: German is a
language of its notes alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

#: Languages of the notes.
NOTES = ("en", "zh", "de")


@cache
def notes(code: str) -> Mapping[str, str]:
    """English -> the language; empty for English."""
    path = Path(__file__).parent / f"notes_{code}.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}
