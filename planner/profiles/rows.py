"""Rows put into a table of a park: every other row and column stays as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from models.errors import CaseError
from planner.language.message import Message
from planner.profiles.write import put


def table_of(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """(columns, rows) of a table; nothing where there is none. Raises CaseError where it cannot be read."""
    if not path.exists():
        return [], []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows = [{k: v or "" for k, v in row.items() if k} for row in reader]
            return list(reader.fieldnames or ()), rows
    except (OSError, UnicodeError, csv.Error) as error:
        raise CaseError.because("{path}: cannot be read ({error}); mend it first", path=path, error=error) from error


def check_rows(path: Path, key: Sequence[str], rows: Sequence[Mapping[str, object]], replace: bool) -> None:
    """Raise CaseError where the table has a row of the same key, and it is not to be replaced."""
    _, there = table_of(path)
    known = {tuple(row.get(name, "") for name in key) for row in there}
    taken = [row for row in rows if tuple(str(row.get(name, "")) for name in key) in known]
    if taken and not replace:
        raise CaseError(
            [
                Message(
                    "{path}: has a row of {name} already; say --replace, or choose another name",
                    path=path,
                    name=" ".join(str(row.get(name, "")) for name in key).strip(),
                )
                for row in taken
            ]
        )


def put_rows(path: Path, key: Sequence[str], rows: Sequence[Mapping[str, object]], replace: bool) -> Path:
    """Put rows into a table, in place of those with the same key. Raises CaseError as `check_rows`."""
    check_rows(path, key, rows, replace)
    columns, there = table_of(path)
    new = [{name: str(value) for name, value in row.items()} for row in rows]
    keys = {tuple(row.get(name, "") for name in key) for row in new}
    kept = [row for row in there if tuple(row.get(name, "") for name in key) not in keys]
    names = [*columns, *dict.fromkeys(name for row in new for name in row if name not in columns)]
    put(path, csv_text(names, [*kept, *new]))
    return path


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as CSV under these columns; a cell that a row lacks is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
