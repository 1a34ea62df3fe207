"""Years of weather: planned on typical days, operated in all hours of each, and mended by the week that breaks the plan."""

from dataclasses import replace

import pytest
from parks import Draft

from models.case import Future, FutureValue, Uncertainty
from planner.futures.results import plan_tree
from planner.machine.stopping import TIME_LIMIT, Watch
from planner.planning.run import Options
from planner.questions import stress as weather
from planner.questions.stress import is_weather, plan_weather


def winters() -> Draft:
    """1 MW all the year; in a cold year 2 MW on 12 to 18 February. A grid of at most 1.2 MW, and an engine."""
    park = Draft(2026, 2026, hours=8760, discount_rate=0.0)
    park.profile("load", [1.0 + 0.001 * (t == 5000) for t in range(8760)])
    park.profile("load_cold", [2.0 if 42 <= t // 24 < 49 else 1.0 for t in range(8760)])
    park.demand(profile="load", mwh=8760.001)
    park.supply(price=100.0, max_import=1.2)
    park.supply("fuel", "diesel", price=300.0, factor=0.0)
    park.converter("engine", {"electricity": 1.0, "diesel": -1.0}, capital_cost=1_000_000.0, lifetime=1, max_capacity=3.0)
    for name in ("mild", "cold"):
        park.add(Future(future=name))
    park.add(FutureValue(future="cold", changed="profiles", name="load", value="load_cold"))
    return park


@pytest.mark.slow
def test_the_week_that_breaks_the_plan_joins_the_typical_days(monkeypatch):
    """A shape is of the year's energy, so the cold week has 2 · 8760 / 8928 = 1.9624 MW. One typical day knows nothing of it: no
    engine, and 168 · 0.7624 = 128.1 MWh are short. With that week 0.7624 MW of engine are ordered, whichever weather comes; its fuel
    is burnt in the cold one only."""
    case, power = winters().case(), 2 * 8760 / 8928 - 1.2
    options = Options(gap=1e-6, compare=False, days=1)
    assert is_weather(case, options)
    rounds = []
    monkeypatch.setattr(weather, "plan_tree", lambda *a, **k: rounds.append(plan_tree(*a, **k)) or rounds[-1])
    plan = plan_weather(case, options, lambda *_: None, Watch(), Uncertainty())
    said = [str(text) for text in plan.warnings]
    assert any("cold: 128.1 MWh of electricity" in text and "week from day 43" in text for text in said), said
    assert [(o.item, o.build) for o in plan.orders] == [("engine", pytest.approx(power, rel=1e-4))]
    hours = {own.future: own for own in plan.in_all_hours}
    assert all(own.holds and not own.weeks for own in hours.values()) and plan.typical_days == 8
    assert hours["cold"].cost == pytest.approx(1e6 * power + 168 * power * 200 + 876_000, rel=1e-4)
    assert hours["mild"].cost == pytest.approx(1e6 * power + 876_000, rel=1e-4)
    assert plan.status == "feasible" and all(run.target.operated == hours[name].cost for name, run in plan.runs.items())
    leaf = rounds[0].runs["cold"].target
    assert leaf.operated is None and not leaf.failure  # not operated yet
    # as if the time had been over in the second round: the first plan is given, with what it misses
    tried = iter([rounds[0], replace(rounds[1], status="failed", runs={}, costs={}, ended=TIME_LIMIT)])
    monkeypatch.setattr(weather, "plan_tree", lambda *_, **__: next(tried))
    plan = plan_weather(case, options, lambda *_: None, Watch(), Uncertainty())
    assert (plan.costs == rounds[0].costs and plan.ended == TIME_LIMIT
        and not next(o for o in plan.in_all_hours if o.future == "cold").holds)
    assert "128.1 MWh of electricity" in plan.runs["cold"].target.failure and not plan.runs["mild"].target.failure
    assert any("which does not hold in all hours" in str(text) for text in plan.warnings)
