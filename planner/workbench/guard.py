"""What every request must be before any page sees it, and what every answer says to the browser."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from importlib.resources import files
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
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
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        given: dict[str, str] = {}
        for key, value in scope["headers"]:
            name = key.decode("latin-1").lower()
            given[name] = "" if name in given and name in ("host", "origin") else value.decode("latin-1")
        if (why := self._refused(scope, given)) is not None:
            await _say(*why, send)
            return
        if not self._is_known(scope, given):
            await _to_enter(send, "hx-request" in given or scope["method"] == "POST")
            return
        taken = _Counted(receive, self.most)
        answered = _Answer(send)
        try:
            await self.app(scope, taken, answered)
        except Exception:
            if not answered.begun:  # a mistake of ours was told as a page already
                await _say(500, "a mistake in parkzero", send)

    def _refused(self, scope: Scope, given: Mapping[str, str]) -> tuple[int, str] | None:
        """Status and words for a request that is refused."""
        if given.get("host", "") not in self.hosts:
            return 421, "this name is not served here"
        length = given.get("content-length", "0")
        if not length.isdigit() or int(length) > self.most:
            return 413, "the request is larger than any that is taken here"
        if scope["method"] not in (*SAFE, "POST"):
            return 405, "no such request"
        if scope["method"] == "POST" and not self._is_of_ours(given):
            return 403, "the request does not come from a page of this workbench"
        if given.get("sec-fetch-site") == "cross-site" and given.get("sec-fetch-mode", "navigate") != "navigate":
            return 403, "the request does not come from a page of this workbench"
        return None

    def _is_known(self, scope: Scope, given: Mapping[str, str]) -> bool:
        """True for what a browser asks that is known, and for what anybody may see."""
        is_open = any(scope["path"] == path or (path.endswith("/") and scope["path"].startswith(path)) for path in OPEN)
        return is_open or self.sessions.knows(cookie_of(given, self.sessions.cookie))

    def _is_of_ours(self, given: Mapping[str, str]) -> bool:
        """True where the browser says that one of our own pages asks; a request that says nothing of itself is none."""
        site, origin = given.get("sec-fetch-site"), given.get("origin")
        if site is None and origin is None:
            return False
        return site in (None, "same-origin") and origin in (None, f"http://{given['host']}")


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


def cookie_of(given: Mapping[str, str], name: str) -> str:
    """The value of a cookie, '' where it was not sent."""
    try:
        found = SimpleCookie(given.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


async def _to_enter(send: Send, is_part: bool) -> None:
    """To the page that says how to come in; where a part of a page was asked for, the whole page goes there."""
    where = (b"hx-redirect", b"/enter") if is_part else (b"location", b"/enter")
    await _Answer(send)({"type": "http.response.start", "status": 401 if is_part else 303, "headers": [where]})
    await send({"type": "http.response.body", "body": b""})


async def _say(status: int, words: str, send: Send) -> None:
    """A refusal: plain words, before anybody is known."""
    answer = _Answer(send)
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await answer({"type": "http.response.start", "status": status, "headers": headers})
    await answer({"type": "http.response.body", "body": f"parkzero: {words}\n".encode()})


# --- app -------------------------------------------------------------------------------------------------------------------
# The application: its pages, what is said where something is wrong, and the guard in front of all.

#: Packages whose pages there are.
PAGES = (home, park, table, settings, job, answer, ask, imports)


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
