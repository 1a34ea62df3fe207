"""Vehicles that are charged in the park: their chargers, and when they stand there."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from models.case.base import Flag, Name, Row, Unit, UnitColumn, Year


class Chargers(Row):
    """chargers.csv: a group of chargers, at which the vehicles of sessions.csv are charged."""

    table: ClassVar[str] = "chargers"
    key: ClassVar[tuple[str, ...]] = ("chargers",)
    constant: ClassVar[tuple[str, ...]] = ("zone", "carrier", "efficiency", "max_power", "flexible")

    chargers: Name
    """Name of the group. A technology of the role `charger` and of the same name is its capacity, an investment."""
    zone: str = "park"
    """Where they are."""
    carrier: str = "electricity"
    """What they draw."""
    year: Year | None = None
    """Year of `fleet`; interpolated between years; empty = all years."""
    fleet: Annotated[float, Unit("1"), Field(ge=0)] = 1.0
    """Multiplies all sessions of the group."""
    efficiency: Annotated[float, Unit("1"), Field(gt=0, le=1)] = 0.92
    """Energy in the vehicle per energy drawn."""
    max_power: Annotated[float, Unit("MW"), Field(gt=0)] | None = None
    """Most that all of them draw together; empty: as the sessions allow, or the capacity of the technology of that name."""
    flexible: Flag = 1
    """1: charged when it suits the park while they stand there; 0: at once as they arrive."""


class Session(Row):
    """sessions.csv: when vehicles stand at their chargers, and what they are to be charged with by the time they leave.

    The vehicles of a row are alike and are planned together; each gets what it needs. Those with other times, energy or power stand
    in another row.
    """

    table: ClassVar[str] = "sessions"

    chargers: Name
    """The group of chargers, of chargers.csv."""
    day: str = ""
    """Days on which they arrive: `weekday`, `weekend`, `all`, or a date, as 03-14 or 2030-03-14; empty: arrive and leave are hours
    of the profiles."""
    arrive: Name
    """When they arrive: a clock time, as 18:30, or without `day` hours since the profiles begin, as 42.5."""
    leave: Name
    """When they leave. An hour at or before `arrive` is on the next day; without `day`, past the end of the profiles."""
    energy: Annotated[float, UnitColumn(), Field(gt=0)]
    """Energy that a vehicle is charged with in a session."""
    unit: str = "MWh"
    """Its unit, an energy, e.g. kWh."""
    power: Annotated[float, Unit("MW"), Field(gt=0)]
    """Most that a vehicle draws."""
    number: Annotated[float, Unit("1"), Field(gt=0)] = 1.0
    """How many vehicles are alike; a mean may have a fraction."""
