"""What is said around a run: warnings, what a person would not expect, and where the output is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from planner.language.message import Message
from planner.process.terminal import stderr, tell

if TYPE_CHECKING:
    from models.case import Case
    from planner.language.language import Language
    from planner.planning.rerun import RunOrder


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
