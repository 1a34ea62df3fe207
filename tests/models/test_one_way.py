"""A connection that works one way at a time, in the convex hull of either way; and what crosses one that does not.

A green contract may only come in, and own sun may only go out, at 300 while the contract costs 100: both at once would pay.
"""

import re

import pandas as pd
import pytest
from parks import Draft, planned

from models.case import Connection, Cost
from models.errors import LedgerError
from planner.ledger.ledger import check_plan
from planner.plan import Plan
from planner.planning.run import Options, _price, plan_park, plan_warnings

both = pytest.mark.parametrize("method", ["whole", "decomposed"])


def park(**fields) -> Draft:
    """1 MW is needed; 1 MW of own sun costs nothing; over the line 1 MW may come in at 100, and 2 MW go out at 300."""
    own = Draft(2026)
    own.demand()
    own.converter("pv", existing=1.0, profile=own.profile("sun", [1.0]))
    own.connection("line", **{"max_import": 1.0, "max_export": 2.0} | fields)
    own.supply("contract", price=100.0, connection="line")
    own.supply("market", price=1e4, max_export=5.0, connection="line", prices={"export": 300.0})
    return own


@both
def test_one_way_shares_each_hour_and_both_pay_where_nothing_forbids_it(method):
    assert planned(park(), method).system_cost == pytest.approx(8760 * (100 - 300))
    # m / 1 + x / 2 <= 1 with m = x, since 1 MW is needed and 1 MW made: m = x = 2/3.
    assert planned(park(one_way=1), method).system_cost == pytest.approx(8760 * (100 - 300) * 2 / 3)


def test_one_way_holds_in_all_hours_of_the_year():
    """Planned on one day, then operated in each of the 8,760 hours by months."""
    plan = plan_park(park(one_way=1).case(), Options(days=1, compare=False)).target
    assert plan.verified and plan.system_cost == pytest.approx(8760 * (100 - 300) * 2 / 3)


@both
def test_one_way_of_a_size_that_is_decided_shares_the_capacity(method):
    """A line of 1 MW: m + x <= 1 with m = x: a half of each."""
    own = park(max_import=None, max_export=None, one_way=1, type="cable", existing=1.0, max_capacity=1.0)
    own.add(Cost(type="cable", parameter="lifetime", value=9.0, unit="year"))
    assert planned(own, method).system_cost == pytest.approx(8760 * (100 - 300) / 2)


def test_what_crosses_is_said():
    case = park().case()
    (said,) = plan_warnings(case, planned(park()))
    assert "connection 'line': 8,760 of the 8,760 MWh that come in over it in 2026 cross it" in str(said)
    assert "as much goes out, and cost about 1,752,000 CNY less than that earns, at average prices of the year; with" in str(said)
    assert "with one_way = 1 in connections.csv" in str(said)
    (left,) = plan_warnings(park(one_way=1).case(), planned(park(one_way=1)))
    assert "one_way = 1 lets both ways of an hour share the limits" in str(left)
    quiet = park()
    quiet.rows["supplies"] = [s for s in quiet.rows["supplies"] if s.supply != "market"]
    assert [*plan_warnings(quiet.case(), planned(quiet))] == []


def test_what_crosses_is_bought_at_the_price_of_the_contract_too():
    """100 MWh of a grid for 30 and 300 of a contract for 90 are 0.3 a MWh."""
    costs = [(2026, "energy", "grid", 30.0), (2026, "contract", "green", 90.0), (2026, "demand_charge", "line", 7.0)]
    energy = [(2026, "import", "grid", 100.0), (2026, "import", "green", 300.0), (2026, "export", "grid", 50.0)]
    tables = {"costs": pd.DataFrame(costs, columns=["year", "item", "name", "value"]),
        "energy": pd.DataFrame(energy, columns=["year", "flow", "name", "value"])}
    plan = Plan("target", "optimal", 0.0, tables=tables)
    assert _price(plan, ["grid", "green"], 2026, ("energy", "contract"), "import") == pytest.approx(0.3)


def test_the_ledger_refuses_both_ways_at_once():
    plan = planned(park())
    with pytest.raises(LedgerError, match="imports and exports that share a connection"):
        check_plan(park(one_way=1).case(), plan, 4380.0)
    assert Connection(connection="line", carrier="electricity").one_way == 0


def test_a_store_that_charges_and_discharges_in_one_hour_is_told():
    """50 CNY are paid for each MWh that is taken, 2 MW at most; 1 MW is needed. A store with a loss of half burns what its 2 MW
    of power, which both directions share, let it: charged with 4/3 MW and discharged with 2/3 MW in every hour."""
    own = Draft(2026)
    own.demand()
    own.supply(price=-50.0, max_import=2.0)
    own.store(existing=4.0, charge_efficiency=0.5, full_power_hours=2.0)
    plan = planned(own)
    assert plan.system_cost == pytest.approx(-50 * 5 / 3 * 8760)
    (said,) = plan_warnings(own.case(), plan)
    # Hours that are only charged and others that are only discharged, as much of each, cost the same: so it may be a little less.
    told = re.fullmatch(r"store 'battery': ([\d,]+) of the 11,680 MWh that it is charged with in 2026 leave it .*", str(said))
    assert told is not None and 5000 < float(told[1].replace(",", "")) <= 5840
    idle = Draft(2026)
    idle.demand()
    idle.supply(price=50.0, max_import=2.0)
    idle.store(existing=4.0, charge_efficiency=0.5, full_power_hours=2.0)
    assert [*plan_warnings(idle.case(), planned(idle))] == []
