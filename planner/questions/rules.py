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

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd
from pyomo.core import ConcreteModel
from threadpoolctl import threadpool_limits

from models.case import Case, Reserve
from models.errors import SolverError
from models.inputs import Inputs
from models.inputs.equipment import outages_of, producers
from models.inputs.reserves import firm_imports, first_use, in_force
from planner.clock import Clock
from planner.explain.elastic import LARGEST, LimitAsRows, build_elastic
from planner.language.language import mark
from planner.machine.stopping import Watch, watched
from planner.questions.beside import STEP, BesidePlan, Key, LoosenedMethod, PlanFoundAgain, of_names, opened, task_of, year_of
from planner.questions.change import Change, lift, reserve_names, reserves_of, told_change, without_reserves, years_of
from planner.questions.not_chosen import AS_PLANNED, FOUND
from planner.questions.projects import NO_ANSWER, not_apart
from planner.questions.session import KeptAnswers, RunSession
from planner.solve import (
    INFINITY,
    BendersSession,
    Limits,
    Matrix,
    Phase,
    Solver,
    compile_model,
    rounding,
    solve_linear,
    solve_whole,
)
from planner.tables.schema import ALL_RESERVES, OUT, RESERVES, TABLES

# --- prices ----------------------------------------------------------------------------------------------------------------
# Prices of limits by year, of a park in one matrix: duals of the linear programme in which whole numbers are as in the plan.

#: A limit is dear by what this much more of it would save. A rule counts as if that were a hundredth of the base emissions: its
#: number may be 0.
MORE, OF_RULES, RULES = 0.1, 0.1, ("stages", "rules")
#: Saving below this share of the system cost is noise.
NOISE = 1e-7


@dataclass(frozen=True)
class Tried:
    """A plan: its cost, and a lower bound of the least cost (money); None: there is no plan, no bound."""

    cost: float | None
    bound: float | None


@dataclass(frozen=True)
class LimitPrices:
    """What is found of limits, the dearest first.

    prices  of each limit by year: what one unit more would save   discounted money (y)
    base    the plan as it is;  tried  the plan without each of the first of them
    note    said of those that were tried
    reserves  the plan without each reserve that holds, in the order of `reserve_limits`; they have no price
    """

    limits: Sequence[LimitAsRows]
    prices: Sequence[Mapping[int, float]]
    base: Tried
    tried: Sequence[Tried]
    note: str = ""
    reserves: Sequence[Tried] = ()


def dearest(limits: Sequence[LimitAsRows], prices: Sequence[Mapping[int, float]], cost: float) -> list[int]:
    """The limits whose prices are more than noise beside the system cost (money), the dearest first."""
    saving = [
        MORE * limit.scale * sum(own.values()) * (OF_RULES if limit.table in RULES else 1.0)
        for limit, own in zip(limits, prices, strict=True)
    ]
    return sorted((i for i in range(len(limits)) if saving[i] > NOISE * abs(cost)), key=lambda i: -saving[i])


def prices(model: ConcreteModel, limits: Sequence[LimitAsRows], inputs: Inputs, gap: float) -> list[dict[int, float]]:
    """Of each limit: year -> what one unit more would save (discounted money). Raises SolverError where there is no plan."""
    matrix = compile_model(model)
    orders = matrix.rows_of({id(row): row for limit in limits for row, _ in limit.orders}.values())
    duals = _duals(matrix, model, inputs, gap, orders)
    found: list[dict[int, float]] = []
    for limit in limits:
        own: dict[int, float] = defaultdict(float)
        for row, loosens in limit.rows:
            place = matrix.row.get(id(row))
            if place is not None and duals[place]:
                own[year_of(row, inputs.years)] += abs(float(duals[place])) * loosens
        found.append({y: price for y, price in own.items() if price > 0})
    return found


def _duals(matrix: Matrix, model: ConcreteModel, inputs: Inputs, gap: float, orders: np.ndarray) -> np.ndarray:
    """Duals of the rows with whole numbers as in the best plan within the gap; 0 where a row does not bind.

    `orders`: rows that say a limit again for an order that is made, and that there is none where it is not: they have no part in a
    price.
    """
    solver = Solver(matrix)
    plan = solve_whole(solver, Limits(gap=gap), rounding=rounding(matrix, model, inputs))
    if not plan.has_point:
        raise SolverError.because("no plan was found by which limits could be priced")
    places = np.flatnonzero(matrix.integer).astype(np.int32)
    whole = np.round(plan.values[places])
    solver.set_bounds(places, whole, whole)
    solver.free_rows(orders)
    solver.relax(True)
    solver.forget()
    answer = solve_linear(solver)
    if answer.row_duals is None:
        raise SolverError.because("the linear programme by which limits are priced has no duals")
    largest = float(np.abs(answer.row_duals).max(initial=0.0))
    return np.where(np.abs(answer.row_duals) > 1e-9 * largest, answer.row_duals, 0.0)


