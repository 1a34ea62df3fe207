"""Charging sessions as people have them: an export of charge points, ACN-Data, or the timetable of a fleet."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from models.errors import CaseError
from planner.language.message import Message
from planner.profiles.clock import standard_offset
from planner.profiles.numbers import decimal_of, number_of
from planner.profiles.source import Cell, SourceTable, decode, read_bytes, read_source

#: Parts of headings, without blanks and signs, by what a column is; the first that fits counts.
HEADINGS = {
    "first": ("meterstart",),
    "last": ("meterstop", "meterend"),
    "arrive": ("connectiontime", "plugin", "arriv", "start", "begin", "到达", "开始", "入场", "插枪"),
    "leave": ("disconnecttime", "plugout", "depart", "leave", "stop", "end", "离开", "结束", "离场", "拔枪"),
    "energy": ("kwhdelivered", "energy", "kwh", "电量"),
    "power": ("power", "kw", "功率"),
    "number": ("number", "vehicles", "count", "数量"),
    "day": ("days", "day", "日期类型"),
}
#: Columns that hold numbers.
NUMBERS = ("first", "last", "energy", "power", "number")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
#: Sessions of a file are refused above this.
MOST = 1_000_000


@dataclass(frozen=True)
class ChargingStay:
    """A session: when it begins, in hours of the day; how long it is (h); energy (MWh); power (MW, None where the file has none).

    day     `weekday`, `weekend`, `all`; or empty, and `date` is the day
    number  vehicles alike
    """

    start: float
    hours: float
    energy: float
    power: float | None
    date: datetime | None = None
    day: str = ""
    number: float = 1.0


def read_sessions(path: Path, zone: tzinfo | None, decimal: str = "") -> list[ChargingStay]:
    """The sessions of a file, told by what stands in it; `decimal` is the sign of the decimals where its text does not show it.

    Raises CaseError with every fault of its lines.
    """
    content = read_bytes(path)
    if content.lstrip()[:1] in (b"{", b"["):
        return _acn(path, content, zone)
    return _table(read_source(path), zone, decimal)


# --- ACN-Data ---------------------------------------------------------------------------------------------------------


def _acn(path: Path, content: bytes, zone: tzinfo | None) -> list[ChargingStay]:
    """Items of ACN-Data: connectionTime, disconnectTime, kWhDelivered; times of UTC, and the zone of the site beside them."""
    text, _ = decode(content, str(path), "")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CaseError.because("{path}: is no JSON ({error})", path=path, error=error) from error
    items = found.get("_items") if isinstance(found, dict) else found
    if not isinstance(items, list) or not items:
        raise CaseError.because("{path}: has no list `_items` of sessions, as ACN-Data has", path=path)
    stays, faults = [], []
    for i, item in enumerate(items, start=1):
        try:
            own = zone or _zone(item.get("timezone"))
            begin, end = (_local(_http(item[key]), own) for key in ("connectionTime", "disconnectTime"))
            stays.append(_between(begin, end, float(item["kWhDelivered"]) / 1000, None))
        except (AttributeError, KeyError, TypeError, ValueError):
            faults.append(
                Message(
                    "{path}: session {number}: needs connectionTime, disconnectTime after it, and kWhDelivered above 0",
                    path=path,
                    number=i,
                )
            )
    return _all_right(stays, faults)


def _zone(name: Any) -> tzinfo:
    from planner.profiles.clock import zone_of

    return zone_of(name) or UTC if isinstance(name, str) else UTC


def _http(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text)


def _local(moment: datetime, zone: tzinfo | None) -> datetime:
    """The moment on the standard time of the zone, without one; a moment without a zone stays as it is."""
    if moment.tzinfo is None or zone is None:
        return moment.replace(tzinfo=None)
    return moment.astimezone(UTC).replace(tzinfo=None) + standard_offset(zone, moment.year)


def _between(begin: datetime, end: datetime, energy: float, power: float | None) -> ChargingStay:
    hours = (end - begin).total_seconds() / 3600
    if hours <= 0 or not 0 < energy < 100 or (power is not None and not 0 < power < 100):
        raise ValueError
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    return ChargingStay((begin - midnight).total_seconds() / 3600, hours, energy, power, midnight)


def _all_right(stays: list[ChargingStay], faults: Sequence[str]) -> list[ChargingStay]:
    if faults:
        more = [Message("and {count} more", count=len(faults) - 20)] if len(faults) > 20 else []
        raise CaseError([*faults[:20], *more])
    return stays


# --- tables -----------------------------------------------------------------------------------------------------------


def _table(table: SourceTable, zone: tzinfo | None, decimal: str) -> list[ChargingStay]:
    """An export of charge points (times with a date; energy, or readings of a meter in Wh), or a timetable (clock times)."""
    columns = _columns(table)
    stays, faults = [], []
    numbers = {columns[name] for name in NUMBERS if name in columns}
    texts = [cell for row in table.rows[1:] for at, cell in enumerate(row) if at in numbers and isinstance(cell, str) and cell]
    sign = decimal or decimal_of(texts, table.separator, table.file)
    if len(table.rows) - 1 > MOST:
        raise CaseError.because("{path}: has more than {count} sessions", path=table.file, count=f"{MOST:,}")
    for row, line in zip(table.rows[1:], table.lines[1:], strict=True):
        cells = {name: row[at] for name, at in columns.items() if at < len(row)}
        try:
            stays.append(_stay(cells, zone, _unit(table, columns, "energy"), _unit(table, columns, "power"), sign))
        except (KeyError, TypeError, ValueError):
            faults.append(
                Message(
                    "{path} line {line}: needs a time of arrival, one of leaving after it, and energy above 0",
                    path=table.file,
                    line=line,
                )
            )
    if not stays and not faults:
        raise CaseError.because("{path}: has no sessions below its headings", path=table.file)
    return _all_right(stays, faults)


def _columns(table: SourceTable) -> dict[str, int]:
    heads = [re.sub(r"[^a-z一-鿿]", "", str(cell).lower()) for cell in table.rows[0]]
    found: dict[str, int] = {}
    for name, parts in HEADINGS.items():
        for part in parts:
            at = next((i for i, head in enumerate(heads) if part in head and i not in found.values()), None)
            if at is not None and name not in found:
                found[name] = at
    is_metered = {"first", "last"} <= set(found)
    if not {"arrive", "leave"} <= set(found) or not (is_metered or "energy" in found):
        raise CaseError.because(
            "{path}: needs columns of arrival, leaving and energy: start, stop and kWh; start, stop, meterStart and meterStop; "
            "or arrive, leave and kWh of a timetable",
            path=table.file,
        )
    return {name: at for name, at in found.items() if not is_metered or name != "energy"}


def _unit(table: SourceTable, columns: dict[str, int], name: str) -> float:
    """MWh or MW of one of what a column has: k unless its heading says W, Wh, MW or MWh."""
    head = str(table.rows[0][columns[name]]) if name in columns else ""
    if re.search(r"\bMWh?\b|MWh", head):
        return 1.0
    return 1e-6 if re.search(r"(?<![kM])Wh?\b", head) and not re.search(r"k", head, re.I) else 1e-3


def _number(cell: Cell, sign: str) -> float:
    """The number of a cell; ValueError where it is none."""
    found = number_of(cell, sign)
    if found is None:
        raise ValueError
    return found


def _stay(cells: dict[str, Cell], zone: tzinfo | None, per_energy: float, per_power: float, sign: str) -> ChargingStay:
    number = _number(cells["number"], sign) if str(cells.get("number", "")).strip() else 1.0
    power = _number(cells["power"], sign) * per_power if str(cells.get("power", "")).strip() else None
    if "first" in cells:
        energy = (_number(cells["last"], sign) - _number(cells["first"], sign)) * 1e-6
    else:
        energy = _number(cells["energy"], sign) * per_energy
    begin, end = (str(cells[name]).strip() for name in ("arrive", "leave"))
    clocks = _CLOCK.fullmatch(begin), _CLOCK.fullmatch(end)
    if clocks[0] and clocks[1]:
        start, stop = (int(c[1]) + int(c[2]) / 60 for c in clocks if c)
        day = str(cells.get("day", "") or "all").strip().lower()
        if day not in ("weekday", "weekend", "all") or not (0 <= start < 24 and 0 <= stop <= 24 and number > 0 and energy > 0):
            raise ValueError
        return ChargingStay(start, (stop - start) if stop > start else stop - start + 24, energy, power, None, day, number)
    moments = [_local(m if isinstance(m, datetime) else _http(str(m)), zone) for m in (cells["arrive"], cells["leave"])]
    own = _between(moments[0], moments[1], energy, power)
    return ChargingStay(own.start, own.hours, own.energy, own.power, own.date, number=number)
