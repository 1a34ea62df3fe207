"""Points of a frontier: what is varied, over which values, from the loosest to the tightest, and the case of each."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.case import Budget, Case, StageRule
from models.errors import CaseError, SolverError
from models.inputs.carbon import BaseEmissions
from planner.answer.files import write_run
from planner.language.language import Language, mark
from planner.language.message import Message
from planner.park import GoalRequest, read_case
from planner.park.faults import of
from planner.park.fields import check_size
from planner.planning.base_of import base_of
from planner.planning.rerun import RunOrder
from planner.planning.run import Options, plan_park
from planner.planning.warm_start import WarmStart
from planner.process.terminal import points_faults
from planner.questions.change import OFFER, Change, changed, offered
from planner.questions.executor import executor
from planner.tables.output import read_output
from planner.tables.place import FACTS, RUN, SUMMARY, check_place, facts_of
from planner.tables.place import NAME as PACKAGE
from planner.tables.schema import DISPATCH

# --- saved -----------------------------------------------------------------------------------------------------------------
# Plans that commands save for themselves beside a run: whole ones are found again, damaged ones are made anew, which is said.

#: Told of a plan, and of a file of answers, that was there and can be used no more.
DAMAGED = mark("was damaged and is made anew")
#: A folder that has one of these was written by a run, whatever became of it.
_MARKS = (FACTS, SUMMARY, DISPATCH.file, PACKAGE)


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


# --- points ----------------------------------------------------------------------------------------------------------------

#: What may be varied: a deadline, a cap on net emissions in t a year, a yearly budget of capital.
BY, CAP, BUDGET = "by", "cap", "budget"
#: Points of a range where their number is not said.
POINTS = 12
_RANGE = re.compile(r"\s*(\d+(?:\.\d*)?(?:[eE]\d+)?)\s*\.\.\s*(\d+(?:\.\d*)?(?:[eE]\d+)?)\s*")


@dataclass(frozen=True)
class Frontier:
    """What is varied and its values, the loosest first: the latest deadline, the highest cap, the largest budget."""

    what: str
    values: tuple[float, ...]

    def name(self, value: float) -> str:
        """Name of the folder of a point."""
        return f"{self.what}-{value:.12g}"


def frontier(what: str, text: str, count: int) -> Frontier:
    """Read `FROM..TO` into so many values, both ends among them; years are whole. ValueError says all that is wrong."""
    found = _RANGE.fullmatch(text)
    if not found:
        example = "2027..2040" if what == BY else "0..30000"
        raise ValueError(
            Message("--{option} {text}: is no range; write FROM..TO, e.g. {example}", option=what, text=text, example=example)
        )
    low, high = sorted(map(float, found.groups()))
    faults = [*_sizes(what, text, found.groups()), *points_faults(count)]
    if what == BY and (low != int(low) or high != int(high) or not 1 <= low <= high <= 2300):
        faults.append(Message("--{option} {text}: are no two calendar years; write e.g. 2027..2040", option=what, text=text))
    if faults:
        raise ValueError(*faults)
    steps = [high - (high - low) * i / (count - 1) for i in range(count)]
    if what == BY:
        steps = [float(round(value)) for value in steps]
    return Frontier(what, tuple(dict.fromkeys(steps)))


def _sizes(what: str, text: str, ends: Iterable[str]) -> Iterator[str]:
    """Why an end is no figure of a park."""
    for end in () if what == BY else dict.fromkeys(ends):
        try:
            check_size(float(end))
        except ValueError as error:
            yield of(f"--{what} {text}: {end}", error)


def case_of(case: Case, what: str, value: float, base: float) -> Case:
    """The case of a point: of a cap, net emissions below it are the only rule, from the year of the goal on; of a budget, it holds
    in every year, in place of budget.csv. A deadline stands in the goal already.

    base  emissions that ratios are of (t)
    """
    if what == BUDGET:
        years = range(case.park.first_year, case.park.last_year + 1)
        return case.model_copy(update={"budget": tuple(Budget(year=y, capital=value) for y in years)})
    if what == CAP:
        assert case.goal is not None
        old = next(r for r in case.stages if r.standard == case.park.standard and r.stage == case.goal.target)
        rule = StageRule(
            standard=old.standard, stage=old.stage, order=old.order, metric="net_ratio", sense="<=", limit=value / base
        )
        others = tuple(r for r in case.stages if (r.standard, r.stage) != (old.standard, old.stage))
        park = case.park.model_copy(update={"base_emissions": base})
        return case.model_copy(update={"stages": (*others, rule), "park": park})
    return case


# --- point -----------------------------------------------------------------------------------------------------------------
# One point: planned from the decisions of a point that was planned before, and saved as a run.

#: Decisions of the last point that this process planned, or that it was given; and what is known of the years.
warm = WarmStart()


@dataclass(frozen=True)
class Point:
    """What is to be planned: a folder, cost tables over it, a goal, what is varied and its value, how the park is changed, options,
    and where to save it; `has_report`: with workbook and page."""

    folder: Path
    costs: tuple[Path, ...]
    target: str | None
    by: int | None
    options: Options
    out: Path
    what: str = ""
    value: float = 0.0
    change: Change = ()
    milestones: tuple[tuple[str, int], ...] = ()
    language: str = "en"
    has_report: bool = True

    @property
    def order(self) -> RunOrder:
        """The point as an order of a run."""
        by = int(self.value) if self.what == BY else self.by
        return RunOrder(self.folder, self.costs, GoalRequest(self.target, by, self.milestones), self.options, self.out)

    def facts(self) -> dict[str, Any]:
        """What run.json says of it; a point that changes the park itself says how, so that nobody takes it for the park's run."""
        varied = {"frontier": {self.what: self.value}} if self.what not in ("", BY) else {}
        return {**self.order.facts(), **varied, **({"change": list(self.change)} if self.change else {})}

    def is_done(self, digest: str) -> bool:
        """True if this point of this park was planned already, by whatever machines, and is there as it was written."""
        known, said = facts_of(self.out / FACTS), facts_of(self.out / SUMMARY)
        options = known.get("options")
        is_same = isinstance(options, dict) and options == _as_read(self.facts())
        return known.get("case_sha256") == digest and is_same and said.get("status") != "failed" and is_whole(self.out)


