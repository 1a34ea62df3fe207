"""The page: its table of contents."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from pathlib import Path

from planner.answer import standing_words
from planner.answer.loads import loads_section
from planner.answer.page.answer import answer_section, risks_section
from planner.answer.page.assumptions import assumptions_section
from planner.answer.page.costs import costs_section
from planner.answer.page.emissions import emissions_section, rules_section
from planner.answer.page.energy import energy_section, purchase_section
from planner.answer.page.finance import finance_section
from planner.answer.page.hours import dispatch_section, flexibility_section, vehicles_section
from planner.answer.page.questions import questions_section
from planner.answer.page.remedies import alternatives_section, remedies_section
from planner.answer.page.report import Report, Section, capacity_section, section_markup, stores_section, tried_section
from planner.answer.page.schedule import schedule_section
from planner.answer.page.table import Markup, join, palette_css, table_css, tabs_css, tag
from planner.answer.purchase import titled, titles_of
from planner.language.language import ENGLISH, LANGUAGES, Language
from planner.language.words import STAGES, named
from planner.tables.output import Output, read_output
from planner.tables.place import write_file

#: Sections of a plan, in their order.
SECTIONS: tuple[Callable[[Report], Section | None], ...] = (
    answer_section,
    schedule_section,
    capacity_section,
    costs_section,
    emissions_section,
    rules_section,
    energy_section,
    dispatch_section,
    flexibility_section,
    stores_section,
    vehicles_section,
    risks_section,
    questions_section,
    tried_section,
    alternatives_section,
    finance_section,
    purchase_section,
    loads_section,
    assumptions_section,
)
#: Sections of a run without a plan.
WITHOUT_PLAN: tuple[Callable[[Report], Section | None], ...] = (
    answer_section,
    remedies_section,
    questions_section,
    assumptions_section,
)
NAME = "report.html"
#: What the browser may do with the page: nothing is fetched, nothing runs but our own script, which its hash allows.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'"


def make_page(folder: Path, language: Language = ENGLISH, output: Output | None = None) -> str:
    """The report of an output folder, as the text of one HTML file; `output` is what was read of it, if anything was. Raises
    CaseError where the folder is no output."""
    output = output or read_output(folder)
    titles = titles_of(output, language)
    report = Report(titled(output, titles), language, titles)
    say = language.translate
    stage = named(language, STAGES, output.summary["target"])
    values = {"stage": stage, "year": output.summary["by"]}
    standing = output.summary.get("standing")
    subject = say("{stage} by {year}", **values)
    if standing:
        subject = say("{stage} by {year}, by the rules of {standard}", **values, standard=standing_words.titled(language, standing))
    made = [make(report) for make in (SECTIONS if output.has_plan else WITHOUT_PLAN)]
    sections = [part for part in made if part is not None]
    return document(f"{output.summary['park']}: {subject}", output.summary["park"], subject, sections, language)


def document(title: str, heading: str, subject: str, sections: Sequence[Section], language: Language) -> str:
    """A whole HTML file: nothing in it is fetched, and it is complete where its script does not run."""
    say, here = language.translate, files("planner.answer.page")
    style, script = (here.joinpath(name).read_text(encoding="utf-8") for name in ("style.css", "script.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY.format(digest=digest)),
        tag("meta", name="color-scheme", content="light dark"),
        Markup('<link rel="icon" href="data:,"/>'),
        tag("title", title),
        tag("style", Markup(palette_css() + table_css() + style + tabs_css())),
    )
    header = tag("header", tag("h1", heading), tag("p", subject, class_="subject"))
    body = tag(
        "body",
        tag("a", say("To the content"), href="#content", class_="skip"),
        header,
        _contents(sections, language),
        tag("main", join(map(section_markup, sections)), id="content"),
        tag("script", Markup(script)),
        data_filter=say("Filter the rows"),
    )
    return Markup("<!DOCTYPE html>\n") + tag("html", head, body, lang={"zh": "zh-CN"}.get(language.code, language.code))


def _contents(sections: Iterable[Section], language: Language) -> Markup:
    """Links to the sections."""
    links = (tag("li", tag("a", part.title, href=f"#{part.name}")) for part in sections)
    return tag("nav", tag("ul", *links), aria_label=language.translate("Contents"))


def language_of(folder: Path, name: str = NAME) -> str | None:
    """The language that the page of an output has; None where there is no page, or none of ours."""
    try:
        with (folder / name).open(encoding="utf-8") as file:
            found = re.search(r'<html lang="([a-z]+)', file.read(200))
    except (OSError, ValueError):
        return None
    return found[1] if found and found[1] in LANGUAGES else None


def write_page(folder: Path, language: Language = ENGLISH) -> Path:
    """Write report.html into an output folder, from its tables alone. Raises CaseError where that cannot be done."""
    path = folder / NAME
    write_file(path, str(path), make_page(folder, language), lambda _: True)
    return path
