"""Why a plan that the target is compared with is missing, and what stands in for it."""

from __future__ import annotations

from collections.abc import Iterator

from planner.language.language import Language
from planner.language.words import PLANS, STATUSES, named, stopped_by
from planner.machine.stopping import CTRL_C
from planner.plan import BUSINESS, LEAST_COST, REFERENCE, TARGET, Plan, Run
from planner.planning.repair_loop import ASKED_MORE


def missing_words(run: Run, language: Language) -> Iterator[str]:
    """A line for each plan that the target is compared with and that there is none of."""
    say = language.translate
    by_hand = any(CTRL_C in plan.note for plan in run.plans.values())
    for plan in run.plans.values():
        if plan.name == TARGET or plan.has_tables:
            continue
        reason = _unproven(plan, by_hand, language) if plan.status != "infeasible" else _impossible(plan, language)
        line = _of(language, named(language, PLANS, plan.name), named(language, STATUSES, plan.status))
        line += f" ({reason})" if reason else ""
        has_other = LEAST_COST in run.plans and run.plans[LEAST_COST].has_tables
        yield line + say("; ") + say("compared with least-cost") if plan.name == REFERENCE and has_other else line


def _unproven(plan: Plan, by_hand: bool, language: Language) -> str:
    """Why none was found, though that is not proven; `by_hand`: the run was ended with Ctrl-C."""
    if plan.note and (plan.name == BUSINESS or plan.note == ASKED_MORE):
        return language.tell(plan.note)
    return language.tell(stopped_by(CTRL_C)) if by_hand else language.translate("no plan within the time")


def _impossible(plan: Plan, language: Language) -> str:
    """Why there is none."""
    say = language.translate
    if plan.name == REFERENCE:
        return say("without new kinds of equipment the demand cannot be met")
    if plan.name != BUSINESS:
        return ""
    reason = say("today's equipment, renewed kind for kind within its limits and the budget, cannot meet the demand")
    return _of(language, reason, plan.note) if plan.note else reason


def _of(language: Language, what: str, words: str) -> str:
    return language.translate("{what}: {words}", what=what, words=words)
