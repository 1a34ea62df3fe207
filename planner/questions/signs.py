r"""The mirror of `why-not`: the capital cost, or the price, at which an order of the plan is no longer part of a least-cost plan.

With :math:`C_{-k}` the least cost without project k, K its capital in the objective of the plan, and P, :math:`P_{-k}` what the
plan and the plan without k pay at a price,

.. math::
    f_k \ge 1 + \frac{C_{-k} - C}{K} \qquad g_k \approx 1 - \frac{C_{-k} - C}{P_{-k} - P}

f  factor of the capital cost of k: up to it the plan as it is costs no more than any without k. A plan with less of k may stay
   longer: of a park that one matrix holds, plans at one per cent above are made until k is in none (`break_even`)
g  factor of a price, both plans as they are operated: an estimate. The nearest price of each project is confirmed by a plan on
   either side, one per cent away, of a park that one matrix holds
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from models.case import Case, Row
from models.errors import CaseError
from models.inputs import resolve
from models.inputs.finance import over_years
from planner.days import choose_days
from planner.futures.paths import to_unit
from planner.language.language import mark
from planner.park import read_case
from planner.planning.base import base_of
from planner.questions.beside import QuestionAnswer, noted
from planner.questions.change import CAPITAL, DROP, ITEMS, years_of
from planner.questions.not_chosen import WITHIN, break_even, offered_costs, prices_of
from planner.questions.operate import kept_cost
from planner.questions.session import RunSession
from planner.tables.output import Tables, read_output
from planner.tables.schema import TABLES

#: A price at which an order goes out is told up to this factor.
FAR = 5.0
#: Money below this share of the system cost is noise.
NOISE = 1e-9
STAYS = mark("up to this capital cost the plan as it is costs no more than any without it")
ESTIMATE = mark("estimate: both plans as they are operated now")
BY_A_HAIR = mark("a plan without it costs as much within the gap")
Who = tuple[str, str]


@dataclass(frozen=True)
class Turn:
    """Where a project goes out: `by` CAPITAL or a price, (kind, name); the factor; whether plans on either side confirm it."""

    by: Who
    factor: float | None
    confirmed: bool
    note: str = ""


def watch(question: RunSession) -> pd.DataFrame:
    """watch.csv: a row for each project and what it may go out by, the nearest first."""
    built, costs, prices = question.built(), offered_costs(question.case), prices_of(question.case)
    small = not question.is_large
    with question.at_once() as each:
        base = question.answer(is_local=True)
        own = each(lambda who: _turns(question, who, base, list(prices), small), built)
    rows = []
    for who, (without, turns) in own.items():
        worth, *_ = without.more_than(base)
        for turn in turns:
            now, unit = costs.get(who, (None, "1")) if turn.by[0] == CAPITAL else prices[turn.by]
            value = None if turn.factor is None or now is None else turn.factor * now
            rows.append((*who, *turn.by, now, value, turn.factor, unit, worth, turn.confirmed, turn.note, question.output.currency))
    table = pd.DataFrame(rows, columns=list(TABLES["watch"].names))
    near = (table["factor"].astype(float) - 1).abs().fillna(float("inf"))
    return table.loc[near.sort_values(kind="stable").index].reset_index(drop=True)


def _turns(
    question: RunSession, who: Who, base: QuestionAnswer, prices: list[Who], small: bool
) -> tuple[QuestionAnswer, list[Turn]]:
    """The plan without a project, and where it goes out: by its capital cost, then by prices."""
    without = question.answer((DROP, *who), is_local=True)
    if without.cost is None or base.cost is None:
        return without, [
            Turn(
                (CAPITAL, ""), None, without.status == "infeasible", noted(without.more_than(base), without.why_none, without.note)
            )
        ]
    less, paid = without.cost - base.cost, base.paid_for(*who)
    found = [_by_capital(question, who, without, less, paid, small)] if paid > NOISE * abs(base.cost) else []
    near = sorted(_by_prices(base, without, less, prices), key=lambda turn: abs((turn.factor or 0.0) - 1))
    if near and small:
        near[0] = _confirmed(question, who, near[0], base)
    return without, found + near


def _by_capital(question: RunSession, who: Who, without: QuestionAnswer, less: float, paid: float, small: bool) -> Turn:
    least = 1.0 + max(less, 0.0) / paid
    if not small:
        return Turn((CAPITAL, ""), least, False, "; ".join(filter(None, (STAYS, without.note))))

    def at(factor: float) -> QuestionAnswer:
        return question.answer((CAPITAL, *who, f"{factor:.6g}"))

    begin = (1 + WITHIN) * least
    found = break_even(at, who, without, begin=begin)
    if found.factor is None:  # it is in no plan there
        above, cost = at(begin), without.cost or 0.0
        sure = above.bound is not None and cost - above.bound <= WITHIN * begin * paid
        return Turn((CAPITAL, ""), least, sure, "" if less > NOISE * abs(cost) else BY_A_HAIR)
    return Turn((CAPITAL, ""), found.factor, found.confirmed, found.note)


def _by_prices(base: QuestionAnswer, without: QuestionAnswer, less: float, prices: list[Who]) -> Iterator[Turn]:
    for price in prices:
        apart = without.paid_for(*price) - base.paid_for(*price)
        if price[0] in ITEMS and abs(apart) > NOISE * abs(base.cost or 0.0):
            factor = 1.0 - max(less, 0.0) / apart
            if 0.0 < factor <= FAR:
                yield Turn(price, factor, False, ESTIMATE)


def _confirmed(question: RunSession, who: Who, turn: Turn, base: QuestionAnswer) -> Turn:
    """The turn, where the project is in the plan one per cent nearer to the price of now, and in none one per cent beyond."""
    assert turn.factor is not None
    step = WITHIN if turn.factor >= 1 else -WITHIN
    inside, beyond = (question.answer((CAPITAL, *turn.by, f"{turn.factor * (1 + s):.6g}")) for s in (-step, step))
    noise = NOISE * abs(base.cost or 0.0)
    if inside.is_planned and beyond.is_planned and inside.paid_for(*who) > noise >= beyond.paid_for(*who):
        return Turn(turn.by, turn.factor, True)
    return turn


# --- verdicts --------------------------------------------------------------------------------------------------------------
# Whether an order is still right at new tables, from plans and bounds that are kept: nothing is planned anew.
#
# The plan of the run, and the plan without the order, are operated on the run's typical days at the new tables, decisions as they
# are: :math:`U` and :math:`U_{-k}`. With L the lower bound of any plan without the order at the old tables,
#
# .. math::
# U \le r \cdot L \;\Rightarrow\; \text{still right} \qquad U_{-k} < (1 - gap)\, U \;\Rightarrow\; \text{no longer} \qquad
# \text{else ask again}
#
# r is 1 where no figure became cheaper, else the least ratio of a new figure to the old: with costs that are all at least r times
# as high no plan costs less than r times as much. That needs costs that are not below 0: where something is sold, or a cost is
# below 0, what becomes cheaper (or is sold dearer) proves nothing.

STILL, AGAIN, NO_LONGER = mark("still right"), mark("ask again"), mark("no longer")
#: Tables that may be new.
COSTS, PRICES = "costs", "prices"
#: Items of prices.csv that are earned and not paid.
EARNED = ("export",)


def new_case(question: RunSession, costs: Path | None, prices: Path | None) -> Case:
    """The run's park with a cost table more laid over it, and another prices.csv. Raises CaseError with what is wrong with them."""
    order = question.order
    tables = (*order.costs, *([costs] if costs is not None else []))
    if prices is None:
        return read_case(order.folder, tables, order.goal)
    if not order.folder.is_dir():
        raise CaseError.because("--prices {file}: the park is a workbook; change its sheet and plan it anew", file=prices)
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / order.folder.resolve().name
        shutil.copytree(order.folder, copy)
        shutil.copyfile(prices, copy / "prices.csv")
        return read_case(copy, tables, order.goal)


