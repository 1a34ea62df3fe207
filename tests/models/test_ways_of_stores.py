"""Stores that charge and discharge in one hour: a year is operated without it where that costs nothing, and as it is where it pays."""

from dataclasses import replace

import numpy as np
import pytest
from parks import Draft

from models.errors import SolverError
from planner.machine.stopping import Stopped
from planner.planning.run import Options, plan_park
from planner.solve.hours.months import LinkValues
from planner.solve.hours.operator import Operator, Unserved, ways_to_close
from planner.solve.hours.restricted_master import Conditions

LINKS = LinkValues({("capacity", "battery"): 4.0, ("demand", "power"): 8760.0}, {})
AS_STATED = Conditions()


def park(price: float) -> Draft:
    """1 MW is used, at most 3 can be had, and a battery of 4 MW loses a fifth of what it is charged with."""
    draft = Draft(hours=8760, base_emissions=10_000.0)
    draft.demand("power", mwh=8760.0)
    draft.supply("grid", price=price, factor=0.5, max_import=3.0)
    draft.store("battery", existing=4.0, full_power_hours=1, charge_efficiency=0.8, discharge_efficiency=1.0)
    return draft


def operated(price: float):
    inputs = park(price).inputs()
    (y,) = inputs.years
    operator = Operator(inputs, 1, prices_stores=True)
    return operator, y, operator.operate(y, LINKS, {})


def flows(operator, y, values):
    series = operator.hours(y).series
    return values[series["charge"]["battery",]], values[series["discharge"]["battery",]]


def test_the_way_in_which_less_flows_is_closed_in_each_hour():
    operator, y, found = operated(100.0)
    charge, discharge = (operator.hours(y).series[flow]["battery",] for flow in ("charge", "discharge"))
    values = found.values.copy()
    values[charge[:3]], values[discharge[:3]] = (2.0, 0.5, 0.0), (1.0, 1.0, 0.4)
    assert ways_to_close(operator.hours(y), values).keys() == {int(discharge[0]), int(charge[1]), int(charge[2])}
    values[discharge[:2]] = 0.0
    assert not ways_to_close(operator.hours(y), values)


def test_a_year_that_does_both_for_nothing_is_operated_without():
    operator, y, found = operated(0.0)  # what is bought costs nothing, so losing it costs nothing
    series, values = operator.hours(y).series, found.values.copy()
    values[series["charge"]["battery",]], values[series["discharge"]["battery",]] = 1.0, 0.8
    values[series["imports"]["grid",]] = 1.2
    told = operator.as_run(y, LINKS, replace(found, values=values), AS_STATED)
    charge, discharge = flows(operator, y, told.values)
    assert np.minimum(charge, discharge).max() == 0.0
    assert told.cost == pytest.approx(found.cost, abs=1e-6) and told.lagrangian_bound == found.lagrangian_bound
    assert not told.unserved


def test_a_year_that_is_paid_for_it_is_told_as_it_is():
    """What is bought earns 10 a MWh: of c MW of charging 0.8 c are discharged and 0.2 c lost, and 1.8 c is 4 MW at most."""
    operator, y, found = operated(-10.0)
    charge, discharge = flows(operator, y, found.values)
    assert np.minimum(charge, discharge).sum() > 0.1 * charge.sum()
    assert found.cost == pytest.approx(-10.0 * 8760.0 * (1.0 + 0.2 * 4.0 / 1.8), rel=1e-4)
    assert operator.as_run(y, LINKS, found, AS_STATED) is found


class Ends:
    """What the year comes to when it is solved once more: an exception, or changes of the operation found."""

    def __init__(self, found, end):
        self.found, self.end = found, end

    def __call__(self, *_, **__):
        if isinstance(self.end, BaseException):
            raise self.end
        return replace(self.found, **self.end)


@pytest.mark.parametrize(
    ("end", "is_told"),
    [
        ({}, True),
        ({"violations": {("zero-carbon", "net_ratio", "<="): 1e-4}}, True),  # 1e-8 of the base emissions
        ({"violations": {("zero-carbon", "net_ratio", "<="): 1.0}}, False),
        ({"unserved": [Unserved(2026, "main", "electricity", 5, 0.1)]}, False),
        ({"coupling_slack": {("imported", ("grid",)): 1.0}}, False),
        ({"cost": 1.0}, False),
        (SolverError("no answer"), False),
        (Stopped(), False),
    ],
)
def test_what_is_worse_is_not_told_nor_is_a_plan_lost_where_the_time_is_over(end, is_told, monkeypatch):
    operator, y, found = operated(0.0)
    values, series = found.values.copy(), operator.hours(y).series
    values[series["charge"]["battery",]], values[series["discharge"]["battery",]] = 1.0, 0.8
    both = replace(found, values=values)
    monkeypatch.setattr(operator, "_operate", Ends(found, end))
    assert (operator.as_run(y, LINKS, both, AS_STATED) is not both) is is_told


def test_nothing_is_asked_of_a_year_with_unserved_demand():
    inputs = park(0.0).inputs()
    (y,) = inputs.years
    operator = Operator(inputs, 1, prices_stores=True)
    short = operator.operate(y, LinkValues(LINKS.links | {("demand", "power"): 8760.0 * 5}, {}), {})
    assert short.unserved and operator.as_run(y, LINKS, short, AS_STATED) is short


@pytest.mark.slow
@pytest.mark.parametrize("days", [0, 2])
def test_what_is_told_of_all_hours_has_no_such_hour(days, monkeypatch):
    """Losing power earns 0.001 a MWh beside 876,000 for heat: less than the gap to which a year is solved. On every hour, and on two
    days operated in all hours."""
    draft = park(-0.001)
    draft.demand("heat", "heat", mwh=8760.0)
    draft.supply("gas", "heat", kind="fuel", price=100.0, factor=0.2)
    case, options = draft.case(), Options(days=days, compare=False)
    with monkeypatch.context() as patch:
        patch.setattr("planner.solve.hours.operator.BOTH_WAYS", 1.0)
        assert matched(plan_park(case, options).target) > 1000.0
    assert matched(plan_park(case, options).target) == 0.0


def matched(plan) -> float:
    """What leaves the battery in the hours in which it is charged (MWh)."""
    rows = plan.tables["dispatch"]
    own = rows[rows["name"] == "battery"].assign(flow=rows["flow"].astype(str))
    both = own.pivot_table(index="hour", columns="flow", values="value").reindex(columns=["charge", "discharge"]).fillna(0.0)
    return float(both.min(axis=1).sum())
