"""Readings that can be taken in two ways: asked about or refused, with the option that decides; what was recognised is told always."""

import json

import openpyxl
import pytest
import xlsxwriter
from meters import loaded, said, text, write, year

from models.errors import CaseError
from planner.importers.bills import Asked
from planner.importers.profile import Told
from planner.importers.shapes import read_bills
from planner.importers.source import decimal_of, number_of


def readings(values, head="time;load (kW)"):
    """A table of a year with these values, again and again, separated by semicolons."""
    rows = [f"{time:%Y-%m-%d %H:%M};{values[i % len(values)]}" for i, (time, _) in enumerate(year())]
    return "\n".join([head, *rows]) + "\n"


def refused(path, **request):
    with pytest.raises(CaseError) as caught:
        loaded(path, **request)
    return str(caught.value.complaints[0]).replace(str(path), "m.csv")


def test_a_comma_and_a_point_in_one_column_are_refused_and_each_option_refuses_the_other(tmp_path):
    path = write(tmp_path / "m.csv", readings(["1,5", "1.5"]))
    assert refused(path) == (
        "m.csv: '1.5' has a decimal point and '1,5' a decimal comma; make them one, or say --decimal comma or --decimal point: what is written otherwise is "
        "then refused")
    assert refused(path, decimal="comma") == "m.csv line 3: '1.5': is no number; put it right in the file, or leave the cell empty", "never 15"
    assert refused(path, decimal="point") == "m.csv line 2: '1,5': is no number; put it right in the file, or leave the cell empty"
    assert loaded(write(tmp_path / "n.csv", readings(["1,5", "1,25"]))).values.max() == pytest.approx(1.5e-3)
    assert loaded(write(tmp_path / "o.csv", readings(["1.5", "1.25"]))).values.max() == pytest.approx(1.5e-3)


def test_a_point_before_three_digits_is_asked_about_where_it_may_be_of_thousands(tmp_path):
    path = write(tmp_path / "m.csv", readings(["1.234", "950"]))
    assert (refused(path)
        == "m.csv: numbers such as '1.234' may hold a decimal point or thousands; say --decimal point or --decimal comma")
    assert loaded(path, decimal="comma").values.max() == pytest.approx(1.234)
    assert loaded(path, decimal="point").values.max() == pytest.approx(0.95)
    assert loaded(write(tmp_path / "n.csv", readings(["1.234", "950.5"]))).values.max() == pytest.approx(0.9505), "950.5 shows it"
    assert loaded(write(tmp_path / "o.csv", readings(["1.234", "0.950"]))).values.max() == pytest.approx(1.234e-3), "0.950 shows it"


@pytest.mark.parametrize(
    ("columns", "mean"),
    [  # kW of the first column and °C of another; what settles 1.234
        ({"A (kW)": ["1.234", "2.000"]}, None),
        ({"A (kW)": ["1.234", "0.950"]}, 1.092),
        ({"A (kW)": ["1.234", "1234.567"]}, 617.9005),
        ({"A (kW)": ["1.234", "1.234.567"]}, 617900.5),
        ({"A (kW)": ["1.234", "012.000"]}, 6.617),
        ({"A (kW)": ["1.234", "2.000"], "B (kW)": ["0.5", "12.25"]}, 1.617),
        ({"A (kW)": ["1.234", "2.000"], "B (kW)": ['"0,5"', '"12,25"']}, 1617),
        ({"A (kW)": ["1.234", "2.000"], "bis": ["12.15", "12.30"]}, None),
    ],
)
def test_commas_between_the_cells_do_not_settle_a_point_before_three_digits(tmp_path, columns, mean):
    rows = [f"{time:%Y-%m-%d %H:%M},{','.join(cells[i % 2] for cells in columns.values())}" for i, (time, _) in enumerate(year())]
    path = write(tmp_path / "m.csv", "\n".join([f"time,{','.join(columns)}", *rows]))
    column = "A (kW)"
    if mean is None:
        assert "'1.234' may hold a decimal point or thousands; say --decimal point" in refused(path, column=column)
        assert loaded(path, column=column, decimal="comma").values[:4].mean() == pytest.approx(1.617)
    else:
        assert loaded(path, column=column).values[:4].mean() == pytest.approx(mean / 1e3)


@pytest.mark.parametrize(("cell", "decimal", "number"),
    [("1 234,5", "comma", 1234.5), ("1\u202f234.5", "point", 1234.5), ("1'234.5", "point", 1234.5), ("1’234’567", "", 1234567),
     ("1.234.567,8", "comma", 1234567.8), ("1,234,567.8", "point", 1234567.8), ("１２３．５", "point", 123.5), ("\u22125.5", "", -5.5),
     (".5", "", 0.5), ("5.", "", 5), ("1e3", "", 1000), ("1,5e3", "comma", 1500)])
def test_numbers_as_people_write_them(cell, decimal, number):
    assert number_of(cell, decimal) == pytest.approx(number)


