"""Where the workbench may read and write: one folder, its parks and its runs; nothing that leads out of it."""

from __future__ import annotations

import json
import os
import re
import socket
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from models.case import TABLES, Case
from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.park import read_case
from planner.park.book import column_in
from planner.park.fields import columns_of
from planner.park.remarks import PLACE, PLACED
from planner.park.settings import SETTINGS
from planner.tables.place import COMPARISON, LEAVES, fcntl, is_like_one, is_tree

#: What the workbench keeps for itself in the folder: its lock, its jobs, what is being uploaded.
OWN = ".workbench"
NO_LINK = mark("{name}: is a link, or no file; the workbench reads and writes there: delete it")
#: Folder of the outputs within a plan for several futures; endings of folders in which the plans of a question to a run are kept.
OF_QUESTIONS = "-questions", "-alternatives"
#: Names that a folder or file may have: letters of any language first, so that none is an option, hidden, or a path.
_NAME = re.compile(r"\w(?:[\w .()+-]{0,78}[\w)])?")
#: Names that Windows keeps for devices.
_DEVICES = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


def is_name(text: str) -> bool:
    """True for what can be one folder or file within a folder, on any system."""
    return bool(_NAME.fullmatch(text)) and not _DEVICES.fullmatch(text)


class Outside(CaseError):
    """What was asked for is not in the folder of the workbench."""


@dataclass(frozen=True)
class Places:
    """The folder of the workbench: every path that a request names is found here, or refused."""

    root: Path

    def within(self, *names: str) -> Path:
        """The path of names within the folder, each a folder or file of the one before. Raises Outside where it is none, or a link
        leads elsewhere."""
        path = self.root
        for name in names:
            if not is_name(name):
                raise Outside([Message("{name}: is no name that a file or folder may have here", name=repr(name))])
            path = path / name
        if not is_inside(path, self.root):
            raise Outside([Message("{name}: leads out of the folder", name="/".join(names))])
        return path

    def park(self, name: str) -> Path:
        """The folder of a park. Raises Outside where there is none, or one of its files is a link that leads elsewhere."""
        folder = self.within(name)
        if not (folder / "park.toml").is_file():
            raise Outside([Message("{name}: is no park here", name=name)])
        self.check_files(folder)
        return folder

    def run(self, *names: str) -> Path:
        """The output folder of a run; of a point of a frontier, or of a future, two names. Raises Outside where there is none."""
        is_future = len(names) == 2 and is_name(names[0]) and is_tree(self.within(names[0]))
        folder = self.within(names[0], LEAVES, names[1]) if is_future else self.within(*names)
        if not is_like_one(folder):
            raise Outside([Message("{name}: is no run here", name="/".join(names))])
        self.check_files(folder)
        return folder

    def check_files(self, folder: Path) -> None:
        """Raise Outside if a file of the folder is a link to a place outside the workbench's folder: its content would be shown."""
        for entry in os.scandir(folder):
            if entry.is_symlink() and not is_inside(Path(entry.path), self.root):
                raise Outside([Message("{name}: leads out of the folder", name=f"{folder.name}/{entry.name}")])

    def parks(self) -> list[str]:
        """Names of the parks, sorted."""
        return [path.name for path in self._folders() if (path / "park.toml").is_file()]

    def runs(self) -> list[str]:
        """Names of the runs, the newest first."""
        found = [path for path in self._folders() if is_like_one(path) and not is_tree(path)]
        return [path.name for path in sorted(found, key=_changed, reverse=True)]

    def sets(self) -> dict[str, list[str]]:
        """Folders of runs, as a frontier or a plan for several futures is one: name -> names of the runs in it. The plans that a
        question to a run has made are none."""
        found: dict[str, list[str]] = {}
        for path in self._folders():
            of = next((path.name.removesuffix(end) for end in OF_QUESTIONS if path.name.endswith(end)), "")
            if (path / "park.toml").is_file() or (of and is_like_one(self.root / of)):
                continue
            within = path / LEAVES if is_tree(path) else path
            if within != path or not is_like_one(path):
                inside = [entry.name for entry in _folders_of(within) if is_like_one(Path(entry.path)) and is_name(entry.name)]
                found |= {path.name: sorted(inside)} if inside else {}
        return found

    def comparisons(self) -> list[str]:
        """Names of the folders that hold a comparison of runs."""
        return [path.name for path in self._folders() if not is_like_one(path) and COMPARISON.is_one(path)]

    def free(self, wish: str, taken: Collection[str] = ()) -> str:
        """A name that nothing in the folder has and that is not taken: the wish, or with a number behind it."""
        names = (wish, *(f"{wish}-{number}" for number in range(2, 10_000)))
        return next(name for name in names if name not in taken and not os.path.lexists(self.root / name))

    def own(self, *names: str) -> Path:
        """A folder that the workbench keeps for itself; made where it is not there. Raises Outside where a link stands there."""
        path = self.root.joinpath(OWN, *names)
        if Path(os.path.realpath(path)) != Path(os.path.realpath(self.root), OWN, *names):
            raise Outside([Message(NO_LINK, name="/".join((OWN, *names)))])
        path.mkdir(parents=True, exist_ok=True)
        return path

    def check_own(self) -> None:
        """Raise Outside where what the workbench keeps for itself holds anything but folders and files: what it reads and writes
        there would be elsewhere."""
        for folder, folders, files in os.walk(self.own()):
            for path in (Path(folder, name) for name in (*folders, *files)):
                if path.is_symlink() or not (path.is_file() or path.is_dir()):
                    raise Outside([Message(NO_LINK, name=path.relative_to(self.root).as_posix())])

    def _folders(self) -> Iterator[Path]:
        for entry in sorted(_folders_of(self.root), key=lambda e: e.name):
            if is_name(entry.name) and is_inside(Path(entry.path), self.root):
                yield Path(entry.path)


