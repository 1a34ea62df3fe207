"""The case while it is being read: what was understood, and what is in doubt because something could not be."""

from __future__ import annotations

import string
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, cast

import numpy as np
from pydantic import ValidationError

from models.case import (
    TABLES,
    Assumption,
    Case,
    Chargers,
    Committed,
    Connection,
    Cost,
    Demand,
    EmissionFactor,
    EquipmentType,
    FutureValue,
    Goal,
    Limit,
    Link,
    Measure,
    Origin,
    Park,
    Port,
    ProfileYear,
    Row,
    Saving,
    Session,
    TariffRow,
    Technology,
)
from models.inputs.boundary import hourly_factor
from models.inputs.demand import at_once_shapes, drawn_energy, fleet_rows
from models.units import UnitError, yearly_factor
from planner.language.message import Message
from planner.park import faults
from planner.park.complaints import Complaints
from planner.park.faults import fault, of
from planner.park.fields import (
    REMARKS,
    FieldColumn,
    check_cell,
    check_name,
    columns_of,
    explain,
    is_number,
    number,
    shown,
    unit_shown,
    whole,
)
from planner.park.money import Ranges
from planner.park.settings import Toml
from planner.park.tables import RawRow

R = TypeVar("R", bound=Row)
#: Hours of a year.
HOURS = 8760


@dataclass
class Profiles:
    """profiles.csv: series by name; `names` are all columns, also those that could not be understood."""

    hours: int = 24
    series: dict[str, np.ndarray] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    lines: list[int] = field(default_factory=list)
    is_read: bool = True

    def mean(self, name: str) -> float:
        """Mean of a profile; 1 where none is named, or none of that name could be read."""
        series = self.series.get(name) if name else None
        return float(series.mean()) if series is not None and len(series) else 1.0


@dataclass(frozen=True)
class Charged:
    """A group of chargers: what its vehicles draw at most, charged at once in the year of its largest fleet (MW)."""

    group: str
    carrier: str
    zone: str
    peak: float


