"""A solved year as tables and checks read it: the Pyomo block of a year, or arrays that look like one (`YearView`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Amount(Protocol):
    """A variable with its solution."""

    @property
    def value(self) -> float:
        """The solution."""


#: The variables of a family by their index.
Family = Mapping[Any, Amount]


class SolvedYear(Protocol):
    """A solved year; its other attributes are the families of variables of the year, by name.

    cost_terms  (item, name) -> a number, or a Pyomo expression that has one   money
    """

    @property
    def cost_terms(self) -> dict[tuple[str, str], Any]:
        """The cost terms of the year."""

    def __getattr__(self, name: str, /) -> Family: ...
