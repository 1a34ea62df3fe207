"""parkzero itself, as a person runs it: typical days, plan, ledger, tables, files; of one plan."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.measure import Measured
from models.case import Case
from models.errors import SolverError
from planner.answer.files import write_run
from planner.planning.run import Options, plan_park


def solve(case: Case, days: int, method: str, measured: Measured, gap: float) -> None:
    """A whole run but for the plans to compare with; `days` 0 plans every hour."""
    options = Options(days=days, gap=gap, compare=False, method=method, verify=False)
    run = plan_park(case, options)
    if not run.target.has_tables:
        raise SolverError(f"no plan: {run.target.status}; {'; '.join(run.explanation)}")
    with tempfile.TemporaryDirectory() as place:
        write_run(run, case, Path(place) / "out", {})
    assert run.target.system_cost is not None
    found = run.target.on_days or run.target  # both of the hours that were planned on
    measured.objective, measured.bound, measured.matrix = run.target.system_cost, found.bound, run.size
    measured.seconds = dict(run.seconds)
    measured.build = sum(s for name, s in run.seconds.items() if name in ("building", "compiling"))
