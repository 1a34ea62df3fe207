"""A profile that is ready to stand in a park, with what was done on the way: sentences in order, in the language of who asks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from planner.importers.source import DECIMALS
from planner.language.language import Language, mark

#: Names of the days, Monday first, as first_weekday counts them.
WEEKDAYS = (mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"), mark("Saturday"), mark("Sunday"))


@dataclass(frozen=True)
class Word:
    """A value of a sentence that is itself translated."""

    text: str


@dataclass
class Told:
    """Sentences, each a message and its values; what a person should look at is a warning."""

    lines: list[tuple[str, dict[str, object], bool]] = field(default_factory=list)

    def say(self, message: str, **values: object) -> None:
        """Add a sentence; the message is marked for translation where it is written."""
        self.lines.append((message, values, False))

    def warn(self, message: str, **values: object) -> None:
        """Add a sentence that asks for a look."""
        self.lines.append((message, values, True))

    def sentences(self, language: Language, only_warnings: bool = False) -> list[str]:
        """Every sentence in the language, or the warnings among them; warnings are marked as such."""
        return [
            (language.translate("look at this: {sentence}", sentence=text) if is_warning else text)
            for message, values, is_warning in self.lines
            if is_warning or not only_warnings
            for text in (language.translate(message, **_said(values, language)),)
        ]


def _said(values: dict[str, object], language: Language) -> dict[str, object]:
    """Words translated, numbers as the locale writes them; whole numbers (years, counts) stay as they are."""
    shown: dict[str, object] = {}
    for name, value in values.items():
        if isinstance(value, Word):
            shown[name] = language.translate(value.text)
        elif isinstance(value, float):
            shown[name] = language.amount(value)
        else:
            shown[name] = value
    return shown


# --- profile ---------------------------------------------------------------------------------------------------------------
# A profile that is ready to stand in a park, and what goes with it.

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


def demand_row(name: str, carrier: str, year: int, energy: float) -> dict[str, object]:
    """The row of demand.csv of a profile with so much energy in a year [MWh]."""
    return {"demand": name, "carrier": carrier, "year": year, "value": round(energy, 1), "unit": "MWh", "profile": name}


# --- how values were read --------------------------------------------------------------------------------------------------
# What was recognised in readings or bills: unit, interval, decimal mark, and whether the result can be what was meant.


@dataclass(frozen=True)
class Recognised:
    """How values were read.

    unit      as the file, or the person, names it
    minutes   of an interval of readings, 0 for amounts of bills
    decimals  sign of the decimals of each file: `point`, `comma` or '' where none is shown
    """

    unit: str
    minutes: int
    decimals: tuple[str, ...]

    def facts(self, values: np.ndarray) -> dict[str, object]:
        """Its entries in a report; `values` the hours of the year [MW]."""
        mean = float(values.mean())
        facts: dict[str, object] = {"read_unit": self.unit, "read_decimal": ", ".join(d for d in self.decimals if d) or "none"}
        highest = float(values.max())
        return facts | {
            "highest_to_mean": round(highest / mean, 4) if mean > 0 else None,
            "load_factor": round(mean / highest, 4) if highest > 0 else None,
        }


def tell_recognised(read: Recognised, values: np.ndarray, told: Told) -> None:
    """Say how values were read and what they come to: `values` the hours of the year [MW]."""
    signs = [d for d in read.decimals if d]
    decimal = Word(mark("decimal point and comma, by file") if len(signs) > 1 else DECIMALS[signs[0] if signs else ""])
    mean, highest = float(values.mean()), float(values.max())
    what = (
        mark(
            "Read as {unit} of {minutes} minutes, {decimal}: {energy} MWh a year, highest hour {highest} MW, {factor} times the "
            "mean."
        )
        if read.minutes
        else mark("Read as {unit}, {decimal}: {energy} MWh a year, highest hour {highest} MW, {factor} times the mean.")
    )
    told.say(
        what,
        unit=read.unit,
        minutes=read.minutes,
        decimal=decimal,
        energy=f"{mean * HOURS:,.1f}",
        highest=highest,
        factor=highest / mean if mean > 0 else 0.0,
    )
