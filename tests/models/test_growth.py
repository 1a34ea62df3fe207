"""technologies.csv `max_growth`: an order is at most a factor of that of the year before, and a constant.

1, 2 and 3 MW are needed in three years; a plant costs 1 CNY a MW and lives long, without one a MWh costs 100.
"""

from dataclasses import replace

import pytest
from parks import Draft, built, planned

from models.case import Committed
from models.errors import LedgerError
from planner.ledger.ledger import check_plan
from planner.plan import LEAST_COST, REFERENCE, TARGET
from planner.planning.run import Options, plan_park

both = pytest.mark.parametrize("method", ["whole", "decomposed"])


def park(**fields) -> Draft:
    own = Draft(2026, 2028)
    own.demand(mwh={2026: 8760.0, 2027: 2 * 8760.0, 2028: 3 * 8760.0})
    own.supply(price=100.0)
    own.supply("gas", "gas", price=0.0)
    own.converter("plant", {"electricity": 1.0, "gas": -1.0}, capital_cost=1.0, lifetime=30, max_capacity=9.0, **fields)
    return own


@both
def test_orders_grow_by_a_factor_and_a_constant(method):
    """0.5 at first, then at most 0.5 x 1 + 0.5 = 0.75 ... : 0.5, 0.75 and 0.875 MW; bought are 0.5, 0.75 and 0.875 MW of 8760 h."""
    assert planned(park(), method).system_cost < 10
    plan = planned(park(max_growth=0.5, growth_base=0.5), method)
    assert built(plan, "plant") == pytest.approx({2026: 0.5, 2027: 0.75, 2028: 0.875})
    bought = 876_000 * (0.5 + 0.75 + 0.875)
    assert plan.tables["costs"].query("item == 'energy' and name == 'grid'")["value"].sum() == pytest.approx(bought)


@both
def test_the_reference_whose_orders_may_grow_faster_stands_for_no_other_plan(method):
    """Where 0.1 MW stands, the reference may order more of it, as fast as it likes."""
    own = park(max_growth=0.5, growth_base=0.5, existing=0.1)
    plans = plan_park(own.case(), Options(method=method)).plans
    assert plans[REFERENCE].system_cost < 10
    for name in (TARGET, LEAST_COST):
        assert built(plans[name], "plant") == pytest.approx({2026: 0.5, 2027: 0.75, 2028: 0.875})


@both
def test_a_signed_order_counts_as_one_of_the_year_before(method):
    """2 MW signed in 2025 let 2026 have 0.25 x 2 MW."""
    own = park(max_growth=0.25)
    own.demand("more", mwh=8760.0 * 9)
    own.add(Committed(technology="plant", year=2025, build=2.0))
    plan = planned(own, method)
    assert built(plan, "plant") == pytest.approx({2025: 2.0, 2026: 0.5, 2027: 0.125, 2028: 0.03125})


def test_the_ledger_refuses_an_order_that_grows_too_fast():
    own = park(max_growth=0.5, growth_base=0.5)
    plan = planned(park())
    with pytest.raises(LedgerError, match="order within growth"):
        check_plan(own.case(), replace(plan), 4380.0)
