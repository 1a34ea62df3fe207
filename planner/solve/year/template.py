"""The hours of a year compiled once for all years of like structure: they differ in prices, capacities and demands only.

Prices are costs of columns, capacities and demands are columns of their own that a year is given. So one Pyomo model names the
variables of all such years, and each year is a few arrays. All hours of a year are laid out from three: see `repeated`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np
from pyomo.environ import Block, Var
from scipy import sparse

from models.families import ITEMS, OF_ASSETS, TOTALS
from models.inputs import Inputs
from models.operation.cost import paid_by, unit_costs
from models.park import build_hours
from planner.solve.handover.matrix import paused_garbage_collector
from planner.solve.handover.naming import HANDED, Named, name_model
from planner.solve.handover.reduced import NONE

#: A sum over the year: name of the variable and its index.
Total = tuple[str, tuple[str, ...]]


def everywhere(inputs: Inputs) -> Inputs:
    """Inputs in which each asset is present in every year: one that is not has capacity 0."""
    capacity = inputs.capacity
    ever = {k for present in capacity.present.values() for k in present}
    always = tuple(k for k in capacity.assets if k in ever)
    return replace(inputs, capacity=replace(capacity, present=dict.fromkeys(capacity.present, always)))


def same_hours(inputs: Inputs, y: int) -> tuple:
    """What years must have in common to be served by the same hours, given that each asset is present in all."""
    supplies, captures = inputs.supplies, inputs.captures
    charged = frozenset(s for s, when in supplies.demand_charge if when == y)
    contracted = frozenset(s for s, when in supplies.capacity_charge if when == y)
    fuels = frozenset((q, co2) for (q, when), co2 in captures.fuel_co2.items() if when == y)
    return supplies.offered[y], charged, contracted, fuels, frozenset(q for q, when in captures.process_co2 if when == y)


@dataclass(frozen=True)
class Paid:
    """A cost term: what one more of each of some columns costs."""

    places: np.ndarray
    coefs: np.ndarray

    @classmethod
    def of(cls, parts: Sequence[Paid]) -> Paid:
        """All of these together."""
        return cls(np.concatenate([p.places for p in parts]), np.concatenate([p.coefs for p in parts]))

    def at(self, values: np.ndarray) -> float:
        """What it comes to, at these values of all columns."""
        return float(self.coefs @ values[self.places])


class Template:
    """The hours of a year as one matrix.

    rows     the matrix by rows
    links    (kind, name) -> column of what a year is given
    totals   the sums over the year that its account knows; total_places: their columns, sum_rows: the rows that define them
    series   family -> index before the hour -> columns by hour
    single   family -> index -> column, of families that are not hourly
    """

    def __init__(self, inputs: Inputs, y: int, named: Named | None = None) -> None:
        """`inputs` with each asset present in every year, see `everywhere`; y is any of the years that are alike."""
        self.inputs = inputs
        self.named = named or name_model(build_hours(inputs, y), len(inputs.calendar.weight))
        self.matrix, self.series, self.single = self.named.matrix, self.named.series, self.named.single
        #: (zone, carrier, hour) of each balance, and its row.
        self.balances, self.balance_rows = self.named.balances, self.named.balance_rows
        self.rows = self.matrix.by_rows()
        self.links = {
            (family.removeprefix("link_"), str(index)): place for family, own in self.single.items()
            if family.startswith("link_") for index, place in own.items() if place != NONE
        }  # fmt: skip
        totals = {
            (family, index if isinstance(index, tuple) else (index,)): place for family, own in self.single.items()
            if family in (*TOTALS, HANDED) for index, place in own.items()
        }  # fmt: skip
        self.totals: list[Total] = list(totals)
        self.total_places = np.array(list(totals.values()), dtype=int)
        #: Family that may be paid for -> the name, and the columns by the last index, of each of its series.
        self.places = {family: list(self._series_of(family)) for family in ITEMS}
        is_total = np.zeros(len(self.matrix.columns), dtype=bool)
        is_total[self.total_places] = True
        self.sum_rows = np.flatnonzero(np.diff((self.rows[:, is_total]).indptr) > 0)
        self.summing = self._sums(self.rows[self.sum_rows])
        #: Row of each total.
        self.sum_row = dict(zip(self.totals, self._row_of_total().tolist(), strict=True))

    def _series_of(self, family: str) -> Iterator[tuple[str, np.ndarray]]:
        if family in self.series:
            yield from ((str(index[0]), places) for index, places in self.series[family].items())
            return
        found: dict[str, list[int]] = {}
        for index, place in self.single[family].items():
            found.setdefault(index if isinstance(index, str) else index[0], []).append(place)
        yield from ((name, np.array(places, dtype=int)) for name, places in found.items())

    def _sums(self, rows: sparse.csr_matrix) -> sparse.csr_matrix:
        """Each total as a sum of columns: its row, solved for it."""
        if not self.totals:
            return rows
        own = rows[:, self.total_places].tocoo()
        is_one = len(own.data) == len(self.totals) == rows.shape[0] == len(set(own.row)) == len(set(own.col))
        assert is_one, "one total a row, one row a total"
        sums = without(rows, self.total_places)
        turned = sparse.csr_matrix((-1.0 / own.data, (own.col, own.row)), shape=(len(self.totals), rows.shape[0]))
        return (turned @ sums).tocsr()

    def _row_of_total(self) -> np.ndarray:
        own = self.rows[self.sum_rows][:, self.total_places].tocoo()
        found = np.zeros(len(self.totals), dtype=int)
        found[own.col] = self.sum_rows[own.row]
        return found

    def cost_of(self, inputs: Inputs, y: int) -> tuple[np.ndarray, dict[tuple[str, str], Paid]]:
        """Cost of every column in that year, contracts left out, and each cost term by (item, name)."""
        cost = np.zeros(len(self.matrix.columns))
        found: dict[tuple[str, str], list[Paid]] = {}
        for family, costs in unit_costs(inputs, y).items():
            for name, places in self.places[family]:
                if name not in costs:
                    continue
                there = places != NONE
                paid = Paid(places[there], costs[name][there])
                found.setdefault((ITEMS[family], paid_by(inputs, name)), []).append(paid)
                if family != "contracted":
                    cost[paid.places] += paid.coefs
        return cost, {key: Paid.of(own) for key, own in found.items()}

    def stand_in(self, account: Block) -> list[Any]:
        """The variables of an account that stand in for the totals, in their order; what is handed over is 0 there."""
        if HANDED in self.single and account.find_component(HANDED) is None:
            account.add_component(HANDED, Var(list(self.single[HANDED]), bounds=(0, 0), doc="handed over from month to month [MW]"))
        return [getattr(account, name)[index if len(index) > 1 else index[0]] for name, index in self.totals]

    def load_totals(self, account: Block, values: np.ndarray) -> None:
        """Write the totals into an account, from the values of the hours."""
        for variable, total in zip(self.stand_in(account), values[self.total_places].tolist(), strict=True):
            variable.set_value(total, skip_validation=True)

    def columns_of_assets(self, assets: frozenset[str]) -> np.ndarray:
        """Columns of what these assets do in the hours."""
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
    """The hours of all years, one template for each kind of year."""

    def __init__(self, inputs: Inputs, make: Callable[[Inputs, int], Kind]) -> None:
        self.inputs, self.make = everywhere(inputs), make
        self.known: dict[tuple, Kind] = {}

    def of(self, y: int) -> Kind:
        """The hours of a year."""
        key = same_hours(self.inputs, y)
        if key not in self.known:
            with paused_garbage_collector():
                self.known[key] = self.make(self.inputs, y)
        return self.known[key]


def without(rows: sparse.csr_matrix, columns: np.ndarray) -> sparse.csr_matrix:
    """The rows with 0 in those columns."""
    is_out = np.zeros(rows.shape[1], dtype=bool)
    is_out[columns] = True
    coo = rows.tocoo()
    left = ~is_out[coo.col]
    return sparse.csr_matrix((coo.data[left], (coo.row[left], coo.col[left])), shape=rows.shape)
