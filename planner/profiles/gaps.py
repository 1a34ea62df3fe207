"""Holes in a series: short ones are filled by like days, long ones are refused."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.errors import CaseError
from planner.language.language import mark
from planner.language.message import Message
from planner.profiles.series import Series
from planner.profiles.told import Told

#: Like days are looked for so many weeks away at most, and so many are averaged.
WEEKS, DAYS = 6, 4
#: Share of a year that may be filled in all.
MOST_FILLED = 0.05


def gaps(values: np.ndarray) -> Iterator[tuple[int, int]]:
    """(first, one past the last) of each stretch of NaN."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.isnan(values).astype(int), [0]])))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def faults_of(series: Series, longest: float, file: str) -> list[str]:
    """What forbids to fill a series: each gap longer than `longest` hours, or too much in all."""
    found: list[str] = []
    long = [(a, b) for a, b in gaps(series.values) if (b - a) * series.step > longest * 60]
    for a, b in long[:5]:
        hours = (b - a) * series.step / 60
        found.append(
            Message(
                "{file}: nothing from {first} to {last} ({hours} h); at most {longest} h are filled, see --longest-gap",
                file=file,
                first=series.time(a),
                last=series.time(b),
                hours=f"{hours:,.0f}",
                longest=f"{longest:g}",
            )
        )
    if len(long) > 5:
        found.append(Message("{file}: {count} more gaps are too long", file=file, count=len(long) - 5))
    share = float(np.isnan(series.values).mean())
    if not found and share > MOST_FILLED:
        found.append(
            Message(
                "{file}: {share} of the year is missing; at most {most} is filled",
                file=file,
                share=f"{share:.1%}",
                most=f"{MOST_FILLED:.0%}",
            )
        )
    return found


def filled(series: Series, told: Told) -> Series:
    """The series with every hole filled by the mean of the same time on the nearest days of the same weekday.

    Where a register tells the amount of a stretch, what is filled adds up to it.
    """
    values = series.values.copy()
    per_day = series.per_day
    week = 7 * per_day
    count = 0
    for first, last in gaps(series.values):
        for at in range(first, last):
            values[at] = _like(series.values, at, week, per_day)
        count += last - first
    for first, last, amount in series.known:
        total = values[first:last].sum()
        values[first:last] = values[first:last] * amount / total if total > 0 else amount / (last - first)
    if count:
        holes = list(gaps(series.values))
        longest = max(b - a for a, b in holes) * series.step / 60
        told.warn(
            mark(
                "{hours} h were missing (gaps: {count}, the longest of {longest} h); "
                "filled by the same time on the nearest like days."
            ),
            hours=count * series.step / 60,
            count=len(holes),
            longest=longest,
        )
    return Series(series.start, series.step, values)


def _like(values: np.ndarray, at: int, week: int, per_day: int) -> float:
    """Mean of the same time on the nearest days of the same weekday, else on the nearest days."""
    for size, most in ((week, WEEKS), (per_day, 30)):
        found: list[float] = []
        for n in range(1, most + 1):
            for place in (at - n * size, at + n * size):
                if 0 <= place < len(values) and not np.isnan(values[place]) and len(found) < DAYS:
                    found.append(float(values[place]))
        if found:
            return float(np.mean(found))
    raise CaseError.because("too little is known around a gap to fill it")
