"""What was told when the park was read; and that milestones of the park are no part of the plan, in words for its first page."""

from __future__ import annotations

from planner.language.language import Language
from planner.language.message import Message, from_json
from planner.language.words import STAGES, named
from planner.read.remarks import PUT_ASIDE
from planner.report.tree.told import WrittenTree


def warnings_of(tree: WrittenTree) -> list[str]:
    """The warnings of the run, as they can be told in another language."""
    return [from_json(text) for text in tree.summary.get("messages", tree.summary)["warnings"]]


def aside_of(text: str) -> str | None:
    """The milestones that a warning says are not used, `low-carbon = 2027`; None of any other warning."""
    words = text.values.get("words") if isinstance(text, Message) else None
    return str(words.values["milestones"]) if isinstance(words, Message) and words.template == PUT_ASIDE else None


def aside_words(tree: WrittenTree, language: Language) -> list[str]:
    """The park's own milestones, which do not bind this plan since the goal comes from the command line."""
    say, lines = language.translate, []
    for milestones in filter(None, map(aside_of, warnings_of(tree))):
        told = []
        for one in milestones.split(", "):
            stage, _, year = one.partition(" = ")
            told.append(say("{stage} by {year}", stage=named(language, STAGES, stage), year=year))
        lines.append(say("The milestones of the park are no part of this plan: {milestones}.", milestones=say(", ").join(told)))
    return lines
