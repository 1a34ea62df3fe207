"""Branch and bound over the integers of the master under the cuts found, by HiGHS: all of them, or some with the others fixed or
relaxed.

Returns HiGHS's answer, whose values are those of the columns of the master. Raises Stopped once the watch in force is over.
"""

from __future__ import annotations

import numpy as np

from planner.solve.benders.master import Master
from planner.solve.handover.answer import Answer
from planner.solve.handover.highs import NO_LIMIT
from planner.solve.handover.matrix import INFINITY
from planner.solve.whole.whole import in_whole_numbers

#: Heuristics of HiGHS that are off in searches of several nodes: they take half of the time there and find nothing better. They
#: are on in a search that ends at its root node, where a first assignment is wanted.
SLOW_HEURISTICS = "mip_heuristic_run_rens", "mip_heuristic_run_root_reduced_cost"
#: In a search for the fewest orders a cost difference of `ITS_COST` (share of the cost) weighs as much as `HALF_AN_ORDER`.
HALF_AN_ORDER, ITS_COST = 0.5, 1e-3


def branch_and_bound(
    master: Master,
    start: np.ndarray | None,
    gap: float,
    seconds: float,
    fixed: np.ndarray | None = None,
    nodes: int = 1,
    relaxed: np.ndarray | None = None,
) -> Answer:
    """The least-cost assignment of the integers.

    start    an assignment for a MIP start
    fixed    True for integers that are fixed at `start`, or at 0 where there is none: bound and infeasible then prove nothing
    relaxed  True for integers that are relaxed: without `fixed` the bound is one of the master
    nodes    after which the search ends where `fixed` or `relaxed` is given, so that its result does not depend on the clock
    """
    solver, integers = master.solver, master.integers
    solver.clear()
    solver.relax(False)
    if relaxed is not None:
        solver.relax_some(integers[relaxed])
    held = integers[np.zeros(len(integers), dtype=bool) if fixed is None else fixed]
    values = np.zeros(len(held)) if start is None or fixed is None else np.round(start[fixed])
    solver.set_bounds(held, values, values)
    if start is not None:
        required = np.ones(len(integers), dtype=bool) if relaxed is None else ~relaxed
        solver.start_from(start[required], integers[required])
    limits = {} if fixed is None and relaxed is None else {"mip_max_nodes": nodes, "mip_allow_restart": False}
    limits |= dict.fromkeys(SLOW_HEURISTICS, False) if nodes > 1 else {}
    solver.options(mip_rel_gap=gap, mip_abs_gap=0.0, solver="choose", time_limit=solver.until(seconds), **limits)
    try:
        return in_whole_numbers(solver, solver.decided) if relaxed is None else solver.decided()
    finally:
        solver.relax(True)
        master.restore(held)
        free = {"mip_max_nodes": NO_LIMIT, "mip_allow_restart": True, **dict.fromkeys(SLOW_HEURISTICS, True)}
        solver.options(time_limit=INFINITY, **free)


def fewest_orders(master: Master, start: np.ndarray, most: float, seconds: float, nodes: int) -> Answer:
    """The assignment with the fewest orders whose cost under the cuts is at most `most` (money).

    Its objective is a weighted sum: orders plus cost, of which 0.2 % (`ITS_COST` for half an order) count as one order. So of as
    many orders it finds the cheapest, but an order less has to be worth its cost where `most` is further above the bound than that.
    `start` and `nodes` as in `branch_and_bound`.
    """
    solver, count = master.solver, np.zeros(len(master.costs))
    count[master.integers[master.order_binaries]] = 1.0
    solver.set_cost((count + HALF_AN_ORDER / max(abs(most) * ITS_COST, 1.0) * master.costs) / solver.scale)
    try:
        with master.cost_limit(most):
            return branch_and_bound(master, start, 0.0, seconds, np.zeros(len(start), dtype=bool), nodes)
    finally:
        solver.set_cost(master.costs, master.matrix.offset)
