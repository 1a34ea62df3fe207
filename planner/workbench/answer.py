"""The answer of a run: its report in a frame, its tables, its files, and what can be asked of it."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from models.errors import CaseError
from planner.language.language import Language
from planner.language.message import Message
from planner.language.words import STATUSES, named
from planner.plan import PLANS, TARGET
from planner.planning.rerun import read_run
from planner.tables.facts import read_rows
from planner.tables.files import quoted
from planner.tables.place import COMPARISON, FACTS, PAGE, SUMMARY, facts_of, is_tree, put
from planner.tables.schema import OF_PLANS, OF_RUNS, TABLES, Table
from planner.workbench.bench import Bench, address, bench_of, language_of, moved, page
from planner.workbench.park import download, park_of, zipped
from planner.workbench.places import Outside

# --- pages -----------------------------------------------------------------------------------------------------------------
# Pages of runs in the language of the browser: the file as it was written, or one that is made anew of the tables beside it.


def text_in(bench: Bench, path: Path, language: Language, make: Callable[[], str], of: Sequence[Path] = ()) -> str:
    """The text of a page in a language: of its file where that is written in it, else made anew once, and kept by the workbench.

    Answers to later questions add tables to a run: whatever file of its folder, or of the folders `of`, is another now, the page is
    made anew. Where it cannot be made the file is shown as it is.
    """
    from planner.answer.page.page import language_of as written_in

    if path.is_file() and written_in(path.parent, path.name) == language.code:
        return path.read_text(encoding="utf-8")
    files = sorted(
        (str(file), file.stat().st_size, file.stat().st_mtime_ns) for folder in (path.parent, *of) for file in folder.iterdir()
    )
    key = hashlib.sha256(repr((path.name, files)).encode()).hexdigest()[:32]
    kept = bench.places.own("pages") / f"{key}-{language.code}.html"
    if not kept.is_file():
        try:
            put(kept, make())
        except (CaseError, OSError, KeyError, ValueError):  # what it is made of is damaged, or gone
            if path.is_file():
                return path.read_text(encoding="utf-8")
            raise
    return kept.read_text(encoding="utf-8")


# --- answer ----------------------------------------------------------------------------------------------------------------

#: Pages that are shown in a frame run only our own script, which its hash allows, and know nothing of the workbench around them.
FRAMED = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{digest}'; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'; sandbox allow-scripts allow-downloads allow-modals"
)
#: Applications that can be written.
FORMS = ("cn-910", "cn-31", "eed-11", "eu-heat")
#: Files of a run that are handed out as they are.
HANDED = {
    "report.html": "text/html",
    "plan.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "finance.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    **dict.fromkeys(
        (f"application-{form}.docx" for form in FORMS),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}
#: Rows of a table that are shown in a page; all are in the file.
MOST_ROWS = 20_000


def names_of(request: Request) -> list[str]:
    """Names of the folders of a run: its own, after that of the set that it is a point of."""
    within = request.query_params.get("within", "")
    return [*([within] if within else []), request.path_params["run"]]


def run_of(request: Request) -> Path:
    """The folder of the run that a request is about."""
    return bench_of(request).places.run(*names_of(request))


def answer(request: Request) -> Response:
    """The page of a run."""
    bench, language, folder = bench_of(request), language_of(request), run_of(request)
    if is_tree(folder):
        return moved(address("set", folder.name))
    facts = facts_of(folder / SUMMARY)
    parts = names_of(request)
    name, within = parts[-1], parts[0] if len(parts) > 1 else ""
    return page(
        request,
        "answer.html",
        run=name,
        within=within,
        said=said(facts, language),
        park=park_of(bench.places, folder),
        can_be_confirmed=_can_be_confirmed(folder),
        tables=tables_of(folder),
        files=[name for name in HANDED if (folder / name).is_file()],
        is_whole=bool(facts),
        jobs=[] if within else bench.jobs.about(name),
    )


def _can_be_confirmed(run: Path) -> bool:
    """True where `plan --rerun` can plan a run once more: not of one of several futures, nor where it keeps what was built."""
    try:
        read_run(run / FACTS, None)
    except CaseError:
        return False
    return True


def said(facts: dict[str, Any], language: Language) -> str:
    """What a run has found, in a sentence."""
    from planner.answer.caveats import told_proof

    if not facts:
        return language.translate("The run has left no summary; its folder is not whole.")
    try:
        status = named(language, STATUSES, str(facts["status"]))
        stage = language.translate("{stage} by {year}", stage=language.translate(str(facts["target"])), year=facts["by"])
        proof = told_proof(language, facts, str(facts["currency"])) if facts.get("system_cost") is not None else ""
    except (KeyError, TypeError, ValueError):
        return language.translate("The run has left no summary; its folder is not whole.")
    return language.translate("; ").join([f"{facts.get('park', '')}: {stage}", status, *([proof] if proof else [])])


def tables_of(folder: Path) -> list[tuple[str, str, list[str]]]:
    """(table, what it holds, plans that have it) of every table of a run that is there."""
    found = [(table.name, table.doc, [TARGET]) for table in OF_RUNS if (folder / table.file).is_file()]
    for table in OF_PLANS:
        plans = [plan for plan in PLANS if _of_plan(folder, plan, table).is_file()]
        if plans and table.file.endswith(".csv"):
            found.append((table.name, table.doc, plans))
    return found


def _of_plan(folder: Path, plan: str, table: Table) -> Path:
    return folder / table.file if plan == TARGET else folder / plan / table.file


def _asked(request: Request) -> tuple[Path, Table, str]:
    """File, table and plan that a request is about. Raises Outside where there is none."""
    folder, name, plan = run_of(request), request.path_params["table"], request.query_params.get("plan", TARGET)
    found = TABLES.get(name)
    if found is None or plan not in PLANS or not found.file.endswith(".csv"):
        raise Outside([Message("{name}: is no table of a run", name=repr(name))])
    path = _of_plan(folder, plan, found)
    bench_of(request).places.check_files(path.parent)
    if not path.is_file():
        raise Outside([Message("{name}: is no table of a run", name=repr(name))])
    return path, found, plan


def table(request: Request) -> Response:
    """The page of a table of a run."""
    path, found, plan = _asked(request)
    parts = names_of(request)
    return page(
        request,
        "output.html",
        run=parts[-1],
        within=parts[0] if len(parts) > 1 else "",
        table=found.name,
        doc=found.doc,
        plan=plan,
        picture=_curve(path, language_of(request)) if found.name == "abatement" else None,
    )


def _curve(path: Path, language: Language) -> str | None:
    """The abatement curve that a run was asked for, as its report draws it; None where it has no step with a cost."""
    import pandas as pd

    from planner.answer.views import picture

    return picture("abatement", pd.read_csv(path), str(facts_of(path.parent / SUMMARY).get("currency", "")), language)


def data(request: Request) -> Response:
    """Columns and rows of a table."""
    path, found, _ = _asked(request)
    language = language_of(request)
    header, rows = read_rows(path)
    known = {column.name: column for column in found.columns}
    columns = [
        {
            "name": name,
            "title": language.translate(name.replace("_", " ")) if name not in known else language.translate(name),
            "unit": _unit(known[name].unit) if name in known and known[name].unit != name else "",
            "says": known[name].doc if name in known else "",
            "is_number": bool(rows) and all(is_number(row[at]) for row in rows[:200]) and any(row[at] for row in rows[:200]),
        }
        for at, name in enumerate(header)
    ]
    return JSONResponse({"columns": columns, "rows": rows[:MOST_ROWS], "left_out": max(0, len(rows) - MOST_ROWS)})


def _unit(text: str) -> str:
    """The unit of a column; `[unit]` where another column of its row says it."""
    return f"[{text.strip('`')}]" if text.startswith("`") else text


def is_number(text: str) -> bool:
    """True for a cell that is a number, or nothing."""
    try:
        float(text or "0")
    except ValueError:
        return False
    return True


def table_file(request: Request) -> Response:
    """A table of a run as CSV; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    path, found, plan = _asked(request)
    header, rows = read_rows(path)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([[quoted(cell) for cell in row] for row in (header, *rows)])
    return download(("\ufeff" + out.getvalue()).encode(), f"{request.path_params['run']}-{plan}-{found.name}.csv", "text/csv")


