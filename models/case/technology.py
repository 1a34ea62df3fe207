"""Equipment: what may stand in the park, what a type of equipment is, and what it costs."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from models.case.base import Flag, Name, Record, Row, Share, Stated, Unit, Year

#: MW of a converter, MWh of a store, t/h of a capture plant.
Capacity = Annotated[float, Unit("capacity"), Field(ge=0)]
#: Hours of a year at full load.
FullLoadHours = Annotated[float, Unit("h/year"), Field(ge=0, le=8760)]


class Technology(Row):
    """technologies.csv: what may stand in this park."""

    table: ClassVar[str] = "technologies"
    key: ClassVar[tuple[str, ...]] = ("technology",)

    technology: Name
    """Its name in this park."""
    type: str = ""
    """Its type in types.csv; left out: the technology's own name."""
    zone: str = "park"
    """Zone in which it stands."""
    existing: Capacity = 0.0
    """Capacity standing before first_year."""
    existing_until: Year | None = None
    """Last year in which the existing capacity works; left out: to the end."""
    max_capacity: Capacity | None = None
    """Most that may stand at one time; existing counts, retired does not."""
    max_build: Capacity | None = None
    """Most that may be ordered in one year."""
    keep: Capacity = 0.0
    """Existing capacity that may not be retired early."""
    min_build: Capacity | None = None
    """Least size of a build, if any is ordered that year; left out: as its type says."""
    unit_size: Capacity | None = None
    """Builds come in whole units of this size, 0: any size; left out: as its type says."""
    order_spacing: Annotated[int, Unit("year"), Field(ge=0, le=100)] | None = None
    """Least years from one order to the next, and to one of committed.csv: 1 leaves out its year alone; left out: as its type
    says."""
    partial_retirement: Flag | None = None
    """1: any part of an order may be retired early, 0: the whole order; in units: any part, of signed orders whole
    units; left out: as its type says."""
    existing_unit: Capacity | None = None
    """What stands comes in units of this size and one of the rest, each retired whole, 0: any part; left out: as its type says."""
    max_growth: Annotated[float, Unit("1"), Field(ge=0)] | None = None
    """An order is at most this times what was ordered the year before, signed orders too, and growth_base; left out: any. It binds
    the target and the least-cost plan."""
    growth_base: Capacity = 0.0
    """What may be ordered in a year whatever the year before brought, with max_growth."""
    min_hours: FullLoadHours | None = None
    """Converter: least full-load hours of a year, what it does in the year over its capacity; left out: none."""
    max_hours: FullLoadHours | None = None
    """Converter, capture plant: most full-load hours of a year, as of a permit; left out: any."""
    max_cycles: Annotated[float, Unit("1/year"), Field(ge=0)] | None = None
    """Store: most full cycles of a year, what it gives off over its capacity, as of a warranty; left out: any."""
    fade: Annotated[float, Unit("1/year"), Field(ge=0, lt=1)] = 0.0
    """Store: share of an order's capacity that is lost with each year since it began to work, of energy and of power alike; what
    stood is what its rows state."""
    first_year: Year | None = None
    """First year in which it may be ordered; left out: that of the horizon."""
    until_year: Year | None = None
    """Last year in which it may be ordered; left out: that of the horizon."""
    reference: Flag | None = None
    """1: may be built in the reference plan too; left out: 1 if some exists, and of chargers."""
    profile: str = ""
    """Availability profile; left out: always 1."""
    derating: str = ""
    """Converter: profile of the share of its capacity that is there in each hour, above 0 (frost at a heat pump, heat at a
    turbine). Unlike `profile` it changes nothing else: what is firm, least loads, commitment and operations with a unit out are
    those of a converter without a profile, at the capacity of the hour; left out: always 1."""
    site: str = ""
    """Site whose area it uses."""
    area: Annotated[float, Unit("ha/capacity"), Field(ge=0)] = 0.0
    """Area that a unit of capacity uses."""
    firm: Share | None = None
    """Share of the capacity that can be counted on, as of a type; left out: as its type says."""
    inflow: Annotated[float, Unit("MWh/year"), Field(ge=0)] = 0.0
    """Store: what flows into it in a year, of what it holds; what is too much is spilled. A reservoir holds `water`, of which a
    converter makes electricity."""
    inflow_profile: str = ""
    """Store: profile that has the shape of the inflow; left out: even over the year."""
    outage_group: str = ""
    """Technologies of one group lose a unit each at once where a reserve is `operated` (one boiler house)."""
    owner: Name = "park"
    """Who pays for it and earns by it, e.g. park, energy-service, tenant; each owner has an account in finance.csv."""

    @property
    def type_name(self) -> str:
        """The type that it is of."""
        return self.type or self.technology


