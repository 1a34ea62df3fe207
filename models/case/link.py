"""Links: lines and pipes between zones."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from models.case.base import Flag, Name, Row, Unit
from models.case.technology import Capacity


class Link(Row):
    """links.csv: a line or pipe between two zones."""

    table: ClassVar[str] = "links"
    key: ClassVar[tuple[str, ...]] = ("link",)

    link: Name
    """Name of the link."""
    carrier: Name
    """What it carries."""
    from_zone: Annotated[str, Field(min_length=1, alias="from")]
    """Zone that it leaves."""
    to_zone: Annotated[str, Field(min_length=1, alias="to")]
    """Zone that it arrives in."""
    type: str = ""
    """Its type in costs.csv (and types.csv, for a lead time); left out: the link's own name."""
    length: Annotated[float, Unit("km"), Field(ge=0)] | None = None
    """Length; needed where a cost is per km."""
    loss: Annotated[float, Unit("1"), Field(ge=0, lt=1)] = 0.0
    """Share lost over the whole link."""
    existing: Capacity = 0.0
    """Capacity standing before first_year."""
    max_capacity: Capacity | None = None
    """Most that may stand at one time; existing counts, retired does not."""
    max_build: Capacity | None = None
    """Most that may be ordered in one year."""
    keep: Capacity = 0.0
    """Existing capacity that may not be retired early."""
    min_build: Capacity = 0.0
    """Least size of a build, if any is ordered that year."""
    unit_size: Capacity = 0.0
    """Builds come in whole lines or pipes of this size; 0: any size."""
    existing_unit: Capacity = 0.0
    """Size of the lines or pipes that stand, each retired whole; 0: any part may be retired."""
    partial_retirement: Flag = 1
    """1: any part of an order may be retired early, 0: the whole order or nothing."""
    both_ways: Flag = 1
    """1: the one capacity holds for each direction."""
    owner: Name = "park"
    """Who pays for it, as of a technology."""

    @property
    def type_name(self) -> str:
        """The type that it is of."""
        return self.type or self.link
