"""Writes imported costs: to a cost table of their own, or into a park's costs.csv, where a series is replaced as a whole.

Where they go: in which money, of which types, into which file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import CaseError
from planner.costs.figures import CostFigure, in_money_of
from planner.examples import data_folder
from planner.language.language import mark
from planner.language.message import Message
from planner.park.book import is_book, opened
from planner.park.complaints import Complaints
from planner.park.draft import Draft
from planner.park.folder import check_beside, check_folder, read_tables, used_types
from planner.park.money import Ranges, read_money, read_ranges
from planner.park.park import read_park
from planner.profiles.rows import csv_text
from planner.profiles.write import put

UNUSUAL = mark(
    "{place}: {type} {parameter}: {value} {unit} ({note}): usual is {low} to {high}; look at number, unit and capacity, or say "
    "--unusual to write it"
)
COLUMNS = ("type", "parameter", "year", "value", "unit", "source", "note")


def cost_table(figures: Sequence[CostFigure]) -> list[dict[str, str]]:
    """Rows of costs.csv, by type, parameter and year."""
    order = sorted(figures, key=lambda f: (f.type, f.parameter, f.year or 0))
    return [
        {
            "type": f.type,
            "parameter": f.parameter,
            "year": str(f.year or ""),
            "value": f"{f.value:.6g}" if f.value < 1e6 else f"{f.value:.0f}",
            "unit": f.unit,
            "source": f.source,
            "note": f.note,
        }
        for f in order
    ]


def check_series(figures: Sequence[CostFigure]) -> None:
    """Raise CaseError where two figures are of the same type, parameter and year, or a series mixes units."""
    seen: dict[tuple[str, str, int | None], str] = {}
    faults = []
    for figure in figures:
        key = figure.type, figure.parameter, figure.year
        if key in seen:
            faults.append(
                Message(
                    "{place}: {type} {parameter}: stands in {other} too; keep one",
                    place=figure.place,
                    type=figure.type,
                    parameter=figure.parameter,
                    other=seen[key],
                )
            )
        seen.setdefault(key, figure.place)
    if faults:
        raise CaseError(faults)


def check_usual(figures: Sequence[CostFigure], ranges: Ranges, currency: str) -> None:
    """Raise CaseError with each figure outside its range: a slip of unit, capacity or decimal mark is seen before it is written."""
    faults = []
    for figure in figures:
        if figure.value and (
            found := ranges.outside("costs", [figure.type], figure.parameter, figure.value, figure.unit, currency)
        ):
            words = {
                "value": f"{found[0]:.6g}",
                "low": f"{found[1].low:.3g}",
                "high": f"{found[1].high:.3g}",
                "unit": found[1].unit,
            }
            message = Message(UNUSUAL, place=figure.place, type=figure.type, parameter=figure.parameter, note=figure.note, **words)
            faults.append(message)
    if faults:
        raise CaseError(faults)


def write_costs(figures: Sequence[CostFigure], out: Path, replace: bool) -> Path:
    """Write a cost table of its own. Raises CaseError where that would overwrite something."""
    check_beside(out)
    if out.exists() and not replace:
        raise CaseError.because("{out}: is there already; choose another --out, or say --replace", out=out)
    if not out.absolute().parent.is_dir():
        raise CaseError.because("{out}: the folder {parent} does not exist", out=out, parent=out.absolute().parent)
    put(out, csv_text(COLUMNS, cost_table(figures)))
    return out


def write_into_park(figures: Sequence[CostFigure], park: Path, replace: bool) -> Path:
    """Lay the figures over the park's costs.csv: each series as a whole. Raises CaseError where one is there already."""
    path, columns, rows = park / "costs.csv", list(COLUMNS), list[dict[str, str]]()
    if path.exists():
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                rows = [{k: v or "" for k, v in row.items() if k} for row in reader]
                columns = [*(reader.fieldnames or ()), *(c for c in COLUMNS if c not in (reader.fieldnames or ()))]
        except (OSError, UnicodeError, csv.Error) as error:
            raise CaseError.because("{path}: cannot be read ({error}); mend it first", path=path, error=error) from error
    series = {(f.type, f.parameter) for f in figures}
    there = sorted({(r.get("type", ""), r.get("parameter", "")) for r in rows} & series)
    if there and not replace:
        raise CaseError(
            [
                Message(
                    "{path}: has {name} {parameter} already; say --replace, or --out FILE",
                    path=path,
                    name=name,
                    parameter=parameter,
                )
                for name, parameter in there
            ]
        )
    kept = [row for row in rows if (row.get("type", ""), row.get("parameter", "")) not in series]
    put(path, csv_text(columns, [*kept, *cost_table(figures)]))
    return path


#: Money where neither a park nor an option says another.
CURRENCY, YEAR = "CNY", 2025


@dataclass(frozen=True)
class Target:
    """Currency and year of the money to write, and the types wanted (none: all)."""

    currency: str
    year: int
    types: frozenset[str]

    def write(
        self, figures: Sequence[CostFigure], park: Path | None, out: Path | None, file: Path, replace: bool, unusual: bool
    ) -> tuple[Path, int]:
        """Convert the figures and write them; gives the file and how many there are. Raises CaseError with every fault."""
        complaints = Complaints()
        money = read_money(data_folder() / "catalogue", complaints)
        made = in_money_of(figures, self.currency, self.year, money)
        check_series(made)
        if not unusual:
            check_usual(made, read_ranges(data_folder() / "catalogue", money, self.currency, self.year, complaints), self.currency)
        if out is None and park is not None and is_book(park):
            raise CaseError.because(
                "--park {park}: a workbook is not written to; say --out FILE, and plan with --costs FILE", park=park
            )
        if out is None and park is not None:
            return write_into_park(made, park, replace), len(made)
        return write_costs(made, out or Path(f"{file.stem}-costs.csv"), replace), len(made)


def region_of(park: Path | None) -> str:
    """The region of a park, '' where there is none."""
    if park is None:
        return ""
    with opened(park) as book:
        own = read_park(book.folder, Complaints())
        return own.region if own is not None else ""


def target_of(park: Path | None, currency: str, year: int | None, only: str) -> Target:
    """What a park and the options say. Raises CaseError where they contradict each other, or the park cannot be read."""
    wanted = frozenset(t.strip() for t in only.split(",") if t.strip())
    if currency and not re.fullmatch("[A-Z]{3}", currency):
        raise CaseError.because(
            "--currency {currency}: is no currency; write its ISO code in capitals (CNY, EUR)", currency=currency
        )
    if park is None:
        return Target(currency or CURRENCY, year or YEAR, wanted)
    draft = Draft(Complaints())
    with opened(park) as book:
        check_folder(book.folder)
        own = read_park(book.folder, draft.complaints)
        read_tables(book.folder, (), draft)
        if own is None:
            raise CaseError(draft.complaints.lines())
    faults = []
    if currency and currency != own.currency:
        faults.append(
            Message("--currency {currency}: the park's money is {own}; leave the option out", currency=currency, own=own.currency)
        )
    if year is not None and year != own.price_year:
        faults.append(
            Message(
                "--price-year {year}: the park's money is of {price_year}; leave the option out",
                year=year,
                price_year=own.price_year,
            )
        )
    if faults:
        raise CaseError(faults)
    return Target(own.currency, own.price_year, wanted or frozenset(used_types(draft)))
