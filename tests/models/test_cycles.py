"""technologies.csv `max_cycles`: a store gives off no more in a year than so many times its capacity; `fade`: an order wears.

1 MW is needed all day, at 50 CNY/MWh in 12 hours of it and at 100 in the others; 12 MWh of store, without losses.
"""

import pytest
from parks import Draft, energy, planned, standing

from models.case import Committed
from models.errors import LedgerError
from planner.ledger.ledger import check_plan

both = pytest.mark.parametrize("method", ["whole", "decomposed"])
DAY, NIGHT = 100.0, 50.0


def tank(last: int = 2026, **fields) -> Draft:
    park = Draft(2026, last)
    park.demand()
    park.supply()
    park.tariff(0.5, hours="0-11")
    park.store(**{"existing": 12.0, "full_power_hours": 12.0, "charge_efficiency": 1.0} | fields)
    return park


@both
def test_a_store_gives_off_no_more_than_its_cycles_allow(method):
    """Once a day would be 365 cycles; of 100 a year 1200 MWh come by night in place of the day."""
    assert planned(tank(), method).system_cost == pytest.approx(8760 * NIGHT)
    assert planned(tank(max_cycles=400.0), method).system_cost == pytest.approx(8760 * NIGHT)
    assert planned(tank(max_cycles=100.0), method).system_cost == pytest.approx(8760 * NIGHT + (4380 - 1200) * (DAY - NIGHT))
    assert planned(tank(max_cycles=0.0), method).system_cost == pytest.approx(4380 * (DAY + NIGHT))


@both
def test_what_is_ordered_counts(method):
    """A MWh of store at 1000 CNY of fixed cost saves 100 times 50 in a year of 100 cycles: worth it; of 10 cycles it is not."""
    own = tank(existing=0.0, max_cycles=100.0, fixed_cost=1000.0, capital_cost=0.0, lifetime=30)
    assert planned(own, method).system_cost < 4380 * (DAY + NIGHT) - 1
    few = tank(existing=0.0, max_cycles=10.0, fixed_cost=1000.0, capital_cost=0.0, lifetime=30)
    assert planned(few, method).system_cost == pytest.approx(4380 * (DAY + NIGHT))


def test_cycles_limit_what_a_seasonal_store_gives_too():
    assert tank(max_cycles=100.0, seasonal=1).cost() == pytest.approx(8760 * NIGHT + (4380 - 1200) * (DAY - NIGHT))
    # Sold for nothing but the burning: a price below 0 pays 10 a MWh bought, and a store that loses half takes 6 MWh a day more.
    own = Draft()
    own.demand()
    own.supply(price=-10.0)
    own.store(existing=12.0, full_power_hours=1.0, charge_efficiency=0.5, discharge_efficiency=1.0, max_cycles=100.0)
    plan = own.solve()
    assert energy(plan, "discharge", "battery") == pytest.approx(1200.0)
    assert energy(plan, "charge", "battery") == pytest.approx(2400.0)
    with pytest.raises(LedgerError, match="max_cycles"):
        check_plan(tank(max_cycles=300.0).case(), planned(tank()), 8760 * NIGHT)


@both
def test_a_store_that_fades_loses_a_share_of_each_order_with_each_year(method):
    """12 MWh ordered in 2026 at 1000 CNY/MWh save 219,000 CNY in their first year, and a fourth of that less with each year; what was
    signed two years before has half of it left in the first, and what stood all of it."""
    for fade, left in ((0.0, (12.0, 12.0, 12.0)), (0.25, (12.0, 9.0, 6.0)), (0.6, (12.0, 4.8, 0.0))):
        costs = {"capital_cost": 1000.0, "fixed_cost": 100.0, "lifetime": 5}
        park = tank(last=2028, existing=0.0, fade=fade, until_year=2026, max_build=12.0, **costs)
        plan = planned(park, method)
        assert standing(plan, "battery") == pytest.approx({2026 + i: size for i, size in enumerate(left)}, abs=1e-4)
        saved = sum(size * 365 * (DAY - NIGHT) - size * 100.0 for size in left)
        assert plan.system_cost == pytest.approx(3 * 8760 * 75.0 + 12_000 * 3 / 5 - saved)
    signed = tank(existing=3.0, fade=0.25, capital_cost=1e9, lifetime=9)
    signed.add(Committed(technology="battery", year=2024, build=4.0))
    assert standing(planned(signed, method), "battery") == pytest.approx({2026: 3.0 + 2.0})
