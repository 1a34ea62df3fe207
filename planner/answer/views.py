"""Views: the tables and charts of an answer as data.

A row of `views.toml` names a table of the output or a fact of `facts.py`, which of its rows count, what stands down and across,
and its words in both languages. `shown` makes of it what every renderer draws: heads and cells of a table, or the series of a
chart over the years. The page draws them part by part (`part`), the console tables (`console_table`), the workbook charts.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from textwrap import wrap
from typing import Any
from urllib.parse import quote

import pandas as pd
from rich.table import Table

from planner.answer import bank, emitted, facts, first, hours, series, sure
from planner.answer.caveats import told_share
from planner.answer.page import diagram, sankey
from planner.answer.page.charts import RangeBar, RangeChart, YearChart, figure, range_figure
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import (
    Markup,
    added_up,
    behind,
    changed,
    explained,
    highest,
    join,
    most_in,
    most_of,
    number,
    scroll,
    table,
    tag,
)
from planner.language.language import NONE, Language
from planner.language.words import ACCOUNTS, CARRIERS, COSTS, EMISSIONS, METRICS, PLANS, STAGES, STREAMS, named
from planner.tables.output import Output
from planner.tables.place import LEAVES
from planner.tables.schema import TABLES

#: A cell: its number, where it is one, and its text.
Cell = tuple[float | None, str]
#: Names of a register that a column or a series may be called by.
CALLED: Mapping[str, Mapping[str, str]] = {
    "account": ACCOUNTS,
    "carrier": CARRIERS,
    "cost": COSTS,
    "emission": EMISSIONS,
    "metric": METRICS,
    "plan": PLANS,
    "stage": STAGES,
    "stream": STREAMS,
}
#: Files that add their facts to the others.
assert all(own.fact is facts.fact for own in (bank, emitted, first, hours, sankey, sure))
#: Most letters of a line of a heading above numbers in a terminal.
HEAD = 10
#: Most columns of a table that stands beside another figure.
BESIDE = 4
#: Columns for which there is room for headings twice as wide.
FEW = 4


@dataclass(frozen=True)
class View:
    """A table or a chart.

    id, section   its name, and the part of the page that it is in, in the order of the file; empty where another place asks for it
    table         a table of the target plan or of the run, or a fact
    kind          list (a row of the table a row), years (a column a year), across (a column for each value of `series`; its cells
                  are the numbers of `value` in the words of `text`), bars or lines (over the years), ranges (a bar a row, from
                  the columns name, low, high, at, text, least, most), hours (a chart as wide as the page, whose places are those of
                  the column `place` in their order), flows (a Sankey diagram), scheme (the park drawn), words (a line a row: text,
                  more, which opens, and what, which stands before it), and of the first screen tiles (what, value, of) and schedule
    style         of words: note, list, lead, decision or checks
    folded        True where it stands behind a click
    is_without_plan  True where a run without a plan has it, too
    title, note, more   English and Chinese; the note stands above, `more` behind a click; `{…}` as `values_of` has them
    where         column -> values that count
    each          column for each of whose values there is one view
    columns       of a list: `column`, `column:format` or `column:format:heading`; a heading of its own is a message
    below         columns of text that a terminal has no room for: they stand below, by number
    brief         columns that a terminal shows where no details are asked for; all if none is named
    rows, items   of years: columns that head a row (as `columns`); item -> what it is called (else its own words)
    blank         column -> what an empty cell is called
    total         True for the sum: of years a last column, of bars a line
    told          True where the items of years are sentences of the page's language already
    series, value, unit   of a chart: column of the series (as `columns`), column of the amounts; the unit, else that of the rows
    least, most   fewest series of a chart that is drawn; most of it: the smaller ones are summed
    finding       what its heading tells of the lines, or else of the bars: changed, most_in, most_of, added_up, or words that
                  name {end}, the last value of the last series, {least}, {greatest}; else the largest part
    sheet         of a chart: True where the workbook draws it, too
    over          of a chart: what its places are, which the column `year` has, where they are no years; its lines are steps
    """

    id: str
    table: str
    kind: str
    title: list[str]
    section: str = ""
    note: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)
    where: dict[str, list[Any]] = field(default_factory=dict)
    each: str = ""
    columns: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    brief: list[str] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    items: dict[str, str] = field(default_factory=dict)
    blank: dict[str, str] = field(default_factory=dict)
    total: bool = False
    told: bool = False
    series: str = ""
    value: str = "value"
    unit: str = ""
    least: int = 1
    most: int = 14
    finding: str | list[str] = ""
    sheet: bool = False
    over: str = ""
    style: str = "note"
    folded: bool = False
    is_without_plan: bool = False


@dataclass(frozen=True)
class PagePart:
    """A part of the page: its views under a heading of its own, within a chapter; `hours` is that of the second page. Each part is
    a section of the page of a run without a plan."""

    id: str
    title: list[str]
    chapter: str = ""


@dataclass(frozen=True)
class ShownTable:
    """A table as any renderer draws it: `texts` columns of text come first."""

    view: View
    title: str
    note: str
    head: list[str]
    texts: int
    rows: list[list[Cell]]
    columns: list[_Column] = field(default_factory=list)
    size: float = 1.0
    links: list[str] = field(default_factory=list)


@cache
def _rows() -> Mapping[str, list[dict[str, Any]]]:
    """The rows of views.toml."""
    return tomllib.loads(files("planner.answer").joinpath("views.toml").read_text(encoding="utf-8"))


@cache
def views() -> Mapping[str, View]:
    """Every view by its id, in their order."""
    made = [View(**row) for row in _rows()["view"]]
    assert len({v.id for v in made}) == len(made)
    return {v.id: v for v in made}


@cache
def parts() -> tuple[PagePart, ...]:
    """Every part of the page, in their order; one that is called as its chapter has no heading of its own."""
    return tuple(PagePart(**row) for row in _rows()["part"])


def chapters() -> Mapping[str, list[str]]:
    """Id -> title in both languages of the chapters of the page."""
    return {row["id"]: row["title"] for row in _rows()["chapter"]}


def in_language(words: list[str], language: Language, **values: object) -> str:
    """English or Chinese with values in their places; empty without words."""
    return words[language.code == "zh"].format(**values) if words else ""


# --- what is shown ---------------------------------------------------------------------------------------------------------


def rows_of(view: View, report: Report) -> pd.DataFrame:
    """The rows of its table that count; a fact may be called as a table of the output is, of which it then makes more."""
    if view.table in facts.FACTS:
        rows = facts.FACTS[view.table](report)
    else:
        rows = (report.output.target if report.output.has_plan and view.table in report.output.target else report.output.alone)[
            view.table
        ]
    for column, values in view.where.items() if len(rows) else ():
        rows = rows[rows[column].isin(values)]
    return rows


Shown = ShownTable | YearChart | RangeChart


def shown(view: View, report: Report) -> Iterator[Shown]:
    """The view, or one for each value of a column, of tables with the same cells the first alone; nothing without rows."""
    rows, cells = rows_of(view, report), list[list[list[Cell]]]()
    if rows.empty:
        return
    for value in dict.fromkeys(rows[view.each]) if view.each else ("",):
        own = rows[rows[view.each] == value] if view.each else rows
        make: Callable[..., Shown | None] = _SHOWN.get(view.kind, _chart)
        made = make(view, own, report, values_of(view, value, report))
        own_cells = made.rows if isinstance(made, ShownTable) else None
        if made is not None and own_cells not in cells:
            yield made
        cells += [own_cells] if own_cells else []


def values_of(view: View, value: Any, report: Report) -> dict[str, str]:
    """What words of a view may name: `each` by the name of its column, the year of the goal, the last one, the currency."""
    language, summary = report.language, report.output.summary
    called = CALLED.get({"against": "plan"}.get(view.each, view.each))
    name = named(language, called, str(value)) if called and value else report.titles.of(str(value))
    values = {
        "first": summary.get("first_year", ""),
        "by": summary.get("by", ""),
        "last": report.output.years[-1] if report.output.has_plan else "",
    }
    return {view.each or "each": name, "currency": language.currency(report.output.currency), **values}


def _list(view: View, rows: pd.DataFrame, report: Report, values: Mapping[str, str]) -> ShownTable | None:
    """A row a row. Money is in the unit of the largest amount of the view."""
    language, columns = report.language, [_Column.of(view, text, rows) for text in view.columns]
    money = [rows[c.name].astype(float).abs().max() for c in columns if c.format == "money"]
    unit, size = language.money_unit(report.output.currency, max((m for m in money if m == m), default=None))
    full = [c for c in columns if (rows[c.name].notna() & (rows[c.name] != "")).any()]
    cells = [
        [c.cell(value, report, size) for c, value in zip(full, row, strict=True)]
        for row in rows[[c.name for c in full]].to_numpy(dtype=object)
    ]
    texts = next((i for i, c in enumerate(full) if not c.is_text), len(full))
    head = [c.head(language, unit, values["currency"]) for c in full]
    title, note = in_language(view.title, language, **values), in_language(view.note, language, **values)
    links = rows[full[0].name].astype(str) if full[0].format == "link" else ()
    folders = [name if (report.output.folder / LEAVES / name).is_dir() else "" for name in links]
    return ShownTable(view, title, note, head, texts, cells, full, size, folders)


def _in_words(language: Language, text: str) -> str:
    """A message, or several with `; ` between them."""
    told = language.translate(text)
    return told if told != text else language.translate("; ").join(map(language.translate, text.split("; ")))


@dataclass(frozen=True)
class _Column:
    """A column of a list with its format and its heading; of a table of the register both follow from its kind and unit."""

    name: str
    format: str
    heading: str
    unit: str
    blank: str

    @classmethod
    def of(cls, view: View, text: str, rows: pd.DataFrame) -> _Column:
        """From `name:format:heading` of a view; format and unit left out are those of the column of the output's table."""
        name, format_, heading = (*text.split(":", 2), "", "")[:3]
        known = {c.name: c for c in TABLES[view.table].columns} if view.table in TABLES else {}
        column = known.get(name)
        unit = column.unit if column else ""
        is_number = column.kind in ("number", "whole") if column else rows[name].dtype.kind in "fi"
        usual = {"money": "money", "year": "year"}.get(unit, "amount") if is_number else "word"
        return cls(
            name,
            format_ or usual,
            heading,
            unit if unit not in ("", "1", "`unit`", "year", "money") else "",
            view.blank.get(name, ""),
        )

    @property
    def is_text(self) -> bool:
        return self.format in ("word", "thing", "text", "year", "link", *CALLED)

    def head(self, language: Language, money: str, currency: str) -> str:
        words, _, unit = (self.heading or self.name).partition(" [")
        unit = money if self.format == "money" else (unit.removesuffix("]") or self.unit).replace("money", currency)
        return language.translate(words, **({"currency": currency} if "{" in words else {})) + (f" [{unit}]" if unit else "")

    def cell(self, value: Any, report: Report, size: float) -> Cell:
        """The number of a cell, None for a text, and how it is written; money is divided by `size`."""
        language = report.language
        if value is None or value != value or value == "":
            return None, language.translate(self.blank) if self.blank else "" if self.is_text else NONE
        if self.format in CALLED:
            return None, named(language, CALLED[self.format], str(value))
        if self.is_text:
            words: dict[str, Callable[[str], str]] = {
                "thing": report.titles.of,
                "link": report.titles.of,
                "word": partial(_in_words, language),
                "year": lambda text: str(int(float(text))),
            }
            return None, words.get(self.format, str)(str(value))
        shown: dict[str, Callable[[float], str]] = {
            "percent": language.percent,
            "number": language.number,
            "at_most": partial(told_share, language),
        }
        number = float(value) / (size if self.format == "money" else 1.0)
        if self.format == "money" and abs(number) >= 10:
            return float(value), language.number(number, 1 if size == 1e6 else 0)
        return float(value), shown.get(self.format, language.amount)(number)


