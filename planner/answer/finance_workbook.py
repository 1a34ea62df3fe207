"""finance.xlsx: the statements as a workbook of formulas. Where a person changes a term, a price or a capital cost, all follows.

Cells that may be changed are yellow: on `terms`, `projects` and `prices`. Everything else is a formula, or what the plan is. A
price is changed as it stands; what follows it is taken times the new one by the old one. The plan stays as it is.

The sheet of terms of finance.xlsx: those of [finance], and beside them a column for each owner.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import numpy as np
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from planner.answer.finance_formulas import AT, BY_DATE, CENT, COLUMNS, SIGNS, TEXTS, Block, SheetPlaces, values
from planner.answer.workbook import YEAR, Sheets
from planner.finance.accounts import OWNER, WHOLE
from planner.finance.figures import figures
from planner.finance.pieces import OF_ENERGY, TECHNOLOGY, Key
from planner.finance.prices import prices
from planner.finance.statements import CASES, PLANNED, Statements, is_price
from planner.finance.terms import PARK, Terms
from planner.language.language import ENGLISH, Language, mark
from planner.language.words import BASES, FIGURES, named

# --- finance accounts ------------------------------------------------------------------------------------------------------
# The sheets of finance.xlsx that only compute: accounts year by year, their figures, levelised costs.

#: Where a spreadsheet begins to look for a rate of return, one after the other.
GUESSES = (0.1, -0.3, -0.6, -0.9, 1.0, 5.0, 50.0)


def add_accounts(sheets: Sheets, statements: Statements, places: SheetPlaces, language: Language) -> None:
    """A row a year for each account, and one after the last for what is paid at its end and lies beyond."""
    sheet = sheets.book.add_worksheet(language.translate("accounts"))
    titles = [language.translate(title) for title in COLUMNS.values()]
    sheet.freeze_panes(1, 5)
    sheet.set_column(0, 3, 14)
    sheet.set_column(4, len(COLUMNS) - 1, 13)
    places.accounts, row = sheet.get_name(), 2
    count = len(statements.terms.years)
    everything = {against: statements.accounts(against) for against in statements.pieces}
    for against, own in everything.items():
        for account in own:
            places.rows[against, account.kind, account.name] = row, row + count - 1
            row += count + 1
            if account.kind == OWNER:
                places.lent[against, account.name] = account.share
    as_table(sheets, sheet, "Accounts", titles, len(TEXTS), row - 2)
    for against, own in everything.items():
        parts = [places.rows[against, a.kind, a.name] for a in own if a.kind not in (WHOLE, OWNER)]
        span = (min(first for first, _ in parts), max(last for _, last in parts)) if parts else (2, 2)
        for account in own:
            _write(sheets, sheet, statements, Block(places, against, account, span))


def _write(sheets: Sheets, sheet: Worksheet, statements: Statements, block: Block) -> None:
    """All cells of an account."""
    account = block.account
    texts = (block.against, account.kind, account.name, account.owner)
    known, order = values(account, statements.terms.of(account.owner)), list(COLUMNS)
    own = [p for p in statements.pieces[block.against] if (p.kind, p.name, p.part) == (*block.who, "capital")]
    known["waits"] = np.array([sum(p.waits for p in own if p.year == y) for y in statements.terms.years], dtype=float)

    def write(row: int, name: str, formula: str, value: float) -> None:
        style = sheets.format(num_format="0.000000" if name in ("index", "level", "discount", "share") else "#,##0.00")
        sheet.write_formula(row - 1, order.index(name), formula, style, "" if np.isnan(value) else float(value))

    formulas = block.formulas()
    for i, year in enumerate(statements.terms.years):
        for c, text in enumerate(texts):
            sheets.write(sheet, block.first + i - 1, c, text)
        sheets.write(sheet, block.first + i - 1, len(texts), year, num_format=YEAR)
        for name, formula in formulas.items():
            write(block.first + i, name, formula(block.first + i), known[name][i])
    sheets.write(sheet, block.last, len(texts), statements.terms.years[-1] + 1, num_format=YEAR)
    for name in BY_DATE:
        write(block.last + 1, name, formulas[name](block.last + 1), known[name][-1])


def add_figures(sheets: Sheets, sheet: Worksheet, statements: Statements, places: SheetPlaces, language: Language) -> None:
    """A row for each account, a column for each figure."""
    say, row = language.translate, 1
    titles = [say("against"), say("account"), say("name")]
    for against in statements.pieces:
        for account in statements.accounts(against):
            first, last = places.rows[against, account.kind, account.name]
            term = places.terms.get(account.owner, places.terms[""])
            formulas = _figures(f"'{places.accounts}'!", first, last, term["discount_rate"], term["tenor"])
            for c, text in enumerate((against, account.kind, account.name)):
                sheets.write(sheet, row, c, text)
            for c, figure in enumerate(figures(account, statements.terms.of(account.owner)), start=3):
                if row == 1:
                    basis = f" ({named(language, BASES, figure.basis)})" if figure.basis else ""
                    title = named(language, FIGURES, figure.name) + basis
                    unit = statements.unit(figure)
                    titles.append(title + ("" if unit == "1" else f" [{unit}]"))
                style = sheets.format(num_format="0.00%" if figure.name.startswith(("irr", "mirr", "debt_share")) else "#,##0.00")
                formula = formulas[figure.name, figure.basis](figure.value)
                sheet.write_formula(row, c, formula, style, "" if figure.value is None else figure.value)
            row += 1
    as_table(sheets, sheet, "Figures", titles, 3, row - 1)
    sheet.freeze_panes(1, 3)
    sheet.set_column(0, 40, 14)


def _figures(sheet: str, first: int, last: int, discount_rate: str, tenor: str) -> dict:
    """(figure, basis) -> its formula, made of the value as planned, near which a rate is looked for."""

    def of(name: str) -> str:
        more = name in BY_DATE
        return f"{sheet}${AT[name]}${first}:${AT[name]}${last + more}"

    def at(name: str, row: int) -> str:
        return f"{sheet}${AT[name]}${row}"

    def rate(flow: str) -> Callable[[float | None], str]:
        """Formula of a rate of return (share of 1 a year; empty where there is not exactly one): of the cash in column `flow`."""
        later, earlier = (f"{sheet}${AT[SIGNS[flow]]}${first + a}:${AT[SIGNS[flow]]}${last + a}" for a in (1, 0))
        count = f"SUMPRODUCT(({later}<>{earlier})*({earlier}<>0))"

        def formula(near: float | None) -> str:
            """The formula, which tries the rate `near` first, then the usual guesses."""
            found = '""'
            for guess in (*reversed(GUESSES), *([] if near is None else [near])):
                # The logarithm refuses a rate of -1 and below, which is none though the sum is 0 there.
                found = f"IFERROR(EXP(LN(1+IRR({of(flow)},{guess:.6g})))-1,{found})"
            return f'=IF({count}=1,{found},"")'

        return formula

    years = f"{sheet}${AT['year']}${first}:${AT['year']}${last + 1}"

    def begins(flow: str) -> str:
        """The first date on which there is cash in a column."""
        paid = f"(ABS({of(flow)})>={CENT})"
        return f"SUMPRODUCT(MIN({paid}*{years}+(1-{paid})*9999))"

    def modified(flow: str, more: str) -> Callable[[float | None], str]:
        """Formula of the modified rate of return; `more` is what its factors have beside the discount, and its rise."""
        factors, rise = (of("discount"), "1") if not more else (f"{of('discount')}/{of('index')}", more)
        got, paid = (f"SUMPRODUCT(({sign}{of(flow)}>={CENT})*{sign}{of(flow)}*{factors})" for sign in ("", "-"))
        length = f"MAX(1,{at('year', last)}+1-{begins(flow)})"
        formula = f'=IF(MIN({got},{paid})<{CENT},"",({got}/{paid})^(1/{length})*(1+{discount_rate})*{rise}-1)'
        return lambda _: formula

    def back(total: str) -> str:
        """Formula of a payback (years from the first payment; empty where it never pays back): `total` is the column of sums."""
        behind = f"SUMPRODUCT(MAX(({of(total)}<-{CENT})*{years}))"
        none = f'IF({at(total, last + 1)}<-{CENT},"",{behind}+1-{begins("dated")})'
        return f'=IF(SUMPRODUCT((ABS({of("dated")})>={CENT})*1)=0,"",IF(COUNTIF({of(total)},"<-{CENT}")=0,0,{none}))'

    span = f"{sheet}${AT['discount']}${first}:${AT['discount']}${last}"
    beyond = f"residual_value*SUMPRODUCT({span},{of('beyond')})"
    found: dict = {}
    for basis, worth, kind, rise in (("real", "1", "real", ""), ("nominal", at("index", first), "dated", "(1+inflation)")):
        own = {
            name: f"{worth}*SUMPRODUCT({of('discount')},{of(flow)})"
            for name, flow in (("npv", "real"), ("npv_after_tax", "real_after"), ("npv_equity", "real_equity"))
        }
        own |= {"value_beyond": f"{worth}*{beyond}", "npv_with_beyond": f"{own['npv']}+{worth}*{beyond}"}
        total = "sum_real_equity" if basis == "real" else "sum_equity"
        own["peak_funding"] = f"MAX(0,-MIN({of(total)}))"
        found |= {(name, basis): lambda _, formula=formula: f"={formula}" for name, formula in own.items()}
        found["irr_with_beyond", basis] = rate(f"{kind}_beyond")
        for of_whom, end in (("", ""), ("_after_tax", "_after"), ("_equity", "_equity")):
            found[f"irr{of_whom}", basis] = rate(f"{kind}{end}")
            found[f"mirr{of_whom}", basis] = modified(f"{kind}{end}", rise)
    for name, basis, total in (
        ("payback", "real", "sum_real"),
        ("payback", "nominal", "sum_nominal"),
        ("payback_discounted", "", "sum_discounted"),
    ):
        found[name, basis] = lambda _, total=total: back(total)
    found["debt_share", ""] = lambda _: f"=IF(SUM({of('borrowed')})>0,{at('share', first)},0)"
    found["borrowed", "nominal"] = lambda _: f"=SUM({of('borrowed')})"
    found["debt_at_end", "nominal"] = lambda _: f"={at('debt', last)}"
    when = f"{sheet}${AT['year']}${first}:${AT['year']}${last}"
    paid = f"({of('service')}>0)"
    early = f'AVERAGEIFS({of("cover")},{when},"<"&(SUMPRODUCT(MIN({paid}*{when}+(1-{paid})*9999))+{tenor}))'
    begins_at = f"INDEX({of('llcr')},MATCH(TRUE,INDEX(ISNUMBER({of('llcr')}),0),0))"
    for name, figure in (("dscr_least", f"MIN({of('cover')})"), ("dscr_mean", early), ("llcr", begins_at)):
        found[name, ""] = lambda _, figure=figure: f'=IF(COUNT({of("cover")})=0,"",{figure})'
    return found


def add_levelised(sheets: Sheets, statements: Statements, places: SheetPlaces, language: Language) -> None:
    """What a MWh of each carrier costs, and below it what that is made of."""
    say, found = language.translate, statements.levelised
    sheet = sheets.book.add_worksheet(say("levelised cost"))
    discount = dict(zip(statements.terms.years, statements.terms.discount.tolist(), strict=True))
    costs = found.cost(discount)
    top, number = len(costs) + 3, sheets.format(num_format="#,##0.00")
    energy_top = top + len(found.parts) + 2
    for c, title in enumerate((say("carrier"), f"{statements.currency}/MWh")):
        sheet.write_string(0, c, title, sheets.number_head if c else sheets.head)

    def column(letter: str, first: int, count: int) -> str:
        return f"${letter}${first + 1}:${letter}${first + max(count, 1)}"

    for r, (carrier, cost) in enumerate(sorted(costs.items()), start=1):
        parts, energy = (top + 1, len(found.parts)), (energy_top + 1, len(found.energy))
        own = [
            f"SUMPRODUCT(EXACT({column('A', *place)},$A{r + 1})*{column('F', *place)}*{column('G', *place)})"
            for place in (parts, energy)
        ]
        sheets.write(sheet, r, 0, carrier)
        sheet.write_formula(r, 1, f"={own[0]}/{own[1]}", number, cost)
    titles = (say("carrier"), say("item"), say("name"), say("year"), say("as planned"), say("now"), say("discount factor"))
    rows = [(p.carrier, p.key[0] if p.key else "", p.key[1] if p.key else "", p.year, p.amount, p.key) for p in found.parts]
    uses = [(c, say("energy, MWh"), "", y, value, None) for (c, y), value in found.energy.items()]
    for above, block in ((top, rows), (energy_top, uses)):
        for c, title in enumerate(titles):
            sheet.write_string(above, c, title, sheets.head if c < 3 else sheets.number_head)
        for r, (carrier, item, name, y, amount, key) in enumerate(block, start=above + 1):
            for c, cell in enumerate((carrier, item, name)):
                sheets.write(sheet, r, c, cell)
            sheets.write(sheet, r, 3, y, num_format=YEAR)
            sheets.write(sheet, r, 4, amount, num_format="#,##0.00")
            sheet.write_formula(r, 5, f"=E{r + 1}*{places.times[key] if key else 1}", number, amount)
            sheet.write_formula(
                r, 6, f"=(1+discount_rate)^-(D{r + 1}-start_year)", sheets.format(num_format="0.000000"), discount[y]
            )
    sheet.set_column(0, 6, 16)


# --- finance workbook ------------------------------------------------------------------------------------------------------

#: Looks of a cell that may be changed.
INPUT = {"bg_color": "#FFF2CC", "border": 1, "border_color": "#BFBFBF"}
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
}
#: Terms that no owner has of its own.
ALIKE = ("inflation", "timing", "residual_value", "capitalised", "fee", "reserve_months", "capital_vat", "working_capital", "case")


def as_table(sheets: Sheets, sheet: Worksheet, name: str, titles: list[str], texts: int, last: int) -> None:
    """Make rows a table of the workbook with a name, its headings in the first row; the first so many stand over texts."""
    heads = [{"header": t, "header_format": sheets.head if c < texts else sheets.number_head} for c, t in enumerate(titles)]
    sheet.add_table(0, 0, max(last, 1), len(titles) - 1, {"name": name, "style": None, "columns": heads})


def head(sheets: Sheets, sheet: Worksheet, titles: list[str], texts: int, row: int = 0) -> None:
    """A row of headings that stays in sight; the first so many stand over texts."""
    for c, title in enumerate(titles):
        sheet.write_string(row, c, title, sheets.head if c < texts else sheets.number_head)
    sheet.freeze_panes(row + 1, 0)
    sheet.set_column(0, texts - 1, 16)
    sheet.set_column(texts, max(len(titles) - 1, texts), 14)


def add_terms(sheets: Sheets, statements: Statements, language: Language) -> dict[str, dict[str, str]]:
    """The sheet of terms; owner -> term -> its cell. Where there are several owners each has a column, which follows [finance]
    where it has no term of its own."""
    say, terms = language.translate, statements.terms
    sheet = sheets.book.add_worksheet(say("terms"))
    found = sorted({a.owner for against in statements.pieces for a in statements.accounts(against) if a.owner})
    owners = found if len(found) > 1 or terms.finance.owners else []
    head(sheets, sheet, [say("term"), say("value"), *(say("of {owner}", owner=o) for o in owners), say("what it is")], 1)
    last = 2 + len(owners)
    sheet.set_column(last, last, 90)
    own = _stated(terms)
    names: dict[str, dict[str, str]] = {"": {name: name for name in (*own, "level_service")}}
    for r, (name, value) in enumerate(own.items(), start=1):
        sheets.write(sheet, r, 0, name)
        sheets.write(sheet, r, 1, value, **INPUT)
        sheets.write(sheet, r, last, say(TERMS[name]))
        if name == "timing":
            sheet.data_validation(r, 1, r, 1, {"validate": "list", "source": ["end", "start"]})
        if name == "case":
            sheet.data_validation(r, 1, r, 1, {"validate": "list", "source": [*CASES]})
        sheets.book.define_name(name, f"='{sheet.get_name()}'!$B${r + 1}")
    fixed = {"price_year": terms.price_year, "start_year": terms.years[0]}
    for r, (name, number) in enumerate(fixed.items(), start=len(own) + 1):
        sheets.write(sheet, r, 0, name)
        sheets.write(sheet, r, 1, number)
        sheets.book.define_name(name, f"='{sheet.get_name()}'!$B${r + 1}")
    row = len(own) + len(fixed) + 1
    sheets.write(sheet, row, 0, "level_service")
    sheet.write_formula(row, 1, _level(names[""]), None, _level_now(terms))
    sheets.write(sheet, row, last, say("what is paid each year after the years of grace for 1 that is borrowed"))
    sheets.book.define_name("level_service", f"='{sheet.get_name()}'!$B${row + 1}")
    if owners:
        sheets.write(sheet, row + 1, 0, "saving_share")
        sheets.write(sheet, row + 1, last, say("share of the saving of its projects that an owner keeps; the park gets the rest"))
    for c, owner in enumerate(owners, start=2):
        names[owner] = _add_owner(sheets, sheet, c, owner, terms, row)
    notes = (
        say(
            "Yellow cells may be changed, on this sheet and on those of projects and prices; every figure follows. The plan stays."
        ),
        say(
            "All money is in {currency}. Above 0 the target plan is better than the plan compared with.",
            currency=statements.currency,
        ),
    )
    for r, note in enumerate(notes, start=row + 3):
        sheets.write(sheet, r, 0, note)
    return names


def _stated(terms: Terms) -> dict[str, float | str | None]:
    """Terms that may be changed, by the name of their cell."""
    finance = terms.finance
    return {
        "inflation": finance.inflation,
        "tax_rate": finance.tax_rate,
        "most_debt": finance.most_debt,
        "interest": finance.interest,
        "tenor": finance.tenor,
        "grace": finance.grace,
        "cover_ratio": finance.cover_ratio,
        "timing": finance.timing,
        "residual_value": finance.residual_value,
        "discount_rate": terms.rate,
        "capitalised": int(finance.capitalised),
        **{name: getattr(finance, name) for name in ("fee", "reserve_months", "capital_vat", "working_capital")},
        "case": PLANNED,
    }


def _add_owner(sheets: Sheets, sheet: Worksheet, c: int, owner: str, terms: Terms, row: int) -> dict[str, str]:
    """The column of an owner; term -> its cell. `row` is that of the level service."""
    general, own, found = _stated(terms), _stated(terms.of(owner)), {}
    for r, (name, value) in enumerate(own.items(), start=1):
        if name in ALIKE:
            continue
        found[name] = f"'{sheet.get_name()}'!{xl_rowcol_to_cell(r, c, True, True)}"
        if value != general[name]:
            sheets.write(sheet, r, c, value, **INPUT)
            continue
        follows = f"=B{r + 1}" if name != "cover_ratio" else f'=IF(ISNUMBER(B{r + 1}),B{r + 1},"")'
        sheet.write_formula(r, c, follows, sheets.format(**INPUT), "" if value is None else value)
    found["level_service"] = f"'{sheet.get_name()}'!{xl_rowcol_to_cell(row, c, True, True)}"
    sheet.write_formula(row, c, _level(found), None, _level_now(terms.of(owner)))
    if owner != PARK:
        sheets.write(sheet, row + 1, c, 1.0 - terms.passed_on(owner), **INPUT)
        found["saving_share"] = f"'{sheet.get_name()}'!{xl_rowcol_to_cell(row + 1, c, True, True)}"
    return found


def _level(cells: Mapping[str, str]) -> str:
    """The formula of the level service."""
    interest, paid = cells["interest"], f"({cells['tenor']}-{cells['grace']})"
    return f"=IF({interest}>0,{interest}/(1-(1+{interest})^-{paid}),1/{paid})"


def _level_now(terms: Terms) -> float:
    """The level service as planned."""
    interest, paid = terms.finance.interest, max(terms.finance.tenor - terms.finance.grace, 1)
    return interest / (1 - (1 + interest) ** -paid) if interest else 1 / paid


NAME = "finance.xlsx"


def write_finance(statements: Statements, path: Path | BytesIO, language: Language = ENGLISH) -> None:
    """Write the workbook of the statements."""
    sheets = Sheets(path)
    terms = add_terms(sheets, statements, language)
    figures = sheets.book.add_worksheet(language.translate("finance"))
    places = SheetPlaces(*_add_projects(sheets, statements, language), times=_add_prices(sheets, statements, language), terms=terms)
    _add_pieces(sheets, statements, places, language)
    add_accounts(sheets, statements, places, language)
    add_figures(sheets, figures, statements, places, language)
    add_levelised(sheets, statements, places, language)
    sheets.close()


def _add_projects(sheets: Sheets, statements: Statements, language: Language) -> tuple[str, dict[tuple[str, str], int]]:
    """The sheet's name, and (kind, name) -> row of a project, with its grant and the years over which it is written off."""
    say = language.translate
    sheet = sheets.book.add_worksheet(say("projects"))
    titles = [
        say("kind"),
        say("name"),
        say("owner"),
        say("share given as a grant"),
        say("years written off"),
        say("downside yield"),
    ]
    head(sheets, sheet, titles, 3)
    as_table(sheets, sheet, "Projects", titles, 3, len(statements.projects))
    places = {}
    for r, (who, project) in enumerate(statements.projects.items(), start=1):
        places[who] = r
        for c, text in enumerate((project.kind, project.name, project.owner)):
            sheets.write(sheet, r, c, text)
        sheets.write(sheet, r, 3, project.grant, **INPUT)
        sheets.write(sheet, r, 4, float(project.write_off), **INPUT)
        sheets.write(sheet, r, 5, float(project.yields), **INPUT)
    return sheet.get_name(), places