@pytest.mark.parametrize(("cell", "decimal"),
    [("1.5", "comma"), ("1,5", "point"), ("1 5", ""), ("1'5", ""), ("12 34", ""), ("1,23,456", ""), ("1.234.5", "point"),
     ("1,234.5", "comma"), ("5%", ""), ("5 kW", ""), ("e5", ""), (".", ""), ("TRUE", ""), ("--5", "")])
def test_what_is_no_number_is_none(cell, decimal):
    assert number_of(cell, decimal) is None


@pytest.mark.parametrize(("cells", "decimal"),
    [(["1,5"], "comma"), (["1.5"], "point"), (["1.234,5"], "comma"), (["1,234.5"], "point"), (["1,234", "0,5"], "comma"),
     (["1234,567"], "comma"), (["1.234.567"], "comma"), (["1,234,567"], "point"), (["12", "950"], "point"),
     (["1.5", "x 1,5"], "point")])
def test_the_decimal_sign_that_a_column_shows(cells, decimal):
    assert decimal_of(cells, "m.csv") == decimal


@pytest.mark.parametrize("cells", [["1,234"], ["1.234"], ["1.234", "12"], ["1,234", "1.234"], ["12,5", "12.5"]])
def test_columns_that_do_not_show_it_are_asked_about(cells):
    with pytest.raises(CaseError, match="--decimal"):
        decimal_of(cells, "m.csv")


def workbook(path, changed):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("data")
        sheet.write_row(0, 0, ["time", "load (kW)"])
        for i, (time, _) in enumerate(year(), start=1):
            sheet.write_string(i, 0, f"{time:%Y-%m-%d %H:%M}")
            sheet.write_number(i, 1, 500)
        changed(sheet)
    return path


@pytest.mark.parametrize(("write_cell", "words"), [
    (lambda sheet: sheet.write_formula("B3", "=x!A1", None, "#REF!"), "line 3: '#REF!': is the error of a formula"),
    (lambda sheet: sheet.write_boolean("B3", True), "line 3: 'TRUE': is no number; put it right in the file, or leave the cell empty"),
    (lambda sheet: sheet.write_formula("B3", "=B2*2"), "line 3: '=B2*2': is a formula without its value"),
])
def test_cells_of_a_workbook_that_hold_no_number_are_told(tmp_path, write_cell, words):
    assert words in refused(workbook(tmp_path / "m.xlsx", write_cell))


def test_what_is_not_available_is_a_gap_that_is_told(tmp_path):
    profile = loaded(workbook(tmp_path / "m.xlsx", lambda sheet: sheet.write_formula("B3", "=NA()", None, "#N/A")))
    assert profile.values == pytest.approx(0.5)
    assert "filled" in said(profile) and "filled" not in said(loaded(workbook(tmp_path / "n.xlsx", lambda sheet: None)))


@pytest.mark.slow
def test_a_far_corner_is_told_of_the_sheet_that_is_wanted_only(tmp_path):
    workbook(tmp_path / "m.xlsx", lambda sheet: None)
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    book.create_sheet("notes")["XFD1048576"] = "x"
    book.save(tmp_path / "m.xlsx")
    assert loaded(tmp_path / "m.xlsx", sheet="data").values == pytest.approx(0.5)
    assert "sheet notes cell XFD1048576: holds something, far from all tables" in refused(tmp_path / "m.xlsx", sheet="notes")


# --- units -------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("head", "unit"), [("time,load [kW]", "kWh"), ("time,use (kWh)", "kW"), ("time,load [kW]", "MW")])
def test_a_unit_that_the_heading_contradicts_is_refused(tmp_path, head, unit):
    path = write(tmp_path / "m.csv", text(year(minutes=30, power=lambda t: 250.0), head))
    other = head.split("[")[-1].split("(")[-1][:-1]
    assert (f"the file says {other}, --unit says {unit}; leave --unit out, or add --despite-heading where the file is wrong"
        in refused(path, unit=unit))
    size = {"kWh": 0.5, "kW": 0.25, "MW": 250}[unit]
    assert loaded(path, unit=unit, despite_heading=True).values == pytest.approx(size)
    assert loaded(path, unit=other).values == pytest.approx(loaded(path).values)


def test_two_units_in_one_file_are_refused(tmp_path):
    content = "unit: kW\n" + text(year(power=lambda t: 250.0), "time,use (kWh)")
    path = write(tmp_path / "m.csv", content)
    assert "column 'use (kWh)': the file says kWh and kW; say which with --unit and --despite-heading" in refused(path)
    assert loaded(write(tmp_path / "n.csv", content.replace("unit: kW", "unit: kWh"))).values == pytest.approx(0.25)


@pytest.mark.slow
@pytest.mark.parametrize(("head", "is_odd"),
    [("time,power (kWh)", True), ("time,有功功率(kWh)", True), ("time,energy (kW)", True), ("time,load (kWh)", False),
     ("time,energy (kWh)", False)])
