"""The place of a folder that is written: looked at before any work, and again when what was written moves in.

- What is written stands in a draft beside the place until it is whole, and is exchanged with the older output in one step.
- Where the place is a mount point, or beside it nothing may be written, the draft stands within it and its files move in
  one by one; so do they where somebody else's files stand among ours, which stay.
- What came into the way while the run was at work is left alone: the new output is then put beside, as NAME.new.
- A link to a folder is followed and stays a link.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from models.errors import CaseError
from planner.tables.drafts import MOVING, NEW, OLD, clear_dead, draft, is_draft, remove
from planner.tables.kinds import Kind

#: The longest path within a folder that we write.
LONGEST = "least-cost/emission_sources.csv"
#: Times that moving in is tried where the place changes under our hands; numbers of NAME.new that are tried.
TRIES, BESIDE = 3, 20


@dataclass(frozen=True)
class Survey:
    """What stands in a place: other people's files, and what would be in the way of ours (links, folders, special files)."""

    exists: bool
    is_ours: bool = False
    others: tuple[str, ...] = ()
    in_the_way: tuple[str, ...] = ()


def check_place(place: Path, kind: Kind, needed: int = 0) -> Path:
    """The folder that is really written to. Raises CaseError where writing would lose something or cannot work.

    needed  bytes that will be written at least
    """
    said = kind.told(place)
    try:
        str(place.absolute()).encode()
        real = _real(place, said)
        found = survey(real, kind)
        if found.exists and not real.is_dir():
            raise CaseError.because("{said}: is a file; name a folder", said=said)
        if found.others and not found.is_ours:
            raise CaseError.because("{said}: holds other files (it is no {what}); name a new folder", said=said, what=kind.what)
        if found.in_the_way:
            raise CaseError.because(
                "{said}: holds {name}, which is in the way; move it or name a new folder", said=said, name=found.in_the_way[0]
            )
        if not real.parent.is_dir():
            raise CaseError.because("{said}: the folder {parent} does not exist", said=said, parent=real.parent)
        with suppress(FileNotFoundError, NotADirectoryError):
            os.stat(real / LONGEST)  # the system says where a path is too long
    except UnicodeEncodeError:
        raise CaseError.because(
            "{said}: is no UTF-8, and some tables cannot be written there; name another folder", said=said
        ) from None
    except (OSError, ValueError) as error:
        raise CaseError.because("{said}: cannot be used ({why})", said=said, why=_why(error)) from error
    _try_it(real, said, kind)
    free = shutil.disk_usage(real if found.exists else real.parent).free
    if free < needed:
        raise CaseError.because(
            "{said}: {needed} MB are needed there at least, and {free} MB are free",
            said=said,
            needed=f"{needed / 1e6:,.0f}",
            free=f"{free / 1e6:,.1f}",
        )
    return real


def _real(place: Path, said: str) -> Path:
    """Where a link leads; the place itself where it is none."""
    if not place.is_symlink():
        return place.absolute()
    try:
        os.stat(place)
    except FileNotFoundError:
        raise CaseError.because("{said}: is a link to nothing; name a folder", said=said) from None
    return Path(os.path.realpath(place))


def survey(place: Path, kind: Kind) -> Survey:
    """Look at what stands in a place. Raises OSError where that cannot be seen."""
    if not os.path.lexists(place):
        return Survey(False)
    if place.is_symlink() or not place.is_dir():
        return Survey(True, others=(place.name,))
    others, in_the_way, is_unfinished = [], [], False
    folders = [""]
    while folders:
        within = folders.pop()
        for entry in os.scandir(place / within):
            path = within + entry.name
            if not within and is_draft(entry):
                is_unfinished |= is_draft(entry, f"{kind.name} {MOVING}")  # moving in was broken off here
            elif kind.owns(path):
                if not entry.is_file(follow_symlinks=False):
                    in_the_way.append(path)
            elif entry.is_dir(follow_symlinks=False) and kind.owns(f"{path}/{Path(LONGEST).name}"):
                folders.append(f"{path}/")
            elif kind.owns(f"{path}/{Path(LONGEST).name}"):
                in_the_way.append(path)
            else:
                others.append(path)
    is_ours = kind.is_one(place) or is_unfinished
    everything = [] if is_ours else [e.name for e in os.scandir(place) if not is_draft(e)]
    return Survey(True, is_ours, tuple(others) if is_ours else tuple(everything), tuple(in_the_way) if is_ours else ())


def _home(place: Path) -> Path:
    """The folder in which the draft stands: beside the place, within it where it is a mount point or beside is closed."""
    inside = place.is_dir() and (os.path.ismount(place) or not os.access(place.parent, os.W_OK | os.X_OK))
    return place if inside else place.parent


