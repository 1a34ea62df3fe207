r"""The tree as one programme: mixed-integer, and minimised by the objective that is asked for.

.. math::
    \text{expected: } \min \sum_l p_l C_l \qquad
    \text{cvar: } \min\; (1-w) \sum_l p_l C_l + w \Big(\eta + \tfrac{1}{\tau} \sum_l p_l z_l\Big), \quad
    z_l \ge C_l - \eta,\; z_l \ge 0 \\
    \text{regret: } \min R, \quad R \ge C_l - C^*_l \qquad C_l = c_l \cdot x + o_l

for the leaves l. Among plans of least regret, and of cvar with weight 1, the one of least expected cost is taken: its regret, or
cvar, is at most the least one and 1e-9 of the expected cost.

C  system cost of a leaf   money     C*  its least cost, were it known from the start   money     p  probability   1
w  weight   1     τ  tail   1     η  the cost that the worst share τ lies above   money     z  what it is above   money
R  largest regret   money
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from models.case import Uncertainty
from models.dot import dot
from planner.explain.blocking import rule_rows
from planner.machine.stopping import Stopped, in_force
from planner.plan import BINDS, TARGET
from planner.planning.variants import variant_of
from planner.recourse.merged import Key, Leaf, Merged, after_branching
from planner.solve import INFINITY, Answer, Limits, Matrix, Solver, Variant, solve_whole

#: By how much of the expected cost the first objective may be above its least in the second search.
WITHIN = 1e-9


@dataclass(frozen=True)
class Found:
    """A point of the tree.

    values     of the merged columns
    costs      system cost by leaf   money
    objective, bound   of what was minimised   money
    operation  (leaf, year) -> values of the year, where years are solved by themselves
    named      of a leaf alone: its decisions by name, see `Merged.named`
    """

    status: str
    values: np.ndarray
    costs: Mapping[str, float]
    objective: float
    bound: float
    operation: Mapping[tuple[str, int], np.ndarray] = field(default_factory=dict)
    named: Mapping[Key, float] = field(default_factory=dict)

    @property
    def has_point(self) -> bool:
        """True if there is a plan."""
        return self.status in ("optimal", "feasible")

    def expected(self, probability: Mapping[str, float]) -> float:
        """Mean cost (money); infinite where there is no plan."""
        return sum(probability[name] * cost for name, cost in self.costs.items()) if self.costs else INFINITY


def tree_variant(found: Merged, name: str) -> Variant:
    """The variant of the tree that a plan is solved in: what each leaf may not decide, and which of its rules need not hold."""
    dropped, barred, fixed, values = (
        [np.zeros(0, dtype=np.int32)],
        [np.zeros(0, dtype=np.int32)],
        [np.zeros(0, dtype=np.int32)],
        [np.zeros(0)],
    )
    for leaf in found.leaves:
        own = variant_of(name, leaf.matrix, leaf.model, leaf.model.year if leaf.is_whole else {}, leaf.inputs)
        at, rows = found.places[leaf.name], found.rows[leaf.name]
        dropped += [rows[own.dropped], rows[_free_rules(leaf, name)]]
        barred.append(at[own.barred])
        fixed.append(at[own.fixed])
        values.append(own.values)
    places, first = np.unique(np.concatenate(fixed), return_index=True)
    return Variant(np.unique(np.concatenate(dropped)), np.unique(np.concatenate(barred)), places, np.concatenate(values)[first])


def _free_rules(leaf: Leaf, name: str) -> np.ndarray:
    """Rows of a leaf's rules that a plan need not keep; none where its years are solved by themselves."""
    if not leaf.is_whole:
        return np.zeros(0, dtype=np.int32)
    rules, of_rules = rule_rows(leaf.matrix, leaf.model)
    is_lasting = np.array([tuple(key) in leaf.inputs.carbon.lasting(y) for y, *key in rules], dtype=bool)
    return {"all": of_rules[:0], "lasting": of_rules[~is_lasting], "none": of_rules}[BINDS[name]]


