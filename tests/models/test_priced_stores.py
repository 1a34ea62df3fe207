"""What stores hold at month ends, agreed on by prices; and trials that are solved only as closely as the search needs."""

import numpy as np
import pytest
from parks import Draft

from planner.planning.run import Options, plan_park
from planner.solve.benders.trials import Bounds, Trial, Trials
from planner.solve.handover.matrix import COUPLED
from planner.solve.hours.months import LinkValues
from planner.solve.hours.operator import Operator
from planner.solve.hours.restricted_master import Conditions
from planner.solve.hours.years import HourlyYears

FEBRUARY = 744
LINKS = {("capacity", "battery"): 10.0, ("demand", "power"): 10.0}


def early(existing: float = 10.0, last: int | None = None, **fields) -> Draft:
    """10 MW are used in the first hour of February and none else, 1 MW can be had at 100 a MWh, and a battery holds 10 MWh."""
    park = Draft(hours=8760, base_emissions=1000.0, last=last)
    park.profile("once", np.where(np.arange(8760) == FEBRUARY, 1.0, 0.0))
    park.demand("power", mwh=10.0, profile="once")
    park.supply("grid", price=100.0, factor=0.5, max_import=1.0)
    park.store("battery", existing=existing, full_power_hours=1, charge_efficiency=1.0, discharge_efficiency=1.0, **fields)
    return park


@pytest.mark.slow
def test_months_agree_by_prices_on_what_is_held_as_one_ends():
    inputs = early().inputs()
    (y,) = inputs.years
    operator = Operator(inputs, 1, prices_stores=True)
    year = operator.operate(y, LinkValues(LINKS, {}), {})
    assert not year.unserved and not year.coupling_slack
    assert year.cost == pytest.approx(1000.0, rel=1e-6) and year.lagrangian_bound == pytest.approx(1000.0, rel=1e-3)
    worth = -year.prices[COUPLED, ("held battery", "1")]
    assert worth == pytest.approx(100.0, rel=1e-2)  # what January hands over to February is worth what it costs there
    ends = operator.hours(y).ends
    assert 9.0 - 1e-6 <= year.values[ends["battery", 0]] <= 10.0 + 1e-6  # nine from January, the tenth comes in the hour itself
    assert len(ends) == 12


def test_where_it_is_decided_it_is_as_it_is_given():
    inputs = early().inputs()
    (y,) = inputs.years
    operator = Operator(inputs, 1)
    links = LinkValues(LINKS, {("battery", m): 0.0 for m in range(12)})
    short = operator.operate(y, links, {}, Conditions(is_trial=True))
    assert sum(own.power for own in short.unserved) == pytest.approx(9.0)
    assert short.values[operator.hours(y).ends["battery", 0]] == 0.0
    assert short.slope["held", ("battery", 0)] < -100.0  # a MWh more would be worth far more than it costs


@pytest.mark.slow
def test_the_bound_of_a_trial_holds_at_other_capacities():
    inputs = early().inputs()
    (y,) = inputs.years
    operator = Operator(inputs, 1, prices_stores=True)
    def at(size: float, allowed: float = 0.0):
        links = LinkValues({**LINKS, ("capacity", "battery"): size}, {})
        return operator.operate(y, links, {}, Conditions(is_trial=True, allowed=allowed))
    for allowed in (0.0, 2e4, np.inf):
        year = at(6.0, allowed)
        most = 1e-2 * year.cost if allowed == np.inf else max(allowed, 3e-4 * year.cost)
        assert -1e-6 <= year.cost - year.lagrangian_bound <= most
        for size in (0.0, 3.0, 8.0, 10.0):
            plane = year.lagrangian_bound + year.slope["capacity", "battery"] * (size - 6.0)
            assert plane <= at(size).cost * (1 + 1e-6) + 1e-6


@pytest.mark.slow
def test_a_difference_that_is_allowed_takes_fewer_rounds():
    inputs = early().inputs()
    (y,) = inputs.years
    operator, links = Operator(inputs, 1, prices_stores=True), LinkValues(LINKS, {})
    exact = operator.operate(y, links, {}, Conditions(is_trial=True))
    rough = operator.operate(y, links, {}, Conditions(is_trial=True, allowed=1e9))
    assert rough.rounds < exact.rounds
    assert rough.lagrangian_bound <= exact.cost * (1 + 1e-6) and rough.cost >= exact.lagrangian_bound * (1 - 1e-6)


@pytest.mark.slow
def test_a_search_allows_less_the_nearer_its_bounds_are(monkeypatch):
    allowed, allow = [], HourlyYears.allow
    def told(own: HourlyYears, money: float) -> None:
        allowed.append(money)
        allow(own, money)
    differences, evaluate = [], Trials.evaluate
    def evaluated(own: Trials, point: np.ndarray, phase: Bounds | None = None) -> Trial:
        bounds = own.overall if phase is None else phase
        if isinstance(own.years, HourlyYears):
            differences.append(bounds.cost - bounds.bound)
        return evaluate(own, point, phase)
    monkeypatch.setattr(HourlyYears, "allow", told)
    monkeypatch.setattr(Trials, "evaluate", evaluated)
    park = early(existing=0.0, last=2027, capital_cost=1000.0, lifetime=10, max_capacity=20.0)
    plan = plan_park(park.case(), Options(gap=1e-5, days=0, compare=False, method="decomposed")).target
    assert plan.status == "optimal" and plan.tables["investments"]["build"].sum() == pytest.approx(9.0, rel=1e-3)
    assert allowed[0] == np.inf  # no bounds are known
    assert allowed[-1] < allowed[0] and allowed == pytest.approx(0.1 * np.minimum.accumulate(np.maximum(differences, 0.0)))
