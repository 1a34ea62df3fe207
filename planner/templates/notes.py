"""The notes of a workbook to be filled in, in the language of who fills it in: what its columns mean, and how to begin.

English is the source; `notes_zh.po` and `notes_de.po` hold the others. German is a language of these notes alone.
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