def expected(
    found: Merged,
    limits: Limits,
    say: Callable[[str], None] = lambda _: None,
    name: str = TARGET,
    fixed: Mapping[int, float] | None = None,
    relaxed: bool = False,
) -> Found:
    """The least expected cost of a plan; with some columns `fixed`, and whole numbers after the first branching `relaxed`."""
    matrix: Matrix | None = _relaxed(found) if relaxed else found.matrix
    variant = tree_variant(found, name)
    if fixed:
        matrix = _fixed(found.matrix if matrix is None else matrix, fixed)
    if matrix is None:
        return Found("infeasible", np.zeros(0), {}, INFINITY, INFINITY)
    answer = _solve(matrix, variant, found, limits, say)
    return _found(found, answer, answer.objective, answer.bound)


def least(
    found: Merged, terms: Uncertainty, best: Mapping[str, float], limits: Limits, say: Callable[[str], None] = lambda _: None
) -> Found:
    """The least cvar or regret of the target plan; `best`: C* by leaf."""
    relaxed = terms.recourse == "relaxed"
    matrix = _relaxed(found) if relaxed else found.matrix
    wide, cost, offset = _with_risk(found, matrix, terms, best)
    variant = tree_variant(found, TARGET)
    answer = _solve(replace(wide, cost=cost, offset=offset), variant, found, limits, say)
    if not answer.has_point:
        return _found(found, answer, answer.objective, answer.bound)
    shift = offset if terms.objective == "regret" else 0.0
    if terms.objective == "regret" or terms.weight == 1.0:
        # the same once more: no dearer by the first objective, and of least expected cost
        own = np.concatenate([matrix.cost, np.zeros(len(cost) - len(matrix.cost))])
        most = answer.objective - offset + WITHIN * max(abs(dot(own, answer.values) + matrix.offset), 1.0)
        second = _solve(replace(_with_row(wide, cost, most), cost=own, offset=matrix.offset), variant, found, limits, say)
        if second.has_point:
            costs = found.costs(second.values)
            value = risk(terms, costs, {leaf.name: leaf.probability for leaf in found.leaves}, best)
            return _found(found, replace(answer, values=second.values), value, answer.bound - shift)
    return _found(found, answer, answer.objective - shift, answer.bound - shift)


def risk(terms: Uncertainty, costs: Mapping[str, float], probability: Mapping[str, float], best: Mapping[str, float]) -> float:
    """The objective of known costs (money)."""
    mean = sum(probability[name] * cost for name, cost in costs.items())
    if terms.objective == "expected":
        return mean
    if terms.objective == "regret":
        return max(costs[name] - best[name] for name in costs)
    return (1 - terms.weight) * mean + terms.weight * cvar(costs, probability, terms.tail)


def cvar(costs: Mapping[str, float], probability: Mapping[str, float], tail: float) -> float:
    """Mean cost of the worst share of the leaves (money)."""
    left, total = tail, 0.0
    for name in sorted(costs, key=lambda name: -costs[name]):
        share = min(probability[name], left)
        total += share * costs[name]
        left -= share
    return total / (tail - max(left, 0.0))


def _solve(matrix: Matrix, variant: Variant, found: Merged, limits: Limits, say: Callable[[str], None]) -> Answer:
    """The optimum of a variant; less is retired, and rather later, and fewest are ordered, where that costs the same."""
    solver = Solver(matrix)
    last = found.tree.last_year
    for i, key in enumerate(found.keys):
        if key[0] == "decision" and key[2] == "retire":
            solver.prefer_less(np.array([i]), 20 + 2 * (last - key[4][-1]))  # type: ignore[index]
        elif key[0] == "decision" and key[2] == "is_built":
            solver.prefer_less(np.array([i]), 20)
    solver.set_variant(variant)

    def work() -> Answer:
        answer = solve_whole(solver, limits, say)
        if answer.status.startswith("infeasible"):
            solver.options(mip_rel_gap=limits.gap)
            answer = solver.without_presolve()
        return answer

    try:
        return in_force().guarded(work)
    except Stopped:
        return solver.incumbent() or Answer("failed", np.zeros(0), INFINITY, -INFINITY, 0.0)


def _found(found: Merged, answer: Answer, objective: float, bound: float) -> Found:
    if not answer.has_point:
        status = "infeasible" if answer.status.startswith("infeasible") else "failed"
        return Found(status, np.zeros(0), {}, INFINITY, bound)
    values = answer.values[: len(found.keys)]
    return Found(answer.status, values, found.costs(values), objective, min(bound, objective))