def verdicts(question: RunSession, case: Case) -> pd.DataFrame:
    """verdicts.csv: a row for each project of the plan. Raises CaseError where `plan explain --signs` was not asked of the
    run before."""
    base, built = question.known(), question.built()
    found = [(who, question.known((DROP, *who))) for who in built]
    if base is None or any(own is None for _, own in found):
        raise CaseError.because("{out}: its bounds are not known yet; ask `plan explain --signs {out}` first", out=question.out)
    least = least_ratio(question.case, case)
    kept = _cost(question, case, question.output.target)
    rows = []
    for who, without in found:
        assert without is not None
        other = (
            None if without.cost is None or without.folder is None else _cost(question, case, read_output(without.folder).target)
        )
        lower = None if without.bound is None or without.note else least * without.bound  # not where whole numbers were held
        verdict = _verdict(kept, other, lower, without, question.options.gap)
        rows.append((*who, verdict, kept, other, lower, question.output.currency))
    return pd.DataFrame(rows, columns=list(TABLES["verdicts"].names))


def _verdict(kept: float | None, other: float | None, lower: float | None, without: QuestionAnswer, gap: float) -> str:
    if kept is None:
        return AGAIN
    if without.status == "infeasible" or (lower is not None and kept <= lower):
        return STILL
    return NO_LONGER if other is not None and other < (1 - gap) * kept else AGAIN


