"""Why a goal cannot be met: the rules that block it, and the ways out with their amounts and costs."""

from __future__ import annotations

import pandas as pd

from planner.report.language import NONE
from planner.report.page.answer import way_amount
from planner.report.page.markup import Markup, join, tag
from planner.report.page.report import Report, Section, section
from planner.report.page.table import behind, number, table
from planner.report.words import METRICS, STAGES, named


def ways_section(report: Report) -> Section:
    """The rules, then the ways out."""
    return section("ways", report.language.translate("Ways out"), _rules(report), _ways(report))


def _rules(report: Report) -> Markup | None:
    """Rules whose single removal is enough, or the least breach of all."""
    language, summary = report.language, report.output.summary
    say = language.translate
    parts = []
    titles = {"blocking": say("Rules of which any one blocks the goal"), "breaches": say("Least total breach of the rules")}
    for key, title in titles.items():
        found = summary.get(key) or []
        if not found:
            continue
        rows = [
            (str(b["year"]), named(language, STAGES, b["stage"]), named(language, METRICS, b["metric"]),
             number(b["amount"], language.amount(b["amount"])), b["unit"])
            for b in found
        ]  # fmt: skip
        head = [say("year"), say("stage"), say("metric"), say("too much or too little"), say("unit")]
        parts += [tag("h3", title), table(head, rows, 3, title)]
    return join(parts)


def _ways(report: Report) -> Markup:
    """What is enough; what is of no help can be opened."""
    say, rows = report.language.translate, report.output.explain
    if rows.empty:
        return tag("p", say("No way out was found within the time, or none was looked for."))
    enough, rest = rows[rows["needed"].notna()], rows[rows["needed"].isna()]
    note = say("Each row is one number that would have to be another; the cheapest way that is enough alone comes first.")
    parts = [
        tag("h3", say("What would be enough")),
        tag("p", note, class_="note"),
        _table(report, enough, say("What would be enough")),
    ]
    if enough.empty:
        parts = [tag("h3", say("What would be enough")), tag("p", say("No amount of any one number is enough."))]
    if len(rest):
        parts.append(behind(_table(report, rest, say("Not enough alone, however much")), say("Not enough alone, however much")))
    said = report.output.summary.get("explanation") or []
    parts.append(behind(tag("ul", *(tag("li", line) for line in said)), say("As the run said it")))
    return join(parts)


def _table(report: Report, rows: pd.DataFrame, title: str) -> Markup:
    language = report.language
    say, currency = language.translate, language.currency(report.output.currency)
    head = [say("what would have to change"), say("year"), say("now"), say("needed"), say("unit"), say("enough"),
            say("extra cost") + f" [{currency}]", say("note")]  # fmt: skip
    cells = []
    for r in rows.itertuples():
        enough = say("only with the others") if r.together else say("alone")
        if pd.isna(r.needed):
            enough = say("no")
        cells.append([
            join([tag("b", r.name or r.table), f" {r.parameter} ({r.table})"]), NONE if pd.isna(r.year) else str(int(r.year)),
            number(r.now, way_amount(report, r.now, r.unit)), number(r.needed, way_amount(report, r.needed, r.unit)), r.unit,
            enough, number(r.extra_cost, language.number(r.extra_cost)), r.note,
        ])  # fmt: skip
    return table(head, cells, len(head), title, "ways")
