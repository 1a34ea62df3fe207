"""How far a run is: the share of it that is done, what the rest may take, and the gap of the plan that is sought.

Plans to compare with may be made at the same time as the target plan; then steps of both arrive in any order.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from planner.language import words as progress
from planner.language.language import ENGLISH, Language
from planner.language.words import BESIDE, Sign, step_of
from planner.plan import PLANS

#: Weights of what comes before the first plan, and of writing, where solving the target plan has the weight 30. Both use one core
#: only, so that they take longer than their processor time tells.
BEFORE, WRITING = 8.0, 6.0
#: The same of each plan: solving it, and operating it in every hour. Measured on the example parks.
SOLVING = dict(zip(PLANS, (30.0, 18.0, 5.0, 1.0), strict=True))
OPERATING = dict(zip(PLANS, (32.0, 12.0, 4.0, 4.0), strict=True))
#: The step after a plan is solved.
CHECKING = "checking"
#: Nothing is said of the rest before so much is done.
FIRST = 0.05


def parts_of(is_verified: bool) -> Mapping[str, float]:
    """Step -> its part of a run, in the order of the steps."""
    found = {"choosing typical days": BEFORE}
    for name in PLANS:
        found[step_of(progress.SOLVING, name)] = SOLVING[name]
        if is_verified:
            found[step_of(progress.OPERATING, name)] = OPERATING[name]
    return {**found, "writing": WRITING}


class Share:
    """The share that is done: of the steps so far, and of the one of now. It never falls: a plan that is repaired is solved once
    more within the share that it had.

    weights  step -> its part of the run, in the order of the steps
    clock    seconds, from any moment on
    """

    def __init__(self, weights: Mapping[str, float], clock: Callable[[], float] = time.monotonic) -> None:
        self.weights, self.clock = weights, clock
        self.began = clock()
        self.done = 0.0
        self.gap: float | None = None
        #: Of each step: the share that is done, and the gap.
        self._done: dict[str, float] = {}
        self._gaps: dict[str, float] = {}
        #: The step that runs: under False of the target plan, under True of the plans to compare with.
        self._last: dict[bool, str] = {}

    def take(self, step: str, detail: str) -> None:
        """A sign of the run."""
        if step in self.weights:
            own = getattr(detail, "done", None) or 0.0
            self._done |= dict.fromkeys(self._before(step), 1.0) | {step: max(own, self._done.get(step, 0.0))}
        elif step == CHECKING and detail in PLANS:
            self._done[step_of(progress.SOLVING, detail)] = 1.0
        done = sum(self.weights[name] * share for name, share in self._done.items() if name in self.weights)
        self.done = max(self.done, done / sum(self.weights.values()))
        if step != self._last.get(step in BESIDE):
            self._gaps.pop(step, None)  # a gap is of one search
        self._last[step in BESIDE] = step
        if isinstance(detail, Sign) and detail.gap is not None:
            self._gaps[step] = min(detail.gap, self._gaps.get(step, detail.gap))
        self.gap = self._gaps.get(step)

    def _before(self, step: str) -> list[str]:
        """The steps that are over once a step begins: those before it that belong to the same of two, target plan or other plans.
        The other plans come in any order: what has begun before is over."""
        names = list(self.weights)
        if step == names[-1]:
            return names[:-1]
        if step not in BESIDE:
            return [name for name in names[: names.index(step)] if name not in BESIDE]
        begun = list(self._done)
        return [name for name in (begun[: begun.index(step)] if step in begun else begun) if name in BESIDE]

    @property
    def left(self) -> float | None:
        """Seconds that the rest may take; None while little is known."""
        return (self.clock() - self.began) * (1 - self.done) / self.done if FIRST <= self.done < 1 else None

    def told(self, language: Language = ENGLISH) -> str:
        """The share done, about how long the rest takes, and the gap where there is a plan."""
        say = language.translate
        parts = [say("{share} % done", share=int(100 * self.done))]
        if (seconds := self.left) is not None:
            parts.append(say("about {time} left", time=_time(seconds)))
        if self.gap is not None:
            parts.append(say("gap {gap}", gap=f"{max(self.gap, 0.0):.3%}"))
        return say(", ").join(parts)


def _time(seconds: float) -> str:
    """Seconds, minutes or hours, in two digits."""
    if seconds < 90:
        return f"{max(10 * round(seconds / 10), 10)} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
