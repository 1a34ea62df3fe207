"""Pages of runs in the language of the browser: the file as it was written, or one that is made anew of the tables beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from models.errors import CaseError
from planner.language.language import Language
from planner.tables.place import put
from planner.workbench.bench import Bench


def text_in(bench: Bench, path: Path, language: Language, make: Callable[[], str], of: Sequence[Path] = ()) -> str:
    """The text of a page in a language: of its file where that is written in it, else made anew once, and kept by the workbench.

    Answers to later questions add tables to a run: whatever file of its folder, or of the folders `of`, is another now, the page is
    made anew. Where it cannot be made the file is shown as it is.
    """
    from planner.answer.page.page import language_of as written_in

    if path.is_file() and written_in(path.parent, path.name) == language.code:
        return path.read_text(encoding="utf-8")
    files = sorted(
        (str(file), file.stat().st_size, file.stat().st_mtime_ns) for folder in (path.parent, *of) for file in folder.iterdir()
    )
    key = hashlib.sha256(repr(files).encode()).hexdigest()[:32]
    kept = bench.places.own("pages") / f"{key}-{language.code}.html"
    if not kept.is_file():
        try:
            put(kept, make())
        except (CaseError, OSError, KeyError, ValueError):  # what it is made of is damaged, or gone
            if path.is_file():
                return path.read_text(encoding="utf-8")
            raise
    return kept.read_text(encoding="utf-8")
