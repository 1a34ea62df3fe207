"""Other standards in a line each: reached or not in the year of the goal, and by which figure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from models.metrics import METRICS
from planner.answer.rule_words import shown
from planner.answer.standing_words import BESIDES, titled
from planner.language.language import Language, mark

#: Standing of the rules of a standard -> its title with it.
STANDS = {"in force": mark("{standard}, in force"), "voluntary": mark("{standard}, voluntary")}


def told_short(language: Language, summary: Mapping[str, Any]) -> Iterator[str]:
    """A short line for each other standard."""
    for found in summary.get("beside") or ():
        yield _short(language, found)


def _short(language: Language, found: Mapping[str, Any]) -> str:
    """Whether a standard is reached: of the rules that are missed the one missed by most and how many more there are, else the one
    that is nearest to its limit."""
    say, rules = language.translate, found["rules"]
    title, stands = titled(language, found), rules[0].get("standing", "")
    missed = [rule for rule in rules if not rule["holds"]]
    values = {
        "standard": say(STANDS[stands], standard=title) if stands in STANDS else title,
        "figure": _figure(language, max(missed or rules, key=_use)),
        "count": len(missed) - 1,
    }
    if missed:
        words = (
            mark("{standard}: not met: {figure}")
            if len(missed) == 1
            else mark("{standard}: not met: {figure}; {count} more missed")
        )
    elif found["name"] in BESIDES and found["title_en"]:
        words = mark("{standard}: what is worked out is met: {figure}")
    else:
        words = mark("{standard}: met: {figure}")
    told = say(words, **values)
    if not found["least_energy"]:
        return told
    sizes = {"used": language.number(found["energy_use"]), "least": language.number(found["least_energy"])}
    return say("; ").join([told, say("the park is too small ({used} of {least} tce)", **sizes)])


def _use(rule: Mapping[str, Any]) -> float:
    """How much of its limit a rule uses (1: all of it)."""
    value, limit = rule["value"], rule["limit"]
    part, whole = (value, limit) if rule["sense"] == "<=" else (limit, value)
    return float(part / whole) if whole > 0 else math.inf if part > 0 and not rule["holds"] else 0.0


def _figure(language: Language, rule: Mapping[str, Any]) -> str:
    """The value of a rule and its limit."""
    metric, by_notice = METRICS[rule["metric"]], rule.get("ours") is not None
    value = shown(language, rule["metric"], rule["value"])
    if metric.unit != "1":
        value += f" {metric.unit}"
    values = {"what": language.translate(metric.phrase), "limit": shown(language, rule["metric"], rule["limit"]), "value": value}
    if by_notice:
        words = mark("{what} {value} as the notice counts (at most {limit})")
    elif rule["sense"] == ">=":
        words = mark("{what} {value} (at least {limit})")
    elif metric.of_base:
        words = mark("{what} {value} of the base year (at most {limit})")
    else:
        words = mark("{what} {value} (at most {limit})")
    return language.translate(words, **values)
