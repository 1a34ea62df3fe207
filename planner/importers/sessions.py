"""Charging sessions as people have them: an export of charge points, or the timetable of a fleet."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from pathlib import Path
from statistics import fmean

from models.case import Session
from models.errors import CaseError
from planner.examples import data_folder
from planner.importers.dialect import Answers
from planner.importers.headings import named_columns
from planner.importers.profile import Proposal, TableRows, Told
from planner.importers.source import Cell, SourceTable, decimal_of, number_of, read_bytes, read_source
from planner.importers.times import standard_offset, zone_of
from planner.importers.write import csv_text, table_of, weekday_of_park
from planner.language.language import mark
from planner.language.message import Message

#: Parts of headings, without blanks and signs, by what a column is; the first that fits counts.
HEADINGS = {
    "first": "meterstart",
    "last": "meterstop|meterend",
    "arrive": "connectiontime|plugin|arriv|start|begin|到达|开始|入场|插枪",
    "leave": "disconnecttime|plugout|depart|leave|stop|end|离开|结束|离场|拔枪",
    "energy": "kwhdelivered|energy|kwh|电量",
    "power": "power|kw|功率",
    "number": "number|vehicles|count|数量",
    "day": "days|day|日期类型",
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
    if read_bytes(path).lstrip()[:1] in (b"{", b"["):
        raise CaseError.because("{path}: is JSON; save its sessions as a CSV table of start, stop and kWh", path=path)
    return _table(read_source(path), zone, decimal)


# --- moments --------------------------------------------------------------------------------------------------------------


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


# --- tables ----------------------------------------------------------------------------------------------------------------


def _table(table: SourceTable, zone: tzinfo | None, decimal: str) -> list[ChargingStay]:
    """An export of charge points (times with a date; energy, or readings of a meter in Wh), or a timetable (clock times)."""
    columns = _columns(table)
    stays, faults = [], []
    numbers = {columns[name] for name in NUMBERS if name in columns}
    texts = [cell for row in table.rows[1:] for at, cell in enumerate(row) if at in numbers and isinstance(cell, str) and cell]
    sign = decimal or decimal_of(texts, table.file)
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
    found = named_columns(heads, HEADINGS)
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


# --- rows of sessions.csv --------------------------------------------------------------------------------------------------
# Rows of sessions.csv of many sessions: those of like days, arrival and leaving become one, with how many there are of it a day.
#
# Of a row's sessions the latest arrival and the earliest leaving are taken: it promises no more time than its vehicles have.

#: Hours to which arrival and leaving are put together; the first with which there are few enough rows.
SLOTS = 0.5, 1.0, 2.0, 3.0, 4.0, 6.0
#: A stay is cut to this (h): a row's sessions of two days do not overlap.
LONGEST = 24.0
#: Rows fewer than this are planned in no time.
MOST_ROWS = 40
#: Days of a year of each kind, as they are told of; the plan counts those of its own calendar.
_DAYS = {"all": 365, "weekday": 261, "weekend": 104}


@dataclass(frozen=True)
class Grouped:
    """Rows, and what they leave out: the hours to which they are put together, sessions a year, stays that were cut, and energy
    that does not fit into a stay at its power (MWh of all sessions)."""

    rows: list[Session]
    slot: float = 0.0
    cut: int = 0
    lost: float = 0.0


def group_sessions(
    stays: Sequence[ChargingStay], chargers: str, efficiency: float, power: float, most_rows: int = MOST_ROWS
) -> Grouped:
    """The rows of these sessions. power: of vehicles whose power nobody states (MW)."""
    days = _days(stays)
    for slot in SLOTS:
        cells = _cells(stays, slot)
        if len(cells) <= most_rows or slot == SLOTS[-1]:
            break
    rows, lost = [], 0.0
    for (day, *_), own in sorted(cells.items(), key=lambda item: str(item[0])):
        row, less = _row(own, day, chargers, efficiency, power, days[day])
        rows.append(row)
        lost += less
    return Grouped(rows, slot, sum(s.hours > LONGEST for s in stays), lost)


def _day(stay: ChargingStay) -> str:
    if stay.date is None:
        return stay.day
    return "weekend" if stay.date.weekday() >= 5 else "weekday"


def _days(stays: Sequence[ChargingStay]) -> Counter[str]:
    """How many days of each kind a file covers, from its first to its last; a timetable is one day of each."""
    dates = [s.date for s in stays if s.date is not None]
    found = Counter({"all": 1, "weekday": 1, "weekend": 1})
    if dates:
        first, last = min(dates), max(dates)
        every = [first + timedelta(days=i) for i in range((last - first).days + 1)]
        kinds = Counter("weekend" if d.weekday() >= 5 else "weekday" for d in every)
        found |= kinds
    return found


def _cells(stays: Sequence[ChargingStay], slot: float) -> dict[tuple, list[ChargingStay]]:
    cells: dict[tuple, list[ChargingStay]] = defaultdict(list)
    for stay in stays:
        end = stay.start + min(stay.hours, LONGEST)
        cells[_day(stay), stay.start // slot, end // slot].append(stay)
    return cells


def _row(own: list[ChargingStay], day: str, chargers: str, efficiency: float, power: float, days: int) -> tuple[Session, float]:
    count = sum(s.number for s in own)
    energy = sum(s.energy * s.number for s in own) / count
    each = fmean(s.power if s.power is not None else power for s in own)
    start, end = max(s.start for s in own), min(s.start + min(s.hours, LONGEST) for s in own)
    if (end - start) * each * efficiency < energy:  # too short for the mean: the mean of the times
        start, end = fmean(s.start for s in own), fmean(s.start + min(s.hours, LONGEST) for s in own)
    first, last = -(-round(start * 60, 6) // 1), round(end * 60, 6) // 1  # whole minutes
    last = min(max(last, first + 1), first + 60 * LONGEST)
    most = (last - first) / 60 * each * efficiency
    less = max(energy - most, 0.0)
    charged = float(f"{1000 * min(energy, most * (1 - 1e-5)):.6g}")
    row = Session(
        chargers=chargers,
        day=day,
        arrive=_clock(first),
        leave=_clock(last),
        energy=charged,
        unit="kWh",
        power=float(f"{each:.6g}"),
        number=float(f"{count / days:.6g}"),
    )
    return row, less * count


def _clock(minutes: float) -> str:
    return f"{int(minutes // 60) % 24:02d}:{int(minutes % 60):02d}"


COLUMNS = "chargers", "day", "arrive", "leave", "energy", "unit", "power", "number"
#: Where a row is from, in tables that say so.
REMARKS = "source", "note", "grade"


def _cells_of(row: Session) -> dict[str, str]:
    names = (*COLUMNS, *(REMARKS if row.source else ()))
    return {name: f"{value:g}" if isinstance(value := getattr(row, name), float) else str(value) for name in names}


def rows_text(rows: Sequence[Session]) -> str:
    """The rows as sessions.csv."""
    cells = [_cells_of(row) for row in rows]
    return csv_text(list(cells[0]) if cells else COLUMNS, cells)


def told_energy(rows: Sequence[Session]) -> Message:
    """What the vehicles are charged with in a year, of rows in kWh."""
    energy = sum(row.energy * row.number * _DAYS[row.day] for row in rows) / 1000
    return Message("Energy of a year in the vehicles: {energy} MWh.", energy=f"{energy:,.1f}")


def told(file: Path, stays: Sequence[ChargingStay], found: Grouped) -> Iterator[Message]:
    """What was made of what."""
    yield Message(
        "{file}: {count} sessions become {rows} rows, arrivals and leavings of {hours} h each put together.",
        file=file,
        count=len(stays),
        rows=len(found.rows),
        hours=f"{found.slot:g}",
    )
    yield told_energy(found.rows)
    if any(s.power is None for s in stays):
        yield Message("The file states no power: --power is taken for every vehicle.")
    if found.cut:
        yield Message("{count} sessions of more than a day are cut to a day.", count=found.cut)
    if found.lost > 0:
        yield Message(
            "{energy} MWh do not fit into the stays at that power and are left out; a higher --power takes them.",
            energy=f"{found.lost:,.3f}",
        )


# --- typical groups --------------------------------------------------------------------------------------------------------
# Sessions of typical groups of vehicles, from the catalogue, with their sources: a first guess where nothing is measured.


def typical_groups() -> tuple[str, ...]:
    """Names of the groups that the catalogue has."""
    return tuple(dict.fromkeys(row["group"] for row in _rows()))


def typical_sessions(group: str, chargers: str, vehicles: float) -> list[Session]:
    """The rows of so many vehicles of a group."""
    return [
        Session(
            chargers=chargers,
            energy=float(row["energy"]),
            power=float(row["power"]),
            number=float(f"{float(row['number']) * vehicles:.6g}"),
            **{name: row[name] for name in ("day", "arrive", "leave", "unit", *REMARKS)},  # type: ignore[arg-type]
        )
        for row in _rows()
        if row["group"] == group
    ]


def told_of_group(group: str, rows: Sequence[Session]) -> Iterator[Message]:
    """Where the rows are from."""
    yield Message(
        "{group}: rows from the catalogue: {rows}; take readings, or ask the fleet, before they size anything.",
        group=group,
        rows=len(rows),
    )
    for row in rows:
        yield Message(
            "{arrive} to {leave}: {source} ({grade}: {note})",
            arrive=row.arrive,
            leave=row.leave,
            source=row.source,
            grade=row.grade,
            note=row.note,
        )


def _rows() -> list[dict[str, str]]:
    return table_of(data_folder() / "catalogue" / "sessions.csv")[1]


def read_charging(file: Path, a: Answers, notes: Told) -> Proposal:
    """Rows for sessions.csv, from a file or from a typical group. Raises CaseError with all faults."""
    count = 1.0 if a.vehicles is None else a.vehicles
    limits = (
        (a.power, "--power", 10_000),
        (count, "--vehicles", 100_000),
        (a.efficiency, "--efficiency", 1),
        (a.rows, "--rows", 200),
    )
    words = mark("{option} {value}: is not above 0 and at most {most}")
    faults = [Message(words, option=o, value=f"{value:g}", most=f"{most:,}") for value, o, most in limits if not 0 < value <= most]
    if faults:
        raise CaseError(faults)
    if a.park is not None:
        weekday_of_park(a.park)
    if str(file) in typical_groups() and not file.exists():
        own = typical_sessions(str(file), a.chargers, count)
        found, lines = Grouped(own), [*told_of_group(str(file), own), told_energy(own)]
    elif a.vehicles is not None:
        words = mark("--vehicles: is of a typical group only ({groups}); a file says how many there are")
        raise CaseError.because(words, groups=", ".join(typical_groups()))
    else:
        stays = read_sessions(file, zone_of(a.zone), a.decimal)
        found = group_sessions(stays, a.chargers, a.efficiency, a.power / 1000, a.rows)
        lines = list(told(file, stays, found))
    for line in lines:
        notes.say(line)
    tables = [TableRows("sessions.csv", ("chargers",), [_cells_of(row) for row in found.rows])]
    groups = table_of(a.park / "chargers.csv")[1] if a.park is not None else []
    if a.chargers not in {row.get("chargers") for row in groups}:
        tables.append(TableRows("chargers.csv", ("chargers",), [{"chargers": a.chargers, "efficiency": f"{a.efficiency:g}"}]))
    return Proposal(a.chargers, notes, rows=tables, alone=rows_text(found.rows))
