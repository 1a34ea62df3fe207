"""What the cells of a workbook hold beside the values that the reader gives: it reads an error, and a formula that nothing has
calculated, as blank, and reserves room for every cell up to the farthest one.

So the XML of each sheet is looked through first, here; of xls, which is binary, see `planner.park.records`.
"""

from __future__ import annotations

import io
import lzma
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

#: What unpacking may raise: of a damaged archive, one that is encrypted, one of a method that is not known.
UNZIPPED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, RuntimeError, ValueError, LookupError, EOFError)
#: No sheet of a park or of readings has more columns, nor more cells from its first to its farthest.
MOST_COLUMNS, MOST_CELLS = 1_000, 10_000_000
#: No archive unpacks to more bytes, nor, above the last, to so many times its size.
MOST_UNPACKED, MOST_RATIO, LEAST_UNPACKED = 500_000_000, 100, 5_000_000
#: Number formats of percentages that have no text of their own in a workbook.
_PERCENT = (9, 10)

Place = tuple[int, int]


@dataclass
class CellLook:
    """What a sheet holds. Rows and columns are counted from 0.

    texts    what stands in cells that are read as blank: an error's name, or a formula without a value, from its `=` on
    percents cells that are shown as percentages
    rows, columns  one past the last that holds something, and `far`, the first cell beyond what any table has
    merged   areas of merged cells: (first, last)
    """

    texts: dict[Place, str] = field(default_factory=dict)
    percents: set[Place] = field(default_factory=set)
    rows: int = 0
    columns: int = 0
    far: Place | None = None
    merged: list[tuple[Place, Place]] = field(default_factory=list)

    def holds(self, row: int, column: int) -> None:
        """Note a cell that is not blank."""
        rows, columns = max(self.rows, row + 1), max(self.columns, column + 1)
        if columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
            self.far = self.far or (row, column)
        else:
            self.rows, self.columns = rows, columns


def letters(column: int) -> str:
    """The letters of a column, 0 = A."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(ord("A") + column % 26)


def cell_name(place: Place) -> str:
    """`B7` of (6, 1)."""
    return f"{letters(place[1])}{place[0] + 1}"


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files in an archive, by name. What is read of it is limited, whatever its directory promises.

    Raises ValueError where it is damaged, or unpacks without end.
    """
    left, parts = min(MOST_UNPACKED, max(MOST_RATIO * len(content), LEAST_UNPACKED)), {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others unpack a piece at once
                    raise ValueError(f"{entry.filename} is packed in an unusual way")
                with archive.open(entry) as part:
                    pieces = []
                    while piece := part.read(1 << 20):
                        left -= len(piece)
                        if left < 0:
                            raise ValueError("it unpacks without end")
                        pieces.append(piece)
                parts[entry.filename] = b"".join(pieces)
    except UNZIPPED as error:
        raise ValueError(str(error)) from error
    return parts


def packed(parts: Mapping[str, bytes]) -> bytes:
    """An archive that holds what was read of another, and nothing else."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()


def look_through(parts: Mapping[str, bytes]) -> dict[str, CellLook]:
    """What the sheets of an xlsx or xlsm file hold, by name; empty for another file. Raises ValueError where it is damaged."""
    try:
        return _of_xlsx(parts) if "xl/workbook.xml" in parts else {}
    except (expat.ExpatError, *UNZIPPED) as error:
        raise ValueError(str(error)) from error


def _parse(content: bytes, start: Callable[[str, dict[str, str]], None], end: Callable[[str], None] | None = None) -> None:
    """Call `start` and `end` with the names of elements, without their prefixes; attributes too."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, given: start(name.rpartition(":")[2], given)
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    parser.Parse(content, True)


# --- xlsx ------------------------------------------------------------------------------------------------------------


def _of_xlsx(parts: Mapping[str, bytes]) -> dict[str, CellLook]:
    sheets: list[tuple[str, str]] = []
    targets: dict[str, str] = {}
    calculates: list[bool] = []

    def workbook(name: str, given: dict[str, str]) -> None:
        if name == "sheet":
            sheets.append((given.get("name", ""), next((v for k, v in given.items() if k.endswith(":id")), "")))
        elif name == "calcPr":
            calculates.append(given.get("fullCalcOnLoad") in ("1", "true"))

    def relation(name: str, given: dict[str, str]) -> None:
        if name == "Relationship":
            targets[given.get("Id", "")] = given.get("Target", "")

    _parse(parts["xl/workbook.xml"], workbook)
    _parse(parts["xl/_rels/workbook.xml.rels"], relation)
    percent = _percent_styles(parts)
    found = {}
    for name, key in sheets:
        target = targets.get(key, "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if "worksheets/" in path and path in parts:
            found[name] = _Sheet(percent, any(calculates)).look(parts[path])
    return found


def _percent_styles(parts: Mapping[str, bytes]) -> set[int]:
    """Numbers of the styles of cells that show a percentage."""
    if "xl/styles.xml" not in parts:
        return set()
    formats: set[int] = set(_PERCENT)
    styles: list[int] = []
    inside = [False]

    def start(name: str, given: dict[str, str]) -> None:
        if name == "numFmt" and "%" in re.sub(r'"[^"]*"|\\.', "", given.get("formatCode", "")):
            formats.add(int(given.get("numFmtId", -1)))
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0]:
            styles.append(int(given.get("numFmtId", 0)))

    def end(name: str) -> None:
        inside[0] = inside[0] and name != "cellXfs"

    _parse(parts["xl/styles.xml"], start, end)
    return {i for i, own in enumerate(styles) if own in formats}


class _Sheet:
    """A sheet of an xlsx file as it is looked through."""

    def __init__(self, percent: set[int], is_uncalculated: bool) -> None:
        self.percent, self.is_uncalculated = percent, is_uncalculated
        self.found = CellLook()
        self.row, self.column = -1, -1
        self.given: dict[str, str] = {}
        self.formula: str | None = None
        self.value = ""
        self.within = ""

    def look(self, content: bytes) -> CellLook:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(content, True)
        return self.found

    def _start(self, name: str, given: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self.given, self.formula, self.value = given, None, ""
            self.column = _place(given["r"])[1] if "r" in given else self.column + 1
        elif name in ("v", "t", "f"):
            self.within = name
            self.formula = "" if name == "f" else self.formula
        elif name == "row":
            self.row, self.column = int(given["r"]) - 1 if "r" in given else self.row + 1, -1
        elif name == "mergeCell":
            first, _, last = given["ref"].partition(":")
            self.found.merged.append((_place(first), _place(last or first)))

    def _text(self, text: str) -> None:
        if self.within == "f":
            self.formula = (self.formula or "") + text
        elif self.within:
            self.value += text

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in ("v", "t", "f"):
            self.within = ""
        elif name == "c":
            self._finish()

    def _finish(self) -> None:
        kind, value, place = self.given.get("t", "n"), self.value.strip(), (self.row, self.column)
        is_formula = self.formula is not None
        if kind == "e":
            self.found.texts[place] = value or "#N/A"
        elif is_formula and kind != "str" and (not value or (self.is_uncalculated and value == "0")):
            self.found.texts[place] = f"={self.formula}"  # a program wrote it: nothing has calculated it since
        elif kind == "n" and not value and not is_formula:
            return
        self.found.holds(*place)
        if kind == "n" and self.percent and int(self.given.get("s", 0)) in self.percent:
            self.found.percents.add(place)


def _place(name: str) -> Place:
    """(row, column) of `$B$7`."""
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})", name)
    if found is None:
        raise ValueError(f"cell {name[:20]!r}")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1
