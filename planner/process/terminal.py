"""Where a command speaks: results to stdout, the rest to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console

from models.errors import CaseError
from planner.language.message import Message
from planner.language.words import COLUMNS, plain

if TYPE_CHECKING:
    from planner.language.language import Language

stderr = Console(stderr=True, highlight=False)
stdout = Console(highlight=False, soft_wrap=False)
if not stdout.is_terminal and "COLUMNS" not in os.environ:
    stdout.width = COLUMNS  # a file has no width of its own


def tell(text: str, console: Console = stderr) -> None:
    """Print a text as one line, a Message in the language of the command line."""
    console.print(plain(asked_language().tell(text)), soft_wrap=True)


def warn_of_changed(changed: Sequence[str]) -> None:
    """Warn of files of a run that are no longer what it wrote."""
    for line in changed:
        tell(Message("warning: {warning}", warning=line))


def asked_language() -> Language:
    """The language of the command line, or of the environment; English where that is none of ours."""
    from planner.language.language import ENGLISH, choose_language

    try:
        return choose_language(given_language(sys.argv[1:]))
    except CaseError:
        return ENGLISH


def given_language(words: Sequence[str]) -> str | None:
    """The language that the words of a command line ask for, whatever else is wrong with them; None where they ask for none."""
    found = None
    for word, after in zip(words, [*words[1:], ""], strict=True):
        name, sign, value = word.partition("=")
        if name == "--language":
            found = value if sign else after
    return found
