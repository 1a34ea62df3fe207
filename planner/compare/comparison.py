"""A comparison: the runs, their numbers side by side as tables, and what of it cannot be compared, or only with care.

Every table has one row a number and one column a run, beside the columns that say which number it is. A run that has no
such number has an empty cell. The console, the CSV files and the page are all made from these tables.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import combinations
from pathlib import Path

import pandas as pd

from models.errors import CaseError
from planner.answer.caveats import told_proof
from planner.answer.purchase import titled, titles_of
from planner.answer.summary import day_count
from planner.compare.run import FIGURES, ComparedRun, facts
from planner.language.language import ENGLISH, NONE, Language
from planner.language.message import Message
from planner.language.words import told_days
from planner.plan import PLANS, TARGET
from planner.tables.output import PLANNED, Output, read_output
from planner.tables.place import LEAVES, SUMMARY, facts_of, is_like_one, is_tree

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
    """Read the output folders of two or more runs; a folder of runs, as a frontier or a plan for several futures is, stands for
    those in it that have a plan. `RUN/least-cost` is that plan of a run.

    Raises CaseError where there is one only, or one is no output.
    """
    outputs: list[Output] = []
    faults: list[str] = []
    outs = [run for out in outs for run in (runs_in(out) or [out])]
    faults += [
        Message("{folder}: is no output of a run", folder=out) for out in outs if not (is_like_one(out) or is_plan_within(out))
    ]
    if len(outs) < 2:
        faults.append(Message("compare: needs two output folders or more; `plan compare run1 run2`"))
    for out in [] if faults else outs:
        try:
            outputs.append(_of_plan(read_output(out.parent), out) if is_plan_within(out) else read_output(out))
        except CaseError as error:
            faults += error.complaints
    if faults:
        raise CaseError(faults)
    return Comparison(tuple(map(ComparedRun, labels(outs), outputs)))


def is_plan_within(folder: Path) -> bool:
    """True of the folder of a plan that a run compares its own with."""
    return folder.name in PLANS and not is_like_one(folder) and folder.is_dir() and is_like_one(folder.parent)


def _of_plan(output: Output, folder: Path) -> Output:
    """The run as if this plan of it were its target; it has no cost of a goal. Raises CaseError where there is no such plan."""
    name = folder.name
    if name not in output.plans:
        raise CaseError.because("{folder}: is no output of a run", folder=folder)
    facts = output.summary["plans"][name]
    summary = {**output.summary, **facts, "plans": {TARGET: facts}, "compared_with": None, "goal_cost": None}
    return replace(output, summary=summary, plans={TARGET: output.plans[name]})


def runs_in(folder: Path) -> list[Path]:
    """The runs with a plan within a folder that is none itself, by their names, numbers in them by size; the futures of a plan for
    several."""
    folder = folder / LEAVES if is_tree(folder) else folder
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


#: Base emissions that differ by less than this share are the same.
SAME = 1e-6


def notes(runs: Sequence[ComparedRun], language: Language) -> list[str]:
    """A sentence for each thing that sets the runs apart."""
    say = language.translate
    planned = [run for run in runs if run.output.has_plan]
    days, hours = partial(_days, language=language), partial(_hours, language=language)
    found = []
    for run in runs:
        if not run.output.has_plan:
            found.append(say("{run} has no plan: nothing of it can be compared", run=run.label))
        found += [say("{run}: {told}", run=run.label, told=language.tell(words)) for words in run.output.changed]
    for message, told, among in (
        (say("The parks are different: sizes and emissions are not of the same thing"), _park, runs),
        (say("The futures are different: differences may come from prices, demand or weather"), _future, runs),
        (say("Money is not the same: costs cannot be compared"), lambda r: r.told_money(language), runs),
        (say("The horizons are different: sums over all years cannot be compared, single years can"), lambda r: r.horizon, planned),
        (say("The discount rates are different: system costs cannot be compared"), _rate, planned),
        (say("The standards are different: a stage of the same name has other rules"), _standard, runs),
        (say("The days that were planned on are different: differences of some per cent may come from them"), days, planned),
        (say("Costs and emissions are told from other hours: every hour is often dearer than typical days"), hours, planned),
    ):
        found += _apart(message, told, among, language)
    found += _bases(runs, language)
    found += _unproven(planned, language)
    return found


def _apart(message: str, told: Callable[[ComparedRun], str], runs: Sequence[ComparedRun], language: Language) -> Iterator[str]:
    """The message with what each run says, where they do not all say the same."""
    said = {run.label: told(run) for run in runs}
    if len({text for text in said.values() if text}) > 1:
        yield _with(message, [f"{label}: {text}" for label, text in said.items()], language)


def _with(message: str, told: Sequence[str], language: Language) -> str:
    return language.translate("{message} ({runs})", message=message, runs="; ".join(told))


def _park(run: ComparedRun) -> str:
    return str(run.output.summary["park"])


def _future(run: ComparedRun) -> str:
    return run.output.future or NONE


def _standard(run: ComparedRun) -> str:
    return str(run.output.summary["standard"])


def _rate(run: ComparedRun) -> str:
    return "" if run.discount_rate is None else f"{run.discount_rate:.4g}"


def _days(run: ComparedRun, language: Language) -> str:
    return told_days(language, day_count(run.output.summary))


def _hours(run: ComparedRun, language: Language) -> str:
    return language.translate("every hour") if run.is_of_all_hours else language.translate("typical days")


def _bases(runs: Sequence[ComparedRun], language: Language) -> Iterator[str]:
    base = [float(run.output.summary["base_emissions"]) for run in runs]
    if max(base) - min(base) > SAME * max(base):
        said = [f"{run.label}: {language.number(b)} t" for run, b in zip(runs, base, strict=True)]
        yield _with(language.translate("Base emissions are different: ratios of the same value are other amounts"), said, language)


def _unproven(runs: Sequence[ComparedRun], language: Language) -> Iterator[str]:
    """Pairs whose costs differ by less than what is unproven of the two, and runs whose distance from the least is not known."""
    for run in runs:
        if run.output.summary["gap"] is None:
            told = told_proof(language, run.output.summary, run.output.currency)
            yield language.translate("{run}: {told}", run=run.label, told=told)
    for a, b in combinations(runs, 2):
        if a.cost is None or b.cost is None or a.money != b.money or a.horizon != b.horizon:
            continue
        open_ = sum(map(_open, (a, b)))
        if 0 < abs(a.cost - b.cost) <= open_:
            yield language.translate(
                "{first} and {second} differ in cost by less than what is not proven of them: which is cheaper is not known",
                first=a.label,
                second=b.label,
            )


def _open(run: ComparedRun) -> float:
    """How far the cost of a run may be above the least in all hours (money), infinite where no bound is known."""
    gap, cost = run.output.summary["gap"], run.cost
    return math.inf if gap is None or cost is None else gap * abs(cost)
