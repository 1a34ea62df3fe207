"""What crosses the park's boundary: supplies, prices, tariffs, emission factors, certificates."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from models.case.base import Flag, Name, Row, Share, Stated, Unit, UnitColumn, Year
from models.case.technology import Capacity

#: MW of energy, t/h of co2.
Power = Annotated[float, Unit("MW"), Field(ge=0)]
#: MWh of energy, t of co2, per year.
YearlyFlow = Annotated[float, Unit("MWh/year"), Field(ge=0)]


class Supply(Row):
    """supplies.csv: a connection over which a carrier is bought, sold or given away."""

    table: ClassVar[str] = "supplies"
    key: ClassVar[tuple[str, ...]] = ("supply",)

    supply: Name
    """Its name."""
    carrier: Name
    """What it carries."""
    zone: str = "park"
    """Zone that it serves."""
    kind: Literal["grid", "fuel", "sink"]
    """A sink never imports."""
    max_import: Power | None = None
    """Most that can be bought in an hour; empty = no limit."""
    max_export: Power | None = None
    """Most that can be sold or given away in an hour; empty = none."""
    peak_factor: Annotated[float, Unit("1"), Field(ge=1)] = 1.0
    """What its highest hour is multiplied by where it is billed: peaks of quarter hours, forecasts that are off. A contracted
    capacity is as much above."""
    max_import_year: YearlyFlow | None = None
    """Most that can be bought in a year; empty = no limit."""
    max_export_year: YearlyFlow | None = None
    """Most that can be sold or given away in a year; empty = no limit."""
    scope: Annotated[int, Unit("1"), Field(ge=1, le=2)] | None = None
    """Scope in which its emissions count; required if it can be bought."""
    fuel: str = ""
    """Its name in the catalogue's emission factors and tce."""
    green_share: Share | None = None
    """Share of it that is clean energy."""
    tce_per_mwh: Annotated[float, Unit("tce/MWh"), Field(ge=0)] | None = None
    """Tonnes of coal equivalent per MWh. Of a grid of electricity that names no fuel it is the calorific value where a rule is by
    energy, else none is counted."""
    first_year: Year | None = None
    """First year in which it imports or exports; left out: it always did, in the base year too."""
    until_year: Year | None = None
    """Last year in which it imports or exports; left out: to the end."""
    connection: str = ""
    """Connection of connections.csv that it shares with others."""
    profile: str = ""
    """As-generated contract: share of the contracted capacity that is generated in each hour, a column of profiles.csv."""
    contract_max: Power | None = None
    """As-generated contract: most that may be contracted; how much of it is decided for each year."""
    take: Share = 1.0
    """As-generated contract: share of what is generated that is paid in any case; the rest is paid as it is imported."""
    min_year: YearlyFlow | None = None
    """Energy that is bought or paid for in a year at least; empty = none."""
    direct: Flag = 0
    """1: comes by a line of its own."""
    scheme: str = ""
    """Tariff scheme of its connection under which it is sold; empty: under each. In a year of another scheme it stands still, and
    neither its `fixed` price nor `min_year` is owed."""

    def is_offered(self, year: int) -> bool:
        """True if it imports or exports in that year."""
        return (self.first_year or year) <= year <= (self.until_year or year)

    @property
    def is_as_generated(self) -> bool:
        """True if it delivers what the contracted plant generates."""
        return bool(self.profile) and self.contract_max is not None

    @property
    def can_import(self) -> bool:
        """True if something can be bought over it."""
        return self.kind != "sink" and self.max_import != 0

    @property
    def can_export(self) -> bool:
        """True if something can leave over it."""
        return bool(self.max_export)


