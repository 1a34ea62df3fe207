"""The page of one table: shown, checked while it is changed, saved."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from models.case import TABLES
from models.errors import CaseError
from planner.language.message import Message
from planner.park.complaints import Complaints
from planner.park.fields import columns_of
from planner.park.settings import read_toml
from planner.workbench import sheets
from planner.workbench.bench import address, bench_of, changing, language_of, moved, page
from planner.workbench.names import names_of
from planner.workbench.places import Outside
from planner.workbench.words import TABLES as SAYS


def _table(request: Request) -> tuple[Path, str]:
    """The folder of a park, and the name of one of its tables."""
    folder, table = bench_of(request).places.park(request.path_params["park"]), request.path_params["table"]
    if table not in TABLES and table != "profiles":
        raise Outside([Message("{name}: is no table of a park", name=repr(table))])
    return folder, table


def table(request: Request) -> Response:
    """The page of a table."""
    folder, name = _table(request)
    has_file = (folder / f"{name}.csv").is_file()
    is_drawn = name == "profiles" or "year" in columns_of(TABLES[name])
    return page(request, "table.html", park=folder.name, table=name, says=SAYS.get(name, ""), has_file=has_file, is_drawn=is_drawn)


def data(request: Request) -> Response:
    """The sheet: columns, rows, and what is wrong with its cells."""
    folder, name = _table(request)
    sheet = sheets.read_sheet(folder / f"{name}.csv")
    key = sheets.key_of(name) if name in TABLES else []
    currency, own_names, spoken = _currency(folder), names_of(folder), language_of(request)
    return JSONResponse(
        {
            "version": sheet.version,
            "rows": sheet.rows,
            "lines": sheet.lines,
            "key": key,
            "columns": sheets.told_columns(name, sheet.columns, currency, own_names, spoken),
            "others": sheets.told_columns(name, sheets.other_columns(name, sheet.columns), currency, own_names, spoken),
            "remarks": sheets.placed(bench_of(request).checks.of(folder), name, sheet, spoken.tell),
        }
    )


def _currency(folder: Path) -> str:
    toml = read_toml(folder / "park.toml", Complaints())
    return str(toml.keys.get("currency", "money"))[:10] if toml else "money"


def sent(work: Callable[[Request, Any], Response]) -> Callable[[Request], Any]:
    """An endpoint that takes JSON."""

    async def endpoint(request: Request) -> Response:
        is_json = request.headers.get("content-type", "").partition(";")[0] == "application/json"
        return await run_in_threadpool(_answered, work, request, await request.body() if is_json else b"")

    return endpoint


def _answered(work: Callable[[Request, Any], Response], request: Request, body: bytes) -> Response:
    """What the work answers; what is wrong with it as JSON, too."""
    try:
        try:
            given = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise CaseError([Message("what was sent is no sheet")]) from error
        return work(request, given)
    except CaseError as error:
        status = 409 if isinstance(error, sheets.WasChanged) else 422
        return JSONResponse({"faults": [language_of(request).tell(line) for line in error.complaints]}, status)


def check(request: Request, given: Any) -> Response:
    """What would be wrong with the park if the sheet were saved as it stands in the browser."""
    folder, name = _table(request)
    sheet = sheets.sheet_of(given)
    found = sheets.check_with(folder, f"{name}.csv", sheets.csv_text(sheet))
    return JSONResponse(_told(request, name, sheet, found))


def _told(request: Request, name: str, sheet: sheets.Sheet, found: sheets.Checked) -> dict[str, Any]:
    """Remarks of this table, and how many faults there are in others."""
    tell = language_of(request).tell
    elsewhere = [tell(remark.text) for remark in found.faults if remark.table != name]
    return {"remarks": sheets.placed(found, name, sheet, tell), "elsewhere": elsewhere, "can_plan": found.case is not None}


def save(request: Request, given: Any) -> Response:
    """Save the sheet, as it is: what is wrong with it is told and can be mended later."""
    bench_of(request).must_write()
    folder, name = _table(request)
    sheet = sheets.sheet_of(given)
    path = folder / f"{name}.csv"
    version = sheets.save(path, sheets.csv_text(sheet), sheet.version)
    return JSONResponse({"version": version, **_told(request, name, sheet, bench_of(request).checks.of(folder))})


def remove(request: Request, form: FormData) -> Response:
    """Take a table out of the park; a copy of it stays in what the workbench keeps."""
    folder, name = _table(request)
    path = folder / f"{name}.csv"
    if path.is_file():
        kept = bench_of(request).places.own("removed")
        path.replace(kept / f"{folder.name}-{name}-{sheets.version_of(path)[:8]}.csv")
    return moved(address("park", folder.name))


ROUTES = [
    Route("/park/{park}/table/{table}", table),
    Route("/park/{park}/table/{table}/data", data),
    Route("/park/{park}/table/{table}/check", sent(check), methods=["POST"]),
    Route("/park/{park}/table/{table}/save", sent(save), methods=["POST"]),
    Route("/park/{park}/table/{table}/remove", changing(remove), methods=["POST"]),
]
