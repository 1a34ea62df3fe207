"""Places that a run.json names: told from the folder in which the output stands, so that no path of a machine is in it.

An output that is moved together with its park still finds it.
"""

from __future__ import annotations

import os
from pathlib import Path, PurePath

from models.errors import CaseError
from models.message import printable
from planner.parks.new import examples, park_folder

#: How a park that ships with the planner is named.
BUILT_IN = "built-in "


def told_from(path: Path, out: Path) -> str:
    """The place of a file or folder, told from the folder in which `out` stands."""
    for name in examples():
        if path.absolute() == park_folder(name).absolute():
            return BUILT_IN + name
    try:
        near = os.path.relpath(path.absolute(), os.path.dirname(os.path.abspath(out)))
    except ValueError:  # another drive
        near = str(path.absolute())
    return printable(PurePath(near).as_posix(), longest=None)


def found_from(told: str, out: Path, what: str) -> Path:
    """Where that place is now, seen from where we are. Raises CaseError, naming `what` it is, where nothing is there.

    A place on another machine (`//host/share`) is not looked at: whoever wrote the file would learn who opens it.
    """
    if told.replace("\\", "/").startswith("//"):
        raise CaseError.because("{what} is said to be at {place}, on another machine; say where it is", what=what, place=told)
    if told.startswith(BUILT_IN):
        return park_folder(told.removeprefix(BUILT_IN))
    place = Path(os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(out)), told)))
    if not place.exists():
        raise CaseError.because(
            "{what} is not at {place} any more; put it back there, or say with --park where it is, if the command has that",
            what=what,
            place=place,
        )
    return shortest(place)


def shortest(place: Path) -> Path:
    """The place as one would write it from here."""
    if place.absolute().drive != Path.cwd().drive:
        return place
    near = os.path.relpath(place)
    return Path(near) if len(near) < len(str(place)) else place
