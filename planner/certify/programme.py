"""The programme of a certificate: the matrix of a park on the days that were planned on, the plan as a point, and multipliers.

The orders and measures of the plan are fixed and all else is solved for: the point. Then the whole numbers are relaxed, and the
leaf with the least bound is split by branch and bound until the point is within the gap, or time or room is over. A leaf whose
branch has no point is not split: its multipliers would be a ray, which the solver is not asked for.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from models.inputs import Inputs
from models.park import build_park
from planner.export.load import Loaded
from planner.machine.stopping import Stopped
from planner.plan import TARGET
from planner.solve import Answer, Limits, Matrix, Solver, compile_model, modelling, rounding, solve_linear, solve_whole
from planner.verify.bound import Programme, leaves

#: Columns without a bound are taken to be below this many times the largest number of the point.
CAP = 1000.0
#: A whole number that is nearer than this to one is one.
WHOLE = 1e-5
#: By which share (of at least so much) an order may be another than in the tables, which have twelve digits; wider where it must.
ROUNDED = ((1e-9, 1.0), (5e-8, 10.0))
#: Gap of the point; most multipliers that are written (rows times leaves).
CLOSE, MOST = 1e-4, 4_000_000


@dataclass
class CertifiedLeaf:
    """A leaf: bounds of the integer columns (upper ones after lower ones), its relaxed optimum and multipliers."""

    bounds: np.ndarray
    answer: Answer
    node: int


@dataclass
class BranchTree:
    """Nodes as rows (column, split, left, right), leaves by node."""

    nodes: list[list[int]] = field(default_factory=list)
    leaves: dict[int, CertifiedLeaf] = field(default_factory=dict)


def programme_of(run: Loaded, inputs: Inputs, seconds: float, gap: float) -> tuple[dict[str, Any], dict[str, np.ndarray]] | None:
    """What certificate.json says of the programme, and its arrays; None where the plan is none of its points in time."""
    end = time.perf_counter() + seconds
    with modelling():
        model = build_park(inputs)
        matrix = compile_model(model)
    solver = Solver(matrix)
    orders = {(str(k), int(v)): matrix.column[id(x)] for (k, v), x in model.build.items() if id(x) in matrix.column}
    limits = Limits(gap=max(gap, CLOSE), seconds=seconds / 2)
    point = _point(matrix, solver, _decided(run, model, matrix, orders), limits, rounding(matrix, model, inputs))
    if point is None:
        return None
    tree = _branched(matrix, solver, point.objective, gap, end)
    if tree is None:
        return None
    places = {node: i for i, node in enumerate(tree.leaves)}
    nodes = [row if node not in places else [-1, places[node], -1, -1] for node, row in enumerate(tree.nodes)]
    arrays = {
        "cost": matrix.cost,
        "start": matrix.start,
        "index": matrix.index,
        "value": matrix.value,
        "lower": matrix.lower,
        "upper": matrix.upper,
        "row_lower": matrix.row_lower,
        "row_upper": matrix.row_upper,
        "integer": matrix.integer,
        "point": point.values,
        "tree": np.array(nodes, dtype=np.int64),
        "multipliers": np.array([leaf.answer.row_duals for leaf in tree.leaves.values()]),
    }
    cap = CAP * max(float(np.abs(point.values).max()), 1.0)
    shown = Programme(arrays, matrix.offset, cap)
    bound = proven(shown)
    cost = matrix.offset + float(matrix.cost @ point.values)
    named = [[k, v, j] for (k, v), j in orders.items()]
    days = run.summary["typical_days"]
    said = {
        "offset": matrix.offset,
        "cap": cap,
        "cost": cost,
        "bound": bound,
        "typical_days": days["count"] if days else 0,
        "orders": named,
    }
    return said, arrays


def proven(programme: Programme) -> float:
    """The least of the leaves."""
    return min(leaves(programme, 0, *programme.bounds(), 0))[0]


def _decided(run: Loaded, model: Any, matrix: Matrix, orders: dict[tuple[str, int], int]) -> dict[int, float]:
    """Column -> value of the orders and measures of the run."""
    tables = run.plans[TARGET]
    built = tables["investments"][tables["investments"]["committed"] == 0].groupby(["technology", "year"])["build"].sum()
    fixed = {j: float(built.get(order, 0.0)) for order, j in orders.items()}
    adopted = {(str(m), int(y)) for m, y in zip(tables["measures"]["measure"], tables["measures"]["year"], strict=True)}
    for (m, v), x in model.adopt.items():
        if id(x) in matrix.column:
            fixed[matrix.column[id(x)]] = float((str(m), int(v)) in adopted)
    return fixed


def _point(
    matrix: Matrix, solver: Solver, fixed: dict[int, float], limits: Limits, rounded: Callable[[np.ndarray], np.ndarray]
) -> Answer | None:
    """The plan of the run as a point: what it decided fixed, all else solved for."""
    columns, values = np.array([*fixed], dtype=np.int32), np.array([*fixed.values()])
    for share, least in ROUNDED:
        width = share * np.maximum(np.abs(values), least)
        low = np.clip(values - width, matrix.lower[columns], matrix.upper[columns])
        high = np.clip(values + width, matrix.lower[columns], matrix.upper[columns])
        solver.set_bounds(columns, low, high)
        try:
            found = solve_whole(solver, limits, rounding=rounded)
        except Stopped:
            return None
        finally:
            solver.restore_columns(columns)
        if found.has_point:
            inside = np.clip(found.values, matrix.lower, matrix.upper)
            return replace(found, values=np.where(matrix.integer, np.round(inside), inside))
    return None


def _branched(matrix: Matrix, solver: Solver, cost: float, gap: float, end: float) -> BranchTree | None:
    """The tree of the relaxed programme; None where its root has no optimum."""
    integer = np.flatnonzero(matrix.integer).astype(np.int32)
    count = len(integer)
    solver.forget()
    solver.clear()
    solver.relax(True)

    def solved(bounds: np.ndarray, first: bool) -> Answer:
        solver.set_bounds(integer, bounds[:count], bounds[count:])
        return solve_linear(solver, max(end - time.perf_counter(), 1.0), simplex=not first)

    root = np.concatenate([matrix.lower[integer], matrix.upper[integer]])
    answer = solved(root, True)
    if answer.status != "optimal":
        return None
    tree, rows = BranchTree([[-1, 0, -1, -1]], {0: CertifiedLeaf(root, answer, 0)}), len(matrix.rows)
    waiting = [(answer.objective, 0)]
    while waiting and time.perf_counter() < end and (len(tree.leaves) + 1) * rows <= MOST:
        bound, node = heapq.heappop(waiting)
        if bound >= cost - gap * abs(cost):
            break
        leaf = tree.leaves[node]
        split = _split(leaf.answer.values[integer])
        if split is None:
            continue
        place, below = split
        children = [*_children(leaf, place, below, count)]
        answers = [solved(bounds, False) for bounds in children]
        if any(a.status != "optimal" for a in answers):
            continue
        del tree.leaves[node]
        tree.nodes[node] = [int(integer[place]), below, len(tree.nodes), len(tree.nodes) + 1]
        for bounds, own in zip(children, answers, strict=True):
            child = len(tree.nodes)
            tree.nodes.append([-1, 0, -1, -1])
            tree.leaves[child] = CertifiedLeaf(bounds, own, child)
            heapq.heappush(waiting, (own.objective, child))
    return tree


def _split(values: np.ndarray) -> tuple[int, int] | None:
    """The integer column that is furthest from a whole number, and the one below; None where all are whole."""
    if not len(values):
        return None
    far = np.abs(values - np.round(values))
    place = int(far.argmax())
    return (place, int(np.floor(values[place]))) if far[place] > WHOLE else None


def _children(leaf: CertifiedLeaf, place: int, below: int, count: int) -> Iterator[np.ndarray]:
    """The bounds of the two branches."""
    low, high = leaf.bounds.copy(), leaf.bounds.copy()
    low[count + place], high[place] = below, below + 1
    yield low
    yield high
