"""Leading figures at their low and high, planned anew; by hand: 1 MW from a grid at 50 CNY/MWh is 438,000 a year.

Hydro for 100,000 does all of it, so 338,000 are saved; wind for 120,000 could."""

import json

import pandas as pd
import pytest
from parks import Draft
from test_questions import two_plants

from planner.questions.earned import moved_by_demand
from planner.questions.sensitivity import SAME, WITHIN_GAP, FirstOrders, differing, gain


def asked(plan, folder, code: int = 0) -> pd.DataFrame:
    assert plan.once("--park", "park", "--out", "out", "--gap", "1e-6", "--quiet").code == 0
    said = plan.once("what-if", "out", "--jobs", 1, "--language", "en")
    assert said.code == code, said.err
    rows = pd.read_csv(folder / "out" / "sensitivity.csv", keep_default_na=False, na_values={"saving": "", "saving_anew": "", "gained": ""})
    return rows.set_index(["what", "name", "side"])


@pytest.mark.slow
def test_what_planning_anew_gains_and_which_first_orders_would_be_others(plan, tmp_path):
    """Hydro at 130,000: as it is 308,000 are saved, with wind for it 318,000. Of 0.7 MW all is saved but for 30,000 of hydro that is
    not needed; of 1.3 MW 0.3 MW is the grid's, 131,400, in place of wind's for 36,000. The grid at 35 is dearer than either."""
    two_plants(tmp_path / "park", other=120_000.0)
    (tmp_path / "park" / "prices.csv").write_text("supply,item,year,value,unit\ngrid,energy,,50,CNY/MWh\n")
    rows = asked(plan, tmp_path)
    told = rows.drop(columns=["currency", "gap", "days", "status"])
    dear, little, much = told.loc["capital", "hydro", "high"], told.loc["demand", "", "low"], told.loc["demand", "", "high"]
    money = ["change", "saving", "saving_anew", "gained"]
    assert dear[money].tolist() == pytest.approx([0.3, 308_000, 318_000, 10_000], abs=1.0)
    assert dear["orders"] == "hydro 1 → 0 MW; wind 0 → 1 MW" and int(dear["year"]) == 2026
    assert little[money].tolist() == pytest.approx([-0.3, 206_600, 236_600, 30_000], abs=1.0)
    assert little["orders"] == "hydro 1 → 0.7 MW"
    assert much[money].tolist() == pytest.approx([0.3, 338_000, 433_400, 95_400], abs=1.0) and much["orders"] == "wind 0 → 0.3 MW"
    same = told.loc["bought", "grid", "low"]
    assert same[money].tolist() == pytest.approx([-0.3, 206_600, 206_600, 0], abs=1.0)
    assert (same["orders"], same["note"]) == ("", WITHIN_GAP)
    page = (tmp_path / "out" / "report.html").read_text()
    assert "Orders of 2026 would be others with: hydro, capital, higher; all demand, lower; all demand, higher." in page
    assert "hydro 1 → 0 MW; wind 0 → 1 MW (2026)" in page
    def cost(folder: str) -> float:
        (found,) = (tmp_path / "out-questions").glob(f"{folder}*")
        return float(json.loads((found / "summary.json").read_text())["system_cost"])
    (answer,) = (tmp_path / "out-questions").glob("swing-demand-high*")
    said = plan("compare", "out", f"out-questions/{answer.name}", "--language", "en")
    assert said.code == 0 and "build wind" in said.out, "an answer of what-if is compared as a run is"
    assert cost("swing-capital-hydro-high") == pytest.approx(120_000) and cost("swing-demand-high") == pytest.approx(136_000)
    assert (told["saving_anew"] >= told["saving"] - 1).all() and (told["gained"] >= 0).all()


@pytest.mark.slow
def test_a_goal_that_cannot_be_met_with_more_demand_is_told(plan, tmp_path, monkeypatch):
    """Nothing may be emitted: of 1.3 MW hydro and wind make 1.2."""
    two_plants(tmp_path / "park", other=120_000.0)
    (tmp_path / "park" / "stages.csv").write_text("standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,gross_ratio,<=,0\n")
    (tmp_path / "park" / "technologies.csv").write_text("technology,max_capacity\nhydro,1\nwind,0.2\n")
    (tmp_path / "park" / "prices.csv").write_text("supply,item,year,value,unit\ngrid,energy,,5,CNY/MWh\n")  # nothing is saved
    monkeypatch.setattr("planner.questions.sensitivity.MOST", 0)
    more = asked(plan, tmp_path).loc["demand", "", "high"]
    assert (more["status"], more["note"]) == ("infeasible", "the goal cannot be met then")
    assert "The goal cannot be met with: all demand, higher." in (tmp_path / "out" / "report.html").read_text()


def test_a_gain_within_the_gap_proves_nothing_and_one_of_operation_orders_nothing_else():
    assert gain(130.0, lambda: pytest.fail("not needed"), 120.0, 10.0).note == WITHIN_GAP
    assert gain(120.0, lambda: pytest.fail("not needed"), 125.0, 10.0).gained == 0.0, "the plan as it is is the better one"
    operated = gain(150.0, lambda: 125.0, 120.0, 10.0)
    assert (operated.gained, operated.note) == (30.0, SAME)
    other = gain(150.0, lambda: 140.0, 120.0, 10.0)
    assert (other.gained, other.note) == (30.0, "")
    assert gain(100.0, lambda: None, 120.0, 10.0).gained is None, "as it is it breaks a limit: its cost says nothing"


def test_orders_that_differ_by_less_than_a_hundredth_are_the_same():
    now = FirstOrders(2026, {"wind": (10.0, "MW"), "sun": (5.0, "MW"), "led": (1.0, "")})
    then = FirstOrders(2026, {"wind": (10.05, "MW"), "sun": (6.0, "MW"), "battery": (2.0, "MWh")})
    assert differing(now, then) == "led 1 → 0; battery 0 → 2 MWh; sun 5 → 6 MW"


@pytest.mark.slow
@pytest.mark.parametrize(("max_import", "more"), [(1.2, None), (2.0, 0.3 * 8760 * 500)])
def test_going_on_as_today_with_other_demand_costs_what_the_grid_does_where_it_can_serve_it(max_import, more):
    """1 MW from a grid at 500 CNY/MWh, which can give so much: 0.3 MW less and more of it."""
    park = Draft()
    park.demand()
    park.supply(price=500.0, max_import=max_import)
    plans = {name: plan.tables for name, plan in park.run().plans.items()}
    moves = moved_by_demand(park.case(), 1.0, plans, ["business-as-usual"], None)["business-as-usual"]
    assert moves == [pytest.approx(-0.3 * 8760 * 500), more if more is None else pytest.approx(more)]
