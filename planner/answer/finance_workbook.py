"""finance.xlsx: the statements as a workbook of formulas. Where a person changes a term, a price or a capital cost, all follows.

Cells that may be changed are yellow: on `terms`, `projects` and `prices`. Everything else is a formula, or what the plan is. A
price is changed as it stands; what follows it is taken times the new one by the old one. The plan stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from planner.answer.finance_formulas import AT, BY_DATE, CENT, COLUMNS, TEXTS, Block, SheetPlaces, values
from planner.answer.workbook import YEAR, Sheets
from planner.finance.accounts import OWNER, WHOLE, Account
from planner.finance.figures import figures
from planner.finance.pieces import OF_ENERGY, TECHNOLOGY, Key
from planner.finance.prices import prices
from planner.finance.statements import CASES, PLANNED, Statements, is_price
from planner.finance.terms import PARK, Terms
from planner.language.language import ENGLISH, Language, mark
from planner.language.words import BASES, FIGURES, named

NAME = "finance.xlsx"
#: Number formats: money, factors, rates.
MONEY, FACTOR, RATE = "#,##0.00", "0.000000", "0.00%"
#: Looks of a cell that may be changed.
INPUT = {"bg_color": "#FFF2CC", "border": 1, "border_color": "#BFBFBF"}


@dataclass(frozen=True)
class Live:
    """A cell: its number as planned, the formula that gives it, its number format, and whether it may be changed."""

    value: Any
    formula: str = ""
    form: str = ""
    is_input: bool = False


def fill(
    sheets: Sheets, sheet: Worksheet, heads: Sequence[str], texts: int, rows: Iterable[Sequence[Any]], name: str = "", top: int = 0
) -> int:
    """Write rows below their headings, of which the first so many stand over texts, as a table of the workbook where it has a name;
    gives the row below."""
    last = top
    for c, title in enumerate(heads):
        sheet.write_string(top, c, title, sheets.head if c < texts else sheets.number_head)
    for last, row in enumerate(rows, start=top + 1):
        for c, given in enumerate(row):
            cell = given if isinstance(given, Live) else Live(given)
            look = ({"num_format": cell.form} if cell.form else {}) | (INPUT if cell.is_input else {})
            if cell.formula:
                is_none = cell.value is None or np.isnan(cell.value)
                sheet.write_formula(last, c, cell.formula, sheets.format(**look), "" if is_none else float(cell.value))
            elif given != "":
                sheets.write(sheet, last, c, cell.value, **look)
    if name:
        own = [{"header": t, "header_format": sheets.head if c < texts else sheets.number_head} for c, t in enumerate(heads)]
        sheet.add_table(top, 0, max(last, top + 1), len(heads) - 1, {"name": name, "style": None, "columns": own})
    if not top:
        sheet.freeze_panes(1, texts)
        sheet.set_column(0, texts - 1, 16)
        sheet.set_column(texts, max(len(heads) - 1, texts), 14)
    return last + 1


def write_finance(statements: Statements, path: Path | BytesIO, language: Language = ENGLISH) -> None:
    """Write the workbook of the statements."""
    sheets, say = Sheets(path), language.translate
    titles = [say("terms"), say("finance"), say("projects"), say("prices"), say("pieces"), say("accounts"), say("levelised cost")]
    terms, finance, projects, priced, pieces, accounts, levelised = map(sheets.book.add_worksheet, titles)
    places = SheetPlaces(
        projects.get_name(),
        {who: r for r, who in enumerate(statements.projects, start=1)},
        times={price.key: f"'{priced.get_name()}'!$G${r}" for r, price in enumerate(prices(statements), start=2)},
        terms=_terms(sheets, terms, statements, language),
        pieces=pieces.get_name(),
        accounts=accounts.get_name(),
    )
    _projects(sheets, projects, statements, language)
    _prices(sheets, priced, statements, language)
    _pieces(sheets, pieces, statements, places, language)
    own = [(against, account) for against in statements.pieces for account in statements.accounts(against)]
    _accounts(sheets, accounts, statements, own, places, language)
    _figures(sheets, finance, statements, own, places, language)
    _levelised(sheets, levelised, statements, places, language)
    sheets.close()


# --- terms -----------------------------------------------------------------------------------------------------------------
# Those of [finance], and beside them a column for each owner.

#: Terms by the name of their cell: what they are.
TERMS = {
    "inflation": mark("rise of all prices per year"),
    "tax_rate": mark("share of the profit that is paid as tax"),
    "most_debt": mark("share of what is bought, less grants, that is borrowed; with a cover ratio the most of it"),
    "interest": mark("interest on debt per year, nominal"),
    "tenor": mark("years in which debt is served"),
    "grace": mark("the first of them, in which interest alone is paid"),
    "cover_ratio": mark("least ratio of cash to debt service; empty: none is asked for"),
    "timing": mark("end: capital, grants and loans at the start of a year, all else at its end; start: all at its start"),
    "residual_value": mark("share that is counted of the value beyond the horizon"),
    "discount_rate": mark("real discount rate per year; the value beyond the horizon stays as it was planned with"),
    "capitalised": mark("1: until an order works its interest is added to the loan, and tenor and grace begin when it works"),
    "fee": mark("share of what is borrowed that the bank takes"),
    "reserve_months": mark("months of debt service in the reserve account"),
    "capital_vat": mark("value-added tax on what is bought, back at the end of the year"),
    "working_capital": mark("share of what was bought that is held as stock and receivables"),
    "case": mark("planned, downside (yields of projects, prices of the downside; the loan as planned) or without grants"),
    "price_year": "",
    "start_year": "",
    "level_service": mark("what is paid each year after the years of grace for 1 that is borrowed"),
    "saving_share": mark("share of the saving of its projects that an owner keeps; the park gets the rest"),
}
#: Terms that no owner has of its own.
ALIKE = (
    *("inflation", "timing", "residual_value", "capitalised", "fee", "reserve_months", "capital_vat", "working_capital", "case"),
    *("price_year", "start_year"),
)


def _terms(sheets: Sheets, sheet: Worksheet, statements: Statements, language: Language) -> dict[str, dict[str, str]]:
    """The sheet of terms; owner -> term -> its cell. Where there are several owners each has a column, which follows [finance]
    where it has no term of its own."""
    say, terms = language.translate, statements.terms
    found = sorted({a.owner for against in statements.pieces for a in statements.accounts(against) if a.owner})
    owners = found if len(found) > 1 or terms.finance.owners else []
    general, names = _stated(terms), {"": {name: name for name in TERMS}}
    given = {o: _stated(terms.of(o)) for o in owners}
    row_of = {name: r for r, name in enumerate(TERMS, start=2)}
    for c, owner in enumerate(owners, start=2):
        own = {name: f"'{sheet.get_name()}'!${xl_col_to_name(c)}${r}" for name, r in row_of.items() if name not in ALIKE}
        names[owner] = own | {name: name for name in ALIKE}
        if owner == PARK:
            del names[owner]["saving_share"]

    def of_owner(owner: str, name: str) -> Any:
        """The cell of an owner's term."""
        if name == "level_service":
            return Live(_level_now(terms.of(owner)), _level(names[owner]))
        if name in ALIKE or name not in names[owner]:
            return ""
        if name == "saving_share":
            return Live(1.0 - terms.passed_on(owner), is_input=True)
        value, above = given[owner][name], f"B{row_of[name]}"
        follows = f"={above}" if name != "cover_ratio" else f'=IF(ISNUMBER({above}),{above},"")'
        return Live(value, "" if value != general[name] else follows, is_input=True)

    fixed = {
        "price_year": terms.price_year,
        "start_year": terms.years[0],
        "level_service": Live(_level_now(terms), _level(names[""])),
        "saving_share": "",
    }
    rows = [
        [
            name,
            fixed.get(name, Live(general.get(name), is_input=True)),
            *(of_owner(o, name) for o in owners),
            say(words) if words else "",
        ]
        for name, words in TERMS.items()
        if owners or name != "saving_share"
    ]
    heads = [say("term"), say("value"), *(say("of {owner}", owner=o) for o in owners), say("what it is")]
    row = fill(sheets, sheet, heads, 1, rows)
    for name, options in (("timing", ["end", "start"]), ("case", [*CASES])):
        sheet.data_validation(row_of[name] - 1, 1, row_of[name] - 1, 1, {"validate": "list", "source": options})
    for name, r in row_of.items():
        if name != "saving_share":
            sheets.book.define_name(name, f"='{sheet.get_name()}'!$B${r}")
    sheet.set_column(len(heads) - 1, len(heads) - 1, 90)
    notes = (
        say(
            "Yellow cells may be changed, on this sheet and on those of projects and prices; every figure follows. The plan stays."
        ),
        say(
            "All money is in {currency}. Above 0 the target plan is better than the plan compared with.",
            currency=statements.currency,
        ),
    )
    for r, note in enumerate(notes, start=row + 1):
        sheets.write(sheet, r, 0, note)
    return names


