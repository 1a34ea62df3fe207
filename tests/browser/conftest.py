"""Pages in a headless browser. These tests run where PARKZERO_BROWSER names Chromium and PARKZERO_AXE the file axe.min.js.

`.ci/run` sets both. Where they are not set the folder is left out, so that the tests need nothing but Python.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from chromium import BROWSER, Browser, started

from planner.answer.files import write_run
from planner.examples import park_folder
from planner.park import GoalRequest, read_case
from planner.planning.run import Options, plan_park

collect_ignore_glob = [] if BROWSER else ["test_*.py"]

#: What is planned for these tests: park, last year of a shorter horizon, base emissions (t), goal. Any plan will do, with as many
#: years as charts and sliders need. Base emissions are stated, for to work them out takes longer than the plan; tests/rebuilt does.
PARKS = {"lakeside": (2030, 103_000, GoalRequest("zero-carbon", 2030, ())),
    "steelworks": (2028, 73_000, GoalRequest("low-carbon", 2028, ()))}


@pytest.fixture(scope="session")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Output folders of both example parks, on one typical day and a shorter horizon."""
    made = {}
    for name, (last, base, goal) in PARKS.items():
        folder = tmp_path_factory.mktemp(name)
        shutil.copytree(park_folder(name), folder / "park")
        text = (folder / "park" / "park.toml").read_text(encoding="utf-8")
        lines = [
            f"last_year = {last}\nbase_emissions = {base}" if line.startswith("last_year") else line for line in text.splitlines()]
        (folder / "park" / "park.toml").write_text("\n".join(lines), encoding="utf-8")
        case = read_case(folder / "park", [], goal)
        run = plan_park(case, Options(days=1, gap=0.2, verify=False))
        write_run(run, case, folder / "out", {}, has_report=False)  # the tests make the pages
        made[name] = folder / "out"
    return made


@pytest.fixture(scope="session")
def twenty_years(outputs: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of lakeside made twenty years long: its years, again and again, in every table."""
    out = tmp_path_factory.mktemp("long") / "out"
    shutil.copytree(outputs["lakeside"], out)
    for path in [*out.rglob("*.csv"), *out.rglob("*.parquet")]:
        table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path, keep_default_na=False)
        if "year" not in table or path.name == "assumptions.csv":
            continue
        longer = pd.concat([table.assign(year=table["year"].astype(int) + 5 * turn) for turn in range(4)], ignore_index=True)
        if path.suffix == ".parquet":
            longer.to_parquet(path, index=False)
        else:
            longer.to_csv(path, index=False)
    return out


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    with started() as found:
        yield found
