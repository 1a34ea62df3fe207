"""Finance: what the plan is worth against the other plans, to whom, and its cash year by year; only where the park asks for it."""

from __future__ import annotations

import pandas as pd

from planner.answer.facts import covers
from planner.answer.money import at_end, told_timing
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, join, number, table, tag
from planner.answer.views import drawn
from planner.finance.ends import BOUGHT, CAPITAL_COST, CARBON, INTEREST, LIMITS, SAVING, SOLD
from planner.finance.figures import BORROWS, NOT_UNIQUE
from planner.finance.terms import PARK
from planner.language.language import mark
from planner.language.words import ACCOUNTS, BASES, FIGURES, PLANS, named, told_years
from planner.plan import CAPITAL_ITEMS

# --- ends ------------------------------------------------------------------------------------------------------------------
# What would end the figures of the investor, beside them: which change of a price or cost ends a present value or a debt cover.

#: Most rows of the table.
MOST = 12
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


def ends_of(report: Report, against: str) -> pd.DataFrame:
    """The rows of finance_ends.csv against a plan."""
    rows = report.output.alone["finance_ends"]
    return rows[rows["against"] == against].fillna({"name": ""})


def ends_part(report: Report, against: str) -> Markup | None:
    """What ends any of the figures, the nearest first; None where nothing is known or met."""
    rows, say = ends_of(report, against), report.language.translate
    if rows["ends_at"].isna().all():
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
    return join([tag("h4", title), table(head, body, 1, title), tag("p", note, class_="note")])


