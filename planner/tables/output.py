"""An output folder read back: summary, facts and tables, as a run wrote them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from models.errors import CaseError
from planner.language.message import Message, from_json
from planner.plan import PLANS, REFERENCE, TARGET
from planner.tables.facts import RunFacts, Summary, check_facts, check_format
from planner.tables.kinds import FACTS, SUMMARY, is_tree, leaf_folders
from planner.tables.reading import check_dispatch, empty_table, faults_of_years, read_table
from planner.tables.safe import Damaged, read_json
from planner.tables.schema import DISPATCH, OF_PLANS, OF_RUNS, TABLES
from planner.tables.telling import is_like_one
from planner.tables.written import changed_since

Tables = Mapping[str, pd.DataFrame]
#: Statuses with a plan.
PLANNED = ("optimal", "feasible")
#: Most folders of futures that a complaint names.
NAMED = 4


@dataclass(frozen=True)
class Output:
    """What a run wrote.

    summary, facts   summary.json and run.json
    plans            name -> tables, of the plans that have any, the target plan first
    alone            tables of the run, without a row where they were not written
    """

    folder: Path
    summary: Mapping[str, Any]
    facts: Mapping[str, Any]
    plans: Mapping[str, Tables]
    alone: Tables

    @property
    def assumptions(self) -> pd.DataFrame:
        """Figures from the catalogue."""
        return self.alone["assumptions"]

    @property
    def names(self) -> pd.DataFrame:
        """What things are called."""
        return self.alone["names"]

    @property
    def explain(self) -> pd.DataFrame:
        """Remedies of a goal that cannot be met."""
        return self.alone["explain"]

    @property
    def target(self) -> Tables:
        """Tables of the target plan; to be asked for only where there is one."""
        return self.plans[TARGET]

    @property
    def hourly(self) -> pd.DataFrame:
        """Typical days and all hours of the target plan; without a row where it was not operated in all hours."""
        return self.target["hourly"] if self.has_plan else empty_table(TABLES["hourly"])

    @property
    def size(self) -> str:
        """How large the model was."""
        return from_json(self._messages["matrix"]) if self._messages else str(self.facts.get("matrix", ""))

    @property
    def warnings(self) -> list[str]:
        """What was warned of, as messages where the run told of what they were made; and which tables were changed since."""
        return [*self._said("warnings"), *self.changed]

    @property
    def changed(self) -> list[str]:
        """A sentence for each file that is no longer what the run wrote."""
        return [Message("{file}: was changed after the run; what stands there now is told", file=name) for name in self._changed]

    @cached_property
    def _changed(self) -> list[str]:
        return changed_since(self.folder, self.facts["tables"])

    def check_unchanged(self) -> None:
        """Raise CaseError with a line for each file that is no longer what the run wrote: of what others sign."""
        if self._changed:
            raise CaseError(
                [
                    Message("{file}: was changed after the run; plan the park again first", file=self.folder / name)
                    for name in self._changed
                ]
            )

    @property
    def explanation(self) -> list[str]:
        """Why there is no plan, as messages where the run told of what they were made."""
        return self._said("explanation")

    def _said(self, key: str) -> list[str]:
        """Sentences of summary.json, with what run.json knows of how they were made."""
        known = {str(m): m for m in map(from_json, self._messages.get(key) or [])}
        return [known.get(str(text), str(text)) for text in self.summary.get(key) or []]

    @property
    def _messages(self) -> Mapping[str, Any]:
        return self.facts.get("messages") or {}

    @property
    def has_plan(self) -> bool:
        """True if there is a target plan."""
        return TARGET in self.plans

    @property
    def compared(self) -> Tables | None:
        """Tables of the plan that the target is compared with."""
        return self.plans.get(self.summary.get("compared_with") or REFERENCE)

    @property
    def years(self) -> list[int]:
        """Every year of the target plan."""
        return sorted(set(self.target["emissions"]["year"].tolist()))

    @property
    def currency(self) -> str:
        """The park's currency."""
        return str(self.summary["currency"])

    @property
    def future(self) -> str:
        """The future of several that it is the path of; empty where its park has one only."""
        return str(self.facts["options"].get("future", ""))

    @property
    def steps(self) -> list[tuple[str, int]]:
        """(stage, year) of the goal, in order of the years."""
        named = {**self.summary.get("milestones", {}), self.summary["target"]: self.summary["by"]}
        return sorted(named.items(), key=lambda step: step[1])


