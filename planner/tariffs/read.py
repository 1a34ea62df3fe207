r"""A tariff as it is written: levels in money by months, days and hours, parts that are added at all hours, charges on power.

.. math::
    p_t = \ell_{k(t)} + \sum_i a_{i,t} \qquad k(t) = \text{the first level whose months, days and hours hold } t

l  price of a level  money/MWh      a  parts that hold at that hour  money/MWh      p  price of a half hour  money/MWh (t)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from models.errors import CaseError
from models.units import UnitError, factor, names_year
from planner.language.language import mark
from planner.language.message import Message
from planner.profiles.numbers import decimal_of, number_of
from planner.profiles.source import Cell, SourceTable
from planner.profiles.stamps import month_of
from planner.tariffs.days import ALL_DAYS, DAYS, days_of
from planner.tariffs.parts import HALVES, PriceAdded, added_by

#: Words of headings, lower case.
HEADINGS = {
    "name": (
        "名称",
        "时段名称",
        "level",
        "name",
        "position",
        "tarif",
        "stufe",
        "périod",
        "item",
        "项目",
        "bestandteil",
        "componente",
        "strefa",
        "nazwa",
        "składnik",
        "charge",
        "poste",
        "libellé",
        "plage",
        "concepto",
        "preisbestandteil",
        "费用",
    ),
    "months": ("月份", "months", "month", "monate", "mois", "meses", "miesiące", "miesiąc", "季节", "season"),
    "days": ("日期类型", "日类型", "days", "tage", "jours", "días", "dias", "dni"),
    "hours": ("时段", "hours", "time", "horaire", "horario", "zeit", "uhrzeit", "stunden", "heures", "horas", "godziny", "时间"),
    "value": ("电价", "价格", "price", "rate", "preis", "prix", "precio", "value", "wert", "单价", "betrag", "cena", "stawka"),
    "unit": ("单位", "unit", "einheit", "unité", "unidad", "jednostka", "j.m."),
    "kind": ("类别", "kind", "art", "type", "tipo"),
}
#: What a row is by its name, where no column says it and it states no hours.
PART = re.compile(
    r"netz|umlage|abgabe|steuer|konzession|levy|levies|surcharge|network|grid fee|tax|输配|附加|基金|损耗|系统运行|cspe|turpe"
    r"|sieciow|opłata|akcyza|dystrybuc|accise|peaje|impuesto|contribution|part\b|aufschlag|marge"
    r"|duos|tnuos|bsuos|distribution|transmission|climate change|\bccl\b|acheminement|cargos",
    re.IGNORECASE,
)
DEMAND = re.compile(r"需量|leistung|demand|peak|puissance|potencia", re.IGNORECASE)
CAPACITY = re.compile(r"容量|capacity|availab|contracted|souscrite|contratada|umown|transformer", re.IGNORECASE)
FIXED = re.compile(r"grundpreis|fixed|standing|abonnement|fijo|固定", re.IGNORECASE)
VAT = re.compile(r"\bmwst\b|\bust\b|\bvat\b|\btva\b|\biva\b|增值税", re.IGNORECASE)
REST = re.compile(
    r"^(?:at )?(?:all )?(?:其余|其他|other|others|rest|übrige|sonst|alle übrigen|autres?|resto|pozostałe)\w*"
    r"(?: (?:godziny|times?|hours?|zeiten|stunden|heures|horas))?$",
    re.IGNORECASE,
)
_CLOCK = r"(?:次日|翌日)?\s*(\d{1,2})(?:\s*[:：时hH]\s*(\d{2})?)?\s*(?:分|uhr|h)?"
_RANGE = re.compile(rf"^{_CLOCK}\s*(?:-|–|—|~|至|bis|to|à|a)\s*{_CLOCK}$", re.IGNORECASE)
#: What a column of kinds may say.
KINDS = {
    "level": ("level", "电度", "arbeit", "时段"),
    "part": ("part", "附加", "umlage", "added"),
    "demand": ("demand", "需量", "leistung"),
    "capacity": ("capacity", "容量"),
    "fixed": ("fixed", "固定"),
}
#: Kinds of charges -> item and unit of prices.csv.
CHARGES = {
    "demand": ("demand_charge", "money/MW/month"),
    "capacity": ("capacity_charge", "money/MW/month"),
    "fixed": ("fixed", "money/year"),
}
MADE = mark("line {line}, {name}: {value} {unit} is {price} {to}, {item}")
LEFT = mark("look at this: line {line}, {name}: {value}: is no number, and is left out")
ADDED, ADDED_THERE = mark("added at every hour"), mark("added at its hours")
NEVER = mark("{name}: no hour is left for it; the rows above hold at all of its hours")


@dataclass(frozen=True)
class Tariff:
    """A tariff read.

    prices    (12, 4, 48) of months, kinds of days (`DAYS`), and half hours [money/MWh]
    charges   item of prices.csv -> (value, its unit: money/MW/month, money/MW/year of a yearly peak, money/year)
    levels    name -> price with its parts [money/MWh]
    said      what was made of each row, messages
    """

    prices: np.ndarray
    charges: dict[str, tuple[float, str]]
    levels: dict[str, float]
    said: tuple[Message, ...]

    @property
    def knows_holidays(self) -> bool:
        """True where a holiday has other prices than the day it falls on may have."""
        return bool((self.prices[:, 2] != self.prices[:, 1]).any())

    @property
    def knows_saturdays(self) -> bool:
        """True where a Saturday has other prices than a Sunday: rows of tariff.csv know weekends alone."""
        return bool((self.prices[:, 3] != self.prices[:, 1]).any())


def read_tariff(table: SourceTable, currency: str, decimal: str = "", power_factor: float | None = None) -> Tariff:
    """The tariff of a table. Raises CaseError with every row that cannot be read, and where an hour has no price."""
    header, rows = _rows(table)
    if "name" not in header or "value" not in header:
        raise CaseError.because(
            "{file}: no row of headings is found; name, months, days, hours, price and unit are those of a tariff", file=table.file
        )
    text = [c for row, _ in rows for c in (row[header["value"]],) if isinstance(c, str)]
    sign = decimal or decimal_of([c for c in text if re.search(r"\d", c)], table.separator, table.file)
    heading = str(table.rows[header["row"]][header["value"]])
    prices, rest = np.full((12, len(DAYS), HALVES), np.nan), list[tuple[str, float]]()
    parts, charges, levels = list[PriceAdded](), dict[str, tuple[float, str]](), dict[str, float]()
    faults, said = list[str](), list[Message]()
    for row, line in rows:
        cell = {key: str(row[at]).strip() if at < len(row) else "" for key, at in header.items() if key not in ("value", "row")}
        value = number_of(row[header["value"]], sign)
        place = Message("{file} line {line}", file=table.file, line=line)
        if value is None or VAT.search(cell["name"]):
            written = str(row[header["value"]])
            if value is not None:
                said.append(Message("{name} is left out: prices are without VAT", name=cell["name"]))
            elif re.search(r"\d", written):
                said.append(Message(LEFT, line=line, name=cell["name"], value=repr(written)))
            continue
        try:
            kind = _kind(cell)
            unit = cell.get("unit", "") or _bracketed(heading)
            item, to = CHARGES.get(kind, ("energy", "money/MWh"))
            times, to = _times(unit, to, currency, power_factor)
            price = value * times
            if kind == "level":
                where = _where(cell)
                levels[cell["name"]] = price
                if where is None:
                    rest.append((cell["name"], price))
                else:
                    free = np.isnan(prices) & where
                    prices = np.where(free, price, prices)
                    said += [] if free.any() else [Message(NEVER, name=cell["name"])]
            elif kind == "part":
                parts.append(PriceAdded(cell["name"], price, _where(cell), bool(REST.match(cell.get("hours", "")))))
                item = Message(ADDED if parts[-1].where is None and not parts[-1].is_rest else ADDED_THERE)
            else:
                before, its = charges.get(item, (0.0, to))
                if its != to:
                    raise ValueError(
                        Message("unit {unit}: a row above is of a month or a year, this one not; keep one", unit=repr(unit))
                    )
                charges[item] = before + price, to
            shown = {"value": f"{value:.6g}", "unit": unit, "price": f"{price:.6g}", "to": to.replace("money", currency)}
            said.append(Message(MADE, line=line, name=cell["name"], item=item, **shown))
        except ValueError as error:
            faults.append(Message("{place}: {words}", place=place, words=error.args[0]))
    if faults:
        raise CaseError(faults)
    if rest:
        prices = np.where(np.isnan(prices), rest[0][1], prices)
    prices[:, 2] = np.where(np.isnan(prices[:, 2]), prices[:, 1], prices[:, 2])  # a holiday that is not named is a Sunday
    if np.isnan(prices).any():
        month, day, half = (int(n) for n in np.argwhere(np.isnan(prices))[0])
        raise CaseError.because(
            "{file}: no level holds at {time} of {day} in month {month}; a row without hours holds for the rest",
            file=table.file,
            time=f"{half // 2:02d}:{30 * (half % 2):02d}",
            day=Message(DAYS[day]),
            month=month + 1,
        )
    added = added_by(parts)
    whole = {name: price + float(added.min()) for name, price in levels.items()}
    return Tariff(prices + added, charges, whole, tuple(said))


def _rows(table: SourceTable) -> tuple[dict[str, int], list[tuple[list[Cell], int]]]:
    """(columns by what they hold and the row of headings, rows below)."""
    for i, row in enumerate(table.rows[:20]):
        found: dict[str, int] = {}
        for key, words in HEADINGS.items():
            for at, cell in enumerate(row):
                own = str(cell).lower().strip()
                if at not in found.values() and len(own) < 30 and any(own == word or own.startswith(word) for word in words):
                    found[key] = at
                    break
        if {"name", "value"} <= found.keys():
            return found | {"row": i}, list(zip(table.rows[i + 1 :], table.lines[i + 1 :], strict=True))
    return {}, []


def _bracketed(heading: str) -> str:
    inside = re.search(r"[(（\[]([^)）\]]+)[)）\]]", heading)
    return inside[1] if inside else ""


def _kind(cell: dict[str, str]) -> str:
    """level, part, demand, capacity or fixed."""
    said, name, unit = cell.get("kind", "").lower(), cell["name"], cell.get("unit", "")
    if said:
        for kind, words in KINDS.items():
            if any(word in said for word in words):
                return kind
        raise ValueError(Message("kind {kind}: is none of level, part, demand, capacity, fixed", kind=repr(said)))
    if re.search(r"/\s*[(（]?\s*(?:kW|MW|kVA|MVA|千瓦|千伏安)(?!h|·?时|·?h)", unit):
        return "capacity" if CAPACITY.search(name) and not DEMAND.search(name) else "demand"
    if re.search(r"/\s*(?:year|a|Jahr|an|年|month|Monat|mois|月)\s*$", unit, re.IGNORECASE) or FIXED.search(name):
        return "fixed"
    return "part" if PART.search(name) else "level"


def _times(unit: str, to: str, currency: str, power_factor: float | None) -> tuple[float, str]:
    """(what a value is multiplied by, the unit that it is then in): `to`, but of a power's charge by the year money/MW/year, which
    is paid on the highest hour of the year and not on those of twelve months. Raises ValueError where it is of another kind."""
    if not unit:
        raise ValueError(Message("unit: is not said; write e.g. ct/kWh, 元/kWh, €/kW/a"))
    text, by = unit, 1.0
    if re.search(r"kVA|MVA|千伏安", unit):
        if power_factor is None:
            raise ValueError(Message("unit {unit}: is by apparent power; say --power-factor, e.g. 0.95", unit=repr(unit)))
        text, by = re.sub(r"VA", "W", unit.replace("千伏安", "kW")), 1 / power_factor
    try:
        if to == "money/MW/month" and names_year(text, currency):
            to = "money/MW/year"
        return factor(text, to, currency) * by, to
    except UnitError as error:
        raise ValueError(error.args[0]) from error


def _where(cell: dict[str, str]) -> np.ndarray | None:
    """(12, days, 48) of where a row holds; None for the rest, or for all. Raises ValueError where that cannot be read."""
    hours = cell.get("hours", "")
    if REST.match(hours) or not (hours or cell.get("months") or cell.get("days")):
        return None
    months, days, halves = _months(cell.get("months", "")), days_of(cell.get("days", "")), _halves(hours)
    return np.asarray(months[:, None, None] & days[None, :, None] & halves[None, None, :])


def _months(text: str) -> np.ndarray:
    found = np.zeros(12, dtype=bool)
    clean = text.replace("月", "")
    if not clean.strip() or ALL_DAYS.match(clean.strip()):
        return ~found
    for part in re.split(r"[;,，、；&+]|\b(?:und|and|et|y)\b", clean):
        ends = [_month(end) for end in re.split(r"\s*(?:-|–|—|~|至)\s*|\s(?:bis|to|à|au|a|do)\s", part.strip())]
        if len(ends) > 2 or None in ends:
            raise ValueError(Message("months {text}: is no list of months, such as 1-3;12", text=repr(text)))
        first, last = int(ends[0] or 0), int(ends[-1] or 0)
        found[[(m - 1) % 12 for m in range(first, last + 1 if last >= first else last + 13)]] = True
    return found


def _month(text: str) -> int | None:
    """The month of a number or a name; None of anything else."""
    if text.isdigit():
        return int(text) if 1 <= int(text) <= 12 else None
    return month_of(text.rstrip(".")) or None


def _halves(text: str) -> np.ndarray:
    """Half hours of `8:00-11:30; 22:00-次日6:00`; all where nothing is said."""
    found = np.zeros(HALVES, dtype=bool)
    if not text.strip():
        return ~found
    for part in re.split(r"[;,，、；+]|\bund\b|\band\b|\bet\b", text):
        ends = _RANGE.match(part.strip())
        if not ends:
            raise ValueError(Message("hours {text}: are no clock times, such as 8:00-11:30;22:00-6:00", text=repr(part.strip())))
        first, last = (int(ends[n]) * 60 + int(ends[n + 1] or 0) for n in (1, 3))
        if first % 30 or last % 30 or first > 1440 or last > 1440:
            raise ValueError(Message("hours {text}: are no hours and half hours", text=repr(part.strip())))
        start, end = first // 30, last // 30
        found[[h % HALVES for h in range(start, end if end > start else end + HALVES)]] = True
    return found
