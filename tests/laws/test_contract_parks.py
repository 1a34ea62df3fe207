"""Laws that hold of every random park that buys by contract, and of every one that is bound from all sides."""

import pytest
from contract_parks import bound_park, contract_park, standby_park
from random_parks import GAP, plan_of
from slowly import first

from models.inputs import resolve
from models.park import build_hours
from planner.planning.run import Options, plan_park
from planner.solve.handover.matrix import name_model
from planner.solve.hours.all_hours import all_hours
from planner.solve.year.template import with_all_assets

#: Parks of a test run; by hand some hundreds more.
PARKS = 10
#: The first of them was called infeasible that has a plan, the second had no verdict.
BOUND = (2074, 2084, *range(8))
LOOSE = 1e-3


@pytest.mark.parametrize("fives", first(1, range(PARKS // 5)))
def test_both_methods_find_the_same_cost(fives: int) -> None:
    for seed in range(5 * fives, 5 * fives + 5):
        case = contract_park(seed).case()
        whole = plan_of(case)
        other = plan_park(case, Options(gap=LOOSE, compare=False, method="decomposed")).target
        assert other.bound <= whole.system_cost * (1 + 1e-7), seed
        assert other.system_cost >= whole.bound * (1 - 1e-7), seed
        assert other.system_cost <= other.bound / (1 - other.gap) * (1 + GAP), seed
        assert other.gap <= (LOOSE if other.status == "optimal" else 2 * LOOSE), seed  # a search that stalls says what it reached


@pytest.mark.parametrize("seed", first(2, range(4)))
def test_both_methods_find_one_cost_where_contracts_stand_by_for_a_unit_that_is_out(seed: int) -> None:
    """And the ledger finds every operation with a unit out served, within what is contracted."""
    case = standby_park(seed).case()
    whole = plan_park(case, Options(gap=LOOSE, compare=False, method="whole")).target
    other = plan_park(case, Options(gap=LOOSE, compare=False, method="decomposed")).target
    assert whole.outages and other.outages and max(whole.gap, other.gap) <= 2 * LOOSE
    assert other.bound <= whole.system_cost * (1 + GAP) and whole.bound <= other.system_cost * (1 + GAP)


@pytest.mark.parametrize("seed", first(2, range(4)))
def test_the_hours_laid_out_from_three_have_the_entries_that_pyomo_builds(seed: int) -> None:
    case = contract_park(seed).case()
    inputs = with_all_assets(resolve(case, case.goal, 6000.0))
    y = inputs.years[-1]
    laid, whole = all_hours(inputs, y), name_model(build_hours(inputs, y), len(inputs.calendar.weight))
    assert sorted(laid.matrix.value.round(9).tolist()) == sorted(whole.matrix.value.round(9).tolist())


@pytest.mark.parametrize("fives", first(1, range(len(BOUND) // 5)))
def test_both_methods_have_one_verdict_and_one_cost_of_parks_bound_from_all_sides(fives: int) -> None:
    """Signed orders, limits by year, reserves, units and spacing beside a goal that binds; not every goal can be reached."""
    for seed in BOUND[5 * fives : 5 * fives + 5]:
        case = bound_park(seed).case()
        whole = plan_park(case, Options(gap=GAP, method="whole")).target
        for gap in (LOOSE, GAP):
            other = plan_park(case, Options(gap=gap, compare=False, method="decomposed")).target
            assert other.has_tables == whole.has_tables, (seed, gap, whole.status, other.status)
            if not whole.has_tables:
                assert (whole.status, other.status) == ("infeasible", "infeasible"), (seed, gap)
                continue
            assert other.bound <= whole.system_cost * (1 + GAP), (seed, gap)
            assert other.system_cost >= whole.bound * (1 - GAP), (seed, gap)
            assert other.system_cost <= whole.system_cost * (1 + gap + GAP), (seed, gap)