def _as_read(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as JSON gives them back."""
    return json.loads(json.dumps(facts))


def plan_point(point: Point) -> str:
    """Plan a point and save it; gives its status. Raises CaseError and SolverError as a run does."""
    order = point.order
    check_place(point.out, RUN)
    case = read_case(order.folder, order.costs, order.goal)
    base = case.park.base_emissions or warm.base.get(case.digest) or base_of(case)
    warm.base[case.digest] = BaseEmissions(base, getattr(base, "standard", base), getattr(base, "location", None))
    if point.change[:1] == (OFFER,):
        case = offered(order.folder, order.costs, order.goal, case, point.change[1])
    if point.change:
        case = changed(case.model_copy(update={"park": case.park.model_copy(update={"base_emissions": base})}), point.change)
    case = case_of(case, point.what, point.value, base)
    known = case.model_copy(update={"park": case.park.model_copy(update={"base_emissions": base})})
    run = plan_park(known, point.options, warm=warm)
    write_run(run, case, point.out, point.facts(), Language(point.language), point.has_report)
    return run.target.status


# --- work ------------------------------------------------------------------------------------------------------------------
# The points of a frontier, the loosest first, as many at once as there are processes; what is there already stays.
#
# A point begins from what is known of the one that the same process planned before, the better the nearer that is (of a park with
# too many integers to search all it begins from nothing, `planning.beginning`).

#: Status of a point that was not tried, since a looser one cannot be met.
IMPLIED = "implied"
#: Told of each point as it ends: the point and its status, and whether it was there already; of one that is made anew before.
Say = Callable[[Point, str, bool], None]


def work(points: Sequence[Point], digest: str, jobs: int, say: Say) -> set[Path]:
    """Plan and save what is not there yet. Once a point cannot be met no tighter one is begun.

    Gives the folders of all points that are there now, of this park. Raises what a run raises.
    """
    left: list[Point] = []
    there: set[Path] = set()
    for point in points:
        if point.is_done(digest):
            say(point, "", True)
            there.add(point.out)
        else:
            if is_cleared(point.out):
                say(point, DAMAGED, False)
            left.append(point)
    jobs = min(jobs, len(left)) or 1
    with executor(jobs) as tasks:
        running: dict[Future[str], Point] = {}
        while left or running:
            while left and len(running) < jobs:
                point = left.pop(0)
                running[tasks.submit(plan_point, point)] = point
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                point = running.pop(future)
                try:
                    status = future.result()
                except SolverError as error:
                    words = "; ".join(error.lines)
                    raise SolverError.because("{place}: {words}", place=point.out.name, words=words) from error
                if status == "infeasible":
                    left = [other for other in left if points.index(other) < points.index(point)]
                if status != "failed":
                    there.add(point.out)
                say(point, status, False)
    return there
