"""A park in one workbook: written blank, read like a folder, its faults told by sheet and cell."""

import csv
import json
import re
from zipfile import ZipFile

import openpyxl
import pytest
from tabled import cases_of

from models.case import TABLES
from models.errors import CaseError
from planner.park import read_case
from planner.park.fields import columns_of
from planner.park.settings import SETTINGS
from planner.templates.notes import notes
from planner.workbench.settings import tables_of


@pytest.fixture
def book(plan, tmp_path):
    said = plan.once("new", "my-park", "--excel", "--carriers", "electricity,steam", "--grid", "20MW")
    assert said.code == 0, said.err
    return tmp_path / "my-park.xlsx"


def put(path, sheet, cell, value):
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def test_a_blank_workbook_has_only_the_sheets_of_a_first_park_with_units_notes_and_drop_downs(book):
    sheets = openpyxl.load_workbook(book)
    assert sheets.sheetnames == ["read me", "park", "goal", "technologies", "sites", "demand", "measures", "savings", "supplies",
        "prices", "bills", "tariff", "costs", "budget", "carriers", "reserves", "profiles", "lists"]
    heads = [cell.value for cell in sheets["technologies"][1]]
    assert heads[:3] == ["technology", "type", "existing [MW, MWh]"] and "area [ha/MW]" in heads
    assert "Capacity standing before first_year" in sheets["technologies"]["C1"].comment.text
    assert [v.formula1 for v in sheets["supplies"].data_validations.dataValidation if "C2" in v.sqref] != []
    assert sheets["lists"].sheet_state == "hidden"


def test_a_blank_workbook_is_a_park_without_a_fault_and_the_same_as_the_blank_folder(plan, book, tmp_path):
    said = plan("check", book)
    assert said.code == 0 and "nothing wrong" in said.out
    assert plan("new", "my-park", "--blank", "--carriers", "electricity,steam", "--grid", "20MW").code == 0
    one, other = read_case(book), read_case(tmp_path / "my-park")
    for table in ("technologies", "demand", "supplies", "prices", "tariff", "measures", "costs", "budget", "reserves"):
        assert [row.model_dump(exclude={"origin"}) for row in getattr(one, table)] == [
            row.model_dump(exclude={"origin"}) for row in getattr(other, table)]
    assert one.park == other.park and one.goal == other.goal


@pytest.mark.parametrize(("sheet", "cell", "value", "line"), cases_of(__file__, "book"))
def test_faults_name_sheet_and_cell(book, sheet, cell, value, line):
    put(book, sheet, cell, value)
    with pytest.raises(CaseError) as caught:
        read_case(book)
    assert any(text.startswith(line) for text in caught.value.complaints), caught.value.complaints


def add_settings(path, *rows):
    book = openpyxl.load_workbook(path)
    for row in rows:
        book["park"].append(row)
    book.save(path)
    return book["park"].max_row


def test_the_terms_of_financing_are_keys_of_the_sheet_park(book):
    """Numbers as cells and as texts; names with a blank."""
    put(book, "technologies", "A1", "technology")
    add_settings(book, ("finance.tax_rate", 0.25), ("finance.tenor", 8), ("finance.interest", "0.04"),
        ("finance.depreciation.technology", 15))
    terms = read_case(book).park.finance
    assert (terms.tax_rate, terms.tenor, terms.interest, terms.depreciation) == (0.25, 8, 0.04, {"technology": 15})


@pytest.mark.parametrize(("key", "value", "words"), [
    ("finance.taxrate", 0.25, "key 'taxrate': is no key of [finance]; did you mean 'tax_rate'?"),
    ("finance.tax_rate", 25, "tax_rate = 25"),
    ("finance.owners.Energy Service.interest", 0.05, "[finance.owners] 'Energy Service': is no owner"),
])
def test_a_fault_of_financing_names_its_cell(book, key, value, words):
    row = add_settings(book, (key, value))
    with pytest.raises(CaseError) as caught:
        read_case(book)
    (line,) = caught.value.complaints
    assert words in line
    assert line.startswith(f"my-park.xlsx sheet park cell B{row}: " if "owners" not in key else "my-park.xlsx sheet park")


def test_a_workbook_becomes_a_folder_into_which_profiles_are_loaded(plan, book, tmp_path):
    refused = plan("import", "meter", "meter.csv", "--take", "--park", book, "--name", "machines")
    assert refused.code == 2 and "is a workbook, and a profile is a column of a park folder; `plan new DIR --from" in refused.err
    said = plan("new", "folder", "--from", book)
    assert said.code == 0 and (tmp_path / "folder" / "demand.csv").is_file()
    one, other = read_case(book), read_case(tmp_path / "folder")
    assert one.park == other.park and one.goal == other.goal
    assert [row.model_dump(exclude={"origin"}) for row in one.demand] == [row.model_dump(exclude={"origin"}) for row in other.demand
    ]
    assert plan("new", "folder", "--from", book).code == 2, "it is there already"
    assert "lost.xlsx: is missing" in plan("new", "another", "--from", "lost.xlsx").err and not (tmp_path / "another").exists()


