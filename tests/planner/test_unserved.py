"""Hours that a plan leaves unserved: their feasibility cuts, required of the next plan of the same search."""

from types import SimpleNamespace

import numpy as np
import pytest
from parks import Draft

from planner.answer.summary import summary
from planner.clock import Clock
from planner.days import choose_days
from planner.machine.stopping import Watch
from planner.planning.given import given_of
from planner.planning.methods import DecomposedMethod, WholeMethod
from planner.planning.run import Options, plan_park
from planner.planning.task import Task
from planner.planning.verify import unlike_first, worst_days
from planner.solve.benders.slack_removal import bases_kept, feasibility_cuts
from planner.solve.hours.operator import Operator, Unserved

#: Hours of the highest demand: of 20 February and 20 December.
FEBRUARY, DECEMBER = 50 * 24 + 6, 353 * 24 + 18


def peaks(**boiler: float) -> Draft:
    """1 MW of heat, 3 MW in one hour of February and 2.5 MW in two of December, by a boiler of any size; two years."""
    park = Draft(2026, 2027, hours=8760)
    shape = np.ones(8760)
    shape[FEBRUARY], shape[DECEMBER : DECEMBER + 2] = 3.0, 2.5
    park.demand("warmth", "heat", float(shape.sum()), profile=park.profile("cold", shape))
    park.supply("gas", "gas", price=10.0, factor=0.2)
    park.converter("boiler", {"heat": 1.0, "gas": -1.0}, capital_cost=1000.0, lifetime=20, **boiler)
    return park


def on_a_day(park: Draft, kind: type = DecomposedMethod) -> tuple[DecomposedMethod, Operator]:
    """Its plan on one typical day, and what operates every hour."""
    days = choose_days(park.case(), 1)
    method = kind(Task(park.inputs(days), "CNY", 1e-6, Clock(lambda *_: None, Watch()), days=days))
    assert method.plan("target").has_tables
    return method, Operator(park.inputs(), 1)


def test_each_month_that_is_not_served_gives_a_cut():
    method, operator = on_a_day(peaks())
    year = method.years.years[2026]
    point = method.master.points_of(method.best)[2026]
    given = given_of(method.model, method.inputs, 2026)
    boiler = year.links.index(("capacity", "boiler"))
    point[boiler] = 1.2
    february, december = feasibility_cuts(operator, 2026, given, year.links, point)
    assert february.value == pytest.approx(3.0 - 1.2)  # MWh
    assert december.value == pytest.approx(2 * (2.5 - 1.2)) and february.slope[boiler] == pytest.approx(-1.0)
    assert december.slope[boiler] == pytest.approx(-2.0)
    higher = point.copy()
    higher[boiler] = 3.0
    assert feasibility_cuts(operator, 2026, given, year.links, higher) == []


def test_the_next_plan_of_a_search_serves_the_hours():
    method, operator = on_a_day(peaks())
    assert method.serve(operator)
    assert method.plan("target").tables["investments"]["build"].tolist() == [pytest.approx(3.0)]
    assert not method.serve(operator)  # all are served


@pytest.mark.parametrize("other", ["least-cost", "reference"])
def test_cuts_that_are_required_stay_until_another_plan_is_made(other):
    method, operator = on_a_day(peaks())
    too_small = method.best
    method.serve(operator)
    master = method.master
    assert master.breaks_rows(too_small) and not master.breaks_rows(method.best)
    master.cuts.drop_plan_specific()
    assert master.optimum().values[master.orders].max() == pytest.approx(3.0)
    method.turn_to("target")
    assert master.breaks_rows(too_small) and method.is_repaired("target") and not method.is_repaired(other)
    method.turn_to(other)
    assert not method.is_repaired(other) and not master.breaks_rows(too_small)
    assert master.optimum().values[master.orders].max() < 1.1  # the pool asks for what the typical days need, and for no more


