"""Demand that moves: the load as it was asked and as it is served, on the days with the highest hours, and what moved each year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from planner.answer.page.findings import highest
from planner.answer.page.frame import WIDE, figure, frame_of
from planner.answer.page.hours import draw_held
from planner.answer.page.markup import Markup, tag
from planner.answer.page.report import Report, Section, section
from planner.answer.page.styles import legend
from planner.answer.page.table import behind, number, scroll, table
from planner.answer.page.weeks import DAY, DrawnWeek
from planner.language.language import Language, mark
from planner.language.words import CARRIERS, METRICS, STAGES, STREAMS, named, word

#: Items of flexibility.csv that are shown.
ITEMS = {
    "asked": mark("may move"),
    "moved": mark("moved"),
    "shed": mark("shed by agreement"),
    "cost": mark("paid for it"),
    "highest_served": mark("highest hour of what may move"),
    "peak_less": mark("highest hour of the carrier less by"),
}
#: Items of responses.csv that are shown.
OFFERS = {
    "offered": mark("stands ready"),
    "possible": mark("could stand ready"),
    "called": mark("called"),
    "received": mark("received"),
    "lost": mark("lost by calls"),
}
#: Items of moving.csv that are no money.
MISSED = {
    "share": mark("share"),
    "unserved": mark("unserved"),
    "unserved_worst": mark("unserved at worst"),
    "missed": mark("rule missed"),
}
#: What each flow adds to the load as it was asked.
SIGNS = {"demand": 1.0, "asked": 1.0, "served": -1.0, "shed": 1.0}
AS_ASKED, AS_SERVED = mark("load as asked"), mark("load as served")
HEIGHT = 220.0
#: Days that are shown of a carrier at most.
MOST = 4


def flexibility_section(report: Report) -> Section | None:
    """A picture for each carrier and a table of all demands; None where no demand may move or be shed."""
    rows, say, output = report.output.target["flexibility"], report.language.translate, report.output
    offers = report.output.target["responses"]
    saving = report.output.alone["moving"]
    if rows.empty and offers.empty and saving.empty:
        return None
    year = int(output.summary["by"])
    year = year if year in output.years else output.years[-1]
    flows = report.dispatch(year)
    flows = flows[flows["flow"].isin(list(SIGNS))] if len(flows) else flows
    moving = flows[flows["flow"].isin(["served", "shed"])]["carrier"].unique().tolist() if len(flows) else []
    pictures = [_carrier(report, flows[flows["carrier"] == c], str(c), year) for c in moving]
    note = say("Demands are as measures leave them. Where moving costs nothing, what moved is one of many amounts of equal cost.")
    moved = say("What may move, what moved and what was shed")
    called = say("What stands ready to be called off, and what that brings")
    tables = [
        _sums(report, own, key, of, title)
        for own, key, of, title in ((rows, "demand", ITEMS, moved), (offers, "response", OFFERS, called))
        if not own.empty
    ]
    told = [] if rows.empty else [tag("p", note, class_="note")]
    tables += [] if saving.empty else [_saving(report, saving)]
    return section("flexibility", say("Demand that moves"), *told, *pictures, *tables)


def _saving(report: Report, rows: pd.DataFrame) -> Markup:
    """What moving saves by stream, a column for each year; green shares and what is missed, as planned and without."""
    language, (money, size) = report.language, report.money
    say, years, body = language.translate, report.output.years, list[list[object]]()
    paid = rows[rows["stream"].isin(list(STREAMS))]
    by = paid.groupby(["stream", "year"])["saved"].sum().unstack("year").reindex(columns=years).fillna(0.0) / size
    by = by.reindex([s for s in STREAMS if s in by.index])
    for stream, values in [*by.iterrows(), (None, by.sum())]:
        what = say("saved in all") if stream is None else say("saved: {stream}", stream=say(STREAMS[str(stream)]))
        body.append([f"{what} [{money}]", *(number(v, language.amount(v)) for v in values.tolist())])
    for (item, name, unit), own in rows[~rows["stream"].isin(list(STREAMS))].groupby(["item", "name", "unit"], sort=False):
        for column, label in (("planned", mark("as planned")), ("unmoved", mark("with nothing moved"))):
            values = own.groupby("year")[column].sum().reindex(years)
            what = say(MISSED[str(item)])
            of = say("{what}, {name}: {how}", what=what, name=_missed_name(language, str(item), str(name)), how=say(label))
            cells = (number(v, language.amount(v)) for v in values.fillna(0.0).tolist())
            body.append([of if unit == "1" else f"{of} [{unit}]", *cells])
    title = say("What moving saves, with the orders as they are")
    note = say(
        "The same orders operated with nothing moved, shed or charged later, less as planned; not discounted. Where energy is "
        "unserved, the orders rely on moving, and the money is of what is served. Chargers then draw what vehicles ask for, "
        "whatever their power."
    )
    return figure(table([say("what"), *map(str, years)], body, 1, title, "by-year"), title, note=note, class_="full")


def _missed_name(language: Language, item: str, name: str) -> str:
    """A metric, a stage and metric, or a carrier and zone in words."""
    if item == "share":
        return language.translate(word(METRICS, name))
    first, _, rest = name.partition(" ") if item != "missed" else name.rpartition(" ")
    if item == "missed":
        return f"{language.translate(word(STAGES, first))} {language.translate(word(METRICS, rest))}"
    return f"{named(language, CARRIERS, first)} {rest}"


def _carrier(report: Report, flows: pd.DataFrame, carrier: str, year: int) -> Markup:
    """The load of a carrier before and after, on the days with the highest hours."""
    language = report.language
    say = language.translate
    count = int(flows["hour"].max()) + 1
    served, asked = np.zeros(count), np.zeros(count)
    for flow, sign in SIGNS.items():
        own = flows[flows["flow"] == flow].groupby("hour")["value"].sum()
        asked[own.index.to_numpy()] += sign * own.to_numpy()
        served[own.index.to_numpy()] += own.to_numpy() if flow == "demand" else 0.0
    days = days_of(asked, served)
    hours = [d * DAY + h for d in days for h in range(DAY)]
    shown = pd.DataFrame({say(AS_ASKED): asked[hours], say(AS_SERVED): served[hours]})
    unit, looks = "t/h" if carrier == "co2" else "MW", {str(name): i for i, name in enumerate(shown.columns)}
    names = _day_names(report, days, count)
    title = say("{carrier} in {year}: load before and after", carrier=named(language, CARRIERS, carrier), year=year)
    at = frame_of(WIDE, HEIGHT, 0.0, float(shown.to_numpy().max()), len(shown), language)
    picture = draw_held(shown, at, names, looks, f"{title} [{unit}]", language, unit, HEIGHT)
    rows = [[f"{names[i // DAY]} {i % DAY:02d}:00", *map(language.amount, row)] for i, row in enumerate(shown.to_numpy().tolist())]
    listed = table([say("hour"), *map(str, shown.columns)], rows, 1, f"{title} [{unit}]")
    entries = [(name, look, True) for name, look in looks.items()]
    note = say("The days with the highest hours of either.")
    below = behind(listed, say("Table: {title}", title=title))
    return figure(
        scroll(picture, title, "picture"),
        title,
        legend(entries),
        below,
        note=note,
        class_="full",
        finding=highest(shown, unit, language),
    )


def days_of(asked: np.ndarray, served: np.ndarray) -> Sequence[int]:
    """Days with the highest hours of the load before or after, in their order."""
    highest = np.maximum(asked, served).reshape(-1, DAY).max(axis=1)
    return sorted(np.argsort(-highest, kind="stable")[:MOST].tolist())


def _day_names(report: Report, days: Sequence[int], hours: int) -> list[str]:
    """Month and day of days of a year; else their number among the days, or typical days, that there are."""
    if len(report.output.target["typical_days"]):
        return [report.language.translate("typical day {day}", day=d + 1) for d in days]
    return DrawnWeek("all", tuple(range(len(days) * DAY)), tuple(days) if hours == 365 * DAY else ()).day_names()


def _sums(report: Report, rows: pd.DataFrame, key: str, items: Mapping[str, str], title: str) -> Markup:
    """A row for each name and item, a column for each year."""
    language, (money, size), currency = report.language, report.money, report.output.currency
    say, body = language.translate, list[list[object]]()
    for (name, item, unit), own in rows.groupby([key, "item", "unit"], sort=False):
        values = own.groupby("year")["value"].sum().reindex(report.output.years, fill_value=0.0)
        if item in items and values.abs().max() > 0:
            shown = values / size if unit == currency else values
            label = f"{say(items[str(item)])} [{money if unit == currency else unit}]"
            body.append([str(name), label, *(number(v, language.amount(v)) for v in shown.tolist())])
    head = [say("demand") if key == "demand" else say("contract"), say("what"), *map(str, report.output.years)]
    return figure(table(head, body, 2, title, "by-year"), title, class_="full")
