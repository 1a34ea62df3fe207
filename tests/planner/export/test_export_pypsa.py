"""The PyPSA export, read as files: what refers to what, and prices that cost what the plan cost. PyPSA itself dispatches
it in benchmarks/tests."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planner.export.pypsa_rules import NetworkFiles

PLAN = ("--park", "park", "--target", "zero-carbon", "--by", 2028, "--out", "out")


def read(folder: Path) -> dict[str, pd.DataFrame]:
    return {p.stem: pd.read_csv(p, index_col=0) for p in folder.glob("*.csv")}


@pytest.fixture
def exported(plan, small, tmp_path):
    """The small park with a store and a boiler, planned and exported: (its files, meta, output folder)."""
    small.edit("technologies.csv", "pv,solar,0,1,,sun\n", "pv,solar,0,1,,sun\nbox,box,0,2,,\nchp,engine,1,1,0,\n")
    small.edit("types.csv", "solar,converter,,1\n", "solar,converter,,1\nbox,store,0.9,\nengine,converter,,\n")
    small.edit("ports.csv", "solar,electricity,out,1\n",
        "solar,electricity,out,1\nbox,electricity,out,1\nengine,gas,in,2.5\nengine,electricity,out,1\nengine,heat,out,0.8\n")
    small.edit("costs.csv", "solar,lifetime,,20,year\n",
        "solar,lifetime,,20,year\nbox,capital_cost,,100,CNY/kWh\nbox,lifetime,,20,year\n")
    small.edit("demand.csv", "machines,electricity,,8760,MWh,\n", "machines,electricity,,8760,MWh,\nbaths,heat,,700.8,MWh,\n")
    small.edit("supplies.csv", "grid,electricity,grid,2,2\n", "grid,electricity,grid,2,2\ngas,gas,fuel,,1\n")
    small.edit("prices.csv", "grid,energy,,500,CNY/MWh\n",
        "grid,energy,,500,CNY/MWh\ngas,energy,,100,CNY/MWh\n*,carbon,,50,CNY/t\n")
    small.edit("emission_factors.csv", "grid,,,0.5,t/MWh\n", "grid,,,0.5,t/MWh\ngas,,,0.2,t/MWh\n")
    assert plan.once(*PLAN).code == 0
    said = plan("export", "out", "--format", "pypsa")
    assert said.code == 0, said.err
    assert "the year 2028 as a PyPSA network" in said.out
    assert "not represented: stores:" in said.err and "carbon credits (removals)" in said.err
    folder = tmp_path / "out" / "pypsa"
    return read(folder), json.loads((folder / "meta.json").read_text()), tmp_path / "out"


@pytest.mark.slow
def test_everything_refers_to_something_that_is_there(exported):
    files, meta, _ = exported
    buses, carriers = set(files["buses"].index), set(files["carriers"].index)
    for name in ("generators", "links", "loads", "storage_units"):
        table = files[name]
        assert table.index.is_unique
        for column in [c for c in table if c.startswith("bus")]:
            assert set(table[column].dropna()) <= buses, (name, column)
        if "carrier" in table:
            assert set(table["carrier"]) <= carriers, name
    assert set(files["buses"]["carrier"]) <= carriers
    for rule in files["global_constraints"].itertuples():
        assert files["carriers"][rule.carrier_attribute].abs().max() > 0
    for name, series in files.items():
        if "-" in name:
            assert len(series) == len(files["snapshots"]) == 24 and set(series.columns) <= set(files[name.split("-")[0]].index)
    assert meta["multi_investment_periods"] is False and "investment_periods" not in files
    assert files["snapshots"]["objective"].sum() == 8760 and (files["snapshots"]["stores"] == 1).all()


def test_a_year_is_chosen_and_one_that_is_not_there_is_refused(exported, plan, tmp_path):
    """The plan builds in 2028 at the latest; the sun of 2026 is what stands in 2026."""
    *_, out = exported
    said = plan("export", "out", "--format", "pypsa", "--year", 2026, "--to", "first")
    assert said.code == 0, said.err
    assert "the year 2026 as a PyPSA network" in said.out and "years other than 2026" in said.err
    meta = json.loads((tmp_path / "first" / "meta.json").read_text())
    assert meta["year"] == 2026
    costs = pd.read_csv(out / "costs.csv").query("year == 2026 and item not in ('capital', 'measures', 'restoration')")
    assert meta["cost_of_year"] == pytest.approx(costs["value"].sum())
    wrong = plan("export", "out", "--format", "pypsa", "--year", 2099)
    assert wrong.code == 2 and "--year 2099: is no year of the plan; it has 2026 to 2028" in wrong.err
    assert plan("export", "out", "--format", "iamc", "--year", 2026).code == 2


def test_a_converter_with_two_outputs_is_a_link_with_two_efficiencies(exported):
    files, _, _ = exported
    chp = files["links"].loc["chp"]
    assert (chp["bus0"], chp["bus1"], chp["bus2"]) == ("park gas", "park electricity", "park heat")
    assert (chp["p_nom"], chp["efficiency"], chp["efficiency2"]) == pytest.approx((2.5, 0.4, 0.32), rel=1e-5)


def test_the_planned_flows_cost_what_the_plan_paid(exported):
    files, meta, out = exported
    weight = files["snapshots"]["objective"].to_numpy()
    flows = pd.read_parquet(out / "dispatch.parquet").query("year == 2028 and flow in ('import', 'export')")
    cost = 0.0
    for (flow, name), own in flows.groupby(["flow", "name"], observed=True):
        price = files["generators-marginal_cost"][f"{name} {flow}"].to_numpy()
        cost += float(np.sum(weight * price * own.sort_values("hour")["value"].to_numpy()))
    costs = pd.read_csv(out / "costs.csv").query("year == 2028 and item in ('energy', 'carbon')")["value"].sum()
    assert cost == pytest.approx(costs, rel=1e-9) and cost > 0
    assert cost + meta["cost_outside_dispatch"] == pytest.approx(meta["cost_of_year"], rel=1e-9)


def test_an_import_counts_its_emissions_in_the_rules(exported):
    files, _, out = exported
    carriers = files["carriers"]
    assert carriers.loc["grid import", "gross_ratio_max"] == 0.5
    assert carriers.loc["gas import", "net_ratio_max"] == pytest.approx(0.2)
    limit = files["global_constraints"]["constant"]
    assert limit["gross_ratio_max"] == pytest.approx(0.5 * 4380, rel=1e-4)
    credits = pd.read_csv(out / "offsets.csv").query("year == 2028")["value"].sum()
    assert limit["net_ratio_max"] == pytest.approx(credits, abs=0.01)  # what credits make up for may be emitted


def test_another_folder_is_never_overwritten(plan, exported, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    said = plan("export", "out", "--format", "pypsa", "--to", "mine")
    assert said.code == 2 and "mine: holds files of others" in said.err
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["notes.txt"]
    assert plan("export", "out", "--format", "pypsa").code == 0  # our own is


def test_each_typical_day_is_a_period_of_its_own(tmp_path):
    network = NetworkFiles(np.repeat([100.0, 265.0], 24), periods=True)
    network.bus("park heat", "heat")
    network.write(tmp_path / "network", {"parkzero": "test"})
    tables = read(tmp_path / "network")
    assert tables["snapshots"]["period"].tolist() == [0] * 24 + [1] * 24
    assert tables["snapshots"]["timestep"].tolist() == [*range(24)] * 2 and tables["snapshots"]["generators"].sum() == 8760
    assert tables["investment_periods"].to_numpy().tolist() == [[1.0, 1.0], [1.0, 1.0]]


@pytest.fixture
def bought(plan, small, tmp_path):
    """The small park behind a line with two schemes, a wind contract by night with a line of its own, and rules: files, meta."""
    small.write("supplies.csv",
        "supply,carrier,kind,max_import,max_export,scope,connection,scheme,profile,contract_max,green_share,direct\n"
        "grid,electricity,grid,2,1,2,line,by-energy,,,,\ngrid-b,electricity,grid,2,,2,line,by-capacity,,,,\n"
        "farm,electricity,grid,,,2,line,,night,0.5,1,1\n",)
    small.write("profiles.csv", "hour,sun,night\n" + "".join(f"{h},{int(6 <= h < 18)},{int(not 6 <= h < 18)}\n" for h in range(24)))
    small.write("connections.csv", "connection,carrier,max_import,max_export\nline,electricity,1.5,0.4\n")
    small.write("prices.csv",
        "supply,item,year,value,unit,scheme\ngrid,energy,,500,CNY/MWh,\ngrid,export,,600,CNY/MWh,\ngrid-b,energy,,900,CNY/MWh,\n"
        "farm,energy,,300,CNY/MWh,\nline,demand_charge,,10,CNY/kW/month,by-energy\n",)
    small.write("emission_factors.csv", "supply,basis,year,value,unit\ngrid,,,0.5,t/MWh\ngrid-b,,,0.5,t/MWh\nfarm,,,0,t/MWh\n")
    small.write("rules.csv",
        "rule,metric,sense,year,limit\nlaw,export_share,<=,,0.3\nlaw,own_supply_share,>=,,0.1\nlaw,low_carbon_share,>=,,0.1\nbudget,cumulated_gross,<=,,90000\n")
    assert plan.once(*PLAN).code == 0
    said = plan("export", "out", "--format", "pypsa")
    assert said.code == 0, said.err
    folder = tmp_path / "out" / "pypsa"
    return read(folder), json.loads((folder / "meta.json").read_text()), tmp_path / "out"


@pytest.mark.slow
def test_supplies_behind_a_connection_share_a_link(bought):
    files, _, out = bought
    generators, links = files["generators"], files["links"]
    assert set(generators.loc[["grid import", "farm import"], "bus"]) == {"line import of all"}
    assert tuple(links.loc["line export of all", ["bus0", "bus1"]]) == ("park electricity", "line export of all")
    assert links.loc["line export of all", "p_nom"] == pytest.approx(0.4, rel=1e-5)
    peak = pd.read_csv(out / "connections.csv").query("year == 2028 and item == 'peak'")["value"].item()
    assert links.loc["line import of all", "p_nom"] == pytest.approx(min(peak, 1.5), rel=1e-5)


@pytest.mark.slow
def test_the_scheme_of_the_plan_and_what_it_contracted_stand_still(bought):
    files, meta, out = bought
    assert files["generators"].loc["grid-b import", "p_nom"] == 0
    contracted = pd.read_csv(out / "contracts.csv").query("year == 2028 and item == 'contracted'")["value"].item()
    assert files["generators"].loc["farm import", "p_nom"] == pytest.approx(contracted, rel=1e-5) and contracted > 0
    said = "\n".join(meta["not_represented"])
    assert "(line): that of the plan, by-energy, is in force" in said
    assert "what is contracted (farm): as planned" in said and "(budget cumulated_gross): left out" in said


def test_shares_of_what_green_plants_could_generate_are_global_constraints(bought):
    files, _, out = bought
    limits, carriers = files["global_constraints"]["constant"], files["carriers"]
    rows = pd.read_csv(out / "capacity.csv").query("year == 2028 and technology == 'pv'")
    contracted = pd.read_csv(out / "contracts.csv").query("year == 2028 and item == 'contracted'")["value"].item()
    available = 4380 * (rows["capacity"].sum() + contracted)
    assert limits["law_export_share_max"] == pytest.approx(0.3 * available, rel=1e-3)
    assert carriers.loc["grid export", "law_export_share_max"] == 1
    assert carriers.loc["farm import", "law_own_supply_share_min"] == pytest.approx(0.9)
    assert carriers.loc["farm import", "law_low_carbon_share_min"] == pytest.approx(0.9)
    assert carriers.loc["grid import", "law_low_carbon_share_min"] == pytest.approx(-0.1)


@pytest.mark.slow
def test_the_network_of_a_year_has_the_profiles_of_that_year(plan, small, tmp_path):
    """Half as much sun from 2027 on: 12 hours at 1 in 2026, at 0.5 in 2027."""
    lines = (tmp_path / "park" / "profiles.csv").read_text().splitlines()
    haze = ["haze", *(str(0.5 * float(line.split(",")[1])) for line in lines[1:])]
    small.write("profiles.csv", "\n".join(f"{line},{own}" for line, own in zip(lines, haze, strict=True)) + "\n")
    small.write("profile_years.csv", "profile,year,column\nsun,2027,haze\n")
    small.edit("technologies.csv", "pv,solar,0,1,,sun", "pv,solar,1,1,0,sun")
    small.edit("offsets.csv", "300,2000", "300,9000")
    small.edit("stages.csv", "gross_ratio,<=,0.5", "gross_ratio,<=,0.9")
    assert plan.once(*PLAN).code == 0
    for year, expected in ((2026, 12.0), (2027, 6.0)):
        said = plan("export", "out", "--format", "pypsa", "--year", year, "--to", f"of-{year}")
        assert said.code == 0, said.err
        (series,) = [own for name, own in read(tmp_path / f"of-{year}").items() if name.endswith("p_max_pu")]
        assert series["pv"].sum() == pytest.approx(expected)
