r"""The matrix of all hours of a year, made as arrays from a Pyomo model of three hours, because Pyomo takes long for 8,760.

The rows of hour t have columns of t and of the hour before, of its month, and of the year:

.. math:: \sum_j a_{ij,t}\, x_{j,t} + \sum_j b_{ij}\, x_{j,t-1} + \sum_l d_{il}\, \pi_{il,t}\, y_l \le r_i

In a balance of heat, for example, y is the heat demand of the year and π its shape; in a limit of activity, y is the capacity and π
the availability. Where nothing varies, π is 1.

1. The Pyomo model is built of three hours, with every profile π at 0, at half and at all of its highest value.
2. Each row of the three is compared between the second and the third hour. A coefficient that is equal in both is constant in time;
   one that is twice as large in the third is proportional to the profile of its link; a column that is missing in the first hour is
   there only in hours with π above 0.
3. Coefficients a that vary otherwise (a port with a profile, an hourly emission factor) are computed from the inputs
   (`hourly_coefficients`) and must agree with those of the three hours.
4. Columns and rows are repeated for all hours, months and the year with these coefficients.

Returns `AllHours`: matrix and names as of the whole Pyomo model, in another order. Raises AssertionError where a constraint of the
model varies from hour to hour in a manner that this file does not know: then the model was changed, and this file must be, too.

a, b, d  coefficients     x  column of an hour (j,t)     y  link, peak or contract (l)     r  right-hand side (i)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pyomo.core import ConcreteModel
from scipy import sparse

from models.families import MONTHLY
from models.inputs import Inputs
from models.inputs.calendar import Calendar
from models.operation.cost import charges_of
from models.operation.links import CHOICES
from models.park import build_hours
from planner.solve.handover.matrix import NONE, Matrix, Named, compile_model, name_model, rows_by_name
from planner.solve.year.template import Template, with_all_assets
from planner.solve.year.year import Joined, join

#: The three hours: profiles are 0 in the first, half of their highest value in the second, which is the one that is repeated, and
#: all of it in the third.
FIRST, SECOND, THIRD = 0, 1, 2
#: Profiles on the three hours, as a share of the highest value.
PROBE = np.array([0.0, 0.5, 1.0])
#: Profiles of ports on the three hours: no sum of two ports of one carrier is 0.
PORT_PROBE = np.array([0.0, 0.31830989, 0.63661977])


def three_hours(inputs: Inputs) -> Inputs:
    """The inputs on three hours in a circle: the second follows the first, the third the second, the first the third."""
    demands, conversion, captures, flexibility = inputs.demands, inputs.conversion, inputs.captures, inputs.flexibility
    ports = {
        k: tuple(port if port.shape is None else replace(port, shape=PORT_PROBE) for port in own)
        for k, own in conversion.ports.items()
    }
    always = np.maximum(PROBE, PROBE[SECOND])  # what is there in all three hours
    available = {k: always if k in conversion.derated else PROBE for k in conversion.availability}
    return replace(
        inputs,
        calendar=Calendar(np.ones(3), np.array([THIRD, FIRST, SECOND]), ((1, (FIRST, SECOND, THIRD)),)),
        demands=replace(demands, shape=_probed(demands.shape)),
        flexibility=replace(flexibility, owed=_probed(flexibility.owed), ahead=_probed(flexibility.ahead)),
        conversion=replace(conversion, ports=ports, availability=available),
        captures=replace(captures, fuel_shape=dict.fromkeys(captures.fuel_shape, PORT_PROBE)),
        storage=replace(inputs.storage, inflow_shape=_probed(inputs.storage.inflow_shape)),
        contracts=replace(inputs.contracts, shape=dict.fromkeys(inputs.contracts.shape, PROBE)),
        vehicles=inputs.vehicles.shaped(always, PROBE),
        supplies=replace(  # prices are in no row; all three hours are in each period
            inputs.supplies,
            shape={},
            factor_shape=dict.fromkeys(inputs.supplies.factor_shape, PORT_PROBE),
            period_hours=dict.fromkeys(inputs.supplies.period_hours, np.ones((1, 3), dtype=bool)),
        ),
    )


def _probed(shapes: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Shapes on the three hours."""
    return {u: (shape.max() or 1.0) * PROBE for u, shape in shapes.items()}


