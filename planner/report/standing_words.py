"""Whose zero it is, in words: the same on the page and on the console."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from models.metrics import METRICS as RATIOS
from planner.language.language import Language, mark
from planner.language.words import STAGES, named
from planner.report.estimates import UNCERTAIN
from planner.report.standing import GUIDED, PROPOSAL, WITHIN

#: Standing of a rule -> words before what it bounds.
GROUPS = {
    "in force": mark("in force, of {issued}: {metrics}"),
    "voluntary": mark("of a voluntary standard, of {issued}: {metrics}"),
    "proposal": mark("proposed by this project, set by no authority: {metrics}"),
    "": mark("the park's own: {metrics}"),
}
#: Standing of a rule of another standard -> where it stands.
WHERE = {
    "in force": mark("In force: {source}, of {issued}."),
    "voluntary": mark("Voluntary: {source}, of {issued}."),
    "": mark("From: {source}, of {issued}."),
}
#: Sources that have a name in Chinese.
NOTICES = (
    mark("NDRC, MIIT, NEA notice 2025 No. 910"),
    mark("EU Mission 100 Climate-Neutral and Smart Cities, Info Kit for Cities"),
    mark("SBTi Corporate Net-Zero Standard v1"),
)
#: Standards that ask for what suppliers and customers emit, too.
OF_VALUE_CHAIN = ("sbti",)


def told_standing(language: Language, summary: Mapping[str, Any], stages: pd.DataFrame | None = None) -> str:
    """Under which standard the stage of the goal is, and who set each of its rules; what the plan comes to by them where its
    `stages` are given. Empty for an output that does not say it."""
    say, found = language.translate, summary.get("standing")
    if not found or not found["rules"]:
        return ""
    reached, parts = _reached(summary, stages), []
    for standing, words in GROUPS.items():
        own = [r for r in found["rules"] if r["standing"] == standing]
        if own:
            metrics = say(", ").join(dict.fromkeys(_bounded(language, {**r, **reached.get(r["metric"], {})}) for r in own))
            parts.append(say(words, issued=max(r["issued"] for r in own) or say("no date"), metrics=metrics))
    values = {"stage": named(language, STAGES, summary["target"]), "standard": titled(language, found)}
    return say("Whose {stage} it is: {standard}; {rules}.", rules=say("; ").join(parts), **values)


def _reached(summary: Mapping[str, Any], stages: pd.DataFrame | None) -> dict[str, dict[str, Any]]:
    """Metric -> value in the year of the goal, and whether its rule holds."""
    if stages is None:
        return {}
    own = stages[(stages["year"] == summary["by"]) & (stages["stage"] == summary["target"])]
    return {str(r.metric): {"value": float(r.value), "holds": bool(r.holds)} for r in own.itertuples()}


def _bounded(language: Language, rule: Mapping[str, Any]) -> str:
    """What a rule asks for, and what the plan comes to where it is known and is no zero that is asked for."""
    asked, value = _asked(language, rule), rule.get("value")
    if value is None or (rule["holds"] and rule["limit"] == 0):
        return asked
    values = {"rule": asked, "value": _amount(language, rule["metric"], value)}
    if not rule["holds"]:
        return language.translate("{rule} (here {value}, not met)", **values)
    words = mark("{rule} (here {value}, no margin)") if _is_tight(rule) else mark("{rule} (here {value})")
    return language.translate(words, **values)


def told_gross(language: Language, summary: Mapping[str, Any], usual: pd.DataFrame | None = None) -> str:
    """What is left out of gross emissions, and what they would be by location, beside those of going on as today (`usual`, its
    emissions) and of the base year on the same basis; empty where no rule is of them or all is in them."""
    found = [*((summary.get("standing") or {}).get("rules") or ()), *(r for s in summary.get("beside") or () for r in s["rules"])]
    facts, base = summary.get("composition"), summary["base_emissions"]
    if not facts or not base or summary["accounting"] != "market" or "gross_ratio" not in {r["metric"] for r in found}:
        return ""
    words = language.translate(
        "Gross emissions are those after captured fossil CO2 and green certificates, bought electricity counted by contract: "
        "{gross} t in {year}. By location, without certificates and contracts, they would be {location} t.",
        year=facts["year"],
        gross=language.number(facts["gross"]),
        location=language.number(facts["gross_location"]),
    )
    if (then := summary.get("base_location")) is None:
        of_base = language.translate("By location those of the base year are not known.")
    else:
        of_base = language.translate(
            "That is {share} of those of the base year by location, {then} t; by contract these are {base} t.",
            share=language.percent(facts["gross_location"] / then if then else None),
            then=language.number(then),
            base=language.number(base),
        )
    own = usual[usual["year"] == facts["year"]].set_index("item")["value"] if usual is not None else None
    if own is None or own.empty:
        return language.sentences(words, of_base)
    other = float(own["scope1"] + own["scope2_location"] + own["scope3"])
    also = language.translate("Going on as today they would be {other} t by location then.", other=language.number(other))
    return language.sentences(words, of_base, also)


def told_guidance(language: Language, summary: Mapping[str, Any]) -> str:
    """A sentence where a standard of the page has guiding indicators, too; empty where none has."""
    if not {(summary.get("standing") or {}).get("name"), *(s["name"] for s in summary.get("beside") or ())} & set(GUIDED):
        return ""
    told = [rule for s in summary.get("beside") or () for rule in s.get("guidance") or ()]
    if not told:
        return language.translate(
            "The guiding indicators of the national notice are not worked out on this page: `plan application` tells them."
        )
    rules = language.translate("; ").join(_judged(language, rule) for rule in told)
    return language.translate(
        "Of the guiding indicators of the national notice, worked out with its factors: {rules}. The others are told by "
        "`plan application`.",
        rules=rules,
    )


def told_beside(language: Language, summary: Mapping[str, Any]) -> Iterator[str]:
    """A line for each other standard."""
    for found in summary.get("beside") or ():
        yield told_measured(language, found)


def told_measured(language: Language, found: Mapping[str, Any]) -> str:
    """Whether the plan meets a standard in the year of the goal, whether the park is of its class, each of its rules, and whose
    rules they are."""
    say = language.translate
    values = {"standard": titled(language, found), "year": found["year"]}
    if found["least_energy"]:
        values |= {"least": language.number(found["least_energy"]), "used": language.number(found["energy_use"])}
        small = (
            mark(
                "{standard}: its rules are met in {year}, but the park is too small for this class "
                "({used} tce; it begins at {least})."
            )
            if found["met"]
            else mark("{standard}: not met in {year}, and the park is too small for this class ({used} tce; it begins at {least}).")
        )
        head = say(small, **values)
    else:
        head = say(mark("{standard}: met in {year}.") if found["met"] else mark("{standard}: not met in {year}."), **values)
    rules = say("; ").join(_judged(language, rule) for rule in found["rules"])
    factors = _by_factors(language, found) if found.get("own_factors") else ""
    told = [say("{rules}.", rules=rules[:1].upper() + rules[1:]), _without(language, found), _where(language, found["rules"])]
    if found["name"] in OF_VALUE_CHAIN:
        told.append(
            say(
                "These are its rules that are worked out here; it also asks for scope 3, of which there is only what the park "
                "states."
            )
        )
    return language.sentences(head, *told, factors)


def _without(language: Language, found: Mapping[str, Any]) -> str:
    """Emissions per energy without certificates, and without capture too; empty where the plan has neither."""
    own = found.get("without") or {}
    told = {key: language.number(value, 2) for key, value in own.items() if value is not None}
    if not told:
        return ""
    words = mark(
        "Without green certificates, which the notice counts at 0, emissions per energy would be {certificates} t/tce; without "
        "capture, for which it has no term, too, {capture}."
    )
    if "capture" not in told:
        words = mark("Without green certificates emissions per energy would be {certificates} t/tce.")
    elif "certificates" not in told:
        words = mark("Without capture, for which the notice has no term, emissions per energy would be {capture} t/tce.")
    return language.translate(words, **told)


def _by_factors(language: Language, found: Mapping[str, Any]) -> str:
    """By which factors a standard is worked out: what it fixes itself, and what is of general knowledge."""
    own = next(iter(found.get("factors") or ()), None)
    if own is None:
        return language.translate("Worked out with the factors that the catalogue has for the standard.")
    values = {"factor": language.number(own["factor"], 4), "tce": language.number(own["tce_per_mwh"], 2)}
    if own["grade"] == UNCERTAIN:
        return language.translate(
            "Worked out with the emission factor that the standard fixes ({factor} t/MWh); the coal equivalent of electricity, "
            "{tce} tce/MWh, is of general knowledge; all else is this plan's.",
            **values,
        )
    return language.translate(
        "Worked out with the emission factor ({factor} t/MWh) and the coal equivalent of electricity ({tce} tce/MWh) that the "
        "standard fixes.",
        **values,
    )


def is_proposal(summary: Mapping[str, Any]) -> bool:
    """True if all rules of the goal are this project's own proposal."""
    return {r["standing"] for r in (summary.get("standing") or {}).get("rules") or ()} == {PROPOSAL}


