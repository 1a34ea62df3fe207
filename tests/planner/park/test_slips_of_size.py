"""What cannot be, or hardly is, by the sizes of one park: each slip is told with its line, its honest neighbour is not."""

import json
import shutil

import pytest

from planner.examples import data_folder
from planner.park import read_case

PARK_TOML = """name = "Feeder"
currency = "CNY"
price_year = 2025
discount_rate = 0.06
base_year = 2025
base_emissions = 20000
first_year = 2026
last_year = 2030
standard = "reduction-ladder"
region = "cn"
"""
#: Added to the small park: what it has not.
MORE = {
    "reserves.csv": "carrier,zone,year,margin\nheat,,,0.2\n",
    "rules.csv": "rule,metric,sense,year,limit\nown,gross_ratio,<=,,1\nown,export_share,<=,,0.2\n",
    "stages.csv": "standard,stage,order,metric,sense,limit\nladder,low-carbon,1,gross_ratio,<=,0.7\nladder,zero-carbon,3,net_ratio,<=,0\n",
    "bills.csv": "supply,year,value\ngrid,2024,8000\n",
    "limits.csv": "technology,year,item,value\nboiler,2030,existing,3\n",
    "committed.csv": "technology,year,build\nboiler,2026,1\n",
}
#: What slipped: file, what stands there, the slip, an honest neighbour, what is said.
SHARES = {
    "a stage in percent": ("stages.csv", "net_ratio,<=,0", "net_ratio,<=,3", "net_ratio,<=,0.03",
        "stages.csv line 3: limit = 3: is above 2; write a share (0.03), not a percentage"),
    "a stage of 40 % from below": ("stages.csv", "net_ratio,<=,0", "net_ratio,>=,40", "net_ratio,>=,0.4",
        "stages.csv line 3: limit = 40: is above 2; write a share (0.4), not a percentage"),
    "less than nothing in percent": ("stages.csv", "net_ratio,<=,0", "net_ratio,<=,-5", "net_ratio,<=,-0.05",
        "stages.csv line 3: limit = -5: is below -2; write a share (-0.05), not a percentage"),
    "a share of energy above 1": ("stages.csv", "net_ratio,<=,0", "certificate_share,<=,1.5", "certificate_share,<=,1",
        "stages.csv line 3: limit = 1.5: is above 1; write a share (0.015), not a percentage"),
    "a rule in percent": ("rules.csv", "export_share,<=,,0.2", "export_share,<=,,20", "export_share,<=,,0.2",
        "rules.csv line 3: limit = 20: is above 2; write a share (0.2), not a percentage"),
    "a limit beyond any percentage": ("rules.csv", "export_share,<=,,0.2", "export_share,>=,,5000", "export_share,>=,,0.5",
        "rules.csv line 3: limit = 5000: is above 2; write a share of 1"),
    "a reserve in percent": ("reserves.csv", "0.2", "10", "0.1",
        "reserves.csv line 2: margin = 10: is above 2; write a share (0.1), not a percentage"),
    "a ramp in percent": ("types.csv", ("gas-boiler", "ramp"), "30", "0.3",
        "types.csv line 2: ramp = 30: is above 10; write a share (0.3), not a percentage"),
}
ODD_SHARES = {
    "emissions may grow": ("stages.csv", "net_ratio,<=,0", "net_ratio,<=,1.4", "net_ratio,<=,1.2",
        "stages.csv line 3: limit = 1.4: is a net_ratio far above 1, which lets what is measured grow; if 1.4 % is meant, write a share (0.014)"),
    "more than the base is taken up": ("stages.csv", "net_ratio,<=,0", "net_ratio,<=,-1.5", "net_ratio,<=,-1",
        "stages.csv line 3: limit = -1.5: is a net_ratio far below -1, which takes up more than all of the base; if -1.5 % is meant, write a share (-0.015)"),
    "a ratio that says nothing": ("stages.csv", "net_ratio,<=,0", "net_ratio,<=,100", "net_ratio,<=,1",
        "stages.csv line 3: limit = 100: is a net_ratio that holds whatever is done; if 100 % is meant, write a share (1)"),
    "an intensity in kg": ("rules.csv", "gross_ratio,<=,,1", "intensity,<=,,300", "intensity,<=,,2.7",
        "rules.csv line 2: limit = 300: an intensity is in t/tce, and above 10 even lignite keeps within it; if kg/tce is meant, write 0.3"),
    "a budget of tonnes as a share": ("rules.csv", "gross_ratio,<=,,1", "cumulated_net,<=,,0.4", "cumulated_net,<=,,20000",
        "rules.csv line 2: limit = 0.4: is a sum of tonnes over the years, next to nothing beside base_emissions of 5000 t in one year; it is no share"),
    "nearly twice the demand": ("reserves.csv", "0.2", "0.9", "0.5",
        "reserves.csv line 2: margin = 0.9: asks for 90 % more than the highest demand; if 0.9 % is meant, write a share (0.009)"),
    "a ramp that limits nothing": ("types.csv", ("gas-boiler", "ramp"), "6", "1",
        "types.csv line 2: ramp = 6: above 1 no hour is limited by it; if 6 % an hour is meant, write a share (0.06)"),
}
YEARS = {
    "a demand of 2205": ("demand.csv", "machines,electricity,2035", "machines,electricity,2205", "machines,electricity,2100",
        "demand.csv line 3: year = 2205: lies far from the years of the park, 2025 to 2035; check the year (2025?)"),
    "a demand of 2003": ("demand.csv", "machines,electricity,2035", "machines,electricity,2003", "machines,electricity,2030",
        "demand.csv line 3: year = 2003: lies far from the years of the park, 2025 to 2035; check the year (2030?)"),
    "a demand of the year 25": ("demand.csv", "machines,electricity,2025", "machines,electricity,25", "machines,electricity,2015",
        "demand.csv line 2: year = 25: lies far from the years of the park, 2025 to 2035; check the year (2025?)"),
    "a carbon price of 2205": ("prices.csv", "*,carbon,2025", "*,carbon,2205", "*,carbon,2020",
        "prices.csv line 7: year = 2205: lies far from the years of the park, 2025 to 2035; check the year (2025?)"),
    "a base year of 2032": ("park.toml", "base_year = 2025", "base_year = 2032", "base_year = 2026",
        "park.toml line 5: base_year = 2032: is after first_year 2026, and goals are measured by it; check the years"),
    "a price year of 2205": ("park.toml", "price_year = 2025", "price_year = 2205", "price_year = 2010",
        "park.toml line 3: price_year = 2205: lies far from the years of the park, 2026 to 2035; check the year"),
    "a budget after the horizon": ("budget.csv", "2026,1000000", "2036,1000000", "2035,1000000",
        "budget.csv line 2: year = 2036: is outside the horizon, 2026 to 2035; the row holds in no year"),
    "a reserve after the horizon": ("reserves.csv", "heat,,,", "heat,,2036,", "heat,,2035,",
        "reserves.csv line 2: year = 2036: is outside the horizon, 2026 to 2035; the row holds in no year"),
    "what stands falls after the horizon": ("limits.csv", "boiler,2030", "boiler,2040", "boiler,2035",
        "limits.csv line 2: year = 2040: is outside the horizon, 2026 to 2035; the row holds in no year"),
    "a measure after the horizon": ("measures.csv", ("led", "first_year"), "2036", "2035",
        "measures.csv line 2: first_year = 2036: is after last_year 2035, so it is of no use to any plan; check the year"),
    "a contract after the horizon": ("supplies.csv", ("grid", "first_year"), "2036", "2035",
        "supplies.csv line 2: first_year = 2036: is after last_year 2035, so it is of no use to any plan; check the year"),
    "a contract that ended": ("supplies.csv", ("grid", "until_year"), "2024", "2025",
        "supplies.csv line 2: until_year = 2024: is before base_year 2025, so no plan knows of it; check the year"),
    "a technology after the horizon": ("technologies.csv", ("roof", "first_year"), "2036", "2035",
        "technologies.csv line 2: first_year = 2036: is after last_year 2035, so it is of no use to any plan; check the year"),
    "what stood ended before all years": ("technologies.csv", ("boiler", "existing_until"), "2020", "2025",
        "technologies.csv line 3: existing_until = 2020: is before base_year 2025, so no plan knows of it; check the year"),
    "an order that may be placed in no year": ("technologies.csv", ("roof", "until_year"), "2025", "2026",
        "technologies.csv line 2: until_year = 2025: is before first_year 2026, so it is never ordered; until when what stands works says existing_until"),
    "a signed order of the last century": ("committed.csv", "boiler,2026", "boiler,2003", "boiler,2010",
        "committed.csv line 2: year = 2003: with a lifetime of 20 it worked until 2022, before first_year 2026; nothing of it is left"),
    "a bill of another century": ("bills.csv", "grid,2024", "grid,2204", "grid,2022",
        "bills.csv line 2: year = 2204: is not read; bills are compared with the inventory of 2022 to 2025, the base year and the three before"),
}
SIZES = {
    "a connection in kW": ("supplies.csv", "grid,electricity,grid,20,5", "grid,electricity,grid,20000,5",
        "grid,electricity,grid,100,5",
        "supplies.csv line 2: max_import = 20000: of supply 'grid' at most 1.57 MW can ever be used; it is in MW; if it is in kW, write 20, and leave it blank if there is no limit"),
    "a connection in kW, both ways": ("supplies.csv", "grid,electricity,grid,20,5", "grid,electricity,grid,20000,20000",
        "grid,electricity,grid,100,20",
        "supplies.csv line 2: max_import = 20000: of supply 'grid' at most 1.57 MW can ever be used; it is in MW; if it is in kW, write 20, and leave it blank if there is no limit"),
    "a boiler in kW": ("technologies.csv", "boiler,gas-boiler,5,8", "boiler,gas-boiler,5,8000", "boiler,gas-boiler,5,10",
        "technologies.csv line 3: max_capacity = 8000: of 'boiler' at most 0.457 can ever be used; capacities are in MW and MWh; if it is in kW, write 8 MW"),
    "a signed order in kW": ("committed.csv", "boiler,2026,1", "roof,2025,3000", "roof,2025,3",
        "committed.csv line 2: build = 3000: of 'roof' at most 6.57 can ever be used; capacities are in MW and MWh; if it is in kW, write 3 MW"),
    "a battery in kWh": ("technologies.csv", "battery,,0,10", "battery,,0,10000", "battery,,0,100",
        "technologies.csv line 4: max_capacity = 10000: 'battery' would hold 730 hours and more of all that can ever be used (6.57 MW); if it is in kWh, write 10 MWh"),
    "a roof of a district": ("sites.csv", "roofs,3", "roofs,3000", "roofs,300",
        "sites.csv line 2: area = 3000: takes 3000 MW of 'roof', and at most 6.57 can ever be used; it is in ha; if it is in m2, write 0.3"),
    "energy in MWh written as GWh": ("demand.csv", "4,GWh/year", "4,MWh", "3,GWh",
        "demand.csv line 2: value = 8760 MWh: demand 'machines' is 2,190 times the next largest, 'halls' (4 MWh); check the units of both (MWh, GWh, kWh)"),
    "more bought than can come": ("supplies.csv", ("gas", "min_year"), "4200", "4000",
        "supplies.csv line 3: min_year = 4200: is above the 4,000 MWh that can come of 'gas' in a year (max_import_year); the rest is paid for nothing"),
    "more bought than can be used": ("supplies.csv", ("grid", "min_year"), "60000", "9000",
        "supplies.csv line 2: min_year = 60000: is above the 13,752 MWh that can ever be used in a year of what 'grid' delivers; it is in MWh; if it is in kWh, write 60"),
    "a least order above all that may stand": ("technologies.csv", "boiler,gas-boiler,5,8,,", "boiler,gas-boiler,5,8,,9",
        "boiler,gas-boiler,5,8,,8", "technologies.csv line 3: min_build = 9: is above the 8 that may be built, so nothing can be"),
    "a least order above the roof": ("technologies.csv", "roof,solar-rooftop,0,,,", "roof,solar-rooftop,0,,,4",
        "roof,solar-rooftop,0,,,3", "technologies.csv line 2: min_build = 4: is above the 3 that may be built, so nothing can be"),
    "processes above all emissions": ("process_emissions.csv", "2025,1000,t", "2025,10000,t", "2025,4000,t",
        "process_emissions.csv line 2: value = 10000 t: processes come to 10,000 t, more than base_emissions of 5,000 t, of which they are part; check both and their units"),
}


