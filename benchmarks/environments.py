"""One park planned in several environments: on one core, with the kernels of another processor for BLAS, with its rows in another
order. A plan that somebody signs should not depend on these; `python -m benchmarks environments` shows what does.

Each run is the command of a user, in a process of its own, one after the other. Told are the cost and what is ordered: how many of
the orders (technology, year, amount to four digits) are not in the plan of the first environment, or only there.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

#: Tables whose order says something: of ports the first counts, of a tariff the first row that matches holds, measures save one
#: after the other.
ORDERED = ("ports.csv", "tariff.csv", "measures.csv", "savings.csv")


@dataclass(frozen=True)
class Environment:
    """Where a park is planned: variables of the environment, number of cores (0: all), whether rows are shuffled."""

    name: str
    variables: Mapping[str, str] = field(default_factory=dict)
    cores: int = 0
    is_shuffled: bool = False


ENVIRONMENTS = (
    Environment("as it is"),
    Environment("one core", cores=1),
    Environment("BLAS for Sandy Bridge", {"OPENBLAS_CORETYPE": "Sandybridge"}),
    Environment("BLAS for Prescott", {"OPENBLAS_CORETYPE": "Prescott"}),
    Environment("rows in another order", is_shuffled=True),
)


@dataclass(frozen=True)
class Planned:
    """What one environment gave: cost (money), and what is ordered."""

    cost: float
    orders: frozenset[tuple[str, int, str]]


def compare(park: Path, options: Sequence[str], environments: Sequence[Environment] = ENVIRONMENTS) -> str:
    """The table of all environments, as Markdown. Raises CalledProcessError where a run ends without a plan."""
    lines = ["| environment | cost, M | orders | of them or of the first's other |", "| --- | --- | --- | --- |"]
    first: Planned | None = None
    for environment in environments:
        planned = plan_in(environment, park, options)
        first = first or planned
        other = len(planned.orders ^ first.orders)
        lines.append(f"| {environment.name} | {planned.cost / 1e6:,.4f} | {len(planned.orders)} | {other} |")
        print(lines[-1], file=sys.stderr, flush=True)
    return "\n".join(lines)


def plan_in(environment: Environment, park: Path, options: Sequence[str]) -> Planned:
    """The plan of a park in one environment."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / park.name
        shutil.copytree(park, folder)
        if environment.is_shuffled:
            shuffle(folder, random.Random(1))
        cores = sorted(os.sched_getaffinity(0))[: environment.cores or None]
        command = [sys.executable, "-m", "planner", "--park", str(folder), "--out", f"{place}/out", "--quiet", *options]
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, cores)
        try:
            subprocess.run(command, check=True, env={**os.environ, **environment.variables}, stdout=subprocess.DEVNULL)
        finally:
            os.sched_setaffinity(0, before)
        return planned_of(Path(place) / "out")


def planned_of(out: Path) -> Planned:
    """Cost and orders of a finished run."""
    facts = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    table = pd.read_csv(out / "investments.csv")
    orders = table[["technology", "year", "build"]].itertuples(index=False)
    return Planned(facts["system_cost"], frozenset((k, int(year), f"{build:.4g}") for k, year, build in orders))


def shuffle(folder: Path, chance: random.Random) -> None:
    """Bring the rows of the tables of a park, and the columns of its profiles, into another order."""
    for path in sorted(folder.glob("*.csv")):
        if path.name in ORDERED:
            continue
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        if path.name == "profiles.csv":
            table = table[chance.sample(list(table.columns), len(table.columns))]
        else:
            table = table.iloc[chance.sample(range(len(table)), len(table))]
        table.to_csv(path, index=False, lineterminator="\n")