def nearest(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that end a figure, by how little is needed."""
    ended = rows[rows["ends_at"].notna()]
    return ended.iloc[ended["ends_at"].abs().argsort(kind="stable")]


def _share(report: Report, share: float | None) -> str:
    return report.language.translate(NOTHING) if share is None else f"{share:+.0%}"


def _called(report: Report, what: str, name: str) -> str:
    """What changes, in words."""
    return report.language.translate(EACH[what] if name else TOGETHER[what], name=report.titles.of(name))


# --- bank ------------------------------------------------------------------------------------------------------------------

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
#: Equipment that is ordered and does not work yet explains a low cover where it is at least this share of all that is ordered.
WAITING = 0.1


def bank(report: Report, against: str) -> Markup:
    """A sentence on the loan, one on its cover, what would end the figures, the cover by year, and from the saving to the cash."""
    said = [words for words in (told_terms(report), told_cover(report, against), told_owed(report, against)) if words]
    note = tag("p", report.language.sentences(*said), class_="note") if said else ""
    return join([note, ends_part(report, against)])


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
        "Debt is covered least in {year}: {cover}. The cash that covers it is what the plan saves against {plan}, after tax, not "
        "what the park earns.",
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

#: Figures that are shown, and the basis on which: money in a table, rates in another, which are as wide as a sheet.
SHOWN = (
    (("npv", "real"), ("value_beyond", "real"), ("npv_after_tax", "real"), ("npv_equity", "real"), ("peak_funding", "nominal")),
    (("irr", "real"), ("irr_after_tax", "real"), ("irr_equity", "nominal"), ("dscr_least", "")),
)
#: Basis of figures to which finance.csv gives none, as there is only one.
OF_ONE = {"dscr_least": "nominal"}

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
    figures = (_figures(report, against) for against in dict.fromkeys(rows["against"]))
    note = say(
        "Each project bears its own cost. Its energy counts at what a MWh of that carrier costs in the plan compared with; so the "
        "projects add up to the whole, and a project may be worth less or more once others are left out. `plan report RUN "
        "--finance` makes finance.xlsx, the same as formulas: a term, a price or a capital cost may be changed there."
    )
    timing = told_timing(report.language, at_end(report.output.summary))
    return section(
        "finance",
        say("Finance"),
        tag("p", report.language.sentences(note, timing, _bases(report))),
        *drawn("cash", report),
        *drawn("owners", report),
        *figures,
        *(made for name in ("cover", "bridge", "levelised") for made in drawn(name, report)),
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


def _figures(report: Report, against: str) -> Markup:
    language, (unit, size) = report.language, report.money
    say, rows = language.translate, report.output.alone["finance"]
    rows = rows[rows["against"] == against]
    title = say("Figures of the target against {plan}", plan=named(language, PLANS, against))
    found = {(r.account, r.name, r.figure, r.basis): r for r in rows.itertuples(index=False)}
    accounts = [who for who in dict.fromkeys(zip(rows["account"], rows["name"], strict=True)) if _is_shown(found, *who, size)]
    tables = []
    for group in SHOWN:
        shown, body = _columns(rows, group), []
        for account, name in accounts:
            kind = named(language, ACCOUNTS, account)
            own = (found[account, name, *figure] for figure in shown if _is_of(account, figure[0]))
            cells = [number(*_shown(report, row, size)) for row in own]
            cells += [number(None, "")] * (len(shown) - len(cells))
            title_of = say("the park") if (account, name) == ("owner", PARK) else report.titles.of(name)
            how = [_bought(report, against, account, title_of)] if group is SHOWN[0] else []
            body.append([join((title_of, " ", tag("small", kind))) if name else kind, *how, *cells])
        head = [say("account"), *([say("avoided or bought")] if group is SHOWN[0] else [])]
        tables.append(table([*head, *(_title(report, *figure, unit) for figure in shown)], body, len(head), title))
    of_all = rows[(rows["account"] == "all") & (rows["figure"] == "irr")]
    lacking = rows[(rows["value"].isna() | (rows["note"] == BORROWS)) & rows["figure"].str.startswith("irr")]
    notes = [str(note) for note in dict.fromkeys([*of_all["note"], *lacking["note"]]) if note and pd.notna(note)]
    dashes = [say("–: {reasons}", reasons=say("; ").join(say(note) for note in notes))] if notes else []
    said = join(tag("p", text, class_="note") for text in [*dashes, *([say(MODIFIED)] if NOT_UNIQUE in set(rows["note"]) else [])])
    return tag("figure", tag("figcaption", tag("h3", title)), *tables, said, bank(report, against), class_="full")


def _columns(rows: pd.DataFrame, group: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Figures of a group that are shown: beside a rate of return that is not unique the modified one."""
    several = {str(r.figure) for r in rows.itertuples(index=False) if r.note == NOT_UNIQUE}
    found = []
    for figure, basis in group:
        found += [(figure, basis)] + ([(f"m{figure}", basis)] if figure in several else [])
    return found


def _bought(report: Report, against: str, account: str, title: str) -> str:
    """Whether the target buys what an account is of, the plan compared with does, or both; empty of what has no capital."""
    output, say = report.output, report.language.translate
    if account not in ("technology", "measure", "planting"):
        return ""
    paid = []
    for tables in (output.target, output.plans[against]):
        costs = tables["costs"]
        own = costs[costs["item"].isin(CAPITAL_ITEMS) & (costs["name"] == title)]
        paid.append(float(own["value"].sum()) > 0)
    told = {
        (True, False): mark("bought only here"),
        (False, True): mark("avoided: only {plan} buys it"),
        (True, True): mark("bought in both"),
        (False, False): mark("neither buys it"),
    }
    return say(told[paid[0], paid[1]], plan=named(report.language, PLANS, against))


def _is_of(account: str, figure: str) -> bool:
    """False of the cover of a loan for a project: debt is the owner's, and no project is lent to alone."""
    return account in ("all", "owner") or not figure.startswith("dscr")


def _is_shown(found: dict, account: str, name: str, size: float) -> bool:
    """False of accounts that come to less than can be seen."""
    worth = found[account, name, "npv", "real"].value, found[account, name, "value_beyond", "real"].value
    return account in ("all", "owner") or max(abs(value) for value in worth) >= 5e-4 * size


def _title(report: Report, figure: str, basis: str, unit: str) -> str:
    words = named(report.language, FIGURES, figure)
    of_money = not figure.startswith(("irr", "mirr", "dscr"))
    unit = unit if of_money else ""
    inside = ", ".join(part for part in (named(report.language, BASES, basis or OF_ONE.get(figure, "")), unit) if part)
    return f"{words} [{inside}]" if inside else words


def _shown(report: Report, row: object, size: float) -> tuple[float | None, str]:
    language, value = report.language, None if pd.isna(row.value) else float(row.value)  # type: ignore[attr-defined]
    figure: str = row.figure  # type: ignore[attr-defined]
    if value is None or row.note == BORROWS:  # type: ignore[attr-defined]
        return None, ""
    if figure.startswith(("irr", "mirr")):
        return value, language.percent(value)
    return value, language.number(value, 2) if figure.startswith("dscr") else language.number(value / size, 2)
