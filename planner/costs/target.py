"""Where imported costs go: in which money, of which types, into which file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import CaseError
from planner.costs.figures import CostFigure, in_money_of
from planner.costs.write import check_series, write_costs, write_into_park
from planner.language.message import Message
from planner.parks.new import data_folder
from planner.read.book import is_book, opened
from planner.read.complaints import Complaints
from planner.read.draft import Draft
from planner.read.folder import check_folder, read_tables, used_types
from planner.read.money import read_money
from planner.read.park import read_park

#: Money where neither a park nor an option says another.
CURRENCY, YEAR = "CNY", 2025


@dataclass(frozen=True)
class Target:
    """Currency and year of the money to write, and the types wanted (none: all)."""

    currency: str
    year: int
    types: frozenset[str]

    def write(
        self, figures: Sequence[CostFigure], park: Path | None, out: Path | None, file: Path, replace: bool
    ) -> tuple[Path, int]:
        """Convert the figures and write them; gives the file and how many there are. Raises CaseError with every fault."""
        complaints = Complaints()
        money = read_money(data_folder() / "catalogue", complaints)
        made = in_money_of(figures, self.currency, self.year, money)
        check_series(made)
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
