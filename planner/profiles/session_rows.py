"""Rows of sessions.csv of many sessions: those of like days, arrival and leaving become one, with how many there are of it a day.

Of a row's sessions the latest arrival and the earliest leaving are taken: it promises no more time than its vehicles have.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import fmean

from models.case import Session
from planner.language.message import Message
from planner.profiles.rows import check_rows, csv_text, put_rows, table_of
from planner.profiles.sessions import ChargingStay

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


def write_rows(park: Path, found: Grouped, chargers: str, efficiency: float, replace: bool) -> list[Path]:
    """Put the rows into sessions.csv, and the group into chargers.csv where it is not there; what was written.

    Raises CaseError where the group has sessions already, and they are not to be replaced.
    """
    table, cells = park / "sessions.csv", [_cells_of(row) for row in found.rows]
    check_rows(table, ("chargers",), cells[:1], replace)
    written = [put_rows(table, ("chargers",), cells, replace)]
    _, groups = table_of(park / "chargers.csv")
    if chargers not in {row.get("chargers") for row in groups}:
        own = {"chargers": chargers, "efficiency": f"{efficiency:g}"}
        written.append(put_rows(park / "chargers.csv", ("chargers",), [own], replace))
    return written


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