def _add_prices(sheets: Sheets, statements: Statements, language: Language) -> dict[Key, str]:
    """Key -> cell that says what it is taken times."""
    say = language.translate
    sheet = sheets.book.add_worksheet(say("prices"))
    titles = [
        say("item"),
        say("name"),
        say("year"),
        say("unit"),
        say("price"),
        say("as planned"),
        say("times"),
        say("downside times"),
    ]
    head(sheets, sheet, titles, 4)
    lower, found = statements.terms.finance.downside_prices, {}
    for r, price in enumerate(prices(statements), start=1):
        for c, cell in enumerate((*price.key, price.unit)):
            sheets.write(sheet, r, c, cell, **({"num_format": YEAR, "align": "left"} if c == 2 else {}))
        sheets.write(sheet, r, 4, price.value, num_format="#,##0.00", **INPUT)
        sheets.write(sheet, r, 5, price.value, num_format="#,##0.00")
        sheet.write_formula(r, 6, f'=E{r + 1}/F{r + 1}*IF(case="downside",H{r + 1},1)', sheets.format(num_format="0.0000"), 1.0)
        sheets.write(sheet, r, 7, lower.get(price.key[1], 1.0) if is_price(price.key) else 1.0, **INPUT)
        found[price.key] = f"'{sheet.get_name()}'!{xl_rowcol_to_cell(r, 6, True, True)}"
    as_table(sheets, sheet, "Prices", titles, 4, len(found))
    return found