def test_a_sheet_of_an_unknown_name_is_a_fault_and_blank_rows_do_not_shift_cells(book):
    sheets = openpyxl.load_workbook(book)
    sheets.create_sheet("demands")["A1"] = "demand"
    sheets.save(book)
    with pytest.raises(CaseError, match="sheet 'demands': is no table of a park; did you mean 'demand'"):
        read_case(book)
    del sheets["demands"]
    sheets["demand"].insert_rows(2, 3)
    sheets["demand"]["D5"] = -3
    sheets.save(book)
    with pytest.raises(CaseError, match="sheet demand cell D5: value = -3"):
        read_case(book)


@pytest.mark.slow
def test_a_workbook_is_planned_and_its_run_repeated(plan, book, tmp_path):
    said = plan("--park", book, "--days", 1, "--quick", "--quiet")
    assert said.code == 0, said.err
    assert (tmp_path / "plan-my-park" / "summary.json").is_file()
    facts = json.loads((tmp_path / "plan-my-park" / "run.json").read_text())
    assert "demand.csv" in facts["files"]
    said = plan("--rerun", "plan-my-park/run.json", "--quiet")
    assert said.code == 0, said.err
    put(book, "prices", "D2", 700)
    assert "has changed since" in plan("--rerun", "plan-my-park/run.json").err


def test_options_of_a_blank_park_are_checked_at_once(plan, tmp_path):
    said = plan("new", "x", "--blank", "--carriers", "electricity,steem", "--grid", "much", "--region", "mars")
    assert said.code == 2
    for part in ("did you mean 'steam'?", "--grid much: is no power", "--region mars: is none of cn, eu, us"):
        assert part in said.err
    assert not (tmp_path / "x").exists() and "is no blank park" in plan("new", "x", "--blank", "--from", "lakeside").err


@pytest.mark.parametrize("option",
    [("--grid", "20MW"), ("--carriers", "steam"), ("--region", "cn"), ("--name", ""), ("--tariff", "jiangsu-10kv")])
def test_an_option_of_a_blank_park_is_refused_where_none_is_made(plan, tmp_path, option):
    said = plan("new", "x", *option)
    assert said.code == 2 and not (tmp_path / "x").exists()
    assert said.err.splitlines() == [f"{option[0]}: only of a blank park; say --blank or --excel, too", "1 fault"]
    assert "--name, --grid: only of" in plan("new", "x", "--grid", "10MW", "--name", "y", "--from", "lakeside").err


@pytest.mark.parametrize("kind", ["--blank", "--excel"])
@pytest.mark.parametrize(("name", "fault"), [
    ("", "--name: is empty; it is needed (The park's name)"),
    (" ", "--name: is empty; it is needed (The park's name)"),
    ("a\nb", r"--name 'a\nb': holds a line break or a character that cannot be seen; remove it"),
    ("=1", "--name '=1': begins with '=', which a spreadsheet takes for a formula; begin it with a letter or a digit"),
    ("x" * 101, f"--name '{'x' * 101}': has 101 characters; a name has at most 100"),
])
def test_the_name_of_a_blank_park_is_one_that_a_park_may_have(plan, tmp_path, kind, name, fault):
    said = plan("new", "x", kind, "--name", name, "--region", "mars")
    assert said.code == 2 and list(tmp_path.iterdir()) == []
    assert said.err.splitlines() == [fault, "--region mars: is none of cn, eu, us", "2 faults"]


@pytest.mark.parametrize("region", ["cn", "eu", "us"])
def test_a_blank_park_of_every_region_and_carrier_is_a_park_without_a_fault(plan, tmp_path, region):
    assert (
        plan("new", region, "--blank", "--region", region, "--carriers", "electricity,steam,heat,cooling", "--grid", "800kW").code
        == 0)
    case = read_case(tmp_path / region)
    assert case.park.currency == {"cn": "CNY", "eu": "EUR", "us": "USD"}[region]
    assert [w for w in case.warnings if not w.startswith("catalogue") and "are examples still" not in w] == []


def test_a_blank_park_with_processes_has_demand_that_moves_a_silo_and_cold_rooms_and_no_fault(plan, tmp_path):
    assert plan("new", "mill", "--blank", "--processes").code == 0
    case = read_case(tmp_path / "mill")
    assert not [w for w in case.warnings if "are examples still" not in w] and max(row.shift_share or 0 for row in case.demand) == 1
    assert {"silo", "cold-rooms"} <= {t.technology for t in case.technologies}