def change(park, file, old, new):
    """Replace a piece of a file, or, where `old` is (row, column), write a cell of that row, in a column that may be new."""
    if isinstance(old, str):
        park.edit(file, old, new)
        return
    header, *rows = [line.split(",") for line in (park.folder / file).read_text().splitlines()]
    if old[1] not in header:
        header, rows = [*header, old[1]], [[*row, ""] for row in rows]
    rows = [[new if row[0] == old[0] and name == old[1] else cell for name, cell in zip(header, row, strict=True)] for row in rows]
    park.write(file, "".join(",".join(row) + "\n" for row in [header, *rows]))


@pytest.fixture
def ranged(park):
    """The small park with the catalogue's ranges and a table of each subject."""
    shutil.copy(data_folder() / "catalogue" / "ranges.csv", park.catalogue)
    for name, text in MORE.items():
        park.write(name, text)
    change(park, "supplies.csv", ("gas", "max_import_year"), "4000")
    change(park, "supplies.csv", ("gas", "tce_per_mwh"), "0.123")
    park.edit("goal.toml", "[milestones]\nlow-carbon = 2027\n", "")
    return park


def warnings(park):
    return [line for line in park.read().warnings if not line.startswith("catalogue")]


def test_the_park_without_a_slip_has_nothing_to_say(ranged):
    assert warnings(ranged) == []


