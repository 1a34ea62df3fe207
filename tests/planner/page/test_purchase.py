"""Schemes, contracts, connections, rules and tenants on the page and in the console."""

import pandas as pd
import pytest
from reading import read, rows

GOAL = ("--target", "zero-carbon", "--by", 2028)


@pytest.fixture
def bought(small):
    """The small park with two schemes on a line, a wind contract by night, two rules and a tenant."""
    small.write("supplies.csv", "supply,carrier,kind,max_import,scope,connection,scheme,profile,contract_max,green_share\n"
        "grid,electricity,grid,2,2,line,by-energy,,,\ngrid-b,electricity,grid,2,2,line,by-capacity,,,\n"
        "farm,electricity,grid,,2,line,,night,0.5,1\n",)
    small.write("profiles.csv", "hour,sun,night\n" + "".join(f"{h},{int(6 <= h < 18)},{int(not 6 <= h < 18)}\n" for h in range(24)))
    small.write("connections.csv", "connection,carrier,max_import,title\nline,electricity,2,Line\n")
    small.write("prices.csv",
        "supply,item,year,value,unit,scheme\ngrid,energy,,500,CNY/MWh,\ngrid-b,energy,,400,CNY/MWh,\nfarm,energy,,300,CNY/MWh,\n"
        "line,capacity_charge,2026,10,CNY/kW/month,by-capacity\nline,capacity_charge,2027,1000,CNY/kW/month,by-capacity\n"
        "line,fixed,,3000,CNY/year,by-energy\nline,fixed,,2000,CNY/year,\nfarm,fixed,,1000,CNY/year,\n",)
    small.write("emission_factors.csv", "supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\ngrid-b,,,0.5,t/MWh\nfarm,,,0,t/MWh\n")
    small.write("rules.csv",
        "rule,metric,sense,year,limit,source\nlaw,export_share,<=,,0.2,a notice\nbudget,cumulated_gross,<=,,90000,\n")
    small.write("demand.csv", "demand,carrier,year,value,unit,profile,tenant\nmachines,electricity,,8760,MWh,,works\n")
    small.write("products.csv", "tenant,product,amount\nworks,gears,1000\n")
    return small


@pytest.mark.slow
def test_the_page_tells_what_is_bought_under_which_contract_and_rule(bought, plan, tmp_path):
    said = plan.once("--park", bought.folder, *GOAL, "--out", "o", "--details")
    assert said.code == 0, said.err
    page = read((tmp_path / "o" / "report.html").read_text(encoding="utf-8"))
    section = page.one("purchase")
    schemes, contracts, connections, tenants = [rows(t) for t in section.all("table")]
    assert schemes[1:] == [["Line", "by-capacity", "2026"], ["Line", "by-energy", "2027–2028"]]
    by_item = {(r[0], r[1]): r[2:] for r in contracts[1:]}
    assert by_item["farm", "contracted [MW]"] == [0.5, 0.5, 0.5] and by_item["farm", "taken [MWh]"] == pytest.approx([2190] * 3)
    by_item = {(r[0], r[1]): r[2:] for r in connections[1:]}
    assert [item.split(" [")[0] for name, item in by_item if name == "Line"] == ["contracted capacity", "capacity charge",
        "yearly fee"]
    (fee,) = (values for (name, item), values in by_item.items() if item.startswith("yearly fee"))
    assert fee == pytest.approx([fee[0], 2.5 * fee[0], 2.5 * fee[0]]) and {name for name, _ in by_item} == {"Line"}
    rules = rows(page.one("stages").all("table", "rules")[1])
    assert [r[0] for r in rules[1:]] == ["law", "budget"] and {r[0] for r in tenants[1:]} == {"works"}
    (footprints,) = [t for t in map(rows, page.one("emissions").all("table")) if t[0][1] == "product"]
    emitted = pd.read_csv(tmp_path / "o" / "emissions.csv").query("item == 'scope2_location'")["value"]
    of_gears = {r[2]: r[3:] for r in footprints[1:] if r[:2] == ["works", "gears"]}
    assert of_gears["amount made [t]"] == [1000] * 3
    assert of_gears["scope 2 per tonne, location basis [t/t]"] == pytest.approx((emitted / 1000).tolist(), rel=1e-3)
    assert "Line: scheme by-capacity 2026, by-energy 2027–2028" in said.out
    assert "farm: up to 0.5 MW contracted, 0.0% of what is generated is curtailed" in said.out
    assert "rules beyond stages: 4 hold" in said.out


@pytest.mark.slow
def test_a_park_without_any_of_it_has_no_such_section(small, plan, tmp_path):
    said = plan.once("--park", small.folder, *GOAL, "--out", "o")
    assert 'id="purchase"' not in (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    assert "scheme" not in said.out and "rules beyond stages" not in said.out
