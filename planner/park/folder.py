"""The park folder: its tables as text, and the hash of everything that was read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.case import TABLES, Future, FutureValue, Row
from models.errors import CaseError
from models.message import printable
from planner.language.message import Message
from planner.park import faults
from planner.park.book import opened
from planner.park.complaints import nearest, no_such
from planner.park.costs import lay_over, read_costs
from planner.park.draft import Draft
from planner.park.faults import fault
from planner.park.fields import columns_of
from planner.park.headings import without_units
from planner.park.tables import TableSheet, read_sheet, refuse_unknown_columns

FILES = (*(f"{table}.csv" for table in TABLES), "profiles.csv")
#: No park has more technologies, demands, supplies, measures …
MOST_NAMES = 1_000
SETTINGS = ("park.toml", "goal.toml")
#: Most files that are named of those that have changed.
NAMED = 5
#: What stands in the folder of a park and is none of its tables: what was built, for `plan --keep`.
BESIDE = ("built.csv",)


@dataclass(frozen=True)
class Futures:
    """Where the tree of futures is read from: another file than the park's, with future_values.csv beside it; or none is."""

    file: Path | None = None
    are_read: bool = True

    def path(self, folder: Path, table: str) -> Path | None:
        """The file of a table; None where it is not read."""
        if table not in (Future.table, FutureValue.table):
            return folder / f"{table}.csv"
        if not self.are_read:
            return None
        if self.file is None:
            return folder / f"{table}.csv"
        return self.file if table == Future.table else self.file.parent / f"{table}.csv"


def check_folder(folder: Path) -> None:
    """Raise CaseError where there is no folder to read."""
    if not os.path.lexists(folder):
        raise CaseError.because("{folder}: is missing; name the folder of a park (`plan new DIR` starts one)", folder=folder)
    try:
        if not folder.exists():
            raise CaseError.because("{folder}: is a link to nothing; name the folder of a park", folder=folder)
        if not folder.is_dir():
            raise CaseError.because("{folder}: is no folder; name the folder that holds park.toml", folder=folder)
        next(folder.iterdir(), None)
    except OSError as error:
        raise CaseError.because("{folder}: cannot be read ({error})", folder=folder, error=error.strerror) from error


def refuse_unknown_files(folder: Path, draft: Draft) -> None:
    """Complain of each CSV file that no table is read from."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() == ".csv" and path.name not in (*FILES, *BESIDE) and not path.name.startswith((".", "~$")):
            draft.fault(path.name, no_such(path.name, "table of a park", FILES))
            meant = nearest(path.name, FILES)
            if meant and not os.path.lexists(folder / meant):
                draft.unreadable.add(meant.removesuffix(".csv"))


def check_beside(path: Path) -> None:
    """Raise CaseError where a file that is to be written would stand among the tables of a park, which is refused with it."""
    folder = path.absolute().parent
    if path.suffix.lower() == ".csv" and path.name not in (*FILES, *BESIDE) and os.path.lexists(folder / "park.toml"):
        raise CaseError.because(
            "{path}: {folder} is the folder of a park, and a table that is none of its own has it refused; name another folder",
            path=path,
            folder=folder.name,
        )


def read_tables(folder: Path, costs: Sequence[Path], draft: Draft, futures: Futures = Futures()) -> None:
    """Read every table and the cost files laid over them into `draft.raw`."""
    for table, kind in TABLES.items():
        path = futures.path(folder, table)
        if table == "costs" or path is None or not (os.path.lexists(path) or path == futures.file):
            continue
        sheet = read_sheet(path, path.name, draft.complaints, columns_of(kind))
        if sheet is None:
            draft.unreadable.add(table)
            continue
        plain = without_units(sheet, columns_of(kind), draft.currency, draft.complaints)
        if plain is None or _names_too_many(plain[0], kind, draft):
            draft.unreadable.add(table)
            continue
        sheet, draft.headed[table] = plain
        draft.misspelt[path.name] = refuse_unknown_columns(sheet, columns_of(kind), draft.complaints)
        draft.raw[table] = sheet.raw_rows()
        if not sheet.is_whole or not set(sheet.columns) <= set(columns_of(kind)):
            draft.doubtful[table].add("")
    _read_all_costs(folder, costs, draft)


def _names_too_many(sheet: TableSheet, kind: type[Row], draft: Draft) -> bool:
    """True, with a complaint, where a table names more things than any park has."""
    column = kind.key[0] if kind.key else kind.columns()[0]
    if column not in sheet.columns:
        return False
    at = sheet.columns.index(column)
    count = len({row[at] for row in sheet.rows})
    if count > MOST_NAMES:
        words = {"count": f"{count:,}", "column": repr(column), "most": f"{MOST_NAMES:,}"}
        draft.fault(sheet.file, fault(faults.TOO_MANY_NAMES, **words))
    return count > MOST_NAMES


def _read_all_costs(folder: Path, costs: Sequence[Path], draft: Draft) -> None:
    """The folder's costs.csv with each cost file laid over it, the last one on top."""
    used = used_types(draft)
    files = [(folder / "costs.csv", "costs.csv")] if os.path.lexists(folder / "costs.csv") else []
    for path, name in [*files, *((path, str(path)) for path in costs)]:
        before = len(draft.complaints)
        rows = read_costs(path, name, draft.complaints, used, draft.currency)
        if rows is None:
            draft.unreadable.add("costs")
            continue
        if len(draft.complaints) > before:
            draft.doubtful["costs"].add("")
        draft.raw["costs"] = lay_over(draft.raw["costs"], rows)


def used_types(draft: Draft) -> set[str]:
    """The types that the park's technologies, links and connections are of."""
    technologies = {row.get("type") or row.get("technology") for row in draft.raw["technologies"]}
    links = {row.get("type") or row.get("link") for row in draft.raw["links"]}
    return (technologies | links | {row.get("type") for row in draft.raw["connections"]}) - {""}


def hashes(folder: Path, costs: Sequence[Path], catalogue: Path, futures: Futures = Futures()) -> dict[str, str]:
    """SHA-256 of every file that a case is read from; of a workbook of the files that its sheets stand for."""
    with opened(folder) as book:
        return _hashes(book.folder, costs, catalogue, futures)


def _hashes(folder: Path, costs: Sequence[Path], catalogue: Path, futures: Futures) -> dict[str, str]:
    own = {f"{table}.csv": futures.path(folder, table) for table in (Future.table, FutureValue.table)}
    found = [(name, own.get(name, folder / name)) for name in sorted((*FILES, *SETTINGS))]
    files = [(name, path) for name, path in found if path is not None]
    files += [(f"--costs {i}: {printable(path.name)}", path) for i, path in enumerate(costs, start=1)]
    files += [(f"catalogue/{path.name}", path) for path in sorted(catalogue.glob("*.csv"))]
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files if path.is_file()}


def digest(files: Mapping[str, str]) -> str:
    """SHA-256 over the names and hashes of everything that a case is read from."""
    return hashlib.sha256("".join(f"{name}\0{own}\n" for name, own in files.items()).encode()).hexdigest()


def told_changes(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Names of the files whose hashes differ, of many the first."""
    other = [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]
    names = ", ".join(other[:NAMED])
    return Message("{names} and {count} more", names=names, count=len(other) - NAMED) if len(other) > NAMED else names
