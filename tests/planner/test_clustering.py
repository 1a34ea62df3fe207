"""Hierarchical clustering of days: medoids, days that are kept, and the mean of the year."""

import numpy as np
import pytest

from planner.days import clustered


def days(*levels: float) -> np.ndarray:
    """A series of days, each constant at its level."""
    return np.repeat(np.array(levels, dtype=float), 24)[:, None]


def of(series: np.ndarray, clusters: int, kept: tuple[int, ...] = ()) -> tuple[list[int], list[int], list[float]]:
    """Typical day of each day, the days that they were, their levels."""
    of_day, drawn, values = clustered(series, np.ones(1), clusters, kept, np.array([True]))
    return of_day.tolist(), drawn.tolist(), values[::24, 0].round(9).tolist()


def test_like_days_are_one_typical_day_and_clusters_stand_in_the_order_of_the_calendar() -> None:
    """Medoids: of 9 and 10 the first, day 1; of 1, 2 and 2 the first 2, day 2. As shares of [1, 10] the days come to 0 + 8 + 1 + 1 + 9 = 19
    ninths, the medoids to 2 · 8 + 3 · 1 = 19: nothing is scaled."""
    assert of(days(1, 9, 2, 2, 10), 2) == ([1, 0, 1, 1, 0], [1, 2], [9.0, 2.0])


def test_medoids_are_scaled_to_the_mean_of_the_year_within_its_highest_value() -> None:
    """0, 1, 1 and 9, 10: the medoids come to 3 · 1 + 2 · 9 = 21, the days to 21; with 8 in place of 9, 8 is shown: 19 in place of 20 tenths
    are there, so each is multiplied by 20 / 19."""
    assert of(days(0, 1, 1, 9, 10), 2)[2] == [1.0, 9.0] and of(days(0, 1, 1, 8, 10), 2)[2] == pytest.approx([20 / 19, 160 / 19])
    # One day stands for 0, 0, 0 and 4, its medoid 0: nothing to scale, so what lacks is shared by the room that is left.
    assert of(days(0, 0, 0, 4), 1) == ([0, 0, 0, 0], [0], [1.0])
    assert of(days(3, 3, 3), 1) == ([0, 0, 0], [0], [3.0])


def test_a_day_that_is_kept_stands_for_itself_unless_it_shows_a_cluster() -> None:
    """10 is kept; 1, 2, 2 and 9 are one cluster, its medoid 2 (day 2): shares 0 + 1 + 1 + 8 = 10 ninths in four days, so 2.5 ninths above 1."""
    assert of(days(1, 9, 2, 2, 10), 1, kept=(4,)) == ([0, 0, 0, 0, 1], [2, 4], [3.5, 10.0])
    assert of(days(1, 9, 2, 2, 10), 2, kept=(2,))[1] == [1, 2]
