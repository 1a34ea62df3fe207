"""The register of the tables of an output: every column with its kind, its unit and what it is.

Runs write by it, outputs are read back by it, the page of outputs and the data dictionary of each output are made from it, and the
names of tables and columns are the headings of workbook and page, translated where a language has a word. The tables themselves are
data: a row each of data/outputs/tables.csv, and of columns.csv for each of their columns.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "DISPATCH", "OF_PLANS", "OF_RUNS", "TABLES", "TREE_TABLES", "Column", "Table"]

FOLDER = Path(__file__).parents[2] / "data" / "outputs"
#: Said of a table that leaves rows out.
LEFT_OUT = "A row whose `{amount}` is 0 is left out."
#: What stands in limit_costs.csv for reserves: the table, the name of all of them together, and the parameter of a unit out.
RESERVES, ALL_RESERVES, OUT = "reserves", "*", "largest_out"


@dataclass(frozen=True)
class Column:
    """A column.

    kind  text, whole (a whole number), number, truth (True or False), time (a moment)
    doc   what it is
    unit  of a number: MW, h, 1 …; `unit` where the column of that name says it; money is the park's currency
    may_be_blank  True where a cell may be empty
    """

    name: str
    kind: str
    doc: str
    unit: str = ""
    may_be_blank: bool = False


@dataclass(frozen=True)
class Table:
    """A table.

    of       what has it: each plan, the run, a question that is asked of the run, its finance, a plan for several futures (tree)
    key      columns that name a row; none where rows may repeat
    amount   the column whose rows of 0 are not written, of what does not exist in that year; empty where every row is
    columns  all of them in their order
    """

    name: str
    of: str
    key: tuple[str, ...]
    amount: str
    doc: str
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        """Its name in the folder; only the hourly flows are no CSV."""
        return f"{self.name}.parquet" if self.name == "dispatch" else f"{self.name}.csv"

    @property
    def told(self) -> str:
        """What the table holds, and which rows are left out."""
        return f"{self.doc} {LEFT_OUT.format(amount=self.amount)}" if self.amount else self.doc

    def written(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows that are written: without those whose amount is 0."""
        kept = rows[self.amount].to_numpy() != 0 if self.amount else None
        return rows if kept is None or kept.all() else rows[kept]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _read() -> dict[str, Table]:
    columns: dict[str, list[Column]] = {}
    for r in _rows("columns.csv"):
        column = Column(r["column"], r["kind"], r["doc"], r["unit"], r["may_be_blank"] == "yes")
        columns.setdefault(r["table"], []).append(column)
    return {
        r["table"]: Table(r["table"], r["of"], tuple(r["key"].split()), r["amount"], r["doc"], tuple(columns[r["table"]]))
        for r in _rows("tables.csv")
    }


#: Every table that a run may write, in the order in which the page of outputs has them.
TABLES: Mapping[str, Table] = _read()
#: The hourly flows.
DISPATCH = TABLES["dispatch"]
#: Tables of a plan for several futures, of each plan, and of the run.
TREE_TABLES = tuple(table for table in TABLES.values() if table.of == "tree")
OF_PLANS = tuple(table for table in TABLES.values() if table.of == "plan")
OF_RUNS = tuple(table for table in TABLES.values() if table not in (*OF_PLANS, *TREE_TABLES))
#: Columns of each table of a plan.
COLUMNS: Mapping[str, tuple[str, ...]] = {table.name: table.names for table in OF_PLANS}
