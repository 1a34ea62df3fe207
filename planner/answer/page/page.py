"""The page: its table of contents."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

from planner.answer import standing_words
from planner.answer.hours import hour_archive
from planner.answer.page.report import Report, Section, section, section_markup
from planner.answer.page.table import Markup, join, palette_css, table_css, tag
from planner.answer.purchase import titled, titles_of
from planner.answer.views import chapters, in_language, part, parts
from planner.language.language import ENGLISH, LANGUAGES, Language
from planner.language.words import STAGES, named
from planner.tables.output import Output, read_output
from planner.tables.place import write_file

NAME, HOURS = "report.html", "hours.html"
#: The chapter of the second page.
HOURS_PART = "hours"
#: What the browser may do with the page: nothing is fetched, nothing runs but our own script, which its hash allows.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'"


def make_page(folder: Path, language: Language = ENGLISH, output: Output | None = None) -> str:
    """The report of an output folder, as the text of one HTML file; `output` is what was read of it, if anything was. Raises
    CaseError where the folder is no output."""
    report, say = _report(folder, language, output), language.translate
    summary, standing = report.output.summary, report.output.summary.get("standing")
    values = {"stage": named(language, STAGES, summary["target"]), "year": summary["by"]}
    subject = say("{stage} by {year}", **values)
    if standing:
        subject = say("{stage} by {year}, by the rules of {standard}", **values, standard=standing_words.titled(language, standing))
    if report.output.has_plan:
        sections = [made for chapter in chapters() if (made := _chapter(report, chapter)) is not None]
    else:
        sections = [made for own in parts() if (made := part(report, own)) is not None]
    title, above = f"{summary['park']}: {subject}", "" if report.output.has_plan else subject
    return document(title, summary["park"], above, sections, language)


def make_hours(folder: Path, language: Language = ENGLISH, output: Output | None = None) -> str | None:
    """The hours of the year of the goal, week by week and carrier by carrier, as a page of its own; None without a plan."""
    report = _report(folder, language, output)
    if not report.output.has_plan:
        return None
    (own,) = (part for part in parts() if part.chapter == HOURS_PART)
    made, title = part(report, own), in_language(own.title, language)
    content = () if made is None else made.content
    whole = section(own.id, title, hour_archive(report), *content)
    return document(f"{report.output.summary['park']}: {title}", report.output.summary["park"], title, [whole], language)


def _report(folder: Path, language: Language, output: Output | None) -> Report:
    """A page in the making, with titles for names."""
    output = output or read_output(folder)
    titles = titles_of(output, language)
    return Report(titled(output, titles), language, titles)


def _chapter(report: Report, chapter: str) -> Section | None:
    """The parts of a chapter, each but the first under a heading of its own; None of an empty one."""
    made = [found for own in parts() if own.chapter == chapter and (found := part(report, own)) is not None]
    content = [
        markup
        for i, own in enumerate(made)
        for markup in (own.content if own.name == chapter else [_within(own, has_heading=i > 0)])
    ]
    return section(chapter, in_language(chapters()[chapter], report.language), *content) if content else None


def _within(own: Section, has_heading: bool) -> Markup:
    """A part of a section, under its own heading where it has one."""
    heading = tag("h3", own.title, class_="part") if has_heading else None
    return tag("div", heading, *own.content, class_="grid", id=own.name)


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
