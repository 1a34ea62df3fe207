"""The Chinese of messages and of what columns mean uses the words of docs/glossary.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from planner.language.language import words
from planner.templates.notes import notes

PAGE = Path(__file__).parents[2] / "docs" / "glossary.md"
#: Word of the glossary -> where a message has it in another sense: a command, a phrase, a word of every day.
OTHER_SENSES = {
    "case": r"in any case",
    "measure": r"measure different things",
    "milestone": r"^milestones: is no table",
    "offset": r"offset from UTC",
    "plan": r"plan\.xlsx|^Plan the|^Plan on|Plan anew|plan that once|plan for a national|plan-|^progress and plan$|plan \{old\}|plan (check|catalogue|costs|import|explain|what-if|report|frontier|--)|\{plan\}|this plan costs|the plan may cost|plan again|plan on the park|plan it |plan with|^--plans|plan on fewer|plan serve",
    "park": r"--park|park\.toml|e\.g\. park",
    "carrier": r"^Each project bears its own cost",
    "zone": r"[Tt]ime zone|of UTC|in any zone|zone: e\.g\.|say its zone|and the zone differ",
    "supply": r"^Temperature of (supply|return)",
    "sink": r"source and sink|colder than the sink",
    "technology": r"technology-data",
    "order": r"order of day|order: dmy|order of magnitude|out of order|in its order|keep their order|stand in order|^order = |^orders: is no table",
    "held": r"[Uu]ntil it held|green part held|held (flat|against|back|in reserve)|energy held per",
    "cash": r"cash to debt service|owner's cash",
    "horizon": r"value.* beyond the horizon|beyond the horizon.* value",  # a word of its own
    "gap": r"gaps: \{count\}|^gap between|longest.gap|more gaps|around a gap|gap in its years|^keep or gap|fill it as a gap",
    "certificate": r"\bPEM\b|[Cc]ertificate that|^(Write|Verify) a certificate|certificate\.zip|of the certificate$|certificate can be|no certificate|digests",  # of a connection, of a run
    "links": r"links",  # those of the park, not the linking variables
    "price": r"[Pp]rice",  # of money, not a dual
    "dual": r"dual fuel",
    "basis": r"[Bb]asis",  # of accounting and of charges, not that of the simplex method
}


def glossary() -> list[tuple[str, tuple[str, ...]]]:
    """(word, its Chinese words); where a row has as many of each, they belong together in their order."""
    found = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("| ") or line.startswith("| word"):
            continue
        english, chinese = (
            [part.strip() for part in cell.split(by)] for cell, by in zip(line.strip("|").split("|")[:2], ",、", strict=True)
        )
        for i, word in enumerate(english):
            own = [chinese[i]] if len(chinese) == len(english) else chinese
            found.append((word, tuple(form for text in own for form in forms(text))))
    return found


def forms(text: str) -> list[str]:
    """The word, and what stands in brackets behind it: 弃用（弃电） is either."""
    return [part for part in re.split("[（）]", text) if part and (part == text or part != "方案")]


def test_a_word_that_may_leave_out_its_brackets_is_read():
    assert forms("弃用（弃电）") == ["弃用", "弃电"]
    assert ("base emissions", ("基准排放",)) in glossary()
    assert ("reference", ("参照",)) in glossary()


@pytest.mark.parametrize(("word", "chinese"), glossary(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_translation_uses_the_word_of_the_glossary(word, chinese):
    wrong = []
    for english, translated in (words("zh") | notes("zh")).items():
        text = re.sub(r"\n\nExample: .*|--\w+|\b[A-Z]{3,}\b|\w+\.(csv|toml)", "", english)  # commands, options, their values, files
        text = re.sub(r"`[^`]*`", "", re.sub(r"\{\w+\}", lambda m: m[0] if word == "plan" else "", text))
        if word in OTHER_SENSES and re.search(OTHER_SENSES[word], english):
            continue
        if re.search(rf"\b{re.escape(word)}s?\b", text, re.IGNORECASE) and not any(form in translated for form in chinese):
            wrong.append((english, translated))
    assert wrong == []
