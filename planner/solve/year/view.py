"""The solution of a year's subproblem as the output tables read it: arrays with the interface of the Pyomo block of a year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.families import NOT_HOURLY
from models.operation.links import Family
from planner.solve.handover.matrix import NOISE
from planner.solve.handover.reduced import NONE
from planner.solve.year.template import Template


class Reading(Mapping[Any, "_Number"]):
    """A family of the hours: amounts by index, and a series at once. Hourly families have no list of their indices."""

    def __init__(self, values: np.ndarray, places: Mapping[Any, int], series: Mapping[tuple, np.ndarray]) -> None:
        self._values, self._places, self._series = values, places, series

    def of_hours(self, index: tuple[str, ...]) -> np.ndarray:
        """The series of an index, 0 in hours without a variable."""
        places = self._series.get(index)
        hours = next(iter(self._series.values()), np.zeros(0))
        return np.zeros(len(hours)) if places is None else np.where(places == NONE, 0.0, self._values[places])

    def __iter__(self) -> Iterator[Any]:
        return iter(self._places)

    def __contains__(self, index: object) -> bool:
        return index in self._places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: Any) -> _Number:
        place = self._places[index] if index in self._places else int(self._series[index[:-1]][index[-1]])
        return _Number(0.0 if place == NONE else float(self._values[place]))


@dataclass(frozen=True)
class _Number:
    value: float


class YearView:
    """A solved year; attributes are families of the hours, or of the Pyomo block of its account."""

    def __init__(self, hours: Template, values: np.ndarray, account: Any, cost_terms: dict[tuple[str, str], float]) -> None:
        """`values`: of the columns of the hours; `account`: the Pyomo block of the account with its values."""
        self.cost_terms = cost_terms
        self._account = account
        values = np.where(np.abs(values) < NOISE, 0.0, values)
        self._series = {name: Reading(values, {}, series) for name, series in hours.series.items()}
        self._single = {name: Reading(values, hours.single[name], {}) for name in NOT_HOURLY}

    def __getattr__(self, name: str, /) -> Family:
        for known in (self._series, self._single):
            if name in known:
                return known[name]
        family: Family = getattr(self._account, name)
        return family


class DayView:
    """The operation of some hours as flows read it: hourly families alone, and no cost."""

    def __init__(self, series: Mapping[str, Mapping[tuple, np.ndarray]], values: np.ndarray) -> None:
        """`series`: family -> index before the hour -> columns (hours,); `values`: of all columns."""
        self.cost_terms: dict[tuple[str, str], float] = {}
        self._series = {name: Reading(values, {}, own) for name, own in series.items()}

    def __getattr__(self, name: str, /) -> Family:
        if name.startswith("_") or name not in self._series:
            raise AttributeError(name)
        return self._series[name]
