"""Cells of a workbook that a reader takes for blank or for another number than they show: read rightly, or told by sheet and cell."""

import io
import struct
import time
import tracemalloc
import zipfile
import zlib

import openpyxl
import pytest
import xlsxwriter

from models.errors import CaseError
from planner.park import read_case
from planner.park.fields import check_cell

SETTINGS = [("key", "value", "unit", "note"), ("name", "Small Park"), ("currency", "CNY"), ("price_year", 2025),
    ("discount_rate", 0.06), ("base_year", 2025), ("base_emissions", 5000), ("first_year", 2026), ("last_year", 2030),
    ("standard", "reduction-ladder")]
SHEETS = {
    "park": SETTINGS,
    "technologies": [("technology", "type", "existing", "max_capacity"), ("boiler", "gas-boiler", 5, 8), ("battery", "", "", 10)],
    "demand": [("demand", "carrier", "value", "unit"), ("heat", "heat", 3000, "MWh")],
    "supplies": [("supply", "carrier", "kind", "max_import", "max_export", "scope", "fuel"),
        ("gas", "gas", "fuel", 6, "", 1, "natural-gas")],
    "prices": [("supply", "item", "value", "unit"), ("gas", "energy", 300, "CNY/MWh")],
}


def book_of(path, changes=(), sheets=SHEETS):
    """A workbook of a park as a spreadsheet saves it; `changes` of (sheet, cell, what writes it)."""
    with xlsxwriter.Workbook(path) as book:
        made = {name: book.add_worksheet(name) for name in sheets}
        for name, sheet in made.items():
            for row, cells in enumerate(sheets[name]):
                for column, value in enumerate(cells):
                    if value != "":
                        sheet.write(row, column, value)
        for name, write in changes:
            write(made.get(name) or made.setdefault(name, book.add_worksheet(name)), book)
    calculated(path)
    return path


def calculated(path):
    """Take out the mark of a program's workbook that wants to be calculated, as a spreadsheet does when it saves."""
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(b' fullCalcOnLoad="1"', b""))


def faults(path):
    with pytest.raises(CaseError) as caught:
        read_case(path)
    return list(caught.value.complaints)


def boiler(path):
    return next(row for row in read_case(path).technologies if row.technology == "boiler")


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
def test_an_error_is_no_blank_cell(tmp_path, error):
    path = book_of(tmp_path / "p.xlsx", [("technologies", lambda sheet, _: sheet.write_formula("C2", "=other!A1", None, error))])
    assert faults(path) == [
        f"p.xlsx sheet technologies cell C2: existing = '{error}': is the error of a formula; put it right in the spreadsheet, or write what is meant"]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#NV", "#BEZUG!", "#¡VALOR!", "#N/D", "Err:502", "####", "#ССЫЛКА!"])
def test_the_look_of_an_error_as_text_is_an_error_in_every_language_and_column(tmp_path, error):
    path = book_of(tmp_path / "p.xlsx",
        [("technologies", lambda sheet, _: sheet.write_string("B2", error)),
         ("demand", lambda sheet, _: sheet.write_string("C2", error))])
    told = faults(path)
    assert [line.split(": ")[0] for line in told if "is the error of a formula" in line] == ["p.xlsx sheet technologies cell B2",
        "p.xlsx sheet demand cell C2"]


@pytest.mark.parametrize("name", ["#1 boiler", "#2", "N/A", "Err", "1#锅炉", "REF!"])
def test_a_name_with_such_a_sign_is_a_name(name):
    check_cell(name)


def test_an_error_in_the_settings_names_its_row(tmp_path):
    path = book_of(tmp_path / "p.xlsx", [("park", lambda sheet, _: sheet.write_formula("B7", "=other!A1", None, "#REF!"))])
    assert faults(path) == [
        "p.xlsx sheet park cell B7: base_emissions = '#REF!': is the error of a formula; put it right in the spreadsheet, or write what is meant"]


def test_a_formula_that_nothing_has_calculated_is_no_blank_cell(tmp_path):
    """As openpyxl writes it: three MW in place of none."""
    path = book_of(tmp_path / "p.xlsx")
    book = openpyxl.load_workbook(path)
    book["technologies"]["C2"] = "=1+2"
    book["technologies"]["A2"] = '="boi"&"ler"'
    book["park"]["B7"] = "=5000"
    book.save(path)
    assert faults(path) == [
        f"p.xlsx sheet {where}: is a formula without its value; let a spreadsheet calculate it, and save the sheet with its values"
        for where in ("park cell B7: base_emissions = '=5000'", 'technologies cell A2: technology \'="boi"&"ler"\'',
            "technologies cell C2: existing = '=1+2'")
    ]


