"""Whose zero it is, in words: the same on the page and on the console."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from models.metrics import KNOWN, METRICS
from planner.answer.purchase import UNCERTAIN
from planner.answer.summary import GUIDED, PROPOSAL, WITHIN, by_formula
from planner.language.language import Language, mark
from planner.language.words import STAGES, named

# --- rule words ------------------------------------------------------------------------------------------------------------
# A rule in words: what it asks for, whether it is met and by whose count, and how much worse its value may become.


def judged(language: Language, rule: Mapping[str, Any]) -> str:
    """A rule in words: its limit, whether it is met, and the value reached: that of the notice first, where this program counts
    otherwise (`ours`). Rules in force that are met say by how much; one without a value its limit alone."""
    if rule.get("value") is None:
        return asked(language, rule)
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


# --- standing words --------------------------------------------------------------------------------------------------------

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
    mark(
        "MIIT on national zero-carbon factories, July 2026, as told by Xinhua (english.news.cn/20260722) and ITHome "
        "(ithome.com/0/981/770.htm)"
    ),
)
#: Standards of which little has a number: that it is met says less.
IN_PART = ("sbti-v2", "china-factory")
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
    "china-factory": mark(
        "Its figures are known second-hand only, and it is made for a factory. Physically identified power is taken as that of "
        "plants and direct lines of the park: certificates and contracts through the public network are not in it; it is asked of "
        "users from 5 GWh a year. Whether its clean share counts certificates was not read: here it does not. Offsets are allowed "
        "after cuts of the factory's own."
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
            metrics = say(", ").join(dict.fromkeys(judged(language, r) for r in own))
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


def told_measured(language: Language, found: Mapping[str, Any]) -> str:
    """Whether the plan meets a standard, and all that there is to say of it."""
    return language.sentences(by_standard(language, found), told_rules(language, found))


def by_standard(language: Language, found: Mapping[str, Any]) -> str:
    """Whether the plan meets a standard in the year of the goal, and whether the park is of its class."""
    values = {"standard": titled(language, found), "year": found["year"]}
    is_met = found["met"]
    if found["least_energy"]:
        values |= {"least": language.number(found["least_energy"]), "used": language.number(found["energy_use"])}
        words = (
            mark(
                "{standard}: its rules are met in {year}, but the park is too small for this class "
                "({used} tce; it begins at {least})."
            )
            if is_met
            else mark("{standard}: not met in {year}, and the park is too small for this class ({used} tce; it begins at {least}).")
        )
    elif not is_met:
        words = mark("{standard}: not met in {year}.")
    elif found["name"] in IN_PART:
        words = mark("{standard}: what of it is worked out is met in {year}.")
    else:
        words = mark("{standard}: met in {year}.")
    return language.translate(words, **values)


def told_rules(language: Language, found: Mapping[str, Any]) -> str:
    """Each rule of a standard and whose rules they are, what else it asks for, and by which factors it is worked out."""
    rules = language.translate("; ").join(judged(language, rule) for rule in found["rules"])
    told = language.translate("{rules}.", rules=rules[:1].upper() + rules[1:])
    factors = _by_factors(language, found) if found.get("own_factors") else ""
    parts = told, told_without(language, found), _where(language, found["rules"]), told_besides(language, found), factors
    return language.sentences(*parts)


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
    own, beside = summary.get("standing"), summary.get("beside") or ()
    asked = [(own, False)] if own and any(map(is_by_our_count, _reached(summary, stages))) else []
    asked += [(b, b["met"] and not b["least_energy"]) for b in beside if b["rules"][0].get("standing") == "in force"]
    words = {True: mark("By the rules in force ({standard}): yes."), False: mark("By the rules in force ({standard}): no.")}
    return language.sentences(*(language.translate(words[is_met], standard=titled(language, b)) for b, is_met in asked))


def told_whose(language: Language, summary: Mapping[str, Any], stages: pd.DataFrame) -> str:
    """What the rules of this program are where the goal is one of those, and yes or no by the rules in force."""
    own = ""
    if is_proposal(summary):
        own = language.translate("The rules: {standard}, set by no authority.", standard=titled(language, summary["standing"]))
    return language.sentences(own, told_in_force(language, summary, stages))


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