def hourly_coefficients(inputs: Inputs, y: int, row: tuple[str, tuple], name: str) -> np.ndarray | None:
    """The coefficient in each hour of a converter's activity, or a supply's import, in a row of (family, index).

    None for a family whose coefficients do not vary.
    """
    family, index = row
    hours = np.ones(len(inputs.calendar.weight))
    if family == "balance":
        return hours * inputs.conversion.net(name, index[1])
    if family in ("matched_limit", "green_limit"):
        return -hours * inputs.conversion.net(name, "electricity", out_only=True)
    if family == "converted_total" or (family == "matching_total" and index == ("use",)):
        return hours * inputs.conversion.net(name, "electricity", out_only=True)
    if family == "factor_total":
        return hours * inputs.supplies.factor_shape[index[1]]
    return -hours * inputs.captures.co2(name, y) if family == "source_limit" else None


def link_profile(inputs: Inputs, family: str, kind: str, name: str) -> np.ndarray:
    """The profile of a link in each hour in rows of a family, on the scale of the three hours."""
    if kind == "demand":
        of_rows = {"owed_limit": inputs.flexibility.owed, "ahead_limit": inputs.flexibility.ahead} | inputs.vehicles.of_rows
        shape = of_rows.get(family, inputs.demands.shape)[name]
        return shape / (shape.max() or 1.0)
    if kind == "inflow":
        return inputs.storage.inflow_shape[name] / inputs.storage.inflow_shape[name].max()
    if kind == "contract":
        return inputs.contracts.shape[name]
    assert kind == "capacity", f"{kind} {name} has no profile"
    return inputs.conversion.availability[name]


#: Families of hourly rows that stand in the last hour of the year alone.
AT_END = ("held_at_end",)
#: Families of rows of a charge, by its group, that are of its period alone.
BY_PERIOD = ("month_peak", "contract_limit")


@dataclass(frozen=True)
class AllHours(Named):
    """All hours of a year; `hour_of_row` is NONE for rows of a month or of the year.

    Columns and rows of its matrix refer to the Pyomo components of the three hours, so none can be looked up by id.
    """

    hour_of_row: np.ndarray


def all_hours(inputs: Inputs, y: int) -> AllHours:
    """All hours of a year: as `name_model` of the whole `build_hours`, in another order and with costs of 0.

    It may have columns besides that are in no row.
    """
    inputs = inputs.at(y)
    three = three_hours(inputs)
    repetition = _Repetition(inputs, three, y, name_model(build_hours(three, y), len(PROBE)))
    return repetition.result()


def repeated_matrix(of: Matrix, entries: sparse.csc_matrix, columns: np.ndarray, rows: np.ndarray) -> Matrix:
    """A matrix of these entries, without costs, whose columns and rows repeat those of another: their bounds and sides."""
    entries.eliminate_zeros()
    entries.sort_indices()
    return Matrix(
        columns=[of.columns[c] for c in columns.tolist()],
        rows=[of.rows[r] for r in rows.tolist()],
        cost=np.zeros(len(columns)),
        offset=0.0,
        start=entries.indptr.astype(np.int32),
        index=entries.indices.astype(np.int32),
        value=entries.data,
        lower=of.lower[columns],
        upper=of.upper[columns],
        row_lower=of.row_lower[rows],
        row_upper=of.row_upper[rows],
        integer=np.zeros(len(columns), dtype=bool),
    )


@dataclass(frozen=True)
class _Repeated:
    """The columns of the year that a column of the three hours becomes: one for every hour, for every month, or one.

    places  of these columns
    hour    of the three; NONE for a column that is not hourly
    link    (kind, name) of a linking variable
    name    first index of an hourly column: a converter, store or supply
    """

    places: np.ndarray
    hour: int = NONE
    link: tuple[str, str] = ("", "")
    name: str = ""


