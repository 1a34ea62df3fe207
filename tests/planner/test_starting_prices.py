"""Prices that the operation of a year in every hour starts from."""

from types import SimpleNamespace

import numpy as np
import pytest
from parks import Draft

from planner.planning.verify import Verifier
from planner.solve.year.year import Year

RULE, OTHER = (SimpleNamespace(key=(stage, "net_ratio", "<=")) for stage in ("zero-carbon", "near-zero-carbon"))
GRID = ("imported", ("grid",))


def first(y: int, served: dict[int, float], **rules) -> dict:
    """Prices of a year to start from, after others were operated at a price each, or not served at None; those of typical days are
    the year."""
    verifier = Verifier.__new__(Verifier)
    own = {2028: [RULE], 2029: [RULE], 2030: [RULE], 2031: [RULE]} | {int(name[1:]): found for name, found in rules.items()}
    verifier.inputs = SimpleNamespace(carbon=SimpleNamespace(rules=own))
    years = {z: SimpleNamespace(prices={GRID: price}, unserved=price is None) for z, price in served.items()}
    method = SimpleNamespace(prices=lambda asked: {z: {GRID: float(z)} for z in asked})
    return verifier._first_prices(y, years, method)


def test_the_nearest_year_with_the_same_rules_is_followed_unless_demand_was_not_met():
    assert first(2029, {2031: 5.0, 2030: 7.0}) == {GRID: 7.0}
    assert first(2029, {2031: 5.0, 2030: None}) == {GRID: 5.0}
    assert first(2029, {2031: 5.0, 2030: 7.0}, y2030=[OTHER]) == {GRID: 5.0}


def test_the_first_year_and_one_with_other_rules_begin_from_typical_days():
    assert first(2030, {}) == {GRID: 2030.0} and first(2029, {2030: 7.0}, y2029=[OTHER]) == {GRID: 2029.0}


@pytest.mark.parametrize(("most", "price"), [(9000.0, 0.0), (4000.0, None)], ids=["enough", "too little"])
def test_a_price_of_slack_is_none_to_start_from(most, price):
    """8760 MWh are needed. Where less may be imported a MWh more of it would save the penalty of one that is not served."""
    park = Draft()
    park.demand()
    park.supply("grid", price=100.0, max_import_year=most)
    year = Year(park.inputs(), 2026)
    assert year.prices(np.zeros(len(year.links))).get(GRID) == price
