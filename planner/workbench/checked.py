"""A park as the reader finds it: its faults and warnings, each with the table, row and column that it is of."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.case import TABLES, Case
from models.errors import CaseError
from planner.language.message import Message
from planner.park import read_case
from planner.park.book import SETTINGS, column_in
from planner.park.fields import columns_of
from planner.park.remarks import PLACE, PLACED

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


def check(folder: Path) -> Checked:
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
                self._known[folder] = seen, check(folder)
                for old in [*self._known][:-KEPT]:
                    del self._known[old]
            return self._known[folder][1]


def signature(folder: Path) -> tuple[object, ...]:
    """What changes whenever a file of a folder does."""
    found = [(path.name, path.stat()) for path in folder.iterdir() if path.is_file()]
    return tuple(sorted((name, seen.st_mtime_ns, seen.st_size, seen.st_ino) for name, seen in found))
