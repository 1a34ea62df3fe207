"""The page: its table of contents."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from importlib.resources import files
from pathlib import Path

from planner.answer import standing_words
from planner.answer.page.answer import risks_section
from planner.answer.page.assumptions import assumptions_section, files_section
from planner.answer.page.emissions import emissions_section, rules_section
from planner.answer.page.energy import flows_section
from planner.answer.page.finance import finance_section
from planner.answer.page.first import answer_section, schedule_section
from planner.answer.page.hours import dispatch_section, flexibility_section, hour_section, vehicles_section
from planner.answer.page.questions import questions_section
from planner.answer.page.remedies import alternatives_section, remedies_section
from planner.answer.page.report import Report, Section, section, section_markup
from planner.answer.page.table import Markup, join, palette_css, table_css, tag
from planner.answer.purchase import titled, titles_of
from planner.answer.views import part
from planner.language.language import ENGLISH, LANGUAGES, Language, mark
from planner.language.words import STAGES, named
from planner.tables.output import Output, read_output
from planner.tables.place import write_file

Make = Callable[[Report], Section | None]


def of_views(name: str, title: str) -> Make:
    """A part of the page that is views alone."""
    return lambda report: part(report, name, title)


#: Sections below the first screen, in their order: name, title, parts.
SECTIONS: tuple[tuple[str, str, tuple[Make, ...]], ...] = (
    ("do", mark("What to do"), (schedule_section, of_views("capacity", mark("Capacity")))),
    ("cost", mark("What it costs"), (of_views("costs", mark("Costs")),)),
    ("rules", mark("Emissions and rules"), (emissions_section, rules_section, of_views("audit", mark("For the auditor")))),
    (
        "flow",
        mark("Energy in and out"),
        (
            of_views("energy", mark("Energy")),
            flows_section,
            hour_section,
            flexibility_section,
            vehicles_section,
            of_views("purchase", mark("Contracts and connections")),
        ),
    ),
    (
        "certain",
        mark("How sure"),
        (risks_section, questions_section, of_views("tried", mark("If it comes otherwise")), alternatives_section),
    ),
    ("bank", mark("Money of the bank"), (finance_section, of_views("stores", mark("What stores earn")))),
    ("tables", mark("Tables"), (of_views("loads", mark("Loads and bills")), assumptions_section, files_section)),
)
#: Sections of a run without a plan.
WITHOUT_PLAN: tuple[Make, ...] = (answer_section, remedies_section, questions_section, assumptions_section)
NAME, HOURS = "report.html", "hours.html"
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
    park, title = output.summary["park"], f"{output.summary['park']}: {subject}"
    if not output.has_plan:
        return document(title, park, subject, _made(report, WITHOUT_PLAN), language)
    grouped = [(name, title, _made(report, makes)) for name, title, makes in SECTIONS]
    sections = [answer_section(report), *(section(name, say(title), *map(_part, parts)) for name, title, parts in grouped if parts)]
    return document(title, park, "", sections, language)


def make_hours(folder: Path, language: Language = ENGLISH, output: Output | None = None) -> str | None:
    """The hours of the year of the goal, week by week and carrier by carrier, as a page of its own; None without a plan."""
    output = output or read_output(folder)
    if not output.has_plan:
        return None
    titles = titles_of(output, language)
    part = dispatch_section(Report(titled(output, titles), language, titles))
    return document(f"{output.summary['park']}: {part.title}", output.summary["park"], part.title, [part], language)


def _made(report: Report, makes: Iterable[Make]) -> list[Section]:
    return [part for make in makes if (part := make(report)) is not None]


def _part(part: Section) -> Markup:
    """A part of a section under its own heading."""
    return tag("div", tag("h3", part.title, class_="part"), *part.content, class_="grid", id=part.name)


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
        tag("style", Markup(palette_css() + table_css() + style)),
    )
    header = tag("header", tag("h1", heading), tag("p", subject, class_="subject") if subject else None)
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
    """Write report.html and hours.html into an output folder, from its tables alone. Raises CaseError where that cannot be done."""
    path, output = folder / NAME, read_output(folder)
    write_file(path, str(path), make_page(folder, language, output), lambda _: True)
    if (hours := make_hours(folder, language, output)) is not None:
        write_file(folder / HOURS, str(folder / HOURS), hours, lambda _: True)
    return path
