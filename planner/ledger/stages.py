"""Stages: the rules in force in each year, and every metric from the ledger's own figures."""

from __future__ import annotations

import math
from collections.abc import Sequence

from models.case import Case, ParkRule, StageRule
from models.message import Message
from planner.ledger.carbon import check_counted
from planner.ledger.compare import YEARLY
from planner.ledger.flows import LedgerYear
from planner.ledger.metrics import RATIOS
from planner.ledger.orders import lines
from planner.ledger.ratio import RatioWords, check_ratio
from planner.ledger.rules import in_force
from planner.ledger.standard import applies

#: What is compared of a rule of a stage.
WORDS = RatioWords(
    limit=Message("limit of a stage"),
    tolerance=Message("tolerance of a stage"),
    numerator=Message("stage rule"),
    holds=Message("stage rule that holds"),
    metric=Message("metric of a stage"),
    alone=Message("metric of a stage without a denominator"),
)


def rules_in_force(case: Case, y: int) -> list[StageRule]:
    """Rules of the stage whose year came last; none before the first."""
    steps = {**(case.goal.milestones if case.goal else {}), **({case.goal.target: case.goal.by} if case.goal else {})}
    since = [(when, stage) for stage, when in steps.items() if when <= y]
    if not since:
        return []
    stage = max(since)[1]
    return [r for r in case.stages if (r.standard, r.stage) == (case.park.standard, stage)]


def check_stages(year: LedgerYear, found: dict[str, float], binds: bool, tolerance: float) -> None:
    """Every rule in force is told with its value; under the goal (`binds`) every one holds."""
    rules = rules_in_force(year.figures.case, year.y)
    rows = {(r.stage, r.metric, r.sense): r for r in lines(year.tables["stages"])}
    for key in dict.fromkeys([*rows, *((r.stage, r.metric, r.sense) for r in rules)]):
        if key not in rows or key not in {(r.stage, r.metric, r.sense) for r in rules}:
            year.book.equal("rule of a stage in force", year.y, " ".join(key), float(key in rows), float(key not in rows))
    for rule in rules:
        row = rows.get((rule.stage, rule.metric, rule.sense))
        if row is not None:
            _check_rule(year, rule, row, found, binds, tolerance)
    if binds:
        asked: list[StageRule | ParkRule] = [*rules, *in_force(year.figures.case, year.y)]
        _check_restoration(year, asked, found)


def _check_rule(year: LedgerYear, rule: StageRule, row, found: dict[str, float], binds: bool, tolerance: float) -> None:
    base, name = found["base"], f"{rule.stage} {rule.metric}"
    parts = above, below = found[RATIOS[rule.metric][0]], found[RATIOS[rule.metric][1]]
    fixed = applies(year.figures.case)
    year.book.equal("factors of the standard", year.y, name, float(row.factors == "standard"), float(fixed), noise=0.0)
    scale = max(abs(above), abs(rule.limit * below), 1e-3 * base, 1.0)
    year.book.equal("numerator of a rule of a stage", year.y, name, row.numerator, above, scale, noise=YEARLY)
    year.book.equal("denominator of a rule of a stage", year.y, name, row.denominator, below, max(abs(below), scale), noise=YEARLY)
    check_ratio(year, WORDS, name, rule, row, parts, scale, binds, tolerance)


def _check_restoration(year: LedgerYear, rules: Sequence[StageRule | ParkRule], found: dict[str, float]) -> None:
    if any(r.sense == ">=" and r.metric in ("net_ratio", "offset_ratio") for r in rules):
        return  # such a rule can ask that less be counted
    limits = [r.limit * found["base"] for r in rules if r.metric == "offset_ratio"]
    room = min(limits, default=math.inf) - found["avoidance"] - found["removal_credits"]
    check_counted(year, found, room)