@pytest.mark.parametrize("slip", SHARES)
def test_what_no_share_can_be_is_refused(ranged, slip):
    file, old, new, honest, fault = SHARES[slip]
    change(ranged, file, old, new)
    assert ranged.complaints() == (fault,)
    change(ranged, file, new if isinstance(old, str) else old, honest)
    assert warnings(ranged) == []


@pytest.mark.parametrize("slip", [*ODD_SHARES, *YEARS, *SIZES])
def test_what_hardly_is_meant_is_told_and_its_neighbour_is_not(ranged, slip):
    file, old, new, honest, said = (ODD_SHARES | YEARS | SIZES)[slip]
    change(ranged, file, old, new)
    assert [line for line in warnings(ranged) if line == said] == [said], warnings(ranged)
    change(ranged, file, new if isinstance(old, str) else old, honest)
    assert warnings(ranged) == []


def test_a_feeder_of_2500_mw_beside_a_demand_of_3_is_told_whatever_may_be_built_and_sold(tmp_path):
    """A heat pump and a roof without limits, exports as large as the feeder, and a link do not hide that kW were typed."""
    park = tmp_path / "park"
    tables = {
        "park.toml": PARK_TOML,
        "technologies.csv": "technology,type,existing\nheat-pump-air,,0\nsolar-ground,,0\nboiler,gas-boiler,1\n",
        "demand.csv": "demand,carrier,value,unit\nmachines,electricity,26.28,GWh\nhalls,heat,8.76,GWh\n",
        "supplies.csv": "supply,carrier,kind,max_import,max_export,scope,fuel\ngrid,electricity,grid,{0},{0},2,grid-jiangsu\ngas,gas,fuel,,,1,natural-gas\n",
        "prices.csv": "supply,item,value,unit\ngrid,energy,0.6,CNY/kWh\ngrid,export,0.3,CNY/kWh\ngas,energy,300,CNY/MWh\n",
        "profiles.csv": "hour\n" + "".join(f"{h}\n" for h in range(24)),
    }
    park.mkdir()
    for most, said in (("2500", ["2500"]), ("5", [])):
        for name, text in tables.items():
            (park / name).write_text(text.replace("{0}", most))
        found = [line for line in read_case(park).warnings if "max_import" in line]
        assert [line.split("max_import = ")[1].split(":")[0] for line in found] == said
        assert all(line.startswith("supplies.csv line 2: ")
            and line.endswith("if it is in kW, write 2.5, and leave it blank if there is no limit") for line in found)


