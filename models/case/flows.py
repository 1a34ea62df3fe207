"""Flows of energy and CO2: end uses and what changes them, supplies and their prices, links between zones, and offsets."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from models.case.base import Flag, Name, Row, Share, Stated, Unit, UnitColumn, Year
from models.case.technology import Capacity, Celsius


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
    lead_time: Annotated[int, Unit("year"), Field(ge=0, le=50)] = 0
    """Whole years from the one in which it starts, and is paid, to the first in which it is in force and saves."""
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


# --- what crosses the boundary -----------------------------------------------------------------------------------------------

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
    evidence: str = ""
    """Of biomass what shows where it comes from, of CO2 storage what shows that it stays: an application tells it, no plan
    changes."""
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
    """bills.csv: what the bills of a year say was bought. Of the base year it goes before the model's
    operation in base emissions that are left out; `plan check --baseline` holds the inventory against it."""

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
    constant: ClassVar[tuple[str, ...]] = ("supply", "vintage", "region")

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
    vintage: str = ""
    """When what it certifies is generated, as `year of use`: an application tells it, no plan changes."""
    region: str = ""
    """Where that is, a grid or a province: told as `vintage` is."""


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
    unit_size: Size = 0.0
    """What its import limit loses with one unit out (a transformer), where a reserve of its carrier is `operated`; it needs
    max_import or a type; 0: none counts. Orders may be of any size."""

    scheme_years: Annotated[int, Unit("1"), Field(ge=1)] = 1
    """Years between two changes of its scheme at least; the first choice counts as a change in first_year."""

    @property
    def type_name(self) -> str:
        """The type that its costs are of; empty where its size is no decision."""
        return self.type


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


Area = Annotated[float, Unit("ha"), Field(ge=0)]


class Offset(Row):
    """offsets.csv: credits that can be bought, used in the year in which they are bought."""

    table: ClassVar[str] = "offsets"
    key: ClassVar[tuple[str, ...]] = ("offset",)
    constant: ClassVar[tuple[str, ...]] = ("kind", "registry")

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
    registry: str = ""
    """Where the credits are issued and cancelled: an application tells it, no plan changes."""


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