def _try_it(place: Path, said: str, kind: Kind) -> None:
    """Write as a run will, in small. Raises CaseError where that cannot be done."""
    home = _home(place)
    try:
        with draft(home, kind) as folder:
            path = folder / NEW / LONGEST
            path.parent.mkdir(parents=True)
            path.write_bytes(b" " * 4096)
            path.unlink()
            path.parent.rmdir()
            path.parent.parent.rmdir()
    except OSError as error:
        raise CaseError.because(
            "{said}: the folder {home} cannot be written to ({why})", said=said, home=home, why=_why(error)
        ) from error


@contextmanager
def writing(place: Path, kind: Kind) -> Iterator[tuple[Path, Moved]]:
    """A draft folder to write into, which moves to its place at the end; the second says where it went.

    Raises CaseError where it cannot be written; then nothing is.
    """
    said, moved = kind.told(place), Moved(place)
    try:
        real = Path(os.path.realpath(place)) if place.is_symlink() and place.exists() else place.absolute()
        with draft(_home(real), kind) as folder:
            new = folder / NEW
            new.mkdir()
            yield new, moved
            if real.is_dir():
                with suppress(OSError):
                    new.chmod(real.stat().st_mode & 0o7777)  # as whoever made the older folder wanted it
            went = move_in(new, real, kind)
            moved.place = place if went == real else went
    except OSError as error:
        raise CaseError.because("{said}: cannot be written ({why}); nothing was written", said=said, why=_why(error)) from error


@dataclass
class Moved:
    """Where a folder went: its place, or beside it."""

    place: Path


def move_in(new: Path, place: Path, kind: Kind) -> Path:
    """Put a finished draft into its place, looked at once more; gives where it stands. Raises OSError."""
    for _ in range(TRIES):
        found = survey(place, kind)
        if not found.exists:
            with suppress(FileExistsError, NotADirectoryError, IsADirectoryError):
                new.rename(place)
                return place
        elif (found.others and not found.is_ours) or found.in_the_way:
            break
        elif found.others or _home(place) == place or not replace(new, place, kind):
            _fill(new, place, kind)
            return place
        else:
            return place
    return _put_beside(new, place)


def _put_beside(new: Path, place: Path) -> Path:
    for home in (place.parent, place):
        for number in ("", *range(2, BESIDE)):
            beside = home / f"{place.name}.new{number}"
            if not os.path.lexists(beside):
                with suppress(OSError):
                    return Path(shutil.move(new, beside))
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def replace(new: Path, place: Path, kind: Kind) -> bool:
    """Put a draft in the place of an older output: in one step where the system can exchange two folders.

    Else in two, and the older output comes back if that is interrupted. False where neither can be done.
    """
    if exchanged(new, place):
        _bring_back(new, place, kind)  # the draft is the older output now
        return True
    old = new.with_name(OLD) / place.name
    old.parent.mkdir()
    try:
        place.rename(old)
    except OSError:
        return False
    try:
        new.rename(place)
    except BaseException:
        if not os.path.lexists(place):
            old.rename(place)
        raise
    _bring_back(old, place, kind)
    return True


def exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system cannot."""
    try:
        exchange = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    here, at_once = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return exchange(here, os.fsencode(one), here, os.fsencode(other), at_once) == 0


def _bring_back(old: Path, place: Path, kind: Kind) -> None:
    """Delete the older output; files of others that came into it in the last moment go back to where they were put."""
    clear_dead(old)  # filling it may have been broken off once
    remove(old, kind)
    for left in [p for p in old.rglob("*") if p.is_symlink() or not p.is_dir()]:
        target = place / left.relative_to(old)
        if not os.path.lexists(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            left.rename(target)
    remove(old, kind)


def _fill(new: Path, place: Path, kind: Kind) -> None:
    """Move a draft's files into a folder one by one, the file that marks it last; other people's files stay."""
    with draft(place, kind, MOVING) as inside:
        if inside.parent != new.parent.parent:  # on the other side of a mount point, perhaps
            new = Path(shutil.move(new, inside / NEW))
        (place / kind.mark).unlink(missing_ok=True)
        files = sorted((p.relative_to(new) for p in new.rglob("*") if p.is_file()), key=lambda p: p.name == kind.mark)
        keep = {p.as_posix() for p in files}
        for old in [p for p in place.rglob("*") if inside not in p.parents]:
            told = old.relative_to(place).as_posix()
            if kind.owns(told) and told not in keep:
                old.unlink()
        for name in files:
            (place / name).parent.mkdir(exist_ok=True)
            (new / name).replace(place / name)
        for folder in [p for p in place.iterdir() if kind.owns(f"{p.name}/{Path(LONGEST).name}")]:
            with suppress(OSError):
                folder.rmdir()


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
