"""What the cheapest remedy costs beside the park without a goal, on the page: more, or less where it saves more than that."""

import pytest


@pytest.mark.parametrize(("price", "told"), [(50, "3.4 M CNY less"), (900, "1.6 M CNY more")])
def test_what_a_remedy_costs_is_more_or_less_than_without_a_goal_and_never_negative(plan, small, tmp_path, price, told) -> None:
    """1 MW from a grid at 500 CNY/MWh, and 0.2 MW of hydro; half of it is to be clean in 2028. At 50 CNY/MWh 0.3 MW more save
    0.3 · 8,760 · 450 a year, 3.35 M in three years at 6 %; at 900 half a MW in 2028 costs 0.5 · 8,760 · 400 more, 1.56 M."""
    for name in ("technologies", "types", "ports", "costs", "measures", "savings", "offsets", "profiles"):
        (small.folder / f"{name}.csv").unlink()
    small.edit("demand.csv", "unit,profile\nmachines,electricity,,8760,MWh,\n", "unit\nmachines,electricity,,8760,MWh\n")
    small.write("goal.toml", 'target = "zero-carbon"\nby = 2028\n')
    small.write("stages.csv", "standard,stage,order,metric,sense,limit\nladder,zero-carbon,3,gross_ratio,<=,0.5\n")
    small.write("supplies.csv", "supply,carrier,kind,max_import,scope\ngrid,electricity,grid,2,2\nhydro,electricity,grid,0.2,2\n")
    small.write("prices.csv", f"supply,item,year,value,unit\ngrid,energy,,500,CNY/MWh\nhydro,energy,,{price},CNY/MWh\n")
    small.write("emission_factors.csv", "supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\nhydro,,,0,t/MWh\n")
    assert plan("--park", "park", "--out", "out", "--quiet").code == 3
    assert f"{told} than without a goal." in (tmp_path / "out" / "report.html").read_text()
