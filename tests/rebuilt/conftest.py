"""Plans every shared case and both example parks once, writes what a user would get, and reads it back."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from slowly import first

from models.case import Case
from planner.answer.files import write_run
from planner.park import GoalRequest, read_case
from planner.plan import Plan
from planner.planning.run import Options, plan_park
from planner.tables.accounts import COLUMNS

TESTS = Path(__file__).parents[1]
PARKS = TESTS.parent / "data" / "parks"
SHARED = sorted(f.parent for f in (TESTS / "cases").glob("*/expected.json") if json.loads(f.read_text())["status"] == "optimal")
#: The example parks are planned over a shorter horizon, so that the suite stays quick: first and last year, and goal.
SHORT = {"lakeside": (2026, 2030, GoalRequest("zero-carbon", 2030, (("low-carbon", 2027), ("near-zero-carbon", 2029)))),
    "steelworks": (2028, 2030, GoalRequest("near-zero-carbon", 2030, (("low-carbon", 2029),)))}
#: Whatever plan it is, its files must say what it is: it need not be near the best.
QUICK = Options(days=2, gap=0.2, compare=False, verify=False)

#: The case, base emissions, and every plan of a run that has tables, as read from its folder.
Planned = tuple[Case, float, list[Plan]]


def shortened(name: str, folder: Path) -> Path:
    """A copy of an example park with a shorter horizon."""
    shutil.copytree(PARKS / name, folder)
    text = (folder / "park.toml").read_text()
    for key, year in zip(("first_year", "last_year"), SHORT[name][:2], strict=True):
        text, count = re.subn(rf"^{key} = \d+", f"{key} = {year}", text, flags=re.MULTILINE)
        assert count == 1, key
    (folder / "park.toml").write_text(text)
    return folder


def read_back(name: str, folder: Path, summary: dict, made: Plan) -> Plan:
    """A plan from the files that were written of it. How it is operated with a unit out is in no file, and taken as it was made."""
    facts = summary["plans"][name]
    tables = {t: pd.DataFrame(columns=[*COLUMNS[t]]) for t in COLUMNS}  # one without a row is not written
    tables |= {t: pd.read_csv(folder / f"{t}.csv") for t in COLUMNS if (folder / f"{t}.csv").exists()}
    tables["dispatch"] = pd.read_parquet(folder / "dispatch.parquet")
    plan = Plan(name, facts["status"], facts["system_cost"], facts["bound"], facts["gap"], tables=tables)
    return replace(plan, outages=made.outages, outage_weeks=made.outage_weeks)


@pytest.fixture(scope="session")
def planned_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Planned]:
    """Plans a park when first asked, writes the run, and reads it back."""
    known: dict[str, Planned] = {}
    def planned(name: str) -> Planned:
        if name not in known:
            folder = tmp_path_factory.mktemp(name)
            is_example = name in SHORT
            park = shortened(name, folder / "park") if is_example else TESTS / "cases" / name
            case = read_case(park, goal=SHORT[name][2] if is_example else None)
            run = plan_park(case, QUICK if is_example else Options(gap=1e-6))
            out = folder / "out"
            write_run(run, case, out, {})
            assert run.target.has_tables, run.explanation
            summary = json.loads((out / "summary.json").read_text())
            plans = [
                read_back(plan, out if plan == "target" else out / plan, summary, p) for plan, p in run.plans.items() if p.has_tables]
            known[name] = (case, summary["base_emissions"], plans)
        return known[name]
    return planned


@pytest.fixture(params=first(6, [*(f.name for f in SHARED), *SHORT]))
def planned(request: pytest.FixtureRequest, planned_once: Callable[[str], Planned]) -> Planned:
    """All plans of a park."""
    return planned_once(request.param)
