"""plan.xlsx: each sheet holds what its CSV holds, names are text, and the first sheet has native charts."""

import zipfile
from functools import lru_cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from planner.answer.workbook import Sheets, number_format
from planner.tables import schema
from planner.tables.accounts import COLUMNS

TABLES = [name for name in COLUMNS if name != "dispatch"]
TEXTS = ["=1+1", "+cmd", "-a", "@x", '=HYPERLINK("http://a.b")', "屋顶光伏", 'roof, "south"\n[1]', "http://a.b", "12"]


@pytest.fixture
def written(small, written_once, tmp_path):
    """Plans the park as it stands; gives run and output folder."""
    small.write("goal.toml", 'target = "zero-carbon"\nby = 2028\n')
    return lambda language="en": (written_once(small.folder, tmp_path / "out", language), tmp_path / "out")


@lru_cache(maxsize=1)
def opened(path: Path, changed: int) -> openpyxl.Workbook:
    """A workbook as it was at that time (ns): its sheets are looked at one after the other, and all are read with each."""
    return openpyxl.load_workbook(path)


def sheet_rows(out: Path, name: str) -> list[list]:
    """Cells of a sheet; its first row is the headings."""
    book = opened(out / "plan.xlsx", (out / "plan.xlsx").stat().st_mtime_ns)
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def same(cell: object, text: str) -> bool:
    """True if a cell of the workbook says what a cell of the CSV says."""
    if isinstance(cell, bool) or cell is None or isinstance(cell, str):
        return ("" if cell is None else str(cell)) == (text[1:] if text[:2] in ("'=", "'+", "'-", "'@") else text)
    return float(text) == pytest.approx(cell, rel=1e-11, abs=1e-11)


def assert_sheet_is_csv(out: Path, name: str) -> None:
    head, *rows = sheet_rows(out, name)
    path = out / f"{name}.csv"  # a table without a row has none
    csv = pd.read_csv(path, dtype=str, keep_default_na=False) if path.exists() else pd.DataFrame(columns=[*schema.TABLES[name].names])
    assert [title.split(" [")[0] for title in head] == list(csv.columns) and len(rows) == len(csv)
    for row, texts in zip(rows, csv.itertuples(index=False), strict=True):
        for cell, text in zip(row, texts, strict=True):
            assert same(cell, text), (name, cell, text)


def test_a_sheet_without_a_row_is_hidden(written) -> None:
    _, out = written()
    book = openpyxl.load_workbook(out / "plan.xlsx")
    for name in TABLES:
        assert (book[name].sheet_state == "hidden") is not (out / f"{name}.csv").exists(), name


@pytest.mark.slow
def test_the_summary_names_things_as_people_do_and_the_tables_as_the_park_does(small, written) -> None:
    small.edit("technologies.csv", "pv,solar", "pv,solar-rooftop")
    _, out = written()
    words = " ".join(str(cell) for row in sheet_rows(out, "summary") for cell in row if cell)
    assert "Rooftop PV" in words and "Rooftop PV" not in str(sheet_rows(out, "investments"))


def test_each_sheet_holds_what_its_csv_holds(small, written) -> None:
    small.edit("technologies.csv", "pv,solar", "pv,solar-rooftop")  # with figures of the catalogue, so that some are assumed
    _, out = written()
    for name in [*TABLES, "assumptions"]:
        assert_sheet_is_csv(out, name)
    assert len(sheet_rows(out, "assumptions")) > 5
    small.edit("technologies.csv", "pv,solar", "http://a.b,solar")
    _, out = written()
    with zipfile.ZipFile(out / "plan.xlsx") as file:
        sheets = [file.read(n).decode() for n in file.namelist() if n.startswith("xl/worksheets/sheet")]
    assert len(sheets) == len(TABLES) + 4 and not any("<f>" in text or "<hyperlink" in text for text in sheets)