@pytest.mark.parametrize(("price", "is_told"),
    [("600,CNY/MWh", False), ("0.6,CNY/kWh", False), ("0.6,CNY/MWh", True), ("600,CNY/kWh", True)])
def test_prices_of_one_carrier_a_thousand_times_apart_are_told(park, price, is_told):
    park.add("supplies.csv", "line,electricity,grid,5,,2,grid-cn")
    park.add("prices.csv", f"line,energy,2025,{price}")
    found = [line for line in warnings(park) if "apart" in line]
    assert found == (
        [f"prices.csv line 8: value = {price.replace(',', ' ')}: of 'line' is 1,000 times apart from 'grid' (600 CNY/MWh), both of electricity; "
         "check the units of both (money/MWh, money/kWh)"]
        if is_told
        else []
    )


def test_a_contract_to_take_more_than_it_generates_is_told(park):
    for column, value in (("profile", "sun"), ("contract_max", "2"), ("min_year", "5000")):
        change(park, "supplies.csv", ("grid", column), value)
    # sun is 0.5 for 11 of 24 hours: 2 MW come to 4,015 MWh
    assert [line for line in warnings(park) if "min_year" in line] == [
        "supplies.csv line 2: min_year = 5000: is above the 4,015 MWh that can come of 'grid' in a year (contract_max · profile); the rest is paid for nothing"]
    change(park, "supplies.csv", ("grid", "min_year"), "4000")
    assert not [line for line in warnings(park) if "min_year" in line]


