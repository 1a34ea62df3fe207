"""What prices do to the saving with the plan as it is: falls that end it come first. Bills worked out by hand."""

from types import SimpleNamespace

import pandas as pd
import pytest
from parks import Draft

from planner.answer.hangs_on import own_ranges, rediscounted, swings_table
from planner.answer.purchase import Titles
from planner.answer.sure import swings_told
from planner.language.language import Language
from planner.tables.facts import empty_table
from planner.tables.schema import TABLES


def bills(**of: float) -> dict[str, pd.DataFrame]:
    items = [("export" if name == "sold" else "energy", name, value) for name, value in of.items()]
    rows = pd.DataFrame([(2026, *row) for row in [*items, ("capital", "pv", 60e6)]], columns=["year", "item", "name", "value"])
    orders = pd.DataFrame([(2026, "pv", 2027, 2046)], columns=["year", "technology", "works_from", "works_until"])
    years = pd.DataFrame({"year": [2026]})
    return {"system_cost": rows, "costs": rows, "emissions": years, "investments": orders,
        "measures": pd.DataFrame(columns=["year", "measure", "works_until"])}


def report(
    saving: float, plan: dict[str, pd.DataFrame], usual: dict[str, pd.DataFrame], least=None, ranges=None
) -> SimpleNamespace:
    costs = {"target": {"system_cost": 100e6}, "business-as-usual": {"system_cost": 100e6 + saving}}
    plans = {"target": plan, "business-as-usual": usual}
    if least is not None:
        costs["least-cost"], plans["least-cost"] = {"system_cost": 95e6}, least
    summary = {"plans": costs, "system_cost": 100e6, "discount_rate": 0.06, "currency": "CNY", "compared_with": "reference"}
    table = swings_table(summary, plans, [2026, 2035], ranges or {})
    alone = {"swings": table, "sensitivity": empty_table(TABLES["sensitivity"])}
    output = SimpleNamespace(summary=summary, years=[2026, 2035], plans=plans, target=plan, alone=alone, currency="CNY")
    return SimpleNamespace(language=Language(), output=output, money=("M CNY", 1e6), titles=Titles({}, {}, {}, {}))


def told(made: SimpleNamespace) -> dict[str, list]:
    """Name -> what ends the saving, and the saving with it lower and higher."""
    found = swings_told(made)
    return {r.name: [r.ends, r.saving_low, r.saving_high] for r in found.itertuples(index=False)} if len(found) else {}


def test_a_fall_that_ends_the_saving_is_told_and_without_a_saving_nothing_is():
    """20 M are saved; the plan buys 80 M less of the grid: a fall by 25 % ends it. What is sold for 16 M would have to fall by 125 %.
    More biomass for 30 M ends it by a rise of 50 %."""
    found = told(report(20e6, bills(grid=40e6, sold=-16e6), bills(grid=120e6)))
    assert found["grid"] == ["-25%", *map(pytest.approx, (-4e6, 44e6))] and found["sold"] == ["", *map(pytest.approx, (15.2e6, 24.8e6))]
    assert told(report(20e6, bills(biomass=40e6), bills(grid=10e6)))["biomass"][0] == "+50%"
    assert not told(report(-1e6, bills(grid=40e6), bills(grid=120e6)))


def test_what_is_sold_is_told_however_little_it_moves_the_saving() -> None:
    """Twelve supplies move the saving of 20 M by 6 M and less; 0.1 M is sold, whose price 30 % lower takes 0.03 M of it: no hundredth."""
    made = report(20e6, bills(sold=-1e5), bills(**{f"s{i}": 20e6 - i * 1e6 for i in range(12)}))
    assert len(told(made)) == 11 and told(made)["sold"][1:] == pytest.approx([19.97e6, 20.03e6])
    assert swings_told(made)["text"].iloc[0] == "14.0 – 26.0"