def _relaxed(found: Merged) -> Matrix:
    integer = found.matrix.integer.copy()
    integer[after_branching(found)] = False
    return replace(found.matrix, integer=integer)


def _fixed(matrix: Matrix, fixed: Mapping[int, float]) -> Matrix | None:
    """The matrix with some columns fixed; None where one of them may not have its value."""
    found = fixed_within(matrix, fixed)
    if found is None:
        return None
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    places, values = found
    lower[places] = upper[places] = values
    return replace(matrix, lower=lower, upper=upper)


def fixed_within(matrix: Matrix, fixed: Mapping[int, float]) -> tuple[np.ndarray, np.ndarray] | None:
    """Places and values of columns that are fixed, within their bounds; None where one of them may not have its value."""
    places, values = np.array(list(fixed), dtype=np.int32), np.array(list(fixed.values()))
    inside = np.clip(values, matrix.lower[places], matrix.upper[places])
    is_far = np.abs(inside - values) > 1e-6 * np.maximum(1.0, np.abs(values))
    return None if is_far.any() else (places, inside)


def _with_risk(found: Merged, matrix: Matrix, terms: Uncertainty, best: Mapping[str, float]) -> tuple[Matrix, np.ndarray, float]:
    """The matrix with the columns and rows of cvar or regret, the cost of all columns, and a constant.

    The constant of regret is the weighted least cost, so that a relative gap is one of costs.
    """
    leaves, count = found.leaves, len(found.keys)
    cvar_ = terms.objective == "cvar"
    extra = 1 + (len(leaves) if cvar_ else 0)
    rows = np.zeros((len(leaves), count))
    side = np.zeros((len(leaves), extra))
    least_row = np.zeros(len(leaves))
    for i, leaf in enumerate(leaves):
        rows[i] = -found.cost[leaf.name]
        side[i, 0] = 1.0
        if cvar_:
            side[i, 1 + i] = 1.0
            least_row[i] = found.offset[leaf.name]
        else:
            least_row[i] = found.offset[leaf.name] - best[leaf.name]
    if cvar_:
        tail = [terms.weight * leaf.probability / terms.tail for leaf in leaves]
        cost = np.concatenate([(1 - terms.weight) * matrix.cost, [terms.weight], tail])
        offset = (1 - terms.weight) * matrix.offset
    else:
        cost = np.concatenate([np.zeros(count), [1.0]])
        offset = float(sum(leaf.probability * best[leaf.name] for leaf in leaves))
    a = sparse.csc_matrix((matrix.value, matrix.index, matrix.start), shape=(len(matrix.rows), count))
    wide = sparse.bmat([[a, None], [sparse.csr_matrix(rows), sparse.csr_matrix(side)]], format="csc")
    low = np.concatenate([[-INFINITY], np.zeros(extra - 1)])
    return _grown(matrix, wide, low, np.full(extra, INFINITY), least_row, np.full(len(leaves), INFINITY)), cost, offset


def _with_row(matrix: Matrix, cost: np.ndarray, most: float) -> Matrix:
    """The matrix with a row: the cost is no more than that."""
    a = sparse.csc_matrix((matrix.value, matrix.index, matrix.start), shape=(len(matrix.rows), len(matrix.columns)))
    wide = sparse.vstack([a, sparse.csr_matrix(cost)], format="csc")
    none = np.zeros(0)
    return _grown(matrix, wide, none, none, np.array([-INFINITY]), np.array([most]))


def _grown(
    matrix: Matrix, a: sparse.csc_matrix, lower: np.ndarray, upper: np.ndarray, row_lower: np.ndarray, row_upper: np.ndarray
) -> Matrix:
    a.sort_indices()
    return replace(
        matrix,
        columns=list(range(a.shape[1])),
        rows=list(range(a.shape[0])),
        start=a.indptr.astype(np.int32),
        index=a.indices.astype(np.int32),
        value=a.data.astype(float),
        lower=np.concatenate([matrix.lower, lower]),
        upper=np.concatenate([matrix.upper, upper]),
        row_lower=np.concatenate([matrix.row_lower, row_lower]),
        row_upper=np.concatenate([matrix.row_upper, row_upper]),
        cost=np.concatenate([matrix.cost, np.zeros(len(lower))]),
        integer=np.concatenate([matrix.integer, np.zeros(len(lower), dtype=bool)]),
    )
