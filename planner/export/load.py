"""A finished run read back for other tools, its programme as an MPS file, and its financial statements."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from io import BytesIO
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from models.case import Case
from models.errors import CaseError
from models.inputs import Inputs, TypicalDays, resolve
from models.park import build_park
from planner.answer.finance_workbook import NAME, write_finance
from planner.examples import found_from
from planner.finance.statements import statements
from planner.futures.master import Key, key_of
from planner.futures.paths import path_case
from planner.futures.tree import Tree
from planner.language.language import Language
from planner.language.message import Message
from planner.language.words import STATUSES, word
from planner.park import GoalRequest, read_case
from planner.park.folder import told_changes
from planner.plan import TARGET, Plan, Run
from planner.solve import Matrix, compile_model, modelling, write_model
from planner.tables.facts import Repeatable, check_facts, read_dispatch
from planner.tables.output import Output, Tables, read_output
from planner.tables.place import FACTS, check_target, refuse_kept, write_file

# --- load ------------------------------------------------------------------------------------------------------------------
# A finished run, read back from its output folder, and the park that it was planned for.


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


# --- mps -------------------------------------------------------------------------------------------------------------------
# The programme of a plan as an MPS file, for other solvers: the whole of it on the days that were planned on.
#
# Of a plan for several futures a file each. What is decided, and operated, before it is known which future has come bears one name
# in all of them: who minimises the costs weighed with the probabilities, columns of one name being one column, solves the
# tree.
#
# The constant of the objective stands on the right-hand side of the cost row with its sign turned, as solvers read it.

#: Name of the root in the names of columns.
NOW = "now"


def is_mps(path: Path) -> bool:
    """True for a programme that was exported here: told by its first two lines."""
    try:
        with path.open(encoding="utf-8") as file:
            first, second = file.readline(10_000), file.readline(100)
            return first.startswith("* ") and ", probability " in first and second.startswith("NAME")
    except (OSError, ValueError):
        return False


def write_mps(run: Loaded, path: Path, probability: float = 1.0) -> Matrix:
    """Write the programme of a run, of a future or of the park itself. Raises CaseError where a file stands there that is none of
    ours."""
    check_target(path, f"--to {path}", is_mps)
    with modelling():
        matrix = compile_model(build_park(planned_inputs(run)))
        names = _names(run, matrix)
        rows = _unique([f"{row.parent_block().name or 'park'}.{row.local_name}" for row in matrix.rows])
    what, money = run.output.future or "the park", run.case.park.currency
    with TemporaryDirectory() as folder, path.open("w", encoding="utf-8", newline="\n") as file:
        made = Path(folder, "programme.mps")
        write_model(matrix, made, names, rows)
        file.write(f"* {run.case.park.name}: {what}, probability {probability:.12g}, money {money}\n")
        with made.open(encoding="utf-8") as lines:
            copyfileobj(lines, file)
    return matrix


def _names(run: Loaded, matrix: Matrix) -> list[str]:
    """Names of the columns: node or future, family, and of what."""
    if run.tree is None:
        return _unique([f"{v.parent_block().name or 'park'}.{v.local_name}" for v in matrix.columns])
    return _unique([_name(key_of(run.tree, run.output.future, variable)) for variable in matrix.columns])


def _name(key: Key) -> str:
    """now.build[pv,2026]; of what is operated with its year: now.import@2026[grid,7]."""
    kind, owner, *rest = key
    undated = rest.pop(0) if kind not in ("decision", "leaf") else ()
    family, path, index = rest
    parts = (*(str(part) for part in undated if part), str(family))  # type: ignore[attr-defined]
    where = "" if path is None else f"@{_listed(path)}"
    return ".".join([str(owner) or NOW, *parts]) + where + f"[{_listed(index)}]"


def _listed(index: Hashable) -> str:
    return ",".join(map(str, index)) if isinstance(index, tuple) else str(index)


def _unique(names: Sequence[str]) -> list[str]:
    """The names without blanks, each once."""
    found: dict[str, int] = {}
    out = []
    for name in names:
        own = re.sub(r"[\s'\"$*]+", "_", name)
        found[own] = found.get(own, 0) + 1
        out.append(own if found[own] == 1 else f"{own}~{found[own]}")
    return out


# --- finance ---------------------------------------------------------------------------------------------------------------
# finance.xlsx of an output, from its tables and the park that was planned.


def make_finance(output: Output, language: Language) -> Path:
    """Write finance.xlsx. Raises CaseError where the park asks for no statements, is gone or has changed since."""
    path = output.folder / NAME
    loaded = load_run(output.folder, needs_dispatch=False)
    said = output.summary["plans"]
    plans = {
        name: Plan(name, said[name]["status"], tables=tables, verified=bool(said[name].get("verified")))
        for name, tables in output.plans.items()
    }
    if output.days is not None:
        plans[TARGET] = replace(plans[TARGET], days=Plan(TARGET, plans[TARGET].status, tables=output.days))
    run = Run(plans, float(output.summary["base_emissions"]), output.currency, 0)
    if (found := statements(run, loaded.case)) is None:
        raise CaseError.because("--finance: the park.toml of {folder} has no table [finance]", folder=output.folder)
    made = BytesIO()
    write_finance(found, made, language)
    write_file(path, str(path), made.getvalue(), lambda _: True)
    return path
