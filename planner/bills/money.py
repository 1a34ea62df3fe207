"""Which column of bills holds their money, in which currency, and whether VAT is in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from planner.costs.units import unit_of_cost
from planner.language.message import Message
from planner.profiles.columns import no_column

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


def money_at(header: Sequence[str], asked: str, file: str, said: list[Message]) -> MoneyColumn | None:
    """The column of the money: the one asked for, the one without VAT, the whole, or the only one; None where none is clear.

    Raises CaseError where the one that is asked for is none.
    """
    found = {i: money for i, h in enumerate(header) if (money := money_of(h)) is not None and not PRICE.search(h)}
    if asked:
        near = [i for i, name in enumerate(header) if asked.lower() in name.lower()]
        exact = [i for i in near if header[i] == asked] or near
        if len(exact) != 1:
            raise no_column(file, asked, ", ".join(map(repr, header)), is_known=bool(near))
        found = {exact[0]: money_of(header[exact[0]]) or ("", 1.0)}
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