def told_in_force(language: Language, summary: Mapping[str, Any]) -> str:
    """Whether the plan meets the standards in force that it was not made for, or why not; empty where there are none."""
    parts = []
    for found in summary.get("beside") or ():
        if found["rules"][0].get("standing") != "in force":
            continue
        missed = [_judged(language, rule) for rule in found["rules"] if not rule["holds"]]
        if found["least_energy"]:
            missed.append(language.translate("the park is too small"))
        values = {"standard": titled(language, found), "why": language.translate("; ").join(missed)}
        words = mark("By what is in force ({standard}) no: {why}.") if missed else mark("By what is in force ({standard}) yes.")
        parts.append(language.translate(words, **values))
    return language.sentences(*parts)


def _where(language: Language, rules: list[dict[str, Any]]) -> str:
    """Where the rules of a standard stand, since when, and whether they bind; empty for an output that does not say it."""
    sources = list(dict.fromkeys(r["source"] for r in rules if r.get("source")))
    if not sources:
        return ""
    parts = [source.split(", ") for source in sources]
    alike = [each[0] for each in zip(*parts, strict=False) if len(set(each)) == 1]
    source = language.translate(", ".join(alike)) if alike else "; ".join(sources)
    issued = max(r["issued"] for r in rules) or language.translate("no date")
    return language.translate(WHERE.get(rules[0]["standing"], WHERE[""]), source=source, issued=issued)


