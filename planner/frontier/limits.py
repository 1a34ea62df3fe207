r"""What each rule and limit costs: shadow prices by year, and the true cost of the dearest by planning without them.

The price of a limit in a year is the dual of its rows there, in the linear programme in which whole numbers are as in the plan:

.. math::
    p_{l,y} = -\sum_{r \in l,y} a_r\, \pi_r

a  by how much one unit more of the limit loosens a row   1 (r)     π  dual of the row   money (r)

Each limit stands in the model once, whatever other rows could say the same, so no price is split. A small park is planned anew, in
one matrix; of a large one prices and costs are found beside the plan of its run (`limit_answers`).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pandas as pd

from models.inputs import resolve
from planner.days import choose_days
from planner.explain.elastic import build_elastic
from planner.explain.limits import LimitAsRows
from planner.frontier.changes import lift
from planner.frontier.limit_answers import beside
from planner.frontier.prices import RULES, LimitPrices, Tried, dearest, prices
from planner.frontier.question import RunQuestion
from planner.language.language import mark
from planner.output.schema import TABLES

#: So many limits are tried to be done without: those of which a tenth more would save most at their price.
DEAREST = 10
NO_PLAN = mark("no plan was found without it")


def limit_costs(question: RunQuestion) -> pd.DataFrame:
    """limit_costs.csv: a row for each limit and year with a price, the dearest limits first."""
    found = beside(question, DEAREST) or _anew(question)
    base, currency = question.output.summary["base_emissions"], question.output.currency
    rows = []
    for i, (limit, own) in enumerate(zip(found.limits, found.prices, strict=True)):
        tried = found.tried[i] if i < len(found.tried) else None
        unit = currency if limit.table == "budget" else limit.unit
        for y, price in sorted(own.items()):
            per_tonne = f"{price / base:.6g} money/t" if limit.table in RULES and limit.unit == "1" else ""
            if tried is None:
                note = per_tonne
            elif tried.cost is None:
                note = NO_PLAN
            else:
                note = "; ".join(words for words in (per_tonne, found.note) if words)
            where = limit.table, limit.name, limit.parameter, y
            rows.append((*where, limit.now, unit, price, *_saved(found.base, tried), note, currency))
    return pd.DataFrame(rows, columns=list(TABLES["limit_costs"].names))


def _anew(question: RunQuestion) -> LimitPrices:
    """Prices by one matrix, and plans of the whole park without the dearest."""
    count, case = question.options.days, question.case
    days = choose_days(case, case.park.typical_days if count is None else count)
    inputs = resolve(case, case.goal, question.output.summary["base_emissions"], days)
    model, limits = build_elastic(inputs, case, inputs.years)
    found = prices(model, limits, inputs, question.options.gap)
    order = dearest(limits, found, question.output.summary["system_cost"])

    def answer(limit: LimitAsRows | None = None) -> Tried:
        said = question.answer(() if limit is None else lift(limit))
        return Tried(said.cost, said.bound)

    with question.pool as pool, ThreadPoolExecutor(pool.jobs) as threads, pool.ended():
        base = answer()
        tried = list(threads.map(lambda i: answer(limits[i]), order[:DEAREST]))
    return LimitPrices([limits[i] for i in order], [found[i] for i in order], base, tried)


def _saved(base: Tried, without: Tried | None) -> tuple[float | None, float | None, float | None]:
    """What the plan costs less without a limit, at least and at most."""
    if without is None or without.cost is None or base.cost is None:
        return None, None, None
    least = None if base.bound is None else base.bound - without.cost
    most = None if without.bound is None else base.cost - without.bound
    return base.cost - without.cost, least, most
