"""The page of a park: what comes next, what is wrong, what is stated, what is assumed; and the park as a file."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.case import TABLES, Assumption, Case
from models.errors import CaseError
from planner.language.language import Language
from planner.language.words import STATUSES, named
from planner.park.folder import FILES, SETTINGS
from planner.planning.rerun import read_run
from planner.questions.figures import assumed_figures
from planner.tables.facts import read_rows
from planner.tables.place import FACTS, SUMMARY, facts_of, has_answer
from planner.templates.columns import FIRST
from planner.templates.stated import stated
from planner.templates.write import write_book
from planner.workbench.bench import address, bench_of, language_of, page
from planner.workbench.places import Places, Remark, is_name

#: Tables of a park in the order in which a person fills them; all others come after.
ORDER = tuple(dict.fromkeys(("demand", "supplies", "prices", "technologies", *FIRST, *TABLES)))
#: Files of a park that are handed out and taken in: its tables and settings, and what may stand beside them.
OF_PARK = (*FILES, *SETTINGS, "README.md", "built.csv", "application.toml")


def park(request: Request) -> Response:
    """The page of a park; what takes a while to find out comes after it."""
    name = request.path_params["park"]
    folder = bench_of(request).places.park(name)
    stated = [table for table in ORDER if table == "profiles" or table in TABLES]
    tables = [(table, _rows(folder / f"{table}.csv")) for table in stated]
    runs = [(*made[:2], card_of(made[2], language_of(request))) for made in made_of(bench_of(request).places, name)]
    return page(
        request,
        "park.html",
        park=name,
        runs=runs,
        tables=[t for t in tables if t[1] is not None],
        others=[t for t in tables if t[1] is None],
        has_goal=(folder / "goal.toml").is_file(),
    )


def card_of(run: Path, language: Language) -> dict[str, Any]:
    """What the card of a run shows: its day, goal, status and cost of the goal, and its net emissions (t) by year."""
    facts: Mapping[str, Any] = facts_of(run / SUMMARY)
    with suppress(CaseError, OSError, KeyError, TypeError, ValueError, AttributeError):  # one that is damaged has no figures
        net = [row for row in rows_in(run / "emissions.csv") if row["item"] == "net"]
        cost = facts.get("goal_cost") or {}
        return {
            "day": language.date(date.fromtimestamp((run / SUMMARY).stat().st_mtime)),
            "target": str(facts["target"]),
            "by": str(facts["by"]),
            "status": named(language, STATUSES, str(facts["status"])),
            "cost": language.money(cost["money"], str(facts["currency"])) if cost.get("money") is not None else "",
            "net": [(row["year"], float(row["value"])) for row in net],
        }
    return {}


def rows_in(path: Path) -> list[dict[str, str]]:
    """The rows of a table of a run, by column; none where it is not there."""
    header, rows = read_rows(path) if path.is_file() else ([], [])
    return [dict(zip(header, row, strict=False)) for row in rows]


def park_of(places: Places, run: Path) -> str:
    """The park of a run, where it is one of the folder's; '' where it is elsewhere."""
    options = facts_of(run / FACTS).get("options")
    told = str(options.get("park", "")) if isinstance(options, dict) else ""
    name = Path(told.replace("\\", "/")).name
    return name if is_name(name) and (places.root / name / "park.toml").is_file() else ""


def _rows(path: Path) -> int | None:
    """Rows of a table below its header, as lines; None where it is not there."""
    try:
        return max(0, sum(1 for line in path.read_bytes().splitlines() if line.strip(b" ,\t")) - 1)
    except OSError:
        return None