def _years(view: View, rows: pd.DataFrame, report: Report, values: Mapping[str, str]) -> ShownTable | None:
    """What heads a row, the item with its unit, and a number for each year, of what is ever other than 0; None without any."""
    language, (money, size), currency = report.language, report.money, report.output.currency
    say, years, columns = language.translate, report.output.years, [_Column.of(view, text, rows) for text in view.rows]
    keys, body = [c.name for c in columns], list[list[Cell]]()
    unit_of = rows.assign(**{k: rows[k].fillna("") for k in keys}) if "unit" in rows else rows.assign(unit=view.unit)
    for key, own in unit_of.groupby([*keys, "item", "unit"], sort=False):
        *who, item, unit = key
        amounts = own.groupby("year")[view.value].sum(min_count=1).reindex(years)
        if (view.items and item not in view.items) or not amounts.abs().max() > 0:
            continue
        amounts = amounts / size if unit == currency else amounts
        unit = money if unit == currency else unit
        name = str(item) if view.told else say(view.items.get(str(item), str(item)))
        what = name + (f" [{unit}]" if unit not in ("", "1") else "")
        cells = [
            (float(v), language.amount(v)) if v == v else (None, NONE)
            for v in [*amounts.tolist(), *([amounts.sum()] if view.total else [])]
        ]
        body.append([*(c.cell(w, report, 1.0) for c, w in zip(columns, who, strict=True)), (None, what), *cells])
    if view.items and not keys:
        order = [say(words) for words in view.items.values()]
        body.sort(key=lambda row: next((i for i, words in enumerate(order) if row[0][1].startswith(words)), len(order)))
    ends = [say("all years")] if view.total else []
    head = [*(c.head(language, "", "") for c in columns), say("what"), *map(str, years), *ends]
    title, note = in_language(view.title, language, **values), in_language(view.note, language, **values)
    return ShownTable(view, title, note, head, len(columns) + 1, body) if body else None


