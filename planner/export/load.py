"""A finished run, read back from its output folder, and the park that it was planned for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from models.case import Case
from models.errors import CaseError
from models.inputs import Inputs, TypicalDays, resolve
from planner.futures.paths import path_case
from planner.futures.tree import Tree
from planner.language.message import Message
from planner.language.words import STATUSES, word
from planner.park import GoalRequest, read_case
from planner.park.folder import told_changes
from planner.parks.places import found_from
from planner.plan import TARGET
from planner.tables.facts import Repeatable, check_facts
from planner.tables.kinds import FACTS
from planner.tables.output import Output, Tables, read_output
from planner.tables.reading import read_dispatch
from planner.tables.telling import refuse_kept


@dataclass(frozen=True)
class Loaded:
    """A run as its output folder tells it, and the park that was planned, with its goal, and the folder in which that park is.

    tree    of a plan for several futures, of which it is one path; None: of one future
    """

    output: Output
    case: Case
    park: Path = Path()
    tree: Tree | None = None

    @property
    def summary(self) -> Mapping[str, Any]:
        """What summary.json says."""
        return self.output.summary

    @property
    def plans(self) -> Mapping[str, Tables]:
        """Tables of each plan that has any, the target plan first."""
        return self.output.plans

    def dispatch(self, y: int) -> pd.DataFrame:
        """Every flow of every snapshot of a year of the target plan."""
        return read_dispatch(self.output.folder, y)

    @cached_property
    def days(self) -> TypicalDays | None:
        """The typical days that were planned on; None where every hour was."""
        of_day = self.plans[TARGET]["typical_days"]["typical_day"].to_numpy(dtype=int)
        if not len(of_day):
            return None
        profiles = self.plans[TARGET]["profiles"]
        values = {str(name): own.sort_values("hour")["value"].to_numpy() for name, own in profiles.groupby("profile")}
        # Which calendar day each of them was is told by no table and needed by no equation.
        return TypicalDays(of_day, np.zeros(of_day.max() + 1, dtype=int), values)

    @cached_property
    def inputs(self) -> Inputs:
        """The numbers that the run was planned with, on its own typical days."""
        return resolve(self.case, self.case.goal, float(self.summary["base_emissions"]), self.days)

    def of_year(self, y: int) -> Loaded:
        """The same run with the profiles of a year."""
        own = replace(self)
        own.__dict__["inputs"] = self.inputs.at(y)
        return own


def load_run(out: Path, park: Path | None = None, needs_dispatch: bool = True) -> Loaded:
    """Read an output folder and the park that its run.json names, or the folder `park` where that has moved.

    needs_dispatch  the hourly flows must be there

    Raises CaseError where the folder is no output or holds no plan, and where the park is not there or has changed.
    """
    output = read_output(out, needs_dispatch)
    if not output.has_plan:
        raise CaseError.because(
            "{out}: holds no plan (status '{status}'); there is nothing to export",
            out=out,
            status=word(STATUSES, output.summary["status"]),
        )
    return Loaded(output, *_case(out, output.facts, park))


def _case(out: Path, facts: Mapping[str, Any], park: Path | None) -> tuple[Case, Path, Tree | None]:
    if faults := check_facts(out / FACTS, dict(facts), Repeatable):
        raise CaseError([line for fault in faults for line in fault.complaints])
    said = facts["options"]
    refuse_kept(out, said)
    folder = park or found_from(said["park"], out, Message("--park DIR: the park of {out}", out=out))
    costs = [found_from(c, out, Message("{out}: its cost table", out=out)) for c in said["costs"]]
    goal = GoalRequest(said["target"], said["by"], tuple((stage, year) for stage, year in said["milestones"]))
    file = found_from(said["futures"], out, Message("{out}: its futures.csv", out=out)) if "futures" in said else None
    case = read_case(folder, costs, goal, futures=file, has_futures=said.get("has_futures", True))
    if case.digest != facts["case_sha256"]:
        raise CaseError.because(
            "{folder}: has changed since {out} was made, or is another park: {names}; plan it again first",
            folder=folder,
            out=out,
            names=told_changes(facts["files"], case.files),
        )
    if "future" not in said:
        return case, folder, None
    tree = Tree.of(case.futures, case.park)
    return path_case(case, tree, said["future"]), folder, tree


def planned_days(run: Loaded) -> TypicalDays | None:
    """The typical days that were planned on, of a plan that was operated in every hour, too; None: every hour."""
    tables = run.plans[TARGET]
    days, profiles = tables["planned_days"], tables["planned_profiles"]
    if days.empty:
        return run.days
    values = {str(name): own.sort_values("hour")["value"].to_numpy() for name, own in profiles.groupby("profile")}
    drawn = days.drop_duplicates("typical_day").sort_values("typical_day")["drawn"].to_numpy(dtype=int) - 1
    return TypicalDays(days.sort_values("day")["typical_day"].to_numpy(dtype=int), drawn, values)


def planned_inputs(run: Loaded) -> Inputs:
    """The numbers on the days that were planned on."""
    return resolve(run.case, run.case.goal, float(run.summary["base_emissions"]), planned_days(run))
