"""Units, money and names of the cost tables of others, in those of costs.csv: `EUR/kWel`, `$/kW-yr`, 元/W, 万元/台."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from models.errors import CaseError
from models.units import UnitError, factor, in_letters
from planner.examples import data_folder
from planner.importers.source import of_each
from planner.importers.words import term
from planner.language.language import mark
from planner.park.complaints import Complaints
from planner.park.money import Money, Ranges, read_money, read_ranges

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


def tax_in(texts: Iterable[str]) -> float:
    """The rate of VAT that prices hold where a text says that they do and names it; else 0."""
    for text in texts:
        if term("prices with VAT").search(text) and (found := re.search(r"(\d{1,2}(?:[.,]\d)?)\s*[%％]", text)):
            return float(found[1].replace(",", ".")) / 100
    return 0.0


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
    lacking = "" if money.knows(currency) else currency

    def read(figure: CostFigure) -> CostFigure:
        unit = unit_of_cost(figure.unit)
        if unit is None or unit.piece:
            words = mark("{place}: unit {unit}: is no unit of a cost; write e.g. EUR/kW, EUR/MWh, %/year")
            raise CaseError.because(words, place=figure.place, unit=repr(figure.unit))
        if not unit.currency:
            return replace(figure, unit=unit.per)
        if unknown := lacking or ("" if money.knows(unit.currency) else unit.currency):
            words = mark("{place}: money.csv of the catalogue has no exchange rate for {lacking}")
            raise CaseError.because(words, place=figure.place, lacking=unknown)
        factor = money.factor(unit.currency, figure.money_year or year, currency, year)
        note = "; ".join(filter(None, (f"price year {year}", figure.note, factor.remark(unit.currency, currency))))
        value = figure.value * unit.times * factor.value
        return replace(figure, value=value, unit=f"{currency}/{unit.per}" if unit.per else currency, note=note)

    return of_each(figures, read)
