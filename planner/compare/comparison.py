"""A comparison: the runs, their numbers side by side as tables, and what of it cannot be compared.

Every table has one row a number and one column a run, beside the columns that say which number it is. A run that has no
such number has an empty cell. The console, the CSV files and the page are all made from these tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from models.errors import CaseError
from planner.compare.figures import FIGURES, facts
from planner.compare.notes import notes
from planner.compare.run import ComparedRun
from planner.language.language import ENGLISH, Language
from planner.language.message import Message
from planner.output.kinds import SUMMARY, facts_of
from planner.output.output import PLANNED, Output, read_output
from planner.output.telling import is_like_one
from planner.report.titles import titled, titles_of

#: Numbers of a name and what stands between them.
NUMBER = re.compile(r"\d+(?:\.\d+)?|[^\d]+")


@dataclass(frozen=True)
class Comparison:
    """Two or more runs, in the order in which they were named."""

    runs: tuple[ComparedRun, ...]

    def called(self, language: Language) -> Comparison:
        """The same with what things are called by people for their names."""
        runs = (ComparedRun(run.label, titled(run.output, titles_of(run.output, language))) for run in self.runs)
        return Comparison(tuple(runs))

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """`runs` and the tables of FIGURES: key columns, then a column a run under its label."""
        money = self.runs[0].money if self.has_one_money else "money"
        found = {"runs": _side_by_side({run.label: facts(run) for run in self.runs}, ("item", "unit"))}
        for name, (keys, figures) in FIGURES.items():
            found[name] = _side_by_side({run.label: figures(run, money) for run in self.runs if run.output.has_plan}, keys)
        labels = [run.label for run in self.runs]
        return {name: table.reindex(columns=[*(c for c in table if c not in labels), *labels]) for name, table in found.items()}

    @property
    def has_one_money(self) -> bool:
        """True if all runs are in one currency of one price year."""
        return len({run.money for run in self.runs}) == 1

    @property
    def has_one_horizon(self) -> bool:
        """True if all runs that have a plan are of the same years."""
        return len({tuple(run.output.years) for run in self.runs if run.output.has_plan}) <= 1

    def notes(self, language: Language = ENGLISH) -> list[str]:
        """What cannot be compared, or only with care; a sentence each."""
        return notes(self.runs, language)


def compare_outputs(outs: Sequence[Path]) -> Comparison:
    """Read the output folders of two or more runs; a folder of runs, as a frontier is, stands for those in it that have a plan.

    Raises CaseError where there is one only, or one is no output.
    """
    outputs: list[Output] = []
    faults: list[str] = []
    outs = [run for out in outs for run in (runs_in(out) or [out])]
    if len(outs) < 2:
        faults.append(Message("compare: needs two output folders or more; `plan compare run1 run2`"))
    for out in outs:
        try:
            outputs.append(read_output(out))
        except CaseError as error:
            faults += error.complaints
    if faults:
        raise CaseError(faults)
    return Comparison(tuple(map(ComparedRun, labels(outs), outputs)))


def runs_in(folder: Path) -> list[Path]:
    """The runs with a plan within a folder that is none itself, by their names, numbers in them by size."""
    if is_like_one(folder) or not folder.is_dir():
        return []
    runs = [run for run in folder.iterdir() if is_like_one(run) and facts_of(run / SUMMARY).get("status") in PLANNED]

    def order(run: Path) -> list[tuple[bool, float, str]]:
        parts = NUMBER.findall(run.name)
        return [(not part[0].isdigit(), float(part) if part[0].isdigit() else 0.0, part) for part in parts]

    return sorted(runs, key=order)


def labels(outs: Sequence[Path]) -> list[str]:
    """A name for each run: that of its folder; where two share it, with as many folders above it as tell them apart."""
    whole = [out.absolute().parts for out in outs]
    found = []
    for i, parts in enumerate(whole):
        others = [other for other in whole if other != parts]
        depth = next(d for d in range(1, len(parts) + 1) if all(o[-d:] != parts[-d:] for o in others))
        again = whole[:i].count(parts)
        found.append("/".join(parts[-depth:]).lstrip("/") + (f" ({again + 1})" if again else ""))
    return found


def _side_by_side(frames: Mapping[str, pd.DataFrame], keys: Sequence[str]) -> pd.DataFrame:
    """Frames of `keys` and `value` joined on the keys; by year where there is one, else as they first appear."""
    series = {label: frame.set_index(list(keys))["value"] for label, frame in frames.items()}
    order = pd.MultiIndex.from_tuples(dict.fromkeys(key for s in series.values() for key in s.index), names=list(keys))
    table = pd.DataFrame({label: s.reindex(order) for label, s in series.items()}, index=order).reset_index()
    if "year" in keys:
        table = table.sort_values("year", kind="stable", ignore_index=True).astype({"year": int})
    return table
