"""What prices do to the saving with the plan as it is: falls that end it come first. Bills worked out by hand."""

from types import SimpleNamespace

import pandas as pd
import pytest
from parks import Draft
from reading import read, rows

from planner.answer.hangs_on import own_ranges, rediscounted, swings_table
from planner.answer.page.answer import swings
from planner.answer.purchase import Titles
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


def test_a_fall_that_ends_the_saving_is_named_first() -> None:
    """20 M are saved; the plan buys 80 M less of the grid: a fall by 25 % ends it. What is sold for 16 M would have to fall by 125 %."""
    said = read(swings(report(20e6, bills(grid=40e6, sold=-16e6), bills(grid=120e6))))
    assert "The saving ends if a price falls so far, all else as it is: grid -25%." in said.text
    assert "price rises" not in said.text and "sold -" not in said.text
    shown = rows(said.all("table")[0])
    assert shown[1][0] == "grid" and shown[1][2:4] == pytest.approx([-4e6, 44e6]) and shown[1][1] == "-25%"
    assert shown[2][0] == "sold" and shown[2][2:4] == pytest.approx([15.2e6, 24.8e6]) and shown[2][1] == "none"
    assert [p.text for p in said.all("p", "note")] == ["None: neither a fall to nothing nor a rise to twice its value ends it."]


def test_more_of_what_gets_dearer_ends_it_by_a_rise_and_without_a_saving_nothing_is_told() -> None:
    said = read(swings(report(20e6, bills(biomass=40e6), bills(grid=10e6))))  # grid: a fall by 200 % would be needed
    assert "The saving ends if a price rises so far: biomass +50%." in said.text and "price falls" not in said.text
    assert not swings(report(-1e6, bills(grid=40e6), bills(grid=120e6)))
    assert "No single price" in read(swings(report(90e6, bills(grid=40e6), bills(grid=120e6)))).text


def test_what_is_sold_is_told_however_little_it_moves_the_saving_and_what_moves_it_most_is_the_title() -> None:
    """Twelve supplies move the saving of 20 M by 6 M and less; 0.1 M is sold, whose price 30 % lower takes 0.03 M of it: no hundredth."""
    usual = {f"s{i}": 20e6 - i * 1e6 for i in range(12)}
    made = report(20e6, bills(sold=-1e5), bills(**usual))
    said = read(swings(made))
    shown = rows(said.all("table")[0])
    assert len(shown) == 12 and shown[-1][0] == "sold" and shown[-1][2:4] == pytest.approx([19.97e6, 20.03e6])
    (title,) = said.all("figcaption")
    assert title.text.startswith("s0 moves the saving most: 14.0 to 26.0 M CNY")


def orders(pv: float, **of: float) -> dict[str, pd.DataFrame]:
    found = bills(**of)
    found["system_cost"].loc[found["system_cost"]["name"] == "pv", "value"] = pv
    return found


def test_capital_of_an_order_moves_the_saving_and_what_the_goal_costs() -> None:
    """60 M for the sun in the plan, 20 M in business as usual, 45 M in the least-cost plan, which costs 5 M less: 30 % dearer takes
    12 M of the 20 M saved, and the goal costs 4.5 M more."""
    made = report(20e6, orders(60e6, grid=0.0), orders(20e6, grid=0.0), orders(45e6, grid=0.0))
    said = read(swings(made))
    (pv,) = made.output.alone["swings"].query("name == 'pv'").itertuples()
    assert (pv.what, pv.low, pv.high, pv.saving_low, pv.saving_high, pv.ends_at) == ("capital", -0.3, 0.3,
        *map(pytest.approx, (32e6, 8e6, 0.5)))
    assert (pv.goal_low, pv.goal_high, pv.currency) == (pytest.approx(0.5e6), pytest.approx(9.5e6), "CNY")
    shown = {row[0]: row[1:] for row in rows(said.all("table")[0])}
    assert shown["pv, capital"][1:3] == pytest.approx([32e6, 8e6]) and shown["pv, capital"][0] == "+50%"
    assert shown["pv, capital"][3:] == pytest.approx([0.5e6, 9.5e6])
    assert "pv, capital: 8.0 M CNY" in said.all("svg")[0].text and "No single price" in said.text


def test_what_is_bought_and_what_is_sold_of_a_supply_are_told_apart() -> None:
    both = bills(grid=40e6)
    both["system_cost"] = pd.concat(
        [both["system_cost"], pd.DataFrame([(2026, "export", "grid", -16e6)], columns=["year", "item", "name", "value"])])
    shown = {row[0]: row[2:4] for row in rows(read(swings(report(20e6, both, bills(grid=120e6)))).all("table")[0])}
    assert shown["grid, bought"] == pytest.approx([-4e6, 44e6]) and shown["grid, sold"] == pytest.approx([15.2e6, 24.8e6])


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
    said = read(swings(made))
    assert "grid (-10%, +50%)" in said.text and "pv, capital (-20%, +30%)" in said.text and "by 30% or as stated" in said.text


def test_other_demand_is_drawn_and_told_where_it_was_asked() -> None:
    made = report(20e6, bills(grid=40e6), bills(grid=120e6))
    assert "plan what-if OUT --demand" in read(swings(made)).text
    more = made.output.alone["swings"].iloc[:1].assign(what="demand", name="", saving_low=5e6, saving_high=None, ends_at=None)
    made.output.alone["swings"] = pd.concat([made.output.alone["swings"], more], ignore_index=True)
    said = read(swings(made))
    shown = {row[0]: row[2:4] for row in rows(said.all("table")[0])}
    assert shown["all demand"] == [pytest.approx(5e6), "not served"] and "plan stress OUT" not in said.text
    assert [row[1] for row in rows(said.all("table")[0])[1:]] == ["-25%", "not computed"]
    assert "Not computed: this run did not work it out." in said.text and "None: neither" not in said.text


def test_another_discount_rate_discounts_anew_and_shares_capital_anew() -> None:
    """100 of 2028 at 0 in place of 10 %: 121; an order of 20 years, 9 of them in the horizon: A(9)/A(20) at 0 is 0.45."""
    plan = bills(grid=100.0)
    plan["system_cost"].loc[0, "year"] = 2028
    a9, a20 = (sum(1.1**-i for i in range(n)) for n in (9, 20))
    plan["system_cost"].loc[1, "value"] = 1000 * a9 / a20
    assert rediscounted(plan, 0.1, 0.0, 2035) == pytest.approx(121.0 + 450.0)
    assert rediscounted(plan, 0.1, 0.1, 2035) == pytest.approx(100.0 + 1000 * a9 / a20)
