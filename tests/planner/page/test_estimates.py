"""What is marked as an estimate in the park's own tables is told as one, as what the catalogue estimates is."""

import json

import pandas as pd
import pytest
from reading import read

from planner.answer.purchase import estimates
from planner.park import read_case

MEASURES = "measure,capital_cost,fixed_cost,lifetime,source\nled,100000,0,10,{source}\n"


@pytest.fixture
def told(small, written_once, tmp_path):
    """Plans the park; gives what the first screen says of risks and of what is assumed, and the output."""
    def tell() -> tuple[str, str]:
        small.write("goal.toml", 'target = "zero-carbon"\nby = 2028\n')
        written_once(small.folder, tmp_path / "out")
        page = read((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
        return page.all("ul", "risks")[0].text, page.all("ul", "checks")[0].text
    return tell


@pytest.mark.parametrize(("source", "is_estimate"),
    [("quote of a maker", False), ("1.5 CNY per kWh (general knowledge)", True), ("illustrative", True), ("经验估计", True),
     ("measured in the hall", False)])
def test_a_row_is_an_estimate_where_its_source_says_so(small, source, is_estimate) -> None:
    small.write("measures.csv", MEASURES.format(source=source))
    found = estimates(read_case(small.folder))
    assert found == ([{"table": "measures", "name": "led", "parameter": ""}] if is_estimate else [])


def test_a_cost_is_told_with_its_parameter_once_for_all_years(small) -> None:
    small.write("costs.csv", "type,parameter,year,value,unit,grade\nsolar,capital_cost,2026,5000,CNY/kW,general knowledge\n"
        "solar,capital_cost,2028,4000,CNY/kW,general knowledge\nsolar,lifetime,,20,year,seen\n",)
    assert estimates(read_case(small.folder)) == [{"table": "costs", "name": "solar", "parameter": "capital_cost"}]


def test_what_is_paid_for_energy_at_estimated_prices_is_told_by_the_prices(small, told, tmp_path) -> None:
    """Of two supplies the price of the dear one is a quote, of which only the size is illustrative; that of the other is
    illustrative. The cheap one gives all of its 0.1 MW in the half of the hours without sun: 438 MWh at 400 CNY/MWh, 0.1752 M CNY a
    year."""
    small.write("supplies.csv",
        "supply,carrier,kind,max_import,scope,note\ngrid,electricity,grid,2,2,illustrative\ncheap,electricity,grid,0.1,2,\n")
    small.write("prices.csv",
        "supply,item,year,value,unit,source\ngrid,energy,,500,CNY/MWh,quote\ncheap,energy,,400,CNY/MWh,illustrative\n")
    small.write("emission_factors.csv", "supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\ncheap,,,0.5,t/MWh\n")
    risks, _ = told()
    paid = pd.read_csv(tmp_path / "out" / "system_cost.csv").query("item == 'energy'")
    cheap = paid[paid["name"] == "cheap"]["value"].sum()
    assert cheap == pytest.approx(0.1752e6 * sum(1.06**-y for y in range(3)))
    share = f"{100 * cheap / paid['value'].sum():.0f}%"
    assert f"{share} of what is paid for energy, discounted, rests on prices" in risks and f"(cheap {share})" in risks


def test_rows_of_one_supply_are_counted_row_by_row_as_the_file_lists_them(small, told, tmp_path) -> None:
    """Price and feed-in price of the grid, both illustrative: two rows, on the page and in summary.json."""
    small.write("prices.csv",
        "supply,item,year,value,unit,source\ngrid,energy,,500,CNY/MWh,illustrative\ngrid,carbon,,50,CNY/t,illustrative\n")
    _, sure = told()
    assert "marks as estimates or illustrative: 2." in sure
    assert len(json.loads((tmp_path / "out" / "summary.json").read_text())["estimates"]) == 2
