"""A profile that is ready to stand in a park, with what was done on the way: sentences in order, in the language of who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from models.errors import CaseError
from planner.importers.source import DECIMALS, decimal_of
from planner.language.language import ENGLISH, Language, mark
from planner.language.message import Message

T = TypeVar("T")

#: Names of the days, Monday first, as first_weekday counts them.
WEEKDAYS = (mark("Monday"), mark("Tuesday"), mark("Wednesday"), mark("Thursday"), mark("Friday"), mark("Saturday"), mark("Sunday"))


class Questions(CaseError):
    """What has to be said of a file, all at once; `examples` are lines of its dialect that would answer them, by key."""

    def __init__(self, asked: Sequence[tuple[str, object, Message]]) -> None:
        super().__init__(dict.fromkeys(message for *_, message in asked))
        self.examples = {key: example for key, example, _ in asked}


@dataclass
class Told:
    """What is said of a file while it is read: sentences, of which some ask for a look; what was recognised, by key of its dialect;
    and what is not certain, which is asked at the end, all at once."""

    lines: list[tuple[Message, bool]] = field(default_factory=list)
    recognised: dict[str, object] = field(default_factory=dict)
    asked: list[tuple[str, object, Message]] = field(default_factory=list)

    def say(self, message: str, **values: object) -> None:
        """Add a sentence; numbers are told with three figures, whole ones (years, counts) as they are."""
        self.lines.append((_message(message, values), False))

    def warn(self, message: str, **values: object) -> None:
        """Add a sentence that asks for a look."""
        self.lines.append((_message(message, values), True))

    def ask(self, key: str, example: object, message: str, **values: object) -> None:
        """Ask for a key of the dialect, with an example of what may be said; reading goes on with what is likely."""
        self.asked.append((key, example, _message(message, values)))

    def or_ask(self, key: str, example: object, likely: T, read: Callable[[], T]) -> T:
        """The result of `read`. Where it raises CaseError, the complaint becomes a question, and `likely` is the result."""
        try:
            return read()
        except CaseError as error:
            self.asked += [
                (key, example, line if isinstance(line, Message) else Message("{line}", line=line)) for line in error.complaints
            ]
            return likely

    def decimal(self, given: str, texts: Sequence[str], file: str, beside: Iterable[str] = ()) -> str:
        """The sign of the decimals: the one given, else what texts, or others beside them, show; asked where they show none."""
        return given or self.or_ask("decimal", "point", "point", lambda: decimal_of(texts, file, beside))

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Raise Questions at the end, or at a fault that may come of what was taken for likely, where anything was asked."""
        try:
            yield
        except CaseError:
            if not self.asked:
                raise
        if self.asked:
            raise Questions(self.asked)

    def sentences(self, language: Language, only_warnings: bool = False) -> list[str]:
        """Every sentence in the language, or the warnings among them; warnings are marked as such."""
        shown = [(language.tell(message), is_warning) for message, is_warning in self.lines if is_warning or not only_warnings]
        return [language.translate("look at this: {sentence}", sentence=text) if is_warning else text for text, is_warning in shown]


def _message(message: str, values: dict[str, object]) -> Message:
    if isinstance(message, Message) and not values:
        return message
    return Message(message, **{name: ENGLISH.amount(v) if isinstance(v, float) else v for name, v in values.items()})


@dataclass(frozen=True)
class TableRows:
    """Rows of a table of the park, in place of those with the same key or with one of `instead`; `is_change` of those rows with
    other cells, which may be replaced."""

    table: str
    key: tuple[str, ...]
    rows: Sequence[Mapping[str, object]]
    instead: Sequence[Mapping[str, object]] = ()
    is_change: bool = False


@dataclass
class Proposal:
    """What a file would bring into a park: profiles and rows of tables, with what was recognised.

    title  what its sentences are of        shown  a table for the console, None for none
    alone  what goes to `file`, or to stdout, without a park, where there are no profiles
    notes  sentences of the whole; each profile has its own beside
    """

    title: str
    notes: Told
    profiles: Sequence[Profile] = ()
    rows: Sequence[TableRows] = ()
    shown: Any = None
    alone: str = ""
    file: Path | None = None


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


#: The table of demands, and what tells its rows apart.
DEMAND, DEMAND_KEY = "demand.csv", ("demand", "year")


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
        mean, highest = float(values.mean()), float(values.max())
        return {
            "read_unit": self.unit,
            "read_decimal": ", ".join(filter(None, self.decimals)) or "none",
            "highest_to_mean": round(highest / mean, 4) if mean > 0 else None,
            "load_factor": round(mean / highest, 4) if highest > 0 else None,
        }

    def tell(self, values: np.ndarray, told: Told) -> None:
        """Say how values were read and what they come to: `values` the hours of the year [MW]."""
        signs, mean, highest = [*filter(None, self.decimals)], float(values.mean()), float(values.max())
        decimal = Message(mark("decimal point and comma, by file") if len(signs) > 1 else DECIMALS[signs[0] if signs else ""])
        what = mark("Read as {unit}, {decimal}: {energy} MWh a year, highest hour {highest} MW, {factor} times the mean.")
        if self.minutes:
            what = mark(
                "Read as {unit} of {minutes} minutes, {decimal}: {energy} MWh a year, highest hour {highest} MW, {factor} times "
                "the mean."
            )
        shown = {"unit": self.unit, "minutes": self.minutes, "decimal": decimal, "energy": f"{mean * HOURS:,.1f}"}
        told.say(what, highest=highest, factor=highest / mean if mean > 0 else 0.0, **shown)
