"""Why a goal cannot be met: the rules that block it, and the remedies with their amounts and costs."""

from __future__ import annotations

import math

import pandas as pd

from planner.answer.page.markup import Markup, join, tag
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import behind, number, table
from planner.explain.explanation import ALL_STAGES, LIMITS
from planner.language.language import NONE
from planner.language.words import METRICS, STAGES, named


def remedies_section(report: Report) -> Section:
    """The rules, then the remedies."""
    return section("ways", report.language.translate("Remedies"), _rules(report), _remedies(report))


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
            (
                str(b["year"]),
                named(language, STAGES, b["stage"]),
                named(language, METRICS, b["metric"]),
                number(b["amount"], language.amount(b["amount"])),
                b["unit"],
            )
            for b in found
        ]
        head = [say("year"), say("stage"), say("metric"), say("too much or too little"), say("unit")]
        parts += [tag("h3", title), table(head, rows, 3, title)]
    return join(parts)


def _remedies(report: Report) -> Markup:
    """What is enough; what is of no help can be opened."""
    language, rows = report.language, report.output.explain
    say = language.translate
    if rows.empty:
        return tag("p", say("No remedy was found within the time, or none was looked for."))
    enough, rest = rows[rows["needed"].notna()], rows[rows["needed"].isna()]
    note = language.sentences(
        say("Each row is one number that would have to be another; the cheapest remedy that is enough alone comes first."),
        say("The extra cost is against the park without a goal; what the change itself costs comes on top."),
    )
    parts = [
        tag("h3", say("What would be enough")),
        tag("p", note, class_="note"),
        _table(report, enough, say("What would be enough")),
    ]
    if enough.empty:
        parts = [tag("h3", say("What would be enough")), tag("p", say("No amount of any one number is enough."))]
    if len(rest):
        parts.append(behind(_table(report, rest, say("Not enough alone, however much")), say("Not enough alone, however much")))
    said = report.output.explanation
    parts.append(behind(tag("ul", *(tag("li", language.tell(line)) for line in said)), say("As the run said it")))
    return join(parts)


def change_of(report: Report, row: pd.Series) -> str:
    """What would have to change, in words: `a larger connection for grid`; the columns of explain.csv where there are none."""
    language, name = report.language, str(row["name"])
    if row["table"] in ("stages", "rules"):
        metric = named(language, METRICS, str(row["parameter"]))
        return language.translate("a looser rule of {stage}: {metric}", stage=named(language, STAGES, name), metric=metric)
    words = LIMITS.get((str(row["table"]), str(row["parameter"])))
    if words is None:
        return f"{name} {row['parameter']}".strip()
    name = named(language, STAGES, name) if row["table"] == "goal" else report.titles.of(name)
    return language.translate(words, name=name, year="" if pd.isna(row["year"]) else int(row["year"]))


def _note(report: Report, row: pd.Series) -> str:
    """The note of a row of explain.csv: why it is of no help, or that a later deadline moves the milestones, too."""
    if row["table"] == "goal" and pd.notna(row["needed"]) and row["note"]:
        return report.language.translate(ALL_STAGES, years=int(row["needed"] - row["now"]))
    return report.language.translate(str(row["note"])) if row["note"] else ""


def amount_of(report: Report, value: float, unit: str) -> str:
    """A number of explain.csv; a year is no amount."""
    return str(int(value)) if unit == "year" and math.isfinite(value) else report.language.amount(value)


def _table(report: Report, rows: pd.DataFrame, title: str) -> Markup:
    language = report.language
    say, (money, size) = language.translate, report.money
    head = [
        say("what would have to change"),
        say("year"),
        say("now"),
        say("needed"),
        say("unit"),
        say("enough"),
        say("extra cost") + f" [{money}]",
        say("note"),
    ]
    cells = []
    for _, r in rows.iterrows():
        enough = say("only with the others") if r.together else say("alone")
        if pd.isna(r.needed):
            enough = say("no")
        cells.append(
            [
                join([tag("b", change_of(report, r)), " ", tag("small", f"{r.table}: {r.parameter}")]),
                NONE if pd.isna(r.year) else str(int(r.year)),
                number(r.now, amount_of(report, r.now, r.unit)),
                number(r.needed, amount_of(report, r.needed, r.unit)),
                say("year") if r.unit == "year" else r.unit,
                enough,
                number(r.extra_cost, language.number(r.extra_cost / size, 1)),
                _note(report, r),
            ]
        )
    return table(head, cells, len(head), title, "ways")
