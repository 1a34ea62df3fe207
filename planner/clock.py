"""The clock of a run: seconds of each step, what is told of it, and what is left of its time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from planner.solve.stopping import Watch

#: Told what the run is doing: (stage of the run, detail).
Progress = Callable[[str, str], None]


class Clock:
    """Seconds of each step of a run, what it does just now, and what is left of its time."""

    def __init__(self, progress: Progress, watch: Watch) -> None:
        self.seconds: dict[str, float] = {}
        self.watch = watch
        #: What starting the program and reading the park took.
        self.start = watch.elapsed()
        self.now = ""
        self.warnings: list[str] = []
        self._progress = progress

    def progress(self, name: str, detail: str = "") -> None:
        """Tell what the run is doing."""
        self.now = f"{name} {detail}".strip()
        self._progress(name, detail)

    def warn(self, text: str) -> None:
        """Tell, and keep, what a reader of the result should know."""
        self.warnings.append(text)
        self.progress("warning", text)

    @contextmanager
    def step(self, name: str, detail: str = "") -> Iterator[None]:
        """Time a step and tell of it."""
        self.progress(name, detail)
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    def left(self, share: float = 1.0) -> float | None:
        """A share of the seconds left; None without a limit."""
        left = self.watch.left()
        return None if left == float("inf") else share * left

    def keep_time(self, plans: int) -> None:
        """Keep so much of the limit that one more plan can be read and checked, and all be written, beside those read so far.

        At this machine's pace today: on the example parks writing took 1.5 to 1.9 of what starting the program and reading
        the park took, on 2 typical days as on 12; reading and checking a plan up to 0.3 of building.
        """
        built = self.seconds.get("building", 0.0) + self.seconds.get("compiling", 0.0)
        read = self.seconds.get("reading results", 0.0) + self.seconds.get("checking", 0.0)
        self.watch.keep(1.2 * (read / plans if plans else 0.3 * built) + 1.5 * self.start)

    def say_tried(self) -> str:
        """That there is no plan, after what time, and what was tried."""
        limit = "" if self.watch.limit is None else f" of {self.watch.limit:g} s"
        until = f", until {self.watch.reason}" if self.watch.reason else ""
        steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self.seconds.items())
        return f"no plan was found in {self.watch.elapsed():.1f} s{limit}{until}; last: {self.now}; {steps}"
