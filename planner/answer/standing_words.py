"""Whose zero it is, in words: the same on the page and on the console."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from planner.answer.purchase import UNCERTAIN
from planner.answer.rule_words import bounded, is_by_our_count, judged, told_without
from planner.answer.standards import by_formula
from planner.answer.standing import GUIDED, PROPOSAL
from planner.language.language import Language, mark
from planner.language.words import STAGES, named

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
    mark("SBTi Corporate Net-Zero Standard V2.0"),
)
#: Standards of which little has a number: that it is met says less.
IN_PART = ("sbti-v2",)
#: Standard -> what it asks for besides.
BESIDES = {
    "sbti": mark(
        "These are its rules that are worked out here; it also asks for scope 3, of which there is only what the park states."
    ),
    "sbti-v2": mark(
        "Only what has a number in its conditions for net zero is worked out: not its five-year targets of scope 1, scope 2 and "
        "scope 3 apart, its residual level, which it leaves to pathways, its count of bought electricity by location, the age and "
        "place of plants behind certificates, nor how long removals last."
    ),
}


def told_standing(language: Language, summary: Mapping[str, Any], stages: pd.DataFrame | None = None) -> str:
    """Under which standard the stage of the goal is, and who set each of its rules; what the plan comes to by them where its
    `stages` are given. Empty for an output that does not say it."""
    say, found = language.translate, summary.get("standing")
    if not found or not found["rules"]:
        return ""
    rules, parts = _reached(summary, stages), []
    for standing, words in GROUPS.items():
        own = [r for r in rules if r["standing"] == standing]
        if own:
            metrics = say(", ").join(dict.fromkeys(bounded(language, r) for r in own))
            parts.append(say(words, issued=max(r["issued"] for r in own) or say("no date"), metrics=metrics))
    values = {"stage": named(language, STAGES, summary["target"]), "standard": titled(language, found)}
    return say("Whose {stage} it is: {standard}; {rules}.", rules=say("; ").join(parts), **values)


def _reached(summary: Mapping[str, Any], stages: pd.DataFrame | None) -> list[dict[str, Any]]:
    """The rules of the goal, with the value in its year and whether they hold where the plan's `stages` are given."""
    found = summary["standing"]
    if stages is None:
        return list(found["rules"])
    own = stages[(stages["year"] == summary["by"]) & (stages["stage"] == summary["target"])]
    reached = {str(r.metric): {"value": float(r.value), "holds": bool(r.holds)} for r in own.itertuples()}
    rules = [{**r, **reached.get(r["metric"], {})} for r in found["rules"]]
    return by_formula(rules, found.get("without") or {})


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
            "The guiding indicators of the national notice are not worked out on this page: `plan report --form` tells them."
        )
    rules = language.translate("; ").join(judged(language, rule) for rule in told)
    return language.translate(
        "Of the guiding indicators of the national notice, worked out with its factors: {rules}. The others are told by "
        "`plan report --form`.",
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
    values, rules = {"standard": titled(language, found), "year": found["year"]}, found["rules"]
    is_met = found["met"]
    if found["least_energy"]:
        values |= {"least": language.number(found["least_energy"]), "used": language.number(found["energy_use"])}
        small = (
            mark(
                "{standard}: its rules are met in {year}, but the park is too small for this class "
                "({used} tce; it begins at {least})."
            )
            if is_met
            else mark("{standard}: not met in {year}, and the park is too small for this class ({used} tce; it begins at {least}).")
        )
        head = say(small, **values)
    else:
        met = mark("{standard}: met in {year}.")
        if found["name"] in IN_PART:
            met = mark("{standard}: what of it is worked out is met in {year}.")
        head = say(met if is_met else mark("{standard}: not met in {year}."), **values)
    told_rules = say("; ").join(judged(language, rule) for rule in rules)
    factors = _by_factors(language, found) if found.get("own_factors") else ""
    told_rules = told_rules[:1].upper() + told_rules[1:]
    told = [say("{rules}.", rules=told_rules), told_without(language, found), _where(language, found["rules"])]
    return language.sentences(head, *told, told_besides(language, found), factors)


def told_besides(language: Language, found: Mapping[str, Any]) -> str:
    """What a standard of the catalogue asks for besides its rules; empty of others."""
    words = BESIDES.get(found["name"]) if found["title_en"] else None
    return language.translate(words) if words else ""


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


def told_in_force(language: Language, summary: Mapping[str, Any], stages: pd.DataFrame | None = None) -> str:
    """Yes or no by the standards in force that the plan was not made for, and no by its own where that is met by this program's
    count alone (`stages`: those of the plan); empty where there are none. Why not stands with the standards."""
    parts = []
    if own := summary.get("standing"):
        parts += [_told_in_force(language, own, False)] if any(map(is_by_our_count, _reached(summary, stages))) else []
    for found in summary.get("beside") or ():
        if found["rules"][0].get("standing") == "in force":
            parts.append(_told_in_force(language, found, found["met"] and not found["least_energy"]))
    return language.sentences(*parts)


def _told_in_force(language: Language, found: Mapping[str, Any], is_met: bool) -> str:
    """Yes or no by a standard in force."""
    words = mark("By what is in force ({standard}) yes.") if is_met else mark("By what is in force ({standard}) no.")
    return language.translate(words, standard=titled(language, found))


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


def titled(language: Language, found: Mapping[str, Any]) -> str:
    """What a standard is called."""
    return str(found["title_zh" if language.code == "zh" else "title_en"] or found["name"])
