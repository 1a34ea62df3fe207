r"""The tree of futures: who branches from whom and when, how likely each leaf is, and which node a year belongs to.

.. math::
    p_l = \prod_{f \in path(l)} p_f \qquad node(l, y) = \text{the last } f \in path(l) \text{ with } from\_year_f \le y

The root, whose name is '', has the years before the first branching. A future without from_year is in no node of its own: it shares
every decision with its siblings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.case import (
    PARAMETERS,
    Budget,
    Certificate,
    Cost,
    Demand,
    EmissionFactor,
    Future,
    FutureValue,
    Offset,
    Origin,
    Park,
    ParkRule,
    Price,
    ProcessEmission,
    Row,
    StageRule,
    Supply,
)
from planner.language.message import Message

#: Notes a fault: where, in which words, and what fills them.
Fault = Callable[..., None]
#: Name of the root: what all futures share.
ROOT = ""
#: Probabilities of siblings are together 1 within this.
TOGETHER = 1e-6
#: More leaves make no tree that anybody can read.
MOST_LEAVES = 200


@dataclass(frozen=True)
class Tree:
    """The futures of a park, checked, in order of their rows."""

    rows: tuple[Future, ...]
    first_year: int
    last_year: int

    @classmethod
    def of(cls, rows: Iterable[Future], park: Park) -> Tree:
        """The tree of the rows of futures.csv."""
        return cls(tuple(rows), park.first_year, park.last_year)

    def row(self, name: str) -> Future:
        """The row of a future."""
        return next(row for row in self.rows if row.future == name)

    def children(self, name: str = ROOT) -> tuple[str, ...]:
        """Futures that branch from one."""
        return tuple(row.future for row in self.rows if row.parent == name)

    @property
    def leaves(self) -> tuple[str, ...]:
        """Futures that none branches from, in order of their rows."""
        parents = {row.parent for row in self.rows}
        return tuple(row.future for row in self.rows if row.future not in parents)

    def path(self, name: str) -> tuple[str, ...]:
        """The futures from the one that branches from the park to this one."""
        found: list[str] = []
        while name != ROOT:
            found.append(name)
            name = self.row(name).parent
        return tuple(reversed(found))

    def given(self, name: str) -> float:
        """Probability of a future, given that its parent comes."""
        row = self.row(name)
        return row.probability if row.probability is not None else 1.0 / len(self.children(row.parent))

    def probability(self, name: str) -> float:
        """Probability of a future."""
        product = 1.0
        for one in self.path(name):
            product *= self.given(one)
        return product

    def begins(self, name: str) -> int:
        """The year from which the figures of a future hold; of one without from_year the first."""
        return self.row(name).from_year or self.first_year

    def node(self, leaf: str, y: int) -> str:
        """The node on the path of a leaf to which the decisions of a year belong."""
        dated = [name for name in self.path(leaf) if (year := self.row(name).from_year) is not None and year <= y]
        return dated[-1] if dated else ROOT

    def nodes(self) -> dict[str, tuple[int, ...]]:
        """The nodes with their years, the root first, where it has any."""
        found: dict[str, list[int]] = {}
        for y in range(self.first_year, self.last_year + 1):
            for leaf in self.leaves:
                years = found.setdefault(self.node(leaf, y), [])
                if y not in years:
                    years.append(y)
        return {name: tuple(years) for name, years in found.items()}

    def leaves_of(self, node: str) -> tuple[str, ...]:
        """The leaves whose path leads through a node."""
        return tuple(leaf for leaf in self.leaves if node == ROOT or node in self.path(leaf))

    @property
    def branches_in(self) -> int | None:
        """The first year in which it is known which future has come; None: it is never known."""
        return min((row.from_year for row in self.rows if row.from_year is not None), default=None)

    @property
    def has_undated(self) -> bool:
        """True where a future is never known."""
        return any(row.from_year is None for row in self.rows)

    @property
    def assumed(self) -> tuple[str, ...]:
        """Futures whose probability nobody stated, and that have siblings."""
        return tuple(r.future for r in self.rows if r.probability is None and len(self.children(r.parent)) > 1)


def is_tree(rows: Sequence[Future]) -> bool:
    """True if every parent is there and nothing goes in a circle."""
    known = {row.future: row for row in rows}
    return all(row.parent in ("", *known) and row.future not in _above(row, known) for row in rows)


def tree_faults(rows: Sequence[Future], park: Park, fault: Fault) -> None:
    """Note what is wrong with the tree."""
    known = {row.future: row for row in rows}
    first, last = park.first_year, park.last_year
    for row in rows:
        year, parent = row.from_year, known.get(row.parent)
        values = {"year": year, "parent": repr(row.parent)}
        if parent is not None and row.future in _above(row, known):
            fault(row.origin, "parent {parent}: leads back to {future}; a tree has no circles", future=repr(row.future), **values)
        if year is None:
            continue
        if not first <= year <= last:
            fault(row.origin, "from_year = {year}: is outside the horizon, {first} to {last}", year=year, first=first, last=last)
        if parent is not None and parent.from_year is None:
            fault(row.origin, "from_year = {year}: {parent}, its parent, has none and is never known; leave it out", **values)
        elif parent is not None and parent.from_year is not None and year <= parent.from_year:
            before = parent.from_year
            fault(row.origin, "from_year = {year}: is not after {before}, that of its parent {parent}", before=before, **values)
    _sibling_faults(rows, fault)
    parents = {row.parent for row in rows}
    if (count := sum(row.future not in parents for row in rows)) > MOST_LEAVES:
        fault(Origin("futures.csv", 0), "has {count} leaves; at most {most} can be planned", count=count, most=MOST_LEAVES)


def _above(row: Future, known: dict[str, Future]) -> set[str]:
    """All futures above one; its own name is among them where the rows go in a circle."""
    found: set[str] = set()
    name = row.parent
    while name in known and name not in found:
        found.add(name)
        name = known[name].parent
    return found


def _sibling_faults(rows: Sequence[Future], fault: Fault) -> None:
    """Siblings part in one year, and their probabilities are all stated or none."""
    for parent in dict.fromkeys(row.parent for row in rows):
        own = [row for row in rows if row.parent == parent]
        for row in own[1:]:
            if row.from_year != own[0].from_year:
                year, other = (Message("blank") if y is None else str(y) for y in (row.from_year, own[0].from_year))
                fault(
                    row.origin,
                    "from_year: is {year} here and {other} of its sibling {sibling}; siblings part in one year, or are never known",
                    year=year,
                    sibling=repr(own[0].future),
                    other=other,
                )
        stated = [row.probability for row in own if row.probability is not None]
        if stated and len(stated) < len(own):
            for row in own:
                if row.probability is None:
                    fault(row.origin, "probability: is blank, its siblings state it; state all of them or none")
        elif stated and abs(sum(stated) - 1.0) > TOGETHER:
            names, total = ", ".join(repr(r.future) for r in own), f"{sum(stated):g}"
            fault(own[0].origin, "probability: those of {names} come to {total}; together they are 1", names=names, total=total)


# --- figures ---------------------------------------------------------------------------------------------------------------
# What a row of future_values.csv speaks of: the rows of a park's table, and the column that is changed.

#: Rows of a park by the name of their table.
Tables = Mapping[str, Sequence[Row]]
#: Every row of a table and item.
EVERY = "*"
#: Columns of these tables that may differ from future to future, the figure's own unit where it has one.
SUPPLY_ITEMS = ("max_import", "max_export", "max_import_year", "max_export_year", "contract_max", "min_year")
LIMIT_ITEMS = ("max_capacity", "max_build", "existing", "min_capacity")
#: Of limits those that hold from their year on; the others are interpolated.
STEPS = ("existing", "min_capacity")
#: Parameters of costs that no future changes.
FIXED = ("lifetime",)


@dataclass(frozen=True)
class Subject:
    """A table whose figures may differ.

    kind    its rows
    names   what the figure is of: the column of a row that `name` is compared with
    column  column of the figure; empty of tables with several: it is the item
    items   choices of `item`; '' where the table has one figure a row
    picks   whether a row is meant, beside its name
    """

    kind: type[Row]
    names: str
    column: str = "value"
    items: tuple[str, ...] = ()
    picks: Callable[[Any, FutureValue, Park], bool] = lambda *_: True

    @property
    def has_unit(self) -> bool:
        """True where each row states its unit."""
        return self.column == "value"


def _is_of_rule(row: Any, value: FutureValue, park: Park) -> bool:
    """A rule of that metric and sense; of stages those of the park's standard."""
    is_own = getattr(row, "standard", park.standard) == park.standard
    return is_own and row.metric == value.item and value.sense in ("", row.sense)


