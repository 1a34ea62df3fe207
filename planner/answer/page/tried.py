"""A run tried in what it was not planned for: other futures, less foresight, prices at which its orders turn."""

from __future__ import annotations

import pandas as pd

from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import number, table
from planner.language.language import NONE, mark

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


def _part(report: Report, name: str, rows: pd.DataFrame) -> Markup:
    say = report.language.translate
    head, cells, numeric = {"stress": _stress, "foresight": _foresight, "watch": _watch, "verdicts": _verdicts}[name](report, rows)
    title = say(TITLES[name])
    return join((tag("h3", title), table(head, cells, numeric, title), tag("p", say(NOTES[name]), class_="note")))


Body = tuple[list[object], list[list[object]], int]


def _stress(report: Report, rows: pd.DataFrame) -> Body:
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
    return list(head), cells, 2


def _foresight(report: Report, rows: pd.DataFrame) -> Body:
    say, (money, _) = report.language.translate, report.money
    own = rows[rows["item"] == "cost"]
    cells: list[list[object]] = [
        [str(year), str(known), _money(report, value - (0.0 if pd.isna(base) else base))]
        for year, known, value, base in zip(own["decided"], own["known_until"], own["value"], own["if_known"], strict=True)
    ]
    return [say("decided in"), say("known until"), f"{say('costs more')} [{money}]"], cells, 2


def _watch(report: Report, rows: pd.DataFrame) -> Body:
    say = report.language.translate
    cells: list[list[object]] = [
        [
            str(row.name),
            say("capital cost") if row.by == "capital" else say("price of {name}", name=row.price),
            str(row.unit),
            _amount(report, row.now),
            say("never") if pd.isna(row.turns) else _amount(report, row.turns),
        ]
        for row in rows.drop(columns=["currency"]).itertuples(index=False)
    ]
    return [say("order"), say("what to watch"), say("unit"), say("now"), say("turns at")], cells, 3


def _verdicts(report: Report, rows: pd.DataFrame) -> Body:
    say = report.language.translate
    cells: list[list[object]] = [[str(n), say(str(v))] for n, v in zip(rows["name"], rows["verdict"], strict=True)]
    return [say("order"), say("verdict")], cells, 2


def _money(report: Report, value: float | None) -> Markup:
    size = report.money[1]
    return number(None if value is None or pd.isna(value) else value, report.language.amount((value or 0.0) / size))


def _amount(report: Report, value: float) -> Markup:
    return number(float(value), report.language.amount(float(value)))
