"""The inventory of a pencil park: 8,760 MWh of power at 0.5 and 0.6 t/MWh, a kiln of 100 t, bills of four years."""

import csv
import json

import pytest

from planner.application.baseline import Entry, Inventory, inventory, remarks
from planner.language.language import ENGLISH
from planner.park import read_case


@pytest.fixture
def pencil(small):
    small.write("supplies.csv", "supply,carrier,kind,max_import,scope,tce_per_mwh\ngrid,electricity,grid,2,2,0.1229\n")
    small.write("emission_factors.csv",
        "supply,basis,year,value,unit\ngrid,location,2024,0.52,t/MWh\ngrid,location,2025,0.5,t/MWh\ngrid,market,,0.6,t/MWh\n")
    small.write("process_emissions.csv", "source,year,value,unit,scope\nkiln,,100,t,1\n")
    return small


def test_energy_in_tce_and_emissions_by_source_on_both_bases(pencil):
    """1 MW all year: 8,760 MWh, 1,076.6 tce, 4,380 t by location, 5,256 t by market; the kiln 100 t on both."""
    found = {e.source: e for e in inventory(read_case(pencil.folder)).of(2025, "operation")}
    grid, kiln = found["grid"], found["kiln"]
    assert (grid.energy, grid.location, grid.market) == pytest.approx((8760, 4380, 5256))
    assert grid.tce == pytest.approx(8760 * 0.1229)
    assert (kiln.scope, kiln.energy, kiln.location, kiln.market) == (1, 0.0, 100.0, 100.0)


def test_a_grid_that_states_no_coal_equivalent_has_the_calorific_value_here_with_a_word(pencil):
    """8,760 MWh at 0.1229 tce/MWh; its plan's accounts count none. 0 is 0 without a word."""
    words = "grid: states no coal equivalent; 0.1229 tce/MWh, the calorific value of electricity, is counted here"
    for stated, tce, told in (("", 8760 * 0.1229, [words]), ("0", 0.0, [])):
        pencil.write("supplies.csv", f"supply,carrier,kind,max_import,scope,tce_per_mwh\ngrid,electricity,grid,2,2,{stated}\n")
        case = read_case(pencil.folder)
        assert case.supplies[0].tce_per_mwh == (0.0 if stated else None)
        found = inventory(case)
        assert sum(e.tce for e in found.of(2025, "operation")) == pytest.approx(tce)
        assert [line for line in remarks(found, ENGLISH) if "coal equivalent" in line] == told


def test_bills_of_the_base_year_and_of_three_years_before_go_before_the_operation(pencil):
    """9,000 MWh billed in 2025, 8,000 in 2024 at 0.52 t/MWh; a bill of 2021 is older than three years before 2025."""
    pencil.write("bills.csv", "supply,year,value,unit,cost\ngrid,2025,9000,MWh,4500000\ngrid,2024,8,GWh,\ngrid,2021,1,MWh,\n")
    found = inventory(read_case(pencil.folder))
    assert found.years == (2024, 2025)
    best = {(e.year, e.source): e for y in found.years for e in found.best(y)}
    assert best[2025, "grid"].location == pytest.approx(4500) and best[2024, "grid"].location == pytest.approx(8000 * 0.52)
    assert best[2024, "kiln"].market == 100.0
    ((bill, modelled),) = found.differences()
    assert (bill.energy, modelled.energy) == pytest.approx((9000, 8760))


def test_own_green_electricity_has_energy_and_no_emissions(pencil):
    """1 MW of sun for 12 of 24 hours: half of the year's energy is made here."""
    pencil.edit("technologies.csv", "pv,solar,0,1,,sun", "pv,solar,1,1,,sun")
    found = {e.source: e for e in inventory(read_case(pencil.folder)).of(2025, "operation")}
    assert (found["pv"].kind, found["pv"].energy, found["pv"].location) == ("own", pytest.approx(4380), 0.0)
    assert found["grid"].energy == pytest.approx(4380)


