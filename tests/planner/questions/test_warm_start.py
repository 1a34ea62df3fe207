"""What one solve found of the years: its cuts serve another solve where they hold for its years, and nowhere else."""

import numpy as np
import pytest

from models.case import Case
from models.inputs import resolve
from planner.clock import Clock
from planner.days import choose_days
from planner.machine.stopping import Watch
from planner.park import GoalRequest, read_case
from planner.planning import methods
from planner.planning.base import base_of
from planner.planning.methods import method_for
from planner.planning.run import Options, WarmStart, plan_park
from planner.planning.task import Task
from planner.solve.year.years import Years, YearsWarmStart, programme_of


def years_of(small, by: int) -> Years:
    case = read_case(small.folder, (), GoalRequest("zero-carbon", by, ()))
    return Years(resolve(case, case.goal, case.park.base_emissions or base_of(case), choose_days(case, 1)))


def test_a_cut_serves_a_year_with_more_rules_and_none_with_fewer(small):
    """By 2027 the rules of the goal hold in 2027 and 2028, by 2028 in 2028 alone."""
    later, earlier = years_of(small, 2028), years_of(small, 2027)
    programmes = {by: {y: programme_of(year) for y, year in years.years.items()} for by, years in ((2028, later), (2027, earlier))}
    assert programmes[2027][2027].rules and not programmes[2028][2027].rules
    assert programmes[2027][2027].is_bounded_by(programmes[2028][2027])
    assert not programmes[2028][2027].is_bounded_by(programmes[2027][2027])
    assert programmes[2027][2026] == programmes[2028][2026] and programmes[2027][2028] == programmes[2028][2028]


def test_what_is_taught_is_below_what_the_years_cost(small):
    """Cuts at no capacity and at 1 of each, seen from 0.3 of each."""
    known, later, earlier = YearsWarmStart(), years_of(small, 2028), years_of(small, 2027)
    assert list(known.apply_to(later)) == []
    for size in (0.0, 1.0):
        later.cuts({y: np.full(len(year.links), size) for y, year in later.years.items()})
    known.collect_from(later)
    served = list(known.apply_to(earlier))
    assert [sorted(cuts) for cuts in served] == [[2026, 2027, 2028]] * 2
    assert all(earlier.years[y].basis is not None for y in (2026, 2028))
    true = earlier.cuts({y: np.full(len(year.links), 0.3) for y, year in earlier.years.items()})
    for cuts in served:
        for y, cut in cuts.items():
            assert cut.value + cut.slope @ (true[y].point - cut.point) <= true[y].value + 1e-6 * abs(true[y].value)


def test_a_price_of_a_supply_makes_another_year_of_it(small):
    before = programme_of(years_of(small, 2028).years[2027])
    small.edit("prices.csv", "500", "510")
    assert not programme_of(years_of(small, 2028).years[2027]).is_bounded_by(before)


def test_a_search_that_was_taught_finds_the_same(small):
    options, warm = Options(method="decomposed", compare=False, gap=1e-5), WarmStart()
    costs = []
    for by, given in ((2028, warm), (2027, warm), (2027, WarmStart())):
        case = read_case(small.folder, (), GoalRequest("zero-carbon", by, ()))
        costs.append(plan_park(case, options, warm=given).plans["target"].system_cost)
    assert warm.years.cuts and costs[1] == pytest.approx(costs[2], rel=2e-5)


def task_by(small, by: int) -> tuple[Case, Task]:
    case = read_case(small.folder, (), GoalRequest("zero-carbon", by, ()))
    days = choose_days(case, 1)
    inputs = resolve(case, case.goal, case.park.base_emissions or base_of(case), days)
    return case, Task(inputs, case.park.currency, 1e-5, Clock(lambda *_: None, Watch(None)), days)


def test_decisions_of_a_like_park_are_begun_from_only_where_integers_can_all_be_searched(small, monkeypatch):
    """Where they cannot, near such decisions whole numbers may all need slack: the search is one of its own."""
    case, task = task_by(small, 2028)
    start = method_for(case, task, "decomposed").master.optimum().values
    assert method_for(case, task, "decomposed", start=start).best is start
    monkeypatch.setattr(methods, "MOST_SEARCHED", 0)
    assert method_for(case, task, "decomposed", start=start).best is None


def test_a_search_of_its_own_takes_no_cuts_of_another(small, monkeypatch):
    """The search by 2027 after that by 2028, with too many integers, is the one by 2027 alone."""
    monkeypatch.setattr(methods, "MOST_SEARCHED", 0)
    options, warm, given = Options(method="decomposed", compare=False, gap=1e-5), WarmStart(), []
    apply = YearsWarmStart.apply_to
    monkeypatch.setattr(YearsWarmStart, "apply_to", lambda self, years: given.append(apply(self, years)) or given[-1])
    costs = []
    for by, known in ((2028, warm), (2027, warm), (2027, WarmStart())):
        case = read_case(small.folder, (), GoalRequest("zero-carbon", by, ()))
        costs.append(plan_park(case, options, warm=known).plans["target"].system_cost)
    assert costs[1] == costs[2] and not any(given)
