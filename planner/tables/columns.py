"""Columns and tables of an output as records: kind, unit and what they are; and the columns that many tables have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # the schema is read without pandas
    import pandas as pd

#: Said of a table that leaves rows out.
LEFT_OUT = "A row whose `{amount}` is 0 is left out."

Kind = Literal["text", "whole", "number", "truth", "time"]


@dataclass(frozen=True)
class Column:
    """A column.

    kind  text, whole (a whole number), number, truth (True or False), time (a moment)
    doc   what it is
    unit  of a number: MW, h, 1 …; `unit` where the column of that name says it; money is the park's currency
    may_be_blank  True where a cell may be empty
    """

    name: str
    kind: Kind
    doc: str
    unit: str = ""
    may_be_blank: bool = False


class Table:
    """A table: its name, what it holds, the columns that name a row (none where rows may repeat), all columns in their order;
    and `amount`, the column whose rows of 0 are not written, empty where every row is."""

    def __init__(self, name: str, doc: str, key: tuple[str, ...], *columns: Column, amount: str = "") -> None:
        self.name, self.doc, self.key, self.columns, self.amount = name, doc, key, columns, amount
        self.file = f"{name}.parquet" if name == "dispatch" else f"{name}.csv"

    @property
    def told(self) -> str:
        """What the table holds, and which rows are left out."""
        return f"{self.doc} {LEFT_OUT.format(amount=self.amount)}" if self.amount else self.doc

    def written(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows that are written: without those whose amount is 0, of what does not exist in that year."""
        kept = rows[self.amount].to_numpy() != 0 if self.amount else None
        return rows if kept is None or kept.all() else rows[kept]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)


def text(name: str, doc: str) -> Column:
    """A column of texts."""
    return Column(name, "text", doc)


def truth(name: str, doc: str) -> Column:
    """A column of True and False."""
    return Column(name, "truth", doc)


def whole(name: str, doc: str, unit: str, may_be_blank: bool = False) -> Column:
    """A column of whole numbers."""
    return Column(name, "whole", doc, unit, may_be_blank)


def number(name: str, doc: str, unit: str, may_be_blank: bool = False) -> Column:
    """A column of numbers."""
    return Column(name, "number", doc, unit, may_be_blank)


YEAR = whole("year", "calendar year", "year")
TECHNOLOGY = text("technology", "technology or link")
UNIT = text("unit", "unit of the number before it; in `costs` and `system_cost` the currency")
CAPITAL_COST = number("capital_cost", "money paid for it in that year, grants taken off", "money")
CURRENCY = text("currency", "unit of the money")
ITEM = text("item", "which figure it is, see below")
VALUE = number("value", "the number", "`unit`")
COST = number("cost", "money paid", "money")
SUPPLY = text("supply", "supply of supplies.csv")
DAY = whole("day", "day of the year, from 1", "1")
ZONE = text("zone", "zone, `park` where there are none")
CARRIER = text("carrier", "carrier")
FLOW = text("flow", "kind of flow, see below")
NAME = text("name", "what it is of: a technology, store, supply, link, demand")
HOUR = whole("hour", "snapshot, from 0; with typical days 24 for each day", "1")
NOTE = text("note", "what else is to be known")
AGAINST = text("against", "plan that the target is compared with")
ACCOUNT = text("account", "`all`, `owner`, or of what kind: technology, measure, planting, supply, certificate, credit, other")
#: How days are served with something out.
OUTAGE = (
    YEAR,
    text("technology", "technology that is out, or the outage_group whose technologies are"),
    number("lost", "capacity that is out, of a group the sum", "`unit`"),
    UNIT,
    whole("first_day", "first day of the week, or of the month, 1 to 365", "1"),
    whole("days", "how many days are operated", "1"),
    whole("hours_short", "hours in which not all demand is met", "h"),
    number("energy_short", "demand that is not met", "MWh"),
    number("worst", "most that is not met in an hour", "MW"),
)
