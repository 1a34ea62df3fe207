"""What run.json must say so that an output can be told of again, and tables of an output read back with care."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NoReturn

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import CaseError
from planner.language.message import Message
from planner.tables.files import Damaged, check_regular, text_of, unquoted
from planner.tables.schema import DISPATCH, TABLES, Column, Table

# --- safe ------------------------------------------------------------------------------------------------------------------
# JSON and CSV files of an output, read with care.

#: No file of an output is larger, but the hourly flows.
MOST_BYTES = 200_000_000
#: Lists and tables of a JSON file within each other, at most.
DEEPEST = 50


def read_json(path: Path) -> dict[str, Any]:
    """The keys of a JSON file. Raises Damaged."""
    text = text_of(path, MOST_BYTES)
    try:
        found = json.loads(text, parse_constant=_refuse)
        depth = _depth(found)
    except RecursionError:
        raise Damaged(path, "is no JSON that can be read: it is nested too deep") from None
    except ValueError as error:
        raise Damaged(path, "is no JSON ({error})", error=error) from None
    if not isinstance(found, dict):
        raise Damaged(path, "is no {file} of ours: it has no keys", file=path.name)
    if depth > DEEPEST:
        raise Damaged(path, "is no JSON that can be read: it is nested too deep")
    return found


def _refuse(word: str) -> NoReturn:
    raise ValueError(Message("{word} is no number", word=word))


def _depth(part: Any) -> int:
    below = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return 1 + max(map(_depth, below), default=0)


def read_rows(path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a CSV file, all of one length. Raises Damaged."""
    reader = csv.reader(io.StringIO(text_of(path, MOST_BYTES), newline=""), strict=True)
    try:
        header = next(reader, [])
        rows = []
        for row in reader:
            if len(row) != len(header):
                raise Damaged(
                    path,
                    "line {line} has {given} cells, the header {needed}",
                    line=reader.line_num,
                    given=len(row),
                    needed=len(header),
                )
            rows.append(row)
    except csv.Error as error:
        raise Damaged(path, "line {line} cannot be read as CSV ({error})", line=reader.line_num, error=error) from None
    if not header:
        raise Damaged(path, "is empty")
    twice = sorted({c for c in header if header.count(c) > 1})
    if twice:
        raise Damaged(path, "has the column {column} twice", column=repr(twice[0]))
    return header, rows


# --- facts -----------------------------------------------------------------------------------------------------------------

