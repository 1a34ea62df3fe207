"""Stages: their order, rules that a later stage drops, and the figures that the goal's rules need."""

from __future__ import annotations

from itertools import pairwise

from models.case import Goal, StageRule, Supply
from planner.read import remarks
from planner.read.draft import Draft


def check_stages(draft: Draft, goal: Goal | None) -> None:
    """Check the standards in stages.csv, and the goal's stages against each other."""
    orders: dict[tuple[str, str], StageRule] = {}
    places: dict[tuple[str, int], str] = {}
    for rule in draft.rows(StageRule):
        first = orders.setdefault((rule.standard, rule.stage), rule)
        if rule.order != first.order:
            draft.fault(
                rule.origin,
                "order = {order}: stage {stage} has order {other} in another row; keep one",
                order=rule.order,
                stage=repr(rule.stage),
                other=first.order,
            )
        elif first is rule:
            other = places.setdefault((rule.standard, rule.order), rule.stage)
            if other != rule.stage:
                draft.fault(
                    rule.origin,
                    "order = {order}: is that of stage {other} too; the stages follow each other",
                    order=rule.order,
                    other=repr(other),
                )
    if goal is not None and draft.park is not None:
        rules = [rule for rule in draft.rows(StageRule) if rule.standard == draft.park.standard]
        _warn_of_dropped(goal, rules, draft)
        _check_energy(goal, rules, draft)


def _warn_of_dropped(goal: Goal, rules: list[StageRule], draft: Draft) -> None:
    for (earlier, _), (later, _) in pairwise(goal.steps):
        kept = {(rule.metric, rule.sense) for rule in rules if rule.stage == later}
        for rule in rules:
            if rule.stage == earlier and (rule.metric, rule.sense) not in kept:
                draft.warn(rule.origin, remarks.DROPPED, metric=repr(rule.metric), earlier=earlier, later=later)


def _check_energy(goal: Goal, rules: list[StageRule], draft: Draft) -> None:
    """Rules on energy in tce need the tce of everything that can be bought."""
    stages = {stage for stage, _ in goal.steps}
    metrics = sorted({r.metric for r in rules if r.stage in stages and r.metric in ("intensity", "clean_share")})
    if not metrics:
        return
    for supply in draft.rows(Supply):
        if supply.can_import and supply.tce_per_mwh is None:
            draft.fault(
                supply.origin, "tce_per_mwh: is blank; the goal's rule on {metric} needs it (0 to say zero)", metric=metrics[0]
            )
