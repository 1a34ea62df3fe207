"""The annex, on paper only: the tables that an auditor needs, years across, and every assumed figure with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from planner.answer import series
from planner.answer.page.charts import YearChart, figure, year_figure
from planner.answer.page.table import Markup, Styles, join, number, table, tag
from planner.answer.purchase import Titles
from planner.language.language import NONE, Language, mark
from planner.language.words import CARRIERS, STREAMS, named, told_years
from planner.tables.facts import read_dispatch
from planner.tables.output import OF_CARRIERS, Output

# --- report ----------------------------------------------------------------------------------------------------------------
# What every section is made from: the output, the language, the looks of series.

#: Most series of a chart.
MOST = 10
#: Kind of what no table names.
WORDS = {
    mark("fossil CO2 captured"): "capture",
    mark("CO2 of biomass or air captured"): "capture",
    mark("CO2 captured, less what its energy emits"): "capture",
    mark("green certificates"): "certificate",
    mark("restored land"): "land",
    mark("credits"): "credit",
    mark("removal credits"): "credit",
    mark("avoidance credits"): "credit",
    mark("energy saved by measures"): "measure",
    mark("energy sold or given away"): "demand",
    mark("gross, location basis"): "other",
    mark("net emissions"): "other",
    mark("process emissions"): "other",
    mark("less use of what the reference runs on"): "other",
    mark("other"): "other",
    mark("other supply"): "other",
    mark("other use"): "other",
}


@dataclass(frozen=True)
class Report:
    """A page in the making."""

    output: Output
    language: Language
    titles: Titles = field(default_factory=lambda: Titles({}, {}, {}, {}))
    styles: Styles = field(init=False)

    def __post_init__(self) -> None:
        words = {self.language.translate(word): kind for word, kind in WORDS.items()}
        object.__setattr__(self, "styles", Styles({**self.titles.kinds, **words, **OF_CARRIERS, series.OTHER: "other"}))

    def dispatch(self, year: int) -> pd.DataFrame:
        """The hourly flows of a year, with titles for names; empty where they were not kept."""
        return self.titles.table(read_dispatch(self.output.folder, year))

    @property
    def money(self) -> tuple[str, float]:
        """Unit in which money is shown, and how much it is."""
        return self.language.money_unit(self.output.currency, self.output.summary.get("system_cost"))

    def carriers(self, flows: pd.DataFrame) -> list[str]:
        """Carriers of a table of flows: electricity first, the others by how much of them flows, CO2 last."""
        sums = flows.groupby("carrier", observed=True)["value"].sum()
        return sorted(sums.index, key=lambda c: (c == "co2", c != "electricity", -sums[c]))

    @property
    def zones_note(self) -> str:
        """A sentence for pictures that add zones up; empty where there is one."""
        zones = self.output.target["energy"]["zone"].nunique()
        return self.language.translate("Zones are added up.") if zones > 1 else ""

    def taken(self, name: str, flows: pd.DataFrame) -> str:
        """What a series below zero is called where one above zero has its name."""
        say, flow = self.language.translate, set(flows[flows["name"] == name]["flow"])
        words = mark("{name} (export)") if "export" in flow else mark("{name} (use)")
        title = say(mark("{name} (charging)") if "charge" in flow else words, name=name)
        self.styles.like(title, name)
        return title

    def chart(self, chart: YearChart) -> Markup:
        """A chart over the years; none of nothing, of one value in all years, or of two bars that mirror each other."""
        shown = chart.whole.fillna(0.0).abs()
        shown = shown.loc[:, shown.any()].round(6)
        alike = len(shown.T.drop_duplicates()) == 1 and chart.bars.columns.size == chart.whole.columns.size
        is_one = (shown != 0).to_numpy().sum() <= 1 or (shown.shape[1] == 1 and shown.iloc[:, 0].nunique() == 1)
        if is_one or (alike and shown.shape[1] > 1):
            return Markup("")
        return year_figure(chart, self.styles, self.language)

    def over_years(self, rows: pd.DataFrame, column: str, value: str = "value", most: int = MOST) -> pd.DataFrame:
        """Sums by year and by a column, the largest first, over every year of the plan; the smallest as `other`."""
        if rows.empty:
            return pd.DataFrame(index=self.output.years)
        frame = series.over_years(rows, column, value).reindex(self.output.years, fill_value=0.0)
        return series.largest(frame, most)


@dataclass(frozen=True)
class Section:
    """A part of the page with its title and its anchor."""

    name: str
    title: str
    content: tuple[object, ...]


def section(name: str, title: str, *content: object) -> Section:
    """A section of the page; `name` is its anchor."""
    return Section(name, title, content)


def section_markup(part: Section) -> Markup:
    """The section as it stands in the page."""
    return tag(
        "section", tag("h2", part.title, id=f"{part.name}-title"), *part.content, id=part.name, aria_labelledby=f"{part.name}-title"
    )


def by_year(
    report: Report, rows: pd.DataFrame, key: str, words: Mapping[str, str], title: str, first: str, note: str = ""
) -> Markup | None:
    """A table: name (`key`), item with its unit, and a number for each year, of the items in `words` that are ever other than 0;
    None without any."""
    language, (money, size), currency = report.language, report.money, report.output.currency
    say, body = language.translate, list[list[object]]()
    for (name, item, unit), own in rows.assign(**{key: rows[key].fillna("")}).groupby([key, "item", "unit"], sort=False):
        values = own.groupby("year")["value"].sum().reindex(report.output.years)
        if item in words and values.abs().max() > 0:
            shown = values / size if unit == currency else values
            label = f"{say(words[str(item)])} [{money if unit == currency else unit}]"
            body.append([str(name) or say("all other use"), label, *(number(v, language.amount(v)) for v in shown.tolist())])
    head = [first, say("what"), *map(str, report.output.years)]
    return figure(table(head, body, 2, title, "by-year"), title, note=note or None, class_="full") if body else None


# --- capacity --------------------------------------------------------------------------------------------------------------
# What stands in each year: a chart a carrier, since a MW of electricity and a MW of heat are not the same; stores, capture
# plants, and lines and pipes between zones apart.

#: Most series of a chart.
CAPACITY_MOST = 14
#: Units of capacity, in the order in which they are shown.
UNITS = ("MW", "MWh", "t/h")


def capacity_section(report: Report) -> Section:
    """A chart for each carrier and kind of capacity."""
    charts = (
        report.chart(YearChart(title, unit, frame, labels={series.OTHER: report.language.translate("other")}, half=True))
        for title, unit, frame in _charts(report)
    )
    return section("capacity", report.language.translate("Capacity"), tag("div", *charts, class_="grid"))


def _charts(report: Report) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """(title, unit, capacity by technology) of each chart that has something to show."""
    rows, energy = report.output.target["capacity"], report.output.target["energy"]
    links = rows["technology"].isin(energy[energy["flow"].isin(["sent", "arrived"])]["name"])
    carriers = rows["technology"].map(lambda name: report.titles.carriers.get(name, ""))
    beside = _beside(rows.assign(carrier=carriers), energy)
    order = [*report.carriers(energy), *sorted(set(carriers))]
    for is_link in (False, True):
        for unit in dict.fromkeys([*UNITS, *rows["unit"]]):
            for carrier in dict.fromkeys(order):
                own = rows[(links == is_link) & (rows["unit"] == unit) & (carriers == carrier)]
                if unit == "MW" and not is_link:
                    own = pd.concat([own, beside[beside["carrier"] == carrier]])
                if len(own) and own["capacity"].max() > 1e-6:
                    chart = report.over_years(own, "technology", "capacity", most=CAPACITY_MOST)
                    yield _title(report, carrier, unit, is_link), unit, chart


def _beside(rows: pd.DataFrame, energy: pd.DataFrame) -> pd.DataFrame:
    """Capacity in what a technology puts out beside the carrier that its capacity is of, as its flows stand to each other: a CHP
    makes steam too."""
    made = energy[energy["flow"] == "out"].groupby(["name", "carrier"], observed=True)["value"].sum()
    found = [rows.iloc[:0]]
    for (name, carrier), own in rows[rows["unit"] == "MW"].groupby(["technology", "carrier"], sort=False):
        out = made[made.index.get_level_values("name") == name].droplevel("name")
        first = float(out.get(carrier, 0.0))
        for other, value in out.drop(carrier, errors="ignore").items() if first > 0 else ():
            if other != "co2" and value > 0:
                found.append(own.assign(carrier=other, capacity=own["capacity"] * value / first))
    return pd.concat(found)


def _title(report: Report, carrier: str, unit: str, is_link: bool) -> str:
    say = report.language.translate
    if unit == "t/h":
        return say("CO2 pipes") if is_link else say("CO2 capture")
    name = named(report.language, CARRIERS, carrier)
    if is_link:
        return say("Lines and pipes: {carrier}", carrier=name) if carrier else say("Lines and pipes")
    if unit == "MWh":
        return say("Stores: {carrier}", carrier=name) if carrier else say("Stores")
    return say("Capacity: {carrier}", carrier=name) if carrier else say("Capacity")


# --- tried -----------------------------------------------------------------------------------------------------------------
# A run tried in what it was not planned for: other futures, less foresight, prices at which its orders turn.

#: Table of the output -> its title, and what is to be known of it.
TITLES = {
    "stress": mark("The same orders in other futures"),
    "foresight": mark("What it costs not to know more"),
    "watch": mark("What to watch: where an order turns"),
    "verdicts": mark("Each order at new prices"),
}
NOTES = {
    "stress": mark("Orders and contracts are kept, all else is decided anew and operated in all hours."),
    "foresight": mark("What the orders of each year cost more than if all had been known then."),
    "watch": mark("Beyond that figure the order is no longer part of a least-cost plan."),
    "verdicts": mark("Found from plans and bounds that are kept, without planning anew."),
}


def tried_section(report: Report) -> Section | None:
    """A table for each question that was asked; None where none was."""
    alone = report.output.alone
    made = [_part(report, name, alone[name]) for name in TITLES if name in alone and not alone[name].empty]
    return section("tried", report.language.translate("If it comes otherwise"), *made) if made else None


#: Columns of a table that are shown; those of numbers come last.
SHOWN = {
    "foresight": ("decided", "known_until", "more"),
    "watch": ("name", "by", "price", "unit", "now", "turns"),
    "verdicts": ("name", "verdict"),
}


def _part(report: Report, name: str, rows: pd.DataFrame) -> Markup:
    say = report.language.translate
    title = say(TITLES[name])
    if name == "stress":
        head, cells = _stress(report, rows)
    else:
        if name == "foresight":
            rows = rows[rows["item"] == "cost"]
            rows = rows.assign(more=(rows["value"] - rows["if_known"].fillna(0.0)) / report.money[1])
        words = {"more": f"{say('costs more')} [{report.money[0]}]"}
        head = [words.get(column, say(column)) for column in SHOWN[name]]
        cells = [[_cell(report, value) for value in row] for row in rows[list(SHOWN[name])].to_numpy().tolist()]
    return join((tag("h3", title), table(head, cells, 1, title), tag("p", say(NOTES[name]), class_="note")))


def _cell(report: Report, value: object) -> object:
    """A number as one; a word in the language; nothing where there is none."""
    if isinstance(value, float):
        return NONE if pd.isna(value) else number(value, report.language.amount(value))
    return report.language.translate(str(value)) if value is not None else NONE


def _stress(report: Report, rows: pd.DataFrame) -> tuple[list[str], list[list[object]]]:
    say, (money, _) = report.language.translate, report.money
    cells: list[list[object]] = []
    for future, own in rows.groupby("future", sort=False):
        values = {item: part["value"].sum(min_count=1) for item, part in own.groupby("item")}
        missed = own[own["item"] == "missed"]
        words = dict.fromkeys(f"{name} {year:.0f}" for name, year in zip(missed["name"], missed["year"], strict=True))
        cost = say("cannot be kept") if "not_kept" in values else _money(report, values.get("cost"))
        cells.append(
            [
                str(future),
                ", ".join(words) or NONE,
                cost,
                _money(report, values.get("regret")),
                _amount(report, values.get("unserved", 0.0)),
            ]
        )
    head = [
        say("future"),
        say("rules that are missed"),
        f"{say('system cost')} [{money}]",
        f"{say('more than its least')} [{money}]",
        f"{say('unserved')} [MWh]",
    ]
    return head, cells


def _money(report: Report, value: float | None) -> Markup:
    size = report.money[1]
    return number(None if value is None or pd.isna(value) else value, report.language.amount((value or 0.0) / size))


def _amount(report: Report, value: float) -> Markup:
    return number(float(value), report.language.amount(float(value)))


# --- stores ----------------------------------------------------------------------------------------------------------------
# What a store earns, by stream and year, and who gets it; once `plan what-if OUT --stores` was asked.


def stores_section(report: Report) -> Section | None:
    """A table for each store; None where it was not asked."""
    rows = report.output.alone["stores"]
    if rows.empty:
        return None
    tables = [_earned(report, str(name), own) for name, own in rows.groupby("technology", sort=False)]
    return section("stores", report.language.translate("What stores earn"), *tables)


def _earned(report: Report, name: str, rows: pd.DataFrame) -> Markup:
    """Money by stream, then what its owner keeps and passes on, then its share of a reserve and what would be short."""
    language, (money, size) = report.language, report.money
    say, years, body = language.translate, report.output.years, list[list[object]]()

    def add(what: str, values: pd.Series, of: float = 1.0) -> None:
        shown = (values.reindex(years).fillna(0.0) / of).tolist()
        body.append([what, *(number(v, language.amount(v)) for v in (*shown, sum(shown)))])

    paid = rows[rows["unit"] == report.output.currency]
    for stream, words in STREAMS.items():
        own = paid[paid["stream"] == stream]
        if len(own):
            add(f"{say(words)} [{money}]", own.groupby("year")["saved"].sum(), size)
    add(f"{say('earned in all')} [{money}]", paid.groupby("year")["saved"].sum(), size)
    owner = str(rows["owner"].iloc[0])
    if float(paid["passed"].abs().sum()) > 0:
        add(f"{say('{owner} keeps', owner=owner)} [{money}]", paid.groupby("year")["kept"].sum(), size)
        add(f"{say('passed on to the park')} [{money}]", paid.groupby("year")["passed"].sum(), size)
    for _, own in rows[rows["stream"].isin(["reserve", "short"])].groupby(["stream", "item"], sort=False):
        place, is_reserve = str(own["item"].iloc[0]), own["stream"].iloc[0] == "reserve"
        what = say("of the reserve of {place}", place=place) if is_reserve else say("short without it: {place}", place=place)
        values = own.groupby("year")["saved"].sum().reindex(years).fillna(0.0)
        body.append([f"{what} [{own['unit'].iloc[0]}]", *(number(v, language.amount(v)) for v in values.tolist()), "–"])
    total = float(paid["saved"].sum())
    title = say(
        "{name} earns {money} in {years}, not discounted",
        name=report.titles.of(name),
        money=language.money(total, report.output.currency),
        years=told_years(language, rows["year"].nunique()),
    )
    note = say("Operated with it standing still, less as planned. Firm capacity of a reserve pays nothing by itself.")
    head = [say("stream"), *map(str, years), say("all years")]
    return figure(table(head, body, 1, title, "by-year"), title, note=note, class_="full")
