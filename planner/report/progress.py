"""What the run is doing: on a terminal a display that goes away at the end, in a log one plain line for each sign."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column
from rich.text import Text

from planner.clock import Progress as Tell
from planner.language.language import ENGLISH, Language
from planner.language.message import Message
from planner.language.plain import plain
from planner.language.progress import BESIDE
from planner.language.sign import Sign
from planner.language.words import PLANS
from planner.report.share import Share, parts_of

#: Stages that the display shows at most, the last ones.
SHOWN = 8


@contextmanager
def show_progress(
    console: Console, quiet: bool = False, language: Language = ENGLISH, parts: Mapping[str, float] | None = None
) -> Iterator[Tell]:
    """Give what a run tells its progress to; nothing is shown if quiet.

    parts  step -> its part of the run, in the order of the steps; left out: those of a run that operates every hour
    """
    share = Share(parts_of(True, False) if parts is None else parts)
    if quiet:
        yield lambda *_: None
    elif console.is_terminal:
        display = _Display(
            SpinnerColumn(finished_text="✓"), TextColumn("{task.description}", table_column=Column(no_wrap=True)),
            TimeElapsedColumn(), TextColumn("{task.fields[detail]}", table_column=Column(ratio=1)),
            console=console, transient=True, expand=True,
        )  # fmt: skip
        with display:
            yield _Stages(display, share, language)
    else:
        yield _Lines(console, share, language)


class _Lines:
    """A line for each sign; what is done, what is left and the gap stand at the end of those that know how far a step is."""

    def __init__(self, console: Console, share: Share, language: Language) -> None:
        self.console, self.share, self.language = console, share, language

    def __call__(self, step: str, detail: str) -> None:
        """A sign of the run."""
        self.share.take(step, detail)
        line = f"{_told(step, self.language)} {_told(detail, self.language)}".strip()
        if isinstance(detail, Sign):
            line += " · " + self.share.told(self.language)
        self.console.print(plain(line), soft_wrap=True)


class _Display(Progress):
    """The stages, and below them a line of the whole run."""

    told = ""

    def get_renderables(self) -> Iterable[RenderableType]:
        """What is drawn, from the top."""
        yield from super().get_renderables()
        yield Text(self.told)


class _Stages:
    """The stages so far, each with its seconds and the last that was said of it; below them how far the whole run is."""

    def __init__(self, display: _Display, share: Share, language: Language) -> None:
        self.display, self.share, self.language = display, share, language
        self.stages: list[TaskID] = []
        #: The step that runs and its stage: of the target plan (False), and of the plans to compare with (True).
        self.last: dict[bool, tuple[str, TaskID]] = {}

    def __call__(self, step: str, detail: str) -> None:
        """A sign of the run: a new stage, or news of the last one."""
        self.share.take(step, detail)
        self.display.told = plain(self.share.told(self.language))
        told = plain(_told(detail, self.language))
        is_beside = step in BESIDE
        before = self.last.get(is_beside)
        if before is not None and before[0] == step:
            self.display.update(before[1], detail=told)
            return
        if before is not None:
            self.display.update(before[1], completed=1)
        task = self.display.add_task(plain(_told(step, self.language)), total=1, detail=told)
        self.last[is_beside] = step, task
        self.stages.append(task)
        for old in self.stages[:-SHOWN]:
            self.display.update(old, visible=False)


def _told(text: str, language: Language) -> str:
    """A step or what is said of it in the language, where that has words for it."""
    own = text.text if isinstance(text, Sign) else text
    return language.tell(own) if isinstance(own, Message) else language.translate(PLANS.get(own, own))
