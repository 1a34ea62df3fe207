"""Drafts: what is being written stands in a hidden folder near its place until it is whole.

A draft is locked while its process lives. One that nobody holds was left by a process that was killed; the next one that
writes in that place clears it away. Only files whose names we write are ever deleted.

A single file that is written whole: in a draft beside its place, and moved there at the end.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from models.errors import CaseError
from planner.tables.kinds import FILE, KINDS, RUN, TREE, Kind, is_output, is_tree

try:
    import fcntl
except ImportError:  # no such locks: drafts of killed processes stay
    fcntl = None  # type: ignore[assignment]

PREFIX, LOCK, NEW, OLD = ".parkzero-", "lock", "new", "old"
#: Noted in the lock of a draft whose files are moving into the folder around it, one by one.
MOVING = "moving"


@contextmanager
def draft(where: Path, kind: Kind, note: str = "") -> Iterator[Path]:
    """A hidden folder within `where`; what is to be written is its entry `new`. It is cleared away at the end.

    Raises OSError where there can be none.
    """
    clear_dead(where)
    folder = where / f"{PREFIX}{secrets.token_hex(4)}"
    folder.mkdir()
    try:
        # Locked before it has its name, or another process could take it for one that nobody holds.
        with (folder / f"{LOCK}.new").open("w", encoding="utf-8") as lock:
            lock.write(f"{kind.name} {note}".strip())
            lock.flush()
            _held(lock.fileno())
            (folder / f"{LOCK}.new").rename(folder / LOCK)
            yield folder
    finally:
        clear(folder, kind)


def clear_dead(where: Path) -> None:
    """Clear away the drafts in a folder whose processes are gone."""
    if fcntl is None:
        return
    with suppress(OSError):
        for folder in [Path(e.path) for e in os.scandir(where) if is_draft(e)]:
            with suppress(OSError, ValueError, LookupError), (folder / LOCK).open("r+", encoding="utf-8") as lock:
                if _held(lock.fileno()):
                    clear(folder, KINDS[lock.read(50).split()[0]])


def is_draft(entry: os.DirEntry[str], note: str | None = None) -> bool:
    """True for a folder of ours that holds a draft, with that lock where a note is asked for."""
    lock = Path(entry.path) / LOCK
    if not entry.name.startswith(PREFIX) or not entry.is_dir(follow_symlinks=False) or lock.is_symlink() or not lock.is_file():
        return False
    return note is None or lock.read_bytes()[:50] == note.encode()


def clear(folder: Path, kind: Kind) -> None:
    """Delete a draft: its lock, and of what else is in it the files that we write. What is left stays where it is."""
    with suppress(OSError):
        for old in (folder / OLD).iterdir():  # the process was ended while it exchanged the folders
            if not os.path.lexists(folder.parent / old.name):
                old.rename(folder.parent / old.name)
            else:
                remove(old, kind)
        (folder / OLD).rmdir()
    with suppress(OSError):
        new = folder / NEW
        if new.is_dir() and not new.is_symlink():
            remove(new, kind)
        elif kind.owns(NEW):
            new.unlink(missing_ok=True)
    for name in (LOCK, f"{LOCK}.new"):
        with suppress(OSError):
            (folder / name).unlink()
    with suppress(OSError):
        folder.rmdir()


def remove(folder: Path, kind: Kind) -> None:
    """Delete the files of a folder that are ours by name, and folders that are empty then; links are not followed."""
    for place, folders, files in os.walk(folder, topdown=False):
        for name in files:
            path = os.path.join(place, name)
            if kind.owns(Path(path).relative_to(folder).as_posix()) and not os.path.islink(path):
                os.unlink(path)
        for name in folders:
            with suppress(OSError):
                os.rmdir(os.path.join(place, name))
    with suppress(OSError):
        folder.rmdir()


def _held(number: int) -> bool:
    """Lock a file; False where another process holds it, or where there are no locks."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


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


def check_target(path: Path, said: str, is_ours: Callable[[Path], bool]) -> None:
    """As `check_file`, of a file that a person may put anywhere: not under the name of a file of a run, whether that is there or
    not."""
    place = path.absolute()
    for folder in place.parents:
        kind = TREE if is_tree(folder) else RUN if is_output(folder) else None
        if kind is not None and kind.owns(place.relative_to(folder).as_posix()):
            raise CaseError.because("{said}: is a file of the run in {folder}; name another file", said=said, folder=folder)
    check_file(path, said, is_ours)


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
