"""The operation of a year compiled once for all years of one structure, which differ in prices, capacities and demands only.

Prices are costs of columns; capacities and demands are columns of their own, which are fixed for a year (linking variables). So one
Pyomo model names the variables of all years of one structure, and each year is a few arrays: `Template`, found by `Templates`.

Returns arrays. Raises AssertionError where a yearly total is not defined by one row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np
from pyomo.core import Block, ConcreteModel, Var
from scipy import sparse

from models.dot import dot
from models.families import ITEMS, NOT_HOURLY, OF_ASSETS, TOTALS
from models.inputs import Inputs
from models.operation.cost import item_of, unit_costs
from models.operation.links import Family
from models.park import build_account, build_hours
from planner.solve.handover.matrix import COUPLED, NOISE, NONE, Named, modelling, name_model

# --- template --------------------------------------------------------------------------------------------------------------

#: A sum over the year: name of the variable and its index.
Total = tuple[str, tuple[str, ...]]


def with_all_assets(inputs: Inputs) -> Inputs:
    """The inputs with each asset present in every year, so that more years are of one structure; an absent one has capacity 0."""
    capacity = inputs.capacity
    ever = {k for present in capacity.present.values() for k in present}
    always = tuple(k for k in capacity.assets if k in ever)
    return replace(inputs, capacity=replace(capacity, present=dict.fromkeys(capacity.present, always)))


def structure_key(inputs: Inputs, y: int) -> tuple:
    """The structure of a year: equal for years that one template serves, given that each asset is present in all.

    Profiles are coefficients of the matrix, so years in which one has another column are of another structure, and so are shares of
    demand that may move or be shed.
    """
    supplies, captures = inputs.supplies, inputs.captures
    charged = frozenset(s for s, when in supplies.demand_charge if when == y)
    contracted = frozenset(s for s, when in (*supplies.capacity_charge, *supplies.year_charge) if when == y)
    fuels = frozenset((q, co2) for (q, when), co2 in captures.fuel_co2.items() if when == y)
    processes = frozenset(q for q, when in captures.process_co2 if when == y)
    return supplies.offered[y], charged, contracted, fuels, processes, inputs.columns_of(y), inputs.flexibility.in_year(y)


@dataclass(frozen=True)
class CostTerm:
    """A linear cost term: unit costs of some columns (money per unit)."""

    places: np.ndarray
    coefs: np.ndarray

    @classmethod
    def of(cls, parts: Sequence[CostTerm]) -> CostTerm:
        """The sum of these terms."""
        return cls(np.concatenate([p.places for p in parts]), np.concatenate([p.coefs for p in parts]))

    def at(self, values: np.ndarray) -> float:
        """Its value at these values of all columns (money)."""
        return dot(self.coefs, values[self.places])


class Template:
    """The hours of a year as one matrix.

    rows     the matrix by rows
    links    (kind, name) -> column that is fixed for a year
    totals   yearly totals, the sums over the hours that the account uses; total_places: their columns, sum_rows: their rows
    series   family -> index before the hour -> columns by hour
    single   family -> index -> column, of families that are not hourly
    further  kinds of linking variables that hours and account have besides those of every park
    """

    further: tuple[str, ...] = ()

    def __init__(self, inputs: Inputs, y: int, named: Named | None = None) -> None:
        """`inputs` as `with_all_assets` returns them; y: any of the years of this structure."""
        self.inputs = inputs = inputs.at(y)
        self.named = named or name_model(build_hours(inputs, y), len(inputs.calendar.weight))
        self.matrix, self.series, self.single = self.named.matrix, self.named.series, self.named.single
        #: (zone, carrier, hour) of each balance, and its row.
        self.balances, self.balance_rows = self.named.balances, self.named.balance_rows
        self.rows = self.matrix.by_rows()
        self.links = {
            (family.removeprefix("link_"), str(index)): place
            for family, own in self.single.items()
            if family.startswith("link_")
            for index, place in own.items()
            if place != NONE
        }
        totals = {
            (family, index if isinstance(index, tuple) else (index,)): place
            for family, own in self.single.items()
            if family in (*TOTALS, COUPLED)
            for index, place in own.items()
        }
        self.totals: list[Total] = list(totals)
        self.total_places = np.array(list(totals.values()), dtype=int)
        #: Family with a unit cost -> the name, and the columns by the last index, of each of its series.
        self.places = {family: list(self._series_of(family)) for family in ITEMS}
        is_total = np.zeros(len(self.matrix.columns), dtype=bool)
        is_total[self.total_places] = True
        self.sum_rows = np.flatnonzero(np.diff((self.rows[:, is_total]).indptr) > 0)
        self.summing = self._sums(self.rows[self.sum_rows])
        #: Row of each total.
        self.sum_row = dict(zip(self.totals, self._row_of_total().tolist(), strict=True))

    def is_like(self, other: Template) -> bool:
        """True if the hours of the other have the same columns, rows and bounds: those of other inputs, at other costs."""
        names = (self.links, self.totals, list(self.series)) == (other.links, other.totals, list(other.series))
        arrays = ("start", "index", "value", "lower", "upper", "row_lower", "row_upper")
        return names and all(np.array_equal(getattr(self.matrix, name), getattr(other.matrix, name)) for name in arrays)

    def _series_of(self, family: str) -> Iterator[tuple[str, np.ndarray]]:
        if family in self.series:
            yield from ((str(index[0]), places) for index, places in self.series[family].items())
            return
        found: dict[str, list[int]] = {}
        for index, place in self.single[family].items():
            found.setdefault(index if isinstance(index, str) else index[0], []).append(place)
        yield from ((name, np.array(places, dtype=int)) for name, places in found.items())

    def _sums(self, rows: sparse.csr_matrix) -> sparse.csr_matrix:
        """Each total as a sum of other columns: its defining row, solved for it."""
        if not self.totals:
            return rows
        own = rows[:, self.total_places].tocoo()
        is_one = len(own.data) == len(self.totals) == rows.shape[0] == len(set(own.row)) == len(set(own.col))
        assert is_one, "each total is defined by one row, each such row defines one total"
        sums = without(rows, self.total_places)
        turned = sparse.csr_matrix((-1.0 / own.data, (own.col, own.row)), shape=(len(self.totals), rows.shape[0]))
        return (turned @ sums).tocsr()

    def _row_of_total(self) -> np.ndarray:
        own = self.rows[self.sum_rows][:, self.total_places].tocoo()
        found = np.zeros(len(self.totals), dtype=int)
        found[own.col] = self.sum_rows[own.row]
        return found

    def cost_of(self, inputs: Inputs, y: int, of_contracted: bool = False) -> tuple[np.ndarray, dict[tuple[str, str], CostTerm]]:
        """Cost of every column in that year, with that of contracted capacity where it is asked for, and each cost term by (item,
        name)."""
        cost = np.zeros(len(self.matrix.columns))
        found: dict[tuple[str, str], list[CostTerm]] = {}
        for family, costs in unit_costs(inputs, y).items():
            for name, places in self.places[family]:
                if name not in costs:
                    continue
                there = places != NONE
                term = CostTerm(places[there], costs[name][there])
                found.setdefault(item_of(inputs, family, name), []).append(term)
                if of_contracted or family != "contracted":
                    np.add.at(cost, term.places, term.coefs)  # hours of one segment share a column
        return cost, {key: CostTerm.of(own) for key, own in found.items()}

    def account(self, y: int) -> ConcreteModel:
        """The account of a year of this structure; it has the sums of each asset."""
        return build_account(self.inputs, y)

    def account_totals(self, account: Block) -> list[Any]:
        """The variables of an account that are its copies of the totals, in their order.

        Totals that couple months are 0 there; the first call adds their variables to the account, which is compiled before that.
        """
        if COUPLED in self.single and account.find_component(COUPLED) is None:
            account.add_component(COUPLED, Var(list(self.single[COUPLED]), bounds=(0, 0), doc="coupling of month to month [MW]"))
        return [getattr(account, name)[index if len(index) > 1 else index[0]] for name, index in self.totals]

    def load_totals(self, account: Block, values: np.ndarray) -> None:
        """Write the totals of a solution of the hours into the account."""
        for variable, total in zip(self.account_totals(account), values[self.total_places].tolist(), strict=True):
            variable.set_value(total, skip_validation=True)

    def columns_of_assets(self, assets: frozenset[str]) -> np.ndarray:
        """Columns of the operation of these assets."""
        found = [np.zeros(0, dtype=int)]
        for name in OF_ASSETS:
            if name in self.series:
                found += [places for index, places in self.series[name].items() if index[0] in assets]
            else:
                found.append(np.array([place for index, place in self.single[name].items() if index[0] in assets], dtype=int))
        places = np.concatenate(found)
        return places[places != NONE]


Kind = TypeVar("Kind", bound=Template)


class Templates(Generic[Kind]):
    """The templates of all years, one for each structure."""

    def __init__(self, inputs: Inputs, make: Callable[[Inputs, int], Kind]) -> None:
        self.inputs, self.make = with_all_assets(inputs), make
        self.known: dict[tuple, Kind] = {}

    def of(self, y: int) -> Kind:
        """The template of a year, made when it is asked for first."""
        key = structure_key(self.inputs, y)
        if key not in self.known:
            with modelling():
                self.known[key] = self.make(self.inputs, y)
        return self.known[key]


def without(rows: sparse.csr_matrix, columns: np.ndarray) -> sparse.csr_matrix:
    """The rows with 0 in those columns."""
    is_out = np.zeros(rows.shape[1], dtype=bool)
    is_out[columns] = True
    coo = rows.tocoo()
    left = ~is_out[coo.col]
    return sparse.csr_matrix((coo.data[left], (coo.row[left], coo.col[left])), shape=rows.shape)


# --- view ------------------------------------------------------------------------------------------------------------------
# The solution of a year's subproblem as the output tables read it: arrays with the interface of the Pyomo block of a year.


class Reading(Mapping[Any, "_Number"]):
    """A family of the hours: amounts by index, and a series at once. Hourly families have no list of their indices."""

    def __init__(self, values: np.ndarray, places: Mapping[Any, int], series: Mapping[tuple, np.ndarray]) -> None:
        self._values, self._places, self._series = values, places, series

    def of_hours(self, index: tuple[str, ...]) -> np.ndarray:
        """The series of an index, 0 in hours without a variable."""
        places = self._series.get(index)
        hours = next(iter(self._series.values()), np.zeros(0))
        return np.zeros(len(hours)) if places is None else np.where(places == NONE, 0.0, self._values[places])

    def __iter__(self) -> Iterator[Any]:
        return iter(self._places)

    def __contains__(self, index: object) -> bool:
        return index in self._places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: Any) -> _Number:
        place = self._places[index] if index in self._places else int(self._series[index[:-1]][index[-1]])
        return _Number(0.0 if place == NONE else float(self._values[place]))


@dataclass(frozen=True)
class _Number:
    value: float


class YearView:
    """A solved year; attributes are families of the hours, or of the Pyomo block of its account."""

    def __init__(self, hours: Template, values: np.ndarray, account: Any, cost_terms: dict[tuple[str, str], float]) -> None:
        """`values`: of the columns of the hours; `account`: the Pyomo block of the account with its values."""
        self.cost_terms = cost_terms
        self._account = account
        values = np.where(np.abs(values) < NOISE, 0.0, values)
        self._series = {name: Reading(values, {}, series) for name, series in hours.series.items()}
        self._single = {name: Reading(values, hours.single[name], {}) for name in NOT_HOURLY}

    def __getattr__(self, name: str, /) -> Family:
        for known in (self._series, self._single):
            if name in known:
                return known[name]
        family: Family = getattr(self._account, name)
        return family


class DayView:
    """The operation of some hours as flows read it: hourly families alone, and no cost."""

    def __init__(self, series: Mapping[str, Mapping[tuple, np.ndarray]], values: np.ndarray) -> None:
        """`series`: family -> index before the hour -> columns (hours,); `values`: of all columns."""
        self.cost_terms: dict[tuple[str, str], float] = {}
        self._series = {name: Reading(values, {}, own) for name, own in series.items()}

    def __getattr__(self, name: str, /) -> Family:
        if name.startswith("_") or name not in self._series:
            raise AttributeError(name)
        return self._series[name]
