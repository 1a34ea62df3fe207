"""Finance: what the plan is worth against the other plans, to whom, and its cash year by year; only where the park asks for it."""

from __future__ import annotations

import pandas as pd

from planner.answer.page.annex import Report, Section, section
from planner.answer.page.bank import bank
from planner.answer.page.bars import YearChart
from planner.answer.page.table import Markup, join, number, table, tag
from planner.answer.saving import at_end, told_timing, usual
from planner.finance.figures import BORROWS, NOT_UNIQUE
from planner.finance.terms import PARK
from planner.language.language import mark
from planner.language.words import ACCOUNTS, BASES, CARRIERS, FIGURES, PLANS, named
from planner.plan import CAPITAL_ITEMS

#: Figures that are shown, and the basis on which: money in a table, rates and years in another, which are as wide as a sheet.
SHOWN = (
    (("npv", "real"), ("value_beyond", "real"), ("npv_after_tax", "real"), ("npv_equity", "real"), ("peak_funding", "nominal")),
    (
        ("irr", "real"),
        ("irr_after_tax", "real"),
        ("irr_equity", "nominal"),
        ("payback", "real"),
        ("payback_discounted", ""),
        ("dscr_least", ""),
    ),
)
#: Basis of figures to which finance.csv gives none, as there is only one.
OF_ONE = {"payback_discounted": "real", "dscr_least": "nominal"}

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
    each = (_cash, _owners, _figures)
    parts = [part for against in dict.fromkeys(rows["against"]) for make in each if (part := make(report, against))]
    note = say(
        "Each project bears its own cost. Its energy counts at what a MWh of that carrier costs in the plan compared with; so the "
        "projects add up to the whole, and a project may be worth less or more once others are left out. finance.xlsx has the same "
        "as formulas: a term, a price or a capital cost may be changed there."
    )
    timing = told_timing(report.language, at_end(report.output.summary))
    return section(
        "finance",
        say("Finance"),
        tag("p", report.language.sentences(note, _of_stores(report), timing, _bases(report))),
        *parts,
        _levelised(report),
    )


def _of_stores(report: Report) -> str:
    """That the account of a store has not what it earns, and where that is told; empty where nothing is stored."""
    flows, say = report.output.target["energy"]["flow"], report.language.translate
    if not (flows == "discharge").any():
        return ""
    if not report.output.alone["stores"].empty:
        return say("What a store earns by the hour and by lower peaks is not in its account, but under What stores earn.")
    return say(
        "What a store earns by the hour and by lower peaks is not in its account but in those of the supplies: `plan "
        "what-if OUT --stores` tells it by stream."
    )


def _bases(report: Report) -> str:
    """With which plan each part compares, and what real and nominal mean."""
    summary, say = report.output.summary, report.language.translate
    terms = summary.get("financing") or {}
    real = say("Real money is in prices of {year}.", year=summary["price_year"])
    if "inflation" in terms:
        rise = report.language.percent(terms["inflation"], 1)
        words = mark("Real money is in prices of {year}, nominal money rises from them by {inflation} a year.")
        real = say(words, year=summary["price_year"], inflation=rise)
    if (today := usual(summary)) is None:
        return real
    words = mark("The first screen compares with {plan}; here each title says with which plan it compares.")
    return report.language.sentences(say(words, plan=named(report.language, PLANS, today)), real)


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
    say = report.language.translate
    words = named(report.language, FIGURES, figure)
    of_money = not figure.startswith(("irr", "mirr", "payback", "dscr"))
    unit = unit if of_money else say("in years") if figure.startswith("payback") else ""
    inside = ", ".join(part for part in (named(report.language, BASES, basis or OF_ONE.get(figure, "")), unit) if part)
    return f"{words} [{inside}]" if inside else words


def _shown(report: Report, row: object, size: float) -> tuple[float | None, str]:
    language, value = report.language, None if pd.isna(row.value) else float(row.value)  # type: ignore[attr-defined]
    figure: str = row.figure  # type: ignore[attr-defined]
    if value is None or row.note == BORROWS:  # type: ignore[attr-defined]
        return None, ""
    if figure.startswith(("irr", "mirr")):
        return value, language.percent(value)
    if figure.startswith("payback"):
        return value, language.number(value)
    return value, language.number(value, 2) if figure.startswith("dscr") else language.number(value / size, 2)


def _cash(report: Report, against: str) -> Markup:
    """The whole's cash of each year, and added up."""
    language, (unit, size) = report.language, report.money
    say, rows = language.translate, report.output.alone["cash_flow"]
    own = rows[(rows["against"] == against) & (rows["account"] == "all")]
    by = own.pivot_table(index="year", columns="item", values="nominal", aggfunc="sum")
    by = by.reindex(report.output.years).fillna(0.0) / size
    parts = {
        "capital": say("capital"),
        "operating": say("operating saving"),
        "grants": say("grants"),
        "tax": say("tax"),
        "borrowed": say("borrowed"),
        "debt_service": say("debt service"),
    }
    bars = pd.DataFrame({words: by[item] for item, words in parts.items() if item in by}, index=report.output.years)
    equity = by["equity"] if "equity" in by else bars.sum(axis=1)
    lines = pd.DataFrame({say("cash of the owner"): equity, say("cash of the owner, added up"): equity.cumsum()})
    end = say(
        "Cash of the owner adds up to {money} by {year}",
        year=report.output.years[-1],
        money=f"{language.amount(float(equity.sum()))} {unit}",
    )
    note = say("Nominal money. Above zero the target plan is better than the plan compared with.")
    title = say("Cash of the target against {plan}", plan=named(language, PLANS, against))
    return report.chart(YearChart(title, unit, bars, lines, note=note, finding=end))


def _owners(report: Report, against: str) -> Markup:
    """The cash of each owner, where there are several."""
    language, (unit, size) = report.language, report.money
    say, rows = language.translate, report.output.alone["cash_flow"]
    own = rows[(rows["against"] == against) & (rows["account"] == "owner") & (rows["item"] == "equity")]
    by = own.pivot_table(index="year", columns="name", values="nominal", aggfunc="sum")
    if len(by.columns) < 2:
        return Markup("")
    by = by.reindex(report.output.years).fillna(0.0) / size
    lines = pd.DataFrame({say("all owners"): by.sum(axis=1)})
    words = (
        say("Nominal money after tax and debt, each owner by its own terms."),
        say("What an owner passes on of its saving is the park's.") if (rows["item"] == "passed").any() else "",
    )
    end = say(
        "Cash of all owners adds up to {money} by {year}",
        year=report.output.years[-1],
        money=f"{language.amount(float(by.to_numpy().sum()))} {unit}",
    )
    title = say("Cash of each owner, target against {plan}", plan=named(language, PLANS, against))
    return report.chart(YearChart(title, unit, by, lines, note=words[0], more=words[1], finding=end))


def _levelised(report: Report) -> Markup:
    language = report.language
    say, rows = language.translate, report.output.alone["levelised"]
    if rows.empty:
        return Markup("")
    title = say("What a MWh costs in the target plan")
    head = [say("carrier"), f"{language.currency(report.output.currency)}/MWh"]
    costs = zip(rows["carrier"], rows["value"], strict=True)
    body = [[named(language, CARRIERS, carrier), number(cost, language.number(cost, 1))] for carrier, cost in costs]
    note = say(
        "Levelised, real: all that is paid for energy, equipment and carbon over the years, discounted, by what end uses draw."
    )
    return tag("figure", tag("figcaption", tag("h3", title), tag("p", note, class_="note")), table(head, body, 1, title))