# --- beside limits ---------------------------------------------------------------------------------------------------------
# What limits of a large park cost: prices by year at its own plan, and the plan without a limit, other whole numbers as planned.
#
# The columns of `loosened` are 0 in the plan. With its whole numbers fixed, the master's optimum gives their reduced costs:
#
# .. math:: p_{l,y} = -d_{l,y} / s_l
#
# Then each of the dearest is done without: its columns are fixed at far more than today, and the plan is sought anew from its own
# point under the cuts so far. Only the whole numbers of what the limit bounds may change.
#
# A reserve has no price. Without it the operations with a unit out, and the sums of firm capacity, are those of the other
# reserves
# (`LoosenedMethod.with_reserves_of`), and the whole numbers of what it can bind may change.
#
# p  price   money per unit (l,y)     d  reduced cost   money (l,y)     s  what one of the column is   unit of the limit (l)
#
# Returns prices, costs and lower bounds. Raises SolverError where HiGHS gives no answer, and Stopped once the watch in force is
# over.

#: Gap at which prices are read.
PRICED = 2e-6
#: A saving is known once its limits are this near, as a share of it; gaps at which it is sought, one after the other.
KNOWN, GAPS = 0.05, (1e-3, 1e-4, 2e-5)
#: Assignments of the whole numbers that are tried without a limit; seconds and nodes of one branch and bound.
TURNS, SECONDS, NODES = 3, 20.0, 50
#: Where the columns of a limit still have a price, it still binds: it is loosened `WIDER` times as much, at most `TIMES` times.
WIDER, TIMES = 20.0, 4
#: Tables of limits that bound no one thing: without them all whole numbers stay.
OF_ALL = ("stages", "rules", "budget")
#: The penalty of slack is multiplied by this as long as slack is cheaper than to serve or to keep a rule, so often at most.
PENALTY, RAISES = 10.0, 4


@dataclass(frozen=True)
class Without:
    """The plan without a limit: its cost, and a lower bound of the least cost with the other whole numbers as planned (money)."""

    cost: float
    bound: float