def _add_pieces(sheets: Sheets, statements: Statements, places: SheetPlaces, language: Language) -> None:
    """What the accounts add up, a block of rows a project; each block is told to the places."""
    say = language.translate
    sheet = sheets.book.add_worksheet(say("pieces"))
    beyond, capital = say("beyond the horizon, as planned"), say("capital of the plan, as planned")
    later = say("beyond the horizon"), say("capital of the plan"), say("years until it works")
    texts = [say("against"), say("kind"), say("name"), say("owner"), say("part")]
    titles = [*texts, say("year"), say("as planned"), say("times"), say("now"), beyond, later[0], capital, *later[1:]]
    head(sheets, sheet, titles, 5)
    places.pieces, row, number = sheet.get_name(), 1, sheets.format(num_format="#,##0.00")
    for against, own in statements.pieces.items():
        for who in dict.fromkeys((p.kind, p.name) for p in own):
            first, project = row, statements.projects.get(who)
            for p in sorted((p for p in own if (p.kind, p.name) == who), key=lambda p: (p.part, p.year)):
                cells = (against, p.kind, p.name, project.owner if project else PARK, p.part)
                for c, text in enumerate(cells):
                    sheets.write(sheet, row, c, text)
                sheets.write(sheet, row, 5, p.year, num_format=YEAR)
                times = f"={places.times[p.key]}" if p.key else "=1"
                if p.key and p.key[0] in OF_ENERGY and p.kind == TECHNOLOGY and project:
                    times += f"*IF(case=\"downside\",'{places.sheet_of_projects}'!$F${places.projects[who] + 1},1)"
                sheet.write_formula(row, 7, times, None, 1.0)
                sheets.write(sheet, row, 13, p.waits)
                for c, value in ((6, p.amount), (9, p.beyond), (11, p.of_plan)):
                    sheets.write(sheet, row, c, value, num_format="#,##0.00")
                    from_cell = xl_rowcol_to_cell(row, c)
                    sheet.write_formula(row, 8 if c == 6 else c + 1, f"={from_cell}*H{row + 1}", number, value)
                row += 1
            places.blocks[against, *who] = first + 1, row
    as_table(sheets, sheet, "Pieces", titles, 5, row - 1)
