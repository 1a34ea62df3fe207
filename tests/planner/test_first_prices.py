"""Prices that the operation of a year in every hour starts from."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from parks import Draft

from planner.plan import LEAST_COST, TARGET
from planner.planning.verify import Verifier
from planner.solve.year.year import Year

RULE = SimpleNamespace(stage="zero-carbon", metric="net_ratio", sense="<=")
ONLINE = ("coupled", ("online chp", "3"))
GRID, GAS, SUN = (("imported", (name,)) for name in ("grid", "gas", "sun"))


def near(name: str, y: int, years: dict, prices: dict, rules: dict | None = None) -> dict:
    """What the verifier says of these years, in which a rule holds unless it is left out."""
    carbon = SimpleNamespace(rules={2029: [RULE], 2030: [RULE]} if rules is None else rules)
    return Verifier._near(SimpleNamespace(inputs=SimpleNamespace(carbon=carbon)), name, y, years, prices)


def year(unserved: tuple = (), **prices: float) -> SimpleNamespace:
    """2030 as it was operated in all hours."""
    totals = {"grid": GRID, "gas": GAS, "sun": SUN, "online": ONLINE}
    return SimpleNamespace(prices={totals[name]: price for name, price in prices.items()}, unserved=unserved)


PRICES = {2029: {GRID: 400.0, GAS: 500.0, SUN: 10.0}, 2030: {GRID: 300.0, GAS: 500.0, SUN: 60.0}}


def test_they_are_those_of_typical_days_plus_most_of_what_all_hours_made_of_another_year():
    found = near(TARGET, 2029, {2030: year(grid=200.0, gas=520.0, online=-30.0)}, PRICES)
    assert found[GRID] == pytest.approx(400.0 + 0.7 * (200.0 - 300.0))
    assert found[GAS] == pytest.approx(500.0 + 0.7 * 20.0)
    assert found[ONLINE] == -30.0  # typical days have no month ends


def test_a_price_that_typical_days_do_not_tell_is_that_of_the_other_year_and_moves_no_other():
    own = {2029: {GRID: 400.0}, 2030: {GAS: 500.0}}
    assert near(TARGET, 2029, {2030: year(grid=200.0, gas=520.0)}, own) == {GRID: 400.0, GAS: 520.0}


def test_a_price_does_not_change_its_sign():
    assert near(TARGET, 2029, {2030: year(sun=20.0)}, PRICES)[SUN] == 10.0


def test_the_nearest_year_with_the_same_rules_is_followed():
    prices = {**PRICES, 2031: PRICES[2030], 2032: PRICES[2030]}
    years = {2032: year(grid=100.0), 2031: year(grid=200.0), 2030: year(grid=900.0)}
    other = SimpleNamespace(stage="near-zero-carbon", metric="net_ratio", sense="<=")
    rules = {2029: [RULE], 2030: [other], 2031: [RULE], 2032: [RULE]}
    assert near(TARGET, 2029, years, prices, rules)[GRID] == pytest.approx(400.0 + 0.7 * (200.0 - 300.0))


@pytest.mark.parametrize(
    ("name", "years", "rules"),
    [
        (LEAST_COST, {2030: year(grid=200.0)}, None),
        (TARGET, {}, None),
        (TARGET, {2030: year(grid=200.0, unserved=("one hour",))}, None),
        (TARGET, {2030: year(grid=200.0)}, {2030: [RULE]}),
    ],
    ids=["another plan", "no other year", "not served there", "no rules"],
)
def test_else_they_are_those_of_typical_days(name, years, rules):
    assert near(name, 2029, years, PRICES, rules) == PRICES[2029]


@pytest.mark.parametrize(("most", "price"), [(9000.0, 0.0), (4000.0, None)], ids=["enough", "too little"])
def test_a_price_of_slack_is_none_to_start_from(most, price):
    """8760 MWh are needed. Where less may be imported a MWh more of it would save the penalty of one that is not served."""
    park = Draft()
    park.demand()
    park.supply("grid", price=100.0, max_import_year=most)
    inputs = park.inputs()
    year = Year(inputs, 2026)
    assert year.prices(np.zeros(len(year.links))).get(GRID) == price