@dataclass
class Draft:
    """Everything read so far.

    `raw` holds the rows as text, `valid` those that the schema accepts. `unreadable` are tables that could not be read,
    `doubtful` the names, by table, of which a row could not be understood ('' stands for any name),
    `misspelt` the columns, by file, that a column of another name stands for, `headed` the units that headings of a table
    name, by column, after their numbers were converted: one of those that the column may be in; `settings`
    is park.toml.
    """

    complaints: Complaints
    park: Park | None = None
    raw: dict[str, list[RawRow]] = field(default_factory=lambda: {name: [] for name in TABLES})
    valid: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})
    unreadable: set[str] = field(default_factory=set)
    doubtful: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    profiles: Profiles = field(default_factory=Profiles)
    assumptions: list[Assumption] = field(default_factory=list)
    misspelt: dict[str, set[str]] = field(default_factory=dict)
    headed: dict[str, dict[str, str]] = field(default_factory=dict)
    catalogue_types: set[str] = field(default_factory=set)
    ranges: Ranges = field(default_factory=Ranges)
    settings: Toml | None = None
    goal: Goal | None = None
    #: Where rows stand that a fault was told of.
    faulty: set[Origin | str | None] = field(default_factory=set)
    #: Ports of the catalogue's types that the park does not use.
    known_ports: list[Port] = field(default_factory=list)

    @property
    def currency(self) -> str:
        """The park's currency, '' where park.toml could not be understood."""
        return self.park.currency if self.park else ""

    def rows(self, kind: type[R]) -> list[R]:
        """The rows of a table that the schema accepts."""
        return cast(list[R], self.valid[kind.table])

    def names(self, kind: type[Row], column: str) -> set[str]:
        """Every name that stands in a column, also in rows with a fault elsewhere."""
        return {row.get(column) for row in self.raw[kind.table]} - {""}

    def is_sure(self, kind: type[Row], name: str = "") -> bool:
        """True if what the table says of a name (or, without one, at all) could be understood."""
        if not self.knows_names(kind):
            return False
        return name not in self.doubtful[kind.table] if name else not self.doubtful[kind.table]

    def knows_names(self, kind: type[Row]) -> bool:
        """True if every name that stands in the table could be read."""
        return kind.table not in self.unreadable and "" not in self.doubtful[kind.table]

    def role(self, row: Row) -> str:
        """The role of a type, of a technology or of the type of a port; '' where it is not known."""
        kind = row if isinstance(row, EquipmentType) else self.types.get(getattr(row, "type_name", getattr(row, "type", "")))
        return kind.role if kind else ""

    def fault(self, where: Row | Origin | str | None, text: str | Callable[[], str], /, **values: object) -> None:
        """Note a fault of a row, or of a file or option (its name), in words that the values and the columns of the row fill.

        `text` may be a Message too, or what gives one, where it takes long to find the words.
        """
        is_template = isinstance(text, str) and not isinstance(text, Message)
        words = Message(str(text), **filled(where, str(text), values)) if is_template else text
        self.complaints.add(_placed(where), words)
        self.faulty.add(where.origin if isinstance(where, Row) else where)

    def where(self, key: str, within: tuple[str, ...] = ()) -> Origin | str:
        """Where a key of park.toml stands."""
        return self.settings.where(key, within) if self.settings else "park.toml"

    def warn(self, where: Row | Origin | str | None, remark: str, **values: object) -> None:
        """Note what looks wrong about a row, in the words of a remark that the values and the columns of the row fill."""
        self.complaints.warn(_placed(where), remark, **filled(where, remark, values))

    @cached_property
    def types(self) -> dict[str, EquipmentType]:
        """Types by name; ask only once all rows are understood, as for the following."""
        return {row.type: row for row in self.rows(EquipmentType)}

    @cached_property
    def ports(self) -> dict[str, list[Port]]:
        """Ports by type."""
        return grouped((row.type, row) for row in self.rows(Port))

    @cached_property
    def costs(self) -> dict[tuple[str, str], list[Cost]]:
        """Cost series by type and parameter."""
        return grouped(((row.type, row.parameter), row) for row in self.rows(Cost))

    @cached_property
    def saved(self) -> dict[str, float]:
        """MWh a year that each measure saves, of the demands that are stated first."""
        found: dict[str, float] = defaultdict(float)
        for row in self.rows(Saving):
            found[row.measure] += row.saving * (self.energy[row.demand][0] if row.demand in self.energy else 0.0)
        return found

    def cost_of_saving(self, name: str) -> float:
        """Money by MWh that a measure saves in a year; 0 of one that costs or saves nothing."""
        cost = next((measure.capital_cost for measure in self.rows(Measure) if measure.measure == name), 0.0)
        return cost / self.saved[name] if cost > 0 and self.saved.get(name, 0.0) > 0 else 0.0

    @cached_property
    def bases(self) -> dict[str, list[str]]:
        """Bases of emission factors by supply."""
        return grouped((row.supply, row.basis) for row in self.rows(EmissionFactor))

    @cached_property
    def energy(self) -> dict[str, tuple[float, Demand]]:
        """MWh of each demand that is stated first and not 0, and its row."""
        found: dict[str, tuple[float, Demand]] = {}
        for row in self.rows(Demand):
            if energy := energy_of(row):
                found.setdefault(row.demand, (energy, row))
        return found

    def load(self, demand: Demand, energy: float) -> np.ndarray:
        """MW of a demand in each hour of the profiles; flat where it has no shape that can be read."""
        when = demand.year or (self.park.first_year if self.park else 0)
        shape = self.profiles.series.get(self.column(demand.profile, when)) if demand.profile else None
        if shape is None or not len(shape) or shape.sum() <= 0:
            shape = np.ones(max(self.profiles.hours, 1))
        return energy * shape / (shape.sum() * HOURS / len(shape))

    def tariff(self, supply: str, item: str, hours: int = HOURS) -> np.ndarray:
        """The factor of a price in each hour of a year, or in so many hours of profiles."""
        assert self.park is not None
        return hourly_factor(Case(park=self.park, hours=hours, tariff=tuple(self.rows(TariffRow))), supply, item)

    @cached_property
    def power_types(self) -> dict[str, set[str]]:
        """Types that are the power of stores which can stand, and the carriers of these."""
        found: dict[str, set[str]] = {}
        for row in self.rows(Technology):
            kind = self.types.get(row.type_name)
            if kind is not None and kind.role == "store" and kind.power_type:
                found.setdefault(kind.power_type, set()).update(p.carrier for p in self.ports.get(kind.type, []))
        return found

    @cached_property
    def charged(self) -> list[Charged]:
        """Groups of chargers whose sessions can all be understood."""
        groups = {c.chargers for c in self.rows(Chargers)}
        sessions = [s for s in self.rows(Session) if s.chargers in groups]
        if self.park is None or not sessions:
            return []
        case = Case(park=self.park, hours=self.profiles.hours, chargers=tuple(self.rows(Chargers)), sessions=tuple(sessions))
        try:
            shapes, energy = at_once_shapes(case), drawn_energy(case, range(self.park.first_year, self.park.last_year + 1))
        except ValueError:  # complained of elsewhere
            return []
        most = {name: max(e for (r, _), e in energy.items() if r == name) for name in shapes}
        power: dict[str, np.ndarray] = {}
        for row in fleet_rows(case):
            power[row.chargers.chargers] = power.get(row.chargers.chargers, 0.0) + most[row.name] * shapes[row.name]
        own = {c.chargers: c for c in case.chargers}
        return [Charged(g, own[g].carrier, own[g].zone, float(p.max())) for g, p in power.items()]

    def limited(self, name: str, *items: str) -> bool:
        """True if limits.csv has a row of the technology or link, of any item or one of those named."""
        return any(row.technology == name and (not items or row.item in items) for row in self.rows(Limit))

    def column(self, profile: str, y: int) -> str:
        """The column of profiles.csv whose values a profile has in a year."""
        begun = [row for row in self.rows(ProfileYear) if row.profile == profile and row.year <= y]
        return max(begun, key=lambda row: row.year).column if begun else profile

    def columns_of(self, profile: str) -> list[str]:
        """The columns of profiles.csv whose values a profile has in some year of the plan or in the base year, its own first; in
        some future too."""
        rows = sorted((row for row in self.rows(ProfileYear) if row.profile == profile), key=lambda row: row.year)
        if self.park is None:
            return list(dict.fromkeys([profile, *(row.column for row in rows)]))
        first, last = min(self.park.base_year, self.park.first_year), self.park.last_year
        before = [row.column for row in rows if row.year <= first]
        of_futures = [v.value for v in self.rows(FutureValue) if v.changed == "profiles" and v.name == profile]
        later = [row.column for row in rows if first < row.year <= last]
        return list(dict.fromkeys([(before or [profile])[-1], *later, *of_futures]))

    def series_of(self, profile: str) -> list[np.ndarray]:
        """The values of these columns, of those that could be read; none without a profile."""
        return [self.profiles.series[c] for c in self.columns_of(profile) if len(self.profiles.series.get(c, ()))]

    def has_limit(self, row: Technology | Link | Connection) -> bool:
        """True if the park says how much of it can be ordered at most."""
        stated = row.max_capacity or getattr(row, "max_build", None) or self.limited(name_of(row), "max_capacity", "max_build")
        return bool(stated or (isinstance(row, Technology) and row.site and row.area > 0))

    def may_be_built(self, row: Technology | Link | Connection) -> bool:
        """True if an order of it is possible in some year of the horizon; a link that may not grow is not ordered anew."""
        for item in ("max_build", "max_capacity"):
            if getattr(row, item, None) == 0 and not self.limited(name_of(row), item):
                return False
        if not isinstance(row, Technology):
            may_grow = row.max_capacity is None or row.max_capacity > row.existing
            return may_grow or self.limited(name_of(row), "max_capacity", "existing")
        if self.park is None:
            return True
        kind = self.types.get(row.type_name)
        first = max(row.first_year or self.park.first_year, self.park.first_year)
        last = min(row.until_year or self.park.last_year, self.park.last_year - (kind.lead_time if kind else 0))
        return first <= last

    def can_stand(self, row: Technology | Link) -> bool:
        """True if it can have a capacity at all."""
        is_signed = any(order.technology == name_of(row) for order in self.rows(Committed))
        return row.existing > 0 or is_signed or self.may_be_built(row)