class EquipmentType(Row):
    """types.csv: what a type of equipment is."""

    table: ClassVar[str] = "types"
    key: ClassVar[tuple[str, ...]] = ("type",)

    type: Name
    """Name of the type."""
    role: Literal["converter", "store", "capture", "charger"]
    """converter: activity with ports; store: holds one carrier; capture: takes CO2 out of flue gas or air; charger: the chargers of
    the group of chargers.csv that has the technology's name."""
    capacity_unit: str = ""
    """Label of the capacity in reports; capacities are always MW, MWh, t/h."""
    charge_efficiency: Annotated[float, Unit("1"), Field(gt=0, le=1)] = 1.0
    """Store: energy held per energy charged."""
    discharge_efficiency: Annotated[float, Unit("1"), Field(gt=0, le=1)] = 1.0
    """Store: energy delivered per energy taken out of it."""
    standing_loss: Annotated[float, Unit("1/h"), Field(ge=0, le=1)] = 0.0
    """Store: share of what is held that is lost per hour."""
    full_power_hours: Annotated[float, Unit("h"), Field(gt=0)] = 1.0
    """Store: hours in which full power fills or empties it; of no use with a power_type."""
    power_type: str = ""
    """Store: a converter type without ports that is ordered apart. The capacity of its technologies in the store's zone (MW) bounds
    charge and discharge together, of all stores there that name it. Such a store counts in no reserve by sums unless it states
    `firm`."""
    min_level: Share = 0.0
    """Store: share of the capacity that is always held."""
    initial_level: Share | None = None
    """Store: share of the capacity that is held as the year begins and as it ends; on typical days as each of them does, unless the
    store is seasonal. Left out: what is best."""
    seasonal: Flag = 0
    """Store: 1 = carries energy between typical days."""
    min_load: Share = 0.0
    """Converter without a profile: least activity as share of capacity; with commitment, of capacity that is on."""
    ramp: Annotated[float, Unit("1/h"), Field(ge=0, le=10)] | None = None
    """Converter without a profile, capture plant: change of activity in an hour as share of capacity that is on; left out: any.
    With a ramp the type is committed."""
    commitment: Flag = 0
    """Converter without a profile, capture plant: 1 = a part of it may be on and the rest off; so too with a `ramp` or a
    `start_cost`."""
    outage: Annotated[float, Unit("1"), Field(ge=0, lt=1)] = 0.0
    """Converter without a profile, capture plant: share of the year in which it is not available; with commitment, more than the
    rest of the year no part of it is on, idle or not."""
    lead_time: Annotated[int, Unit("year"), Field(ge=0, le=50)] = 0
    """Whole years between order and use."""
    green: Flag = 0
    """1: its electricity counts as clean and direct."""
    min_build: Capacity = 0.0
    """Least size of a build, of technologies that do not say it."""
    unit_size: Capacity = 0.0
    """Size of the whole units that builds come in, of technologies that do not say it; 0: any size."""
    order_spacing: Annotated[int, Unit("year"), Field(ge=0, le=100)] = 0
    """Least years from one order to the next, of technologies that do not say it."""
    partial_retirement: Flag = 1
    """1: any part of an order may be retired early, 0: the whole order; in units: any part, of signed orders whole
    units; of technologies that do not say it."""
    firm: Share | None = None
    """Share of the capacity that can be counted on, of a store MW per MWh; left out: 1, with a profile 0, of a store the less of
    1 / full_power_hours and discharge_efficiency / 4."""
    existing_unit: Capacity = 0.0
    """Size of the units that stand, each retired whole, of technologies that do not say it; 0: any part may be retired."""
    source_temperature: str = ""
    """Heat pump: temperature of its source in °C, or the profile that has it in every hour."""
    sink_temperature: Celsius | None = None
    """Heat pump: temperature of what it delivers."""
    carnot_share: Annotated[float, Unit("1"), Field(gt=0, le=1)] | None = None
    """Heat pump: its COP as a share of the best between the two temperatures, T_sink / (T_sink - T_source) in kelvin. Where all
    three are given, the ratio of its electricity is 1 / COP of what it delivers, and that of a heat source 1 - 1 / COP, unless the
    park states these ratios in ports.csv."""


#: Columns of technologies.csv that an empty cell leaves to the type.
ORDER_COLUMNS = ("min_build", "unit_size", "order_spacing", "partial_retirement", "existing_unit")