def test_the_command_prints_tables_writes_its_rows_and_points_at_what_is_apart(plan, pencil, tmp_path):
    pencil.write("bills.csv", "supply,year,value\ngrid,2025,12000\n")
    said = plan("check", "--baseline", "park", "--out", "base.csv")
    assert said.code == 0, said.err
    assert "Inventory of 2025" in said.out and "bills" in said.out
    assert "look at this: grid: 12,000 MWh on the bills, 8,760 MWh as operated (-27.0%)" in said.out
    assert "look at this: base_emissions states 4,380 t, the inventory has 7,300 t (+66.7%)" in said.out
    with (tmp_path / "base.csv").open(encoding="utf-8") as file:
        rows = {(r["kind"], r["source"]): r for r in csv.DictReader(file)}
    assert float(rows["bills", "grid"]["market_t"]) == pytest.approx(7200)
    assert "is there already" in plan("check", "--baseline", "park", "--out", "base.csv").err
    said = plan("check", "--baseline", "park", "--language", "zh")
    assert "2025 年清单" in said.out


@pytest.mark.slow
@pytest.mark.parametrize(("billed", "is_told"), [(12000, True), (9000, False), (7000, True)])
def test_a_run_says_that_base_emissions_are_not_those_of_the_bills(plan, pencil, tmp_path, billed, is_told):
    """8,760 MWh are used: 27 % less than 12,000, 3 % less than 9,000, 25 % more than 7,000. The base is what is billed, 0.6 t a MWh by
    the market, and the model's own stands beside it."""
    pencil.edit("park.toml", "base_emissions = 4380.0\n", "")
    pencil.write("bills.csv", f"supply,year,value\ngrid,2025,{billed}\ngrid,2024,1\n")
    assert plan("--park", "park", "--target", "low-carbon", "--by", 2028, "--out", "out", "--quiet").code == 0
    said = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (said["base_emissions"], said["base_operated"]) == (pytest.approx(0.6 * billed + 100), pytest.approx(0.6 * 8760 + 100))
    told = [line for line in said["warnings"] if "on the bills" in line]
    assert len(told) == is_told
    assert all(line.startswith(f"bills.csv: grid 2025: {billed:,} MWh on the bills, 8,760 MWh as operated (") for line in told)


def test_a_park_that_cannot_be_operated_is_told_by_its_bills(plan, pencil):
    pencil.edit("supplies.csv", "grid,electricity,grid,2,", "grid,electricity,grid,0.5,")
    said = plan("check", "--baseline", "park")
    assert said.code == 2 and "cannot serve the demands of 2025" in said.err and "state bills.csv" in said.err
    pencil.write("bills.csv", "supply,year,value\ngrid,2025,8760\n")
    said = plan("check", "--baseline", "park")
    assert said.code == 0 and "The base year could not be operated" in said.out


def test_a_bill_of_an_unknown_supply_or_unit_is_a_fault(plan, pencil):
    pencil.write("bills.csv", "supply,year,value,unit\ngird,2025,1,MWh\ngrid,2025,1,kg\n")
    said = plan("check", "park")
    assert "bills.csv line 2: supply 'gird': is no supply; did you mean 'grid'?" in said.err
    assert "bills.csv line 3: unit 'kg'" in said.err


def test_fuels_of_which_one_runs_in_place_of_the_other_are_held_by_a_limit_that_is_named():
    """Wood 5,000 of 3,135 MWh billed, gas 4,000 of 6,000: the line names wood's bill. Where gas is on its bill nothing is said."""
    def said(gas: float) -> list[str]:
        kinds = [("wood", "bills", 3135.0), ("wood", "operation", 5000.0), ("gas", "bills", 6000.0), ("gas", "operation", gas)]
        entries = tuple(Entry(2025, name, kind, name, 1, energy, 0.0, 0.0, 0.0) for name, kind, energy in kinds)
        return [line for line in remarks(Inventory(2025, "market", entries, None), ENGLISH) if "max_import_year" in line]
    assert said(4000.0) == [
        "if wood and gas serve the same demand, the cheaper one runs first: max_import_year = 3135 of wood in supplies.csv holds it to its bill"]
    assert said(5900.0) == []
