"""The flows of a carrier hour by hour as series: what gives above zero, what takes below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from planner.answer import series
from planner.answer.page.report import Report

#: Flows above and below zero.
GIVES, TAKES = ("import", "out", "discharge"), ("demand", "in", "charge", "export")
MOST = 8


def flows_over_hours(report: Report, hours: Sequence[int], flows: pd.DataFrame) -> pd.DataFrame:
    """Hours (rows) by series (columns) of a carrier, zones added up: what gives above zero, what takes below (MW, t/h)."""
    say = report.language.translate
    sides = []
    for kinds, sign, rest in ((GIVES, 1.0, say("other supply")), (TAKES, -1.0, say("other use"))):
        rows = flows[flows["flow"].isin(kinds)]
        if rows.empty:
            continue
        wide = series.largest(by_name(rows, hours), MOST)
        sides.append((sign * wide).rename(columns={series.OTHER: rest}))
    if len(sides) == 2:
        sides[1] = sides[1].rename(columns={c: report.taken(c, flows) for c in sides[1] if c in sides[0]})
    whole = pd.concat([s.reset_index(drop=True) for s in sides], axis=1) if sides else pd.DataFrame()
    sent, arrived = (flows[flows["flow"] == flow] for flow in ("sent", "arrived"))
    if len(sent) and len(whole):
        left = (by_name(arrived, hours).sum(axis=1) - by_name(sent, hours).sum(axis=1)).to_numpy()
        if np.abs(left).max() > 1e-6:
            whole[say("lost in links")] = left
    return whole


def by_name(rows: pd.DataFrame, hours: Sequence[int]) -> pd.DataFrame:
    """Hours (rows, in the order given) by name (columns): sums of `value`, 0 where there is none."""
    codes, names = pd.factorize(rows["name"], sort=True)
    at = rows["hour"].to_numpy(dtype=np.int64)
    count = int(max(at.max(initial=0), max(hours, default=0))) + 1
    sums = np.bincount(codes * count + at, weights=rows["value"].to_numpy(dtype=float), minlength=len(names) * count)
    return pd.DataFrame(sums.reshape(len(names), count).T[list(hours)], columns=[str(name) for name in names])
