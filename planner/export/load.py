"""A finished run, read back from its output folder, and the park that it was planned for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from models.case import Case
from models.errors import CaseError
from models.inputs import Inputs, TypicalDays, resolve
from planner.plan import LEAST_COST, REFERENCE, TARGET
from planner.read import GoalRequest, read_case
from planner.report.files import FACTS, MARK, is_output
from planner.report.sheets import FORMULA
from planner.report.tables import COLUMNS

Tables = Mapping[str, pd.DataFrame]
#: Tables that are read back, besides dispatch.parquet.
NEEDED = (
    "investments", "capacity", "measures", "restoration", "offsets", "certificates", "connections", "energy", "emissions",
    "costs", "stages", "typical_days", "profiles",
)  # fmt: skip


@dataclass(frozen=True)
class Loaded:
    """A run as its output folder tells it.

    summary, facts   what summary.json and run.json say
    plans            tables of each plan that has any, the target plan first
    case             the park that was planned, with its goal
    """

    out: Path
    summary: Mapping[str, Any]
    facts: Mapping[str, Any]
    plans: Mapping[str, Tables]
    case: Case

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


def load_run(out: Path, park: Path | None = None) -> Loaded:
    """Read an output folder and the park that its run.json names, or the folder `park` where that has moved.

    Raises CaseError where the folder is no output or holds no plan, and where the park is not there or has changed.
    """
    if not is_output(out):
        raise CaseError([f"{out}: is no output of a run"])
    summary, facts = (json.loads((out / name).read_text(encoding="utf-8")) for name in (MARK, FACTS))
    plans = {name: read_tables(out if name == TARGET else out / name) for name in (TARGET, LEAST_COST, REFERENCE)}
    if not plans[TARGET]:
        raise CaseError([f"{out}: holds no plan (status {summary['status']!r}); there is nothing to export"])
    return Loaded(out, summary, facts, {name: tables for name, tables in plans.items() if tables}, _case(out, facts, park))


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a plan as they were before they were written; empty where the folder holds none.

    Raises CaseError where one of them is missing or is not what a run writes.
    """
    if not (folder / "capacity.csv").is_file():
        return {}
    try:
        found = {name: _plain(pd.read_csv(folder / f"{name}.csv")) for name in NEEDED}
        found["dispatch"] = pd.read_parquet(folder / "dispatch.parquet")
    except (OSError, ValueError) as error:
        raise CaseError([f"{folder}: is not a whole output any more: {error}"]) from error
    for name, table in found.items():
        missing = [column for column in COLUMNS[name] if column not in table]
        if missing:
            raise CaseError([f"{folder / name}: has no column {missing[0]!r}; was it changed after the run?"])
    return found


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """Names without the apostrophe that keeps a spreadsheet from reading them as formulas."""
    for column in table.columns:
        if not pd.api.types.is_numeric_dtype(table[column]):
            table[column] = table[column].map(
                lambda cell: cell[1:] if isinstance(cell, str) and cell[:1] == "'" and cell[1:2] in FORMULA else cell
            )
    return table


def _case(out: Path, facts: Mapping[str, Any], park: Path | None) -> Case:
    said = facts["options"]
    folder = park or _found(Path(said["park"]), out, f"--park DIR: the park of {out}")
    costs = [_found(Path(c), out, f"{out}: its cost table") for c in said["costs"]]
    goal = GoalRequest(said["target"], said["by"], tuple((stage, year) for stage, year in said["milestones"]))
    case = read_case(folder, costs, goal)
    if case.digest != facts["case_sha256"]:
        raise CaseError([f"{folder}: has changed since {out} was made, or is another park; plan it again first"])
    return case


def _found(path: Path, out: Path, what: str) -> Path:
    """A path as the run was given it: from here, or from beside the output folder."""
    for place in (path, out.absolute().parent / path):
        if place.exists():
            return place
    raise CaseError([f"{what} is not at {path} any more; say where it is"])
