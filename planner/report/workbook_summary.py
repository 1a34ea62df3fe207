"""The first sheet of plan.xlsx: what the run says, what to do in each year, and native charts.

The charts draw from a last sheet that holds their series, so that a person can change, copy and restyle them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from models.case import Case
from planner.plan import Run
from planner.report import series
from planner.report.console import what_to_do
from planner.report.sheets import MILLIONS, MONEY, YEAR, Sheets, letters

SUMMARY, CHART_DATA = "summary", "chart data"
#: Colours of series; the first eight are those of Okabe and Ito, told apart by colour-blind readers too.
COLOURS = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000", "#7F7F7F", "#8C564B",
)  # fmt: skip
#: Columns of the summary: the first one, those of the table of plans, and the one where the charts begin.
WIDTHS = (14, 16, 16, 16, 16, 16, 16)
CHARTS_AT = len(WIDTHS) + 1
#: Width and height of a chart and the space after it, in pixels; charts stand two abreast.
CHART_SIZE, CHART_SPACE, ABREAST = (620, 340), 15, 2


@dataclass(frozen=True)
class Series:
    """A chart of the summary: columns stacked by year, and lines over them."""

    title: str
    unit: str
    frame: pd.DataFrame
    number: str = MONEY
    lines: tuple[str, ...] = ()


def charts_of(run: Run, case: Case) -> list[Series]:
    """The charts of a run; one without series is left out."""
    tables, money = run.target.tables, f"M {run.currency}"
    net = series.net_emissions({name: plan.tables for name, plan in run.plans.items() if plan.has_tables})
    found = [
        Series("Emissions", "t CO2e", series.emissions(tables, case.park.accounting), lines=("net",)),
        Series("Net emissions of the plans", "t CO2e", net, lines=tuple(net.columns)),
        Series("Capital by year", money, series.capital(tables) / 1e6, MILLIONS),
        Series("Other costs by year", money, series.yearly_costs(tables) / 1e6, MILLIONS),
        Series("Capacity", "MW", series.capacity(tables, "MW"), MILLIONS),
        Series("Stores", "MWh", series.capacity(tables, "MWh"), MILLIONS),
        Series("Sources of electricity", "GWh", series.sources(tables, "electricity") / 1e3, MILLIONS),
    ]
    return [chart for chart in found if not chart.frame.empty and chart.frame.columns.size]


def add_summary(sheets: Sheets, run: Run, case: Case) -> list[Series]:
    """Write the first sheet; gives the charts, whose series are to be written by `add_chart_data`."""
    sheet = sheets.book.add_worksheet(SUMMARY)
    for c, characters in enumerate(WIDTHS):
        sheet.set_column(c, c, characters)
    row = 0
    sheets.write(sheet, row, 0, case.park.name, bold=True, font_size=16)
    row += 2
    for name, value, number in _facts(run, case):
        sheets.write(sheet, row, 0, name, bold=True)
        sheets.write(sheet, row, 2, value, num_format=number, align="left")
        row += 1
    row = _plans(sheets, sheet, row + 1, run)
    _what_to_do(sheets, sheet, row + 1, run)
    charts = charts_of(run, case)
    first = 0
    for place, chart in enumerate(charts):
        down, right = (n * (size + CHART_SPACE) for n, size in zip(divmod(place, ABREAST), CHART_SIZE[::-1], strict=True))
        where = {"x_offset": right, "y_offset": down, "object_position": 3}
        sheet.insert_chart(2, CHARTS_AT, _draw(sheets, chart, first + 1), where)
        first += len(chart.frame) + 3
    sheets.print_wide(sheet)
    return charts


def _facts(run: Run, case: Case) -> Iterator[tuple[str, Any, str]]:
    """Name, value and number format of what the run says as a whole."""
    goal, plan = case.goal, run.target
    assert goal is not None
    steps = ", ".join(f"{stage} from {year}" for stage, year in goal.steps)
    yield "goal", f"{steps} ({case.park.standard})", ""
    yield "status", plan.status, ""
    yield f"system cost [M {run.currency}]", _millions(plan.system_cost), MILLIONS
    yield f"bound [M {run.currency}]", _millions(plan.bound), MILLIONS
    yield "gap", plan.gap, "0.000%"
    yield "base emissions [t]", run.base, MONEY
    yield "money", f"{run.currency} at constant prices of {case.park.price_year}", ""
    yield "typical days", run.typical_days or "every hour", YEAR
    yield "figures assumed", f"{len(case.assumptions)}, see sheet assumptions", ""
    yield "hourly flows", "dispatch.parquet", ""


def _plans(sheets: Sheets, sheet: Worksheet, row: int, run: Run) -> int:
    """The plans side by side; gives the row below."""
    money = f"M {run.currency}"
    head = ("plan", f"system cost [{money}]", f"capital [{money}]", "net in last year [t]", "gap",
            f"abatement [{run.currency}/t]")  # fmt: skip
    for c, title in enumerate(head):
        sheet.write_string(row, c, title, sheets.head if c == 0 else sheets.number_head)
    for name, plan in run.plans.items():
        row += 1
        sheets.write(sheet, row, 0, name)
        if not plan.has_tables:
            sheets.write(sheet, row, 1, plan.status)
            continue
        net = series.net_emissions({name: plan.tables})[name].iloc[-1]
        capital = series.capital(plan.tables).to_numpy().sum()
        cells = (_millions(plan.system_cost), _millions(capital), round(net) + 0.0, plan.gap, run.abatement_cost.get(name))
        for c, (cell, number) in enumerate(zip(cells, (MILLIONS, MILLIONS, MONEY, "0.000%", MONEY), strict=True), start=1):
            sheets.write(sheet, row, c, cell, num_format=number)
    return row + 1


def _what_to_do(sheets: Sheets, sheet: Worksheet, row: int, run: Run) -> None:
    """Decisions of each year in words, and their capital."""
    last = len(WIDTHS) - 1
    sheet.write_string(row, 0, "year", sheets.head)
    sheet.merge_range(row, 1, row, last - 1, "build, adopt, plant, retire", sheets.head)
    sheet.write_string(row, last, f"capital [M {run.currency}]", sheets.number_head)
    room = 0.95 * sum(WIDTHS[1:last])
    for year, (things, capital) in sorted(what_to_do(run.target).items()):
        row += 1
        words = " · ".join(things)
        sheet.set_row(row, 15 * max(1, math.ceil(letters(words) / room)))
        sheets.write(sheet, row, 0, year, num_format=YEAR, valign="top", align="left")
        sheet.merge_range(row, 1, row, last - 1, "", sheets.format(text_wrap=True, valign="top"))
        sheets.write(sheet, row, 1, words, text_wrap=True, valign="top")
        sheets.write(sheet, row, last, capital / 1e6, num_format=MILLIONS, valign="top")


def _millions(value: float | None) -> float | None:
    return None if value is None else value / 1e6


def _draw(sheets: Sheets, chart: Series, head: int) -> Chart:
    """A native chart whose series stand in the sheet of chart data, their headings in row `head`."""
    names = list(chart.frame.columns)
    stacked, lines = [n for n in names if n not in chart.lines], [n for n in names if n in chart.lines]
    columns = _part(sheets, chart, head, "column", stacked) if stacked else None
    over = _part(sheets, chart, head, "line", lines) if lines else None
    drawn = columns or over
    assert drawn is not None
    if columns is not None and over is not None:
        columns.combine(over)
    drawn.set_title({"name": chart.title, "overlay": False, "name_font": {"size": 13}})
    drawn.set_x_axis({"name": "year", "num_format": YEAR, "label_position": "low", "num_font": {"rotation": -45}})
    drawn.set_y_axis({"name": chart.unit, "num_format": MONEY, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    drawn.set_legend({"position": "right"})
    drawn.set_size({"width": CHART_SIZE[0], "height": CHART_SIZE[1]})
    return drawn


def _part(sheets: Sheets, chart: Series, head: int, kind: str, names: list[str]) -> Chart:
    """Series of one kind, as stacked columns or as lines."""
    part = sheets.book.add_chart({"type": kind, **({"subtype": "stacked"} if kind == "column" else {})})
    first, last = head + 1, head + len(chart.frame)
    for name in names:
        c = list(chart.frame.columns).index(name) + 1
        colour = "#000000" if kind == "line" and len(names) == 1 else COLOURS[(c - 1) % len(COLOURS)]
        look = {"fill": {"color": colour}, "gap": 40} if kind == "column" else {"line": {"color": colour, "width": 2.25}}
        part.add_series({
            "name": [CHART_DATA, head, c],
            "categories": [CHART_DATA, first, 0, last, 0],
            "values": [CHART_DATA, first, c, last, c],
            **look,
        })  # fmt: skip
    return part


def add_chart_data(sheets: Sheets, charts: list[Series]) -> None:
    """The last sheet: the series of each chart, one block below the other, in the order of the charts."""
    sheet = sheets.book.add_worksheet(CHART_DATA)
    sheet.set_column(0, 0, WIDTHS[0])
    sheet.set_column(1, series.MOST + 1, WIDTHS[1])
    row = 0
    for chart in charts:
        sheets.write(sheet, row, 0, f"{chart.title} [{chart.unit}]", bold=True)
        sheets.frame(sheet, row + 1, chart.frame, "year", chart.number)
        row += len(chart.frame) + 3