def test_a_power_in_kwh_is_asked_about_where_it_makes_a_difference(tmp_path, head, is_odd):
    path = write(tmp_path / "m.csv", text(year(minutes=30, power=lambda t: 250.0), head))
    if is_odd:
        assert "names a power or an amount and has the unit of the other" in refused(path)
        assert loaded(path, unit="kW", despite_heading=True).values == pytest.approx(0.25)
    else:
        assert loaded(path).values == pytest.approx(0.5)
    hourly = write(tmp_path / "n.csv", text(year(power=lambda t: 250.0), head))
    assert loaded(hourly).values == pytest.approx(0.25), "of an hour kW and kWh are one number"


def test_one_value_a_million_times_the_others_is_asked_about(tmp_path):
    values = ["250"] * 8760
    values[4000] = "250000000"
    path = write(tmp_path / "m.csv", readings(values))
    assert (
        "m.csv: 250000 MW at 2023-06-16 16:00 is 1,000,000 times what all but a thousandth of the readings reach, 0.25 MW (1 such); say --spikes gap"
        in refused(path))
    gap = loaded(path, spikes="gap")
    assert gap.values == pytest.approx(0.25) and "1 readings far above all others were taken as missing" in said(gap)
    assert loaded(path, spikes="keep").values.max() == pytest.approx(250000)


@pytest.fixture
def meter(tmp_path):
    """250,5 kW, and 501 in one hour of three: 334 kW in the mean, the highest 1.5 times that."""
    return write(tmp_path / "meter.csv", readings(["250,5", "250,5", "501"]))


LINE = "Read as kW of 60 minutes, decimal comma: 2,925.8 MWh a year, highest hour 0.501 MW, 1.5 times the mean."


def test_what_was_recognised_is_printed_after_every_load(plan, meter, tmp_path, park):
    shown = plan("import", "meter", meter, "--name", "m", *park)
    assert shown.code == 0 and LINE in shown.out
    assert plan("import", "meter", meter, "--name", "m", "--take", *park).code == 0
    facts = json.loads((tmp_path / "park" / "profiles" / "m.json").read_text())
    assert (facts["read_unit"], facts["read_decimal"], facts["minutes"], facts["energy_mwh"], facts["highest_mw"],
        facts["highest_to_mean"]) == ("kW", "comma", 60, pytest.approx(2925.84), pytest.approx(0.501), pytest.approx(1.5))
    assert any(LINE in line for line in facts["done"])
    quiet = plan("import", "meter", meter, "--name", "q", "--take", *park, "--quiet")
    assert quiet.code == 0 and LINE not in quiet.out + quiet.err and "q.json" in quiet.out


def test_what_was_recognised_is_told_of_bills_too(plan, tmp_path, park):
    bills = write(tmp_path / "bills.csv", "month;energy (MWh)\n" + "\n".join(f"{m};73,0" for m in range(1, 13)) + "\n")
    load = ("import", "shape", "continuous", "--bills", bills, "--year", "2023", *park)
    assert "Read as MWh, decimal comma: 876.0 MWh a year, highest hour 0.109 MW, 1.09 times the mean." in plan(*load).out
    assert "Read as" not in plan(*load, "--quiet").out


@pytest.mark.parametrize(("cell", "words"),
    [("#REF!", "line 4: '#REF!': is the error of a formula"), ("7x", "line 4: '7x': is no number; put it right in the file, or leave the cell empty")])
def test_an_amount_that_is_none_is_told_by_its_line(tmp_path, cell, words):
    path = write(tmp_path / "bills.csv",
        "month,energy (MWh)\n" + "\n".join(f"{m},{cell if m == 3 else 73}" for m in range(1, 13)) + "\n")
    with pytest.raises(CaseError, match=words):
        read_bills(path, Asked(column="energy"), "electricity", None, Told())


@pytest.mark.parametrize(("head", "times", "request_"),
    [("time;P (kW)", 200.0, {"plant": "500kWp"}), ("time;P [W/kWp]", 400.0, {}), ("time;yield (kWh/kWp)", 0.4, {}),
     ("time;E (kWh)", 200.0, {"plant": "500kWp"})])
def test_what_a_plant_makes_is_its_availability(tmp_path, head, times, request_):
    """200 kW of 500 kWp are 0.4 of it, as 400 W/kWp are; 12 hours a day of that are 0.2 x 8,760 full load hours. No demand is told."""
    found = loaded(write(tmp_path / "pv.csv", readings([f"{times:g}"] * 12 + ["0"] * 12, head)), **request_)
    assert found.unit == "1" and found.demand == {} and found.peaks == ()
    assert found.values.max() == pytest.approx(0.4) and found.facts["full_load_hours"] == pytest.approx(0.2 * 8760)
    assert "1,752 full load hours, highest hour 0.4 of the capacity" in said(found) and "look at this" not in said(found)


def test_more_than_the_capacity_is_looked_at_and_a_plant_is_no_demand(tmp_path, plan, park):
    path = write(tmp_path / "pv.csv", readings(["1200", "0"], "time;P (kW)"))
    assert "look at this: More than the capacity of the plant was made in an hour" in said(loaded(path, plant="1MW"))
    told = plan("import", "meter", "pv.csv", "--plant", "1 barn", "--demand", *park)
    assert (told.code == 2 and "--plant 1 barn: is no capacity; write e.g. 500kWp" in told.err
        and "what a plant makes is no demand" in told.err)
