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
            raise CaseError.because("{said}: is a link; name a file", said=said)
        if path.is_dir():
            raise CaseError.because("{said}: is a folder; name a file", said=said)
        if not path.absolute().parent.is_dir():
            raise CaseError.because("{said}: the folder {parent} does not exist", said=said, parent=path.absolute().parent)
        if os.path.lexists(path) and not (path.is_file() and is_ours(path)):
            raise CaseError.because("{said}: is a file already, and none that was made here; name another file", said=said)
    except (OSError, ValueError) as error:
        raise CaseError.because(
            "{said}: cannot be used ({error})", said=said, error=getattr(error, "strerror", None) or error
        ) from error


def write_file(path: Path, said: str, content: str | bytes, is_ours: Callable[[Path], bool]) -> None:
    """Write a file, or nothing. Raises CaseError, where `said` begins the complaint, where that cannot be done."""
    check_file(path, said, is_ours)
    try:
        with draft(path.absolute().parent, FILE) as folder:
            (folder / NEW).write_bytes(content.encode() if isinstance(content, str) else content)
            check_file(path, said, is_ours)
            (folder / NEW).replace(path)
    except (OSError, ValueError) as error:
        raise CaseError.because(
            "{said}: cannot be written ({error})", said=said, error=getattr(error, "strerror", None) or error
        ) from error