def said_of_orders(row: Row, kind: EquipmentType | None, column: str) -> float:
    """A figure of ORDER_COLUMNS: what a technology says, or else its type; a link or connection has no type that says it."""
    if row.table == "connections" and column == "unit_size":
        return 0.0  # of an outage, not of orders
    if not isinstance(row, Technology):
        return getattr(row, column, 1 if column == "partial_retirement" else 0)
    own = getattr(row, column)
    if own is not None:
        return own
    # A type that could not be read is a fault of its own: until it is told, its default counts.
    return EquipmentType.model_fields[column].default if kind is None else getattr(kind, column)


class Port(Row):
    """ports.csv: a carrier that flows into or out of a type of equipment."""

    table: ClassVar[str] = "ports"
    key: ClassVar[tuple[str, ...]] = ("type", "carrier", "direction")

    type: Name
    """Type that the port belongs to."""
    carrier: Name
    """What flows."""
    direction: Literal["in", "out"]
    """Into the equipment or out of it."""
    ratio: Annotated[float, Unit("MWh/MWh"), Field(gt=0)] = 1.0
    """Flow of the carrier per unit of activity (per t for a capture plant; t for carrier co2)."""
    profile: str = ""
    """Converter: profile that multiplies the ratio hour by hour; left out: always 1."""
    no_load: Annotated[float, Unit("MWh/MWh"), Field(ge=0)] = 0.0
    """`in` port of a converter: flow per capacity that is on, beside ratio times activity; such a type is committed."""
    per_start: Annotated[float, Unit("MWh/MW"), Field(ge=0)] = 0.0
    """`in` port of a converter: what flows in as a capacity is started; such a type is committed."""
    temperature: Celsius | None = None
    """`in`: at least so warm must the carrier be supplied; `out`: at most so warm it can be delivered. Left out: any."""


#: Stands for a type in costs.csv: what the park as a whole costs, whatever is decided.
WHOLE_PARK = "park"
Parameter = Literal[
    "capital_cost", "project_cost", "grant", "fixed_cost", "variable_cost", "lifetime", "retirement_cost", "start_cost", "annuity",
    "embodied"
]  # fmt: skip
#: What costs.csv can say of a type.
PARAMETERS: tuple[str, ...] = get_args(Parameter)
#: Parameters that may be below 0, a premium or a payment: the checks look whether something bounds them.
MAY_BE_NEGATIVE = ("capital_cost", "fixed_cost", "project_cost", "variable_cost")


class Cost(Row):
    """costs.csv: the cost table, one figure a row."""

    table: ClassVar[str] = "costs"
    key: ClassVar[tuple[str, ...]] = ("type", "parameter")

    type: Name
    """Type of equipment, link type; `park` for a fixed_cost in money/year that is paid whatever is decided."""
    parameter: Parameter
    """Which figure it is."""
    year: Year | None = None
    """Year that the figure is of; interpolated between years, beyond them the catalogue's, else flat; empty = all years."""
    value: Stated
    """The figure."""
    low: Stated | None = None
    """Of a capital_cost: the lowest value expected, in its unit. It changes no plan; swings.csv tells what it does to the saving.
    Left out: 30 % lower."""
    high: Stated | None = None
    """The highest value expected; left out: 30 % higher."""
    unit: str = ""
    """Its unit: money/capacity, money, 1, money/capacity/year or %/year, money/MWh, year, t/capacity."""
    basis: Literal["", "year", "order"] = ""
    """Of which year a fixed_cost is paid: `year`: the one in which it is paid; `order`: that of the order, for all its life.
    What existed pays that of first_year then. Left out: `year`."""
    vat: Share | None = None
    """Rate of VAT that the value holds and that is taken off as it is read; 0: none; left out: that of [tax]."""


class Capture(Row):
    """captures.csv: which CO2 a capture plant can take."""

    table: ClassVar[str] = "captures"
    key: ClassVar[tuple[str, ...]] = ("technology", "source")

    technology: Name
    """The capture plant, a technology of role capture."""
    # `source` here names a flue gas, not a reference: it overrides the remark of the same name.
    source: Name
    """A technology whose fuel's CO2 it can take, a capturable process emission, or `air`."""
    rate: Annotated[float, Unit("1"), Field(gt=0, le=1)] = 1.0
    """Share of the source's CO2 that can be taken."""


class Site(Row):
    """sites.csv: an area that several technologies share."""

    table: ClassVar[str] = "sites"
    key: ClassVar[tuple[str, ...]] = ("site",)

    site: Name
    """Name of the site."""
    area: Annotated[float, Unit("ha"), Field(ge=0)]
    """Its area."""


# --- limits, orders and reserves ---------------------------------------------------------------------------------------------


