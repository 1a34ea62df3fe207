"""What was recognised in readings or bills: unit, interval, decimal mark, and whether the result can be what was meant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.language.language import mark
from planner.profiles.numbers import DECIMALS
from planner.profiles.told import Told, Word

HOURS = 8760


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
