"""What makes up for emissions that are left: credits bought and land restored."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from models.case.base import Flag, Name, Row, Share, Unit, Year

Area = Annotated[float, Unit("ha"), Field(ge=0)]


class Offset(Row):
    """offsets.csv: credits that can be bought, used in the year in which they are bought."""

    table: ClassVar[str] = "offsets"
    key: ClassVar[tuple[str, ...]] = ("offset",)
    constant: ClassVar[tuple[str, ...]] = ("kind",)

    offset: Name
    """Name of the credit."""
    kind: Literal["avoidance", "removal"]
    """Emissions avoided elsewhere, or CO2 taken out of the air."""
    year: Year | None = None
    """Year of the figures; interpolated between years; empty = all years."""
    price: Annotated[float, Unit("money/t"), Field(ge=0)]
    """Price of a tonne."""
    max_volume: Annotated[float, Unit("t/year"), Field(ge=0)] | None = None
    """Most that can be bought in the year; empty = no limit."""


class Restoration(Row):
    """restoration.csv: land that can be planted or restored."""

    table: ClassVar[str] = "restoration"
    key: ClassVar[tuple[str, ...]] = ("project",)

    project: Name
    """Name of the project."""
    max_area: Area | None = None
    """Most that may be kept up at one time; empty = no limit."""
    max_plant: Annotated[float, Unit("ha/year"), Field(ge=0)] | None = None
    """Most that may be planted in a year; empty = no limit."""
    capital_cost: Annotated[float, Unit("money/ha"), Field(ge=0)]
    """Paid in the year of planting."""
    fixed_cost: Annotated[float, Unit("money/ha/year"), Field(ge=0)] = 0.0
    """Upkeep, every year in which the area counts."""
    lifetime: Annotated[float, Unit("year"), Field(ge=1)]
    """Years that an area is kept up and counts, from the year of planting."""
    buffer: Share = 0.0
    """Share of the uptake held back against loss."""
    inside: Flag = 0
    """1: inside the park's boundary."""
    owner: Name = "park"
    """Who pays for it, as of a technology."""


class Uptake(Row):
    """uptake.csv: what a hectare takes up at each age; interpolated, held flat outside."""

    table: ClassVar[str] = "uptake"
    key: ClassVar[tuple[str, ...]] = ("project", "age")

    project: Name
    """The project."""
    age: Annotated[int, Unit("year"), Field(ge=0)]
    """Whole years since planting."""
    value: Annotated[float, Unit("t/ha/year"), Field(ge=0)]
    """CO2 taken up; land that gives off CO2 at first counts 0 until it takes up."""
