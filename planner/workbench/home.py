"""The first page: parks and runs of the folder, and a new park from an example, blank, or from a workbook."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.errors import CaseError
from planner.examples import examples, new_park, park_folder
from planner.language.language import LANGUAGES, mark
from planner.language.message import Message
from planner.park.complaints import Complaints
from planner.park.settings import read_toml
from planner.templates.blank import CARRIERS, REGIONS, blank, wanted_of
from planner.templates.write import write_folder
from planner.workbench.bench import (
    LANGUAGE,
    address,
    bench_of,
    changing,
    file_of,
    language_of,
    moved,
    page,
    stored,
    taking,
    text_of,
)
from planner.workbench.places import is_name

#: Regions of a blank park in words.
REGION_WORDS = {"cn": mark("China, CNY"), "eu": mark("Europe, EUR"), "us": mark("United States, USD")}
#: Files that a park may be made of.
BOOKS = (".xlsx",)


def home(request: Request) -> Response:
    """The folder."""
    places = bench_of(request).places
    parks = [(name, _said(places.root / name)) for name in places.parks()]
    return page(
        request,
        "home.html",
        parks=parks,
        runs=places.runs(),
        sets=places.sets(),
        comparisons=places.comparisons(),
        examples=[(name, _said(park_folder(name)).get("name", name)) for name in examples()],
        carriers=CARRIERS,
        regions={name: REGION_WORDS.get(name, name) for name in REGIONS},
        region="cn" if language_of(request).code == "zh" else "eu",
    )


def _said(folder: Path) -> dict[str, str]:
    """What park.toml says of itself; nothing where it cannot be read."""
    toml = read_toml(folder / "park.toml", Complaints())
    return {} if toml is None else {key: str(value) for key, value in toml.keys.items() if isinstance(value, str | int)}


def from_example(request: Request, form: FormData) -> Response:
    """A new park that is a copy of an example."""
    folder = _new(request, text_of(form, "name") or text_of(form, "example"))
    park_folder(example := text_of(form, "example"))  # an example, and no workbook of this machine by its path
    new_park(folder, example)
    return moved(address("park", folder.name))


def from_blank(request: Request, form: FormData) -> Response:
    """A new park with an example row in each table that a first one needs."""
    folder = _new(request, text_of(form, "name"))
    carriers = ",".join(["electricity", *(str(c) for c in form.getlist("carrier"))])
    write_folder(folder, blank(wanted_of(folder.name, carriers, text_of(form, "grid"), text_of(form, "region"))))
    return moved(address("park", folder.name))


def from_park(request: Request, form: FormData) -> Response:
    """A new park that is a copy of one of the folder, to be changed as a scenario of it."""
    park = bench_of(request).places.park(request.path_params["park"])
    folder = _new(request, text_of(form, "name"))
    shutil.copytree(park, folder)
    return moved(address("park", folder.name))


def remove(request: Request, form: FormData) -> Response:
    """Take a park out of the folder; it stays in what the workbench keeps. Raises CaseError where a job works on it."""
    bench, name = bench_of(request), request.path_params["park"]
    park = bench.places.park(name)
    if any(name in (job.of, job.out) for job in bench.jobs.not_ended()):
        raise CaseError([Message("{name}: is being planned; stop that first", name=name)])
    park.rename(bench.places.own("removed") / f"{name}-{time.time_ns()}")
    return moved("/")


def from_book(request: Request, form: FormData) -> Response:
    """A new park of the sheets of a workbook."""
    upload = file_of(form, "book")
    folder = _new(request, text_of(form, "name") or Path(upload.filename or "").stem)
    with tempfile.TemporaryDirectory(dir=bench_of(request).places.own("uploads")) as within:
        new_park(folder, str(stored(upload, Path(within), BOOKS)))
    return moved(address("park", folder.name))


def _new(request: Request, name: str) -> Path:
    """The folder of a new park. Raises CaseError where it cannot have that name."""
    if not is_name(name):
        raise CaseError([Message("{name}: is no name that a park may have: letters, digits, spaces, - and _", name=repr(name))])
    folder = bench_of(request).places.within(name)
    if folder.exists():
        raise CaseError([Message("{folder}: is there already; name a new folder", folder=name)])
    return folder


def choose(request: Request, form: FormData) -> Response:
    """Another language, on the same page."""
    back, code = text_of(form, "back", "/"), text_of(form, "code")
    answer = moved(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")
    if code in LANGUAGES:
        answer.set_cookie(LANGUAGE, code, max_age=10**8, httponly=True, samesite="strict")
    return answer


def another(request: Request, form: FormData) -> Response:
    """A one-time address for another browser."""
    bench = bench_of(request)
    link = f"http://{request.headers['host']}/enter?token={bench.sessions.token()}"
    return page(request, "another.html", link=link)


def enter(request: Request) -> Response:
    """The first page of a browser: its token becomes a cookie, once. Without a token it says how to come in."""
    token, sessions = request.query_params.get("token"), bench_of(request).sessions
    if token is None:
        return page(request, "enter.html", has_password=bool(sessions.password), is_entered=False)
    return _entered(request, sessions.enter(token))


def say_password(request: Request, form: FormData) -> Response:
    """The password in place of a token."""
    return _entered(request, bench_of(request).sessions.say(text_of(form, "password")))


def _entered(request: Request, value: str | None) -> Response:
    sessions = bench_of(request).sessions
    if value is None:
        return page(request, "enter.html", 401, has_password=bool(sessions.password), is_entered=False)
    answer = moved("/")
    answer.set_cookie(sessions.cookie, value, httponly=True, samesite="strict")
    return answer


ROUTES = [
    Route("/", home),
    Route("/enter", enter),
    Route("/enter", taking(say_password), methods=["POST"]),
    Route("/language", taking(choose), methods=["POST"]),
    Route("/another", taking(another), methods=["POST"]),
    Route("/new/example", changing(from_example), methods=["POST"]),
    Route("/new/blank", changing(from_blank), methods=["POST"]),
    Route("/park/{park}/copy", changing(from_park), methods=["POST"]),
    Route("/park/{park}/remove", changing(remove), methods=["POST"]),
    Route("/new/book", changing(from_book), methods=["POST"]),
]
