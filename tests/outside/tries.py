"""Tries from outside: environment, streams, signals, OUT in every state, damaged outputs, little room; chosen by a number.

What is demanded of each:

- it ends, with an exit code of the contract, or by the signal that was sent;
- no traceback, no mistake of ours;
- whatever is not ours is byte for byte as before, links too: a checksum of the surroundings before and after;
- the older output is whole, or a new one is; no draft is left but by a kill.
"""

import hashlib
import os
import random
import shutil
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from damaging import ANY, CSV, JSON, PARQUET, VALUES, Damage, keys

from planner.tables.output import read_output
from planner.tables.place import PREFIX, RUN

PLAN = ("--park", "park", "--out", "out", "--no-verify")
#: Files of somebody else, in and around.
THEIRS = {"notes.txt": "n", "sub/costs.csv": "c", ".hidden": "h", "costs.csv.bak": "b"}
CONTRACT = (0, 2, 3, 130)


def put(folder: Path, files: dict[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def checksum(folder: Path) -> dict[str, str]:
    """What is not ours below a folder, each with its hash; of an output only what no run writes there."""
    found = {}
    is_output = (folder / "out" / "summary.json").is_file()
    for place, folders, files in os.walk(folder):
        folders[:] = [f for f in folders if not f.startswith(PREFIX) or os.path.islink(os.path.join(place, f))]
        for name in [*files, *(f for f in folders if os.path.islink(os.path.join(place, f)))]:
            path = Path(place, name)
            told = path.relative_to(folder).as_posix()
            within = told.removeprefix("far/").removeprefix("out/")
            if path.is_symlink():
                found[told] = os.readlink(path)
            elif not (told.startswith(("out/", "far/out/")) and (RUN.owns(within) or RUN.later.fullmatch(within)) and is_output):
                found[told] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "special"
    return found


def with_output(folder: Path, good: Path) -> None:
    """An older output."""
    shutil.copytree(good, folder / "out")


def _link(folder: Path, good: Path) -> None:
    shutil.copytree(good, folder / "far" / "out")
    (folder / "out").symlink_to("far/out")


def _among(name: str, make: Callable[[Path], Any]) -> Callable[[Path, Path], None]:
    def state(folder: Path, good: Path) -> None:
        with_output(folder, good)
        path = folder / "out" / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        make(path)
    return state


def _draft(folder: Path, good: Path) -> None:
    with_output(folder, good)
    put(folder / f"{PREFIX}0123abcd", {"new/costs.csv": "half"})


STATES: dict[str, Callable[[Path, Path], Any]] = {
    "absent": lambda folder, good: None,
    "empty": lambda folder, good: (folder / "out").mkdir(),
    "older": with_output,
    "older with notes": lambda folder, good: (with_output(folder, good), put(folder / "out", THEIRS)),
    "notes alone": lambda folder, good: put(folder / "out", THEIRS),
    "their costs.csv alone": lambda folder, good: put(folder / "out", {"costs.csv": "mine", "notes.txt": "n"}),
    "a file": lambda folder, good: (folder / "out").write_text("mine"),
    "a FIFO": lambda folder, good: os.mkfifo(folder / "out"),
    "a link to an older one": _link,
    "a link to a file": lambda folder, good: (folder / "out").symlink_to("park/park.toml"),
    "a link to the park": lambda folder, good: (folder / "out").symlink_to("park"),
    "a link to nothing": lambda folder, good: (folder / "out").symlink_to("nowhere"),
    "a link to itself": lambda folder, good: (folder / "out").symlink_to("out"),
    "a planted page": _among("report.html", lambda path: path.symlink_to("../park/park.toml")),
    "a planted plan": _among("least-cost", lambda path: path.symlink_to("../park")),
    "a planted table": _among("costs.csv", lambda path: path.symlink_to("../park/costs.csv")),
    "a folder for a table": _among("costs.csv", lambda path: put(path, THEIRS)),
    "drafts of killed runs": _draft,
    "without its mark": _among("run.json", lambda path: None),
}
COMMANDS: tuple[tuple[str, ...], ...] = (PLAN, (*PLAN, "--json"), ("report", "out"), ("compare", "out", "out", "--out", "side"),
    ("compare", "out", "out", "--csv"), ("export", "out", "--format", "iamc"), ("export", "out", "--format", "pypsa"),
    ("export", "out", "--format", "iamc", "--to", "x.csv"), ("new", "out"), ("compare", "good", "good", "--out", "out"),
    ("export", "good", "--format", "pypsa", "--to", "out"), ("export", "good", "--format", "iamc", "--to", "out"),
    ("--rerun", "out/run.json", "--out", "again", "--quiet"), ("check", "out"))


def try_place(chance: random.Random, folder: Path, good: Path) -> tuple[tuple[str, ...], dict[str, Any]]:
    """OUT in some state, and a command."""
    STATES[chance.choice(sorted(STATES))](folder, good)
    return chance.choice((*COMMANDS, PLAN, PLAN)), {}


def try_streams(chance: random.Random, folder: Path, good: Path) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Odd streams."""
    with_output(folder, good)
    kinds = ("null", "full", "closed", "broken")
    streams = {name: chance.choice(kinds) for name in ("stdin", "stdout", "stderr")}
    language = chance.choice(((), ("--language", "zh")))
    command = chance.choice((*COMMANDS[:3], ("catalogue",), ("--help",), ("check", "park"), ("--version",), ("--nope",), ()))
    takes = command[:1] in (("--park",), ("report",)) and language
    encoding = chance.choice(("utf-8", "ascii", "latin-1", "gb18030", "utf-16"))
    return (*command, *(language if takes else ())), {**streams, "encoding": encoding}


VARIABLES: dict[str, tuple[str, ...]] = {"LANG": ("", "C", "zh_CN.GB18030", "xx"), "LC_ALL": ("", "POSIX", "zh_CN.UTF-8"),
    "LANGUAGE": ("zh", "en", "fr:zh"), "COLUMNS": ("0", "x", "1", "100000", "-5"), "LINES": ("0", "x"),
    "TERM": ("dumb", "xterm", "none", ""), "NO_COLOR": ("1",), "FORCE_COLOR": ("1", "x"), "TMPDIR": ("/nowhere", "/proc", ""),
    "HOME": ("/nowhere", ""), "TZ": ("x", ":/nowhere"), "CI": ("1",), "PYTHONINSPECT": ("1",), "PLAN_COMPLETE": ("x",),
    "_PLAN_COMPLETE": ("complete_bash",), "TTY_COMPATIBLE": ("1", "x")}


def try_environment(chance: random.Random, folder: Path, good: Path) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Odd variables of the environment, and a folder to work in that is gone."""
    with_output(folder, good)
    names = chance.sample(sorted(VARIABLES), chance.randint(1, 5))
    more: dict[str, Any] = {"environment": {name: chance.choice(VARIABLES[name]) for name in names},
        "umask": chance.choice((0, 0o022, 0o077, 0o777))}
    return chance.choice((*COMMANDS[:6], ("catalogue",), ("--help",))), more


def try_signals(chance: random.Random, folder: Path, good: Path) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Signals at random moments."""
    chance.choice((with_output, STATES["absent"], STATES["older with notes"]))(folder, good)
    kinds = chance.choice(
        ([signal.SIGKILL], [signal.SIGINT], [signal.SIGINT] * 2, [signal.SIGTERM], [signal.SIGHUP], [signal.SIGINT] * 5))
    moments = [chance.uniform(0.0, 0.8) for _ in kinds]
    command = chance.choice((PLAN, PLAN, PLAN, *COMMANDS[2:7]))
    return command, {"signals": [[moment, int(kind)] for moment, kind in zip(sorted(moments), kinds, strict=True)]}


def try_damaged(chance: random.Random, folder: Path, good: Path) -> tuple[tuple[str, ...], dict[str, Any]]:
    """One to three files of the output damaged."""
    with_output(folder, good)
    out = folder / "out"
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        files = sorted(p for p in out.rglob("*") if p.is_file() and p.suffix in (".csv", ".json", ".parquet"))
        file = chance.choice(files)
        own: dict[str, Damage] = {".csv": CSV, ".json": JSON, ".parquet": PARQUET}[file.suffix]
        how = chance.choice([*own.values(), *own.values(), *ANY.values()])
        if file.suffix == ".json" and chance.random() < 0.7:
            how = keys(lambda found: _odd(chance, found))
        try:
            how(file)
        except (OSError, ValueError, LookupError, TypeError):
            file.unlink(missing_ok=True)  # damaged twice in ways that do not go together
    return chance.choice((*COMMANDS[2:8], COMMANDS[12])), {}


def _odd(chance: random.Random, found: dict[str, Any]) -> None:
    """Another value for some key, or none, at some depth."""
    while True:
        name = chance.choice(sorted(found))
        if isinstance(found[name], dict) and found[name] and chance.random() < 0.6:
            found = found[name]
            continue
        if chance.random() < 0.3:
            del found[name]
        else:
            found[name] = chance.choice(VALUES)
        return


def try_room(chance: random.Random, folder: Path, good: Path) -> tuple[tuple[str, ...], dict[str, Any]]:
    """Little room: files of some size at most, few files open."""
    with_output(folder, good)
    name = chance.choice(("RLIMIT_FSIZE", "RLIMIT_FSIZE", "RLIMIT_NOFILE"))
    most = chance.choice((0, 100, 4_096, 10_000, 60_000)) if name == "RLIMIT_FSIZE" else chance.choice((12, 20, 40))
    return chance.choice(COMMANDS[:8]), {"limits": {name: most}, "stdout": "null",
        "stderr": "null" if name == "RLIMIT_FSIZE" else str(folder / ".said-stderr")}


KINDS = {"OUT in some state": try_place, "streams": try_streams, "environment": try_environment, "signals": try_signals,
    "damaged outputs": try_damaged, "little room": try_room}


def attempt(server: Any, number: int, good: Path) -> tuple[str, int | None]:
    """One try; gives its kind and exit code. AssertionError where something is not as demanded."""
    chance = random.Random(number)
    kind = sorted(KINDS)[number % len(KINDS)]
    folder = Path(tempfile.mkdtemp(prefix="outside-"))
    try:
        shutil.copytree(good / "park", folder / "park")
        shutil.copytree(good / "good", folder / "good")
        put(folder, {"theirs/costs.csv": "t", "theirs/notes.txt": "t"})
        arguments, more = KINDS[kind](chance, folder, folder / "good")
        before, was = checksum(folder), _state(folder / "out")
        said = server.run(folder, *arguments, **more)
        told = (number, kind, arguments, more, said.code, said.err[-400:])
        signals = {-s for _, s in more.get("signals", [])} - {-int(signal.SIGINT)}
        assert said.code in (*CONTRACT, *signals, *([4] if kind == "little room" else [])), told
        assert "mistake" not in said.err and "Traceback" not in said.err, told
        after = checksum(folder)
        assert {name: after.get(name) for name in before} == before, (told, {n for n in before if after.get(n) != before[n]})
        assert (
            kind == "damaged outputs" or _state(folder / "out") in (was, "whole") or arguments[0] in ("new", "compare", "export")
        ), told
        if said.code is not None and said.code >= 0:
            left = [p for p in folder.rglob(f"{PREFIX}*") if p.parent in (folder, folder / "out")]
            assert not left or arguments[:1] != ("--park",) or said.code in (2, 4), (told, left)
        return kind, said.code
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _state(out: Path) -> str:
    """Whether there is a whole output."""
    try:
        read_output(out, needs_dispatch=True)
    except Exception as error:
        return type(error).__name__
    return "whole"
