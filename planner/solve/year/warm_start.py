r"""The warm start of the years of one solve from another: cuts that still hold, and bases to begin from.

A Benders cut is a lower bound of a year's operating cost. It stays one in another solve if the year is as before there or only
more restricted. That is checked as follows: all of the linear programme but its rules is the same, and each rule that it had is
still there, with bounds no wider and a penalty of its slack no lower. Rules may have been added. Decisions, their cost and their
limits are in the master, not in the year, so they may differ. The test is stricter than `YearVariant.keeps_cuts_of`, which leaves
the penalty out: a cut that passes bounds the cost of points with slack, too, not only that of plans.

Returns cuts that hold for other years. Raises nothing.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from planner.solve.year.year import Cut, Year
from planner.solve.year.years import Years

#: Cuts of a year that are kept: its last ones. With 40, branch and bound of the next search takes half as long again; with 8, its
#: bounds begin too low.
MOST = 15


@dataclass(frozen=True)
class RuleRow:
    """A rule as a row: digest of its coefficients, bounds, price of breaking it."""

    row: bytes
    lower: float
    upper: float
    price: float

    def implies(self, other: RuleRow) -> bool:
        """True if this rule implies the other, and a violation of it costs no less."""
        is_inside = self.lower >= other.lower and self.upper <= other.upper
        return self.row == other.row and is_inside and self.price >= other.price


@dataclass(frozen=True)
class YearProgramme:
    """A year: digest of all but its rules, and its rules by name."""

    base: bytes
    rules: Mapping[Any, RuleRow]

    def is_bounded_by(self, other: YearProgramme) -> bool:
        """True if a lower bound of the other programme is one of this."""
        own = self.rules
        return self.base == other.base and all(key in own and own[key].implies(rule) for key, rule in other.rules.items())


def programme_of(year: Year) -> YearProgramme:
    """What a year's cuts depend on."""
    reduced, fixed_cost = year.reduced, year.matrix.cost[year.fixed]
    by_row, others = reduced.matrix.by_rows(), reduced.others.copy()
    others.sort_indices()
    places = year.joined.rules
    is_rule, is_rule_here = np.zeros(others.shape[0], dtype=bool), np.zeros(by_row.shape[0], dtype=bool)
    is_rule[places], is_rule_here[year.rule_rows] = True, True
    own, outer = by_row[~is_rule_here], others[~is_rule]
    parts = [
        own.indptr,
        own.indices,
        own.data,
        outer.indptr,
        outer.indices,
        outer.data,
        reduced.row_lower[~is_rule],
        reduced.row_upper[~is_rule],
        reduced.lower,
        reduced.upper,
        reduced.matrix.cost,
        fixed_cost,
        year.amounts,
        year.decided,
        reduced.columns,
        reduced.bounded,
        reduced.factor,
        year.slack_cost[: 2 * len(year.balance_rows)],
    ]
    rules = {}
    prices = year.slack_cost[2 * len(year.balance_rows) :]
    for key, row, here, price in zip(year.joined.account.stage_rule, places, year.rule_rows, prices, strict=True):
        a, b = by_row[[here]], others[[row]]
        digest = _digest([a.indices, a.data, b.indices, b.data], "")
        rules[key] = RuleRow(digest, float(reduced.row_lower[row]), float(reduced.row_upper[row]), float(price))
    return YearProgramme(_digest(parts, f"{year.links} {year.matrix.offset!r}"), rules)


def _digest(parts: list[np.ndarray], text: str) -> bytes:
    found = hashlib.sha256(text.encode())
    for part in parts:
        found.update(f"{part.shape} {part.dtype}".encode())
        found.update(np.ascontiguousarray(part).tobytes())
    return found.digest()


@dataclass
class YearsWarmStart:
    """Cuts of years, each with the programme that it comes from, and bases, each with the size of its programme."""

    cuts: dict[int, deque[tuple[YearProgramme, Cut]]] = field(default_factory=dict)
    bases: dict[int, tuple[tuple[int, int], Any]] = field(default_factory=dict)
    #: The years that were served last, and the programmes that they had.
    served: tuple[Years, dict[int, YearProgramme]] | None = None

    def apply_to(self, years: Years) -> list[dict[int, Cut]]:
        """Give each year that was not solved yet a basis to begin from, where one fits.

        Returns cuts that hold for them, at most one of each year in each element.
        """
        found: dict[int, list[Cut]] = {}
        programmes = {y: programme_of(year) for y, year in years.years.items()}
        self.served = years, programmes
        for y, year in years.years.items():
            size, basis = self.bases.get(y, ((0, 0), None))
            if year.basis is None and size == _size(year):
                year.basis = basis
            found[y] = [cut for programme, cut in self.cuts.get(y, ()) if programmes[y].is_bounded_by(programme)]
        most = max(map(len, found.values()), default=0)
        return [{y: cuts[i] for y, cuts in found.items() if i < len(cuts)} for i in range(most)]

    def collect_from(self, years: Years) -> None:
        """Take over what years have found: the cuts only of those that were served last."""
        programmes = self.served[1] if self.served is not None and self.served[0] is years else {}
        self.served = None
        for y, year in years.years.items():
            if year.basis is not None:
                self.bases[y] = _size(year), year.basis
            if y in programmes:
                kept = self.cuts.setdefault(y, deque(maxlen=MOST))
                kept.extend((programmes[y], cut) for cut in years.found[y])


def _size(year: Year) -> tuple[int, int]:
    """Columns, with slacks, and rows."""
    return len(year.reduced.columns) + len(year.slack_cost), len(year.reduced.kept)
