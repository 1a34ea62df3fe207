"""Sheets of a workbook: cells written as what they are, formats made once, columns as wide as their text.

Text is always written as text: what begins with `=`, `+`, `-` or `@` never becomes a formula, also when a person edits
the cell.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

#: Number formats: money, money in millions, shares, years.
MONEY, MILLIONS, SHARE, YEAR = "#,##0", "#,##0.0", "0.0%", "0"
#: Number format of an amount, by its unit; any other unit is money.
UNIT_FORMATS = {"MW": "#,##0.00", "MWh": "#,##0.0", "t/h": "#,##0.000", "t": "#,##0.0", "ha": "#,##0.0", "tce": "#,##0.0"}
#: Look of a heading.
HEAD: dict[str, Any] = {"bold": True, "bg_color": "#E7EDF3", "bottom": 1, "text_wrap": True, "valign": "top"}
#: Number of the paper size in a workbook; the name of the sheet and the pages stand at the foot.
A4, FOOTER = 9, "&L&A&R&P / &N"
#: Digits that a number keeps at least, and the most places behind the point that it is given for them.
DIGITS, MOST_PLACES = 3, 6
#: First letters that a spreadsheet takes for the beginning of a formula.
FORMULA = tuple("=+-@\t\r")
#: Characters of the narrowest and the widest column.
NARROWEST, WIDEST = 8, 60


class Sheets:
    """A workbook while it is written."""

    def __init__(self, path: Path | BytesIO) -> None:
        self.book = xlsxwriter.Workbook(
            path, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
        )
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        """A cell format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format(dict(properties))
        return self._formats[key]

    @property
    def head(self) -> Format:
        """Format of a heading over text."""
        return self.format(**HEAD)

    @property
    def number_head(self) -> Format:
        """Format of a heading over numbers."""
        return self.format(**HEAD, align="right")

    @staticmethod
    def print_wide(sheet: Worksheet) -> None:
        """Print a sheet across, all its columns on one page."""
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(FOOTER)

    @staticmethod
    def print_on_a_page(sheet: Worksheet, last_row: int, last_column: int) -> None:
        """Print the cells from the first to these upright on one page."""
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 1)
        sheet.print_area(0, 0, last_row, last_column)
        sheet.set_footer(FOOTER)

    def write(self, sheet: Worksheet, row: int, column: int, cell: Any, **properties: Any) -> None:
        """Write a cell as what it is: text as text, a missing number as an empty cell."""
        if isinstance(cell, str):
            marked = {"quote_prefix": True} if cell.startswith(FORMULA) else {}
            sheet.write_string(row, column, cell, self.format(**properties, **marked))
        elif cell is None or pd.isna(cell):
            sheet.write_blank(row, column, None, self.format(**properties))
        elif isinstance(cell, bool):
            sheet.write_boolean(row, column, cell, self.format(**properties))
        else:
            sheet.write_number(row, column, float(cell), self.format(**properties))

    def frame(self, sheet: Worksheet, row: int, frame: pd.DataFrame, index: str, number: str) -> None:
        """Write a frame with the years as its index, headings in `row`, years in column 0."""
        for c, name in enumerate([index, *frame.columns]):
            sheet.write_string(row, c, str(name), self.number_head if c else self.head)
        for r, (year, *cells) in enumerate(frame.itertuples(name=None), start=row + 1):
            self.write(sheet, r, 0, year, num_format=YEAR)
            for c, cell in enumerate(cells, start=1):
                self.write(sheet, r, c, cell, num_format=number)


def number_format(usual: str, value: Any) -> str:
    """The usual format of a number, with more places where it would lose one of three digits; what is smaller by powers of ten."""
    share = "%" if usual.endswith("%") else ""
    size = abs(value) * (100 if share else 1) if isinstance(value, float) and math.isfinite(value) else 0.0
    if size == 0:
        return usual
    places = DIGITS - 1 - math.floor(math.log10(size) + 1e-12)
    if places <= len(usual.removesuffix("%").partition(".")[2]):
        return usual
    return f"0.00E+00{share}" if places > MOST_PLACES else f"{usual.removesuffix('%').partition('.')[0]}.{'0' * places}{share}"


def as_cell(value: Any) -> Any:
    """A value of a table as Python's own text, truth or number; None where there is none."""
    if isinstance(value, str) or value is None:
        return value
    if pd.isna(value):
        return None
    return bool(value) if str(value) in ("True", "False") else float(value)


def width(cells: Iterable[Any]) -> int:
    """Width of a column in characters; a number takes twelve at most."""
    longest = max((min(len(f"{c:,.2f}"), 12) if isinstance(c, float) else letters(str(c)) for c in cells), default=0)
    return min(max(longest + 2, NARROWEST), WIDEST)


def letters(text: str) -> int:
    """Width of a text in characters; those of East Asia take two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
