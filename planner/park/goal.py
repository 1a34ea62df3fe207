"""The goal: what the command line asks for, else what goal.toml says."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from models.case import Goal, Origin, StageRule
from planner.park import faults
from planner.park.complaints import is_no
from planner.park.draft import Draft
from planner.park.faults import fault, of
from planner.park.fields import whole
from planner.park.park import Toml, read_toml, refuse_unknown_keys
from planner.park.remarks import PUT_ASIDE

_KEYS = ("target", "by", "milestones", "plan")
#: A goal before first_year holds from first_year; one due so many years before the base year is a slip of the hand.
LONG_AGO = 10


@dataclass(frozen=True)
class GoalRequest:
    """What the command line asks for; with no target, goal.toml's goal is taken."""

    target: str | None = None
    by: int | None = None
    milestones: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class GoalStep:
    """A stage and a year, and how to speak of it: where it was said, and the words before the fault."""

    stage: str
    year: int
    where: Origin | str
    given: str = ""
    named_at: Origin | str | None = None


def read_goal(folder: Path, request: GoalRequest | None, draft: Draft) -> Goal | None:
    """The resolved goal, checked against the standard and the horizon; None where there is none or it is wrong."""
    request = request or GoalRequest()
    complaints = draft.complaints
    before = len(complaints)
    stated = _from_file(folder, draft)
    target, milestones = _from_request(request, draft)
    if target is None and stated is not None and len(complaints) == before:
        target = stated[0]
        milestones = list({step.stage: step for step in [*stated[1], *milestones]}.values())
    elif target is not None and stated is not None:
        _warn_put_aside(stated[1], milestones, draft)
    elif target is None and request.milestones and stated is None and len(complaints) == before:
        complaints.add("--milestone", fault(faults.WAY_TO_NOTHING))
    if target is None or len(complaints) > before:
        return None
    steps = _on_the_way(target, milestones, draft)
    if not _check_steps([*steps, target], draft) or len(complaints) > before:
        return None
    return Goal(target=target.stage, by=target.year, milestones={step.stage: step.year for step in steps})


def _warn_put_aside(stated: list[GoalStep], asked: list[GoalStep], draft: Draft) -> None:
    """A goal of the command line puts the milestones of goal.toml aside: those that it does not repeat are named."""
    kept = {(step.stage, step.year) for step in asked}
    if aside := [f"{step.stage} = {step.year}" for step in stated if (step.stage, step.year) not in kept]:
        draft.warn("goal.toml", PUT_ASIDE, milestones=", ".join(aside))


def _from_request(request: GoalRequest, draft: Draft) -> tuple[GoalStep | None, list[GoalStep]]:
    """The target and the milestones of the command line."""
    milestones: dict[str, GoalStep] = {}
    for stage, year in request.milestones:
        step = GoalStep(stage, year, f"--milestone {stage}={year}")
        if stage in milestones and milestones[stage].year != year:
            draft.fault(step.where, fault(faults.TWICE, year=milestones[stage].year))
        milestones[stage] = step
    if request.target is not None and request.by is None:
        draft.fault(f"--target {request.target}", fault(faults.NO_YEAR))
    if request.target is None and request.by is not None:
        draft.fault(f"--by {request.by}", fault(faults.NO_STAGE))
    if request.target is None or request.by is None:
        return None, list(milestones.values())
    return GoalStep(request.target, request.by, f"--target {request.target} --by {request.by}"), list(milestones.values())


