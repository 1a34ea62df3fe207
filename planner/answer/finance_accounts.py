"""The sheets of finance.xlsx that only compute: accounts year by year, their figures, levelised costs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from xlsxwriter.worksheet import Worksheet

from planner.answer.finance_columns import AT, BY_DATE, CENT, COLUMNS, SIGNS, TEXTS, values
from planner.answer.finance_formulas import Block, SheetPlaces
from planner.answer.sheets import YEAR, Sheets
from planner.finance.accounts import OWNER, WHOLE
from planner.finance.figures import figures
from planner.finance.statements import Statements
from planner.language.language import Language
from planner.language.words import BASES, FIGURES, named

#: Where a spreadsheet begins to look for a rate of return, one after the other.
GUESSES = (0.1, -0.3, -0.6, -0.9, 1.0, 5.0, 50.0)


def add_accounts(sheets: Sheets, statements: Statements, places: SheetPlaces, language: Language) -> None:
    """A row a year for each account, and one after the last for what is paid at its end and lies beyond."""
    sheet = sheets.book.add_worksheet(language.translate("accounts"))
    for c, (name, title) in enumerate(COLUMNS.items()):
        sheet.write_string(0, c, language.translate(title), sheets.head if name in TEXTS else sheets.number_head)
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

    def write(row: int, name: str, formula: str, value: float) -> None:
        style = sheets.format(num_format="0.000000" if name in ("index", "discount", "share") else "#,##0.00")
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
                    sheet.write_string(0, c, title + ("" if unit == "1" else f" [{unit}]"), sheets.number_head)
                style = sheets.format(num_format="0.00%" if figure.name.startswith(("irr", "mirr", "debt_share")) else "#,##0.00")
                formula = formulas[figure.name, figure.basis](figure.value)
                sheet.write_formula(row, c, formula, style, "" if figure.value is None else figure.value)
            row += 1
    for c, title in enumerate((say("against"), say("account"), say("name"))):
        sheet.write_string(0, c, title, sheets.head)
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
    for name, figure in (("dscr_least", f"MIN({of('cover')})"), ("dscr_mean", early)):
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
