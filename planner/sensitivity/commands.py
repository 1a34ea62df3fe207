"""The command that plans anew with each leading figure at its low and its high: parse, choose, print; no logic."""

from __future__ import annotations

from typing import Annotated

import typer

from planner.frontier.ask import Gap, Jobs, Out, ask
from planner.language.message import Message
from planner.profiles.options import Spoken


def sensitivity(
    out: Out,
    days: Annotated[int, typer.Option(help="Typical days of each plan: more take longer and tell more surely.")] = 2,
    gap: Gap = None,
    jobs: Jobs = 0,
    language: Spoken = None,
) -> None:
    """What could change a plan: each leading price, capital cost, the discount rate and demand at its low and high, planned anew.

    Says what is saved then, with the plan as it is and with one made anew, and which first orders would be others. What the gap of
    the plans covers is told as no difference.

    Writes sensitivity.csv into OUT and shows it on the page; each plan is saved in OUT-questions and not made twice.

    Example: plan what-if run1 --days 4
    """
    from planner.sensitivity.anew import sensitivity as answer

    faults = [] if 1 <= days <= 366 else [Message("--days {days}: is not within 1 to 366", days=days)]
    ask(out, gap, jobs, language, "sensitivity", answer, faults=faults, days=days)
