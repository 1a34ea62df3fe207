"""What prices do to the saving with the plan as it is: falls that end it come first. Bills worked out by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from reading import read, rows

from planner.language.language import Language
from planner.report.page.swings import moved, swings


def bills(**of: float) -> dict[str, pd.DataFrame]:
    items = [("export" if name == "sold" else "energy", name, value) for name, value in of.items()]
    return {"system_cost": pd.DataFrame([*items, ("capital", "pv", 60e6)], columns=["item", "name", "value"])}


def report(saving: float, plan: dict[str, pd.DataFrame], usual: dict[str, pd.DataFrame]) -> SimpleNamespace:
    costs = {"target": {"system_cost": 100e6}, "business-as-usual": {"system_cost": 100e6 + saving}}
    output = SimpleNamespace(summary={"plans": costs, "system_cost": 100e6}, plans={"target": plan, "business-as-usual": usual}, target=plan)
    return SimpleNamespace(language=Language(), output=output, money=("M CNY", 1e6))


def test_what_is_bought_less_and_sold_more_moves_the_saving() -> None:
    found = moved(bills(grid=120e6, gas=30e6), bills(grid=40e6, gas=30e6, sold=-16e6))
    assert found.to_dict() == pytest.approx({"grid": 80e6, "sold": 16e6, "gas": 0.0})


def test_a_fall_that_ends_the_saving_is_named_first() -> None:
    """20 M are saved; the plan buys 80 M less of the grid: a fall by 25 % ends it. What is sold for 16 M would have to fall by 125 %."""
    said = read(swings(report(20e6, bills(grid=40e6, sold=-16e6), bills(grid=120e6))))
    assert "Falls of a price that would end the saving, all else as it is: grid -25%." in said.text
    assert "Rises" not in said.text and "sold -" not in said.text
    shown = rows(said.all("table")[0])
    assert shown[1][0] == "grid" and shown[1][1:3] == pytest.approx([-4e6, 44e6]) and shown[1][3] == "-25%"
    assert shown[2][0] == "sold" and shown[2][1:3] == pytest.approx([15.2e6, 24.8e6]) and shown[2][3] == "–"


def test_more_of_what_gets_dearer_ends_it_by_a_rise_and_without_a_saving_nothing_is_told() -> None:
    said = read(swings(report(20e6, bills(biomass=40e6), bills(grid=10e6))))  # grid: a fall by 200 % would be needed
    assert "Rises of a price that would end it: biomass +50%." in said.text and "Falls" not in said.text
    assert not swings(report(-1e6, bills(grid=40e6), bills(grid=120e6)))
    assert "No single price" in read(swings(report(90e6, bills(grid=40e6), bills(grid=120e6)))).text
