r"""The whole method: investment and operation of all years as one mixed-integer linear programme (the extensive form).

.. math:: \min\; c \cdot x \quad l \le A x \le u, \quad x_i \in \mathbb{Z} \text{ for } i \text{ in the integers}

1. Without integers: the optimum by `handover.linear`.
2. Small (up to `LARGE` columns): branch and bound of HiGHS, with presolve and without.
3. Large: relax the integers, whose optimum is a lower bound; round (`rounding`), fix and solve again (a rounding heuristic), whose
   optimum is an upper bound. Where the two are within the gap the plan is optimal within it.
4. Else branch and bound with that plan as MIP start.

Returns an `Answer`: optimal within the gap, feasible at a limit, infeasible, unbounded or failed. Raises Stopped once the watch in
force is over; the solver then has the best plan so far.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from planner.language.message import Message
from planner.language.words import NOT_ROUNDED, RELAXED
from planner.machine.stopping import Stopped
from planner.solve.handover.matrix import INFINITY
from planner.solve.handover.solver import LARGE, Answer, Deadline, Solver, by_size, has_hipo


@dataclass(frozen=True)
class Limits:
    """How far to solve, by either method: relative gap, and seconds of wall time (None = no limit). The last is of the
    decomposed method alone.

    enough  a plan to start from is kept, and whole numbers are not searched, where its relative gap is at most this; 0: never
    """

    gap: float = 1e-3
    seconds: float | None = None
    enough: float = 0.0


Say = Callable[[str], None]


def solve_whole(
    solver: Solver, limits: Limits, say: Say = lambda _: None, rounding: Callable[[np.ndarray], np.ndarray] | None = None
) -> Answer:
    """The optimum of the matrix that the solver holds, within the gap or the time.

    Raises Stopped where the watch in force ends it; the solver's `incumbent` is then the best plan so far.
    `rounding`: from the values of all columns of the relaxed optimum to whole numbers of the integer ones; by default the nearest.
    """
    clock = Deadline(limits.seconds)
    solver.forget()
    solver.clear()  # nothing of another plan is begun from
    matrix = solver.matrix
    large = len(matrix.columns) > LARGE
    if not matrix.integer.any():
        return by_size(solver, large, clock)
    if not large:
        solver.options(mip_rel_gap=limits.gap, mip_abs_gap=0.0, solver="choose", **clock.option(solver))
        return in_whole_numbers(solver, lambda: _checked(solver))
    return _round_and_prove(solver, limits, clock, say, rounding)


def in_whole_numbers(solver: Solver, solve: Callable[[], Answer]) -> Answer:
    """Branch and bound whose point holds with its integers rounded.

    HiGHS takes an integer of 1e-8 for 0, which allows an order of 1e-4 where 10,000 may be ordered. Such an integer is branched on
    here, and what is 0 where it is has no column left: of both parts the cheaper point, and the lower of the bounds.
    """
    answer = solve()
    matrix, count = solver.matrix, len(solver.matrix.columns)
    place = matrix.held_by_a_fraction(answer.values[:count]) if answer.has_point else None
    if place is None:
        return answer
    held, holds = matrix.none_without()
    own, least = np.array([place], dtype=np.int32), np.floor(answer.values[place] + 0.5)
    without = np.unique(held[holds == place]).astype(np.int32) if least == 0 else own[:0]
    lower, upper = matrix.lower[own], matrix.upper[own]
    parts = []
    for low, high in ((lower, np.array([least])), (np.array([least + 1]), upper)):
        solver.clear()
        solver.set_bounds(own, low, high)
        solver.set_bounds(without, np.zeros(len(without)), np.zeros(len(without)))
        parts.append(in_whole_numbers(solver, solve))
        solver.restore_columns(np.concatenate([own, without]))
        without = own[:0]
    best = min(parts, key=lambda part: part.objective if part.has_point else INFINITY)
    bounds = [part.objective if part.status == "infeasible" else part.bound for part in parts]
    return replace(best, bound=min(bounds), seconds=answer.seconds + sum(part.seconds for part in parts))


def _checked(solver: Solver) -> Answer:
    """Branch and bound in two forms, with presolve and then, from the point found, without: the cheaper point and the lower of the
    two bounds. A mistake in one form then makes no dear plan optimal, no bound too high and no problem infeasible.

    Where a limit ends the second without a point, the first answer counts as it is.
    """
    first = solver.decided(duals=False)
    if first.status not in ("optimal", "infeasible"):
        return first
    try:
        second = solver.without_presolve(duals=False, start=first.values if first.has_point else None)
    except Stopped:
        return first
    if not second.has_point:
        return first if first.has_point or second.status == first.status else second
    bound = min(first.bound, second.bound) if first.has_point else second.bound
    best = first if first.has_point and first.objective <= second.objective else second
    return replace(best, bound=bound, seconds=first.seconds + second.seconds)


def _round_and_prove(
    solver: Solver, limits: Limits, clock: Deadline, say: Say, rounding: Callable[[np.ndarray], np.ndarray] | None
) -> Answer:
    solver.relax(True)
    relaxed = by_size(solver, True, clock)
    if not relaxed.has_point:
        solver.relax(False)
        return relaxed
    say(Message(RELAXED, cost=f"{relaxed.objective:,.0f}", seconds=f"{relaxed.seconds:.1f}"))
    places = np.flatnonzero(solver.matrix.integer).astype(np.int32)
    whole = rounding(relaxed.values) if rounding else np.round(relaxed.values[places])
    solver.set_bounds(places, whole, whole)
    solver.options(solver="simplex", **clock.option(solver))
    fixed = solver.run()
    solver.restore_columns(places)
    solver.relax(False)
    seconds = relaxed.seconds + fixed.seconds
    if fixed.has_point and _gap(fixed.objective, relaxed.bound) <= limits.gap:
        return replace(fixed, bound=relaxed.bound, seconds=seconds, row_duals=None)
    say(Message(NOT_ROUNDED))
    if fixed.has_point:
        solver.known = replace(fixed, status="feasible", bound=relaxed.bound, row_duals=None)
        solver.start_from(fixed.values)
    solver.options(mip_rel_gap=limits.gap, mip_abs_gap=0.0, solver="choose", **clock.option(solver))
    if has_hipo():
        solver.options(mip_lp_solver="hipo")
    answer = in_whole_numbers(solver, solver.decided)
    best = answer if answer.has_point else solver.incumbent() or answer
    return replace(best, seconds=seconds + answer.seconds)


def _gap(objective: float, bound: float) -> float:
    return abs(objective - bound) / max(abs(objective), 1e-9)
