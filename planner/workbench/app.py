"""The application: its pages, what is said where something is wrong, and the guard in front of all."""

from __future__ import annotations

from importlib.resources import files

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from models.errors import CaseError, PlanError
from planner.language.message import Message
from planner.workbench import answer, ask, goal, home, imports, job, park, sets, settings, table
from planner.workbench.bench import Bench, refusal
from planner.workbench.guard import Guard, TooLarge
from planner.workbench.places import Outside

#: Packages whose pages there are.
PAGES = (home, park, table, settings, goal, job, answer, sets, ask, imports)


def make_app(bench: Bench, hosts: frozenset[str]) -> Guard:
    """The workbench as an ASGI application that answers to these names of a host alone."""
    static = Mount("/static", StaticFiles(packages=[("planner.workbench", "static")], follow_symlink=False))
    app = Starlette(
        routes=[Route("/static/colours.css", colours), static, *(route for module in PAGES for route in module.ROUTES)],
        exception_handlers={PlanError: _wrong, TooLarge: _large, HTTPException: _no_page, Exception: _mistake},  # type: ignore[dict-item]
    )
    app.state.bench = bench
    return Guard(app, bench.sessions, hosts)


def colours(request: Request) -> Response:
    """The colours of the report, light and dark."""
    style = files("planner").joinpath("answer/page/style.css").read_text(encoding="utf-8")
    return Response(style.partition("\n* {")[0], media_type="text/css")


def _wrong(request: Request, error: PlanError) -> Response:
    lines = error.complaints if isinstance(error, CaseError) else error.lines
    return refusal(request, lines, 404 if isinstance(error, Outside) else 422)


def _large(request: Request, error: TooLarge) -> Response:
    return refusal(request, (Message("what was sent is larger than anything that is taken here"),), 413)


def _no_page(request: Request, error: HTTPException) -> Response:
    if error.status_code == 404:
        return refusal(request, (Message("there is no such page"),), 404)
    return refusal(request, (Message("the request cannot be read ({error})", error=error.detail),), error.status_code)


def _mistake(request: Request, error: Exception) -> Response:
    """The last resort: a mistake of ours is a sentence, too; a system that refuses a file is none."""
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename is not None else ""
        words = Message("{where}the system refuses it ({error})", where=where, error=error.strerror or error)
        return refusal(request, (words,), 422)
    kind = type(error).__name__
    words = Message("a mistake in parkzero ({kind}: {error}); please report it{where}", kind=kind, error=error, where="")
    return refusal(request, (words,), 500)
