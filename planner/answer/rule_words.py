"""A rule in words: what it asks for, whether it is met and by whose count, and how much worse its value may become."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from models.metrics import KNOWN, METRICS
from planner.answer.standards import WITHIN
from planner.language import words as progress
from planner.language.language import ENGLISH, Language, mark
from planner.language.words import BESIDE, Sign, step_of
from planner.plan import PLANS


def judged(language: Language, rule: Mapping[str, Any]) -> str:
    """A rule in words: its limit, whether it is met, and the value reached: that of the notice first, where this program counts
    otherwise (`ours`). Rules in force that are met say by how much."""
    values = {"rule": asked(language, rule), "value": shown(language, rule["metric"], rule["value"])}
    if rule.get("ours") is not None:
        values |= {"formula": values["value"], "value": shown(language, rule["metric"], rule["ours"])}
        if is_by_our_count(rule):
            return language.translate(
                "{rule}: not met as the notice counts, which takes off no captured CO2 ({formula}); met only with it taken off, as "
                "this program counts ({value})",
                **values,
            )
        words = mark(
            "{rule}: met ({formula} as the notice counts, which takes off no captured CO2; {value} with it taken off, as this "
            "program counts{margin})"
        )
        if not rule["holds"]:
            words = mark(
                "{rule}: not met ({formula} as the notice counts, which takes off no captured CO2; {value} with it taken off, as "
                "this program counts)"
            )
        return language.translate(words, margin=_margin(language, rule), **values)
    if not rule["holds"]:
        return language.translate("{rule}: not met ({value})", **values)
    words = mark("{rule}: met, no margin ({value})") if _is_tight(rule) else mark("{rule}: met ({value}{margin})")
    return language.translate(words, margin=_margin(language, rule), **values)


def bounded(language: Language, rule: Mapping[str, Any]) -> str:
    """What a rule asks for, and what the plan comes to where it is known and is no zero that is asked for."""
    words, value = asked(language, rule), rule.get("value")
    if value is None or (rule["holds"] and rule["limit"] == 0):
        return words
    if rule.get("ours") is not None:
        return judged(language, rule)
    values = {"rule": words, "value": shown(language, rule["metric"], value)}
    if not rule["holds"]:
        return language.translate("{rule} (here {value}, not met)", **values)
    told = mark("{rule} (here {value}, no margin)") if _is_tight(rule) else mark("{rule} (here {value}{margin})")
    return language.translate(told, margin=_margin(language, rule), **values)


def is_by_our_count(rule: Mapping[str, Any]) -> bool:
    """True of a rule that is missed by the formula of its notice, and holds with captured CO2 taken off."""
    ours = rule.get("ours")
    return ours is not None and not rule["holds"] and ours <= rule["limit"] * (1 + WITHIN)


def _margin(language: Language, rule: Mapping[str, Any]) -> str:
    """How far a rule in force is from its limit, and the changes that end it: by the notice's own count. Empty of other rules."""
    metric, value, limit = METRICS[rule["metric"]], rule["value"], rule["limit"]
    if rule.get("standing", "in force") != "in force" or not rule["holds"] or _is_tight(rule):
        return ""
    say, spare = language.translate, abs(value - limit)
    points = say("{amount} points", amount=language.number(100 * spare, 1))
    values = {
        "spare": points if metric.unit == "1" else f"{language.number(spare, 2)} {metric.unit}",
        "what": say(KNOWN[metric.numerator].words),
        "of": say(KNOWN[metric.denominator].words),
    }
    if rule["sense"] == "<=":
        words = mark("; {spare} to spare: ends with {share} more {what}")
        return say(words, share=language.percent(limit / value - 1), **values) if value > 0 else ""
    return say(
        "; {spare} to spare: ends with {share} less {what}, or {more} more {of}",
        share=language.percent(1 - limit / value),
        more=language.percent(value / limit - 1),
        **values,
    )


def told_without(language: Language, found: Mapping[str, Any]) -> str:
    """Emissions per energy without certificates, with captured CO2 taken off and not; empty where the plan has no certificates."""
    own = found.get("without") or {}
    told = {key: language.number(value, 2) for key, value in own.items() if value is not None}
    if "certificates" not in told:
        return ""
    if "capture" not in told:
        return language.translate("Without green certificates emissions per energy would be {certificates} t/tce.", **told)
    words = mark(
        "Electricity with green certificates has no emissions as the notice counts; with those of the grid emissions per energy "
        "would be {capture} t/tce, or {certificates} with captured CO2 taken off."
    )
    return language.translate(words, **told)


def _is_tight(rule: Mapping[str, Any]) -> bool:
    """True of a limit that is reached; nothing is below a zero that is asked for."""
    return bool(rule["limit"]) and abs(rule["value"] - rule["limit"]) <= WITHIN * abs(rule["limit"])


def asked(language: Language, rule: Mapping[str, Any]) -> str:
    """What a rule asks for: its metric with the limit, of the base year where it is a share of that."""
    ratio, most = METRICS[rule["metric"]], rule["sense"] == "<="
    values = {"what": language.translate(ratio.phrase), "limit": shown(language, rule["metric"], rule["limit"])}
    if ratio.unit != "1":
        values["limit"] += f" {ratio.unit}"
    if most and rule["limit"] == 0:
        return language.translate("no {what}", **values)
    if ratio.of_base:
        return language.translate(
            mark("{what} at most {limit} of the base year") if most else mark("{what} at least {limit} of the base year"), **values
        )
    return language.translate(mark("{what} at most {limit}") if most else mark("{what} at least {limit}"), **values)


def shown(language: Language, metric: str, value: float) -> str:
    """A value of a metric as it is read."""
    return language.percent(value, 1) if METRICS[metric].unit == "1" else language.number(value, 2)


# --- share -----------------------------------------------------------------------------------------------------------------
# How far a run is: the share of it that is done, what the rest may take, and the gap of the plan that is sought.
#
# Plans to compare with may be made at the same time as the target plan; then steps of both arrive in any order.

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