@pytest.mark.parametrize(("size", "told"), [("20000", True), ("20", False)])
def test_connections_and_links_in_kw_are_told(ranged, size, told):
    ranged.write("connections.csv", f"connection,carrier,max_import\nline,electricity,{size}\n")
    change(ranged, "supplies.csv", ("grid", "connection"), "line")
    found = [line for line in warnings(ranged) if line.startswith("connections")]
    assert found == (
        ["connections.csv line 2: max_import = 20000: over 'line' at most 1.57 MW can ever be used; it is in MW; if it is in kW, write 20"]
        if told else [])


@pytest.mark.parametrize(("terms", "said"), [
    ("interest = 0.45", "park.toml line 11: finance.interest = 0.45 1/year: is above what is usual, 0.003 to 0.2 1/year"),
    ("interest = 0.045", ""),
    ("inflation = 0.3", "park.toml line 11: finance.inflation = 0.3 1/year: is above what is usual, -0.02 to 0.15 1/year"),
    ("inflation = 0.02", ""),
    ("tax_rate = 0.9", "park.toml line 11: finance.tax_rate = 0.9: is above what is usual, 0.02 to 0.5 ("),
    ("tax_rate = 0.25", ""),
    ("cover_ratio = 30", "park.toml line 11: finance.cover_ratio = 30: is above what is usual, 0.8 to 4 ("),
    ("cover_ratio = 1.3", ""),
    ("depreciation.technology = 80", "finance.depreciation.technology = 80 year: is above what is usual, 1 to 60 year"),
    ("depreciation.technology = 20", ""),
])
def test_rates_of_the_financial_terms_that_hardly_are_meant_are_told(ranged, terms, said):
    ranged.add("park.toml", "[finance]\n" + terms)
    found = warnings(ranged)
    assert len(found) == bool(said) and all(said in line for line in found)