def _across(view: View, rows: pd.DataFrame, report: Report, values: Mapping[str, str]) -> ShownTable:
    """What heads a row, and a cell for each value of the series."""
    language, columns = report.language, [_Column.of(view, text, rows) for text in view.rows]
    names, body = list(dict.fromkeys(rows[view.series])), list[list[Cell]]()
    for key, own in rows.groupby([c.name for c in columns], sort=False):
        told = {r[view.series]: (r[view.value], r["text"]) for r in own.to_dict("records")}
        cells = [told.get(name, (None, NONE)) for name in names]
        heads = [c.cell(who, report, 1.0) for c, who in zip(columns, key, strict=True)]
        body.append([*heads, *((float(v) if v is not None and math.isfinite(v) else None, text) for v, text in cells)])
    head = [*(c.head(language, "", "") for c in columns), *map(str, names)]
    title, note = in_language(view.title, language, **values), in_language(view.note, language, **values)
    return ShownTable(view, title, note, head, len(columns), body)


def _ranges(view: View, rows: pd.DataFrame, report: Report, values: Mapping[str, str]) -> RangeChart:
    """A bar a row; money is in the unit of the page. The finding names the widest one: {name}, {text}."""
    language, (money, size) = report.language, report.money
    unit, size = (money, size) if view.unit == "money" else (view.unit.replace("{currency}", values["currency"]), 1.0)
    numbers = rows[["low", "high", "at", "least", "most"]].astype(float) / size
    made = [
        RangeBar(n, v.low, v.high, v.at, t, v.least, v.most)
        for n, t, v in zip(rows["name"], rows["text"], numbers.itertuples(), strict=True)
    ]
    widest = max(made, key=lambda r: abs(r.high - r.low))
    title, note, more = (in_language(words, language, **values) for words in (view.title, view.note, view.more))
    finding = (
        in_language(view.finding, language, name=widest.name, text=f"{widest.text} {unit}".strip())
        if isinstance(view.finding, list)
        else ""
    )
    sides = language.translate(view.items["low"]), language.translate(view.items["high"])
    return RangeChart(title, unit, made, sides, note, more, finding)


