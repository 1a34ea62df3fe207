"""What the columns of bills say. Which month a row is of: a month as text, a date, or a period of two dates. Which column holds the
money, in which currency, and whether VAT is in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.errors import CaseError
from planner.costs.units import in_thousands, unit_of_cost
from planner.language.message import Message
from planner.profiles.columns import no_column
from planner.profiles.numbers import number_of
from planner.profiles.source import Cell
from planner.profiles.stamps import month_of, order_of, read_stamp

#: Rows of sums, of any language.
TOTAL = re.compile(r"合计|总计|小计|\btotal|summe|gesamt|suma\b|somme|\bsum\b|razem|ogółem", re.IGNORECASE)
#: Between the first and the last day of a period in one cell.
_PERIOD = re.compile(r"(?<=\d{4})\s*[-–—]\s*(?=\d)|\s+(?:-|–|do|to|bis|al|au|a)\s+")


def order_in(rows: list[list[Cell]], file: str) -> str:
    """The order of day and month; of first days of months it is the one in which they are of more months."""
    stamps = [s for row in rows for cell in row[:4] for part in _parts(cell) if (s := read_stamp(part)) is not None]
    try:
        return order_of(stamps, file)
    except CaseError:
        months = [len({s.parts[at] for s in stamps if not s.order}) for at in (0, 1)]
        return "mdy" if months[0] > months[1] else "dmy"


def before_date(row: Sequence[Cell], days: Cell, order: str) -> tuple[int, int] | None:
    """(year, month) of the middle of the so many days that end on the only date of a row; None where there is another number."""
    found = [s for cell in row[:4] for part in _parts(cell) if (s := read_stamp(part)) is not None]
    count = number_of(days, "")
    if len(found) != 1 or count is None or not 5 <= count <= 100:
        return None
    names = dict(zip(found[0].order or order, found[0].parts, strict=True))
    try:
        year = names["y"] + (2000 if names["y"] < 100 else 0)
        last = np.datetime64(f"{year:04d}-{names['m']:02d}-{names['d']:02d}")
    except ValueError:
        return None
    text = str(last - np.timedelta64(round(count / 2), "D"))
    return int(text[:4]), int(text[5:7])


def _parts(cell: Cell) -> list[Cell]:
    """What may be a date in a cell: the two days of a period, or the cell; nothing of a number."""
    if isinstance(cell, float):
        return []
    return [*_PERIOD.split(cell)] if isinstance(cell, str) else [cell]


def _month_text(cell: Cell) -> tuple[int, int] | None:
    """(year or 0, month) of `3月`, `2025-03`, `enero 2025`, `Mrz. 25`; (year, 0) of a year; None of anything else."""
    text = f"{cell:g}" if isinstance(cell, float) else str(cell).strip()
    if found := re.fullmatch(r"(?:((?:19|20)\d{2})\s*[-/.年]\s*)?(\d{1,2})\s*月?(?:份)?", text):
        is_month = bool(found[1]) or "月" in text or not isinstance(cell, float)
        if 1 <= int(found[2]) <= 12 and is_month:
            return int(found[1] or 0), int(found[2])
    if found := re.fullmatch(r"((?:19|20)\d{2})(0[1-9]|1[0-2])", text):
        return int(found[1]), int(found[2])
    if found := re.fullmatch(r"(0?[1-9]|1[0-2])\s*[-/.]\s*((?:19|20)\d{2})", text):
        return int(found[2]), int(found[1])
    if found := re.fullmatch(r"([A-Za-zÀ-ž]{3,12})\.?(?:[ \-/.]*(?:de )?((?:19|20)?\d{2}))?", text):
        year, month = int(found[2] or 0), month_of(found[1])
        return (year + (2000 if 0 < year < 100 else 0), month) if month and not TOTAL.search(text) else None
    if found := re.fullmatch(r"((?:19|20)\d{2})\s*年?(?:度)?", text):
        return int(found[1]), 0
    return None


def is_time(text: str) -> bool:
    """True for what is read as a date, a period or a month."""
    return read_stamp(_PERIOD.split(text)[0]) is not None or bool(_month_text(text))


def month_in(row: Sequence[Cell], order: str) -> tuple[int, int] | None:
    """(year or 0, month) of a row by its first cells; the middle of a period where two of them are dates."""
    dates = list[np.datetime64]()
    for cell in row[:4]:
        if isinstance(cell, float) and cell > 2100:
            continue
        if (found := _month_text(cell)) is not None and not dates:
            return found
        for part in _parts(cell):
            if (stamp := read_stamp(part)) is None:
                continue
            names = dict(zip(stamp.order or order, stamp.parts, strict=True))
            try:
                year = names["y"] + (2000 if names["y"] < 100 else 0)
                dates.append(np.datetime64(f"{year:04d}-{names['m']:02d}-{names['d']:02d}"))
            except ValueError:
                return None
    if not dates:
        return None
    middle = dates[0] if len(dates) == 1 else dates[0] + (dates[1] - dates[0]) // 2
    text = str(middle)
    return int(text[:4]), int(text[5:7])


NET = re.compile(
    r"base imponible|netto|\bht\b|hors tax|excl|未税|不含税|税前|\bnet\b|sin iva|before vat|\bexc?\.?\s*vat", re.IGNORECASE
)
#: A column of VAT itself, and one whose money holds it.
TAX = re.compile(r"\bvat \d|\bpodatek|\biva\b|\btva\b|mwst|\bust\b|\bvat\b|增值税|税额|税金|umsatzsteuer", re.IGNORECASE)
TAXED = re.compile(r"\bttc\b|brutto|(?<!不)含税|价税|incl|con iva|inkl", re.IGNORECASE)
#: Headings of money that is the whole where several hold money.
WHOLE = re.compile(r"total|gesamt|合计|总", re.IGNORECASE)
SPENT = re.compile(r"金额|电费|气费|汽费|费用|amount|betrag|importe|montant|cost|kosten|wartość|kwota|charges", re.IGNORECASE)
PRICE = re.compile(r"单价|price\b|preis|precio|prix", re.IGNORECASE)


@dataclass(frozen=True)
class MoneyColumn:
    """The column of money.

    at        its number, from 0
    heading   as it stands
    currency  ISO code, '' where the heading names none
    times     what its numbers are multiplied by: 10,000 of 万元
    basis     `net`, `gross` (VAT is in it) or '' where nothing says
    tax       rate of VAT that the headings state, None where they state none
    """

    at: int
    heading: str
    currency: str
    times: float
    basis: str
    tax: float | None


def money_of(heading: str) -> tuple[str, float] | None:
    """(currency, times) of a heading of an amount of money; None of others and of prices."""
    for part in (*re.findall(r"[(（\[【]([^)）\]】]+)[)）\]】]", heading), heading.split()[-1] if heading.split() else ""):
        text = part.strip()
        unit = unit_of_cost({"T€": "k€", "TEUR": "kEUR"}.get(text, text))
        if unit is not None and unit.currency and not unit.per and not unit.piece:
            return unit.currency, unit.times
    return None


def money_at(header: Sequence[str], asked: str, file: str, said: list[Message], texts: Sequence[str]) -> MoneyColumn | None:
    """The column of the money: the one asked for, the one without VAT, the whole, or the only one; None where none is clear.

    Raises CaseError where the one that is asked for is none, or names no money where `texts` of the file name thousands.
    """
    found = {i: money for i, h in enumerate(header) if (money := money_of(h)) is not None and not PRICE.search(h)}
    if asked:
        near = [i for i, name in enumerate(header) if asked.lower() in name.lower()]
        exact = [i for i in near if header[i] == asked] or near
        if len(exact) != 1:
            raise no_column(file, asked, ", ".join(map(repr, header)), is_known=bool(near))
        heading = header[exact[0]]
        if money_of(heading) is None and (scaled := in_thousands([*header, *texts])):
            raise CaseError.because(
                "{file}: column {column}: names no money, and the file says {scaled}; write its unit into its heading, e.g. "
                "{example}",
                file=file,
                column=repr(heading),
                scaled=repr(scaled),
                example=f"{heading}({scaled})",
            )
        found = {exact[0]: money_of(heading) or ("", 1.0)}
    of_tax = [i for i in found if re.match(r"\s*(?:iva|tva|mwst|vat|ust\b|税|增值税)", header[i], re.IGNORECASE)]
    net = [i for i in found if NET.search(header[i]) and i not in of_tax]
    whole = [i for i in found if i not in (*net, *of_tax) and (TAXED.search(header[i]) or WHOLE.search(header[i]))]
    rest = [i for i in found if i not in (*net, *of_tax, *whole)]
    spent = rest if len(rest) == 1 else [i for i in rest if SPENT.search(header[i])]
    for kind, places in (("net", net), ("whole", whole), ("", spent if len(spent) == 1 else [])):
        if places:
            at = places[-1]
            is_taxed = bool(TAXED.search(header[at])) or (kind == "whole" and bool(of_tax))
            currency, times = found[at]
            return MoneyColumn(
                at, header[at], currency, times, "net" if kind == "net" else "gross" if is_taxed else "", _rate(header)
            )
    if found:
        said.append(Message("several columns hold money and none says that it is the whole; see --cost"))
    return None


def _rate(header: Sequence[str]) -> float | None:
    """The rate of VAT that a heading states: `IVA 21% (€)`, `含税13%`."""
    texts = [h for h in header if TAX.search(h) or "税" in h]
    rates = [float(r.replace(",", ".")) / 100 for h in texts for r in re.findall(r"(\d+(?:[.,]\d+)?)\s*[%％]", h)]
    return rates[0] if rates else None
