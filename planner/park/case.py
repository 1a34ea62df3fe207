"""Reading a case: the order of its steps.

The order of rows: that in which somebody typed them decides nothing.

The last digits of sums, ties and the way of the search depend on the order of rows and columns of a matrix. So the rows of every
table stand in one order, whatever order they have in the files. Only of tariff.csv does the order say something: of a price the
first row that fits an hour wins.

Savings of a part of a demand, as savings of all of it.

Units of what stands that only the catalogue says: they are left out where limits.csv lets it fall by other amounts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from operator import attrgetter
from pathlib import Path

from models.case import Case, Limit, TariffRow, Technology
from models.case.base import Row
from models.case.flows import Saving
from models.errors import CaseError
from planner.park import remarks
from planner.park.book import ParkBook, opened
from planner.park.catalogue import DEFAULT, Exchange, read_catalogue, take_levels
from planner.park.checks import check_all
from planner.park.complaints import Complaints
from planner.park.draft import Draft, grouped, understand_rows
from planner.park.fill import fill_from
from planner.park.folder import Futures, check_folder, digest, hashes, read_profiles, read_tables, refuse_unknown_files
from planner.park.goal import GoalRequest, read_goal, take_bounds
from planner.park.money import read_ranges
from planner.park.park import read_park, take_off_vat
from planner.park.settings import read_toml


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
    draft.goal = read_goal(folder, goal, draft)
    check_all(draft)
    if len(draft.complaints) or draft.park is None:
        raise CaseError(draft.complaints.lines())
    files = hashes(folder, costs, catalogue or DEFAULT, futures)
    return Case(
        park=draft.park,
        goal=draft.goal,
        profiles=dict(sorted(draft.profiles.series.items())),
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
    fill_from(catalogue, exchange, draft)


def in_order(tables: Mapping[str, Sequence[Row]]) -> dict[str, tuple[Row, ...]]:
    """The rows of each table by what they name, then by year, then by all that they say.

    Measures stay as they stand where one adds to a demand, since that is reckoned in the order of the rows; and the rows of a
    tariff by price alone, since the first that fits an hour wins.
    """
    is_ranked = any(row.adds for row in tables["savings"] if isinstance(row, Saving))
    found = {}
    for table, rows in tables.items():
        if table == TariffRow.table:
            found[table] = tuple(sorted(rows, key=attrgetter("supply", "item")))
        else:
            found[table] = tuple(rows if is_ranked and table == "measures" else sorted(rows, key=_key))
    return found


def _key(row: Row) -> tuple[object, ...]:
    """What a row is sorted by: names and year as such, the rest as text."""
    year = getattr(row, "year", None)
    names = tuple(str(getattr(row, name)) for name in row.key)
    return names, -1 if year is None else year, repr(row.model_dump(exclude={"origin"}))


def take_shares(draft: Draft) -> None:
    r"""Each saving of a part of its demand becomes one of the whole; model, ledger and pages know no other.

    .. math:: s = s_p \, p

    s, s_p  saving of the demand, and of the part  1    p  `demand_share`  1
    """
    rows = draft.valid[Saving.table]
    for i, row in enumerate(rows):
        if isinstance(row, Saving) and row.demand_share is not None:
            rows[i] = row.model_copy(update={"saving": row.saving * row.demand_share, "demand_share": None})


#: A share of a unit that is none.
NOISE = 1e-6


def leave_out_units(draft: Draft) -> None:
    """Let any part be retired of what stands and falls by no whole number of the units of its catalogue type, and warn."""
    falling = sorted((limit for limit in draft.rows(Limit) if limit.item == "existing"), key=lambda limit: limit.year or 0)
    amounts = grouped((limit.technology, limit.value) for limit in falling)
    for i, row in enumerate(draft.rows(Technology)):
        kind = draft.types.get(row.type_name)
        if kind is None or not kind.is_of_catalogue or row.existing_unit is not None or not kind.existing_unit:
            continue
        pairs = pairwise([row.existing, *amounts.get(row.technology, [])])
        falls = [(before - after) / kind.existing_unit for before, after in pairs if after > 0]
        if any(abs(fall - round(fall)) > NOISE for fall in falls):
            draft.valid[Technology.table][i] = row.model_copy(update={"existing_unit": 0.0})
            draft.warn(row.origin, remarks.NO_UNIT, technology=repr(row.technology), unit=f"{kind.existing_unit:g}")