def _chart(view: View, rows: pd.DataFrame, report: Report, values: Mapping[str, str]) -> YearChart | None:
    """Series over the years. Rows whose column `drawn` is line or limit lie over the bars; money is in the unit of the page."""
    language, (money, size) = report.language, report.money
    unit = in_language([view.unit, view.unit], language) or str(rows["unit"].iloc[0])
    name, _, format_ = view.series.partition(":")
    rows = rows.assign(**{view.value: rows[view.value] / size}) if unit in ("money", report.output.currency) else rows
    drawn = rows["drawn"] if "drawn" in rows else pd.Series({"lines": "line"}.get(view.kind, "bar"), rows.index)
    places = sorted(set(rows["year"])) if view.over else report.output.years
    frames = {"bar": report.over_years(rows[drawn == "bar"], name, view.value, view.most)}
    for kind in ("line", "limit"):
        own = rows[drawn == kind]
        wide = own.groupby(["year", name], sort=False)[view.value].sum(min_count=1).unstack(name)
        frames[kind] = wide.reindex(places)[list(dict.fromkeys(own[name]))].dropna(axis=1, how="all")
    if view.total:
        frames["line"][language.translate("total")] = frames["bar"].sum(axis=1)
    names = dict.fromkeys(str(c) for frame in frames.values() for c in frame)
    words = {
        n: named(language, CALLED[format_], n) if format_ in CALLED else language.translate("other") if n == series.OTHER else n
        for n in names
    }
    of = frames["line"] if frames["line"].columns.size and not view.total else frames["bar"]
    if of.empty or (frames["bar"].columns.size or of.columns.size) < view.least:
        return None
    unit = money if unit in ("money", report.output.currency) else unit
    findings = {
        "": lambda: "",
        "changed": lambda: changed(of.iloc[:, 0], int(values["by"]), language),
        "most_in": lambda: most_in(of.sum(axis=1), unit, language),
        "added_up": lambda: added_up(of.iloc[:, -1], unit, language),
        "most_of": lambda: most_of(frames["bar"].clip(lower=0).sum().rename(words), unit, language),
        "highest": lambda: highest(of, unit, language),
    }
    ends = float(of.iloc[-1, -1]), float(of.min().min()), float(of.max().max())
    told = {n: f"{language.amount(v)} {unit}" for n, v in zip(("end", "least", "greatest"), ends, strict=True)}
    finding = in_language(view.finding, language, **told, **values) if isinstance(view.finding, list) else findings[view.finding]()
    return YearChart(
        in_language(view.title, language, **values),
        unit,
        frames["bar"] if frames["bar"].columns.size else pd.DataFrame(),
        frames["line"] if frames["line"].columns.size else pd.DataFrame(),
        frames["limit"] if frames["limit"].columns.size else pd.DataFrame(),
        words,
        in_language(view.note, language, **values),
        in_language(view.more, language, **values),
        finding,
        first=view.over if view.over == "%" else language.translate(view.over) if view.over else None,
    )


