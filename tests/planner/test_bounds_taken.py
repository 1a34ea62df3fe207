"""Orders that need a bound which the park does not state: the plan is the one of a bound so large that it does not matter."""

import pytest
from tabled import park_of

from planner.park import read_case
from planner.planning.run import Options, plan_park

#: One year; 1 MW of electricity from a grid at 500 CNY/MWh is 4.38 M CNY, and a MW of hydro costs 100,000 and runs free.
PARK = park_of(__file__, "bound")
COSTS = "type,parameter,year,value,unit\nhydro,capital_cost,,100000,CNY/MW\nhydro,lifetime,,1,year\n"


def planned(folder, method: str, technologies: str, costs: str = "", **tables: str):
    for name, text in {**PARK, "technologies.csv": technologies, "costs.csv": COSTS + costs}.items():
        (folder / name).write_text(text)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    run = plan_park(read_case(folder), Options(gap=1e-9, method=method, compare=False))
    assert run.target.status == "optimal" and not any("as large as the bound" in line for line in run.warnings)
    return run.target


@pytest.mark.parametrize("method", ["whole", "decomposed"])
@pytest.mark.parametrize(("size", "cost"), [(3.0, 300_000.0), (40.0, 4_000_000.0), (50.0, 4_380_000.0)])
def test_a_least_size(tmp_path, method, size, cost):
    """It is ordered at its least size as long as that costs less than the grid, whether a limit is stated or not."""
    rows = "technology,zone,max_capacity,min_build\nhydro,works,{},{}\n"
    for most in ("", "1000"):
        assert planned(tmp_path, method, rows.format(most, size)).system_cost == pytest.approx(cost)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_a_project_cost(tmp_path, method):
    """1 MW and 50,000 for the project."""
    for most in ("", "1000"):
        plan = planned(tmp_path, method, f"technology,zone,max_capacity\nhydro,works,{most}\n", "hydro,project_cost,,50000,CNY\n")
        assert plan.system_cost == pytest.approx(150_000)


@pytest.mark.parametrize("method", ["whole", "decomposed"])
def test_a_least_size_of_a_link(tmp_path, method):
    """Hydro stands in the hills; a MW of cable costs 200,000, and three are the least."""
    cable = "cable,capital_cost,,200000,CNY/MW\ncable,lifetime,,1,year\n"
    for most in ("", "1000"):
        links = f"link,carrier,from,to,type,max_capacity,min_build\nline,electricity,hills,works,cable,{most},3\n"
        plan = planned(tmp_path, method, "technology,zone,max_capacity\nhydro,hills,\n", cable, links=links)
        assert plan.system_cost == pytest.approx(100_000 + 600_000)
