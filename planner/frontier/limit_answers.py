"""What limits cost, of a large park: prices and costs beside its plan; what was found is saved, and found again.

To price a limit in one matrix, or to plan such a park anew without it, takes hours. Beside the plan all prices take one solve from
the plan itself, and the plan without a limit some seconds (`beside_limits`).
"""

from __future__ import annotations

from dataclasses import asdict, astuple, replace
from typing import Any

from threadpoolctl import threadpool_limits

from planner.clock import Clock
from planner.explain.limits import LimitAsRows
from planner.frontier.beside_answers import AS_PLANNED, FOUND
from planner.frontier.beside_limits import BesideLimits
from planner.frontier.changes import Change, lift, told_change
from planner.frontier.kept import KeptAnswers
from planner.frontier.loosened import LoosenedMethod
from planner.frontier.opened import opened, task_of
from planner.frontier.prices import LimitPrices, Tried, dearest
from planner.frontier.question import RunQuestion
from planner.machine.stopping import Watch, watched

FILE = "beside_limits.json"


def beside(question: RunQuestion, count: int) -> LimitPrices | None:
    """Prices of all limits, and the plan without the dearest `count`; None where the whole method plans such a park."""
    kept = KeptAnswers(question, FILE)
    if not _is_whole(kept, count):
        clock = Clock(lambda *_: None, Watch(None))
        with watched(clock.watch), threadpool_limits(1, user_api="blas"):
            task = task_of(question, clock)
            start = opened(question, task, lambda task: LoosenedMethod(task, question.case))
            if start is None:
                return None
            _find(question, BesideLimits(start), kept, count)
    limits = [LimitAsRows(**{**said, "rows": (), "orders": ()}) for said in kept.facts["limits"]]
    priced = [{int(y): price for y, price in own.items()} for own in kept.facts["prices"]]
    tried = [Tried(*said) for said in kept.facts["tried"]]
    return LimitPrices(limits, priced, Tried(*kept.facts["base"]), tried, AS_PLANNED)


def _is_whole(kept: KeptAnswers, count: int) -> bool:
    """True if nothing is left to be found."""
    return "prices" in kept.facts and len(kept.facts["tried"]) >= min(count, len(kept.facts["prices"]))


def _find(question: RunQuestion, plan: BesideLimits, kept: KeptAnswers, count: int) -> None:
    """Find what is not known yet, and save each as it is found; the plan without a limit that is known is not sought again."""
    if "prices" not in kept.facts:
        limits, priced = [], []
        for key, own in plan.prices().items():
            limits.append(plan.method.limits[key])
            priced.append(own)
        order = dearest(limits, priced, plan.cost)
        facts: dict[str, Any] = {
            "limits": [asdict(replace(limits[i], rows=(), orders=())) for i in order],
            "prices": [priced[i] for i in order],
            "base": (plan.cost, plan.bound),
            "tried": [],
        }
        kept.save(**facts)
    tried = list(kept.facts["tried"])
    known: dict[Change, Any] = {}
    for i, said in enumerate(kept.facts["limits"][:count]):
        limit = LimitAsRows(**{**said, "rows": (), "orders": ()})
        if i >= len(tried):
            change = lift(limit)
            tried.append(known.get(change) or astuple(plan.without(limit)))
            kept.save(tried=tried)
            question.told(told_change(change), FOUND)
        known[lift(limit)] = tried[i]
