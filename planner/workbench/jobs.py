"""Commands that the workbench has started, each in a folder of its own: they outlive the pages, and the workbench itself.

One works at a time; what comes meanwhile waits. Whether one works is told by its process, how it ended by the code that it left.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from planner.language.language import mark
from planner.language.message import Message
from planner.process import exits
from planner.process.worker import command_of, environment
from planner.workbench.child import written
from planner.workbench.lock import began
from planner.workbench.places import Outside, Places, is_name

#: What a job is: kind -> what it is called. `{of}` is a park or a run.
KINDS = {
    "plan": mark("Plan of {of}"),
    "quick": mark("First rough plan of {of}"),
    "frontier": mark("Frontier of {of}"),
    "rank": mark("What assumed figures of {of} change"),
    "baseline": mark("Inventory of the base year of {of}"),
    "limits": mark("What each limit of {of} costs"),
    "why-not": mark("What {of} did not choose, and why"),
    "worth": mark("What each project of {of} is worth"),
    "abatement": mark("Abatement curve of {of}"),
    "sensitivity": mark("What could change the plan of {of}"),
    "alternatives": mark("What may differ in {of}"),
    "watch": mark("What to watch of {of}"),
    "outages": mark("{of} with units out"),
    "stress": mark("{of} in other futures"),
    "moving": mark("What demand that moves saves in {of}"),
    "few": mark("Plan of {of} on two typical days"),
    "application": mark("Word application of {of}"),
    "compare": mark("Comparison of {of}"),
    "rerun": mark("{of} planned once more, to confirm it"),
}
WAITING, WORKING, ENDED, LOST = "waiting", "working", "ended", "lost"
STATES = {WAITING: mark("waits"), WORKING: mark("works"), LOST: mark("ended from outside")}
#: Exit codes of commands that had their say.
ANSWERS = (0, exits.WRONG, exits.UNREACHABLE, exits.FAILED)
#: How a job ended, by its exit code; any other is a failure.
FAILED = mark("has failed")
WRONG, MISSED = mark("has failed: something is wrong with what was given"), mark("the goal cannot be met")
ENDINGS: dict[int | None, str] = {
    0: mark("ended"),
    exits.WRONG: WRONG,
    exits.UNREACHABLE: MISSED,
    exits.STOPPED: mark("was stopped"),
}
#: Seconds between looks at the queue; for how long a process may take to say that it is there.
EVERY, STARTING = 0.5, 60.0
#: Bytes that are shown of what a command has said.
MOST_SHOWN = 60_000


@dataclass(frozen=True)
class Job:
    """One command. `of` is the park or run that it is about, `out` the run or file that it makes, '' where it makes none."""

    id: str
    kind: str
    of: str
    out: str
    command: tuple[str, ...]
    created: float
    root: str

    @property
    def words(self) -> Message:
        """What it is called."""
        return Message(KINDS[self.kind], of=self.of)


class Jobs:
    """The jobs of a folder, the oldest first."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._lock = threading.Lock()
        self._started: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def folder(self) -> Path:
        """Where they are."""
        return self.places.own("jobs")

    def add(self, kind: str, of: str, command: Sequence[str], out: str = "") -> Job:
        """A new job at the end of the queue; `PROGRESS` in its command stands for the file of its progress."""
        name = f"{datetime.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"  # in the order in which they came
        folder = self.folder / name
        folder.mkdir()
        told = tuple(str(folder / "progress.json") if word == "PROGRESS" else word for word in command)
        job = Job(name, kind, of, out, told, time.time(), str(self.places.root))
        written(folder / "job.json", json.dumps(asdict(job)))
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
        """State of the job: waiting, running, ended, or lost (the process is gone and left no exit code)."""
        folder = self.folder / job.id
        if (folder / "code").is_file():
            return ENDED
        if not (folder / "begun").is_file():
            return WAITING
        started = self._started.get(job.id)
        if started is not None and started.poll() is None:
            return WORKING
        process = _json(folder / "process")
        if process and began(int(process.get("pid", 0))) == process.get("began") != "":
            return WORKING
        is_starting = not process and time.time() - (folder / "begun").stat().st_mtime < STARTING and started is None
        return WORKING if is_starting else ENDED if (folder / "code").is_file() else LOST

    def code(self, job: Job) -> int | None:
        """The exit code that it ended with; 130 where it was asked to end before it could hear of it, and ended at once."""
        try:
            code = int((self.folder / job.id / "code").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return exits.STOPPED if self.is_stopping(job) and code not in ANSWERS else code

    def has_written(self, job: Job, path: Path) -> bool:
        """True for a file that is there, and is the job's own where that did not end well: it was written since the job began."""
        try:
            written = path.stat().st_mtime
            return self.code(job) == 0 or written >= (self.folder / job.id / "begun").stat().st_mtime
        except OSError:
            return False

    def words(self, job: Job) -> str:
        """How far it is or how it ended, in a few words."""
        state = self.state(job)
        return ENDINGS.get(self.code(job), FAILED) if state == ENDED else STATES[state]

    def step(self) -> None:
        """Begin the next job, where none works."""
        with self._lock:
            states = {job.id: self.state(job) for job in self.all()}
            waiting = [name for name, state in states.items() if state == WAITING]
            if waiting and WORKING not in states.values():
                self._begin(self.folder / waiting[0])

    def _begin(self, folder: Path) -> None:
        """Start the process that runs the command; it has a session of its own, so that nothing that ends us ends it."""
        (folder / "begun").touch()
        self._started[folder.name] = subprocess.Popen(
            [*command_of("planner.workbench.child"), str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=environment(),
        )

    def stop(self, job: Job) -> None:
        """End a job: one that waits is taken away, one that works is asked as Ctrl-C does: a run gives its best plan so far."""
        state, folder = self.state(job), self.folder / job.id
        if state == WAITING:
            written(folder / "code", "130")
        elif state == WORKING and (process := _json(folder / "process")) and hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(int(process["pid"]), signal.SIGINT)
            (folder / "stopped").touch()

    def forget(self, job: Job) -> None:
        """Delete what is kept of a job that does not work any more; what it made stays."""
        if self.state(job) != WORKING:
            shutil.rmtree(self.folder / job.id, ignore_errors=True)

    def is_stopping(self, job: Job) -> bool:
        """True once it was asked to end."""
        return (self.folder / job.id / "stopped").is_file()

    def progress(self, job: Job) -> dict[str, Any]:
        """The last sign of a run; empty where there is none."""
        return _json(self.folder / job.id / "progress.json")

    def said(self, job: Job, stream: str) -> str:
        """The end of what its command has said to stdout or stderr."""
        try:
            with (self.folder / job.id / stream).open("rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - MOST_SHOWN))
                return file.read().decode("utf-8", "replace")
        except OSError:
            return ""


def keep_going(jobs: Jobs, ended: threading.Event) -> None:
    """Look at the queue again and again, until the workbench ends."""
    while not ended.wait(EVERY):
        try:
            jobs.step()
        except OSError as error:  # a full disk, a folder that is gone: the next look may succeed
            print(f"parkzero: {error}", file=sys.stderr)


def _job(folder: Path) -> Job | None:
    facts = _json(folder / "job.json")
    try:
        return Job(**{**facts, "id": folder.name, "command": tuple(facts["command"])}) if facts.get("kind") in KINDS else None
    except (KeyError, TypeError):
        return None


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
