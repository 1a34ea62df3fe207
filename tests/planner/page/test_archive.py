"""The hours of a year as the script of the page gets them: what is unpacked is what the table of dispatch says."""

from __future__ import annotations

import base64
import math
import zlib

import numpy as np
import pandas as pd
import pytest

from planner.language.language import ENGLISH
from planner.report.page.archive import packed
from planner.report.page.report import Report
from planner.report.titles import Titles

HOURS = 24 * 9


@pytest.fixture
def flows() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    made = {("import", "grid"): rng.uniform(0, 37.5, HOURS), ("out", "roof"): rng.uniform(0, 0.02, HOURS), ("charge", "cell"): rng.uniform(0, 3, HOURS)}
    made["discharge", "cell"] = rng.uniform(0, 2, HOURS)
    made["demand", "mill"] = made["import", "grid"] + made["out", "roof"] + made["discharge", "cell"] - made["charge", "cell"]
    rows = [(h, flow, name, "electricity", v) for (flow, name), values in made.items() for h, v in enumerate(values)]
    return pd.DataFrame(rows, columns=["hour", "flow", "name", "carrier", "value"]).assign(zone="park")


def unpacked(year) -> dict[tuple[str, str], np.ndarray]:
    planes = np.frombuffer(zlib.decompress(base64.b64decode(year["data"])), dtype=np.uint8).astype(int)
    low, high = planes[: len(planes) // 2], planes[len(planes) // 2 :]
    numbers, found, at = low + 256 * high, {}, 0
    for carrier in year["carriers"]:
        for name, _, sign in carrier["series"]:
            found[carrier["name"], name] = found.get((carrier["name"], name), 0.0) + sign * carrier["step"] * numbers[at : at + year["hours"]]
            at += year["hours"]
    assert at == len(numbers)
    return found


def test_what_is_unpacked_is_the_dispatch_to_half_a_step(flows):
    report = Report(None, ENGLISH, Titles({}, {"roof": "sun"}, {}, {}))  # type: ignore[arg-type]
    year = packed(report, flows)
    (carrier,) = year["carriers"]
    assert year["hours"] == HOURS and carrier["step"] == 0.01  # of 37.5 MW four digits
    found = unpacked(year)
    wanted = {
        "grid": flows[flows["name"] == "grid"], "cell": flows[flows["flow"] == "discharge"],
        "cell (charging)": flows[flows["flow"] == "charge"], "mill": flows[flows["name"] == "mill"],
    }  # fmt: skip
    for name, rows in wanted.items():
        sign = -1.0 if name in ("mill", "cell (charging)") else 1.0
        assert np.abs(found["electricity", name] - sign * rows["value"].to_numpy()).max() <= 0.5 * carrier["step"] + 1e-12
    assert math.isclose(sum(v.sum() for v in found.values()), 0.0, abs_tol=5 * HOURS * carrier["step"])


def test_a_series_has_the_look_that_it_has_in_the_charts(flows):
    report = Report(None, ENGLISH, Titles({}, {"roof": "sun"}, {}, {}))  # type: ignore[arg-type]
    looks = report.styles.of(["roof", "grid"])
    series = {name: look for name, look, _ in packed(report, flows)["carriers"][0]["series"]}
    assert series["roof"] == looks["roof"]
