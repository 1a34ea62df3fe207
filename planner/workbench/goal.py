"""The goal of a park: stage and year, milestones on the way, and what each stage asks, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.case import StageRule
from models.errors import CaseError
from models.metrics import METRICS as RATIOS
from planner.language.language import Language, mark
from planner.language.message import Message
from planner.language.words import METRICS, STAGES, named
from planner.park.catalogue import read_catalogue
from planner.park.complaints import Complaints
from planner.park.settings import read_toml
from planner.plan import BUSINESS
from planner.tables.facts import read_rows
from planner.workbench import sheets
from planner.workbench.bench import Bench, address, bench_of, changing, language_of, moved, page, text_of
from planner.workbench.park import made_of

FILE = "goal.toml"
#: Stages that a goal may name, from the first to the last.
NAMES = ("low-carbon", "near-zero-carbon", "zero-carbon")
#: A rule of a stage in words, by its sense.
RULES = {"<=": mark("{metric}: at most {limit}"), ">=": mark("{metric}: at least {limit}")}


def goal(request: Request) -> Response:
    """The page of the goal."""
    from planner.answer.standards import titles_of_standard
    from planner.answer.standing_words import titled

    bench, name, language = bench_of(request), request.path_params["park"], language_of(request)
    folder = bench.places.park(name)
    toml = read_toml(folder / FILE, Complaints()) if (folder / FILE).is_file() else None
    keys = toml.keys if toml is not None else {}
    milestones = keys.get("milestones") if isinstance(keys.get("milestones"), dict) else {}
    case = bench.checks.of(folder).case
    stages = stages_of(case.stages if case else _of_catalogue(folder), language)
    standard = titled(language, {"name": case.park.standard, **titles_of_standard(case.park.standard)}) if case else ""
    return page(
        request,
        "goal.html",
        park=name,
        target=str(keys.get("target", "")),
        by=str(keys.get("by", "")),
        names=NAMES,
        stages=stages,
        milestones={str(stage): str(year) for stage, year in (milestones or {}).items()},
        version=sheets.version_of(folder / FILE),
        own=case.park if case else None,
        standard=standard,
        today=today_of(bench, name, language),
        inventory=_inventory(bench, name),
    )


def today_of(bench: Bench, name: str, language: Language) -> tuple[str, str, list[str]] | None:
    """(run, year, lines): what the rules that hold in the first of the goal's years come to where the park goes on as today, by its
    newest run; None where there is none."""
    for _, run, folder in made_of(bench.places, name):
        path = folder / BUSINESS / "stages.csv"
        header, rows = read_rows(path) if path.is_file() else ([], [])
        found = [dict(zip(header, row, strict=True)) for row in rows]
        if not found:
            continue
        first = [row for row in found if row["year"] == found[0]["year"] and row["metric"] in RATIOS and row["value"]]
        lines = [
            language.translate(
                "{stage}: {rule}; as today {value}",
                stage=named(language, STAGES, row["stage"]),
                rule=rule_of(row["metric"], row["sense"], float(row["limit"]), language),
                value=told(row["metric"], float(row["value"]), language),
            )
            for row in first
        ]
        return run, found[0]["year"], lines
    return None


def _inventory(bench: Bench, name: str) -> str:
    """What the last inventory of the base year says; '' where none was asked for."""
    jobs = (job for job in reversed(bench.jobs.all()) if (job.kind, job.of) == ("baseline", name) and bench.jobs.code(job) == 0)
    return next((bench.jobs.said(job, "stdout") for job in jobs), "")


def _of_catalogue(folder: Path) -> list[StageRule]:
    """The rules of the standard that park.toml names, where the park itself cannot be read yet."""
    toml = read_toml(folder / "park.toml", Complaints())
    standard = str(toml.keys.get("standard", "")) if toml is not None else ""
    rows = read_catalogue(None, Complaints()).rows("stages", standard=standard)
    known = StageRule.columns()
    return [StageRule.model_validate({c: text for c, text in row.cells.items() if text and c in known}) for row in rows]


def stages_of(rules: Iterable[StageRule], language: Language) -> list[tuple[str, list[str]]]:
    """What each stage of the park's standard asks, in words, from the first stage to the last."""
    found: dict[tuple[int, str], list[str]] = {}
    for rule in rules:
        words = rule_of(rule.metric, rule.sense, rule.limit, language)
        found.setdefault((rule.order, rule.stage), []).append(words)
    return [(named(language, STAGES, stage), words) for (_, stage), words in sorted(found.items())]


def rule_of(metric: str, sense: str, limit: float, language: Language) -> str:
    """A rule of a stage in words."""
    return language.translate(RULES[sense], metric=named(language, METRICS, metric), limit=told(metric, limit, language))


def told(metric: str, value: float, language: Language) -> str:
    """A value of a metric in its unit."""
    unit = RATIOS[metric].unit
    return language.percent(value) if unit == "1" else f"{language.amount(value)} {unit}"


def save(request: Request, form: FormData) -> Response:
    """Write goal.toml anew. Raises CaseError with what is wrong with it, and then nothing is written."""
    bench, name = bench_of(request), request.path_params["park"]
    folder = bench.places.park(name)
    lines = [f'target = "{_stage(text_of(form, "target"))}"', f"by = {_year(text_of(form, 'by'))}"]
    steps = [(stage, text_of(form, stage)) for stage in NAMES if text_of(form, stage)]
    if steps:
        lines += ["", "[milestones]", *(f"{stage} = {_year(year)}" for stage, year in steps)]
    text = "\n".join(lines) + "\n"
    wrong = [remark.text for remark in sheets.check_with(folder, FILE, text).faults if remark.table == "goal"]
    if wrong:
        raise CaseError(wrong)
    sheets.save(folder / FILE, text, text_of(form, "version"))
    return moved(address("park", name))


def _stage(text: str) -> str:
    if text not in NAMES:
        raise CaseError([Message("{name}: is no stage", name=repr(text))])
    return text


def _year(text: str) -> str:
    if not re.fullmatch("[0-9]{4}", text):
        raise CaseError([Message("{year}: is no year; write it as 2030", year=repr(text))])
    return text


ROUTES = [
    Route("/park/{park}/goal", goal),
    Route("/park/{park}/goal", changing(save), methods=["POST"]),
]
