"""The forms of an application, and how one is written from a finished run."""

from __future__ import annotations

import io
import os
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from models.errors import CaseError
from planner.answer.purchase import GRADES, estimate_count, uncertain_capital, uncertain_energy
from planner.application.baseline import inventory
from planner.application.details import FILE, RunTold, base_chapter, read_details
from planner.application.document import DocumentDraft, Grid, MissingText, Source, check_installed, word_file
from planner.application.projects import (
    basis,
    bid,
    consumption,
    hours,
    owners_of,
    products,
    projects,
    projects_chapter,
    projects_of,
)
from planner.application.study import economics_chapter, feasibility_chapter, goals_chapter, told_future, told_notice
from planner.export.load import load_run
from planner.language.language import NONE, Language, mark
from planner.language.message import Message
from planner.language.words import STAGES, named
from planner.plan import TARGET
from planner.tables.place import check_target, is_like_one, write_file

# --- closing ---------------------------------------------------------------------------------------------------------------
# Chapter 6, what is to be filled in, and where every number stands.

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
            say(
                "Each is marked {mark} in the text. It can be stated in {file}, under the key named here, or in the column of the "
                "park's table that is named.",
                mark=d.blank,
                file=FILE,
            )
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
        if isinstance(block, Grid)
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


# --- forms -----------------------------------------------------------------------------------------------------------------
# Forms that are data: a file of data/forms has chapters of parts, and each figure names its file and rows of the run.

FOLDER = Path(__file__).parents[2] / "data" / "forms"
#: Kind of a part -> what writes it, of those that have code of their own.
MADE: Mapping[str, Callable[[DocumentDraft, RunTold, Mapping[str, Any], str], None]] = {
    "basis": basis,
    "bid": bid,
    "consumption": consumption,
    "hours": hours,
    "products": products,
    "projects": projects,
}


@cache
def forms() -> dict[str, dict[str, Any]]:
    """Name of each form -> what its file says."""
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))}


def keys_of_forms() -> Iterator[tuple[str, str]]:
    """(table, key) of application.toml of all blanks of all forms."""
    for form in forms().values():
        for chapter in form["chapter"]:
            for part in chapter.get("part", ()):
                if part["kind"] == "blank":
                    yield _place(part["key"])


def write_form(d: DocumentDraft, told: RunTold, name: str) -> str:
    """Write the chapters of a form; gives its title."""
    form, say = forms()[name], d.language.translate
    is_shared = len({(_text(d.language, c["source"]), c["confirmed"]) for c in form["chapter"]}) == 1
    asked = mark("All chapters are asked for by: {source}.") if is_shared else mark("Asked for by: {source}.")
    for n, chapter in enumerate(form["chapter"]):
        d.chapter(_text(d.language, chapter))
        if not (n and is_shared):
            words = say(asked, source=_text(d.language, chapter["source"]))
            doubt = say("Not confirmed: compare it with the official text.")
            d.words(words if chapter["confirmed"] else d.language.sentences(words, doubt))
        for part in chapter["part"]:
            _part(d, told, part)
    title = str(form["title_zh" if d.language.code == "zh" else "title_en"])
    return title.format(park=told.details.texts.get(("park", "title"), told.case.park.name))


def _text(language: Language, said: Mapping[str, Any]) -> str:
    return str(said["zh" if language.code == "zh" else "en"])


def _place(key: str) -> tuple[str, str]:
    """`[review] comparison` as table and key."""
    table, name = key.split("] ")
    return table[1:], name


def _part(d: DocumentDraft, told: RunTold, part: Mapping[str, Any]) -> None:
    title = _text(d.language, part)
    if part["kind"] == "figures":
        _figures(d, told, part["figures"], title)
    elif part["kind"] == "breakdown":
        _breakdown(d, told, part, title)
    elif part["kind"] == "blank":
        said = told.details.texts.get(_place(part["key"]))
        if said:
            d.words(f"{title}: {said}")
        else:
            d.blank_words(title, part["key"])
    else:
        MADE[part["kind"]](d, told, part, title)


