"""Connections of the park to the grids and networks around it, which several supplies may share."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from models.case.base import Flag, Name, Row, Unit
from models.case.supply import Power

#: MW of a connection.
Size = Annotated[float, Unit("MW"), Field(ge=0)]


class Connection(Row):
    """connections.csv: a line or pipe to the outside that supplies share; its limits hold beside those of each supply."""

    table: ClassVar[str] = "connections"
    key: ClassVar[tuple[str, ...]] = ("connection",)

    connection: Name
    """Its name; no supply, technology or link has the same."""
    zone: str = "park"
    """Zone that it ends in, that of its supplies."""
    carrier: Name
    """What it carries."""
    max_import: Power | None = None
    """Most that its supplies bring in together in an hour; empty = no limit of its own."""
    max_export: Power | None = None
    """Most that leaves over its supplies together in an hour; empty = no limit of its own. Of a type its capacity binds too."""
    one_way: Flag = 0
    """1: what is imported and exported in an hour share it, as a part of each limit (of the capacity, of a type) that adds up to 1
    at most. It needs both limits, or a type."""
    peak_factor: Annotated[float, Unit("1"), Field(ge=1)] = 1.0
    """What the highest hour of its supplies together is multiplied by where it is billed, as of a supply."""
    type: str = ""
    """In place of max_import: its type in costs.csv (and types.csv, for a lead time). Its capacity is then an investment, and
    limits imports and exports."""
    existing: Size = 0.0
    """Capacity that stands before first_year, of a connection with a type."""
    max_capacity: Size | None = None
    """Most capacity that may stand at one time, of a connection with a type."""
    min_build: Size = 0.0
    """Least size of a build, if any is ordered that year."""

    scheme_years: Annotated[int, Unit("1"), Field(ge=1)] = 1
    """Years between two changes of its scheme at least; the first choice counts as a change in first_year."""

    @property
    def type_name(self) -> str:
        """The type that its costs are of; empty where its size is no decision."""
        return self.type
