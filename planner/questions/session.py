"""A question to a finished run, answered by planning its park once more with a change; every answer is saved, and found again."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from models.case import Case
from models.errors import CaseError
from models.inputs import Inputs, resolve
from planner.days import choose_days
from planner.finance.pieces import GIVEN_UP, MEASURE, PLANTING, TECHNOLOGY
from planner.language.message import Message
from planner.park import read_case
from planner.park.fields import file_name_of
from planner.plan import CAPITAL_ITEMS
from planner.planning.rerun import read_run
from planner.planning.strategy import is_large
from planner.questions.change import ITEMS, Change, told_change, told_status
from planner.questions.executor import executor
from planner.questions.points import DAMAGED, Point, is_cleared, plan_point
from planner.tables.facts import table_in
from planner.tables.output import Output, read_output
from planner.tables.place import SUMMARY, beside, facts_of, refuse_kept, write_file

#: Told of each answer: what was changed, and its status.
Tell = Callable[[str, str], None]


@dataclass(frozen=True)
class QuestionAnswer:
    """A plan with a change: status, cost and lower bound of the least cost (money), and where it is saved."""

    status: str
    cost: float | None
    bound: float | None
    folder: Path

    @property
    def is_planned(self) -> bool:
        """True if there is a plan."""
        return self.cost is not None

    def paid_for(self, kind: str, name: str) -> float:
        """Capital of a project that the horizon bears, with the value that retirement gives up, or its annuity, or what is paid for
        what is bought, in the objective (discounted money)."""
        of_projects = {TECHNOLOGY: ("capital", GIVEN_UP, "annuity"), MEASURE: ("measures",), PLANTING: ("restoration",)}
        items = ITEMS.get(kind) or of_projects[kind]
        rows = self._costs()
        return float(rows[rows["item"].isin(items) & (rows["name"] == name)]["value"].sum())

    def paid(self) -> pd.Series:
        """Name -> all that is paid for it in the objective (discounted money)."""
        return self._costs().groupby("name")["value"].sum()

    def _costs(self) -> pd.DataFrame:
        return table_in(self.folder, "system_cost")


class RunQuestion:
    """A run, and its park planned with changes, on as many typical days, without the other plans and the check in every hour."""

    def __init__(
        self, out: Path, gap: float | None, jobs: int, tell: Tell, may_lack_plan: bool = False, days: int | None = None
    ) -> None:
        """Raises CaseError where the output is none of a plan, or its park has changed since; `may_lack_plan`: a goal that cannot
        met will do, too; `days`: other typical days than those of the run."""
        self.out, self.told = out, tell
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
        self.jobs = jobs
        #: Where plans are made, within `at_once`.
        self.plans: Executor | None = None
        self.folder = beside(out, "-questions")

    def point(self, change: Change = ()) -> Point:
        """The park with a change as a point to be planned."""
        goal, order = self.order.goal, self.order
        text = "-".join(filter(None, change)) or "as-it-is"
        text += f"-on-{self.days}-days" if self.days else ""
        return Point(
            order.folder,
            order.costs,
            goal.target,
            goal.by,
            self.options,
            self.folder / file_name_of(text, always=True),
            change=change,
            milestones=goal.milestones,
            has_report=False,
        )

    def answer(self, change: Change = ()) -> QuestionAnswer:
        """The plan with a change; as it was saved, where it was."""
        point = self.point(change)
        self.folder.mkdir(exist_ok=True)
        known = point.is_done(self.case.digest)
        if not known:
            if is_cleared(point.out):
                self.told(told_change(change), Message(DAMAGED))
            self.make(point)
        found = self._read(point)
        self.told(told_change(change), told_status(found.status, known))
        return found

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

    def make(self, point: Point) -> None:
        """Plan a point and save it. Raises what planning it raises."""
        assert self.plans is not None
        self.plans.submit(plan_point, point).result()

    @contextmanager
    def at_once(self) -> Iterator[Callable[[Callable[[Any], Any], Iterable[Any]], dict[Any, Any]]]:
        """As long as it lasts, gives what a function finds of each of several things, of as many at once as plans are made."""
        with ThreadPoolExecutor(self.jobs) as threads, executor(self.jobs) as self.plans:
            try:
                yield lambda ask, of: dict(zip(kept := list(of), threads.map(ask, kept), strict=True))
            finally:
                threads.shutdown(wait=False, cancel_futures=True)

    def known(self, change: Change = ()) -> QuestionAnswer | None:
        """The plan with a change as it was saved; None where it was not."""
        point = self.point(change)
        return self._read(point) if point.is_done(self.case.digest) else None

    def _read(self, point: Point) -> QuestionAnswer:
        said = facts_of(point.out / SUMMARY)
        days, cost = said.get("typical_days"), said.get("system_cost")
        bound = said.get("bound") if not isinstance(days, dict) else days.get("bound")
        as_number = [float(v) if isinstance(v, int | float) else None for v in (cost, bound)]
        return QuestionAnswer(str(said["status"]), as_number[0], as_number[1], point.out)

    def built(self) -> dict[tuple[str, str], float]:
        """(kind, name) -> capital of the projects that the plan orders, starts or plants, what is signed apart (money)."""
        tables = self.output.target
        found: dict[tuple[str, str], float] = {}
        orders = tables["investments"][tables["investments"]["committed"] == 0]
        for kind, column, rows in ((TECHNOLOGY, "technology", orders), (MEASURE, "measure", tables["measures"])):
            for name, money in zip(rows[column], rows["capital_cost"], strict=True):
                found[kind, str(name)] = found.get((kind, str(name)), 0.0) + float(money)
        planted = tables["restoration"][(tables["restoration"]["item"] == "planted") & (tables["restoration"]["value"] > 1e-6)]
        costs = tables["costs"][tables["costs"]["item"].isin(CAPITAL_ITEMS)]
        for name in dict.fromkeys(planted["project"]):
            found[PLANTING, str(name)] = float(costs[(costs["item"] == "restoration") & (costs["name"] == name)]["value"].sum())
        return found


# --- kept ------------------------------------------------------------------------------------------------------------------
# What was found of a run beside its plan, in a file in the folder of its questions: it is found again, not sought twice.

#: Key of the digest over all others: what is not as it was written is not used.
DIGEST = "sha256"


class KeptAnswers:
    """The file of one question; `facts` are those that were saved of the same park and plan."""

    def __init__(self, question: RunQuestion, name: str) -> None:
        options = question.options
        self.path = question.folder / name
        cost = question.output.summary["system_cost"]
        self.of = {"case_sha256": question.case.digest, "gap": options.gap, "days": options.days, "system_cost": cost}
        said = read_kept(self.path, question)
        self.facts: dict[str, Any] = {k: v for k, v in said.items() if k != "of"} if said.get("of") == self.of else {}

    def save(self, **facts: Any) -> None:
        """Write these facts beside those that are there."""
        self.facts |= facts
        self.path.parent.mkdir(exist_ok=True)
        write_kept(self.path, {"of": self.of, **self.facts})


def read_kept(path: Path, question: RunQuestion) -> dict[str, Any]:
    """What was written; empty where nothing was, or where it is not as it was written, which is said."""
    found = dict(facts_of(path))
    if found.pop(DIGEST, None) == _digest(found):
        return found
    if os.path.lexists(path):
        question.told(path.name, Message(DAMAGED))
    return {}


def write_kept(path: Path, facts: Mapping[str, Any]) -> None:
    """Write facts as JSON. Raises CaseError where that cannot be done."""
    write_file(path, str(path), json.dumps({DIGEST: _digest(facts), **facts}, indent=1) + "\n", lambda _: True)


def _digest(facts: Mapping[str, Any]) -> str:
    """SHA-256 of facts as JSON gives them back."""
    return hashlib.sha256(json.dumps(json.loads(json.dumps(facts)), sort_keys=True).encode()).hexdigest()