class BesideLimits(BesidePlan):
    """The plan of a run of a park whose limits are columns."""

    method: LoosenedMethod

    def __init__(self, opened: PlanFoundAgain) -> None:
        assert isinstance(opened.method, LoosenedMethod)
        super().__init__(opened, PRICED)
        self.method = opened.method
        self._refuse_slack()
        self.bound = min(self.bound, self.cost)

    def _refuse_slack(self) -> None:
        """Raise the penalty until the optimum with the plan's whole numbers has no slack: with slack, prices would be penalties."""
        for _ in range(RAISES):
            if self.bound > self.cost - KNOWN * GAPS[0] * abs(self.cost):
                return
            self.search.scale_penalty(PENALTY)
            self._refine(PRICED)

    def prices(self) -> dict[Key, dict[int, float]]:
        """Limit -> year -> what one unit more of it would save (discounted money); without those that are 0."""
        master, method = self.master, self.method
        master.solver.relax(True)
        master.fix(self.whole)
        try:
            master.optimum()
            answer = master.solver.run()
        finally:
            master.unfix()
        found: dict[Key, dict[int, float]] = {}
        if answer.status != "optimal" or answer.column_duals is None:
            return found
        for (key, y), place in method.columns.items():
            price = -float(answer.column_duals[place]) / method.units[key, y]
            if price > 0:
                found.setdefault(key, {})[y] = price
        return found

    def without(self, limit: LimitAsRows) -> Without:
        """The plan without a limit or a reserve in all its years, a rule in all its steps."""
        if limit.table == RESERVES:
            return self._without_reserve(limit)
        own, columns = self._own(limit), self._columns(limit)
        places = np.array([self.method.columns[at] for at in columns], dtype=np.int32)
        room, found = (LARGEST - 1) / STEP, Without(self.cost, self.bound)
        try:
            for _ in range(TIMES):
                self.method.set_more(dict.fromkeys(columns, room))
                found, priced = self._least(places, room, own)
                if priced * room <= KNOWN * (self.cost - found.cost):
                    break
                room *= WIDER
        finally:
            self.master.unfix()
            self.method.set_more({})
            self.master.cuts.exempt_from_ageing()
        return found

    def _without_reserve(self, limit: LimitAsRows) -> Without:
        """The plan without a reserve, or without all of them. It has no columns, so nothing is left of it that could bind."""
        case = self.method.case
        nowhere = np.zeros(0, dtype=np.int32)
        try:
            with self.method.with_reserves_of(without_reserves(case, limit.name)):
                try:
                    # All whole numbers of what makes a carrier are free: finer than a tenth of the gap asked for takes long.
                    gaps = tuple(gap for gap in GAPS if gap >= min(GAPS[0], 0.1 * self.method.task.gap)) or GAPS[:1]
                    found, _ = self._least(nowhere, 0.0, self._own(limit), gaps)
                finally:
                    self.master.unfix()
        finally:
            self.master.cuts.exempt_from_ageing()
        return found

    def _columns(self, limit: LimitAsRows) -> list[tuple[Key, int]]:
        """The columns of a limit; of a rule those of all its steps, which it is one change to do without."""
        limits = self.method.limits
        return [at for at in self.method.columns if lift(limits[at[0]]) == lift(limit)]

    def _least(self, places: np.ndarray, room: float, own: np.ndarray, gaps: tuple[float, ...] = GAPS) -> tuple[Without, float]:
        """The best plan found with these columns fixed at `room`, and what one more of each of them would still save (money)."""
        say, start = self.method.task.say("target"), self.search.overall.point
        assert start is not None
        search = BendersSession(self.master, self.method.searched, Limits(gaps[-1]), say)
        start = start.copy()
        start[places] = room
        self.master.solver.relax(True)
        self.master.fix(self.whole, ~own)
        phase = search.begin(start)
        self._iterate(search, phase, gaps)
        if own.any():
            bound = self._with_whole(search, phase.bound, own, gaps)
        else:
            bound = phase.bound
            self._remove_slack(search, phase)
        self._fix(search)
        self.master.optimum()
        answer = self.master.solver.run()
        priced = 0.0 if answer.column_duals is None else -float(answer.column_duals[places].sum())
        cost = min(search.overall.cost, self.cost)
        return Without(cost, min(bound, cost)), priced

    def _iterate(self, search: BendersSession, phase: Phase, gaps: tuple[float, ...], cutoff: float = INFINITY) -> None:
        """Iterate until the saving is known by the bounds of a phase, or to the last of the gaps."""
        for gap in gaps:
            is_within = search.iterate(phase, gap, cutoff=cutoff)
            if not is_within or self._is_known(phase.cost, phase.bound, gaps):
                return

    def _is_known(self, cost: float, bound: float, gaps: tuple[float, ...]) -> bool:
        """True if bounds tell a saving well enough."""
        return cost - bound <= max(KNOWN * (self.cost - cost), gaps[-1] * abs(cost))

    def _with_whole(self, search: BendersSession, bound: float, own: np.ndarray, gaps: tuple[float, ...]) -> float:
        """Seek whole numbers for those that are free, and the rest with each assignment that is found; the lower bound."""
        master, tried = self.master, set()
        for _ in range(TURNS):
            if self._is_known(search.overall.cost, bound, gaps):
                break
            assert search.overall.point is not None
            start = np.round(search.overall.point[master.integers])
            found = search.whole_numbers(start, gaps[-1], SECONDS, ~own, NODES)
            bound = max(bound, found.bound)
            if not found.has_point:
                break
            whole = np.round(found.values[master.integers])
            if whole.tobytes() in tried:
                break
            tried.add(whole.tobytes())
            master.fix(whole)
            phase = search.begin(found.values)
            self._iterate(search, phase, gaps, search.overall.cost)
            self._remove_slack(search, phase)
            master.unfix()
        return bound

    @staticmethod
    def _remove_slack(search: BendersSession, phase: Phase) -> None:
        """Seek a plan near the best point of a phase that is none, since it has slack."""
        if phase.point is not None and phase.cost < search.overall.cost:
            search.remove_slack(phase.point)

    def _fix(self, search: BendersSession) -> None:
        """Fix the whole numbers of the best plan."""
        assert search.overall.point is not None
        self.master.unfix()
        self.master.fix(np.round(search.overall.point[self.master.integers]))

    def _own(self, limit: LimitAsRows) -> np.ndarray:
        """True for the integers that may change without a limit: those of what it bounds; none where it is a rule or a budget."""
        integers = self.master.integers
        if limit.table in OF_ALL:
            return np.zeros(len(integers), dtype=bool)
        names = {limit.name}
        if limit.table == RESERVES:
            names = bound_by(self.method.case, limit.name)
        if limit.table == "sites":
            names = {k for k, site in self.inputs.capacity.site.items() if site == limit.name}
        return of_names(self.master.matrix, integers, names)


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


