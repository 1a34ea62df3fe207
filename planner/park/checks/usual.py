"""Figures outside of what they usually are: each figure that the park itself states, against the ranges of the catalogue.

A column of a fixed unit is looked up by its own name; other figures are rows of `figures` in rules.toml.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence

from models.case import TABLES, Cost, Origin, Row, Saving
from planner.language.message import Message
from planner.park import remarks
from planner.park.draft import Draft
from planner.park.fields import FieldColumn, columns_of
from planner.park.money import shown
from planner.park.rules import Cells, NamedRows, rules

#: A figure: where it stands, table, names to look under, parameter, value, unit, what it is called.
Figure = tuple[Row | Origin | str, str, Sequence[str], str, float, str, str]
#: So many names are said in full.
MOST_NAMES = 3
#: GJ in a MWh.
GJ = 3.6


def check_usual(draft: Draft) -> None:
    """Warn of each figure of the park that lies outside its range, once a series; and once of all that is built for nothing."""
    free = [cost for cost in draft.rows(Cost) if cost.parameter == "capital_cost" and cost.value == 0 and not cost.is_of_catalogue]
    if names := list(dict.fromkeys(cost.type for cost in free)):
        listed = ", ".join(repr(name) for name in names[:MOST_NAMES]) + (", …" if len(names) > MOST_NAMES else "")
        draft.warn(free[0], remarks.FREE, names=listed, count=len(names))
    said = set()
    for where, table, names_of, parameter, value, unit, what in (*_declared(draft), *_figures(draft), *_of_park(draft)):
        origin = where.origin if isinstance(where, Row) else where
        if isinstance(origin, Origin) and origin.catalogue:
            continue
        found = draft.ranges.outside(table, names_of, parameter, value, unit, draft.currency)
        series = (origin.file if isinstance(origin, Origin) else origin, table, tuple(names_of), parameter)
        if found is None or series in said:
            continue
        said.add(series)
        converted, own = found
        also = f" ({converted:.4g} {own.unit})" if own.unit not in (unit, "1") and f"{converted:.6g}" != f"{value:.6g}" else ""
        remark, meant = remarks.BELOW_USUAL if converted < own.low else remarks.ABOVE_USUAL, {}
        is_fuel = (table, parameter) == ("prices", "energy") and names_of[-1] != "electricity"
        if is_fuel and converted < own.low <= converted * GJ <= own.high:
            remark, meant = remarks.PER_GJ, {"meant": f"{draft.currency}/GJ"}
        if own.unit in ("1", "1/h") and 1 < converted <= 100 * own.high and own.low <= converted / 100:
            remark, meant = remarks.PERCENT, {"meant": f"{converted / 100:g}"}
        words = {"low": shown(own.low), "high": shown(own.high), "unit": "" if own.unit == "1" else f" {own.unit}", **meant}
        given = f"{value:g} {unit}".rstrip("1").rstrip()
        draft.warn(origin, remark, what=what, value=f"{given}{also}", source=own.source, **words)


def _declared(draft: Draft) -> Iterator[Figure]:
    """Columns of a fixed unit that ranges.csv has a range of; what is left blank or is 0 says nothing."""
    for table, parameter in dict.fromkeys((table, parameter) for table, _, parameter in draft.ranges.rows):
        column = columns_of(TABLES[table]).get(parameter) if table in TABLES else None
        for row in draft.valid[table] if column is not None and column.unit else ():
            value = getattr(row, parameter)
            if value and column and not (isinstance(row, Saving) and row.adds):
                name = getattr(row, row.key[0] if row.key else row.columns()[0])
                yield row, table, (getattr(row, "type_name", ""),), parameter, value, _unit(column, draft), f"{name} {parameter}"


def _unit(column: FieldColumn, draft: Draft) -> str:
    return column.unit.replace("money", draft.currency or "money").replace("capacity", "MW")


def _figures(draft: Draft) -> Iterator[Figure]:
    """Those that rules.toml declares; of a list that its condition comes to, `each` is one figure."""
    tables = NamedRows(draft)
    for table, stated, where, names, parameter, value, unit, what in rules()["figures"]:
        fields = [name for _, name, _, _ in string.Formatter().parse(what) if name]
        for row in tables.rows(table):
            cells = Cells(row, tables)
            found = cells.value(stated)
            for cells["each"] in found if isinstance(found, list) else [found] if found else ():
                own = [name or "" for name in cells.value(names)]
                said = Message(what, **{name: str(cells[name]) for name in fields})
                yield row, where, own, cells.value(parameter), cells.value(value), cells.value(unit), said


def _of_park(draft: Draft) -> Iterator[Figure]:
    """Figures of park.toml, of [finance], its owners and what it says by name; what is left blank or is 0 says nothing."""
    park = draft.park
    if park is None:
        return
    yield draft.where("discount_rate"), "park", (), "discount_rate", park.discount_rate, "1/year", "discount_rate"
    total = sum(energy for energy, _ in draft.energy.values())
    if park.base_emissions and total > 0:
        what, ratio = Message("base_emissions by the energy of all demands"), park.base_emissions / total
        yield draft.where("base_emissions"), "park", (), "emissions_per_energy", ratio, "t/MWh", what
    owners = park.finance.owners if park.finance else {}
    for within, terms in [((), park.finance), *((("owners", name), terms) for name, terms in owners.items())]:
        for name, column in columns_of(type(terms)).items() if terms else ():
            value, table = getattr(terms, name), ("finance", *within)
            for key, number in value.items() if isinstance(value, dict) and name != "owners" else ():
                where = draft.where(key, (*table, name))
                yield where, "finance", (), name, number, "year" if name == "depreciation" else "1", f"finance.{name}.{key}"
            if isinstance(value, float | int) and value:
                yield draft.where(name, table), "finance", within[1:], name, value, _unit(column, draft), ".".join((*table, name))
