"""The park folder: its tables as text, and the hash of everything that was read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.case import TABLES, Future, FutureValue, Origin, Row
from models.errors import CaseError, printable
from models.units import UnitError
from planner.language.language import mark
from planner.language.message import Message
from planner.park import faults
from planner.park.book import opened
from planner.park.catalogue import lay_over, read_costs
from planner.park.complaints import Complaints, nearest, no_such
from planner.park.draft import Draft, Profiles
from planner.park.faults import fault, of
from planner.park.fields import check_name, columns_of, number, of_profile, split_heading, without_units
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


# --- profiles --------------------------------------------------------------------------------------------------------------
# profiles.csv: hourly series of one year, or of some whole days that stand for it.

FILE = "profiles.csv"
HOURS = 8760
#: A leap year is read to the end, to be refused by name.
_MOST = 8784


def read_profiles(folder: Path, complaints: Complaints) -> Profiles:
    """Read profiles.csv; with a fault, the names are known and the series that are right."""
    path = folder / FILE
    if not os.path.lexists(path):
        return Profiles()
    sheet = read_sheet(path, FILE, complaints, ("hour",), _MOST)
    if sheet is None:
        return Profiles(is_read=False)
    sheet, times = _without_units(sheet)
    names = set(sheet.columns) - {"hour"}
    if "hour" not in sheet.columns:
        complaints.add(Origin(FILE, 1), fault(faults.NO_HOUR_COLUMN))
    elif sheet.is_whole and _hours_follow(sheet, complaints):
        _check_length(len(sheet.rows), complaints)
    for name in sheet.columns:
        try:
            check_name(name)
        except ValueError as error:
            complaints.add(Origin(FILE, 1), of(f"column {name!r}", error))
    profiles = Profiles(hours=len(sheet.rows), names=names, lines=sheet.lines)
    cells = dict(zip(sheet.columns, zip(*sheet.rows, strict=True), strict=False)) if sheet.rows else {}
    for name in sheet.columns:
        if name != "hour" and name in cells:
            series = _series(name, cells[name], sheet.lines, complaints)
            if series is not None:
                profiles.series[name] = series * times[name] if times.get(name, 1.0) != 1 else series
    return profiles


def _without_units(sheet: TableSheet) -> tuple[TableSheet, dict[str, float]]:
    """(the sheet with bare names, what the values of a name are multiplied by), of headings such as `sun [W/kWp]` and `sun [%]`.

    A heading whose unit is none of a profile is a name, and so is one whose name is there already.
    """
    names, times = list(sheet.columns), dict[str, float]()
    for at, heading in enumerate(sheet.columns):
        name, unit = split_heading(heading)
        with suppress(UnitError):
            if unit and name not in names:
                times[name] = of_profile(unit)
                names[at] = name
    return replace(sheet, columns=tuple(names)), times


def _hours_follow(sheet: TableSheet, complaints: Complaints) -> bool:
    """True if the column `hour` counts 0, 1, 2 … without a gap."""
    at = sheet.columns.index("hour")
    for expected, (row, line) in enumerate(zip(sheet.rows, sheet.lines, strict=True)):
        try:
            hour = number(row[at])
        except ValueError as error:
            complaints.add(Origin(FILE, line), of(f"hour = {row[at]!r}", error))
            return False
        if hour != expected:
            words = mark("hour = {hour}: hour {expected} is expected here; the rows are numbered 0, 1, 2 … without a gap")
            complaints.add(Origin(FILE, line), Message(words, hour=f"{hour:g}", expected=expected))
            return False
    return True


def _check_length(hours: int, complaints: Complaints) -> None:
    """Complain of a length that is no year and no whole number of days."""
    if hours == _MOST:
        complaints.add(FILE, fault(faults.LEAP_YEAR, hours=_MOST))
    elif hours > HOURS or hours == 0:
        complaints.add(FILE, fault(faults.OTHER_HOURS, hours=hours, needed=HOURS))
    elif hours % 24:
        words = mark("{hours} hours; {needed} hourly values are needed (for a stylised park another whole number of days)")
        complaints.add(FILE, Message(words, hours=hours, needed=HOURS))


def _series(name: str, cells: tuple[str, ...], lines: list[int], complaints: Complaints) -> np.ndarray | None:
    """The numbers of one profile, None with a complaint where some are missing or none."""
    try:
        series = np.array(cells, dtype=np.str_).astype(np.float64)
        if np.isfinite(series).all() and (np.abs(series) <= 1e12).all() and not any("_" in cell for cell in cells):
            return series
    except ValueError:
        pass
    blank = [line for cell, line in zip(cells, lines, strict=True) if cell == ""]
    if blank:
        words = mark("{name}: {count} values; {needed} hourly values are needed, the first one missing is in line {line}")
        counts = {"count": len(cells) - len(blank), "needed": len(cells), "line": blank[0]}
        complaints.add(FILE, Message(words, name=name, **counts))
    for cell, line in zip(cells, lines, strict=True):
        try:
            number(cell or "0")
        except ValueError as error:
            complaints.add(Origin(FILE, line), of(f"{name} = {cell!r}", error))
            break
    return None
