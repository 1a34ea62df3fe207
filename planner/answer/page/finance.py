"""Finance: what the plan is worth against the other plans, to whom, and its cash year by year; only where the park asks for it."""

from __future__ import annotations

import pandas as pd

from planner.answer.money import at_end, saved_against, told_timing, usual
from planner.answer.page.charts import YearChart
from planner.answer.page.report import Report, Section, section
from planner.answer.page.table import Markup, join, number, table, tag
from planner.finance.ends import BOUGHT, CAPITAL_COST, CARBON, INTEREST, LIMITS, SAVING, SOLD
from planner.finance.figures import BORROWS, NOT_UNIQUE
from planner.finance.terms import PARK
from planner.language.language import mark
from planner.language.words import ACCOUNTS, BASES, CARRIERS, FIGURES, PLANS, named, told_years
from planner.plan import CAPITAL_ITEMS

# --- bank ------------------------------------------------------------------------------------------------------------------
# What a bank asks beside the figures: terms of the loan, its cover, and from savings to present values.
#
# How far the cash of each year covers the debt service:
#
# .. math:: cover_y = (O_y - T_y + \tau J_y) / D_y
#
# O  operating saving, T  tax, J  interest, D  debt service   nominal money (y)     τ  tax rate

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
    return join([note, ends_part(report, against), cover_table(report, against), _bridge(report, against)])


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
        saved_against(summary, against),
        *(found[figure] for figure in ("value_beyond", "npv", "npv_after_tax", "npv_equity")),
    )
    today, plan, rows = usual(summary), named(language, PLANS, against), []
    if today is not None and today != against and against == summary["compared_with"]:
        saved = saved_against(summary, today)
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


def covers(report: Report, against: str) -> pd.DataFrame:
    """Year -> operating saving, tax as it would be without the interest (below 0), cash, debt service (above 0) and the ratio of
    the last two, of the years that serve debt; nominal money. Empty where owners have terms of their own or none are told."""
    terms, rows = report.output.summary.get("financing"), report.output.alone["cash_flow"]
    names = ["operating", "tax", "cash", "service", "cover"]
    if not terms or terms["owners"]:
        return pd.DataFrame(columns=names)
    own = rows[(rows["against"] == against) & (rows["account"] == "all")]
    by = own.pivot_table(index="year", columns="item", values="nominal", aggfunc="sum").fillna(0.0)
    served = by[by["debt_service"] < 0] if "debt_service" in by else by[:0]
    none = pd.Series(0.0, index=served.index)
    tax = served.get("tax", none) + terms["tax_rate"] * served.get("interest", none)
    operating = served.get("operating", none)
    service = -served.get("debt_service", none)
    return pd.DataFrame(dict(zip(names, (operating, tax, operating + tax, service, (operating + tax) / service), strict=True)))


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


def cover_table(report: Report, against: str) -> Markup | None:
    """A column for each year that serves debt; None where none does."""
    found, language, (unit, size) = covers(report, against), report.language, report.money
    if found.empty:
        return None
    say = language.translate
    rows = {
        "operating": say("operating saving"),
        "tax": say("tax as without the interest"),
        "cash": say("cash for debt service"),
        "service": say("debt service"),
    }
    body: list[list[object]] = [
        [words, *(number(v / size, language.number(v / size, 1)) for v in found[item].tolist())] for item, words in rows.items()
    ]
    body.append([say("debt cover"), *(number(v, language.number(v, 2)) for v in found["cover"].tolist())])
    title = say("Cover of debt by year, against {plan} (nominal)", plan=named(language, PLANS, against))
    return join([tag("h4", title), table([unit, *map(str, found.index)], body, 1, title, "by-year")])


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
    each = (_cash, _owners, _figures)
    parts = [part for against in dict.fromkeys(rows["against"]) for make in each if (part := make(report, against))]
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
        *parts,
        _levelised(report),
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
