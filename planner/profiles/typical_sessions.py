"""Sessions of typical groups of vehicles, from the catalogue, with their sources: a first guess where nothing is measured."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from models.case import Session
from planner.examples import data_folder
from planner.language.message import Message

TABLE = "sessions"


def typical_groups() -> tuple[str, ...]:
    """Names of the groups that the catalogue has."""
    return tuple(dict.fromkeys(row["group"] for row in _rows()))


def typical_sessions(group: str, chargers: str, vehicles: float) -> list[Session]:
    """The rows of so many vehicles of a group."""
    return [
        Session(
            chargers=chargers,
            energy=float(row["energy"]),
            power=float(row["power"]),
            number=float(f"{float(row['number']) * vehicles:.6g}"),
            day=row["day"],
            arrive=row["arrive"],
            leave=row["leave"],
            unit=row["unit"],
            source=row["source"],
            note=row["note"],
            grade=row["grade"],
        )
        for row in _rows()
        if row["group"] == group
    ]


def told_of_group(group: str, rows: Sequence[Session]) -> Iterator[Message]:
    """Where the rows are from."""
    yield Message(
        "{group}: rows from the catalogue: {rows}; take readings, or ask the fleet, before they size anything.",
        group=group,
        rows=len(rows),
    )
    for row in rows:
        yield Message(
            "{arrive} to {leave}: {source} ({grade}: {note})",
            arrive=row.arrive,
            leave=row.leave,
            source=row.source,
            grade=row.grade,
            note=row.note,
        )


def _rows() -> list[dict[str, str]]:
    with (data_folder() / "catalogue" / f"{TABLE}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