@pytest.mark.parametrize(("column", "cell", "neighbour"),
    [("charge_efficiency", "0.095", "0.95"), ("standing_loss", "0.5", "0.005"), ("full_power_hours", "20000", "4"),
     ("lead_time", "24", "2")])
def test_figures_of_a_type_that_hardly_are_meant_are_told(ranged, column, cell, neighbour):
    change(ranged, "types.csv", ("battery", column), cell)
    assert [line.split(" = ")[0] for line in warnings(ranged)] == [f"types.csv line 3: battery {column}"]
    change(ranged, "types.csv", ("battery", column), neighbour)
    assert warnings(ranged) == []


def test_a_workbook_is_told_of_by_sheet_and_cell(ranged, tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    ranged.edit("supplies.csv", "grid,electricity,grid,20,5", "grid,electricity,grid,20000,5")
    ranged.edit("demand.csv", "machines,electricity,2035", "machines,electricity,2205")
    book = openpyxl.Workbook()
    for path in sorted(ranged.folder.glob("*.csv")):
        sheet = book.create_sheet(path.stem)
        for line in path.read_text().splitlines():
            sheet.append(
                [float(cell) if cell.replace(".", "").replace("-", "").isdigit() else cell or None for cell in line.split(",")])
    for name, path in (("park", ranged.folder / "park.toml"), ("goal", ranged.folder / "goal.toml")):
        sheet = book.create_sheet(name)
        sheet.append(["key", "value"])
        for line in path.read_text().splitlines():
            if " = " in line:
                sheet.append([part.strip('"') for part in line.split(" = ")])
    book.remove(book.worksheets[0])
    book.save(tmp_path / "park.xlsx")
    found = [
        line for line in read_case(tmp_path / "park.xlsx", catalogue=ranged.catalogue).warnings if "check" in line or "kW" in line]
    assert any(line.startswith("park.xlsx sheet supplies cell D2: max_import = 20000: of supply") for line in found), found
    assert any(line.startswith("park.xlsx sheet demand cell C3: year = 2205: lies far") for line in found), found


def test_a_price_whose_profile_has_the_money_is_measured_by_its_mean(ranged):
    """1 CNY/MWh times a profile of 400 to 800: its mean of 600 is usual, one of 0.6 (money/kWh) is not."""
    lines = (ranged.folder / "profiles.csv").read_text().splitlines()
    ranged.edit("prices.csv", "supply,item,year,value,unit\ngrid,energy,2025,600,CNY/MWh\n",
        "supply,item,year,value,unit,profile\ngrid,energy,2025,1,CNY/MWh,spot\n")
    ranged.write("prices.csv",
        (ranged.folder / "prices.csv")
        .read_text()
        .replace("MWh\n", "MWh,\n")
        .replace("month\n", "month,\n")
        .replace("/t\n", "/t,\n"))
    for spot, said in ((("400", "800"), []), (("0.4", "0.8"), ["prices.csv line 2: grid energy = 0.6 CNY/MWh"])):
        ranged.write("profiles.csv",
            "\n".join([f"{lines[0]},spot", *(f"{line},{spot[i % 2]}" for i, line in enumerate(lines[1:]))]) + "\n")
        assert [":".join(line.split(":")[:2]) for line in warnings(ranged) if "grid energy" in line] == said


@pytest.mark.parametrize(("fuel", "price", "said"),
    [("natural-gas", "0", True), ("waste-heat", "0", False), ("waste-heat", "900", False)])
def test_heat_that_is_lost_otherwise_may_cost_nothing_on_any_carrier(ranged, fuel, price, said):
    """As the fuel is, or as the carrier is: either is usual."""
    for table in ("supplies.csv", "emission_factors.csv"):
        path = ranged.catalogue / table
        path.write_text(path.read_text() + path.read_text().splitlines()[-1].replace("natural-gas", "waste-heat") + "\n")
    change(ranged, "supplies.csv", ("gas", "fuel"), fuel)
    change(ranged, "prices.csv", ("gas", "value"), price)
    assert bool([line for line in warnings(ranged) if "gas energy = " in line]) == said


@pytest.mark.parametrize(("paid", "is_told"), [("600", True), ("600000", False)])
def test_the_price_of_a_signed_order_is_measured_as_that_of_its_type(ranged, paid, is_told):
    """600 CNY/kW is 600,000 CNY/MW, in which committed.csv states it."""
    ranged.write("committed.csv", f"technology,year,build,capital_cost\nboiler,2026,1,{paid}\n")
    assert [line.split(":")[0] for line in warnings(ranged) if "boiler capital_cost = 600 CNY/MW" in line] == (
        ["committed.csv line 2"] if is_told else [])


@pytest.mark.slow
def test_a_warning_is_told_by_the_check_by_a_run_and_on_its_page_and_stops_neither(small, plan):
    """2,500 kW typed as MW beside a demand of 1 MW."""
    said = "supplies.csv line 2: max_import = 2500: of supply 'grid' at most 1 MW can ever be used; it is in MW; if it is in kW, write 2.5"
    supplies = (small.folder / "supplies.csv").read_text()
    (small.folder / "supplies.csv").write_text(supplies.replace("grid,electricity,grid,2,2", "grid,electricity,grid,2500,2"))
    checked = plan("check", small.folder)
    assert checked.code == 0 and said in " ".join(checked.out.split())
    ran = plan("--park", small.folder, "--target", "zero-carbon", "--by", 2027, "--out", small.folder.parent / "out", "--no-verify")
    assert ran.code == 0 and said in " ".join(ran.err.split())
    assert any(line.startswith(said) for line in json.loads((small.folder.parent / "out" / "summary.json").read_text())["warnings"])
    assert "max_import = 2500" in (small.folder.parent / "out" / "report.html").read_text()


def with_link(park, columns, cells):
    """The park in zone a, with a cable to zone b."""
    for file in ("technologies.csv", "demand.csv", "supplies.csv"):
        header, *rows = (park.folder / file).read_text().splitlines()
        park.write(file, "\n".join([f"{header},zone", *(f"{row},a" for row in rows)]) + "\n")
    park.write("links.csv", f"link,carrier,from,to,length,{columns}\ncable,electricity,a,b,1,{cells}\n")


@pytest.mark.parametrize(("least", "limits", "most"),
    [("9", "", "8"), ("8", "", None), ("9", "cable,2030,max_capacity,12\n", None), ("9", "cable,,max_build,7\n", "7")])
def test_a_least_size_of_a_link_above_what_may_stand_is_told(park, least, limits, most):
    with_link(park, "max_capacity,min_build", f"8,{least}")
    park.write("limits.csv", "technology,year,item,value\n" + limits)
    found = [line for line in warnings(park) if "min_build" in line]
    assert found == (
        [f"links.csv line 2: min_build = {least}: is above the {most} that may be built, so nothing can be"] if most else [])


def test_a_link_in_kw_is_told_also_where_limits_by_year_or_a_signed_order_say_so(ranged):
    (ranged.folder / "reserves.csv").unlink()
    with_link(ranged, "max_capacity", "")
    ranged.add("limits.csv", "cable,2030,max_capacity,900")
    (line,) = [line for line in warnings(ranged) if "can ever be used" in line]
    assert (line
        == "limits.csv line 3: value = 900: over 'cable' at most 6.57 MW can ever be used; it is in MW; if it is in kW, write 0.9")
