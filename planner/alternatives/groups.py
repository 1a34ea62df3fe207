"""Groups of what a plan may have: technologies and links by kind, measures, planting; or those that a table names."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.case import Case
from models.errors import CaseError
from models.inputs.assets import assets_of
from planner.finance.pieces import MEASURE, PLANTING, TECHNOLOGY
from planner.language.message import Message
from planner.tables.facts import Damaged, read_text
from planner.tables.output import names_table

#: Columns of a table of groups, and the most of it that is read.
COLUMNS, MOST_BYTES = ("group", "name"), 1_000_000


@dataclass(frozen=True)
class Member:
    """A thing that a plan may have: technology (links too), measure or planting; the unit of how much of it there is."""

    kind: str
    name: str
    unit: str


@dataclass(frozen=True)
class Group:
    """Things whose amounts, all of one unit, are added up."""

    name: str
    members: tuple[Member, ...]

    @property
    def unit(self) -> str:
        """Unit of the sum; of measures it counts them."""
        return self.members[0].unit


def members_of(case: Case) -> list[Member]:
    """All that a plan of the case may have, in the order of its tables; connections to the outside are left out."""
    outside = {c.connection for c in case.connections}
    found = [Member(TECHNOLOGY, a.name, a.label) for a in assets_of(case) if a.name not in outside]
    found += [Member(MEASURE, m.measure, "1") for m in case.measures]
    return found + [Member(PLANTING, p.project, "ha") for p in case.restoration]


def groups_by_kind(case: Case) -> list[Group]:
    """A group for each kind of the catalogue's names, apart by what is given or held where a kind has several, and by unit."""
    looks = {r.name: (str(r.kind), str(r.carrier)) for r in names_table(case).itertuples(index=False)}
    members = members_of(case)
    carriers: dict[str, set[str]] = {}
    units: dict[tuple[str, str], set[str]] = {}
    for member in members:
        kind, carrier = _look(member, looks)
        carriers.setdefault(kind, set()).add(carrier)
        units.setdefault((kind, carrier), set()).add(member.unit)
    found: dict[str, list[Member]] = {}
    for member in members:
        kind, carrier = _look(member, looks)
        parts = [kind]
        parts += [carrier] if carrier and len(carriers[kind]) > 1 else []
        parts += [member.unit] if len(units[kind, carrier]) > 1 else []
        found.setdefault(" ".join(parts), []).append(member)
    return [Group(name, tuple(own)) for name, own in found.items()]


def _look(member: Member, looks: dict[str, tuple[str, str]]) -> tuple[str, str]:
    """Kind and carrier; of a measure or planting what it is."""
    return looks.get(member.name, ("other", "")) if member.kind == TECHNOLOGY else (member.kind, "")


def read_groups(path: Path, case: Case) -> list[Group]:
    """Groups of a table with a line for each `group,name`. Raises CaseError with every line that is wrong."""
    known = {m.name: m for m in members_of(case)}
    faults: list[str] = []
    found: dict[str, dict[str, Member]] = {}
    for number, row in _rows(path):
        name, group = row.get("name", "").strip(), row.get("group", "").strip()
        if not group or not name:
            faults.append(Message("{path} line {number}: has a blank cell; write a group and a name", path=path, number=number))
        elif name not in known:
            faults.append(
                Message(
                    "{path} line {number}: name {name}: is no technology, link, measure or planting of the park",
                    path=path,
                    number=number,
                    name=repr(name),
                )
            )
        else:
            found.setdefault(group, {})[name] = known[name]
    for group, own in found.items():
        units = sorted({m.unit for m in own.values()})
        if len(units) > 1:
            faults.append(
                Message(
                    "{path}: group {group}: adds up {units}; give each unit a group of its own",
                    path=path,
                    group=repr(group),
                    units=" and ".join(units),
                )
            )
    if not faults and not found:
        faults.append(Message("{path}: has no rows; write a line for each group,name", path=path))
    if faults:
        raise CaseError(faults)
    return [Group(name, tuple(own.values())) for name, own in found.items()]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Number of the line, and its cells."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CaseError([Message("{path}: is larger than any table of groups", path=path)])
        rows = list(csv.reader(read_text(path).splitlines()))
    except OSError as error:
        raise CaseError.because("--groups {path}: cannot be read ({error})", path=path, error=error.strerror or error) from None
    except csv.Error as error:
        raise CaseError.because("--groups {path}: cannot be read ({error})", path=path, error=error) from None
    except Damaged as error:
        raise CaseError([Message("--groups {fault}", fault=line) for line in error.complaints]) from None
    head = [cell.strip() for cell in rows[0]] if rows else []
    if sorted(head) != sorted(COLUMNS):
        raise CaseError.because(
            "{path} line 1: has the columns {given}; write {columns}",
            path=path,
            given=", ".join(head) or Message("(none)"),
            columns=",".join(COLUMNS),
        )
    for number, cells in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in cells):
            yield number, dict(zip(head, cells, strict=False))
