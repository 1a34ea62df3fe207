"""The first page: parks and runs of the folder, and a new park from an example, blank, or from a workbook."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from pathlib import Path

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models.errors import CaseError
from planner.examples import examples, new_park, park_folder, told_from
from planner.language.language import LANGUAGES
from planner.language.message import Message
from planner.park.book import unpacked
from planner.park.complaints import Complaints
from planner.park.settings import read_toml
from planner.tables.place import FACTS, facts_of, put
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
from planner.workbench.park import OF_PARK, card_of, park_of
from planner.workbench.places import is_name

#: Files that a park may be made of: a workbook, or its folder as it was handed out.
BOOKS = (".xlsx", ".zip")


def home(request: Request) -> Response:
    """The folder."""
    places = bench_of(request).places
    parks = [(name, _said(places.root / name)) for name in places.parks()]
    return page(
        request,
        "home.html",
        parks=parks,
        runs={name: card_of(places.root / name, language_of(request)) for name in places.runs()},
        working=bench_of(request).jobs.not_ended(),
        sets=places.sets(),
        comparisons=places.comparisons(),
        examples=[(name, _said(park_folder(name)).get("name", name)) for name in examples()],
        carriers=CARRIERS,
        regions=REGIONS,
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
    park = _idle(request)
    park.rename(bench_of(request).places.own("removed") / f"{park.name}-{time.time_ns()}")
    return moved("/")


def rename(request: Request, form: FormData) -> Response:
    """Another name for the folder of a park; its runs are told. Raises CaseError where a job works on it."""
    park, places = _idle(request), bench_of(request).places
    folder = _new(request, text_of(form, "name"))
    inside = [places.run(name, run) for name, runs in places.sets().items() for run in runs]
    made = [run for run in (*map(places.run, places.runs()), *inside) if park_of(places, run) == park.name]
    park.rename(folder)
    for run in made:
        facts = facts_of(run / FACTS)
        options = facts["options"]
        assert isinstance(options, dict)  # since its park is known
        options["park"] = told_from(folder, run)
        put(run / FACTS, json.dumps(facts, indent=1, ensure_ascii=False) + "\n")
    return moved(address("park", folder.name))


def _idle(request: Request) -> Path:
    """The folder of a park on which nothing works."""
    bench, name = bench_of(request), request.path_params["park"]
    if any(name in (job.of, job.out) for job in bench.jobs.not_ended()):
        raise CaseError([Message("{name}: is being planned; stop that first", name=name)])
    return bench.places.park(name)


def from_book(request: Request, form: FormData) -> Response:
    """A new park of the sheets of a workbook, or of a folder as a zip file."""
    upload = file_of(form, "book")
    folder = _new(request, text_of(form, "name") or Path(upload.filename or "").stem)
    with tempfile.TemporaryDirectory(dir=bench_of(request).places.own("uploads")) as within:
        file = stored(upload, Path(within), BOOKS)
        if file.suffix == ".zip":
            shutil.copytree(_unzipped(file, Path(within) / "park"), folder)
        else:
            new_park(folder, str(file))
    return moved(address("park", folder.name))


def _unzipped(file: Path, folder: Path) -> Path:
    """The park of a zip file, its own files alone, in a new folder. Raises CaseError where it holds none, or several."""
    try:
        parts = unpacked(file.read_bytes())
    except ValueError as error:
        raise CaseError.because("{name}: cannot be unpacked ({error})", name=file.name, error=error) from error
    parks = [name.removesuffix("park.toml") for name in parts if name.rpartition("/")[2] == "park.toml"]
    if len(parks) != 1:
        raise CaseError.because("{name}: holds {count} parks; a file with one is taken", name=file.name, count=len(parks))
    folder.mkdir()
    for name, content in parts.items():
        if name.startswith(parks[0]) and (own := name.removeprefix(parks[0])) in OF_PARK:
            (folder / own).write_bytes(content)
    return folder


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
    Route("/park/{park}/rename", changing(rename), methods=["POST"]),
    Route("/park/{park}/remove", changing(remove), methods=["POST"]),
    Route("/new/book", changing(from_book), methods=["POST"]),
]