def orders(pv: float, **of: float) -> dict[str, pd.DataFrame]:
    found = bills(**of)
    found["system_cost"].loc[found["system_cost"]["name"] == "pv", "value"] = pv
    return found


def test_capital_of_an_order_moves_the_saving_and_what_the_goal_costs() -> None:
    """60 M for the sun in the plan, 20 M in business as usual, 45 M in the least-cost plan, which costs 5 M less: 30 % dearer takes
    12 M of the 20 M saved, and the goal costs 4.5 M more."""
    made = report(20e6, orders(60e6, grid=0.0), orders(20e6, grid=0.0), orders(45e6, grid=0.0))
    (pv,) = made.output.alone["swings"].query("name == 'pv'").itertuples()
    assert (pv.what, pv.low, pv.high, pv.saving_low, pv.saving_high, pv.ends_at) == ("capital", -0.3, 0.3,
        *map(pytest.approx, (32e6, 8e6, 0.5)))
    assert (pv.goal_low, pv.goal_high, pv.currency) == (pytest.approx(0.5e6), pytest.approx(9.5e6), "CNY")
    assert told(made)["pv, capital"] == ["+50%", *map(pytest.approx, (32e6, 8e6))]


def test_what_is_bought_and_what_is_sold_of_a_supply_are_told_apart() -> None:
    both = bills(grid=40e6)
    both["system_cost"] = pd.concat(
        [both["system_cost"], pd.DataFrame([(2026, "export", "grid", -16e6)], columns=["year", "item", "name", "value"])])
    shown = told(report(20e6, both, bills(grid=120e6)))
    assert shown["grid, bought"][1:] == pytest.approx([-4e6, 44e6]) and shown["grid, sold"][1:] == pytest.approx([15.2e6, 24.8e6])


def test_a_price_and_a_capital_cost_with_their_own_low_and_high_swing_by_these() -> None:
    """80 of the grid less at 600 that may come to 540 or 900: 8 M less of the saving of 20 M, or 40 M more. 40 M more of capital, at
    1000 in 2026 that may come to 800: 8 M more; no high is stated, so 30 % dearer takes 12 M."""
    park = Draft()
    park.supply(price=600.0)
    park.rows["prices"] = [r.model_copy(update={"low": 540.0, "high": 900.0}) for r in park.rows["prices"]]
    park.converter("pv", max_capacity=1.0, capital_cost=1000.0)
    park.rows["costs"] = [r.model_copy(update={"low": 800.0} if r.parameter == "capital_cost" else {}) for r in park.rows["costs"]]
    made = report(20e6, orders(60e6, grid=40e6), orders(20e6, grid=120e6), ranges=own_ranges(park.case()))
    found = made.output.alone["swings"].set_index("name")
    assert found.loc["grid", ["low", "high", "saving_low", "saving_high"]].tolist() == pytest.approx([-0.1, 0.5, 12e6, 60e6])
    assert found.loc["pv", ["low", "high", "saving_low", "saving_high"]].tolist() == pytest.approx([-0.2, 0.3, 28e6, 8e6])
    assert {"grid (-10%, +50%)", "pv, capital (-20%, +30%)"} <= set(told(made))


def test_another_discount_rate_discounts_anew_and_shares_capital_anew() -> None:
    """100 of 2028 at 0 in place of 10 %: 121; an order of 20 years, 9 of them in the horizon: A(9)/A(20) at 0 is 0.45."""
    plan = bills(grid=100.0)
    plan["system_cost"].loc[0, "year"] = 2028
    a9, a20 = (sum(1.1**-i for i in range(n)) for n in (9, 20))
    plan["system_cost"].loc[1, "value"] = 1000 * a9 / a20
    assert rediscounted(plan, 0.1, 0.0, 2035) == pytest.approx(121.0 + 450.0)
    assert rediscounted(plan, 0.1, 0.1, 2035) == pytest.approx(100.0 + 1000 * a9 / a20)