def test_the_reference_is_repaired_by_cuts_of_its_own():
    method, operator = on_a_day(peaks(reference=1))
    method.serve(operator)
    assert method.plan("reference").tables["investments"]["build"].sum() == pytest.approx(1.0, rel=0.01)
    assert method.serve(operator)
    assert method.plan("reference").tables["investments"]["build"].sum() == pytest.approx(3.0)


def test_what_no_decision_serves_is_required_of_no_plan():
    method, operator = on_a_day(peaks(max_capacity=2.0))
    assert not method.serve(operator) and method.master.cuts.hour_cuts == []


def test_a_method_with_one_matrix_is_repaired_otherwise():
    method, operator = on_a_day(peaks(), WholeMethod)
    assert not method.serve(operator)


def test_phase_1_leaves_the_bases_of_the_months():
    method, operator = on_a_day(peaks())
    points = method.master.points_of(method.best)
    given = {y: given_of(method.model, method.inputs, y) for y in points}
    operator.operate(2026, given[2026], {})
    months = operator.hours(2026).months
    def statuses():
        return [list(map(int, month.solver.basis().col_status)) for month in months]
    def phase_1():
        for y, point in points.items():
            feasibility_cuts(operator, y, given[y], method.years.years[y].links, 3.0 * point)
    before = statuses()
    with bases_kept(operator):
        phase_1()
    assert statuses() == before and all(month.bases == {} for month in months)
    phase_1()
    assert statuses() != before and all(month.bases for month in months)


@pytest.mark.slow
def test_a_plan_by_years_is_repaired_by_cuts_and_is_the_optimum_of_all_hours():
    """The days are those that were chosen: none is added. The cuts ask for 3 MW of boilers, at 100 money for the two years each; gas
    for 8,765 MWh costs 175,300. On the typical day as it is their mean is enough, 8765/8760 MW: the bound is one of that day."""
    run = plan_park(peaks().case(), Options(days=1, method="decomposed", gap=1e-6))
    plan, days = run.target, run.target.on_days
    assert days.cost == pytest.approx(175_300 + 300) and days.repaired_gap <= 1e-6
    assert days.bound == pytest.approx(175_300 + 100 * 8765 / 8760, rel=1e-6)
    assert days.gap == pytest.approx((days.cost - days.bound) / days.cost)
    assert (days.count, days.added, days.raised, plan.status, plan.bound) == (1, (), False, "feasible", None)
    range_of_goal = summary(run, peaks().case())["goal_cost_range"]
    assert (range_of_goal["least"], range_of_goal["most"]) == (0.0, pytest.approx(300 - 100 * 8765 / 8760, rel=1e-3))
    every = plan_park(peaks().case(), Options(days=0, compare=False, gap=1e-6)).target
    assert plan.verified and plan.repairs == 1 and plan.tables["planned_days"]["typical_day"].nunique() == 1
    assert plan.system_cost == pytest.approx(every.system_cost, rel=1e-6)


def test_once_a_year_failed_that_of_the_goal_and_the_first_come_before_its_neighbours() -> None:
    goal = SimpleNamespace(by=2030)
    assert unlike_first([2034, 2033, 2030, 2027, 2026], goal, 2026) == [2030, 2026, 2034, 2033, 2027]
    assert unlike_first([2034, 2033], goal, 2026) == [2034, 2033] and unlike_first([2034, 2026], None, 2026) == [2026, 2034]


def test_the_days_of_a_cold_spell_join_after_the_worst_of_each_place():
    """Heat: 5 MWh on day 3, 4 on day 4, 1 on day 9 in one hour, which is its highest power beside the 5 of day 3; power: day 7."""
    heat = [Unserved(2030, "town", "heat", 24 * day + hour, mw)
        for day, hour, mw in ((3, 0, 2.5), (3, 1, 2.5), (4, 0, 2), (4, 1, 2), (9, 0, 1))]
    power = [Unserved(2030, "town", "electricity", 24 * 7, 2.0)]
    assert worst_days([*heat, *power]) == [3, 7, 4] and worst_days([]) == []
