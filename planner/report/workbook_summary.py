"""The first sheet of plan.xlsx: what the run says, what to do in each year, and native charts.

The charts draw from a last sheet that holds their series, so that a person can change, copy and restyle them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from models.case import Case
from planner.language.language import Language
from planner.language.words import COSTS, EMISSIONS, PLANS, STAGES, STATUSES, named
from planner.plan import Run
from planner.report import series
from planner.report.composition import told_composition
from planner.report.console import what_to_do
from planner.report.goal_cost import PER_TONNE, told_costs
from planner.report.proof import gap_columns, proof_sentence
from planner.report.sheets import MILLIONS, MONEY, YEAR, Sheets, letters
from planner.report.summary import plan_facts, summary

#: Colours of series; the first eight are those of Okabe and Ito, told apart by colour-blind readers too.
COLOURS = (
    "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000", "#7F7F7F", "#8C564B",
)  # fmt: skip
GRID = "#D9D9D9"
#: Columns of the summary: the first one, those of the table of plans, and the one where the charts begin.
WIDTHS = (14, 16, 16, 16, 16, 16, 16, 16)
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


def charts_of(run: Run, case: Case, language: Language) -> list[Series]:
    """The charts of a run; one without series is left out."""
    say, tables = language.translate, run.target.tables
    money, size = language.money_unit(run.currency, run.target.system_cost)
    net = series.net_emissions({name: plan.tables for name, plan in run.plans.items() if plan.has_tables})
    net = net.rename(columns=_words(language, PLANS))
    emitted = series.emissions(tables, case.park.accounting).rename(columns=_words(language, EMISSIONS))
    rest = {series.OTHER: say("other")}
    cost_words = _words(language, COSTS) | rest
    found = [
        Series(say("Emissions"), "t CO2e", emitted, lines=(say(EMISSIONS["net"]),)),
        Series(say("Net emissions of the plans"), "t CO2e", net, lines=tuple(net.columns)),
        Series(say("Capital by year"), money, series.capital(tables).rename(columns=cost_words) / size, MILLIONS),
        Series(say("Other costs by year"), money, series.yearly_costs(tables).rename(columns=cost_words) / size, MILLIONS),
        Series(say("Capacity"), "MW", series.capacity(tables, "MW").rename(columns=rest), MILLIONS),
        Series(say("Stores"), "MWh", series.capacity(tables, "MWh").rename(columns=rest), MILLIONS),
        Series(say("Sources of electricity"), "GWh", series.sources(tables, "electricity").rename(columns=rest) / 1e3, MILLIONS),
    ]
    return [chart for chart in found if not chart.frame.empty and chart.frame.columns.size]


def _words(language: Language, words: Mapping[str, str]) -> dict[str, str]:
    return {name: language.translate(text) for name, text in words.items()}


def add_summary(sheets: Sheets, run: Run, case: Case, language: Language) -> list[Series]:
    """Write the first sheet; gives the charts, whose series are to be written by `add_chart_data`."""
    sheet = sheets.book.add_worksheet(language.translate("summary"))
    for c, characters in enumerate(WIDTHS):
        sheet.set_column(c, c, characters)
    row = 0
    sheets.write(sheet, row, 0, case.park.name, bold=True, font_size=16)
    row += 2
    for name, value, number in _facts(run, case, language):
        sheets.write(sheet, row, 0, name, bold=True)
        sheets.write(sheet, row, 2, value, num_format=number, align="left")
        row += 1
    row = _plans(sheets, sheet, row + 1, run, language)
    _what_to_do(sheets, sheet, row + 1, run, language)
    charts = charts_of(run, case, language)
    first = 0
    for place, chart in enumerate(charts):
        down, right = (n * (size + CHART_SPACE) for n, size in zip(divmod(place, ABREAST), CHART_SIZE[::-1], strict=True))
        where = {"x_offset": right, "y_offset": down, "object_position": 3}
        sheet.insert_chart(2, CHARTS_AT, _draw(sheets, chart, first + 1, language), where)
        first += len(chart.frame) + 3
    sheets.print_wide(sheet)
    return charts


def _facts(run: Run, case: Case, language: Language) -> Iterator[tuple[str, Any, str]]:
    """Name, value and number format of what the run says as a whole."""
    goal, plan, say = case.goal, run.target, language.translate
    assert goal is not None
    money, size = language.money_unit(run.currency, run.target.system_cost)
    steps = [say("{stage} by {year}", stage=named(language, STAGES, stage), year=year) for stage, year in goal.steps]
    yield say("goal"), f"{', '.join(steps)} ({case.park.standard})", ""
    facts = plan_facts(plan)
    yield say("status"), named(language, STATUSES, plan.status), ""
    yield say("what is proven"), proof_sentence(language, facts, run.currency), ""
    yield say("hour by hour"), say("verified") if plan.verified else say("unverified"), ""
    yield say("system cost") + f" [{money}]", _scaled(plan.system_cost, size), MILLIONS
    yield say("lower bound in all hours") + f" [{money}]", _scaled(plan.bound, size), MILLIONS
    for head, gaps in gap_columns({plan.name: facts}).items():
        yield say(head), gaps[plan.name], "0.000%"
    told = summary(run, case)
    for words in told_costs(language, told):
        yield say("costs"), words, ""
    yield say("what it is made of"), told_composition(language, told["composition"]), ""
    yield say("base emissions") + " [t]", run.base, MONEY
    yield say("money"), say("{currency} at constant prices of {year}", currency=run.currency, year=case.park.price_year), ""
    yield say("typical days"), run.typical_days or say("every hour"), YEAR
    yield say("figures assumed"), say("{count}, see the sheet of assumptions", count=len(case.assumptions)), ""
    yield say("hourly flows"), "dispatch.parquet", ""


def _plans(sheets: Sheets, sheet: Worksheet, row: int, run: Run, language: Language) -> int:
    """The plans side by side; gives the row below."""
    say = language.translate
    money, size = language.money_unit(run.currency, run.target.system_cost)
    gaps = gap_columns({name: plan_facts(plan) for name, plan in run.plans.items()})
    head = (say("plan"), say("system cost") + f" [{money}]", say("capital") + f" [{money}]", say("net in last year, t"),
            *map(say, gaps), *(say(head, currency=language.currency(run.currency)) for head in PER_TONNE))  # fmt: skip
    for c, title in enumerate(head):
        sheet.write_string(row, c, title, sheets.head if c == 0 else sheets.number_head)
    for name, plan in run.plans.items():
        row += 1
        sheets.write(sheet, row, 0, named(language, PLANS, name))
        if not plan.has_tables:
            sheets.write(sheet, row, 1, named(language, STATUSES, plan.status))
            continue
        net = series.net_emissions({name: plan.tables})[name].iloc[-1]
        capital = series.capital(plan.tables).to_numpy().sum()
        shares = [own[name] for own in gaps.values()]
        each = run.abatement_cost[name].per_tonne if name in run.abatement_cost else (None, None)
        cells = (_scaled(plan.system_cost, size), capital / size, round(net) + 0.0, *shares, *each)
        numbers = (MILLIONS, MILLIONS, MONEY, *["0.000%"] * len(shares), MONEY, MONEY)
        for c, (cell, number) in enumerate(zip(cells, numbers, strict=True), start=1):
            sheets.write(sheet, row, c, cell, num_format=number)
    return row + 1


def _what_to_do(sheets: Sheets, sheet: Worksheet, row: int, run: Run, language: Language) -> None:
    """Decisions of each year in words, and their capital."""
    say, last = language.translate, len(WIDTHS) - 1
    money, size = language.money_unit(run.currency, run.target.system_cost)
    sheet.write_string(row, 0, say("year"), sheets.head)
    sheet.merge_range(row, 1, row, last - 1, say("build, adopt, plant, retire"), sheets.head)
    sheet.write_string(row, last, say("capital") + f" [{money}]", sheets.number_head)
    room = 0.95 * sum(WIDTHS[1:last])
    for year, decisions in what_to_do(run.target.tables, language).items():
        row += 1
        words = decisions.text(lambda count: say("and {count} more", count=count))
        sheet.set_row(row, 15 * max(1, math.ceil(letters(words) / room)))
        sheets.write(sheet, row, 0, year, num_format=YEAR, valign="top", align="left")
        sheet.merge_range(row, 1, row, last - 1, "", sheets.format(text_wrap=True, valign="top"))
        sheets.write(sheet, row, 1, words, text_wrap=True, valign="top")
        sheets.write(sheet, row, last, decisions.capital / size, num_format=MILLIONS, valign="top")


def _scaled(value: float | None, size: float) -> float | None:
    return None if value is None else value / size


def _draw(sheets: Sheets, chart: Series, head: int, language: Language) -> Chart:
    """A native chart whose series stand in the sheet of chart data, their headings in row `head`."""
    names = list(chart.frame.columns)
    stacked, lines = [n for n in names if n not in chart.lines], [n for n in names if n in chart.lines]
    data = language.translate("chart data")
    columns = _part(sheets, chart, data, head, "column", stacked) if stacked else None
    over = _part(sheets, chart, data, head, "line", lines) if lines else None
    drawn = columns or over
    assert drawn is not None
    if columns is not None and over is not None:
        columns.combine(over)
    drawn.set_title({"name": chart.title, "overlay": False, "name_font": {"size": 13}})
    years = {"name": language.translate("year"), "num_format": YEAR, "label_position": "low", "num_font": {"rotation": -45}}
    drawn.set_x_axis(years)
    drawn.set_y_axis({"name": chart.unit, "num_format": MONEY, "major_gridlines": {"visible": True, "line": {"color": GRID}}})
    drawn.set_legend({"position": "right"})
    drawn.set_size({"width": CHART_SIZE[0], "height": CHART_SIZE[1]})
    return drawn


def _part(sheets: Sheets, chart: Series, data: str, head: int, kind: str, names: list[str]) -> Chart:
    """Series of one kind, as stacked columns or as lines, from the sheet `data`."""
    part = sheets.book.add_chart({"type": kind, **({"subtype": "stacked"} if kind == "column" else {})})
    first, last = head + 1, head + len(chart.frame)
    for name in names:
        c = list(chart.frame.columns).index(name) + 1
        colour = "#000000" if kind == "line" and len(names) == 1 else COLOURS[(c - 1) % len(COLOURS)]
        look = {"fill": {"color": colour}, "gap": 40} if kind == "column" else {"line": {"color": colour, "width": 2.25}}
        part.add_series({
            "name": [data, head, c],
            "categories": [data, first, 0, last, 0],
            "values": [data, first, c, last, c],
            **look,
        })  # fmt: skip
    return part


def add_chart_data(sheets: Sheets, charts: list[Series], language: Language) -> None:
    """The last sheet: the series of each chart, one block below the other, in the order of the charts."""
    sheet = sheets.book.add_worksheet(language.translate("chart data"))
    sheet.set_column(0, 0, WIDTHS[0])
    sheet.set_column(1, series.MOST + 1, WIDTHS[1])
    row = 0
    for chart in charts:
        sheets.write(sheet, row, 0, f"{chart.title} [{chart.unit}]", bold=True)
        sheets.frame(sheet, row + 1, chart.frame, language.translate("year"), chart.number)
        row += len(chart.frame) + 3
