"""costs.csv, `basis` of a fixed cost: of the year in which it is paid, or of the year of the order for all its life.

1 MW is used in every hour, and the grid costs 876,000 CNY a year; a plant of 1 MW takes its place.
"""

import pytest
from parks import Draft, built

from models.case import Committed
from planner.plan import Plan


def park(last: int = 2029, **plant) -> Draft:
    found = Draft(2026, last)
    found.demand()
    found.supply()
    found.converter("plant", **plant)
    return found


def fixed(plan: Plan) -> dict[int, float]:
    rows = plan.tables["costs"].query("item == 'fixed_cost'")
    return {y: v for y, v in zip(rows["year"].tolist(), rows["value"].tolist(), strict=True) if abs(v) > 1e-6}


FALLING = {2026: 300_000.0, 2028: 100_000.0}
OWNED = {"capital_cost": 400_000.0, "lifetime": 4, "fixed_cost": FALLING}


@pytest.mark.slow
def test_by_order_an_order_keeps_its_price():
    """Ordered once: 400,000 and 300,000, 200,000, 100,000, 100,000."""
    plan = park(**OWNED).solve_twice()
    assert built(plan, "plant") == pytest.approx({2026: 1.0}) and plan.system_cost == pytest.approx(400_000 + 700_000)
    assert park(basis="year", **OWNED).cost() == pytest.approx(1_100_000)
    # Kept for four years: 400,000 + 4 · 300,000. Better: in 2028 a new one, which bears 2 of 4 years: 200,000 + 2 · 100,000.
    plan = park(basis="order", **OWNED).solve_twice()
    assert built(plan, "plant") == pytest.approx({2026: 1.0, 2028: 1.0})
    assert fixed(plan) == pytest.approx({2026: 300_000.0, 2027: 300_000.0, 2028: 100_000.0, 2029: 100_000.0})
    assert plan.system_cost == pytest.approx(400_000 + 600_000 + 200_000 + 200_000)
    plan = park(basis="order", until_year=2026, **OWNED).solve_twice()
    assert plan.system_cost == pytest.approx(400_000 + 4 * 300_000)
    rising = {2026: 100_000.0, 2028: 500_000.0}
    assert park(2028, existing=1.0, fixed_cost=rising).solve_twice().system_cost == pytest.approx(900_000)
    assert park(2028, existing=1.0, fixed_cost=rising, basis="order").solve_twice().system_cost == pytest.approx(300_000)
    # 50,000 in 2024, 150,000 in 2026: 100,000 of an order of 2025.
    found = park(2028, fixed_cost={2024: 50_000.0, 2026: 150_000.0}, basis="order", lifetime=9)
    found.add(Committed(technology="plant", year=2025, build=1.0, capital_cost=0.0))
    plan = found.solve_twice()
    assert fixed(plan) == pytest.approx(dict.fromkeys((2026, 2027, 2028), 100_000.0))


def test_a_share_of_the_capital_cost_is_of_that_of_the_same_year():
    """10 %/year of 1,000,000 in 2026 and of 500,000 from 2027 on: the order of 2026 pays 100,000 a year, by year 100,000 + 50,000."""
    for basis, expected in (("order", 200_000.0), ("year", 150_000.0)):
        found = park(2027, capital_cost={2026: 1e6, 2027: 5e5}, lifetime=2, fixed_cost=0.1, until_year=2026, basis=basis)
        found.rows["costs"] = [
            c.model_copy(update={"unit": "1/year"}) if c.parameter == "fixed_cost" else c for c in found.rows["costs"]]
        assert found.solve_twice().system_cost == pytest.approx(1e6 + expected)


@pytest.mark.parametrize("pieces", [{}, {"unit_size": 0.5, "partial_retirement": 0}, {"min_build": 1.0, "partial_retirement": 0}])
def test_each_order_is_retired_by_itself_in_whatever_pieces(pieces):
    """As above; whole units and whole orders can do the same."""
    plan = park(basis="order", max_build=1.0, **pieces, **OWNED).solve_twice()
    assert plan.system_cost == pytest.approx(400_000 + 600_000 + 200_000 + 200_000)
