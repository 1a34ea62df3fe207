"""Rules of single rows: what a word of a table must name, which columns a row may state, how its figures go together.

They are data: `rules.toml` beside this file says what is wrong when, and in which words. What looks across rows is code, in
`planner.park.checks`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

from models.case import TABLES, Row
from models.inputs.boundary import ranges
from models.metrics import CUMULATED, MATCHED
from models.units import UnitError, names_year
from planner.futures.tree import SUBJECTS
from planner.language.language import mark
from planner.language.message import Message
from planner.park.draft import Draft, name_of, quoted

FILE = Path(__file__).with_name("rules.toml")
ONLY = mark("{given}: is of {what} only; leave it blank")
CO2 = "co2"
#: What is paid for the size of a connection, and the hours of a period of such a charge.
CHARGES = ("demand_charge", "capacity_charge")
PERIOD = ("months", "days", "hours")


@cache
def rules() -> dict[str, list[list[str]]]:
    """What rules.toml says: lists `names`, `only`, `faults` and `remarks`."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def check_rows(draft: Draft) -> None:
    """Complain of each row that breaks a rule."""
    said = rules()
    for place, noun, to in said["names"]:
        table, column = place.split(".")
        stands = [(TABLES[name], key) for name, key in (where.split(".") for where in to.split())]
        for row in draft.rows(TABLES[table]):
            if getattr(row, column) not in ("", "*"):
                draft.refer(row, column, noun, *stands)
    for table, columns, what, is_of in said["only"]:
        kind = TABLES[table]
        for row in draft.rows(kind):
            stated = [c for c in columns.split() if getattr(row, c) not in ("", None, kind.model_fields[c].default)]
            for column in stated if stated and not _Cells(row, draft).value(is_of) else ():
                draft.fault(row, ONLY, given=_given(row, column), what=Message(what))
    for note, tell in (("faults", draft.fault), ("remarks", draft.warn)):
        for tables, wrong, words, *others in said[note]:
            for table in tables.split():
                for row in draft.rows(TABLES[table]):
                    cells = _Cells(row, draft)
                    if cells.value(wrong):
                        tell(row, words, **(cells.value(others[0]) if others else {}))


def _given(row: Row, column: str) -> str:
    value = getattr(row, column)
    return f"{column} {value!r}" if isinstance(value, str) else f"{column} = {quoted(value)}"


@cache
def _compiled(text: str) -> CodeType:
    return compile(text, FILE.name, "eval")


class _Cells(dict[str, Any]):
    """The names of an expression: columns of a row, and what rules.toml says that it may say beside them."""

    def __init__(self, row: Row, draft: Draft) -> None:
        super().__init__(CUMULATED=CUMULATED, MATCHED=MATCHED, in_ranges=_in_ranges, bool=bool, min=min)
        self.row, self.draft = row, draft

    def value(self, text: str) -> Any:
        """What an expression of rules.toml comes to; no text of a park is one."""
        return eval(_compiled(text), {"__builtins__": {}}, self)

    def __missing__(self, name: str) -> Any:
        if name in type(self.row).model_fields:
            return getattr(self.row, name)
        return getattr(self, f"_{name}")() if hasattr(self, f"_{name}") else getattr(self.row, name)

    def _role(self) -> str:
        return self.draft.role(self.row)

    def _is_power(self) -> bool:
        return self["type_name"] in self.draft.power_types

    def _type_name(self) -> str:
        return getattr(self.row, "type_name", getattr(self.row, "type", ""))

    def _own(self) -> bool:
        return not self.row.is_of_catalogue

    def _limited(self) -> bool:
        return self.draft.limited(name_of(self.row))

    def _park(self) -> Any:
        return self.draft.park

    def _ordered(self) -> bool:
        return self["max_capacity"] != 0 and self["max_build"] != 0

    def _lead(self) -> int:
        kind = self.draft.types.get(self["type_name"])
        return kind.lead_time if kind else 0

    def _after_the_end(self) -> bool:
        park, year = self.draft.park, self["year"]
        return park is not None and year is not None and year > park.last_year

    def _is_yearly(self) -> bool:
        try:
            return names_year(self["unit"], self.draft.currency)
        except UnitError:
            return False

    def _has_units(self) -> bool:
        return self["changed"] in SUBJECTS and SUBJECTS[self["changed"]].has_unit

    def _known(self) -> Any:
        return lambda place: self.draft.names(TABLES[place.split(".")[0]], place.split(".")[1])

    def _sure(self) -> Any:
        return lambda table: self.draft.is_sure(TABLES[table])


def _in_ranges(text: str, first: int, last: int) -> bool:
    """True of a list of ranges of numbers within these."""
    try:
        ranges(text, first, last)
    except ValueError:
        return False
    return True
