"""The workbench as its pages see it: folder, sessions, what was read; and a page or an answer made of a template."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from models.errors import CaseError
from planner import __version__
from planner.language.language import LANGUAGES, Language, mark
from planner.language.message import Message
from planner.workbench.jobs import Jobs
from planner.workbench.places import Checks, Holder, Places, is_name

# --- session ---------------------------------------------------------------------------------------------------------------
# Who may use the workbench: whoever opened its one-time address, or said its password; told again by a cookie.

#: The shortest password, and the longest file that holds one.
LEAST_LETTERS, MOST_PASSWORD_BYTES = 12, 1_000
#: Addresses that wait to be opened, and browsers that are known, at most; seconds that an address waits, and between passwords.
MOST, WAITING, PAUSE = 50, 3_600.0, 1.0


@dataclass
class Sessions:
    """Tokens that wait to be used once, and cookies that were given for them.

    password  asked for where the workbench is open to other machines; '' where it is not
    """

    port: int
    password: str = ""
    _waiting: dict[str, float] = field(default_factory=dict)
    _known: list[str] = field(default_factory=list)
    _asked: float = -PAUSE

    @property
    def cookie(self) -> str:
        """Name of the cookie: cookies of one host are sent to all its ports."""
        return f"parkzero_{self.port}"

    def token(self) -> str:
        """A new token, good for one browser within an hour."""
        now = time.monotonic()
        self._waiting = {token: until for token, until in list(self._waiting.items())[-MOST:] if until > now}
        token = secrets.token_urlsafe(32)
        self._waiting[token] = now + WAITING
        return token

    def enter(self, token: str) -> str | None:
        """The value of the cookie for a token that nobody used before; else None."""
        until = self._waiting.pop(token, None)
        return self._begun() if until is not None and until > time.monotonic() else None

    def say(self, password: str) -> str | None:
        """The value of the cookie for the right password; None for another, and for one that comes too soon after the last."""
        now = time.monotonic()
        is_soon, self._asked = now - self._asked < PAUSE, now
        is_right = hmac.compare_digest(password.encode(), self.password.encode())
        return self._begun() if self.password and is_right and not is_soon else None

    def knows(self, value: str) -> bool:
        """True for the value of a cookie that was given."""
        return any(hmac.compare_digest(value.encode(), known.encode()) for known in self._known)

    def _begun(self) -> str:
        value = secrets.token_urlsafe(32)
        self._known = [*self._known[-MOST:], value]
        return value


def password_of(path: Path) -> str:
    """The password that stands in a file, on one line. Raises CaseError where it is no such file, or others may read it."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > MOST_PASSWORD_BYTES:
            raise CaseError.because("--password-file {path}: is no file with one line", path=path)
        text = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError.because(
            "--password-file {path}: cannot be read ({error})", path=path, error=getattr(error, "strerror", None) or "no UTF-8"
        ) from error
    if len(text) < LEAST_LETTERS or "\n" in text:
        raise CaseError.because(
            "--password-file {path}: write one line of at least {least} letters", path=path, least=LEAST_LETTERS
        )
    if os.name == "posix" and found.st_mode & 0o077:
        raise CaseError.because("--password-file {path}: others can read it; take that right away (chmod 600)", path=path)
    return text


# --- bench -----------------------------------------------------------------------------------------------------------------

#: The cookie that remembers the language.
LANGUAGE = "parkzero_language"
#: Fields and files of a form, and bytes of a field, at most.
MOST_FIELDS, MOST_FILES, MOST_PART = 3_000, 24, 2_000_000


@dataclass
class Bench:
    """One workbench. `other` is who writes in the folder instead of us; then nothing is changed here."""

    places: Places
    sessions: Sessions
    language: str = "en"
    other: Holder | None = None
    is_open: bool = False
    checks: Checks = field(default_factory=Checks)

    @cached_property
    def jobs(self) -> Jobs:
        """The commands that were started here."""
        return Jobs(self.places, begins=self.other is None)

    def free(self, wish: str) -> str:
        """A name that nothing in the folder has, and nothing in the queue will have: the wish, or with a number behind it."""
        return self.places.free(wish, self.jobs.to_come())

    def must_write(self) -> None:
        """Raise CaseError where this workbench reads only."""
        if self.other is not None:
            raise CaseError.because(
                "another workbench writes in this folder ({host}, process {pid}): this one reads only",
                host=self.other.host,
                pid=self.other.pid,
            )


def bench_of(request: Request) -> Bench:
    """The workbench that answers a request."""
    found = request.app.state.bench
    assert isinstance(found, Bench)
    return found


