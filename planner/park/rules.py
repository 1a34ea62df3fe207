"""Rules of single rows: what a word must name, which columns a row may state, how its figures go together and with what it names.

They are data: `rules.toml` beside this file says what is wrong when, and in which words. What looks at many rows at once is code,
in `planner.park.checks`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from itertools import permutations
from pathlib import Path
from types import CodeType
from typing import Any

from models.case import TABLES, Connection, EquipmentType, Link, Park, ParkRule, Port, Row, StageRule, Supply, Technology
from models.case.technology import MAY_BE_NEGATIVE
from models.inputs.boundary import ranges
from models.inputs.equipment import may_commit
from models.metrics import CUMULATED, MATCHED, OF_RULES
from models.units import UnitError, factor, names_year
from planner.futures.tree import SUBJECTS
from planner.language.language import mark
from planner.language.message import Message
from planner.park.complaints import is_no
from planner.park.draft import Draft, name_of, quoted
from planner.park.faults import LISTED
from planner.park.fields import columns_of, share_hint

FILE = Path(__file__).with_name("rules.toml")
ONLY = mark("{given}: is of {what} only; leave it blank")
CO2 = "co2"
#: Hours of a year.
YEAR = 8760
#: A growing park may let emissions rise by a quarter at first; no transition lets them more than double, so 3 is 3 %.
RATIO_MOST = 2.0
#: Tables that use zones.
ZONED = ("technologies", "demand", "supplies", "chargers")
#: What rules call the record of park.toml.
PARK = "park"
#: Tables of years, `*` of a rule, but those judged by what the row is of: an order of 2003 may work to this day.
BY_THEMSELVES = ("bills", "committed")
#: So many years before all years of the park nobody's series begins (2003 for 2030), and after the horizon none ends: paths of
#: scenarios go to 2100.
YEARS_BEFORE, YEARS_AFTER = 20, 75


@cache
def rules() -> dict[str, list[list[str]]]:
    """What rules.toml says: lists `names`, `only`, `faults`, `remarks` and `figures`."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def check_rows(draft: Draft) -> None:
    """Complain of each row that breaks a rule."""
    said, tables = rules(), NamedRows(draft)
    for place, noun, to in said["names"]:
        table, column = place.split(".")
        for row in draft.rows(TABLES[table]):
            _refer(row, column, noun, to.split(), draft)
    for table, columns, what, is_of in said["only"]:
        kind = TABLES[table]
        for row in draft.rows(kind):
            stated = [c for c in columns.split() if getattr(row, c) not in ("", None, kind.model_fields[c].default)]
            for column in stated if stated and not Cells(row, tables).value(is_of) else ():
                draft.fault(row, ONLY, given=_given(row, column), what=Message(what))
    yearly = " ".join(table for table, kind in TABLES.items() if kind.is_yearly() and table not in BY_THEMSELVES)
    for note, tell in (("faults", draft.fault), ("remarks", draft.warn)):
        for of_tables, wrong, words, *others in said[note]:
            for table in of_tables.replace("*", yearly).split():
                _judge(table, wrong, words, "".join(others), tell, note == "remarks", tables)


def _judge(table: str, wrong: str, words: str, others: str, tell: Callable[..., None], is_once: bool, tables: NamedRows) -> None:
    """Tell of the rows of a table that are wrong; a remark once a series. Of a list what is wrong is `each` of it."""
    told = set()
    for row in tables.rows(table):
        cells = Cells(row, tables)
        found = cells.value(wrong)
        series = tuple(getattr(row, key) for key in row.key if key != "year") or row.origin if table != PARK else words
        if not found or (is_once and series in told):
            continue
        told.add(series)
        for cells["each"] in found if isinstance(found, list) else [found]:
            values = cells.value(others) if others else {}
            if table == PARK:  # its words begin with the key that is wrong
                where, columns = tables.draft.where(words.split(" ")[0]), {name: str(cells[name]) for name in columns_of(Park)}
                tell(where, words, **columns | values)
            else:
                tell(row, words, **values)


