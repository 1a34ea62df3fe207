"""Repeating a run from its run.json: the same park, goal and options, and what may make the answer another one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from models.errors import CaseError
from planner.places import found_from, shortest, told_from
from planner.read import GoalRequest
from planner.read.catalogue import DEFAULT
from planner.read.folder import digest, hashes
from planner.run import Options

#: Two numbers are the same within this share of the larger one, or of the largest in their column.
SAME = 1e-6
#: Files that differ which are named.
NAMED = 5


@dataclass(frozen=True)
class Order:
    """What is to be planned: a park, cost tables laid over it, a goal, how, and where to write."""

    folder: Path
    costs: tuple[Path, ...]
    goal: GoalRequest
    options: Options
    out: Path

    def facts(self) -> dict[str, Any]:
        """What run.json says of it."""
        return {
            "park": told_from(self.folder, self.out), "costs": [told_from(c, self.out) for c in self.costs],
            "target": self.goal.target, "by": self.goal.by, "milestones": [list(m) for m in self.goal.milestones],
            **asdict(self.options),
        }  # fmt: skip


@dataclass(frozen=True)
class Earlier:
    """An earlier run: its run.json, what it says, and what it was to plan."""

    file: Path
    facts: Mapping[str, Any]
    order: Order

    def check(self) -> None:
        """Raise CaseError where the park, or the catalogue, is another one than then; the files that differ are named."""
        now, then = hashes(self.order.folder, self.order.costs, DEFAULT), self.facts["files"]
        other = [name for name in sorted({*then, *now}) if then.get(name) != now.get(name)]
        if not other and digest(now) == self.facts["case_sha256"]:
            return
        names = ", ".join(other[:NAMED]) + (f" and {len(other) - NAMED} more" if len(other) > NAMED else "")
        raise CaseError([
            f"{self.order.folder}: has changed since {self.file} was written ({names}); plan it anew instead of again"
        ])  # fmt: skip

    def other_versions(self, versions: Mapping[str, str]) -> list[str]:
        """A sentence for each package that is of another version now."""
        then = self.facts["versions"]
        return [
            f"{self.file}: was made with {name} {then[name]}, {versions[name]} is here; numbers may differ"
            for name in then if name in versions and then[name] != versions[name]
        ]  # fmt: skip


def read_run(file: Path, out: Path | None) -> Earlier:
    """Read a run.json. Raises CaseError where it is none, or where what it names is not there any more."""
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise CaseError([f"--rerun {file}: cannot be read ({error.strerror}); name the run.json of an output"]) from None
    except (ValueError, RecursionError):
        raise CaseError([f"--rerun {file}: is no JSON; name the run.json of an output"]) from None
    folder = file.absolute().parent
    try:
        said = facts["options"]
        goal = GoalRequest(said["target"], said["by"], tuple((str(s), int(y)) for s, y in said["milestones"]))
        options = _options(said)
        told, costs = str(said["park"]), [str(c) for c in said["costs"]]
        _ = facts["case_sha256"], dict(facts["files"]), dict(facts["versions"])
    except KeyError as error:
        raise CaseError([f"--rerun {file}: cannot be repeated; it does not say its {error}"]) from None
    except (TypeError, ValueError, AttributeError) as error:
        raise CaseError([f"--rerun {file}: is no run.json of ours ({error}); name the run.json of an output"]) from None
    order = Order(
        found_from(told, folder, "the park"),
        tuple(found_from(c, folder, "the cost table") for c in costs),
        goal, options, out or shortest(folder.with_name(f"{folder.name}-again")),
    )  # fmt: skip
    return Earlier(file, facts, order)


def _options(said: Mapping[str, Any]) -> Options:
    """The options that a run.json states. Raises KeyError or TypeError where it states something else."""
    kinds = {
        "days": int | None, "gap": float | int, "time_limit": float | int | None, "compare": bool, "method": str,
        "verify": bool,
    }  # fmt: skip
    for name, kind in kinds.items():
        if not isinstance(said[name], kind):
            raise TypeError(f"{name} is {said[name]!r}")
    return Options(**{name: said[name] for name in kinds})


def difference(old: Path, new: Path) -> str:
    """Whether two outputs have the same tables, in words; the first number that differs is named."""
    tables = sorted(p.relative_to(old) for p in old.rglob("*.csv"))
    if {p.relative_to(new) for p in new.rglob("*.csv")} != set(tables):
        return f"other tables than {old}"
    for name in tables:
        first, second = (pd.read_csv(folder / name) for folder in (old, new))
        if list(first.columns) != list(second.columns) or len(first) != len(second):
            return f"{name} has other rows or columns than in {old}"
        for column in first.columns:
            row = _first_difference(first[column], second[column])
            if row is not None:
                return f"{name} line {row + 2}: {column} is {second[column][row]}, in {old} it is {first[column][row]}"
    return f"the same as {old}: {len(tables)} tables, every number within {SAME:g}"


def _first_difference(first: pd.Series, second: pd.Series) -> int | None:
    """The first row in which two columns differ."""
    if pd.api.types.is_numeric_dtype(first) and pd.api.types.is_numeric_dtype(second):
        a, b = first.to_numpy(dtype=float), second.to_numpy(dtype=float)
        scale = np.nanmax(np.abs(np.concatenate([a, b])), initial=0.0)
        same = np.isclose(a, b, rtol=SAME, atol=1e-3 * SAME * scale, equal_nan=True)
    else:
        same = (first.astype(str) == second.astype(str)).to_numpy()
    return None if same.all() else int(np.flatnonzero(~same)[0])
