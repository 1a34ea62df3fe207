"""Plans that commands save for themselves beside a run: whole ones are found again, damaged ones are made anew, which is said."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from models.errors import CaseError
from planner.language.language import mark
from planner.tables.output import read_output
from planner.tables.place import FACTS, RUN, SUMMARY
from planner.tables.place import NAME as PACKAGE
from planner.tables.schema import DISPATCH

#: Told of a plan, and of a file of answers, that was there and can be used no more.
DAMAGED = mark("was damaged and is made anew")
#: A folder that has one of these was written by a run, whatever became of it.
_MARKS = (FACTS, SUMMARY, DISPATCH.file, PACKAGE)


def is_whole(folder: Path) -> bool:
    """True for an output that can be read, and whose tables are those that the run wrote."""
    try:
        return not read_output(folder).changed
    except (CaseError, OSError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):  # what no check foresaw, too
        return False


def is_cleared(folder: Path) -> bool:
    """True where a damaged output stood. It is deleted, unless files of others stand in it."""
    if not any(os.path.lexists(folder / name) for name in _MARKS) or is_whole(folder):
        return False
    if all(RUN.owns(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if not path.is_dir()):
        shutil.rmtree(folder)
    return True
