"""The verdict: whether the goal can be met and what makes net emissions as low as it asks, or why it cannot."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.answer.hangs_on import SMALL, composition, net_told
from planner.answer.page.annex import Report
from planner.answer.page.remedies import TAKEN, amount_of, change_of, taken_off
from planner.answer.page.table import Markup, tag
from planner.answer.standing_words import is_proposal, titled, told_in_force
from planner.answer.summary import is_of_all_hours
from planner.explain.blocking import NOT_IN_HOURS
from planner.language.language import mark
from planner.language.words import METRICS, STAGES, STATUSES, named

#: Items that are captured or bound in the park, and those that are bought to make up for the rest.
PHYSICAL, BOUGHT = ("captured_fossil", "captured_removals", "restoration"), ("certificates", "avoidance", "removal_credits")
#: What is taken off, of the two kinds.
OFF = (
    mark("{amount} t captured or bound by land ({parts})"),
    mark("{amount} t, {share} of what is taken off, by purchase alone ({parts})"),
)


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


def made_in_words(report: Report) -> Markup | None:
    """What the emissions of the year of the goal are made of; None of a plan that does not keep its goal."""
    summary, rules = report.output.summary, report.output.target["stages"]
    is_kept = rules["holds"].all() and not summary.get("hourly_failure")
    return tag("p", report.language.sentences(*_by_what(report)), class_="made") if is_kept else None


def stays(report: Report) -> bool:
    """True if the rules of the goal are in force, and hold, in every year after that of the goal, and there is one."""
    summary, later = report.output.summary, [y for y in report.output.years if y > report.output.summary["by"]]
    rules = report.output.target["stages"]
    return bool(later) and set(later) <= set(rules[rules["stage"] == summary["target"]]["year"])


def _by_what(report: Report) -> Iterator[str]:
    """What is still emitted in the year of the goal, what is taken off by capture and land, what by purchase, and what is left."""
    language, output = report.language, report.output
    say, summary, year = language.translate, output.summary, output.summary["by"]
    if year not in output.years:
        return
    parts = composition(output.target, summary["accounting"], year)
    emitted = sum(parts["emitted_by_source"].values())
    least = max(SMALL * emitted, 0.5)
    amounts = {key: value for key, value in taken_off(report, parts).items() if value > least}
    values = {
        "year": year,
        "emitted": language.number(emitted),
        "base": language.number(summary["base_emissions"]),
        "then": say("base year {year}", year=summary["base_year"]),
    }
    if emitted <= least:
        yield say("Nothing is emitted in {year} any more ({then}: {base} t CO2e).", **values)
        return
    yield say("{emitted} t CO2e are still emitted in {year} ({then}: {base} t).", **values)
    if not amounts:
        yield say("Nothing is taken off.")
        return
    told = []
    for kind, words in zip((PHYSICAL, BOUGHT), OFF, strict=True):
        own = {key: amounts[key] for key in kind if key in amounts}
        if own:
            named_parts = (f"{say(TAKEN[key])} {language.number(value)} t" for key, value in own.items())
            share = language.percent(sum(own.values()) / sum(amounts.values()), 0)
            told.append(say(words, amount=language.number(sum(own.values())), share=share, parts=say(", ").join(named_parts)))
    off = say("; ").join(told)
    if abs(parts["net"]) <= least:
        yield say("The same amount is taken off, so that nothing is left net: {off}.", off=off)
    else:
        yield say(
            "Taken off: {off}. Left: {net} t net.", off=off, net=net_told(report.language, parts["net"], summary["base_emissions"])
        )
    yield from _bought_at_last(report, sum(amounts.get(key, 0.0) for key in BOUGHT))


def _bought_at_last(report: Report, before: float) -> Iterator[str]:
    """What is taken off by purchase in the last year, where that or what is bought in the year of the goal is anything."""
    language, output = report.language, report.output
    last = output.years[-1]
    found = taken_off(report, composition(output.target, output.summary["accounting"], last))
    bought, off = (sum(found[key] for key in keys) for keys in (BOUGHT, TAKEN))
    if last == output.summary["by"] or max(before, bought) <= 0.5:
        return
    values = {"last": last, "amount": language.number(bought), "share": language.percent(bought / off if off else 0.0, 0)}
    if bought <= 0.5:
        yield language.translate("In {last}, nothing is taken off by purchase any more.", **values)
    else:
        yield language.translate("In {last}, {amount} t are taken off by purchase, {share} of what is taken off then.", **values)


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
