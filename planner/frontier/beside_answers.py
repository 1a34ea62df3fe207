"""Why not, of a large park: each project beside the plan, whose other whole numbers stay; what was found is saved, and found again.

To plan such a park anew takes minutes, to a gap that hides most projects. Beside the plan a project is told from none to one per
cent, in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from threadpoolctl import threadpool_limits

from models.inputs import resolve
from planner.clock import Clock
from planner.frontier.beside import BesidePlan
from planner.frontier.break_even import BY_A_HAIR, NEARLY_FREE, NOT_FREE, NOT_SURE, WITHIN, BreakEven, break_even
from planner.frontier.changes import CAPITAL, told_change
from planner.frontier.kept import KeptAnswers
from planner.frontier.opened import PlanFoundAgain, opened, task_of
from planner.frontier.purchases import ITEMS as PURCHASES
from planner.frontier.purchases import with_price
from planner.frontier.question import RunQuestion
from planner.language.language import mark
from planner.machine.stopping import Watch, watched
from planner.plan import TARGET
from planner.planning.methods import DecomposedMethod
from planner.planning.restored import plan_of
from planner.solve import BendersSession, Limits

FILE = "beside.json"
#: Told of each answer as it is found.
FOUND = mark("found beside the plan")
AS_PLANNED = mark("beside the plan: the whole numbers of all else as planned")
NEVER = mark("does not come in beside the plan even where it is next to free")
Who = tuple[str, str]


def beside(question: RunQuestion, projects: Iterable[Who]) -> dict[Who, BreakEven]:
    """What is found of each project or purchase, (kind, name); empty where the whole method plans such a park."""
    kept = _Kept(question)
    wanted = list(projects)
    if all(who in kept.found for who in wanted):
        return {who: kept.found[who] for who in wanted}
    clock = Clock(lambda *_: None, Watch(None))
    with watched(clock.watch), threadpool_limits(1, user_api="blas"):
        task = task_of(question, clock)
        start = opened(question, task)
        if start is None:
            return {}
        plan = BesidePlan(start)
        for who in wanted:
            if who not in kept.found:
                kept.add(who, _purchase(question, start, who) if who[0] in PURCHASES else _project(plan, who))
    return {who: kept.found[who] for who in wanted}


class _Kept:
    """What was found before of the same park and plan, in the folder of the questions."""

    def __init__(self, question: RunQuestion) -> None:
        self.kept, self.question = KeptAnswers(question, FILE), question
        rows: Any = self.kept.facts.get("found", [])
        self.found: dict[Who, BreakEven] = {(kind, name): BreakEven(**found) for kind, name, found in rows}

    def add(self, who: Who, found: BreakEven) -> None:
        """Save one more."""
        self.found[who] = found
        self.kept.save(found=[(*own, asdict(known)) for own, known in self.found.items()])
        self.question.told(told_change((CAPITAL, *who)), FOUND)


def _project(plan: BesidePlan, who: Who) -> BreakEven:
    """The capital cost at which a project would come in, the whole numbers of all else as planned."""
    found = plan.find(*who, NEARLY_FREE, WITHIN)
    if found.least is None:
        never = found.most <= (1 + WITHIN) * NEARLY_FREE
        return BreakEven(None, never, NEVER if never else NOT_SURE, estimate=found.estimate)
    if found.least >= 1:
        return BreakEven(found.least, False, BY_A_HAIR, estimate=found.estimate)
    sure = found.most <= (1 + WITHIN) * found.least
    return BreakEven(found.least, sure, AS_PLANNED if sure else NOT_SURE, estimate=found.estimate)


@dataclass(frozen=True)
class _OperatedPlan:
    """The plan's decisions, operated at another price: cost (money), of which there is no less, and what is paid for things."""

    cost: float
    bound: float
    paid: Mapping[Who, float]

    def paid_for(self, kind: str, name: str) -> float:
        """What is paid for what is bought, discounted (money)."""
        return self.paid.get((kind, name), 0.0)


def _purchase(question: RunQuestion, start: PlanFoundAgain, who: Who) -> BreakEven:
    """The price at which something would be bought, all decisions as planned."""

    def at(factor: float) -> _OperatedPlan:
        """The plan's decisions, operated at that share of the price."""
        task = start.method.task
        case = with_price(question.case, *who, factor)
        inputs = resolve(case, case.goal, task.inputs.carbon.both_bases, task.days)
        method = DecomposedMethod(replace(task, inputs=inputs))
        trial = BendersSession(method.master, method.years, Limits(task.gap), task.say(TARGET)).begin(start.trial.point).incumbent
        assert trial is not None
        tables = plan_of(method, trial, start.bound).tables
        rows = tables["system_cost"]
        own = rows[rows["item"].isin(PURCHASES[who[0]]) & (rows["name"] == who[1])]
        return _OperatedPlan(trial.cost, trial.cost, {who: float(own["value"].sum())})

    found = break_even(at, who, _OperatedPlan(start.trial.cost, start.trial.cost, {}))
    words = {NOT_FREE: NEVER, "": AS_PLANNED}
    return replace(found, note=words.get(found.note, found.note))
