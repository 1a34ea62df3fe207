"""The first sheets of plan.xlsx: what the run says and what to do in each year, on a page; then native charts.

The charts draw from a last sheet that holds their series, so that a person can change, copy and restyle them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from planner.answer import series
from planner.answer.composition import told_composition
from planner.answer.decisions import what_to_do
from planner.answer.goal_cost import PER_TONNE, per_tonne, told_costs
from planner.answer.page.palette import PLAIN, colours
from planner.answer.page.report import Report
from planner.answer.page.styles import Styles
from planner.answer.proof import gap_columns, proof_sentence
from planner.answer.saving import told_beyond, usual
from planner.answer.sheets import MILLIONS, MONEY, YEAR, Sheets, letters
from planner.answer.summary import day_count
from planner.answer.titles import titles_of
from planner.language.language import Language, mark
from planner.language.words import CARRIERS, COSTS, EMISSIONS, PLANS, STAGES, STATUSES, named
from planner.plan import CAPITAL_ITEMS, TARGET
from planner.tables.output import Output

GRID = "#D9D9D9"
#: Columns of the summary, in characters: the first one, and those of the table of plans.
WIDTHS = (14, 16, 16, 16, 16, 16, 16, 16)
#: Share of a column's width that text fills on average.
FILLED = 0.95
#: Width and height of a chart and the space after it, in pixels; charts stand two abreast.
CHART_SIZE, CHART_SPACE, ABREAST = (620, 340), 15, 2
#: Width and height of a cell of a new sheet, in pixels.
CELL = (64, 20)


@dataclass(frozen=True)
class ChartSeries:
    """A chart of the summary: columns stacked by year, and lines over them."""

    title: str
    unit: str
    frame: pd.DataFrame
    number: str = MONEY
    lines: tuple[str, ...] = ()
    colours: Mapping[str, str] = field(default_factory=dict)


def charts_of(output: Output, language: Language) -> list[ChartSeries]:
    """The charts of a run in the colours of the page; one without series is left out."""
    say, tables = language.translate, output.target
    money, size = language.money_unit(output.currency, output.summary["system_cost"])
    net = series.net_emissions(output.plans).rename(columns=_words(language, PLANS))
    emitted = series.emissions(tables, output.summary["accounting"]).rename(columns=_words(language, EMISSIONS))
    rest = {series.OTHER: say("other")}
    cost_words = _words(language, COSTS) | rest
    found = [
        ChartSeries(say("Emissions"), "t CO2e", emitted, lines=(say(EMISSIONS["net"]),)),
        ChartSeries(say("Net emissions of the plans"), "t CO2e", net, lines=tuple(net.columns)),
        ChartSeries(say("Capital by year"), money, series.capital(tables).rename(columns=cost_words) / size, MILLIONS),
        ChartSeries(say("Other costs by year"), money, series.yearly_costs(tables).rename(columns=cost_words) / size, MILLIONS),
        *_capacities(output, language, rest),
        ChartSeries(
            say("Sources of electricity"), "GWh", series.sources(tables, "electricity").rename(columns=rest) / 1e3, MILLIONS
        ),
    ]
    shown, styles = [chart for chart in found if not chart.frame.empty and chart.frame.columns.size], _styles(output, language)
    styles.of([cost_words[item] for item in CAPITAL_ITEMS])  # the first on the page, too
    looks = [styles.of([str(c) for c in chart.frame.columns if c not in chart.lines]) for chart in shown]
    palette = colours()
    return [
        replace(chart, colours={name: palette[look] for name, look in own.items()}) for chart, own in zip(shown, looks, strict=True)
    ]


def _styles(output: Output, language: Language) -> Styles:
    """The looks that things have on the page."""
    return Report(output, language, titles_of(output, language)).styles


def _capacities(output: Output, language: Language, rest: Mapping[str, str]) -> Iterator[ChartSeries]:
    """A chart a carrier, since a MW of electricity and one of heat are not the same; stores apart."""
    say, carriers = language.translate, titles_of(output, language).carriers
    energy = output.target["energy"]
    order = [*energy.groupby("carrier")["value"].sum().sort_values(ascending=False).index, ""]
    heads = {"MW": (mark("Capacity: {carrier}"), mark("Capacity")), "MWh": (mark("Stores: {carrier}"), mark("Stores"))}
    for unit, (head, alone) in heads.items():
        for carrier in sorted(map(str, order), key=lambda c: c != "electricity"):
            frame = series.capacity(output.target, unit, carrier, carriers).rename(columns=rest)
            title = say(head, carrier=named(language, CARRIERS, carrier)) if carrier else say(alone)
            yield ChartSeries(title, unit, frame, MILLIONS)


def _words(language: Language, words: Mapping[str, str]) -> dict[str, str]:
    return {name: language.translate(text) for name, text in words.items()}


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
    row = _plans(sheets, sheet, row + 1, output, language)
    row = _what_to_do(sheets, sheet, row + 1, output, language)
    sheets.print_on_a_page(sheet, row, len(WIDTHS) - 1)


def add_charts(sheets: Sheets, output: Output, language: Language) -> list[ChartSeries]:
    """Write the sheet of charts, which prints on one page; gives the charts, whose series `add_chart_data` writes."""
    sheet = sheets.book.add_worksheet(language.translate("charts"))
    sheet.hide_gridlines(2)
    charts = charts_of(output, language)
    first = 0
    for place, chart in enumerate(charts):
        down, right = (n * (size + CHART_SPACE) for n, size in zip(divmod(place, ABREAST), CHART_SIZE[::-1], strict=True))
        where = {"x_offset": right, "y_offset": down, "object_position": 3}
        sheet.insert_chart(0, 0, _draw(sheets, chart, first + 1, language), where)
        first += len(chart.frame) + 3
    wide, high = ABREAST * (CHART_SIZE[0] + CHART_SPACE), math.ceil(len(charts) / ABREAST) * (CHART_SIZE[1] + CHART_SPACE)
    sheets.print_on_a_page(sheet, high // CELL[1] + 1, wide // CELL[0] + 1)
    return charts


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
    for i, words in enumerate(told_costs(language, facts)):
        yield "" if i else say("costs"), words, ""
    if (today := usual(facts)) in output.plans:
        assert today is not None
        yield "", told_beyond(language, facts, output.target, output.plans[today], today) or None, ""
    bases = facts["base_emissions"], facts.get("base_location")
    yield say("what it is made of"), told_composition(language, facts["composition"], *bases), ""
    yield say("base emissions") + " [t]", facts["base_emissions"], MONEY
    yield say("money"), say("{currency} at constant prices of {year}", currency=output.currency, year=facts["price_year"]), ""
    yield say("typical days"), day_count(facts) or say("every hour"), YEAR
    yield say("figures assumed"), say("{count}, see the sheet of assumptions", count=len(output.assumptions)), ""
    yield say("hourly flows"), "dispatch.parquet", ""


def _plans(sheets: Sheets, sheet: Worksheet, row: int, output: Output, language: Language) -> int:
    """The plans side by side; gives the row below."""
    say, plans = language.translate, output.summary["plans"]
    money, size = language.money_unit(output.currency, output.summary["system_cost"])
    gaps = gap_columns(plans)
    head = (
        say("plan"),
        say("system cost") + f" [{money}]",
        say("capital") + f" [{money}]",
        say("net in last year, t"),
        *map(say, gaps),
        *(say(head, currency=language.currency(output.currency)) for head in PER_TONNE),
    )
    for c, title in enumerate(head):
        sheet.write_string(row, c, title, sheets.head if c == 0 else sheets.number_head)
    for name, facts in plans.items():
        row += 1
        sheets.write(sheet, row, 0, named(language, PLANS, name))
        if name not in output.plans:
            sheets.write(sheet, row, 1, named(language, STATUSES, facts["status"]))
            continue
        net = series.net_emissions({name: output.plans[name]})[name].iloc[-1]
        capital = series.capital(output.plans[name]).to_numpy().sum()
        shares = [own[name] for own in gaps.values()]
        cells = (_scaled(facts["system_cost"], size), capital / size, round(net) + 0.0, *shares, *per_tonne(facts))
        numbers = (MILLIONS, MILLIONS, MONEY, *["0.000%"] * len(shares), MONEY, MONEY)
        for c, (cell, number) in enumerate(zip(cells, numbers, strict=True), start=1):
            sheets.write(sheet, row, c, cell, num_format=number)
    return row + 1


def _what_to_do(sheets: Sheets, sheet: Worksheet, row: int, output: Output, language: Language) -> int:
    """Decisions of each year in words, and their capital; gives the last row."""
    say, last = language.translate, len(WIDTHS) - 1
    money, size = language.money_unit(output.currency, output.summary["system_cost"])
    sheet.write_string(row, 0, say("year"), sheets.head)
    sheet.merge_range(row, 1, row, last - 1, say("build, adopt, plant, retire"), sheets.head)
    sheet.write_string(row, last, say("capital") + f" [{money}]", sheets.number_head)
    room = FILLED * sum(WIDTHS[1:last])
    for year, decisions in what_to_do(output.target, language).items():
        row += 1
        words = decisions.text(lambda count: say("and {count} more", count=count))
        sheet.set_row(row, 15 * max(1, math.ceil(letters(words) / room)))
        sheets.write(sheet, row, 0, year, num_format=YEAR, valign="top", align="left")
        sheet.merge_range(row, 1, row, last - 1, "", sheets.format(text_wrap=True, valign="top"))
        sheets.write(sheet, row, 1, words, text_wrap=True, valign="top")
        sheets.write(sheet, row, last, decisions.capital / size, num_format=MILLIONS, valign="top")
    return row


def _scaled(value: float | None, size: float) -> float | None:
    return None if value is None else value / size


def _draw(sheets: Sheets, chart: ChartSeries, head: int, language: Language) -> Chart:
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
    grid = {"visible": True, "line": {"color": GRID}}
    from_0 = {"min": 0} if chart.frame.to_numpy().min(initial=0.0) >= 0 else {}
    drawn.set_y_axis({"name": chart.unit, "num_format": MONEY, "major_gridlines": grid, **from_0})
    drawn.set_legend({"position": "right"})
    drawn.set_size({"width": CHART_SIZE[0], "height": CHART_SIZE[1]})
    return drawn


def _part(sheets: Sheets, chart: ChartSeries, data: str, head: int, kind: str, names: list[str]) -> Chart:
    """Series of one kind, as stacked columns or as lines, from the sheet `data`."""
    part = sheets.book.add_chart({"type": kind, **({"subtype": "stacked"} if kind == "column" else {})})
    first, last = head + 1, head + len(chart.frame)
    for name in names:
        c = list(chart.frame.columns).index(name) + 1
        colour = "#000000" if kind == "line" and len(names) == 1 else chart.colours.get(name, PLAIN[(c - 1) % len(PLAIN)])
        look = {"fill": {"color": colour}, "gap": 40} if kind == "column" else {"line": {"color": colour, "width": 2.25}}
        part.add_series(
            {"name": [data, head, c], "categories": [data, first, 0, last, 0], "values": [data, first, c, last, c], **look}
        )
    return part


def add_chart_data(sheets: Sheets, charts: list[ChartSeries], language: Language) -> None:
    """The last sheet: the series of each chart, one block below the other, in the order of the charts."""
    sheet = sheets.book.add_worksheet(language.translate("chart data"))
    sheet.set_column(0, 0, WIDTHS[0])
    sheet.set_column(1, series.MOST + 1, WIDTHS[1])
    row = 0
    for chart in charts:
        sheets.write(sheet, row, 0, f"{chart.title} [{chart.unit}]", bold=True)
        sheets.frame(sheet, row + 1, chart.frame, language.translate("year"), chart.number)
        row += len(chart.frame) + 3
    sheets.print_wide(sheet)
    sheet.print_area(0, 0, max(row - 2, 0), max((chart.frame.columns.size for chart in charts), default=1))