def _hours(view: View, rows: pd.DataFrame, report: Report, values: Mapping[str, str]) -> YearChart:
    """Hours one after the other, those that are stacked above those that are lines."""
    unit, places = str(rows["unit"].iloc[0]), list(dict.fromkeys(rows["place"]))
    wide = rows.pivot_table(index="place", columns="series", values="value", aggfunc="sum", sort=False).loc[places]
    wide = wide[list(dict.fromkeys(rows["series"]))].rename_axis(columns=None)
    title, note = str(rows["title"].iloc[0]), in_language(view.note, report.language, **values)
    if (rows["drawn"] == "bar").all():
        finding = most_of(wide.clip(lower=0.0).sum(), {"MW": "MWh", "t/h": "t"}.get(unit, unit), report.language)
        return YearChart(title, unit, bars=wide, note=note, finding=finding, wide=True)
    return YearChart(title, unit, lines=wide, note=note, finding=highest(wide, unit, report.language), wide=True)


_SHOWN = {"list": _list, "years": _years, "across": _across, "ranges": _ranges, "hours": _hours}


# --- renderers -------------------------------------------------------------------------------------------------------------


def part(report: Report, own: PagePart) -> Section | None:
    """The views of a part of the page; None where none has anything to show."""
    asked = [v for v in views().values() if v.section == own.id and (report.output.has_plan or v.is_without_plan)]
    made = [markup for view in asked for markup in drawn(view, report)]
    return section(own.id, in_language(own.title, report.language), *made) if any(made) else None


