"""The hours of whole years, for the script of the page: every carrier's flows as compact arrays.

A flow is a whole number of steps; the step of a carrier is a round number of which its largest flow has some thousands. The
numbers of a year stand one series after the other as unsigned 16-bit little-endian, low bytes first, then high bytes,
deflated (RFC 1950) and written in base64.
"""

from __future__ import annotations

import base64
import json
import math
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from planner.language.words import CARRIERS, named
from planner.report.page.dispatch_series import flows_over_hours
from planner.report.page.markup import Markup, tag
from planner.report.page.report import Report

#: Bytes that the hours of all years may take in a page.
ROOM = 2_200_000
#: Digits of the largest flow of a carrier that are kept.
DIGITS = 4
#: Below this a flow is nothing (MW).
NOTHING = 1e-6


def hour_archive(report: Report) -> Markup | None:
    """A box of the page with the hours of as many years as there is room for; the script makes pictures of any week of them.

    The year of the goal comes first, then the first and the last one, then those of the stages, then the rest in order.
    None where the hours were not kept or are those of typical days.
    """
    output, room = report.output, ROOM
    if len(output.target["typical_days"]):
        return None
    boxes: dict[int, Markup] = {}
    first = [int(output.summary["by"]), output.years[0], output.years[-1], *(y for _, y in output.steps)]
    for year in _by_worth(output.years, first):
        flows = report.dispatch(year)
        if flows.empty or int(flows["hour"].max()) + 1 < 24 * 8:
            return None  # a profile of no more than a week is shown whole
        text = json.dumps(packed(report, flows), ensure_ascii=False, separators=(",", ":"))
        if len(text) > room:
            break
        room -= len(text)
        boxes[year] = tag("div", text, data_year=year)
    if not boxes:
        return None
    say = report.language.translate
    return tag(
        "div", *(boxes[year] for year in sorted(boxes)), id="archive", hidden=True, data_by=output.summary["by"],
        data_title=say("Any week of a year, hour by hour"), data_year=say("Year"), data_week=say("Week"),
    )  # fmt: skip


def _by_worth(years: Iterable[int], first: Iterable[int]) -> list[int]:
    known = list(years)
    return [*dict.fromkeys(y for y in (*first, *known) if y in known)]


def packed(report: Report, flows: pd.DataFrame) -> dict[str, Any]:
    """A year: its carriers with unit, step and series (name, look, 1 above zero or -1 below), its hours, and all numbers."""
    carriers, columns, hours = [], [], range(int(flows["hour"].max()) + 1)
    for carrier in report.carriers(flows):
        frame = flows_over_hours(report, hours, flows[flows["carrier"] == carrier])
        frame = frame[[c for c in frame if frame[c].abs().max() > NOTHING]]
        if frame.empty or not len(frame.columns):
            continue
        step = _step(float(frame.abs().to_numpy().max()))
        looks = report.styles.of([str(c) for c in frame.columns])
        series = []
        for name, sign, values in _sides(frame):
            series.append([name, looks[name], sign])
            columns.append(np.round(values / step).astype("<u2"))
        title = named(report.language, CARRIERS, carrier)
        carriers.append({"name": title, "unit": "t/h" if carrier == "co2" else "MW", "step": step, "series": series})
    numbers = np.concatenate(columns) if columns else np.zeros(0, dtype="<u2")
    planes = np.concatenate([numbers & 0xFF, numbers >> 8]).astype(np.uint8)
    data = base64.b64encode(zlib.compress(planes.tobytes(), 6)).decode()
    return {"carriers": carriers, "hours": len(columns[0]) if columns else 0, "data": data}


def _sides(frame: pd.DataFrame) -> Iterator[tuple[str, int, np.ndarray]]:
    """Each series with its sign and its size; one that is above and below zero counts on both sides."""
    for name in frame.columns:
        values = frame[name].to_numpy(dtype=float)
        for sign in (1, -1):
            own = np.clip(sign * values, 0.0, None)
            if own.max(initial=0.0) > NOTHING:
                yield str(name), sign, own


def _step(largest: float) -> float:
    """The power of ten of which the largest flow has at most 10,000."""
    return float(f"{10.0 ** (math.floor(math.log10(largest)) - DIGITS + 1):.0e}")
