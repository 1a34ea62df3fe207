"""Hours that cannot be: a sun whose noon is at night, an hour far above all others, a tariff some hours beside what it is."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import numpy as np

import data
from models.case import Demand, TariffRow, Technology
from models.inputs.tariff import ranges
from planner.language.message import Message
from planner.park import remarks
from planner.park.checks.thresholds import NOON_FROM, NOON_TO, SHIFTS, SPIKE_SHARE, SPIKE_TO_USUAL
from planner.park.draft import Draft

DAY = 24
#: Types whose profile is the sun's.
SUN = "solar"
#: Decimals to which factors of a tariff are compared.
ROUND = 1
#: (months, factor) and the hours that have it, one a row.
Pattern = frozenset[tuple[frozenset[int], float, frozenset[int]]]


def check_hours(draft: Draft) -> None:
    """Warn of profiles and tariffs whose hours are shifted, and of single hours far above all others."""
    if draft.profiles.is_read:
        _check_noon(draft)
        _check_spikes(draft)
    _check_shifted(draft)


def _check_noon(draft: Draft) -> None:
    r"""The middle of the mean day of a plant of the sun, around the clock: :math:`\arg \sum_h a_h e^{2 \pi i (h + 1/2) / 24}`."""
    told = set()
    for row in draft.rows(Technology):
        if SUN not in row.type_name or not row.profile:
            continue
        for column in draft.columns_of(row.profile):
            series = draft.profiles.series.get(column)
            if series is None or column in told or len(series) % DAY or series.sum() <= 0:
                continue
            told.add(column)
            angle = np.angle((series.reshape(-1, DAY).mean(axis=0) * np.exp(2j * np.pi * (np.arange(DAY) + 0.5) / DAY)).sum())
            noon = float(angle % (2 * np.pi)) * DAY / (2 * np.pi)
            if not NOON_FROM <= noon <= NOON_TO:
                clock = f"{int(noon):02d}:{int(noon % 1 * 60):02d}"
                draft.warn("profiles.csv", remarks.NOON, profile=repr(column), technology=repr(row.technology), noon=clock)


def _check_spikes(draft: Draft) -> None:
    """A single hour of a demand's profile far above what all but a thousandth of its hours reach."""
    columns = dict.fromkeys(c for row in draft.rows(Demand) if row.profile for c in draft.columns_of(row.profile))
    for column in columns:
        series = draft.profiles.series.get(column)
        if series is None or len(series) < 1 / SPIKE_SHARE:
            continue
        usual, hour = float(np.quantile(series, 1 - SPIKE_SHARE, method="lower")), int(series.argmax())
        if usual > 0 and series[hour] > SPIKE_TO_USUAL * usual:
            draft.warn("profiles.csv", remarks.SPIKE, profile=repr(column), hour=hour, times=f"{series[hour] / usual:.3g}")


def _check_shifted(draft: Draft) -> None:
    """A tariff with the factors and the months of one of the catalogue, some hours beside it."""
    own: dict[str, list[TariffRow]] = defaultdict(list)
    for row in draft.rows(TariffRow):
        if row.item == "energy":
            own[row.supply].append(row)
    for supply, rows in own.items():
        try:
            pattern = _pattern((r.months, r.hours, r.factor) for r in rows)
        except ValueError:
            continue
        known = _catalogue()
        if pattern in known.values():
            continue
        for name, other in known.items():
            shift = next((n for n in SHIFTS if _shifted(other, n) == pattern), None)
            if shift is not None:
                direction = Message(remarks.LATER if shift > 0 else remarks.EARLIER)
                draft.warn(rows[0].origin, remarks.SHIFTED, supply=repr(supply), other=name, hours=abs(shift), direction=direction)
                break


def _pattern(rows: Iterable[tuple[str, str, float]]) -> Pattern:
    """Rows of a tariff, in whatever order."""
    return frozenset(
        (frozenset(ranges(months, 1, 12)), round(factor, ROUND), frozenset(ranges(hours, 0, DAY - 1)))
        for months, hours, factor in rows
    )


def _shifted(pattern: Pattern, by: int) -> Pattern:
    return frozenset((months, factor, frozenset((h + by) % DAY for h in hours)) for months, factor, hours in pattern)


@cache
def _catalogue() -> dict[str, Pattern]:
    """The tariffs of the catalogue that have hours, by name."""
    rows: dict[str, list[tuple[str, str, float]]] = defaultdict(list)
    with (Path(data.__file__).parent / "catalogue" / "tariffs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["factor"]:
                rows[row["tariff"]].append((row["months"], row["hours"], float(row["factor"])))
    return {name: _pattern(found) for name, found in rows.items()}