def drawn(view: View | str, report: Report) -> Iterator[Markup]:
    """A view on the page: figures, each with its title; behind a click where it is folded."""
    view = views()[view] if isinstance(view, str) else view
    made = _drawn(view, report)
    if not view.folded:
        yield from made
    elif inner := join(made):
        yield behind(inner, in_language(view.title, report.language, **values_of(view, "", report)))


def _drawn(view: View, report: Report) -> Iterator[Markup]:
    if view.kind in _OF_PAGE:
        rows = rows_of(view, report)
        if len(rows):
            yield _OF_PAGE[view.kind](view, rows, report)
        return
    for each in shown(view, report):
        if isinstance(each, RangeChart):
            yield range_figure(each, report.language)
        else:
            yield report.chart(each) if isinstance(each, YearChart) else table_markup(each, report.language)


def _words(view: View, rows: pd.DataFrame, report: Report) -> Markup:
    """Sentences: a paragraph or an entry of a list each, of which more may open."""
    lines = []
    for text, more, what in rows.itertuples(index=False):
        line = join([tag("b", what), " ", text]) if what else text
        lines.append(tag("details", tag("summary", line), tag("p", more)) if more else line)
    title = in_language(view.title, report.language, **values_of(view, "", report))
    head = tag("h3", title) if title and not view.folded else None
    if view.style in ("list", "checks"):
        return tag("div", head, tag("ul", *(tag("li", line) for line in lines), class_=f"{view.style} {view.id}"))
    return tag(
        "div", head, *(line if isinstance(line, Markup) else tag("p", line) for line in lines), class_=f"{view.style} {view.id}"
    )


def _tiles(view: View, rows: pd.DataFrame, report: Report) -> Markup:
    """Figures, each with what it is of and what it is in a line."""
    tiles = (tag("li", tag("span", what), tag("b", value), tag("small", of)) for what, value, of in rows.itertuples(index=False))
    return tag("ul", *tiles, class_=f"tiles {view.id}")


def _schedule(view: View, rows: pd.DataFrame, report: Report) -> Markup:
    """Orders with a bar for as long as each works, and what it costs; those that are not `first` open by a click."""
    language, years, (unit, size) = report.language, report.output.years, report.money
    say, begin, span, looks = language.translate, years[0], years[-1] - years[0] + 1, report.styles.of(rows["what"])
    title, values = in_language(view.title, language), {"first": years[0], "last": years[-1]}

    def row(o: Any) -> Markup:
        begins, ends = max(o.works_from, begin), min(o.works_until, years[-1]) + 1
        place = f"margin-left:{100 * (begins - begin) / span:.1f}%;width:{max(100 * (ends - begins) / span, 1):.1f}%"
        bar = tag("i", style=f"{place};background:var(--k{looks[o.what]})", title=f"{o.works_from}–{o.works_until}")
        cells = (
            tag("td", o.year, class_=None if o.first_of_year else "same"),
            tag("th", o.what, scope="row"),
            tag("td", o.size),
            tag("td", bar, class_="bar"),
        )
        return tag("tr", *cells, tag("td", number(o.paid, language.number(o.paid / size, 1))))

    def listed(own: pd.DataFrame, has_total: bool) -> Markup:
        heads = say("order"), say("what"), say("size"), say("works {first} to {last}", **values), unit
        head = tag("thead", tag("tr", *(tag("th", words, scope="col") for words in heads)))
        total, words = (
            float(rows["paid"].sum()),
            tag("th", say("all orders of {first} to {last}", **values), scope="row", colspan=3),
        )
        paid = tag("td", number(total, language.number(total / size, 1)))
        foot = tag("tfoot", tag("tr", tag("td"), words, paid)) if has_total else None
        own = own.assign(first_of_year=~own["year"].duplicated())
        return scroll(tag("table", head, tag("tbody", *map(row, own.itertuples(index=False))), foot, class_="orders"), title)

    left, more = rows[~rows["first"]], None
    if len(left):
        money = language.money(float(left["paid"].sum()), report.output.currency)
        more = tag(
            "details", tag("summary", say("{count} more: {money}", count=len(left), money=money)), listed(left, True), class_="more"
        )
    by, total = int(report.output.summary["by"]), float(rows["paid"].sum())
    share = language.percent(float(rows[rows["year"] <= by]["paid"].sum()) / total, 0) if total > 0 else ""
    finding = say("{share} of all investment is ordered by {year}", share=share, year=by) if share else ""
    return figure(listed(rows[rows["first"]], left.empty), title, more, finding=finding)


