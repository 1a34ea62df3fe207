r"""What each rule and limit costs: shadow prices by year, and the true cost of the dearest by planning without them.

The price of a limit in a year is the dual of its rows there, in the linear programme in which whole numbers are as in the plan:

.. math::
    p_{l,y} = -\sum_{r \in l,y} a_r\, \pi_r

a  by how much one unit more of the limit loosens a row   1 (r)     π  dual of the row   money (r)

Each limit stands in the model once, whatever other rows could say the same, so no price is split. Reserves have no price, since a
unit is out or not: the park is planned without each of them and, where there are more than one, without all of them.

A small park is planned anew, in one matrix. Of a large one prices and costs are found beside the plan of its run (`beside`): all
prices take one solve from the plan itself, and the plan without a limit some seconds.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pyomo.core import ConcreteModel

from models.case import Case, Reserve
from models.errors import SolverError
from models.inputs import Inputs
from models.inputs.reserves import firm_imports, first_use, in_force
from planner.explain.elastic import LimitAsRows, build_elastic
from planner.language.language import mark
from planner.questions.beside import NO_ANSWER, Beside, best_of, noted, year_of
from planner.questions.change import lift, reserve_names, years_of
from planner.questions.session import RunSession
from planner.solve import solve_linear
from planner.tables.schema import ALL_RESERVES, OUT, RESERVES, TABLES

# --- prices ----------------------------------------------------------------------------------------------------------------
# Prices of limits by year, of a park in one matrix: duals of the linear programme in which whole numbers are as in the plan.

#: A limit is dear by what this much more of it would save. A rule counts as if that were a hundredth of the base emissions: its
#: number may be 0.
MORE, OF_RULES, RULES = 0.1, 0.1, ("stages", "rules")
#: Saving below this share of the system cost is noise.
NOISE = 1e-7


def dearest(limits: Sequence[LimitAsRows], prices: Sequence[Mapping[int, float]], cost: float) -> list[int]:
    """The limits whose prices are more than noise beside the system cost (money), the dearest first."""
    saving = [
        MORE * limit.scale * sum(own.values()) * (OF_RULES if limit.table in RULES else 1.0)
        for limit, own in zip(limits, prices, strict=True)
    ]
    return sorted((i for i in range(len(limits)) if saving[i] > NOISE * abs(cost)), key=lambda i: -saving[i])


def prices(model: ConcreteModel, limits: Sequence[LimitAsRows], inputs: Inputs, gap: float) -> list[dict[int, float]]:
    """Of each limit: year -> what one unit more would save (discounted money), whole numbers as in the best plan within the gap.

    Rows that say a limit again for an order that is made, and that there is none where it is not, have no part in a price. Raises
    SolverError where there is no plan.
    """
    if (best := best_of(model, inputs, gap)) is None:
        raise SolverError.because("no plan was found by which limits could be priced")
    matrix, solver, whole = best
    solver.set_bounds(np.flatnonzero(matrix.integer).astype(np.int32), whole, whole)
    solver.free_rows(matrix.rows_of({id(row): row for limit in limits for row, _ in limit.orders}.values()))
    solver.forget()
    duals = solve_linear(solver).row_duals
    if duals is None:
        raise SolverError.because("the linear programme by which limits are priced has no duals")
    none = 1e-9 * float(np.abs(duals).max(initial=0.0))
    found: list[dict[int, float]] = []
    for limit in limits:
        own: dict[int, float] = defaultdict(float)
        for row, loosens in limit.rows:
            place = matrix.row.get(id(row))
            if place is not None and abs(duals[place]) > none:
                own[year_of(row, inputs.years)] += abs(float(duals[place])) * loosens
        found.append({y: price for y, price in own.items() if price > 0})
    return found


# --- reserves ---
# The reserves of a park as limits: each one that holds, and all of them together. They have no price: a unit is out or not.

#: Said in place of a price: of a unit that is out, of a margin.
NO_PRICE, NO_PRICE_OF_MARGIN = mark("no price: a unit is out or not"), mark("no price: a margin is asked for or not")


def reserve_limits(case: Case) -> list[LimitAsRows]:
    """Each reserve that holds in some year, by carrier and zone; where there are more than one, first all of them together.

    `year` is the first in which it holds; `now` is 1 where a unit may be out, else the highest margin (1). None has rows.
    """
    found: list[LimitAsRows] = []
    for (carrier, zone), name in reserve_names(case).items():
        own = [row for row in case.reserves if (row.carrier, row.zone) == (carrier, zone)]
        held = [(y, row) for y in years_of(case) if (row := _in_force(own, case, y))]
        if held:
            found.append(_limit_of(name, held[0][0], [row for _, row in held]))
    if len(found) > 1:
        out = [one for one in found if one.parameter == OUT]
        first = min(one.year or 0 for one in found)
        now = max(one.now for one in out or found)
        found.insert(0, LimitAsRows(RESERVES, ALL_RESERVES, (out or found)[0].parameter, first, now, "1", 1.0, ()))
    return found


def _limit_of(name: str, first: int, rows: list[Reserve]) -> LimitAsRows:
    has_out = any(row.largest_out for row in rows)
    parameter, now = (OUT, 1.0) if has_out else ("margin", max(row.margin for row in rows))
    return LimitAsRows(RESERVES, name, parameter, first, now, "1", 1.0, ())


def _in_force(rows: list[Reserve], case: Case, y: int) -> Reserve | None:
    """The row in force in a year, where it asks for something: not before orders can work, nor where imports have no limit."""
    row = in_force(rows, y)
    if row is None:
        return None
    if row.operated:
        return row if y >= first_use(case, row.carrier) else None
    return None if math.isinf(firm_imports(case, row.carrier, row.zone, y)[""]) else row


# --- limits ----------------------------------------------------------------------------------------------------------------

#: Told once the prices are known.
PRICES = mark("prices of limits")
#: So many limits are done without where no number is asked for: those of which a tenth more would save most at their price. Of a
#: large park each takes about a minute.
DEAREST, OF_LARGE = 10, 3


def limit_costs(question: RunSession, count: int | None = None) -> pd.DataFrame:
    """limit_costs.csv: a row for each limit and year with a price, the dearest limits first.

    `count`: how many of the dearest the park is planned without; None: `DEAREST`, or `OF_LARGE` of a large park. Where it is not 0
    the park is planned without each reserve, too (of a large park, where no number is asked for, without all of them together
    alone); their rows are the last.
    """
    with question.at_once() as each:
        limits, priced = _prices(question)
        order = dearest(limits, priced, question.output.summary["system_cost"])
        most = (OF_LARGE if question.is_beside else DEAREST) if count is None else count
        held = reserve_limits(question.case) if most else []
        tried = [*(limits[i] for i in order[:most]), *held[: 1 if count is None and question.is_beside else None]]
        base = question.answer(is_local=True)
        answers = each(lambda change: question.answer(change, is_local=True), dict.fromkeys(map(lift, tried)))
    emitted, currency = question.output.summary["base_emissions"], question.output.currency

    def told(limit: LimitAsRows, first: str) -> tuple[Any, ...]:
        """What the plan costs less without it, at least and at most, and what is said of that."""
        if (answer := answers.get(lift(limit))) is None:
            return None, None, None, first
        saved = base.more_than(answer)
        return *saved, noted(saved, first, answer.note) if answer.is_planned else NO_ANSWER

    rows: list[tuple] = []
    for i in order:
        limit = limits[i]
        unit = currency if limit.table == "budget" else limit.unit
        for y, price in sorted(priced[i].items()):
            note = f"{price / emitted:.6g} money/t" if limit.table in RULES and limit.unit == "1" else ""
            where = limit.table, limit.name, limit.parameter, y
            rows.append((*where, limit.now, unit, price, *told(limit, note), currency))
    for limit in held:
        at = limit.table, limit.name, limit.parameter, limit.year
        rows.append(
            (*at, limit.now, limit.unit, None, *told(limit, NO_PRICE if limit.parameter == OUT else NO_PRICE_OF_MARGIN), currency)
        )
    return pd.DataFrame(rows, columns=list(TABLES["limit_costs"].names))


def _prices(question: RunSession) -> tuple[list[LimitAsRows], list[dict[int, float]]]:
    """Limits and the price of each by year: beside the plan of a large park, else in one matrix."""
    found = question.beside("prices", PRICES, Beside.prices)
    if found is not None:
        limits = [LimitAsRows(**{**said, "rows": (), "orders": ()}) for said, _ in found]
        return limits, [{int(y): price for y, price in own.items()} for _, own in found]
    inputs = question.inputs
    model, own = build_elastic(inputs, question.case, inputs.years)
    return own, prices(model, own, inputs, question.options.gap)
