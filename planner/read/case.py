"""Reading a case: the order of its steps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.case import Case
from models.errors import CaseError
from planner.read.book import ParkBook, opened
from planner.read.bound import take_bounds
from planner.read.catalogue import DEFAULT, Exchange, read_catalogue
from planner.read.checks import check_all
from planner.read.complaints import Complaints
from planner.read.draft import Draft
from planner.read.fill import Filler, fill_carriers, fill_equipment, fill_rules, fill_stages, fill_standards, fill_supplies
from planner.read.fill_energy import fill_energy
from planner.read.folder import Futures, check_folder, digest, hashes, read_tables, refuse_unknown_files
from planner.read.goal import GoalRequest, read_goal
from planner.read.levels import take_levels
from planner.read.named import fill_named
from planner.read.order import in_order, series_in_order
from planner.read.park import read_park, read_toml
from planner.read.profiles import read_profiles
from planner.read.ranges import read_ranges
from planner.read.rows import understand_rows
from planner.read.shares import take_shares
from planner.read.standing import leave_out_units
from planner.read.vat import take_off_vat


def read_case(
    folder: Path,
    costs: Sequence[Path] = (),
    goal: GoalRequest | None = None,
    catalogue: Path | None = None,
    futures: Path | None = None,
    has_futures: bool = True,
) -> Case:
    """Read a park, a folder or a workbook, fill what it leaves open from the catalogue, and check it.

    `costs` are cost tables laid over the park's, the last one wins. `goal` is what the command line asks for; without
    a target the goal is that of goal.toml. `catalogue` is another folder than the one that ships with the planner. `futures` is
    another tree of futures than that of the park, with future_values.csv beside it; without `has_futures` there is none.
    Values stay as stated; only catalogue money in another currency is converted.

    Raises CaseError with everything that is wrong, one line each.
    """
    with opened(Path(folder)) as book:
        case = _read(book, costs, goal, catalogue, Futures(futures, has_futures))
        return case.model_copy(update={"warnings": tuple(book.told(line) for line in case.warnings)}) if book.file else case


def _read(book: ParkBook, costs: Sequence[Path], goal: GoalRequest | None, catalogue: Path | None, futures: Futures) -> Case:
    """The case of a folder, or of the sheets of a workbook."""
    folder = book.folder
    check_folder(folder)
    draft = Draft(Complaints())
    for where, words in book.faults:
        draft.fault(where, words)
    for where, words in book.remarks:
        draft.warn(where, words.template, **words.values)
    draft.park = read_park(folder, draft.complaints)
    draft.settings = read_toml(folder / "park.toml", Complaints()) if draft.park else None
    refuse_unknown_files(folder, draft)
    read_tables(folder, costs, draft, futures)
    fill(draft, catalogue)
    draft.profiles = read_profiles(folder, draft.complaints)
    draft.profiles.is_read = draft.profiles.is_read and "profiles" not in draft.unreadable
    understand_rows(draft)
    take_off_vat(draft)
    take_shares(draft)
    take_levels(draft)
    take_bounds(draft)
    leave_out_units(draft)
    resolved = read_goal(folder, goal, draft)
    check_all(draft, resolved)
    if len(draft.complaints) or draft.park is None:
        raise CaseError(draft.complaints.lines())
    files = hashes(folder, costs, catalogue or DEFAULT, futures)
    return Case(
        park=draft.park,
        goal=resolved,
        profiles=series_in_order(draft.profiles.series),
        hours=draft.profiles.hours,
        assumptions=tuple(draft.assumptions),
        warnings=tuple(draft.complaints.warnings),
        files=files,
        digest=digest(files),
        **in_order(draft.valid),  # type: ignore[arg-type]
    )


def fill(draft: Draft, folder: Path | None) -> None:
    """Fill from the catalogue what the park names and does not describe."""
    catalogue = read_catalogue(folder, draft.complaints)
    price_year = draft.park.price_year if draft.park else 0
    exchange = Exchange(catalogue, draft.currency, price_year, draft.complaints)
    draft.ranges = read_ranges(folder or DEFAULT, catalogue.money, draft.currency, price_year, draft.complaints)
    filler = Filler(draft, catalogue, exchange)
    fill_equipment(filler)
    fill_carriers(filler)
    fill_supplies(filler)
    fill_named(filler)
    fill_stages(filler)
    fill_standards(filler)
    fill_rules(filler)
    fill_energy(filler)
    exchange.warn()