def test_sheets_have_the_formats_the_summary_and_the_chart_of_the_run(written) -> None:
    run, out = written()
    book = openpyxl.load_workbook(out / "plan.xlsx")
    assert book.sheetnames == ["summary", "charts", *TABLES, "assumptions", "chart data"]
    _, _, build, unit, cost, works_from, *_ = book["investments"][2]
    assert works_from.value == 2026
    assert (unit.value, build.number_format, cost.number_format) == ("MW", "#,##0.000", "#,##0")  # 0.8 MW keeps three digits
    assert book["capacity"].cell(2, 1).number_format == "0" and book["stages"].cell(2, 4).number_format == "0.0%"
    assert {c.number_format for c in book["retirements"]["C"][1:]} <= {"0"}  # a year, not an amount
    assert book["emissions"].cell(2, 3).number_format == "#,##0.0"
    rows = sheet_rows(out, "summary")
    facts = {row[0]: row[2] for row in rows if row[0]}
    assert rows[0][0] == "Tiny [Park]" and facts["status"] == "optimal"
    assert facts["hour by hour"] == ("verified" if run.target.verified else "unverified")
    assert facts["system cost [M CNY]"] == pytest.approx(run.target.system_cost / 1e6) and facts["base emissions [t]"] == 4380
    plans = {str(row[0]).replace("business as usual", "business-as-usual"): row[2] for row in rows}
    plans = {name: cost for name, cost in plans.items() if name in run.plans}
    assert plans == {name: pytest.approx(plan.system_cost / 1e6) for name, plan in run.plans.items()}
    assert any(row[0] == 2026 and "pv" in row[2] and "led" in row[2] for row in rows)
    rows = sheet_rows(out, "chart data")
    first = next(i for i, row in enumerate(rows) if row[0] == "Emissions [t CO2e]")
    assert rows[first + 1][:3] == ["year", "scope 2, market basis", "net emissions"]
    block = [dict(zip(rows[first + 1], row, strict=True)) for row in rows[first + 2 : first + 5]]
    table = run.target.tables["emissions"].pivot_table(index="year", columns="item", values="value")
    for row in block:
        assert row["net emissions"] == pytest.approx(table.loc[row["year"], "net"], abs=1e-6)
        assert row["scope 2, market basis"] == pytest.approx(table.loc[row["year"], "scope2_market"])


@pytest.mark.parametrize("text", TEXTS)
def test_text_is_text_whatever_it_begins_with(tmp_path, text) -> None:
    sheets = Sheets(tmp_path / "book.xlsx")
    sheets.write(sheets.book.add_worksheet("one"), 0, 0, text)
    sheets.book.close()
    cell = openpyxl.load_workbook(tmp_path / "book.xlsx")["one"].cell(1, 1)
    assert (cell.data_type, cell.value) == ("s", text) and cell.quotePrefix == (text[0] in "=+-@")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["屋顶光伏", 'roof, "south" [1]', "'quoted", "http://a.b"])
def test_names_come_back_as_they_were(small, written, name) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    small.edit("technologies.csv", "pv,solar", f"{quoted},solar")
    _, out = written()
    book = openpyxl.load_workbook(out / "plan.xlsx")
    assert book["investments"].cell(2, 2).value == name
    assert_sheet_is_csv(out, "investments")


def test_headings_stay_in_sight_and_name_the_unit_of_money(written) -> None:
    _, out = written()
    book = openpyxl.load_workbook(out / "plan.xlsx")
    for name in [*TABLES, "assumptions"]:
        assert book[name].freeze_panes == ("B2" if book[name]["A1"].value == "year" else "A2") and book[name].auto_filter.ref
    assert [c.value for c in book["investments"][1]] == ["year", "technology", "build", "unit", "capital_cost [CNY]", "works_from",
        "works_until", "committed", "currency", "embodied"]
    assert "cost [CNY]" in [c.value for c in book["offsets"][1]]


