"""A profile that is ready to stand in a park, and what goes with it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from planner.profiles.told import Told

HOURS = 8760


@dataclass(frozen=True)
class ProfilePeak:
    """The highest power of a month [MW]: mean of the meter's own interval, and mean of an hour."""

    month: int
    interval: float
    hour: float


@dataclass(frozen=True)
class Profile:
    """One column of profiles.csv.

    values         (8760,) hours from midnight of 1 January, without a leap day
    unit           MW of a demand, 1 of an availability or an efficiency, °C of a temperature
    first_weekday  weekday of its first day, 0 = Monday; None where weekdays mean nothing to it (weather)
    facts          figures and options that stand in its report
    demand         row of demand.csv, empty where it is no demand
    peaks          by month, empty where readings are hourly
    """

    name: str
    values: np.ndarray
    unit: str
    told: Told
    first_weekday: int | None = None
    facts: dict[str, object] = field(default_factory=dict)
    demand: dict[str, object] = field(default_factory=dict)
    peaks: tuple[ProfilePeak, ...] = ()

    def __post_init__(self) -> None:
        assert self.values.shape == (HOURS,) and np.isfinite(self.values).all()

    @property
    def peak_ratio(self) -> float | None:
        """The months' peaks of the meter's interval over those of hourly means: what a demand charge is multiplied by."""
        hours = sum(p.hour for p in self.peaks)
        return sum(p.interval for p in self.peaks) / hours if hours > 0 else None
