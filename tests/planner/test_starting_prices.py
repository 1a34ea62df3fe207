"""Prices that the operation of a year in every hour starts from."""

from types import SimpleNamespace

import numpy as np
import pytest
from parks import Draft

from models.errors import SolverError
from planner.planning.verify import StartingPrices
from planner.solve.hours.restricted_master import CONTRACTED
from planner.solve.year.subproblem import YearResponse
from planner.solve.year.year import Year

RULE = SimpleNamespace(stage="zero-carbon", metric="net_ratio", sense="<=")
OTHER = SimpleNamespace(stage="near-zero-carbon", metric="net_ratio", sense="<=")
GRID, GAS = (("imported", (name,)) for name in ("grid", "gas"))
ONLINE = ("coupled", ("online chp", "3"))
PEAK = (CONTRACTED, ("grid", "6"))


class Method:
    """Typical days of which each year imports 100 MWh, at a price that falls by 1 for each MWh that the account counts more."""

    def __init__(self, has_years: bool = True) -> None:
        self.asked, self.has_years = [], has_years

    def response(self, y: int, shift: dict) -> YearResponse | None:
        self.asked.append((y, dict(shift)))
        if shift.get(GRID, 0.0) > 1000.0:
            raise SolverError("more than there is")
        return YearResponse({GRID: 400.0 - shift.get(GRID, 0.0)}, {GRID: 100.0, GAS: 7.0}) if self.has_years else None


def begun(has_years: bool = True, **rules) -> StartingPrices:
    """The first prices of a plan whose years have the same rule unless others are told."""
    found = {2028: [RULE], 2029: [RULE], 2030: [RULE]} | {int(y[1:]): own for y, own in rules.items()}
    return StartingPrices(SimpleNamespace(carbon=SimpleNamespace(rules=found)), Method(has_years))


def end(prices: StartingPrices, y: int, grid: float, unserved: tuple = ()) -> None:
    """A year was operated in all hours and imports so much in the end."""
    own = {GRID: 250.0, ONLINE: -30.0, PEAK: 12.0}
    operator = SimpleNamespace(totals=lambda _y, _operation: {GRID: grid, GAS: 7.0})
    prices.ended(y, SimpleNamespace(prices=own, unserved=unserved), operator)


def test_those_of_typical_days_come_first_then_those_with_what_all_hours_import_more():
    prices = begun()
    assert prices.of(2030) == {GRID: 400.0} and prices.corrected(2030, {GRID: 130.0, GAS: 7.0}) == {GRID: 370.0}


def test_a_year_begins_where_the_last_one_ended_and_goes_half_way_then():
    prices = begun()
    prices.of(2030), prices.corrected(2030, {GRID: 130.0, GAS: 7.0})
    end(prices, 2030, grid=120.0)
    first = prices.of(2029)
    assert first[GRID] == pytest.approx(380.0)
    assert (first[ONLINE], first[PEAK]) == (-30.0, 12.0)  # typical days have none of them
    assert prices.corrected(2029, {GRID: 160.0, GAS: 7.0})[GRID] == pytest.approx(400.0 - (20.0 + 0.5 * (60.0 - 20.0)))


def test_a_year_with_other_rules_tells_only_which_months_pay_for_contracted_capacity():
    prices = begun(y2029=[OTHER])
    prices.of(2030), prices.corrected(2030, {GRID: 130.0, GAS: 7.0})
    end(prices, 2030, grid=130.0)
    assert prices.of(2029) == {GRID: 400.0, PEAK: 12.0}


def test_the_nearest_year_with_the_same_rules_is_followed_unless_demand_was_not_met():
    prices = begun(y2030=[OTHER])
    for y, grid in ((2032, 190.0), (2031, 110.0), (2030, 150.0)):
        prices.inputs.carbon.rules.setdefault(y, [RULE])
        prices.of(y)
        end(prices, y, grid)
    assert prices.of(2029)[GRID] == pytest.approx(390.0)
    end(prices, 2029, 900.0, unserved=("one hour",))
    assert prices.of(2028)[GRID] == pytest.approx(390.0)


def test_a_method_without_years_starts_from_another_year():
    prices = begun(has_years=False, y2028=[OTHER])
    assert prices.of(2030) == {} and prices.corrected(2030, {GRID: 130.0}) is None
    end(prices, 2030, grid=130.0)
    assert prices.of(2029) == {GRID: 250.0, ONLINE: -30.0, PEAK: 12.0} and prices.of(2028) == {PEAK: 12.0}


def test_a_shift_that_asks_for_more_than_there_is_tells_nothing():
    prices = begun()
    prices.of(2030)
    assert prices.corrected(2030, {GRID: 5000.0}) is None
    assert prices.corrected(2030, {GRID: 130.0}) is None  # no totals to compare with any more


def cheap_and_dear(most: float) -> Year:
    """8760 MWh are needed; of the cheap ones there are only so many."""
    park = Draft()
    park.demand()
    park.supply("grid", price=100.0, max_import_year=most)
    park.supply("line", price=150.0)
    return Year(park.inputs(), 2026)


@pytest.mark.parametrize(("shift", "price", "imported"), [(0.0, 0.0, 8760.0), (1000.0, 50.0, 8000.0), (-1000.0, 0.0, 8760.0)],
    ids=["none", "more", "less"])
def test_typical_days_answer_as_if_the_account_counted_more_or_less(shift, price, imported):
    """9000 MWh are cheap. Where the account counts 1000 MWh more, 8000 are left for the hours, and one more saves 50."""
    year = cheap_and_dear(9000.0)
    answer = year.response(np.zeros(len(year.links)), {GRID: shift} if shift else {})
    assert abs(answer.prices[GRID]) == pytest.approx(price) and answer.totals[GRID] == pytest.approx(imported)


def test_a_shift_is_gone_with_the_next_solve():
    year = cheap_and_dear(9000.0)
    point = np.zeros(len(year.links))
    cost = year.cut(point).cost
    year.response(point, {GRID: 1000.0})
    assert year.cut(point).cost == pytest.approx(cost)


@pytest.mark.parametrize(("most", "price"), [(9000.0, 0.0), (4000.0, None)], ids=["enough", "too little"])
def test_a_price_of_slack_is_none_to_start_from(most, price):
    """8760 MWh are needed. Where less may be imported a MWh more of it would save the penalty of one that is not served."""
    park = Draft()
    park.demand()
    park.supply("grid", price=100.0, max_import_year=most)
    year = Year(park.inputs(), 2026)
    assert year.prices(np.zeros(len(year.links))).get(GRID) == price
