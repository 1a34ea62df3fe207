"""What of several runs cannot be compared, or only with care."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations

from planner.compare.run import ComparedRun
from planner.language.language import Language
from planner.language.words import told_days
from planner.report.proof import told_proof
from planner.report.summary import day_count

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
