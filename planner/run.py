"""A run: from a case and a goal to the three plans that are compared."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from pyomo.environ import ConcreteModel

from models.case import Case
from models.errors import CaseError, SolverError
from models.inputs import Inputs, TypicalDays, resolve, resolve_existing
from models.park import build_existing, build_park
from planner.days import choose_days
from planner.explain.blocking import find_blocking, rule_rows, unserved
from planner.explain.words import say_blocking, say_unserved
from planner.plan import LEAST_COST, REFERENCE, TARGET, Plan, Run
from planner.report.tables import plan_tables
from planner.solve.highs import Answer, Matrix, Solver, compile_model, paused_garbage_collector
from planner.solve.rounding import rounding
from planner.solve.whole import Limits, solve_whole

#: Told what the run is doing: (stage of the run, detail).
Progress = Callable[[str, str], None]


@dataclass(frozen=True)
class Options:
    """How to plan: typical days (None = as the park says, 0 = every hour), gap, and seconds."""

    days: int | None = None
    gap: float = 1e-3
    time_limit: float | None = None
    compare: bool = True


class Clock:
    """Seconds of each step of a run."""

    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self.progress = progress
        self.began = time.perf_counter()

    @contextmanager
    def step(self, name: str, detail: str = "") -> Iterator[None]:
        """Time a step and tell of it."""
        self.progress(name, detail)
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    def left(self, limit: float | None) -> float | None:
        """Seconds left of a limit."""
        return None if limit is None else max(0.5, limit - (time.perf_counter() - self.began))


def plan_park(case: Case, options: Options, progress: Progress = lambda *_: None) -> Run:
    """Plan a park to its goal and compare with least-cost and reference.

    Raises CaseError where the case shows itself wrong only now (the existing park cannot serve its base year), and
    SolverError where HiGHS gives no answer.
    """
    assert case.goal is not None, "a run needs a goal"
    clock = Clock(progress)
    count = case.park.typical_days if options.days is None else options.days
    with clock.step("choosing typical days"):
        days = choose_days(case, count)
    base = case.park.base_emissions or base_emissions(case, days, clock)
    with clock.step("resolving inputs"):
        inputs = resolve(case, case.goal, base, days)
    with clock.step("building"), paused_garbage_collector():
        model = build_park(inputs)
    with clock.step("compiling"), paused_garbage_collector():
        matrix = compile_model(model)
    progress("compiled", matrix.size)
    run = Run({}, base, case.park.currency, days.count if days else 0, size=matrix.size)
    return _Comparison(case, options, clock, inputs, model, matrix).run(run)


class _Comparison:
    """The three plans on one matrix: each is a change of bounds."""

    def __init__(
        self, case: Case, options: Options, clock: Clock, inputs: Inputs, model: ConcreteModel, matrix: Matrix
    ) -> None:
        self.case, self.options, self.clock = case, options, clock
        self.inputs, self.model, self.matrix = inputs, model, matrix
        self.solver = Solver(matrix)
        self.rules = rule_rows(matrix, model)[1]
        self.rounding = rounding(matrix, model, inputs)

    def run(self, run: Run) -> Run:
        """All plans, or why the goal cannot be met."""
        plans = {TARGET: self.plan(TARGET)}
        if plans[TARGET].status == "infeasible":
            return self.explain(replace(run, plans=plans, seconds=self.clock.seconds))
        if self.options.compare:
            self.solver.free_rows(self.rules)
            plans[LEAST_COST] = self.plan(LEAST_COST)
            barred = reference_columns(self.matrix, self.model, self.inputs)
            self.solver.set_bounds(barred, np.zeros(len(barred)), np.zeros(len(barred)))
            plans[REFERENCE] = self.plan(REFERENCE)
        return replace(run, plans=plans, abatement_cost=abatement(plans, self.inputs), seconds=self.clock.seconds)

    def plan(self, name: str) -> Plan:
        """Solve the matrix as its bounds stand, and read the plan."""
        limits = Limits(self.options.gap, self.clock.left(self.options.time_limit))
        with self.clock.step(f"solving {name}"):
            answer = solve_whole(
                self.solver, limits, lambda text: self.clock.progress(f"solving {name}", text), self.rounding
            )
        if answer.status == "unbounded":
            raise SolverError(f"the {name} plan is unbounded: something earns money without limit")
        if not answer.has_point:
            status = "infeasible" if answer.status.startswith("infeasible") else "failed"
            return Plan(name, status)
        with self.clock.step("reading results", name):
            self.matrix.load(answer.values)
            tables = plan_tables(self.model, self.inputs, self.case.park.currency)
        return _as_plan(name, answer, tables, self.clock)

    def explain(self, run: Run) -> Run:
        """Why the goal cannot be met."""
        goal = self.case.goal
        assert goal is not None
        with self.clock.step("explaining"):
            blocking, breaches = find_blocking(self.matrix, self.model, self.inputs)
            if blocking or breaches:
                text = say_blocking(goal, blocking, breaches)
            else:
                missing = unserved(self.matrix, self.model, self.inputs.years)
                text = say_unserved(missing, run.typical_days)
        return replace(run, blocking=blocking, breaches=breaches, explanation=text)


def _as_plan(name: str, answer: Answer, tables: dict, clock: Clock) -> Plan:
    cost = float(tables["system_cost"]["value"].sum())
    bound = min(answer.bound, cost) if np.isfinite(answer.bound) else None
    gap = None if bound is None else (cost - bound) / max(abs(cost), 1e-9)
    return Plan(name, answer.status, cost, bound, gap, tables, {"solving": clock.seconds[f"solving {name}"]})


def base_emissions(case: Case, days: TypicalDays | None, clock: Clock) -> float:
    """Gross emissions (t) of the least-cost operation of what exists, with the numbers of the base year.

    Raises CaseError where the existing park cannot serve that year's demands, saying in which hour.
    """
    with clock.step("computing base emissions"):
        inputs = resolve_existing(case, days)
        with paused_garbage_collector():
            model = build_existing(inputs)
            matrix = compile_model(model)
        solver = Solver(matrix)
        answer = solve_whole(solver, Limits())
        (y,) = inputs.years
        if not answer.has_point:
            missing = unserved(matrix, model, [y])
            raise CaseError(say_missing_base(missing, days, y))
        matrix.load(answer.values)
    base = float(model.year[y].figure["gross"].value)
    if base <= 0:
        raise CaseError(
            [f"park.toml: base_emissions: is left out, and the existing park emits nothing in {y}; give the figure"]
        )
    return base


def say_missing_base(missing: list, days: TypicalDays | None, y: int) -> list[str]:
    """Complaint that the base year cannot be computed."""
    where = "; ".join(say_unserved(missing, days.count if days else 0)) or "its limits contradict each other"
    return [
        f"park.toml: base_emissions: is left out, and the existing park cannot serve the demands of {y} ({where}); "
        "give the figure"
    ]


def reference_columns(matrix: Matrix, model: ConcreteModel, inputs: Inputs) -> np.ndarray:
    """Decisions that the reference plan may not take: no measures, offsets, certificates, restoration, new kinds."""
    barred = [v for (k, _), v in model.build.items() if k not in inputs.capacity.in_reference]
    barred += [*model.adopt.values(), *model.plant.values()]
    for y in inputs.years:
        barred += [*model.year[y].credits.values(), *model.year[y].certified.values()]
    return matrix.columns_of(barred)


def abatement(plans: dict[str, Plan], inputs: Inputs) -> dict[str, float | None]:
    """Money per tonne of each plan against the reference, both discounted; None where it avoids nothing."""
    reference = plans.get(REFERENCE)
    if reference is None or not reference.has_tables:
        return {}
    return {
        name: abatement_cost(plan, reference, inputs.finance.discount)
        for name, plan in plans.items() if name != REFERENCE and plan.has_tables
    }  # fmt: skip


def abatement_cost(plan: Plan, reference: Plan, discount: dict[int, float]) -> float | None:
    """Difference of system cost over difference of net emissions, discounted like money."""

    def tonnes(p: Plan) -> float:
        net = p.tables["emissions"].query("item == 'net'")
        return float((net["value"] * net["year"].map(discount)).sum())

    avoided = tonnes(reference) - tonnes(plan)
    assert plan.system_cost is not None and reference.system_cost is not None
    return (plan.system_cost - reference.system_cost) / avoided if avoided > 1e-6 else None
