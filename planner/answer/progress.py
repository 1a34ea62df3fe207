"""What the run is doing: on a terminal one line that changes and goes away at the end, in a log one plain line for each phase."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column

from planner.answer.rule_words import Share, parts_of
from planner.clock import Progress as Tell
from planner.language.language import ENGLISH, Language
from planner.language.message import Message, as_json
from planner.language.words import BESIDE, FIRST, PLANS, Sign, plain
from planner.tables.place import put

#: The step of a warning, each of which is told.
WARNING = "warning"
#: Seconds between signs of one step in a file.
EVERY = 0.5


@contextmanager
def show_progress(
    console: Console,
    quiet: bool = False,
    language: Language = ENGLISH,
    parts: Mapping[str, float] | None = None,
    file: Path | None = None,
) -> Iterator[Tell]:
    """Give what a run tells its progress to; nothing is shown if quiet.

    parts  step -> its part of the run, in the order of the steps; left out: those of a run that operates every hour
    file   where the last sign stands for another program, too
    """
    parts = parts_of(True) if parts is None else parts
    share = Share(parts)
    if file is not None:
        with show_progress(console, quiet, language, parts) as shown:
            yield _Filed(shown, Share(parts), file)
    elif quiet:
        yield lambda *_: None
    elif console.is_terminal:
        told = TextColumn("{task.description}", table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1))
        display = Progress(SpinnerColumn(), TimeElapsedColumn(), told, console=console, transient=True, expand=True)
        with display:
            yield _Line(display, share, language)
    else:
        yield _Lines(console, share, language)


class _Lines:
    """A line for each step, and within the search of a plan for each of its phases; how far the run is stands at the end."""

    def __init__(self, console: Console, share: Share, language: Language) -> None:
        self.console, self.share, self.language = console, share, language
        #: The last step, and phases of it so far: of the target plan (False), and of the plans to compare with (True).
        self.last: dict[bool, tuple[str, set[str]]] = {}

    def __call__(self, step: str, detail: str) -> None:
        """A sign of the run."""
        self.share.take(step, detail)
        before, told = self.last.get(step in BESIDE, ("", set()))
        part = _part(detail)
        if step == before and part in told and step != WARNING:
            return
        self.last[step in BESIDE] = step, ({part} if step != before else told | {part})
        line = f"{_told(step, self.language)} {_told(detail, self.language)}".strip()
        if isinstance(detail, Sign):
            line += " · " + self.share.told(self.language)
        self.console.print(plain(line), soft_wrap=True)


def _part(detail: str) -> str:
    """What a line is told once of within a step: the phase of a trial, the form of another sentence, a plain text as it is."""
    message = detail.text if isinstance(detail, Sign) else detail
    inner = message.values.get("text") if isinstance(message, Message) else None
    for own in (inner, message):
        if isinstance(own, Message):
            return str(own.values.get("phase", own.template))
    return str(message)


class _Line:
    """One line that changes: how far the run is, its step, and the last that was said of it. A first plan stays above it."""

    def __init__(self, display: Progress, share: Share, language: Language) -> None:
        self.display, self.share, self.language = display, share, language
        self.task = display.add_task("", total=None)

    def __call__(self, step: str, detail: str) -> None:
        """A sign of the run."""
        self.share.take(step, detail)
        line = plain(f"{_told(step, self.language)} {_told(detail, self.language)}".strip())
        if step == FIRST:
            self.display.console.print(line, highlight=False, soft_wrap=True)
            return
        self.display.update(self.task, description=f"{plain(self.share.told(self.language))} · {line}")


class _Filed:
    """Signs that are told on, and the last of them in a file: step, what is said of it, the share of the run that is done, the
    seconds that the rest may take, and the gap."""

    def __init__(self, tell: Tell, share: Share, file: Path) -> None:
        self.tell, self.share, self.file = tell, share, file
        self.last, self.since = "", -EVERY

    def __call__(self, step: str, detail: str) -> None:
        """A sign of the run."""
        self.tell(step, detail)
        self.share.take(step, detail)
        now = self.share.clock()
        if step == self.last and now - self.since < EVERY:
            return
        self.last, self.since = step, now
        own = detail.text if isinstance(detail, Sign) else detail
        facts = {
            "parkzero": "progress",
            "step": as_json(step),
            "detail": as_json(own),
            "done": self.share.done,
            "left": self.share.left,
            "gap": self.share.gap,
            "seconds": now - self.share.began,
        }
        with suppress(OSError):  # a run goes on where nobody can be told
            put(self.file, json.dumps(facts))


def _told(text: str, language: Language) -> str:
    """A step or what is said of it in the language, where that has words for it."""
    own = text.text if isinstance(text, Sign) else text
    return language.tell(own) if isinstance(own, Message) else language.translate(PLANS.get(own, own))
