"""What the tenants make, of which footprints are told."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from models.case.base import Name, Row, Share, UnitColumn, Year


class Product(Row):
    """products.csv: what a tenant makes in a year; it changes nothing of a plan, and footprints.csv tells its emissions."""

    table: ClassVar[str] = "products"
    key: ClassVar[tuple[str, ...]] = ("tenant", "product")
    constant: ClassVar[tuple[str, ...]] = ("share",)

    tenant: str = ""
    """Who makes it, a tenant of demand.csv or process_emissions.csv; left out: all that no tenant uses."""
    product: Name
    """Name of the product."""
    year: Year | None = None
    """Year of the amount; interpolated between years; empty = all years."""
    amount: Annotated[float, UnitColumn(), Field(ge=0)]
    """How much is made in the year."""
    unit: str = "t"
    """Its unit, a mass (of a year)."""
    share: Share | None = None
    """Share of the tenant's emissions that it bears; left out, of all products of a tenant: by amount."""
