"""Tables of an output, read back by their schema: every fault is a sentence with its file, its line and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from planner.language.message import Message
from planner.tables.safe import Damaged, check_regular, read_rows
from planner.tables.schema import DISPATCH, Column, Table

#: No number of a table is larger, and no year is outside these.
MOST, YEARS = 1e300, (1, 9999)
#: First letters before which a quote keeps a spreadsheet from taking the text for a formula.
QUOTED = tuple("=+-@\t\r")


def read_table(path: Path, table: Table) -> pd.DataFrame:
    """A CSV file of ours. Text stays text, so that a technology may be called `NA` or `007`. Raises Damaged."""
    header, rows = read_rows(path)
    _check_columns(path, header, table)
    if not rows:
        return _without_lines(table).copy()
    cells = dict(zip(header, map(list, zip(*rows, strict=True)), strict=True))
    typed = {column.name: _typed(path, cells[column.name], column) for column in table.columns}
    if table.key:
        names = [*zip(*(cells[name] for name in table.key), strict=True)]
        if len(set(names)) < len(names):
            line = next(i for i, name in enumerate(names) if name in names[:i]) + 2
            raise Damaged(path, "line {line} says once more what a line before says ({key})", line=line, key=", ".join(table.key))
    return pd.DataFrame(typed, columns=list(table.names))


@cache
def _without_lines(table: Table) -> pd.DataFrame:
    return pd.DataFrame({column.name: _typed(Path(table.file), [], column) for column in table.columns})


def empty_table(table: Table) -> pd.DataFrame:
    """The table without a row."""
    return _without_rows(table).copy()


@cache
def _without_rows(table: Table) -> pd.DataFrame:
    kinds: dict[str, Any] = {"text": object, "truth": bool, "time": "datetime64[s]"}
    return pd.DataFrame({c.name: pd.Series(dtype=kinds.get(c.kind, float)) for c in table.columns})


def _check_columns(path: Path, header: list[str], table: Table) -> None:
    missing = [c.name for c in table.columns if c.name not in header]
    if missing:
        raise Damaged(path, "has no column {column}; was it changed after the run?", column=repr(missing[0]))


def _typed(path: Path, cells: list[str], column: Column) -> np.ndarray:
    """The cells as what the column holds."""
    if column.kind == "text":
        return np.array([*map(_unquoted, cells), None], dtype=object)[:-1]
    if column.kind == "truth":
        _refuse(path, cells, [cell in ("True", "False") for cell in cells], column, Message("is neither True nor False"))
        return np.array([cell == "True" for cell in cells], dtype=bool)
    numbers = np.array([_number(cell) for cell in cells], dtype=float)
    blank = np.array([cell == "" for cell in cells], dtype=bool)
    if not column.may_be_blank:
        _refuse(path, cells, ~blank, column, Message("is empty"))
    with np.errstate(invalid="ignore"):
        _refuse(path, cells, blank | (np.abs(numbers) <= MOST), column, Message("is no number"))
        if column.kind == "whole":
            _refuse(path, cells, blank | (numbers == np.round(numbers)), column, Message("is no whole number"))
            if column.name == "year":
                _refuse(path, cells, blank | ((numbers >= YEARS[0]) & (numbers <= YEARS[1])), column, Message("is no year"))
    return numbers.astype("int64") if column.kind == "whole" and not blank.any() else numbers


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")


def _refuse(path: Path, cells: Sequence[str], fits: Sequence[bool] | np.ndarray, column: Column, what: str) -> None:
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


def _unquoted(cell: str) -> str:
    """Text without the quote that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in QUOTED else cell


def check_dispatch(path: Path, years: list[int]) -> None:
    """Raise Damaged where the hourly flows are not those of a plan over these years, as far as it can be told unread."""
    check_regular(path, most=None)
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
