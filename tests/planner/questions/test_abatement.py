"""The true marginal abatement curve on a park where the naive one is wrong, by hand."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from planner.questions.projects import CapStep, _true_rows

#: 1 MW of electricity from a grid at 500 CNY/MWh and 0.5 t/MWh (4,380 t), 1 MW of heat from gas at 100 and 0.2 (1,752 t), for a year.
PARK = {
    "park.toml": """name = "Curve Park"
currency = "CNY"
price_year = 2025
discount_rate = 0.06
base_year = 2025
base_emissions = 6132.0
first_year = 2026
last_year = 2026
standard = "ladder"
""",
    "goal.toml": 'target = "zero-carbon"\nby = 2026\n',
    "stages.csv": "standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,net_ratio,<=,0\n",
    "demand.csv": "demand,carrier,year,value,unit\nmachines,electricity,,8760,MWh\nwarmth,heat,,8760,MWh\n",
    "supplies.csv": "supply,carrier,kind,max_import,scope\ngrid,electricity,grid,4,2\ngas,gas,fuel,,1\nchips,biomass,fuel,,1\n",
    "prices.csv": "supply,item,year,value,unit\ngrid,energy,,500,CNY/MWh\ngas,energy,,100,CNY/MWh\nchips,energy,,300,CNY/MWh\n",
    "emission_factors.csv": "supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\ngas,,,0.2,t/MWh\nchips,,,0,t/MWh\n",
    "technologies.csv": "technology,existing,max_capacity,max_build\nboiler,2,2,0\nhydro,0,3,\npump,0,2,\nstove,0,2,\n",
    "types.csv": "type,role\nboiler,converter\nhydro,converter\npump,converter\nstove,converter\n",
    "ports.csv": "type,carrier,direction,ratio\nboiler,gas,in,1\nboiler,heat,out,1\nhydro,electricity,out,1\n"
    "pump,electricity,in,0.333333333\npump,heat,out,1\nstove,biomass,in,1\nstove,heat,out,1\n",
    "costs.csv": "type,parameter,year,value,unit\n"
    + "".join(f"{t},{p},,{v},{u}\n" for t, cost in (("hydro", 5_000_000), ("pump", 150_000), ("stove", 10_000))
        for p, v, u in (("capital_cost", cost, "CNY/MW"), ("lifetime", 1, "year"))),
}


def write(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in PARK.items():
        (folder / name).write_text(text)


@pytest.mark.slow
def test_the_true_curve_has_the_pump_after_hydro_and_the_naive_one_has_the_stove_before_it(plan, tmp_path):
    """Hydro in place of the grid: 620,000 for 4,380 t, 141.6 a tonne. Then a pump with a third of a MW of hydro in place of gas:
    940,667 for 1,752 t, 536.9. A stove costs 1,762,000 for them, 1,005.7. Alone, on power of the grid, a pump cuts 292 t for 734,000:
    2,513.7 a tonne. So the naive order is hydro, stove, pump; the true one hydro, pump, and no stove."""
    write(tmp_path / "park")
    assert plan.once("--park", "park", "--out", "out", "--gap", "1e-7", "--quiet").code == 0
    said = plan("frontier", "--abatement", "out", "--points", 3, "--jobs", 1)
    assert said.code == 0, said.err
    rows = pd.read_csv(tmp_path / "out" / "abatement.csv", keep_default_na=False)
    true, naive = rows[rows["curve"] == "true"], rows[rows["curve"] == "naive"]
    assert true["total"].astype(float).tolist() == pytest.approx([2044, 4088, 6132])
    last = (292 * 620_000 / 4380 + 940_667) / 2044
    assert true["per_tonne"].astype(float).tolist() == pytest.approx([141.55, 141.55, last], rel=1e-4)
    for side in ("per_tonne_least", "per_tonne_most"):  # planned to 1e-7
        assert true[side].astype(float).tolist() == pytest.approx([141.55, 141.55, last], rel=1e-3)
    assert true["comes_in"].tolist() == ["hydro", "", "pump"] and set(true["goes_out"]) == {""}
    assert naive["name"].tolist() == ["hydro", "stove", "pump"]
    assert naive["per_tonne"].astype(float).tolist() == pytest.approx([141.55, 1005.7, 2513.7], rel=1e-4)
    assert naive["cut"].astype(float).tolist() == pytest.approx([4088, 204.4, 204.4])
    page = (tmp_path / "out" / "report.html").read_text()
    assert "What each tonne costs" in page and page.count("The naive one: each project alone") == 1
    again = plan("frontier", "--abatement", "out", "--points", 3, "--jobs", 1, "--no-naive", "--language", "zh")
    assert again.code == 0 and again.err.count("已存在") == 4 and "每吨减排的成本" in (tmp_path / "out" / "report.html").read_text()


@pytest.mark.slow
def test_credits_come_in_as_projects_do_and_help_no_other_project_of_the_naive_curve(plan, tmp_path):
    """Credits at 300 CNY/t are dearer than hydro and cheaper than a pump. Each project alone cuts what it does without them."""
    write(tmp_path / "park")
    (tmp_path / "park" / "offsets.csv").write_text("offset,kind,price\nforest,removal,300\n")
    assert plan.once("--park", "park", "--out", "out", "--gap", "1e-7", "--quiet").code == 0
    assert plan("frontier", "--abatement", "out", "--points", 3, "--jobs", 1).code == 0
    rows = pd.read_csv(tmp_path / "out" / "abatement.csv", keep_default_na=False)
    true, naive = rows[rows["curve"] == "true"], rows[rows["curve"] == "naive"]
    assert true["comes_in"].tolist() == ["hydro", "", "forest"]
    assert true["per_tonne"].astype(float).tolist()[2] == pytest.approx((292 * 620_000 / 4380 + 1752 * 300) / 2044, rel=1e-4)
    assert naive["name"].tolist() == ["hydro", "forest", "stove", "pump"]
    assert naive["per_tonne"].astype(float).tolist() == pytest.approx([141.55, 300, 1005.7, 2513.7], rel=1e-4)


def test_a_curve_of_one_step_and_a_goal_that_cuts_nothing_are_refused(plan, tmp_path):
    write(tmp_path / "park")
    (tmp_path / "park" / "stages.csv").write_text("standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,net_ratio,<=,2\n")
    assert plan.once("--park", "park", "--out", "out", "--quiet").code == 0
    assert "--points 1: is not within 2 to 1000" in plan("frontier", "--abatement", "out", "--points", 1).err
    said = plan("frontier", "--abatement", "out", "--jobs", 1)
    assert said.code == 2 and "emits as little from 2026 on" in said.err


def test_a_quick_run_is_to_be_planned_without_quick(plan, tmp_path):
    write(tmp_path / "park")
    assert plan.once("--park", "park", "--out", "out", "--quick", "--quiet").code == 0
    said = plan("frontier", "--abatement", "out", "--jobs", 1)
    assert said.code == 2 and "has no plan without a goal to begin from; plan it without --quick" in said.err


@pytest.mark.slow
def test_a_park_for_the_decomposed_method_has_the_naive_curve_only_when_it_is_asked_for(plan, tmp_path, monkeypatch):
    write(tmp_path / "park")
    assert plan.once("--park", "park", "--out", "out", "--gap", "1e-7", "--quiet").code == 0
    monkeypatch.setattr("planner.questions.session.is_large", lambda _: True)
    said = plan("frontier", "--abatement", "out", "--points", 2, "--jobs", 1)
    assert said.code == 0 and "--naive makes it" in said.err
    assert set(pd.read_csv(tmp_path / "out" / "abatement.csv", dtype=str)["curve"]) == {"true"}
    said = plan("frontier", "--abatement", "out", "--points", 2, "--jobs", 1, "--naive")
    assert said.code == 0 and "--naive makes it" not in said.err
    assert set(pd.read_csv(tmp_path / "out" / "abatement.csv", dtype=str)["curve"]) == {"true", "naive"}


def test_a_step_lies_between_what_the_bounds_of_both_plans_leave():
    """From 100 t at 1000, at least 980, to 60 t at 1200, at least 1190: 5 a tonne, from 190 / 40 to 220 / 40."""
    before, after = CapStep(100.0, 1000.0, 980.0, 100.0, 100.0, {}), CapStep(60.0, 1200.0, 1190.0, 60.0, 60.0, {})
    row = _true_rows([before, after])[0]
    assert row[4:8] == (200.0, 5.0, 4.75, 5.5)
    row = _true_rows([replace(before, least=None), replace(after, least=None)])[0]
    assert row[4:8] == (200.0, 5.0, None, None)