def _stated(terms: Terms) -> dict[str, Any]:
    """Terms that may be changed, by the name of their cell."""
    own = {"discount_rate": terms.rate, "capitalised": int(terms.finance.capitalised), "case": PLANNED}
    return {name: own.get(name, getattr(terms.finance, name, None)) for name in TERMS}


def _level(cells: Mapping[str, str]) -> str:
    """The formula of the level service."""
    interest, paid = cells["interest"], f"({cells['tenor']}-{cells['grace']})"
    return f"=IF({interest}>0,{interest}/(1-(1+{interest})^-{paid}),1/{paid})"


def _level_now(terms: Terms) -> float:
    """The level service as planned."""
    interest, paid = terms.finance.interest, max(terms.finance.tenor - terms.finance.grace, 1)
    return interest / (1 - (1 + interest) ** -paid) if interest else 1 / paid


# --- what the plan is ------------------------------------------------------------------------------------------------------


def _projects(sheets: Sheets, sheet: Worksheet, statements: Statements, language: Language) -> None:
    """Each project with its grant, the years over which it is written off, and its yield of the downside case."""
    say = language.translate
    heads = [say("kind"), say("name"), say("owner"), say("share given as a grant"), say("years written off")]
    heads += [say("downside yield")]
    rows = (
        [p.kind, p.name, p.owner, *(Live(float(value), is_input=True) for value in (p.grant, p.write_off, p.yields))]
        for p in statements.projects.values()
    )
    fill(sheets, sheet, heads, 3, rows, "Projects")


