"""The sheet of terms of finance.xlsx: those of [finance], and beside them a column for each owner."""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from planner.finance.accounts import PARK, Terms
from planner.finance.statements import Statements
from planner.language.language import Language, mark
from planner.report.sheets import Sheets

#: Looks of a cell that may be changed.
INPUT = {"bg_color": "#FFF2CC", "border": 1, "border_color": "#BFBFBF"}
#: Terms by the name of their cell: what they are.
TERMS = {
    "inflation": mark("rise of all prices per year"),
    "tax_rate": mark("share of the profit that is paid as tax"),
    "most_debt": mark("share of the net capital that is borrowed; with a cover ratio the most of it"),
    "interest": mark("interest on debt per year, nominal"),
    "tenor": mark("years in which debt is served"),
    "grace": mark("the first of them, in which interest alone is paid"),
    "cover_ratio": mark("least ratio of cash to debt service; empty: none is asked for"),
    "timing": mark("end: capital, grants and loans at the start of a year, all else at its end; start: all at its start"),
    "residual_value": mark("share that is counted of the value beyond the horizon"),
    "discount_rate": mark("real discount rate per year; the value beyond the horizon stays as it was planned with"),
}
#: Terms that no owner has of its own.
ALIKE = ("inflation", "timing", "residual_value")


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
        **{name: getattr(finance, name) for name in ("inflation", "tax_rate", "most_debt", "interest", "tenor", "grace")},
        "cover_ratio": finance.cover_ratio,
        "timing": finance.timing,
        "residual_value": finance.residual_value,
        "discount_rate": terms.rate,
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