def _cost(question: RunSession, case: Case, tables: Tables) -> float | None:
    """System cost of decisions that are kept, on the typical days of the run (money); None where they miss anything there."""
    count = question.options.days
    days = choose_days(question.case, case.park.typical_days if count is None else count)
    base = case.park.base_emissions or base_of(question.case)
    return kept_cost(resolve(case, case.goal, base, days), tables)


def least_ratio(old: Case, new: Case) -> float:
    """The least ratio of a new cost or price to the old, at most 1; minus infinity where that bounds nothing."""
    ratios = [1.0, *_ratios(old, new, COSTS, lambda row: row.parameter != "lifetime"), *_ratios(old, new, PRICES, _is_paid)]
    sold = [value for value in _ratios(old, new, PRICES, lambda row: row.item in EARNED) if value > 1]
    least = min(ratios)
    sells = any(row.item in EARNED and row.value > 0 for row in (*old.prices, *new.prices))
    earns = sells or any(row.value < 0 for own in (old.prices, old.costs, new.prices, new.costs) for row in own)
    if sold or least < 0 or (least < 1 and earns) or _lifetimes(old) != _lifetimes(new):
        return float("-inf")
    return least


def _is_paid(row: Any) -> bool:
    return row.item not in EARNED


def _lifetimes(case: Case) -> set[tuple[str, int | None, float]]:
    return {(row.type, row.year, row.value) for row in case.costs if row.parameter == "lifetime"}


def _ratios(old: Case, new: Case, table: str, counts: Any) -> Iterator[float]:
    years = years_of(old)
    before, after = (_series(case, table, counts) for case in (old, new))
    for key in dict.fromkeys((*before, *after)):
        if key not in before or key not in after:
            yield float("-inf")
            continue
        unit = before[key][0].unit
        values = [_values(rows, unit, years, old.park.currency) for rows in (before[key], after[key])]
        for y in years:
            was, now = (own[y] for own in values)
            yield 1.0 if now == was else now / was if was > 0 else float("inf") if now > was else float("-inf")


def _series(case: Case, table: str, counts: Any) -> dict[tuple[Any, ...], list[Any]]:
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in getattr(case, table):
        if counts(row):
            found.setdefault(tuple(getattr(row, c) for c in row.key if c != "year"), []).append(row)
    return found


def _values(rows: list[Any], unit: str, years: range, currency: str) -> Mapping[int, float]:
    return over_years([(row.year, row.value * to_unit(row.unit, unit, currency)) for row in rows], years)
