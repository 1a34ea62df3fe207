"""Repeating a run from its run.json: the same park, goal and options, and what may make the answer another one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from math import isclose
from pathlib import Path
from typing import Any

from models.errors import CaseError
from planner.examples import found_from, shortest, told_from
from planner.language.language import mark
from planner.language.message import Message
from planner.park import GoalRequest
from planner.park.catalogue import DEFAULT
from planner.park.folder import Futures, digest, hashes, told_changes
from planner.planning.run import Options
from planner.tables.facts import Repeatable, check_facts, check_format, read_json
from planner.tables.files import Damaged
from planner.tables.place import SUMMARY, beside, facts_of

#: Of the answer, what a repeated run is compared by; numbers are the same within this share.
COMPARED, SAME = ("status", "system_cost", "bound"), 1e-6


@dataclass(frozen=True)
class RunOrder:
    """What is to be planned: a park, cost tables laid over it, a goal, how, where to write, and which futures: of another file than
    the park's, or none."""

    folder: Path
    costs: tuple[Path, ...]
    goal: GoalRequest
    options: Options
    out: Path
    futures: Path | None = None
    has_futures: bool = True

    def facts(self) -> dict[str, Any]:
        """What run.json says of it."""
        return {
            "park": told_from(self.folder, self.out),
            "costs": [told_from(c, self.out) for c in self.costs],
            "target": self.goal.target,
            "by": self.goal.by,
            "milestones": [list(m) for m in self.goal.milestones],
            **asdict(self.options),
            **({} if self.futures is None else {"futures": told_from(self.futures, self.out)}),
            **({} if self.has_futures else {"has_futures": False}),
        }

    def hashes(self) -> dict[str, str]:
        """Of all files that it reads, as they are now."""
        return hashes(self.folder, self.costs, DEFAULT, Futures(self.futures, self.has_futures))


@dataclass(frozen=True)
class Earlier:
    """An earlier run: its run.json, what it says, what it was to plan, and its summary, which the new run may replace."""

    file: Path
    facts: Mapping[str, Any]
    order: RunOrder
    summary: Mapping[str, Any]

    def check(self) -> None:
        """Raise CaseError where the park, or the catalogue, is another one than then; the files that differ are named."""
        now, then = self.order.hashes(), self.facts["files"]
        if then == now and digest(now) == self.facts["case_sha256"]:
            return
        raise CaseError.because(
            "{folder}: has changed since {file} was written ({names}); plan it anew instead of again",
            folder=self.order.folder,
            file=self.file,
            names=told_changes(then, now),
        )

    def compared(self, out: Path) -> str:
        """Whether the output that was written now has the status, cost and bound of the earlier one, in words."""
        folder, now = self.file.parent, facts_of(out / SUMMARY)
        name = Message("what stood in {folder} before", folder=folder) if folder.resolve() == out.resolve() else str(folder)
        for item in COMPARED:
            one, other = self.summary.get(item), now.get(item)
            numbers = [v for v in (one, other) if isinstance(v, float | int)]
            if one != other and (len(numbers) < 2 or not isclose(*numbers, rel_tol=SAME)):
                return Message("another {item} than {name}: {now}, then {then}", item=item, name=name, now=other, then=one)
        return Message("the same as {name}: status, cost and bound", name=name)

    def other_versions(self, versions: Mapping[str, str]) -> list[str]:
        """A sentence for each package that is of another version now."""
        then = self.facts["versions"]
        return [
            Message(
                "{file}: was made with {name} {then}, {now} is here; numbers may differ",
                file=self.file,
                name=name,
                then=then[name],
                now=versions[name],
            )
            for name in then
            if name in versions and then[name] != versions[name]
        ]


#: Options of a run.json that was not written by a run of its park alone: which question wrote it, and what to do.
OTHERS = {
    "frontier": mark("--rerun {file}: is of a park that was changed for a question; ask the question again"),
    "change": mark("--rerun {file}: is of a park that was changed for a question; ask the question again"),
    "keep": mark("--rerun {file}: is of a plan that keeps {value}; plan it with --keep again"),
    "foresight": mark("--rerun {file}: is of a chain of plans that know {value} years ahead; plan it with --foresight again"),
    "future": mark(
        "{file}: is of one future, {value}, of a plan for several, and cannot be planned by itself; plan the park again, or with "
        "--no-futures for a run of its own tables"
    ),
}
#: Options of runs that were made before there were such options.
BEFORE = {"segments": 24, "is_wide": False, "verify_all": True}


def read_run(file: Path, out: Path | None) -> Earlier:
    """Read a run.json. Raises CaseError where it is none, or what it names is not there any more."""
    try:
        file.stat()
        facts = read_json(file)
    except OSError as error:
        raise CaseError.because(
            "--rerun {file}: cannot be read ({error}); name the run.json of an output", file=file, error=error.strerror
        ) from None
    except Damaged as error:
        raise _no_run(error) from None
    check_format(file, facts)
    options = facts["options"] if isinstance(facts.get("options"), dict) else {}
    for key, words in OTHERS.items():
        if key in options:
            raise CaseError([Message(words, file=file, value=options[key])])
    if faults := check_facts(file, facts, Repeatable):
        raise _no_run(*faults)
    said, folder = BEFORE | options, file.absolute().parent
    order = RunOrder(
        found_from(said["park"], folder, Message("the park")),
        tuple(found_from(c, folder, Message("the cost table")) for c in said["costs"]),
        GoalRequest(said["target"], said["by"], tuple((s, y) for s, y in said["milestones"])),
        Options(**{option.name: said[option.name] for option in fields(Options)}),
        out or shortest(beside(folder, "-again")),
        has_futures=said.get("has_futures", True),
    )
    return Earlier(file, facts, order, facts_of(file.parent / SUMMARY))


def _no_run(*faults: Damaged) -> CaseError:
    lines = [line for fault in faults for line in fault.complaints]
    return CaseError([Message("--rerun {fault}; name the run.json of an output", fault=line) for line in lines])
