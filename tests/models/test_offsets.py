"""Credits: avoidance and removal, their volumes and what the rules allow of them."""

import pytest
from parks import Draft, emitted, paid

from models.case import Offset

YEAR = 876_000.0


def park(**limits: float) -> Draft:
    """4380 t from the grid, of a base of 4380 t; avoidance at 10, removal at 50 CNY/t; net zero."""
    found = Draft()
    found.demand()
    found.supply(factor=0.5)
    found.offset("cookstoves", "avoidance", 10.0, limits.get("avoidance"))
    found.offset("biochar", "removal", 50.0, limits.get("removal"))
    found.rule("net_ratio", "<=", 0.0)
    return found


def test_credits_bring_net_to_zero_within_their_ratios_and_volumes():
    plan = park().solve()
    assert emitted(plan, "avoidance") == pytest.approx(4380) and emitted(plan, "net") == pytest.approx(0, abs=1e-6)
    assert emitted(plan, "gross") == pytest.approx(4380) and plan.system_cost == pytest.approx(YEAR + 43_800)
    found = park()
    found.rows["stages"].clear()
    assert found.cost() == pytest.approx(YEAR)
    found = park()
    found.rule("avoidance_ratio", "<=", 0.25)  # 1095 t
    plan = found.solve()
    assert emitted(plan, "avoidance") == pytest.approx(1095) and paid(plan, "offsets") == pytest.approx(1095 * 10 + 3285 * 50)
    found = park()
    found.rule("offset_ratio", "<=", 0.5)
    found.converter("wind", capital_cost=1_000_000.0)
    assert found.cost() == pytest.approx(0.5 * YEAR + 500_000 + 2190 * 10)
    assert paid(park(avoidance=1000.0).solve(), "offsets") == pytest.approx(1000 * 10 + 3380 * 50)
    assert park(avoidance=1000.0, removal=1000.0).try_to_solve().status == "infeasible"


def test_a_credit_is_used_in_the_year_in_which_it_is_bought():
    # Net zero holds from 2027: nothing is bought ahead in 2026, when credits are cheaper.
    found = Draft(2026, 2027)
    found.demand()
    found.supply(factor=0.5)
    found.add(*(Offset(offset="c", kind="removal", year=y, price=p) for y, p in ((2026, 1.0), (2027, 9.0))))
    found.rule("net_ratio", "<=", 0.0)
    found.goal(2027)
    assert found.cost() == pytest.approx(2 * YEAR + 4380 * 9)