def _figures(d: DocumentDraft, told: RunTold, figures: Sequence[Mapping[str, Any]], title: str) -> None:
    """A row for each figure, a column for each year; those of a plan that was not made are left out."""
    rows, sources = [], []
    for figure in figures:
        plan = figure.get("plan", TARGET)
        if plan not in told.run.plans:
            continue
        values = _by_year(told, figure, figure["where"])
        if "over" in figure:
            values = values / _by_year(told, figure, figure["over"]).replace(0.0, float("nan"))
        digits = 3 if "over" in figure else 0
        shown = [d.language.number(values[y], digits) if y in values and pd.notna(values[y]) else NONE for y in told.columns]
        rows.append([_text(d.language, figure), figure["unit"], *shown])
        sources += [_source(figure, figure[key]) for key in ("where", "over") if key in figure]
    say = d.language.translate
    head = [say("item"), say("unit"), *map(str, told.columns)]
    d.grid(title, head, rows, *sources, wide=(3.6, 1, *[1.5] * len(told.columns)))


def _by_year(told: RunTold, figure: Mapping[str, Any], where: Mapping[str, str]) -> pd.Series:
    """The sum of the rows of a file in each year."""
    rows = told.run.plans[figure.get("plan", TARGET)][figure["file"].removesuffix(".csv")]
    for column, value in where.items():
        rows = rows[rows[column] == value]
    return rows.groupby("year")["value"].sum()


def _source(figure: Mapping[str, Any], where: Mapping[str, str]) -> Source:
    plan = figure.get("plan", TARGET)
    file = figure["file"] if plan == TARGET else f"{plan}/{figure['file']}"
    return Source(file, ", ".join(f"{column} = {value}" for column, value in where.items()))


def _breakdown(d: DocumentDraft, told: RunTold, part: Mapping[str, Any], title: str) -> None:
    """The rows of a file by a name, a column for each year; of scope 2 those of the basis of the rules."""
    say, other = d.language.translate, "location" if told.case.park.accounting == "market" else "market"
    rows = told.plans[TARGET][part["file"].removesuffix(".csv")]
    unwanted = [f"scope2_{other}", *(["scope2_certified"] if other == "market" else [])]
    rows = rows[~rows["item"].isin(unwanted)]
    pairs = zip(rows[part["by"]].astype(str), rows["item"].astype(str), strict=True)
    named_rows = [say("less: CO2 captured from {name}", name=n) if item.endswith("_captured") else n for n, item in pairs]
    rows = rows.assign(**{part["by"]: pd.Categorical(named_rows, list(dict.fromkeys(named_rows)))})
    by = rows.pivot_table(index=part["by"], columns="year", values="value", aggfunc="sum", observed=True)
    by = by.reindex(columns=told.columns).fillna(0.0)
    named = zip(by.index, by.to_numpy().tolist(), strict=True)
    cells = [[str(name), part["unit"], *map(d.language.number, own)] for name, own in named if any(own)]
    cells.append([say("sum"), part["unit"], *map(d.language.number, by.sum().tolist())])
    head = [say("source"), say("unit"), *map(str, told.columns)]
    d.grid(title, head, cells, Source(part["file"], f"item ≠ {', '.join(unwanted)}"), wide=(3.6, 1, *[1.5] * len(told.columns)))


# --- write -----------------------------------------------------------------------------------------------------------------

#: Stands in the properties of a file that was made here.
MARK = "parkzero application"


@dataclass(frozen=True)
class Application:
    """What was written: where, tables in it, what is left blank, and whether park and plan are what the form is for."""

    path: Path
    tables: int
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
    tables = sum(isinstance(block, Grid) for block in draft.blocks)
    notices = tuple(filter(None, [told_future(told), told_notice(told, form)]))
    return Application(path, tables, tuple(draft.missing), notices)


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
