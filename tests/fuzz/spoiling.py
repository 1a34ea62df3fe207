"""Ways to spoil a park folder: each takes the files and a few numbers, and gives the files with one thing wrong.

Most of what they make is wrong in one place and right everywhere else, as what a person gets wrong is.
"""

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass

#: A park folder: content by file name.
Files = dict[str, bytes]

NUMBERS = ["1e300", "-1e300", "nan", "inf", "-inf", "1e-300", "1" + "0" * 400, "1e12", "1e11", "-1e11", "1e-11", "-1", "0", "0.5",
    "95", "1e400", "1e-13", "0x10", "1_000", "1,000", "1.5.2", "--1", "1e", "2.5", "99999", "2026", "2300", "1900", "5e-324", "1e9"]
NAMES = ["=1+1", "+1", "-pv", "@SUM(A1)", "=cmd|' /C calc'!A0", "../../x", "/etc/passwd", "CON", "a\nb", "a\rb", "a\tb",
    "a\x1b[31mb", "\x07", "\u202eabc", "\u200b", "a" * 5_000, "a" * 200_000, "[bold]x[/]", "<script>alert(1)</script>", "'", '"',
    "a;b", "*", "%s{0}", "日本", "é", "\ufeff", "\x7f", "\x9b31m", "\u2028", "nan", "None", "", " ", "park", "electricity", "co2",
    "air", "\U0001f600"]
UNITS = ["MW", "CNY", "EUR/kW", "MWh/CNY", "((((", "kW**9**9", "1/0", "%", "kg", "%/year", "CNY/kW/year/year", "MW/MW", "t/MWh*",
    "°C"]
SETTINGS = ["nan", "inf", "-1", "0", "1e400", "1e300", "1e-300", "true", '"text"', '""', "[]", "{}", "2026-01-01", "1" + "0" * 400,
    "2300", '"=1+1"', '"\\u0007"', '"a\\nb"', "'''a\nb'''", "0.5", "366", "1900", "[[]]", '"EUR"', '"china-national"', '"sbti"',
    "unquoted", ""]
BYTES = [b"\xff\xfe", b"\x00", b'"', b"\xef\xbb\xbf", b"\r", b"\xc3", b"\n\n\n", b",,,,", b"\x1a", b"\xed\xa0\x80", b"=",
    b"\x1b[2J"]


@dataclass(frozen=True)
class Spoil:
    """One spoiling: how, and the numbers that choose where and with what."""

    how: str
    file: int
    row: int
    column: int
    what: int

    def apply(self, files: Files) -> Files:
        """The files with this wrong."""
        rest = dict(files)
        WAYS[self.how](rest, self)
        return rest


def _table(files: Files, spoil: Spoil) -> str:
    """A table of the park, the profiles among them."""
    tables = sorted(name for name in files if name.endswith(".csv"))
    return tables[spoil.file % len(tables)] if tables else ""


def _edit(files: Files, spoil: Spoil, change: Callable[[list[list[str]]], None]) -> None:
    name = _table(files, spoil)
    try:
        rows = list(csv.reader(io.StringIO(files.get(name, b"").decode())))
    except (UnicodeDecodeError, csv.Error):
        return
    if len(rows) < 2 or not rows[0]:
        return
    change(rows)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    files[name] = out.getvalue().encode("utf-8", "surrogatepass")


def _cell(rows: list[list[str]], spoil: Spoil, text: str) -> None:
    row = rows[1 + spoil.row % (len(rows) - 1)]
    if row:
        row[spoil.column % len(row)] = text


def _column(rows: list[list[str]], spoil: Spoil, text: str) -> None:
    at = spoil.column % len(rows[0])
    for row in rows[1:]:
        if at < len(row):
            row[at] = text


def _drop_column(rows: list[list[str]], spoil: Spoil) -> None:
    at = spoil.column % len(rows[0])
    for row in rows:
        del row[at : at + 1]


def _swap_cells(rows: list[list[str]], spoil: Spoil) -> None:
    row = rows[1 + spoil.row % (len(rows) - 1)]
    if row:
        a, b = spoil.column % len(row), spoil.what % len(row)
        row[a], row[b] = row[b], row[a]


def _swap_columns(rows: list[list[str]], spoil: Spoil) -> None:
    """The headings of two columns are swapped: each holds what the other should."""
    a, b = spoil.column % len(rows[0]), spoil.what % len(rows[0])
    rows[0][a], rows[0][b] = rows[0][b], rows[0][a]