def test_each_chart_has_titles_and_series_with_numbers(written) -> None:
    _, out = written()
    book = openpyxl.load_workbook(out / "plan.xlsx")
    data = book["chart data"]
    charts = book["charts"]._charts
    assert len(charts) >= 5
    for chart in charts:
        assert chart.title is not None and chart.x_axis.title is not None and chart.y_axis.title is not None
        parts = [chart, *chart._charts[1:]]
        series = [s for part in parts for s in part.series]
        assert series
        for one in series:
            for reference in (one.val.numRef.f, one.cat.numRef.f):
                cells = [c.value for (c,) in data[reference.split("!")[1].replace("$", "")]]
                assert len(cells) == 3
                assert all(c is None or isinstance(c, int | float) for c in cells), reference
            years = [c.value for (c,) in data[one.cat.numRef.f.split("!")[1].replace("$", "")]]
            assert years == [2026, 2027, 2028] and data[one.tx.strRef.f.split("!")[1].replace("$", "")].value


def test_headings_are_in_the_language_and_cells_as_in_the_tables(written) -> None:
    run, out = written("zh")
    book = openpyxl.load_workbook(out / "plan.xlsx")
    assert book.sheetnames[:2] == ["概要", "图表"]
    assert [c.value for c in book["新建"][1]] == ["年份", "技术", "新建容量", "单位", "投资额 [CNY]", "投运年", "退役年", "已承诺", "货币", "隐含排放"]
    assert book["新建"].cell(2, 2).value == "pv"
    facts = {row[0].value: row[2].value for row in book["概要"].iter_rows()}
    assert facts["系统成本 [万元]"] == pytest.approx(run.target.system_cost / 1e4)
    letters = {cell.value for sheet in book for cell in sheet[1]} | set(facts)
    assert not {"year", "technology", "status", "goal"} & letters


@pytest.mark.parametrize(("usual", "value", "shown"),
    [("#,##0.00", 12.3456, "#,##0.00"), ("#,##0.00", 0.0123456, "#,##0.0000"), ("#,##0", 0.5, "#,##0.000"), ("#,##0", 0.0, "#,##0"),
     ("#,##0", 99.5, "#,##0.0"), ("#,##0", 1e6, "#,##0"), ("0.0%", 0.0123, "0.00%"), ("0.0%", 0.5, "0.0%"),
     ("#,##0.0", 1e-9, "0.00E+00")])
def test_a_number_keeps_three_digits(usual, value, shown) -> None:
    assert number_format(usual, value) == shown


def test_each_sheet_prints_its_cells_and_the_first_one_on_a_page(written) -> None:
    _, out = written()
    book = openpyxl.load_workbook(out / "plan.xlsx")
    for name in ("summary", "charts"):
        assert book[name].sheet_properties.pageSetUpPr.fitToPage
        assert book[name].page_setup.fitToHeight in (None, 1)  # 1 is what is left out
        assert book[name].print_area
    for name in TABLES:
        sheet = book[name]
        assert sheet.print_area.replace("$", "").split("!")[-1] == f"A1:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"


@pytest.mark.slow
def test_the_command_makes_the_workbook_again_in_the_language_asked_for(written, plan) -> None:
    _, out = written()
    before = {name: sheet_rows(out, name) for name in ("investments", "energy")}
    (out / "plan.xlsx").unlink()
    said = plan("report", str(out), "--language", "zh")
    assert said.code == 0, said.err
    assert "plan.xlsx" in said.out
    book = openpyxl.load_workbook(out / "plan.xlsx")
    assert book.sheetnames[:2] == ["概要", "图表"] and plan("report", str(out), "--language", "en").code == 0
    assert {name: sheet_rows(out, name) for name in before} == before


def test_a_goal_out_of_reach_has_no_workbook(small, written) -> None:
    small.edit("stages.csv", "gross_ratio,<=,0.5", "gross_ratio,<=,0.01")
    run, out = written()
    assert run.target.status == "infeasible" and not (out / "plan.xlsx").exists()
