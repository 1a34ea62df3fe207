"""The command of near-optimal plans: parse, choose, print; no logic. What computes is imported when it runs."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Annotated

import typer

from models.errors import CaseError
from planner.frontier.ask import resumable, tell_done
from planner.language.message import Message
from planner.language.words import COLUMNS
from planner.process.terminal import gap_faults, stdout, warn_of_changed
from planner.profiles.options import Spoken
from planner.tables.place import told_from

_SHARE = re.compile(r"\s*(\d+(?:\.\d*)?(?:[eE]-?\d+)?)\s*(%?)\s*")


def alternatives(
    out: Annotated[Path, typer.Argument(help="Output folder of a run.")],
    within: Annotated[str, typer.Option(help="How much more than the least a plan may cost: 2% or 0.02.")] = "2%",
    groups: Annotated[Path | None, typer.Option(help="Table `group,name` of what is counted together; left out: by kind.")] = None,
    plans: Annotated[int, typer.Option(help="Plans that are sought to be unlike those before, beside the extremes.")] = 4,
    gap: Annotated[float | None, typer.Option(help="Relative gap of the least cost; left out: that of the run.")] = None,
    language: Spoken = None,
) -> None:
    """What may differ among all plans that cost little more than the least: least and most of each group, what is sure and out.

    Writes alternatives.csv, alternative_plans.csv and alternative_parts.csv into OUT and shows them on the page; each plan is saved
    in OUT-alternatives and not made twice.

    Example: plan alternatives run1 --within 2%
    """
    from planner.alternatives.groups import groups_by_kind, read_groups
    from planner.alternatives.search import AlternativesSearch
    from planner.alternatives.verdicts import group_table, part_table, plan_table
    from planner.answer.page.alternatives import console_table
    from planner.answer.page.page import language_of, write_page
    from planner.frontier.question import RunQuestion
    from planner.language.language import choose_language
    from planner.tables.place import write_file

    spoken, share = choose_language(language), _share(within, plans, gap)

    with told_from(out):
        question = RunQuestion(out, gap, 1, tell_done)
    warn_of_changed(question.output.changed)
    own = groups_by_kind(question.case) if groups is None else read_groups(groups, question.case)
    search = AlternativesSearch(question, own, share, plans)
    with resumable(search.folder):
        found = search.found()
    tables = {
        "alternatives": group_table(found, own),
        "alternative_plans": plan_table(found, question.case.park.currency),
        "alternative_parts": part_table(found, own, search.members),
    }
    for name, table in tables.items():
        text = table.to_csv(index=False, float_format="%.12g", lineterminator="\n")
        write_file(out / f"{name}.csv", str(out / f"{name}.csv"), text, lambda _: True)
    with told_from(out):
        write_page(out, choose_language(language or language_of(out)))  # as it is, unless another language is asked for
    stdout.print(console_table(tables["alternatives"], spoken), width=min(stdout.width, COLUMNS))


def _share(within: str, plans: int, gap: float | None) -> float:
    """`--within` as a share of 1. Raises CaseError with all that is wrong with the options."""
    said = _SHARE.fullmatch(within)
    share = math.nan if said is None else float(said[1]) * (0.01 if said[2] else 1.0)
    faults: list[str] = (
        [] if 0 < share <= 1 else [Message("--within {within}: is no share above 0 and up to 1; write 2% or 0.02", within=within)]
    )
    faults += [] if plans >= 0 else [Message("--plans {plans}: is below 0", plans=plans)]
    faults += gap_faults(gap)
    if faults:
        raise CaseError(faults)
    return share
