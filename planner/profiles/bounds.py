"""Readings that are none: beyond what any park uses, where a meter or its file has gone wrong."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.profiles.quantities import QuantityUnit
from planner.profiles.series import Series
from planner.profiles.told import Told

#: No park uses more (MW, MWh in an hour); a tonne or cubic metre may hold a thousandth of a MWh, and a register counts for years.
MOST, BY_CONTENT, BY_COUNTING = 1e6, 1e3, 1e6
#: Readings that are named.
NAMED = 5
#: A reading is single where so many times what all but this share of the readings reach.
SPIKE, SHARE = 4.0, 0.001


def check_readings(
    values: np.ndarray, lines: Sequence[int], unit: QuantityUnit, file: str, is_register: bool = False, hours: int = 1
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


def without_spikes(series: Series, asked: str, file: str, told: Told) -> Series:
    """The series where no reading stands far above all others, or where that is meant: `keep`; with `gap` such are missing.

    Raises CaseError that names the highest of them where nothing is said.
    """
    above = series.values[series.values > 0]
    usual = float(np.quantile(above, 1 - SHARE, method="lower")) if len(above) else 0.0
    beyond = series.values > SPIKE * usual
    if usual <= 0 or not beyond.any() or asked == "keep":
        return series
    at = int(np.nanargmax(series.values))
    words = {"value": f"{series.values[at]:.6g}", "time": series.time(at), "count": int(beyond.sum())}
    if asked != "gap":
        raise CaseError.because(
            "{file}: {value} MW at {time} is {times} times what all but a thousandth of the readings reach, {usual} MW ({count} "
            "such); say --spikes gap to fill it as a gap, --spikes keep if it was used",
            file=file,
            times=f"{series.values[at] / usual:,.0f}",
            usual=f"{usual:.6g}",
            **words,
        )
    told.warn(mark("{count} readings far above all others were taken as missing, the highest {value} MW at {time}."), **words)
    return Series(series.start, series.step, np.where(beyond, np.nan, series.values), series.known)
