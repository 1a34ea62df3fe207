"""What every row of a park's tables has in common: units in the type, remarks, where it was read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field


@dataclass(frozen=True)
class Unit:
    """The unit of a number, carried in its type: `Annotated[float, Unit("MW")]`."""

    text: str


@dataclass(frozen=True)
class UnitColumn:
    """A number whose unit stands in another column of the same row."""

    column: str = "unit"


#: A name that a person gives: of a technology, a profile, a zone.
Name = Annotated[str, Field(min_length=1)]
#: A year: of the calendar, or counted from 1 on.
Year = Annotated[int, Unit("year"), Field(ge=1, le=2300)]
#: A share of 1.
Share = Annotated[float, Unit("1"), Field(ge=0, le=1)]
#: A flag written 0 or 1.
Flag = Annotated[int, Unit("1"), Field(ge=0, le=1)]
#: A number in the unit that its row names.
Stated = Annotated[float, UnitColumn()]

#: How far a price or capital cost is expected to fall or rise where no `low` or `high` says so, and what each is of it then.
SWING = 0.3
LEFT_OUT = {"low": 1 - SWING, "high": 1 + SWING}


@dataclass(frozen=True)
class Origin:
    """Where a row was read: the file as the user knows it and the line (1 = header; 0: the file as a whole)."""

    file: str
    line: int
    catalogue: bool = False

    def __str__(self) -> str:
        return f"{self.file} line {self.line}" if self.line else self.file


class Record(BaseModel):
    """A frozen record: unknown fields are refused, no number is infinite, docstrings describe fields."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True, populate_by_name=True
    )


class Row(Record):
    """A row of a CSV table."""

    #: File name without `.csv`.
    table: ClassVar[str]
    #: Columns that name the thing; with `year` they may occur once only. Empty: any rows.
    key: ClassVar[tuple[str, ...]] = ()
    #: Columns that must be the same in all rows of one key, because they do not change over years.
    constant: ClassVar[tuple[str, ...]] = ()
    #: True where a row holds from its year on, and one without a year from the first.
    is_step: ClassVar[bool] = False

    source: str = ""
    """Where the figures of this row come from."""
    note: str = ""
    """Remark, not used."""
    title: str = ""
    """Name for people, in any language."""
    title_en: str = ""
    """Name for people in English; left out: `title`."""
    title_zh: str = ""
    """Name for people in Chinese; left out: `title`."""
    grade: str = ""
    """How far the figures are to be trusted: seen, derived, general knowledge."""
    origin: Origin | None = None
    """Where the row was read; set by the reader, never a column."""

    @property
    def is_of_catalogue(self) -> bool:
        """True of a row that the catalogue that ships gave, and no file of the park."""
        return self.origin is not None and self.origin.catalogue

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """The columns that the table may have, in order of the schema."""
        own = [field.alias or name for name, field in cls.model_fields.items() if name not in Row.model_fields]
        return (*own, *(f for f in Row.model_fields if f != "origin"))

    @classmethod
    def is_yearly(cls) -> bool:
        """True if values of this table are interpolated over a `year` column."""
        return "year" in cls.model_fields
