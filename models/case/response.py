"""Contracts that pay for demand that stands ready to be shed or moved on call."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from models.case.base import Flag, Name, Row, Share, Unit, Year


class Response(Row):
    """responses.csv: what a grid pays for a part of a demand that it may call off. How much is offered is decided for each year."""

    table: ClassVar[str] = "responses"
    key: ClassVar[tuple[str, ...]] = ("response",)
    constant: ClassVar[tuple[str, ...]] = ("demand", "profile", "firm")

    response: Name
    """Name of the contract."""
    demand: Name
    """The demand that is shed or moved when it is called."""
    year: Year | None = None
    """Year of the figures; interpolated between years; empty = all years."""
    share: Annotated[Share, Field(gt=0)]
    """Share of each hour's demand, after measures, that may be offered; with shift_share and shed_share of the demand no more
    than 1."""
    price: Annotated[float, Unit("money/MW/year"), Field(ge=0)]
    """Received for each MW that stands ready in all these hours."""
    calls: Annotated[float, Unit("h"), Field(ge=0)] = 0.0
    """Full hours in a year in which it is called, as the plan is to count on."""
    call_price: Annotated[float, Unit("money/MWh"), Field(ge=0)] = 0.0
    """Received for each MWh that is called."""
    call_cost: Annotated[float, Unit("money/MWh"), Field(ge=0)] = 0.0
    """What a MWh that is called costs the park: production lost, or overtime where it is made up for later."""
    max_offer: Annotated[float, Unit("MW"), Field(ge=0)] | None = None
    """Most that is taken; empty: no limit."""
    profile: str = ""
    """Hours in which it must stand ready, those above 0 of a profile; left out: all."""
    firm: Flag = 0
    """1: what is not offered need not be held in reserve."""
