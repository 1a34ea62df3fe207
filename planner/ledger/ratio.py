"""A rule as a ratio: its limit, its tolerance, whether it holds, and its metric, of a stage or of rules.csv."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from models.case import ParkRule, StageRule
from models.message import Message
from planner.ledger.compare import YEARLY
from planner.ledger.flows import LedgerYear


class RatioWords(NamedTuple):
    """What is compared, by name."""

    limit: str
    tolerance: str
    numerator: str
    holds: str
    metric: str
    alone: str


def check_ratio(
    year: LedgerYear,
    words: RatioWords,
    name: str,
    rule: ParkRule | StageRule,
    row: Any,
    parts: tuple[float, float],
    scale: float,
    binds: bool,
    tolerance: float,
) -> None:
    """A row of a table of rules against the rule, whose metric divides `parts`, numerator by denominator; where it `binds`, the
    rule is kept.

    The rows of the model are in tonnes, tce or MWh (`scale`): that is where the tolerance stands. `YEARLY` of it may come from
    what the solver lets pass in each hour: a limit of 0 is kept by 1e-8 MW in every hour too.
    """
    book, (above, below) = year.book, parts
    book.equal(words.limit, year.y, name, row.limit, rule.limit)
    within = max(tolerance, 1e-6 * max(1.0, abs(rule.limit)))
    book.equal(words.tolerance, year.y, name, row.tolerance, within, noise=0.0)
    bound = rule.limit * below + tolerance * abs(below) * (1 if rule.sense == "<=" else -1)
    slack = bound - above if rule.sense == "<=" else above - bound
    if binds:
        compare = book.at_most if rule.sense == "<=" else book.at_least
        compare(words.numerator, year.y, Message("{name} (numerator)", name=name), above, bound, scale, noise=YEARLY)
    if abs(slack) > 2e-6 * scale + YEARLY:  # nearer to the limit, either answer is right
        book.equal(words.holds, year.y, name, float(row.holds), float(slack > 0))
    if abs(below) > 1e-6 * scale:
        book.equal(words.metric, year.y, name, row.value, above / below, scale / abs(below))
    elif not math.isnan(row.value) and abs(below) <= 1e-9:
        book.equal(words.alone, year.y, name, row.value, math.nan)
