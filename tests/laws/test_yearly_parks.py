"""Whole = decomposed on random parks whose costs and profiles follow the years; the ledger works out each plan too."""

import pytest
from slowly import first
from yearly_parks import yearly_park

from planner.planning.run import Options, plan_park

GAP = 1e-6


@pytest.mark.parametrize("seed", first(3, range(8)))
def test_both_methods_say_the_same_of_a_park_whose_costs_and_profiles_follow_the_years(seed: int) -> None:
    case = yearly_park(seed).case()
    found = [plan_park(case, Options(gap=GAP, compare=False, method=method)).target for method in ("whole", "decomposed")]
    whole, other = found
    assert whole.status == other.status
    if whole.system_cost is None:
        return
    within = 2 * GAP * max(1.0, abs(whole.system_cost), abs(float(whole.tables["system_cost"]["value"].abs().max())))
    assert abs(whole.system_cost - other.system_cost) <= within, (whole.system_cost, other.system_cost)
