"""Finance: what the plan is worth against the other plans, to whom, and its cash year by year; only where the park asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from planner.answer.facts import covers
from planner.answer.money import at_end, told_timing
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import explained, tag
from planner.answer.views import drawn
from planner.finance.figures import BORROWS, NOT_UNIQUE
from planner.language.language import mark
from planner.language.words import PLANS, named, told_years

#: What is said of a loan of which interest alone is paid in none, one or more of the first years, and where there is none.
LOANS = (
    mark(
        "Terms of the park, not of a bank's offer ([finance] in park.toml): {share} of what the plan buys is borrowed at "
        "{interest} a year (nominal) and paid back over {tenor}, from the first of them on; tax {tax}, "
        "inflation {inflation} a year."
    ),
    mark(
        "Terms of the park, not of a bank's offer ([finance] in park.toml): {share} of what the plan buys is borrowed at "
        "{interest} a year (nominal) and served in {tenor}, in the first of them by interest alone; tax {tax}, "
        "inflation {inflation} a year."
    ),
    mark(
        "Terms of the park, not of a bank's offer ([finance] in park.toml): {share} of what the plan buys is borrowed at "
        "{interest} a year (nominal) and served in {tenor}, in the first {grace} of them by interest alone; "
        "tax {tax}, inflation {inflation} a year."
    ),
)
NO_LOAN = mark(
    "Terms of the park, not of a bank's offer ([finance] in park.toml): nothing is borrowed; tax {tax}, inflation "
    "{inflation} a year."
)
#: Equipment that is ordered and does not work yet explains a low cover where it is at least this share of all that is ordered.
WAITING = 0.1


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


def told_cover(report: Report, against: str) -> str:
    """In which year cash covers debt service least, of what the cash is, and why so little; or that in one nothing covers it."""
    language, found, terms = report.language, covers(report, against), report.output.summary.get("financing")
    if found.empty or not terms:
        return ""
    cover, currency = found["cover"], report.output.currency
    year = int(cover.idxmin())
    if cover.min() < 0:
        return language.translate(
            "In {year} the plan saves no cash against {plan}, after tax: nothing that it saves covers its debt then.",
            year=year,
            plan=named(language, PLANS, against),
        )
    told = language.translate(
        "Debt is covered least in {year}: {cover}. The loan is of all that the plan buys; the cash that covers it is what the plan "
        "saves against {plan}, after tax, not what the park earns.",
        year=year,
        cover=language.number(float(cover.min()), 2),
        plan=named(language, PLANS, against),
    )
    made_of = language.translate(
        "It is {cash} of cash, tax taken off as it would be without the interest, for {service} of debt service, both nominal.",
        cash=language.money(float(found["cash"][year]), currency),
        service=language.money(float(found["service"][year]), currency),
    )
    tenor = int(terms["tenor"])
    early, figures = cover[cover.index < found.index[0] + tenor], report.output.alone["finance"]
    mean_cover = figures[(figures["against"] == against) & (figures["account"] == "all") & (figures["figure"] == "dscr_mean")]
    mean = language.translate(
        "The mean of {first} to {last}, as long as a loan of the first year runs, is {mean}: later years owe little, and would "
        "only raise it.",
        first=int(early.index[0]),
        last=int(early.index[-1]),
        mean=language.number(float(mean_cover["value"].iloc[0]), 2),
    )
    return language.sentences(told, made_of, _waiting(report, year), *([mean] if len(early) < len(cover) else []))


def _waiting(report: Report, year: int) -> str:
    """How much of what is ordered by the end of a year works only later: its loan is served, and it saves nothing yet."""
    orders = report.output.target["investments"]
    ordered = orders[(orders["year"] <= year) & (orders["committed"] == 0)]
    paid, later = float(ordered["capital_cost"].sum()), float(ordered[ordered["works_from"] > year]["capital_cost"].sum())
    if paid <= 0 or later < WAITING * paid:
        return ""
    return report.language.translate(
        "{share} of the capital of what is ordered up to the end of {year} ({money} of {all}) is of equipment that works only from "
        "a later year on: its debt is served already, and it saves nothing yet.",
        share=report.language.percent(later / paid, 0),
        year=year,
        money=report.language.money(later, report.output.currency),
        all=report.language.money(paid, report.output.currency),
    )


# --- finance ---------------------------------------------------------------------------------------------------------------

#: What stands beside a rate of return that is not unique.
MODIFIED = mark(
    "The modified rate of return: what is laid out costs the discount rate, what comes back earns it until the horizon ends."
)


def finance_section(report: Report) -> Section | None:
    """Figures of every account, the owner's cash, levelised costs; None where the run has no statements."""
    rows = report.output.alone["finance"]
    if rows.empty:
        return None
    say = report.language.translate
    cover = [tell(report, against) for against in dict.fromkeys(rows["against"]) for tell in (told_cover, told_owed)]
    note = say(
        "Each project bears its own cost. Its energy counts at what a MWh of that carrier costs in the plan compared with; so the "
        "projects add up to the whole, and a project may be worth less or more once others are left out. `plan report RUN "
        "--finance` makes finance.xlsx, the same as formulas: a term, a price or a capital cost may be changed there."
    )
    timing = told_timing(report.language, at_end(report.output.summary))
    return section(
        "finance",
        say("Finance"),
        *(made for name in ("bank_figures", "cash", "owners") for made in drawn(name, report)),
        *(tag("p", words, class_="note") for words in (told_terms(report), *_notes(report)) if words),
        explained(report.language.sentences(note, timing, _bases(report), *filter(None, cover)), report.language),
        *(
            made
            for name in ("finance_cases", "funding", "ends_of_figures", "cover", "bridge", "projects", "levelised")
            for made in drawn(name, report)
        ),
    )


def _bases(report: Report) -> str:
    """What real and nominal mean."""
    summary, say = report.output.summary, report.language.translate
    terms = summary.get("financing") or {}
    real = say("Real money is in prices of {year}.", year=summary["price_year"])
    if "inflation" in terms:
        rise = report.language.percent(terms["inflation"], 1)
        words = mark("Real money is in prices of {year}, nominal money rises from them by {inflation} a year.")
        real = say(words, year=summary["price_year"], inflation=rise)
    return real


def _notes(report: Report) -> Iterator[str]:
    """Why a rate of return is missing, and what a modified one is."""
    say, rows = report.language.translate, report.output.alone["finance"]
    lacking = rows[(rows["value"].isna() | (rows["note"] == BORROWS)) & rows["figure"].str.startswith("irr")]
    if notes := [str(note) for note in dict.fromkeys(lacking["note"]) if note and pd.notna(note)]:
        yield say("–: {reasons}", reasons=say("; ").join(say(note) for note in notes))
    if NOT_UNIQUE in set(rows["note"]):
        yield say(MODIFIED)
