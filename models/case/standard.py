"""What the rules of a standard are worked out with, where it fixes factors of its own."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from models.case.base import Name, Row, Unit, Year


class StandardFactor(Row):
    """standards.csv: factors of a standard. The rules of its stages are worked out with them; the inventory keeps the park's own.
    A row by fuel goes before one by kind, and one by kind leaves out supplies with green_share 1."""

    table: ClassVar[str] = "standards"
    key: ClassVar[tuple[str, ...]] = ("standard", "fuel", "supply_kind", "carrier", "basis")
    constant: ClassVar[tuple[str, ...]] = ("gases",)

    standard: Name
    """The standard."""
    fuel: str = ""
    """Supplies of this fuel; leave `supply_kind` and `carrier` blank then."""
    supply_kind: Literal["grid", "fuel", ""] = ""
    """Supplies of this kind and `carrier`."""
    carrier: str = ""
    """Carrier of these supplies."""
    basis: Literal["location", "market", ""] = ""
    """Basis of scope 2; empty for both."""
    year: Year | None = None
    """Year of the figures; interpolated between years; empty = all years."""
    factor: Annotated[float, Unit("t/MWh"), Field(ge=0)] | None = None
    """What a MWh bought counts; empty = as in the park."""
    tce_per_mwh: Annotated[float, Unit("tce/MWh"), Field(ge=0)] | None = None
    """Tonnes of coal equivalent per MWh; empty = as in the park."""
    gases: str = ""
    """Gases that the standard counts, in words."""
