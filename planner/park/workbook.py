"""A workbook opened: the rows of its sheets, with errors and formulas that nothing has calculated in their places."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from models.errors import CaseError
from planner.park.cells import MOST_CELLS, MOST_COLUMNS, CellLook, cell_name, look_through, packed, unpacked

#: First bytes of an xls file, and of one that is locked by a password.
OLD = b"\xd0\xcf\x11\xe0"


class Percent(float):
    """A number that its cell shows as a percentage: 0.05 for 5 %."""


class Workbook:
    """The sheets of a workbook, read one by one.

    Raises CaseError where the file is no workbook that can be read; each sheet where it cannot be.
    """

    def __init__(self, path: Path, content: bytes) -> None:
        from python_calamine import CalamineError, CalamineWorkbook

        self.path, self.is_old = path, content.startswith(OLD)
        self._unreadable = (CalamineError, ValueError, OSError)
        try:
            parts = unpacked(content) if content.startswith(b"PK") else {}
            self.looks = look_through(parts)
            if not self.looks and not self.is_old:
                raise ValueError("no .xlsx; save it as one")
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(packed(parts) if parts else content))
        except BaseException as error:
            if self._is_unreadable(error):
                raise self._no_workbook(error) from error
            raise
        self.names: list[str] = list(self._book.sheet_names)

    def _is_unreadable(self, error: BaseException) -> bool:
        """True of what damaged files raise; the library ends with an error of its own that is no Exception where it gives up."""
        return isinstance(error, self._unreadable) or type(error).__name__ == "PanicException"

    def _no_workbook(self, error: BaseException) -> CaseError:
        return CaseError.because("{path}: cannot be read as a workbook ({error})", path=self.path, error=error)

    def look(self, name: str) -> CellLook:
        """What the cells of a sheet hold beside their values; nothing is known of a sheet of an xls file."""
        return self.looks.get(name, CellLook())

    def is_filled(self, name: str) -> bool:
        """True of a sheet that holds something."""
        return self.look(name).rows > 0 or self.look(name).far is not None if not self.is_old else bool(self.rows(name))

    def rows(self, name: str) -> list[list[Any]]:
        """The rows of a sheet, blank ones in their places; an error is text, `#N/A`, and so is a formula without a value, `=A1*2`.

        Raises CaseError where a cell stands so far off that no table reaches it.
        """
        look = self.look(name)
        if look.far is not None:
            raise CaseError.because(
                "{path} sheet {sheet} cell {cell}: holds something, far from all tables; delete it (at most {columns} columns and "
                "{cells} cells are read)",
                path=self.path,
                sheet=name,
                cell=cell_name(look.far),
                columns=f"{MOST_COLUMNS:,}",
                cells=f"{MOST_CELLS:,}",
            )
        try:
            rows: list[list[Any]] = self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        except BaseException as error:
            if self._is_unreadable(error):
                raise self._no_workbook(error) from error
            raise
        for (row, column), text in look.texts.items():
            rows += [[] for _ in range(row + 1 - len(rows))]
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = text
        for row, column in look.percents:
            if row < len(rows) and column < len(rows[row]) and isinstance(rows[row][column], int | float):
                rows[row][column] = Percent(rows[row][column])
        return rows
