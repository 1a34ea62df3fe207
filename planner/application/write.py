"""The forms of an application, and how one is written from a finished run."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from models.errors import CaseError
from planner.application.base import base_chapter
from planner.application.closing import lists, safeguards_chapter
from planner.application.details import read_details
from planner.application.draft import DocumentDraft, Grid, MissingText, Picture
from planner.application.economics import economics_chapter
from planner.application.feasibility import feasibility_chapter
from planner.application.forms import forms, keys_of_forms, write_form
from planner.application.goals import goals_chapter
from planner.application.notice import told_future, told_notice
from planner.application.projects import owners_of, projects_chapter, projects_of
from planner.application.told import RunTold
from planner.application.word import check_installed, word_file
from planner.baseline.inventory import inventory
from planner.export.load import load_run
from planner.language.language import Language
from planner.language.message import Message
from planner.language.words import STAGES, named
from planner.tables.place import check_target, write_file
from planner.tables.telling import is_like_one

#: Stands in the properties of a file that was made here.
MARK = "parkzero application"


@dataclass(frozen=True)
class Application:
    """What was written: where, tables and figures in it, what is left blank, and whether park and plan are what the form is for."""

    path: Path
    tables: int
    figures: int
    missing: tuple[MissingText, ...]
    notices: tuple[str, ...] = ()


def write_application(
    out: Path, form: str, language: Language, to: Path | None = None, details: Path | None = None, park: Path | None = None
) -> Application:
    """Write the application of a run's output folder. Raises CaseError for a form, run, details or place that will not do."""
    path = out / f"application-{form}.docx" if to is None else to
    said = f"--to {path}"
    if faults := _faults(out, form, path, said, to is not None, details):
        raise CaseError(faults)
    check_installed()
    told = _told(out, language, details, park)
    draft = DocumentDraft(language)
    title, below = FORMS[form](draft, told) if form in FORMS else _of_data(draft, told, form)
    content = word_file(draft, title, below)
    write_file(path, said, _signed(content), is_ours)
    tables, figures = (sum(isinstance(b, kind) for b in draft.blocks) for kind in (Grid, Picture))
    notices = tuple(filter(None, [told_future(told), told_notice(told, form)]))
    return Application(path, tables, figures, tuple(draft.missing), notices)


def _faults(out: Path, form: str, path: Path, said: str, is_named: bool, details: Path | None) -> list[str]:
    """What is wrong with the form, the run, the place and the details, all at once; `is_named`: the place was, and is not the run's
    own."""
    faults: list[str] = []
    known = (*FORMS, *forms())
    if form not in known:
        near = get_close_matches(form, known, 1)
        hint = Message("; did you mean {near}?", near=repr(near[0])) if near else ""
        faults.append(Message("--form {form}: is none of {forms}{hint}", form=form, forms=", ".join(known), hint=hint))
    is_run = is_like_one(out)
    if not is_run:
        faults.append(Message("{folder}: is no output of a run", folder=out))
    if path.suffix.lower() != ".docx":
        faults.append(Message("{said}: is no name of a Word file; let it end in .docx", said=said))
    elif is_named or is_run:
        try:
            check_target(path, said, is_ours)
        except CaseError as error:
            faults += error.complaints
    if details is not None and not os.path.lexists(details):
        faults.append(Message("--details {path}: is missing", path=details))
    return faults


def _told(out: Path, language: Language, details: Path | None, park: Path | None) -> RunTold:
    run = load_run(out, park, needs_dispatch=False)
    run.output.check_unchanged()
    bare = RunTold(run, language, read_details(None, Path(), (), (), 0), None)
    own = read_details(
        details, run.park, [p.name for p in projects_of(bare)], owners_of(run.case), run.case.park.base_year, keys_of_forms()
    )
    try:
        past = inventory(run.case)
    except CaseError:
        past = None
    return RunTold(run, language, own, past)


def _cn_910(d: DocumentDraft, told: RunTold) -> tuple[str, Sequence[str]]:
    """The outline of annex 2 of the notice NDRC 2025 No. 910: six chapters, and two lists of ours."""
    say = d.language.translate
    for chapter in (
        base_chapter,
        feasibility_chapter,
        goals_chapter,
        projects_chapter,
        economics_chapter,
        safeguards_chapter,
        lists,
    ):
        chapter(d, told)
    texts = told.details.texts
    name = texts.get(("park", "title"), told.case.park.name)
    body = texts.get(("applicant", "body"), d.blank)
    day = texts.get(("applicant", "date"), d.blank)
    notices = filter(None, [told_future(told), _whose(told), told_notice(told, "cn-910")])
    below = [say("Applicant: {body}", body=body), say("Date: {day}", day=day), *notices]
    return say("{park}: plan for building a national zero-carbon park", park=name), below


def _whose(told: RunTold) -> str:
    """By which standard the plan's goal is worked out."""
    stage = named(told.language, STAGES, told.summary["target"])
    return told.language.translate('"{stage}" in this file is by {standard}.', stage=stage, standard=told.standard)


def _of_data(d: DocumentDraft, told: RunTold, form: str) -> tuple[str, Sequence[str]]:
    """A form of data/forms, and two lists of ours."""
    say, title = d.language.translate, write_form(d, told, form)
    lists(d, told)
    texts = told.details.texts
    body, day = (texts.get(("applicant", key), d.blank) for key in ("body", "date"))
    return title, [say("Applicant: {body}", body=body), say("Date: {day}", day=day), *filter(None, [told_future(told)])]


#: Form -> what writes its chapters and gives its title and the lines below it.
FORMS: dict[str, Callable[[DocumentDraft, RunTold], tuple[str, Sequence[str]]]] = {"cn-910": _cn_910}


def is_ours(path: Path) -> bool:
    """True for a Word file that was made here and not saved by anybody else since."""
    try:
        with zipfile.ZipFile(path) as parts:
            return parts.comment.decode("ascii", "replace") == MARK
    except (OSError, ValueError, zipfile.BadZipFile):
        return False


def _signed(content: bytes) -> bytes:
    """The file with our mark, which is lost as soon as an editor saves it."""
    into = io.BytesIO(content)
    with zipfile.ZipFile(into, "a") as parts:
        parts.comment = MARK.encode("ascii")
    return into.getvalue()
