"""Units in headings are read: converted where the column has such a unit, refused with the unit that is wanted where it has none."""

import openpyxl
import pytest
from tabled import cases_of

from models.case import TABLES
from models.units import UnitError, factor
from planner.park.fields import columns_of, heading_unit, split_heading, without_units
from planner.park.tables import TableSheet


def one(rows, **cells):
    """The row that has these cells."""
    return next(row for row in rows if all(getattr(row, k) == v for k, v in cells.items()))


@pytest.mark.parametrize(("text", "found"),
    [("max_import [kW]", ("max_import", "kW")), ("capital（万元）", ("capital", "万元")),
     ("capital_cost (CNY/(t/h))", ("capital_cost", "CNY/(t/h)")), ("area 【m2】", ("area", "m2")), ("[kW]", ("[kW]", "")),
     ("value", ("value", "")), ("value [", ("value", ""))])
def test_a_heading_is_a_column_and_its_unit(text, found):
    assert split_heading(text) == found


#: File, heading, how it is written, the row's cells, its attribute, and its figure by hand.
CONVERTED = cases_of(__file__, "headings, converted")


@pytest.mark.parametrize(("file", "column", "heading", "cells", "table", "name", "value"), CONVERTED)
def test_a_unit_of_the_columns_dimension_is_converted(park, file, column, heading, cells, table, name, value):
    if file == "types.csv":
        park.edit(file, "gas-boiler,converter,,", "gas-boiler,converter,,\nkiln-boiler,converter,,0.3")
    text = (park.folder / file).read_text()
    head, _, rest = text.partition("\n")
    park.write(file, ",".join(heading if c == column else c for c in head.split(",")) + "\n" + rest)
    assert park.complaints() == () and getattr(one(getattr(park.read(), table), **cells), name) == pytest.approx(value, rel=1e-12)


def test_a_heading_may_have_a_comma_within_quotes(park):
    park.edit("supplies.csv", "max_import", '"max_import [MW, t/h]"')
    assert one(park.read().supplies, supply="grid").max_import == 20


REFUSED = cases_of(__file__, "headings, refused")


@pytest.mark.parametrize(("file", "old", "new", "words"), REFUSED)
def test_any_other_unit_is_refused_with_the_one_that_is_wanted(park, file, old, new, words):
    park.edit(file, old, new)
    if new.startswith("area,area"):
        park.edit(file, "roofs,3", "roofs,3,3")
    assert words in park.complaints()


def test_a_heading_of_power_over_an_energy_or_a_mass_is_refused_by_its_row(park):
    park.edit("technologies.csv", "existing", "existing [kW]")
    assert park.complaints() == (
        "technologies.csv line 4: existing: is in MWh here, and its heading says MW; write MWh there, or leave the unit out",
        "technologies.csv line 5: existing: is in (t/h) here, and its heading says MW; write (t/h) there, or leave the unit out")
    park.edit("technologies.csv", "battery,,0,10", "battery,,,10")
    park.edit("technologies.csv", "capture,scrubber,0,2", "capture,scrubber,,2")
    assert one(park.read().technologies, technology="boiler").existing == 0.005
    park.edit("supplies.csv", "max_export", "max_export [kW]")
    assert park.complaints() == (
        "supplies.csv line 4: max_export: is in t/h here, and its heading says MW; write t/h there, or leave the unit out",)
    park.edit("supplies.csv", "[kW]", "[kg/h]")
    assert park.complaints() == (
        "supplies.csv line 2: max_export: is in MW here, and its heading says t/h; write MW there, or leave the unit out",)


def test_a_heading_gives_the_unit_of_rows_that_name_none(park):
    park.edit("demand.csv", "value,unit", "value [GWh],unit")
    park.write("demand.csv",
        "demand,carrier,year,value [GWh],unit,profile\nmachines,electricity,2025,8.76,,day\nhalls,heat,2025,4,GWh/year,\n")
    assert [(row.value, row.unit) for row in park.read().demand] == [(4, "GWh/year"), (8.76, "GWh")]
    park.write("demand.csv", "demand,carrier,year,value [GWh],profile\nmachines,electricity,2025,8.76,day\nhalls,heat,2025,4,\n")
    assert [(row.value, row.unit) for row in park.read().demand] == [(4, "GWh"), (8.76, "GWh")]


