r"""What each rule and limit costs: shadow prices by year, and the true cost of the dearest by planning without them.

The price of a limit in a year is the dual of its rows there, in the linear programme in which whole numbers are as in the plan:

.. math::
    p_{l,y} = -\sum_{r \in l,y} a_r\, \pi_r

a  by how much one unit more of the limit loosens a row   1 (r)     π  dual of the row   money (r)

Each limit stands in the model once, whatever other rows could say the same, so no price is split. Reserves have no price, since a
unit is out or not: the park is planned without each of them and, where there are more than one, without all of them.

A small park is planned anew, in one matrix; of a large one prices and costs are found beside the plan of its run, saved, and
found again. To price a limit in one matrix, or to plan such a park anew without it, takes hours. Beside the plan all prices take
one solve from the plan itself, and the plan without a limit some seconds (`beside_limits`).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, astuple, replace
from itertools import zip_longest
from typing import Any

import pandas as pd
from threadpoolctl import threadpool_limits

from models.inputs import resolve
from planner.clock import Clock
from planner.days import choose_days
from planner.explain.elastic import LimitAsRows, build_elastic
from planner.frontier.beside_answers import AS_PLANNED, FOUND
from planner.frontier.beside_limits import BesideLimits
from planner.frontier.changes import Change, lift, told_change
from planner.frontier.kept import KeptAnswers
from planner.frontier.loosened import LoosenedMethod
from planner.frontier.opened import opened, task_of
from planner.frontier.prices import RULES, LimitPrices, Tried, dearest, prices
from planner.frontier.question import RunQuestion
from planner.frontier.reserves import note_of, reserve_limits
from planner.frontier.worth import NO_ANSWER
from planner.machine.stopping import Watch, watched
from planner.tables.schema import RESERVES, TABLES

#: So many limits are done without where no number is asked for: those of which a tenth more would save most at their price. Of a
#: large park each takes about a minute.
DEAREST, OF_LARGE = 10, 3


def limit_costs(question: RunQuestion, count: int | None = None) -> pd.DataFrame:
    """limit_costs.csv: a row for each limit and year with a price, the dearest limits first.

    `count`: how many of the dearest the park is planned without; None: `DEAREST`, or `OF_LARGE` of a large park. Where it is not 0
    the park is planned without each reserve, too; their rows are the last.
    """
    found = beside(question, count) or _anew(question, DEAREST if count is None else count)
    base, currency = question.output.summary["base_emissions"], question.output.currency
    rows: list[tuple] = []
    for i, (limit, own) in enumerate(zip(found.limits, found.prices, strict=True)):
        tried = found.tried[i] if i < len(found.tried) else None
        unit = currency if limit.table == "budget" else limit.unit
        for y, price in sorted(own.items()):
            per_tonne = f"{price / base:.6g} money/t" if limit.table in RULES and limit.unit == "1" else ""
            if tried is None:
                note = per_tonne
            elif tried.cost is None:
                note = NO_ANSWER
            else:
                note = "; ".join(words for words in (per_tonne, found.note) if words)
            where = limit.table, limit.name, limit.parameter, y
            rows.append((*where, limit.now, unit, price, *_saved(found.base, tried), note, currency))
    for limit, tried in zip_longest(reserve_limits(question.case) if found.reserves else (), found.reserves):
        more = "" if tried is None else NO_ANSWER if tried.cost is None else found.note
        note = "; ".join(filter(None, (note_of(limit), more)))
        told = limit.table, limit.name, limit.parameter, limit.year, limit.now, limit.unit
        rows.append((*told, None, *_saved(found.base, tried), note, currency))
    return pd.DataFrame(rows, columns=list(TABLES["limit_costs"].names))


def _anew(question: RunQuestion, dearest_ones: int) -> LimitPrices:
    """Prices by one matrix, and plans of the whole park without so many of the dearest."""
    count, case = question.options.days, question.case
    days = choose_days(case, case.park.typical_days if count is None else count)
    inputs = resolve(case, case.goal, question.output.summary["base_emissions"], days)
    model, limits = build_elastic(inputs, case, inputs.years, with_outages=True)
    found = prices(model, limits, inputs, question.options.gap)
    order = dearest(limits, found, question.output.summary["system_cost"])

    def answer(limit: LimitAsRows | None = None) -> Tried:
        said = question.answer(() if limit is None else lift(limit))
        return Tried(said.cost, said.bound)

    with question.pool as pool, ThreadPoolExecutor(pool.jobs) as threads, pool.ended():
        base = answer()
        tried = list(threads.map(lambda i: answer(limits[i]), order[:dearest_ones]))
        reserves = list(threads.map(answer, reserve_limits(case) if dearest_ones else ()))
    return LimitPrices([limits[i] for i in order], [found[i] for i in order], base, tried, reserves=reserves)


def _saved(base: Tried, without: Tried | None) -> tuple[float | None, float | None, float | None]:
    """What the plan costs less without a limit, at least and at most."""
    if without is None or without.cost is None or base.cost is None:
        return None, None, None
    least = None if base.bound is None else base.bound - without.cost
    most = None if without.bound is None else base.cost - without.bound
    return base.cost - without.cost, least, most


FILE = "beside_limits.json"


def beside(question: RunQuestion, asked: int | None) -> LimitPrices | None:
    """Prices of all limits, the plan without so many of the dearest, and without each reserve; None where the whole method plans
    such a park. `asked` None: `OF_LARGE` of the dearest, and all reserves together alone, since each takes about a minute."""
    kept, count = KeptAnswers(question, FILE), OF_LARGE if asked is None else asked
    reserves = reserve_limits(question.case)[: 1 if asked is None else None] if count else []
    if not _is_whole(kept, count) or len(kept.facts.get(RESERVES, ())) < len(reserves):
        clock = Clock(lambda *_: None, Watch(None))
        with watched(clock.watch), threadpool_limits(1, user_api="blas"):
            task = task_of(question, clock)
            start = opened(question, task, lambda task: LoosenedMethod(task, question.case))
            if start is None:
                return None
            plan = BesideLimits(start)
            _find(question, plan, kept, count)
            _find_reserves(question, plan, kept, reserves)
    limits = [LimitAsRows(**{**said, "rows": (), "orders": ()}) for said in kept.facts["limits"]]
    priced = [{int(y): price for y, price in own.items()} for own in kept.facts["prices"]]
    tried, without = ([Tried(*said) for said in kept.facts.get(key, ())] for key in ("tried", RESERVES))
    return LimitPrices(limits, priced, Tried(*kept.facts["base"]), tried, AS_PLANNED, without if count else ())


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


def _find_reserves(question: RunQuestion, plan: BesideLimits, kept: KeptAnswers, reserves: Sequence[LimitAsRows]) -> None:
    """The plan without each of these reserves that is not known yet; each is saved as it is found."""
    tried = list(kept.facts.get(RESERVES, ()))
    for limit in reserves[len(tried) :]:
        tried.append(astuple(plan.without(limit)))
        kept.save(**{RESERVES: tried})
        question.told(told_change(lift(limit)), FOUND)
