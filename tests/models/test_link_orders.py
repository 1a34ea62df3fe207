"""Links in limits.csv and committed.csv, with keep and max_build: all as technologies have it.

1 MW is needed in the works. The grid in the harbour costs 876,000 CNY a year, the one in the works 2,628,000: a MW of cable saves
1,752,000 a year.
"""

from dataclasses import replace

import pytest
from parks import Draft, paid, planned, standing

from models.case import Committed, Limit
from models.errors import LedgerError
from planner.ledger.ledger import check_plan
from planner.planning.run import Options, plan_park

NEAR, FAR = 2_628_000.0, 876_000.0
SAVED = NEAR - FAR


def park(last: int = 2029, mwh=8760.0, **cable) -> Draft:
    """A cable whose orders live a year unless another lifetime is given."""
    found = Draft(2026, last)
    found.demand(zone="works", mwh=mwh)
    found.supply("grid", zone="harbour")
    found.supply("dear", price=300.0, zone="works")
    found.link("cable", "harbour", "works", **cable)
    return found


def limited(found: Draft, item: str, points: dict[int | None, float]) -> Draft:
    found.add(*(Limit(technology="cable", item=item, year=y, value=v) for y, v in points.items()))
    return found


def signed(found: Draft, year: int = 2026, build: float = 1.0, **fields) -> Draft:
    found.add(Committed(technology="cable", year=year, build=build, **fields))
    return found


def sizes(expected):
    """Capacities as either method finds them: the decomposed one to some millionths."""
    return pytest.approx(expected, abs=1e-4)


both = pytest.mark.parametrize("method", ["whole", "decomposed"])


@both
def test_what_may_stand_is_interpolated_and_takes_the_place_of_the_column(method):
    """0.2 MW in 2026, 0.8 in 2029: 0.4 and 0.6 between; of the column's 0.1 nothing is left."""
    own = {"capital_cost": 500_000.0, "max_capacity": 0.1}
    plan = planned(limited(park(**own), "max_capacity", {2026: 0.2, 2029: 0.8}), method)
    assert standing(plan, "cable") == sizes({2026: 0.2, 2027: 0.4, 2028: 0.6, 2029: 0.8})
    assert plan.system_cost == pytest.approx(4 * NEAR - 2 * (SAVED - 500_000))
    assert planned(park(**own), method).system_cost == pytest.approx(4 * NEAR - 0.4 * (SAVED - 500_000))


@both
def test_what_stands_falls_in_steps(method):
    plan = planned(limited(park(existing=1.0), "existing", {2028: 0.5, 2029: 0.0}), method)
    assert [standing(plan, "cable").get(y, 0.0) for y in range(2026, 2030)] == sizes([1.0, 1.0, 0.5, 0.0])
    assert plan.system_cost == pytest.approx(4 * NEAR - 2.5 * SAVED)
    assert planned(park(existing=1.0), method).system_cost == pytest.approx(4 * FAR)


@both
def test_what_must_stand_binds_target_and_least_cost_alone(method):
    """0.5 MW from 2027 on at 4 million a MW and year, more than it saves: twice, or never in reference and business as usual."""
    found = limited(park(2028, capital_cost=4e6), "min_capacity", {2027: 0.5})
    run = plan_park(found.case(), Options(gap=1e-9, method=method))
    forced = 3 * NEAR + 2 * 0.5 * (4e6 - SAVED)
    assert {name: plan.system_cost for name, plan in run.plans.items()} == pytest.approx(
        {"target": forced, "least-cost": forced, "reference": 3 * NEAR, "business-as-usual": 3 * NEAR})
    assert standing(run.target, "cable") == sizes({2026: 0.0, 2027: 0.5, 2028: 0.5})


@both
def test_a_signed_order_stands_and_is_paid_with_its_share_of_the_horizon(method):
    """Ten million a MW and four years of life, three of them within the horizon: nobody would order it."""
    own = {"capital_cost": 1e7, "lifetime": 4}
    assert planned(park(2028, **own), method).system_cost == pytest.approx(3 * NEAR)
    plan = planned(signed(park(2028, **own), build=0.5), method)
    rows = plan.tables["investments"]
    assert [(r.year, r.technology, r.build, r.capital_cost, r.works_from, r.works_until, r.committed) for r in rows.itertuples()
    ] == [(2026, "cable", 0.5, 5e6, 2026, 2029, 1)]
    assert plan.system_cost == pytest.approx(3 * (NEAR - 0.5 * SAVED) + 0.75 * 5e6) and paid(plan, "capital") == pytest.approx(5e6)


def test_a_signed_order_pays_by_the_km_or_what_it_states():
    found = park(2026, length=5.0, capital_cost=1.0)
    found.rows["costs"] = [
        c.model_copy(update={"unit": "CNY/MW/km"}) if c.parameter == "capital_cost" else c for c in found.rows["costs"]]
    assert paid(planned(signed(found, build=2.0)), "capital") == pytest.approx(10.0)
    found.rows["committed"].clear()
    assert paid(planned(signed(found, build=2.0, capital_cost=7.0)), "capital") == pytest.approx(14.0)


