"""The workbench as its pages see it: folder, sessions, what was read; and a page or an answer made of a template."""

from __future__ import annotations

import json
import re
import shutil
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
from planner.language.language import LANGUAGES, Language
from planner.language.message import Message
from planner.workbench.checked import Checks
from planner.workbench.jobs import Jobs
from planner.workbench.lock import Holder
from planner.workbench.places import Places, is_name
from planner.workbench.session import Sessions
from planner.workbench.words import script_words

#: The cookie that remembers the language.
LANGUAGE = "parkzero_language"
#: Fields and files of a form, and bytes of a field, at most.
MOST_FIELDS, MOST_FILES, MOST_PART = 200, 24, 2_000_000


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
_pages.globals.update(address=address, version=__version__, languages={"en": "English", "zh": "中文"})


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
        "script_words": json.dumps(script_words(language), ensure_ascii=False),
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