def _prices(sheets: Sheets, sheet: Worksheet, statements: Statements, language: Language) -> None:
    """Each price, and what all that follows it is taken times."""
    say = language.translate
    heads = [say("item"), say("name"), say("year"), say("unit"), say("price"), say("as planned"), say("times")]
    heads += [say("downside times")]
    lower, rows = statements.terms.finance.downside_prices, []
    for r, price in enumerate(prices(statements), start=2):
        item, name, year = price.key
        times = Live(1.0, f'=E{r}/F{r}*IF(case="downside",H{r},1)', "0.0000")
        down = lower.get(name, 1.0) if is_price(price.key) else 1.0
        now, planned = Live(price.value, form=MONEY, is_input=True), Live(price.value, form=MONEY)
        rows.append([item, name, Live(year, form=YEAR), price.unit, now, planned, times, Live(down, is_input=True)])
    fill(sheets, sheet, heads, 4, rows, "Prices")


def _pieces(sheets: Sheets, sheet: Worksheet, statements: Statements, places: SheetPlaces, language: Language) -> None:
    """What the accounts add up, a block of rows a project; each block is told to the places."""
    say = language.translate
    heads = [say("against"), say("kind"), say("name"), say("owner"), say("part"), say("year"), say("as planned")]
    heads += [say("times"), say("now"), say("beyond the horizon, as planned"), say("beyond the horizon")]
    heads += [say("capital of the plan, as planned"), say("capital of the plan"), say("years until it works")]
    rows: list[list[Any]] = []
    for against, own in statements.pieces.items():
        for who in dict.fromkeys((p.kind, p.name) for p in own):
            first, project = len(rows) + 2, statements.projects.get(who)
            for p in sorted((p for p in own if (p.kind, p.name) == who), key=lambda p: (p.part, p.year)):
                r, times = len(rows) + 2, f"={places.times[p.key]}" if p.key else "=1"
                if p.key and p.key[0] in OF_ENERGY and p.kind == TECHNOLOGY and project:
                    times += f"*IF(case=\"downside\",'{places.sheet_of_projects}'!$F${places.projects[who] + 1},1)"
                row = [against, *who, project.owner if project else PARK, p.part, Live(p.year, form=YEAR)]
                row += [Live(p.amount, form=MONEY), Live(1.0, times), Live(p.amount, f"=G{r}*H{r}", MONEY)]
                row += [Live(p.beyond, form=MONEY), Live(p.beyond, f"=J{r}*H{r}", MONEY)]
                rows.append([*row, Live(p.of_plan, form=MONEY), Live(p.of_plan, f"=L{r}*H{r}", MONEY), p.waits])
            places.blocks[against, *who] = first, len(rows) + 1
    fill(sheets, sheet, heads, 5, rows, "Pieces")


