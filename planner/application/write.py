"""How an application is written from a finished run: the tables of its form put into its Word template."""

from __future__ import annotations

import io
import os
import re
import zipfile
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from models.errors import CaseError, PlanError
from planner.answer import series
from planner.answer.caveats import proof_sentence
from planner.answer.hangs_on import told_composition
from planner.answer.money import told_timing
from planner.answer.standing_words import told_measured
from planner.application import contents
from planner.application.baseline import inventory
from planner.application.details import FOLDER, forms, read_details
from planner.application.draft import FormDraft
from planner.export.load import load_run
from planner.language.language import NONE, Language, choose_language, mark
from planner.language.message import Message
from planner.language.words import EMISSIONS, STAGES, named, plain
from planner.plan import TARGET
from planner.process.streams import UNREACHABLE
from planner.process.terminal import stdout
from planner.tables.place import check_target, is_like_one, told_from, write_file

#: Stands in the properties of a file that was made here.
MARK = "parkzero application"
NUMBER = re.compile(r"[−-]?[\d,]+(\.\d+)?%?")
YELLOW, RIGHT = 7, 2


class GoalMissed(PlanError):
    """The plan does not reach what the form is for."""

    exit_code = UNREACHABLE


def write_application(
    out: Path, form: str, to: Path | None, details: Path | None, park: Path | None, anyway: bool, code: str | None
) -> None:
    """Write the application of a run's output folder, and say what is left blank in it. Raises CaseError for a form, run, details
    or place that will not do, and GoalMissed where the plan misses the form's goal and it is not to be written `anyway`."""
    language, path = choose_language(code), out / f"application-{form}.docx" if to is None else to
    if faults := _faults(out, form, path, to is not None, details):
        raise CaseError(faults)
    try:
        import docxtpl
    except ImportError as error:
        raise CaseError.because('a Word file needs the extra: pip install "parkzero[word]"') from error
    with told_from(out):
        f = _draft(out, form, language, details, park)
        lacks = contents.changes(f)
        if lacks and not anyway:
            words = mark("{form}: its goal is not met: {changes}; --anyway writes it with that at its head")
            raise GoalMissed.because(words, form=form, changes="; ".join(lacks))
        context = _context(f)
    template = docxtpl.DocxTemplate(FOLDER / f"{form}.{language.code}.docx")
    template.render(context | {"changes": lacks}, autoescape=True)
    _dress(template.docx, f.blank)
    template.docx.core_properties.title = context["title"]
    content = io.BytesIO()
    template.save(content)
    with zipfile.ZipFile(content, "a") as parts:  # a mark that is lost as soon as an editor saves the file
        parts.comment = MARK.encode("ascii")
    write_file(path, f"--to {path}", content.getvalue(), is_ours)
    words = mark("to fill in, chapter {chapter}: {what} ({key})")
    lines = [f.say(words, chapter=chapter, what=what, key=key) for chapter, what, key in f.missing]
    done = f.say("{tables} tables, {count} blanks", tables=len(template.docx.tables), count=len(lines))
    for line in [*context["notices"], *lines, f"{path}: {done}"]:
        stdout.print(plain(line), soft_wrap=True)


def _faults(out: Path, form: str, path: Path, is_named: bool, details: Path | None) -> list[str]:
    """What is wrong with the form, the run, the place (`is_named`: it is not the run's own) and the details, all at once."""
    faults, said = list[str](), f"--to {path}"
    if form not in forms():
        near = get_close_matches(form, forms(), 1)
        hint = Message("; did you mean {near}?", near=repr(near[0])) if near else ""
        faults.append(Message("--form {form}: is none of {forms}{hint}", form=form, forms=", ".join(forms()), hint=hint))
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


def _draft(out: Path, form: str, language: Language, details: Path | None, park: Path | None) -> FormDraft:
    run = load_run(out, park, needs_dispatch=False)
    run.output.check_unchanged()
    names = [p.name for p in contents.projects_of(run.plans[TARGET])]
    own = read_details(details, run.park, names, contents.owners_of(run.case), run.case.park.base_year)
    try:
        past = inventory(run.case)
    except CaseError:
        past = None
    return FormDraft(form, forms()[form], run, language, own, past)


def _context(f: FormDraft) -> dict[str, Any]:
    """What the template may name; `notices` are to be known before the form is handed in."""
    say, language, summary = f.say, f.language, f.summary
    f.texts |= contents.tasks(f)
    f.note_blanks()
    f.grids(vars(contents))
    found = contents.judged(f)
    future = ""
    if f.run.output.future:
        words = mark("This is the plan of one future of several, {future}: what it orders once that is known is not decided yet.")
        future = say(words, future=f.run.output.future)
    notices = tuple(filter(None, [future, told_measured(language, found) if found else ""]))
    composed = told_composition(language, summary["composition"], summary["base_emissions"], summary.get("base_location"))
    counted = mark("Gross: scope 1, {scope2} and, of scope 3, what the park states, less captured fossil CO2 and certificates.")
    told_whole = say("{sentence}.", sentence=composed[:1].upper() + composed[1:])
    scope2, goal = named(language, EMISSIONS, f"scope2_{summary['accounting']}"), summary["goal_cost"]
    found_projects, capital = contents.projects_of(f.tables, f.by), series.capital(f.tables)
    return f.values | {
        "projects": len(found_projects),
        "invested": f.in_money(float(capital[capital.index <= f.by].to_numpy().sum())),
        "t": f.made,
        "n": f.fields(),
        "title": f.pick(f.spec["title"]),
        "blank": f.blank,
        "stated": f.stated,
        "lacking": f.lacking,
        "texts": {f"{table}_{key}": text for (table, key), text in f.texts.items()},
        "notices": notices,
        "core": contents.core(language, contents.terms(f)) if found else {},
        "basis": contents.basis(f),
        "duty": contents.duty(f),
        "not_heat": ", ".join(contents.electrified(f.case, f.tables, f.by)[1]),
        "is_verified": bool(summary["verified"]),
        "proof": proof_sentence(language, summary["plans"][TARGET], f.run.output.currency),
        "composed": language.sentences(told_whole, say(counted, scope2=scope2)),
        "timing": told_timing(f.run.output, language),
        "steps": say(", ").join(say("{stage} by {year}", stage=named(language, STAGES, s), year=y) for s, y in f.run.output.steps),
        "goal_cost": language.money(goal["money"], f.run.output.currency) if goal else "",
        "has_finance": len(f.run.output.alone["finance"]) > 0,
    }


def _dress(document: Any, blank: str) -> None:
    """Numbers of tables stand at the right, and what is blank in them is marked."""
    for table in document.tables:
        body = [[cell.paragraphs[0] for cell in row.cells] for row in table.rows[1:]]
        for column in zip(*body, strict=True):
            told = [p.text for p in column if p.text not in ("", NONE, blank)]
            for paragraph in column:
                if told and all(map(NUMBER.fullmatch, told)):
                    paragraph.alignment = RIGHT
                if paragraph.text == blank:
                    paragraph.runs[0].font.highlight_color = YELLOW


def is_ours(path: Path) -> bool:
    """True for a Word file that was made here and not saved by anybody else since."""
    try:
        with zipfile.ZipFile(path) as parts:
            return parts.comment.decode("ascii", "replace") == MARK
    except (OSError, ValueError, zipfile.BadZipFile):
        return False