def _other_row(rows: list[list[str]], spoil: Spoil) -> None:
    """A cell becomes what another row has there: duplicate keys, cycles, self-references."""
    row, other = rows[1 + spoil.row % (len(rows) - 1)], rows[1 + spoil.what % (len(rows) - 1)]
    at = spoil.column % len(rows[0])
    if at < min(len(row), len(other)):
        row[at] = other[at]


def _other_column(rows: list[list[str]], spoil: Spoil) -> None:
    """A cell becomes what another column of another row has: a measure requires itself, a zone is a number."""
    row, other = rows[1 + spoil.row % (len(rows) - 1)], rows[1 + spoil.what % (len(rows) - 1)]
    if row and other:
        row[spoil.column % len(row)] = other[spoil.what % len(other)]


def _bytes_in(files: Files, spoil: Spoil) -> None:
    name = sorted(files)[spoil.file % len(files)]
    content, at = files[name], (spoil.row * 37 + spoil.column) % (len(files[name]) + 1)
    files[name] = content[:at] + BYTES[spoil.what % len(BYTES)] + content[at:]


def _noise(files: Files, spoil: Spoil) -> None:
    name = sorted(files)[spoil.file % len(files)]
    files[name] = random.Random(spoil.row).randbytes(spoil.what * 10)


def _cut_off(files: Files, spoil: Spoil) -> None:
    name = sorted(files)[spoil.file % len(files)]
    files[name] = files[name][: (spoil.row * 53 + spoil.what) % (len(files[name]) + 1)]


def _setting(files: Files, spoil: Spoil) -> None:
    """A key of a TOML file is given another value, twice, or no longer."""
    name = ("park.toml", "goal.toml")[spoil.file % 2]
    lines = files.get(name, b"").decode("utf-8", "replace").splitlines()
    keyed = [i for i, line in enumerate(lines) if "=" in line]
    if not keyed:
        return
    i = keyed[spoil.row % len(keyed)]
    key = lines[i].split("=")[0]
    if spoil.column % 8 == 0:
        del lines[i]
    elif spoil.column % 8 == 1:
        lines.insert(i, lines[i])
    else:
        lines[i] = f"{key}= {SETTINGS[spoil.what % len(SETTINGS)]}"
    files[name] = "\n".join(lines).encode()


def _rename(files: Files, spoil: Spoil) -> None:
    name = sorted(files)[spoil.file % len(files)]
    files[f"{name[:-5]}x{name[-4:]}"] = files.pop(name)


def _drop_file(files: Files, spoil: Spoil) -> None:
    del files[sorted(files)[spoil.file % len(files)]]


def _of_cells(choices: list[str], change: Callable[[list[list[str]], Spoil, str], None]) -> Callable[[Files, Spoil], None]:
    return lambda files, spoil: _edit(files, spoil, lambda rows: change(rows, spoil, choices[spoil.what % len(choices)]))


def _of_rows(change: Callable[[list[list[str]], Spoil], object]) -> Callable[[Files, Spoil], None]:
    return lambda files, spoil: _edit(files, spoil, lambda rows: change(rows, spoil) and None)


WAYS: dict[str, Callable[[Files, Spoil], None]] = {
    "number in a cell": _of_cells(NUMBERS, _cell),
    "name in a cell": _of_cells(NAMES, _cell),
    "unit in a cell": _of_cells(UNITS, _cell),
    "number in a column": _of_cells(NUMBERS, _column),
    "name in a column": _of_cells(NAMES, _column),
    "name in the header": lambda files, spoil: _edit(files, spoil,
        lambda rows: rows[0].__setitem__(spoil.column % len(rows[0]), NAMES[spoil.what % len(NAMES)])),
    "column dropped": _of_rows(_drop_column),
    "row dropped": _of_rows(lambda rows, spoil: rows.pop(1 + spoil.row % (len(rows) - 1))),
    "row twice": _of_rows(lambda rows, spoil: rows.append(list(rows[1 + spoil.row % (len(rows) - 1)]))),
    "cells swapped": _of_rows(_swap_cells),
    "headings swapped": _of_rows(_swap_columns),
    "cell of another row": _of_rows(_other_row),
    "cell of another column": _of_rows(_other_column),
    "one cell more": _of_rows(lambda rows, spoil: rows[1 + spoil.row % (len(rows) - 1)].append("1")),
    "bytes put in": _bytes_in,
    "noise": _noise,
    "cut off": _cut_off,
    "setting": _setting,
    "file renamed": _rename,
    "file dropped": _drop_file,
}
