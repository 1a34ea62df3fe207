"""A blank park written: as a folder of CSV tables, or as a workbook with a sheet a table."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from models.errors import CaseError
from planner.importers.write import csv_text
from planner.language.language import ENGLISH, Language
from planner.park.book import letters
from planner.park.fields import heading_unit
from planner.tables.place import PARK, check_place, writing
from planner.templates.blank import Row
from planner.templates.columns import choices, columns, headings
from planner.templates.datapackage import FILE, datapackage_text
from planner.templates.notes import notes

#: Rows of a sheet that drop-downs cover; columns of key and value of the sheets of settings.
MOST_ROWS, SETTINGS = 300, ("key", "value", "unit", "note")


def write_folder(folder: Path, tables: dict[str, list[Row]]) -> list[Path]:
    """Write the park as a folder; gives its files. Raises CaseError where that would overwrite something."""
    if os.path.lexists(folder) and not folder.is_symlink() and (not folder.is_dir() or any(folder.iterdir())):
        raise CaseError.because("{folder}: is there already; name a new folder", folder=folder)
    check_place(folder, PARK)
    with writing(folder, PARK) as (new, moved):
        for name, rows in tables.items():
            if name in ("park", "goal"):
                text = "".join(_toml(name, row) for row in rows if row["value"])
                (new / f"{name}.toml").write_text(text, encoding="utf-8")
            else:
                (new / f"{name}.csv").write_text(csv_text(headings(name, rows), rows), encoding="utf-8")
        (new / FILE).write_text(datapackage_text(new), encoding="utf-8")
    return sorted(moved.place.iterdir())


def _toml(table: str, row: Row) -> str:
    key, value = row["key"], row["value"]
    kind = columns(table)[key].kind
    return f"{key} = {value}\n" if kind != "text" else f"{key} = {json.dumps(value, ensure_ascii=False)}\n"


def write_book(
    path: Path,
    tables: Mapping[str, list[Row]],
    language: Language,
    headed: Mapping[str, tuple[str, ...]] | None = None,
    noted: str = "",
) -> Path:
    """Write the park as a workbook, with notes in the language `noted`, else in `language`. `headed` are the columns of each table,
    left out: those of a new park, whose rows are examples. Raises CaseError where that would overwrite something or cannot be
    written."""
    import xlsxwriter

    if os.path.lexists(path):
        raise CaseError.because("{path}: is there already; name a new workbook", path=path)
    if not path.absolute().parent.is_dir():
        raise CaseError.because("{path}: the folder {parent} does not exist", path=path, parent=path.absolute().parent)
    currency = next((row["value"] for row in tables["park"] if row["key"] == "currency"), "CNY")
    try:
        with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            made = _Book(book, currency, headed, notes(noted or language.code))
            made.words(language if noted in ("", language.code) else ENGLISH)
            for name, rows in tables.items():
                made.sheet(name, rows)
            made.lists()
    except (OSError, xlsxwriter.exceptions.XlsxWriterException) as error:
        raise CaseError.because("{path}: cannot be written ({error})", path=path, error=error) from error
    return path


class _Book:
    """A workbook in the making."""

    def __init__(self, book: Any, currency: str, headed: Mapping[str, tuple[str, ...]] | None, noted: Mapping[str, str]) -> None:
        self.book, self.currency, self.is_blank, self.headed = book, currency, headed is None, headed or {}
        self.noted = noted
        self.head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "valign": "top"})
        self.example = book.add_format({"italic": True, "font_color": "#5A5A5A"} if self.is_blank else {})
        self.listed: dict[tuple[str, ...], str] = {}

    def words(self, language: Language) -> None:
        """What to do, on a sheet that is not read."""
        say = language.translate
        sheet = self.book.add_worksheet("read me")
        sheet.set_column(0, 0, 110)
        for i, line in enumerate(
            (
                say("A sheet is a table of the park. Rows in grey are examples: replace them by your own.")
                if self.is_blank
                else say("A sheet is a table of the park."),
                say("Point at a heading to read what its column means; cells with a list have a drop-down."),
                say("Units stand in the headings, or in the column unit of the row."),
                say(
                    "A heading may name another unit of the same kind, such as kW for MW or 万元 for CNY: its numbers are "
                    "converted."
                ),
                say("A formula must have been calculated and saved; an error such as #N/A, and merged cells, are refused."),
                say("Leave a cell blank where you do not know a figure: the catalogue gives what it can, and each is listed."),
                say("plan check FILE says what is wrong, by sheet and cell; plan --park FILE plans it."),
            )
        ):
            sheet.write(i, 0, self.noted.get(line, line))

    def sheet(self, table: str, rows: list[Row]) -> None:
        """A table: headings with units and notes, example rows, drop-downs."""
        sheet = self.book.add_worksheet(table)
        names = SETTINGS if table in ("park", "goal") else self.headed.get(table) or headings(table, rows)
        sheet.freeze_panes(1, 0)
        known = columns(table)
        for at, name in enumerate(names):
            unit = heading_unit(known.get(name), self.currency) if names is not SETTINGS else ""
            sheet.write_string(0, at, f"{name} [{unit}]" if unit else name, self.head)
            if names is not SETTINGS and name in known:
                sheet.write_comment(0, at, self._note(known[name].says), {"x_scale": 2})
                self._list(sheet, at, choices(table, name))
            sheet.set_column(at, at, max(12, *(min(40, len(row.get(name, "")) + 2) for row in rows)) if len(rows) < 40 else 12)
        for line, row in enumerate(rows, start=1):
            for at, name in enumerate(names):
                is_text = name in known and known[name].kind == "text" and not known[name].unit_column
                _cell(sheet, line, at, row.get(name, ""), self.example if table != "profiles" else None, is_text)
            if names is SETTINGS:
                key = known.get(row["key"])
                _cell(sheet, line, 2, heading_unit(key, self.currency), None)
                _cell(sheet, line, 3, self._note(key.says) if key else "", None)
                self._list(sheet, 1, choices(table, row["key"]), line, line)
        if names is SETTINGS:
            sheet.set_column(1, 1, 24)
            sheet.set_column(3, 3, 90)

    def _note(self, says: str) -> str:
        return self.noted.get(says, says)

    def _list(self, sheet: Any, at: int, allowed: tuple[str, ...], first: int = 1, last: int = MOST_ROWS) -> None:
        if not allowed:
            return
        name = self.listed.setdefault(allowed, f"list_{len(self.listed) + 1}")
        sheet.data_validation(first, at, last, at, {"validate": "list", "source": f"={name}", "error_type": "warning"})

    def lists(self) -> None:
        """The choices of the drop-downs, on a hidden sheet."""
        sheet = self.book.add_worksheet("lists")
        for at, (allowed, name) in enumerate(self.listed.items()):
            for line, text in enumerate(allowed):
                _cell(sheet, line, at, text, None)
            letter = letters(at)
            self.book.define_name(name, f"=lists!${letter}$1:${letter}${len(allowed)}")
        sheet.hide()


def _cell(sheet: Any, line: int, at: int, text: str, style: Any, is_text: bool = False) -> None:
    """A cell: a number where all its digits come back from it, else text."""
    if not is_text and re.fullmatch(r"-?\d+(\.\d+)?", text) and float(f"{float(text):.15g}") == float(text):
        sheet.write_number(line, at, float(text), style)
    elif text:
        sheet.write_string(line, at, text, style)
