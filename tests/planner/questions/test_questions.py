"""Questions to a run: what projects are worth, what rules and limits cost, at which capital cost the others come in; all by hand."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from one_megawatt import one_megawatt
from parks import Draft

from models.case import Committed, Limit
from planner.park import read_case
from planner.planning.run import Options, plan_park
from planner.questions.beside import NOT_APART, QuestionAnswer, noted
from planner.questions.change import without
from planner.questions.not_chosen import types_not_offered

pytestmark = pytest.mark.slow

PARK = one_megawatt()
#: Question -> its table.
FILES = {"worth": "worth", "limits": "limit_costs", "why-not": "why_not"}
QUESTIONS = {"worth": "--projects", "limits": "--rules", "why-not": "--not-chosen"}


def write(folder: Path, **tables: str) -> None:
    """The park with further tables, or others."""
    folder.mkdir(exist_ok=True)
    for name, text in {**PARK, **{f"{name}.csv": text for name, text in tables.items()}}.items():
        (folder / name).write_text(text)


def two_plants(folder: Path, other: float = 150_000.0) -> None:
    """Hydro at 100,000 CNY/MW and wind at more, each enough alone and free to run."""
    write(folder, technologies="technology,max_capacity\nhydro,1\nwind,1\n", types="type,role\nhydro,converter\nwind,converter\n",
        ports="type,carrier,direction,ratio\nhydro,electricity,out,1\nwind,electricity,out,1\n",
        costs=f"type,parameter,year,value,unit\nhydro,capital_cost,,100000,CNY/MW\nhydro,lifetime,,1,year\nwind,capital_cost,,{other},CNY/MW\n"
        "wind,fixed_cost,,0,%/year\nwind,lifetime,,1,year\n",)


def asked(plan, tmp_path, question: str, *words: object) -> pd.DataFrame:
    """Plan the park, ask, and read the table."""
    if not (tmp_path / "out").exists():
        said = plan.once("--park", "park", "--out", "out", "--gap", "1e-6", "--quiet")
        assert said.code == 0, said.err
    said = plan.once("explain", QUESTIONS[question], "out", "--jobs", 1, *words)
    assert said.code == 0, said.err
    return pd.read_csv(tmp_path / "out" / f"{FILES[question]}.csv", keep_default_na=False,
        na_values={"worth": "", "cost": "", "factor": ""})


def test_of_two_substitutes_the_one_that_is_chosen_is_worth_what_the_other_costs_more(plan, tmp_path):
    two_plants(tmp_path / "park")
    rows = asked(plan, tmp_path, "worth")
    assert rows["name"].tolist() == ["hydro"] and rows["worth"][0] == pytest.approx(50_000.0, abs=1.0)
    assert rows["capital_cost"][0] == pytest.approx(100_000.0)
    assert float(rows["least"][0]) <= 50_000.0 + 1 and float(rows["most"][0]) >= 50_000.0 - 1


def test_where_worth_is_not_what_its_own_cash_says_the_reason_is_told(plan, tmp_path):
    """Nothing may be emitted. Hydro for 100,000 does without 8,760 MWh of the grid at 5 CNY, paid at the start of the year: its own
    cash loses 56,200. It is worth 50,000, as wind for 150,000 would have to stand in for it."""
    two_plants(tmp_path / "park")
    (tmp_path / "park" / "stages.csv").write_text("standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,gross_ratio,<=,0\n")
    (tmp_path / "park" / "prices.csv").write_text("supply,item,year,value,unit\ngrid,energy,,5,CNY/MWh\n")
    with (tmp_path / "park" / "park.toml").open("a") as terms:
        terms.write('\n[finance]\ninflation = 0.0\ntax_rate = 0.0\ntiming = "start"\n')
    rows = asked(plan, tmp_path, "worth")
    assert float(rows["npv"][0]) == pytest.approx(-56_200.0, abs=1.0)
    assert (rows["instead"][0], float(rows["instead_cost"][0])) == ("wind", pytest.approx(150_000.0, abs=1.0))
    told = "hydro: its own cash against the reference loses 56,200 CNY, and it is worth 50,000 CNY to the plan: without it wind costs 0.1 M CNY more."
    assert told in plan("explain", "--projects", "out", "--jobs", 1, "--language", "en").out.replace("\n", " ")
    assert told in (tmp_path / "out" / "report.html").read_text()


def test_of_two_complements_each_is_worth_what_both_give(plan, tmp_path):
    """Heat from gas costs 8,760 · 100; by way of hydrogen 8,760 · 50 and 10,000 and 20,000 of capital: 408,000 less."""
    write(tmp_path / "park", demand="demand,carrier,year,value,unit\nwarmth,heat,,8760,MWh\n",
        supplies="supply,carrier,kind,scope\ngrid,electricity,grid,2\ngas,gas,fuel,1\n",
        prices="supply,item,year,value,unit\ngrid,energy,,50,CNY/MWh\ngas,energy,,100,CNY/MWh\n",
        emission_factors="supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\ngas,,,0.2,t/MWh\n",
        technologies="technology,existing,max_capacity,max_build\nboiler,2,2,0\nelectrolyser,0,1,\nburner,0,1,\n",
        types="type,role\nboiler,converter\nelectrolyser,converter\nburner,converter\n",
        ports="type,carrier,direction,ratio\nboiler,gas,in,1\nboiler,heat,out,1\nelectrolyser,electricity,in,1\nelectrolyser,hydrogen,out,1\n"
        "burner,hydrogen,in,1\nburner,heat,out,1\n",
        costs="type,parameter,year,value,unit\nelectrolyser,capital_cost,,10000,CNY/MW\nelectrolyser,lifetime,,1,year\n"
        "burner,capital_cost,,20000,CNY/MW\nburner,lifetime,,1,year\n",)
    rows = asked(plan, tmp_path, "worth").set_index("name")
    assert rows["worth"].to_dict() == pytest.approx({"electrolyser": 408_000.0, "burner": 408_000.0}, abs=1.0)


def test_a_project_that_the_goal_needs_is_said_to_be_needed(plan, tmp_path):
    two_plants(tmp_path / "park")
    (tmp_path / "park" / "stages.csv").write_text("standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,gross_ratio,<=,0\n"
    )
    (tmp_path / "park" / "technologies.csv").write_text("technology,max_capacity\nhydro,1\nwind,0.5\n")
    rows = asked(plan, tmp_path, "worth")
    assert rows["note"][0] == "the goal cannot be met without it" and pd.isna(rows["worth"][0])


def test_a_dearer_substitute_comes_in_at_the_price_of_the_cheaper_one(plan, tmp_path):
    """Wind at 150,000 comes in at 100,000: two thirds. The grid does at 100,000 by 8,760 CNY/MWh."""
    two_plants(tmp_path / "park")
    rows = asked(plan, tmp_path, "why-not")
    assert rows["name"].tolist() == ["wind", "grid"] and rows["unit"][0] == "CNY/MW"
    assert float(rows["needed"][1]) == pytest.approx(100_000 / 8760, rel=1e-3)
    assert rows["factor"][0] == pytest.approx(2 / 3, rel=1e-3) and float(rows["needed"][0]) == pytest.approx(100_000.0, rel=1e-3)
    assert bool(rows["confirmed"][0])


def test_a_fixed_cost_in_percent_stays_while_the_capital_cost_falls(plan, tmp_path):
    """20 % of 150,000 are 30,000 a year: wind comes in at 70,000."""
    two_plants(tmp_path / "park")
    costs = tmp_path / "park" / "costs.csv"
    costs.write_text(costs.read_text().replace("wind,fixed_cost,,0,%/year", "wind,fixed_cost,,20,%/year"))
    assert float(asked(plan, tmp_path, "why-not")["needed"][0]) == pytest.approx(70_000.0, rel=1e-3)


def test_a_measure_comes_in_at_what_it_saves(plan, tmp_path):
    """A tenth of 4.38 M CNY, where nothing but the grid is offered."""
    write(tmp_path / "park", measures="measure,capital_cost,lifetime\nled,900000,1\n",
        savings="measure,demand,saving\nled,machines,0.1\n")
    rows = asked(plan, tmp_path, "why-not")
    assert (rows["kind"][0], rows["name"][0], rows["unit"][0]) == ("measure", "led", "CNY")
    assert float(rows["needed"][0]) == pytest.approx(438_000.0, rel=1e-3)


def test_what_may_be_bought_and_is_not_comes_in_at_the_price_of_what_is(plan, tmp_path):
    """A second grid at 700 CNY/MWh comes in at 500. No more than 2,190 t: credits at 300 CNY/t come in at the 100 of those bought,
    certificates at 900 CNY/MWh at half of that, since a MWh has half a tonne."""
    write(tmp_path / "park", stages="standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,net_ratio,<=,0.5\n",
        supplies="supply,carrier,kind,max_import,scope\ngrid,electricity,grid,2,2\nother,electricity,grid,2,2\n",
        prices="supply,item,year,value,unit\ngrid,energy,,500,CNY/MWh\nother,energy,,700,CNY/MWh\n",
        emission_factors="supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\nother,,,0.5,t/MWh\n",
        offsets="offset,kind,price\nforest,removal,100\nair,removal,300\n", certificates="certificate,supply,price\ngec,grid,900\n")
    rows = asked(plan, tmp_path, "why-not").set_index("name")
    assert set(zip(rows["kind"], rows.index, strict=True)) == {("supply", "other"), ("credit", "air"), ("certificate", "gec")}
    assert rows["needed"].astype(float).to_dict() == pytest.approx({"other": 500.0, "air": 100.0, "gec": 50.0}, rel=1e-3)
    assert rows["unit"].to_dict() == {"other": "CNY/MWh", "air": "CNY/t", "gec": "CNY/MWh"} and rows["confirmed"].all()


def test_what_costs_more_to_run_than_it_saves_does_not_come_in_for_free(plan, tmp_path):
    two_plants(tmp_path / "park")
    costs = tmp_path / "park" / "costs.csv"
    costs.write_text(costs.read_text() + "wind,variable_cost,,600,CNY/MWh\n")
    rows = asked(plan, tmp_path, "why-not")
    rows = rows[rows["name"] == "wind"].reset_index()
    assert pd.isna(rows["factor"][0]) and rows["note"][0] == "does not come in even where it is next to free"


def heated(folder: Path, price: float) -> None:
    """8,760 MWh of heat from gas at a price, by a boiler that stands; electricity at 50; no other heat is offered.
    What is ordered of the catalogue works a year later, so there are two years."""
    write(folder, demand="demand,carrier,year,value,unit\nwarmth,heat,,8760,MWh\n",
        supplies="supply,carrier,kind,scope\ngrid,electricity,grid,2\ngas,gas,fuel,1\n",
        prices=f"supply,item,year,value,unit\ngrid,energy,,50,CNY/MWh\ngas,energy,,{price},CNY/MWh\n",
        emission_factors="supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\ngas,,,0.2,t/MWh\n",
        technologies="technology,existing,max_capacity,max_build\nboiler,2,2,0\n", types="type,role\nboiler,converter\n",
        ports="type,carrier,direction,ratio\nboiler,gas,in,1\nboiler,heat,out,1\n")
    years = PARK["park.toml"].replace("last_year = 2026", "last_year = 2027")
    (folder / "park.toml").write_text(years)
    (folder / "goal.toml").write_text('target = "zero-carbon"\nby = 2027\n')


def test_types_that_are_not_offered_are_those_whose_carriers_the_park_has(tmp_path):
    """Heat, electricity and gas are there; steam, hydrogen and cooling are not. What needs weather is left out."""
    heated(tmp_path / "park", 100.0)
    found = types_not_offered(read_case(tmp_path / "park"))[""]
    assert {"electric-boiler", "heat-pump-air", "gas-boiler", "gas-chp", "battery"} <= set(found)
    assert not {"solar-rooftop", "electrolyser", "gas-boiler-steam", "chiller-electric", "capture-amine"} & set(found)


def test_a_type_of_the_catalogue_that_is_not_offered_is_told_of_where_it_would_lower_the_cost(plan, tmp_path, monkeypatch):
    """Gas at 5,000 CNY/MWh: an electric boiler is worth far more than it costs; the break-even lies above its cost."""
    heated(tmp_path / "park", 5000.0)
    monkeypatch.setattr("planner.questions.not_chosen.types_not_offered", lambda case: {"": ["electric-boiler"]})
    said = plan("--park", "park", "--out", "out", "--gap", "1e-6", "--quiet")
    assert said.code == 0, said.err
    assert plan("explain", "--not-chosen", "out", "--jobs", 1).code == 0
    assert "electric-boiler" not in (tmp_path / "out" / "why_not.csv").read_text()
    assert plan("explain", "--not-chosen", "out", "--catalogue", "--jobs", 1).code == 0
    rows = pd.read_csv(tmp_path / "out" / "why_not.csv").set_index("name")
    own = rows.loc["electric-boiler"]
    assert own["kind"] == "type" and own["note"] == "not offered; as it is it would lower the cost"
    assert own["gain"] > 0 and own["factor"] > 1 and own["confirmed"]
    assert own["needed"] == pytest.approx(own["factor"] * own["capital_cost"])


def test_a_goal_that_cannot_be_met_names_the_types_with_which_it_can_be(plan, tmp_path, monkeypatch):
    """Gas for heat may be 0.2 t/MWh no more: power without carbon through an electric boiler would do, another gas boiler not."""
    heated(tmp_path / "park", 100.0)
    (tmp_path / "park" / "emission_factors.csv").write_text("supply,basis,year,value,unit\ngrid,,,0,t/MWh\ngas,,,0.2,t/MWh\n")
    (tmp_path / "park" / "stages.csv").write_text("standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,gross_ratio,<=,0\n"
    )
    monkeypatch.setattr("planner.questions.not_chosen.types_not_offered", lambda case: {"": ["gas-boiler", "electric-boiler"]})
    assert plan("--park", "park", "--out", "out", "--quiet").code == 3
    assert "has no plan to ask about" in plan("explain", "--not-chosen", "out", "--jobs", 1).err
    assert plan("explain", "--not-chosen", "out", "--catalogue", "--jobs", 1).code == 0
    rows = pd.read_csv(tmp_path / "out" / "why_not.csv").set_index("name")
    assert rows["note"].to_dict() == {"electric-boiler": "not offered; with it the goal can be met",
        "gas-boiler": "not offered; with it alone the goal cannot be met"}
    assert "with it the goal can be met" in (tmp_path / "out" / "report.html").read_text()


def test_the_price_of_a_rule_is_that_of_the_dearest_tonne_and_its_cost_that_of_all(plan, small, tmp_path):
    """Of 0.9 MW all year, half the hours are from the sun: net 0 in 2028 takes credits of 300 CNY/t for 0.9 · 4,380 · 0.5 = 1,971 t."""
    small.write("goal.toml", 'target = "zero-carbon"\nby = 2028\n')
    rows = asked(plan, tmp_path, "limits")
    own = rows[(rows["table"] == "stages") & (rows["parameter"] == "net_ratio")]
    assert own["year"].tolist() == [2028] and own["price"].iloc[0] == pytest.approx(300 * 4380 / 1.06**2, rel=1e-6)
    assert own["cost"].iloc[0] == pytest.approx(1971 * 300 / 1.06**2, rel=1e-4) and "266.999 money/t" in own["note"].iloc[0]
    assert plan("explain", "--rules", "out", "--dearest", 0, "--jobs", 1).code == 0  # prices alone
    rows = pd.read_csv(tmp_path / "out" / "limit_costs.csv")
    assert rows["price"].max() == pytest.approx(300 * 4380 / 1.06**2, rel=1e-6) and rows["cost"].isna().all()


def test_the_price_of_a_limit_is_what_a_little_more_of_it_saves(plan, small, tmp_path):
    """pv at its most of 0.5 MW: at 0.51 MW the plan costs a hundredth of the prices of all years less."""
    small.write("goal.toml", 'target = "low-carbon"\nby = 2028\n')
    small.edit("technologies.csv", "pv,solar,0,1,,sun", "pv,solar,0,0.5,,sun")
    rows = asked(plan, tmp_path, "limits")
    own = rows[(rows["table"] == "technologies") & (rows["parameter"] == "max_capacity")]
    small.edit("technologies.csv", "pv,solar,0,0.5,,sun", "pv,solar,0,0.51,,sun")
    assert plan("--park", "park", "--out", "more", "--gap", "1e-6", "--quiet").code == 0
    costs = [pd.read_csv(tmp_path / name / "system_cost.csv")["value"].sum() for name in ("out", "more")]
    assert len(own) and own["price"].sum() * 0.01 == pytest.approx(costs[0] - costs[1], rel=1e-3)
    assert (own["cost"] > own["price"].sum() * 0.01).all()


def test_a_budget_has_a_price_of_its_year(plan, tmp_path):
    """Half a MW may be paid for; one CNY more buys 1/100,000 MW, which saves 4.38 M/100,000 less itself: 42.8 CNY. So a tenth more
    saves 214,000."""
    two_plants(tmp_path / "park")
    (tmp_path / "park" / "budget.csv").write_text("year,capital\n2026,50000\n")
    rows = asked(plan, tmp_path, "limits")
    own = rows[rows["table"] == "budget"]
    assert own["price"].iloc[0] == pytest.approx(42.8, rel=1e-6)
    assert own["cost"].iloc[0] == pytest.approx(2_190_000 - 50_000, rel=1e-4)
    assert own["unit"].iloc[0] == "CNY" and own["year"].iloc[0] == 2026
    words = "10% more of budget.csv capital would save about 0.2 M CNY."
    assert words in plan("explain", "--rules", "out", "--jobs", 1).out and words in (tmp_path / "out" / "report.html").read_text()


def test_a_rule_of_rules_csv_has_a_price_too(plan, tmp_path):
    """Half of the base may be emitted: half a MW of hydro at 5 M CNY/MW in place of 4.38 M of the grid, 620,000 a MW more."""
    two_plants(tmp_path / "park", 9e6)
    costs = tmp_path / "park" / "costs.csv"
    costs.write_text(costs.read_text().replace("hydro,capital_cost,,100000", "hydro,capital_cost,,5000000"))
    (tmp_path / "park" / "rules.csv").write_text("rule,metric,sense,limit\nown,gross_ratio,<=,0.5\n")
    rows = asked(plan, tmp_path, "limits")
    own = rows[rows["table"] == "rules"]
    assert own["name"].tolist() == ["own"] and own["price"].iloc[0] == pytest.approx(620_000, rel=1e-6)
    assert own["cost"].iloc[0] == pytest.approx(310_000, rel=1e-4)


def test_a_limit_that_does_not_bind_has_no_price_where_nothing_is_ordered_or_little(plan, tmp_path):
    """An order of hydro costs 1,000 whatever its size, and half a MW may be ordered of the one that may stand: only that has a price,
    4.38 M by hour less 100,000 a MW. Wind has such a cost too, is dearer than the grid, and is not ordered: it has no price."""
    two_plants(tmp_path / "park", 9e6)
    (tmp_path / "park" / "technologies.csv").write_text("technology,max_capacity,max_build\nhydro,1,0.5\nwind,1,\n")
    costs = tmp_path / "park" / "costs.csv"
    costs.write_text(costs.read_text() + "hydro,project_cost,,1000,CNY\nwind,project_cost,,1000,CNY\n")
    rows = asked(plan, tmp_path, "limits")
    own = rows[rows["table"] == "technologies"]
    assert own[["name", "parameter"]].values.tolist() == [["hydro", "max_build"]]
    assert own["price"].iloc[0] == pytest.approx(4_380_000 - 100_000, rel=1e-6)


def test_a_limit_of_a_supply_with_a_fee_has_its_price(plan, tmp_path):
    """A second grid of half a MW at 300 CNY/MWh, for 1,000 a year: one MW more of it would save 8,760 · 200."""
    write(tmp_path / "park",
        supplies="supply,carrier,kind,max_import,scope\ngrid,electricity,grid,2,2\nclub,electricity,grid,0.5,2\n",
        prices="supply,item,year,value,unit\ngrid,energy,,500,CNY/MWh\nclub,energy,,300,CNY/MWh\nclub,fixed,,1000,CNY/year\n",
        emission_factors="supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\nclub,,,0.5,t/MWh\n")
    rows = asked(plan, tmp_path, "limits")
    assert rows["name"].tolist() == ["club"] and rows["price"].iloc[0] == pytest.approx(8760 * 200, rel=1e-6)
    assert rows["cost"].iloc[0] == pytest.approx(0.5 * 8760 * 200, rel=1e-4)


def test_without_its_limit_a_contract_is_larger_and_still_as_generated(plan, tmp_path):
    """Sun by day at 100 CNY/MWh, half a MW of it; without the limit one MW, and the nights from the grid."""
    write(tmp_path / "park",
        supplies="supply,carrier,kind,max_import,scope,profile,contract_max\ngrid,electricity,grid,2,2,,\nsun,electricity,grid,,2,sun,0.5\n",
        prices="supply,item,year,value,unit\ngrid,energy,,500,CNY/MWh\nsun,energy,,100,CNY/MWh\n",
        emission_factors="supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\nsun,,,0,t/MWh\n",
        profiles="hour,sun\n" + "".join(f"{h},{int(6 <= h < 18)}\n" for h in range(24)))
    rows = asked(plan, tmp_path, "limits")
    assert rows[["name", "parameter"]].values.tolist() == [["sun", "contract_max"]]
    assert rows["price"].iloc[0] == pytest.approx(4380 * 400, rel=1e-6)
    assert rows["cost"].iloc[0] == pytest.approx(0.5 * 4380 * 400, rel=1e-4)


def test_answers_stand_on_the_page_and_are_not_planned_twice(plan, tmp_path):
    two_plants(tmp_path / "park")
    asked(plan, tmp_path, "worth")
    page = (tmp_path / "out" / "report.html").read_text()
    assert "What each project is worth" in page and 'id="questions"' in page
    again = plan("explain", "--projects", "out", "--jobs", 1, "--language", "zh")
    assert again.code == 0 and again.err.count("已存在") == 2 and "各项目的价值" in (tmp_path / "out" / "report.html").read_text()
    assert plan("explain", "--projects", "out", "--jobs", 1).code == 0
    assert "各项目的价值" in (tmp_path / "out" / "report.html").read_text(), "the page keeps its language"
    assert plan("explain", "--projects", "out", "--jobs", 1, "--language", "en").code == 0
    assert "What each project is worth" in (tmp_path / "out" / "report.html").read_text()


def test_plans_in_processes_give_the_same(plan, tmp_path):
    two_plants(tmp_path / "park")
    one = asked(plan, tmp_path, "worth")
    assert plan.once("--park", "park", "--out", "two", "--gap", "1e-6", "--quiet").code == 0
    assert plan("explain", "--projects", "two", "--jobs", 2).code == 0
    assert pd.read_csv(tmp_path / "two" / "worth.csv")["worth"].tolist() == pytest.approx(one["worth"].tolist())


@pytest.mark.parametrize("command", [*(("explain", asks) for asks in QUESTIONS.values()), ("frontier", "--abatement")])
def test_of_the_options_only_what_is_wrong_is_named(plan, command):
    said = plan(*command, "out", "--jobs", 0, "--gap", "nan")
    assert said.code == 2 and said.err.splitlines() == ["--gap nan: is not within 0 to 1; write a share (0.001)", "1 fault"]
    said = plan(*command, "out", "--jobs", 1025)
    assert said.code == 2 and said.err.splitlines() == ["--jobs 1025: is not within 0 to 1024", "1 fault"]


def test_a_run_whose_park_has_changed_is_refused(plan, tmp_path):
    two_plants(tmp_path / "park")
    asked(plan, tmp_path, "worth")
    (tmp_path / "park" / "prices.csv").write_text(PARK["prices.csv"].replace("500", "600"))
    said = plan("explain", "--projects", "out", "--jobs", 1)
    assert said.code == 2 and "has changed since" in said.err and plan("explain", "--projects", "nowhere").code == 2


def test_of_a_project_with_an_annuity_the_annuity_falls(plan, tmp_path):
    """Wind for 150,000 CNY/MW a year comes in where hydro, at 100,000 CNY/MW, is: at two thirds of it, its fixed cost of 1,000 apart."""
    two_plants(tmp_path / "park")
    costs = (tmp_path / "park" / "costs.csv").read_text()
    costs = costs.replace("wind,capital_cost,,150000.0,CNY/MW", "wind,annuity,,150000,CNY/MW/year")
    costs = costs.replace("wind,fixed_cost,,0,%/year", "wind,fixed_cost,,1000,CNY/MW/year")
    (tmp_path / "park" / "costs.csv").write_text(costs)
    rows = asked(plan, tmp_path, "why-not").set_index("name")
    assert rows.loc["wind", "unit"] == "CNY/MW/year" and rows.loc["wind", "capital_cost"] == pytest.approx(150_000.0)
    assert rows.loc["wind", "needed"] == pytest.approx(99_000.0, rel=2e-3)
    assert asked(plan, tmp_path, "worth")["name"].tolist() == ["hydro"]


def test_without_a_link_none_of_it_is_ordered_and_what_is_signed_stays():
    """0.5 MW are signed, and limits.csv would let 1 MW stand and any be ordered: without it 0.5 MW at 300 CNY/MWh in place of 100."""
    park = Draft()
    park.demand(zone="works")
    park.supply("grid", zone="harbour")
    park.supply("dear", price=300.0, zone="works")
    park.link("cable", "harbour", "works", capital_cost=1000.0, max_capacity=0.1, max_build=0.1)
    park.add(Committed(technology="cable", year=2026, build=0.5))
    park.add(*(Limit(technology="cable", item=item, year=2026, value=1.0) for item in ("max_capacity", "max_build")))
    options = Options(gap=1e-9, compare=False)
    assert plan_park(park.case(), options).target.system_cost == pytest.approx(876_000 + 1000)
    assert plan_park(without(park.case(), "technology", "cable"), options).target.system_cost == pytest.approx(2 * 876_000 + 500)


def test_what_the_bounds_of_both_plans_leave_open_is_not_told_apart():
    """A plan of 100 that may cost 98, and one without of 101 that may cost 99: 1, between -1 and 3. Of 110 and 108: 10, at least 8."""
    base = QuestionAnswer("feasible", 100.0, 98.0)
    near, far = (QuestionAnswer("feasible", cost, cost - 2).more_than(base) for cost in (101.0, 110.0))
    assert (near, noted(near), far, noted(far)) == ((1.0, -1.0, 3.0), NOT_APART, (10.0, 8.0, 12.0), "")


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="a terminal sends Ctrl-C to a group of processes on POSIX only")
def test_ctrl_c_in_a_question_is_one_sentence_and_the_same_command_goes_on(plan, tmp_path):
    """As a terminal sends it: to the command and to the processes that plan for it, as soon as the first plan is there."""
    two_plants(tmp_path / "park")
    assert plan.once("--park", "park", "--out", "out", "--gap", "1e-6", "--quiet").code == 0
    command = [sys.executable, "-c", "from planner.start import main; main()", "explain", "--not-chosen", "out", "--jobs", "2"]
    for _ in range(10):  # until the signal comes before the last plan
        shutil.rmtree(tmp_path / "out-questions", ignore_errors=True)
        asked = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True)
        assert asked.stderr is not None
        first = asked.stderr.readline()
        os.killpg(asked.pid, signal.SIGINT)
        said = first + asked.stderr.read()
        if asked.wait(60):
            break
    assert asked.returncode == 130 and all(": " in line and "optimal" in line for line in said.splitlines()[:-1])
    assert said.splitlines()[-1].startswith("stopped; the plans in out-questions stay")
    assert "is there already" in plan("explain", "--not-chosen", "out", "--jobs", 1).err
