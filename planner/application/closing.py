"""Chapter 6, what is to be filled in, and where every number stands."""

from __future__ import annotations

from planner.application.details import FILE
from planner.application.draft import DocumentDraft, Grid, MissingText, Picture
from planner.application.told import RunTold
from planner.language.language import Language, mark

SAFEGUARDS = {
    "organisation": mark("Organisation and responsibilities"),
    "policy": mark("Policies"),
    "funding": mark("Funding"),
    "operation": mark("Operation and maintenance"),
    "monitoring": mark("Monitoring of energy and carbon"),
    "risk": mark("Risks"),
}


def safeguards_chapter(d: DocumentDraft, told: RunTold) -> None:
    """Write chapter 6."""
    say = d.language.translate
    d.chapter(say("Safeguards"))
    for key, words in SAFEGUARDS.items():
        d.section(say(words))
        d.words(told.details.texts.get(("safeguards", key)) or d.fill_in(say(words), f"[safeguards] {key}"))


def lists(d: DocumentDraft, told: RunTold) -> None:
    """Write the two lists at the end."""
    say = d.language.translate
    d.annex(say("What is to be filled in"))
    if d.missing:
        d.words(
            say("Each is marked {mark} in the text. It can be stated in {file}, under the key named here.", mark=d.blank, file=FILE)
        )
        rows = [[m.chapter, told_blank(d.language, m), m.key] for m in d.missing]
        d.grid(say("Blanks"), [say("chapter"), say("what"), say("key")], rows, wide=(1.2, 6, 4))
    else:
        d.words(say("Nothing is blank."))
    d.annex(say("Where the numbers stand"))
    facts = told.run.output.facts
    d.words(
        say(
            "All numbers are of one run of parkzero {version}; files are those of its output folder, or of the park where they are "
            "tables of a park. Hash of the park (run.json, case_sha256): {hash}",
            version=facts["parkzero"],
            hash=facts["case_sha256"],
        )
    )
    rows = [
        [block.label, block.title, source.file, source.rows]
        for block in d.blocks
        if isinstance(block, Grid | Picture)
        for source in dict.fromkeys(block.sources)
    ]
    d.grid(say("Sources"), [say("place"), say("title"), say("file"), say("rows")], rows, wide=(1.4, 4, 3, 5))


def told_blank(language: Language, m: MissingText) -> str:
    """What is blank, and of which projects."""
    say = language.translate
    return say("{title}: {words}", title=m.what, words=say(", ").join(m.of)) if m.of else m.what