def test_a_formula_is_its_value_and_a_zero_that_a_program_left_for_one_is_no_figure(tmp_path):
    """As xlsxwriter writes it: 0 until a spreadsheet calculates. The same workbook saved by one holds a figure, 0 too."""
    path = tmp_path / "p.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, rows in SHEETS.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                sheet.write_row(row, 0, cells)
            if name == "technologies":
                sheet.write_formula("C2", "=1+2")
    assert "cell C2: existing = '=1+2': is a formula without its value" in "\n".join(faults(path))
    calculated(path)
    assert boiler(path).existing == 0
    def write(sheet, _):
        sheet.write_formula("C2", "=1+2", None, 3)
        sheet.write_formula("A2", '="boi"&"ler"', None, "boiler")
    path = book_of(tmp_path / "p.xlsx", [("technologies", write)])
    assert boiler(path).existing == 3


def test_two_sheets_of_one_name_but_for_a_blank_or_a_capital_are_refused(tmp_path):
    second = ("Demand ", lambda sheet, _: sheet.write_row(0, 0, ["demand", "carrier", "value", "unit"]))
    said = faults(book_of(tmp_path / "p.xlsx", [second]))
    assert said == [
        "p.xlsx: sheets 'demand' and 'Demand ': are of one name but for blanks and capitals; keep one, or rename the other"]
    only = {("Demand " if name == "demand" else name): rows for name, rows in SHEETS.items()}
    assert read_case(book_of(tmp_path / "q.xlsx", sheets=only)).demand[0].value == 3000


@pytest.mark.parametrize(("cell", "words"),
    [("XFD1048576", "cell XFD1048576: holds something, far from all tables; delete it"), ("ZZ2", None),
     ("BZZ2", "cell BZZ2: holds something"),
     ("A1048576", "row 1,048,576: holds something; no table of a park has more than 20,000 rows")])
def test_a_cell_in_a_far_corner_is_told_at_once(tmp_path, cell, words):
    path = book_of(tmp_path / "p.xlsx", [("demand", lambda sheet, _: sheet.write_string(cell, " " if cell[:1] == "X" else "x"))])
    begun = time.monotonic()
    (said,) = faults(path)
    assert time.monotonic() - begun < 5
    assert words is None or words in said, said
    assert words is not None or "column 702 has no name; name it in the header or remove it" in said, said


def test_a_corner_that_is_only_coloured_is_nothing(tmp_path):
    def colour(sheet, book):
        sheet.write_blank("XFD1048576", None, book.add_format({"bg_color": "#FFFF00"}))
    assert boiler(book_of(tmp_path / "p.xlsx", [("technologies", colour)])).existing == 5


def test_merged_cells_are_refused_where_they_hold_a_value(tmp_path):
    def merge(sheet, _):
        sheet.merge_range("D2:D3", 7)
        sheet.merge_range("F2:G3", "")
    said = faults(book_of(tmp_path / "p.xlsx", [("technologies", merge)]))
    assert said == [
        "p.xlsx sheet technologies row 2: cells D2:D3: are merged, and only the first of them holds a value; write it into each"]
    path = book_of(tmp_path / "q.xlsx", [("park", lambda sheet, _: sheet.merge_range("C2:D3", "remarks"))])
    assert read_case(path).park.name == "Small Park", "beside the settings"


def percent(cell, value):
    return lambda sheet, book: sheet.write_number(cell, value, book.add_format({"num_format": "0.0%"}))


def test_a_percentage_is_a_share_or_a_percentage_as_its_column_wants_and_no_amount(tmp_path):
    costs = [("type", "parameter", "value", "unit"), ("boiler", "capital_cost", 500, "CNY/kW"),
        ("boiler", "fixed_cost", "", "%/year"), ("boiler", "grant", "", "1"), ("boiler", "lifetime", 20, "year")]
    types = [("type", "role", "min_load"), ("boiler", "converter", "")]
    ports = [("type", "carrier", "direction", "ratio"), ("boiler", "gas", "in", 1), ("boiler", "heat", "out", 1)]
    sheets = {**SHEETS, "technologies": [("technology", "existing"), ("boiler", 5)], "costs": costs, "types": types, "ports": ports}
    changes = [("costs", percent("C3", 0.02)), ("costs", percent("C4", 0.3)), ("types", percent("C2", 0.25)),
        ("park", percent("B5", 0.06))]
    case = read_case(book_of(tmp_path / "p.xlsx", changes, sheets))
    assert [row.value for row in case.costs if row.origin.file == "costs.csv"] == [500, 2, 0.3, 20]
    assert (case.park.discount_rate, next(t for t in case.types if t.type == "boiler").min_load) == (0.06, 0.25)
    (said,) = faults(book_of(tmp_path / "q.xlsx", [*changes, ("technologies", percent("B2", 0.5))], sheets))
    assert said.startswith("q.xlsx sheet technologies cell B2: existing = '50%': is no number")