def report(request: Request) -> Response:
    """The report, for the frame of the workbench; made anew where a browser reads another language."""
    from planner.answer.page.page import make_page

    bench, folder, language = bench_of(request), run_of(request), language_of(request)
    return framed(text_in(bench, folder / "report.html", language, lambda: make_page(folder, language)))


def hours(request: Request) -> Response:
    """The page of all hours, to which the report leads."""
    from planner.answer.page.page import HOURS, make_hours

    bench, folder, language = bench_of(request), run_of(request), language_of(request)
    return framed(text_in(bench, folder / HOURS, language, lambda: make_hours(folder, language) or ""))


def framed(text: str) -> Response:
    """A page of ours that stands for itself, in a frame that keeps it from the workbench."""
    return HTMLResponse(
        text, headers={"content-security-policy": FRAMED.format(digest=_script()), "cross-origin-opener-policy": "unsafe-none"}
    )


@cache
def _script() -> str:
    """Hash of the script of our own pages."""
    script = files("planner").joinpath("answer/page/script.js").read_bytes()
    return base64.b64encode(hashlib.sha256(script).digest()).decode()


def file(request: Request) -> Response:
    """A file of a run, to be saved."""
    folder, name = run_of(request), request.path_params["name"]
    if name not in HANDED or not (folder / name).is_file():
        raise Outside([Message("{name}: is no file of a run", name=repr(name))])
    return FileResponse(folder / name, media_type=HANDED[name], filename=f"{folder.name}-{name}")


