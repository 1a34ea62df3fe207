"""Measures, offsets, certificates and restoration projects that the park lists by name: their blank cells."""

from __future__ import annotations

from models.case import Certificate, Measure, Offset, Restoration, Row, Uptake
from planner.park.fields import REMARKS, columns_of
from planner.park.fill import Filler
from planner.park.tables import RawRow

#: The park's own choices: left blank they say something (any year, no group, nothing required), so they stay blank.
_CHOICES = ("first_year", "group", "requires", "owner")


def fill_named(filler: Filler) -> None:
    """Fill what all of the park's rows of a name leave blank from the catalogue's rows of that name."""
    for kind in (Measure, Restoration, Offset, Certificate):
        if not filler.is_given(kind.table):
            continue
        rows = filler.draft.raw[kind.table]
        key = kind.key[0]
        for name in dict.fromkeys(row.get(key) for row in rows):
            found = filler.catalogue.rows(kind.table, **{key: name}) if name else []
            if found:
                own = [row for row in rows if row.get(key) == name]
                filled = _filled(filler, kind, name, own, found)
                at = rows.index(own[0])
                rest = [row for row in rows if row.get(key) != name]
                rows[:] = [*rest[:at], *filled, *rest[at:]]
    _fill_uptake(filler)


def _filled(filler: Filler, kind: type[Row], name: str, own: list[RawRow], found: list[RawRow]) -> list[RawRow]:
    """The park's rows of one name with their blank cells filled."""
    columns = [c for c in columns_of(kind) if c not in (*REMARKS, *_CHOICES, kind.key[0], "year")]
    blank = [c for c in columns if not any(row.get(c) for row in own)]
    if kind.is_yearly() and "price" in blank:
        return _with_series(filler, kind, name, own, found, [c for c in columns if c not in blank])
    filled: list[RawRow] = []
    listed = False
    for row in own:
        source = min(found, key=lambda other: _distance(other, row))
        taken = filler.take_cells(kind.table, name, source, [] if listed else blank)
        if listed:
            taken = taken.having(**{c: filled[0].get(c) for c in blank if filled[0].get(c)})
        listed = listed or not kind.is_yearly() or _is_constant(found, blank)
        filled.append(row.having(**{c: taken.get(c) for c in blank if taken.get(c)}))
    return filled


def _is_constant(found: list[RawRow], columns: list[str]) -> bool:
    """True if the catalogue says the same of every year."""
    return len({tuple(row.get(c) for c in columns) for row in found}) == 1


def _distance(found: RawRow, own: RawRow) -> float:
    """Years between two rows."""
    try:
        return abs(float(found.get("year")) - float(own.get("year")))
    except ValueError:
        return 0.0


def _with_series(
    filler: Filler, kind: type[Row], name: str, own: list[RawRow], found: list[RawRow], given: list[str]
) -> list[RawRow]:
    """The catalogue's whole series, with what the park gives laid over it."""
    for column in given:
        if len({row.get(column) for row in own}) > 1:
            filler.draft.fault(
                own[0].origin,
                "price: is blank in all rows of {name} while {column} differs among them; give the prices",
                name=repr(name),
                column=column,
            )
            return own
    over = {column: own[0].get(column) for column in given}
    columns = [c for c in columns_of(kind) if c not in (*REMARKS, *_CHOICES, *given, kind.key[0], "year")]
    rows = []
    for row in found:
        taken = filler.take_cells(kind.table, name, row, columns)
        rows.append(RawRow(own[0].origin, {**taken.cells, **over, kind.key[0]: name}))
    return rows


def _fill_uptake(filler: Filler) -> None:
    """The uptake of each restoration project that has none, as a whole block."""
    if not filler.is_given("restoration", "uptake"):
        return
    given = filler.draft.names(Uptake, "project")
    for project in sorted(filler.draft.names(Restoration, "project") - given):
        for row in filler.catalogue.rows("uptake", project=project):
            filler.draft.raw["uptake"].append(row)
            filler.assume("uptake", project, f"at age {row.get('age')}", row, row.get("value"), "t/ha/year")
