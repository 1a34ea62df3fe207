"""Whether the tables of an output are still those that the run wrote: run.json has the SHA-256 of each.

A person may change a number in a table and make the page again; the page then says which table was changed. Files that other
commands add later are not compared. Returns names of files; Raises OSError where one cannot be read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from planner.plan import PLANS
from planner.tables.kinds import RUN
from planner.tables.schema import TABLES
from planner.tables.telling import SUMMARY


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of summary.json and of each table of each plan that stands in an output, by its path there."""
    files = [SUMMARY, *(table.file for table in TABLES.values())]
    paths = [folder / own / name for own in ("", *PLANS) for name in files]
    return {path.relative_to(folder).as_posix(): _digest(path) for path in paths if path.is_file()}


def changed_since(folder: Path, written: Mapping[str, str]) -> list[str]:
    """The files whose content is no longer that of `written` (path -> SHA-256, as `digests`). Missing files are left out: reading
    an output refuses those that it needs."""
    known = (name for name in written if RUN.owns(name))  # whoever wrote run.json has no other file looked at
    return [name for name in known if (folder / name).is_file() and _digest(folder / name) != written[name]]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
