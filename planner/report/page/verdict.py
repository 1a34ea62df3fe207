"""The verdict: whether the goal can be met and what makes net emissions as low as it asks, or why it cannot."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.language.language import mark
from planner.language.words import METRICS, STAGES, STATUSES, named
from planner.report.composition import SMALL, composition
from planner.report.page.remedies import amount_of, change_of
from planner.report.page.report import Report
from planner.report.summary import is_of_all_hours

#: Part of a composition that is taken off -> what does it.
TAKEN_OFF = {
    "certificates": mark("{amount} t by green certificates for bought electricity"),
    "captured": mark("{amount} t by capturing CO2"),
    "restoration": mark("{amount} t by what is planted"), "credits": mark("{amount} t by bought credits"),
}  # fmt: skip


def can_it_be_done(report: Report) -> str:
    """Yes or no with park, stage and year, and what the emissions of that year are made of."""
    language, output = report.language, report.output
    say, summary = language.translate, output.summary
    values = {"park": summary["park"], "stage": named(language, STAGES, summary["target"]), "year": summary["by"]}
    if not output.target["stages"]["holds"].all():
        return say("Not as planned: {park} misses a rule of {stage} by {year} in this plan.", **values)
    if summary.get("hourly_failure"):
        return say("Not as planned: {park} cannot be served in every hour in this plan.", **values)
    if not is_of_all_hours(summary):
        shown = say("On typical days {park} is {stage} by {year}; that it is in all hours was not shown.", **values)
        return language.sentences(shown, *_by_what(report))
    return language.sentences(say("Yes: {park} can be {stage} by {year}.", **values), *_by_what(report))


def _by_what(report: Report) -> Iterator[str]:
    """What is still emitted in the year of the goal, by what it is taken off, and what is left."""
    language, output = report.language, report.output
    say, summary = language.translate, output.summary
    if summary["by"] not in output.years:
        return
    parts = composition(output.target, summary["accounting"], summary["by"])
    emitted = sum(parts["gross_by_source"].values())
    least = max(SMALL * emitted, 0.5)
    off = [say(words, amount=language.number(parts[key])) for key, words in TAKEN_OFF.items() if parts[key] > least]
    values = {
        "year": summary["by"], "emitted": language.number(emitted), "off": say(", ").join(off),
        "net": language.number(parts["net"]), "base": language.number(summary["base_emissions"]),
    }  # fmt: skip
    if emitted <= least:
        yield say("Nothing is emitted in {year} any more ({base} t CO2e in the base year).", **values)
    elif not off:
        yield say("{emitted} t CO2e are emitted in {year} ({base} t in the base year); nothing is taken off.", **values)
    elif abs(parts["net"]) <= least:
        yield say(
            "This is net zero: {emitted} t CO2e are still emitted in {year} ({base} t in the base year), and all of it is taken "
            "off: {off}.", **values,
        )  # fmt: skip
    else:
        yield say("{emitted} t CO2e are still emitted in {year} ({base} t in the base year).", **values)
        yield say("Taken off are {off}; {net} t net are left.", **values)


def why_not(report: Report) -> Iterator[str]:
    """Sentences of a run without a plan: that it cannot be, by how much, and the cheapest remedy."""
    language, output = report.language, report.output
    say, summary = language.translate, output.summary
    stage = named(language, STAGES, summary["target"])
    if summary["status"] != "infeasible":
        yield say("no plan: {status}", status=named(language, STATUSES, summary["status"]))
        yield from map(language.tell, output.explanation)
        return
    yield say("No: {park} cannot be {stage} by {year}.", park=summary["park"], stage=stage, year=summary["by"])
    missed = [*(summary.get("breaches") or []), *(summary.get("blocking") or [])]
    if not missed:
        yield from map(language.tell, output.explanation)
        return
    worst = max(missed, key=lambda b: float(b["amount"]))
    yield say(
        "What comes nearest misses by {amount} {unit} in {year}: {metric}.", amount=language.amount(worst["amount"]),
        unit=worst["unit"], year=worst["year"], metric=named(language, METRICS, worst["metric"]),
    )  # fmt: skip
    yield _cheapest_way(report)


def _cheapest_way(report: Report) -> str:
    """The first row of explain.csv that is enough alone."""
    language, rows = report.language, report.output.explain
    say = language.translate
    alone = rows[rows["needed"].notna() & ~rows["together"].astype(bool)]
    if alone.empty:
        return say("No single change that was looked at is enough alone.")
    remedy = alone.iloc[0]
    now, needed = (amount_of(report, remedy[key], remedy["unit"]) for key in ("now", "needed"))
    unit = "" if remedy["unit"] in ("year", "1") else f" {remedy['unit']}"
    values = {"change": change_of(report, remedy), "needed": needed + unit, "now": now + unit}
    if pd.isna(remedy["extra_cost"]):
        return say("The cheapest change that is enough alone: {change}, {needed} instead of {now}.", **values)
    return say(
        "The cheapest change that is enough alone: {change}, {needed} instead of {now}; {cost} more than without a goal.",
        cost=language.money(remedy["extra_cost"], report.output.currency), **values,
    )  # fmt: skip
