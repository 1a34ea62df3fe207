"""Plans of the shared cases and of shortened example parks, their tables written as a user gets them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "laws"), str(ROOT / "tests" / "models")]
os.environ["LANGUAGE"] = "en"

from models.case import Case  # noqa: E402
from planner.answer.files import write_run  # noqa: E402
from planner.park import GoalRequest, read_case  # noqa: E402
from planner.planning.run import Options, plan_park  # noqa: E402

CASES = ROOT / "tests" / "cases"


@pytest.fixture(scope="session")
def planned_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Plans a park folder, its case changed if asked, to its goal when first asked for; gives the output folder."""
    known: dict[Path, Path] = {}

    def planned(
        park: Path,
        options: Options = Options(gap=1e-6),  # noqa: B008
        goal: GoalRequest | None = None,
        change: Callable[[Case], Case] = lambda case: case,
    ) -> Path:
        if park not in known:
            known[park] = tmp_path_factory.mktemp(park.name) / "out"
            case = change(read_case(park, goal=goal))
            run = plan_park(case, options)
            assert run.target.has_tables, run.explanation
            request = goal or GoalRequest()
            facts = {
                "park": str(park),
                "costs": [],
                "target": request.target,
                "by": request.by,
                "milestones": [list(m) for m in request.milestones],
                **asdict(options),
            }
            write_run(run, case, known[park], facts, has_report=False)  # other tools read the tables
        return known[park]

    return planned