class Price(Row):
    """prices.csv: what is paid at the boundary. A demand or capacity charge may be that of a connection: it is paid on what all
    its supplies import together, beside the charges of each. So may a fixed price, which is paid whatever is bought."""

    table: ClassVar[str] = "prices"
    key: ClassVar[tuple[str, ...]] = ("supply", "item", "scheme", "period")
    constant: ClassVar[tuple[str, ...]] = ("profile", "months", "days", "hours", "ratchet")

    supply: Name
    """The supply; a connection, with the item demand_charge, capacity_charge or fixed; `*` with item carbon: all of scope 1."""
    item: Literal["energy", "export", "demand_charge", "capacity_charge", "carbon", "fixed"]
    """What is paid: energy bought, energy sold (received), highest import, contracted capacity a month, emissions, or money a year:
    for a supply in a year in which it is used, for a connection in every year, or in those of the scheme. A demand_charge in
    money/MW/month is paid on the highest import of each month, one in money/MW/year once on that of the year."""
    year: Year | None = None
    """Year of the figure; interpolated between years; empty = all years."""
    value: Stated
    """The price."""
    low: Stated | None = None
    """Of the items energy and export: the lowest value expected, in its unit. It changes no plan; swings.csv tells what it does to
    the saving. Left out: 30 % lower."""
    high: Stated | None = None
    """The highest value expected; left out: 30 % higher."""
    unit: str = ""
    """Its unit: money/MWh, money/MW/month, money/MW/year, money/t, money/year."""
    scheme: str = ""
    """Items demand_charge and capacity_charge, and fixed of a connection: scheme of the connection under which it is paid; empty:
    under each."""
    profile: str = ""
    """Items energy and export: profile that multiplies the price hour by hour; left out: always 1."""
    period: str = ""
    """Item demand_charge: name of the hours of which the highest import is billed, beside and on top of charges without a period;
    left out: all hours."""
    months: str = ""
    """Months of the period, as in tariff.csv; in the others nothing is billed for it."""
    days: Literal["all", "weekday", "weekend", ""] = ""
    """Days of the period; left out: all."""
    hours: str = ""
    """Hours of the period, as in tariff.csv; left out: all."""
    ratchet: Share = 0.0
    """Item demand_charge by the month: each month at least this share of the highest peak of the last 12 months is billed; a year
    closes on itself, so that these are its own."""
    vat: Share | None = None
    """Rate of VAT that the value holds and that is taken off as it is read; 0: none; left out: that of [tax]."""


class Bill(Row):
    """bills.csv: what the bills of a year say was bought. It changes no plan; `plan baseline` holds the inventory against it."""

    table: ClassVar[str] = "bills"
    key: ClassVar[tuple[str, ...]] = ("supply",)

    supply: Name
    """The supply."""
    year: Year
    """The year billed: the base year, or one of the three before it."""
    value: Annotated[float, UnitColumn(), Field(ge=0)]
    """Energy bought in the year."""
    unit: str = "MWh"
    """Its unit, an energy (of a year)."""
    cost: Annotated[float, Unit("money"), Field(ge=0)] | None = None
    """What the bills of the year come to."""
    vat: Share | None = None
    """Rate of VAT that the cost holds and that is taken off as it is read; 0: none; left out: that of [tax]."""


class TariffRow(Row):
    """tariff.csv: hours in which a price is multiplied; the first matching row wins."""

    table: ClassVar[str] = "tariff"

    supply: Name
    """The supply."""
    item: Literal["energy", "export"] = "energy"
    """The price that is multiplied."""
    months: str = ""
    """Months, as `1-3;12`; empty = all; ranges may wrap."""
    days: Literal["all", "weekday", "weekend", ""] = "all"
    """Days of the week."""
    hours: str = ""
    """Hours, as `8-11;17-21`, first hour to last hour, inclusive; empty = all; ranges may wrap."""
    factor: Annotated[float, Unit("1")]
    """Multiplies the price."""


class EmissionFactor(Row):
    """emission_factors.csv: CO2e per MWh bought."""

    table: ClassVar[str] = "emission_factors"
    key: ClassVar[tuple[str, ...]] = ("supply", "basis")
    constant: ClassVar[tuple[str, ...]] = ("biogenic", "profile")

    supply: Name
    """The supply; in the catalogue the fuel."""
    basis: Literal["location", "market", ""] = ""
    """Basis of scope 2; empty for both."""
    year: Year | None = None
    """Year of the figure; interpolated between years; empty = all years."""
    value: Annotated[float, UnitColumn(), Field(ge=0)]
    """The factor."""
    unit: str = "t/MWh"
    """Its unit, a mass per energy."""
    biogenic: Flag = 0
    """1: the CO2 is biogenic and counts 0; captured it is a removal."""
    profile: str = ""
    """Scope 2: profile that multiplies the factor hour by hour; left out: always 1."""


class Certificate(Row):
    """certificates.csv: guarantees of origin that green what a supply delivers, market basis only."""

    table: ClassVar[str] = "certificates"
    key: ClassVar[tuple[str, ...]] = ("certificate",)
    constant: ClassVar[tuple[str, ...]] = ("supply",)

    certificate: Name
    """Its name."""
    supply: Name
    """Supply whose imports it greens."""
    year: Year | None = None
    """Year of the figures; interpolated between years; empty = all years."""
    price: Annotated[float, Unit("money/MWh"), Field(ge=0)]
    """Price of a certified MWh."""
    max_share: Share = 1.0
    """Most that it can certify of that year's imports."""


# --- connection ------------------------------------------------------------------------------------------------------------
# Connections of the park to the grids and networks around it, which several supplies may share.

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


# --- link ------------------------------------------------------------------------------------------------------------------
# Links: lines and pipes between zones.

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


# --- offset ----------------------------------------------------------------------------------------------------------------
# What makes up for emissions that are left: credits bought and land restored.

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
