"""What cannot be, or hardly is, by the sizes of one park: each slip is told with its line, its honest neighbour is not."""

import json
import shutil

import pytest
from tabled import cases_of

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
MORE = dict(cases_of(__file__, "slips of size, more"))
#: What slipped: file, what stands there, the slip, an honest neighbour, what is said.
SHARES = dict(cases_of(__file__, "slips of size, shares"))
ODD_SHARES = dict(cases_of(__file__, "slips of size, odd shares"))
YEARS = dict(cases_of(__file__, "slips of size, years"))
SIZES = dict(cases_of(__file__, "slips of size, sizes"))


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
            and line.endswith("if it is in kW, write 2.5") for line in found)


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
        ["connections.csv line 2: max_import = 20000: of 'line' at most 1.7 MW can ever be used; it is in MW or MWh; if it is in kW, write 20"]
        if told else [])


@pytest.mark.parametrize(("terms", "said"), cases_of(__file__, "slips of size"))
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
    assert any(line.startswith("park.xlsx sheet supplies cell D2: max_import = 20000: of 'grid'") for line in found), found
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
    said = "supplies.csv line 2: max_import = 2500: of 'grid' at most 1 MW can ever be used; it is in MW or MWh; if it is in kW, write 2.5"
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
        == "limits.csv line 3: value = 900: of 'cable' at most 6.7 MW can ever be used; it is in MW or MWh; if it is in kW, write 0.9")
