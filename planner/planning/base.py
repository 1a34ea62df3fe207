"""Base emissions left out: gross of the least-cost operation of what exists, in all hours of the base year as one chain.

Typical days play no part, so that the number is the same in every plan, rerun and comparison of a park.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from models.case import Case
from models.errors import CaseError, SolverError
from models.inputs import Inputs, resolve_existing
from models.inputs.carbon import BaseEmissions
from models.operation import Links
from models.operation.links import CHOICES
from models.park import build_choices
from models.units import yearly_factor
from planner.explain.blocking import filled, say_unserved
from planner.language.message import Message
from planner.ledger.carbon import check_base
from planner.solve import Answer, ChainOfHours, Limits, Solver, solve_linear, solve_whole
from planner.tables.flows import Dispatch, flows_of_year

#: So many choices of yes or no are all tried; where there are more, branch and bound looks for the cheapest.
TRIED = 3
#: Most iterations of the simplex method from a basis and from nothing, as multiples of the rows of the year. With both the example
#: parks take a fourth of the time that an interior point with its crossover takes.
WARM, COLD = 0.01, 0.3
#: Relative gap of that branch and bound.
GAP = 1e-9
#: Significant digits of base emissions. Those after them depend on the way to the optimum, and no plan is to depend on them.
DIGITS = 12
#: A reduced cost or a dual below this, where a typical cost of a column is 1, is none: what it is of costs the same.
EQUAL = 1e-7


@dataclass(frozen=True)
class Base:
    """The base year: its gross emissions (t), and its operation hour by hour, with the columns of dispatch.parquet."""

    emissions: BaseEmissions
    dispatch: pd.DataFrame


def operate_base_year(case: Case) -> Base:
    """Gross emissions and dispatch of the least-cost operation of what exists, with the numbers of the base year.

    Of two charge bases, and of contracts and their use, the cheapest is chosen. Among operations of equal cost the one with the
    least gross emissions counts.

    Raises CaseError where the existing park cannot serve that year's demands, saying in which hour, or emits nothing, and
    SolverError where HiGHS gives no answer.
    """
    year = _BaseYear(resolve_existing(case))
    base = year.read(year.least_gross(year.least_cost()))
    if base.emissions <= 1e-6:
        raise CaseError.because(
            "park.toml: base_emissions: is left out, and the existing park emits nothing in {y}; give the figure", y=year.y
        )
    return base


def base_emissions(case: Case) -> float:
    """The emissions of `operate_base_year`."""
    return operate_base_year(case).emissions


class _BaseYear:
    """The base year as one linear programme of all hours, but for what is a yes or no."""

    def __init__(self, inputs: Inputs) -> None:
        (self.y,) = inputs.years
        self.joined = ChainOfHours(inputs, self.y)
        self.inputs = inputs = self.joined.inputs
        links = self.joined.links()
        self.choices = build_choices(inputs, self.y)  # kept: the matrix knows its columns only weakly
        is_choice, self.matrix = self.joined.with_choices(self.choices)
        lower, upper = self.matrix.lower.copy(), self.matrix.upper.copy()
        for (kind, name), place in links.items():
            if kind not in CHOICES:
                lower[place] = upper[place] = _given(inputs, self.y, kind, name)
        #: Columns of what is a yes or no.
        self.bases = np.flatnonzero(is_choice).astype(np.int32)
        self.matrix = replace(self.matrix, lower=lower, upper=upper, integer=is_choice & (len(self.bases) > TRIED))
        self.solver = Solver(self.matrix)
        #: True once the solver has the basis of an optimum.
        self.is_warm = False
        account, of_account = self.joined.account, self.joined.of_account
        self.gross = int(self.joined.place[of_account.column[id(account.figure["gross"])]])

    def least_cost(self) -> Answer:
        """The least-cost operation, with its duals; what is a yes or no is fixed in the solver from then on."""
        if len(self.bases) > TRIED:
            best = solve_whole(self.solver, Limits(GAP))
            ways = [np.round(best.values[self.bases])] if best.has_point else [np.zeros(len(self.bases))]
            self.solver.relax(True)
        else:
            ways = [np.array(way, dtype=float) for way in product((0.0, 1.0), repeat=len(self.bases))]
        answers = [self._solved(way) for way in ways]
        found = [(answer.objective, number, answer) for number, answer in enumerate(answers) if answer.has_point]
        unclear = [answer.status for answer in answers if not answer.has_point and not answer.status.startswith("infeasible")]
        status = unclear[-1] if unclear else "infeasible"
        if not found and status != "infeasible":
            raise SolverError.because("operation of the base year {y}: HiGHS found none ({status})", y=self.y, status=status)
        if not found:
            raise self._fault()
        _, number, answer = min(found, key=lambda f: f[:2])
        self.solver.set_bounds(self.bases, ways[number], ways[number])
        return answer

    def _solved(self, way: np.ndarray) -> Answer:
        """The least-cost operation of one way of what is a yes or no.

        By the simplex method from the basis of the way before; where that takes more than `WARM` iterations, from nothing, which
        presolve makes short; where that takes more than `COLD`, by an interior point.
        """
        solver, rows = self.solver, len(self.matrix.rows)
        solver.set_bounds(self.bases, way, way)
        for most in (WARM, COLD) if self.is_warm else (COLD,):
            answer = solve_linear(solver, simplex=True, most=int(most * rows))
            if answer.status == "optimal" or answer.status.startswith("infeasible"):
                self.is_warm = self.is_warm or answer.status == "optimal"
                return answer
            solver.clear()
        return solve_linear(solver)

    def least_gross(self, cheapest: Answer) -> Answer:
        """The operation with the least gross emissions of all that cost as little.

        At the optimum what has a reduced cost stays at its bound, and a row with a dual stays tight; all that keeps to this costs
        the same.
        """
        assert cheapest.row_duals is not None and cheapest.column_duals is not None
        matrix, solver, none = self.matrix, self.solver, EQUAL / self.solver.scale
        columns = np.flatnonzero((np.abs(cheapest.column_duals) > none) & (matrix.lower < matrix.upper)).astype(np.int32)
        columns = np.setdiff1d(columns, self.bases).astype(np.int32)
        at = np.where(cheapest.column_duals > 0, matrix.lower, matrix.upper)[columns]
        solver.set_bounds(columns, at, at)
        rows = np.flatnonzero((np.abs(cheapest.row_duals) > none) & (matrix.row_lower < matrix.row_upper)).astype(np.int32)
        tight = np.where(cheapest.row_duals > 0, matrix.row_lower, matrix.row_upper)[rows]
        solver.set_row_bounds(rows, tight, tight)
        cost = np.zeros(len(matrix.columns))
        cost[self.gross] = 1.0 / max(1.0, abs(float(cheapest.values[self.gross])))
        solver.set_cost(cost / solver.scale)
        answer = solve_linear(solver, simplex=True)
        return answer if answer.has_point and answer.values[self.gross] < cheapest.values[self.gross] else cheapest

    def read(self, answer: Answer) -> Base:
        """Emissions and dispatch of an operation."""
        view = self.joined.view(answer.values[: len(self.joined.matrix.columns)])
        capacity = {k: _given(self.inputs, self.y, "capacity", k) for k in self.inputs.capacity.present[self.y]}
        demand = {u: _given(self.inputs, self.y, "demand", u) for u in self.inputs.demands.demands}
        flows = flows_of_year(view, self.inputs, self.y, Links(capacity, demand))
        own = rounded(float(view.figure["gross"].value))
        standard = rounded(float(view.figure["standard_gross"].value)) if self.inputs.standard.applies else own
        location = rounded(sum(float(view.figure[name].value) for name in ("scope1", "scope2_location", "scope3")))
        dispatch = Dispatch(self.inputs.calendar.weight)
        dispatch.add(self.y, flows)
        return Base(BaseEmissions(own, standard, location), dispatch.table())

    def _fault(self) -> CaseError:
        """Why there is no operation: where demand is missing, where there is too much, or that limits contradict each other."""
        template = self.joined.template
        rows, places = template.balance_rows, [(self.y, *place) for place in template.balances]
        missing = filled(self.matrix, rows, places)
        if missing:
            text = say_unserved(missing, 0)[0]
            where = Message.known(text.rstrip("."), text.template, text.values) if isinstance(text, Message) else text
            why = Message("the existing park cannot serve the demands of {y} ({where})", y=self.y, where=where)
        else:
            why = Message(
                "what exists cannot be operated in {y} ({why})",
                y=self.y,
                why=self._too_much(filled(self.matrix, rows, places, sign=-1.0)),
            )
        return CaseError.because("park.toml: base_emissions: is left out, and {why}; give the figure", why=why)

    def _too_much(self, over: list[tuple[int, str, str, int, float]]) -> str:
        """Where power finds no use, and whose least loads may be why."""
        shares = self.inputs.conversion.min_load
        loads = [f"{k} (min_load = {share:g})" for k, share in shares.items() if _given(self.inputs, self.y, "capacity", k) > 0]
        run = Message("; at no less than their min_load run: {loads}", loads=", ".join(loads)) if loads else ""
        if not over:
            return Message("limits contradict each other{run}", run=run)
        _, zone, carrier, t, power = over[0]
        return Message(
            "no use is found for {power} MW of {carrier} in {zone}, hour {t} of the profiles{run}",
            power=f"{power:,.3g}",
            carrier=carrier,
            zone=zone,
            t=t,
            run=run,
        )


def rounded(emissions: float) -> float:
    """The number with `DIGITS` significant digits."""
    return float(f"{emissions:.{DIGITS}g}")


def _given(inputs: Inputs, y: int, kind: str, name: str) -> float:
    """What a year is given: what exists, demands as they are, the CO2 of processes, inflows, no land restored."""
    if kind == "capacity":
        return inputs.capacity.existing.get((name, y), 0.0)
    if kind == "demand":
        return inputs.demands.energy[name, y]
    return inputs.stated(y).get((kind, name), 0.0)


# --- base of ---------------------------------------------------------------------------------------------------------------
# Base emissions of a park that states none: those of its bills of the base year, and of its operation where it has no bill.

#: A difference by more than this share of the bill is worth a look.
APART = 0.1


def base_of(case: Case, warn: Callable[[Message], None] = lambda _: None) -> BaseEmissions:
    """Base emissions (t) of a park that does not state them, of which the ledger approves; `warn` is told where its bills and its
    operation are apart. Raises what `operate_base_year` does."""
    base = operate_base_year(case)
    emissions = with_bills(case, base.emissions, base.dispatch)
    check_base(case, emissions, base.dispatch)
    for line in off_the_bills(case, base.dispatch):
        warn(line)
    return emissions


def with_bills(case: Case, operated: BaseEmissions, dispatch: pd.DataFrame) -> BaseEmissions:
    r"""Base emissions with what the bills of the base year say was bought in place of what the operation buys.

    .. math::
        E = E^{op} + \sum_s f_s (q_s - \sum_t w_t x_{s,t}), \qquad f_s = \sum_t w_t x_{s,t} f_{s,t} / \sum_t w_t x_{s,t}

    for s in SUPPLIES with a bill; f of a supply that the operation does not buy is the mean over the hours.

    q  billed   MWh (s)     x  import of an hour   MW (s,t)     w  hours that it stands for   h (t)     f  factor   t/MWh (s,t)
    """
    billed = {b.supply: b.value * yearly_factor(b.unit, "MWh") for b in case.bills if b.year == case.park.base_year}
    if not billed:
        return operated
    inputs, (y, basis) = resolve_existing(case), (case.park.base_year, case.park.accounting)
    own = standard = location = 0.0
    for s, energy in billed.items():
        rows = dispatch[(dispatch["name"] == s) & (dispatch["flow"] == "import")]
        hours = (rows["value"] * rows["weight"]).to_numpy()
        bought, hours = float(hours.sum()), hours if hours.any() else np.ones(case.hours)
        of_basis = {b: hours @ inputs.supplies.hourly_factor(s, y, b, len(hours)) / hours.sum() for b in ("market", "location")}
        more, is_second = energy - bought, inputs.supplies.scope.get(s) == 2
        own += more * of_basis[basis]
        standard += more * inputs.standard.factor.get((s, basis, y), of_basis[basis])
        location += more * of_basis["location" if is_second else basis]
    by_location = None if operated.location is None else rounded(operated.location + location)
    return BaseEmissions(rounded(operated + own), rounded(operated.standard + standard), by_location, float(operated))


def net_imports(dispatch: pd.DataFrame, supply: str) -> tuple[float, float]:
    """What is bought from a supply and what is sold to it (MWh), by the columns of dispatch.parquet."""
    own = dispatch[dispatch["name"] == supply]
    bought, sold = (own[own["flow"] == flow] for flow in ("import", "export"))
    return float((bought["value"] * bought["weight"]).sum()), float((sold["value"] * sold["weight"]).sum())


def off_the_bills(case: Case, dispatch: pd.DataFrame) -> Iterator[Message]:
    """A warning for each supply whose bill of the base year and its operation are more than `APART` from each other."""
    for bill in case.bills:
        billed = bill.value * yearly_factor(bill.unit, "MWh")
        bought, _ = net_imports(dispatch, bill.supply)
        if bill.year == case.park.base_year and billed and abs(bought - billed) > APART * billed:
            yield Message(
                "bills.csv: {supply} {year}: {billed} MWh on the bills, {modelled} MWh as operated ({apart}); base emissions, of "
                "which goals are shares, are those of the bills (`plan check --baseline` tells more)",
                supply=bill.supply,
                year=bill.year,
                billed=f"{billed:,.0f}",
                modelled=f"{bought:,.0f}",
                apart=f"{(bought - billed) / billed:+.1%}",
            )
