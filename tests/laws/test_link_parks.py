"""Both methods on random parks with links by year, signed, kept and retired in lines: the same verdict and cost."""

import pytest
from link_parks import link_park
from slowly import first

from models.case import Case
from planner.plan import Plan
from planner.planning.run import Options, plan_park

#: Parks of a test run, and by hand some hundreds more.
PARKS = 10
GAPS = 1e-3, 1e-6
EXACT = 1e-7


def planned(case: Case, method: str, gap: float) -> Plan:
    return plan_park(case, Options(gap=gap, method=method, compare=False)).target


def check(seed: int) -> str:
    """Compare both methods on the park of a seed; gives the verdict."""
    case = link_park(seed).case()
    gap = GAPS[seed % len(GAPS)]
    whole, other = planned(case, "whole", EXACT), planned(case, "decomposed", gap)
    assert other.status == whole.status, seed
    if whole.has_tables:
        cent = 1e-2 + 1e-8 * abs(whole.system_cost)
        assert other.gap <= gap, seed
        assert other.bound <= whole.system_cost + cent, seed
        assert whole.bound - cent <= other.system_cost <= whole.system_cost + (gap + EXACT) * abs(whole.system_cost) + cent, seed
    return whole.status


@pytest.mark.parametrize("fives", first(1, range(PARKS // 5)))
def test_both_methods_say_the_same_of_a_park_with_links(fives: int) -> None:
    assert [check(seed) for seed in range(5 * fives, 5 * fives + 5)].count("optimal") >= 3
