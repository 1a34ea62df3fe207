"""technologies.csv `max_cycles`: a store gives off no more in a year than so many times its capacity.

1 MW is needed all day, at 50 CNY/MWh in 12 hours of it and at 100 in the others; 12 MWh of store, without losses.
"""

import pytest
from parks import Draft, energy, planned

from models.errors import LedgerError
from planner.ledger.ledger import check_plan

both = pytest.mark.parametrize("method", ["whole", "decomposed"])
DAY, NIGHT = 100.0, 50.0


def tank(**fields) -> Draft:
    park = Draft()
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
