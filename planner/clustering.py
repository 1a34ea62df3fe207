r"""Hierarchical clustering of the days of a year, each cluster shown by its medoid, scaled so that the mean of the year is kept.

1. Each series is scaled to [0, 1] over the year. A day is the point of its hours in all series.
2. Days are joined by Ward's method (Ward, 1963: least increase of the squared distances within clusters), as scipy does it.
3. A cluster is shown by its medoid: the day with the least sum of distances to the others; of equal ones the first.
4. Days that are kept as they are leave their clusters and stand for themselves.
5. In each series the values of the medoids are scaled, so that what all days stand for comes to the sum of the year; what would
   pass 1 stays there, and the rest is shared in proportion to the room that is left.

.. math:: \sum_d n_d\, \hat x_{d,h} = \sum_t x_t, \qquad 0 \le \hat x \le 1

The order of the clusters is that of their medoids in the calendar. This is the method of tsam (Kotzur et al., 2018) with medoids,
and shares are rounded as there: where days are equally near, the last digit decides, and the days are to be those of before.

n  days that a typical day stands for     x  a series, scaled to [0, 1]
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

HOURS = 24
#: Distances are compared to so many decimals: the order in which sums are made decides no day.
DECIMALS = 10
#: Passes of step 5 at most, and its relative tolerance.
PASSES, TOLERANCE = 20, 1e-6


def clustered(
    series: np.ndarray, weights: np.ndarray, clusters: int, kept: Iterable[int], scales: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Typical day of each day (days,), the calendar day that each typical day was, and values (hours of the typical days, series).

    series   values (hours, series), whole days        weights  of the series in distances
    clusters  number of clusters
    kept     calendar days that stand for themselves, behind the clusters; none that a cluster is shown by anyway
    scales   True for series whose mean is kept
    """
    from scipy.cluster import hierarchy  # here, since a park of few days needs none of it

    low, span = series.min(axis=0), np.ptp(series, axis=0)
    factor = 1.0 / np.where(span > 0, span, 1.0)
    shares = series * factor - low * factor
    days = shares.reshape(-1, HOURS, series.shape[1])
    points = (days * weights).transpose(0, 2, 1).reshape(len(days), -1)
    label = hierarchy.cut_tree(hierarchy.ward(points), n_clusters=clusters)[:, 0]
    medoids = {c: _medoid(points, np.flatnonzero(label == c)) for c in np.unique(label)}
    shown = sorted(medoids.values())
    alone = [day for day in dict.fromkeys(kept) if day not in shown]
    of_day = np.array([shown.index(medoids[c]) for c in label])
    of_day[alone] = len(shown) + np.arange(len(alone))
    drawn = np.array([*shown, *alone], dtype=int)
    values, stands_for = days[drawn], np.bincount(of_day).astype(float)
    for s in np.flatnonzero(scales):
        rest = days[:, :, s].sum() - values[len(shown) :, :, s].sum()
        values[: len(shown), :, s] = _filled(values[: len(shown), :, s], stands_for[: len(shown), None], rest)
    return of_day, drawn, (low + values * span).reshape(-1, series.shape[1])


def _medoid(points: np.ndarray, members: np.ndarray) -> int:
    """The member with the least sum of distances to all members."""
    from scipy.spatial.distance import cdist

    distances = cdist(points[members], points[members]).sum(axis=0)
    return int(members[np.argmin(np.round(distances, DECIMALS))])


def _filled(values: np.ndarray, weights: np.ndarray, total: float) -> np.ndarray:
    """Values in [0, 1], scaled so that their weighted sum is the total, as near as that can be."""
    now = float((weights * values).sum())
    filled = np.clip(values * (total / now) if now > 0 and total > 0 else values, 0.0, 1.0)
    for _ in range(PASSES):
        lacking = total - float((weights * filled).sum())
        room = 1.0 - filled if lacking > 0 else filled
        most = float((weights * room).sum())
        if abs(lacking) <= TOLERANCE * max(abs(total), 1.0) or most <= 0:
            break
        filled = np.clip(filled + np.sign(lacking) * min(abs(lacking) / most, 1.0) * room, 0.0, 1.0)
    return filled
