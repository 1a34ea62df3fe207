r"""A list of roofs or open areas to the area of a site, on which technologies stand.

.. math:: A = \sum_r a_r u_r

A  area of the site  ha     a  area of a roof  ha (r)     u  usable share of it  1 (r)
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from models.errors import CaseError
from models.units import UnitError, factor
from planner.importers.columns import only_rows
from planner.importers.dialect import Answers
from planner.importers.profile import Proposal, TableRows, Told
from planner.importers.source import Line, bracketed, number_of, of_each, read_source, under_headings
from planner.importers.words import headings, term
from planner.importers.write import weekday_of_park
from planner.language.language import mark


def read_roofs(file: Path, a: Answers, told: Told) -> Proposal:
    """The row of sites.csv of a list of roofs. Raises CaseError with all that has to be said."""
    weekday_of_park(a.park)
    table = read_source(file, sheet=a.sheet)
    of = under_headings(table, headings("roofs"), ("area",))
    if of is None:
        words = mark("{file}: no row of headings is found; name, area, usable share and orientation are those of a list of roofs")
        raise CaseError.because(words, file=file)
    header = [str(cell).strip() for cell in of.header]
    rows, unit = only_rows(of.rows, header, a.only, table.file) if a.only else of.rows, header[of.at["area"]]
    with told.asking():
        sign = told.decimal(a.decimal, of.texts("area"), table.file)
        try:
            size = factor(bracketed(unit) or unit.split()[-1], "ha")
        except UnitError:
            size = 1e-4
            told.say(mark("{file}: column {column} names no unit; its areas are taken as m²."), file=file.name, column=repr(unit))
        if a.usable is None and "usable" not in of.at:
            told.ask("usable", 0.6, mark("{file}: no column says which share is usable; say --usable, e.g. 0.6"), file=file)

    def read(one: Line) -> tuple[str, float]:
        row, line = one
        whole, text = number_of(of.cell(row, "area"), sign), of.text(row, "usable")
        share = number_of(text.rstrip("%％ "), sign) if a.usable is None else a.usable
        share = share / 100 if share is not None and share > 1 else share
        if term("sum").search(of.text(row, "name")) or (whole is None and not text):
            return "", 0.0
        if whole is None or whole <= 0 or share is None or not 0 < share <= 1:
            words = mark("{file} line {line}: {row}: needs an area above 0 and a usable share from 0 to 100 %")
            raise CaseError.because(words, file=file, line=line, row=repr(" ".join(map(str, row))))
        return of.text(row, "orientation") or "–", whole * size * share

    sums = Counter[str]()
    for facing, area in of_each(rows, read):
        sums[facing] += area  # type: ignore[assignment]
    del sums[""]
    for facing, area in sums.items():
        told.say(mark("{orientation}: {area} ha usable"), orientation=facing, area=float(area))
    if len(sums) > 1:
        words = mark(
            "Roofs face several ways: a site and a technology of each have profiles of their own, --only '{column}={value}'."
        )
        told.say(words, column=header[of.at["orientation"]], value=next(iter(sums)))
    said = {"site": a.name, "area": f"{sums.total():.6g}"}
    return Proposal(a.name, told, rows=[TableRows("sites.csv", ("site",), [said])])
