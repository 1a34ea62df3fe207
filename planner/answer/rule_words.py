"""A rule in words: what it asks for, whether it is met and by whose count, and how much worse its value may become."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.metrics import KNOWN, METRICS
from planner.answer.standards import WITHIN
from planner.language.language import Language, mark


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
