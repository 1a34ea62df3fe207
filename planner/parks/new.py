"""Example parks, and new park folders made from them."""

from __future__ import annotations

import os
from contextlib import nullcontext
from difflib import get_close_matches
from pathlib import Path

import data
from models.errors import CaseError
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
