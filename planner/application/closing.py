"""Chapter 6, what is to be filled in, and where every number stands."""

from __future__ import annotations

from planner.answer.estimates import estimate_count
from planner.answer.page.grades import GRADES, uncertain_capital, uncertain_energy
from planner.application.details import FILE
from planner.application.draft import DocumentDraft, Grid, MissingText, Picture, Source
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
    blank = []
    for key, words in SAFEGUARDS.items():
        if said := told.details.texts.get(("safeguards", key)):
            d.section(say(words))
            d.words(said)
        else:
            d.fill_in(say(words), f"[safeguards] {key}")
            blank.append(say(words))
    d.not_stated(blank)


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
    _grades(d, told)
    rows = [
        [block.label, block.title, source.file, source.rows]
        for block in d.blocks
        if isinstance(block, Grid | Picture)
        for source in dict.fromkeys(block.sources)
    ]
    d.grid(say("Sources"), [say("place"), say("title"), say("file"), say("rows")], rows, wide=(1.4, 4, 3, 5))


def _grades(d: DocumentDraft, told: RunTold) -> None:
    """How many figures are of which grade, and how much money rests on estimates."""
    say, known = d.language.translate, told.titled.assumptions
    counts = known["grade"].value_counts()
    rows = [
        [say("figures of the program's catalogue: {grade}", grade=say(words)), d.language.number(counts[g])]
        for g, words in GRADES.items()
        if g in counts
    ]
    marked = d.language.number(estimate_count(told.summary))
    rows.append([say("rows of the park's own tables that it marks as estimates or illustrative"), marked])
    capital, energy = (share(told.titled, told.titles)[0] for share in (uncertain_capital, uncertain_energy))
    rows.append([say("share of what is invested at estimated prices"), d.language.percent(capital, 0)])
    rows.append([say("share of what is paid for energy, discounted, at estimated prices"), d.language.percent(energy, 0)])
    sources = [Source("assumptions.csv", "grade"), Source("summary.json", "estimates")]
    sources += [Source("costs.csv", "item = capital, measures, restoration"), Source("system_cost.csv", "item = energy, contract")]
    label = d.grid(say("How good the figures are"), [say("item"), say("value")], rows, *sources, wide=(8, 3))
    d.words(say("The program checked the numbers itself; no person or body outside has."), label)


def told_blank(language: Language, m: MissingText) -> str:
    """What is blank, and of which projects."""
    say = language.translate
    return say("{title}: {words}", title=m.what, words=say(", ").join(m.of)) if m.of else m.what