class Limit(Row):
    """limits.csv: limits of a technology or link by year, in place of the column of technologies.csv or links.csv.

    `max_capacity` and `max_build` are interpolated. `existing` and `min_capacity` hold from their year until the next row;
    before the first row holds the column, of `min_capacity` nothing. What was retired early in the years before `existing` falls
    counts as what falls first; what is retired in that year comes off what remains.
    """

    table: ClassVar[str] = "limits"
    key: ClassVar[tuple[str, ...]] = ("technology", "item")

    technology: Name
    """The technology or link that is limited."""
    year: Year | None = None
    """Year of the value; of max_build that of the order; empty = all years."""
    item: Literal["max_capacity", "max_build", "existing", "min_capacity"]
    """Most that may stand, most that may be ordered, what still stands of what did (it may only fall), least that stands."""
    value: Annotated[float, Unit("capacity"), Field(ge=0)]
    """The limit."""


class Committed(Row):
    """committed.csv: orders that are signed; they stand in every plan, and no limit on orders holds for them."""

    table: ClassVar[str] = "committed"
    key: ClassVar[tuple[str, ...]] = ("technology",)

    technology: Name
    """The technology or link that is ordered."""
    year: Year
    """Year of the order; before first_year it is paid already."""
    build: Annotated[float, Unit("capacity"), Field(gt=0)]
    """Capacity ordered."""
    capital_cost: Annotated[float, Unit("money/capacity"), Field(ge=0)] | None = None
    """All that is paid for it; left out: the capital_cost of costs.csv in that year. Neither has a grant or a project_cost."""


class Kept(Record):
    """Measures and planting of the years before a plan that keeps an earlier one (`plan --keep`); no table states it.

    In every plan they are what they were: no measure starts and nothing is planted in those years beside them.
    """

    measures: tuple[tuple[str, int], ...] = ()
    """(measure, year in which it started)."""
    planting: tuple[tuple[str, int, float], ...] = ()
    """(project, year, area planted [ha])."""


class Reserve(Row):
    """reserves.csv: firm capacity of a carrier beside its highest demand, in the target and the least-cost plan.

    Each row holds from its year until the next of its carrier and zone. What a supply can bring for sure counts where its `fixed`
    price is not paid, too.
    """

    table: ClassVar[str] = "reserves"
    is_step: ClassVar[bool] = True
    key: ClassVar[tuple[str, ...]] = ("carrier", "zone")

    carrier: Name
    """The carrier."""
    zone: str = "park"
    """The zone; `*`: all zones as one."""
    year: Year | None = None
    """First year in which it holds; empty: from first_year on."""
    margin: Annotated[float, Unit("1"), Field(ge=0, le=2)] = 0.0
    """Share of the year's highest demand that there must be on top of it."""
    largest_out: Flag = 0
    """1: the highest demand must be met with the largest single unit out."""
    operated: Flag = 0
    """1, with largest_out: not sums of firm capacity hold but operation: on each stress day all demand is met in all 24 hours with
    any one unit out, and the margin raises the demand of the carrier on its own stress days. It holds from the row's year on, and
    at the earliest from the first year in which an order of first_year can work."""


#: Degrees Celsius, above absolute zero.
Celsius = Annotated[float, Unit("°C"), Field(ge=-273, le=3000)]
#: What is added to degrees Celsius for kelvin.
KELVIN = 273.15
#: A carrier below this that states no return cools (°C).
COLD = 20.0


class Carrier(Row):
    """carriers.csv: temperatures of what carries heat. Ports of equipment are held against them; nothing else depends on them."""

    table: ClassVar[str] = "carriers"
    key: ClassVar[tuple[str, ...]] = ("carrier",)

    carrier: Name
    """The carrier."""
    temperature: Celsius | None = None
    """Temperature of supply; left out: as the catalogue says of a carrier of that name, else it is not looked at."""
    return_: Annotated[Celsius | None, Field(alias="return")] = None
    """Temperature of return: warmer than the supply it is of what cools."""

    @property
    def cools(self) -> bool:
        """True if it takes heat up: its return is warmer than its supply, or, without a return, it is below 20 °C."""
        if self.temperature is None:
            return False
        return self.temperature < COLD if self.return_ is None else self.return_ > self.temperature


class ProfileYear(Row):
    """profile_years.csv: from a year on a profile has the values of another column of profiles.csv.

    Each row holds from its year until the next of its profile, in the base year too; before the first row the profile has its own
    column. All that names the profile follows.
    """

    table: ClassVar[str] = "profile_years"
    is_step: ClassVar[bool] = True
    key: ClassVar[tuple[str, ...]] = ("profile",)

    profile: Name
    """The profile, a column of profiles.csv."""
    year: Year
    """First year in which it has these values."""
    column: Name
    """Column of profiles.csv that it has them from; its own: as before the first row."""
