"""The kinds of files that a park can take in: the command that reads each, and the corrections that it allows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message

TABLES = (".csv", ".txt", ".xlsx", ".xls")
#: Choices of corrections in words.
CHOICES = (
    mark("comma"),
    mark("point"),
    mark("first"),
    mark("last"),
    mark("mean"),
    mark("sum"),
    mark("zero"),
    mark("keep"),
    mark("gap"),
    mark("start"),
    mark("end"),
    mark("rack"),
    mark("roof"),
    mark("gross"),
    mark("net"),
    mark("none"),
)
_TEXT, _NUMBER, _YEAR = r".{1,200}", r"-?[0-9.]{1,20}", r"[0-9]{4}"


@dataclass(frozen=True)
class Field:
    """A correction: option of the command, its words, and what it may be. `choices` are all that it may be; '' for nothing said;
    `of` is a column whose names of the park are offered; `is_flag` one that is said or not; `given` what stands there at first."""

    option: str
    words: str
    pattern: str = _TEXT
    choices: tuple[str, ...] = ()
    of: str = ""
    is_flag: bool = False
    given: str = ""


@dataclass(frozen=True)
class Reader:
    """A kind of files: title, what it is, the command, endings of its files, and what may be corrected. `is_mapped` where a
    mapping is proposed first, which is edited."""

    kind: str
    words: str
    says: str
    command: tuple[str, ...]
    suffixes: tuple[str, ...]
    fields: tuple[Field, ...]
    leads_to: str = "profiles"
    is_mapped: bool = False

    def options(self, given: Mapping[str, str]) -> list[str]:
        """Corrections as options of the command. Raises CaseError for one that is none."""
        wrong, made = [], []
        for field in self.fields:
            value = given.get(field.option, "")
            if not value:
                continue
            if field.is_flag:
                made.append(f"--{field.option}")
            elif (field.choices and value not in field.choices) or not re.fullmatch(field.pattern, value):
                wrong.append(Message("{name}: cannot be {value}", name=field.option, value=repr(value)))
            else:
                made.append(f"--{field.option}={value}")
        if wrong:
            raise CaseError(wrong)
        return made


_NAME = Field("name", mark("Name of the profile"), r"[^\W\d]\w{0,79}")
_REPLACE = Field("replace", mark("in place of what is there of that name"), is_flag=True)
_SHEET = Field("sheet", mark("Sheet of the workbook"), r".{1,60}")
_DECIMAL = Field("decimal", mark("Sign of the decimals"), choices=("comma", "point"))
_YEAR_OF = Field("year", mark("Year to take, of several"), _YEAR)
_ZONE = Field("zone", mark("Time zone of the file's clock, e.g. Asia/Shanghai, +08:00"), r"[\w/+:-]{1,40}")
_SUPPLY = Field("supply", mark("Supply of the park that it is of"), of="supply")
_METER = (
    _NAME,
    Field("demand", mark("its energy as a demand, too"), is_flag=True),
    _REPLACE,
    Field("column", mark("Column of the values: heading, part of it, or 'A + B - C'")),
    Field("time", mark("Column of the times")),
    Field("unit", mark("Unit: kW, kWh, MW, MWh, GJ, t/h …"), r".{1,20}"),
    _ZONE,
    Field("order", mark("Which comes first, day or month"), choices=("dmy", "mdy")),
    Field("stamp", mark("What a time is of its interval"), choices=("start", "end")),
    _YEAR_OF,
    _SHEET,
    Field("only", mark("COLUMN=VALUE: only these rows, of several meters")),
    Field("times", mark("Multiply by, e.g. the ratio of the meter's transformers"), _NUMBER),
    Field("content", mark("MWh in a tonne of steam or a cubic metre of gas"), _NUMBER),
    Field("doubled", mark("Of several values of one time take"), choices=("first", "last", "mean", "sum")),
    Field("negative", mark("Values below 0"), choices=("zero",)),
    Field("spikes", mark("Single readings far above all others"), choices=("keep", "gap")),
    _DECIMAL,
    Field("register", mark("The values are readings of a register that counts on"), is_flag=True),
)
_SKY = (_NAME, _REPLACE, _ZONE, _YEAR_OF)
_SKY_FILES = mark("EPW, TMY3, PVGIS, NSRDB, ERA5, MERRA-2 or NASA POWER")
_SKIES = (".csv", ".epw", ".txt", ".json", ".tm2", ".tmy3")
_OFFER = (
    Field("decline", mark("later years fall as the catalogue's do"), is_flag=True),
    Field("replace", mark("in place of costs that the park states"), is_flag=True),
    _DECIMAL,
)
READERS: Mapping[str, Reader] = {
    reader.kind: reader
    for reader in (
        Reader(
            "meter",
            mark("Meter readings"),
            mark("as a meter or a portal gives them: CSV, Excel, or Green Button XML"),
            ("import", "meter"),
            (*TABLES, ".xml"),
            _METER,
        ),
        Reader(
            "solar",
            mark("Weather for solar power"),
            _SKY_FILES,
            ("import", "weather", "pv"),
            _SKIES,
            (
                *_SKY,
                Field("tilt", mark("Tilt, degrees from level"), _NUMBER),
                Field("azimuth", mark("Azimuth, degrees from north"), _NUMBER),
                Field("mounting", mark("Mounting"), choices=("rack", "roof")),
                Field("losses", mark("Share lost"), _NUMBER),
            ),
        ),
        Reader(
            "wind",
            mark("Weather for wind power"),
            _SKY_FILES,
            ("import", "weather", "wind"),
            _SKIES,
            (
                *_SKY,
                Field("mean-speed", mark("Mean speed of the year at the hub, m/s"), _NUMBER),
                Field("hub", mark("Height of the hub, m"), _NUMBER),
                Field("losses", mark("Share lost"), _NUMBER),
            ),
        ),
        Reader(
            "temperature", mark("Weather for the air temperature"), _SKY_FILES, ("import", "weather", "temperature"), _SKIES, _SKY
        ),
        Reader(
            "heat-pump",
            mark("Weather for a heat pump"),
            mark("its coefficient of performance by hour"),
            ("import", "weather", "heat-pump"),
            _SKIES,
            (
                *_SKY,
                Field(
                    "sink",
                    mark("Temperature of the heat, °C: 70, or by outside temperature -10:60,15:35"),
                    r"[0-9.,:-]{1,60}",
                    given="70",
                ),
                Field("source", mark("Temperature of the source, °C; empty: the outside air"), _NUMBER),
                Field("quality", mark("Share of the Carnot figure"), _NUMBER),
            ),
        ),
        Reader(
            "bills",
            mark("Bills"),
            mark("a table of bills, by month or of a year, of one supply"),
            ("import", "bill"),
            TABLES,
            (
                _SUPPLY,
                Field("demand", mark("Demand that they become, with a profile of that name"), r"[\w .()+-]{1,80}"),
                Field("shape", mark("Shape of its hours"), r"[\w-]{1,40}"),
                Field("price", mark("the mean price into prices, too"), is_flag=True),
                Field("replace", mark("in place of what is there of that name"), is_flag=True),
                Field("column", mark("Column of the energy")),
                Field("cost", mark("Column of the money")),
                Field("unit", mark("Unit of the energy"), r".{1,20}"),
                Field("vat", mark("Rate of the VAT in the money, as a share; 0 to keep it"), _NUMBER),
                Field("heating", mark("Calorific value"), choices=("gross", "net")),
                Field("content", mark("MWh of the net calorific value in a t or m³"), _NUMBER),
                _YEAR_OF,
                _SHEET,
                _DECIMAL,
            ),
            "bills",
        ),
        Reader(
            "tariff",
            mark("Tariff"),
            mark("levels by month, day and hour with their prices, and charges"),
            ("import", "tariff"),
            TABLES,
            (
                _SUPPLY,
                Field("replace", mark("in place of prices and tariff of the supply"), is_flag=True),
                Field("year", mark("Year of the prices"), _YEAR),
                Field("holidays", mark("Whose holidays have prices of their own"), choices=("none", "cn", "de")),
                Field("power-factor", mark("kW of a kVA"), _NUMBER),
                _SHEET,
                _DECIMAL,
            ),
            "prices",
        ),
        Reader(
            "offer",
            mark("Quotation of a supplier"),
            mark("items with prices: what each is of stands in a mapping that you look through"),
            ("import", "costs", "--as=quote"),
            TABLES,
            (*_OFFER, _SHEET),
            "costs",
            is_mapped=True,
        ),
        Reader(
            "costs",
            mark("Published costs"),
            mark("costs_2030.csv of technology-data, or ATBe.csv"),
            ("import", "costs"),
            (".csv",),
            (
                Field("as", mark("Whose table it is"), choices=("technology-data", "atb"), given="technology-data"),
                Field(
                    "money-of",
                    mark("Year of the money in the file, or `column`: as its rows say"),
                    r"[0-9]{4}|column",
                    given="column",
                ),
                Field("only", mark("Types wanted, with commas; empty: those of the park")),
                Field("year", mark("Year of the figures, where the file's name has none"), _YEAR),
                Field("replace", mark("in place of costs that the park states"), is_flag=True),
            ),
            "costs",
        ),
        Reader(
            "sessions",
            mark("Charging sessions"),
            mark("an export of charge points, ACN-Data, or a fleet's timetable"),
            ("import", "sessions"),
            (".csv", ".txt", ".xlsx", ".json"),
            (
                Field("chargers", mark("Group of chargers that they stand at"), r"[\w .()+-]{1,80}", given="chargers"),
                Field("power", mark("kW of a vehicle, where the file states no power"), _NUMBER),
                _ZONE,
                Field("replace", mark("in place of the rows that the group has"), is_flag=True),
            ),
            "sessions",
        ),
    )
}


def reader_of(kind: str) -> Reader:
    """The reader of a kind. Raises CaseError where there is none."""
    if kind not in READERS:
        raise CaseError([Message("{name}: is no kind of files that can be taken", name=repr(kind))])
    return READERS[kind]


def given_of(reader: Reader, fields: Mapping[str, str], names: Mapping[str, Sequence[str]], stem: str) -> dict[str, str]:
    """What stands in the fields of a reader: what was sent, else what stands there at first. `names` are the park's by column."""
    found = {field.option: fields.get(field.option, "").strip() for field in reader.fields}
    for field in reader.fields:
        if not found[field.option]:
            first = names.get(field.of, ())[:1] if field.of else ()
            found[field.option] = field.given or (first[0] if first else "")
    if "name" in found and not found["name"]:
        found["name"] = re.sub(r"^\d+|\W+", "_", stem).strip("_").lower()[:60] or "meter"
    return found
