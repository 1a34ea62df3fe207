"""The files of a frontier beside the folders of its points: which are ours, and how they are written."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd

from models.errors import CaseError
from planner.frontier.curve import COLUMNS, Curve, of_table
from planner.frontier.points import Frontier
from planner.frontier.show import NAME, frontier_csv, frontier_page
from planner.language.language import Language
from planner.language.message import Message
from planner.tables.place import MOST_BYTES, SUMMARY, check_file, facts_of, write_file

TABLE = "frontier.csv"
#: The columns that the table has had from the first.
BEGINNING = ",".join(COLUMNS[:3]) + ","
#: Stands in every page of a frontier, and in no page of another kind.
HEADING = b'<h2 id="frontier-title">'
#: Names of what may stand in the folder begin so.
KNOWN = ("by-", "cap-", "budget-", "frontier.", ".")


def is_table(path: Path) -> bool:
    """True for a table that was written here: told by its header."""
    try:
        with path.open(encoding="utf-8") as table:
            return table.readline(1_000).startswith(BEGINNING)
    except (OSError, ValueError):
        return False


def is_page(path: Path) -> bool:
    """True for a page that was written here: told by the heading of its only section."""
    try:
        return path.stat().st_size <= MOST_BYTES and HEADING in path.read_bytes()
    except OSError:
        return False


#: Name -> whether a file of that name is ours.
OURS = {TABLE: is_table, NAME: is_page}


def check_place(place: Path) -> None:
    """Raise CaseError where the folder of the points is a file, or holds other people's files."""
    if place.exists() and not place.is_dir():
        raise CaseError.because("--out {place}: is a file; name a folder", place=place)
    if not place.is_dir():
        return
    faults: list[str] = [
        Message("--out {place}: holds {name}, which is no point of a frontier; name another folder", place=place, name=repr(name))
        for name in sorted(p.name for p in place.iterdir() if not p.name.startswith(KNOWN))[:1]
    ]
    for name, is_ours in OURS.items():
        if os.path.lexists(place / name):
            try:
                check_file(place / name, f"--out {place / name}", is_ours)
            except CaseError as error:
                faults += error.complaints
    if faults:
        raise CaseError(faults)


def write_frontier(found: Curve, place: Path, park: str, currency: str, spoken: Language) -> None:
    """Write table and page. Raises CaseError where another's file stands there."""
    for name, text in ((TABLE, frontier_csv(found)), (NAME, frontier_page(found, park, currency, spoken))):
        write_file(place / name, f"--out {place / name}", text, OURS[name])


def read_frontier(place: Path) -> tuple[Curve, str, str]:
    """(curve, name of the park, its currency) of a folder that was written here. Raises CaseError where it is none."""
    if not is_table(place / TABLE):
        raise CaseError.because("{place}: holds no frontier", place=place)
    rows = pd.read_csv(place / TABLE, dtype={"status": str, "folder": str})
    said = next((facts for name in rows["folder"] if (facts := facts_of(place / name / SUMMARY))), {})
    if not said:
        raise CaseError.because("{place}: holds no frontier", place=place)
    numbers = [column for column in COLUMNS if column not in ("status", "folder")]
    rows[numbers] = rows[numbers].astype(float)
    what = str(rows["folder"].iloc[0]).partition("-")[0]
    found = of_table(Frontier(what, tuple(rows["point"])), rows)
    return found, str(said.get("park", "")), str(said.get("currency", ""))
