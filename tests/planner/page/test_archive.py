"""The hours of a year as the script of the page gets them: what is unpacked is what the table of dispatch says."""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from planner.answer.page.archive import PackedYear, packed, step_of
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


def unpacked(year: PackedYear, base: Sequence[np.ndarray] = ()) -> dict[tuple[str, str], np.ndarray]:
    """Series of a year by carrier and name, as the script of the page works them out."""
    said = json.loads(year.text())
    planes = np.frombuffer(zlib.decompress(base64.b64decode(said["data"])), dtype=np.uint8).astype(int)
    low, high = planes[: len(planes) // 2], planes[len(planes) // 2 :]
    numbers, found, at, steps = low + 256 * high, {}, 0, []
    for carrier in said["carriers"]:
        for name, _, sign, *like in carrier["series"]:
            own = numbers[at : at + said["hours"]]
            if like:
                other, times = (steps[like[0]] if like[0] >= 0 else base[-1 - like[0]]), like[1]
                own = np.floor(times * other + 0.5) + np.where(own % 2, -(own + 1) // 2, own // 2)
            steps.append(own)
            found[carrier["name"], name] = found.get((carrier["name"], name), 0.0) + sign * carrier["step"] * own
            at += said["hours"]
    assert at == len(numbers)
    return found


def report_of() -> Report:
    return Report(None, ENGLISH, Titles({}, {"roof": "sun"}, {}, {}))  # type: ignore[arg-type]


def test_what_is_unpacked_is_the_dispatch_to_half_a_step(flows):
    year = packed(report_of(), flows)
    (carrier,) = year.said["carriers"]
    assert year.said["hours"] == HOURS and carrier["step"] == 0.05  # of 37.5 MW some 750 steps
    wanted = {"grid": flows[flows["name"] == "grid"], "cell": flows[flows["flow"] == "discharge"],
        "cell (charging)": flows[flows["flow"] == "charge"], "mill": flows[flows["name"] == "mill"]}
    found = unpacked(year)
    for name, rows in wanted.items():
        sign = -1.0 if name in ("mill", "cell (charging)") else 1.0
        assert np.abs(found["electricity", name] - sign * rows["value"].to_numpy()).max() <= 0.5 * carrier["step"] + 1e-12
    assert math.isclose(sum(v.sum() for v in found.values()), 0.0, abs_tol=5 * HOURS * carrier["step"])


def test_a_year_is_told_by_what_it_differs_from_another_one(flows):
    """Other numbers by a factor, and a little of their own: less text, and the same numbers."""
    grown = flows.assign(value=1.07 * flows["value"] + np.random.default_rng(1).uniform(0, 0.01, len(flows)))
    base = packed(report_of(), flows)
    alone, beside = packed(report_of(), grown), packed(report_of(), grown, base.numbers)
    assert len(beside.text()) < 0.8 * len(alone.text())
    assert any(len(series) == 5 and series[3] < 0 for series in beside.said["carriers"][0]["series"])
    one, other = unpacked(alone), unpacked(beside, base.numbers)
    assert one.keys() == other.keys() and all(np.array_equal(one[key], other[key]) for key in one)


@pytest.mark.parametrize(("largest", "step"), [(37.5, 0.05), (0.5, 0.001), (0.499, 0.0005), (1000.0, 2.0), (999.0, 1.0)])
def test_the_step_leaves_the_largest_flow_500_to_1250_steps(largest, step):
    assert step_of(largest) == step and 500 <= largest / step <= 1250
