"""profiles.csv: hourly series of one year, or of some whole days that stand for it."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from models.case import Origin
from models.units import UnitError
from planner.language.message import Message
from planner.park import faults
from planner.park.complaints import Complaints
from planner.park.draft import Profiles
from planner.park.faults import fault, of
from planner.park.fields import check_name, number
from planner.park.headings import of_profile, split_heading
from planner.park.tables import TableSheet, read_sheet

FILE = "profiles.csv"
HOURS = 8760
#: A leap year is read to the end, to be refused by name.
_MOST = 8784


def read_profiles(folder: Path, complaints: Complaints) -> Profiles:
    """Read profiles.csv; with a fault, the names are known and the series that are right."""
    path = folder / FILE
    if not os.path.lexists(path):
        return Profiles()
    sheet = read_sheet(path, FILE, complaints, ("hour",), _MOST)
    if sheet is None:
        return Profiles(is_read=False)
    sheet, times = _without_units(sheet)
    names = set(sheet.columns) - {"hour"}
    if "hour" not in sheet.columns:
        complaints.add(Origin(FILE, 1), fault(faults.NO_HOUR_COLUMN))
    elif sheet.is_whole and _hours_follow(sheet, complaints):
        _check_length(len(sheet.rows), complaints)
    for name in sheet.columns:
        try:
            check_name(name)
        except ValueError as error:
            complaints.add(Origin(FILE, 1), of(f"column {name!r}", error))
    profiles = Profiles(hours=len(sheet.rows), names=names, lines=sheet.lines)
    cells = dict(zip(sheet.columns, zip(*sheet.rows, strict=True), strict=False)) if sheet.rows else {}
    for name in sheet.columns:
        if name != "hour" and name in cells:
            series = _series(name, cells[name], sheet.lines, complaints)
            if series is not None:
                profiles.series[name] = series * times[name] if times.get(name, 1.0) != 1 else series
    return profiles


def _without_units(sheet: TableSheet) -> tuple[TableSheet, dict[str, float]]:
    """(the sheet with bare names, what the values of a name are multiplied by), of headings such as `sun [W/kWp]` and `sun [%]`.

    A heading whose unit is none of a profile is a name, and so is one whose name is there already.
    """
    names, times = list(sheet.columns), dict[str, float]()
    for at, heading in enumerate(sheet.columns):
        name, unit = split_heading(heading)
        with suppress(UnitError):
            if unit and name not in names:
                times[name] = of_profile(unit)
                names[at] = name
    return replace(sheet, columns=tuple(names)), times


def _hours_follow(sheet: TableSheet, complaints: Complaints) -> bool:
    """True if the column `hour` counts 0, 1, 2 … without a gap."""
    at = sheet.columns.index("hour")
    for expected, (row, line) in enumerate(zip(sheet.rows, sheet.lines, strict=True)):
        try:
            hour = number(row[at])
        except ValueError as error:
            complaints.add(Origin(FILE, line), of(f"hour = {row[at]!r}", error))
            return False
        if hour == expected:
            continue
        if expected == 0 and hour == 1:
            text = Message("hour = 1: is the first one; the hours start at 0")
        elif hour == expected - 1:
            text = Message("hour = {hour}: is given twice; hour {expected} is expected here", hour=f"{hour:g}", expected=expected)
        elif hour > expected and hour == int(hour):
            text = Message(
                "hour {expected}: is missing; every hour is needed, and hour {hour} stands here",
                expected=expected,
                hour=f"{hour:g}",
            )
        else:
            text = Message("hour = {hour}: is out of order; hour {expected} is expected here", hour=f"{hour:g}", expected=expected)
        complaints.add(Origin(FILE, line), text)
        return False
    return True


def _check_length(hours: int, complaints: Complaints) -> None:
    """Complain of a length that is no year and no whole number of days."""
    if hours == _MOST:
        complaints.add(FILE, fault(faults.LEAP_YEAR, hours=_MOST))
    elif hours > HOURS:
        complaints.add(FILE, fault(faults.OTHER_HOURS, hours=hours, needed=HOURS))
    elif hours == 0:
        complaints.add(FILE, fault(faults.NO_HOURS, needed=HOURS))
    elif hours % 24:
        complaints.add(
            FILE,
            Message(
                "{hours} hours; {needed} hourly values are needed (for a stylised park another whole number of days)",
                hours=hours,
                needed=HOURS,
            ),
        )


def _series(name: str, cells: tuple[str, ...], lines: list[int], complaints: Complaints) -> np.ndarray | None:
    """The numbers of one profile, None with a complaint where some are missing or none."""
    try:
        series = np.array(cells, dtype=np.str_).astype(np.float64)
        if np.isfinite(series).all() and (np.abs(series) <= 1e12).all() and not any("_" in cell for cell in cells):
            return series
    except ValueError:
        pass
    blank = [line for cell, line in zip(cells, lines, strict=True) if cell == ""]
    if blank:
        complaints.add(
            FILE,
            Message(
                "{name}: {count} values; {needed} hourly values are needed, the first one missing is in line {line}",
                name=name,
                count=len(cells) - len(blank),
                needed=len(cells),
                line=blank[0],
            ),
        )
    for cell, line in zip(cells, lines, strict=True):
        try:
            number(cell or "0")
        except ValueError as error:
            complaints.add(Origin(FILE, line), of(f"{name} = {cell!r}", error))
            break
    return None
