"""The verdict: whether the goal can be met, or why it cannot."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.answer.caveats import told_chain_cost
from planner.answer.facts import amount_of, change_of
from planner.answer.page.report import Report
from planner.answer.page.table import Markup, tag
from planner.answer.standing_words import is_proposal, titled, told_in_force
from planner.answer.summary import is_of_all_hours
from planner.explain.blocking import NOT_IN_HOURS
from planner.language.language import mark
from planner.language.words import METRICS, STAGES, STATUSES, named


def can_it_be_done(report: Report) -> str:
    """Yes or no with park, stage and year, by whose rules, and whether by those in force."""
    language, output = report.language, report.output
    say, summary = language.translate, output.summary
    values = {"park": summary["park"], "stage": named(language, STAGES, summary["target"]), "year": summary["by"]}
    if not output.target["stages"]["holds"].all():
        return say("Not as planned: {park} misses a rule of {stage} by {year} in this plan.", **values)
    if summary.get("hourly_failure"):
        return say("Not as planned: {park} cannot be served in every hour in this plan.", **values)
    if summary.get("operated_cost") is not None:
        return say("On typical days {park} is {stage} by {year}, and operated in all hours it is so, too.", **values)
    if not is_of_all_hours(summary):
        return say("On typical days {park} is {stage} by {year}; that it is in all hours was not shown.", **values)
    if is_proposal(summary):
        yes = mark("Yes by this program's own rules ({standard}): {park} can be {stage} by {year} and stays so until {last}.")
        yes = yes if stays(report) else mark("Yes by this program's own rules ({standard}): {park} can be {stage} by {year}.")
        values |= {"standard": titled(language, summary["standing"])}
    else:
        yes = mark("Yes: {park} can be {stage} by {year} and stays so until {last}.")
        yes = yes if stays(report) else mark("Yes: {park} can be {stage} by {year}.")
    told = [say(yes, last=output.years[-1], **values), told_in_force(language, summary, output.target["stages"])]
    return language.sentences(*filter(None, told))


def stays(report: Report) -> bool:
    """True if the rules of the goal are in force, and hold, in every year after that of the goal, and there is one."""
    summary, later = report.output.summary, [y for y in report.output.years if y > report.output.summary["by"]]
    rules = report.output.target["stages"]
    return bool(later) and set(later) <= set(rules[rules["stage"] == summary["target"]]["year"])


def why_not(report: Report) -> Iterator[str]:
    """Sentences of a run without a plan: that it cannot be, by how much, on what that rests, and the cheapest remedy.

    Of a chain of plans it is said first where that ends: who knows all from the start has a plan.
    """
    language, output = report.language, report.output
    say, summary = language.translate, output.summary
    stage = named(language, STAGES, summary["target"])
    if summary["status"] != "infeasible":
        yield say("no plan: {status}", status=named(language, STATUSES, summary["status"]))
        yield from map(language.tell, output.explanation)
        return
    explanation = list(output.explanation)
    if summary.get("foresight"):
        yield language.tell(explanation.pop(0))
    else:
        yield say("No: {park} cannot be {stage} by {year}.", park=summary["park"], stage=stage, year=summary["by"])
    missed = [*(summary.get("breaches") or []), *(summary.get("blocking") or [])]
    if not missed:
        yield from map(language.tell, explanation)
        return
    worst = max(missed, key=lambda b: float(b["amount"]))
    yield say(
        "What comes nearest misses by {amount} {unit} in {year}: {metric}.",
        amount=language.amount(worst["amount"]),
        unit=worst["unit"],
        year=worst["year"],
        metric=named(language, METRICS, worst["metric"]),
    )
    yield from (language.tell(text) for text in explanation if getattr(text, "template", "") == NOT_IN_HOURS)
    yield _cheapest_way(report)


def _cheapest_way(report: Report) -> str:
    """The first row of explain.csv that is enough alone."""
    language, rows = report.language, report.output.explain
    say = language.translate
    alone = rows[rows["needed"].notna() & ~rows["together"].astype(bool)]
    if alone.empty:
        together = [_instead(report, row) for _, row in rows[rows["together"].astype(bool) & rows["needed"].notna()].iterrows()]
        if together:
            return say(
                "No single change that was looked at is enough alone. Enough together: {changes}.", changes=say("; ").join(together)
            )
        return say("No single change that was looked at is enough alone.")
    remedy = alone.iloc[0]
    values = {"change": _instead(report, remedy)}
    if pd.isna(remedy["extra_cost"]):
        return say("The cheapest change that is enough alone: {change}.", **values)
    extra = float(remedy["extra_cost"])
    values["cost"] = language.money(abs(extra), report.output.currency)
    if round(extra) < 0:
        return say("The cheapest change that is enough alone: {change}; {cost} less than without a goal.", **values)
    return say("The cheapest change that is enough alone: {change}; {cost} more than without a goal.", **values)


def _instead(report: Report, row: pd.Series) -> str:
    """What would have to change, to which number, and which it is now."""
    needed, now = (amount_of(report, row[key], row["unit"]) for key in ("needed", "now"))
    unit = "" if row["unit"] in ("year", "1") else f" {row['unit']}"
    return report.language.translate(
        "{change}, {needed} instead of {now}", change=change_of(report, row), needed=needed + unit, now=now + unit
    )


def of_chain(report: Report) -> Markup | None:
    """That the plan is a chain of plans, and what not knowing costs it; None of any other plan."""
    language, output = report.language, report.output
    clause = told_chain_cost(language, output.summary, output.currency)
    return tag("p", language.translate("{sentence}.", sentence=clause[:1].upper() + clause[1:])) if clause else None
