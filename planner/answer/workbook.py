"""plan.xlsx: the summary first, then native charts, then a sheet for every table of the target plan. It is made from the tables
that were written, so that it can be made again in another language.

A sheet holds what the CSV file of its name holds. The hourly flows are too many for a sheet; they stay in
dispatch.parquet.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from xlsxwriter.exceptions import XlsxFileError

from planner.answer.sheets import HEAD, MONEY, SHARE, UNIT_FORMATS, YEAR, Sheets, as_cell, number_format, width
from planner.answer.titles import titled, titles_of
from planner.answer.workbook_summary import add_chart_data, add_charts, add_summary
from planner.language.language import ENGLISH, Language
from planner.tables.output import Output
from planner.tables.place import write_file

NAME = "plan.xlsx"

#: Columns of money that have no unit column; the heading names the currency.
MONEY_COLUMNS = ("capital_cost", "cost")
#: Columns of numbers that name a row.
LABELS = ("year", "month", "ordered", "day", "typical_day", "hour", "works_from", "works_until", "committed")
#: Number format of an emission intensity, t/tce.
INTENSITY = "0.000"


def write_workbook(output: Output, path: Path | BytesIO, language: Language = ENGLISH) -> None:
    """Write the workbook of an output that has a plan. Headings are in the language, cells as in the CSV."""
    sheets = Sheets(path)
    told = titled(output, titles_of(output, language))
    add_summary(sheets, told, language)
    charts = add_charts(sheets, told, language)
    for name, table in output.target.items():
        _add_table(sheets, name, table, output.currency, language)
    _add_table(sheets, "assumptions", output.assumptions, output.currency, language)
    add_chart_data(sheets, charts, language)
    try:
        sheets.book.close()
    except XlsxFileError as error:  # what the system said is within it
        raise next((a for a in error.args if isinstance(a, OSError)), error) from error


def renew_workbook(output: Output, language: Language) -> Path | None:
    """Write plan.xlsx of an output again; None where it has no plan. Raises CaseError where that cannot be done."""
    if not output.has_plan:
        return None
    path, made = output.folder / NAME, BytesIO()
    write_workbook(output, made, language)
    write_file(path, str(path), made.getvalue(), lambda _: True)
    return path


def _add_table(sheets: Sheets, name: str, table: pd.DataFrame, currency: str, language: Language) -> None:
    """A sheet with one row of headings that stays in sight, and a filter on each column; hidden where the table has no row."""
    sheet = sheets.book.add_worksheet(language.translate(name))
    columns = list(table.columns)
    rows = [[as_cell(v) for v in row] for row in table.astype(object).itertuples(index=False, name=None)]
    sheet.freeze_panes(1, 1 if columns[0] == "year" else 0)
    sheet.repeat_rows(0)
    sheets.print_wide(sheet)
    sheet.print_area(0, 0, len(rows), len(columns) - 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    if not rows:
        sheet.hide()
    amounts = [column not in LABELS and any(isinstance(row[c], float) for row in rows) for c, column in enumerate(columns)]
    after = [c > 0 and amounts[c - 1] and not amounts[c] for c in range(len(columns))]  # text right after a number
    apart: list[dict[str, Any]] = [{"indent": 1, "align": "left"} if own else {} for own in after]
    for c, column in enumerate(columns):
        title = heading(name, column, currency, language)
        sheet.set_column(c, c, width([title, *(row[c] for row in rows)]))
        sheet.write_string(0, c, title, sheets.number_head if amounts[c] else sheets.format(**{**HEAD, **apart[c]}))
    for r, row in enumerate(rows, start=1):
        cells = dict(zip(columns, row, strict=True))
        for c, column in enumerate(columns):
            sheets.write(sheet, r, c, row[c], **{**apart[c], **_number(name, column, cells)})


def heading(table: str, column: str, currency: str, language: Language) -> str:
    """Heading of a column, with its unit where no column beside it says the unit."""
    title = language.translate(column)
    if column in MONEY_COLUMNS:
        return f"{title} [{currency}]"
    if table == "stages" and column in ("value", "limit", "tolerance"):
        return title + " [" + language.translate("1; intensity: t/tce") + "]"
    return title


def _number(table: str, column: str, row: Mapping[str, Any]) -> dict[str, str]:
    """Number format of a cell, by its column and the unit of its row."""
    if not isinstance(row[column], float):
        return {}
    if column in LABELS:
        return {"num_format": YEAR, "align": "left"}
    if column == "tolerance":
        return {"num_format": "0.000000"}
    if table == "stages":
        usual = INTENSITY if row["metric"] == "intensity" else SHARE
    elif column in MONEY_COLUMNS:
        usual = MONEY
    elif "unit" not in row or table == "assumptions":
        return {}
    else:
        usual = UNIT_FORMATS.get(row["unit"], MONEY)
    return {"num_format": number_format(usual, row[column])}