def _judged(language: Language, rule: Mapping[str, Any]) -> str:
    """A rule in words: its limit, whether it is met, and the value reached."""
    values = {"rule": _asked(language, rule), "value": _amount(language, rule["metric"], rule["value"])}
    if not rule["holds"]:
        return language.translate("{rule}: not met ({value})", **values)
    words = mark("{rule}: met, no margin ({value})") if _is_tight(rule) else mark("{rule}: met ({value})")
    return language.translate(words, **values)


def _is_tight(rule: Mapping[str, Any]) -> bool:
    """True of a limit that is reached; nothing is below a zero that is asked for."""
    return bool(rule["limit"]) and abs(rule["value"] - rule["limit"]) <= WITHIN * abs(rule["limit"])


def titled(language: Language, found: Mapping[str, Any]) -> str:
    """What a standard is called."""
    return str(found["title_zh" if language.code == "zh" else "title_en"] or found["name"])


def _asked(language: Language, rule: Mapping[str, Any]) -> str:
    """What a rule asks for: its metric with the limit, of the base year where it is a share of that."""
    ratio, most = RATIOS[rule["metric"]], rule["sense"] == "<="
    values = {"what": language.translate(ratio.phrase), "limit": _amount(language, rule["metric"], rule["limit"])}
    if ratio.unit != "1":
        values["limit"] += f" {ratio.unit}"
    if most and rule["limit"] == 0:
        return language.translate("no {what}", **values)
    if ratio.of_base:
        return language.translate(
            mark("{what} at most {limit} of the base year") if most else mark("{what} at least {limit} of the base year"), **values
        )
    return language.translate(mark("{what} at most {limit}") if most else mark("{what} at least {limit}"), **values)


def _amount(language: Language, metric: str, value: float) -> str:
    """A value of a metric as it is read."""
    return language.percent(value, 1) if RATIOS[metric].unit == "1" else language.number(value, 2)
