"""What one solve found of the years: its cuts serve another solve where they hold for its years, and nowhere else."""

import numpy as np
import pytest

from models.case import Case
from models.inputs import Inputs, resolve
from models.park import build_master
from planner.clock import Clock
from planner.days import choose_days
from planner.machine.stopping import Watch
from planner.park import GoalRequest, read_case
from planner.planning import methods
from planner.planning.base import base_of
from planner.planning.methods import method_for
from planner.planning.run import Options, WarmStart, plan_park
from planner.planning.task import Task
from planner.solve.benders.master import Master
from planner.solve.year.years import Years


def years_of(small, by: int) -> tuple[Inputs, Years]:
    case = read_case(small.folder, (), GoalRequest("zero-carbon", by, ()))
    inputs = resolve(case, case.goal, case.park.base_emissions or base_of(case), choose_days(case, 1))
    return inputs, Years(inputs)


@pytest.mark.parametrize("price", ["500", "490", "510"])
def test_cuts_of_another_search_are_below_what_the_hours_cost(small, price):
    """By 2027 the rules of the goal hold in 2027 and 2028, by 2028 in 2028 alone. Cuts at no capacity and at 1 of each, seen from 0.3
    of each; also where power has another price since."""
    _, later = years_of(small, 2028)
    for size in (0.0, 1.0):
        later.cuts({y: np.full(len(year.links), size) for y, year in later.years.items()})
    small.edit("prices.csv", "500", price)
    inputs, earlier = years_of(small, 2027)
    master = Master(inputs, build_master(inputs), earlier)
    earlier.begin_as(later)
    for y, year in later.years.items():
        master.cuts.know(year, later.found[y])
    assert all(earlier.years[y].basis is not None for y in (2026, 2028))
    true = earlier.cuts({y: np.full(len(year.links), 0.3) for y, year in earlier.years.items()})
    for y, cut in true.items():
        known = [own for own in master.cuts._pool[y] if own is not None]
        assert len(known) >= 2
        constant = master.accounts.of[y].constant
        most = max(value - constant + slope @ cut.point + prices @ cut.hours.totals for value, slope, prices in known)
        assert most <= cut.hours.value + 1e-6 * abs(cut.hours.value)


def test_a_search_that_was_taught_finds_the_same(small):
    options, warm = Options(method="decomposed", compare=False, gap=1e-5), WarmStart()
    costs = []
    for by, given in ((2028, warm), (2027, warm), (2027, WarmStart())):
        case = read_case(small.folder, (), GoalRequest("zero-carbon", by, ()))
        costs.append(plan_park(case, options, warm=given).plans["target"].system_cost)
    assert any(warm.years.found.values()) and costs[1] == pytest.approx(costs[2], rel=2e-5)


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
    monkeypatch.setattr(Years, "begin_as", lambda *_: given.append(1))
    costs = []
    for by, known in ((2028, warm), (2027, warm), (2027, WarmStart())):
        case = read_case(small.folder, (), GoalRequest("zero-carbon", by, ()))
        costs.append(plan_park(case, options, warm=known).plans["target"].system_cost)
    assert costs[1] == costs[2] and not given
