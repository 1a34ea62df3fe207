"""HiGHS alone on our whole matrix: what any tool that builds one matrix and waits for the solver has to wait for."""

from __future__ import annotations

import time

from benchmarks.measure import Measured
from benchmarks.peers.shared import GAP, Algorithm
from models.errors import SolverError
from models.inputs import Inputs
from models.park import build_park
from planner.machine.resources import paused_garbage_collector
from planner.solve import Solver, compile_model


def solve(inputs: Inputs, algorithm: Algorithm, measured: Measured, gap: float = GAP) -> None:
    """Build and compile as we do, then leave the matrix to HiGHS."""
    began = time.perf_counter()
    with paused_garbage_collector():
        matrix = compile_model(build_park(inputs))
    solver = Solver(matrix)
    measured.build = time.perf_counter() - began
    measured.matrix = matrix.size
    solver.options(mip_rel_gap=gap, mip_abs_gap=0.0, **algorithm.options)
    answer = solver.run()
    if not answer.has_point:
        raise SolverError(f"HiGHS stopped with status {answer.status!r}")
    measured.objective, measured.bound = answer.objective, answer.bound
