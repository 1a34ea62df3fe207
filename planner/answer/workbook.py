"""plan.xlsx: the summary first, then native charts, then a sheet for every table of the target plan. It is made from the tables
that were written, so that it can be made again in another language.

A sheet holds what the CSV file of its name holds. The hourly flows are too many for a sheet; they stay in
dispatch.parquet.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width

import pandas as pd
import xlsxwriter
from xlsxwriter.chart import Chart
from xlsxwriter.exceptions import XlsxFileError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from planner.answer import series
from planner.answer.caveats import gap_columns, proof_sentence
from planner.answer.hangs_on import told_composition
from planner.answer.money import told_goal
from planner.answer.page.charts import YearChart
from planner.answer.page.report import Report
from planner.answer.page.table import PLAIN, colours
from planner.answer.purchase import titled, titles_of
from planner.answer.summary import day_count
from planner.answer.views import Cell, ShownTable, shown, views
from planner.language.language import ENGLISH, Language
from planner.language.words import COSTS, STAGES, STATUSES, named
from planner.plan import CAPITAL_ITEMS, TARGET
from planner.tables.files import FORMULA
from planner.tables.output import Output
from planner.tables.place import write_file

# --- sheets ----------------------------------------------------------------------------------------------------------------
# Sheets of a workbook: cells written as what they are, formats made once, columns as wide as their text.
#
# Text is always written as text: what begins with `=`, `+`, `-` or `@` never becomes a formula, also when a person edits
# the cell.

#: Number formats: money, money in millions, shares, years.
MONEY, MILLIONS, SHARE, YEAR = "#,##0", "#,##0.0", "0.0%", "0"
#: Number format of an amount, by its unit; any other unit is money.
UNIT_FORMATS = {"MW": "#,##0.00", "MWh": "#,##0.0", "t/h": "#,##0.000", "t": "#,##0.0", "ha": "#,##0.0", "tce": "#,##0.0"}
#: The same by the format of a column of a view.
FORMATS = {"money": MILLIONS, "percent": "0.0%", "at_most": "0.000%"}
#: Look of a heading.
HEAD: dict[str, Any] = {"bold": True, "bg_color": "#E7EDF3", "bottom": 1, "text_wrap": True, "valign": "top"}
#: Number of the paper size in a workbook; the name of the sheet and the pages stand at the foot.
A4, FOOTER = 9, "&L&A&R&P / &N"
#: Digits that a number keeps at least, and the most places behind the point that it is given for them.
DIGITS, MOST_PLACES = 3, 6
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

    def close(self) -> None:
        """Write the file. Raises OSError where it cannot be written."""
        try:
            self.book.close()
        except XlsxFileError as error:  # what the system said is within it
            raise next((a for a in error.args if isinstance(a, OSError)), error) from error

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

    def table(self, sheet: Worksheet, row: int, shown: ShownTable) -> int:
        """Write a table from a row on; gives the row below. Its last column, where it is of text, takes the rest of the width."""
        last = len(WIDTHS) - 1
        is_wide = shown.columns[-1].is_text and len(shown.head) <= last
        spans = [(c, last if is_wide and c == len(shown.head) - 1 else c) for c in range(len(shown.head))]
        heads: list[Cell] = [(None, title) for title in shown.head]
        for r, cells in enumerate([heads, *shown.rows]):
            for (c, end), column, (value, text) in zip(spans, shown.columns, cells, strict=True):
                look = {} if r else {**HEAD, "align": "left" if column.is_text else "right"}
                look |= {"num_format": FORMATS.get(column.format, MONEY)} if value is not None else {}
                look |= {"text_wrap": True, "valign": "top"} if end > c else {}
                if end > c:
                    sheet.merge_range(row + r, c, row + r, end, "", self.format(**look))
                    sheet.set_row(row + r, 15 * max(1, math.ceil(letters(text) / (FILLED * sum(WIDTHS[c:])))))
                size = shown.size if column.format == "money" else 1.0
                is_year = column.format == "year" and r
                self.write(sheet, row + r, c, int(text) if is_year else text if value is None else value / size, **look)
        return row + len(shown.rows) + 1


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


# --- workbook summary ------------------------------------------------------------------------------------------------------
# The first sheets of plan.xlsx: what the run says and what to do in each year, on a page; then native charts.
#
# The charts draw from a last sheet that holds their series, so that a person can change, copy and restyle them.

GRID = "#D9D9D9"
#: Columns of the summary, in characters: the first one, and those of the table of plans.
WIDTHS = (14, 16, 16, 16, 16, 16, 16, 16)
#: Share of a column's width that text fills on average.
FILLED = 0.95
#: Width and height of a chart and the space after it, in pixels; charts stand two abreast.
CHART_SIZE, CHART_SPACE, ABREAST = (620, 340), 15, 2
#: Width and height of a cell of a new sheet, in pixels.
CELL = (64, 20)


def charts_of(output: Output, language: Language) -> list[tuple[YearChart, dict[str, str]]]:
    """The charts of a run that the workbook draws, as its views say, and the colours of their bars, which are those of the page."""
    report = Report(output, language, titles_of(output, language))
    report.styles.of([language.translate(COSTS[item]) for item in CAPITAL_ITEMS])  # the first on the page, too
    found = [each for view in views().values() if view.sheet for each in shown(view, report) if isinstance(each, YearChart)]
    looks, palette = [report.styles.of([chart.label(str(c)) for c in chart.bars.columns]) for chart in found], colours()
    return [(chart, {name: palette[look] for name, look in own.items()}) for chart, own in zip(found, looks, strict=True)]


def add_summary(sheets: Sheets, output: Output, language: Language) -> None:
    """Write the first sheet, which prints on one page."""
    sheet = sheets.book.add_worksheet(language.translate("summary"))
    for c, characters in enumerate(WIDTHS):
        sheet.set_column(c, c, characters)
    sheets.write(sheet, 0, 0, output.summary["park"], bold=True, font_size=16)
    row = 2
    for name, value, number in _facts(output, language):
        if value is not None:
            _fact(sheets, sheet, row, name, value, number)
            row += 1
    report = Report(output, language)
    for name in ("plans", "decisions"):
        for each in shown(views()[name], report):
            row = sheets.table(sheet, row + 1, each) if isinstance(each, ShownTable) else row
    sheets.print_on_a_page(sheet, row, len(WIDTHS) - 1)


def add_charts(sheets: Sheets, output: Output, language: Language) -> list[YearChart]:
    """Write the sheet of charts, which prints on one page; gives the charts, whose series `add_chart_data` writes."""
    sheet = sheets.book.add_worksheet(language.translate("charts"))
    sheet.hide_gridlines(2)
    charts = charts_of(output, language)
    first = 0
    for place, (chart, palette) in enumerate(charts):
        down, right = (n * (size + CHART_SPACE) for n, size in zip(divmod(place, ABREAST), CHART_SIZE[::-1], strict=True))
        where = {"x_offset": right, "y_offset": down, "object_position": 3}
        sheet.insert_chart(0, 0, _draw(sheets, chart, palette, first + 1, language), where)
        first += len(chart.whole) + 3
    wide, high = ABREAST * (CHART_SIZE[0] + CHART_SPACE), math.ceil(len(charts) / ABREAST) * (CHART_SIZE[1] + CHART_SPACE)
    sheets.print_on_a_page(sheet, high // CELL[1] + 1, wide // CELL[0] + 1)
    return [chart for chart, _ in charts]


def _fact(sheets: Sheets, sheet: Worksheet, row: int, name: str, value: Any, number: str) -> None:
    """A name and what is said of it, over the rest of the columns and as many lines as it takes."""
    last = len(WIDTHS) - 1
    sheets.write(sheet, row, 0, name, bold=True, valign="top")
    looks: dict[str, Any] = {"num_format": number, "align": "left", "valign": "top", "text_wrap": True}
    sheet.merge_range(row, 2, row, last, "", sheets.format(**looks))
    sheets.write(sheet, row, 2, value, **looks)
    if isinstance(value, str):
        sheet.set_row(row, 15 * max(1, math.ceil(letters(value) / (FILLED * sum(WIDTHS[2:])))))


def _facts(output: Output, language: Language) -> Iterator[tuple[str, Any, str]]:
    """Name, value and number format of what the run says as a whole."""
    facts, say = output.summary, language.translate
    money, size = language.money_unit(output.currency, facts["system_cost"])
    steps = [say("{stage} by {year}", stage=named(language, STAGES, stage), year=year) for stage, year in output.steps]
    yield say("goal"), f"{', '.join(steps)} ({facts['standard']})", ""
    yield say("status"), named(language, STATUSES, facts["status"]), ""
    yield say("what is proven"), proof_sentence(language, facts, output.currency), ""
    yield say("hour by hour"), say("verified") if facts.get("verified") else say("unverified"), ""
    yield say("system cost") + f" [{money}]", _scaled(facts["system_cost"], size), MILLIONS
    yield say("lower bound in all hours") + f" [{money}]", _scaled(facts["bound"], size), MILLIONS
    for head, gaps in gap_columns({TARGET: facts}).items():
        yield say(head), gaps[TARGET], "0.000%"
    yield say("costs"), told_goal(language, facts) or None, ""
    bases = facts["base_emissions"], facts.get("base_location")
    yield say("what it is made of"), told_composition(language, facts["composition"], *bases), ""
    yield say("base emissions") + " [t]", facts["base_emissions"], MONEY
    yield say("money"), say("{currency} at constant prices of {year}", currency=output.currency, year=facts["price_year"]), ""
    yield say("typical days"), day_count(facts) or say("every hour"), YEAR
    yield say("figures assumed"), say("{count}, see the sheet of assumptions", count=len(output.assumptions)), ""
    yield say("hourly flows"), "dispatch.parquet", ""


def _scaled(value: float | None, size: float) -> float | None:
    return None if value is None else value / size


def _draw(sheets: Sheets, chart: YearChart, palette: Mapping[str, str], head: int, language: Language) -> Chart:
    """A native chart whose series stand in the sheet of chart data, their headings in row `head`."""
    data = language.translate("chart data")
    lines = [*chart.lines.columns, *chart.limits.columns]
    columns = _part(sheets, chart, data, head, "column", list(chart.bars.columns), palette) if chart.bars.columns.size else None
    over = _part(sheets, chart, data, head, "line", lines, palette) if lines else None
    drawn = columns or over
    assert drawn is not None
    if columns is not None and over is not None:
        columns.combine(over)
    drawn.set_title({"name": chart.title, "overlay": False, "name_font": {"size": 13}})
    years = {"name": language.translate("year"), "num_format": YEAR, "label_position": "low", "num_font": {"rotation": -45}}
    drawn.set_x_axis(years)
    grid = {"visible": True, "line": {"color": GRID}}
    from_0 = {"min": 0} if chart.whole.fillna(0.0).to_numpy().min(initial=0.0) >= 0 else {}
    drawn.set_y_axis({"name": chart.unit, "num_format": MONEY, "major_gridlines": grid, **from_0})
    drawn.set_legend({"position": "right"})
    drawn.set_size({"width": CHART_SIZE[0], "height": CHART_SIZE[1]})
    return drawn


def _part(sheets: Sheets, chart: YearChart, data: str, head: int, kind: str, names: list[str], palette: Mapping[str, str]) -> Chart:
    """Series of one kind, as stacked columns or as lines, from the sheet `data`."""
    part = sheets.book.add_chart({"type": kind, **({"subtype": "stacked"} if kind == "column" else {})})
    first, last = head + 1, head + len(chart.whole)
    for name in names:
        c = list(chart.whole.columns).index(name) + 1
        colour = "#000000" if kind == "line" and len(names) == 1 else palette.get(chart.label(name), PLAIN[(c - 1) % len(PLAIN)])
        look = {"fill": {"color": colour}, "gap": 40} if kind == "column" else {"line": {"color": colour, "width": 2.25}}
        part.add_series(
            {"name": [data, head, c], "categories": [data, first, 0, last, 0], "values": [data, first, c, last, c], **look}
        )
    return part


def add_chart_data(sheets: Sheets, charts: list[YearChart], language: Language) -> None:
    """The last sheet: the series of each chart, one block below the other, in the order of the charts."""
    sheet = sheets.book.add_worksheet(language.translate("chart data"))
    sheet.set_column(0, 0, WIDTHS[0])
    sheet.set_column(1, series.MOST + 1, WIDTHS[1])
    row = 0
    for chart in charts:
        number = MONEY if chart.unit.startswith("t") else MILLIONS
        sheets.write(sheet, row, 0, f"{chart.title} [{chart.unit}]", bold=True)
        sheets.frame(sheet, row + 1, chart.whole.rename(columns=chart.label), language.translate("year"), number)
        row += len(chart.whole) + 3
    sheets.print_wide(sheet)
    sheet.print_area(0, 0, max(row - 2, 0), max((chart.whole.columns.size for chart in charts), default=1))


# --- workbook --------------------------------------------------------------------------------------------------------------

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
    sheets.close()


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