# --- what follows ----------------------------------------------------------------------------------------------------------

#: Accounts, each with the plan that it is against.
Own = Sequence[tuple[str, Account]]


def _accounts(sheets: Sheets, sheet: Worksheet, statements: Statements, own: Own, places: SheetPlaces, language: Language) -> None:
    """A row a year for each account, and one after the last for what is paid at its end and lies beyond."""
    years, rows = statements.terms.years, []
    for number, (against, account) in enumerate(own):
        first = 2 + number * (len(years) + 1)
        places.rows[against, account.kind, account.name] = first, first + len(years) - 1
        if account.kind == OWNER:
            places.lent[against, account.name] = account.share
    for against, account in own:
        parts = [places.rows[against, a.kind, a.name] for of, a in own if of == against and a.kind not in (WHOLE, OWNER)]
        span = (min(first for first, _ in parts), max(last for _, last in parts)) if parts else (2, 2)
        block = Block(places, against, account, span)
        known, formulas = values(account, statements.terms.of(account.owner)), block.formulas()
        waits = [p for p in statements.pieces[against] if (p.kind, p.name, p.part) == (*block.who, "capital")]
        known["waits"] = np.array([sum(p.waits for p in waits if p.year == y) for y in years], dtype=float)
        for i, year in enumerate((*years, years[-1] + 1)):
            is_year, r = i < len(years), block.first + i
            row: list[Any] = [against, account.kind, account.name, account.owner] if is_year else [""] * len(TEXTS)
            row.append(Live(year, form=YEAR))
            for name in [*COLUMNS][len(row) :]:
                form = FACTOR if name in ("index", "level", "discount", "share") else MONEY
                is_there = name in formulas and (is_year or name in BY_DATE)
                row.append(Live(known[name][i], formulas[name](r), form) if is_there else "")
            rows.append(row)
    fill(sheets, sheet, [language.translate(title) for title, _ in COLUMNS.values()], len(TEXTS), rows, "Accounts")


def _figures(sheets: Sheets, sheet: Worksheet, statements: Statements, own: Own, places: SheetPlaces, language: Language) -> None:
    """A row for each account, a column for each figure."""
    say, rows, told = language.translate, list[list[Any]](), []
    for r, (against, account) in enumerate(own, start=2):
        told = figures(account, statements.terms.of(account.owner))
        at = {(f.name, f.basis): f"{xl_col_to_name(c)}{r}" for c, f in enumerate(told, start=3)}
        first, last = places.rows[against, account.kind, account.name]
        term = places.terms.get(account.owner, places.terms[""])
        formulas = _formulas(f"'{places.accounts}'!", first, last, term["discount_rate"], term["tenor"], at)
        cells = [
            Live(f.value, formulas[f.name, f.basis](f.value), RATE if f.name.startswith(("irr", "mirr", "debt_share")) else MONEY)
            for f in told
        ]
        rows.append([against, account.kind, account.name, *cells])
    heads = [say("against"), say("account"), say("name")]
    for figure in told:
        basis, unit = f" ({named(language, BASES, figure.basis)})" if figure.basis else "", statements.unit(figure)
        heads.append(named(language, FIGURES, figure.name) + basis + ("" if unit == "1" else f" [{unit}]"))
    fill(sheets, sheet, heads, 3, rows, "Figures")


