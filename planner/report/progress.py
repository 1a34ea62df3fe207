"""What the run is doing: on a terminal a display that goes away at the end, in a log one plain line for each sign."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress as Display
from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Column

from planner.clock import Progress
from planner.language.plain import plain

#: Stages that the display shows at most, the last ones.
SHOWN = 8


@contextmanager
def show_progress(console: Console, quiet: bool = False) -> Iterator[Progress]:
    """Give what a run tells its progress to; nothing is shown if quiet."""
    if quiet:
        yield lambda *_: None
    elif console.is_terminal:
        display = Display(
            SpinnerColumn(finished_text="✓"), TextColumn("{task.description}", table_column=Column(no_wrap=True)),
            TimeElapsedColumn(), TextColumn("{task.fields[detail]}", table_column=Column(ratio=1)),
            console=console, transient=True, expand=True,
        )  # fmt: skip
        with display:
            yield _Stages(display)
    else:
        yield lambda step, detail: console.print(plain(f"{step} {detail}".strip()), soft_wrap=True)


class _Stages:
    """The stages so far, each with its seconds and the last that was said of it: bound, best plan and gap of a solve."""

    def __init__(self, display: Display) -> None:
        self.display = display
        self.stages: list[tuple[str, TaskID]] = []

    def __call__(self, step: str, detail: str) -> None:
        """A sign of the run: a new stage, or news of the last one."""
        if self.stages and self.stages[-1][0] == step:
            self.display.update(self.stages[-1][1], detail=plain(detail))
            return
        if self.stages:
            self.display.update(self.stages[-1][1], completed=1)
        self.stages.append((step, self.display.add_task(plain(step), total=1, detail=plain(detail))))
        for _, old in self.stages[:-SHOWN]:
            self.display.update(old, visible=False)
