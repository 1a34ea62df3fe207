"""Readings that are none: beyond what any park uses, where a meter or its file has gone wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.errors import CaseError
from planner.language.message import Message
from planner.profiles.quantities import Unit
from planner.profiles.series import Series

#: No park uses more (MW, MWh in an hour); a tonne or cubic metre may hold a thousandth of a MWh, and a register counts for years.
MOST, BY_CONTENT, BY_COUNTING = 1e6, 1e3, 1e6
#: Readings that are named.
NAMED = 5


def check_readings(
    values: np.ndarray, lines: Sequence[int], unit: Unit, file: str, is_register: bool = False, hours: int = 1
) -> None:
    """Raise CaseError that names line and value of readings beyond what any park has; amounts of bills are of more `hours`."""
    most = MOST * hours * (BY_COUNTING if is_register else 1.0) * (BY_CONTENT if unit.content else 1.0) / unit.size
    beyond = np.flatnonzero(np.abs(values) > most)
    faults: list[str] = [
        Message(
            "{file} line {line}: {value} {unit}: is more than any park uses; at most {most}",
            file=file,
            line=lines[at],
            value=f"{values[at]:g}",
            unit=unit.label,
            most=f"{most:g}",
        )
        for at in beyond[:NAMED]
    ]
    if len(beyond) > NAMED:
        faults.append(Message("{file}: {count} more readings are too large", file=file, count=f"{len(beyond) - NAMED:,}"))
    if faults:
        raise CaseError(faults)


def check_power(series: Series, file: str) -> None:
    """Raise CaseError where the power of an hour, in MW and with `--times`, is more than any park uses."""
    beyond = np.flatnonzero(np.abs(series.values) > MOST)
    if len(beyond):
        at = int(beyond[0])
        raise CaseError.because(
            "{file}: {value} MW at {time}: is more than any park uses; at most {most}",
            file=file,
            value=f"{series.values[at]:g}",
            time=series.time(at),
            most=f"{MOST:g}",
        )
