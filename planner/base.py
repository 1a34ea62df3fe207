"""Base emissions left out: gross of the least-cost operation of what exists, in all hours of the base year as one chain.

Typical days play no part, so that the number is the same in every plan, rerun and comparison of a park.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np

from models.case import Case
from models.errors import CaseError, SolverError
from models.inputs import Inputs, resolve_existing
from planner.explain.blocking import filled
from planner.explain.words import say_unserved
from planner.solve.highs import Answer, Solver
from planner.solve.joined import Joined
from planner.solve.repeated import all_hours
from planner.solve.template import Template, everywhere
from planner.solve.whole import Limits, solve_linear, solve_whole

#: Choices of a charge basis that are all tried; where there are more, branch and bound looks for the cheapest.
TRIED = 3
#: Relative gap of that branch and bound.
GAP = 1e-9
#: A reduced cost or a dual below this, where a typical cost of a column is 1, is none: what it is of costs the same.
EQUAL = 1e-7


def base_emissions(case: Case) -> float:
    """Gross emissions (t) of the least-cost operation of what exists, with the numbers of the base year.

    Of two charge bases the cheaper is paid. Among operations of equal cost the one with the least gross emissions counts.

    Raises CaseError where the existing park cannot serve that year's demands, saying in which hour, or emits nothing, and
    SolverError where HiGHS gives no answer.
    """
    year = _BaseYear(resolve_existing(case))
    base = year.least_gross(year.least_cost())
    if base <= 1e-6:
        raise CaseError(
            [f"park.toml: base_emissions: is left out, and the existing park emits nothing in {year.y}; give the figure"]
        )
    return base


class _BaseYear:
    """The base year as one linear programme of all hours, but for the choice of a charge basis."""

    def __init__(self, inputs: Inputs) -> None:
        (self.y,) = inputs.years
        inputs = everywhere(inputs)
        self.joined = Joined(inputs, self.y, Template(inputs, self.y, all_hours(inputs, self.y)))
        links, self.matrix = self.joined.links(), self.joined.matrix
        lower, upper = self.matrix.lower.copy(), self.matrix.upper.copy()
        for (kind, name), place in links.items():
            if kind != "pays_capacity":
                lower[place] = upper[place] = _given(inputs, self.y, kind, name)
        self.bases = np.array([place for (kind, _), place in links.items() if kind == "pays_capacity"], dtype=np.int32)
        integer = np.zeros(len(lower), dtype=bool)
        if len(self.bases) > TRIED:
            integer[self.bases] = True
        self.matrix = replace(self.matrix, lower=lower, upper=upper, integer=integer)
        self.solver = Solver(self.matrix)
        account, of_account = self.joined.account, self.joined.of_account
        self.gross = int(self.joined.place[of_account.column[id(account.figure["gross"])]])

    def least_cost(self) -> Answer:
        """The least-cost operation, with its duals; how each connection is paid is fixed in the solver from then on."""
        if len(self.bases) > TRIED:
            best = solve_whole(self.solver, Limits(GAP))
            ways = [np.round(best.values[self.bases])] if best.has_point else [np.zeros(len(self.bases))]
            self.solver.relax(True)
        else:
            ways = [np.array(way, dtype=float) for way in product((0.0, 1.0), repeat=len(self.bases))]
        found: list[tuple[float, int, Answer]] = []
        for number, way in enumerate(ways):
            self.solver.set_bounds(self.bases, way, way)
            answer = solve_linear(self.solver)
            if answer.has_point:
                found.append((answer.objective, number, answer))
        if not found:
            raise self._fault()
        _, number, answer = min(found, key=lambda f: f[:2])
        self.solver.set_bounds(self.bases, ways[number], ways[number])
        return answer

    def least_gross(self, cheapest: Answer) -> float:
        """The least gross emissions (t) of all operations that cost as little.

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
        found = answer if answer.has_point else cheapest
        return min(float(found.values[self.gross]), float(cheapest.values[self.gross]))

    def _fault(self) -> Exception:
        """Why there is no operation: where demand is missing, else that HiGHS found none."""
        template = self.joined.template
        missing = filled(self.matrix, template.balance_rows, [(self.y, *place) for place in template.balances])
        if not missing:
            return SolverError(f"operation of the base year {self.y}: HiGHS found none")
        where = "; ".join(say_unserved(missing, 0)).rstrip(".")
        return CaseError([
            f"park.toml: base_emissions: is left out, and the existing park cannot serve the demands of {self.y} ({where}); "
            "give the figure"
        ])


def _given(inputs: Inputs, y: int, kind: str, name: str) -> float:
    """What a year is given: what exists, demands as they are, the CO2 of processes, no land restored."""
    if kind == "capacity":
        return inputs.capacity.existing.get((name, y), 0.0)
    if kind == "demand":
        return inputs.demands.energy[name, y]
    return inputs.captures.process_co2.get((name, y), 0.0) if kind == "process" else 0.0
