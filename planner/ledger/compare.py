"""Comparison: what the model said beside what the ledger found, and every disagreement of the two.

A number disagrees where it is off by more than 1e-6 of its scale: the larger of the two numbers, or what the quantity
comes to in the year. `noise` is what the tables leave out (an order below 1e-6 is not listed) or what the solver's own
tolerance lets pass in a row (1e-7, of which a yearly sum may gather more).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.errors import LedgerError
from models.message import Message

#: Relative to the scale of a quantity.
TOLERANCE = 1e-6
#: Absolute: below this, nothing is listed in the tables.
NOISE = 1e-6
#: Absolute, of a yearly sum: what the solver's tolerance lets pass in a row, 1e-7, in every hour.
YEARLY = 8760 * 1e-7


@dataclass(frozen=True)
class Disagreement:
    """One number of the model and the ledger's own; `relation` is how they should stand: =, <= or >=.

    quantity  a template without values, or a Message
    """

    quantity: str
    year: int | None
    name: str
    said: float
    found: float
    relation: str = "="

    @property
    def told(self) -> Message:
        """The two numbers, and of what they are."""
        quantity = self.quantity if isinstance(self.quantity, Message) else Message(self.quantity)
        what = Message("{quantity} of {name}", quantity=quantity, name=self.name)
        if self.year is not None:
            what = Message("{quantity} of {name} in {year}", quantity=quantity, name=self.name, year=self.year)
        values = {"what": what, "said": f"{self.said:.10g}", "found": f"{self.found:.10g}"}
        if self.relation == "<=":
            return Message("{what}: the plan says {said}, at most {found}", **values)
        if self.relation == ">=":
            return Message("{what}: the plan says {said}, at least {found}", **values)
        return Message("{what}: the plan says {said}, the ledger {found}", **values)

    def __str__(self) -> str:
        return str(self.told)


class Book:
    """All disagreements found so far."""

    def __init__(self) -> None:
        self.disagreements: list[Disagreement] = []

    def equal(
        self, quantity: str, year: int | None, name: str, said: float, found: float, scale: float = 0.0, noise: float = NOISE
    ) -> None:
        """The two are the same."""
        allowed = TOLERANCE * max(abs(said), abs(found), abs(scale)) + noise
        if not abs(said - found) <= allowed:  # a NaN disagrees
            self._note(quantity, year, name, said, found, "=")

    def at_most(
        self, quantity: str, year: int | None, name: str, said: float, limit: float, scale: float = 0.0, noise: float = NOISE
    ) -> None:
        """The plan's number is within its limit."""
        allowed = TOLERANCE * max(abs(scale), 0.0 if np.isinf(limit) else abs(limit)) + noise
        if not said <= limit + allowed:
            self._note(quantity, year, name, said, limit, "<=")

    def at_least(
        self, quantity: str, year: int | None, name: str, said: float, limit: float, scale: float = 0.0, noise: float = NOISE
    ) -> None:
        """The plan's number is no lower than its limit."""
        if not said >= limit - TOLERANCE * max(abs(scale), abs(limit)) - noise:
            self._note(quantity, year, name, said, limit, ">=")

    def equal_hours(self, quantity: str, year: int, name: str, said: np.ndarray, found: np.ndarray, scale: float = 0.0) -> None:
        """Two series are the same; the worst hour is told."""
        off = np.abs(said - found)
        t = int(off.argmax())
        largest = max(float(np.abs(said).max()), float(np.abs(found).max()), scale)
        if not off[t] <= TOLERANCE * largest + NOISE:
            self._note(
                quantity,
                year,
                Message("{name}, hour {hour}", name=name, hour=t),
                float(said[t]),
                float(np.broadcast_to(found, said.shape)[t]),
                "=",
            )

    def at_most_hours(
        self,
        quantity: str,
        year: int,
        name: str,
        said: np.ndarray,
        limit: np.ndarray | float,
        scale: float = 0.0,
        noise: float = NOISE,
    ) -> None:
        """A series stays within its limit in every hour; the worst hour is told."""
        limits = np.broadcast_to(np.asarray(limit, dtype=float), said.shape)
        over = said - limits
        t = int(over.argmax())
        if not over[t] <= TOLERANCE * max(scale, float(np.abs(said).max())) + noise:
            self._note(quantity, year, Message("{name}, hour {hour}", name=name, hour=t), float(said[t]), float(limits[t]), "<=")

    def equal_items(
        self,
        quantity: str,
        year: int | None,
        said: Mapping[Any, float],
        found: Mapping[Any, float],
        scale: float = 0.0,
        noise: Mapping[Any, float] | None = None,
    ) -> None:
        """Two tables are the same, item by item; what only one of them has is 0 in the other."""
        for key in dict.fromkeys([*said, *found]):
            name = key if isinstance(key, str) else " ".join(str(k) for k in key)
            more = (noise or {}).get(key, 0.0)
            self.equal(quantity, year, name, said.get(key, 0.0), found.get(key, 0.0), scale, NOISE + more)

    def _note(self, quantity: str, year: int | None, name: str, said: float, found: float, relation: str) -> None:
        self.disagreements.append(Disagreement(quantity, year, name, float(said), float(found), relation))

    def close(self, plan: str) -> None:
        """Raise LedgerError where anything disagreed."""
        if self.disagreements:
            raise LedgerError(plan, self.disagreements)