def _links(view: View, rows: pd.DataFrame, report: Report) -> Markup:
    """Files, each a link, or the words of the view as one to the only file."""
    words = in_language(view.note, report.language)
    return tag("ul", *(tag("li", tag("a", words or name, href=name)) for name in rows["file"]), class_="files")


_OF_PAGE: Mapping[str, Callable[[View, pd.DataFrame, Report], Markup]] = {
    "words": _words,
    "tiles": _tiles,
    "schedule": _schedule,
    "links": _links,
    "flows": lambda view, rows, report: sankey.flows_figure(rows, report),
    "scheme": lambda view, rows, report: diagram.scheme_figure(rows, report),
}


def picture(name: str, rows: pd.DataFrame, currency: str, language: Language) -> Markup | None:
    """A view of a table that stands alone; None where it has nothing to show."""
    report = Report(Output(Path(), {"currency": currency}, {}, {}, {name: rows}), language)
    return join(drawn(f"{name}_drawn", report)) or None


#: Looks of tables over the years, by kind and series.
_CLASSES = {("years", ""): "by-year", ("across", "year"): "rules"}


def table_markup(shown: ShownTable, language: Language) -> Markup:
    """A table on the page under its title."""
    body: list[list[object]] = [[text if value is None else number(value, text) for value, text in row] for row in shown.rows]
    for row, folder in zip(body, shown.links, strict=False):
        row[0] = tag("a", row[0], href=f"{LEAVES}/{quote(folder)}/report.html") if folder else row[0]
    content = table(shown.head, body, shown.texts, shown.title, _CLASSES.get((shown.view.kind, shown.view.series), shown.view.id))
    more = explained(in_language(shown.view.more, language), language) if shown.view.more else None
    return figure(join([more, content]), shown.title, note=shown.note or None, class_="full" if len(shown.head) > BESIDE else "")


def console_table(name: str, output: Output, tables: Mapping[str, pd.DataFrame], language: Language, details: bool = True) -> Table:
    """A view in a terminal, with its tables of an answer that was just found in place of those of the output; without `details`
    the columns of its `brief` alone."""
    report, view = Report(replace(output, alone={**output.alone, **tables}), language), views()[name]
    if view.brief and not details:
        view = replace(view, columns=[text for text in view.columns if text.split(":")[0] in view.brief])
    return next((drawn_table(each, language) for each in shown(view, report) if isinstance(each, ShownTable)), Table())


def drawn_table(shown: ShownTable, language: Language) -> Table:
    """The table of a terminal: no number is cut, and texts that have no room stand below it, by number."""
    lines, heads = [[text for _, text in row] for row in shown.rows], [*shown.head]
    is_chinese, notes = language.code == "zh", list[str]()
    beside = len(heads) - sum(column.name in shown.view.below for column in shown.columns)
    if beside < len(heads):
        notes = list(dict.fromkeys(text for row in lines for text in row[beside:] if text))
        marks = [", ".join(str(notes.index(text) + 1) for text in row[beside:] if text) for row in lines]
        heads, lines = (
            [*heads[:beside], language.translate("note")],
            [[*row[:beside], f"({mark})" if mark else ""] for row, mark in zip(lines, marks, strict=True)],
        )
    below = "\n".join(f"({i}) {note}" for i, note in enumerate(notes, start=1))
    drawn = Table(box=None, pad_edge=False, caption=below or None, caption_justify="left")
    for i, title in enumerate(heads):
        if i < shown.texts:
            drawn.add_column(
                title, justify="left", overflow="fold", no_wrap=i > 0 and len(shown.rows) > 0 and max(len(r[i]) for r in lines) < 24
            )
        else:
            wide = (HEAD // 2 if is_chinese else HEAD) * (1 if len(heads) > FEW else 2)
            drawn.add_column("\n".join(wrap(title, wide, break_long_words=is_chinese)), justify="right", no_wrap=True)
    for row in lines:
        drawn.add_row(*row)
    return drawn
