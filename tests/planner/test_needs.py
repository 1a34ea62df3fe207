"""One operation with a unit out covers others that leave what it needs: 3 boilers of 1 MW for 2 MW of heat, and a tank."""

import numpy as np
import pytest
from parks import Draft

from models.case import Reserve
from models.inputs import resolve
from models.park import build_master
from planner.planning.run import Options, plan_park
from planner.solve.benders.master import Master
from planner.solve.benders.trials import Bounds, Trials
from planner.solve.whole.whole import Limits
from planner.solve.year.outages import OutageDays
from planner.solve.year.years import Years


def heated(last: int = 2026) -> Draft:
    park = Draft(2026, last, hours=24)
    park.demand("warmth", "heat", mwh=8760.0 * 2)
    park.supply("gas", "gas", price=0.0)
    for name, cost in (("boiler", 1000.0), ("kettle", 1100.0)):
        park.converter(name, {"heat": 1.0, "gas": -1.0}, capital_cost=cost, max_capacity=20.0, unit_size=1.0)
    park.store("tank", "heat", capital_cost=10.0, unit_size=1.0, max_capacity=20.0, full_power_hours=1.0)
    park.add(Reserve(carrier="heat", largest_out=1, operated=1))
    return park


def day_of(park: Draft):
    inputs = resolve(park.case(), None, 1.0)
    return next(iter(OutageDays(inputs).days.values()))


def given(day, **capacity) -> np.ndarray:
    return day.amounts({("demand", "warmth"): 17520.0} | {("capacity", k): size for k, size in capacity.items()})


def test_what_no_operation_runs_is_not_needed():
    """With boilers of 5 MW alone 2 are needed, whatever else stands; an operation with 1.9 MW is another."""
    day = day_of(heated())
    assert day.unserved(given(day, boiler=5.0)).value == 0
    needed = dict(zip(day.links, day.needed(given(day, boiler=5.0)), strict=True))
    assert needed["capacity", "boiler"] == pytest.approx(2.0) and needed["capacity", "kettle"] == needed["capacity", "tank"] == 0
    assert needed["demand", "warmth"] == 17520.0 and day.is_met(given(day, boiler=2.0, tank=7.0))
    assert not day.is_met(given(day, boiler=1.9, kettle=9.0))
    assert not day.is_met(np.where(day.is_more, given(day, boiler=9.0), 1.1 * given(day)))


def test_a_store_is_needed_for_its_power_and_what_it_holds():
    """2 MW in one hour of the day, of a tank that is filled by 0.1 MW: 24 h · 0.1 MW = 2.4 MWh a day, 2.4 - 0.1 of them held."""
    park = heated()
    park.rows["demand"].clear()
    park.demand("warmth", "heat", mwh=2.4 * 365, profile=park.profile("shape", [1.0] + [0.0] * 23))
    day = day_of(park)
    own = day.amounts({("demand", "warmth"): 2.4 * 365, ("capacity", "boiler"): 0.1, ("capacity", "tank"): 9.0})
    assert day.unserved(own).value == pytest.approx(0, abs=1e-9)
    needed = dict(zip(day.links, day.needed(own), strict=True))
    assert needed["capacity", "tank"] == pytest.approx(2.3) and needed["capacity", "boiler"] == pytest.approx(0.1)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_outages_that_one_operation_covers_share_it_and_the_ledger_checks_it_with_the_least_of_each(method):
    """Two years with the same demand, three units of boiler: nothing, the tank and the kettle out are operated as the boiler is."""
    plan = plan_park(heated(2027).case(), Options(gap=1e-9, method=method, compare=False)).target
    assert len(plan.outages) == 8 and len({id(flows) for flows in plan.outages.values()}) == 2


def test_the_penalty_of_a_trial_has_what_outages_leave_unserved_at_the_penalty_in_force():
    """Boilers of 2 MW serve 2 MW, and 1 MW is short with one of them out: the cost without penalty is the same at a penalty that is
    five times as high."""
    inputs = resolve(heated().case(), None, 1.0)
    years = Years(inputs, 1)
    master = Master(inputs, build_master(inputs), years)
    trials = Trials(master, years, Limits(), lambda *_: None, Bounds(), wants_plan=True)
    (y,) = inputs.years
    point = master.optimum().values.copy()
    for name, size in (("build", 2.0), ("capacity", 2.0), ("loss", 1.0)):
        point[master.compiled.column[id(getattr(master.model, name)["boiler", y])]] = size
    first = trials.evaluate(point)
    trials.scale_penalty(5.0)
    other = trials.evaluate(point)
    assert first.has_slack and first.penalty > 0 and other.penalty == pytest.approx(5 * first.penalty)
    assert other.cost - other.penalty == pytest.approx(first.cost - first.penalty)
