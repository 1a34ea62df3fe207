"""An output folder read back: summary, facts and tables, as a run wrote them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from models.errors import CaseError
from planner.plan import LEAST_COST, REFERENCE, TARGET
from planner.report.tables import COLUMNS
from planner.report.ways import WAY_COLUMNS

Tables = Mapping[str, pd.DataFrame]

#: Columns that hold numbers; all others are text, whatever a name looks like.
NUMBERS = frozenset({
    "year", "build", "capital_cost", "ordered", "retired", "capacity", "value", "cost", "day", "held", "budget", "limit",
    "tolerance", "typical_day", "typical_days", "hourly", "difference", "hour", "weight", "now", "needed", "system_cost",
    "extra_cost",
})  # fmt: skip
TRUTHS = frozenset({"holds", "together"})
#: Columns of hourly.csv: what the typical days said and what all hours come to.
HOURLY = ("year", "table", "item", "name", "typical_days", "hourly", "difference", "unit")
#: Columns of the tables that belong to the run and not to a plan.
RUN_TABLES = {
    "assumptions": ("table", "name", "parameter", "year", "value", "unit", "source", "grade", "note"),
    "explain": WAY_COLUMNS,
}


@dataclass(frozen=True)
class Output:
    """What a run wrote.

    summary, facts   summary.json and run.json
    plans            name -> tables, of the plans that have any; a table that an older run did not write is empty
    assumptions, explain, hourly   tables of the run; hourly is empty where the plan was not operated over all hours
    """

    folder: Path
    summary: Mapping[str, Any]
    facts: Mapping[str, Any]
    plans: Mapping[str, Tables]
    assumptions: pd.DataFrame
    explain: pd.DataFrame
    hourly: pd.DataFrame

    @property
    def target(self) -> Tables:
        """Tables of the target plan; to be asked for only where there is one."""
        return self.plans[TARGET]

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
        return sorted(set(self.target["emissions"]["year"]))

    @property
    def currency(self) -> str:
        """The park's currency."""
        return str(self.summary["currency"])

    @property
    def steps(self) -> list[tuple[str, int]]:
        """(stage, year) of the goal, in order of the years."""
        named = {**self.summary.get("milestones", {}), self.summary["target"]: self.summary["by"]}
        return sorted(named.items(), key=lambda step: step[1])


def read_output(folder: Path) -> Output:
    """Read an output folder back. Raises CaseError where a file is missing or is not what a run writes."""
    try:
        summary, facts = (json.loads((folder / name).read_text(encoding="utf-8")) for name in ("summary.json", "run.json"))
        plans = {TARGET: folder, LEAST_COST: folder / LEAST_COST, REFERENCE: folder / REFERENCE}
        return Output(
            folder, summary, facts,
            {name: _plan_tables(path) for name, path in plans.items() if (path / "emissions.csv").is_file()},
            _table(folder / "assumptions.csv", RUN_TABLES["assumptions"], frozenset()),
            _table(folder / "explain.csv", RUN_TABLES["explain"]),
            _table(folder / "hourly.csv", HOURLY),
        )  # fmt: skip
    except (OSError, ValueError, KeyError) as error:
        raise CaseError([f"{folder}: is no output of a run, or not whole ({error})"]) from error


def _plan_tables(folder: Path) -> Tables:
    return {name: _table(folder / f"{name}.csv", columns) for name, columns in COLUMNS.items() if name != "dispatch"}


def _table(path: Path, columns: tuple[str, ...], numbers: frozenset[str] = NUMBERS) -> pd.DataFrame:
    """A CSV file of ours. Text stays text, so that a technology may be called `NA` or `007`."""
    if not path.is_file():
        return pd.DataFrame({c: pd.Series(dtype=float if c in numbers else object) for c in columns})
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    for column in table.columns:
        if column in TRUTHS:
            table[column] = table[column] == "True"
        elif column in numbers:
            table[column] = pd.to_numeric(table[column])
        else:
            table[column] = table[column].map(_unquoted)
    return table


def _unquoted(cell: str) -> str:
    """Text without the quote that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in tuple("=+-@\t\r") else cell


def read_dispatch(folder: Path, year: int) -> pd.DataFrame:
    """Hourly flows of one year of a plan; empty where they were not kept."""
    path = folder / "dispatch.parquet"
    if not path.is_file():
        return pd.DataFrame(columns=list(COLUMNS["dispatch"]))
    return pd.read_parquet(path, filters=[("year", "==", year)])