def is_inside(path: Path, root: Path) -> bool:
    """True for a path that stays within a folder once all links are followed."""
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def _folders_of(path: Path) -> list[os.DirEntry[str]]:
    return [entry for entry in os.scandir(path) if entry.is_dir()] if path.is_dir() else []


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


# --- lock ------------------------------------------------------------------------------------------------------------------
# One writer of a folder: a file that its process locks for as long as it lives, and that names it. Who comes second reads only.

#: The lock, in what the workbench keeps for itself; the locks that this process holds, by their folder.
LOCK = "lock"
_HELD: dict[Path, int] = {}


@dataclass(frozen=True)
class Holder:
    """Who writes: a machine, and a process there."""

    host: str
    pid: int


def take(folder: Path) -> Holder | None:
    """Take the lock of a folder; gives who holds it, None where we do now. The system lets go of it where a process is killed."""
    path = folder / LOCK
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        with suppress(OSError, ValueError, TypeError):
            return Holder(**json.loads(path.read_text(encoding="utf-8")))
        return Holder("", 0)
    try:
        path.write_text(json.dumps(asdict(Holder(socket.gethostname(), os.getpid()))), encoding="utf-8")
    except OSError:
        path.unlink(missing_ok=True)
        os.close(file)
        raise
    _HELD[folder] = file
    return None


def release(folder: Path) -> None:
    """Give the lock back, where it is ours."""
    if (file := _HELD.pop(folder, None)) is not None:
        os.close(file)


# --- checked ---------------------------------------------------------------------------------------------------------------
# A park as the reader finds it: its faults and warnings, each with the table, row and column that it is of.

#: Parks that are kept as they were read; a park that was not changed is not read again.
KEPT = 8


@dataclass(frozen=True)
class Remark:
    """A fault or a warning: the whole line, and the words after its place. `line` is that of the file, the header being 1; 0: of
    the file as a whole, or of none (table '')."""

    text: str
    words: str
    table: str = ""
    line: int = 0
    column: str = ""

    @classmethod
    def of(cls, text: str) -> Remark:
        """As the reader tells it, `demand.csv line 3: value = x: …`."""
        if not isinstance(text, Message) or text.template != PLACED:
            return cls(text, text)
        place, words = text.values["place"], text.values["words"]
        values = place.values if isinstance(place, Message) and place.template == PLACE else {"file": str(place), "line": "0"}
        table = values["file"].removesuffix(".csv").removesuffix(".toml")
        if table not in TABLES and table not in (*SETTINGS, "profiles"):
            return cls(text, text)
        columns = [*columns_of(TABLES[table])] if table in TABLES else []
        return cls(text, words, table, int(values["line"]), column_in(words, columns) or "")


@dataclass(frozen=True)
class Checked:
    """What a park is found to be; `case` None where it cannot be planned."""

    faults: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    case: Case | None = None


def checked(folder: Path) -> Checked:
    """Read a park, as `plan check` does."""
    try:
        case = read_case(folder)
    except CaseError as error:
        return Checked(faults=_all(error.complaints))
    return Checked(warnings=_all(case.warnings), case=case)


def _all(lines: Iterable[str]) -> tuple[Remark, ...]:
    return tuple(Remark.of(line) for line in lines)


class Checks:
    """Parks as they were last read, one at a time: reading takes memory and a second or two."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[Path, tuple[Sequence[object], Checked]] = {}

    def of(self, folder: Path) -> Checked:
        """The park as it stands on disk now."""
        with self._lock:
            seen = signature(folder)
            if folder not in self._known or self._known[folder][0] != seen:
                self._known.pop(folder, None)
                self._known[folder] = seen, checked(folder)
                for old in [*self._known][:-KEPT]:
                    del self._known[old]
            return self._known[folder][1]


def signature(folder: Path) -> tuple[object, ...]:
    """What changes whenever a file of a folder does."""
    found = [(path.name, path.stat()) for path in folder.iterdir() if path.is_file()]
    return tuple(sorted((name, seen.st_mtime_ns, seen.st_size, seen.st_ino) for name, seen in found))
