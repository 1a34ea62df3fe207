"""Example parks, and new park folders made from them."""

from __future__ import annotations

import os
from contextlib import nullcontext
from difflib import get_close_matches
from pathlib import Path, PurePath

import data
from models.errors import CaseError, printable
from planner.tables.place import PARK, check_place, writing

#: The park that is planned when none is named.
BUILT_IN = "lakeside"


def data_folder() -> Path:
    """Where the installed data is."""
    return Path(data.__file__).parent


def park_folder(name: str = BUILT_IN) -> Path:
    """Folder of an example park. Raises CaseError where there is none of that name."""
    if name not in examples():
        near = get_close_matches(name, examples(), 1) or examples()
        raise CaseError.because("--from {name}: is no example park; did you mean {near}?", name=name, near=repr(near[0]))
    return data_folder() / "parks" / name


def named(park: Path) -> Path:
    """The folder of an example where a park is called by its name and nothing of that name is there; else the park."""
    return data_folder() / "parks" / park.name if not os.path.lexists(park) and str(park) in examples() else park


def examples() -> list[str]:
    """Names of the example parks."""
    return sorted(p.name for p in (data_folder() / "parks").iterdir() if (p / "park.toml").exists())


def new_park(folder: Path, example: str = BUILT_IN) -> list[Path]:
    """Copy an example park, or the sheets of a workbook, into a new folder; gives the files. Raises CaseError where that would
    overwrite something, and where the workbook cannot be read."""
    from planner.park.book import ParkBook, is_book, opened

    with opened(Path(example)) if is_book(Path(example)) else nullcontext(ParkBook(park_folder(example))) as book:
        if book.faults:
            raise CaseError([book.placed(where, words) for where, words in book.faults])
        return _copied(book.folder, folder)


def _copied(source: Path, folder: Path) -> list[Path]:
    if os.path.lexists(folder) and not folder.is_symlink() and (not folder.is_dir() or any(folder.iterdir())):
        raise CaseError.because("{folder}: is there already; name a new folder", folder=folder)
    check_place(folder, PARK)
    with writing(folder, PARK) as (new, moved):
        for path in source.iterdir():
            if path.is_file():
                (new / path.name).write_bytes(path.read_bytes())
    return sorted(moved.place.iterdir())


# --- places ----------------------------------------------------------------------------------------------------------------
# Places that a run.json names: told from the folder in which the output stands, so that no path of a machine is in it.
#
# An output that is moved together with its park still finds it.

#: How a park that ships with the planner is named.
INSTALLED = "built-in "


def told_from(path: Path, out: Path) -> str:
    """The place of a file or folder, told from the folder in which `out` stands."""
    for name in examples():
        if path.absolute() == park_folder(name).absolute():
            return INSTALLED + name
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
    if told.startswith(INSTALLED):
        return park_folder(told.removeprefix(INSTALLED))
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
