"""The base year: its emissions, worked out again from its operation hour by hour."""

from __future__ import annotations

import pandas as pd

from models.case import Case
from planner.ledger.boundary import check_supplies
from planner.ledger.carbon import emissions_of
from planner.ledger.compare import Book
from planner.ledger.connections import check_limits
from planner.ledger.contracts import is_generating
from planner.ledger.equipment import check_captures, check_converters, check_links, check_sinks, check_stores
from planner.ledger.figures import Figures
from planner.ledger.flows import LedgerYear, check_balances, check_demands, check_places, flows_of
from planner.ledger.hours import hours_in, hours_of
from planner.ledger.standard import gross_of
from planner.ledger.vehicles import check_vehicles

#: Tables of what no base year has, with the columns that are looked at.
NOTHING = {"certificates": ("certificate", "supply"), "offsets": ("offset", "kind"), "restoration": ("item", "project")}


def check_base(case: Case, base: float, dispatch: pd.DataFrame) -> None:
    """Base emissions (t) that a park does not state, from the dispatch of its base year: what exists, serving all demands before
    measures, with the factors of that year, without certificates, credits and land.

    That the operation is the one of least cost is not worked out again. Raises LedgerError where anything disagrees.
    """
    y, book = case.park.base_year, Book()
    figures, hours = Figures(case, (y,)), hours_in(hours_of(case, {}), case, y)
    year = LedgerYear(
        book,
        figures,
        hours,
        y,
        {name: pd.DataFrame(columns=[*keys, "value"]) for name, keys in NOTHING.items()},
        flows=flows_of(book, hours, y, dispatch),
        capacity={k: asset.row.existing for k, asset in figures.assets.items()},
        demand={u: energy[y] for u, energy in figures.demand.items()},
    )
    for check in (
        check_places,
        check_balances,
        check_demands,
        check_converters,
        check_stores,
        check_captures,
        check_sinks,
        check_links,
        check_supplies,
        check_limits,
        check_vehicles,
    ):
        check(year)
    for s in case.supplies:
        if is_generating(s) and s.first_year is None:
            book.at_most_hours("imports of a contract that had not begun", y, s.supply, year.flow("import", s.supply), 0.0)
    emitted = emissions_of(year, base)
    found = emitted["gross"]
    book.equal("base emissions (t)", y, "the park", base, found)
    book.equal("base emissions of the standard (t)", y, "the park", getattr(base, "standard", base), gross_of(year, found), found)
    location = sum(emitted[item] for item in ("scope1", "scope2_location", "scope3"))
    if (said := getattr(base, "location", None)) is not None:
        book.equal("base emissions by location (t)", y, "the park", said, location, found)
    book.close("base year")
