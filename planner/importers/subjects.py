"""What each kind of file can be asked, declared once: options of its command, keys of its dialect, and who reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from planner.language.language import mark


@dataclass(frozen=True)
class AnswerKey:
    """One thing that may be said of a file: an option of the command, and a key of the dialect that is kept beside the park.

    kind     str, int, float, bool or Path; `several` of them
    given    what holds where nothing is said; None of a number or text that may be missing; `...` where it has to be said
    choices  all that it may be
    ends     least and most of a number; `above`: more than 0, and less than this
    is_kept  it is of the form of such files, so that it holds for the next one too
    """

    name: str
    words: str
    kind: type = str
    given: Any = ""
    choices: tuple[str, ...] = ()
    ends: tuple[float, float] | None = None
    above: float = 0.0
    several: bool = False
    is_kept: bool = True
    no: str = ""

    @property
    def parameter(self) -> str:
        """Its name in Python."""
        name = self.name.replace("-", "_")
        return f"{name}_" if name in ("as", "format", "json", "map") else name


@dataclass(frozen=True)
class FileKind:
    """A kind of files: the words of its command, what is read, the function that reads, and what may be said.

    named   key that names the dialect; '' where it is the file
    """

    name: str
    words: str
    argument: str
    of_argument: str
    reader: str
    keys: tuple[AnswerKey, ...]
    several: bool = True
    is_text: bool = False
    named: str = "name"


def _at(name: str, words: str, kind: type = str, given: Any = None, **more: Any) -> AnswerKey:
    """A key that is of one taking only, and not of the form of files."""
    return AnswerKey(name, words, kind, given, is_kept=False, **more)


def _words(key: AnswerKey, words: str) -> AnswerKey:
    return replace(key, words=words)


COUNTRIES = ("none", "cn", "de")
DECIMAL = AnswerKey("decimal", "comma or point: sign of the decimals, where both would do.", choices=(mark("comma"), mark("point")))
ORDER = AnswerKey("order", "dmy or mdy: order of day and month, where both would do.", choices=("ymd", "dmy", "mdy"))
DESPITE = AnswerKey("despite-heading", "What --unit says holds, whatever the file says.", bool, False)
SHEET = AnswerKey("sheet", "Sheet of a workbook.")
CONTENT = AnswerKey("content", "MWh in a tonne of steam or a cubic metre of gas.", float, None, above=1e3)
#: Choices in words.
SPIKES, HEATING = (mark("keep"), mark("gap")), (mark("gross"), mark("net"))
LANGUAGE = _at("language", "zh or en; left out: as the environment says.")
TAKE = _at("take", "Take it into the park; left out: what was recognised is shown, and nothing is written.", bool, False)
REPLACE = _at("replace", "Overwrite a column or file of that name.", bool, False)
NAME = _at("name", "Name of the profile; left out: that of the file.")
PARK = _at("park", "Park folder whose profiles.csv gets the profile as a column.", Path, ...)
PROFILE = (NAME, PARK, TAKE, REPLACE)
QUIET = _at("quiet", "Say only what should be looked at, and what was written.", bool, False)

METER = FileKind(
    "meter",
    """Meter readings to a demand profile, with its energy, its peaks and a picture.

    Example: plan import meter meter.csv --park mypark --name machines --take
    """,
    "files",
    "Readings of a meter: CSV, xlsx, xls; several are joined in time.",
    "planner.importers.meters:read_meter",
    (
        *PROFILE,
        _at("add", "Meter whose readings are added; may be repeated.", Path, several=True),
        _at("less", "Meter whose readings are taken off; may be repeated.", Path, several=True),
        _at("demand", "Write its row into demand.csv, too.", bool, False),
        AnswerKey("column", "Column of the values: heading, part of it, number; or 'A + B - C'."),
        AnswerKey("time", "Column of the times; left out: the first that holds some."),
        AnswerKey("only", "COLUMN=VALUE: take only these rows, e.g. of one meter."),
        AnswerKey("unit", "kW, kWh, MW, MWh, 万kWh, GJ, t/h, t, m3/h, m3; left out: as the heading says."),
        ORDER,
        AnswerKey("stamp", "start or end: what a time is of its interval.", choices=(mark("start"), mark("end"))),
        AnswerKey("zone", "Time zone of the file's clock, e.g. Asia/Shanghai, Europe/Berlin, +08:00."),
        _at("year", "Which year to take of several, or of a list without times.", int, ends=(1900, 2300)),
        AnswerKey("register", "The values are readings of a register that counts on.", bool, None, no="no-register"),
        AnswerKey("times", "Multiply the values, e.g. by the ratio of the meter's transformers; column: each by its row's."),
        replace(CONTENT, above=1e9),
        AnswerKey(
            "doubled",
            "first, last, mean or sum: what to take where a time has several values.",
            choices=(mark("first"), mark("last"), mark("mean"), mark("sum")),
        ),
        AnswerKey("negative", "zero: take values below 0 as 0.", choices=(mark("zero"),)),
        AnswerKey("longest-gap", "Hours of the longest gap that is filled.", float, 48.0, above=1e9),
        _at("first-weekday", "0 = Monday: weekday of 1 January; left out: the park's, else the file's.", int),
        AnswerKey("encoding", "Encoding of the text; left out: found out."),
        _words(SHEET, "Sheet of a workbook; all: each, joined in time."),
        DECIMAL,
        AnswerKey("plant", "Capacity of the plant whose output is read, e.g. 500kWp: its availability."),
        AnswerKey("spikes", "keep or gap: what to do with single readings far above all others.", choices=SPIKES),
        DESPITE,
        QUIET,
        LANGUAGE,
    ),
)
SHAPE = FileKind(
    "shape",
    """Bills to a demand profile, with the shape of a known kind of user.

    Example: plan import shape three-shift --bills bills.csv --holidays cn --park mypark --name machines --take
    """,
    "kind",
    "continuous, three-shift, two-shift, one-shift, office, heating, cooling, bdew-g0 …",
    "planner.importers.shapes:read_shape",
    (
        _at("bills", "Table of 12 months, 4 quarters, 365 days or one year.", Path),
        _at("energy", "Energy of the year in place of bills, e.g. 12000MWh.", given=""),
        _words(NAME, "Name of the profile; left out: the kind."),
        *PROFILE[1:],
        _at("year", "Year whose weekdays and holidays count; left out: that of the bills.", int, ends=(1990, 2100)),
        AnswerKey("holidays", "cn, de or none.", given="none", choices=COUNTRIES),
        AnswerKey("unit", "Unit of the bills; left out: as the heading says."),
        AnswerKey("column", "Column of the bills' amounts."),
        CONTENT,
        AnswerKey("carrier", "Carrier in the row of demand.csv."),
        _at("weather", "Weather file, for heating and cooling.", Path),
        AnswerKey("zone", "Time zone of the park, where the weather file's times are of UTC."),
        AnswerKey("base", "Heat below, or cool above, this outside temperature, °C (15 and 20).", float, None, ends=(-50, 60)),
        AnswerKey("floor", "Share that is the same all year, e.g. hot water.", float, 0.0, ends=(0, 1)),
        DECIMAL,
        QUIET,
        LANGUAGE,
    ),
    several=False,
    is_text=True,
)
SESSIONS = FileKind(
    "sessions",
    """Charging sessions to rows of sessions.csv: alike ones become one row, with how many there are of it a day;
    or those of a typical group.

    Example: plan import sessions export.csv --park mypark --chargers car-park --power 7 --take
    """,
    "file",
    "Export of charge points (CSV, xlsx), a fleet's timetable with clock times; or a typical group: commuters, depot-buses, "
    "lorries-one-shift, lorries-two-shifts, forklifts.",
    "planner.importers.sessions:read_charging",
    (
        _at("chargers", "Group of chargers.csv that they stand at; it gets a row if it has none.", given=...),
        _words(PARK, "Park folder whose sessions.csv gets the rows."),
        TAKE,
        AnswerKey("power", "kW of a vehicle, where the file states no power.", float, 11.0, above=1e4),
        AnswerKey("efficiency", "Energy in the vehicle per energy drawn, of a group that is new.", float, 0.92, ends=(0.01, 1)),
        _at("vehicles", "How many vehicles, of a typical group.", float, above=1e5),
        AnswerKey("rows", "Rows at most; sessions that are less alike are put together.", int, 40, ends=(1, 200)),
        AnswerKey("zone", "Time zone of the park, where times are of UTC, e.g. Asia/Shanghai."),
        ORDER,
        DECIMAL,
        _words(REPLACE, "Put the rows in place of those that the group has."),
        LANGUAGE,
    ),
    several=False,
    named="chargers",
)
BILL = FileKind(
    "bill",
    """Bills to bills.csv, and if asked to a demand and a price, with what was converted by which figure.

    Example: plan import bill gas.xlsx --park mypark --supply gas --demand process-steam --price --take
    """,
    "file",
    "Table of bills, by month or of a year: CSV, xlsx, xls.",
    "planner.importers.bill_amounts:read_bill",
    (
        _at("park", "Park folder whose tables get rows.", Path, ...),
        TAKE,
        _at("supply", "Supply of the park that they are of.", given=...),
        AnswerKey("demand", "Demand that they become, with a profile of that name."),
        AnswerKey("by", "Technology that serves the demand; left out: the one that stands."),
        AnswerKey("shape", "--demand: shape of its hours, as in plan import shape.", given="continuous"),
        AnswerKey("holidays", "--demand: cn, de or none.", given="none", choices=COUNTRIES),
        AnswerKey("price", "Put the mean price into prices.csv, too.", bool, False),
        AnswerKey("vat", "Rate of the VAT in the money, taken off; 0 to keep it.", float, None),
        AnswerKey("heating", "gross or net calorific value, where the file does not say which.", choices=HEATING),
        _words(CONTENT, "MWh of the net calorific value in a t or m³."),
        AnswerKey("column", "Column of the energy."),
        AnswerKey("cost", "Column of the money."),
        AnswerKey("unit", "Unit of the energy, where no heading says it."),
        _at("year", "Year of the bills, where several or none are told.", int),
        SHEET,
        DECIMAL,
        _words(REPLACE, "Overwrite rows and a profile that are there."),
        LANGUAGE,
    ),
    several=False,
    named="supply",
)
TARIFF = FileKind(
    "tariff",
    """A tariff with levels in money, parts that are added and charges, as prices.csv and tariff.csv.

    Example: plan import tariff tariff.csv --park mypark --supply grid --take
    """,
    "file",
    "Table of a tariff: level, months, days, hours, price, unit; CSV, xlsx, xls.",
    "planner.importers.tariffs:read_tariff_file",
    (
        _at("park", "Park folder whose prices.csv and tariff.csv get rows.", Path, ...),
        TAKE,
        _at("supply", "Supply of the park that it is of.", given=...),
        _at("year", "Year of the prices, and of holidays; left out: the base year.", int),
        AnswerKey(
            "holidays", "cn or de, where the tariff has prices of holidays; none: as weekends.", given="none", choices=COUNTRIES
        ),
        AnswerKey("row", "Row of a table of prices by voltage: words of its name, e.g. '两部制 35千伏'."),
        AnswerKey("periods", "Its periods where no note says them, e.g. '高峰 14:00-22:00; 低谷 0:00-6:00,11:00-13:00'."),
        AnswerKey("vat", "Rate of the VAT in its prices, taken off; 0 to keep it.", float, None, ends=(0, 0.99)),
        AnswerKey("power-factor", "kW of a kVA, where charges are by kVA.", float, None, ends=(0.5, 1)),
        replace(CONTENT, words="MWh of the net calorific value in a t or m³."),
        SHEET,
        DECIMAL,
        _words(REPLACE, "Overwrite prices and tariff of the supply."),
        LANGUAGE,
    ),
    several=False,
    named="supply",
)
COSTS = FileKind(
    "costs",
    """Costs of a published table or of a supplier's quotation, in the park's money.

    Example: plan import costs costs_2030.csv --as technology-data --money-of 2025 --park mypark --take
    """,
    "files",
    "Files: costs_2025.csv and costs_2030.csv, a quotation in xlsx.",
    "planner.importers.cost_tables:read_costs_files",
    (
        _at("as", "technology-data or quote.", given=..., choices=("technology-data", "quote")),
        _at("park", "Park folder: its types and money; its costs.csv gets the costs.", Path),
        TAKE,
        _at("out", "Cost table to write instead, for --costs.", Path),
        _at("map", "quote: its rows as confirmed, CSV; else a CSV `name,type`.", Path),
        AnswerKey("only", "Types wanted, with commas; left out: those of the park, else all."),
        AnswerKey("currency", "Currency to write, where no park says it."),
        AnswerKey("price-year", "Year of the money to write, where no park says it.", int, None),
        AnswerKey("money-of", "Year of the money in the file; `column`: that of currency_year."),
        _at("year", "technology-data: year of the figures, where the file's name has none.", int),
        AnswerKey("hours", "technology-data: hours of the battery, for its inverter.", float, 2.0, ends=(0.1, 1000)),
        AnswerKey("sheet", "quote: sheet of the workbook."),
        _words(DECIMAL, "quote: comma or point, sign of the decimals, where both would do."),
        _at("propose", "quote: propose its rows again, whatever --map says.", bool, False),
        AnswerKey("decline", "quote: later years fall as the catalogue's do.", bool, False),
        _at("unusual", "quote: write costs far from what is usual, too.", bool, False),
        _words(REPLACE, "Overwrite series of the park, or the file."),
        LANGUAGE,
    ),
    named="",
)
_SKY = (
    *PROFILE,
    AnswerKey("zone", "Time zone of the park, e.g. Asia/Shanghai; needed where the file's times are of UTC."),
    _at("year", "Which year to take of several; left out: the latest.", int),
    _at("each-year", "A profile of each year, NAME_2019, NAME_2020 ….", bool, False),
    AnswerKey(
        "format",
        "epw, pvgis, era5 or power; left out: found out.",
        choices=("epw", "pvgis", "era5", "power"),
    ),
    LANGUAGE,
)
_SKY_FILES = "EPW, PVGIS, ERA5 or NASA POWER (CSV); several years or a folder of them."


def _sky(name: str, words: str, *keys: AnswerKey) -> FileKind:
    return FileKind(name, words, "files", _SKY_FILES, f"planner.importers.generation:read_{name.replace('-', '_')}", (*_SKY, *keys))


_LOSSES = AnswerKey("losses", "", float, ends=(0, 0.9))
WEATHER = (
    _sky(
        "pv",
        """Hourly availability of a PV plant from weather (PVWatts model).

    Example: plan import weather pv weather.epw --tilt 15 --mounting roof --park mypark --name solar_roof --take
    """,
        AnswerKey("tilt", "Degrees from level.", float, 20.0, ends=(0, 90)),
        AnswerKey("azimuth", "Degrees from north, 180 = south; left out: towards the equator.", float, None, ends=(0, 360)),
        AnswerKey("mounting", "rack (open) or roof (close to it, warmer).", given="rack", choices=(mark("rack"), mark("roof"))),
        replace(_LOSSES, words="Share lost to dirt, wires, mismatch, outages.", given=0.14),
        AnswerKey("dc-ac", "DC capacity per AC capacity of the inverter.", float, 1.2, ends=(0.5, 3)),
        AnswerKey("coefficient", "Change of output per kelvin of the cell.", float, -0.0037, ends=(-0.02, 0)),
        AnswerKey("of", "dc or ac: capacity that the availability is a share of.", given="dc", choices=("dc", "ac")),
    ),
    _sky(
        "wind",
        """Weather to the availability of wind power, scaled to a mean speed.

    Example: plan import weather wind era5.csv --zone Asia/Shanghai --mean-speed 6.2 --park mypark --name wind_coast --take
    """,
        AnswerKey("mean-speed", "Mean of the year at the hub, m/s, that the speeds are scaled to.", float, None, ends=(1, 20)),
        AnswerKey("hub", "Height of the hub, m.", float, 120.0, ends=(5, 300)),
        AnswerKey("height", "Height of the wind stated, m; left out: as the source has it.", float, None, ends=(1, 300)),
        AnswerKey("exponent", "Exponent of the wind's profile over height.", float, 0.14, ends=(0, 0.6)),
        AnswerKey("rated", "Rated speed of the generic turbine, m/s.", float, 11.0, ends=(6, 20)),
        replace(_LOSSES, words="Share lost to wakes, outages, cables.", given=0.10),
        _at("curve", "CSV of a power curve: speed in m/s and power; left out: a generic one.", Path),
        _words(DECIMAL, "--curve: comma or point, sign of the decimals, where both would do."),
    ),
    _sky("temperature", "Weather to the air temperature of each hour, in °C."),
    _sky(
        "heat-pump",
        """Weather to the COP of a heat pump of each hour, by source and sink.

    Example: plan import weather heat-pump weather.epw --sink -10:60,15:35 --park mypark --name cop_air --take
    """,
        AnswerKey("sink", "Temperature of the heat, °C: 70, or by outside temperature: -10:60,15:35.", given=...),
        AnswerKey("source", "Temperature of the source, °C; left out: the outside air.", float, None, ends=(-40, 150)),
        AnswerKey("quality", "Share of the Carnot figure.", float, 0.5, ends=(0.05, 1)),
        AnswerKey("approach", "Kelvin at each heat exchanger.", float, 5.0, ends=(0, 30)),
        AnswerKey("highest", "Highest COP.", float, 8.0, ends=(1, 30)),
        AnswerKey("per", "Divide the COP by this, e.g. by the one of ports.csv.", float, None, ends=(0.1, 30)),
    ),
)
SUBJECTS = (METER, SHAPE, SESSIONS, BILL, TARIFF, COSTS)
