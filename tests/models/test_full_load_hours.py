"""technologies.csv `min_hours`, `max_hours`: what a plant does in a year lies between so many hours at full load.

1 MW of electricity is needed all year, at 100 CNY/MWh from the grid; a plant of 0.5 MW makes it of gas.
"""

import numpy as np
import pytest
from parks import Draft, planned

from models.errors import LedgerError
from planner.ledger.ledger import check_plan
from planner.planning.run import Options, plan_park

both = pytest.mark.parametrize("method", ["whole", "decomposed"])


def park(gas: float, hours: int = 24, **fields) -> Draft:
    own = Draft(2026, hours=hours)
    own.demand(mwh=8760.0)
    own.supply(price=100.0)
    own.supply("gas", "gas", price=gas)
    own.converter("plant", {"electricity": 1.0, "gas": -1.0}, existing=0.5, **fields)
    return own


@both
def test_a_plant_runs_no_longer_than_it_may(method):
    """Of 8760 h at 40 a MWh 4000 are left: 2000 MWh; committed or not."""
    assert planned(park(40.0), method).system_cost == pytest.approx(4380 * 40 + 4380 * 100)
    assert planned(park(40.0, max_hours=4000.0), method).system_cost == pytest.approx(2000 * 40 + 6760 * 100)
    assert planned(park(40.0, max_hours=4000.0, start_cost=0.1), method).system_cost == pytest.approx(2000 * 40 + 6760 * 100, abs=1)


@both
def test_a_plant_runs_as_long_as_it_must(method):
    """At 140 a MWh it would stand still: 2000 h of 0.5 MW it must run, and only while it stands."""
    assert planned(park(140.0), method).system_cost == pytest.approx(8760 * 100)
    assert planned(park(140.0, min_hours=2000.0), method).system_cost == pytest.approx(1000 * 140 + 7760 * 100)
    assert planned(park(140.0, min_hours=2000.0, fixed_cost=9.0), method).system_cost == pytest.approx(8760 * 100)


@both
def test_a_capture_plant_runs_no_longer_than_it_may(method):
    """A kiln gives off 1 t/h; for each of the 500 tonnes that 0.5 t/h take in 1000 h 3 CNY are received, and no more may be taken."""
    own = park(140.0)
    own.process("kiln", 8760.0, capturable=1)
    own.supply("well", "co2", price=None, max_export=2.0, prices={"export": 3.0})
    own.capture("scrubber", {"kiln": 0.9}, {}, existing=0.5, max_hours=1000.0)
    assert planned(own, method).system_cost == pytest.approx(8760 * 100 - 500 * 3)


@pytest.mark.slow
def test_a_year_of_all_hours_finds_the_hours_that_suit():
    """1 MW in the winter half costs 100, in the summer half 60: 0.5 MW at 40 runs its 4380 h in the dear half."""
    own = park(40.0, hours=8760, max_hours=4380.0)
    own.by_the_hour("grid", own.profile("price", [1.0] * 4380 + [0.6] * 4380), item="energy")
    plan = plan_park(own.case(), Options(gap=1e-6, method="whole", compare=False)).target
    assert plan.system_cost == pytest.approx(2190 * 40 + 2190 * 100 + 4380 * 60)


def test_the_ledger_refuses_too_many_hours_and_too_few():
    for fields, words in (({"max_hours": 4000.0}, "within max_hours"), ({"min_hours": 8760.0}, "at least min_hours")):
        gas = 40.0 if "max_hours" in fields else 140.0
        with pytest.raises(LedgerError, match=words):
            check_plan(park(gas, **fields).case(), planned(park(gas)), 4380.0)


def test_the_shape_of_the_sun_counts():
    """Half a day of sun: 4380 full-load hours, of which no more than 2190 may be used."""
    own = Draft(2026)
    own.demand(mwh=8760.0)
    own.supply(price=100.0)
    own.converter("pv", existing=1.0, profile=own.profile("sun", np.repeat([0.0, 1.0], 12)), max_hours=2190.0)
    assert planned(own).system_cost == pytest.approx((8760 - 2190) * 100)