def _from_file(folder: Path, draft: Draft) -> tuple[GoalStep, list[GoalStep]] | None:
    """The target and the milestones of goal.toml; None where it is absent or wrong."""
    if not os.path.lexists(folder / "goal.toml"):
        return None
    toml = read_toml(folder / "goal.toml", draft.complaints)
    if toml is None:
        return None
    meant = refuse_unknown_keys(toml, _KEYS, draft.complaints)
    for key, other in (("target", "by"), ("by", "target")):
        if key not in toml.keys and key not in meant:
            draft.fault(
                "goal.toml", "{key}: is missing; a goal has a target and a year (`{key}` beside `{other}`)", key=key, other=other
            )
    stage = toml.keys.get("target")
    if stage is not None and not isinstance(stage, str):
        draft.fault(toml.where("target"), fault(faults.NO_TEXT_STAGE, stage=stage))
    year = _year(toml, "by", toml.keys.get("by"), draft)
    stated = toml.keys.get("milestones", {})
    if not isinstance(stated, dict):
        draft.fault(toml.where("milestones"), "milestones: is no table; write [milestones] and below it `stage = year`")
        stated = {}
    milestones = []
    for name, given in stated.items():
        due = _year(toml, name, given, draft)
        if due is not None:
            milestones.append(GoalStep(name, due, toml.where(name), f"{name} = {due}: "))
    if year is None or not isinstance(stage, str):
        return None
    return GoalStep(stage, year, toml.where("by"), f"by = {year}: ", toml.where("target")), milestones


def _year(toml: Toml, key: str, given: object, draft: Draft) -> int | None:
    """The year that a key states, None with a complaint where it is none."""
    if given is None:
        return None
    try:
        if isinstance(given, bool) or not isinstance(given, int | float):
            raise ValueError
        return whole(given)
    except (ValueError, OverflowError):
        draft.fault(toml.where(key), of(f"{key} = {given!r}", fault(faults.YEAR_AS)))
        return None


def _on_the_way(target: GoalStep, milestones: list[GoalStep], draft: Draft) -> list[GoalStep]:
    """The milestones without the target itself, which may be repeated but in no other year."""
    for step in milestones:
        if step.stage == target.stage and step.year != target.year:
            draft.fault(
                step.where,
                "{given}is the target's own stage, due in {year}; leave the milestone out",
                given=step.given,
                year=target.year,
            )
    return [step for step in milestones if step.stage != target.stage]


def _check_steps(steps: list[GoalStep], draft: Draft) -> bool:
    """True if every step is a stage of the standard, within the horizon, and they follow each other."""
    park = draft.park
    if park is None:
        return False
    for step in steps:
        if step.year > park.last_year:
            draft.fault(
                step.where,
                "{given}is after last_year {last_year}; choose an earlier year or a later last_year",
                given=step.given,
                last_year=park.last_year,
            )
        elif step.year < 1:
            draft.fault(step.where, "{given}is no year; write it as 2030", given=step.given)
        elif step.year < park.base_year - LONG_AGO:
            draft.fault(
                step.where,
                "{given}is long before base_year {base_year}; choose {first_year} or later",
                given=step.given,
                base_year=park.base_year,
                first_year=park.first_year,
            )
    rules = [rule for rule in draft.rows(StageRule) if rule.standard == park.standard]
    order: dict[str, int] = {rule.stage: rule.order for rule in rules}
    if not rules or not draft.is_sure(StageRule, park.standard):
        return False
    unknown = [step for step in steps if not _is_stage(step, set(order), park.standard, draft)]
    ordered = sorted((step for step in steps if step.stage in order), key=lambda step: order[step.stage])
    for earlier, later in pairwise(ordered):
        if later.year == earlier.year:
            draft.fault(
                later.where,
                "{given}{later} and {earlier} are both due in {year}; leave one out",
                given=later.given,
                later=later.stage,
                earlier=earlier.stage,
                year=later.year,
            )
        elif later.year < earlier.year:
            draft.fault(
                later.where,
                "{given}{later} is due before {earlier} ({year}), which comes first; change a year",
                given=later.given,
                later=later.stage,
                earlier=earlier.stage,
                year=earlier.year,
            )
    return not unknown


def _is_stage(step: GoalStep, stages: set[str], standard: str, draft: Draft) -> bool:
    """True if the standard has the stage."""
    if step.stage in stages:
        return True
    noun = fault(faults.STAGE_OF, standard=repr(standard))
    if step.named_at is not None:
        draft.fault(step.named_at, is_no("target", step.stage, noun, stages))
    else:
        draft.fault(step.where, "{given}{words}", given=step.given, words=is_no("stage", step.stage, noun, stages))
    return False
