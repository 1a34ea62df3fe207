"""Both methods on random small parks with levels of heat, stores whose power is ordered apart, and connections of one way at a time."""

from collections.abc import Callable

import pytest
from engineer_parks import apart_park, cascade_park, one_way_park, worn_park
from parks import Draft
from random_parks import GAP, plan_of
from slowly import first

LOOSE = 1e-3


@pytest.mark.parametrize("seed", first(1, range(3)))
@pytest.mark.parametrize("made", [cascade_park, apart_park, one_way_park, worn_park])
def test_decomposed_is_whole_within_the_gaps_of_what_an_engineer_adds(made: Callable[[int], Draft], seed: int) -> None:
    case = made(seed).case()
    whole, other = plan_of(case), plan_of(case, LOOSE, "decomposed")
    spread = abs(whole.system_cost)
    assert other.bound <= whole.system_cost + 1e-7 * spread
    assert whole.bound - 1e-7 * spread <= other.system_cost <= whole.system_cost + (LOOSE + GAP) * spread
