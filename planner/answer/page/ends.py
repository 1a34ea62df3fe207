"""What would end the figures of the investor, beside them: which change of a price or cost ends a present value or a debt cover."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.report import Report
from planner.answer.page.table import table
from planner.finance.ends import BOUGHT, CAPITAL_COST, CARBON, COVER, INTEREST, LIMITS, SAVING, SOLD
from planner.language.language import mark
from planner.language.words import FIGURES, PLANS, named

#: Most rows of the table, and most changes that are named in the sentence of a figure.
MOST, NAMED = 12, 3
#: What stands in place of a change where none ends a figure.
NOTHING = mark("none")
#: What changes where it is nothing of a name.
TOGETHER = {
    SAVING: mark("the whole operating saving"),
    CAPITAL_COST: mark("all capital costs"),
    CARBON: mark("CO2 price"),
    INTEREST: mark("interest on debt"),
}
#: The same of a name.
EACH = {BOUGHT: mark("price of {name}"), SOLD: mark("{name}, sold"), CAPITAL_COST: mark("{name}, capital")}
#: How a figure ends, and that it is missed as planned.
ENDED = {
    "npv_after_tax": mark("The net present value after tax, {now}, is gone with any one of: {changes}."),
    "npv_equity": mark("The net present value of the owner's cash, {now}, is gone with any one of: {changes}."),
    COVER: mark(
        "The least debt cover falls from {now} to {limit}, below which the cash of a year does not pay its debt service, with any "
        "one of: {changes}."
    ),
}
KEPT = mark("{figure}: no single change that was tried ends it.")
MISSED = mark("{figure}: not met as planned.")


def ends_of(report: Report, against: str) -> pd.DataFrame:
    """The rows of finance_ends.csv against a plan."""
    rows = report.output.alone["finance_ends"]
    return rows[rows["against"] == against].fillna({"name": ""})


def ends_part(report: Report, against: str) -> Markup | None:
    """A sentence for each figure, and a table of what ends any, the nearest first; None where nothing is known or met."""
    rows, say = ends_of(report, against), report.language.translate
    if rows.empty:
        return None
    title = say("What would end these figures, against {plan}", plan=named(report.language, PLANS, against))
    met = [figure for figure in LIMITS if (rows["figure"] == figure).any()]
    ended = rows[rows["ends_at"].notna()]
    least = ended["ends_at"].abs().groupby([ended["what"], ended["name"]]).min().sort_values()
    by = {(r.figure, r.what, r.name): float(r.ends_at) for r in ended.itertuples()}
    body = [
        [_called(report, what, name), *(_share(report, by.get((figure, what, name))) for figure in met)]
        for what, name in least.index[:MOST]
    ]
    figures = (say("{figure} ends at", figure=named(report.language, FIGURES, figure)) for figure in met)
    head = [say("what changes, all else as planned"), *figures]
    note = say(
        "Each is changed alone and in all years; the plan stays as it is, and so does the share of the capital that is borrowed. "
        "None: neither a fall to nothing nor a rise to twice its value ends it. finance_ends.csv has all, and each figure with a "
        "change of 30 %."
    )
    parts = [tag("h4", title), tag("p", report.language.sentences(*_sentences(report, rows, against)))]
    return join([*parts, table(head, body, 1, title) if body else "", tag("p", note, class_="note") if body else ""])


def _sentences(report: Report, rows: pd.DataFrame, against: str) -> Iterator[str]:
    """Of each figure the nearest changes that end it."""
    language, known = report.language, report.output.alone["finance"]
    known = known[(known["against"] == against) & (known["account"] == "all") & known["basis"].isin(("real", ""))]
    for figure in LIMITS:
        own = rows[rows["figure"] == figure]
        title = named(language, FIGURES, figure)
        if own.empty:
            if known[known["figure"] == figure]["value"].notna().any():
                yield language.translate(MISSED, figure=title[:1].upper() + title[1:])
            continue
        ended = nearest(own)
        if ended.empty:
            yield language.translate(KEPT, figure=title[:1].upper() + title[1:])
            continue
        now, limit = (_amount(report, figure, float(own[column].iloc[0])) for column in ("now", "limit"))
        told = [told_end(report, r) for r in ended.head(NAMED).itertuples()]
        yield language.translate(ENDED[figure], now=now, limit=limit, changes=language.translate("; ").join(told))


def nearest(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that end a figure, by how little is needed."""
    ended = rows[rows["ends_at"].notna()]
    return ended.iloc[ended["ends_at"].abs().argsort(kind="stable")]


def told_end(report: Report, row: Any) -> str:
    """What changes, and by which share."""
    words = mark("{what} {share} lower") if row.ends_at < 0 else mark("{what} {share} higher")
    what = _called(report, row.what, row.name)
    return report.language.translate(words, what=what, share=report.language.percent(abs(row.ends_at), 0))


def _share(report: Report, share: float | None) -> str:
    return report.language.translate(NOTHING) if share is None else f"{share:+.0%}"


def _amount(report: Report, figure: str, value: float) -> str:
    return report.language.number(value, 2) if figure == COVER else report.language.money(value, report.output.currency)


def _called(report: Report, what: str, name: str) -> str:
    """What changes, in words."""
    return report.language.translate(EACH[what] if name else TOGETHER[what], name=report.titles.of(name))