def test_true_is_1_where_0_or_1_is_meant_and_no_capacity(tmp_path):
    sheets = {**SHEETS, "technologies": [("technology", "type", "existing", "reference"), ("boiler", "gas-boiler", 5, True)]}
    assert boiler(book_of(tmp_path / "p.xlsx", (), sheets)).reference == 1
    sheets["technologies"] = [("technology", "type", "existing", "reference"), ("boiler", "gas-boiler", True, True)]
    (said,) = faults(book_of(tmp_path / "q.xlsx", (), sheets))
    assert said.startswith("q.xlsx sheet technologies cell C2: existing = 'TRUE': is no number")


def test_settings_without_headings_or_keys_are_told(tmp_path):
    said = faults(book_of(tmp_path / "p.xlsx", sheets={**SHEETS, "park": SETTINGS[1:]}))
    assert "p.xlsx sheet park cell B1: the first row is that of the headings, key and value; move 'name' below it" in said
    said = faults(book_of(tmp_path / "q.xlsx", sheets={**SHEETS, "park": [*SETTINGS, ("", 17)]}))
    assert said == ["q.xlsx sheet park cell B11: '17': has no key before it; name it in the first column"]


@pytest.mark.parametrize(("unit", "tonnes"), [("", 5000), ("t", 5000), ("kt", 5e6), ("吨", 5000)])
def test_the_unit_beside_a_setting_is_read(tmp_path, unit, tonnes):
    sheets = {**SHEETS, "park": [(*row, unit) if row[0] == "base_emissions" else row for row in SETTINGS]}
    assert read_case(book_of(tmp_path / "p.xlsx", (), sheets)).park.base_emissions == tonnes


def test_a_unit_beside_a_setting_that_is_of_something_else_is_refused(tmp_path):
    sheets = {**SHEETS, "park": [(*row, "MWh") if row[0] == "base_emissions" else row for row in SETTINGS]}
    assert faults(book_of(tmp_path / "p.xlsx", (), sheets)) == [
        "p.xlsx sheet park cell B7: base_emissions: unit 'MWh': t or a unit of that dimension is needed"]


@pytest.mark.slow
def test_of_a_workbook_no_more_is_read_than_is_allowed_whatever_its_directory_promises(tmp_path):
    """300 MB of blanks in 300 kB, and a directory that promises 10 bytes with the check sum of these."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as part:
        for _ in range(300):
            part.write(b" " * 1_000_000)
    honest = made.getvalue()
    at = honest.rindex(b"PK\x01\x02")
    promise = struct.pack("<I", zlib.crc32(b" " * 10)), struct.pack("<I", 10)
    lying = honest[: at + 16] + promise[0] + honest[at + 20 : at + 24] + promise[1] + honest[at + 28 :]
    tracemalloc.start()
    for content, words in ((honest, "unpacks without end"), (lying, "cannot be read as a workbook")):
        (tmp_path / "p.xlsx").write_bytes(content)
        assert words in faults(tmp_path / "p.xlsx")[0]
    assert tracemalloc.get_traced_memory()[1] < 100e6
    tracemalloc.stop()


@pytest.mark.parametrize(("content", "words"), [
    (b"\xd0\xcf\x11\xe0" + bytes(600), "p.xlsx: is of an old format, in which an error cannot be told from a blank cell"),
    (b"PK\x03\x04 no more", "p.xlsx: cannot be read as a workbook"),
    (b"text", "p.xlsx: cannot be read as a workbook (no .xlsx; save it as one)"),
])
def test_what_is_no_workbook_is_told_in_a_line(tmp_path, content, words):
    (tmp_path / "p.xlsx").write_bytes(content)
    (said,) = faults(tmp_path / "p.xlsx")
    assert words in said
