"""What a bank asks beside the figures: terms of the loan, its cover, and from savings to present values."""

from __future__ import annotations

import pandas as pd

from planner.language.language import mark
from planner.language.words import PLANS, named, told_years
from planner.report.page.cover import cover_table, told_cover
from planner.report.page.markup import Markup, join, tag
from planner.report.page.report import Report
from planner.report.page.table import number, table
from planner.report.saving import usual

#: What is said of a loan of which interest alone is paid in none, one or more of the first years, and where there is none.
LOANS = (
    mark(
        "Terms of the park, not of a bank's offer ([finance] in park.toml): {share} of the capital is borrowed at {interest} a "
        "year (nominal) and paid back over {tenor}, from the first of them on; tax {tax}, inflation {inflation} a year."
    ),
    mark(
        "Terms of the park, not of a bank's offer ([finance] in park.toml): {share} of the capital is borrowed at {interest} a "
        "year (nominal) and served in {tenor}, in the first of them by interest alone; tax {tax}, "
        "inflation {inflation} a year."
    ),
    mark(
        "Terms of the park, not of a bank's offer ([finance] in park.toml): {share} of the capital is borrowed at {interest} a "
        "year (nominal) and served in {tenor}, in the first {grace} of them by interest alone; "
        "tax {tax}, inflation {inflation} a year."
    ),
)
NO_LOAN = mark(
    "Terms of the park, not of a bank's offer ([finance] in park.toml): nothing is borrowed; tax {tax}, inflation "
    "{inflation} a year."
)


def bank(report: Report, against: str) -> Markup:
    """A sentence on the loan, one on its cover, its cover by year, and the table from the saving to the owner's cash."""
    said = [words for words in (told_terms(report), told_cover(report, against), told_owed(report, against)) if words]
    note = tag("p", report.language.sentences(*said), class_="note") if said else ""
    return join([note, cover_table(report, against), _bridge(report, against)])


def told_terms(report: Report) -> str:
    """Share borrowed, interest, years, tax and inflation as [finance] states them; empty for an output that does not say them."""
    language, terms = report.language, report.output.summary.get("financing")
    if not terms:
        return ""
    percent, say = language.percent, language.translate
    told = say(
        LOANS[min(int(terms["grace"]), 2)] if terms["debt_share"] > 0 else NO_LOAN,
        share=percent(terms["debt_share"], 0),
        interest=percent(terms["interest"], 1),
        tenor=told_years(language, int(terms["tenor"])),
        grace=terms["grace"],
        tax=percent(terms["tax_rate"], 0),
        inflation=percent(terms["inflation"], 1),
    )
    least = terms["cover_ratio"]
    asked = "" if least is None else say("At most: a cover of {least} is kept in every year.", least=language.number(least, 2))
    owners = say("Owners have terms of their own.") if terms["owners"] else ""
    return language.sentences(told, asked, owners)


def told_owed(report: Report, against: str) -> str:
    """What is still owed at the end of the last year, which the owner's figures do not pay back; empty where nothing is."""
    language, rows, last = report.language, report.output.alone["cash_flow"], report.output.years[-1]
    own = rows[(rows["against"] == against) & (rows["account"] == "all") & (rows["item"] == "debt") & (rows["year"] == last)]
    owed = float(own["nominal"].sum())
    if owed < 1:
        return ""
    return language.translate(
        "At the end of {last} {owed} (nominal) are still owed: present value and rate of return of the owner do not pay them back.",
        last=last,
        owed=language.money(owed, report.output.currency),
    )


def _bridge(report: Report, against: str) -> Markup | None:
    """From the saving in system cost to the present value of the owner's cash, a row for each step."""
    language, (unit, size), summary = report.language, report.money, report.output.summary
    say, found, other = language.translate, present_values(report, against), summary["plans"].get(against, {}).get("system_cost")
    if other is None or not {"npv", "value_beyond", "npv_after_tax", "npv_equity"} <= set(found):
        return None
    saving, beyond, npv, taxed, own = (
        other - summary["system_cost"],
        *(found[figure] for figure in ("value_beyond", "npv", "npv_after_tax", "npv_equity")),
    )
    today, plan, rows = usual(summary), named(language, PLANS, against), []
    if today is not None and today != against and against == summary["compared_with"]:
        saved = summary["plans"][today]["system_cost"] - summary["system_cost"]
        usually = named(language, PLANS, today)
        rows += [
            (say("saved against {plan}", plan=usually), saved),
            (say("less: {plan} is dearer than {other} by", plan=usually, other=plan), saving - saved),
        ]
    rows += [
        (say("saved against {plan}", plan=plan), saving),
        (say("less: value beyond {last}", last=report.output.years[-1]), -beyond),
        (say("savings discounted from the end of their year, and grants"), npv - saving + beyond),
        (say("net present value before tax"), npv),
        (say("tax"), taxed - npv),
        (say("net present value after tax"), taxed),
        (say("loan"), own - taxed),
        (say("net present value of the owner's cash"), own),
    ]
    title = say("From the saving to the present value, against {plan} (real)", plan=plan)
    body = [[what, number(value / size, language.number(value / size, 1))] for what, value in rows]
    return join([tag("h4", title), table([say("step"), unit], body, 1, title)])


def present_values(report: Report, against: str) -> dict[str, float]:
    """Figure -> its real value, of everything."""
    rows = report.output.alone["finance"]
    own = rows[(rows["against"] == against) & (rows["account"] == "all") & (rows["basis"] == "real")]
    return {str(r.figure): float(r.value) for r in own.itertuples() if pd.notna(r.value)}
