r"""Stores that charge and discharge in the same hour, and the columns to hold at 0 so that a year is operated without that.

.. math:: \sum_t \min(c_{s,t}, d_{s,t}) > \beta \sum_t c_{s,t}: \qquad
   d_{s,t} = 0 \text{ where } c_{s,t} > d_{s,t}, \quad c_{s,t} = 0 \text{ where } d_{s,t} > c_{s,t}

No store does both in one hour. A linear year allows it, and column generation ends with a convex combination of operations of each
month, of which one may charge in an hour in which another discharges. With each store held to the way in which more flows, the year
still is a linear programme. Each of its operations is one of the year without that, whose lower bound so stays valid.

Returns the columns. Raises nothing.

c  charge, d  discharge   MW (s,t)     β  `BOTH_WAYS`   1
"""

from __future__ import annotations

import numpy as np

from planner.solve.handover.reduced import NONE
from planner.solve.hours.months import Hours

#: What may leave a store in the hours in which it is charged, as a share of what it is charged with in a year. A run warns of ten
#: times as much.
BOTH_WAYS = 0.001


def ways_to_close(hours: Hours, values: np.ndarray) -> frozenset[int]:
    """Columns to hold at 0: of each store that does both by more than `BOTH_WAYS`, the smaller flow of each hour.

    values  of all columns of the hours, as an operation has them   MW
    """
    found: set[int] = set()
    for store, into in hours.series.get("charge", {}).items():
        out = hours.series["discharge"][store]
        is_there = (into != NONE) & (out != NONE)
        into, out = into[is_there], out[is_there]
        charge, discharge = values[into], values[out]
        if np.minimum(charge, discharge).sum() > BOTH_WAYS * charge.sum():
            found.update(out[charge > discharge].tolist(), into[discharge > charge].tolist())
    return frozenset(found)
