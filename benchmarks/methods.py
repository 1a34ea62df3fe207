"""Who solves the park: each method by name, with the algorithm that it asks HiGHS for."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from benchmarks.measure import Measured, finish, timed_highs
from benchmarks.peers.shared import FASTEST, GAP, Algorithm
from models.inputs import resolve
from planner.days import choose_days
from planner.park import read_case
from planner.solve import Solver

#: Method -> (module in benchmarks.peers, algorithm of HiGHS); a module is imported only where it is run.
MATRIX = {
    "highs-simplex": ("highs_alone", "simplex"),
    "highs-ipx": ("highs_alone", "ipm"),
    **({"highs-hipo": ("highs_alone", "hipo")} if Solver.has_hipo() else {}),
    "pyomo": ("pyomo_plain", FASTEST),
    "pypsa-vintages": ("pypsa_vintages", FASTEST),
    "pypsa-cumulated": ("pypsa_cumulated", FASTEST),
}
OURS = {"parkzero-whole": "whole", "parkzero-decomposed": "decomposed"}
METHODS = (*MATRIX, *OURS)
#: Days that stand for every hour of the year.
HOURLY = 365


def run_method(name: str, park: Path, days: int, algorithm: str | None = None, gap: float = GAP) -> Measured:
    """Solve the park once in this process; `days` of 365 and more plan every hour."""
    began = time.perf_counter()
    measured = Measured()
    case = read_case(park)
    count = 0 if days >= HOURLY else days
    with timed_highs(measured):
        if name in OURS:
            measured.read = time.perf_counter() - began
            from benchmarks.peers.parkzero import solve

            solve(case, count, OURS[name], measured, gap)
            return finish(measured, began)
        assert case.park.base_emissions is not None
        inputs = resolve(case, case.goal, case.park.base_emissions, choose_days(case, count))
        measured.read = time.perf_counter() - began
        module, usual = MATRIX[name]
        peer: Callable[..., None] = import_module(f"benchmarks.peers.{module}").solve
        measured.settings = algorithm or usual
        peer(inputs, Algorithm(measured.settings), measured, gap)
    return finish(measured, began)
