"""A finished run whose park is planned once more with changes; every plan is saved, and what is there as it was written is not made
again. Whole tasks go to processes (`executor`); within one of them a plan begins from what the one before it found. Changes of a
large park are planned beside the plan of its run where they can be (`beside`)."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from models.case import Case
from models.errors import CaseError, SolverError
from models.inputs import Inputs, resolve
from models.inputs.carbon import BaseEmissions
from planner.answer.files import write_run
from planner.days import choose_days
from planner.finance.pieces import MEASURE, PLANTING, TECHNOLOGY
from planner.language.language import Language, mark
from planner.language.message import Message
from planner.park import GoalRequest, read_case
from planner.park.fields import file_name_of
from planner.planning.base import base_of
from planner.planning.rerun import RunOrder, read_run
from planner.planning.run import Options, WarmStart, plan_park
from planner.planning.strategy import is_large
from planner.questions.beside import AskedRun, Beside, QuestionAnswer, ask_beside, can_open
from planner.questions.change import CAP, OFFER, Change, changed, offered, told_change, told_status, with_base
from planner.questions.executor import executor
from planner.tables.decisions import ADOPT, BUILD, PLANT, RETIRE, decisions_of
from planner.tables.facts import table_in
from planner.tables.output import Output, read_output
from planner.tables.place import FACTS, RUN, SUMMARY, beside, check_place, facts_of, refuse_kept, write_file
from planner.tables.place import NAME as PACKAGE
from planner.tables.schema import DISPATCH

#: Told of each plan: what was changed, and its status.
Tell = Callable[[str, str], None]
#: Told of a plan, and of a file of answers, that was there and can be used no more.
DAMAGED = mark("was damaged and is made anew")
#: Told of each answer beside the plan.
FOUND = mark("found beside the plan")
#: Things asked of a cluster at once, at most; each waits for a worker.
MOST = 64
#: Kind of what is ordered, by what is done; size below which nothing is.
KIND_OF, NOTHING = {BUILD: TECHNOLOGY, ADOPT: MEASURE, PLANT: PLANTING}, 1e-6
#: A folder that has one of these was written by a run, whatever became of it.
_MARKS = (FACTS, SUMMARY, DISPATCH.file, PACKAGE)
#: Decisions of the last point that this process planned, or that it was given; and what is known of the years.
warm = WarmStart()


# --- points ----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """What is to be planned: a folder, cost tables over it, a goal, options, how the park is changed, and where to save it;
    `has_report`: with workbook and page."""

    folder: Path
    costs: tuple[Path, ...]
    goal: GoalRequest
    options: Options
    out: Path
    changes: tuple[Change, ...] = ()
    language: str = "en"
    has_report: bool = True

    @property
    def order(self) -> RunOrder:
        """The point as an order of a run."""
        return RunOrder(self.folder, self.costs, self.goal, self.options, self.out)

    def facts(self) -> dict[str, Any]:
        """What run.json says of it; a point that changes the park itself says how, so that nobody takes it for the park's run."""
        return {**self.order.facts(), **({"change": list(map(list, self.changes))} if self.changes else {})}

    def is_done(self, digest: str) -> bool:
        """True if this point of this park was planned already, by whatever machines, and is there as it was written."""
        known, said = facts_of(self.out / FACTS), facts_of(self.out / SUMMARY)
        is_same = known.get("options") == json.loads(json.dumps(self.facts()))
        return known.get("case_sha256") == digest and is_same and said.get("status") != "failed" and is_whole(self.out)


def is_whole(folder: Path) -> bool:
    """True for an output that can be read, and whose tables are those that the run wrote."""
    try:
        return not read_output(folder).changed
    except (CaseError, OSError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):  # what no check foresaw, too
        return False