def bound_by(case: Case, name: str) -> set[str]:
    """Technologies that a reserve, or all of them, can bind: what makes its carrier in its zone and, where it is operated, what may
    be out."""
    rows = reserves_of(case, name)
    alike = {case.columns(y): case.in_year(y) for y in years_of(case)}
    made = {k for own in alike.values() for row in rows for k in producers(own, row.carrier, row.zone)}
    out = outages_of(case.technologies, case.types, case.ports, {row.carrier for row in rows if row.operated})
    return made | {k for group in out.values() for k in group}


def note_of(limit: LimitAsRows) -> str:
    """Why it has no price."""
    return NO_PRICE if limit.parameter == OUT else NO_PRICE_OF_MARGIN


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

#: So many limits are done without where no number is asked for: those of which a tenth more would save most at their price. Of a
#: large park each takes about a minute.
DEAREST, OF_LARGE = 10, 3


def limit_costs(question: RunSession, count: int | None = None) -> pd.DataFrame:
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
                note = "; ".join(filter(None, (per_tonne, found.note, not_apart(*_saved(found.base, tried)))))
            where = limit.table, limit.name, limit.parameter, y
            rows.append((*where, limit.now, unit, price, *_saved(found.base, tried), note, currency))
    for limit, tried in zip_longest(reserve_limits(question.case) if found.reserves else (), found.reserves):
        more = "" if tried is None else NO_ANSWER if tried.cost is None else found.note
        note = "; ".join(filter(None, (note_of(limit), more, not_apart(*_saved(found.base, tried)))))
        told = limit.table, limit.name, limit.parameter, limit.year, limit.now, limit.unit
        rows.append((*told, None, *_saved(found.base, tried), note, currency))
    return pd.DataFrame(rows, columns=list(TABLES["limit_costs"].names))


def _anew(question: RunSession, dearest_ones: int) -> LimitPrices:
    """Prices by one matrix, and plans of the whole park without so many of the dearest."""
    case, inputs = question.case, question.inputs
    model, limits = build_elastic(inputs, case, inputs.years, with_outages=True)
    found = prices(model, limits, inputs, question.options.gap)
    order = dearest(limits, found, question.output.summary["system_cost"])

    def answer(limit: LimitAsRows | None = None) -> Tried:
        said = question.answer(*([] if limit is None else [lift(limit)]))
        return Tried(said.cost, said.bound)

    with question.at_once() as each:
        base = answer()
        tried = [*each(lambda i: answer(limits[i]), order[:dearest_ones]).values()]
        reserves = [*each(answer, reserve_limits(case) if dearest_ones else ()).values()]
    return LimitPrices([limits[i] for i in order], [found[i] for i in order], base, tried, reserves=reserves)


def _saved(base: Tried, without: Tried | None) -> tuple[float | None, float | None, float | None]:
    """What the plan costs less without a limit, at least and at most."""
    if without is None or without.cost is None or base.cost is None:
        return None, None, None
    least = None if base.bound is None else base.bound - without.cost
    most = None if without.bound is None else base.cost - without.bound
    return base.cost - without.cost, least, most


FILE = "beside_limits.json"


def beside(question: RunSession, asked: int | None) -> LimitPrices | None:
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


def _find(question: RunSession, plan: BesideLimits, kept: KeptAnswers, count: int) -> None:
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


def _find_reserves(question: RunSession, plan: BesideLimits, kept: KeptAnswers, reserves: Sequence[LimitAsRows]) -> None:
    """The plan without each of these reserves that is not known yet; each is saved as it is found."""
    tried = list(kept.facts.get(RESERVES, ()))
    for limit in reserves[len(tried) :]:
        tried.append(astuple(plan.without(limit)))
        kept.save(**{RESERVES: tried})
        question.told(told_change(lift(limit)), FOUND)
