"""Units: one small registry in which a year is 8760 h, a month its twelfth, and each currency its own dimension.

pint's own registry has a year of 365.25 days and no tonne of coal equivalent; both matter here, so ours starts empty.
pint is imported with the first unit that is read: it takes longer to import than all else, and `plan --help` reads none.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from models.errors import Message

if TYPE_CHECKING:
    import pint

_DEFINITIONS = """
kilo- = 1e3 = k-
mega- = 1e6 = M-
giga- = 1e9 = G-
tera- = 1e12 = T-
hour = [time] = h = hr = hours
minute = hour / 60 = min
second = hour / 3600 = s
day = 24 * hour = d = days
year = 8760 * hour = a = yr = years
month = 730 * hour = months
watt = [power] = W
watthour = watt * hour = Wh
joule = watt * second = J
gram = [mass] = g
tonne = 1e6 * gram = t = tonnes
tce = 29.3076e9 * joule
kBtu = 1055055.85262 * joule = kBTU
MMBtu = 1e3 * kBtu = MMBTU = mmBtu = mmbtu = Dth
therm = 1e2 * kBtu = therms
metre = [length] = m = meter
hectare = 1e4 * metre ** 2 = ha
acre_cn = hectare / 15 = mu
foot = 0.3048 * metre = ft
acre = 43560 * foot ** 2 = acres
percent = 0.01
cent_of = 0.01
tenth_of = 0.1
ten_thousand_kWh = 1e7 * watt * hour
thousand_cn = 1e3
ten_thousand_cn = 1e4
million_cn = 1e6
hundred_million_cn = 1e8
"""

#: Units as people write them, and how they are read here, the longer ones first; what is replaced leaves a `*` beside what follows.
_WORDS = """
万千瓦时=ten_thousand_kWh 万kWh=ten_thousand_kWh 万度=ten_thousand_kWh 吨标准煤=tce 吨标煤=tce
平方公里=km**2 平方米=m**2 平米=m**2 ㎡=m**2 公顷=ha 亩=mu
吉瓦时=GWh 兆瓦时=MWh 千瓦时=kWh 瓦时=Wh 吉瓦=GW 兆瓦=MW 千瓦=kW 瓦=W 度=kWh
公里=km 千米=km 米=m 千克=kg 公斤=kg 吨=t 小时=h 年=year 月=month 日=day
百万=million_cn* 亿=hundred_million_cn* 万=ten_thousand_cn* 千=thousand_cn* 人民币=CNY RMB=CNY 元=CNY 每=/
·=* ％=% （=( ）=) ²=**2 €=EUR £=GBP ₹=INR 円=JPY zł=PLN Kč=CZK
"""
_WRITTEN = dict(pair.split("=") for pair in _WORDS.split())
#: Signs that several currencies have: the park's own where it is one of these, else the first.
_SHARED = {"$": ("USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD"), "¥": ("CNY", "JPY"), "￥": ("CNY", "JPY")}
#: Thousands and millions before a code of money, as people write them.
_AMOUNTS = re.compile(r"\b(?:(Tsd\.?|T|k|tys\.?|M|million|mn|mln|Mio\.?)\s*)?([A-Z]{3})\b")

#: Parts of money before what they pay for: `{}` is the park's own currency.
_CENTS = (
    (re.compile(r"^\s*(?:c€|€\s*-?\s*ct|eurocents?)\s*(?=/|每|$)", re.IGNORECASE), "cent_of*EUR"),
    (re.compile(r"^\s*(?:ct|cts|cents?)\.?\s*(?=/|$)", re.IGNORECASE), "cent_of*{}"),
    (re.compile(r"^\s*(?:p|pence)\s*(?=/)"), "cent_of*GBP"),
    (re.compile(r"^\s*¢\s*(?=/)"), "cent_of*$"),
    (re.compile(r"^\s*分\s*(?=/|每)"), "cent_of*CNY"),
    (re.compile(r"^\s*(?:gr|grosz[ey]?)\s*(?=/)"), "cent_of*PLN"),
    (re.compile(r"^\s*(?:銭|sen)\s*(?=/)"), "cent_of*JPY"),
    (re.compile(r"US\$"), "USD"),
    (re.compile(r"\beuros?\b", re.IGNORECASE), "EUR"),
    (re.compile(r"^\s*角\s*(?=/|每)"), "tenth_of*CNY"),
)
#: Years, months and days in other languages, after a stroke; `元/kW·月` is money by kW and by month.
_TIMES = (
    (re.compile(r"(?<=kW)-(month|mo|year|yr)\b"), r"/\1"),
    (re.compile(r"/\s*(?:Jahr|año|an|yr|rok)\b", re.IGNORECASE), "/year"),
    (re.compile(r"/\s*(?:Monat|mois|mes|mo|miesiąc|mies\b\.?)(?!\w)", re.IGNORECASE), "/month"),
    (re.compile(r"/\s*(?:Tag|jour|día)\b", re.IGNORECASE), "/day"),
    (re.compile(r"/\s*[(（]?\s*(kW|千瓦)\s*[·*・]\s*(月|年|month|year)\s*[)）]?"), r"/\1/\2"),
)
#: Labels that follow a unit and say what it is of; they change nothing.
_LABEL = re.compile(r"(?<=[A-Za-z])_(?:e|el|th|elec|H2|h2|LHV|cold|CO2|CO2e)\b|(?<=[kMG]W)(?:p|el|th|e)\b|(?<=\bW)p\b")
#: Letters with a few signs; the only numbers are small ones, so that no text makes pint compute a huge power.
_READABLE = re.compile(r"^(?!.*\d{5})(?!.*(?:\*\*|\^).*(?:\*\*|\^))[A-Za-z0-9_*/()^%³ .]{0,80}$")
_CO2 = re.compile(r"\b([kMG]?t|k?g)CO2e?\b")


class UnitError(ValueError):
    """A unit that cannot be read or is of the wrong dimension; the message says which."""


@cache
def _registry() -> pint.UnitRegistry:
    import pint

    registry: pint.UnitRegistry = pint.UnitRegistry(None, non_int_type=float)
    for line in _DEFINITIONS.strip().splitlines():
        registry.define(line)
    return registry


@cache
def _unit(text: str, currency: str) -> pint.Unit:
    registry = _registry()
    read = in_letters(text[:100], currency)
    if not _READABLE.match(read):
        raise UnitError(Message("unit {unit}: cannot be read", unit=repr(text[:40])))
    clean = _CO2.sub(r"\1", _LABEL.sub("", read)).replace("%", " percent ").replace("³", "**3").strip()
    for code in {currency, *_codes(clean)}:
        if code and code not in registry:
            registry.define(f"{code} = [currency_{code}]")
    try:
        return registry.Unit("") if clean in ("", "1") else registry.parse_units(clean)
    except Exception as error:  # pint raises its own errors, and whatever Python does on text that is no expression
        raise UnitError(Message("unit {unit}: cannot be read", unit=repr(text))) from error


def in_letters(text: str, currency: str = "") -> str:
    """A unit in letters that are read here: `万元/千瓦` is `ten_thousand_cn*CNY/kW`, `k€` is kCNY of another currency: kEUR."""
    for pattern, read in (*_CENTS, *_TIMES):
        text = pattern.sub(read.replace("{}", currency or "EUR"), text)
    for sign, codes in _SHARED.items():
        text = text.replace(sign, currency if currency in codes else codes[0])
    for word, read in _WRITTEN.items():
        text = text.replace(word, read)
    text = re.sub(r"\b(?:sq\.? ?|sq)(ft|m)\b", r"\1**2", re.sub(r"\b(k?m|ft)2\b", r"\1**2", text))
    return _AMOUNTS.sub(lambda found: ("" if found[1] is None else "k" if found[1][0] in "Tkt" else "M") + found[2], text)


def _codes(text: str) -> list[str]:
    """Codes of currencies in a unit, with or without a prefix."""
    return re.findall(r"(?<![A-Za-z])[kM]?([A-Z]{3})\b", text)


@cache
def factor(unit: str, to: str, currency: str = "") -> float:
    """What a number in `unit` is multiplied by to be in `to`.

    `money` in `to` stands for the park's `currency`. Raises UnitError where the unit cannot be read, is of
    another dimension, or is of another currency: currencies never convert silently.
    """
    from pint import DimensionalityError

    target = to.replace("money", currency)
    given, wanted = _unit(unit, currency), _unit(target, currency)
    try:
        return float((1.0 * given).to(wanted).magnitude)
    except DimensionalityError as error:
        other = sorted(set(_codes(in_letters(unit, currency))) - {currency})
        if other and "money" in to:
            raise UnitError(
                Message(
                    "unit {unit}: is in {other}, the park's money is {currency}; currencies are never converted silently",
                    unit=repr(unit),
                    other=other[0],
                    currency=currency,
                )
            ) from error
        raise UnitError(
            Message("unit {unit}: {target} or a unit of that dimension is needed", unit=repr(unit), target=target)
        ) from error


@cache
def names_year(unit: str, currency: str = "") -> bool:
    """True if a unit is one of a year: `money/MW/year`, `元/千瓦·年`."""
    return "year" in dict(_unit(unit, currency)._units)


def yearly_factor(unit: str, to: str, currency: str = "") -> float:
    """As `factor`, for an amount of a year: both `MWh` and `MWh/year` serve, a bare power does not."""
    try:
        return factor(unit, to, currency)
    except UnitError:
        if "/" not in unit:
            raise
        return factor(unit, f"{to}/year", currency)
