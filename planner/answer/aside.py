"""Milestones of the park that are no part of a plan, in words for its page: its goal is the command line's."""

from __future__ import annotations

from collections.abc import Iterable

from planner.language.language import Language, mark
from planner.language.message import Message
from planner.language.words import STAGES, named
from planner.park.remarks import PUT_ASIDE


def aside_of(text: str) -> str | None:
    """The milestones that a warning says are not used, `low-carbon = 2027`; None of any other warning."""
    words = text.values.get("words") if isinstance(text, Message) else None
    return str(words.values["milestones"]) if isinstance(words, Message) and words.template == PUT_ASIDE else None


def aside_words(warnings: Iterable[str], language: Language) -> list[str]:
    """The park's own milestones, which do not bind this plan since the goal comes from the command line."""
    say, lines = language.translate, []
    for milestones in filter(None, map(aside_of, warnings)):
        told = []
        for one in milestones.split(", "):
            stage, _, year = one.partition(" = ")
            told.append(say("{stage} by {year}", stage=named(language, STAGES, stage), year=year))
        words = mark(
            "The milestones that the park states are not required of this plan, and whether it meets them was not looked at: "
            "{milestones}."
        )
        lines.append(say(words, milestones=say(", ").join(told)))
    return lines