@both
def test_it_takes_up_room_of_max_capacity_and_of_the_budget(method):
    """2 MW are needed, and 1.5 may stand, of which 1 is signed; or 3000 may be spent, of which it takes 2000."""
    own = {"capital_cost": 2000.0, "lifetime": 1}
    found = signed(park(2026, mwh=2 * 8760.0, max_capacity=1.5, **own))
    assert standing(planned(found, method), "cable") == sizes({2026: 1.5})
    found = signed(park(2026, mwh=2 * 8760.0, **own))
    found.budget(2026, 3000.0)
    assert standing(planned(found, method), "cable") == sizes({2026: 1.5})


@both
@pytest.mark.parametrize(("partial", "left"), [(1, 1.0), (0, 2.0)])
def test_it_is_retired_as_other_orders_are(method, partial, left):
    """2 MW of 2025, of which 1 is needed, at 100,000 a MW and year: in part, or whole and then not at all."""
    own = {"capital_cost": 1e7, "lifetime": 9, "fixed_cost": 100_000.0, "partial_retirement": partial, "max_build": 0.0}
    plan = planned(signed(park(2027, **own), year=2025, build=2.0), method)
    assert standing(plan, "cable") == sizes({2026: left, 2027: left})
    assert plan.system_cost == pytest.approx(2 * (FAR + left * 100_000))


@both
def test_what_is_kept_is_not_retired(method):
    own = {"mwh": 0.0, "existing": 5.0, "fixed_cost": 1000.0}
    assert standing(planned(park(2027, **own), method), "cable") == sizes({2026: 0.0, 2027: 0.0})
    assert standing(planned(park(2027, keep=3.5, **own), method), "cable") == sizes({2026: 3.5, 2027: 3.5})
    lines = planned(park(2027, keep=3.5, existing_unit=2.0, **own), method)
    assert standing(lines, "cable") == sizes({2026: 4.0, 2027: 4.0})


@both
def test_a_junction_has_nothing_in_it_but_what_passes(method):
    """1 MW by way of the yard, a tenth lost on each cable; the second one costs 500,000 a MW and lives a year."""
    found = Draft(2026)
    found.demand(zone="works")
    found.supply("grid", zone="harbour")
    found.supply("dear", price=300.0, zone="works")
    found.link("first", "harbour", "yard", existing=9.0, loss=0.1)
    assert planned(found, method).system_cost == pytest.approx(NEAR)
    found.link("second", "yard", "works", capital_cost=500_000.0, loss=0.1)
    plan = planned(found, method)
    assert plan.system_cost == pytest.approx(FAR / 0.81 + 500_000 / 0.9)
    flows = plan.tables["energy"].query("zone == 'yard'").groupby("flow", observed=True)["value"].sum()
    assert flows.to_dict() == pytest.approx({"arrived": 8760 / 0.9, "sent": 8760 / 0.9}, rel=1e-5)


# --- the ledger ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_ledger_refuses_what_the_tables_of_links_forbid():
    own = {"capital_cost": 1000.0, "lifetime": 4}
    stood = {"mwh": 0.5 * 8760.0, "existing": 1.0, "fixed_cost": 1000.0}
    for found, asked, words in (
        (park(**own), limited(park(**own), "max_capacity", {2026: 0.9}), "capacity within max_capacity"),
        (park(**own), park(max_build=0.9, **own), "order within max_build"),
        (park(**own), limited(park(**own), "max_build", {2026: 0.9}), "order within max_build"),
        (park(**own), limited(park(**own), "min_capacity", {2028: 1.1}), "capacity of at least min_capacity"),
        (park(existing=1.0), limited(park(existing=1.0), "existing", {2029: 0.9}), "capacity"),
        (park(**stood), park(keep=0.6, **stood), "what is left of what stood"),
        (park(**own), signed(park(**own), build=0.1), "committed order"),
        (signed(park(**own)), signed(park(**own), capital_cost=999.0), "costs.csv"),
    ):
        plan = planned(found)
        with pytest.raises(LedgerError, match=words):
            check_plan(asked.case(), replace(plan), 4380.0)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_a_link_comes_in_whole_lines(method):
    """1.2 MW are to be carried: any size costs 12, lines of 1 MW 20."""
    for unit, cost in ((0.0, 12.0), (1.0, 20.0)):
        park = Draft(2026)
        park.demand(zone="works", mwh=8760.0 * 1.2)
        park.supply("grid", price=0.0, zone="harbour")
        park.link("cable", "harbour", "works", capital_cost=10.0, unit_size=unit, max_capacity=9.0)
        plan = plan_park(park.case(), Options(gap=1e-9, method=method, compare=False)).target
        assert plan.system_cost == pytest.approx(cost)