def energy_of(demand: Demand) -> float | None:
    """MWh of a row of demand.csv; None where its unit cannot be read."""
    try:
        return demand.value * yearly_factor(demand.unit, "MWh")
    except UnitError:
        return None


def name_of(row: Row) -> str:
    """The name of what a row is of."""
    return str(getattr(row, row.key[0]))


K = TypeVar("K")
V = TypeVar("V")


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """The values by their keys, in their order."""
    groups: dict[K, list[V]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _placed(where: Row | Origin | str | None) -> Origin | str:
    place = where.origin if isinstance(where, Row) else where
    assert place is not None, "the reader gives every row its origin"
    return place


def filled(where: object, template: str, values: Mapping[str, object]) -> dict[str, object]:
    """The values of a sentence as text: those given, and of its other words the columns of the row, names in quotes."""
    names = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    of_row = {name: quoted(getattr(where, name)) for name in names - set(values)} if isinstance(where, Row) else {}
    return of_row | {name: f"{value:g}" if isinstance(value, float) else value for name, value in values.items()}


def quoted(value: object) -> str:
    """A cell as a sentence has it: a name in quotes, a number short."""
    return repr(value) if isinstance(value, str) else f"{value:g}" if isinstance(value, int | float) else str(value)


# --- rows ------------------------------------------------------------------------------------------------------------------
# Rows of text into rows of the schema, with every fault of every cell.


def understand_rows(draft: Draft) -> None:
    """Turn the raw rows of all tables into `draft.valid`; a row with a fault is left out and its name in doubt."""
    for table, kind in TABLES.items():
        valid: list[Row] = []
        for raw in draft.raw[table]:
            row = _understood(kind, raw, draft)
            if row is None:
                draft.doubtful[table].add(raw.get(kind.key[0] if kind.key else kind.columns()[0]))
            else:
                valid.append(row)
        draft.valid[table] = valid


def _understood(kind: type[Row], raw: RawRow, draft: Draft) -> Row | None:
    """The row, or None with a complaint for each of its cells that is wrong."""
    columns = columns_of(kind)
    values: dict[str, Any] = {}
    wrong = set()
    for name, column in columns.items():
        text = raw.get(name)
        if text == "":
            continue
        try:
            values[name] = _value(column, text, name in kind.key or name not in REMARKS, _meant(column, raw, draft))
        except ValueError as error:
            wrong.add(name)
            draft.fault(raw.origin, of(shown(column, text, _unit(column, raw, draft)), error))
    try:
        row = kind.model_validate({**values, "origin": raw.origin})
    except ValidationError as error:
        for detail in error.errors():
            name = str(detail["loc"][0])
            if name not in wrong:
                _complain(columns[name], raw, detail, kind, draft)
        return None
    return None if wrong else row


def _value(column: FieldColumn, text: str, is_name: bool, unit: str) -> str | float | int:
    """The cell's value; ValueError says what is wrong."""
    check_cell(text)
    if column.kind == "text":
        if is_name and not column.choices and not (column.unit_column and is_number(text)):
            check_name(text)
        return text
    value = number(text, unit)
    return whole(value) if column.kind == "int" else value


def _unit(column: FieldColumn, raw: RawRow, draft: Draft) -> str:
    """The unit in which a cell is stated."""
    return raw.get(column.unit_column) if column.unit_column else unit_shown(column, draft.currency)


def _meant(column: FieldColumn, raw: RawRow, draft: Draft) -> str:
    """The unit that a number which cannot be read was meant in, as far as the row says; of a cost its parameter does."""
    if column.unit_column:
        return {"fixed_cost": "%/year", "grant": "1"}.get(raw.get("parameter"), "")
    return column.unit.replace("money", draft.currency or "money")


def _complain(column: FieldColumn, raw: RawRow, detail: Any, kind: type[Row], draft: Draft) -> None:
    """Say what pydantic found wrong with one cell."""
    if detail["type"] in ("missing", "string_too_short"):
        if column.name in raw.cells:
            draft.fault(raw.origin, fault(faults.BLANK_CELL, column=column.name, says=column.says.rstrip(".")))
        elif column.name not in draft.misspelt.get(raw.origin.file, ()):
            draft.fault(raw.origin.file, fault(faults.NO_COLUMN, column=repr(column.name), says=column.says.rstrip(".")))
        return
    given = raw.get(column.name)
    text = shown(column, given, _unit(column, raw, draft))
    draft.fault(raw.origin, of(text, explain(detail, column, kind.table, given)))
