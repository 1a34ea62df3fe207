"""Equal arrays of like years are kept once, and one year's changes are not another's."""

from itertools import pairwise

import numpy as np
import pytest
from random_parks import random_park
from scipy import sparse

from planner.solve.sharing import Shared
from planner.solve.years import Terms, Years


class Thing:
    def __init__(self, first: list[float], second: list[float]) -> None:
        self.first, self.second = np.array(first), np.array(second)
        self.matrix = sparse.csr_matrix(np.diag(first))


def test_equal_arrays_become_one_and_others_stay() -> None:
    shared, one, two = Shared(), Thing([1.0, 2.0], [3.0]), Thing([1.0, 2.0], [4.0])
    shared.share(one)
    shared.share(two)
    assert two.first is one.first
    assert two.matrix.data is one.matrix.data
    assert two.second.tolist() == [4.0]


def test_arrays_of_another_kind_or_place_are_not_shared() -> None:
    shared, one, two = Shared(), Thing([1.0], [2.0]), Thing([1.0], [2.0])
    two.second = np.array([2])
    shared.share(one, "here")
    shared.share(two, "here")
    assert two.second.dtype.kind == "i"
    three = Thing([1.0], [2.0])
    shared.share(three, "there")
    assert three.first is not one.first


def test_what_is_shared_cannot_be_changed_in_place() -> None:
    shared, one = Shared(), Thing([1.0], [2.0])
    shared.share(one)
    with pytest.raises(ValueError, match="read-only"):
        one.first[0] = 5.0


def test_what_is_forbidden_in_one_year_is_not_in_another() -> None:
    years = Years(random_park(17).inputs()).years.values()
    one, two = next(pair for pair in pairwise(years) if pair[0].likeness == pair[1].likeness)
    assert one.reduced.matrix.index is two.reduced.matrix.index
    before = two.reduced.upper.copy()
    barred = np.isin(one.reduced.columns, one.joined.columns_of("figure"))
    assert barred.any()
    one.stand_under(Terms(barred=("figure",)))
    assert not one.reduced.upper[barred].any()
    assert np.array_equal(two.reduced.upper, before)
