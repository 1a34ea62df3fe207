"""finance.xlsx: the statements as a workbook of formulas. Where a person changes a term, a price or a capital cost, all follows.

Cells that may be changed are yellow: on `terms`, `projects` and `prices`. Everything else is a formula, or what the plan is. A
price is changed as it stands; what follows it is taken times the new one by the old one. The plan stays as it is.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from xlsxwriter.exceptions import XlsxFileError
from xlsxwriter.utility import xl_rowcol_to_cell

from planner.finance.accounts import PARK
from planner.finance.pieces import Key
from planner.finance.prices import prices
from planner.finance.statements import Statements
from planner.language.language import ENGLISH, Language
from planner.report.finance_accounts import add_accounts, add_figures, add_levelised
from planner.report.finance_formulas import SheetPlaces
from planner.report.finance_terms import INPUT, add_terms, head
from planner.report.sheets import YEAR, Sheets

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
    try:
        sheets.book.close()
    except XlsxFileError as error:  # what the system said is within it
        raise next((a for a in error.args if isinstance(a, OSError)), error) from error


def _add_projects(sheets: Sheets, statements: Statements, language: Language) -> tuple[str, dict[tuple[str, str], int]]:
    """The sheet's name, and (kind, name) -> row of a project, with its grant and the years over which it is written off."""
    say = language.translate
    sheet = sheets.book.add_worksheet(say("projects"))
    head(sheets, sheet, [say("kind"), say("name"), say("owner"), say("share given as a grant"), say("years written off")], 3)
    places = {}
    for r, (who, project) in enumerate(statements.projects.items(), start=1):
        places[who] = r
        for c, text in enumerate((project.kind, project.name, project.owner)):
            sheets.write(sheet, r, c, text)
        sheets.write(sheet, r, 3, project.grant, **INPUT)
        sheets.write(sheet, r, 4, float(project.write_off), **INPUT)
    return sheet.get_name(), places


def _add_prices(sheets: Sheets, statements: Statements, language: Language) -> dict[Key, str]:
    """Key -> cell that says what it is taken times."""
    say = language.translate
    sheet = sheets.book.add_worksheet(say("prices"))
    titles = [say("item"), say("name"), say("year"), say("unit"), say("price"), say("as planned"), say("times")]
    head(sheets, sheet, titles, 4)
    found = {}
    for r, price in enumerate(prices(statements), start=1):
        for c, cell in enumerate((*price.key, price.unit)):
            sheets.write(sheet, r, c, cell, **({"num_format": YEAR, "align": "left"} if c == 2 else {}))
        sheets.write(sheet, r, 4, price.value, num_format="#,##0.00", **INPUT)
        sheets.write(sheet, r, 5, price.value, num_format="#,##0.00")
        sheet.write_formula(r, 6, f"=E{r + 1}/F{r + 1}", sheets.format(num_format="0.0000"), 1.0)
        found[price.key] = f"'{sheet.get_name()}'!{xl_rowcol_to_cell(r, 6, True, True)}"
    sheet.autofilter(0, 0, max(len(found), 1), 3)
    return found


def _add_pieces(sheets: Sheets, statements: Statements, places: SheetPlaces, language: Language) -> None:
    """What the accounts add up, a block of rows a project; each block is told to the places."""
    say = language.translate
    sheet = sheets.book.add_worksheet(say("pieces"))
    beyond, capital = say("beyond the horizon, as planned"), say("capital of the plan, as planned")
    texts = [say("against"), say("kind"), say("name"), say("owner"), say("part")]
    titles = [*texts, say("year"), say("as planned"), say("times"), say("now"), beyond, say("now"), capital, say("now")]
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
                sheet.write_formula(row, 7, f"={places.times[p.key]}" if p.key else "=1", None, 1.0)
                for c, value in ((6, p.amount), (9, p.beyond), (11, p.of_plan)):
                    sheets.write(sheet, row, c, value, num_format="#,##0.00")
                    from_cell = xl_rowcol_to_cell(row, c)
                    sheet.write_formula(row, 8 if c == 6 else c + 1, f"={from_cell}*H{row + 1}", number, value)
                row += 1
            places.blocks[against, *who] = first + 1, row
    sheet.autofilter(0, 0, max(row - 1, 1), 5)
