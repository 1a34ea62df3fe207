"""Files of meters, bills and suppliers, taken into a park: first what was recognised, with a correction where it is wrong.

Each step is the command that does the same in a shell; while it is only looked at, it writes beside the park.
"""

from __future__ import annotations

import re
import secrets
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from models.errors import CaseError
from planner.language.message import Message
from planner.process.child import command_of, environment
from planner.serve.bench import Bench, address, bench_of, changing, file_of, language_of, moved, page, stored, text_of
from planner.serve.places import Outside, is_name

#: Files of readings that are taken, and seconds for which one may be looked at.
SUFFIXES, PATIENCE = (".csv", ".txt", ".xlsx", ".xls", ".xml"), 120
#: Corrections: option of the command -> what it must look like.
OPTIONS = {
    "column": r".{1,200}", "time": r".{1,200}", "unit": r".{1,20}", "zone": r"[\w/+:-]{1,40}",
    "order": r"dmy|mdy", "stamp": r"start|end",
    "year": r"[0-9]{4}", "sheet": r".{1,60}", "only": r".{1,200}",
}  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What the command says of a file: its lines, and whether it could read it."""

    lines: tuple[str, ...]
    is_right: bool


def begin(request: Request) -> Response:
    """Choose a file."""
    name = request.path_params["park"]
    bench_of(request).places.park(name)
    return page(request, "import.html", park=name)


def upload(request: Request, form: FormData) -> Response:
    """A file, kept until it is taken or left."""
    bench, name = bench_of(request), request.path_params["park"]
    bench.places.park(name)
    key = secrets.token_hex(8)
    folder = bench.places.own("imports", key)
    try:
        stored(file_of(form, "file"), folder, SUFFIXES)
    except CaseError:
        shutil.rmtree(folder)
        raise
    return moved(address("park", name, "import", key))


def preview(request: Request) -> Response:
    """What is recognised of the file, with the corrections of the address; nothing is taken yet."""
    bench, name = bench_of(request), request.path_params["park"]
    bench.places.park(name)
    folder, file = _upload(bench, request)
    given = {key: value for key in (*OPTIONS, "name") if (value := request.query_params.get(key, "").strip())}
    found = _looked(
        bench,
        ["profiles", "load", file.name, "--out", "preview.csv", "--picture", "preview.svg", *_options(given)],
        folder,
        request,
    )
    wish = given.get("name") or re.sub(r"\W+", "_", file.stem).strip("_").lower() or "meter"
    return page(
        request, "preview.html", park=name, key=folder.name, file=file.name, look=found, given=given, options=[*OPTIONS], name=wish,
        has_picture=(folder / "preview.svg").is_file(),
    )  # fmt: skip


def _options(given: dict[str, str]) -> list[str]:
    """Corrections as options of the command. Raises CaseError for one that is none."""
    wrong = [
        Message("{name}: cannot be {value}", name=key, value=repr(value))
        for key, value in given.items()
        if key in OPTIONS and not re.fullmatch(OPTIONS[key], value)
    ]
    if wrong:
        raise CaseError(wrong)
    return [f"--{key}={value}" for key, value in given.items() if key in OPTIONS]


def _upload(bench: Bench, request: Request) -> tuple[Path, Path]:
    """Folder and file of an upload. Raises Outside where there is none."""
    key = request.path_params["key"]
    folder = bench.places.root / ".workbench" / "imports" / key
    files = (
        [p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and p.stem != "preview"]
        if is_name(key) and folder.is_dir()
        else []
    )
    if not files:
        raise Outside([Message("there is no such page")])
    return folder, files[0]


def _looked(bench: Bench, command: Sequence[str], folder: Path, request: Request) -> Look:
    """Run a short command of ours to its end."""
    for old in ("preview.csv", "preview.svg"):
        (folder / old).unlink(missing_ok=True)
    try:
        done = subprocess.run(
            [*command_of("planner"), *command, "--language", language_of(request).code], cwd=folder, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=PATIENCE, env=environment(PYTHONIOENCODING="utf-8", COLUMNS="110"), check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return Look((language_of(request).translate("the file takes longer than {count} s to read", count=PATIENCE),), False)
    text = done.stdout.decode("utf-8", "replace") + done.stderr.decode("utf-8", "replace")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("preview."))
    return Look(tuple(lines), done.returncode == 0)


def take(request: Request, form: FormData) -> Response:
    """Take the file into the park: a column of profiles.csv, and where that is wished its row in demand.csv."""
    bench, name = bench_of(request), request.path_params["park"]
    park = bench.places.park(name)
    folder, file = _upload(bench, request)
    given = {key: value for key in OPTIONS if (value := text_of(form, key))}
    called = text_of(form, "name")
    if not re.fullmatch(r"[^\W\d]\w{0,79}", called):
        raise CaseError([Message("{name}: is no name of a profile: letters, digits and _", name=repr(called))])
    more = ["--demand"] * (text_of(form, "demand") == "1") + ["--replace"] * (text_of(form, "replace") == "1")
    command = ["profiles", "load", file.name, "--park", str(park), "--name", called, *more, *_options(given)]
    found = _looked(bench, command, folder, request)
    if not found.is_right:
        raise CaseError(found.lines[-20:])
    shutil.rmtree(folder)
    return moved(address("park", name, "table", "profiles"))


def picture(request: Request) -> Response:
    """The picture of a file that is looked at."""
    folder, _ = _upload(bench_of(request), request)
    if not (folder / "preview.svg").is_file():
        raise Outside([Message("there is no such page")])
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return FileResponse(folder / "preview.svg", media_type="image/svg+xml", headers={"content-security-policy": policy})


def leave(request: Request, form: FormData) -> Response:
    """Delete a file that is not taken."""
    folder, _ = _upload(bench_of(request), request)
    shutil.rmtree(folder)
    return moved(address("park", request.path_params["park"]))


ROUTES = [
    Route("/park/{park}/import", begin),
    Route("/park/{park}/import", changing(upload), methods=["POST"]),
    Route("/park/{park}/import/{key}", preview),
    Route("/park/{park}/import/{key}/take", changing(take), methods=["POST"]),
    Route("/park/{park}/import/{key}/leave", changing(leave), methods=["POST"]),
    Route("/park/{park}/import/{key}/picture", picture),
]
