"""Units, money and names of the cost tables of others, in those of costs.csv: `EUR/kWel`, `$/kW-yr`, 元/W, 万元/台."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from models.errors import CaseError
from models.units import UnitError, factor, in_letters
from planner.examples import data_folder
from planner.importers.profile import Told
from planner.importers.words import term
from planner.language.language import mark
from planner.language.message import Message
from planner.park.complaints import Complaints
from planner.park.money import Money, Ranges, read_money, read_ranges
from planner.tables.facts import Damaged, read_rows

#: Codes of money that a text may name.
_CODES = "CNY|EUR|USD|GBP|JPY|PLN|INR"
_MONEY = re.compile(rf"((?:\w+_cn\*\s*)*[kM]?({_CODES}))[ _]?(?:(?:19|20)\d\d\b)?\s*(?:/(.*))?")
#: Money in thousands; as the unit of a price it may stand anywhere in a file.
_IN_THOUSANDS = re.compile(r"(?:百万|千万|千|万|亿)元|\b(?:T|k|M|Tsd\.?|Mio\.?) ?(?:€|EUR\b)|\b[kM](?:CNY|USD|GBP|PLN)\b")
_LABELS = re.compile(
    r"(?<=W)(?:p|c|dc|ac)\b|"
    r"(?<=[WhJt])[ _-]*(?:el|th|e|CO2|CH4|H2|cold|heat|LHV|HHV|input|output|[Cc]apacity|MeOH|FT)\b"
)


@dataclass(frozen=True)
class UnitOfCost:
    """A unit understood.

    currency  ISO code; '' for a share or years
    per       what the money is for, in pint's letters: `kW`, `kWh`, `(t/h)`, `kW/year`; '' for a piece or money alone
    times     what the number is multiplied by (万元: 10,000)
    piece     True where the price is of a piece
    """

    currency: str
    per: str
    times: float = 1.0
    piece: bool = False

    @property
    def text(self) -> str:
        """The unit as costs.csv writes it."""
        return f"{self.currency}/{self.per}" if self.per else self.currency

    def times_to(self, other: UnitOfCost) -> float | None:
        """What a number in this unit is multiplied by to be in another; None where it cannot be."""
        if self.currency != other.currency or self.piece or other.piece:
            return None
        try:
            by = 1.0 if self.per == other.per else factor(f"1/({self.per})", f"1/({other.per})")
        except UnitError:
            return None
        return by * self.times / other.times


def usual_ranges(currency: str, price_year: int) -> Ranges:
    """What figures usually are, in money of this currency and year."""
    folder, complaints = data_folder() / "catalogue", Complaints()
    return read_ranges(folder, read_money(folder, complaints), currency, price_year, complaints)


def in_thousands(cells: Iterable[object]) -> str:
    """The first money in thousands that a text names, `万元`; '' for none."""
    return next((found[0] for cell in cells if (found := _IN_THOUSANDS.search(str(cell)))), "")


def currency_in(text: str) -> str:
    """The code of the money that a text names by code, sign or word; '' for none."""
    found = re.search(rf"(?<![A-Za-z])[kM]?({_CODES})(?![A-Za-z])", in_letters(text))
    return found[1] if found else ""


def unit_of_cost(text: str) -> UnitOfCost | None:
    """The unit of a cost; None where it is none that can be read. `%/year` and years have no currency."""
    clean = re.split(r";| - |,(?! *annum)", text.strip())[0].strip()
    if re.fullmatch(r"%( */ *(year|yr|a))?", clean):
        return UnitOfCost("", "%/year")
    if clean.lower() in ("year", "years", "yr", "a", "年"):
        return UnitOfCost("", "year")
    found = _MONEY.fullmatch(in_letters(re.sub(r"\bper ", "/", clean.replace("蒸吨", "(t/h)"))))
    if found is None:
        return None
    times, per = factor(found[1], found[2], found[2]), (found[3] or "").strip()
    if term("piece").fullmatch(per):
        return UnitOfCost(found[2], "", times, True)
    per = re.sub(r"kVA\b", "kW", _LABELS.sub("", per.replace("·", "*")).replace(" ", ""))
    per = re.sub(r"[-/*](yr|a|annum|year)\b|,annum", "/year", per)
    per = re.sub(r"^\(?t(CO2|H2)?/h\b\)?", "(t/h)", per)
    try:
        factor(f"EUR/{per}" if per else "EUR", f"EUR/{per}" if per else "EUR", "EUR")
    except UnitError:
        return None
    return UnitOfCost(found[2], per, times)


# --- figures of costs ------------------------------------------------------------------------------------------------------
# A figure of somebody's cost table on its way into costs.csv: what it says, and in whose money.


@dataclass(frozen=True)
class CostFigure:
    """One cost of one type.

    place          file and line
    type           type of the park or the catalogue
    parameter      as in costs.csv
    year           year that the figure is of; None: all years
    value, unit    as read, the unit as its file writes it
    money_year     year of the money; None where it has none (years, shares)
    source, note   for the columns of that name
    """

    place: str
    type: str
    parameter: str
    year: int | None
    value: float
    unit: str
    money_year: int | None
    source: str
    note: str = ""


def in_money_of(figures: Iterable[CostFigure], currency: str, year: int, money: Money) -> list[CostFigure]:
    """The figures in units of costs.csv and in money of one currency and year.

    Raises CaseError with every figure whose unit or currency is not known.
    """
    made, faults = [], []
    for figure in figures:
        unit = unit_of_cost(figure.unit)
        if unit is None or unit.piece:
            faults.append(
                Message(
                    "{place}: unit {unit}: is no unit of a cost; write e.g. EUR/kW, EUR/MWh, %/year",
                    place=figure.place,
                    unit=repr(figure.unit),
                )
            )
        elif not unit.currency:
            made.append(replace(figure, unit=unit.per))
        elif not money.knows(unit.currency) or not money.knows(currency):
            lacking = unit.currency if not money.knows(unit.currency) else currency
            faults.append(
                Message(
                    "{place}: money.csv of the catalogue has no exchange rate for {lacking}", place=figure.place, lacking=lacking
                )
            )
        else:
            factor = money.factor(unit.currency, figure.money_year or year, currency, year)
            remark = factor.remark(unit.currency, currency)
            note = "; ".join(part for part in (f"price year {year}", figure.note, remark) if part)
            value = figure.value * unit.times * factor.value
            made.append(replace(figure, value=value, unit=f"{currency}/{unit.per}" if unit.per else currency, note=note))
    if faults:
        raise CaseError(faults)
    return made


# --- names of types --------------------------------------------------------------------------------------------------------
# Whose name stands for which type: the catalogue's list of other tables' technologies, and a person's own over it.

#: From so much likeness on a name is meant to be another.
ALIKE = 0.85


@dataclass
class CostNames:
    """Names of another table's technologies and the types that they stand for; `wanted` are the types asked for, if any were."""

    types: dict[str, str]
    wanted: frozenset[str] = frozenset()
    seen: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    def type_of(self, name: str) -> str | None:
        """The type that a name stands for; None where it is not wanted, or not known."""
        found = self.types.get(name, name if name in self.wanted else None)
        if found is None or (self.wanted and found not in self.wanted):
            self.left.add(name)
            return None
        self.seen.add(found)
        return found

    def tell(self, told: Told) -> None:
        """Say what was left out, what may have been meant, and what the table lacks."""
        lacking = sorted(self.wanted - self.seen)
        kinds = {kind.lower(): kind for kind in self.wanted}
        for name in sorted(self.left):
            for near in get_close_matches(name.lower(), kinds, 1, ALIKE):
                told.warn(mark("{name}: is no type of the park and is left out; did you mean {near}?"), name=name, near=kinds[near])
        if self.left:
            words = mark("Left out: {count} technologies that the park has no type of, or that have no name in the catalogue.")
            told.say(words, count=len(self.left))
        if lacking:
            told.say(mark("Not in this file: {types}."), types=", ".join(lacking))


def read_names(form: str, own: Path | None, wanted: Collection[str] = ()) -> CostNames:
    """The catalogue's names of a form, with those of a CSV file `name,type` over them. Raises CaseError where it cannot be read."""
    with (data_folder() / "catalogue" / "names.csv").open(encoding="utf-8", newline="") as file:
        types = {row["name"]: row["type"] for row in csv.DictReader(file) if row["form"] == form}
    if own is not None:
        try:
            header, cells = read_rows(own)
        except Damaged as error:
            raise CaseError([Message("--map {fault}", fault=line) for line in error.complaints]) from error
        if not {"name", "type"} <= set(header):
            raise CaseError.because("--map {own}: is a CSV table with the columns name and type", own=own)
        rows = [dict(zip(header, row, strict=True)) for row in cells]
        types |= {row["name"].strip(): row["type"].strip() for row in rows if row["name"] and row["type"]}
    return CostNames(types, frozenset(wanted))
