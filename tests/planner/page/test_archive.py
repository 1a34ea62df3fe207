"""The hours of a year as the script of the page gets them: what is unpacked is what the table of dispatch says."""

import base64
import json
import math
import zlib

import numpy as np
import pandas as pd
import pytest

from planner.answer.hours import packed, step_of
from planner.answer.page.report import Report
from planner.answer.purchase import Titles
from planner.language.language import ENGLISH

HOURS = 24 * 9


@pytest.fixture
def flows() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    made = {("import", "grid"): rng.uniform(0, 37.5, HOURS), ("out", "roof"): rng.uniform(0, 0.02, HOURS),
        ("charge", "cell"): rng.uniform(0, 3, HOURS)}
    made["discharge", "cell"] = rng.uniform(0, 2, HOURS)
    made["demand", "mill"] = made["import", "grid"] + made["out", "roof"] + made["discharge", "cell"] - made["charge", "cell"]
    rows = [(h, flow, name, "electricity", v) for (flow, name), values in made.items() for h, v in enumerate(values)]
    return pd.DataFrame(rows, columns=["hour", "flow", "name", "carrier", "value"]).assign(zone="park")


def unpacked(text: str) -> dict[tuple[str, str], np.ndarray]:
    """Series of a year by carrier and name, as the script of the page works them out."""
    said = json.loads(text)
    planes = np.frombuffer(zlib.decompress(base64.b64decode(said["data"])), dtype=np.uint8).astype(int)
    numbers, found, at = planes[: len(planes) // 2] + 256 * planes[len(planes) // 2 :], {}, 0
    for carrier in said["carriers"]:
        for name, _, sign in carrier["series"]:
            own = numbers[at : at + said["hours"]]
            found[carrier["name"], name] = found.get((carrier["name"], name), 0.0) + sign * carrier["step"] * own
            at += said["hours"]
    assert at == len(numbers)
    return found


def report_of() -> Report:
    return Report(None, ENGLISH, Titles({}, {"roof": "sun"}, {}, {}))  # type: ignore[arg-type]


def test_what_is_unpacked_is_the_dispatch_to_half_a_step(flows):
    year = packed(report_of(), flows)
    said = json.loads(year)
    (carrier,) = said["carriers"]
    assert said["hours"] == HOURS and carrier["step"] == 0.01  # of 37.5 MW 3,750 steps
    wanted = {
        "grid": flows[flows["name"] == "grid"],
        "cell": flows[flows["flow"] == "discharge"],
        "cell (charging)": flows[flows["flow"] == "charge"],
        "mill": flows[flows["name"] == "mill"],
    }
    found = unpacked(year)
    for name, rows in wanted.items():
        sign = -1.0 if name in ("mill", "cell (charging)") else 1.0
        assert np.abs(found["electricity", name] - sign * rows["value"].to_numpy()).max() <= 0.5 * carrier["step"] + 1e-12
    assert math.isclose(sum(v.sum() for v in found.values()), 0.0, abs_tol=5 * HOURS * carrier["step"])


@pytest.mark.parametrize(("largest", "step"), [(37.5, 0.01), (0.5, 0.001), (0.499, 0.0001), (500.0, 1.0), (499.0, 0.1)])
def test_the_step_leaves_the_largest_flow_500_to_5000_steps(largest, step):
    assert step_of(largest) == step and 500 <= largest / step <= 5000