Number = Annotated[float, Field(ge=-1e300, le=1e300, allow_inf_nan=False)]
Year = Annotated[int, Field(ge=1, le=9999)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
#: Faults of one file that are said; the rest is counted.
SHOWN = 5
#: Of the files of an output: another number, where what was read before is read no longer.
FORMAT = 1


class _Said(BaseModel):
    """Keys that are not named here may hold anything: nothing is told from them."""

    model_config = ConfigDict(strict=True, extra="allow")


class OptionFacts(_Said):
    """Options of a run."""

    park: str
    costs: list[str]
    target: str | None
    by: Year | None
    milestones: list[tuple[str, Year]]
    days: Annotated[int, Field(ge=0, le=366)] | None
    gap: Annotated[Number, Field(ge=0, lt=1)]
    time_limit: Number | None
    compare: bool
    method: str
    verify: bool
    quick: bool
    verify_all: bool = True
    segments: int = 24
    is_wide: bool = False


class MessageFacts(_Said):
    """A sentence with what it was made of."""

    text: str
    template: str
    values: dict[str, str | MessageFacts]


class MessagesFacts(_Said):
    """Sentences of a run with what they were made of, in the order of summary.json."""

    matrix: str | MessageFacts
    warnings: list[str | MessageFacts]
    explanation: list[str | MessageFacts] = []


class DemandFacts(_Said):
    """A demand as it was read: MWh of its year, MW, and a small picture of its hours as base64, '' where there is none."""

    demand: str
    carrier: str
    year: Year | None
    energy: Number
    lowest: Number
    highest: Number
    load_factor: Number
    quiet: list[str]


class BillFacts(_Said):
    """A bill: MWh, and what it cost where it says so."""

    supply: str
    carrier: str
    year: Year
    energy: Number
    cost: Number | None


class LoadFacts(_Said):
    """What the park uses and was billed, as it was read."""

    demands: list[DemandFacts]
    bills: list[BillFacts]


class RunFacts(_Said):
    """run.json."""

    parkzero: str
    case_sha256: str
    files: dict[str, str]
    tables: dict[str, str]
    options: dict[str, Any]
    versions: dict[str, str]
    matrix: str = ""
    seconds: dict[str, Number] = {}
    messages: MessagesFacts | None = None
    loads: LoadFacts | None = None


class Repeatable(RunFacts):
    """run.json of a run that can be repeated: it says what was planned, and how."""

    options: OptionFacts  # type: ignore[assignment]


def check_format(path: Path, found: Mapping[str, Any]) -> None:
    """Raise CaseError where a run.json is of an output whose files another version wrote in another way."""
    if "parkzero" in found and found.get("format") != FORMAT:
        raise CaseError.because(
            "{folder}: was made by version {version}; plan it again", folder=path.parent, version=found["parkzero"]
        )


def check_facts(path: Path, found: dict[str, Any], kind: type[BaseModel]) -> list[Damaged]:
    """What is wrong with the keys of a JSON file; nothing where it can be told from."""
    try:
        kind.model_validate_json(json.dumps(found))
    except ValidationError as error:
        details = sorted(error.errors(include_url=False, include_input=False), key=lambda d: d["type"] == "missing")
        faults = [Damaged(path, "{words}", words=_told(d["loc"], d["type"], d["msg"])) for d in details[:SHOWN]]
        more = len(details) - SHOWN
        return faults + ([Damaged(path, "and {more} more of its keys are wrong", more=more)] if more > 0 else [])
    return []


def _told(where: Sequence[object], kind: str, message: str) -> str:
    key = ".".join(map(str, where))
    if kind == "missing":
        return Message("has no {key}", key=repr(key))
    return f"{key}: {message[:1].lower()}{message[1:].replace('Input should be', 'should be')}".replace("input should", "should")


# --- reading ---------------------------------------------------------------------------------------------------------------
# Tables of an output, read back by their schema: every fault is a sentence with its file, its line and what is wrong.

#: No number of a table is larger, and no year is outside these.
MOST, YEARS = 1e300, (1, 9999)


def read_table(path: Path, table: Table) -> pd.DataFrame:
    """A CSV file of ours. Text stays text, so that a technology may be called `NA` or `007`. Raises Damaged."""
    header, rows = read_rows(path)
    _check_columns(path, header, table)
    if not rows:
        return empty_table(table)
    cells = dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))
    typed = {column.name: _typed(path, cells[column.name], column) for column in table.columns}
    if table.key:
        names = [*zip(*(cells[name] for name in table.key), strict=True)]
        if len(set(names)) < len(names):
            line = next(i for i, name in enumerate(names) if name in names[:i]) + 2
            raise Damaged(path, "line {line} says once more what a line before says ({key})", line=line, key=", ".join(table.key))
    return pd.DataFrame(typed, columns=list(table.names))


@cache
def _without_rows(table: Table) -> pd.DataFrame:
    return pd.DataFrame({column.name: _typed(Path(table.file), [], column) for column in table.columns})


def empty_table(table: Table) -> pd.DataFrame:
    """The table without a row."""
    return _without_rows(table).copy()


def table_in(folder: Path, name: str) -> pd.DataFrame:
    """A table of a plan, without a row where it has no file. Raises Damaged."""
    path = folder / TABLES[name].file
    return read_table(path, TABLES[name]) if path.is_file() else empty_table(TABLES[name])


def _check_columns(path: Path, header: list[str], table: Table) -> None:
    missing = [c.name for c in table.columns if c.name not in header]
    if missing:
        raise Damaged(path, "has no column {column}; was it changed after the run?", column=repr(missing[0]))


