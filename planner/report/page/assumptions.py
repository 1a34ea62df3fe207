"""What the plan rests on: figures taken from the catalogue, what is not modelled, versions, gap, hourly differences."""

from __future__ import annotations

from collections.abc import Iterator

from planner.report.headings import COLUMNS
from planner.report.language import Language, mark
from planner.report.page.markup import Markup, join, tag
from planner.report.page.report import Report, Section, section
from planner.report.page.table import behind, table
from planner.report.words import PLANS, named

#: What the model leaves out, as the README says it.
LEFT_OUT = (
    mark("The future is taken as known: one path of prices, demands and weather."),
    mark("Equipment has fixed ratios: no start-up, ramping, part load, wear or outages."),
    mark("Networks are transport with a loss: no voltage, pressure, temperature or delay."),
    mark("A measure saves the same share in every hour; there is no rebound."),
    mark("What is captured stays stored. Exports earn money and no emission credit."),
    mark("Emissions of making equipment are not counted; scope 3 is only what the park states."),
)


def assumptions_section(report: Report) -> Section:
    """Tables and lists, no chart."""
    say = report.language.translate
    parts = [_figures(report), _hourly(report), _left_out(report), _warnings(report), _run(report)]
    return section("assumptions", say("What the plan rests on"), *parts)


def _figures(report: Report) -> Markup:
    """How many figures were assumed, by grade, and each with its source."""
    say, language = report.language.translate, report.language
    rows = report.output.assumptions
    if rows.empty:
        return tag("p", say("No figure was taken from the catalogue."))
    grades = rows["grade"].replace("", "–").value_counts(sort=False)
    counts = say(", ").join(say("{count} of grade {grade}", count=n, grade=g) for g, n in grades.items())
    shown = ["name", "parameter", "year", "value", "unit", "grade", "source"]
    lists = [
        behind(_table(language, own[shown].to_numpy().tolist(), shown, str(name)), f"{name}: {len(own)}")
        for name, own in rows.groupby("table", sort=False)
    ]
    return join([
        tag("h3", say("Figures taken from the catalogue")),
        tag("p", say("{count} figures that the park does not give: {grades}.", count=len(rows), grades=counts)),
        *lists,
    ])  # fmt: skip


def _table(language: Language, rows: list[list[str]], columns: list[str], label: str) -> Markup:
    head = [named(language, COLUMNS, c) for c in columns]
    return table(head, rows, len(columns), label, "figures")


def _hourly(report: Report) -> Markup | None:
    """How the plan does in all hours, where it was operated over them."""
    say, rows = report.language.translate, report.output.hourly
    days = report.output.summary.get("typical_days")
    if rows is None or rows.empty:
        words = say("The plan was made on every hour.") if not days else say(
            "The plan was made on {days} typical days. A few days can miss the hour that sizes the equipment: plan with more days, "
            "or on every hour, before anything is ordered.", days=days,
        )  # fmt: skip
        return join([tag("h3", say("Hours")), tag("p", words)])
    shown = [[report.language.amount(v) if isinstance(v, float) else str(v) for v in row] for row in rows.to_numpy().tolist()]
    head = [named(report.language, COLUMNS, str(c)) for c in rows.columns]
    note = say("The plan was made on typical days and operated again over all hours of each year, capacities fixed.")
    return join([tag("h3", say("Hours")), tag("p", note), table(head, shown, len(head), say("Hours"))])


def _left_out(report: Report) -> Markup:
    say = report.language.translate
    return join([tag("h3", say("What is not modelled")), tag("ul", *(tag("li", say(text)) for text in LEFT_OUT))])


def _warnings(report: Report) -> Markup | None:
    found = report.output.summary.get("warnings") or []
    if not found:
        return None
    return join([tag("h3", report.language.translate("Warnings")), tag("ul", *(tag("li", w) for w in found))])


def _run(report: Report) -> Markup:
    """Versions, gaps and what else is needed to repeat the run."""
    say = report.language.translate
    head = [say("what"), say("value")]
    return join([tag("h3", say("The run")), table(head, _facts(report), 2, say("The run"), "figures")])


def _facts(report: Report) -> Iterator[tuple[str, str]]:
    language, facts = report.language, report.output.facts
    say = language.translate
    for name, plan in report.output.summary["plans"].items():
        yield say("gap, {plan}", plan=named(language, PLANS, name)), language.percent(plan.get("gap"), 4)
    seconds = sum(facts.get("seconds", {}).values())
    yield say("seconds of the run"), language.number(seconds, 1)
    yield "parkzero", str(facts.get("parkzero", ""))
    yield from ((name, str(version)) for name, version in facts.get("versions", {}).items())
    yield say("size"), str(facts.get("matrix", ""))
    yield say("hash of the case"), str(facts.get("case_sha256", ""))
