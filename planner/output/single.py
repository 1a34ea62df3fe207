"""A single file that is written whole: in a draft beside its place, and moved there at the end."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from models.errors import CaseError
from planner.output.drafts import NEW, draft
from planner.output.kinds import FILE


def check_file(path: Path, said: str, is_ours: Callable[[Path], bool]) -> None:
    """Raise CaseError where a file cannot stand in a place, or one stands there that is not ours."""
    try:
        if path.is_symlink():
            raise CaseError([f"{said}: is a link; name a file"])
        if path.is_dir():
            raise CaseError([f"{said}: is a folder; name a file"])
        if not path.absolute().parent.is_dir():
            raise CaseError([f"{said}: the folder {path.absolute().parent} does not exist"])
        if os.path.lexists(path) and not (path.is_file() and is_ours(path)):
            raise CaseError([f"{said}: is a file already, and none that was made here; name another file"])
    except (OSError, ValueError) as error:
        raise CaseError([f"{said}: cannot be used ({getattr(error, 'strerror', None) or error})"]) from error


def write_file(path: Path, said: str, content: str | bytes, is_ours: Callable[[Path], bool]) -> None:
    """Write a file, or nothing. Raises CaseError, where `said` begins the complaint, where that cannot be done."""
    check_file(path, said, is_ours)
    try:
        with draft(path.absolute().parent, FILE) as folder:
            (folder / NEW).write_bytes(content.encode() if isinstance(content, str) else content)
            check_file(path, said, is_ours)
            (folder / NEW).replace(path)
    except (OSError, ValueError) as error:
        raise CaseError([f"{said}: cannot be written ({getattr(error, 'strerror', None) or error})"]) from error