def test_a_heading_that_contradicts_the_unit_of_a_row_is_refused(park):
    park.edit("demand.csv", "value,unit", "value [kWh],unit")
    assert park.complaints() == (
        "demand.csv line 2: unit 'MWh': the heading says 'kWh'; write one of the two",
        "demand.csv line 3: unit 'MWh': the heading says 'kWh'; write one of the two",
        "demand.csv line 4: unit 'GWh/year': the heading says 'kWh'; write one of the two",
    )


def test_costs_laid_over_a_park_are_read_alike(park, tmp_path):
    (tmp_path / "more.csv").write_text("type,parameter,year,value [CNY/kW]\ngas-boiler,capital_cost,2025,450\n", encoding="utf-8")
    case = park.read(costs=(tmp_path / "more.csv",))
    assert [(row.value, row.unit) for row in case.costs if row.type == "gas-boiler" and row.parameter == "capital_cost"] == [
        (450, "CNY/kW")]


def test_headings_of_a_workbook_are_read_alike_and_told_by_cell(plan, tmp_path):
    from planner.park import read_case

    assert plan("new", "p", "--excel", "--carriers", "electricity", "--grid", "20MW").code == 0
    path = tmp_path / "p.xlsx"
    before = read_case(path)
    book = openpyxl.load_workbook(path)
    head = {cell.value: cell for cell in book["supplies"][1]}
    assert "max_import [MW]" in head
    head["max_import [MW]"].value = "max_import\nkW"
    assert book["budget"]["B1"].value == "capital [CNY]"
    book["budget"]["A2"], book["budget"]["B2"], book["budget"]["B1"] = 2027, 300, "capital [万元]"
    book["profiles"]["C1"] = "sun [%]"
    book.save(path)
    case = read_case(path)
    assert one(case.supplies, supply="grid").max_import == one(before.supplies, supply="grid").max_import / 1000 == 0.02
    assert one(case.budget, year=2027).capital == 3e6
    assert case.profiles["sun"].max() == pytest.approx(before.profiles["sun"].max() / 100)
    book["supplies"][head["max_import [MW]"].coordinate] = "max_import [kWh]"
    book["profiles"]["B1"] = "day [CNY]"
    book.save(path)
    said = plan("check", path).err
    assert f"p.xlsx sheet supplies cell {head['max_import [MW]'].coordinate}: column 'max_import': unit 'kWh': MW or t/h" in said
    assert "p.xlsx sheet profiles cell B1: column 'day': unit 'CNY': is none of a profile" in said


def test_what_a_blank_workbook_writes_into_headings_is_read_as_nothing_new():
    for table, kind in TABLES.items():
        for name, column in columns_of(kind).items():
            unit = heading_unit(column, "CNY")
            if unit and column.kind != "text":
                complaints = []
                sheet = TableSheet(f"{table}.csv", (f"{name} [{unit}]",), [["7"]], [2])
                made, found = without_units(sheet, columns_of(kind), "CNY", complaints)
                assert (made.columns, made.rows, found, complaints) == ((name,), [["7"]], {}, [])


@pytest.mark.parametrize(("unit", "to", "currency", "times"),
    [("万元", "money", "CNY", 1e4), ("亿元", "money", "CNY", 1e8), ("k€/kW", "money/MW", "EUR", 1e6), ("TEUR", "money", "EUR", 1e3),
     ("Mio. €", "money", "EUR", 1e6), ("$/kW", "money/MW", "AUD", 1e3), ("¥", "money", "JPY", 1), ("￥", "money", "CNY", 1),
     ("元/平方米", "money/ha", "CNY", 1e4), ("万千瓦时", "MWh", "", 10), ("度", "MWh", "", 1e-3), ("万kWh/年", "MWh/year", "", 10),
     ("m²", "ha", "", 1e-4), ("亩", "ha", "", 1 / 15), ("MWp", "MW", "", 1), ("吨标煤/兆瓦时", "tce/MWh", "", 1)])
def test_units_as_people_write_them(unit, to, currency, times):
    assert factor(unit, to, currency) == pytest.approx(times, rel=1e-12)


