"""One point: planned from the decisions of a point that was planned before, and saved as a run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.inputs.carbon import BaseEmissions
from planner.answer.files import write_run
from planner.frontier.changes import OFFER, Change, changed
from planner.frontier.offers import offered
from planner.frontier.points import BY, case_of
from planner.frontier.saved import is_whole
from planner.language.language import Language
from planner.park import GoalRequest, read_case
from planner.planning.base_of import base_of
from planner.planning.rerun import RunOrder
from planner.planning.run import Options, plan_park
from planner.planning.warm_start import WarmStart
from planner.tables.place import FACTS, RUN, SUMMARY, check_place, facts_of

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
