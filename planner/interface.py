"""The planner in Python: what `import planner` gives a notebook. docs/python.md shows it.

No progress is printed, nothing is written, and what is wrong is raised: CaseError names every fault of a park at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from models.case import Case
from models.errors import CaseError
from planner.examples import park_folder
from planner.park import GoalRequest, read_case
from planner.plan import Run
from planner.planning import run as runs
from planner.planning.run import Options
from planner.tables import output as outputs
from planner.tables.output import Output

__all__ = ["Options", "Run", "plan_park", "read_output", "read_park"]


def read_park(
    folder: str | os.PathLike[str] | None = None,
    target: str | None = None,
    by: int | None = None,
    *,
    milestones: Mapping[str, int] | None = None,
    costs: Sequence[str | os.PathLike[str]] = (),
) -> Case:
    """Read a park folder with its goal; without a folder the example park that ships with the planner.

    target, by  the stage to reach and the year from which its rules hold; left out, the goal of goal.toml
    milestones  stages on the way, with their years
    costs       cost tables laid over the park's, the last one wins

    Raises CaseError with everything that is wrong, one line each; without a goal too.
    """
    place = park_folder() if folder is None else Path(folder)
    goal = GoalRequest(target, by, tuple((milestones or {}).items()))
    case = read_case(place, [Path(table) for table in costs], goal)
    if case.goal is None:
        raise CaseError.because("{place}: has no goal; say target and by, or write goal.toml", place=place)
    return case


def plan_park(case: Case, options: Options | None = None, *, progress: Callable[[str, str], None] | None = None) -> Run:
    """Plan a park to its goal, and the plans that it is compared with.

    progress  told what the run does, a step and a detail; left out, nobody is

    Tables of each plan are DataFrames: `run.target.tables["capacity"]`, or of all plans `run.table("capacity")`. Whether there is
    a plan says `run.target.status`. Raises CaseError where the case shows itself wrong only now, and SolverError where HiGHS fails.
    """
    return runs.plan_park(case, options or Options(), progress or (lambda *_: None))


def read_output(folder: str | os.PathLike[str]) -> Output:
    """What a run of the command wrote, read back: `output.target["capacity"]`, `output.summary`.

    Raises CaseError with everything that is damaged.
    """
    return outputs.read_output(Path(folder))
