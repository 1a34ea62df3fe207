r"""Other demand in what could change the saving: the decisions of each plan kept, every year operated with less demand and more.

.. math::
    S(f) = S + \sum_y \delta_y \big( q'_y(f) - q'_y(1) - q_y(f) + q_y(1) \big)

On the days that the plan was made on. Processes and vehicles stay as they are; reserves are not asked, what is short is unserved.
Where a plan cannot serve it, or its decisions cannot be kept, nothing is told of its money.

S  saving against going on as today   money     q, q'  least cost of operating a year in the plan and in the other one   money (y)
f  factor of all demand   1                     δ  discount (y)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from models.case import Case
from models.errors import CaseError
from models.inputs import resolve
from planner.answer.saving import usual
from planner.answer.swings import DEMAND, SWING, Swing, rows_of, saving_of
from planner.days import choose_days
from planner.language.language import Language
from planner.plan import LEAST_COST, TARGET
from planner.stress.leaf import keep_orders
from planner.stress.operated import operates
from planner.tables.output import Output, Tables


def with_demand(case: Case, factor: float) -> Case:
    """The park with all demand times a factor, and without reserves."""
    rows = tuple(row.model_copy(update={"value": row.value * factor}) for row in case.demand)
    return case.model_copy(update={"demand": rows, "reserves": ()})


def demand_swing(case: Case, base: float, output: Output, days: int | None, done: Callable[[str], None]) -> pd.DataFrame:
    """stress_demand.csv: a row as swings.csv has them, of all demand. What the run wrote stays as it is.

    Raises CaseError where nothing is saved, so that nothing can change it, or where there is no plan to compare with.
    """
    if usual(output.summary) not in output.plans:
        raise CaseError.because(
            "--demand: the run has no business-as-usual plan to compare with; there is no saving that could change"
        )
    against = saving_of(output.summary)
    if against is None:
        raise CaseError.because("--demand: the run saves nothing against going on as today; there is no saving that could change")
    today, saving = against
    moves = moved_by_demand(case, base, output.plans, (TARGET, today, LEAST_COST), days, done)
    savings = [None if (m := _less(moves[today][i], moves[TARGET][i])) is None else saving + m for i in (0, 1)]
    goal = [_less(moves[TARGET][i], moves[LEAST_COST][i]) if LEAST_COST in moves else None for i in (0, 1)]
    swing = Swing(DEMAND, "", (-SWING, SWING), (savings[0], savings[1]), None, (goal[0], goal[1]))
    return rows_of(output.summary, output.plans, [swing])


def moved_by_demand(
    case: Case, base: float, plans: Mapping[str, Tables], names: Sequence[str], days: int | None, done: Callable[[str], None]
) -> dict[str, list[float | None]]:
    """Plan -> what operating it costs more with less demand, and with more (money, discounted), its decisions kept; None where they
    cannot be, or not all is served."""
    moves = dict[str, list[float | None]]()
    for name in names:
        if name in plans:
            own = _case_of(case, name)
            less, now, more = (_operated(with_demand(own, f), base, plans[name], days) for f in (1 - SWING, 1.0, 1 + SWING))
            moves[name] = [_less(less, now), _less(more, now)]
            done(name)
    return moves


def _case_of(case: Case, name: str) -> Case:
    """The park as a plan has it: rules of the goal bind the target alone, and a baseline buys neither certificates nor credits."""
    if name == TARGET:
        return case
    free = case.model_copy(update={"goal": None})
    if name == LEAST_COST:
        return free
    limits = tuple(row for row in case.limits if row.item != "min_capacity")
    return free.model_copy(update={"rules": (), "certificates": (), "offsets": (), "limits": limits})


def _operated(case: Case, base: float, tables: Tables, days: int | None) -> float | None:
    """What operating the years with the decisions of a plan costs (money, discounted); None where they cannot be kept, or not all
    demand is served."""
    count = case.park.typical_days if days is None else days
    inputs = resolve(case, case.goal, base, choose_days(case, count))
    kept = keep_orders(inputs, tables)
    if kept.cost is None:
        return None
    operated, total = operates(inputs, holds_contracts=False), 0.0
    for y in inputs.years:
        found = operated.year(kept.model, tables, y)
        if found.unserved:
            return None
        total += inputs.finance.discount[y] * found.cost
    return total


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def told_demand(table: pd.DataFrame, currency: str, language: Language) -> str:
    """What other demand does to the saving, in words."""
    (row,) = table[table["what"] == DEMAND].itertuples(index=False)
    say = language.translate

    def told(amount: float | None) -> str:
        return say("cannot all be served") if pd.isna(amount) else say("saves {money}", money=language.money(amount, currency))

    values = {"low": f"{row.low:+.0%}", "high": f"{row.high:+.0%}", "less": told(row.saving_low), "more": told(row.saving_high)}
    return say("all demand {low}: {less}; {high}: {more}", **values)