def is_cleared(folder: Path) -> bool:
    """True where a damaged output stood. It is deleted, unless files of others stand in it."""
    if not any(os.path.lexists(folder / name) for name in _MARKS) or is_whole(folder):
        return False
    if all(RUN.owns(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if not path.is_dir()):
        shutil.rmtree(folder)
    return True


def plan_point(point: Point) -> str:
    """Plan a point and save it; gives its status. Raises CaseError and SolverError as a run does."""
    order = point.order
    check_place(point.out, RUN)
    case = read_case(order.folder, order.costs, order.goal)
    base = case.park.base_emissions or warm.base.get(case.digest) or base_of(case)
    warm.base[case.digest] = base if isinstance(base, BaseEmissions) else BaseEmissions(base, base)
    known = with_base(case, base)
    for change in point.changes:
        if change[0] == OFFER:
            known = with_base(offered(order.folder, order.costs, order.goal, known, change[1]), base)
        known = changed(known, change)
    run = plan_park(known, point.options, warm=warm)
    told = known if point.changes else case
    write_run(run, told, point.out, point.facts(), Language(point.language), point.has_report)
    return run.target.status


class Plans:
    """Where points of one park are planned and saved, as many at once as there are processes within `at_once`."""

    def __init__(self, digest: str, jobs: int, tell: Tell, scheduler: str = "") -> None:
        """`scheduler`: address of a Dask cluster on whose workers they are planned, as many at once as it has."""
        self.digest, self.jobs, self.told, self.scheduler = digest, jobs, tell, scheduler
        self.tasks: Executor | None = None

    @contextmanager
    def at_once(self) -> Iterator[Callable[[Callable[[Any], Any], Iterable[Any]], dict[Any, Any]]]:
        """As long as it lasts, gives what a function finds of each of several things, of as many at once as plans are made."""
        many = MOST if self.scheduler else self.jobs
        with ThreadPoolExecutor(many) as threads, executor(self.jobs, self.scheduler) as self.tasks:
            try:
                yield lambda ask, of: dict(zip(all_of := list(of), threads.map(ask, all_of), strict=True))
            finally:
                threads.shutdown(wait=False, cancel_futures=True)

    def planned(self, point: Point, name: str) -> str:
        """Plan a point, unless it is there; its status. Raises what planning it raises, SolverError with the name of its folder."""
        if point.is_done(self.digest):
            status = str(facts_of(point.out / SUMMARY)["status"])
            self.told(name, told_status(status, True))
            return status
        if is_cleared(point.out):
            self.told(name, Message(DAMAGED))
        assert self.tasks is not None
        try:
            status = self.tasks.submit(plan_point, point).result()
        except SolverError as error:
            raise SolverError.because("{place}: {words}", place=point.out.name, words="; ".join(error.lines)) from error
        self.told(name, told_status(status, False))
        return status


# --- session ---------------------------------------------------------------------------------------------------------------


class RunSession(Plans):
    """A run, and its park planned with changes, on as many typical days, without the other plans and the check in every hour."""

    def __init__(
        self,
        out: Path,
        gap: float | None,
        jobs: int,
        tell: Tell,
        may_lack_plan: bool = False,
        days: int | None = None,
        scheduler: str = "",
    ) -> None:
        """Raises CaseError where the output is none of a plan, or its park has changed since; `may_lack_plan`: a goal that
        cannot be met will do, too; `days`: other typical days than those of the run."""
        self.out = out
        self.output: Output = read_output(out)
        if not self.output.has_plan and not (may_lack_plan and self.output.summary["status"] == "infeasible"):
            raise CaseError.because("{out}: has no plan to ask about", out=out)
        refuse_kept(out, self.output.facts["options"])
        earlier = read_run(out / "run.json", None)
        earlier.check()
        self.order = earlier.order
        found = self.output.summary["typical_days"]
        count = found["count"] if found else self.order.options.days
        self.days = None if days is None or not found or days == count else days
        self.options = replace(
            self.order.options,
            days=self.days or count,
            compare=False,
            verify=False,
            time_limit=None,
            gap=self.order.options.gap if gap is None else gap,
            is_wide=self.order.options.is_wide and gap is None,
        )
        self.case: Case = read_case(self.order.folder, self.order.costs, self.order.goal)
        self.folder, self._saving = beside(out, "-questions"), Lock()
        super().__init__(self.case.digest, jobs, tell, scheduler)

    def point(self, *changes: Change) -> Point:
        """The park with changes as a point to be planned; under a cap no milestone holds."""
        text = "-".join(filter(None, (word for change in changes for word in change))) or "as-it-is"
        text += f"-on-{self.days}-days" if self.days else ""
        goal = self.order.goal
        if any(change[0] == CAP for change in changes):
            assert self.case.goal is not None
            goal = GoalRequest(self.case.goal.target, self.case.goal.by)
        out = self.folder / file_name_of(text, always=True)
        return Point(self.order.folder, self.order.costs, goal, self.options, out, changes, has_report=False)

    def answer(self, *changes: Change, is_local: bool = False) -> QuestionAnswer:
        """The plan with changes; as it was saved, where it was. `is_local`: of a large park whose plan is found again,
        only the whole numbers of what changes are decided anew beside it; of others all are."""
        if is_local:
            change = changes[0] if changes else ()
            said = self.beside(_key(change), told_change(change), Beside.facts, change)
            if said is not None:
                return QuestionAnswer.of(said)
        self.folder.mkdir(exist_ok=True)
        point = self.point(*changes)
        self.planned(point, told_change(changes[0]) if len(changes) == 1 else point.out.name if changes else told_change(()))
        return self._read(point)

    def beside(self, key: str, told: str, ask: Callable[..., Any], *of: Any) -> Any:
        """What is asked of the run's plan in a large park (`Beside`), kept under a key; None where it is not found again."""
        if not self.is_beside:
            return None
        if key not in self.kept.facts:
            assert self.tasks is not None
            run = AskedRun(self.out, self.case.digest, self.output.summary["system_cost"], self.options)
            found = self.tasks.submit(ask_beside, run, ask, *of).result()
            with self._saving:
                self.kept.save(**{key: found})
            if found is not None:
                self.told(told, FOUND)
        return self.kept.facts[key]

    @cached_property
    def is_beside(self) -> bool:
        """True where changes may be planned beside the run's own plan, as that of a large park is found again."""
        return can_open(self.output, self.options, self.inputs)

    @cached_property
    def kept(self) -> KeptAnswers:
        """What was found beside the plan."""
        cost = self.output.summary["system_cost"]
        of = {"case_sha256": self.case.digest, "gap": self.options.gap, "days": self.options.days, "system_cost": cost}
        return KeptAnswers(self.folder / "beside.json", of, self.told)

    def known(self, change: Change = ()) -> QuestionAnswer | None:
        """The plan with a change as it was found beside the plan, or saved; None where it was not."""
        if self.is_beside and (said := self.kept.facts.get(_key(change))) is not None:
            return QuestionAnswer.of(said)
        point = self.point(*([change] if change else []))
        return self._read(point) if point.is_done(self.case.digest) else None

    def _read(self, point: Point) -> QuestionAnswer:
        said = facts_of(point.out / SUMMARY)
        days, cost = said.get("typical_days"), said.get("system_cost")
        bound = said.get("bound") if not isinstance(days, dict) else days.get("bound")
        cost, bound = (float(v) if isinstance(v, int | float) else None for v in (cost, bound))
        terms: dict[tuple[str, str], float] = {}
        if cost is not None:
            rows = table_in(point.out, "system_cost")
            for item, name, money in zip(rows["item"], rows["name"].fillna(""), rows["value"], strict=True):
                terms[str(item), str(name)] = terms.get((str(item), str(name)), 0.0) + float(money)
        return QuestionAnswer(str(said["status"]), cost, bound, terms, point.out)

    @cached_property
    def inputs(self) -> Inputs:
        """The park on the typical days of the questions."""
        case, count = self.case, self.options.days
        days = choose_days(case, case.park.typical_days if count is None else count)
        return resolve(case, case.goal, self.output.summary["base_emissions"], days)

    @property
    def is_large(self) -> bool:
        """True of a park that the decomposed method plans: a plan takes minutes there, else seconds."""
        return is_large(self.inputs)

    def built(self) -> dict[tuple[str, str], float]:
        """(kind, name) -> capital of the projects that the plan orders, starts or plants, what is signed apart (money)."""
        rows = decisions_of(self.output.target)
        rows = rows[(rows["action"] != RETIRE) & (rows["value"] > NOTHING) & ~rows["signed"].astype(bool)]
        money = rows.groupby(["action", "name"], sort=False)["money"].sum()
        return {(KIND_OF[str(action)], str(name)): float(paid) for (action, name), paid in money.items()}


def _key(change: Change) -> str:
    """Key of an answer beside the plan."""
    return " ".join(("own", *change))


# --- kept ------------------------------------------------------------------------------------------------------------------
# What was found of a run or a park, in a file in the folder of its questions: it is found again, not sought twice.

#: Key of the digest over all others: what is not as it was written is not used.
DIGEST = "sha256"


class KeptAnswers:
    """The file of one question; `facts` are those that were saved of the same park and plan, as `of` tells them."""

    def __init__(self, path: Path, of: Mapping[str, Any], tell: Tell) -> None:
        self.path, self.of = path, of
        said = read_kept(path, tell)
        self.facts: dict[str, Any] = {k: v for k, v in said.items() if k != "of"} if said.get("of") == self.of else {}

    def save(self, **facts: Any) -> None:
        """Write these facts beside those that are there."""
        self.facts |= facts
        self.path.parent.mkdir(exist_ok=True)
        write_kept(self.path, {"of": self.of, **self.facts})


def read_kept(path: Path, tell: Tell) -> dict[str, Any]:
    """What was written; empty where nothing was, or where it is not as it was written, which is said."""
    found = dict(facts_of(path))
    if found.pop(DIGEST, None) == _digest(found):
        return found
    if os.path.lexists(path):
        tell(path.name, Message(DAMAGED))
    return {}


def write_kept(path: Path, facts: Mapping[str, Any]) -> None:
    """Write facts as JSON. Raises CaseError where that cannot be done."""
    write_file(path, str(path), json.dumps({DIGEST: _digest(facts), **facts}, indent=1) + "\n", lambda _: True)


def _digest(facts: Mapping[str, Any]) -> str:
    """SHA-256 of facts as JSON gives them back."""
    return hashlib.sha256(json.dumps(json.loads(json.dumps(facts)), sort_keys=True).encode()).hexdigest()
