"""End uses of energy, the measures that save some of it, and emissions that no energy causes."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from models.case.base import Flag, Name, Row, Share, Stated, Unit, UnitColumn, Year
from models.case.technology import Celsius


class Demand(Row):
    """demand.csv: an end use of energy."""

    table: ClassVar[str] = "demand"
    key: ClassVar[tuple[str, ...]] = ("demand",)
    constant: ClassVar[tuple[str, ...]] = ("carrier", "zone", "profile", "tenant", "temperature", "shift_hours", "firm_shed")

    demand: Name
    """Name of the end use."""
    carrier: Name
    """What it uses."""
    zone: str = "park"
    """Where it is."""
    year: Year | None = None
    """Year of the figure; interpolated between years; empty = all years."""
    value: Annotated[float, UnitColumn(), Field(ge=0)]
    """Energy used in the year."""
    unit: str = "MWh"
    """Its unit, an energy (of a year)."""
    profile: str = ""
    """Shape over the hours; left out: flat."""
    temperature: Celsius | None = None
    """Temperature that it needs: of heat at least, of cold at most. Its carrier is held against it; left out: it takes what there
    is."""
    tenant: str = ""
    """Who uses it: a label, which changes nothing of a plan."""
    shift_share: Share = 0.0
    """Share of each hour's demand, after measures, that may be served in another hour; interpolated between years."""
    shift_hours: Annotated[int, Unit("h"), Field(ge=1, le=12)] | None = None
    """By how many hours it may come earlier or later; required with shift_share."""
    shift_power: Annotated[float, Unit("1"), Field(ge=1)] | None = None
    """Most that the movable part takes in an hour, as a multiple of its own highest hour; left out: no limit. 1 forbids any shift
    of a flat demand, 1.5 can move nearly all of it, since energy moves up the queue."""
    shift_cost: Annotated[float, Unit("money/MWh"), Field(ge=0)] = 0.0
    """Paid for each MWh that is served in another hour than asked."""
    shed_share: Share = 0.0
    """Share of each hour's demand, after measures, that may go unserved by agreement; interpolated between years."""
    shed_price: Annotated[float, Unit("money/MWh"), Field(ge=0)] | None = None
    """Paid for each MWh that goes unserved; required with shed_share."""
    firm_shed: Flag = 0
    """1: what may be shed need not be held in reserve."""
    shed_hours: Annotated[float, Unit("h"), Field(ge=0)] | None = None
    """Most that is shed in a year, in hours of shed_share of the mean demand; left out: no limit."""


class Measure(Row):
    """measures.csv: an efficiency measure, done or not."""

    table: ClassVar[str] = "measures"
    key: ClassVar[tuple[str, ...]] = ("measure",)

    measure: Name
    """Name of the measure."""
    capital_cost: Annotated[float, Unit("money"), Field(ge=0)]
    """Paid in the year in which it starts."""
    fixed_cost: Annotated[float, Unit("money/year")] = 0.0
    """Paid every year in which it is in force; below 0 where it saves upkeep."""
    lifetime: Annotated[float, Unit("year"), Field(ge=1)]
    """Years that it is in force once adopted."""
    first_year: Year | None = None
    """First year in which it may start; left out: that of the horizon."""
    group: str = ""
    """At most one measure of a group is in force."""
    requires: str = ""
    """Measures that must be in force with it; several with `;` between them."""
    owner: Name = "park"
    """Who pays for it, as of a technology."""

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the measures that it requires."""
        return tuple(n.strip() for n in self.requires.split(";") if n.strip())


class Saving(Row):
    """savings.csv: what a measure saves of a demand."""

    table: ClassVar[str] = "savings"
    key: ClassVar[tuple[str, ...]] = ("measure", "demand")

    measure: Name
    """The measure."""
    demand: Name
    """The demand that it lowers."""
    saving: Annotated[float, Unit("1"), Field(le=1)]
    """Share of that demand, after the measures before it, that it saves; below 0: adds."""
    demand_share: Share | None = None
    """Part of the demand that the measure touches, of which `saving` is then a share: lamps are 0.08 of the power and need 0.6 less
    of it; left out: all of it."""
    adds: str = ""
    """Another demand that grows by what is saved here (electrification)."""
    adds_ratio: Annotated[float, Unit("MWh/MWh"), Field(ge=0)] | None = None
    """MWh added to it per MWh saved."""


class ProcessEmission(Row):
    """process_emissions.csv: emissions that no energy flow causes."""

    table: ClassVar[str] = "process_emissions"
    key: ClassVar[tuple[str, ...]] = ("source",)
    constant: ClassVar[tuple[str, ...]] = ("scope", "capturable", "tenant")

    # `source` here names an emitter, not a reference: it overrides the remark of the same name.
    source: Name
    """The process."""
    year: Year | None = None
    """Year of the figure; interpolated between years; empty = all years."""
    value: Stated
    """Emissions of the year, CO2e."""
    unit: str = "t"
    """Its unit, a mass (of a year)."""
    scope: Annotated[int, Unit("1"), Field(ge=1, le=3)] = 1
    """Scope in which they count, 1 or 3."""
    capturable: Flag = 0
    """1: a capture plant can take this CO2."""
    tenant: str = ""
    """Whose process it is: that tenant bears its emissions; left out: shared by the energy of all."""


# --- response --------------------------------------------------------------------------------------------------------------
# Contracts that pay for demand that stands ready to be shed or moved on call.

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


# --- product ---------------------------------------------------------------------------------------------------------------
# What the tenants make, of which footprints are told.

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


# --- vehicle ---------------------------------------------------------------------------------------------------------------
# Vehicles that are charged in the park: their chargers, and when they stand there.

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
