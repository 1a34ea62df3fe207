"""Commands that the workbench has started, each in a folder of its own: they outlive the pages, and the workbench itself.

One works at a time; what comes meanwhile waits. Whether one works is told by its process, how it ended by the code that it left.
A folder may come from anybody: only what was asked for in this process is run, by a command that is made here of names and options
that were checked. What the folder says of jobs is shown and never run.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from models.errors import CaseError
from planner.language.message import Message
from planner.process import streams as exits
from planner.process.worker import command_of, environment
from planner.tables.place import FACTS, put
from planner.workbench.places import Outside, Places, is_name

#: The command that a job is, by its kind; `{of}` is a park or a run. What it is called stands in the template words.html.
COMMANDS = {
    **dict.fromkeys(("plan", "few", "quick"), "--park {of}"),
    "rerun": f"--rerun {{of}}/{FACTS}",
    "baseline": "check {of} --baseline",
    "rank": "what-if {of} --assumed",
    "frontier": "frontier --park {of}",
    "why-not": "explain {of} --not-chosen",
    "limits": "explain {of} --rules",
    "worth": "explain {of} --projects",
    "watch": "explain {of} --signs",
    "alternatives": "alternatives {of}",
    "sensitivity": "what-if {of}",
    "abatement": "frontier --abatement={of}",
    "stress": "what-if {of} --in-futures",
    "outages": "what-if {of} --outages",
    "moving": "what-if {of} --moving",
    "application": "report {of}",
    "compare": "compare {of}",
}
WAITING, WORKING, ENDED, LOST = "waiting", "working", "ended", "lost"
#: Between the names of the runs that a comparison is of; no name has a comma.
BETWEEN = ", "
#: Exit codes of commands that had their say.
ANSWERS = (0, exits.WRONG, exits.UNREACHABLE, exits.FAILED)
#: Kinds of jobs that make one plan: stopped, they give the best so far.
PLANNED = ("plan", "few", "quick", "rerun")
#: Options that a job may have, and what each may be, '' for one without a value: none names a file, an output or a scheduler.
OPTIONS = {
    **dict.fromkeys(("days", "foresight", "step", "points"), r"\d{1,3}"),
    **dict.fromkeys(("time-limit", "objective", "target", "by", "form"), r"[\w.-]{1,80}"),
    **dict.fromkeys(("no-futures", "no-verify", "quick", "anyway"), ""),
}
MOST_SHOWN, CHILD = 60_000, "planner.workbench.child"  # bytes that are shown of what a command has said; what starts it


@dataclass(frozen=True)
class Job:
    """One command. `of` is the park or run that it is about, `out` the run or file that it makes, '' where it makes none; the
    options are known only of one that was asked for in this process."""

    id: str
    kind: str
    of: str
    out: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"

    def command(self, progress: Path) -> list[str]:
        """The command that it is, which leaves the last sign of a plan in the file `progress`."""
        out = [f"--out={self.out}"] if self.out else []
        pieces = [piece.partition("{of}") for piece in COMMANDS[self.kind].split()]
        words = [f"{before}{of}{after}" for before, is_of, after in pieces for of in (self.of.split(BETWEEN) if is_of else [""])]
        options = [f"--{name}={value}" if value else f"--{name}" for name, value in self.options.items()]
        signs = [f"--progress={progress}"] if self.kind in PLANNED else []
        return [*words, *out, *options, *signs, f"--language={self.language}"]


def check_options(options: Mapping[str, str]) -> None:
    """Raise CaseError for options that no job may have."""
    wrong = [(name, value) for name, value in options.items() if not re.fullmatch(OPTIONS[name], value)]
    if wrong:
        raise CaseError([Message("{name}: cannot be {value}", name=name, value=repr(value)) for name, value in wrong])


class Jobs:
    """The jobs of a folder, the oldest first. `begins` is False where another workbench begins them."""

    def __init__(self, places: Places, begins: bool = True) -> None:
        self.places, self.begins = places, begins
        self._lock = threading.Lock()
        self._queue: dict[str, Job] = {}
        self._started: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def folder(self) -> Path:
        """Where they are."""
        return self.places.own("jobs")

    def add(self, kind: str, of: str, out: str = "", options: Mapping[str, str] | None = None, language: str = "en") -> Job:
        """A new job at the end of the queue. Raises CaseError for names that are none here, and options that it may not have."""
        for own in (*of.split(BETWEEN), *([out] if out else [])):
            self.places.within(own)
        check_options(options or {})
        name = f"{datetime.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"  # in the order in which they came
        folder = self.folder / name
        folder.mkdir()
        job = Job(name, kind, of, out, options or {}, language)
        try:
            put(folder / "job.json", json.dumps(asdict(job)))
        except OSError:
            folder.rmdir()
            raise
        with self._lock:
            if out and out in self.to_come():
                raise CaseError.because("{folder}: is there already; name a new folder", folder=out)
            self._queue[name] = job
        self.step()
        return job

    def get(self, name: str) -> Job:
        """A job by its name. Raises Outside where there is none."""
        found = _job(self.folder / name) if is_name(name) else None
        if found is None:
            raise Outside([Message("{name}: is no job here", name=name)])
        return found

    def all(self) -> list[Job]:
        """Every job, the oldest first."""
        found = [_job(path) for path in sorted(self.folder.iterdir()) if is_name(path.name)]
        return [job for job in found if job is not None]

    def not_ended(self) -> list[Job]:
        """Those that wait or work."""
        return [job for job in self.all() if self.state(job) in (WAITING, WORKING)]

    def to_come(self) -> set[str]:
        """Names of the runs and files that those which wait or work will make."""
        return {job.out for job in self.not_ended() if job.out}

    def about(self, name: str) -> list[Job]:
        """The jobs of a park or a run, the newest first."""
        return [job for job in reversed(self.all()) if name in (job.of, job.out)]

    def state(self, job: Job) -> str:
        """State of the job: waiting, running, ended, or lost (it left no exit code, and no process of ours works on it)."""
        folder = self.folder / job.id
        if (folder / "code").is_file():
            return ENDED
        if job.id in self._queue or not (self.begins or (folder / "begun").is_file()):
            return WAITING
        if self._process(job):
            return WORKING
        return ENDED if (folder / "code").is_file() or self.is_stopping(job) else LOST

    def _process(self, job: Job) -> int:
        """The process that works on a job, 0 where there is none. Which one it is of a workbench that is gone a file tells, which
        is believed only of a process that was started for this very job."""
        folder = self.folder / job.id
        if (started := self._started.get(job.id)) is not None:
            return started.pid if started.poll() is None else 0
        try:
            process = int((folder / "process").read_text(encoding="utf-8"))
            words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return 0
        return process if CHILD.encode() in words and os.fsencode(folder) in words else 0

    def code(self, job: Job) -> int | None:
        """The exit code that it ended with; 130 where it was asked to end before it could hear of it, and ended at once."""
        try:
            code = int((self.folder / job.id / "code").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return exits.STOPPED if self.is_stopping(job) and not self._process(job) else None
        return exits.STOPPED if self.is_stopping(job) and code not in ANSWERS else code

    def has_written(self, job: Job, path: Path) -> bool:
        """True for a file that is there, and is the job's own where that did not end well: it was written since the job began."""
        try:
            written = path.stat().st_mtime
            return self.code(job) == 0 or written >= (self.folder / job.id / "begun").stat().st_mtime
        except OSError:
            return False

    def how(self, job: Job) -> str | int:
        """How it is: its state, or its exit code; `failed` for one that no command of ours gives."""
        state, code = self.state(job), self.code(job)
        return state if state != ENDED else code if code in (0, exits.WRONG, exits.UNREACHABLE, exits.STOPPED) else "failed"

    def step(self) -> None:
        """Begin the next job, where none works."""
        with self._lock:
            job = next(iter(self._queue.values()), None)
            if job is not None and not any(self.state(other) == WORKING for other in self.all()):
                self._begin(job)
                del self._queue[job.id]

    def _begin(self, job: Job) -> None:
        """Start the process that runs the command; it has a session of its own, so that nothing that ends us ends it."""
        folder = self.folder / job.id
        (folder / "begun").touch()
        self._started[job.id] = subprocess.Popen(
            [*command_of(CHILD), str(folder), *job.command(folder / "progress.json")],
            cwd=self.places.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=environment(),
        )
        with suppress(OSError):  # of a full disk: it works all the same
            put(folder / "process", str(self._started[job.id].pid))

    def stop(self, job: Job) -> None:
        """End a job: one that waits is taken away, one that works is asked as Ctrl-C does: a run gives its best plan so far."""
        folder = self.folder / job.id
        with self._lock:
            is_waiting = self._queue.pop(job.id, None) is not None
        if is_waiting:
            put(folder / "code", "130")
        elif (process := self._process(job)) and hasattr(os, "killpg"):
            (folder / "stopped").touch()
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process, signal.SIGINT)

    def forget(self, job: Job) -> None:
        """Delete what is kept of a job that does not work any more; what it made stays."""
        with self._lock:
            if not self._process(job):
                self._queue.pop(job.id, None)
                shutil.rmtree(self.folder / job.id, ignore_errors=True)

    def is_stopping(self, job: Job) -> bool:
        """True once it was asked to end."""
        return (self.folder / job.id / "stopped").is_file()

    def progress(self, job: Job) -> dict[str, Any]:
        """The last sign of a run; empty where there is none, and of a job of another session that has ended."""
        return _json(self.folder / job.id / "progress.json") if job.id in self._started or self._process(job) else {}

    def said(self, job: Job, stream: str) -> str:
        """The end of what its command has said to stdout or stderr."""
        try:
            with (self.folder / job.id / stream).open("rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - MOST_SHOWN))
                return file.read().decode("utf-8", "replace")
        except OSError:
            return ""


def _job(folder: Path) -> Job | None:
    facts = _json(folder / "job.json")
    kind, of, out = (str(facts.get(name, "")) for name in ("kind", "of", "out"))
    is_one = kind in COMMANDS and all(map(is_name, of.split(BETWEEN))) and (not out or is_name(out))
    return Job(folder.name, kind, of, out) if is_one else None


def _json(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(MOST_SHOWN))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
