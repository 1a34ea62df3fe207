"""What is said around a run: warnings, what a person would not expect, where the output is, and the result."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from planner.language.message import Message
from planner.language.words import STAGES, STATUSES, word
from planner.process.terminal import later, stderr, stdout, tell

if TYPE_CHECKING:
    from models.case import Case
    from planner.answer.console import print_run
    from planner.answer.proof import told_proof
    from planner.answer.summary import chain_facts, plan_facts, summary
    from planner.command.options import PlanAsked
    from planner.language.language import Language
    from planner.plan import Run
    from planner.planning.rerun import RunOrder
else:  # the same, once they are called
    print_run = later("planner.answer.console", "print_run")
    told_proof = later("planner.answer.proof", "told_proof")
    chain_facts, plan_facts, summary = (later("planner.answer.summary", name) for name in ("chain_facts", "plan_facts", "summary"))


def say_elsewhere(out: Path, place: Path | None) -> None:
    """The output does not stand where it was to."""
    if place is None:
        tell(Message("{out}: keeps the older output; nothing was written of what was tried", out=out))
    elif place.name.endswith(".failed"):
        tell(Message("{out}: keeps the older output; what was tried is in {place}", out=out, place=place))
    else:
        tell(Message("{out}: somebody else's files are there by now; the output is in {place}", out=out, place=place))


def warn(warnings: Sequence[str], language: Language) -> None:
    """Print warnings."""
    for warning in warnings:
        tell(language.translate("warning: {warning}", warning=language.tell(warning)))


def say_before(case: Case, order: RunOrder, warnings: Sequence[str], language: Language) -> None:
    """Warnings, and what a person would not expect."""
    warn((*case.warnings, *warnings), language)
    if order.goal.target is not None and (order.folder / "goal.toml").is_file():
        text = language.translate("the goal is the command line's; goal.toml is not used")
        stderr.print(text, soft_wrap=True)


def say_result(asked: PlanAsked, run: Run, case: Case, out: Path | None, language: Language, compared: str) -> None:
    """Print the result: as JSON, in one line, or all of it.

    out       where the tables are; None: nowhere, then it is told in full
    compared  whether the numbers are those of the run that is repeated; in the one line it stands, too
    """
    if compared and (asked.as_json or not asked.quiet):
        tell(Message("{place}: {words}", place=out, words=compared))
    if asked.as_json:
        as_ascii = not stdout.encoding.startswith("utf")  # JSON can say every character in ASCII
        typer.echo(json.dumps(summary(run, case), indent=1, ensure_ascii=as_ascii))
    elif asked.quiet and out is not None:
        assert case.goal is not None
        goal, plan = case.goal, run.target
        status = word(STATUSES, plan.status)
        if plan.system_cost is not None:
            facts = plan_facts(plan) | chain_facts(run)
            status = Message("{status}, {proof}", status=status, proof=told_proof(language, facts, run.currency))
        stage, year = word(STAGES, goal.target), goal.by
        where = Message("{place}: {words}", place=out, words=compared) if compared else out
        tell(Message("{stage} by {year}: {status}; {out}", stage=stage, year=year, status=status, out=where), stdout)
        for line in run.explanation:
            tell(language.tell(line), stdout)
    else:
        print_run(run, case, stdout, out, language, asked.details)
