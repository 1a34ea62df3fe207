"""What every request must be before any page sees it, and what every answer says to the browser."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from models.errors import CaseError, PlanError
from planner.language.message import Message
from planner.workbench import answer, ask, home, imports, job, park, settings, table
from planner.workbench.bench import Bench, Sessions, refusal
from planner.workbench.places import Outside

#: Bytes of a request at most: a workbook of the largest size that is read, and what a form adds.
MOST_BYTES = 51_000_000
#: Requests that change nothing.
SAFE = ("GET", "HEAD")
#: What may be asked for by who is not known yet: the page that asks for the password or the address, and what makes it look right.
OPEN = ("/enter", "/static/")
#: What a page may do: show and run what this server sends, nothing written into the page, nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
#: Said with every answer that does not say otherwise itself.
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class TooLarge(Exception):
    """A request that is longer than any that we take."""


@dataclass
class Guard:
    """An application that sees only requests which were meant for it.

    hosts  what the header Host may be: another name that leads here is a page that turned its own name to this machine
    """

    app: ASGIApp
    sessions: Sessions
    hosts: frozenset[str]
    most: int = MOST_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            return
        request, answered = Request(scope), _Answer(send)
        refused = self._refused(request) or (None if self._is_known(request) else _to_enter(request))
        if refused is not None:
            await refused(scope, receive, answered)
            return
        try:
            await self.app(scope, _Counted(receive, self.most), answered)
        except Exception:
            if not answered.begun:  # a mistake of ours was told as a page already
                await _words(500, "a mistake in parkzero")(scope, receive, answered)

    def _refused(self, request: Request) -> Response | None:
        """The answer to a request that is refused."""
        given, foreign = request.headers, _words(403, "the request does not come from a page of this workbench")
        if len(given.getlist("host")) != 1 or given["host"] not in self.hosts:
            return _words(421, "this name is not served here")
        length = given.get("content-length", "0")
        if not length.isdigit() or int(length) > self.most:
            return _words(413, "the request is larger than any that is taken here")
        if request.method not in (*SAFE, "POST"):
            return _words(405, "no such request")
        is_navigated = given.get("sec-fetch-mode", "navigate") == "navigate"
        if given.get("sec-fetch-site") == "cross-site" and not (is_navigated and request.method != "POST"):
            return foreign
        return foreign if request.method == "POST" and not self._is_of_ours(request) else None

    def _is_known(self, request: Request) -> bool:
        """True for what a browser asks that is known, and for what anybody may see."""
        path = request.url.path
        is_open = any(path == own or (own.endswith("/") and path.startswith(own)) for own in OPEN)
        return is_open or self.sessions.knows(request.cookies.get(self.sessions.cookie, ""))

    def _is_of_ours(self, request: Request) -> bool:
        """True where the browser says that one of our own pages asks; a request that says nothing of itself is none."""
        site, origins = request.headers.get("sec-fetch-site"), request.headers.getlist("origin")
        return bool(site or origins) and site in (None, "same-origin") and origins in ([], [f"http://{request.headers['host']}"])


@dataclass
class _Counted:
    """What is received, until it is too much."""

    receive: Receive
    left: int

    async def __call__(self) -> MutableMapping[str, Any]:
        message = await self.receive()
        self.left -= len(message.get("body", b""))
        if self.left < 0:
            raise TooLarge
        return message


@dataclass
class _Answer:
    """An answer with our headers, but for those that it has itself."""

    send: Send
    begun: bool = False

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            own = {key.lower() for key, _ in message["headers"]}
            more = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in own]
            message = {**message, "headers": [*message["headers"], *more]}
        await self.send(message)


def _to_enter(request: Request) -> Response:
    """To the page that says how to come in; where a part of a page was asked for, the whole page goes there."""
    if "hx-request" in request.headers or request.method == "POST":
        return Response(status_code=401, headers={"hx-redirect": "/enter"})
    return RedirectResponse("/enter", 303)


def _words(status: int, words: str) -> Response:
    """A refusal: plain words, before anybody is known."""
    return PlainTextResponse(f"parkzero: {words}\n", status)


# --- app -------------------------------------------------------------------------------------------------------------------
# The application: its pages, what is said where something is wrong, and the guard in front of all.

#: Packages whose pages there are.
PAGES = (home, park, table, settings, job, answer, ask, imports)


def make_app(bench: Bench, hosts: frozenset[str]) -> Guard:
    """The workbench as an ASGI application that answers to these names of a host alone."""
    static = Mount("/static", StaticFiles(packages=[("planner.workbench", "static")], follow_symlink=False))
    app = Starlette(
        routes=[Route("/static/colours.css", colours), static, *(route for module in PAGES for route in module.ROUTES)],
        exception_handlers=dict.fromkeys((PlanError, TooLarge, HTTPException, Exception), _told),
    )
    app.state.bench = bench
    return Guard(app, bench.sessions, hosts)


def colours(request: Request) -> Response:
    """The colours of the report, light and dark."""
    style = files("planner").joinpath("answer/page/style.css").read_text(encoding="utf-8")
    return Response(style.partition("\n* {")[0], media_type="text/css")


def _told(request: Request, error: Exception) -> Response:
    """What went wrong, as a sentence: a system that refuses a file is no mistake of ours; anything that is not foreseen is one."""
    if isinstance(error, PlanError):
        lines = error.complaints if isinstance(error, CaseError) else error.lines
        return refusal(request, lines, 404 if isinstance(error, Outside) else 422)
    if isinstance(error, TooLarge):
        return refusal(request, (Message("what was sent is larger than anything that is taken here"),), 413)
    if isinstance(error, HTTPException):
        unread = Message("the request cannot be read ({error})", error=error.detail)
        return refusal(request, (Message("there is no such page") if error.status_code == 404 else unread,), error.status_code)
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename is not None else ""
        words = Message("{where}the system refuses it ({error})", where=where, error=error.strerror or error)
        return refusal(request, (words,), 422)
    kind = type(error).__name__
    words = Message("a mistake in parkzero ({kind}: {error}); please report it{where}", kind=kind, error=error, where="")
    return refusal(request, (words,), 500)
