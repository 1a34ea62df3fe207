"""Points of a frontier: what is varied, over which values, from the loosest to the tightest, and the case of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models.case import Budget, Case, StageRule
from planner.language.message import Message
from planner.park.faults import of
from planner.park.fields import check_size
from planner.process.terminal import points_faults

#: What may be varied: a deadline, a cap on net emissions in t a year, a yearly budget of capital.
BY, CAP, BUDGET = "by", "cap", "budget"
#: Points of a range where their number is not said.
POINTS = 12
_RANGE = re.compile(r"\s*(\d+(?:\.\d*)?(?:[eE]\d+)?)\s*\.\.\s*(\d+(?:\.\d*)?(?:[eE]\d+)?)\s*")


@dataclass(frozen=True)
class Frontier:
    """What is varied and its values, the loosest first: the latest deadline, the highest cap, the largest budget."""

    what: str
    values: tuple[float, ...]

    def name(self, value: float) -> str:
        """Name of the folder of a point."""
        return f"{self.what}-{value:.12g}"


def frontier(what: str, text: str, count: int) -> Frontier:
    """Read `FROM..TO` into so many values, both ends among them; years are whole. ValueError says all that is wrong."""
    found = _RANGE.fullmatch(text)
    if not found:
        example = "2027..2040" if what == BY else "0..30000"
        raise ValueError(
            Message("--{option} {text}: is no range; write FROM..TO, e.g. {example}", option=what, text=text, example=example)
        )
    low, high = sorted(map(float, found.groups()))
    faults = [*_sizes(what, text, found.groups()), *points_faults(count)]
    if what == BY and (low != int(low) or high != int(high) or not 1 <= low <= high <= 2300):
        faults.append(Message("--{option} {text}: are no two calendar years; write e.g. 2027..2040", option=what, text=text))
    if faults:
        raise ValueError(*faults)
    steps = [high - (high - low) * i / (count - 1) for i in range(count)]
    if what == BY:
        steps = [float(round(value)) for value in steps]
    return Frontier(what, tuple(dict.fromkeys(steps)))


def _sizes(what: str, text: str, ends: Iterable[str]) -> Iterator[str]:
    """Why an end is no figure of a park."""
    for end in () if what == BY else dict.fromkeys(ends):
        try:
            check_size(float(end))
        except ValueError as error:
            yield of(f"--{what} {text}: {end}", error)


def case_of(case: Case, what: str, value: float, base: float) -> Case:
    """The case of a point: of a cap, net emissions below it are the only rule, from the year of the goal on; of a budget, it holds
    in every year, in place of budget.csv. A deadline stands in the goal already.

    base  emissions that ratios are of (t)
    """
    if what == BUDGET:
        years = range(case.park.first_year, case.park.last_year + 1)
        return case.model_copy(update={"budget": tuple(Budget(year=y, capital=value) for y in years)})
    if what == CAP:
        assert case.goal is not None
        old = next(r for r in case.stages if r.standard == case.park.standard and r.stage == case.goal.target)
        rule = StageRule(
            standard=old.standard, stage=old.stage, order=old.order, metric="net_ratio", sense="<=", limit=value / base
        )
        others = tuple(r for r in case.stages if (r.standard, r.stage) != (old.standard, old.stage))
        park = case.park.model_copy(update={"base_emissions": base})
        return case.model_copy(update={"stages": (*others, rule), "park": park})
    return case
