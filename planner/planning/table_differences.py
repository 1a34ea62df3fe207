"""The first difference between the tables of two outputs, cell by cell; numbers are equal within a tolerance."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path

from models.errors import CaseError
from planner.language.message import Message
from planner.language.words import listed
from planner.plan import PLANS, TARGET
from planner.tables.schema import OF_QUESTIONS, TABLES

#: Two numbers are the same within this share of the larger one, or of the largest in their column.
SAME = 1e-6
#: A table as its file has it: rows of text, the header first.
Rows = list[list[str]]
#: Folders of the plans within an output.
OF_PLANS = tuple("" if name == TARGET else name for name in PLANS)
#: Files that no run writes: answers that were asked of it later, and what was exported into it.
LATER = frozenset((*(table.file for table in OF_QUESTIONS), "iamc.csv"))


def read_tables(folder: Path) -> dict[Path, Rows]:
    """Every CSV table of an output folder and of its plans to compare, by its path within the folder; without answers to questions
    that were asked of it later, and exports.

    Raises CaseError where one cannot be read.
    """
    tables, faults = {}, []
    for path in sorted(
        path for own in OF_PLANS for path in (folder / own).glob("*.csv") if path.is_file() and path.name not in LATER
    ):
        try:
            with path.open(encoding="utf-8", newline="") as file:
                tables[path.relative_to(folder)] = list(csv.reader(file))
        except OSError as error:
            faults.append(Message("{path}: cannot be read ({error})", path=path, error=error.strerror))
        except (ValueError, csv.Error) as error:
            faults.append(Message("{path}: is no table ({error})", path=path, error=error))
    if faults:
        raise CaseError(faults)
    return tables


def difference(old: Mapping[Path, Rows], new: Mapping[Path, Rows], name: str) -> str:
    """Whether two outputs have the same tables, in words; the first cell that differs is named. `name` is the old one's."""
    if set(old) != set(new):
        only = listed(sorted(map(str, set(old) ^ set(new))))
        return Message("other tables than {name}: {tables} in only one of them", name=name, tables=only)
    for table, rows in old.items():
        completed = _completed(rows, new[table], table.stem)
        found = _table_difference(*completed, name, has_lines=completed[1] is new[table])
        if found:
            return Message("{table} {difference}", table=table, difference=found)
    return Message("the same as {name}: {count} tables, every number within {share}", name=name, count=len(old), share=f"{SAME:g}")


def _completed(old: Rows, new: Rows, name: str) -> tuple[Rows, Rows]:
    """Two tables with a row of 0 for each that only the other one has, where the table leaves such rows out: what is nothing in
    one run may be next to nothing in the other."""
    table = TABLES.get(name)
    if table is None or not table.amount or old[:1] != new[:1] or not {table.amount, *table.key} <= {*old[0]}:
        return old, new
    key, amount = [old[0].index(column) for column in table.key], old[0].index(table.amount)
    first, second = ({tuple(row[at] for at in key): row for row in rows[1:]} for rows in (old, new))
    if list(first) == list(second):
        return old, new
    nothing = {k: [*row[:amount], "0", *row[amount + 1 :]] for k, row in (first | second).items()}
    full = [[old[0], *(rows.get(k, zero) for k, zero in nothing.items())] for rows in (first, second)]
    return full[0], full[1]


def _table_difference(old: Rows, new: Rows, name: str, has_lines: bool) -> str:
    """What differs between two tables; empty where nothing does. A row is told by its line, else by its cells before the one that
    differs."""
    if [len(row) for row in old] != [len(row) for row in new] or old[:1] != new[:1]:
        return Message("has other rows or columns than in {name}", name=name)
    for at, column in enumerate(old[0] if old else []):
        first, second = ([row[at] for row in rows[1:]] for rows in (old, new))
        row = _first_difference(first, second)
        if row is not None:
            where = Message("line {line}", line=row + 2) if has_lines else ", ".join(new[row + 1][:at])
            return Message(
                "{where}: {column} is {second}, in {name} it is {first}",
                where=where,
                column=column,
                second=second[row] or Message("blank"),
                name=name,
                first=first[row] or Message("blank"),
            )
    return ""


def _first_difference(first: Sequence[str], second: Sequence[str]) -> int | None:
    """The first row in which two columns differ. What is written alike is the same, blank cells too."""
    unlike = [row for row, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    if not unlike:
        return None
    largest = max((abs(value) for cell in (*first, *second) if (value := _number(cell)) is not None), default=0.0)
    for row in unlike:
        a, b = _number(first[row]), _number(second[row])
        if a is None or b is None or abs(a - b) > SAME * max(abs(a), abs(b), 1e-3 * largest):
            return row
    return None


def _number(cell: str) -> float | None:
    """The finite number that a cell states, None where it states none."""
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if isfinite(value) else None