def _typed(path: Path, cells: list[str], column: Column) -> np.ndarray:
    """The cells as what the column holds."""
    if column.kind == "text":
        return np.array([*map(unquoted, cells), None], dtype=object)[:-1]
    if column.kind == "truth":
        _reading_refuse(path, cells, [cell in ("True", "False") for cell in cells], column, Message("is neither True nor False"))
        return np.array([cell == "True" for cell in cells], dtype=bool)
    numbers = np.array([_number(cell) for cell in cells], dtype=float)
    blank = np.array([cell == "" for cell in cells], dtype=bool)
    if not column.may_be_blank:
        _reading_refuse(path, cells, ~blank, column, Message("is empty"))
    with np.errstate(invalid="ignore"):
        _reading_refuse(path, cells, blank | (np.abs(numbers) <= MOST), column, Message("is no number"))
        if column.kind == "whole":
            _reading_refuse(path, cells, blank | (numbers == np.round(numbers)), column, Message("is no whole number"))
            if column.name == "year":
                _reading_refuse(path, cells, blank | ((numbers >= YEARS[0]) & (numbers <= YEARS[1])), column, Message("is no year"))
    return numbers.astype("int64") if column.kind == "whole" and not blank.any() else numbers


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _reading_refuse(path: Path, cells: Sequence[str], fits: Sequence[bool] | np.ndarray, column: Column, what: str) -> None:
    if np.all(fits):
        return
    for row, fit in enumerate(fits):
        if not fit:
            raise Damaged(
                path,
                "line {line}: {column} {given} {words}",
                line=row + 2,
                column=column.name,
                given=repr(cells[row][:100]),
                words=what,
            )


def check_dispatch(path: Path, years: list[int]) -> None:
    """Raise Damaged where the hourly flows are not those of a plan over these years, as far as it can be told unread."""
    check_regular(path)
    try:
        file = pq.ParquetFile(path)
        found = {field.name: field.type for field in file.schema_arrow}
        _check_columns(path, list(found), DISPATCH)
        for column in (c for c in DISPATCH.columns if c.name in found):
            if not _fits(found[column.name], column):
                raise Damaged(path, "its column {column} holds {found}", column=repr(column.name), found=found[column.name])
        there = set(file.read(["year"])["year"].unique().to_pylist())
    except (OSError, ValueError, pa.ArrowException, MemoryError) as error:
        raise Damaged(path, "is no Parquet file that can be read ({error})", error=error) from None
    if there != set(years):
        raise Damaged(path, "has the hours of other years than emissions.csv")


def _fits(kind: pa.DataType, column: Column) -> bool:
    if column.kind == "text":
        return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_dictionary(kind)
    if column.kind == "time":
        return pa.types.is_timestamp(kind)
    return pa.types.is_integer(kind) or (column.kind == "number" and pa.types.is_floating(kind))


def read_dispatch(folder: Path, year: int) -> pd.DataFrame:
    """Hourly flows of one year of a plan; empty where they were not kept. Raises Damaged."""
    path = folder / DISPATCH.file
    if not path.is_file():
        return pd.DataFrame(columns=[c.name for c in DISPATCH.columns])
    try:
        flows = pd.read_parquet(path, filters=[("year", "==", year)])
    except (OSError, ValueError, pa.ArrowException, MemoryError) as error:
        raise Damaged(path, "is no Parquet file that can be read ({error})", error=error) from None
    numbers = flows[[c.name for c in DISPATCH.columns if c.kind in ("whole", "number")]]
    if numbers.isna().to_numpy().any() or (numbers.abs() > MOST).to_numpy().any():
        raise Damaged(path, "has numbers of {year} that are none", year=year)
    return flows


def faults_of_years(tables: dict[str, pd.DataFrame], folder: Path) -> Iterator[Damaged]:
    """What does not fit together: every table is of the years of emissions.csv, every figure is there in each of them."""
    emissions = tables["emissions"]
    years = sorted(set(emissions["year"]))
    if not years:
        yield Damaged(folder / "emissions.csv", "has no rows")
        return
    if years != list(range(years[0], years[-1] + 1)):
        yield Damaged(folder / "emissions.csv", "has a gap in its years")
    counts = emissions.groupby("item")["year"].nunique()
    for item in sorted(counts[counts < len(years)].index):
        yield Damaged(folder / "emissions.csv", "has {item} in some years only", item=repr(item))
    for name, table in tables.items():
        planned = table[table["committed"] == 0] if name == "investments" else table  # what was signed may be of a year before
        outside = sorted({*planned["year"].tolist()}.difference(years)) if "year" in table else []
        if outside:
            yield Damaged(folder / f"{name}.csv", "has the year {year}, which emissions.csv does not have", year=outside[0])
