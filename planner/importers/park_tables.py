"""Tables of a park's folder: files written whole, rows put among those that are there, and a park read that lacks a price."""

from __future__ import annotations

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from models.case import Case
from models.errors import CaseError
from planner.language.message import Message
from planner.park import read_case
from planner.park.complaints import Complaints
from planner.park.settings import read_toml


def put(path: Path, content: str | bytes) -> None:
    """Write a file whole, then put it in its place. Raises CaseError where the folder cannot be written to."""
    made = None
    try:
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}-", suffix=".part", delete=False) as draft:
            made = Path(draft.name)
            draft.write(content.encode() if isinstance(content, str) else content)
            draft.flush()
            os.fsync(draft.fileno())
        os.chmod(made, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        os.replace(made, path)
    except OSError as error:
        if made is not None:
            made.unlink(missing_ok=True)
        raise CaseError.because("{path}: cannot be written ({error})", path=path, error=error.strerror) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


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


PRICES, KEY, ENDINGS = "prices.csv", ("supply", "item"), (".csv", ".toml")


def read_unpriced(park: Path, supply: str) -> Case:
    """The case, read as if an energy price of 0 stood for the supply where prices.csv has none. Raises CaseError for all else that
    is wrong with it."""
    _, rows = table_of(park / PRICES)
    names = {row.get("supply") for row in table_of(park / "supplies.csv")[1]}
    if supply not in names or any((row.get("supply"), row.get("item")) == (supply, "energy") for row in rows):
        return read_case(park)
    settings = read_toml(park / "park.toml", Complaints())
    currency = settings.keys.get("currency", "") if settings else ""
    with TemporaryDirectory() as folder:
        there = Path(folder) / park.resolve().name
        there.mkdir()
        for path in park.iterdir():
            if path.suffix in ENDINGS and path.is_file():
                shutil.copy(path, there / path.name)
        row = {"supply": supply, "item": "energy", "value": 0, "unit": f"{currency}/MWh"}
        put_rows(there / PRICES, KEY, [row], replace=True)
        return read_case(there)
