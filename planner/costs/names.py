"""Whose name stands for which type: the catalogue's list of other tables' technologies, and a person's own over it."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from models.errors import CaseError
from planner.examples import data_folder
from planner.language.language import mark
from planner.language.message import Message
from planner.profiles.told import Told
from planner.tables.facts import Damaged, read_rows

#: From so much likeness on a name is meant to be another.
ALIKE = 0.85


@dataclass
class CostNames:
    """Names of another table's technologies and the types that they stand for; `wanted` are the types asked for, if any were."""

    types: dict[str, str]
    wanted: frozenset[str] = frozenset()
    seen: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    def type_of(self, name: str) -> str | None:
        """The type that a name stands for; None where it is not wanted, or not known."""
        found = self.types.get(name, name if name in self.wanted else None)
        if found is None or (self.wanted and found not in self.wanted):
            self.left.add(name)
            return None
        self.seen.add(found)
        return found

    def tell(self, told: Told) -> None:
        """Say what was left out, what may have been meant, and what the table lacks."""
        lacking = sorted(self.wanted - self.seen)
        for name in sorted(self.left):
            near = max(self.wanted, key=lambda kind: _likeness(kind, name), default="")
            if near and _likeness(near, name) >= ALIKE:
                told.warn(mark("{name}: is no type of the park and is left out; did you mean {near}?"), name=name, near=near)
        if self.left:
            told.say(
                mark("Left out: {count} technologies that the park has no type of, or that have no name in the catalogue."),
                count=len(self.left),
            )
        if lacking:
            told.say(mark("Not in this file: {types}."), types=", ".join(lacking))


def _likeness(first: str, second: str) -> float:
    return SequenceMatcher(None, first.lower(), second.lower()).ratio()


def read_names(form: str, own: Path | None, wanted: Collection[str] = ()) -> CostNames:
    """The catalogue's names of a form, with those of a CSV file `name,type` over them. Raises CaseError where it cannot be read."""
    with (data_folder() / "catalogue" / "names.csv").open(encoding="utf-8", newline="") as file:
        types = {row["name"]: row["type"] for row in csv.DictReader(file) if row["form"] == form}
    if own is not None:
        try:
            header, cells = read_rows(own)
        except Damaged as error:
            raise CaseError([Message("--map {fault}", fault=line) for line in error.complaints]) from error
        if not {"name", "type"} <= set(header):
            raise CaseError.because("--map {own}: is a CSV table with the columns name and type", own=own)
        rows = [dict(zip(header, row, strict=True)) for row in cells]
        types |= {row["name"].strip(): row["type"].strip() for row in rows if row["name"] and row["type"]}
    return CostNames(types, frozenset(wanted))