#: Where a spreadsheet begins to look for a rate of return, one after the other.
GUESSES = (0.1, -0.3, -0.6, -0.9, 1.0, 5.0, 50.0)
#: A formula made of the value as planned, near which a rate is looked for.
Near = Callable[[float | None], str]


def _formulas(
    sheet: str, first: int, last: int, discount_rate: str, tenor: str, at_figure: Mapping[tuple[str, str], str]
) -> dict[tuple[str, str], Near]:
    """(figure, basis) -> its formula. A nominal present value is the real one at the prices of the first date, a nominal rate the
    real one and the rise of prices; `at_figure`: where each figure stands."""

    def of(name: str) -> str:
        return f"{sheet}${AT[name]}${first}:${AT[name]}${last + (name in BY_DATE)}"

    def at(name: str, row: int) -> str:
        return f"{sheet}${AT[name]}${row}"

    def rate(which: str) -> Near:
        """Rate of return (share of 1 a year; empty where there is not exactly one) of the real cash of a kind."""
        later, earlier = (f"{sheet}${AT[f'sign{which}']}${first + a}:${AT[f'sign{which}']}${last + a}" for a in (1, 0))
        count = f"SUMPRODUCT(({later}<>{earlier})*({earlier}<>0))"

        def formula(near: float | None) -> str:
            """The formula, which tries the rate `near` first, then the usual guesses."""
            found = '""'
            for guess in (*reversed(GUESSES), *([] if near is None else [near])):
                # The logarithm refuses a rate of -1 and below, which is none though the sum is 0 there.
                found = f"IFERROR(EXP(LN(1+IRR({of(f'real{which}')},{guess:.6g})))-1,{found})"
            return f'=IF({count}=1,{found},"")'

        return formula

    years = f"{sheet}${AT['year']}${first}:${AT['year']}${last + 1}"

    def begins(flow: str) -> str:
        """The first date on which there is cash in a column."""
        paid = f"(ABS({of(flow)})>={CENT})"
        return f"SUMPRODUCT(MIN({paid}*{years}+(1-{paid})*9999))"

    def modified(flow: str) -> str:
        """The modified rate of return."""
        got, paid = (f"SUMPRODUCT(({sign}{of(flow)}>={CENT})*{sign}{of(flow)}*{of('discount')})" for sign in ("", "-"))
        length = f"MAX(1,{at('year', last)}+1-{begins(flow)})"
        return f'IF(MIN({got},{paid})<{CENT},"",({got}/{paid})^(1/{length})*(1+{discount_rate})-1)'

    def back(total: str) -> str:
        """Payback (years from the first payment; empty where it never pays back): `total` is the column of sums."""
        behind = f"SUMPRODUCT(MAX(({of(total)}<-{CENT})*{years}))"
        none = f'IF({at(total, last + 1)}<-{CENT},"",{behind}+1-{begins("real")})'
        return f'IF(SUMPRODUCT((ABS({of("real")})>={CENT})*1)=0,"",IF(COUNTIF({of(total)},"<-{CENT}")=0,0,{none}))'

    def always(formula: str) -> Near:
        return lambda _: f"={formula}"

    discounted = {f"npv{end}": f"SUMPRODUCT({of('discount')},{of(flow)})" for end, flow in REAL.items()}
    beyond = f"residual_value*SUMPRODUCT({sheet}${AT['discount']}${first}:${AT['discount']}${last},{of('beyond')})"
    money = {**discounted, "value_beyond": beyond, "npv_with_beyond": f"{discounted['npv']}+{beyond}"}
    found = {(name, "real"): always(formula) for name, formula in money.items()}
    found |= {(f"mirr{end}", "real"): always(modified(flow)) for end, flow in REAL.items()}
    found |= {(f"irr{end}", "real"): rate(flow.removeprefix("real")) for end, flow in REAL.items()}
    found["irr_with_beyond", "real"] = rate("_beyond")
    for name, _ in [*found]:
        real = at_figure[name, "real"]
        risen = f'IF({real}="","",(1+{real})*(1+inflation)-1)'
        found[name, "nominal"] = always(f"{real}*{at('index', first)}" if name in money else risen)
    for basis, total, equity in (("real", "sum_real", "sum_real_equity"), ("nominal", "sum_nominal", "sum_equity")):
        found["payback", basis] = always(back(total))
        found["peak_funding", basis] = always(f"MAX(0,-MIN({of(equity)}))")
    when, paid = f"{sheet}${AT['year']}${first}:${AT['year']}${last}", f"({of('service')}>0)"
    early = f'AVERAGEIFS({of("cover")},{when},"<"&(SUMPRODUCT(MIN({paid}*{when}+(1-{paid})*9999))+{tenor}))'
    begins_at = f"INDEX({of('llcr')},MATCH(TRUE,INDEX(ISNUMBER({of('llcr')}),0),0))"
    for name, figure in (("dscr_least", f"MIN({of('cover')})"), ("dscr_mean", early), ("llcr", begins_at)):
        found[name, ""] = always(f'IF(COUNT({of("cover")})=0,"",{figure})')
    return found | {
        ("payback_discounted", ""): always(back("sum_discounted")),
        ("debt_share", ""): always(f"IF(SUM({of('borrowed')})>0,{at('share', first)},0)"),
        ("borrowed", "nominal"): always(f"SUM({of('borrowed')})"),
        ("debt_at_end", "nominal"): always(at("debt", last)),
    }