@pytest.mark.parametrize(("unit", "to", "currency"),
    [("k€", "money", "CNY"), ("万", "MW", ""), ("MWx", "MW", ""), ("$", "money", "CNY"), ("万元", "money", "EUR")])
def test_units_that_are_of_something_else_are_refused(unit, to, currency):
    with pytest.raises(UnitError):
        factor(unit, to, currency)


def test_names_that_differ_in_a_blank_are_one_name_mistyped(park):
    park.add("demand.csv", "halls ,heat,2030,4,GWh/year,")
    assert park.complaints() == (), "blanks at the ends are nothing"
    park.add("technologies.csv", "boi ler,gas-boiler,5,8,,,,,")
    assert park.complaints() == (
        "technologies.csv line 6: technology 'boi ler': is 'boiler' but for blanks or the width of letters; write one of the two",)
    park.edit("technologies.csv", "boi ler,", "ｂoiler,")
    assert "technology 'ｂoiler': is 'boiler' but for blanks or the width of letters" in "".join(park.complaints())
    park.edit("technologies.csv", "ｂoiler,", "Boiler,")
    assert any("technology 'Boiler': differs from 'boiler' in capitals only; is it the same?" in w for w in park.read().warnings)
    park.edit("technologies.csv", "Boiler,", "boiler-2,")
    assert not any("capitals" in w for w in park.read().warnings)


@pytest.mark.parametrize(("heading", "text", "area"),
    [("area [kWp/m2]", "0.2", 0.5), ("area [Wp/m²]", "200", 0.5), ("area [MW/ha]", "0.5", 2.0), ("area [m²/kWp]", "5", 0.5),
     ("area [kWp/m2]", "", 0.0)])
def test_a_roof_is_told_by_what_a_square_metre_bears(park, heading, text, area):
    """0.2 kWp on a square metre are 2 MW on a hectare: 0.5 ha/MW."""
    old = (park.folder / "technologies.csv").read_text()
    head, *rows = old.splitlines()
    at = head.split(",").index("area")
    lines = [",".join(heading if i == at else cell for i, cell in enumerate(head.split(",")))]
    lines += [
        ",".join(text if i == at and row.startswith("roof") else cell for i, cell in enumerate(row.split(","))) for row in rows]
    park.write("technologies.csv", "\n".join(lines) + "\n")
    assert park.complaints() == () and one(park.read().technologies, technology="roof").area == pytest.approx(area, rel=1e-12)


@pytest.mark.parametrize(("unit", "to", "currency", "times"),
    cases_of(__file__, "headings"))
def test_units_of_other_countries_are_read(unit, to, currency, times):
    assert factor(unit, to, currency) == pytest.approx(times, rel=1e-9)


def test_a_profile_by_the_peak_power_of_a_plant_is_a_share(park):
    """500 W of a kWp is half of the capacity, as 0.5 kWh/kWp and 50 % are."""
    text = (park.folder / "profiles.csv").read_text()
    head, *rows = text.splitlines()
    plain = park.read().profiles
    for unit, times in (("W/kWp", 1000), ("kWh/kWp", 1), ("%", 100)):
        scaled = [",".join([row.split(",")[0], *(f"{float(v) * times:.15g}" for v in row.split(",")[1:])]) for row in rows]
        names = head.split(",")
        park.write("profiles.csv", "\n".join([",".join([names[0], *(f"{n} [{unit}]" for n in names[1:])]), *scaled]) + "\n")
        found = park.read().profiles
        assert set(found) == set(plain) and all(found[n] == pytest.approx(plain[n], abs=1e-12) for n in plain)


def test_a_measure_of_a_part_of_a_demand(park):
    """Lamps are a twelfth of the power and need 0.6 less of it: 0.05 of all; without the column the saving is of all."""
    at = (park.folder / "savings.csv").read_text().splitlines()
    assert one(park.read().savings, measure="led").saving == 0.05
    park.write("savings.csv",
        "\n".join([f"{at[0]},demand_share", *(f"{row}," for row in at[1:])]).replace("0.05,,,", "0.6,,,0.0833333333333333") + "\n")
    found = one(park.read().savings, measure="led")
    assert found.saving == pytest.approx(0.05, rel=1e-12) and found.demand_share is None
