"""Whose zero it is, in words: the same on the page and on the console."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from models.metrics import METRICS as RATIOS
from planner.language.language import Language, mark
from planner.language.words import METRICS, STAGES, named

#: Standing of a rule -> words before what it bounds.
GROUPS = {
    "in force": mark("in force, of {issued}: {metrics}"),
    "voluntary": mark("of a voluntary standard, of {issued}: {metrics}"),
    "proposal": mark("proposed by this project, set by no authority: {metrics}"),
    "": mark("the park's own: {metrics}"),
}


def told_standing(language: Language, summary: Mapping[str, Any]) -> str:
    """Under which standard the stage of the goal is, and who set each of its rules; empty for an output that does not say it."""
    say, found = language.translate, summary.get("standing")
    if not found or not found["rules"]:
        return ""
    parts = []
    for standing, words in GROUPS.items():
        own = [r for r in found["rules"] if r["standing"] == standing]
        if own:
            metrics = say(", ").join(dict.fromkeys(named(language, METRICS, r["metric"]) for r in own))
            parts.append(say(words, issued=max(r["issued"] for r in own) or say("no date"), metrics=metrics))
    values = {"stage": named(language, STAGES, summary["target"]), "standard": titled(language, found)}
    return say("Whose {stage} it is: {standard}; {rules}.", rules=say("; ").join(parts), **values)


def told_beside(language: Language, summary: Mapping[str, Any]) -> Iterator[str]:
    """A line for each other standard."""
    for found in summary.get("beside") or ():
        yield told_measured(language, found)


def told_measured(language: Language, found: Mapping[str, Any]) -> str:
    """Whether the plan reaches a standard in the year of the goal, and by which figures; of a park below its class what it asks
    for."""
    say = language.translate
    missed = [r for r in found["rules"] if not r["holds"]]
    shown = missed or (found["rules"] if found["least_energy"] else found["rules"][:1])
    figures = say(", ").join(_figure(language, rule) for rule in shown)
    values = {"standard": titled(language, found), "year": found["year"], "figures": figures}
    if found["least_energy"]:
        values |= {"least": language.number(found["least_energy"]), "used": language.number(found["energy_use"])}
        return say("{standard}: for parks from {least} tce a year, this one uses {used}; in {year} {figures}.", **values)
    met = mark("{standard}: reached in {year} ({figures}).")
    return say(met if found["met"] else mark("{standard}: not reached in {year} ({figures})."), **values)


def titled(language: Language, found: Mapping[str, Any]) -> str:
    """What a standard is called."""
    return str(found["title_zh" if language.code == "zh" else "title_en"] or found["name"])


def _figure(language: Language, rule: Mapping[str, Any]) -> str:
    """A metric with its value and its limit."""
    value, limit = (_amount(language, rule["metric"], rule[key]) for key in ("value", "limit"))
    words = mark("{metric} {value}, at most {limit}") if rule["sense"] == "<=" else mark("{metric} {value}, at least {limit}")
    return language.translate(words, metric=named(language, METRICS, rule["metric"]), value=value, limit=limit)


def _amount(language: Language, metric: str, value: float) -> str:
    """A value of a metric as it is read."""
    return language.percent(value, 1) if RATIOS[metric].unit == "1" else language.number(value, 2)
