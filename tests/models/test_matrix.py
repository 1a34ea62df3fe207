"""The hand-over: the compiled matrix has the optimum that Pyomo's own interface to HiGHS finds."""

import numpy as np
import pytest
from parks import Draft
from pyomo.environ import SolverFactory, value

from models.park import build_park
from planner.solve.handover.matrix import compile_model
from planner.solve.handover.solver import Solver
from planner.solve.whole.whole import Limits, solve_whole


def linear() -> Draft:
    """Grid, roof, battery, boiler, a link between zones and a rule."""
    found = Draft(2026, 2028, discount_rate=0.06)
    found.profile("sun", np.clip(np.sin((np.arange(24) - 6) / 12 * np.pi), 0, 1))
    found.demand(mwh={2026: 8760.0, 2028: 12_000.0}, zone="a")
    found.demand("warmth", "heat", 4000.0, zone="b")
    found.supply(factor=0.5, zone="a", prices={"demand_charge": 900.0}, max_export=0.5)
    found.supply("gas", "gas", price=40.0, factor=0.2, zone="b", prices={"carbon": {2026: 20.0, 2028: 90.0}})
    found.tariff(0.4, hours="0-7")
    found.converter("roof", capital_cost=900_000.0, lifetime=20, fixed_cost=9000.0, profile="sun", zone="a", green=1)
    found.store(capital_cost=700_000.0, lifetime=10, zone="a", charge_efficiency=0.95, full_power_hours=2.0)
    found.converter("boiler", {"gas": -1.1, "heat": 1.0}, existing=1.0, zone="b", fixed_cost=500.0)
    found.converter("pump", {"electricity": -1.0, "heat": 3.0}, capital_cost=500_000.0, lifetime=15, zone="b")
    found.link("cable", "a", "b", capital_cost=50_000.0, lifetime=30, loss=0.02)
    found.rule("gross_ratio", "<=", 0.6)
    found.goal(2028)
    return found


def mixed() -> Draft:
    """The same with whole units, a project cost, measures and a choice of the charge."""
    found = linear()
    found.price("grid", "capacity_charge", 700.0, "CNY/MW/month")
    found.converter("chp", {"gas": -2.5, "heat": 1.0, "electricity": 1.0}, capital_cost=600_000.0, lifetime=12,
        project_cost=80_000.0, unit_size=0.3, max_capacity=1.0, zone="b")
    found.measure("lights", {"power": 0.1}, 150_000.0, lifetime=2)
    found.measure("drives", {"power": 0.2}, 900_000.0, lifetime=3, requires="lights")
    found.measure("coats", {"warmth": 0.3}, 90_000.0, lifetime=9, adds="power", adds_ratio=0.1)
    return found


@pytest.mark.parametrize("draft", [linear, mixed])
def test_the_hand_over_has_the_optimum_of_pyomos_own_interface(draft):
    model = build_park(draft().inputs())
    matrix = compile_model(model)
    assert matrix.integer.any() == (draft is mixed)
    ours = solve_whole(Solver(matrix), Limits(gap=1e-9))
    assert ours.status == "optimal"
    solver = SolverFactory("appsi_highs")
    solver.config.mip_gap = 1e-9
    solver.solve(model)
    theirs = value(model.system_cost)
    assert ours.objective == pytest.approx(theirs, rel=1e-7)
    matrix.load(ours.values)
    assert value(model.system_cost) == pytest.approx(theirs, rel=1e-6)


def test_noise_beside_zero_is_cut_off_and_small_numbers_are_not():
    model = build_park(linear().inputs())
    matrix = compile_model(model)
    values = np.where(matrix.lower > 0, matrix.lower, 5e-10)
    values[0] = 2e-9
    matrix.load(values)
    assert matrix.columns[0].value == min(2e-9, matrix.upper[0])
    assert all(
        v.value == max(0.0, low) for v, low in zip(matrix.columns[1:], matrix.lower[1:], strict=True) if low <= 0 or low > 1e-6)
