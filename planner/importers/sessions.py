"""Charging sessions: an export of charge points, or the timetable of a fleet, as few rows of sessions.csv; or a typical group's."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

from models.case import Session
from models.errors import CaseError
from planner.examples import data_folder
from planner.importers.dialect import Answers
from planner.importers.profile import Proposal, TableRows, Told
from planner.importers.quantities import read_unit, unit_in
from planner.importers.source import Cell, HeadedRows, number_of, read_bytes, read_source, some, under_headings
from planner.importers.times import moment, order_of, read_clock, read_stamp, standard_offset, zone_of
from planner.importers.words import headings
from planner.importers.write import table_of, weekday_of_park
from planner.language.language import mark
from planner.language.message import Message

#: Columns that hold numbers.
NUMBERS = ("first", "last", "energy", "power", "number")
#: Sessions of a file are refused above this, and faults are named up to that.
MOST, NAMED = 1_000_000, 20


@dataclass(frozen=True)
class ChargingStay:
    """A session: when it begins, in hours of the day; how long it is (h); energy (MWh); power (MW, None where the file has none).

    date    its day, None of a timetable
    day     `weekday`, `weekend` or `all`
    number  vehicles alike
    """

    start: float
    hours: float
    energy: float
    power: float | None
    date: datetime | None = None
    day: str = ""
    number: float = 1.0


def read_sessions(path: Path, zone: tzinfo | None, told: Told, decimal: str = "", order: str = "") -> list[ChargingStay]:
    """The sessions of a file: times with a date and energy, or readings of a meter in Wh; or clock times of a timetable.

    What can be read in two ways is asked. Raises CaseError with every line that is no session.
    """
    if read_bytes(path).lstrip()[:1] in (b"{", b"["):
        raise CaseError.because("{path}: is JSON; save its sessions as a CSV table of start, stop and kWh", path=path)
    table = read_source(path)
    of = under_headings(table, headings("sessions"), ("arrive", "leave"), dropped=r"[^a-z一-鿿]")
    if of is None or not ({"first", "last"} <= of.at.keys() or "energy" in of.at):
        raise CaseError.because(
            "{path}: needs columns of arrival, leaving and energy: start, stop and kWh; start, stop, meterStart and meterStop; "
            "or arrive, leave and kWh of a timetable",
            path=table.file,
        )
    if not 0 < len(of.rows) <= MOST:
        words = mark("{path}: has {count} sessions below its headings; 1 to {most} are read")
        raise CaseError.because(words, path=table.file, count=f"{len(of.rows):,}", most=f"{MOST:,}")
    sign = told.decimal(decimal, of.texts(*NUMBERS), table.file)
    stamps = [s for row, _ in of.rows for key in ("arrive", "leave") if (s := read_stamp(of.cell(row, key))) is not None]
    order = told.or_ask("order", "dmy", "dmy", lambda: order_of(stamps, table.file, order))
    stays, faults = list[ChargingStay](), list[str]()
    for row, line in of.rows:
        try:
            stays.append(_stay(of, row, zone, sign, order))
        except (TypeError, ValueError):
            words = mark("{path} line {line}: needs a time of arrival, one of leaving after it, and energy above 0")
            faults.append(Message(words, path=table.file, line=line))
    some(faults, mark("and {count} more"), NAMED)
    return stays


def _stay(of: HeadedRows, row: list[Cell], zone: tzinfo | None, sign: str, order: str) -> ChargingStay:
    """The session of a row. Raises ValueError or TypeError where it is none."""
    values = {key: number_of(of.cell(row, key), sign) for key in NUMBERS if of.text(row, key)}
    number, power = values.get("number", 1.0), values.get("power")
    power = power * _size(of, "power", "kW") if power is not None else None
    if {"first", "last"} <= of.at.keys():
        energy = (values["last"] - values["first"]) * 1e-6  # type: ignore[operator]
    else:
        energy = values["energy"] * _size(of, "energy", "kWh")  # type: ignore[operator]
    if number is None or not (number > 0 and 0 < energy < 100 and (power is None or 0 < power < 100)) or None in values.values():
        raise ValueError
    cells = [of.cell(row, key) for key in ("arrive", "leave")]
    clocks = [clock[0] / 3600 for cell in cells if (clock := read_clock(cell)) is not None]
    if len(clocks) == 2:
        start, stop = clocks
        day = of.text(row, "day").lower() or "all"
        if day not in _DAYS or start >= 24:
            raise ValueError
        return ChargingStay(start, stop - start if stop > start else stop - start + 24, energy, power, None, day, number)
    begin, end = (_local(cell, order, zone) for cell in cells)
    if end <= begin:
        raise ValueError
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    hours = [(end - begin).total_seconds() / 3600, (begin - midnight).total_seconds() / 3600]
    return ChargingStay(hours[1], hours[0], energy, power, midnight, "weekend" if begin.weekday() >= 5 else "weekday", number)


def _local(cell: Cell, order: str, zone: tzinfo | None) -> datetime:
    """The moment on the standard time of the zone; one that states no offset stays as it is. Raises ValueError where it is none."""
    stamp = read_stamp(cell)
    if stamp is None or stamp.seconds is None:
        raise ValueError
    when = moment(stamp, order)
    if stamp.offset is None or zone is None:
        return when
    return when - timedelta(seconds=stamp.offset) + standard_offset(zone, when.year)


def _size(of: HeadedRows, key: str, usual: str) -> float:
    """MWh or MW of one of what a column has, by its heading."""
    unit = unit_in(str(of.header[of.at[key]])) or read_unit(usual)
    assert unit is not None
    return unit.size


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


class Grouped(NamedTuple):
    """Rows, and what they leave out: the hours to which they are put together, sessions a year, stays that were cut, and energy
    that does not fit into a stay at its power (MWh of all sessions)."""

    rows: list[Session]
    slot: float
    cut: int
    lost: float


def group_sessions(
    stays: Sequence[ChargingStay], chargers: str, efficiency: float, power: float, most_rows: int = MOST_ROWS
) -> Grouped:
    """The rows of these sessions. power: of vehicles whose power nobody states (MW)."""
    dates, days = [s.date for s in stays if s.date is not None], Counter(dict.fromkeys(_DAYS, 1))
    if dates:  # of each kind of day so many as the file covers; a timetable is one of each
        first, last = min(dates), max(dates)
        every = (first + timedelta(days=n) for n in range((last - first).days + 1))
        days |= Counter("weekend" if day.weekday() >= 5 else "weekday" for day in every)
    for slot in SLOTS:
        cells: dict[tuple, list[ChargingStay]] = defaultdict(list)
        for stay in stays:
            cells[stay.day, stay.start // slot, (stay.start + min(stay.hours, LONGEST)) // slot].append(stay)
        if len(cells) <= most_rows or slot == SLOTS[-1]:
            break
    made = [
        _row(own, day, chargers, efficiency, power, days[day])
        for (day, *_), own in sorted(cells.items(), key=lambda item: str(item[0]))
    ]
    return Grouped([row for row, _ in made], slot, sum(s.hours > LONGEST for s in stays), sum(less for _, less in made))


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


#: Columns of sessions.csv; where a row is from, in tables that say so.
COLUMNS = "chargers", "day", "arrive", "leave", "energy", "unit", "power", "number"
REMARKS = "source", "note", "grade"


def _cells_of(row: Session) -> dict[str, str]:
    names = (*COLUMNS, *(REMARKS if row.source else ()))
    return {name: f"{value:g}" if isinstance(value := getattr(row, name), float) else str(value) for name in names}


# --- typical groups --------------------------------------------------------------------------------------------------------
# Sessions of typical groups of vehicles, from the catalogue, with their sources: a first guess where nothing is measured.


def typical_sessions(group: str, chargers: str, vehicles: float, told: Told) -> list[Session]:
    """The rows of so many vehicles of a group, with where they are from; none of a group that the catalogue has not."""
    found = [row for row in _typical() if row["group"] == group]
    if found:
        words = mark("{group}: rows from the catalogue: {rows}; take readings, or ask the fleet, before they size anything.")
        told.say(words, group=group, rows=len(found))
    for row in found:
        words = mark("{arrive} to {leave}: {source} ({grade}: {note})")
        told.say(words, **{name: row[name] for name in ("arrive", "leave", *REMARKS)})
    figures = [
        {name: row[name] for name in ("day", "arrive", "leave", "unit", *REMARKS)}
        | {"energy": float(row["energy"]), "power": float(row["power"]), "number": float(f"{float(row['number']) * vehicles:.6g}")}
        for row in found
    ]
    return [Session(chargers=chargers, **own) for own in figures]  # type: ignore[arg-type]


def _typical() -> list[dict[str, str]]:
    return table_of(data_folder() / "catalogue" / "sessions.csv")[1]


def read_charging(file: Path, a: Answers, told: Told) -> Proposal:
    """Rows for sessions.csv, from a file or from a typical group. Raises CaseError with all faults."""
    weekday_of_park(a.park)
    rows = [] if file.exists() else typical_sessions(str(file), a.chargers, 1.0 if a.vehicles is None else a.vehicles, told)
    if not rows and a.vehicles is not None:
        words = mark("--vehicles: is of a typical group only ({groups}); a file says how many there are")
        raise CaseError.because(words, groups=", ".join(dict.fromkeys(row["group"] for row in _typical())))
    if not rows:
        with told.asking():
            stays = read_sessions(file, zone_of(a.zone), told, a.decimal, a.order)
        found = group_sessions(stays, a.chargers, a.efficiency, a.power / 1000, a.rows)
        words = mark("{file}: {count} sessions become {rows} rows, arrivals and leavings of {hours} h each put together.")
        told.say(words, file=file, count=len(stays), rows=len(found.rows), hours=f"{found.slot:g}")
        if any(s.power is None for s in stays):
            told.say(mark("The file states no power: --power is taken for every vehicle."))
        if found.cut:
            told.say(mark("{count} sessions of more than a day are cut to a day."), count=found.cut)
        if found.lost > 0:
            words = mark("{energy} MWh do not fit into the stays at that power and are left out; a higher --power takes them.")
            told.say(words, energy=f"{found.lost:,.3f}")
        rows = found.rows
    energy = sum(row.energy * row.number * _DAYS[row.day] for row in rows) / 1000
    told.say(mark("Energy of a year in the vehicles: {energy} MWh."), energy=f"{energy:,.1f}")
    cells = [_cells_of(row) for row in rows]
    tables = [TableRows("sessions.csv", ("chargers",), cells)]
    groups = table_of(a.park / "chargers.csv")[1]
    if a.chargers not in {row.get("chargers") for row in groups}:
        tables.append(TableRows("chargers.csv", ("chargers",), [{"chargers": a.chargers, "efficiency": f"{a.efficiency:g}"}]))
    return Proposal(a.chargers, told, rows=tables)
