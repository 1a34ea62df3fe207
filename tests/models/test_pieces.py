"""keep, existing_unit and partial_retirement: in what pieces capacity is retired early."""

from dataclasses import replace

import pytest
from parks import Draft, built, planned, signed, standing

from models.errors import LedgerError
from planner.ledger.ledger import check_plan


def old_plant(needed: float, **fields) -> Draft:
    """A plant of 5 MW that stands and costs 1000 a MW and year to own; so much of it is needed."""
    park = Draft(2026, 2027)
    park.demand(mwh=needed * 8760)
    park.supply()
    park.converter("plant", **{"existing": 5.0, "fixed_cost": 1000.0} | fields)
    return park


def new_plant(**fields) -> Draft:
    """2 MW are needed in 2026 and 1 MW after it; the plant is ordered in 2026 alone, at 1000 a MW, and costs 100,000 to own."""
    park = Draft(2026, 2028)
    park.demand(mwh={2026: 2 * 8760.0, 2027: 8760.0})
    park.supply()
    park.converter("plant",
        **{"capital_cost": 1000.0, "lifetime": 3, "fixed_cost": 100_000.0, "max_capacity": 9.0, "until_year": 2026} | fields)
    return park


both = pytest.mark.parametrize("method", ["whole", "decomposed"])


@both
def test_what_is_kept_is_not_retired(method):
    assert standing(planned(old_plant(0.0), method), "plant") == pytest.approx({2026: 0.0, 2027: 0.0})
    assert standing(planned(old_plant(0.0, keep=3.5), method), "plant") == pytest.approx({2026: 3.5, 2027: 3.5})
    assert standing(planned(old_plant(4.0, keep=3.5), method), "plant") == pytest.approx({2026: 4.0, 2027: 4.0})


@both
@pytest.mark.parametrize(("needed", "left"), [(0.0, 0.0), (0.5, 1.0), (1.5, 2.0), (2.5, 3.0), (3.5, 4.0), (4.5, 5.0)])
def test_what_stands_is_retired_in_units_and_one_of_the_rest(needed, left, method):
    """5 MW in units of 2 MW: two of them and one of 1 MW."""
    assert standing(planned(old_plant(needed, existing_unit=2.0), method), "plant")[2026] == pytest.approx(left)
    assert standing(planned(old_plant(needed), method), "plant")[2026] == pytest.approx(needed)


def test_units_are_kept_whole_too():
    assert standing(planned(old_plant(0.0, existing_unit=2.0, keep=0.5)), "plant")[2026] == pytest.approx(1.0)


@both
def test_an_order_is_retired_whole_or_not_at_all(method):
    """In any part: 2 MW, 1 MW from 2027 on, 2000 + 400,000. Whole: 2 MW all the time, 2000 + 600,000."""
    assert planned(new_plant(), method).system_cost == pytest.approx(402_000)
    plan = planned(new_plant(partial_retirement=0), method)
    assert plan.system_cost == pytest.approx(602_000) and plan.tables["retirements"].empty


@both
def test_a_whole_order_is_retired_where_a_smaller_one_takes_its_place(method):
    """2 of 3 years of a new MW are within the horizon: 2000 + 200,000, then 667 + 200,000."""
    plan = planned(new_plant(partial_retirement=0, until_year=None), method)
    assert plan.system_cost == pytest.approx(2000 + 200_000 + 2000 / 3 + 200_000)
    own = plan.tables["retirements"]
    assert [(r.year, r.ordered) for r in own.itertuples()] == [(2027, 2026)]
    assert own["retired"].tolist() == pytest.approx([2.0], rel=1e-5)  # three rows of the solver, each kept within 1e-6


@both
def test_signed_orders_in_units_are_retired_in_whole_units_and_what_the_plan_orders_in_any_part(method):
    """Units of 0.7 MW: three, then two, 1.4 MW, of a signed order, where 1 MW is enough of one that the plan makes."""
    in_units = signed(new_plant(partial_retirement=0, unit_size=0.7, max_build=0.0), build=2.1)
    assert planned(in_units, method).system_cost == pytest.approx(2100 + 210_000 + 2 * 140_000)
    for fields in ({}, {"partial_retirement": 0}):
        assert planned(new_plant(unit_size=0.7, **fields), method).system_cost == pytest.approx(2100 + 210_000 + 2 * 100_000)


def test_units_that_end_first_are_retired_first():
    """A unit ordered in 2026 and one in 2027, living three years; one is enough in 2028, and from 2029 on the later one is left."""
    park = Draft(2026, 2029)
    park.demand(mwh={2026: 8760.0, 2027: 2 * 8760.0, 2028: 8760.0})
    park.supply()
    park.converter("plant", capital_cost=1000.0, lifetime=3, fixed_cost=100_000.0, unit_size=1.0, partial_retirement=0)
    plan = planned(park)
    assert built(plan, "plant") == pytest.approx({2026: 1.0, 2027: 1.0})
    assert [(r.year, r.ordered) for r in plan.tables["retirements"].itertuples()] == [(2028, 2026)]


def of_units(**fields) -> Draft:
    """2 MW are signed, in units of 0.4 MW."""
    return signed(new_plant(unit_size=0.4, max_build=0.0, **fields), build=2.0)


def test_the_ledger_refuses_part_of_an_order_of_a_unit_and_what_must_be_kept():
    for park, asked, word in (
        (new_plant(), new_plant(partial_retirement=0), "retirement of whole orders"),
        (of_units(), of_units(partial_retirement=0), "retirement of signed orders in whole units"),
        (old_plant(2.5), old_plant(2.5, existing_unit=2.0), "what stood in whole units"),
        (old_plant(2.5), old_plant(2.5, keep=3.0), "what is left of what stood"),
    ):
        plan = planned(park)
        with pytest.raises(LedgerError, match=word):
            check_plan(asked.case(), replace(plan), 4380.0)


def test_among_equal_plans_the_one_that_retires_no_unit_is_reported():
    park = old_plant(1.0, existing_unit=1.0, fixed_cost=0.0, max_capacity=5.0, capital_cost=1e9)
    assert planned(park).tables["retirements"].empty
