"""The options of `plan`, as they were given, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import CaseError
from planner.language.message import Message
from planner.process.later import later
from planner.process.options import days_faults, gap_faults

if TYPE_CHECKING:
    from planner.language.language import Language, choose_language
    from planner.planning.run import Options
    from planner.read import GoalRequest
    from planner.solve import unusable
else:  # the same, once they are called
    GoalRequest = later("planner.read", "GoalRequest")
    Language, choose_language = (later("planner.language.language", name) for name in ("Language", "choose_language"))
    unusable = later("planner.solve", "unusable")

#: Least time limit: the start of the program counts too.
LEAST_LIMIT = 5
#: Most: a year. Timers of the system end somewhere.
MOST_LIMIT = 31_536_000


@dataclass(frozen=True)
class PlanAsked:
    """The options of `plan` as they were given, under the names of its parameters."""

    target: str | None
    by: int | None
    milestone: Sequence[str]
    park: Path | None
    costs: Sequence[Path]
    days: int | None
    verify: bool
    prove: float | None
    yardstick: bool
    hourly: bool
    gap: float
    time_limit: float | None
    method: str
    scheduler: str
    scheduler_files: tuple[Path | None, Path | None, Path | None]
    out: Path | None
    language: str | None
    as_json: bool
    quiet: bool
    details: bool
    quick: bool
    rerun: Path | None
    keep: Path | None
    from_year: int | None
    built: Path | None
    progress: Path | None = None
    futures: Path | None = None
    no_futures: bool = False
    objective: str | None = None
    foresight: int | None = None
    step: int | None = None


def option_faults(days: int | None, hourly: bool, gap: float, time_limit: float | None, method: str) -> list[str]:
    """What is wrong with options that a run may repeat, a sentence each."""
    faults: list[str] = []
    if days is not None and hourly:
        faults.append(Message("--days, --hourly: contradict each other; give one"))
    faults += days_faults(days)
    if method not in ("auto", "whole", "decomposed"):
        faults.append(Message("--method {method}: is none of auto, whole, decomposed", method=method))
    faults += gap_faults(gap)
    if time_limit is not None and not time_limit >= LEAST_LIMIT:
        faults.append(
            Message(
                "--time-limit {time_limit}: is not at least {least} seconds; starting takes up to three of them",
                time_limit=f"{time_limit:g}",
                least=LEAST_LIMIT,
            )
        )
    if time_limit is not None and time_limit > MOST_LIMIT:
        faults.append(
            Message(
                "--time-limit {time_limit}: is above a year of seconds; leave it out for a run without limit",
                time_limit=f"{time_limit:g}",
            )
        )
    return faults


def scheduler_faults(options: Options) -> list[str]:
    """Why the workers of a Dask scheduler cannot be used."""
    if options.method == "whole":
        return [Message("--scheduler, --method whole: contradict each other; a cluster solves the years of the decomposed method")]
    return [fault] if (fault := unusable(options.scheduler, options.tls)) else []


def spoken(code: str | None) -> tuple[Language, list[str]]:
    """The language asked for, and what is wrong with it."""
    try:
        return choose_language(code), []
    except CaseError as error:
        return Language(), list(error.complaints)


def goal_of(target: str | None, by: int | None, milestones: Sequence[str]) -> tuple[GoalRequest, list[str]]:
    """The goal asked for, and what is wrong with its milestones."""
    steps: list[tuple[str, int]] = []
    faults: list[str] = []
    for text in milestones:
        stage, _, year = text.partition("=")
        if not re.fullmatch("[0-9]{4}", year.strip()):
            faults.append(Message("--milestone {text}: is not STAGE=YEAR, e.g. low-carbon=2027", text=text))
        else:
            steps.append((stage.strip(), int(year)))
    return GoalRequest(target, by, tuple(steps)), faults
