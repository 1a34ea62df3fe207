r"""A park by the decomposed method whose limits are columns: how much more there is of each limit in each year, 0 at first.

.. math:: a_r \cdot x \le b_r + \sum_{l: r \in l} s_l\, \lambda_{l,y} \qquad \lambda_{l,y} = 0

Each limit stands in one place only, as in `explain.elastic`: in the master (budgets, equipment, sites, land, contracts), in the
hours of a year (connections) or in its account (rules, yearly volumes, credits). In a year the column is a linking variable, so
every cut says what more of the limit would save there, and holds for other amounts of it, too.

- The reduced cost of a column in the master's optimum is the price of its limit in that year. It is the dual of the rows of the
  limit in the whole linear programme, since the master weighs the cuts of a year by their own duals (Dantzig and Wolfe, 1960).
- A limit is done without by fixing its columns at more than is used.
- A day with a unit out is held by the limits of each hour, too: their columns are links of it.
- A reserve has no column. It is done without by dropping its rows of firm capacity, or by asking for the operations with a unit out
  that the other reserves ask for. The cuts of years stay: what a year costs at its links does not follow from reserves.

λ  more of a limit, in hundredths of its scale   1 (l,y)     s  a hundredth of the scale, by what one unit loosens the row (l)

Raises what the decomposed method raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from pyomo.core import Block, ConcreteModel, NonNegativeReals

from models.case import Case
from models.components import rows, variables
from models.inputs import Inputs
from models.inputs.outages import day_inputs, resolve_outages
from models.inputs.reserves import resolve_reserves
from models.park import build_hours, build_master, build_outage_day
from planner.explain.elastic import POWERS, VOLUMES, LimitAsRows, Rows, unlimited
from planner.frontier.prices import year_of
from planner.planning.methods import DecomposedMethod
from planner.planning.task import Task
from planner.solve import Master, OutageDay, OutageDays, Template, Variant, Years

#: What one of a column is, as a share of the scale of its limit.
STEP = 0.01
#: Name of a limit among columns.
Key = str


def key_of(limit: LimitAsRows) -> Key:
    """The name of a limit."""
    return " ".join((limit.table, limit.name, limit.parameter, str(limit.year or "")))


def unit_of(limit: LimitAsRows) -> float:
    """What one of its columns is, in its own unit."""
    return STEP * limit.scale


class LimitTemplate(Template):
    """A template whose limits are rows that a linking variable loosens.

    of_hours     limits of each hour, by key
    of_accounts  limits of the account of each year (y), by key
    """

    further = ("more",)

    def __init__(self, inputs: Inputs, y: int, known: Inputs, case: Case) -> None:
        """`inputs` without the limits, which are those of `known`."""
        self.known, self.case = known, case
        self.of_accounts: dict[int, dict[Key, LimitAsRows]] = {}
        model = build_hours(inputs, y)
        rows = Rows(model, known, case, {y: model.year}, known.years)
        rows.add_supplies(POWERS)
        rows.add_connections()
        self.of_hours = _loosened(model.year, rows.limits)
        super().__init__(inputs, y, model=model)

    def account(self, y: int) -> ConcreteModel:
        """The account of a year, with its limits."""
        model = super().account(y)
        rows = Rows(model, self.known, self.case, {y: model.year}, self.known.years)
        rows.add_supplies(VOLUMES)
        rows.add_credits()
        rows.add_rules()
        self.of_accounts[y] = _loosened(model.year, rows.limits)
        return model


class LimitOutageDay(OutageDay):
    """A day with a unit out whose limits of each hour are rows that a link loosens."""

    further = ("more",)

    def __init__(self, inputs: Inputs, y: int, d: int, known: Inputs, case: Case) -> None:
        """`inputs` without the limits, which are those of `known`."""
        self.known, self.case = known, case
        super().__init__(inputs, y, d)

    def build(self, inputs: Inputs, y: int, d: int) -> ConcreteModel:
        """The model of the day, with its limits."""
        model = build_outage_day(inputs, y, d)
        known = day_inputs(replace(self.known, outages=inputs.outages), y, d)
        rows = Rows(model, known, self.case, {y: model.year}, known.years)
        rows.add_supplies(POWERS)
        rows.add_connections()
        _loosened(model.year, rows.limits)
        return model


def _loosened(block: Block, limits: Iterable[LimitAsRows]) -> dict[Key, LimitAsRows]:
    """Add `link_more` to the block, which loosens the rows of each limit; returns the limits by key, without their rows."""
    found = {key_of(limit): limit for limit in limits}
    block.link_more = variables(list(found), within=NonNegativeReals, doc="more of a limit, in hundredths of its scale [1]")
    for key, limit in found.items():
        for row, loosens in limit.rows:
            _loosen(row, unit_of(limit) * loosens * block.link_more[key])
    return {key: replace(limit, rows=()) for key, limit in found.items()}


def _loosen(row: Any, by: Any) -> None:
    """Let a row of Pyomo with one bound be violated by as much."""
    row.set_value((None, row.body - by, row.upper) if row.has_ub() else (row.lower, row.body + by, None))


class LoosenedMethod(DecomposedMethod):
    """The decomposed method on such a park.

    limits   every limit by key; `rows` are left out
    columns  (key, year) -> column of the master
    orders   rows of the master that follow from the limits (`LimitAsRows.orders`)
    units    (key, year) -> what one of it is, in the limit's own unit
    """

    def __init__(self, task: Task, case: Case) -> None:
        self.case = case
        super().__init__(task)
        self.set_more({})

    def _parts(self) -> tuple[Years, Master]:
        known, free = self.inputs, unlimited(self.inputs)
        years = Years(free, make=lambda inputs, y: LimitTemplate(inputs, y, known, self.case))
        model = build_master(free)
        rows = Rows(model, known, self.case, {}, known.years)
        for add in (rows.add_contracts, rows.add_equipment, rows.add_budget, rows.add_land, rows.add_allowances):
            add()
        own = {key_of(limit): limit for limit in rows.limits}
        operated = self._of_years(years)
        rows_of = [(key, limit, row) for key, limit in own.items() for row, _ in (*limit.rows, *limit.orders)]
        more = {(key, year_of(row, known.years)): limit for key, limit, row in rows_of}
        more |= {(key, y): limit for y, limits in operated.items() for key, limit in limits.items()}
        self._add_columns(model, more, own)
        self.limits = _every(more, self.case)
        self.units = {at: unit_of(limit) for at, limit in more.items()}
        master = Master(free, model, years)
        self.columns = {at: master.matrix.column[id(model.more[at])] for at in more}
        master.outages = master.outages.on_days(self._outage_days)
        self.orders = master.matrix.rows_of({id(row): row for limit in own.values() for row, _ in limit.orders}.values())
        return years, master

    def _outage_days(self, inputs: Inputs) -> OutageDays:
        """The stress days of these inputs, with the limits of today."""
        return OutageDays(inputs, lambda everything, y, d: LimitOutageDay(everything, y, d, self.inputs, self.case))

    @staticmethod
    def _of_years(years: Years) -> dict[int, dict[Key, LimitAsRows]]:
        """Year -> key -> limit of its hours or its account."""
        found: dict[int, dict[Key, LimitAsRows]] = {}
        for y, year in years.years.items():
            template = year.joined.template
            assert isinstance(template, LimitTemplate)
            found[y] = template.of_hours | template.of_accounts[y]
        return found

    @staticmethod
    def _add_columns(model: ConcreteModel, more: Mapping[tuple[Key, int], LimitAsRows], own: Mapping[Key, LimitAsRows]) -> None:
        """Columns of the master, which loosen its own limits."""
        model.more = variables(list(more), within=NonNegativeReals, doc="more of a limit, in hundredths of its scale [1]")
        years = {y for _, y in more}
        for key, limit in own.items():
            for row, loosens in (*limit.rows, *limit.orders):
                _loosen(row, unit_of(limit) * loosens * model.more[key, year_of(row, tuple(years))])

        @rows(model, list(more), doc="keeps in the matrix a column that stands in no other row [1]")
        def more_kept(model, *at):
            return model.more[at] >= -1

    def set_more(self, more: Mapping[tuple[Key, int], float]) -> None:
        """Fix the columns at these amounts (hundredths of the scale), the others at 0.

        Where all are 0 prices are read, in which rows that follow from the limits have no part.
        """
        self._set(self.orders[:0] if more else self.orders, more)

    def _set(self, dropped: np.ndarray, more: Mapping[tuple[Key, int], float]) -> None:
        places = np.array(list(self.columns.values()), dtype=np.int32)
        amounts = np.array([more.get(at, 0.0) for at in self.columns])
        self.master.set_variant(Variant(dropped, fixed=places, values=amounts))

    @contextmanager
    def with_reserves_of(self, case: Case) -> Iterator[None]:
        """As long as it lasts, the reserves are those of a case that has fewer of them, and else the same park.

        Rows of operations with a unit out that the case asks for, too, stay; afterwards all rows are those of before.
        """
        master, years = self.master, self.inputs.years
        held = resolve_reserves(case, years, False).margin
        gone = master.matrix.rows_of(row for place, row in self.model.reserve_limit.items() if place not in held)
        before, rows = master.outages, list(master.cuts.outage_rows)
        master.outages = before.with_others(resolve_outages(case, years, self.inputs.capacity))
        master.cuts.exchange_rows(before.asked_for_by(master.outages))
        self._set(gone, {})
        try:
            yield
        finally:
            master.outages = before
            master.cuts.exchange_rows(rows)
            self.set_more({})


def _every(more: Mapping[tuple[Key, int], LimitAsRows], case: Case) -> dict[Key, LimitAsRows]:
    """Each limit once, with the number of the year that is nearest to the deadline where its years have their own."""
    assert case.goal is not None
    by = case.goal.by
    found: dict[Key, tuple[tuple[bool, int], LimitAsRows]] = {}
    for (key, y), limit in more.items():
        rank = y < by, abs(y - by)
        if key not in found or rank < found[key][0]:
            found[key] = rank, limit
    return {key: replace(limit, rows=(), orders=()) for key, (_, limit) in found.items()}