def check(request: Request) -> Response:
    """What the reader finds, as a part of the page."""
    from planner.answer.page.diagram import diagram, scheme_of
    from planner.answer.purchase import GRADES

    bench, language, name = bench_of(request), language_of(request), request.path_params["park"]
    found = bench.checks.of(bench.places.park(name))
    case, values = found.case, {"park": name, "found": found, "place": place_of, "grades": GRADES}
    if case is None:
        return page(request, "check.html", **values)
    made = [(kind, run, own) for kind, run, own in made_of(bench.places, name) if kind != "run" or has_answer(own)]
    values |= {"made": made[:1], "is_changed": bool(made) and has_changed(case, made[0][2]), "assumed": assumed_of(case)}
    scheme = scheme_of(case)
    return page(request, "check.html", **values, picture=diagram(scheme, language), scheme=scheme)


def place_of(name: str, remark: Remark) -> str:
    """The page on which a remark can be answered."""
    if remark.table in ("park", "goal"):
        return address("park", name, "settings", remark.table)
    at = f"#line={remark.line}&column={quote(remark.column)}" if remark.line else ""
    return address("park", name, "table", remark.table) + at


def has_changed(case: Case, run: Path) -> bool:
    """True for a park that is another one than a run planned. A run without the futures of its park is of that park."""
    if facts_of(run / FACTS).get("case_sha256") == case.digest:
        return False
    try:
        read_run(run / FACTS, None).check()
    except CaseError:
        return True
    return False


def made_of(places: Places, name: str) -> list[tuple[str, str, Path]]:
    """(run or set, its name, the folder of a run in it) of all that was planned of a park: runs first, the newest of them first;
    then frontiers and plans for several futures."""
    found = [("run", run, places.root / run) for run in places.runs()]
    found += [("set", made, places.run(made, inside[0])) for made, inside in places.sets().items()]
    return [(kind, made, folder) for kind, made, folder in found if park_of(places, folder) == name]


def assumed_of(case: Case) -> list[tuple[str, list[tuple[Assumption, float | None, float | None]]]]:
    """What is assumed, by table: (table, (figure, its low, its high) of each)."""
    ranges = {(f.table, f.name, f.parameter): (f.value * f.low, f.value * f.high) for f in assumed_figures(case)}
    found: dict[str, list[tuple[Assumption, float | None, float | None]]] = {}
    for row in _shortened(case.assumptions):
        parameter = "factor" if row.table == "emission_factors" else row.parameter
        found.setdefault(row.table, []).append((row, *ranges.get((row.table, row.name, parameter), (None, None))))
    return sorted(found.items())


def _shortened(rows: Iterable[Assumption]) -> list[Assumption]:
    """Of a series over years the first year, by which all others are told."""
    first: dict[tuple[str, str, str], Assumption] = {}
    for row in rows:
        first.setdefault((row.table, row.name, row.parameter), row)
    return list(first.values())


def as_zip(request: Request) -> Response:
    """The park as a zip file, its folder in it."""
    name = request.path_params["park"]
    return download(zipped({name: bench_of(request).places.park(name)}), f"{name}.zip", "application/zip")


def as_book(request: Request) -> Response:
    """The park as a workbook, a sheet a table."""
    name = request.path_params["park"]
    rows, columns = stated(bench_of(request).places.park(name))
    with tempfile.TemporaryDirectory(prefix="park-") as made:
        content = write_book(Path(made) / "park.xlsx", rows, language_of(request), columns).read_bytes()
    return download(content, f"{name}.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def zipped(folders: dict[str, Path]) -> bytes:
    """Folders as a zip file, by the name that each has in it; of a park its own files, of a run all."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, folder in folders.items():
            is_park = (folder / "park.toml").is_file()
            for path in sorted(folder.rglob("*")):
                inside = path.relative_to(folder).as_posix()
                if path.is_file() and not path.is_symlink() and (not is_park or inside in OF_PARK):
                    archive.write(path, f"{name}/{inside}")
    return made.getvalue()


def download(content: bytes, name: str, kind: str) -> Response:
    """A file to be saved; never shown in the page, whatever it holds."""
    said = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=kind, headers={"content-disposition": said})


ROUTES = [
    Route("/park/{park}", park),
    Route("/park/{park}/check", check),
    Route("/park/{park}/zip", as_zip),
    Route("/park/{park}/book", as_book),
]
