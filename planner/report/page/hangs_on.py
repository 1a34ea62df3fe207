"""What would end the goal: a table of what takes emissions off, and by how much rules are missed without each of them."""

from __future__ import annotations

from models.metrics import METRICS
from planner.report.hangs_on import GoalPart, called, hangs_on, told_hangs_on
from planner.report.page.markup import Markup, tag
from planner.report.page.report import Report
from planner.report.page.table import number, table


def what_would_end_it(report: Report) -> Markup | None:
    """A row for each part, in the year of the goal and in the last year; None where nothing is taken off."""
    output, language, say = report.output, report.language, report.language.translate
    summary, by = output.summary, output.summary["by"]
    years = list(dict.fromkeys((by, output.years[-1])))
    found = {year: hangs_on(output.target, summary["accounting"], summary["target"], year) for year in years}
    if not found[by]:
        return None
    title, content = say("What would end the goal"), [tag("p", told_hangs_on(language, found[by], by))]
    note = say("One thing missing at a time, all else as planned, nothing ordered in its place.")
    if any(part.is_missed for parts in found.values() for part in parts):
        head = [say("if missing"), say("missed then"), *(say("{year}: by t", year=year) for year in years)]
        content = [table(head, _rows(report, found), 2, title)]
    more = say(
        "What could be decided instead, `plan sensitivity` and `plan worth` find out. A contract's power is taken from the grid, "
        "at the mean emissions of what is bought there in that year. Rules that a standard works out with its own factors, of "
        "energy or of shares are not in this table."
    )
    caption = tag("figcaption", tag("h3", title), tag("p", note, class_="note"))
    return tag("figure", caption, *content, tag("p", more, class_="note"))


def _rows(report: Report, found: dict[int, list[GoalPart]]) -> list[list[object]]:
    """What is missing, which rules are missed then, and in each year by how much."""
    language, rows = report.language, list[list[object]]()
    for key in dict.fromkeys((part.kind, part.name) for parts in found.values() for part in parts):
        own = {year: next((p for p in parts if (p.kind, p.name) == key), None) for year, parts in found.items()}
        there = [part for part in own.values() if part is not None]
        phrases = dict.fromkeys(METRICS[m].phrase for part in there for m in part.metrics)
        rules = language.translate(", ").join(map(language.translate, phrases)) or language.translate("nothing")
        cells = [
            number(part.over, language.number(part.over)) if part is not None and part.is_missed else number(None, "")
            for part in own.values()
        ]
        rows.append([called(language, there[0]), rules, *cells])
    return rows