def _refer(row: Row, column: str, noun: str, to: list[str], draft: Draft) -> None:
    """Complain where a word names nothing of what `to` says: columns, profiles.csv, types of the catalogue."""
    word, places = getattr(row, column), [place.split(".") for place in to if "." in place]
    default = type(row).model_fields[column].default
    if word in ("", "*", default) or not all(draft.knows_names(TABLES[table]) for table, _ in places):
        return
    if "profiles" in to and not draft.profiles.is_read:
        return
    if any(raw.cells.get(key) == word for table, key in places for raw in draft.raw[table]):
        return
    known = {name for table, key in places for name in draft.names(TABLES[table], key)}
    known |= {default} if default and isinstance(default, str) else set()
    known |= draft.profiles.names if "profiles" in to else set()
    known |= draft.catalogue_types if "catalogue" in to else set()
    if word not in known:
        draft.fault(row, lambda: is_no(column, word, noun, known, Message(LISTED) if "catalogue" in to else ""))


def _given(row: Row, column: str) -> str:
    value = getattr(row, column)
    return f"{column} {value!r}" if isinstance(value, str) else f"{column} = {quoted(value)}"


class NamedRows:
    """Rows of the tables by what their cells are, for rules that look at what a row names; each question is answered once."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self._by_cells: dict[tuple[str, ...], dict[tuple[Any, ...], list[Row]]] = {}
        self._names: dict[str, set[str]] = {}

    def rows(self, table: str) -> list[Any]:
        """All rows of a table, and the record that park.toml is."""
        if table == PARK:
            return [self.draft.park] if self.draft.park else []
        return self.draft.valid[table]

    def of(self, table: str, **cells: Any) -> list[Row]:
        """The rows whose cells are these."""
        key = (table, *cells)
        if key not in self._by_cells:
            found: dict[tuple[Any, ...], list[Row]] = {}
            self._by_cells[key] = found
            for row in self.rows(table):
                found.setdefault(tuple(getattr(row, column) for column in cells), []).append(row)
        return self._by_cells[key].get(tuple(cells.values()), [])

    def the(self, table: str, name: str) -> Any:
        """The first row of a name; one without any figure where there is none."""
        return next(iter(self.of(table, **{TABLES[table].key[0]: name})), _NONE)

    def known(self, place: str) -> set[str]:
        """Every name in a column, `sites.site`, also in rows with a fault elsewhere."""
        if place not in self._names:
            table, column = place.split(".")
            self._names[place] = self.draft.names(TABLES[table], column)
        return self._names[place]

    def sure(self, table: str, name: str = "") -> bool:
        """True if all of a table, or of a name in it, could be read."""
        return self.draft.is_sure(TABLES[table], name)


class _None:
    """Of a row that there is not nothing is known."""

    def __getattr__(self, name: str) -> None:
        return None

    def __bool__(self) -> bool:
        return False


_NONE = _None()


@cache
def _compiled(text: str) -> CodeType:
    return compile(text, FILE.name, "eval")


class Cells(dict[str, Any]):
    """The names of an expression: columns of a row, and what rules.toml says that it may say beside them."""

    def __init__(self, row: Row, tables: NamedRows) -> None:
        super().__init__(WORDS, rows=tables.rows, of=tables.of, the=tables.the, known=tables.known, sure=tables.sure, row=row)
        self.row, self.tables = row, tables

    def value(self, text: str) -> Any:
        """What an expression of rules.toml comes to; no text of a park is one."""
        return eval(_compiled(text), self, self)

    def __missing__(self, name: str) -> Any:
        if name not in type(self.row).model_fields and name in FACTS:
            return FACTS[name](self.row, self.tables.draft)
        return getattr(self.row, name)


def _in_ranges(text: str, first: int, last: int) -> bool:
    """True of a list of ranges of numbers within these."""
    try:
        ranges(text, first, last)
    except ValueError:
        return False
    return True


def can_be(unit: str, to: str, currency: str = "") -> bool:
    """True of a unit that can be converted to another."""
    try:
        return factor(unit, to, currency) > 0
    except UnitError:
        return False


def _is_yearly(row: Any, draft: Draft) -> bool:
    try:
        return names_year(row.unit, draft.currency)
    except UnitError:
        return False


def _plant(row: Any, draft: Draft) -> Any:
    """The technology or link that a row names, as a technology or as chargers."""
    name = getattr(row, "technology", getattr(row, "chargers", None))
    return next((own for own in (*draft.rows(Technology), *draft.rows(Link)) if name_of(own) == name), _NONE)


def _type_name(row: Any, draft: Draft) -> str:
    """The type that a row is, or is of, or that of what it names."""
    return getattr(row, "type_name", getattr(row, "type", None)) or _plant(row, draft).type_name or ""


def _type_of(row: Any, draft: Draft) -> Any:
    return draft.types.get(_type_name(row, draft), _NONE)


def _lifetime(row: Any, draft: Draft) -> int:
    """Whole years for which what a row names works; 0 where it cannot be told."""
    costs = draft.costs.get((_type_name(row, draft), "lifetime"), [])
    return int(costs[0].value * factor(costs[0].unit, "year") + 1e-9) if costs and can_be(costs[0].unit, "year") else 0


def _most_ratio(row: Any) -> float:
    """The most that a limit may be, of a share or another ratio; 0 of what is none."""
    metric = OF_RULES[row.metric]
    return 0.0 if metric.name in CUMULATED or metric.unit != "1" else 1.0 if metric.is_share else RATIO_MOST


def _efficiency(ports: list[Port]) -> float:
    """Energy out by energy in, without waste heat that comes off; 0 without ports in or out."""
    flows = [p for p in ports if p.carrier != CO2 and (p.carrier, p.direction) != ("waste-heat", "out")]
    taken, given = (sum(p.ratio for p in flows if p.direction == way) for way in ("in", "out"))
    return given / taken if taken > 0 else 0.0


def _price_names(row: Any, draft: Draft) -> tuple[str, ...]:
    """Names of ranges of a price: its carrier, and where it is outside of that its fuel, as waste heat may be had for nothing."""
    supply: Any = next((own for own in draft.rows(Supply) if own.supply == row.supply), _NONE)
    names = (f"{supply.carrier} {draft.currency}", supply.carrier or "")
    value = row.value * draft.profiles.mean(row.profile)
    return (supply.fuel, *names) if draft.ranges.outside("prices", names, row.item, value, row.unit, draft.currency) else names


def _by_energy(row: Any, draft: Draft) -> str:
    """The first metric by energy of a stage of the goal or a rule of the park; '' without any."""
    stages = {(draft.park.standard, stage) for stage, _ in draft.goal.steps} if draft.park and draft.goal else set()
    metrics = [rule.metric for rule in draft.rows(StageRule) if (rule.standard, rule.stage) in stages]
    metrics += [rule.metric for rule in draft.rows(ParkRule)]
    return min((metric for metric in metrics if OF_RULES[metric].denominator == "energy_use"), default="")


def _can_come(row: Any, draft: Draft) -> list[tuple[float, str]]:
    """The most that a supply brings in a year (MWh), and by which limit, the lowest first."""
    shape = draft.profiles.mean(row.profile) if row.profile in draft.profiles.series else None
    limits = [(row.max_import_year, 1.0, "max_import_year"), (row.max_import, YEAR, "max_import · 8760 h")]
    limits += [(row.contract_max if shape is not None else None, (shape or 0.0) * YEAR, "contract_max · profile")]
    limits += [
        (c.max_import, YEAR, f"{c.connection} max_import · 8760 h")
        for c in draft.rows(Connection)
        if c.connection == row.connection
    ]
    return sorted((most * hours, by) for most, hours, by in limits if most is not None)


def _years(park: Park) -> tuple[int, int]:
    """First and last year that the park knows of."""
    return min(park.base_year, park.first_year), park.last_year


def _span(row: Any, draft: Draft) -> str:
    assert draft.park is not None
    first, last = (row.first_year, row.last_year) if row is draft.park else _years(draft.park)
    return f"{first}" if first == last else f"{first} to {last}"


def _is_far(row: Any, draft: Draft) -> bool:
    """True of a year that no series of the park reaches."""
    if draft.park is None or row.year is None or row.is_of_catalogue:
        return False
    first, last = _years(draft.park)
    return not min(first, draft.park.price_year) - YEARS_BEFORE <= row.year <= last + YEARS_AFTER


def _guess(row: Any, draft: Draft) -> str:
    """The year of the park that a slip of the pen makes of another: digits in another order, or a century left out; else ''."""
    assert draft.park is not None
    first, last = _years(draft.park)
    digits = str(row.year).rjust(4)
    turned = {int("".join(own)) for own in permutations(str(row.year))} | {row.year + 100 * (first // 100)}
    near = [other for other in sorted(turned) if first <= other <= last]
    best = min(near, key=lambda other: sum(a != b for a, b in zip(digits, str(other), strict=True)), default=None)
    return f" ({best}?)" if best else ""


def _after_the_end(row: Any, draft: Draft) -> bool:
    return draft.park is not None and row.year is not None and row.year > draft.park.last_year


#: What a capacity is measured in, by role.
PER = {"converter": "MW", "store": "MWh", "capture": "(t/h)", "charger": "MW"}
#: What every expression may say.
WORDS: dict[str, Any] = {
    "__builtins__": {}, "any": any, "all": all, "abs": abs, "len": len, "max": max, "min": min, "sum": sum, "bool": bool,
    "repr": repr, "round": round, "sorted": sorted, "getattr": getattr,
    "PER": PER, "PAID": MAY_BE_NEGATIVE, "name_of": name_of, "thousands": "{:,.0f}".format,
    "CUMULATED": CUMULATED, "MATCHED": MATCHED, "METRICS": OF_RULES,
    "YEAR": YEAR, "in_ranges": _in_ranges, "can": can_be, "share_hint": share_hint,
}  # fmt: skip
#: What it may say of its row.
FACTS: dict[str, Callable[[Any, Draft], Any]] = {
    "plant": _plant,
    "type_name": _type_name,
    "kind": _type_of,
    "role": lambda row, draft: row.role if isinstance(row, EquipmentType) else _type_of(row, draft).role or "",
    "is_power": lambda row, draft: _type_name(row, draft) in draft.power_types,
    "used": lambda row, draft: _type_name(row, draft) in {own.type_name for own in draft.rows(Technology)},
    "ports": lambda row, draft: draft.ports.get(_type_name(row, draft), []),
    "costs": lambda row, draft: lambda parameter: draft.costs.get((_type_name(row, draft), parameter), []),
    "commits": lambda row, draft: may_commit(row, _type_of(row, draft)),
    "lead": lambda row, draft: _type_of(row, draft).lead_time or 0,
    "lifetime": _lifetime,
    "own": lambda row, draft: not row.is_of_catalogue,
    "currency": lambda row, draft: draft.currency,
    "cost_of_saving": lambda row, draft: draft.cost_of_saving(row.measure),
    "price_names": _price_names,
    "by_energy": _by_energy,
    "can_come": _can_come,
    "efficiency": lambda row, draft: _efficiency(draft.ports.get(row.type, [])),
    "limited": lambda row, draft: draft.limited(name_of(row)),
    "may_be_built": lambda row, draft: draft.may_be_built(row),
    "ordered": lambda row, draft: row.max_capacity != 0 and row.max_build != 0,
    "bases": lambda row, draft: draft.bases.get(row.supply, []),
    "most_ratio": lambda row, draft: _most_ratio(row),
    "is_yearly": _is_yearly,
    "has_units": lambda row, draft: row.changed in SUBJECTS and SUBJECTS[row.changed].has_unit,
    "after_the_end": _after_the_end,
    "is_far": _is_far,
    "span": _span,
    "guess": _guess,
    "park": lambda row, draft: draft.park,
    "profiles": lambda row, draft: draft.profiles,
    "profile_columns": lambda row, draft: draft.columns_of(row.profile) if row.profile else [],
    "catalogue_types": lambda row, draft: draft.catalogue_types,
    "has_zones": lambda row, draft: any(raw.get("zone") for table in ZONED for raw in draft.raw[table]),
}
