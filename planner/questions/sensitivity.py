r"""Each leading figure of `swings.csv` at its low and its high, planned anew: what is saved, and which first orders differ.

.. math::
    g(x) = C_0(x) - C(x) \ge 0 \qquad S(x) = S_0(x) + g(x)

All on few typical days, so that a plan takes seconds: the plan as it is, and the one made anew. What planning anew gains on them is
added to what the run saves with its plan as it is. Going on as today stays as it is: nobody plans it anew.

C_0  system cost of the plan as it is at x, orders and operation    money     C  that of the plan made anew at x        money
S_0  saving of the run at x, its plan as it is                      money     S  saving with the plan made anew         money
g    what planning anew gains; where the search ended with a dearer plan, the plan as it is is the better one: 0       money

A gain that is within the gap of the two plans proves nothing. One that remains with the orders as they are, operated otherwise, is
no reason to order otherwise. Only what is left is: then the orders of the first year in which the plan orders are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd
from threadpoolctl import threadpool_limits

from models.errors import CaseError
from models.inputs import resolve
from planner.answer.hangs_on import DEMAND, KINDS, RATE, SIDES, change_of, own_ranges, saving_of
from planner.answer.hangs_on import SWING as SWUNG
from planner.days import choose_days
from planner.language.language import mark
from planner.machine.stopping import Watch, watched
from planner.questions.beside import QuestionAnswer
from planner.questions.change import SWING, changed, years_of
from planner.questions.earned import moved_by_demand, with_demand
from planner.questions.operate import kept_cost
from planner.questions.session import RunSession
from planner.tables.decisions import ADOPT, BUILD, decisions_of
from planner.tables.output import Tables, read_output
from planner.tables.schema import TABLES

#: So many figures are tried beside all demand: those that the page tells of.
MOST = 10
#: Money below this share of the system cost is noise.
NOISE = 1e-7
#: Sizes that differ by less than this share are the same.
ALIKE = 0.01
UNMET, NO_PLAN = mark("the goal cannot be met then"), mark("no plan was found")
WITHIN_GAP = mark("within the gap: the plan as it is will do")
SAME = mark("the same orders, operated otherwise")
LATER = mark("first orders stay; later ones change")
Figure = tuple[str, str]


@dataclass(frozen=True)
class Gain:
    """What the plan as it is costs, what planning anew gains (None: it cannot be kept), what the gaps of both cover (money).

    orders, note  the first orders that would differ, and what is to be known
    """

    before: float | None
    gained: float | None
    gap: float
    orders: str = ""
    note: str = ""


def sensitivity(question: RunSession) -> pd.DataFrame:
    """sensitivity.csv: a row for each figure and side. Raises CaseError where there is no plan on these days."""
    tried = leading(question)
    with question.at_once() as each:
        base = question.answer()
        if not base.is_planned:
            raise CaseError.because("the park has no plan on so few typical days; ask on more with --days")
        asked = [(*figure, side) for figure in tried for side in SIDES]
        answers = each(lambda who: question.answer((SWING, *who)), asked)
    with watched(Watch(None)), threadpool_limits(1, user_api="blas"):
        found = Swung(question, base)
        rows = [row for figure in tried for row in found.rows(figure, [answers[(*figure, side)] for side in SIDES])]
    return pd.DataFrame(rows, columns=list(TABLES["sensitivity"].names))


def leading(question: RunSession) -> list[Figure]:
    """What is tried, (what, name): what moves the saving most, or where nothing is saved what most is paid for; and all demand."""
    rows, plan = question.output.alone["swings"], question.output.target
    found = [(str(what), str(name)) for what, name in zip(rows["what"], rows["name"].fillna(""), strict=True) if what != DEMAND]
    if not found:
        bills = plan["system_cost"]
        sizes = {
            (what, str(name)): abs(float(own["value"].sum()))
            for what, items in KINDS.items()
            for name, own in bills[bills["item"].isin(items)].groupby("name")
        }
        found = sorted((who for who, size in sizes.items() if size > 0), key=lambda who: -sizes[who])
        found = [*found[: MOST - 1], *([(RATE, "")] if question.output.summary["discount_rate"] > 0 else [])]
    return [*found[:MOST], *([(DEMAND, "")] if question.case.demand else [])]


class Swung:
    """The plan as it is on few days, and what it comes to as figures change."""

    def __init__(self, question: RunSession, base: QuestionAnswer) -> None:
        self.question, self.base = question, base
        assert base.folder is not None
        self.tables: Tables = read_output(base.folder).target
        self.first = first_orders(self.tables)
        self.ranges = own_ranges(question.case)
        self.years = years_of(question.case)
        self.emissions = question.output.summary["base_emissions"]
        self.against = saving_of(question.output.summary)
        self.days = question.options.days if question.output.summary["typical_days"] else None

    def rows(self, figure: Figure, answers: Sequence[QuestionAnswer]) -> list[tuple[object, ...]]:
        """Rows of sensitivity.csv of a figure, of each side."""
        shares, kept = self._as_it_is(figure)
        usual = self._usual(figure)
        rows: list[tuple[object, ...]] = []
        for at, (side, answer) in enumerate(zip(SIDES, answers, strict=True)):
            saved, own = kept[at], self._gain(figure, side, answer)
            if saved is None and usual[at] is not None:
                saved = None if own.before is None else self._saved(usual[at], own.before)
            anew = saved + own.gained if saved is not None and own.gained is not None else self._saved(usual[at], answer.cost)
            told = own.gained, own.gap, self.days, self.first.year if own.orders else None, own.orders, own.note
            rows.append((*figure, side, shares[at], answer.status, saved, anew, *told, self.question.output.currency))
        return rows

    def _as_it_is(self, figure: Figure) -> tuple[tuple[float, float], tuple[float | None, float | None]]:
        """Shares by which a figure changes, and what is saved then with the plans as they are, as swings.csv has it."""
        rows = self.question.output.alone["swings"]
        own = rows[(rows["what"] == figure[0]) & (rows["name"].fillna("") == figure[1])]
        for row in own.itertuples(index=False):
            low, high = (None if pd.isna(v) else float(v) for v in (row.saving_low, row.saving_high))
            return (-SWUNG if pd.isna(row.low) else row.low, SWUNG if pd.isna(row.high) else row.high), (low, high)
        years = self.ranges.get(figure, {}).values()
        low, high = (sum(shares) / len(shares) for shares in zip(*years, strict=True)) if years else (-SWUNG, SWUNG)
        return (low, high), (None, None)

    def _usual(self, figure: Figure) -> Sequence[float | None]:
        """Of demand what going on as today costs more with less of it, and with more (money); None where it is not known."""
        if figure[0] != DEMAND or self.against is None:
            return None, None
        question, today = self.question, self.against[0]
        plans = question.output.plans
        found = moved_by_demand(question.case, self.emissions, plans, (today,), question.options.days)
        return found.get(today, (None, None))

    def _saved(self, usual: float | None, cost: float | None) -> float | None:
        """What is saved where going on as today costs so much more, and the plan on few days comes to a cost (money)."""
        if self.against is None or usual is None or cost is None or self.base.cost is None:
            return None
        return self.against[1] + usual - (cost - self.base.cost)

    def _gain(self, figure: Figure, side: str, answer: QuestionAnswer) -> Gain:
        """What planning anew with a figure at a side gains."""
        what, name = figure
        case = changed(self.question.case, (SWING, what, name, side))
        before = self.base.cost
        if what == DEMAND:
            case, before = with_demand(case, 1.0), None  # reserves are not asked of orders that stay
        elif before is not None:
            summary, at = self.question.output.summary, list(SIDES).index(side)
            before += change_of(self.tables, summary, self.years, self.ranges, what, name, at)
        gap = sum(_open(plan, self.question.options.gap) for plan in (self.base, answer))

        def kept() -> float | None:
            days = choose_days(case, self.question.options.days or case.park.typical_days)
            return kept_cost(resolve(case, case.goal, self.emissions, days), self.tables)

        if not answer.is_planned:
            return Gain(None, None, gap, note=UNMET if answer.status == "infeasible" else NO_PLAN)
        assert answer.cost is not None and answer.folder is not None
        found = gain(before, kept, answer.cost, gap)
        if found.note:
            return found
        orders = differing(self.first, first_orders(read_output(answer.folder).target, self.first.year))
        return replace(found, orders=orders, note="" if orders else LATER)


def gain(before: float | None, kept: Callable[[], float | None], anew: float, gap: float) -> Gain:
    """What planning anew gains over the plan as it is, which costs `before` (money), or `kept` with its orders alone kept; without
    a note where it is its orders that would differ."""
    if before is not None and abs(before - anew) <= gap:
        return Gain(before, max(before - anew, 0.0), gap, note=WITHIN_GAP)
    with_orders = kept()
    if with_orders is None:
        return Gain(None, None, gap)
    start = with_orders if before is None else before
    if with_orders - anew <= gap:
        note = SAME if start - anew > gap else WITHIN_GAP
        return Gain(start, max(start - anew, 0.0), gap, note=note)
    return Gain(start, start - anew, gap)


def _open(plan: QuestionAnswer, gap: float) -> float:
    """By how much a plan may cost too much (money)."""
    if plan.cost is None:
        return 0.0
    return max(plan.cost - plan.bound if plan.bound is not None else gap * abs(plan.cost), NOISE * abs(plan.cost))


@dataclass(frozen=True)
class FirstOrders:
    """A year, and what is ordered or started in it: name -> size, with its unit, empty of a measure; what is signed apart."""

    year: int
    sizes: Mapping[str, tuple[float, str]] = field(default_factory=dict)


def first_orders(plan: Tables, year: int | None = None) -> FirstOrders:
    """The orders of a year; left out: the first in which the plan orders or starts anything."""
    rows = decisions_of(plan)
    rows = rows[rows["action"].isin((BUILD, ADOPT)) & ~rows["signed"].astype(bool)]
    year = int(rows["year"].min() if len(rows) else 0) if year is None else year
    own = rows[rows["year"] == year]
    units = own["unit"].where(own["action"] == BUILD, "")
    return FirstOrders(year, {k: (v, str(u)) for k, v, u in zip(own["name"], own["value"], units, strict=True)})


def differing(own: FirstOrders, other: FirstOrders) -> str:
    """`name now → then unit` of each that differs, what comes in or goes out as a whole first; a measure is 0 or 1."""
    found = []
    for name in dict.fromkeys((*own.sizes, *other.sizes)):
        (now, unit), (then, of) = (found_in.sizes.get(name, (0.0, "")) for found_in in (own, other))
        apart = abs(then - now) / max(now, then)
        if apart > ALIKE:
            found.append((apart, f"{name} {now:.3g} → {then:.3g} {unit or of}".rstrip()))
    return "; ".join(told for _, told in sorted(found, key=lambda each: -each[0]))