def language_of(request: Request) -> Language:
    """The language that a browser has chosen; else that of the workbench."""
    code = request.cookies.get(LANGUAGE, "")
    return Language(code if code in LANGUAGES else bench_of(request).language)


def address(*parts: str, **query: str) -> str:
    """The address of a page: each part one step of the path, whatever is in it."""
    path = "/" + "/".join(quote(part, safe="") for part in parts)
    return path + ("?" + "&".join(f"{key}={quote(value, safe='')}" for key, value in query.items()) if query else "")


_pages = Environment(
    loader=PackageLoader("planner.workbench"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_pages.globals.update(address=address, mark=mark, version=__version__, languages={"en": "English", "zh": "中文"})
_pages.globals["words"] = _pages.get_template("words.html").module


def page(request: Request, template: str, status: int = 200, /, **values: Any) -> HTMLResponse:
    """A page or a part of one, in the language of the browser. In a template `say` translates, `tell` tells a message."""
    bench, language = bench_of(request), language_of(request)
    known = {
        "say": language.translate,
        "tell": language.tell,
        "language": language,
        "bench": bench,
        "reads_only": bench.other is not None,
        "here": request.url.path,
        "again": _again(request),
        "folder": bench.places.root.name or str(bench.places.root),
        "is_entered": True,
    }
    return HTMLResponse(_pages.get_template(template).render({**known, **values}), status)


def _again(request: Request) -> str:
    """The address that shows a page once more, in another language: its own; of one that answers to a form, that of the form."""
    if request.method == "GET":
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return _back(request).removeprefix(str(request.base_url).rstrip("/"))


def _back(request: Request) -> str:
    """The page of ours from which a request comes."""
    back = request.headers.get("referer", "")
    return back if back.startswith(str(request.base_url)) else "/"


def refusal(request: Request, lines: tuple[str, ...], status: int = 422) -> Response:
    """What is wrong, as a page, or as a part of the page that asked for it."""
    name = "faults.html" if request.headers.get("hx-request") else "refused.html"
    return page(request, name, status, lines=lines, back=_back(request))


def moved(path: str) -> RedirectResponse:
    """To another page, once something was done."""
    return RedirectResponse(path, 303)


View = Callable[[Request], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def changing(work: Callable[[Request, FormData], Response]) -> Endpoint:
    """An endpoint that takes a form and changes something: refused where this workbench reads only."""

    async def endpoint(request: Request) -> Response:
        bench_of(request).must_write()
        return await taking(work)(request)

    return endpoint


def taking(work: Callable[[Request, FormData], Response]) -> Endpoint:
    """An endpoint that takes a form."""

    async def endpoint(request: Request) -> Response:
        async with request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=MOST_PART) as form:
            return await run_in_threadpool(work, request, form)

    return endpoint


def text_of(form: FormData, name: str, default: str = "") -> str:
    """A field of a form as text."""
    value = form.get(name, default)
    return value.strip() if isinstance(value, str) else default


def with_point(text: str) -> str:
    """A number typed with a decimal comma, with a point; three digits behind a comma may be thousands and stay as they are."""
    is_decimal = re.fullmatch(r"[+-]?\d*,\d+", text) and not re.fullmatch(r"[+-]?\d{1,3},\d{3}", text)
    return text.replace(",", ".") if is_decimal else text


def file_of(form: FormData, name: str) -> UploadFile:
    """A file of a form. Raises CaseError where none was chosen."""
    value = form.get(name)
    if not isinstance(value, UploadFile) or not value.filename:
        raise CaseError([Message("no file was chosen")])
    return value


def stored(upload: UploadFile, folder: Path, suffixes: tuple[str, ...]) -> Path:
    """An uploaded file, written into a folder of ours under its own name, with `_` for signs that no name has, and with a number
    where another of that name was uploaded. Raises CaseError where its ending is none of these."""
    name = upload.filename or ""
    suffix = Path(name).suffix.lower()
    if suffix not in suffixes:
        raise CaseError.because("{name}: is no file of {suffixes}", name=repr(name), suffixes=", ".join(suffixes))
    stem = re.sub(r"[^\w .()+-]", "_", Path(name).stem)[:60].lstrip(" .()+-") or "upload"
    names = (f"{stem}{suffix}", *(f"{stem}-{number}{suffix}" for number in range(2, MOST_FILES + 2)))
    path = next(folder / name for name in names if is_name(name) and not (folder / name).exists())
    with path.open("xb") as file:
        shutil.copyfileobj(upload.file, file, 1 << 20)
    return path
