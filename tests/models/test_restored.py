"""A plan found again from its tables: tariffs, the basis of a connection's charge, and supplies that are used are in them."""

import pytest
from parks import Draft

from planner.clock import Clock
from planner.machine.stopping import Watch
from planner.plan import TARGET
from planner.planning.methods import DecomposedMethod
from planner.planning.restored import restored
from planner.planning.task import Task


def again(found: Draft) -> tuple[float, float]:
    """Cost of a plan, and of the same that another method finds again from its tables."""
    task = Task(found.inputs(), "CNY", 1e-6, Clock(lambda *_: None, Watch(None)))
    plan = DecomposedMethod(task).plan(TARGET)
    assert plan.tables is not None and plan.system_cost is not None
    trial = restored(DecomposedMethod(task), plan.tables, plan.system_cost, task.gap)
    assert trial is not None
    return plan.system_cost, trial.cost


def park() -> Draft:
    """1 MW of use behind a connection, for two years."""
    found = Draft(2026, 2027, hours=24)
    found.demand()
    found.connection("line", max_import=5.0)
    return found


def test_the_scheme_in_force_is_found_again():
    # Flat: 876,000 a year; two-part: 700,800 and 12 x 10,000 x 1 MW. No scheme costs anything by itself.
    found = park()
    found.supply("flat", price=100.0, connection="line", scheme="flat")
    found.supply("cheap", price=80.0, connection="line", scheme="two-part")
    found.price("cheap", "demand_charge", 10_000.0, "CNY/MW/month")
    before, after = again(found)
    assert before == pytest.approx(2 * 820_800, rel=1e-6) and after == pytest.approx(before, rel=1e-6)


@pytest.mark.parametrize("capacity", [9_000.0, 12_000.0])
def test_the_basis_of_a_charge_is_found_again(capacity):
    found = park()
    found.supply("grid", price=100.0, connection="line")
    found.price("line", "demand_charge", 10_000.0, "CNY/MW/month")
    found.price("line", "capacity_charge", capacity, "CNY/MW/month")
    before, after = again(found)
    assert before == pytest.approx(2 * (876_000 + 12 * min(10_000, capacity)), rel=1e-6) and after == pytest.approx(before,
        rel=1e-6)


def test_a_supply_with_a_fee_is_found_again():
    found = park()
    found.supply("grid", price=100.0, connection="line")
    found.supply("club", price=50.0, max_import=0.5, connection="line")
    found.price("club", "fixed", 1000.0, "CNY/year")
    before, after = again(found)
    assert before == pytest.approx(2 * (4380 * 150 + 1000), rel=1e-6) and after == pytest.approx(before, rel=1e-6)