class _Repetition:
    """Repeats columns, then rows; `source` and `row_source`: of each, the column or row of the three hours that it repeats."""

    def __init__(self, inputs: Inputs, on_three: Inputs, y: int, three: Named) -> None:
        self.inputs, self.on_three, self.y = inputs, on_three, y
        self.three, self.by_rows = three, three.matrix.by_rows()
        self.hours, self.months = len(inputs.calendar.weight), len(inputs.calendar.billing)
        self.month = np.zeros(self.hours, dtype=int)
        for b, (_, own) in enumerate(inputs.calendar.billing):
            self.month[list(own)] = b
        self.source: list[np.ndarray] = []
        self.row_source: list[np.ndarray] = []
        self.hour_of_row: list[np.ndarray] = []
        #: Rows, columns and values of the entries, in parts.
        self.entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        self.repeated: dict[int, _Repeated] = {}
        self.series = {
            family: {index: self._repeat_series(family, index, places) for index, places in own.items()}
            for family, own in three.series.items()
        }
        self.single = {family: dict(self._repeat_single(family, own)) for family, own in three.single.items()}
        self.rows = {family: dict(self._repeat_rows(family, own)) for family, own in rows_by_name(three).items()}

    def result(self) -> AllHours:
        """The matrix with its names."""
        of, balances = self.three.matrix, self.rows["balance"]
        columns, rows = np.concatenate(self.source), np.concatenate(self.row_source)
        row, column, value = (np.concatenate(part) for part in zip(*self.entries, strict=True))
        matrix = repeated_matrix(of, sparse.csc_matrix((value, (row, column)), shape=(len(rows), len(columns))), columns, rows)
        return AllHours(
            self.three.model,
            matrix,
            self.series,
            self.single,
            balances=[(*place, t) for place in balances for t in range(self.hours)],
            balance_rows=np.concatenate([np.zeros(0, dtype=int), *balances.values()]),
            hour_of_row=np.concatenate(self.hour_of_row),
        )

    # --- columns ------------------------------------------------------------------------------------------------------

    def _new_columns(self, of: int, count: int) -> np.ndarray:
        first = sum(map(len, self.source))
        self.source.append(np.full(count, of))
        return np.arange(first, first + count)

    def _repeat_series(self, family: str, index: tuple, three: np.ndarray) -> np.ndarray:
        places = np.full(self.hours, NONE)
        if three[SECOND] != NONE:
            there = self._hours_of(family, index, bool(three[FIRST] != NONE))
            places[there] = self._new_columns(int(three[SECOND]), len(there))
        own = {place: _Repeated(places, hour, name=str(index[0])) for hour, place in enumerate(three.tolist()) if place != NONE}
        self.repeated |= own
        return places

    def _repeat_single(self, family: str, own: dict[Any, int]) -> Iterator[tuple[Any, int]]:
        """One column, or one for every month."""
        for index, place in own.items():
            count = self.months if family in MONTHLY else 1
            places = np.full(count, NONE) if place == NONE else self._new_columns(place, count)
            kind = family.removeprefix("link_")
            self.repeated[place] = _Repeated(places, link=("", "") if kind == family else (kind, str(index)))
            for b, new in enumerate(places.tolist()):
                yield (*index[:-1], b) if family in MONTHLY else index, new

    def _hours_of(self, family: str, index: tuple, always: bool) -> np.ndarray:
        """Hours that have the column or row: all, or those in which the converter is available, vehicles are there, or that a
        charge is of."""
        if family in BY_PERIOD:
            within = self.inputs.supplies.in_period(charges_of(self.inputs, self.y).together[index[0]][0])
            return np.arange(self.hours) if within is None else np.flatnonzero(within.any(axis=0))
        if family.startswith(("charging", "behind")):
            return np.array(self.inputs.vehicles.there(index[0]), dtype=int)
        return np.arange(self.hours) if always else np.flatnonzero(self.inputs.conversion.availability[index[0]] > 0)

    # --- rows ---------------------------------------------------------------------------------------------------------

    def _repeat_rows(self, family: str, own: dict[Any, int]) -> Iterator[tuple[tuple, np.ndarray]]:
        """A row for every hour where the family has one for each of the three; else one a month or one a year.

        Yields the rows of each index before the hour, of hourly families.
        """
        groups: dict[tuple, dict[int, int]] = {}
        for index, row in own.items():
            parts = index if isinstance(index, tuple) else (index,)
            groups.setdefault(parts[:-1], {})[parts[-1]] = row
        for before, rows in groups.items():
            if {SECOND, THIRD} <= set(rows):
                there = self._hours_of(family, before, FIRST in rows)
                yield before, self._repeat_hourly((family, before), rows[SECOND], rows[THIRD], there)
                continue
            if family in AT_END:
                self._repeat_hourly((family, before), rows[THIRD], rows[THIRD], np.array([self.hours - 1]), THIRD)
                continue
            for last, row in rows.items():
                self._repeat_other((family, (*before, last)), row)

    def _new_rows(self, of: int, hours: np.ndarray) -> np.ndarray:
        first = sum(map(len, self.row_source))
        self.row_source.append(np.full(len(hours), of))
        self.hour_of_row.append(hours)
        return np.arange(first, first + len(hours))

    def _enter(self, rows: np.ndarray, columns: np.ndarray, values: np.ndarray) -> None:
        there = columns != NONE
        self.entries.append((rows[there], columns[there], values[there]))

    def _repeat_hourly(self, named: tuple[str, tuple], row: int, twice: int, hours: np.ndarray, first: int = SECOND) -> np.ndarray:
        family = named[0]
        rows, of = self._new_rows(row, hours), self.three.matrix
        here, there = self._entries_of(row, first), self._entries_of(twice, THIRD)
        sides = (of.row_lower[row], of.row_upper[row]) == (of.row_lower[twice], of.row_upper[twice])
        assert here.keys() == there.keys() and sides, f"{family}: rows differ from hour to hour"
        for key, (repeated, lag, value) in here.items():
            share = np.ones(len(hours))
            if there[key][2] != value and repeated.hour != NONE:
                assert not lag, f"{family}: the coefficient of the hour before varies"
                share = self._coefficients(named, repeated, value, there[key][2])[hours] / value
            elif there[key][2] != value:
                assert np.isclose(there[key][2], 2 * value), f"{family}: varies from hour to hour, not as a profile"
                share = link_profile(self.inputs, family, *repeated.link)[hours] / PROBE[SECOND]
            if repeated.hour != NONE:
                columns = repeated.places[self.inputs.calendar.before[hours] if lag else hours]
            else:
                columns = repeated.places[self.month[hours] if len(repeated.places) == self.months else 0 * hours]
            self._enter(rows, columns, value * share)
        return rows

    def _repeat_other(self, named: tuple[str, tuple], row: int) -> None:
        """A sum over all hours with their weights; or a row of each month, or of the year."""
        entries = [(self.repeated[c], value) for c, value in self._cells(row)]
        parts = [{id(repeated.places): value for repeated, value in entries if repeated.hour == hour} for hour in (SECOND, THIRD)]
        assert parts[0].keys() == parts[1].keys(), "a sum over the hours has other columns in other hours"
        monthly = any(repeated.hour == NONE and len(repeated.places) > 1 for repeated, _ in entries)
        rows = self._new_rows(row, np.full(self.months if monthly else 1, NONE))
        for repeated, value in entries:
            if repeated.hour == NONE:
                assert (repeated.places != NONE).all(), "a sum has a column that is in no hour"
                self._enter(rows, np.broadcast_to(repeated.places, len(rows)), np.full(len(rows), value))
            elif repeated.hour == SECOND:
                twice = parts[1][id(repeated.places)]
                values = np.full(self.hours, value) if twice == value else self._coefficients(named, repeated, value, twice)
                self._enter(np.repeat(rows, self.hours), repeated.places, values * self.inputs.calendar.weight)

    def _cells(self, row: int) -> Iterator[tuple[int, float]]:
        first, last = self.by_rows.indptr[row : row + 2]
        yield from zip(self.by_rows.indices[first:last].tolist(), self.by_rows.data[first:last].tolist(), strict=True)

    def _entries_of(self, row: int, hour: int) -> dict[tuple[int, int], tuple[_Repeated, int, float]]:
        """The entries of a row of one of the three hours: columns of the year, how many hours before the row, and the value."""
        found = {}
        for column, value in self._cells(row):
            repeated = self.repeated[column]
            lag = 0 if repeated.hour == NONE else hour - repeated.hour
            found[id(repeated.places), lag] = repeated, lag, value
        return found

    def _coefficients(self, named: tuple[str, tuple], repeated: _Repeated, half: float, whole: float) -> np.ndarray:
        """The coefficient in each hour of an hourly column that varies: `half` and `whole` in the second and third of the three."""
        own, three = (hourly_coefficients(inputs, self.y, named, repeated.name) for inputs in (self.inputs, self.on_three))
        assert own is not None and three is not None, f"{named[0]}: a coefficient varies that `hourly_coefficients` does not know"
        agrees = np.allclose(three[[SECOND, THIRD]], [half, whole], rtol=1e-12)
        assert agrees, f"{named[0]}: the coefficient of the inputs is not that of the three hours"
        return own


class ChainOfHours(Joined):
    """Hours and account of a year, all hours as one chain; `inputs` as they stand there."""

    def __init__(self, inputs: Inputs, y: int) -> None:
        self.inputs = inputs = with_all_assets(inputs)
        super().__init__(inputs, y, Template(inputs, y, all_hours(inputs, y)))

    def with_choices(self, choices: ConcreteModel) -> tuple[np.ndarray, Matrix]:
        """The year joined to its choices (`build_choices`), with their costs; and which columns are a yes or no."""
        own, first = compile_model(choices), self.matrix
        links = self.links().items()
        known = {id(getattr(choices, kind)[name, self.y]): place for (kind, name), place in links if kind in CHOICES}
        is_new = np.array([id(v) not in known for v in own.columns], dtype=bool)
        place = np.array([known.get(id(v), 0) for v in own.columns], dtype=int)
        place[is_new] = len(first.columns) + np.arange(is_new.sum())
        joined = join(first, first.by_rows(), own, place, is_new)
        is_choice = np.zeros(len(joined.columns), dtype=bool)
        is_choice[place] = own.integer
        return is_choice, joined
