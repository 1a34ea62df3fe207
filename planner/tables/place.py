"""The place of a folder or file that is written: looked at before any work, and filled in one step at the end.

What is written stands in a draft beside the place until it is whole, and is then exchanged with the older output: an interrupted
run leaves the old one or the new one. A folder that holds files of others is refused. Where one came into the way while the run
was at work, the output stands beside it, as NAME.new. A draft is locked while its process lives; one that nobody holds was left by
a process that was killed, and the next one that writes there deletes it.
"""

from __future__ import annotations

import ctypes
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from models.errors import CaseError
from planner.tables.kinds import RUN, TREE, Kind, is_output, is_tree

try:
    import fcntl
except ImportError:  # no such locks: drafts of killed processes stay
    fcntl = None  # type: ignore[assignment]

#: Name of a draft.
PREFIX = ".parkzero-"
DRAFT = re.compile(re.escape(PREFIX) + "[0-9a-f]{8}")


def check_place(place: Path, kind: Kind, needed: int = 0) -> Path:
    """The folder that is really written to. Raises CaseError where writing would lose something or cannot work.

    needed  bytes that will be written at least
    """
    said = kind.told(place)
    try:
        str(place.absolute()).encode()
        if place.is_symlink() and not place.exists():
            raise CaseError.because("{said}: is a link to nothing; name a folder", said=said)
        real = Path(os.path.realpath(place))
        if os.path.lexists(real) and not real.is_dir():
            raise CaseError.because("{said}: is a file; name a folder", said=said)
        if other := of_others(real, kind):
            raise CaseError.because("{said}: holds files of others ({name}); name a new folder", said=said, name=other)
        if os.path.ismount(real):
            raise CaseError.because("{said}: is a mount point; name a folder within it", said=said)
        if not real.parent.is_dir():
            raise CaseError.because("{said}: the folder {parent} does not exist", said=said, parent=real.parent)
    except UnicodeEncodeError:
        raise CaseError.because(
            "{said}: is no UTF-8, and some tables cannot be written there; name another folder", said=said
        ) from None
    except (OSError, ValueError) as error:
        raise CaseError.because("{said}: cannot be used ({why})", said=said, why=_why(error)) from error
    try:
        with _draft(real.parent) as new:
            new.mkdir()
    except OSError as error:
        raise CaseError.because(
            "{said}: the folder {home} cannot be written to ({why})", said=said, home=real.parent, why=_why(error)
        ) from error
    free = shutil.disk_usage(real.parent).free
    if free < needed:
        raise CaseError.because(
            "{said}: {needed} MB are needed there at least, and {free} MB are free",
            said=said,
            needed=f"{needed / 1e6:,.0f}",
            free=f"{free / 1e6:,.1f}",
        )
    return real


def of_others(place: Path, kind: Kind) -> str:
    """The first of what stands in a folder and is not ours, links too; '' where there is none. Raises OSError."""
    is_ours = os.path.lexists(place) and kind.is_one(place)
    for folder, folders, files in os.walk(place):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in sorted([*links, *files]):
            path = Path(folder, name)
            told = path.relative_to(place).as_posix()
            if not is_ours or path.is_symlink() or not (kind.owns(told) or kind.later.fullmatch(told)):
                return told
    return ""


@dataclass
class Moved:
    """Where a folder went: its place, or beside it."""

    place: Path


@contextmanager
def writing(place: Path, kind: Kind) -> Iterator[tuple[Path, Moved]]:
    """A draft folder to write into, which moves to its place at the end; the second says where it went.

    Raises CaseError where it cannot be written; then nothing is.
    """
    said, moved = kind.told(place), Moved(place)
    try:
        real = Path(os.path.realpath(place)) if place.exists() else place.absolute()
        with _draft(real.parent) as new:
            new.mkdir()
            yield new, moved
            if not os.path.lexists(real):
                new.rename(real)
            elif not real.is_dir() or of_others(real, kind):  # since it was looked at
                ends = (".new", *(f".new{number}" for number in range(2, 1000)))
                moved.place = next(p for end in ends if not os.path.lexists(p := real.with_name(real.name + end)))
                new.rename(moved.place)
            else:
                new.chmod(real.stat().st_mode & 0o7777)  # as whoever made the older folder wanted it
                _exchange(new, real)
    except OSError as error:
        raise CaseError.because("{said}: cannot be written ({why}); nothing was written", said=said, why=_why(error)) from error


def _exchange(new: Path, place: Path) -> None:
    """Put a draft in the place of an older output: in one step where the system can exchange two folders, else in two; the older
    output comes back if these are interrupted."""
    if exchanged(new, place):
        shutil.rmtree(new)
        return
    old = place.with_name(f"{place.name}.old-{secrets.token_hex(4)}")  # no draft: a kill between the two leaves it
    try:
        place.rename(old)
        new.rename(place)
    except BaseException:
        if not os.path.lexists(place):
            old.rename(place)
        raise
    shutil.rmtree(old)


def exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system cannot."""
    try:
        exchange = ctypes.CDLL(None).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    here, at_once = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return exchange(here, os.fsencode(one), here, os.fsencode(other), at_once) == 0


@contextmanager
def _draft(home: Path) -> Iterator[Path]:
    """A path within a hidden folder, for what is being written; the folder is deleted at the end. Raises OSError."""
    _clear_dead(home)
    folder = home / f"{PREFIX}{secrets.token_hex(4)}"
    folder.mkdir()
    lock = os.open(folder, os.O_RDONLY) if fcntl is not None else None
    try:
        if lock is not None:
            with suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield folder / "new"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if lock is not None:
            os.close(lock)


def _clear_dead(home: Path) -> None:
    """Delete the drafts in a folder whose processes are gone."""
    if fcntl is None:
        return
    with suppress(OSError):
        for entry in [e for e in os.scandir(home) if DRAFT.fullmatch(e.name) and e.is_dir(follow_symlinks=False)]:
            with suppress(OSError):
                lock = os.open(entry.path, os.O_RDONLY)
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(entry.path, ignore_errors=True)
                finally:
                    os.close(lock)


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


# --- single files -----------------------------------------------------------------------------------------------------


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
        raise CaseError.because("{said}: cannot be used ({error})", said=said, error=_why(error)) from error


def check_target(path: Path, said: str, is_ours: Callable[[Path], bool]) -> None:
    """As `check_file`, of a file that a person may put anywhere: not under the name of a file of a run, whether that is there or
    not."""
    place = path.absolute()
    for folder in place.parents:
        kind = TREE if is_tree(folder) else RUN if is_output(folder) else None
        if kind is not None and kind.owns(place.relative_to(folder).as_posix()):
            raise CaseError.because("{said}: is a file of the run in {folder}; name another file", said=said, folder=folder)
    check_file(path, said, is_ours)


def put(path: Path, text: str) -> None:
    """Write a small file of ours in one step, or nothing."""
    new = path.with_name(f"{path.name}.new")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def write_file(path: Path, said: str, content: str | bytes, is_ours: Callable[[Path], bool]) -> None:
    """Write a file, or nothing. Raises CaseError, where `said` begins the complaint, where that cannot be done."""
    check_file(path, said, is_ours)
    try:
        with _draft(path.absolute().parent) as new:
            new.write_bytes(content.encode() if isinstance(content, str) else content)
            check_file(path, said, is_ours)
            new.replace(path)
    except (OSError, ValueError) as error:
        raise CaseError.because("{said}: cannot be written ({error})", said=said, error=_why(error)) from error
