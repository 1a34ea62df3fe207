"""costs.csv, type park: a fixed cost of the park as a whole, in every year and plan."""

import pytest
from parks import Draft, paid

from models.case import Cost
from planner.planning.run import Options, plan_park


def park(**costs: float) -> Draft:
    """1 MW from the grid, 876,000 a year, discounted at 10 %; rows of the park by year."""
    found = Draft(2026, 2028, discount_rate=0.1)
    found.demand()
    found.supply()
    for year, value in costs.items():
        found.add(Cost(type="park", parameter="fixed_cost", year=int(year[1:]), value=value, unit="kCNY/year"))
    return found


SUM = 1 + 1 / 1.1 + 1 / 1.21


def test_without_it_nothing_is_paid():
    assert park().cost() == pytest.approx(876_000 * SUM)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_it_is_paid_in_every_year_and_plan_and_interpolated(method):
    """100,000 in 2026, 300,000 in 2028."""
    run = plan_park(park(y2026=100.0, y2028=300.0).case(), Options(gap=1e-9, method=method))
    for plan in run.plans.values():
        assert plan.status == "optimal"
        assert plan.system_cost == pytest.approx(876_000 * SUM + 100_000 + 200_000 / 1.1 + 300_000 / 1.21)
        assert [paid(plan, "fixed_cost", y) for y in (2026, 2027, 2028)] == pytest.approx([1e5, 2e5, 3e5])
    assert run.target.tables["costs"].query("item == 'fixed_cost'")["name"].unique().tolist() == ["park"]
