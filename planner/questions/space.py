r"""The near-optimal plans: all that keep every limit and rule and cost little more than the least that was found.

.. math::
    \min_x \; \sum_k w_k\, z_k(x) \qquad \text{subject to} \qquad C(x) \le (1 + \varepsilon)\, C^*, \quad x \in X

for weights w of what a plan has: those of one group are its least, those below 0 its most. So that what is not asked for is not
wasted, the objective also has a hundredth of the cost, which moves an extreme by no more than ε hundredths of its size.

z  amount in the year of the deadline   unit (k)     C  system cost   money     C*  least that was found   money
ε  within   1     w  weight   1/unit (k)             X  what limits and rules allow

Method: near-optimal extremes as F. Neumann and T. Brown, "The near-optimal feasible space of a renewable power system model"
(Electric Power Systems Research 190, 2021); modelling to generate alternatives as J. F. DeCarolis (Energy Economics 33, 2011).

Near-optimal plans by the whole method: one matrix with a row for the cost, and another objective.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from models.case import Case
from models.dot import dot
from models.errors import CaseError
from models.inputs import Inputs
from models.inputs.capacity import assets_of
from planner.finance.pieces import MEASURE, PLANTING, TECHNOLOGY
from planner.language.message import Message
from planner.plan import TARGET, Plan
from planner.planning.methods import DecomposedMethod, WholeMethod
from planner.planning.restored import plan_of
from planner.solve import INFINITY, Answer, BendersSession, Limits, Matrix, Trial, solve_linear
from planner.tables.facts import read_rows
from planner.tables.files import Damaged
from planner.tables.output import names_table

# --- groups ----------------------------------------------------------------------------------------------------------------
# Groups of what a plan may have: technologies and links by kind, measures, planting; or those that a table names.

#: Columns of a table of groups.
COLUMNS = ("group", "name")


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
        head, rows = read_rows(path)
    except Damaged as error:
        raise CaseError([Message("--groups {fault}", fault=line) for line in error.complaints]) from None
    if sorted(head) != sorted(COLUMNS):
        given, columns = ", ".join(head), ",".join(COLUMNS)
        raise CaseError.because("{path} line 1: has the columns {given}; write {columns}", path=path, given=given, columns=columns)
    for number, cells in enumerate(rows, start=2):
        yield number, dict(zip(head, cells, strict=True))


# --- space -----------------------------------------------------------------------------------------------------------------

#: Share of the cost in the objective, and how near to its least an extreme is sought (share of its size).
OF_COST, NEAR = 1e-2, 5e-3
#: Members and their weights.
Weights = Mapping[Member, float]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Extreme:
    """A plan in which a weighted sum is the least that was found, and a number that it is not below.

    plan      None where none was found, or one that was found before is as good
    is_known  True where one that was found before is as good
    """

    plan: Plan | None
    bound: float
    is_known: bool = False


class Space(Protocol):
    """The near-optimal plans of a park.

    budget  most that a plan may cost (money)
    """

    budget: float

    def reach(self, weights: Weights) -> float | None:
        """A size that the sum does not exceed, roughly the largest that it has; None where it has no end."""

    def extreme(self, weights: Weights, size: float) -> Extreme:
        """The least of a weighted sum, sought to within `NEAR` times a size. Raises Stopped where the watch in force ends it."""


def budget_of(cost: float, within: float) -> float:
    """Most that a plan may cost."""
    return cost + within * abs(cost)


def columns_and_weights(model: Any, matrix: Matrix, inputs: Inputs, weights: Weights, year: int, count: int) -> np.ndarray:
    """The weighted sum as coefficients of so many columns of a matrix."""
    found = np.zeros(count)
    for member, weight in weights.items():
        own = [v for v in columns_of(model, inputs, member, year) if id(v) in matrix.column]
        np.add.at(found, matrix.columns_of(own), weight)
    return found


def columns_of(model: Any, inputs: Inputs, member: Member, year: int) -> list[Any]:
    """Variables whose sum is how much of a member there is in a year; none where there can be none."""
    if member.kind == TECHNOLOGY:
        return [model.capacity[member.name, year]] if (member.name, year) in model.capacity else []
    if member.kind == MEASURE:
        return [model.adopt[a] for a, years in inputs.measures.in_force.items() if a[0] == member.name and year in years]
    return [model.area[member.name, year]] if (member.name, year) in model.area else []


#: How near to its least an extreme of whole numbers is sought: a share of what is near enough, as the cost is a small part of it.
WHOLE = 0.1


class WholeSpace:
    """The near-optimal plans of a matrix; see `Space`."""

    def __init__(self, method: WholeMethod, budget: float, year: int) -> None:
        self.method, self.budget, self.year = method, budget, year
        self.matrix, self.solver = method.matrix, method.solver
        self.unit = max(abs(self.budget), 1.0)
        places = np.flatnonzero(self.matrix.cost).astype(np.int32)
        most = (self.budget - self.matrix.offset) / self.unit
        self.solver.add_row(-INFINITY, most, places, self.matrix.cost[places] / self.unit)
        self.integers = np.flatnonzero(self.matrix.integer).astype(np.int32)

    def reach(self, weights: Weights) -> float | None:
        """The most of the sum with integers relaxed."""
        self._aim_at(weights, -1.0, 0.0)
        self.solver.relax(True)
        found = solve_linear(self.solver)
        self.solver.relax(False)
        return abs(found.objective) * self.solver.scale if found.status == "optimal" else None

    def extreme(self, weights: Weights, size: float) -> Extreme:
        """By branch and bound, and once more with whole numbers fixed, which leaves nothing of the cost to its tolerance."""
        self.solver.forget()
        self._aim_at(weights, 1.0 / size, OF_COST / self.unit)
        found = self.method.task.clock.watch.guarded(self._solved)
        if not found.has_point:
            return Extreme(None, -INFINITY)
        bound = (found.bound * self.solver.scale - OF_COST * (self.budget - self.matrix.offset) / self.unit) * size
        values = self._with_whole(found)
        self.matrix.load(values)
        return Extreme(self.method.task.as_plan(TARGET, "feasible", -INFINITY, self.method.model), bound)

    def _aim_at(self, weights: Weights, times: float, of_cost: float) -> None:
        """Minimise the sum and the cost, each times a number."""
        aim = columns_and_weights(self.method.model, self.matrix, self.method.inputs, weights, self.year, len(self.matrix.columns))
        self.solver.set_cost((times * aim + of_cost * self.matrix.cost) / self.solver.scale)

    def _solved(self) -> Answer:
        if not len(self.integers):
            return solve_linear(self.solver)
        self.solver.options(mip_rel_gap=0.0, mip_abs_gap=WHOLE * NEAR, solver="choose")
        return self.solver.decided()

    def _with_whole(self, found: Answer) -> np.ndarray:
        """The least with these whole numbers."""
        if not len(self.integers):
            return found.values
        whole = np.round(found.values[self.integers])
        self.solver.set_bounds(self.integers, whole, whole)
        self.solver.relax(True)
        answer = solve_linear(self.solver)
        self.solver.relax(False)
        self.solver.restore_columns(self.integers)
        return answer.values if answer.has_point else found.values


# --- cuts ------------------------------------------------------------------------------------------------------------------
# Near-optimal plans by the decomposed method: the same master with another objective, and its cuts in a row for the cost.
#
# The cuts of the years are planes below what the years cost, whatever is minimised. So the decisions that they allow within the
# budget are an outer approximation of the near-optimal plans, and the least of a weighted sum over them is a bound:
#
# .. math::
# L = \min_{x, \theta} \; \sum_k w_k z_k(x) \qquad \text{subject to} \qquad c\,x + \sum_y d_y \theta_y \le B, \quad
# \theta_y \ge \text{cuts}_y(x)
#
# Whether a trial is a near-optimal plan is found by solving its years: it costs what they do, and its cuts go to the master. All
# cuts of the least-cost search, and of extremes before, still hold. Trials stand between the best point that is known and the
# corner that the cuts allow (in-out separation; Ben-Ameur and Neto, 2007); the last are corners, which build nothing that is not
# needed.
#
# 1. integers relaxed: until the bound is near the least of the trials, or the most trials are made
# 2. where a plan that was found before is near that bound, it is the answer, as for the least of what it does without
# 3. whole numbers near that point, or those that the master prefers, fixed: until a trial is a near-optimal plan
#
# Where there are too many integers to search all of them, trials far from each other take ten times as long as others, and
# rounded ones are seldom within the budget. There `NEARBY` trials near the best plan found before raise the bound, and the
# integers of what is weighed are sought from that plan (MIP start), all others fixed as they are in it (fix-and-optimise,
# `Neighbourhood`). Where no such plan is within the budget, all integers stay as they are in it.
#
# c  cost of decisions   money     θ  operating cost of a year   money (y)     d  discount   1 (y)     B  budget   money

#: Trials with integers relaxed, and with whole numbers fixed; whole numbers that are tried.
RELAXED, FIXED, WHOLES = 12, 8, 3
#: Share of what the budget allows above the least that a corner leaves, since its years cost a little more than the cuts say.
ROOM = (1e-3, 0.05, 0.15, 0.4)
#: Seconds that the master's integers may take at a time; where they are too many the nodes and the gap end the search before.
SECONDS, SECONDS_OF_MANY, NODES, COARSE = 10.0, 300.0, 5, 2e-2
#: Trials with integers relaxed where there are too many; place of a trial between the best known point (0) and the extreme that the
#: cuts allow (1).
NEARBY, STEP = 2, 0.3


class DecomposedSpace:
    """The near-optimal plans of a master and its years; see `Space`."""

    def __init__(self, method: DecomposedMethod, budget: float, room: float, year: int) -> None:
        """`room` is what the budget allows above the cost of the method's best point (money)."""
        self.method, self.budget, self.room, self.year = method, budget, room, year
        self.master, self.solver = method.master, method.master.solver
        self.unit = max(abs(self.budget), 1.0)
        assert method.best is not None
        #: Near-optimal plans that were found, and what they cost.
        self.points = [(method.best.copy(), budget - room)]
        self.search = BendersSession(self.master, method.searched, Limits())
        self.search.forbid_slack()
        self.master.cuts.exempt_from_ageing()
        self.costs = self.master.costs
        self.aim_row: np.ndarray | None = None

    def reach(self, weights: Weights) -> float | None:
        """The most of the sum that the cuts allow, integers relaxed."""
        self._aim_at(weights, -1.0, 0.0)
        answer = self._corner()
        return abs(dot(self.aim, answer.values)) if answer.status == "optimal" else None

    def extreme(self, weights: Weights, size: float) -> Extreme:
        """Bound and plan; the plan is None where no trial was one. Raises Stopped where the watch in force ends it."""
        return self.method.task.clock.watch.guarded(lambda: self._extreme(weights, size))

    def _extreme(self, weights: Weights, size: float) -> Extreme:
        self.names = {member.name for member in weights}
        self._aim_at(weights, 1.0 / size, OF_COST / self.unit)
        bound, point = self._relaxed()
        is_known = self._sum_of_known() - bound <= 2 * NEAR
        plan = None if is_known else self._whole(bound, point)
        return Extreme(plan, (bound - OF_COST * (self.budget - self.master.matrix.offset) / self.unit) * size, is_known)

    # --- what is asked of the master ----------------------------------------------------------------------------------

    def _aim_at(self, weights: Weights, times: float, of_cost: float) -> None:
        """Minimise the sum and the cost, each times a number, and have a row that can hold that below a level."""
        master = self.master
        aim = columns_and_weights(master.model, master.matrix, self.method.inputs, weights, self.year, len(self.costs))
        self.wanted = times * aim
        self.aim = self.wanted + of_cost * self.costs
        places = np.flatnonzero(self.aim).astype(np.int32)
        if self.aim_row is not None:
            self.solver.free_rows(self.aim_row)
        self.aim_row = np.array([self.solver.row_count()], dtype=np.int32)
        self.solver.add_row(-INFINITY, INFINITY, places, self.aim[places])
        master.cuts.note_row()  # it stands among the cuts, of which it is none
        self.solver.set_cost(self.aim / self.solver.scale)
        self._allow(self.budget)

    def _allow(self, budget: float) -> None:
        """Let the cost be no more than a budget."""
        most = np.array([(budget - self.master.matrix.offset) * self.solver.scale])
        self.solver.set_row_bounds(self.master.level_row, np.array([-INFINITY]), most)

    def _corner(self) -> Answer:
        """The least of the sum that the cuts allow, by the simplex method."""
        self.solver.relax(True)
        return self.master.simplex()

    # --- trials -------------------------------------------------------------------------------------------------------

    def _sum(self, point: np.ndarray, cost: float) -> float:
        """The objective at a point that costs so much."""
        count = self.master.count
        return dot(self.wanted[:count], point[:count]) + OF_COST * (cost - self.master.matrix.offset) / self.unit

    def _try(self, point: np.ndarray) -> Trial | None:
        """The trial where it is a near-optimal plan, integers aside; its cuts are kept."""
        found = self.search.evaluate(point)
        return found if found.cost <= self.budget else None

    def _relaxed(self) -> tuple[float, np.ndarray]:
        """A bound and, integers relaxed, the best point of trials and plans known; where integers are many, that of the cuts.

        Trials stand between the best point and what the cuts allow, every third at the latter.
        """
        many = self.search.neighbourhood_only
        best, bound = self._best_known(), -INFINITY
        least, point = self._sum_of_known(), best
        for turn in range(NEARBY + 1 if many else RELAXED):
            answer = self._corner()
            if answer.status != "optimal":
                break
            bound, point = max(bound, dot(self.aim, answer.values)), answer.values[: self.master.count]
            if least - bound <= NEAR or (many and turn == NEARBY):
                break
            found = self._try(point if turn % 3 == 2 else best + STEP * (point - best))
            if not many and found is not None and (value := self._sum(found.point, found.cost)) < least:
                least, best = value, found.point
        return bound, point if many else best

    def _whole(self, bound: float, point: np.ndarray) -> Plan | None:
        """The best plan of whole numbers near a point, then of those that the master prefers."""
        best: tuple[float, Trial] | None = None
        tried: set[bytes] = set()
        for whole in self._assignments(point):
            if whole.tobytes() in tried:
                break
            tried.add(whole.tobytes())
            best = self._fixed(whole, bound, best)
            if best is not None and (self.search.neighbourhood_only or best[0] - bound <= 2 * NEAR):
                break
        if best is None:
            return None
        self.points.append((best[1].point, best[1].cost))
        return plan_of(self.method, best[1], -INFINITY)

    def _assignments(self, point: np.ndarray) -> Iterator[np.ndarray]:
        """Whole numbers to try: those near a point, then as the master prefers them; where they are many, those of what is weighed
        alone, found from those of the best known plan, and last these themselves."""
        integers, still = self.master.integers, None
        known, many = np.round(self._best_known()[integers]), self.search.neighbourhood_only
        if many:
            near = self.search.neighbourhood
            own = np.isin(near.asset, sorted(self.names)) | (near.year == 0) | (self.wanted[integers] != 0)
            still = near.still(point, known) | ~own
        else:
            yield self.method.rounding(point) if len(integers) else known
        gap, seconds = (COARSE, SECONDS_OF_MANY) if many else (0.0, SECONDS)
        for _ in range(WHOLES if len(integers) else 0):
            answer = self.search.whole_numbers(known if many else None, gap, seconds, still, NODES)
            if not answer.has_point:
                break
            yield np.round(answer.values[integers])
        if many:
            yield known

    def _best_known(self) -> np.ndarray:
        """The plan found before whose sum is least."""
        return min(self.points, key=lambda one: self._sum(*one))[0]

    def _sum_of_known(self) -> float:
        """The least sum of a plan found before."""
        return min(self._sum(*known) for known in self.points)

    def _fixed(self, whole: np.ndarray, bound: float, best: tuple[float, Trial] | None) -> tuple[float, Trial] | None:
        """Polishing with whole numbers fixed, each leaving more of the budget, until one is a plan."""
        if len(whole):
            self.master.fix(whole)
        try:
            for turn in range(FIXED):
                self._allow(self.budget - ROOM[min(turn // 2, len(ROOM) - 1)] * self.room)
                answer = self._corner()
                if answer.status != "optimal" or (best is not None and dot(self.aim, answer.values) >= best[0]):
                    break
                found = self._try(answer.values[: self.master.count])
                if found is None or self.master.breaks_rows(found.point):
                    continue
                value = self._sum(found.point, found.cost)
                if best is None or value < best[0]:
                    best = value, found
                if value - bound <= 2 * NEAR or turn % 2:
                    break
        finally:
            if len(whole):
                self.master.unfix()
            self._allow(self.budget)
        return best
