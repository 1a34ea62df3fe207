r"""The cuts of the master: one pool of cuts of the hours for all years and plans, and the rows of them that are in force.

.. math:: \theta_y \ge V_i + g_i \cdot (x_y - x_i) + \pi_i \cdot (T_y - T_i) + s_{y,i}, \qquad
   V_k + v_k \cdot (x_y - x_k) \le 0, \qquad a \cdot x \le b

1. A cut of the hours of a year b holds in every year y whose hours have the same matrix and no other assets, also one of another
   search (warm start): the hours of y are those of b at other costs. Where a column costs less in y, :math:`s` takes off the most
   that this can save: its yearly total, or what its capacity allows, times the difference (`Shift`).
2. A cut of the year in which it was found is a row at once; in the other years it becomes one where the optimum of the master
   violates it (`separate`). So do rows of operations with a unit out, which hold in all years of one structure.
3. A row that was inactive in more than `IDLE` solves is taken out (cut ageing, `note_idle`). The pool keeps the cuts of the hours;
   one of a year without an account is lost.
4. Feasibility cuts (`SlackCut`) are of one year, with its account; they stay until all are dropped.

Returns nothing: it changes the rows of the HiGHS object. Raises Stopped where a run of theirs was abandoned.

θ  cost of the hours, with the constant of the account (y)     x  linking variables     T  yearly totals
V, g, π  value and slopes of a cut (i)     s  what lower costs save at most (y,i)     v  slope of least slack (k)
a, b  of an operation with a unit out
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from models.dot import dot
from models.inputs.calendar import HOURS_OF_YEAR
from planner.solve.handover.matrix import INFINITY
from planner.solve.handover.solver import Solver
from planner.solve.year.outages import KeptRow
from planner.solve.year.subproblem import Cut, HoursCut, SlackCut, YearVariant
from planner.solve.year.year import Year

# --- accounts --------------------------------------------------------------------------------------------------------------
# The accounts of all years in the master: what is only known of a year as a whole, with its rows and costs.
#
# .. math:: \min_{x, T, a, \theta}\; c \cdot x + \sum_y \delta_y \left( \theta_y + d_y \cdot (T_y, a_y) \right) \quad
# B_y\, (T_y, a_y) + G_y\, x_y \le b_y
#
# A year is its hours and its account, which share the yearly totals T and the linking variables alone. With the accounts here, θ is
# the cost of the hours alone, and a cut of the hours holds in each year whose hours have the same matrix (`pool`): what differs
# from year to year, rules, credits and carbon prices, stands in these rows. A year set on all hours has none here.
#
# x  decisions, x_y the linking variables     T  yearly totals (y)     a  what only the account has (y)     δ  discount (y)
# d, B, G, b  costs and rows of the account (y)     θ  cost of the hours, with the constant part of the account's   money (y)

#: A yearly total of an optimum is at most so many times all that is asked for, sold and bought within limits in a year.
TIMES = 100.0


@dataclass(frozen=True)
class YearAccount:
    """The account of a year.

    year      its operation
    totals    columns of the master of its yearly totals
    places    all columns that it pays for, and what a unit of each costs, not discounted   money per unit
    constant  what it pays whatever is decided, not discounted                              money
    rules     first its rows that are rules, then whether each is lasting
    """

    year: Year
    totals: np.ndarray
    places: np.ndarray
    cost: np.ndarray
    constant: float
    rules: np.ndarray
    is_lasting: np.ndarray
    #: Bounds of the rules, and columns that a plan may bar, by family, with their bounds.
    limits: tuple[np.ndarray, np.ndarray]
    barred: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]


class Accounts:
    """The accounts as columns and rows of a master."""

    def __init__(
        self,
        solver: Solver,
        years: Mapping[int, Any],
        links: Mapping[int, np.ndarray],
        discount: Mapping[int, float],
    ) -> None:
        """`links`: columns of the linking variables by year."""
        self.solver, self.discount = solver, discount
        self.of: dict[int, YearAccount] = {
            y: self._added(year, links[y], discount[y]) for y, year in years.items() if isinstance(year, Year)
        }

    def _added(self, year: Year, links: np.ndarray, discount: float) -> YearAccount:
        matrix, template = year.matrix, year.joined.template
        cost, first = year.joined.account_cost, len(template.matrix.columns)
        decided = year.fixed[year.decided]
        place = np.full(len(matrix.columns), -1, dtype=np.int32)
        place[decided] = links
        totals, is_new = template.total_places, np.arange(len(matrix.columns)) >= first
        is_new[year.fixed] = False
        own = np.concatenate([totals, np.flatnonzero(is_new)])
        lower, upper = matrix.lower[own], matrix.upper[own]
        most = _most_of_totals(year)
        lower[: len(totals)] = np.maximum(lower[: len(totals)], np.where(_is_least_0(year), 0.0, -most))
        upper[: len(totals)] = np.minimum(upper[: len(totals)], most)
        for column, *told in zip(own.tolist(), (discount * cost[own]).tolist(), lower.tolist(), upper.tolist(), strict=True):
            place[column] = self.solver.add_bounded_column(*told)
        amounts = np.zeros(len(matrix.columns))
        stated = np.setdiff1d(year.fixed, decided)
        amounts[year.fixed] = year.amounts
        rows = matrix.by_rows()[len(template.matrix.rows) :]
        shift = rows @ amounts
        row_lower, row_upper = (b[len(template.matrix.rows) :] - shift for b in (matrix.row_lower, matrix.row_upper))
        begin = self.solver.row_count()
        for i in range(rows.shape[0]):
            part = slice(rows.indptr[i], rows.indptr[i + 1])
            columns, values = place[rows.indices[part]], rows.data[part]
            self.solver.add_row(row_lower[i], row_upper[i], columns[columns >= 0], values[columns >= 0])
        of_account = year.joined.rules - len(template.matrix.rows)
        paid = np.flatnonzero((place >= 0) & (cost != 0))
        families = {name: year.joined.columns_of(name) for name in ("credits", "certified")}
        return YearAccount(
            year,
            place[totals],
            place[paid],
            cost[paid],
            year.joined.of_account.offset + dot(cost[stated], amounts[stated]),
            (begin + of_account).astype(np.int32),
            year.is_lasting,
            (row_lower[of_account], row_upper[of_account]),
            {name: (place[at], matrix.lower[at], matrix.upper[at]) for name, at in families.items()},
        )

    def costs(self, count: int, weight: Mapping[int, float] | None = None) -> np.ndarray:
        """Cost of so many columns of the master by the accounts, each year weighed by its discount, or as `weight` says (money per
        unit)."""
        found = np.zeros(count)
        for y, by in (self.discount if weight is None else weight).items():
            if y in self.of:
                np.add.at(found, self.of[y].places, by * self.of[y].cost)
        return found

    def set_variant(self, variant: YearVariant) -> None:
        """Let the rules and the columns of the accounts be those of the variant."""
        for account in self.of.values():
            lower, upper = account.limits[0].copy(), account.limits[1].copy()
            free = np.ones(len(lower), dtype=bool) if variant.binds == "none" else ~account.is_lasting
            if variant.binds != "all":
                lower[free], upper[free] = -INFINITY, INFINITY
            self.solver.set_row_bounds(account.rules, lower, upper)
            for name, (places, least, most) in account.barred.items():
                none = np.zeros(len(places))
                self.solver.set_bounds(places, *((none, none) if name in variant.barred else (least, most)))


def _is_least_0(year: Year) -> np.ndarray:
    """Whether each yearly total of a year is a sum of parts that are at least 0."""
    sums, matrix = year.joined.template.summing, year.joined.template.matrix
    of_row = np.repeat(np.arange(sums.shape[0]), np.diff(sums.indptr))
    found: np.ndarray = np.bincount(of_row, (sums.data < 0) | (matrix.lower[sums.indices] < 0), sums.shape[0]) == 0
    return found


def _most_of_totals(year: Year) -> float:
    """What a yearly total of an optimum is taken to be at most in size: `TIMES` what is asked for, sold, and bought within
    limits."""
    supplies, energy = year.joined.template.inputs.supplies, year.joined.template.inputs.demands.energy
    asked = max((sum(own for (_, y), own in energy.items() if y == when) for when in {y for _, y in energy}), default=0.0)
    limits = sum([*supplies.export_max.values(), *supplies.import_max.values()]) * HOURS_OF_YEAR
    return TIMES * (asked + limits + 1.0)


# --- pool ------------------------------------------------------------------------------------------------------------------

#: A cut that was inactive in more solves in a row than this is taken out; one with `NOT_AGED` as its count is not.
IDLE, NOT_AGED = 20, -(2**31)
#: A cut with a dual below this share of its year's total is inactive.
SHARE = 1e-4
#: Cuts of a year, and rows with a unit out of one, that are put in at most after one solve: the most violated.
AT_ONCE, ROWS_AT_ONCE = 3, 20
#: A cut is violated where it asks for more than this share of θ of its year, at least of one unit of θ (money); a row by this
#: (relative).
VIOLATED, ROW_VIOLATED = 1e-4, 1e-6


@dataclass(frozen=True)
class Shift:
    """What turns a cut of the hours of one year into one of another.

    place  of each fixed column of the first year: its place among the fixed columns of the other, -1 where that has none
    slope  added in the fixed columns of the other     prices  added in the totals     constant  added to the value
    """

    place: np.ndarray
    slope: np.ndarray
    prices: np.ndarray
    constant: float


def shift_between(a: Year, b: Year) -> Shift | None:
    """How a cut of the hours of `b` becomes one of `a`; None where it does not hold there."""
    template = a.joined.template
    if template.matrix is not b.joined.template.matrix and not template.is_like(b.joined.template):
        return None
    names, others = a.names, b.names
    known = {link: at for at, link in enumerate(names)}
    place = np.array([known.get(link, -1) for link in others], dtype=int)
    missing = [link[0] for link, at in zip(others, place, strict=True) if at < 0]
    absent_in_b = np.setdiff1d(a.reduced.columns, b.reduced.columns)
    if (len(absent_in_b) and np.any(absent_in_b < len(template.matrix.columns))) or any(kind != "capacity" for kind in missing):
        return None
    count, reduced = len(template.matrix.columns), a.reduced
    less = ((a.matrix.cost - a.joined.account_cost)[:count] - (b.matrix.cost - b.joined.account_cost)[:count]).copy()
    slope, prices, constant = np.zeros(len(names)), np.zeros(len(template.totals)), 0.0
    inside = a.fixed < count
    slope[inside] += less[a.fixed[inside]]
    prices += less[template.total_places]
    size = 1e-12 * float(np.abs(a.matrix.cost).max(initial=0.0))
    is_cheaper = np.zeros(count, dtype=bool)
    is_cheaper[reduced.columns[reduced.columns < count]] = True
    is_cheaper &= less < -size
    is_cheaper[template.total_places] = False
    if is_cheaper.any():
        sums, positive = template.summing[:, :count], template.matrix.lower[:count] >= 0
        of_row = np.repeat(np.arange(sums.shape[0]), np.diff(sums.indptr))
        is_sum = np.bincount(of_row, (sums.data < 0) | ~positive[sums.indices], sums.shape[0]) == 0
        inside = is_sum[of_row] & is_cheaper[sums.indices] & (sums.data > 0)  # all parts of the total are at least 0
        np.minimum.at(saved := np.zeros(sums.shape[0]), of_row[inside], less[sums.indices[inside]] / sums.data[inside])
        prices += saved
        is_cheaper[sums.indices[inside]] = False
    bounding = {int(reduced.columns[c]): i for i, c in enumerate(reduced.bounded.tolist())} if is_cheaper.any() else {}
    for column in np.flatnonzero(is_cheaper).tolist():
        by, i = float(less[column]), bounding.get(column, -1)
        if i >= 0 and (most := _most(a, i)) < INFINITY:
            row = reduced.others[[reduced.bounding[i]]]
            constant += by * most
            slope[row.indices] -= by * row.data / reduced.factor[i]
        elif np.isfinite(a.matrix.upper[column]):
            constant += by * float(a.matrix.upper[column])
        else:
            return None
    return Shift(place, slope, prices, constant)


def _most(year: Year, i: int) -> float:
    """What the i-th row that became a bound allows its column at most, were all fixed columns 0; infinite where it is none."""
    reduced = year.reduced
    upper = reduced.factor[i] > 0
    bound = float((reduced.row_upper if upper else reduced.row_lower)[reduced.bounding[i]])
    is_least_0 = year.matrix.lower[reduced.columns[reduced.bounded[i]]] >= 0
    return bound / float(reduced.factor[i]) if np.isfinite(bound) and is_least_0 else INFINITY


@dataclass
class MasterRow:
    """A row of the HiGHS objects.

    of         year and number of a pooled cut, or number of a row with a unit out; None: another row
    dual_scale largest dual: when the cut is the only active one of its year   money
    idle       solves in a row in which it was inactive
    """

    kind: str
    dual_scale: float = 1.0
    idle: int = NOT_AGED
    of: tuple[int, int] | int | None = None


class CutRows:
    """The pool, and the cuts that are rows of all HiGHS objects of a master, the last rows of each.

    outage_rows  rows of operations with a unit out, which may have any column of the master, that every plan satisfies
    """

    def __init__(
        self,
        solver: Solver,
        links: Mapping[int, np.ndarray],
        theta: Mapping[int, int],
        unit: float,
        discount: Mapping[int, float],
        accounts: Accounts,
    ) -> None:
        """links: columns of the linking variables of each year; theta: column of its cost, in units of `unit` (money)."""
        self.solver, self.links, self.theta, self.unit, self.discount = solver, links, theta, unit, discount
        self.accounts = accounts
        self.first = solver.row_count()
        self.rows: list[MasterRow] = []
        self.outage_rows: list[KeptRow] = []
        self._shifts: dict[tuple[int, Year], Shift | None] = {}
        #: By year: value at 0, slopes in links and in totals, of each cut of the pool; None where it does not hold there.
        self._pool: dict[int, list[tuple[float, np.ndarray, np.ndarray] | None]] = {y: [] for y in accounts.of}
        self._stacked: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
        self._active: set[tuple[int, int]] = set()
        self._active_rows: set[int] = set()
        #: `outage_rows` as a matrix, and what they allow at most.
        self._waiting: sparse.csr_matrix | None = None
        self._most = np.zeros(0)

    # --- optimality cuts ------------------------------------------------------------------------------------------

    def add(self, cuts: Mapping[int, Cut]) -> None:
        """Optimality cuts of years."""
        for y, cut in cuts.items():
            if cut.hours is None or y not in self.accounts.of:
                self._put_cut(y, cut.value - dot(cut.slope, cut.point), self.links[y], cut.slope, None)
            else:
                self.know(self.accounts.of[y].year, [cut])
                self._activate(y, len(self._pool[y]) - 1)

    def know(self, before: Year, cuts: Iterable[Cut]) -> None:
        """Cuts of the hours of a year, perhaps of another search and of another park: each becomes a row where it holds and the
        optimum of the master violates it."""
        for cut in cuts:
            if cut.hours is not None:
                for y in self.accounts.of:
                    self._pool[y].append(self._in(y, before, cut, cut.hours))

    def _in(self, y: int, before: Year, cut: Cut, hours: HoursCut) -> tuple[float, np.ndarray, np.ndarray] | None:
        """A cut of the hours of a year as one of y: value at 0, slopes in links and totals; None where it does not hold."""
        account, year, key = self.accounts.of[y], self.accounts.of[y].year, (y, before)
        if key not in self._shifts:
            self._shifts[key] = shift_between(year, before)
        shift = self._shifts[key]
        if shift is None:
            return None
        amounts = before.amounts.copy()
        amounts[before.decided] = cut.point
        slope, here = shift.slope.copy(), shift.place >= 0
        np.add.at(slope, shift.place[here], hours.slope[here])
        value = hours.value - dot(hours.slope, amounts) - dot(hours.prices, hours.totals) + shift.constant
        value += dot(slope, year.amounts) + account.constant  # amounts of decided columns are 0
        return value, slope[year.decided], hours.prices + shift.prices

    def _places(self, y: int) -> np.ndarray:
        return np.concatenate([self.links[y], self.accounts.of[y].totals])

    def _activate(self, y: int, number: int) -> None:
        cut = self._pool[y][number]
        assert cut is not None
        self._active.add((y, number))
        self._put_cut(y, cut[0], self._places(y), np.concatenate(cut[1:]), (y, number))

    def _put_cut(self, y: int, least: float, places: np.ndarray, slope: np.ndarray, of: tuple[int, int] | None) -> None:
        """θ · unit - slope · columns ≥ least, divided by the steepest."""
        size = max(self.unit, float(np.abs(slope).max(initial=0.0)))
        steep = np.abs(slope) > 1e-12 * size
        columns = np.append(places[steep], self.theta[y]).astype(np.int32)
        self.solver.add_row(least / size, INFINITY, columns, np.append(-slope[steep] / size, self.unit / size))
        self.rows.append(MasterRow("cut", self.discount[y] * size, 0, of))

    def separate(self, values: np.ndarray) -> int:
        """Put in the cuts of the pool that values of all columns of the master violate most; returns how many rows came."""
        count = self._separate_rows(values)
        for y, cuts in self._pool.items():
            if not cuts:
                continue
            if y not in self._stacked or len(self._stacked[y][0]) != len(cuts):
                none = -INFINITY, np.zeros(len(self.links[y])), np.zeros(len(self.accounts.of[y].totals))
                own = [none if cut is None else cut for cut in cuts]
                self._stacked[y] = np.array([c[0] for c in own]), np.array([c[1] for c in own]), np.array([c[2] for c in own])
            least, slope, prices = self._stacked[y]
            theta = values[self.theta[y]] * self.unit
            asked = least + slope @ values[self.links[y]] + prices @ values[self.accounts.of[y].totals] - theta
            worst = np.argsort(-asked, kind="stable")[: AT_ONCE + 3].tolist()
            most = VIOLATED * max(abs(theta), self.unit)
            new = [i for i in worst if asked[i] > most and (y, i) not in self._active][:AT_ONCE]
            for i in new:
                self._activate(y, i)
            count += len(new)
        return count

    # --- feasibility cuts and rows that are kept ------------------------------------------------------------------

    def add_feasibility(self, cuts: Iterable[tuple[int, SlackCut]]) -> None:
        """Feasibility cuts of years. They stay until all cuts are dropped."""
        for y, cut in cuts:
            steep, slope, most = cut.row()
            self.solver.add_row(-INFINITY, most, self.links[y][steep], slope)
            self.note_row()

    def add_row(self, row: KeptRow, is_violated: bool = True) -> None:
        """A row that every plan keeps from now on; where it is not violated, it waits until it is."""
        self.outage_rows.append(row)
        if is_violated:
            self._put(len(self.outage_rows) - 1)

    def _put(self, number: int) -> None:
        row = self.outage_rows[number]
        self._active_rows.add(number)
        self.solver.add_row(-INFINITY, row.most, row.columns, row.values)
        self.rows.append(MasterRow("outage", of=number))

    def _separate_rows(self, values: np.ndarray) -> int:
        if self._waiting is None or self._waiting.shape[0] != len(self.outage_rows):
            counts = [len(row.columns) for row in self.outage_rows]
            parts = [np.concatenate(own) for own in zip(*((r.columns, r.values) for r in self.outage_rows), strict=True)]
            shape = len(counts), len(values)
            self._waiting = sparse.csr_matrix((parts[1], parts[0], np.cumsum([0, *counts])), shape=shape) if counts else None
            self._most = np.array([row.most for row in self.outage_rows])
        if self._waiting is None:
            return 0
        broken = (self._waiting @ values - self._most) / np.maximum(1.0, np.abs(self._most))
        worst = np.argsort(-broken, kind="stable")[: ROWS_AT_ONCE * len(self.links)].tolist()
        new = [i for i in worst if broken[i] > ROW_VIOLATED and i not in self._active_rows]
        for i in new:
            self._put(i)
        return len(new)

    def exchange_rows(self, rows: Iterable[KeptRow]) -> None:
        """Have plans keep these rows in place of those so far, as where reserves ask for other operations with a unit out.

        Cuts of years stay: what a year costs, and whether it can be operated, follows from its links alone.
        """
        self._drop([i for i, row in enumerate(self.rows) if row.kind == "outage"])
        self.outage_rows, self._active_rows, self._waiting = [], set(), None
        for row in rows:
            self.add_row(row)

    def breaks_kept(self, values: np.ndarray, tolerance: float) -> bool:
        """True if a point violates a row of an operation with a unit out, by more than the tolerance (relative, absolute below
        1)."""
        return any(row.is_broken(values, tolerance) for row in self.outage_rows)

    # --- rows -----------------------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """Number of cuts that are rows, with the other rows that were added after them."""
        return len(self.rows)

    def note_row(self) -> None:
        """A row that is no optimality cut was added; it stays until all cuts are dropped."""
        self.rows.append(MasterRow("other"))

    def drop_plan_specific(self) -> None:
        """Drop all rows but those that hold under any terms of the accounts: cuts of the hours, and rows with a unit out."""
        self._drop([i for i, row in enumerate(self.rows) if row.of is None])

    def drop_plan_specific_and_outage_rows(self) -> None:
        """The same, and the rows of operations with a unit out: another plan need not serve these."""
        self.exchange_rows(())
        self.drop_plan_specific()

    def _drop(self, places: list[int]) -> None:
        if not places:
            return
        self.solver.delete_rows(self.first + np.array(places, dtype=np.int32))
        gone = set(places)
        self._active -= {row.of for i, row in enumerate(self.rows) if i in gone and isinstance(row.of, tuple)}
        self.rows = [row for i, row in enumerate(self.rows) if i not in gone]

    def exempt_from_ageing(self) -> None:
        """The cuts that there are now are not dropped for being inactive."""
        for row in self.rows:
            row.idle = NOT_AGED

    def note_idle(self, row_duals: np.ndarray) -> None:
        """Count the solves in a row in which each cut was inactive, and take out those above `IDLE`."""
        for row, dual in zip(self.rows, np.abs(row_duals[self.first :]).tolist(), strict=True):
            if row.idle != NOT_AGED:
                row.idle = 0 if dual > SHARE * row.dual_scale else row.idle + 1
        self._drop([i for i, row in enumerate(self.rows) if row.idle > IDLE])
