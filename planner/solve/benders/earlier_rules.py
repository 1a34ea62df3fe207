r"""A point to start from where rules begin earlier than in the plan that the point comes from.

.. math:: \min_x\; c \cdot x + \sum_y \delta_y \theta_y \quad |x_i - t_i| \le r s_i

over the decisions of the master and its cuts: the cheapest ones (`least_near`) near a target t. In t a year with new rules has
the linking variables of the next later year that had these rules (`YearsWarmStart.like`), and each other year its own. Such
decisions nearly keep the rules, and cost little more than the optimum. The point itself pays a penalty in the years with new
rules, and a trust region around it takes many trials to lead out of that.

Returns a point of the master; the given one where no year has new rules. Raises Stopped once the watch in force is over.

t  target     s  size of a linking variable     r  the first radius of `least_near` in which there are decisions
θ  operating cost of a year, by its cuts     δ  discount of a year
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from planner.solve.benders.master import Master
from planner.solve.benders.slack_removal import least_near
from planner.solve.year.subproblem import YearSet


def with_earlier_rules(master: Master, years: YearSet, point: np.ndarray, like: Mapping[int, int]) -> np.ndarray:
    """The point to start from.

    point  values of the master's columns    money or units of each    (column)
    like   year with new rules -> the later year that it is to be like
    """
    if not like:
        return point
    target = point.copy()
    for y, later in like.items():
        there = dict(zip(years.years[later].links, master.links[later].tolist(), strict=True))
        for link, place in zip(years.years[y].links, master.links[y].tolist(), strict=True):
            target[place] = point[there.get(link, place)]
    found = least_near(master, target)
    return point if found is None else found
