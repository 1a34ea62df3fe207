r"""The operation of a year in every hour, with the decisions over the years fixed: a linear programme, solved by column generation.

.. math:: \min\; c_a(T, K) + \sum_w c_w \cdot v_w \quad T = \sum_w S_w v_w, \quad K \ge k_w(v_w), \quad v_w \in X_w

Its months w are blocks: they touch each other only in the yearly totals T and the contracted capacity K, on which the account of
the year (certificates, credits, rules) depends. This is the decomposition of Dantzig and Wolfe (1960); a column is one operation of
one month.

1. Restricted master (`restricted_master`): the account with a convex combination, λ, of the columns known,

   .. math:: \min\; c_a(T, K) + \sum_{w,j} \lambda_{w,j}\, c_{w,j} \quad
      T_i = \sum_{w,j} \lambda_{w,j}\, t_{w,j,i}, \quad K \ge \sum_j \lambda_{w,j}\, k_{w,j}, \quad \sum_j \lambda_{w,j} = 1

   Its duals are prices of the totals and of the contracted capacity. They are kept in a soft box around the first prices; the
   optimum is an upper bound once the box does not make it less.
2. The box is widened where its edge was reached.
3. Upper and lower bound are within the gap, also with a box as wide as is needed: ends. If only with the box, duals and box stay as
   they were. It also ends where all columns of some month have slack: the plan fails anyway. A trial of the Benders master goes
   on, since its cut needs the bound.
4. Prices to try: between the best so far (the stability centre) and the duals (smoothing; Wentges, "Weighted Dantzig-Wolfe
   decomposition", 1997). Where the columns known cannot keep to a limit of a total, its dual is that of a penalty, and says
   nothing: the duals are then cut off at the box that 2 has just widened. Such prices give columns and no bound.
5. Pricing: each month is solved at these prices (`months`); the operations found are new columns. What months and account cost at
   these prices is a lower bound, the Lagrangian bound.
6. If it is the best so far, these prices are the centre. If not, the next prices are the duals themselves: they raise the bound or
   give a new column. Back to 1, for `ROUNDS` rounds at most; then 1 and 2 until nothing changes.
7. At the end, a month that has columns without slack may not use its columns with slack, unless totals would then miss a limit.

`generate` returns the number of rounds; the solution stands in the restricted master. Raises SolverError where HiGHS gives no
answer, and Stopped once the watch in force is over.

T  yearly total   MWh, t (i)     K  contracted capacity   MW     v  operation of a month     λ  share of a column   1 (w,j)
c  cost   money     S  sums of a month     t, k  totals and contracted capacity of a column (w,j)
"""

from __future__ import annotations

from planner.solve.hours.columns import Columns
from planner.solve.hours.prices import Prices
from planner.solve.hours.restricted_master import RestrictedMaster

#: Smoothing: share of the stability centre in the prices that are tried next.
SMOOTH = 0.5
#: Where the bound has risen by this share of what a straight line to the duals would give, the duals themselves are tried next.
STRAIGHT = 0.8
#: Rounds after which the best solution so far is taken.
ROUNDS = 40


def generate(columns: Columns, master: RestrictedMaster, is_trial: bool, centre: Prices | None = None) -> int:
    """Rounds of restricted master and pricing until the gap is closed; returns their number.

    centre  the first stability centre: the best prices tried so far, where they are more than a guess
    """
    smooth, rounds = SMOOTH, 0
    while rounds < ROUNDS:
        master.solve()
        is_widened = master.widen_box()
        gives_up = columns.has_month_with_slack() and not is_trial
        if gives_up or (master.is_within_gap() and (not is_widened or master.is_within_gap_without_box())):
            break
        rounds += 1
        if is_widened and master.misses_totals():
            columns.price_months(*master.boxed_prices())
            continue
        prices = master.duals if centre is None else centre.towards(master.duals, 1 - smooth)
        lowest, slope = columns.price_months(prices.totals, prices.contracts)
        bound = prices.value + lowest
        if bound > master.bound:
            is_straight = bound - master.bound >= STRAIGHT * (1 - smooth) * (master.objective - master.bound)
            master.bound, master.bound_at, columns.slope = bound, prices, slope
            smooth = 0.0 if is_straight and centre is not None else SMOOTH
            centre = prices
        else:
            smooth = 0.0
    else:
        master.solve()
        while master.widen_box():
            master.solve()
    master.exclude(columns.with_avoidable_slack())
    return rounds
