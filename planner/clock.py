"""The clock of a run: seconds of each step, what is done just now, and how much of the time must be kept to end in good order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from planner.language.language import mark
from planner.language.message import Message
from planner.language.words import REASONS, listed, word
from planner.machine.stopping import Watch

#: Told what the run is doing: (stage of the run, detail).
Progress = Callable[[str, str], None]
#: Steps in which only the thread that works is at work: the time that they take to its processor time is the machine's pace.
ALONE = ("choosing typical days", "building", "compiling", "reading results", "checking", "reading hours")
#: Steps of a plan once it is solved.
READING = ("reading results", "checking")
#: What writing takes, and reading and checking the first plan, as shares of the processor time of the start, which is that of
#: importing the program and reading the park: 1.1 to 1.2, and 0.2 to 0.4, on the example parks, on 2 typical days as on 12.
WRITING, FIRST_READING = 1.2, 0.4
#: The same of a year of a plan in every hour: 0.07 on the example parks.
YEAR = 0.09
#: As much more of all that is kept.
CAUTION = 1.25
#: Said where the time limit is too short for the typical days of the park.
FEWER = mark("--time-limit: planned on {count} typical days in place of {asked}, for which the time is too short; --days decides")
#: Said where the plan on typical days, from which one on every hour was to begin, is given.
BEGUN_HOURS = mark("--time-limit: no plan was found on every hour in the time; that on {count} typical days, made first, is given")


class Clock:
    """Seconds of each step of a run, what it does just now, and what is left of its time."""

    def __init__(self, progress: Progress, watch: Watch) -> None:
        self.seconds: dict[str, float] = {}
        self.watch = watch
        self.now: str = ""
        self.warnings: list[str] = []
        self._progress = progress
        elapsed = watch.elapsed()
        #: Processor time of starting the program and reading the park.
        self.start = min(elapsed, time.process_time())
        #: Processor time of each step of the thread that works.
        self._worked: dict[str, float] = {}
        self._last, self._last_worked = (elapsed, self.start) if self.start > 0 else (1.0, 1.0)

    def progress(self, name: str, detail: str = "") -> None:
        """Tell what the run is doing."""
        self.now = Message("{step} {detail}", step=_step(name), detail=detail) if detail else _step(name)
        self._progress(name, detail)

    def warn(self, text: str) -> None:
        """Tell, and keep, what a reader of the result should know."""
        self.warnings.append(text)
        self.progress("warning", text)

    @contextmanager
    def step(self, name: str, detail: str = "") -> Iterator[None]:
        """Time a step and tell of it."""
        self.progress(name, detail)
        began, worked = time.perf_counter(), time.thread_time()
        try:
            yield
        finally:
            self.note(name, time.perf_counter() - began, time.thread_time() - worked)

    def note(self, name: str, seconds: float, worked: float) -> None:
        """A step took so many seconds, and so much processor time of the thread that works."""
        name = str(name)  # a step that can be told in another language stands under its English name
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds
        self._worked[name] = self._worked.get(name, 0.0) + worked
        if name in ALONE:
            self._last, self._last_worked = self._last / 2 + seconds, self._last_worked / 2 + worked

    @property
    def pace(self) -> float:
        """Seconds that a second of processor time takes, at least 1: of the last steps, each counts half of the one after it."""
        return max(1.0, self._last / max(self._last_worked, 1e-9))

    def left(self, share: float = 1.0) -> float | None:
        """A share of the seconds left; None without a limit."""
        left = self.watch.left()
        return None if left == float("inf") else share * left

    def keep_time(self, plans: int) -> None:
        """Keep so much of the limit that one more plan can be read and checked, and all be written, beside those read so far."""
        read = sum(self._worked.get(name, 0.0) for name in READING)
        self.watch.keep(CAUTION * self.pace * ((read / plans if plans else FIRST_READING * self.start) + WRITING * self.start))

    def of_hours(self, years: int) -> float:
        """Seconds that reading, checking and writing so many years in every hour may take, beside writing the rest."""
        return CAUTION * self.pace * (YEAR * years + WRITING) * self.start

    def left_to_read(self) -> float | None:
        """Seconds of the limit that reading a plan may still take, of those that are kept; None without a limit."""
        watch = self.watch
        return None if watch.limit is None else max(0.0, watch.limit - watch.elapsed() - self.of_hours(0))

    def say_tried(self) -> str:
        """That there is no plan, after what time, and what was tried."""
        elapsed, reason = f"{self.watch.elapsed():.1f}", self.watch.reason
        time = Message("{seconds} s", seconds=elapsed)
        if self.watch.limit is not None:
            time = Message("{seconds} s of {limit} s", seconds=elapsed, limit=f"{self.watch.limit:g}")
        if reason:
            time = Message("{time}, until {reason}", time=time, reason=word(REASONS, reason))
        steps = [Message("{step} {seconds} s", step=_step(name), seconds=f"{s:.1f}") for name, s in self.seconds.items()]
        told = listed(steps) if steps else ""
        return Message("no plan was found in {time}; last: {now}; {steps}", time=time, now=self.now, steps=told)


def _step(name: str) -> Message:
    """The name of a step as a message: it is translated where a translation is known."""
    return name if isinstance(name, Message) else Message.known(name, name, {})