@pytest.mark.slow
def test_a_blank_park_serves_steam_and_heat_with_the_largest_unit_out(plan, tmp_path):
    """Steam: 15 MW at the peak, by 4 boilers of 3.8 MW and one more; heat: 5 MW, by 4 of 1.3 and one more."""
    assert plan("new", "x", "--blank", "--carriers", "electricity,steam,heat,cooling", "--grid", "20MW").code == 0
    case = read_case(tmp_path / "x")
    assert [(r.carrier, r.margin, r.largest_out) for r in case.reserves] == [("heat", 0, 1), ("steam", 0, 1)]
    stands = {t.technology: (t.existing, t.existing_unit) for t in case.technologies if t.existing}
    assert stands == {"boiler": (19, 3.8), "heat-boiler": (6.5, 1.3), "chiller": (6.5, 1.3)}
    said = plan("--park", "x", "--out", "run", "--days", "1", "--quick", "--quiet")
    assert said.code == 0, said.err
    with (tmp_path / "run" / "reserves.csv").open(encoding="utf-8") as file:
        told = {(row["year"], row["carrier"], row["item"]): float(row["value"]) for row in csv.DictReader(file)}
    for year in range(2026, 2036):
        for carrier, peak, unit in (("steam", 15, 3.8), ("heat", 5, 1.3)):
            assert told[str(year), carrier, "required"] == pytest.approx(peak + unit, rel=1e-3)
            assert told[str(year), carrier, "firm"] >= told[str(year), carrier, "required"] - 1e-6


def test_a_data_package_describes_a_folder(plan, tmp_path, small, book):
    assert plan("new", "x", "--blank").code == 0
    package = json.loads((tmp_path / "x" / "datapackage.json").read_text())
    resources = {r["path"]: r for r in package["resources"]}
    fields = {f["name"]: f for f in resources["supplies.csv"]["schema"]["fields"]}
    assert fields["kind"]["constraints"]["enum"] == ["grid", "fuel", "sink"]
    assert fields["max_import"]["unit"] == "MW" and fields["max_import"]["constraints"]["minimum"] == 0
    assert resources["supplies.csv"]["schema"]["primaryKey"] == ["supply"]
    assert {p.name for p in (tmp_path / "x").glob("*.csv")} == set(resources)
    said = plan("check", "park", "--datapackage")
    assert said.code == 0, said.err
    package = json.loads((small.folder / "datapackage.json").read_text())
    assert package["title"] == "Tiny [Park]" and "profiles.csv" in {r["path"] for r in package["resources"]}
    assert plan("check", "park").code == 0
    assert "--datapackage: my-park.xlsx is no folder" in plan("check", book.name, "--datapackage").err


def test_a_workbook_whose_packed_sheets_are_spoilt_is_told(plan, tmp_path):
    """Bytes of the list of sheets are turned round: unpacking ends in an error of zlib."""
    assert plan("new", "park.xlsx", "--excel").code == 0
    content = bytearray((tmp_path / "park.xlsx").read_bytes())
    begin = ZipFile(tmp_path / "park.xlsx").getinfo("xl/workbook.xml").header_offset + 60
    for place in range(begin, begin + 60):
        content[place] ^= 0xFF
    (tmp_path / "park.xlsx").write_bytes(content)
    said = plan("check", "park.xlsx")
    assert said.code == 2 and "park.xlsx: cannot be read as a workbook" in said.err


@pytest.mark.parametrize("code", ["zh", "de"])
def test_the_notes_of_a_blank_workbook_are_of_the_language_asked_for(plan, tmp_path, code):
    """Every note of every column and setting has its words, and none is left over; German is a language of notes alone."""
    from planner.templates.blank import BlankWanted, blank
    from planner.templates.columns import WRITTEN, columns

    table = blank(BlankWanted(carriers=("electricity", "steam")))
    says = {columns(name)[column].says for name in WRITTEN for column in WRITTEN[name] if column in columns(name)}
    says |= {columns(name)[row["key"]].says for name in ("park", "goal") for row in table[name]}
    own = notes(code)
    assert [text for text in says if text not in own] == []
    book = openpyxl.load_workbook(tmp_path / "b.xlsx") if plan("new", "b", "--excel", "--notes", code).code == 0 else None
    assert book is not None and book["sites"]["B1"].comment.text == own["Its area."]
    beyond = {own[text] for text in own if text not in says | meanings()}
    assert len(beyond) == (7 if code == "de" else 0) and beyond <= {row[0].value for row in book["read me"].iter_rows()}
    assert "--notes fr: is none of en, zh, de" in plan("new", "c", "--excel", "--notes", "fr").err
    assert plan("new", "c", "--notes", "de").code == 2


def meanings():
    """What the columns of all tables and the keys of park.toml, of the tables in it, and of goal.toml mean."""
    keys = {says for name, record in SETTINGS.items() for table in tables_of(record, (), "", {}) for says in (table.says, *(key.column.says for key in table.keys)) if says}
    return keys | {column.says for record in (*SETTINGS.values(), *TABLES.values()) for column in columns_of(record).values()}


def test_every_meaning_of_every_column_has_its_chinese():
    """Every one has a sentence with the same names of code, and the stops are Chinese."""
    own = notes("zh")
    assert sorted(text for text in meanings() if text not in own) == []
    in_code = re.compile(r"`[^`]*`|\w+\.(?:csv|toml)|\w+_\w+")
    assert [text for text in own if not set(in_code.findall(text)) <= set(in_code.findall(own[text]))] == []
    half = re.compile(r"[\u4e00-\u9fff][:,;()?!]|[:,;()?!][\u4e00-\u9fff]")
    assert [text for text in own.values() if half.search(text) or not text.endswith("。")] == []