def read_output(folder: Path, needs_dispatch: bool = False) -> Output:
    """Read an output folder back. Raises CaseError with every file that is missing or not what a run writes.

    needs_dispatch  the hourly flows of the target plan must be there
    """
    if not is_like_one(folder):
        raise CaseError.because("{folder}: is no output of a run", folder=folder)
    if is_tree(folder):
        raise CaseError([_of_several(folder)])
    faults: list[CaseError] = []
    said: dict[str, dict[str, Any]] = {}
    for name, kind in ((FACTS, RunFacts), (SUMMARY, Summary)):
        try:
            said[name] = read_json(folder / name)
            if name == FACTS:
                check_format(folder / name, said[name])
            faults += check_facts(folder / name, said[name], kind)
        except Damaged as error:
            faults.append(error)
    if faults:
        raise _all(faults)
    summary = said[SUMMARY]
    plans = {}
    for name in PLANS:
        status = summary["status"] if name == TARGET else summary["plans"].get(name, {}).get("status")
        if status in PLANNED:
            plans[name] = _plan(folder if name == TARGET else folder / name, needs_dispatch and name == TARGET, faults)
    alone = {table.name: _table(folder, table.name, faults, may_be_absent=True) for table in OF_RUNS}
    if faults:
        raise _all(faults)
    output = Output(folder, summary, said[FACTS], plans, alone)
    _check_together(output)
    return output


def _of_several(folder: Path) -> Message:
    """That a plan for several futures was named where one path is needed, and which folders these are."""
    leaves = leaf_folders(folder)
    if not leaves:
        return Message("{folder}: is a plan for several futures that holds no plan; see its report.html", folder=folder)
    named = ", ".join(map(str, leaves[:NAMED]))
    if len(leaves) > NAMED:
        named = Message("{names} and {count} more", names=named, count=len(leaves) - NAMED)
    return Message(
        "{folder}: is a plan for several futures; name the folder of one of them ({names}), or for a question a run with "
        "--no-futures",
        folder=folder,
        names=named,
    )


def _plan(folder: Path, needs_dispatch: bool, faults: list[CaseError]) -> Tables:
    before = len(faults)
    tables = {t.name: _table(folder, t.name, faults) for t in OF_PLANS if t is not DISPATCH}
    if len(faults) > before:
        return tables
    faults += faults_of_years(tables, folder)
    if len(faults) == before and (needs_dispatch or os.path.lexists(folder / DISPATCH.file)):
        try:
            check_dispatch(folder / DISPATCH.file, sorted(set(tables["emissions"]["year"])))
        except Damaged as error:
            faults.append(error)
    return tables


def _table(folder: Path, name: str, faults: list[CaseError], may_be_absent: bool = False) -> pd.DataFrame:
    table = TABLES[name]
    path = folder / table.file
    if may_be_absent and not path.exists() and not path.is_symlink():
        return empty_table(table)
    try:
        return read_table(path, table)
    except Damaged as error:
        faults.append(error)
        return empty_table(table)


def _check_together(output: Output) -> None:
    """Raise Damaged where the summary tells of plans that are not there."""
    compared = output.summary["compared_with"]
    if output.has_plan and compared is not None and compared not in output.plans:
        raise Damaged(output.folder / SUMMARY, "compared_with: {compared} is no plan that is there", compared=repr(compared))
    numbers = {name: (output.summary if name == TARGET else output.summary["plans"][name]) for name in output.plans}
    for name, facts in numbers.items():
        if facts["system_cost"] is None:
            raise Damaged(
                output.folder / SUMMARY,
                "has no system_cost of the {name} plan, which is {status}",
                name=name,
                status=facts["status"],
            )
        if output.plans[name]["costs"].empty and len(output.plans[name]["system_cost"]):
            raise Damaged(_file(output.folder, name, "costs"), "has no rows")
    if output.has_plan and output.summary["base_emissions"] is None:
        raise Damaged(output.folder / SUMMARY, "has no base_emissions")


def _file(folder: Path, plan: str, table: str) -> Path:
    return (folder if plan == TARGET else folder / plan) / TABLES[table].file


def _all(faults: list[CaseError]) -> CaseError:
    return CaseError([line for fault in faults for line in fault.complaints])