#: End of the name of a figure -> the column of its real cash by date.
REAL = {"": "real", "_after_tax": "real_after", "_equity": "real_equity"}


def _levelised(sheets: Sheets, sheet: Worksheet, statements: Statements, places: SheetPlaces, language: Language) -> None:
    """What a MWh of each carrier costs, and below it what that is made of."""
    say, found = language.translate, statements.levelised
    discount = dict(zip(statements.terms.years, statements.terms.discount.tolist(), strict=True))
    costs = found.cost(discount)
    top = len(costs) + 3
    energy_top = top + len(found.parts) + 2
    spans = ((top + 2, len(found.parts)), (energy_top + 2, len(found.energy)))

    def summed(row: int) -> str:
        """Money by MWh, both discounted, of the carrier of a row."""
        columns = ([f"${c}${first}:${c}${first + max(count, 1) - 1}" for c in "AFG"] for first, count in spans)
        money, energy = (f"SUMPRODUCT(EXACT({of},$A{row})*{amount}*{factor})" for of, amount, factor in columns)
        return f"={money}/{energy}"

    def row(r: int, carrier: str, item: str, name: str, year: int, amount: float, key: Key | None) -> list[Any]:
        now = Live(amount, f"=E{r}*{places.times[key] if key else 1}", MONEY)
        factor = Live(discount[year], f"=(1+discount_rate)^-(D{r}-start_year)", FACTOR)
        return [carrier, item, name, Live(year, form=YEAR), Live(amount, form=MONEY), now, factor]

    rows = ([carrier, Live(cost, summed(r), MONEY)] for r, (carrier, cost) in enumerate(sorted(costs.items()), start=2))
    fill(sheets, sheet, [say("carrier"), f"{statements.currency}/MWh"], 1, rows)
    heads = [say("carrier"), say("item"), say("name"), say("year"), say("as planned"), say("now")]
    heads += [say("discount factor")]
    parts = (
        row(r, p.carrier, *((p.key or ("", ""))[:2]), p.year, p.amount, p.key) for r, p in enumerate(found.parts, start=top + 2)
    )
    fill(sheets, sheet, heads, 3, parts, top=top)
    uses = (
        row(r, c, say("energy, MWh"), "", y, v, None) for r, ((c, y), v) in enumerate(found.energy.items(), start=energy_top + 2)
    )
    fill(sheets, sheet, heads, 3, uses, top=energy_top)
    sheet.set_column(0, 6, 16)