def as_zip(request: Request) -> Response:
    """The run with its park, both where they stand in the folder, so that `plan --rerun` finds one from the other anywhere."""
    return handed_out(bench_of(request), run_of(request), run_of(request))


def handed_out(bench: Bench, folder: Path, run: Path) -> Response:
    """A folder, and the park of the run in it, as a zip file."""
    park = park_of(bench.places, run)
    found = {folder.relative_to(bench.places.root).as_posix(): folder, **({park: bench.places.park(park)} if park else {})}
    return download(zipped(found), f"{folder.name}.zip", "application/zip")


# --- sets ------------------------------------------------------------------------------------------------------------------
# Several runs on one page: a comparison, a frontier, a plan for several futures.


def several(request: Request) -> Response:
    """A folder that tells of several runs: in a frame what it tells, below it the runs."""
    bench, name, (folder, told, runs) = bench_of(request), request.path_params["name"], _several(request)
    return page(
        request,
        "points.html",
        name=name,
        where=request.url.path,
        is_set=not COMPARISON.is_one(folder),
        runs=[run.relative_to(bench.places.root).parts for run in runs],
        park=next((park_of(bench.places, run) for run in runs), ""),
        has_page=told.is_file(),
        jobs=bench.jobs.about(name),
    )


def _several(request: Request) -> tuple[Path, Path, list[Path]]:
    """(folder, page in it, runs that are still here) of a comparison, a frontier or a plan for several futures. Raises Outside
    where there is none."""
    places, name = bench_of(request).places, request.path_params["name"]
    folder, runs = places.within(name), [places.run(name, run) for run in places.sets().get(name, ())]
    if not runs and not (folder.is_dir() and COMPARISON.is_one(folder)):
        raise Outside([Message("{name}: is no run here", name=name)])
    places.check_files(folder)
    if runs:
        return folder, next((folder / own for own in ("frontier.html", "report.html") if (folder / own).is_file()), folder), runs
    header, _ = read_rows(folder / "runs.csv") if (folder / "runs.csv").is_file() else ([], [])
    with suppress(CaseError):
        runs = [places.run(*run.split("/")) for run in header if run not in ("item", "unit")]
    return folder, folder / PAGE, runs


def several_page(request: Request) -> Response:
    """The page shown in the frame: a comparison, the curve of a frontier, or the report of a plan for several futures."""
    (folder, told, runs), language = _several(request), language_of(request)
    if told == folder:
        raise Outside([Message("there is no such page")])

    def make() -> str:
        from planner.answer.tree import make_tree_page
        from planner.compare import compare_outputs
        from planner.compare.page import comparison_page
        from planner.questions.frontier import frontier_page, read_frontier

        if COMPARISON.is_one(folder):
            return comparison_page(compare_outputs(runs).called(language), language)
        return frontier_page(*read_frontier(folder), language) if told.name == "frontier.html" else make_tree_page(folder, language)

    return framed(text_in(bench_of(request), told, language, make, runs if COMPARISON.is_one(folder) else ()))


def several_as_zip(request: Request) -> Response:
    """All runs of a set with their park, where they stand in the folder."""
    folder, _, runs = _several(request)
    return handed_out(bench_of(request), folder, runs[0])


ROUTES = [
    Route("/run/{run}", answer),
    Route("/run/{run}/report", report),
    Route("/run/{run}/hours.html", hours),
    Route("/run/{run}/{table}.csv", table_file),
    Route("/run/{run}/{name}.xlsx", lambda request: RedirectResponse(f"file/{request.path_params['name']}.xlsx")),
    Route("/run/{run}/table/{table}", table),
    Route("/run/{run}/table/{table}/data", data),
    Route("/run/{run}/table/{table}/csv", table_file),
    Route("/run/{run}/file/{name}", file),
    Route("/run/{run}/zip", as_zip),
    *(Route(f"/{kind}/{{name}}", several) for kind in ("comparison", "set")),
    *(Route(f"/{kind}/{{name}}/page", several_page) for kind in ("comparison", "set")),
    Route("/set/{name}/zip", several_as_zip),
]