#: Subjects by table; limits and profiles are changed by rules of their own.
SUBJECTS: dict[str, Subject] = {
    "prices": Subject(
        Price,
        "supply",
        items=("energy", "export", "demand_charge", "capacity_charge", "carbon", "fixed"),
        picks=lambda r, v, _: (r.item, r.scheme, r.period) == (v.item, v.scheme, ""),
    ),
    "costs": Subject(
        Cost, "type", items=tuple(p for p in PARAMETERS if p not in FIXED), picks=lambda r, v, _: r.parameter == v.item
    ),
    "demand": Subject(Demand, "demand"),
    "emission_factors": Subject(
        EmissionFactor, "supply", items=("", "location", "market"), picks=lambda r, v, _: v.item in ("", r.basis)
    ),
    "certificates": Subject(Certificate, "certificate", "", ("price", "max_share")),
    "offsets": Subject(Offset, "offset", "", ("price", "max_volume")),
    "supplies": Subject(Supply, "supply", "", SUPPLY_ITEMS),
    "budget": Subject(Budget, "", "", ("capital",)),
    "process_emissions": Subject(ProcessEmission, "source"),
    "stages": Subject(StageRule, "stage", "limit", picks=_is_of_rule),
    "rules": Subject(ParkRule, "rule", "limit", picks=_is_of_rule),
}


def meant(value: FutureValue, tables: Tables, park: Park) -> list[Row]:
    """The rows of the park that a value speaks of; none of limits and profiles, which need no row."""
    subject = SUBJECTS[value.changed]
    is_every = value.name == EVERY and (value.changed, value.item) != ("prices", "carbon")
    return [
        row
        for row in tables[value.changed]
        if (not subject.names or is_every or getattr(row, subject.names) == value.name) and subject.picks(row, value, park)
    ]


def told(value: FutureValue) -> str:
    """The figure in the words of the table: `prices gas energy`."""
    return " ".join(part for part in (value.changed, value.name, value.item, value.scheme, value.sense) if part)


def groups(values: Iterable[FutureValue], future: str) -> list[list[FutureValue]]:
    """The rows of one future, those of a figure together and by their years."""
    found: dict[tuple[str, ...], list[FutureValue]] = {}
    for row in values:
        if row.future == future:
            found.setdefault((row.changed, row.name, row.item, row.scheme, row.sense), []).append(row)
    return [sorted(rows, key=lambda row: row.year or 0) for rows in found.values()]


def no_row(value: FutureValue) -> Message:
    """What is said of a figure that the park does not have."""
    return Message("{figure}: the park has no such figure; only what its tables state can differ", figure=repr(told(value)))
